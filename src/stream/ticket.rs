//! A place in the line of those that wait for room in the pipe.

use core::num::NonZeroU16;

/// A message that was refused for want of room, or because it was another stream's turn. A stream has at most one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ticket {
    /// Bytes of the message.
    pub bytes: NonZeroU16,
    /// How many tickets were taken before it and still wait.
    pub order: u8,
}

const _: () = assert!(size_of::<Option<Ticket>>() == 4);
