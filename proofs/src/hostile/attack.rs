//! What an attacker without a key can make of what it has heard.

use kurdistan::vocab::{FrameKind, MetadataClass, Role};
use kurdistan::wire::{HEADER_BYTES, checksum};

use super::profile::spec;
use crate::bytes::pick;

/// One thing that an attacker does.
#[derive(Clone, Copy, Debug)]
pub enum Attack {
    /// Bytes.
    Inject(Making),
    /// Lets time pass, this many ticks; the victim is polled or not.
    Wait { ticks: u16, polls: bool },
    /// The link takes what the victim has to say.
    Drain,
}

/// How bytes are made; where one is heard, `which` picks it.
#[derive(Clone, Copy, Debug)]
pub enum Making {
    /// Random bytes.
    Raw { length: usize, seed: u32 },
    /// A frame that was heard.
    Replay { which: u16 },
    /// One with another field in its header.
    Field { which: u16, field: u8, value: u32 },
    /// One that is cut; with a right length and checksum, or as it is.
    Cut { which: u16, bytes: u16, sealed: bool },
    /// One with bytes at its end; with a right length and checksum, or as it is.
    Extend { which: u16, bytes: u16, sealed: bool },
    /// One with a bit turned; with a right checksum, or as it is.
    Flip { which: u16, bit: u16, sealed: bool },
    /// One with another byte in its payload, under the class of its last 32 bytes, or its own.
    Message { which: u16, at: u8, value: u8, follows: bool },
    /// The last 32 bytes of one, behind as many bytes of one's own.
    Tail { which: u16, first: u8, more: u8 },
    /// One of the latest frames, with its final flag turned.
    Final { which: u16 },
    /// A well-formed frame.
    Frame(Shape),
}

/// A well-formed frame, or nearly: each number picks an edge.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Kind and metadata class.
    kind: u8,
    stream: u8,
    sequence: u8,
    /// Index, count and offset.
    cut: u8,
    /// Flags and class.
    flags: u8,
    /// First byte and length of the payload.
    payload: u8,
    seed: u8,
}

/// What an attacker knows besides the frames that it has heard.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Who receives.
    pub role: Role,
    /// The session id class of the frames that it takes.
    pub class: u16,
    /// So many of the heard frames are of this session; they come first.
    pub own: usize,
    /// Stream and sequence of a message that is under way.
    pub message: (u32, u64),
}

impl Attack {
    /// Bytes of one encoded attack.
    pub const BYTES: usize = 8;

    /// The attack that eight bytes name.
    pub fn from_bytes([what, a, b, c, d, e, f, g]: [u8; Self::BYTES]) -> Self {
        const LENGTHS: [usize; 16] =
            [0, 1, 23, 24, 25, 27, 28, 29, 59, 60, 61, 283, 284, 285, 65_535, 70_000];
        let which = u16::from_le_bytes([a, b]);
        let (number, wide) = (u16::from_le_bytes([c, d]), u32::from_le_bytes([c, d, e, f]));
        let sealed = g % 2 == 0;
        Self::Inject(match what % 22 {
            0 => Making::Raw { length: pick(&LENGTHS, a), seed: wide },
            1 => Making::Raw { length: usize::from(number % 300), seed: wide },
            2 | 3 => Making::Replay { which },
            4..=6 => Making::Field { which, field: g, value: wide },
            7 => Making::Cut { which, bytes: number, sealed },
            8 => Making::Extend { which, bytes: number, sealed },
            9 | 10 => Making::Flip { which, bit: number, sealed },
            11 | 12 => Making::Message { which, at: c, value: d, follows: sealed },
            13 => Making::Tail { which, first: c, more: d },
            14..=17 => Making::Frame(Shape {
                kind: a,
                stream: b,
                sequence: c,
                cut: d,
                flags: e,
                payload: f,
                seed: g,
            }),
            18 | 19 => Making::Final { which },
            20 => {
                let ticks = pick(&[1, 150, 500, 2_000], a);
                return Self::Wait { ticks, polls: b % 2 == 0 };
            }
            _ => return Self::Drain,
        })
    }
}

