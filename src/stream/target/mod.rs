//! Synthetic targets: what answers on a stream where no real service stands behind it.
//!
//! ```text
//!   frames ─▶ Endpoint ── message, end ──▶ Target::heard
//!                ▲                            │
//!                └── send, finish, reset ◀── Target::next ── done ─▶ the next state
//! ```
//!
//! A target is reached through frames on the session, like any service: [`Service`](crate::endpoint::Service) drives it. It does
//! no input or output itself. It is told what came and the time, and says what to do next; the same answer comes until that
//! was [`done`](Target::done), so what is refused for want of credit, room or a turn is simply tried again.
//!
//! | target | what it does with a request |
//! |---|---|
//! | `echo` | sends every message back as it came, and ends when the peer does |
//! | `discard` | reads everything, and ends when the peer does |
//! | `fixed_response` | answers at once: `answer_bytes`, then the end |
//! | `slow_response` | the same, `delay_ticks` later |
//! | `chunked_response` | an object of `object_bytes` in messages of `chunk_bytes`, then the end |
//! | `large_object` | an object of `large_bytes` in longest messages, then the end |
//! | `error_response` | `part_bytes`, then the application error `error_code` |
//! | `reset_midstream` | `part_bytes`, and `delay_ticks` after the last of them a reset with `reset_code` |
//! | `drip_response` | `drip_bytes` messages of one byte, one every `drip_ticks`, then the end |
//! | `jittery_response` | the object of `chunked_response`, in messages of 1 to `chunk_bytes`, each up to `jitter_ticks` later |
//!
//! A request is the first message, or the end if that comes first. Every other message of the peer is read and dropped, so that
//! its credit comes back, before and after the answer's end.
//!
//! What a target says is [`Content`]: a function of a seed, the stream and the place in the answer, whatever the sizes of
//! messages. So a reader that knows the seed knows what it must have received.

mod action;
mod content;
mod kind;
mod machine;
mod settings;

pub use action::{Action, Heard};
pub use content::Content;
pub use kind::TargetKind;
pub use machine::Target;
pub use settings::TargetSettings;
