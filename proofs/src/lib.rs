//! Property bodies: each compares one part of `kurdistan` with a naive model of it, and knows nothing of who calls it.
//!
//! ```text
//!   bytes ─▶ Script::from_bytes ─▶ check(&Script) ─▶ Seen
//!     ▲                              asserts at every step
//!     └ proptest (`tests/`) or bolero (the package `fuzz`)
//! ```
//!
//! | file | what is checked | model |
//! |---|---|---|
//! | `frames` | the frame codec | a table of rules and a bitwise checksum |
//! | `messages` | fragmenter and reassembler | a map from a message's name to its pieces |
//! | `pipe` | the bounded pipe | a queue of vectors, room found by trial |
//! | `sequencer` | the order of frames | a set of marks |
//! | `replay` | the replay window | a set of all sequences that have opened |
//! | `handshake` | a session that negotiates | only the genuine message moves it |
//! | `hostile` | any bytes to any `receive`, in every state | nothing moves |
//! | `restarts` | keys and nonces over crashes | no ciphertext is ever made twice |
//! | `downgrade` | a handshake under edits, in any order, mixed with another | the honest run, or nothing |
//! | `attacker` | sessions on a network that an attacker owns | agreement on ids, roles and transcript |
//! | `rules` | what a side refuses, and why | the first broken rule; the union of what is required |
//! | `close_race` | two endpoints that close, send, lose and fail in any order | what a close promises |
//! | `search` | two endpoints and a link that errs twice | every state in reach, against invariants |
//!
//! What needs no script stands in `tests/` alone: `known` (known answers of others for ciphers, HKDF and checksums), `framing` (no
//! two splits of the same bytes hash alike), and in `replay` every short run of a narrow window.
//!
//! A script is a head and a list of steps, each of a fixed number of bytes, so that an engine that removes or changes bytes
//! removes or changes steps. What a run has met is returned by name: a harness that demands every name proves that the
//! scripts reach every branch. Each body has been seen to fail on wrong lines in the source, more than a hundred in all.

pub mod attacker;
mod by_hand;
mod bytes;
pub mod close_race;
mod damage;
pub mod downgrade;
pub mod frames;
pub mod handshake;
pub mod hostile;
pub mod messages;
pub mod pipe;
pub mod replay;
pub mod restarts;
pub mod rules;
pub mod search;
pub mod sequencer;

pub use bytes::{Seen, record};
pub use damage::Damage;
