//! What carries frames from one endpoint to the other.
//!
//! ```text
//!            send ┌─────────────── link ───────────────┐ front, pop
//!   client ──────▶│ client to server  [frame]…[frame]  │──────▶ server
//!          ◀──────│ server to client  [frame]…[frame]  │◀──────
//!      front, pop └────────────────────────────────────┘ send
//! ```
//!
//! | file | what |
//! |---|---|
//! | `contract` | [`Link`]: send at one end, look and take at the other |
//! | `record` | [`LinkRecord`]: what a trace may tell of a frame, and the rules that a header obeys to travel |
//! | `frame` | [`LinkFrame`]: a frame lent by the link |
//! | `refusal` | [`LinkRefusal`]: why a frame was not taken |
//! | `memory` | [`MemoryLink`]: two bounded queues, deterministic |
//! | `faults`, `chance` | [`Faults`], [`FaultCounts`]: how often, and how often it was done; the chance behind it |
//! | `faulty`, `lane` | [`Faulty`]: a wrapper around a link that drops, damages, duplicates and reorders |
//! | `truncating` | [`Truncating`]: one that cuts tails off |
//! | `reflecting`, `aside` | [`Reflecting`]: one that brings frames back to their sender |
//! | `injecting` | [`Injecting`]: one with an attacker on it, who delivers frames that nobody has sent |
//! | `delaying` | [`Delaying`]: one that takes time |
//! | `ends` | what a wrapper keeps for each end |
//!
//! Wrappers go around any link, so they go around each other:
//!
//! ```
//! use kurdistan::link::{Delaying, Faults, Faulty, Injecting, MemoryLink, Reflecting, Truncating};
//! use kurdistan::vocab::Ticks;
//!
//! let (seed, often) = (7, 50);
//! let slow = Delaying::<_, 256, 16>::new(MemoryLink::<256, 8>::EMPTY, Ticks(0), 20);
//! let faulty = Faulty::<_, 256>::new(slow, seed, Faults { drop: often, ..Faults::NONE });
//! let hostile = Injecting::<_, 256>::new(Truncating::new(faulty, seed, often), seed, often);
//! let link = Reflecting::<_, 256>::new(hostile, seed, often);
//! # let _ = link;
//! ```
//!
//! A link is a wire, not a receiver: it looks at the fields that it records and at the length, and leaves the checksum and all
//! other rules to [`wire::decode`](crate::wire::decode). So a faulty frame is never refused by the link on its behalf; faults
//! happen behind the link, between it and the receiver.
//!
//! ```
//! use kurdistan::link::{Link, LinkRefusal, MemoryLink};
//! use kurdistan::vocab::{FrameReject, Role};
//! # use kurdistan::{guard::Sound, vocab::*, wire::{Header, FrameLimits, encode}};
//! # let mut frame = [0; 64];
//! # let header = Header {
//! #     kind: FrameKind::Data, is_final: false, direction: Direction::ClientToServer,
//! #     metadata: MetadataClass::Runtime, session_class: 7, fragment_index: 0, fragment_count: 1,
//! #     fragment_offset: 0, stream: 1, sequence: 1,
//! # };
//! # let limits = FrameLimits::WIDEST;
//! # let length = encode(&header, ChecksumClass::Crc32c, 3, &limits, &Sound, &mut frame, |_| ()).unwrap();
//! # let frame = &frame[..length];
//! let mut link = MemoryLink::<256, 8>::EMPTY;
//! let record = link.send(Role::Client, frame)?;
//! assert_eq!((record.kind, record.byte_count), (FrameKind::Data, 3));
//! while let Some(delivered) = link.front(Role::Server) {
//!     assert_eq!(delivered.bytes, frame);
//!     link.pop(Role::Server);
//! }
//! let reflected = link.send(Role::Server, frame);
//! assert_eq!(reflected, Err(LinkRefusal::Frame(FrameReject::WrongDirection)));
//! # Ok::<(), LinkRefusal>(())
//! ```

mod aside;
mod chance;
mod contract;
mod delaying;
mod ends;
mod faults;
mod faulty;
mod frame;
mod injecting;
mod lane;
mod memory;
mod record;
mod reflecting;
mod refusal;
#[cfg(test)]
mod sample;
mod truncating;

pub use contract::Link;
pub use delaying::Delaying;
pub use faults::{FaultCounts, Faults};
pub use faulty::Faulty;
pub use frame::LinkFrame;
pub use injecting::Injecting;
pub use memory::MemoryLink;
pub use record::LinkRecord;
pub use reflecting::Reflecting;
pub use refusal::LinkRefusal;
pub use truncating::Truncating;
