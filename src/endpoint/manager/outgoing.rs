//! A frame of a manager for the link.

use super::half_open::{HalfOpen, Wait};
use super::{Path, SessionKey};
use crate::endpoint::Transmit;
use crate::profile::Policy;

/// A frame for the link. Dropped, it stays queued.
#[must_use = "a frame leaves the queue only by `sent`"]
pub struct Outgoing<'m, P: Policy> {
    pub(super) source: Source<'m, P>,
    pub(super) to: Path,
    pub(super) turn: &'m mut usize,
    pub(super) next_turn: usize,
}

#[expect(clippy::large_enum_variant, reason = "it lives for one call, on the stack; there is no heap")]
pub(super) enum Source<'m, P: Policy> {
    HalfOpen(&'m mut HalfOpen<P>),
    Session(SessionKey, Transmit<'m, P>),
}

impl<P: Policy> Outgoing<'_, P> {
    /// The frame, checksum included.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.source {
            Source::HalfOpen(entry) => &entry.kept,
            Source::Session(_, frame) => frame.bytes(),
        }
    }

    /// Where it goes: the path on which the handshake of its session came.
    #[must_use]
    pub const fn to(&self) -> Path {
        self.to
    }

    /// Whose it is; `None` for a handshake.
    #[must_use]
    pub const fn key(&self) -> Option<SessionKey> {
        match &self.source {
            Source::HalfOpen(_) => None,
            Source::Session(key, _) => Some(*key),
        }
    }

    /// The link has taken the frame. The next one is another source's, if any has one.
    pub fn sent(self) {
        *self.turn = self.next_turn;
        match self.source {
            Source::HalfOpen(entry) => {
                entry.kept_due = false;
                if let Wait::Parting = entry.wait {
                    entry.wait = Wait::Free;
                }
            }
            Source::Session(_, frame) => frame.sent(),
        }
    }
}
