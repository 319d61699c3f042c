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
//!
//! # Whose turn it is
//!
//! This concerns one side alone: a peer sees only the order of its messages. Nothing waits inside an endpoint in plain, so what
//! is scheduled is who may take room in the pipe next.
//!
//! A message that finds no room, or that may not pass others, is refused and leaves a **ticket** on its stream; so does the end
//! of a half. While tickets wait, a message is admitted only if it goes before every one of them, by the
//! [`PriorityPolicy`](crate::vocab::PriorityPolicy) of the profile; otherwise it is refused for
//! [`Turn`](crate::endpoint::SendRefusal::Turn), even where it would fit. So room gathers for the one whose turn it is.
//!
//! | policy | goes first | what a message may wait for |
//! |---|---|---|
//! | `fifo` | the ticket that was taken first | one message of each stream that waits already |
//! | `interactive_first` | an interactive stream's, then as above | as above, for interactive ones; the others as long as interactive ones come |
//! | `weighted_round_robin` | the stream that is least ahead of its share | of a stream with `n` times its weight: `n` times its own last bytes, and one message |
//! | `smallest_pending_first` | the shortest message | as long as shorter ones come |
//!
//! Equals go by the order of their tickets. A stream is **ahead of its share** by the bytes of its last message, frames and all,
//! over its weight; whenever a message is queued, all others come nearer by as much as its sender was ahead. So the bytes of
//! streams that always have a message waiting stand in the ratio of their weights, up to one message each, and a stream that
//! was silent has saved nothing.
//!
//! A stream keeps its ticket when it is refused again, until it sends, ends or is reset, or the session is closed. A ticket
//! whose stream has no credit is passed over. A ticket lapses `retry_ticks` after its turn came with room for it, when nobody
//! has used it: an application that gave up blocks nobody. To keep the turn of a stream that has more to send, send its next
//! message right after the one that was taken: if it is refused, it has its place in the line.

mod entry;
mod priority;
mod table;
pub mod target;
mod ticket;

pub use entry::{Half, Stream, StreamEnd};
pub use priority::{Priority, PriorityRefusal};
pub use table::{OpenRefusal, Place, StreamLimits, StreamTable, Streams};
pub use ticket::Ticket;
