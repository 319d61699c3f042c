//! Secrets, transcript, keys, envelopes and replay.
//!
//! # Key schedule (normative)
//!
//! Hash: SHA-256 (FIPS 180-4). MAC: HMAC (RFC 2104). KDF: HKDF (RFC 5869). Integers are little endian unless said otherwise;
//! `a | b` is concatenation; `lp(x)` is one byte with the length of `x`, then `x`.
//!
//! `Expand(prk, name, context, n)` is HKDF-Expand with the info
//! `u16(n) | lp("kurdistan/1 " | name) | lp(context)`.
//!
//! | value | definition |
//! |---|---|
//! | import | HKDF-Extract(salt = SHA-256(`"kurdistan/1 import"`), secret) |
//! | ipsk | Expand(import, `"ipsk"`, SHA-256(lp(client id) \| lp(server id as the hello expects it) \| u8(wire version)), 32) |
//! | prk | HKDF-Extract(salt = SHA-256(`"kurdistan/1 hkdf_sha256"`), ipsk) |
//! | binder | HMAC(Expand(prk, `"binder"`, `""`, 32), hello without its binder) |
//! | TH1 | SHA-256(`"kurdistan/1 transcript"` \| u8(wire version) \| u8(checksum class) \| u16(length) \| hello \| u16(length) \| accept without its tag) |
//! | server tag | HMAC(Expand(prk, `"server confirm"`, TH1, 32), TH1) |
//! | TH2 | SHA-256(everything under TH1 \| server tag) |
//! | client tag | HMAC(Expand(prk, `"client confirm"`, TH2, 32), TH2) |
//! | TH3 | SHA-256(everything under TH2 \| u16(length) \| confirm) |
//! | refusal tag | HMAC(Expand(prk, `"refuse"`, SHA-256(hello), 32), SHA-256(hello) \| refuse without its tag) |
//! | data key, control key | Expand(prk, suite \| `" "` \| role \| `" data key"` or `" control key"`, TH2, 32) |
//! | data base, control base | the same with `" data base"` or `" control base"`, 12 bytes |
//! | session id | Expand(prk, `"session id"`, TH2, 16) |
//! | exporter | Expand(prk, `"exporter"`, TH3, 32) |
//! | export(label, context, n) | Expand(exporter, label, SHA-256(context), n) |
//!
//! A message without a qualifier is all of it, padding, binder and tag included. `suite` is the name of the AEAD,
//! `chacha20_poly1305`; `role` is `client` or `server`, the side that seals. An expected
//! server of length 0 ("any") stays of length 0 in ipsk; the transcript binds who answered.
//!
//! A side's nonce is Expand(HKDF-Extract(salt = SHA-256(`"kurdistan/1 nonce"`), random), `"nonce"`, u64(boot) \|
//! u64(handshake) \| u8(role) \| lp(id), 32); a peer need not know how it was made. See [`Fresh`].
//!
//! # Envelope (normative)
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 1 | class, an [`EnvelopeClass`](crate::vocab::EnvelopeClass); bit 7 is the phase bit, zero |
//! | 1 | 7 | sequence: one counter per direction and key domain, from 1 |
//! | 8 | n | ciphertext |
//! | 8 + n | 16 | tag |
//!
//! `data`, `end_of_stream` and `error` use the data keys, the other classes the control keys. AEAD nonce: the 12-byte base, its
//! last 8 bytes XORed with the sequence as a big-endian `u64`. Associated data, 73 bytes:
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 8 | the first 8 bytes of the envelope |
//! | 8 | 16 | session id |
//! | 24 | 1 | direction, 0 client to server |
//! | 25 | 32 | TH3 |
//! | 57 | 4 | stream id of the frame |
//! | 61 | 1 | kind of the frame |
//! | 62 | 1 | metadata class of the frame |
//! | 63 | 2 | length of the whole envelope |
//! | 65 | 8 | sequence of the frame that carries its first fragment |
//!
//! The plaintext of each class:
//!
//! | class | plaintext |
//! |---|---|
//! | `data` | bytes of the stream, at least 1 |
//! | `end_of_stream` | u64: bytes sent on this half in all |
//! | `error` | u64 as above, u16 application code |
//! | `reset` | u16 application code |
//! | `credit` | u64: messages that the peer may have sent on the frame's stream in all; `u64::MAX` from the side that accepted the stream: it is through |
//! | `ping` | u8: 0 probe, 1 answer; u64: the last data sequence sealed |
//! | `close` | u8: code of a close or fail reason; u64: the last data sequence sealed; u64: data envelopes opened |
//! | `pressure` | u8: 1 raised, 0 cleared |
//! | `ack` | reserved for retransmission |
//!
//! Control envelopes open once each within a window of 64 behind the highest that has opened, whatever the profile's policy for
//! data. A close with the code of a fail reason ends the session on arrival; its counts are not looked at.
//!
//! Open order: shape, replay (look), AEAD, fit of class and frame, replay (mark), deliver. On a bad tag the buffer is wiped.

mod boot;
mod channel;
mod envelope;
mod fresh;
mod keys;
mod label;
mod replay;
mod schedule;
mod secret;
mod transcript;

pub use boot::{Boot, BootError};
pub use channel::Channel;
pub use envelope::{AD_BYTES, Opened, Sealed};
pub use fresh::Fresh;
pub use keys::SealingKey;
pub use replay::ReplayRing;
pub(crate) use schedule::same_tag;
pub use schedule::{ExportError, Prk, Traffic};
pub use secret::{Secret, SecretError};
pub use transcript::{Hash, Transcript};
