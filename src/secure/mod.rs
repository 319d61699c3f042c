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
//! | data key, control key | Expand(prk, suite \| `" "` \| role \| `" data key"` or `" control key"`, TH2, key bytes) |
//! | data base, control base | Expand(prk, suite \| `" "` \| role \| `" data base"` or `" control base"`, TH2, base bytes) |
//! | session id | Expand(prk, `"session id"`, TH2, 16) |
//! | exporter | Expand(prk, `"exporter"`, TH3, 32) |
//! | export(label, context, n) | Expand(exporter, label, SHA-256(context), n) |
//!
//! A message without a qualifier is all of it, padding, binder and tag included. `suite` is the name of the AEAD that the accept
//! selects; `role` is `client` or `server`, the side that seals. An expected
//! server of length 0 ("any") stays of length 0 in ipsk; the transcript binds who answered.
//!
//! # Suites (normative)
//!
//! | code | suite | source | key bytes | base bytes | build |
//! |---|---|---|---|---|---|
//! | 1 | `chacha20_poly1305` | RFC 8439 | 32 | 12 | every |
//! | 2 | `ascon_aead128` | Ascon-AEAD128 of NIST SP 800-232 | 16 | 16 | feature `suite-ascon128` |
//! | 3 | `aes256_gcm` | AES-256-GCM of NIST SP 800-38D | 32 | 12 | feature `suite-aes256gcm` |
//!
//! The length that is asked for is part of what is expanded, so the 16 bytes of an Ascon key are no prefix of 32. All tags have 16
//! bytes. A side tells the suites that its profile allows, its build has and its configuration takes
//! ([`Config::suites`](crate::session::Config::suites)). The server selects the first of its own order that both sides tell; the
//! client refuses one that not both told.
//!
//! A key ends its session exactly at a limit ([`KeyLimits`](crate::vocab::KeyLimits)), with `key_limit` for the sealing side and
//! `forgery_limit` for the opening one. Each of the four keys counts for itself.
//!
//! | suite | envelopes sealed | bytes worked through | envelopes that do not open | source |
//! |---|---|---|---|---|
//! | `chacha20_poly1305` | 2^56 - 1 | no limit | 2^36 | RFC 9001 section 6.6 |
//! | `ascon_aead128` | 2^56 - 1 | 2^54 | 2^96, beyond counting | SP 800-232 |
//! | `aes256_gcm` | 2^23 | no limit | 2^52 | RFC 9001 section 6.6, RFC 9147 section 4.5.3 |
//!
//! The sealing side counts as worked through, for each envelope, twice (once for itself, once for the side that opens it) the
//! nonce, the associated data and the plaintext: 2 × (16 + 73 + n) bytes. It does not seal an envelope that would exceed the
//! limit. What forgeries add is not in this count.
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
//! `data`, `end_of_stream` and `error` use the data keys, the other classes the control keys. AEAD nonce: the whole base, its
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
#[cfg(test)]
mod hygiene;
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
pub use schedule::{ExportError, Prk, Traffic};
pub(crate) use schedule::{RefusalKey, same_tag};
pub use secret::{Secret, SecretError};
pub use transcript::{Hash, Transcript};
