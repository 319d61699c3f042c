//! The messages of a handshake, in clear, each in one control frame on stream 0.
//!
//! # Layouts (normative)
//!
//! Integers are little endian. An **id** is one length byte (1 to 16) and that many bytes of printable ASCII; the expected
//! peer of a hello may have length 0, which means "any". `facts` is a block of 62 bytes. A tag and a binder are 32 bytes and
//! stand last; what is before them is the authenticated part.
//!
//! | facts offset | size | field |
//! |---|---|---|
//! | 0 | 8 | profile id |
//! | 8 | 32 | generation hash |
//! | 40 | 2 | schema version |
//! | 42 | 2 | compiler security version |
//! | 44 | 2 | runtime version |
//! | 46 | 4 | capabilities offered |
//! | 50 | 4 | capabilities required |
//! | 54 | 1 | cipher suites, a bit each |
//! | 55 | 1 | carrier families, a bit each |
//! | 56 | 2 | longest envelope in bytes |
//! | 58 | 2 | most streams |
//! | 60 | 2 | widest replay window |
//!
//! | message | type | sender | fields in order |
//! |---|---|---|---|
//! | hello | 1 | 0 | type, sender, secret id, own id, expected peer id, facts, client nonce (32), zero padding, binder (32) |
//! | accept | 2 | 1 | type, sender, own id, facts, capabilities selected (4), suite (1), server nonce (32), tag (32) |
//! | confirm | 3 | 0 | type, sender, tag (32) |
//! | refuse | 4 | either | type, sender, reason (1), floor (4), selected (4), tag (32) |
//!
//! A hello is padded to exactly 150 bytes, the length of the longest accept, when it would be shorter, so that a server never
//! answers with more bytes than it got; a longer hello has no padding. `reason` is the code of a
//! [`FailReason`](crate::vocab::FailReason); floor and selected are zero unless a capability rule is the reason.
//!
//! In the facts, what is required is the base that every session has, what the profile requires and what the side's configuration
//! adds; the runtime version is [`RUNTIME_VERSION`](crate::profile::RUNTIME_VERSION), what is offered the configuration's. Suites are
//! those of the profile that the side has and its configuration takes; the most streams are the profile's, or fewer if the
//! configuration says so. All else is the profile's: the widest replay window is its `replay_width`. An accept selects the capability
//! bits that both offer, with or without a name, and the first common suite in the server's order.

mod bytes;
mod facts;
mod messages;

pub use bytes::{HandshakeBytes, TAG_BYTES, Tag};
pub use facts::{FACTS_BYTES, Facts};
pub use messages::{
    ACCEPT_BYTES_MAX, Accept, Confirm, HELLO_BYTES_MAX, HELLO_BYTES_MIN, Hello, REFUSE_BYTES, Refuse,
    is_message,
};
