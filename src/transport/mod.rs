//! Cutting, queueing, ordering and joining.
//!
//! ```text
//!   envelope ─▶ Cuts ─▶ wire::encode ─▶ BytePipe ─▶ link ─▶ wire::decode ─▶ Sequencer ─▶ Reassembler ─▶ envelope
//! ```
//!
//! | file | what it bounds |
//! |---|---|
//! | `fragmenter` | the fragments of a message |
//! | `pipe` | frames and bytes that wait for the link; whole frames, and all frames of a message, or nothing |
//! | `sequencer` | how far ahead a frame of a stream may be |
//! | `reassembler` | groups, their bytes and their time |
//!
//! Memory and behaviour are apart: [`PipeBuffer`] and [`SlotBuffer`] are the memory, of a size fixed by their type;
//! [`BytePipe`] and [`Reassembler`] are views that borrow it, so that the engine is compiled once for every size.

mod fragmenter;
mod pipe;
mod reassembler;
mod sequencer;
mod slot;

pub use fragmenter::{Cut, Cuts};
pub use pipe::{BytePipe, PipeBuffer};
pub use reassembler::{Accepted, Message, Reassembler};
pub use sequencer::Sequencer;
pub use slot::SlotBuffer;
