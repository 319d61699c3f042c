//! What may vary: one [`Spec`], two carriers of it.
//!
//! | type | when its `Spec` is checked | for |
//! |---|---|---|
//! | [`Fixed<P>`](Fixed) | at compile time | firmware, generated code; zero-sized |
//! | [`Loaded`] | when it is made | tools, hosts that choose a profile at run time |
//!
//! A profile of one's own is a constant, and its memory a type:
//!
//! ```
//! use kurdistan::endpoint::Storage;
//! use kurdistan::profile::{Profile, ProfileId, Spec};
//! use kurdistan::{Endpoint, Fixed, Memory, Standard};
//!
//! struct Own;
//!
//! impl Profile for Own {
//!     const SPEC: Spec = Spec {
//!         id: ProfileId(*b"own\0\0\0\0\0"),
//!         pipe_bytes_max: 4_096,
//!         pipe_high_bytes: 3_072,
//!         pipe_low_bytes: 1_024,
//!         ..Standard::SPEC
//!     };
//! }
//!
//! const S: Spec = Own::SPEC;
//! type OwnMemory = Memory<
//!     { S.pipe_bytes_max as usize },
//!     { S.pipe_frames_max as usize },
//!     { S.envelope_bytes_max as usize },
//!     { S.slots() },
//!     { S.streams_max as usize },
//! >;
//! const _: () = assert!(OwnMemory::CAPACITY.holds(&S).is_ok());
//! let side = Endpoint::<Fixed<Own>, OwnMemory>::vacant(Fixed::new());
//! # assert!(side.lifecycle().is_none());
//! ```
//!
//! The times of [`Standard`], [`Small`] and [`Large`] are meant for ticks of one millisecond.
//!
//! # Fields
//!
//! Two peers hold the same profile, or no session opens: every field is in the generation hash. Sizes are bytes, times are ticks.
//!
//! | field | range | what it changes |
//! |---|---|---|
//! | `id` | 8 bytes | which peers fit: rule 1 |
//! | `seed` | any; 0 for a hand-written profile | another seed is another profile: rule 2; a file whose `id` is not that of its seed is refused |
//! | `schema_version` | 1 | how the fields are read: rule 3 |
//! | `compiler_security_version` | at least `compiler_security_min` | what the peer's minimum is compared with: rule 4 |
//! | `compiler_security_min` | any | which peers are refused by rule 4 |
//! | `runtime_version_min` | at most this runtime's, 1 | which peers are refused by rule 5 |
//! | `checksum` | a class | the end of every frame, and which other frames are refused |
//! | `hamming_distance` | at most what the checksum guarantees at the longest payload | which lengths are sound |
//! | `frame_bytes_max` | a header, the longest payload and a checksum, or more | longer frames are `oversized_frame` |
//! | `payload_bytes_max` | 179 to 65,535 | longer payloads are `oversized_payload` |
//! | `fragments_max` | 1 to 16, at most `sequence_window` | messages of more fragments are not sent, and are `fragment_count` |
//! | `fragment` | a policy | where messages are cut |
//! | `fragment_bytes` | 1 to `payload_bytes_max` | the length of fragments under `fixed_fragment` |
//! | `envelope_bytes_max` | 25 to what the fragments hold | the longest message is 24 less: rule 9 |
//! | `pipe_bytes_max` | a message, a control frame and one frame more | how many bytes wait for the link before pressure refuses |
//! | `pipe_frames_max` | more than `fragments_max` | how many frames do |
//! | `pipe_high_bytes` | above `pipe_low_bytes`, at most `pipe_bytes_max` | when pressure rises |
//! | `pipe_low_bytes` | below `pipe_high_bytes` | when it clears |
//! | `sequence` | a policy | whether frames of a stream may come out of order |
//! | `sequence_window` | 1 to 64 | how far ahead a frame may be |
//! | `replay` | a policy; the first two with strict `sequence` | which envelopes may be late |
//! | `replay_width` | 32 to 1,024 | how late under `windowed_replay`: rule 11 |
//! | `reorder_max` | 1 to `replay_width` | how late under `bounded_reorder` |
//! | `reassembly_ticks` | 1 to 2^31 - 1 | when an incomplete message is dropped, and a gap is fatal |
//! | `streams_max` | at least 1 | streams at a time, both sides together: rule 10 |
//! | `server_streams` | at most `streams_max` | the server's share of them |
//! | `stream_credit` | 1 to 1 + `session_credit` | messages of a stream that may be unread |
//! | `session_credit` | any | messages of all streams beyond one each |
//! | `priority` | a policy | whose turn it is when the pipe is full |
//! | `suites` | at least one, known | which suites may be selected: rule 6 |
//! | `carriers` | at least one, known | which carriers the profile may run over: rule 8 |
//! | `required` | known | the floor: rule 7 |
//! | `retry_ticks` | 1 to 2^31 - 1 | when handshake, close and reset are said again, a turn lapses, and a handshake that waits may yield |
//! | `retries_max` | any | how often a handshake message is said again |
//! | `handshake_ticks` | above `retry_ticks` | when a handshake fails |
//! | `ping_ticks` | at least 1, below `idle_ticks` unless that is 0 | when a quiet peer is probed, and told pressure lapses |
//! | `idle_ticks` | any below 2^31; 0 for never | when silence ends a session |
//! | `drain_ticks` | above `reassembly_ticks` and `retry_ticks` | when a close fails |
//!
//! # Canonical encoding (normative)
//!
//! Every field of [`Spec`] in the order of the structure, integers little endian at their own width, enums as their code, sets as
//! their bits: 93 bytes. No padding and no lengths: every field has a fixed width, so two profiles that differ never encode
//! alike. The [`generation_hash`] is SHA-256 over `"kurdistan/1 profile"`, the length of the encoding as `u16` little endian, and
//! the encoding.
//!
//! Both carriers are a [`Policy`]: the rules of [`Guards`](crate::guard::Guards) together with the numbers of one profile. The same
//! engine serves both.

mod check;
mod encoding;
mod generate;
mod policy;
mod spec;
mod standard;

pub use check::SpecError;
pub use encoding::{SPEC_BYTES, generation_hash};
pub use generate::StorageClass;
pub use policy::{Fixed, Loaded, Policy, Profile};
pub use spec::{ProfileId, Spec};
pub use standard::{Large, Small, Standard};

/// Schema of [`Spec`] that this version reads and writes.
pub const SCHEMA_VERSION: u16 = 1;
/// Version of this runtime, told to the peer.
pub const RUNTIME_VERSION: u16 = 1;
