//! What may vary: one [`Spec`], two carriers of it.
//!
//! | type | when its `Spec` is checked | for |
//! |---|---|---|
//! | [`Fixed<P>`](Fixed) | at compile time | firmware, generated code; zero-sized |
//! | [`Loaded`] | when it is made | tools, hosts that choose a profile at run time |
//!
//! Both are a [`Policy`]: the rules of [`Guards`](crate::guard::Guards) together with the numbers of one profile. The same
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
