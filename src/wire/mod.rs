//! Bytes ⇄ values. No state, no time, no policy.
//!
//! # Byte frame, version 1 (normative)
//!
//! Integers are little endian. The header has a fixed size of 24 bytes; the checksum covers header and payload.
//!
//! | offset | size | field | rule |
//! |---|---|---|---|
//! | 0 | 1 | version and checksum class | high nibble 1; low nibble a [`ChecksumClass`](crate::vocab::ChecksumClass) |
//! | 1 | 1 | kind | a [`FrameKind`](crate::vocab::FrameKind) |
//! | 2 | 1 | flags | bit 0 final, bit 1 reset, bit 2 direction (0 client to server); the others zero |
//! | 3 | 1 | metadata class | a [`MetadataClass`](crate::vocab::MetadataClass) |
//! | 4 | 2 | session id class | for demultiplexing; the first two bytes of the hello's binder |
//! | 6 | 1 | fragment index | below the count |
//! | 7 | 1 | fragment count | 1 to the profile's limit; 1 unless the kind is data |
//! | 8 | 2 | fragment offset | bytes of the message before this fragment; 0 exactly when the index is 0 |
//! | 10 | 2 | byte count | length of the payload; at least 1 when the count is above 1; offset + byte count ≤ 65,535 |
//! | 12 | 4 | stream id | ≥ 1 for data and reset, 0 for close, any for the other kinds |
//! | 16 | 8 | sequence | above the fragment index, never `u64::MAX` |
//! | 24 | n | payload | |
//! | 24 + n | 2 or 4 | checksum | little endian |
//!
//! The final flag stands on the last fragment of the message that ends its half of a stream, and on data frames only. The
//! reset flag stands on reset frames, all of them, and on no other.
//!
//! | checksum class | code | algorithm (name in the CRC catalogue) | value over `"123456789"` |
//! |---|---|---|---|
//! | `crc16` | 1 | CRC-16/IBM-SDLC | `0x906e` |
//! | `crc32c` | 2 | CRC-32/ISCSI | `0xe3069283` |
//! | `crc32_autosar` | 3 | CRC-32/AUTOSAR | `0x1697d06a` |
//!
//! The encoding is canonical: every value has one encoding and every accepted encoding one value. [`decode`] names the first
//! broken rule, in the order of [`FrameReject`](crate::vocab::FrameReject).
//!
//! # Handshake messages
//!
//! See [`handshake`].

mod checksum;
mod decode;
mod encode;
pub mod handshake;
mod header;
mod limits;

pub use checksum::checksum;
pub use decode::{FrameView, decode, peek_session_class};
pub use encode::{EncodeRefusal, encode, frame_bytes};
pub use handshake::{Accept, Confirm, Facts, HELLO_BYTES_MAX, HandshakeBytes, Hello, Refuse, Tag};
pub use header::{HEADER_BYTES, Header, WIRE_VERSION};
pub use limits::FrameLimits;
