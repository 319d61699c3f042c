//! Secure sessions over bounded, checksummed byte frames, without an operating system: bytes in, bytes out, time as an argument.
//! `no_std`, no allocation, no panic, no `unsafe`.
//!
//! Two peers that share a secret prove it to each other, agree on capabilities, and then exchange messages on several streams.
//! Who may do what, and when, is a type: a [`Session<Negotiating, _>`](session::Negotiating) has no method that carries data.
//! Everything has a limit, and the limit is in the [`Spec`](profile::Spec) of a profile.
//!
//! # The path of a byte
//!
//! ```text
//!  sending side                                                        receiving side
//!
//!  Endpoint::send(stream, message)                                     Endpoint::read(stream) ─▶ message
//!    │ stream: credit, order                                             ▲ stream: next message, credit back
//!    ▼                                                                   │
//!  session + secure: seal in place                                     session + secure: open in place, replay window
//!    │ head 8 B · ciphertext · tag 16 B                                  ▲
//!    ▼                                                                   │
//!  transport::Cuts: fragments                                          transport::Reassembler: one copy, into a slot
//!    │                                                                   ▲
//!    ▼                                                                 transport::Sequencer: order and duplicates
//!  transport::BytePipe: one copy, whole messages or nothing              ▲
//!    │ wire::encode: header 24 B · payload · checksum                  wire::decode: every reject by name
//!    ▼                                                                   ▲
//!  Endpoint::poll_transmit ──────────────▶ link ───────────────────▶ Endpoint::receive
//! ```
//!
//! A payload byte is copied twice: into the pipe, and into a reassembly slot. Whoever writes a peer of another kind finds
//! every layout, label and encoding in [`wire`] (frames, handshake messages), [`profile`] (canonical encoding), [`secure`]
//! (transcript, keys, envelopes), [`session`] (capabilities), [`stream`] (credit and ends) and [`endpoint`] (who says what, when); what
//! a receiver must check is numbered in [`guard`].
//!
//! # Use
//!
//! [`Endpoint`] is the object for a main loop; its [module](endpoint) shows the loop, and `examples/slot.rs` runs it.
//!
//! ```
//! use kurdistan::{Config, Endpoint, Fixed, Fresh, Id, Read, Role, Secret, Small, SmallMemory, Ticks};
//!
//! let side = |role, name, random| -> Result<_, Box<dyn core::error::Error>> {
//!     let secret = Secret::new(b"32 random bytes, not these ones!")?;
//!     let config = Config::new(role, Id::new(name)?, Id::new("key-1")?, secret);
//!     let mut endpoint = Endpoint::<Fixed<Small>, SmallMemory>::vacant(Fixed::new());
//!     endpoint.start(Ticks(0), config, Fresh::from_random(random))?; // from a real generator
//!     Ok(endpoint)
//! };
//! let mut client = side(Role::Client, "sensor", [1; 32])?;
//! let mut server = side(Role::Server, "host", [2; 32])?;
//! let now = Ticks(0);
//! for _ in 0..2 {
//!     while let Some(frame) = client.poll_transmit(now) {
//!         server.receive(now, frame.bytes())?;
//!         frame.sent();
//!     }
//!     while let Some(frame) = server.poll_transmit(now) {
//!         client.receive(now, frame.bytes())?;
//!         frame.sent();
//!     }
//! }
//! let stream = client.open_stream()?;
//! client.send(now, stream, &mut { *b"21.5 degrees" })?;
//! while let Some(frame) = client.poll_transmit(now) {
//!     server.receive(now, frame.bytes())?;
//!     frame.sent();
//! }
//! assert_eq!(server.readable(), Some(stream));
//! assert!(matches!(server.read(stream), Read::Message(b"21.5 degrees")));
//! server.consume(now, stream);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! The typed route uses [`Session`] alone, from `New` to `Closed`, and leaves frames and streams to the caller:
//! `examples/loopback.rs`.
//!
//! # Folders
//!
//! | folder | what | names only |
//! |---|---|---|
//! | [`vocab`] | closed enums, ids, ticks | |
//! | [`observe`] | events without payload | `vocab` |
//! | [`guard`] | what must hold, each rule with a number | `vocab` |
//! | [`wire`] | bytes and values: frames, handshake messages | `guard` |
//! | [`profile`] | what may vary | `guard`, `wire` |
//! | [`secure`] | transcript, keys, envelopes, replay window | `profile` |
//! | [`session`] | one state, one type | `secure` |
//! | [`transport`] | fragments, pipe, order, reassembly | `profile` |
//! | [`stream`] | streams, credit, turns, synthetic targets | `session`, `transport` |
//! | [`link`] | the link in memory, and its faults | `wire` |
//! | [`endpoint`] | all of it, for a main loop | everything above |
//!
//! # Features
//!
//! | feature | what |
//! |---|---|
//! | `defmt` | `defmt::Format` on public values |
//! | `suite-ascon128` | the suite Ascon-AEAD128; still `no_std` |
//! | `suite-aes256gcm` | the suite AES-256-GCM, meant for hosts |
//! | `lab` | the laboratory: gates and mutants; still `no_std` |
//! | `audit` | the program `kcheck`; needs `std` |
//! | `crc-table` | checksum tables of 256 entries: more flash, fewer cycles |
//! | `crc-table-16` | tables of 16 times that |
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

#[cfg(feature = "audit")]
extern crate std;

#[cfg(feature = "audit")]
pub mod audit;
pub mod endpoint;
pub mod guard;
#[cfg(feature = "lab")]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "the laboratory sits above the code that must not panic, and its numbers are its own"
)]
pub mod lab;
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

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;
