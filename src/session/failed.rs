//! `Failed`: ended for a named reason; no keys are left, but perhaps one last message.

use super::{CLOSE_ENVELOPE_BYTES, CloseBody, Session};
use crate::profile::Policy;
use crate::secure::Channel;
use crate::vocab::{FailReason, Failure, Side};
use crate::wire::handshake::REFUSE_BYTES;

/// Ended for a named reason. No keys are left; what can still be said to the peer was made at the moment of failure.
pub struct Failed {
    failure: Failure,
    words: LastWords,
}

/// The last thing that a failed session can tell its peer.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum LastWords {
    /// Nothing: no key was ever shared, or the peer has said why.
    None,
    /// A refusal within the handshake, for a control frame on stream 0.
    Refusal([u8; REFUSE_BYTES]),
    /// A sealed close envelope, for the close frame with the frame sequence [`u32::MAX`].
    Close([u8; CLOSE_ENVELOPE_BYTES]),
}

/// Shows what kind of words there are, not their bytes.
impl core::fmt::Debug for LastWords {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Refusal(_) => "Refusal",
            Self::Close(_) => "Close",
        })
    }
}

/// The control sequence of the frame with a last close. The envelope is sealed before anyone knows which frame sequence is
/// next, and is bound to it: so it has one of its own.
pub(crate) const LAST_CLOSE_SEQUENCE: u64 = u32::MAX as u64;

impl Failed {
    pub(super) const fn new(failure: Failure, words: LastWords) -> Self {
        Self { failure, words }
    }
}

impl<P: Policy> Session<Failed, P> {
    /// Why the session failed.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        self.state.failure
    }

    /// The reason alone.
    #[must_use]
    pub const fn reason(&self) -> FailReason {
        self.state.failure.reason
    }

    /// What can still be said to the peer.
    #[must_use]
    pub const fn last_words(&self) -> &LastWords {
        &self.state.words
    }
}

impl core::fmt::Debug for Failed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Failed").field("failure", &self.failure).field("words", &self.words).finish()
    }
}

impl<P> core::fmt::Display for Session<Failed, P> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&self.state.failure, f)
    }
}

impl<P> core::error::Error for Session<Failed, P> {}

/// One sealed close with the reason; the channel and its keys end here.
pub(super) fn sealed_close<P: Policy>(mut channel: Channel, policy: &P, failure: Failure) -> LastWords {
    if failure.side == Side::Peer {
        return LastWords::None;
    }
    let close = CloseBody { code: failure.reason.code(), counts: channel.counts() };
    close.seal(&mut channel, policy, LAST_CLOSE_SEQUENCE).map_or(LastWords::None, LastWords::Close)
}
