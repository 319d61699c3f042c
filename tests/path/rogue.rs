//! A genuine peer that breaks rules: a typed session with keys, frames made by hand, and the endpoint that must bear it.

use std::collections::BTreeMap;

use kurdistan::endpoint::{Endpoint, Reject, Storage};
use kurdistan::profile::Policy;
use kurdistan::secure::Fresh;
use kurdistan::session::{CloseBody, Open, Session, Step};
use kurdistan::vocab::{
    CloseReason, ENVELOPE_OVERHEAD, EnvelopeClass, FrameFacts, FrameKind, Lifecycle, MetadataClass, Role,
    Ticks,
};
use kurdistan::wire::{self, Header, decode, frame_bytes};

use crate::pair::config;

/// What the endpoint has said: one opened envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub class: EnvelopeClass,
    pub stream: u32,
    pub body: Vec<u8>,
}

pub struct Rogue<P, M> {
    pub now: Ticks,
    /// The side under test.
    pub side: Box<Endpoint<P, M>>,
    pub session: Session<Open, P>,
    /// The session id class of its frames.
    pub class: u16,
    /// Control sequence that was used last.
    pub control: u64,
    /// Frame sequence that was used last, by stream.
    sequences: BTreeMap<u32, u64>,
}

impl<P: Policy, M: Storage> Rogue<P, M> {
    /// A rogue of this role and an endpoint of the other one, both open; the endpoint has been heard and has nothing to say.
    pub fn new(policy: P, role: Role) -> Self {
        let now = Ticks(u32::MAX - 700);
        let mut side = Box::new(Endpoint::vacant(policy));
        side.start(now, config(role.peer()), Fresh::from_random([3; 32])).expect("an endpoint");
        let session = Session::new(policy, config(role), Fresh::from_random([4; 32])).expect("a session");
        let (session, class) = match role {
            Role::Client => {
                let (session, hello) = session.start().expect("a client");
                let class = class_of(hello.as_bytes());
                let frame = handshake_frame(&policy, role, class, 1, hello.as_bytes());
                side.receive(now, &frame).expect("a hello");
                let accept = payload(&one(&mut side, now));
                let (session, confirm) = next(session.receive(&accept).expect("compatible"));
                let frame = handshake_frame(&policy, role, class, 2, confirm.as_bytes());
                side.receive(now, &frame).expect("a confirm");
                (session.confirmed().expect("a client"), class)
            }
            Role::Server => {
                let session = session.listen().expect("a server");
                let hello = payload(&one(&mut side, now));
                let class = class_of(&hello);
                let (session, accept) = next(session.receive(&hello).expect("compatible"));
                let frame = handshake_frame(&policy, role, class, 1, accept.as_bytes());
                side.receive(now, &frame).expect("an accept");
                let confirm = payload(&one(&mut side, now));
                (next(session.receive(&confirm).expect("a server")), class)
            }
        };
        assert_eq!(side.lifecycle(), Some(Lifecycle::Open));
        let sequences = BTreeMap::new();
        let mut rogue = Self { now, side, session, class, control: 2, sequences };
        if role == Role::Server {
            rogue.ping(true, 0).expect("an answer");
        }
        rogue.hear();
        rogue
    }

    /// The header of a frame with one fragment.
    pub fn header(&self, kind: FrameKind, stream: u32, sequence: u64) -> Header {
        let is_control = kind != FrameKind::Data;
        Header {
            kind,
            is_final: false,
            direction: self.session.role().sends(),
            metadata: if is_control { MetadataClass::Runtime } else { MetadataClass::Unspecified },
            session_class: self.class,
            fragment_index: 0,
            fragment_count: 1,
            fragment_offset: 0,
            stream,
            sequence,
        }
    }

    /// Any payload under any header.
    pub fn frame(&self, header: &Header, payload: &[u8]) -> Vec<u8> {
        encode(self.session.policy(), self.session.role(), header, payload)
    }

    /// A whole envelope, sealed for the frame with this header.
    pub fn envelope(&mut self, class: EnvelopeClass, header: &Header, body: &[u8]) -> Vec<u8> {
        let facts = FrameFacts {
            stream: header.stream,
            kind: header.kind,
            metadata: header.metadata,
            first_sequence: header.sequence - u64::from(header.fragment_index),
        };
        let mut text = body.to_vec();
        let sealed = self.session.seal(class, &facts, &mut text).expect("room for another envelope");
        [&sealed.head[..], &text, &sealed.tag].concat()
    }

    /// A sealed frame of this class: the next one of its stream, or of the control frames.
    pub fn sealed(&mut self, class: EnvelopeClass, stream: u32, body: &[u8]) -> Vec<u8> {
        let last =
            if class.is_data() { self.sequences.entry(stream).or_default() } else { &mut self.control };
        *last += 1;
        let sequence = *last;
        let mut header = self.header(class.frame_kind(), stream, sequence);
        header.is_final = class.ends_stream();
        let envelope = self.envelope(class, &header, body);
        self.frame(&header, &envelope)
    }

    /// The frames of one data message, its envelope cut into pieces of `bytes`.
    pub fn cut(&mut self, stream: u32, body: &[u8], bytes: usize) -> Vec<Vec<u8>> {
        let last = self.sequences.entry(stream).or_default();
        let first = *last + 1;
        let count = (body.len() + ENVELOPE_OVERHEAD).div_ceil(bytes);
        *last += count as u64;
        let mut header = self.header(FrameKind::Data, stream, first);
        let envelope = self.envelope(EnvelopeClass::Data, &header, body);
        header.fragment_count = count as u8;
        let pieces = envelope.chunks(bytes).enumerate().map(|(index, piece)| {
            header.fragment_index = index as u8;
            header.fragment_offset = (index * bytes) as u16;
            header.sequence = first + index as u64;
            self.frame(&header, piece)
        });
        pieces.collect()
    }

