//! Known answers, made by an implementation of its own.

use sha2::{Digest, Sha256};

use crate::lab::{Counter, Subject, Tally};
use crate::profile::{Policy, Profile, Standard};
use crate::secure::{Fresh, Secret};
use crate::session::{Config, Session};
use crate::vocab::{ChecksumClass, EnvelopeClass, FrameFacts, FrameKind, Id, MetadataClass, Role};
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
    0xbe, 0xbd, 0xcd, 0x39, 0xd9, 0x06, 0x2d, 0x77, 0x6b, 0x3c, 0xd7, 0x06, 0x76, 0xac, 0x2b, 0xe9, 0x76,
    0xfd, 0xef, 0xb2, 0x6a, 0xd3, 0x3f, 0x2a, 0x61, 0xa9, 0x76, 0xc1, 0xc0, 0xe3, 0x45, 0x3f,
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
    let config = if role == Role::Client { config.expect(Id::new("host-1").ok()?) } else { config };
    Session::new(policy, config, Fresh::from_random(random)).ok()
}
