//! What a close says.

use crate::guard::lifecycle::Counts;
use crate::profile::Policy;
use crate::secure::Channel;
use crate::vocab::{
    CloseReason, ENVELOPE_OVERHEAD, EnvelopeClass, FailReason, FrameFacts, FrameKind, MetadataClass,
    SealRefusal,
};

/// Length of the plaintext of a close: code and counts.
pub(crate) const CLOSE_BYTES: usize = 17;

/// Length of a close envelope, in bytes.
pub const CLOSE_ENVELOPE_BYTES: usize = ENVELOPE_OVERHEAD + CLOSE_BYTES;

/// The plaintext of a close envelope, 17 bytes: `code: u8, sealed: u64, opened: u64`, little endian.
///
/// The code is that of a [`CloseReason`] for a session that worked, or of a [`FailReason`] for one that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CloseBody {
    /// Why, as a code.
    pub code: u8,
    /// The data envelopes that the sender of the close has sealed, and those that it has opened.
    pub counts: Counts,
}

impl CloseBody {
    /// The close of a session that worked.
    #[must_use]
    pub const fn new(reason: CloseReason, counts: Counts) -> Self {
        Self { code: reason.code(), counts }
    }

    /// The plaintext.
    #[must_use]
    pub const fn encode(self) -> [u8; CLOSE_BYTES] {
        let [a, b, c, d, e, f, g, h] = self.counts.sealed.to_le_bytes();
        let [i, j, k, l, m, n, o, p] = self.counts.opened.to_le_bytes();
        [self.code, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
    }

    /// What a plaintext says; `None` for another length.
    #[must_use]
    pub const fn decode(plaintext: &[u8]) -> Option<Self> {
        let &[code, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = plaintext else { return None };
        let sealed = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let opened = u64::from_le_bytes([i, j, k, l, m, n, o, p]);
        Some(Self { code, counts: Counts { sealed, opened } })
    }

    /// What the frame of a close with this control sequence says: stream 0, kind close, metadata class runtime.
    #[must_use]
    pub const fn facts(first_sequence: u64) -> FrameFacts {
        FrameFacts { stream: 0, kind: FrameKind::Close, metadata: MetadataClass::Runtime, first_sequence }
    }

    /// The whole envelope.
    pub(super) fn seal<P: Policy>(
        self,
        channel: &mut Channel,
        policy: &P,
        first_sequence: u64,
    ) -> Result<[u8; CLOSE_ENVELOPE_BYTES], SealRefusal> {
        let mut body = self.encode();
        let sealed = channel.seal(policy, EnvelopeClass::Close, &Self::facts(first_sequence), &mut body)?;
        let mut envelope = [0; CLOSE_ENVELOPE_BYTES];
        let parts = sealed.head.into_iter().chain(body).chain(sealed.tag);
        for (place, byte) in envelope.iter_mut().zip(parts) {
            *place = byte;
        }
        Ok(envelope)
    }

    /// Why, if the session worked.
    #[must_use]
    pub const fn reason(self) -> Option<CloseReason> {
        CloseReason::from_code(self.code)
    }

    /// Why, if the session failed.
    #[must_use]
    pub const fn failure(self) -> Option<FailReason> {
        FailReason::from_code(self.code)
    }
}
