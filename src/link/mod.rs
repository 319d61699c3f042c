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

mod chance;
mod contract;
mod faults;
mod faulty;
mod frame;
mod lane;
mod memory;
mod record;
mod refusal;
#[cfg(test)]
mod sample;

pub use contract::Link;
pub use faults::{FaultCounts, Faults};
pub use faulty::Faulty;
pub use frame::LinkFrame;
pub use memory::MemoryLink;
pub use record::LinkRecord;
pub use refusal::LinkRefusal;