impl Making {
    /// The bytes. `heard` is not empty.
    pub fn bytes(self, heard: &[Vec<u8>], target: Target) -> Vec<u8> {
        let one = |which: u16| {
            let among = if which.is_multiple_of(2) || target.own == 0 { heard.len() } else { target.own };
            heard[usize::from(which / 2) % among].clone()
        };
        match self {
            Self::Raw { length, seed } => noise(seed, length),
            Self::Replay { which } => one(which),
            Self::Field { which, field, value } => with_field(one(which), field, value),
            Self::Cut { which, bytes, sealed } => {
                let mut frame = one(which);
                let length = frame.len() - 1 - usize::from(bytes) % frame.len();
                frame.truncate(length);
                if sealed { resealed(frame) } else { frame }
            }
            Self::Extend { which, bytes, sealed } => {
                let mut frame = one(which);
                frame.resize(frame.len() + 1 + usize::from(bytes % 300), 0x5a);
                if sealed { resealed(frame) } else { frame }
            }
            Self::Flip { which, bit, sealed } => {
                let mut frame = one(which);
                let at = usize::from(bit / 8) % frame.len();
                frame[at] ^= 1 << (bit % 8);
                if sealed { summed(frame) } else { frame }
            }
            Self::Message { which, at, value, follows } => {
                let mut frame = one(which);
                let payload = payload_of(&frame);
                let at = payload.start + usize::from(at) % payload.len().max(1);
                frame[at] = value;
                if follows && payload.len() >= 32 {
                    let tag = payload.end - 32;
                    let class = [frame[tag], frame[tag + 1]];
                    frame[4..6].copy_from_slice(&class);
                }
                summed(frame)
            }
            Self::Tail { which, first, more } => tail(&one(which), first, more),
            Self::Final { which } => {
                let own = if target.own == 0 { heard } else { &heard[..target.own] };
                let latest = &own[own.len().saturating_sub(6)..];
                let mut frame = latest[usize::from(which) % latest.len()].clone();
                frame[2] ^= 1;
                summed(frame)
            }
            Self::Frame(shape) => shape.bytes(target),
        }
    }
}

/// Index, count and offset of a fragment.
const CUTS: [[u16; 3]; 13] = [
    [0, 1, 0],
    [0, 1, 0],
    [0, 2, 0],
    [0, 3, 0],
    [1, 2, 180],
    [1, 3, 180],
    [2, 3, 360],
    [3, 4, 460],
    [1, 3, 1],
    [2, 3, 256],
    [1, 2, u16::MAX],
    [0, 0, 0],
    [15, 16, 500],
];

impl Shape {
    fn bytes(self, target: Target) -> Vec<u8> {
        const LENGTHS: [usize; 13] = [0, 1, 2, 24, 25, 32, 33, 41, 150, 180, 255, 256, 258];
        const STREAMS: [u32; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 255, u32::MAX];
        const SEQUENCES: [u64; 20] = [
            0,
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            10,
            11,
            12,
            13,
            64,
            65,
            1_000,
            u32::MAX as u64,
            u64::MAX - 1,
            u64::MAX,
        ];
        let kind =
            if self.kind.is_multiple_of(16) { self.kind } else { pick(FrameKind::ALL, self.kind).code() };
        let sends = if target.role == Role::Server { 0 } else { 4 };
        let reset = if kind == FrameKind::Reset.code() { 2 } else { 0 };
        let flags = match self.flags % 16 {
            0 => self.flags,
            1 | 2 => sends | reset | 1,
            _ => sends | reset,
        };
        let class = if self.flags / 16 == 0 { u16::from(self.seed) } else { target.class };
        let [index, count, offset] = pick(&CUTS, self.cut);
        let mut frame = vec![0x12, kind, flags, pick(MetadataClass::ALL, self.kind / 8).code()];
        frame.extend(class.to_le_bytes());
        frame.extend([index as u8, count as u8]);
        frame.extend(offset.to_le_bytes());
        frame.extend([0; 2]);
        let (stream, sequence) = if self.stream >= 160 {
            let (stream, first) = target.message;
            (stream, first + pick(&[u64::from(index), u64::from(index), 1, 0], self.sequence))
        } else {
            (pick(&STREAMS, self.stream), pick(&SEQUENCES, self.sequence))
        };
        frame.extend(stream.to_le_bytes());
        frame.extend(sequence.to_le_bytes());
        let mut payload = noise(u32::from(self.seed), pick(&LENGTHS, self.payload / 8));
        let envelope = [self.payload % 12, self.sequence % 12, 0, 0, 0, 0, 0, 0];
        payload.iter_mut().zip(envelope).for_each(|(place, byte)| *place = byte);
        frame.extend(payload);
        frame.extend([0; 4]);
        resealed(frame)
    }
}