    /// Seals a frame and hands it to the endpoint.
    pub fn say(&mut self, class: EnvelopeClass, stream: u32, body: &[u8]) -> Result<(), Reject> {
        let frame = self.sealed(class, stream, body);
        self.give(&frame)
    }

    pub fn give(&mut self, frame: &[u8]) -> Result<(), Reject> {
        self.side.receive(self.now, frame)
    }

    pub fn ping(&mut self, answer: bool, last: u64) -> Result<(), Reject> {
        let body = [&[u8::from(answer)][..], &last.to_le_bytes()].concat();
        self.say(EnvelopeClass::Ping, 0, &body)
    }

    pub fn credit(&mut self, stream: u32, limit: u64) -> Result<(), Reject> {
        self.say(EnvelopeClass::Credit, stream, &limit.to_le_bytes())
    }

    pub fn close(&mut self) -> Result<(), Reject> {
        let body = CloseBody::new(CloseReason::Done, self.session.counts()).encode();
        self.say(EnvelopeClass::Close, 0, &body)
    }

    /// Everything that the endpoint has to say, as frames.
    pub fn drain(&mut self) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        while let Some(frame) = self.side.poll_transmit(self.now) {
            frames.push(frame.bytes().to_vec());
            frame.sent();
        }
        frames
    }

    /// Everything that the endpoint has to say in envelopes of one frame each.
    pub fn hear(&mut self) -> Vec<Heard> {
        self.drain().iter().map(|frame| self.open(frame)).collect()
    }

    /// The classes of what the endpoint has to say, each with its stream.
    pub fn hear_classes(&mut self) -> Vec<(EnvelopeClass, u32)> {
        self.hear().into_iter().map(|heard| (heard.class, heard.stream)).collect()
    }

    /// Lets time pass.
    pub fn wait(&mut self, ticks: u32) {
        self.now = self.now.plus(ticks);
        self.side.poll(self.now);
    }

    fn open(&mut self, frame: &[u8]) -> Heard {
        let policy = *self.session.policy();
        let limits = policy.spec().frame_limits(self.session.role());
        let view = decode(frame, &limits, &policy).expect("a legal frame");
        assert_eq!((view.session_class(), view.fragment_count()), (self.class, 1));
        let facts = FrameFacts {
            stream: view.stream(),
            kind: view.kind(),
            metadata: view.metadata(),
            first_sequence: view.first_sequence(),
        };
        let mut envelope = view.payload().to_vec();
        let opened = self.session.open(&facts, view.is_final(), &mut envelope).expect("a genuine envelope");
        Heard { class: opened.class, stream: view.stream(), body: envelope[opened.body].to_vec() }
    }
}

/// The same frame with another header, and a checksum that fits.
pub fn reframed<P: Policy>(policy: &P, from: Role, frame: &[u8], change: impl Fn(&mut Header)) -> Vec<u8> {
    let view = decode(frame, &policy.spec().frame_limits(from.peer()), policy).expect("a legal frame");
    let mut header = view.header();
    change(&mut header);
    encode(policy, from, &header, view.payload())
}

/// The same frame with its last payload byte changed, and a checksum that fits.
pub fn forged<P: Policy>(policy: &P, from: Role, frame: &[u8]) -> Vec<u8> {
    let view = decode(frame, &policy.spec().frame_limits(from.peer()), policy).expect("a legal frame");
    let mut payload = view.payload().to_vec();
    *payload.last_mut().expect("a payload") ^= 1;
    encode(policy, from, &view.header(), &payload)
}

pub fn encode<P: Policy>(policy: &P, from: Role, header: &Header, payload: &[u8]) -> Vec<u8> {
    let spec = policy.spec();
    let mut frame = vec![0; frame_bytes(spec.checksum, payload.len())];
    let fill = |place: &mut [u8]| place.copy_from_slice(payload);
    let limits = spec.frame_limits(from.peer());
    wire::encode(header, spec.checksum, payload.len(), &limits, policy, &mut frame, fill)
        .expect("a legal frame");
    frame
}

/// A handshake message of `from` as a frame.
pub fn handshake_frame<P: Policy>(
    policy: &P,
    from: Role,
    class: u16,
    sequence: u64,
    message: &[u8],
) -> Vec<u8> {
    let header = Header {
        kind: FrameKind::Control,
        is_final: false,
        direction: from.sends(),
        metadata: MetadataClass::Runtime,
        session_class: class,
        fragment_index: 0,
        fragment_count: 1,
        fragment_offset: 0,
        stream: 0,
        sequence,
    };
    encode(policy, from, &header, message)
}

/// The session id class that a hello brings: the first two bytes of its binder.
pub fn class_of(hello: &[u8]) -> u16 {
    let binder = hello.last_chunk::<32>().expect("a hello");
    u16::from_le_bytes([binder[0], binder[1]])
}

/// The payload of a frame with a 4-byte checksum.
pub fn payload(frame: &[u8]) -> Vec<u8> {
    frame[24..frame.len() - 4].to_vec()
}

fn one<P: Policy, M: Storage>(side: &mut Endpoint<P, M>, now: Ticks) -> Vec<u8> {
    let frame = side.poll_transmit(now).expect("a frame");
    let bytes = frame.bytes().to_vec();
    frame.sent();
    bytes
}

fn next<A, B>(step: Step<A, B>) -> B {
    step.into_next().expect("a genuine message")
}
