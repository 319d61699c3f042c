//! States in which operations are counted: `benches/instructions.rs` counts them, `check` compares the counts.

use std::hint::black_box;

use kurdistan::profile::{Fixed, Profile, Standard};
use kurdistan::secure::{Fresh, ReplayRing, Secret};
use kurdistan::session::{Config, Open, Session};
use kurdistan::transport::{PipeBuffer, SlotBuffer};
use kurdistan::vocab::{Direction, EnvelopeClass, FrameFacts, FrameKind, Id, MetadataClass, Role};
use kurdistan::wire::{FrameView, Header, decode, encode, frame_bytes};

/// The policy of every count: the default profile, known at compile time.
pub const RULES: Fixed<Standard> = Fixed::new();

/// Bytes of the payloads, frames in the pipe and messages that are counted.
pub const BYTES: usize = 64;

/// Fragments of the message that is joined, and the bytes of each.
const PARTS: u8 = 2;
const PART_BYTES: usize = 400;

/// What the frame of every envelope says.
pub const FACTS: FrameFacts =
    FrameFacts { stream: 1, kind: FrameKind::Data, metadata: MetadataClass::Runtime, first_sequence: 1 };

/// A header, its payload, and their frame.
pub struct Encoded {
    /// The header.
    pub header: Header,
    /// The payload.
    pub payload: Vec<u8>,
    /// The frame.
    pub frame: Vec<u8>,
}

/// One whole frame.
#[must_use]
pub fn encoded() -> Box<Encoded> {
    Box::new(part(0, 1, BYTES))
}

/// One fragment of `count`.
fn part(index: u8, count: u8, bytes: usize) -> Encoded {
    let header = Header {
        kind: FrameKind::Data,
        is_final: false,
        direction: Direction::ClientToServer,
        metadata: MetadataClass::Runtime,
        session_class: 7,
        fragment_index: index,
        fragment_count: count,
        fragment_offset: bytes as u16 * u16::from(index),
        stream: 1,
        sequence: 1 + u64::from(index),
    };
    let class = Standard::SPEC.checksum;
    let limits = Standard::SPEC.frame_limits(Role::Server);
    let payload = vec![0x5a; bytes];
    let mut frame = vec![0; frame_bytes(class, bytes)];
    let fill = |place: &mut [u8]| place.copy_from_slice(&payload);
    encode(&header, class, bytes, &limits, &RULES, &mut frame, fill).expect("a legal frame");
    Encoded { header, payload, frame }
}

/// Memory of the default profile's pipe.
pub type Pipe = PipeBuffer<16_384, 64>;

/// An empty pipe, and a frame for it.
#[must_use]
pub fn pipe() -> Box<(Pipe, [u8; BYTES])> {
    Box::new((PipeBuffer::EMPTY, [0x5a; BYTES]))
}

/// A window that has turned more than once.
#[must_use]
pub fn ring() -> Box<ReplayRing> {
    let mut ring = Box::new(ReplayRing::EMPTY);
    (1..=2_000).for_each(|sequence| ring.commit(sequence));
    ring
}

/// Memory of the default profile's reassembly.
pub type Slots = SlotBuffer<1_048, 16>;

/// The frames of one message.
pub type Decoded = [FrameView<'static>; PARTS as usize];

/// Empty slots, and the frames of one message.
#[must_use]
pub fn decoded() -> Box<(Slots, Decoded)> {
    let limits = Standard::SPEC.frame_limits(Role::Server);
    let view = |index| {
        // Leaked: a view borrows its frame, and a state owns what it counts.
        let frame = part(index, PARTS, PART_BYTES).frame.leak();
        decode(frame, &limits, &RULES).expect("a genuine frame")
    };
    Box::new((SlotBuffer::EMPTY, [view(0), view(1)]))
}

/// One side of an open session.
pub type Side = Session<Open, Fixed<Standard>>;

/// Both sides of an open session, and a message.
pub struct Pair {
    /// The client.
    pub client: Side,
    /// The server.
    pub server: Side,
    /// The message.
    pub message: [u8; BYTES],
}

/// Both sides after their handshake.
#[must_use]
pub fn pair() -> Box<Pair> {
    handshake([Role::Client, Role::Server].map(config))
}

/// A configuration of this role.
#[must_use]
pub fn config(role: Role) -> Config {
    let name = match role {
        Role::Client => "sensor",
        Role::Server => "host",
    };
    let id = |text| Id::new(text).expect("a legal id");
    let secret = Secret::new(b"32 random bytes, not these ones!").expect("a legal secret");
    Config::new(role, id(name), id("key-1"), secret)
}

/// A whole handshake, both sides, from configurations to open sessions.
#[must_use]
pub fn handshake([client, server]: [Config; 2]) -> Box<Pair> {
    let session = |config, random| Session::new(RULES, config, Fresh::from_random(black_box([random; 32])));
    let (client, hello) = session(client, 1).expect("a client").start().expect("a hello");
    let server = session(server, 2).expect("a server").listen().expect("a listener");
    let step = server.receive(hello.as_bytes()).expect("no failure");
    let (server, accept) = step.into_next().expect("an accept");
    let step = client.receive(accept.as_bytes()).expect("no failure");
    let (client, confirm) = step.into_next().expect("a confirm");
    let step = server.receive(confirm.as_bytes()).expect("no failure");
    let client = client.confirmed().expect("an open client");
    let server = step.into_next().expect("an open server");
    Box::new(Pair { client, server, message: [0x5a; BYTES] })
}

/// The receiving side, and an envelope for it.
pub struct Receiver {
    /// The server.
    pub server: Side,
    /// The envelope.
    pub envelope: Vec<u8>,
}

/// A server that has not yet opened the client's first envelope.
#[must_use]
pub fn receiver() -> Box<Receiver> {
    let Pair { mut client, server, mut message } = *pair();
    let sealed = client.seal(EnvelopeClass::Data, &FACTS, &mut message).expect("a seal");
    let envelope = [&sealed.head[..], &message, &sealed.tag].concat();
    Box::new(Receiver { server, envelope })
}
