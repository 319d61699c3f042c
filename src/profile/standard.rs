//! Three hand-written profiles.

use super::{Profile, ProfileId, SCHEMA_VERSION, Spec};
use crate::vocab::{
    Capability, CapabilitySet, CarrierFamily, CarrierSet, ChecksumClass, FragmentPolicy, PriorityPolicy,
    ReplayPolicy, SequencePolicy, Suite, SuiteSet,
};

/// The default profile: messages of up to 1,024 bytes in up to three frames, eight streams, a 16 KiB pipe.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Standard;

/// A microcontroller's profile: messages of up to 488 bytes, four streams, a 2 KiB pipe.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Small;

/// A host's profile: messages of up to 16,384 bytes in frames of up to 4,096, sixteen streams, a 64 KiB pipe.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Large;

const REQUIRED: CapabilitySet =
    CapabilitySet::of(&[Capability::TranscriptBinding, Capability::ReplayWindow, Capability::NonceSchedule]);

impl Profile for Standard {
    const SPEC: Spec = Spec {
        id: ProfileId(*b"standard"),
        seed: 0,
        schema_version: SCHEMA_VERSION,
        compiler_security_version: 1,
        compiler_security_min: 1,
        runtime_version_min: 1,
        checksum: ChecksumClass::Crc32c,
        hamming_distance: 6,
        frame_bytes_max: 540,
        payload_bytes_max: 512,
        fragments_max: 3,
        fragment: FragmentPolicy::FixedFragment,
        fragment_bytes: 400,
        envelope_bytes_max: 1_048,
        pipe_bytes_max: 16_384,
        pipe_frames_max: 64,
        pipe_high_bytes: 12_288,
        pipe_low_bytes: 4_096,
        sequence: SequencePolicy::Windowed,
        sequence_window: 32,
        replay: ReplayPolicy::WindowedReplay,
        replay_width: 128,
        reorder_max: 32,
        reassembly_ticks: 2_000,
        streams_max: 8,
        server_streams: 4,
        stream_credit: 4,
        session_credit: 8,
        priority: PriorityPolicy::Fifo,
        suites: SuiteSet::of(&[Suite::ChaCha20Poly1305, Suite::AsconAead128, Suite::Aes256Gcm]),
        carriers: CarrierSet::of(&[CarrierFamily::Stream, CarrierFamily::Message]),
        required: REQUIRED,
        retry_ticks: 500,
        retries_max: 8,
        handshake_ticks: 10_000,
        ping_ticks: 5_000,
        idle_ticks: 30_000,
        drain_ticks: 10_000,
    };
}

impl Profile for Small {
    const SPEC: Spec = Spec {
        id: ProfileId(*b"small\0\0\0"),
        frame_bytes_max: 284,
        payload_bytes_max: 256,
        fragments_max: 2,
        fragment_bytes: 256,
        envelope_bytes_max: 512,
        pipe_bytes_max: 2_048,
        pipe_frames_max: 16,
        pipe_high_bytes: 1_536,
        pipe_low_bytes: 512,
        sequence_window: 8,
        replay_width: 64,
        reorder_max: 8,
        streams_max: 4,
        server_streams: 2,
        stream_credit: 1,
        session_credit: 0,
        suites: SuiteSet::of(&[Suite::ChaCha20Poly1305, Suite::AsconAead128]),
        ..Standard::SPEC
    };
}

impl Profile for Large {
    const SPEC: Spec = Spec {
        id: ProfileId(*b"large\0\0\0"),
        checksum: ChecksumClass::Crc32Autosar,
        frame_bytes_max: 4_096,
        payload_bytes_max: 4_064,
        fragments_max: 5,
        fragment_bytes: 4_064,
        envelope_bytes_max: 16_408,
        pipe_bytes_max: 65_536,
        pipe_frames_max: 128,
        pipe_high_bytes: 49_152,
        pipe_low_bytes: 16_384,
        sequence_window: 64,
        replay_width: 1_024,
        reorder_max: 64,
        streams_max: 16,
        server_streams: 8,
        stream_credit: 8,
        session_credit: 16,
        ..Standard::SPEC
    };
}
