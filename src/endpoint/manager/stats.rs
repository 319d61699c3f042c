//! What a manager has counted.

use crate::endpoint::Stats;

/// A snapshot of a manager's counters since it was made. Every counter saturates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ManagerStats {
    /// Frames that belong to no session, and what was wrong with them.
    pub lobby: Stats,
    /// Hellos that were answered with an accept.
    pub answered: u32,
    /// Hellos that were answered with a refusal.
    pub refused: u32,
    /// Sessions that have opened.
    pub opened: u32,
    /// Sessions that ended because their peer has confirmed a new one.
    pub superseded: u32,
    /// Handshakes that yielded to another one.
    pub displaced: u32,
    /// Handshakes that ended at their deadline.
    pub expired: u32,
}

impl ManagerStats {
    pub(super) const ZERO: Self = Self {
        lobby: Stats::ZERO,
        answered: 0,
        refused: 0,
        opened: 0,
        superseded: 0,
        displaced: 0,
        expired: 0,
    };
}
