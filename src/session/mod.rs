//! Who may do what, when: one state, one file.
//!
//! ```text
//!            start / listen        accept or hello verified      confirm out or in
//!   New ─────────────────▶ Negotiating ─────────────▶ Securing ─────────────▶ Open
//!    │                         │                         │                     │ close, either side
//!    │                         │                         │                     ▼
//!    └─────────────────────────┴─────────────────────────┴──▶ Failed ◀──── Draining ──both closes──▶ Closed
//! ```
//!
//! A [`Session<S, P>`](Session) is in the state `S` and lives by the policy `P`. The state type carries what is true only in
//! that state: keys exist from [`Securing`] on, and after [`Closed`] or [`Failed`] they are gone. A verb of another state
//! does not compile. In a transition, "not yet" is `Ok(Step::Stay)` and `Err` means over: the error **is** the
//! [`Session<Failed>`], which names its reason and may still have one last message for the peer.
//!
//! [`AnySession`] holds any state in one variable. Every transition of either route is one cell of one table,
//! [`guard::lifecycle::next_state`](crate::guard::lifecycle::next_state): the verbs ask it, and debug builds hold every change of
//! state against it. `tests/snapshots/lifecycle.dot` is the table as a drawing for Graphviz, refused cells left out.
//!
//! # What both sides agree on (normative)
//!
//! Each side offers capabilities; what both offer is selected. The floor is what the profile, the client and the server require,
//! and the base that every session has. Where the selection lacks a part of the floor, the side that sees it fails for
//! `capability_downgrade`. Bits without a name are ignored when they are offered, and refused when they are required.
//!
//! | capability | without it |
//! |---|---|
//! | `multi_stream` | a side has one stream open at a time |
//! | `proxy_semantics` | a stream ends cleanly or with its session: `error` and `reset` are neither said nor taken |
//! | `carrier_abstraction` | the one carrier is `stream_carrier`: a profile without it fails for `carrier_family` |
//! | `adapter_interface` | a server has no flows of its own and opens no stream |
//! | `carrier_loss_recovery` | frames keep their order: one that comes early is `too_far_future`, whatever the profile's `sequence` |
//! | `carrier_backpressure` | nobody tells the peer of pressure: `backpressure` frames are neither said nor taken |
//! | `generated_backend` | nothing vouches that the peer's profile is compiled in; only a side with [`Fixed`](crate::profile::Fixed) offers it |
//! | `transcript_binding`, `replay_window`, `nonce_schedule` | no session: they are the base |
//!
//! An envelope of a class that was not selected is a `peer_violation`. The suite is the server's choice among those that both
//! have.
//!
//! # Illegal verbs do not compile
//!
//! Each example below stands beside a twin that compiles.
//!
//! A session that negotiates cannot carry data:
//!
//! ```
//! # use kurdistan::{profile::{Fixed, Standard}, session::*, vocab::FrameFacts};
//! fn carry(mut session: Session<Open, Fixed<Standard>>, facts: &FrameFacts) {
//!     let _ = session.seal(kurdistan::vocab::EnvelopeClass::Data, facts, &mut [0; 4]);
//! }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*, vocab::FrameFacts};
//! fn carry(mut session: Session<Negotiating, Fixed<Standard>>, facts: &FrameFacts) {
//!     let _ = session.seal(kurdistan::vocab::EnvelopeClass::Data, facts, &mut [0; 4]);
//! }
//! ```
//!
//! Nothing is exported before the session is open:
//!
//! ```
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn export(session: &Session<Open, Fixed<Standard>>) { let _ = session.export("label", b"", &mut [0; 32]); }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn export(session: &Session<Securing, Fixed<Standard>>) { let _ = session.export("label", b"", &mut [0; 32]); }
//! ```
//!
//! A session starts once:
//!
//! ```
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn start(session: Session<New, Fixed<Standard>>) { let _ = session.start(); }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn start(session: Session<New, Fixed<Standard>>) { let _ = session.start(); let _ = session.start(); }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn start(session: Session<Open, Fixed<Standard>>) { let _ = session.start(); }
//! ```
//!
//! A server listens from `New` only:
//!
//! ```
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn listen(session: Session<New, Fixed<Standard>>) { let _ = session.listen(); }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn listen(session: Session<Closed, Fixed<Standard>>) { let _ = session.listen(); }
//! ```
//!
//! An open session takes no handshake message:
//!
//! ```
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn receive(session: Session<Negotiating, Fixed<Standard>>) { let _ = session.receive(&[]); }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn receive(session: Session<Open, Fixed<Standard>>) { let _ = session.receive(&[]); }
//! ```
//!
//! Only an open session closes, and a draining one sends no new data:
//!
//! ```
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn close(session: Session<Open, Fixed<Standard>>) { session.close(); }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn close(session: Session<Draining, Fixed<Standard>>) { session.close(); }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*, vocab::FrameFacts};
//! fn carry(mut session: Session<Draining, Fixed<Standard>>, facts: &FrameFacts) {
//!     let _ = session.seal(kurdistan::vocab::EnvelopeClass::Data, facts, &mut [0; 4]);
//! }
//! ```
//!
//! Only a draining session finishes:
//!
//! ```
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn finish(session: Session<Draining, Fixed<Standard>>) { let _ = session.finish(false); }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn finish(session: Session<Open, Fixed<Standard>>) { let _ = session.finish(false); }
//! ```
//!
//! A session that has ended does nothing at all, and no session is cloned:
//!
//! ```
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn fail(session: Session<Draining, Fixed<Standard>>) { session.fail(kurdistan::vocab::FailReason::Aborted); }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn fail(session: Session<Closed, Fixed<Standard>>) { session.fail(kurdistan::vocab::FailReason::Aborted); }
//! ```
//! ```compile_fail
//! # use kurdistan::{profile::{Fixed, Standard}, session::*};
//! fn twice(session: Session<Open, Fixed<Standard>>) { let _ = session.clone(); }
//! ```

mod answer;
mod any;
mod close_body;
mod closed;
mod compatibility;
mod config;
mod config_json;
mod draining;
mod failed;
mod negotiating;
mod new;
mod open;
mod party;
mod refusal;
mod secured;
mod securing;
mod state;
mod suite_order;

pub(crate) use answer::{Answer, answer};
pub use any::AnySession;
pub(crate) use close_body::CLOSE_BYTES;
pub use close_body::{CLOSE_ENVELOPE_BYTES, CloseBody};
pub use closed::Closed;
pub use compatibility::Selection;
pub use config::{Config, ConfigError};
pub use config_json::ConfigJson;
pub use draining::Draining;
pub(crate) use failed::LAST_CLOSE_SEQUENCE;
pub use failed::{Failed, LastWords};
pub use negotiating::Negotiating;
pub use new::New;
pub use open::Open;
pub use secured::{CarriesData, OpensEnvelopes};
pub use securing::Securing;
pub use state::{Live, Session, State, Step};
