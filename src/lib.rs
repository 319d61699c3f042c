//! kurdistan
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![deny(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]
#![cfg_attr(
    test,
    allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic
    )
)]

pub mod endpoint;
pub mod guard;
pub mod link;
pub mod observe;
pub mod profile;
pub mod secure;
pub mod session;
pub mod stream;
pub mod transport;
pub mod vocab;
pub mod wire;

pub use endpoint::{Endpoint, LargeMemory, Memory, Read, SmallMemory, StandardMemory};
pub use profile::{Fixed, Large, Small, Standard};
pub use secure::{Fresh, Secret};
pub use session::{Config, Session};
pub use vocab::{CloseReason, Id, Role, Ticks};
