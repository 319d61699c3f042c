//! The composed object for a main loop: one side of one session, with all its memory.
//!
//! ```text
//!   application ── send ──▶ ┌──────────────────────────┐ ── poll_transmit ──▶ link
//!   application ◀── read ── │ Endpoint                 │ ◀──── receive ────── link
//!               ─ consume ▶ │ session, pipe, slots, …  │
//!                           └──────────────────────────┘ ◀── poll(now) ── clock, at next_deadline
//! ```
//!
//! # The loop
//!
//! ```
//! use kurdistan::endpoint::{Endpoint, Read, StandardMemory};
//! use kurdistan::profile::{Fixed, Standard};
//! use kurdistan::vocab::Ticks;
//! # trait Link { fn receive(&mut self) -> Option<&[u8]>; fn transmit(&mut self, frame: &[u8]) -> bool; }
//!
//! fn turn(now: Ticks, side: &mut Endpoint<Fixed<Standard>, StandardMemory>, link: &mut impl Link) {
//!     while let Some(frame) = link.receive() {
//!         let _ = side.receive(now, frame); // what is refused is counted, and harmless
//!     }
//!     while let Some(stream) = side.readable() {
//!         match side.read(stream) {
//!             Read::Message(bytes) => println!("{} bytes on stream {stream}", bytes.len()),
//!             Read::End(end) => println!("stream {stream}: {end:?}"),
//!             Read::Nothing | Read::NoStream => {}
//!         }
//!         side.consume(now, stream);
//!     }
//!     side.poll(now);
//!     while let Some(frame) = side.poll_transmit(now) {
//!         if !link.transmit(frame.bytes()) {
//!             break; // the frame stays queued
//!         }
//!         frame.sent();
//!     }
//!     // Until `side.next_deadline()` nothing happens but by a frame or a call.
//! }
//! ```
//!
//! Every call takes the time as an argument; none blocks, allocates or panics. What a call refuses has changed nothing but a
//! counter and, where room is wanting, the stream's [place in the line](crate::stream#whose-turn-it-is). The
//! endpoint repeats what must be repeated: handshake messages, closes, resets, credit.
//!
//! A server for one peer is an endpoint; one for several, or one whose peer may come again while its old session is still open, is
//! a [`Manager`]. An endpoint that answers a hello waits for that one's confirm until `handshake_ticks` have passed.
//!
//! A session that has ended, or whose peer has started anew, is begun again with [`Endpoint::start`], a new configuration and
//! new freshness: a server that is to go on listening does that when [`lifecycle`](Endpoint::lifecycle) says `Closed` or
//! `Failed`.
//!
//! # Nothing opens?
//!
//! A message that cannot be believed is ignored, so the side that is not understood sees a `handshake_timeout` only. The other side's
//! [`Stats`], or the [`Reject`] of its `receive`, tell why:
//!
//! | there | usually |
//! |---|---|
//! | `handshake: secret_id` | the server does not have the secret of that id |
//! | `handshake: binder` or `tag` | the two have different secrets under one id |
//! | `handshake: busy` | the manager has no place |
//! | `frame: wrong_direction` | both are clients, or both servers, or a frame came back |
//! | `frame: checksum_class` | the two have different profiles |
//! | `frame: out of state` | nobody has called `start`, or the session has ended |
//! | a failure such as `profile_id` or `capability_downgrade` | what it says: the peers are genuine and do not fit |
//!
//! # What both sides do (normative)
//!
//! Layouts stand in [`wire`](crate::wire) and [`secure`](crate::secure), streams in [`stream`](crate::stream). Times are fields of
//! the profile.
//!
//! **Frames.** Data frames of a stream are numbered from 1 in each direction, one more for each frame; the fragments of a message
//! have consecutive numbers. All other frames of a direction share one count, the control sequence, from 1; a receiver does not
//! check its order, the envelope inside has a sequence of its own. Handshake messages travel in control frames on stream 0. Data
//! is sent with metadata class `unspecified`, everything else with `runtime`; a receiver takes any. An end of stream is a
//! message on its stream, with the final flag on its last frame. Credits and resets name their stream in the frame, everything
//! else in control frames has stream 0. What a control frame on stream 0 holds is told by its first byte: handshake messages
//! begin with 1 to 4, and no envelope class of such frames does.
//!
//! A sender cuts as the profile says, under `fixed_fragment` also what would fit one payload. A receiver takes any cut that
//! keeps the rules of [`wire`](crate::wire).
//!
//! **Handshake.** The session id class of every frame is the first two bytes of the hello's binder, little endian; a server
//! ignores a hello under another class.
//!
//! | frame | control sequence | said again |
//! |---|---|---|
//! | hello | 1 | every `retry_ticks`, `retries_max` times, until the accept has come |
//! | accept | 1 | for every repeat of the same hello that is not shorter, until the confirm has come |
//! | confirm | 2 | as the hello, until an envelope of the server has opened |
//! | refuse | the next one | for another frame that is not shorter |
//!
//! Handshake messages are said again as the same frame, bit for bit. Envelopes are not: what is said again later, such as a
//! credit, a reset or a close, is sealed anew under the next sequences. Two frames are the exceptions, because bytes that anyone
//! may have recorded ask for them: the last one of a side that has ended, and a server's answer to the confirm.
//!
//! A server answers a confirm with an answer ping, and every repeat of it that is not shorter with the same frame, until it has
//! said a close. A client that has not opened an envelope sends data,
//! but no close. What does not verify is ignored until `handshake_ticks` have passed.
//!
//! **Probes.** A side probes when nothing has come for `ping_ticks` while the peer's half of a stream is open, and every
//! `ping_ticks` while it has sent messages for which no credit has come back. A probe is answered at once, with an answer and
//! with the credit of every stream. Both tell the last data sequence that was sealed: if the receiver has not opened as many
//! data envelopes within `reassembly_ticks`, it fails for `gap`. So it does when a later message of a stream has opened and an
//! earlier one is missing for that long.
//!
//! **Pressure.** With `carrier_backpressure` a side tells when its outgoing pipe crosses its high water mark and when it falls
//! to its low one, and tells a raised one again with each answer to a probe. It is advice; it lapses at the receiver `ping_ticks`
//! after it was told last.
//!
//! **Close.** After the ends that were asked for, a side says a close with its counts; a peer's close asks for this side's. It
//! says it again every `retry_ticks`, and
//! as soon as all of the peer's data has come. It is closed when both closes have crossed, each side's sealed count is the
//! other's opened count, and its own last close has told so. After `drain_ticks` it fails: for `truncated` if the peer's close
//! has come, for `drain_timeout` if not. A failed session says one close with the reason, with the control sequence `u32::MAX`.
//! An ended side says its last frame again for a new frame that is not shorter, once.
//!
//! | file | its part of the endpoint |
//! |---|---|
//! | `object` | [`Endpoint`], the calls |
//! | `engine` | one call's view, without the sizes of the memory; states and control envelopes |
//! | `handshake` | from `start` to open |
//! | `send`, `receive`, `read` | the path of a message |
//! | `dues` | what is to be said, written from state when there is room |
//! | `turn` | who may take room next |
//! | `clock` | deadlines |
//! | `control` | timers and dues as data |
//! | [`manager`] | several endpoints of a server, and the handshakes that wait |
//! | `service` | [`Service`]: synthetic targets on the streams of the peer |
//! | `memory`, `stats`, `refusal`, `body` | what the names say |

mod body;
mod clock;
mod control;
mod dues;
mod engine;
mod handshake;
#[cfg(test)]
mod limit_tests;
pub mod manager;
mod memory;
mod object;
mod read;
mod receive;
mod refusal;
mod send;
mod service;
mod stats;
mod turn;

pub use manager::{Manager, ManagerStats, Outgoing, Path, SessionKey, Taken};
pub use memory::{Capacity, LargeMemory, Memory, MemoryError, SmallMemory, StandardMemory, Storage};
pub use object::{Endpoint, Transmit};
pub use read::Read;
pub use refusal::{Reject, SendRefusal, StartError};
pub use service::Service;
pub use stats::Stats;
