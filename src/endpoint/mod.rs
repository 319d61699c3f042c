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
//! Every call takes the time as an argument; none blocks, allocates or panics. What a call refuses has changed nothing. The
//! endpoint repeats what must be repeated: handshake messages, closes, resets, credit.
//!
//! | file | its part of the endpoint |
//! |---|---|
//! | `object` | [`Endpoint`], the calls |
//! | `engine` | one call's view, without the sizes of the memory; states and control envelopes |
//! | `handshake` | from `start` to open |
//! | `send`, `receive`, `read` | the path of a message |
//! | `dues` | what is to be said, written from state when there is room |
//! | `clock` | deadlines |
//! | `control` | timers and dues as data |
//! | `memory`, `stats`, `refusal`, `body` | what the names say |

mod body;
mod clock;
mod control;
mod dues;
mod engine;
mod handshake;
mod memory;
mod object;
mod read;
mod receive;
mod refusal;
mod send;
mod stats;

pub use memory::{Capacity, LargeMemory, Memory, MemoryError, SmallMemory, StandardMemory, Storage};
pub use object::{Endpoint, Transmit};
pub use read::Read;
pub use refusal::{Reject, SendRefusal, StartError};
pub use stats::Stats;
