//! The one transition table of a session, and when a close is complete.

use crate::vocab::{FailReason, Lifecycle, LifecycleEvent, Role};

/// The state after `event`, or `None` where the event is refused. Every legal edge stands here and nowhere else.
pub const fn next_state(state: Lifecycle, event: LifecycleEvent, role: Role) -> Option<Lifecycle> {
    use Lifecycle::{Closed, Draining, Failed, Negotiating, New, Open, Securing};
    use LifecycleEvent::{
        AcceptVerified, Close, ConfirmSent, ConfirmVerified, Drained, Fail, HelloVerified, Listen, Start,
    };
    match (state, event, role) {
        (New, Start, Role::Client) | (New, Listen, Role::Server) => Some(Negotiating),
        (Negotiating, AcceptVerified, Role::Client) | (Negotiating, HelloVerified, Role::Server) => {
            Some(Securing)
        }
        (Securing, ConfirmSent, Role::Client) | (Securing, ConfirmVerified, Role::Server) => Some(Open),
        (Open, Close, _) => Some(Draining),
        (Draining, Drained, _) => Some(Closed),
        // Closing before open is a failure, with its own reason.
        (New | Negotiating | Securing, Close, _) => Some(Failed),
        (New | Negotiating | Securing | Open | Draining, Fail, _) => Some(Failed),
        _ => None,
    }
}

/// Data envelopes of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Counts {
    /// Sealed so far.
    pub sealed: u64,
    /// Of the other side's, opened so far.
    pub opened: u64,
}

/// What is known of a close.
#[derive(Clone, Copy, Debug)]
pub struct CloseFacts {
    /// The counts of this side.
    pub own: Counts,
    /// What this side's last close has told.
    pub told: Option<Counts>,
    /// What the peer's close has told.
    pub peer: Option<Counts>,
    /// The drain deadline has passed.
    pub overdue: bool,
}

/// `Ok(true)` when the session is closed, `Ok(false)` while it waits, `Err` at the drain deadline. A tail that is cut
/// off never reads as a clean end, for its receiver as for its sender: each side must have opened all that the other has
/// sealed, and must have been told so.
pub const fn close_complete(facts: CloseFacts) -> Result<bool, FailReason> {
    let CloseFacts { own, told, peer, overdue } = facts;
    match (told, peer) {
        (Some(told), Some(peer))
            if told.opened == own.opened && peer.sealed == own.opened && peer.opened == own.sealed =>
        {
            Ok(true)
        }
        (_, Some(_)) if overdue => Err(FailReason::Truncated),
        _ if overdue => Err(FailReason::DrainTimeout),
        _ => Ok(false),
    }
}

/// A peer that has sealed more data than opened here, for longer than reordering can explain, has lost some of it.
pub const fn gap_overdue(sealed_by_peer: u64, opened: u64, overdue: bool) -> Result<(), FailReason> {
    if overdue && sealed_by_peer > opened { Err(FailReason::Gap) } else { Ok(()) }
}

/// Silence of `idle_ticks` ends a session; 0 switches the rule off.
pub const fn idle(silent_ticks: u32, idle_ticks: u32) -> Result<(), FailReason> {
    if idle_ticks != 0 && silent_ticks >= idle_ticks { Err(FailReason::Idle) } else { Ok(()) }
}

/// A handshake that has lasted `handshake_ticks` is over.
pub const fn handshake_deadline(waited_ticks: u32, handshake_ticks: u32) -> Result<(), FailReason> {
    if waited_ticks >= handshake_ticks { Err(FailReason::HandshakeTimeout) } else { Ok(()) }
}
