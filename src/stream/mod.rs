//! Logical streams: who may send what, how much, and where each half ends.
//!
//! ```text
//!   idle ──open──▶ open ──finish──▶ half-closed (local) ──peer's end──▶ closed
//!                   │ └──peer's end──▶ half-closed (remote) ──finish──▶ closed
//!                   └──reset, either side──▶ reset
//! ```
//!
//! Client streams are odd, server streams even; ids grow strictly and are never used again in a session. A side uses its ids
//! without a gap, in the order 1, 3, 5 or 2, 4, 6: an id that is seen opens all lower ones of that side.
//!
//! # How a stream gives its place back (normative)
//!
//! A side is **through** with a stream when both halves have ended there (its own end was sent, the peer's was read) and the
//! peer has returned all credit; after a reset, as soon as the reader has been told. The side that **accepted** the stream
//! then says its last word, a credit of `u64::MAX`, and frees the place at once. The side that **opened** it frees the place
//! when that word has come, never earlier: so the opener never has more streams than the acceptor has room for, whatever is
//! lost on the way.
//!
//! Until then the opener, when it is through, says its own last word again every `retry_ticks`: its credit, or the reset. The
//! acceptor answers credit and resets for a stream that it has freed with `u64::MAX`. A reset by the acceptor is said again
//! until the opener's reset has come. Nobody answers anything else about a stream that is past, so no two sides can keep each
//! other talking.
//!
//! An opener that is reset resets in turn, with the same code, as its last word. An acceptor that is reset does not; it says
//! `u64::MAX`. Until a place is free, what a reset stream has lent of the shared slots stays lent for its sender.
//!
//! What was sent before a reset may come after it. It is opened, so that the counts of a close stay exact, and dropped.
//!
//! **Credit** counts messages, each of which occupies one reassembly slot. A stream may have `stream_credit` messages unread at
//! the receiver. The first of them lies in the slot that the stream owns; the others share `session_credit` slots with those
//! of all streams of the direction. Both sides count alike, so a credit envelope only has to name the absolute number of
//! messages that a stream may have sent: those that were read and `stream_credit`. Before the first such envelope it is
//! `stream_credit`. It is told at the latest when half of `stream_credit` (at least 1) has been read since it was told last, when
//! the end of a half has been read, and for every stream in answer to a probe. The end of a half is a message and takes credit
//! like one.
//!
//! A message beyond credit finds no slot and is dropped unopened, so the session ends for `gap`. An end whose byte count is not
//! what was delivered before it ends the session for `peer_violation`.

mod entry;
mod table;

pub use entry::{Half, Stream, StreamEnd};
pub use table::{OpenRefusal, Place, StreamLimits, StreamTable, Streams};
