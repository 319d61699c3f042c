//! The closed vocabulary that every layer names.
//!
//! | file | what it names |
//! |---|---|
//! | `role` | [`Role`], [`Direction`] |
//! | `lifecycle` | [`Lifecycle`] states and the [`LifecycleEvent`]s that move them |
//! | `kind` | [`FrameKind`], [`MetadataClass`], [`ChecksumClass`], [`EnvelopeClass`] |
//! | `reject` | why one input was refused; the session lives on |
//! | `reason` | why a session ended: [`CloseReason`], [`FailReason`], [`Failure`] |
//! | `capability` | [`Capability`] and sets that keep bits they do not know |
//! | `policy` | the choices that a profile makes |
//! | `limits` | the numbers that a profile gives to each layer, and a suite to its keys |
//! | `id`, `time`, `bucket` | [`Id`], [`Ticks`], [`SizeBucket`] |
//!
//! Every enum here has a stable one-byte code and the snake-case name that reports, traces and JSON use.

mod bucket;
mod capability;
mod id;
mod kind;
mod lifecycle;
mod limits;
mod nonce_source;
mod policy;
mod reason;
mod reject;
mod role;
mod table;
mod time;

pub use bucket::SizeBucket;
pub use capability::{Capability, CapabilitySet, CarrierFamily, CarrierSet, Suite, SuiteSet};
pub use id::{Id, IdError};
pub use kind::{ChecksumClass, EnvelopeClass, FrameKind, MetadataClass};
pub use lifecycle::{Lifecycle, LifecycleEvent};
pub use limits::{
    CONTROL_FRAME_BYTES_MAX, ENVELOPE_OVERHEAD, EVENTS_MAX, FRAGMENTS_MAX, FragmentLimits, FrameFacts,
    HEAD_BYTES, KeyLimits, PipeLimits, ReassemblyLimits, ReplayLimits, SEQUENCE_MAX,
};
pub use nonce_source::NonceSource;
pub use policy::{FragmentPolicy, PriorityPolicy, ReplayPolicy, SequencePolicy};
pub use reason::{CloseReason, FailReason, Failure, ReasonBucket, Side};
pub use reject::{
    EnvelopeReject, FrameReject, GroupReject, HandshakeReject, PipeEmpty, PipeRefusal, SealRefusal,
    SequenceReject,
};
pub use role::{Direction, Role};
pub(crate) use table::{bit_set, vocabulary};
pub use time::Ticks;
