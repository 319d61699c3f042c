//! The numbers that a profile gives to the layers below and above it.

use super::{FragmentPolicy, FrameKind, MetadataClass, ReplayPolicy, SequencePolicy, Suite};

/// Longest frame with a sealed control envelope, in bytes: header 24, head 8, at most 17 of plaintext, tag 16, checksum 4.
pub const CONTROL_FRAME_BYTES_MAX: usize = 69;

/// Most fragments of a message that a profile may allow. The wire could carry 255; each costs 4 bytes in every slot.
pub const FRAGMENTS_MAX: usize = 16;

/// Most events that wait to be taken.
pub const EVENTS_MAX: usize = 16;

/// What a pipe holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PipeLimits {
    /// Longest frame, in bytes.
    pub frame_bytes_max: usize,
    /// Bytes, at most those of the buffer.
    pub bytes_max: usize,
    /// Frames, at most those of the buffer.
    pub frames_max: usize,
    /// Queued bytes that raise pressure.
    pub high_bytes: usize,
    /// Queued bytes that clear it.
    pub low_bytes: usize,
}

/// What a reassembler holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReassemblyLimits {
    /// Longest message, in bytes: an envelope.
    pub message_bytes_max: usize,
    /// Groups of all streams.
    pub groups_max: usize,
    /// Groups of one stream.
    pub stream_groups_max: usize,
    /// Whether fragments may come out of order.
    pub order: SequencePolicy,
    /// Life of an incomplete group, in ticks.
    pub deadline_ticks: u32,
}

/// How messages are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FragmentLimits {
    /// The policy.
    pub policy: FragmentPolicy,
    /// Longest payload of a frame, in bytes.
    pub payload_bytes_max: usize,
    /// Bytes of a fragment under `fixed_fragment`.
    pub fixed_bytes: usize,
    /// Most fragments of a message.
    pub fragments_max: u8,
}

/// Which data sequences are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplayLimits {
    /// The policy.
    pub policy: ReplayPolicy,
    /// How far behind the highest an envelope may be, less one: the width of the window, 32 to 1,024, or the bound of a bounded
    /// reorder, 1 to 1,024.
    pub width: u16,
}

/// The last sequence that fits the 56 bits of an envelope's head.
pub const SEQUENCE_MAX: u64 = (1 << 56) - 1;

/// How far one key may be used: at each limit, and not before, its session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct KeyLimits {
    /// Envelopes that it seals.
    pub envelopes: u64,
    /// Bytes that the cipher works through for them on both sides; [`u64::MAX`] where the standard has no such limit.
    pub bytes: u64,
    /// Envelopes that it refuses to open; [`u64::MAX`] where the limit is beyond counting.
    pub forgeries: u64,
}

impl KeyLimits {
    /// The limits of a suite.
    ///
    /// ChaCha20-Poly1305 and AES-256-GCM: RFC 9001 section 6.6 and RFC 9147 section 4.5.3; the first has no limit to sealing but
    /// its sequences. Ascon-AEAD128: NIST SP 800-232, where the tag of 128 bits makes 2^96 forgeries the limit.
    #[must_use]
    pub const fn of(suite: Suite) -> Self {
        match suite {
            Suite::ChaCha20Poly1305 => Self { envelopes: SEQUENCE_MAX, bytes: u64::MAX, forgeries: 1 << 36 },
            Suite::AsconAead128 => Self { envelopes: SEQUENCE_MAX, bytes: 1 << 54, forgeries: u64::MAX },
            Suite::Aes256Gcm => Self { envelopes: 1 << 23, bytes: u64::MAX, forgeries: 1 << 52 },
        }
    }
}

/// Length of the head, in bytes.
pub const HEAD_BYTES: usize = 8;
/// What an envelope adds to a message, in bytes: head and tag.
pub const ENVELOPE_OVERHEAD: usize = HEAD_BYTES + 16;
/// What the frame around an envelope says; bound as associated data, so that a genuine envelope in another frame fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FrameFacts {
    /// Stream id of the frame.
    pub stream: u32,
    /// Kind of the frame.
    pub kind: FrameKind,
    /// Metadata class of the frame.
    pub metadata: MetadataClass,
    /// Sequence of the frame that carries the first fragment.
    pub first_sequence: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_those_of_the_standards() {
        let limits = |suite| {
            let KeyLimits { envelopes, bytes, forgeries } = KeyLimits::of(suite);
            [envelopes, bytes, forgeries]
        };
        assert_eq!(SEQUENCE_MAX, 0x00ff_ffff_ffff_ffff);
        assert_eq!(limits(Suite::ChaCha20Poly1305), [72_057_594_037_927_935, u64::MAX, 68_719_476_736]);
        assert_eq!(limits(Suite::AsconAead128), [72_057_594_037_927_935, 18_014_398_509_481_984, u64::MAX]);
        assert_eq!(limits(Suite::Aes256Gcm), [8_388_608, u64::MAX, 4_503_599_627_370_496]);
    }
}
