//! Logical streams: who may send what, how much, and where each half ends.
//!
//! ```text
//!   idle ──open──▶ open ──finish──▶ half-closed (local) ──peer's end──▶ closed
//!                   │ └──peer's end──▶ half-closed (remote) ──finish──▶ closed
//!                   └──reset, either side──▶ reset
//! ```
//!
//! Client streams are odd, server streams even; ids grow strictly and are never used again in a session. A stream that has
//! ended gives its place back: at the side that accepted it as soon as both ends are through, at the side that opened it
//! only when the peer has returned all credit, so that the opener never has more streams than the acceptor has room for.
//!
//! **Credit** counts messages, each of which occupies one reassembly slot. A stream may have `stream_credit` messages unread at
//! the receiver. The first of them lies in the slot that the stream owns; the others share `session_credit` slots with those
//! of all streams of the direction. Both sides count alike, so a credit envelope only has to name the absolute number of
//! messages that a stream may have sent.

mod entry;
mod table;

pub use entry::{Half, Stream, StreamEnd};
pub use table::{OpenRefusal, Place, StreamLimits, StreamTable, Streams};
