//! Which profiles are sound.

use super::{RUNTIME_VERSION, SCHEMA_VERSION, Spec};
use crate::vocab::{
    CONTROL_FRAME_BYTES_MAX, CapabilitySet, CarrierSet, ENVELOPE_OVERHEAD, FRAGMENTS_MAX, FragmentPolicy,
    ReplayPolicy, SequencePolicy, SuiteSet,
};
use crate::wire::{HEADER_BYTES, HELLO_BYTES_MAX};

macro_rules! spec_errors {
    ($($(#[doc = $doc:literal])+ $variant:ident: $text:literal,)+) => {
        /// The first field of a [`Spec`] that breaks its range.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum SpecError { $($(#[doc = $doc])+ $variant,)+ }

        impl SpecError {
            /// The rule that is broken, in words.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

spec_errors! {
    /// `schema_version`.
    SchemaVersion: "schema_version is not the one that this version reads",
    /// `compiler_security_version` and `compiler_security_min`.
    CompilerSecurity: "compiler_security_version is at least compiler_security_min",
    /// `runtime_version_min`.
    RuntimeVersion: "runtime_version_min is at most the version of this runtime",
    /// `frame_bytes_max`.
    FrameBytes: "frame_bytes_max holds a header, the longest payload and the checksum",
    /// `payload_bytes_max`.
    PayloadBytes: "payload_bytes_max holds the longest handshake message",
    /// `hamming_distance`.
    HammingDistance: "the checksum does not guarantee hamming_distance at the longest payload",
    /// `fragments_max`.
    FragmentsMax: "fragments_max is 1 to 16, and at most the sequence window",
    /// `fragment_bytes`.
    FragmentBytes: "fragment_bytes is 1 to payload_bytes_max, and fragments_max of them hold an envelope",
    /// `envelope_bytes_max`.
    EnvelopeBytes: "envelope_bytes_max is more than an empty envelope, and fits one frame when nothing is cut",
    /// `pipe_bytes_max`.
    PipeBytes: "pipe_bytes_max holds every fragment of the longest envelope, a control frame and one frame's length to wrap",
    /// `pipe_frames_max`.
    PipeFrames: "pipe_frames_max holds fragments_max and one control frame",
    /// `pipe_high_bytes`, `pipe_low_bytes`.
    WaterMarks: "pipe_low_bytes < pipe_high_bytes <= pipe_bytes_max",
    /// `sequence_window`.
    SequenceWindow: "sequence_window is 1 to 64",
    /// `replay_width`.
    ReplayWidth: "replay_width is 32 to 1,024",
    /// `reorder_max`.
    ReorderMax: "reorder_max is 1 to replay_width",
    /// `reassembly_ticks`.
    ReassemblyTicks: "reassembly_ticks is at least 1 and below 2^31",
    /// `streams_max`.
    StreamsMax: "streams_max is at least 1",
    /// `server_streams`.
    ServerStreams: "server_streams is at most streams_max",
    /// `stream_credit`.
    StreamCredit: "stream_credit is at least 1, and at most 1 + session_credit",
    /// `suites`.
    Suites: "suites holds at least one suite, and no unknown one",
    /// `carriers`.
    Carriers: "carriers holds at least one family, and no unknown one",
    /// `required`.
    Required: "required holds no unknown capability",
    /// `retry_ticks`.
    RetryTicks: "retry_ticks is at least 1 and below 2^31",
    /// `handshake_ticks`.
    HandshakeTicks: "handshake_ticks is above retry_ticks and below 2^31",
    /// `ping_ticks`.
    PingTicks: "ping_ticks is at least 1, and below idle_ticks unless that is 0",
    /// `idle_ticks`.
    IdleTicks: "idle_ticks is below 2^31",
    /// `drain_ticks`.
    DrainTicks: "drain_ticks is above reassembly_ticks and retry_ticks, and below 2^31",
    /// `replay` and `sequence` contradict each other.
    ReplayPolicy: "strict_no_reorder and ordered_only go with strict sequencing",
}

impl core::fmt::Display for SpecError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for SpecError {}

/// Half of the tick counter: longer times cannot be told from the past.
const TICKS_MAX: u32 = (1 << 31) - 1;

const fn within(low: u64, value: u64, high: u64) -> bool {
    low <= value && value <= high
}

impl Spec {
    /// Checks every field; the first one that breaks its range is named.
    ///
    /// # Errors
    /// [`SpecError`], with the rule in words.
    pub const fn check(&self) -> Result<(), SpecError> {
        macro_rules! demand {
            ($($holds:expr => $error:ident;)+) => { $(if !$holds { return Err(SpecError::$error); })+ };
        }
        let overhead = HEADER_BYTES.saturating_add(self.checksum.bytes());
        let frame = overhead.saturating_add(self.payload_bytes_max as usize);
        let covered = HEADER_BYTES.saturating_add(self.payload_bytes_max as usize);
        demand! {
            self.schema_version == SCHEMA_VERSION => SchemaVersion;
            self.compiler_security_version >= self.compiler_security_min => CompilerSecurity;
            self.runtime_version_min <= RUNTIME_VERSION => RuntimeVersion;
            within(HELLO_BYTES_MAX as u64, self.payload_bytes_max as u64, u16::MAX as u64) => PayloadBytes;
            within(frame as u64, self.frame_bytes_max as u64, u16::MAX as u64) => FrameBytes;
            self.checksum.hamming_distance(covered) >= self.hamming_distance => HammingDistance;
            within(1, self.sequence_window as u64, 64) => SequenceWindow;
            within(1, self.fragments_max as u64, self.sequence_window as u64) => FragmentsMax;
            self.fragments_max as usize <= FRAGMENTS_MAX => FragmentsMax;
            within(1, self.fragment_bytes as u64, self.payload_bytes_max as u64) => FragmentBytes;
            self.envelope_bytes_max as usize > ENVELOPE_OVERHEAD => EnvelopeBytes;
            self.envelope_fits_its_cut() => EnvelopeBytes;
            self.pipe_bytes_max as usize >= self.pipe_needed(overhead) => PipeBytes;
            self.pipe_frames_max > self.fragments_max as u16 => PipeFrames;
            self.pipe_low_bytes < self.pipe_high_bytes && self.pipe_high_bytes <= self.pipe_bytes_max => WaterMarks;
            within(32, self.replay_width as u64, 1_024) => ReplayWidth;
            within(1, self.reorder_max as u64, self.replay_width as u64) => ReorderMax;
            within(1, self.reassembly_ticks as u64, TICKS_MAX as u64) => ReassemblyTicks;
            self.streams_max >= 1 => StreamsMax;
            self.server_streams <= self.streams_max => ServerStreams;
            within(1, self.stream_credit as u64, (self.session_credit as u64).saturating_add(1)) => StreamCredit;
            !self.suites.is_empty() && SuiteSet::KNOWN.contains(self.suites) => Suites;
            !self.carriers.is_empty() && CarrierSet::KNOWN.contains(self.carriers) => Carriers;
            CapabilitySet::KNOWN.contains(self.required) => Required;
            within(1, self.retry_ticks as u64, TICKS_MAX as u64) => RetryTicks;
            self.handshake_ticks > self.retry_ticks && self.handshake_ticks <= TICKS_MAX => HandshakeTicks;
            self.idle_ticks <= TICKS_MAX => IdleTicks;
            self.ping_ticks >= 1 && (self.idle_ticks == 0 || self.ping_ticks < self.idle_ticks) => PingTicks;
            self.drain_ticks > self.reassembly_ticks && self.drain_ticks > self.retry_ticks => DrainTicks;
            self.drain_ticks <= TICKS_MAX => DrainTicks;
            self.orders_agree() => ReplayPolicy;
        }
        Ok(())
    }

    const fn envelope_fits_its_cut(&self) -> bool {
        let room = match self.fragment {
            FragmentPolicy::NoFragment => self.payload_bytes_max as u32,
            FragmentPolicy::FixedFragment => {
                (self.fragment_bytes as u32).saturating_mul(self.fragments_max as u32)
            }
        };
        self.envelope_bytes_max as u32 <= room
    }

    /// The least that `pipe_bytes_max` may be.
    pub(super) const fn pipe_bytes_needed(&self) -> u32 {
        let needed = self.pipe_needed(HEADER_BYTES.saturating_add(self.checksum.bytes()));
        if needed > u32::MAX as usize { u32::MAX } else { needed as u32 }
    }

    /// A ring of whole frames may waste the end of its buffer when a frame wraps, less than the longest frame.
    const fn pipe_needed(&self, overhead: usize) -> usize {
        let fragments = (self.fragments_max as usize).saturating_mul(overhead);
        let message = fragments.saturating_add(self.envelope_bytes_max as usize);
        let control = CONTROL_FRAME_BYTES_MAX;
        message.saturating_add(control).saturating_add(self.frame_bytes_max as usize)
    }

    const fn orders_agree(&self) -> bool {
        match self.replay {
            ReplayPolicy::StrictNoReorder | ReplayPolicy::OrderedOnly => {
                matches!(self.sequence, SequencePolicy::Strict)
            }
            ReplayPolicy::BoundedReorder | ReplayPolicy::WindowedReplay => true,
        }
    }
}
