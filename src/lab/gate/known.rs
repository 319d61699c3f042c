//! Known answers, made by an implementation of its own.

use sha2::{Digest, Sha256};

use crate::lab::{Counter, Subject, Tally};
use crate::profile::{Policy, Profile, Standard};
use crate::secure::{Fresh, Secret};
use crate::session::{Config, Session};
use crate::vocab::{ChecksumClass, EnvelopeClass, FrameFacts, FrameKind, Id, MetadataClass, Role, Suite};
use crate::wire::checksum;

/// Check values of the CRC catalogue over `123456789`.
const CHECKSUMS: [(ChecksumClass, u32); 3] = [
    (ChecksumClass::Crc16, 0x906e),
    (ChecksumClass::Crc32c, 0xe306_9283),
    (ChecksumClass::Crc32Autosar, 0x1697_d06a),
];

/// SHA-256 over hello, accept, confirm and the client's first three envelopes of the handshake `both_expected` in
/// `tests/vectors/handshakes.txt`, which the independent peer has made.
const TRANSCRIPT: [u8; 32] = [
    0x33, 0x3d, 0xc4, 0x79, 0x73, 0x00, 0xeb, 0xca, 0x8c, 0x75, 0x1e, 0xb2, 0x74, 0x85, 0x01, 0xab, 0x30,
    0x95, 0xab, 0x75, 0xf7, 0x52, 0x67, 0x4d, 0x54, 0x15, 0x27, 0x83, 0x2d, 0x69, 0x54, 0xfd,
];

/// What the known session sends after its handshake: class, kind, metadata, stream, first sequence, plaintext bytes.
const MESSAGES: [(EnvelopeClass, MetadataClass, u32, u64); 3] = [
    (EnvelopeClass::Data, MetadataClass::Runtime, 1, 1),
    (EnvelopeClass::Ping, MetadataClass::Runtime, 0, 2),
    (EnvelopeClass::Data, MetadataClass::Proxy, 1, 2),
];

pub(super) fn run<S: Subject>(subject: S, tally: &mut Tally) {
    for (case, (class, value)) in (0_u32..).zip(CHECKSUMS) {
        tally.count(Counter::KnownAnswers, 1);
        tally.expect(checksum(class, b"123456789") == value, case, "a checksum differs from the catalogue's");
    }
    let spec = Standard::SPEC;
    let digest = subject.known(&spec).and_then(|policy| transcript(policy, tally));
    tally.expect(
        digest == Some(TRANSCRIPT),
        10,
        "a known session says other bytes than the independent peer's",
    );
}

/// The digest of everything that the known session says; `None` when it does not open.
fn transcript<P: Policy>(policy: P, tally: &mut Tally) -> Option<[u8; 32]> {
    let mut said = Sha256::new();
    let (client, hello) = side(policy, Role::Client)?.start().ok()?;
    let (server, accept) =
        side(policy, Role::Server)?.listen().ok()?.receive(hello.as_bytes()).ok()?.into_next()?;
    let (client, confirm) = client.receive(accept.as_bytes()).ok()?.into_next()?;
    let _server = server.receive(confirm.as_bytes()).ok()?.into_next()?;
    let mut client = client.confirmed().ok()?;
    for message in [&hello, &accept, &confirm] {
        said.update(message.as_bytes());
        tally.count(Counter::KnownAnswers, 1);
    }
    let mut pattern = [0; 100];
    for (at, byte) in (0_u32..).zip(&mut pattern) {
        *byte = (at * 11 + 301) as u8;
    }
    let mut ping = [0, 1, 0, 0, 0, 0, 0, 0, 0];
    let texts = [&mut [4][..], &mut ping, &mut pattern];
    for ((class, metadata, stream, first_sequence), text) in MESSAGES.into_iter().zip(texts) {
        let kind = if class.is_data() { FrameKind::Data } else { FrameKind::Control };
        let facts = FrameFacts { stream, kind, metadata, first_sequence };
        let sealed = client.seal(class, &facts, text).ok()?;
        said.update(sealed.head);
        said.update(&*text);
        said.update(sealed.tag);
        tally.count(Counter::KnownAnswers, 1);
    }
    tally.count(Counter::KnownAnswers, 1);
    Some(said.finalize().into())
}

fn side<P: Policy>(policy: P, role: Role) -> Option<Session<crate::session::New, P>> {
    let mut secret = [0; 32];
    for (at, byte) in (0x40..).zip(&mut secret) {
        *byte = at;
    }
    let (id, step) = match role {
        Role::Client => ("device-7", 3_u32),
        Role::Server => ("host-1", 5),
    };
    let mut random = [0; 32];
    for (at, byte) in (1..).zip(&mut random) {
        *byte = (at * step) as u8;
    }
    let config = Config::new(role, Id::new(id).ok()?, Id::new("k1").ok()?, Secret::new(&secret).ok()?);
    // What is told does not depend on the suites of this build.
    let config = config.suites(&[Suite::ChaCha20Poly1305]).ok()?;
    let config = if role == Role::Client { config.expect(Id::new("host-1").ok()?) } else { config };
    Session::new(policy, config, Fresh::from_random(random)).ok()
}
