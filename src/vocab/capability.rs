//! What peers offer each other: capabilities, cipher suites and carrier families.

use super::{bit_set, vocabulary};

vocabulary! {
    /// One capability; its code is its bit in a [`CapabilitySet`].
    Capability {
        /// More than one stream at a time.
        MultiStream = 0 => "multi_stream",
        /// Target semantics: errors and resets as frames.
        ProxySemantics = 1 => "proxy_semantics",
        /// Carrier families.
        CarrierAbstraction = 2 => "carrier_abstraction",
        /// Local ingress and egress.
        AdapterInterface = 3 => "adapter_interface",
        /// Retransmission over lossy carriers.
        CarrierLossRecovery = 4 => "carrier_loss_recovery",
        /// Pressure signals.
        CarrierBackpressure = 5 => "carrier_backpressure",
        /// A generated backend.
        GeneratedBackend = 6 => "generated_backend",
        /// Keys bound to the transcript.
        TranscriptBinding = 7 => "transcript_binding",
        /// Replay window.
        ReplayWindow = 8 => "replay_window",
        /// Nonces derived from sequences.
        NonceSchedule = 9 => "nonce_schedule",
    }
}

bit_set! {
    /// A set of capabilities, 4 bytes on the wire. Bits without a name are kept: they are ignored when optional, but bound
    /// in the transcript.
    CapabilitySet(u32) of Capability, bit = capability_bit
}

impl CapabilitySet {
    /// What every session has, whatever profiles and configurations say: version 1 knows no way to do without.
    pub const BASE: Self =
        Self::of(&[Capability::TranscriptBinding, Capability::ReplayWindow, Capability::NonceSchedule]);
}

const fn capability_bit(member: Capability) -> u32 {
    member.code() as u32
}

vocabulary! {
    /// A cipher suite; its code is its number on the wire, and its bit in a [`SuiteSet`] is the code less one. Every build names
    /// all of them, and [`SuiteSet::COMPILED`] says which ones it has.
    Suite {
        /// `hkdf_sha256/chacha20_poly1305` (RFC 5869, RFC 8439).
        ChaCha20Poly1305 = 1 => "chacha20_poly1305",
        /// `hkdf_sha256/ascon_aead128` (RFC 5869, NIST SP 800-232), with the feature `suite-ascon128`.
        AsconAead128 = 2 => "ascon_aead128",
        /// `hkdf_sha256/aes256_gcm` (RFC 5869, NIST SP 800-38D), with the feature `suite-aes256gcm`.
        Aes256Gcm = 3 => "aes256_gcm",
    }
}

bit_set! {
    /// A set of cipher suites, 1 byte on the wire.
    SuiteSet(u8) of Suite, bit = suite_bit
}

impl SuiteSet {
    /// The suites that this build has. A profile may name others: they are not offered.
    pub const COMPILED: Self = Self::of(&[
        Suite::ChaCha20Poly1305,
        #[cfg(feature = "suite-ascon128")]
        Suite::AsconAead128,
        #[cfg(feature = "suite-aes256gcm")]
        Suite::Aes256Gcm,
    ]);
}

const fn suite_bit(member: Suite) -> u32 {
    (member.code() as u32).saturating_sub(1)
}

vocabulary! {
    /// A family of carriers; its code is its bit in a [`CarrierSet`].
    CarrierFamily {
        /// Ordered bytes of any size.
        Stream = 0 => "stream_carrier",
        /// One frame per message.
        Message = 1 => "message_carrier",
        /// Unordered, up to a unit.
        DatagramLike = 2 => "datagram_like_carrier",
        /// Fixed unit.
        Chunked = 3 => "chunked_carrier",
        /// Released after so many messages or ticks.
        Batch = 4 => "batch_carrier",
        /// Small unit, at once.
        Interactive = 5 => "interactive_carrier",
        /// Released only against polls.
        LongPollStyle = 6 => "long_poll_style_carrier",
        /// Loss and reordering, recovered by retransmission.
        LossyReordered = 7 => "lossy_reordered_carrier",
    }
}

bit_set! {
    /// A set of carrier families, 1 byte on the wire.
    CarrierSet(u8) of CarrierFamily, bit = carrier_bit
}

const fn carrier_bit(member: CarrierFamily) -> u32 {
    member.code() as u32
}