/// The last 32 bytes of a frame's payload, behind as many bytes of one's own.
fn tail(heard: &[u8], first: u8, more: u8) -> Vec<u8> {
    let mut frame = heard[..HEADER_BYTES].to_vec();
    frame.resize(HEADER_BYTES + usize::from(more % 160), 0);
    if let Some(place) = frame.get_mut(HEADER_BYTES) {
        *place = first % 10;
    }
    let payload = payload_of(heard);
    frame.extend(&heard[payload.end.saturating_sub(32).max(payload.start)..payload.end]);
    frame.extend([0; 4]);
    resealed(frame)
}

/// Where the payload of a whole frame lies.
pub fn payload_of(frame: &[u8]) -> std::ops::Range<usize> {
    HEADER_BYTES..frame.len().saturating_sub(spec().checksum.bytes()).max(HEADER_BYTES)
}

/// Writes a field of the header: an edge, or any value.
fn with_field(mut frame: Vec<u8>, field: u8, value: u32) -> Vec<u8> {
    const FIELDS: [(usize, usize); 11] =
        [(0, 1), (1, 1), (2, 1), (3, 1), (4, 2), (6, 1), (7, 1), (8, 2), (10, 2), (12, 4), (16, 8)];
    let (at, bytes) = pick(&FIELDS, field);
    let mut old = [0; 8];
    old[..bytes].copy_from_slice(&frame[at..at + bytes]);
    let (old, [edge, ..]) = (u64::from_le_bytes(old), value.to_le_bytes());
    let value = match edge % 12 {
        0 => 0,
        1 => 1,
        2 => u64::MAX,
        3 => u64::MAX - 1,
        4 => old.wrapping_add(1),
        5 => old.wrapping_sub(1),
        6 => old.wrapping_add(8),
        7 => old.wrapping_add(64),
        8 => old ^ 1,
        9 => old ^ (1 << (value >> 8 & 63)),
        _ => u64::from(value >> 8),
    };
    frame[at..at + bytes].copy_from_slice(&value.to_le_bytes()[..bytes]);
    summed(frame)
}

/// The frame with a right length and checksum.
fn resealed(mut frame: Vec<u8>) -> Vec<u8> {
    let payload = payload_of(&frame);
    if frame.len() >= payload.end + spec().checksum.bytes() {
        let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
        frame[10..12].copy_from_slice(&length.to_le_bytes());
    }
    summed(frame)
}

/// The frame with a right checksum.
fn summed(mut frame: Vec<u8>) -> Vec<u8> {
    if let Some(covered) = frame.len().checked_sub(spec().checksum.bytes()) {
        let sum = checksum(spec().checksum, &frame[..covered]).to_le_bytes();
        frame[covered..].copy_from_slice(&sum);
    }
    frame
}

fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = u64::from(seed) | 1 << 40;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}
