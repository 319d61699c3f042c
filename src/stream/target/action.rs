//! What a target is told, and what it says.

use crate::stream::StreamEnd;
use crate::vocab::Ticks;

/// What has come from the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Heard {
    /// A message.
    Message,
    /// The end of the peer's half.
    End(StreamEnd),
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Action {
    /// Nothing before the peer has said something.
    Read,
    /// Nothing before this moment.
    Wait(Ticks),
    /// A message of this many bytes of the target's [`Content`](super::Content), from this place.
    Send {
        /// Bytes of the answer before it.
        offset: u32,
        /// Its bytes, at least 1.
        bytes: u16,
    },
    /// The clean end of this side's half.
    Finish,
    /// Its end with an application error.
    FinishWithError(u16),
    /// The end of both halves.
    Reset(u16),
    /// Nothing any more.
    Rest,
}
