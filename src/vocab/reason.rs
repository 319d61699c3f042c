//! Why a session ended. Closed sets; no free text anywhere.

use super::{CapabilitySet, HandshakeReject, vocabulary};

vocabulary! {
    /// Why a side closes a session that worked; codes 1 to 31 in a close envelope.
    CloseReason {
        /// The work is done.
        Done = 1 => "done",
        /// This side shuts down.
        Shutdown = 2 => "shutdown",
    }
}

vocabulary! {
    /// Why a session failed; codes from 32 in a close envelope and in a refusal.
    FailReason {
        /// Compatibility rule 1: the profile ids differ.
        ProfileId = 32 => "profile_id",
        /// Compatibility rule 2: the generation hashes differ.
        GenerationHash = 33 => "generation_hash",
        /// Compatibility rule 3: the schema versions differ.
        SchemaVersion = 34 => "schema_version",
        /// Compatibility rule 4: the peer's compiler security version is below the profile's minimum.
        CompilerSecurityVersion = 35 => "compiler_security_version",
        /// Compatibility rule 5: the peer's runtime version is below the profile's minimum.
        RuntimeVersion = 36 => "runtime_version",
        /// Compatibility rule 6: no suite in common, or a selected suite that was not offered.
        Suite = 37 => "suite",
        /// Compatibility rule 7, first part: the peer requires a capability that this version does not know.
        RequiredCapability = 38 => "required_capability",
        /// Compatibility rule 8: no carrier family in common.
        CarrierFamily = 39 => "carrier_family",
        /// Compatibility rule 9: envelopes larger than a peer takes.
        EnvelopeLimit = 40 => "envelope_limit",
        /// Compatibility rule 10: more streams than a peer takes.
        StreamLimit = 41 => "stream_limit",
        /// Compatibility rule 11: a replay window wider than a peer's.
        ReplayWindowLimit = 42 => "replay_window_limit",
        /// Compatibility rule 7, second part: what was selected lacks a capability of the floor.
        CapabilityDowngrade = 43 => "capability_downgrade",
        /// What was selected holds a capability that was not offered by both.
        CapabilityNotOffered = 44 => "capability_not_offered",
        /// The peer is this side itself, or not the expected one.
        PeerIdentity = 45 => "peer_identity",
        /// No verified answer in time.
        HandshakeTimeout = 46 => "handshake_timeout",
        /// Closed before it was open.
        ClosedBeforeOpen = 47 => "closed_before_open",
        /// A verb that does not belong to this role.
        Role = 48 => "role",
        /// Data is missing and nothing repairs it.
        Gap = 49 => "gap",
        /// The peer's close counts data that never came.
        Truncated = 50 => "truncated",
        /// The peer did not answer a close in time.
        DrainTimeout = 51 => "drain_timeout",
        /// Nothing authenticated came for too long.
        Idle = 52 => "idle",
        /// A key has sealed as much as its suite allows.
        KeyLimit = 53 => "key_limit",
        /// Too many forgeries under one key.
        ForgeryLimit = 54 => "forgery_limit",
        /// The authenticated peer broke a rule of streams or credit.
        PeerViolation = 55 => "peer_violation",
        /// The link is gone.
        LinkReset = 56 => "link_reset",
        /// The application gave up.
        Aborted = 57 => "aborted",
        /// The same peer has confirmed a new session.
        Superseded = 58 => "superseded",
    }
}

vocabulary! {
    /// The only form in which the end of a session enters a trace.
    ReasonBucket {
        /// A close on both sides.
        Clean = 0 => "clean",
        /// The peers do not fit together: profile, versions, suites, limits, capabilities.
        Incompatible = 1 => "incompatible",
        /// The peer is not who it should be, or breaks the rules.
        Peer = 2 => "peer",
        /// Something did not come in time.
        Timeout = 3 => "timeout",
        /// Data is missing, or the link is gone.
        Loss = 4 => "loss",
        /// A key is used up.
        Limit = 5 => "limit",
        /// This side has ended it, or was used in a wrong way.
        Local = 6 => "local",
    }
}

impl CloseReason {
    /// Its bucket in a trace.
    #[must_use]
    pub const fn bucket(self) -> ReasonBucket {
        match self {
            Self::Done | Self::Shutdown => ReasonBucket::Clean,
        }
    }
}

impl FailReason {
    /// Its bucket in a trace.
    #[must_use]
    pub const fn bucket(self) -> ReasonBucket {
        match self {
            Self::ProfileId
            | Self::GenerationHash
            | Self::SchemaVersion
            | Self::CompilerSecurityVersion
            | Self::RuntimeVersion
            | Self::Suite
            | Self::RequiredCapability
            | Self::CarrierFamily
            | Self::EnvelopeLimit
            | Self::StreamLimit
            | Self::ReplayWindowLimit
            | Self::CapabilityDowngrade
            | Self::CapabilityNotOffered => ReasonBucket::Incompatible,
            Self::PeerIdentity | Self::PeerViolation => ReasonBucket::Peer,
            Self::HandshakeTimeout | Self::DrainTimeout | Self::Idle => ReasonBucket::Timeout,
            Self::Gap | Self::Truncated | Self::LinkReset => ReasonBucket::Loss,
            Self::KeyLimit | Self::ForgeryLimit => ReasonBucket::Limit,
            Self::ClosedBeforeOpen | Self::Role | Self::Aborted | Self::Superseded => ReasonBucket::Local,
        }
    }
}

vocabulary! {
    /// Whose verdict a failure is.
    Side {
        /// This side's.
        Local = 0 => "local",
        /// The peer's, told by an authenticated message.
        Peer = 1 => "peer",
    }
}

/// How a session failed: the reason, whose verdict it is, and for a downgrade both capability sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Failure {
    /// The reason.
    pub reason: FailReason,
    /// Whose verdict it is.
    pub side: Side,
    /// The capabilities that had to be selected; empty unless the reason is [`FailReason::CapabilityDowngrade`] or
    /// [`FailReason::CapabilityNotOffered`].
    pub floor: CapabilitySet,
    /// The capabilities that were selected; empty likewise.
    pub selected: CapabilitySet,
    /// Why the last handshake message was ignored, if the reason is [`FailReason::HandshakeTimeout`] and one was.
    pub ignored: Option<HandshakeReject>,
}

const _: () = assert!(size_of::<Failure>() <= 12);

impl Failure {
    /// A verdict of this side.
    #[must_use]
    pub const fn local(reason: FailReason) -> Self {
        Self::of(reason, Side::Local)
    }

    /// The peer's verdict.
    #[must_use]
    pub const fn peer(reason: FailReason) -> Self {
        Self::of(reason, Side::Peer)
    }

    const fn of(reason: FailReason, side: Side) -> Self {
        Self { reason, side, floor: CapabilitySet::EMPTY, selected: CapabilitySet::EMPTY, ignored: None }
    }
}

impl core::fmt::Display for Failure {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the session failed: {} ({})", self.reason, self.side)?;
        match self.ignored {
            Some(reject) => write!(f, ", after a message was ignored: {reject}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Failure {}
