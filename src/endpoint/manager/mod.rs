//! A server's sessions: a bounded number at a time, and a bounded table of handshakes that wait.
//!
//! ```text
//!   frame ─▶ class of a session? ──▶ its Endpoint
//!            class of a handshake that waits? ──confirm──▶ a place among the sessions
//!            a hello? ──binder, rules──▶ a place in the table, and an accept
//! ```
//!
//! * **Make before break.** A hello never displaces a session. When a new session of the same peer under the same secret is
//!   confirmed, the old one ends as `failed(superseded)`, and not before.
//! * **Half-open handshakes** wait in a table of their own until `handshake_ticks` have passed. When it is full, the one that has
//!   waited longest yields to a new hello, once it has waited for `retry_ticks`: so hellos that somebody has recorded and says
//!   again cannot hold the table, and a peer that is there has the time to confirm.
//! * A hello for which there is no place is ignored and counted as `busy`; the client says it again.
//! * A session that has ended frees its place at once. What it has left to say or to be read stays until the place is needed.
//!
//! Frames find their session by their session id class, which the client draws anew for each handshake. A hello under a class that
//! is in use is not answered: 1 in 65,536 for each session, and the client's next attempt has another class.
//!
//! ```
//! use kurdistan::endpoint::{Manager, Path, Taken};
//! use kurdistan::{Config, Fixed, Fresh, Id, Role, Secret, Small, SmallMemory, Ticks};
//!
//! // Four sessions at a time, two handshakes that wait.
//! let mut server = Manager::<Fixed<Small>, SmallMemory, 4, 2>::fixed();
//! let secret = Secret::new(b"32 random bytes, not these ones!")?;
//! server.listen(Config::new(Role::Server, Id::new("host")?, Id::new("key-1")?, secret).sessions_max(4))?;
//! let (now, from) = (Ticks(0), Path(7)); // the caller's number for a line or an address
//! # let received = [0_u8; 30];
//! match server.receive(now, from, &received, || Some(Fresh::from_random([3; 32]))) {
//!     Ok(Taken::Opened(key)) => { let peer = server.peer(key); }
//!     Ok(Taken::Session(key)) => { let side = server.get(key); } // readable(), read(), send() …
//!     Ok(Taken::HalfOpen) | Err(_) => {}
//! }
//! server.poll(now);
//! while let Some(frame) = server.poll_transmit(now) {
//!     let (_to, _bytes) = (frame.to(), frame.bytes());
//!     frame.sent();
//! }
//! // A walk over the sessions, while each may be changed:
//! for place in 0.. {
//!     let Some(key) = server.sessions().nth(place) else { break };
//!     if let Some(side) = server.get(key) {
//!         side.poll(now);
//!     }
//! }
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! All clients of a manager share its one or two secrets: each of them can pose as another. Clients that must be told apart by more
//! than their word have secrets, and managers, of their own.

mod half_open;
mod object;
mod outgoing;
mod stats;
mod turn;

pub use object::{Manager, SessionKey, Taken};
pub use outgoing::Outgoing;
pub use stats::ManagerStats;

/// The caller's number for where a frame came from and where its answers go: a line, an address. The manager only keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Path(pub u32);
