//! What may vary: one [`Spec`], two carriers of it.
//!
//! | type | when its `Spec` is checked | for |
//! |---|---|---|
//! | [`Fixed<P>`](Fixed) | at compile time | firmware, generated code; zero-sized |
//! | [`Loaded`] | when it is made | tools, hosts that choose a profile at run time |
//!
//! A profile of one's own is a constant, and its memory a type:
//!
//! ```
//! use kurdistan::endpoint::Storage;
//! use kurdistan::profile::{Profile, ProfileId, Spec};
//! use kurdistan::{Endpoint, Fixed, Memory, Standard};
//!
//! struct Own;
//!
//! impl Profile for Own {
//!     const SPEC: Spec = Spec {
//!         id: ProfileId(*b"own\0\0\0\0\0"),
//!         pipe_bytes_max: 4_096,
//!         pipe_high_bytes: 3_072,
//!         pipe_low_bytes: 1_024,
//!         ..Standard::SPEC
//!     };
//! }
//!
//! const S: Spec = Own::SPEC;
//! type OwnMemory = Memory<
//!     { S.pipe_bytes_max as usize },
//!     { S.pipe_frames_max as usize },
//!     { S.envelope_bytes_max as usize },
//!     { S.slots() },
//!     { S.streams_max as usize },
//! >;
//! const _: () = assert!(OwnMemory::CAPACITY.holds(&S).is_ok());
//! let side = Endpoint::<Fixed<Own>, OwnMemory>::vacant(Fixed::new());
//! # assert!(side.lifecycle().is_none());
//! ```
//!
//! The times of [`Standard`], [`Small`] and [`Large`] are meant for ticks of one millisecond.
//!
//! # Canonical encoding (normative)
//!
//! Every field of [`Spec`] in the order of the structure, integers little endian at their own width, enums as their code, sets as
//! their bits: 93 bytes. No padding and no lengths: every field has a fixed width, so two profiles that differ never encode
//! alike. The [`generation_hash`] is SHA-256 over `"kurdistan/1 profile"`, the length of the encoding as `u16` little endian, and
//! the encoding.
//!
//! Both carriers are a [`Policy`]: the rules of [`Guards`](crate::guard::Guards) together with the numbers of one profile. The same
//! engine serves both.

mod check;
mod encoding;
mod generate;
mod policy;
mod spec;
mod standard;

pub use check::SpecError;
pub use encoding::{SPEC_BYTES, generation_hash};
pub use generate::StorageClass;
pub use policy::{Fixed, Loaded, Policy, Profile};
pub use spec::{ProfileId, Spec};
pub use standard::{Large, Small, Standard};

/// Schema of [`Spec`] that this version reads and writes.
pub const SCHEMA_VERSION: u16 = 1;
/// Version of this runtime, told to the peer.
pub const RUNTIME_VERSION: u16 = 1;
