//! The numbers and choices of one profile.

use core::fmt;

use crate::vocab::{
    CapabilitySet, CarrierSet, ChecksumClass, ENVELOPE_OVERHEAD, FragmentLimits, FragmentPolicy, PipeLimits,
    PriorityPolicy, ReassemblyLimits, ReplayLimits, ReplayPolicy, Role, SequencePolicy, SuiteSet,
};
use crate::wire::FrameLimits;

/// The id of a profile: 8 bytes, written `kp_` and 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ProfileId(pub [u8; 8]);

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("kp_")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A profile as plain data. Two peers must hold the same one: its hash is compared in the handshake.
///
/// Sizes are bytes, times are ticks of the caller's clock. [`check`](Self::check) gives the range of every field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Spec {
    /// Identity of the profile.
    pub id: ProfileId,
    /// Seed from which the profile was generated; 0 for a hand-written one.
    pub seed: u64,
    /// Schema of this structure: [`SCHEMA_VERSION`](super::SCHEMA_VERSION).
    pub schema_version: u16,
    /// Security version of the compiler that made the profile; told to the peer.
    pub compiler_security_version: u16,
    /// Least compiler security version that the peer may tell.
    pub compiler_security_min: u16,
    /// Least runtime version that the peer may tell.
    pub runtime_version_min: u16,
    /// The one checksum class on the wire.
    pub checksum: ChecksumClass,
    /// Hamming distance that the checksum must guarantee at the longest header and payload.
    pub hamming_distance: u8,
    /// Longest frame, checksum included.
    pub frame_bytes_max: u16,
    /// Longest payload of a frame.
    pub payload_bytes_max: u16,
    /// Most fragments of a message.
    pub fragments_max: u8,
    /// How messages are cut.
    pub fragment: FragmentPolicy,
    /// Payload of every fragment but the last under [`FragmentPolicy::FixedFragment`].
    pub fragment_bytes: u16,
    /// Longest envelope: a message and [`ENVELOPE_OVERHEAD`] bytes.
    pub envelope_bytes_max: u16,
    /// Bytes that the outgoing pipe holds.
    pub pipe_bytes_max: u32,
    /// Frames that the outgoing pipe holds.
    pub pipe_frames_max: u16,
    /// Queued bytes that raise pressure.
    pub pipe_high_bytes: u32,
    /// Queued bytes that clear it.
    pub pipe_low_bytes: u32,
    /// Whether frames of a stream may arrive out of order.
    pub sequence: SequencePolicy,
    /// Frames beyond the next one that are accepted.
    pub sequence_window: u8,
    /// Which envelope sequences are accepted.
    pub replay: ReplayPolicy,
    /// Width of the replay window, in envelopes.
    pub replay_width: u16,
    /// Envelopes that may overtake another under [`ReplayPolicy::BoundedReorder`].
    pub reorder_max: u16,
    /// Life of an incomplete group, and how long missing data is waited for.
    pub reassembly_ticks: u32,
    /// Streams at a time, of both sides together.
    pub streams_max: u8,
    /// How many of them are the server's to open.
    pub server_streams: u8,
    /// Messages of one stream that may be unread at the receiver.
    pub stream_credit: u8,
    /// Messages of all streams that may be unread at the receiver beyond the one that each stream owns.
    pub session_credit: u8,
    /// Which stream's turn it is when several wait for room in the pipe.
    pub priority: PriorityPolicy,
    /// Cipher suites that may be selected.
    pub suites: SuiteSet,
    /// Carrier families that the profile may run over.
    pub carriers: CarrierSet,
    /// Capabilities that every session must have.
    pub required: CapabilitySet,
    /// Time between repeats of a handshake message, of a close and of a reset, and until a turn that nobody uses lapses.
    pub retry_ticks: u32,
    /// Most repeats of one handshake message.
    pub retries_max: u8,
    /// Time until a handshake must have ended.
    pub handshake_ticks: u32,
    /// Quiet time after which the peer is probed.
    pub ping_ticks: u32,
    /// Silence that ends a session; 0 for never.
    pub idle_ticks: u32,
    /// Time until a close must have been answered.
    pub drain_ticks: u32,
}

impl Spec {
    /// What a frame may be when `receiver` decodes it.
    #[inline]
    #[must_use]
    pub const fn frame_limits(&self, receiver: Role) -> FrameLimits {
        FrameLimits {
            class: Some(self.checksum),
            frame_bytes_max: self.frame_bytes_max as usize,
            payload_bytes_max: self.payload_bytes_max as usize,
            fragments_max: self.fragments_max,
            direction: Some(receiver.receives()),
        }
    }

    /// What the outgoing pipe holds.
    #[inline]
    #[must_use]
    pub const fn pipe_limits(&self) -> PipeLimits {
        PipeLimits {
            frame_bytes_max: self.frame_bytes_max as usize,
            bytes_max: self.pipe_bytes_max as usize,
            frames_max: self.pipe_frames_max as usize,
            high_bytes: self.pipe_high_bytes as usize,
            low_bytes: self.pipe_low_bytes as usize,
        }
    }

    /// What the reassembler holds.
    #[inline]
    #[must_use]
    pub const fn reassembly_limits(&self) -> ReassemblyLimits {
        ReassemblyLimits {
            message_bytes_max: self.envelope_bytes_max as usize,
            groups_max: self.slots(),
            stream_groups_max: self.stream_credit as usize,
            order: self.sequence,
            deadline_ticks: self.reassembly_ticks,
        }
    }

    /// How messages are cut.
    #[inline]
    #[must_use]
    pub const fn fragment_limits(&self) -> FragmentLimits {
        FragmentLimits {
            policy: self.fragment,
            payload_bytes_max: self.payload_bytes_max as usize,
            fixed_bytes: self.fragment_bytes as usize,
            fragments_max: self.fragments_max,
        }
    }

    /// Which data envelopes are accepted.
    #[inline]
    #[must_use]
    pub const fn replay_limits(&self) -> ReplayLimits {
        let width = match self.replay {
            ReplayPolicy::BoundedReorder => self.reorder_max,
            _ => self.replay_width,
        };
        ReplayLimits { policy: self.replay, width }
    }

    /// Reassembly slots: one for every stream, and the shared ones.
    #[inline]
    #[must_use]
    pub const fn slots(&self) -> usize {
        (self.streams_max as usize).saturating_add(self.session_credit as usize)
    }

    /// Longest message, in bytes: what an envelope holds besides its head and tag.
    #[inline]
    #[must_use]
    pub const fn message_bytes_max(&self) -> usize {
        (self.envelope_bytes_max as usize).saturating_sub(ENVELOPE_OVERHEAD)
    }

    /// Streams that `role` may have open at a time.
    #[inline]
    #[must_use]
    pub const fn streams_of(&self, role: Role) -> u8 {
        self.streams_within(role, self.streams_max)
    }

    /// The same when both sides together have `total`: the server's share is
    /// `total · server_streams / streams_max`, rounded down.
    #[inline]
    #[must_use]
    pub const fn streams_within(&self, role: Role, total: u8) -> u8 {
        let share = (total as u16).saturating_mul(self.server_streams as u16);
        let server = match share.checked_div(self.streams_max as u16) {
            Some(share) if share < total as u16 => share as u8,
            _ => total,
        };
        match role {
            Role::Client => total.saturating_sub(server),
            Role::Server => server,
        }
    }
}
