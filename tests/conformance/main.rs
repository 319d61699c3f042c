//! What others must be able to rely on, byte for byte and edge for edge.
//!
//! | file | holds the library to |
//! |---|---|
//! | `frames` | `tests/vectors/frames.txt` and `malformed.txt`: frames, and why what is not one is refused |
//! | `profiles` | `tests/vectors/profiles.txt`: canonical encodings and their hashes |
//! | `handshakes` | `tests/vectors/handshakes.txt`: messages, transcript, keys, exports, envelopes |
//! | `identity` | who may talk to whom: genuine messages of a dishonest peer |
//! | `refusals` | `tests/vectors/refusals.txt`: refusals of either side |
//! | `flips` | the distance of the checksums: every frame with one or two wrong bits is refused |
//! | `lifecycle` | `tests/snapshots/lifecycle.txt`: every state, event and role |
//!
//! The vectors come from an implementation of its own, so that a mistake cannot agree with itself.

mod flips;
mod frames;
mod handshakes;
mod identity;
mod lifecycle;
mod profiles;
mod refusals;
mod suites;
mod table;
