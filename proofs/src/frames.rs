//! The frame codec against a decoder that is slow and obvious: the table of the rustdoc of `kurdistan::wire`, rule by rule.

use kurdistan::guard::Sound;
use kurdistan::vocab::{ChecksumClass, Direction, FrameKind, FrameReject, MetadataClass};
use kurdistan::wire::{
    EncodeRefusal, FrameLimits, FrameView, HEADER_BYTES, Header, decode, encode, frame_bytes,
    peek_session_class,
};

use crate::bytes::{head, pick, record, steps};
use crate::{Damage, Seen};

/// One frame, legal or not, the limits that it is held against, and what happens to its bytes.
#[derive(Clone, Debug)]
pub struct Script {
    /// What the frame says.
    pub header: Header,
    /// Its checksum class.
    pub class: ChecksumClass,
    /// Its payload.
    pub payload: Vec<u8>,
    /// What is accepted.
    pub limits: FrameLimits,
    /// Made one after the other; the bytes are looked at after each.
    pub damages: Vec<Damage>,
}

impl Script {
    /// Bytes of the head.
    pub const HEAD: usize = 32;
    /// Bytes of a step.
    pub const STEP: usize = Damage::BYTES;
    /// Steps, at most.
    pub const STEPS: usize = 12;

    /// The script that these bytes name.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (head, rest) = head::<{ Self::HEAD }>(bytes);
        let class = pick(ChecksumClass::ALL, head[0]);
        let mut header = header(&head);
        let bytes = u16::from_le_bytes([head[10], head[11]]);
        // One frame in 64 may be as long as the format allows; the others are short, and some are empty.
        let bytes = match head[29] % 64 {
            0 => bytes,
            1..=8 => 0,
            _ => bytes % 300,
        };
        legalise(&mut header, bytes, pick(FrameReject::ALL, head[24]));
        let payload = (0..bytes).map(|at| (at as u8).wrapping_mul(31) ^ head[25]).collect();
        let damages = steps(rest, Self::STEPS, Damage::from_bytes);
        Self { header, class, payload, limits: limits(&head), damages }
    }
}

fn header(head: &[u8; Script::HEAD]) -> Header {
    let index = head[6] % 20;
    // At the ends of the number space, and around the index.
    let sequence = match head[17] % 8 {
        0 | 1 => u64::MAX - u64::from(head[16] % 3),
        2..=4 => u64::from(index + head[16] % 3).saturating_sub(1),
        _ => u64::from_le_bytes([0, head[16], head[18], head[19], head[20], head[21], head[22], head[23]]),
    };
    Header {
        kind: if head[1].is_multiple_of(2) { FrameKind::Data } else { pick(FrameKind::ALL, head[1] / 2) },
        is_final: head[2] & 1 != 0,
        direction: pick(Direction::ALL, head[2] >> 1),
        metadata: pick(MetadataClass::ALL, head[3]),
        session_class: u16::from_le_bytes([head[4], head[5]]),
        fragment_index: index,
        fragment_count: head[7] % 20,
        fragment_offset: match head[9] % 4 {
            0 => 0,
            1 => u16::MAX - u16::from(head[8] % 2),
            _ => u16::from_le_bytes([head[8], head[9]]),
        },
        stream: if head[12].is_multiple_of(4) {
            0
        } else {
            u32::from_le_bytes([head[12], head[13], head[14], head[15]])
        },
        sequence,
    }
}

/// Bends the fields until the format allows them, except for the rule that is spared.
fn legalise(header: &mut Header, bytes: u16, spared: FrameReject) {
    if spared != FrameReject::FragmentCount {
        let cut = header.kind == FrameKind::Data && bytes != 0;
        header.fragment_count = if cut { header.fragment_count.max(1) } else { 1 };
    }
    let room = u16::MAX - bytes;
    if spared != FrameReject::FragmentIndex {
        header.fragment_index %= header.fragment_count.max(1);
    }
    if spared != FrameReject::FragmentOffset {
        header.fragment_index = if room == 0 { 0 } else { header.fragment_index };
        let first = header.fragment_index == 0;
        header.fragment_offset = if first { 0 } else { header.fragment_offset.clamp(1, room) };
    }
    if spared != FrameReject::Flags {
        let last = header.fragment_index + 1 == header.fragment_count;
        header.is_final &= last && header.kind == FrameKind::Data;
    }
    if spared != FrameReject::StreamId {
        match header.kind {
            FrameKind::Data | FrameKind::Reset => header.stream = header.stream.max(1),
            FrameKind::Close => header.stream = 0,
            FrameKind::Control | FrameKind::Ack | FrameKind::Backpressure => {}
        }
    }
    if spared != FrameReject::Sequence {
        header.sequence = header.sequence.clamp(u64::from(header.fragment_index) + 1, u64::MAX - 1);
    }
}

/// Each limit is the widest in three of four scripts.
fn limits(head: &[u8; Script::HEAD]) -> FrameLimits {
    let wide = FrameLimits::WIDEST;
    let narrow = |shift: u32| (head[26] >> shift).is_multiple_of(4);
    let size = usize::from(head[27]);
    FrameLimits {
        class: if head[28].is_multiple_of(4) {
            Some(pick(ChecksumClass::ALL, head[28] / 4))
        } else {
            wide.class
        },
        frame_bytes_max: if narrow(0) { size + 26 } else { wide.frame_bytes_max },
        payload_bytes_max: if narrow(2) { size } else { wide.payload_bytes_max },
        fragments_max: if narrow(4) { head[30] % 20 } else { wide.fragments_max },
        direction: if narrow(6) { Some(pick(Direction::ALL, head[31])) } else { wide.direction },
    }
}

/// Encodes the frame, and decodes it whole, damaged, and damaged under a checksum that is right again.
pub fn check(script: &Script) -> Seen {
    let Script { header, class, payload, limits, damages } = script;
    let mut seen = Seen::new();
    encode_obeys_the_decoder(header, *class, payload, limits, &mut seen);
    let mut bytes = by_hand(header, *class, payload);
    verdicts_agree(&bytes, limits, &mut seen);
    for damage in damages {
        damage.apply(&mut bytes);
        check_raw(&bytes, limits, &mut seen);
    }
    seen
}

/// Decodes any bytes: as they are, [`sealed`], and [`tamed`] before that.
pub fn check_raw(bytes: &[u8], limits: &FrameLimits, seen: &mut Seen) {
    verdicts_agree(bytes, limits, seen);
    verdicts_agree(&sealed(bytes), limits, seen);
    verdicts_agree(&sealed(&tamed(bytes)), limits, seen);
}

/// The decoder's verdict is the naive one, and what it accepts says the same and has one encoding.
pub fn verdicts_agree(bytes: &[u8], limits: &FrameLimits, seen: &mut Seen) {
    let expected = naive(bytes, limits);
    let found = decode(bytes, limits, &Sound);
    record(seen, &expected, FrameReject::name);
    match (found, expected) {
        (Ok(view), Ok(frame)) => says_the_same(&view, &frame, bytes, limits),
        (found, expected) => assert_eq!(found.err(), expected.err(), "of {bytes:02x?} under {limits:?}"),
    }
}

fn says_the_same(view: &FrameView<'_>, frame: &Plain, bytes: &[u8], limits: &FrameLimits) {
    let Plain { header, class, payload } = frame;
    assert_eq!((view.header(), view.checksum_class()), (*header, *class));
    assert_eq!(view.payload(), payload);
    assert_eq!(
        (view.kind(), view.direction(), view.metadata()),
        (header.kind, header.direction, header.metadata)
    );
    assert_eq!(
        (view.stream(), view.sequence(), view.is_final()),
        (header.stream, header.sequence, header.is_final)
    );
    assert_eq!(view.session_class(), header.session_class);
    assert_eq!(peek_session_class(bytes), Some(header.session_class));
    let place = (view.fragment_index(), view.fragment_count(), view.fragment_offset());
    assert_eq!(place, (header.fragment_index, header.fragment_count, header.fragment_offset));
    assert_eq!(view.first_sequence(), header.sequence - u64::from(header.fragment_index));

    let mut out = vec![0; bytes.len()];
    let fill = |space: &mut [u8]| space.copy_from_slice(payload);
    let written = encode(&view.header(), *class, payload.len(), limits, &Sound, &mut out, fill);
    assert_eq!(written, Ok(bytes.len()));
    assert_eq!(out, bytes, "an accepted frame has one encoding");
}

/// The encoder takes exactly the frames that a decoder with its limits takes, names the same reject otherwise, and writes
/// all of a frame or nothing.
pub fn encode_obeys_the_decoder(
    header: &Header,
    class: ChecksumClass,
    payload: &[u8],
    limits: &FrameLimits,
    seen: &mut Seen,
) {
    const BLANK: u8 = 0xa5;
    let frame = by_hand(header, class, payload);
    assert_eq!(frame_bytes(class, payload.len()), frame.len());
    let expected = naive(&frame, limits);
    let attempt = |room: usize| {
        let mut out = vec![BLANK; room];
        let mut filled = false;
        let written = encode(header, class, payload.len(), limits, &Sound, &mut out, |space| {
            space.copy_from_slice(payload);
            filled = true;
        });
        (written, out, filled)
    };
    if let Err(reject) = expected {
        let nothing = (Err(EncodeRefusal::Header(reject)), vec![BLANK; frame.len()], false);
        assert_eq!(attempt(frame.len()), nothing, "of {header:?}");
        return;
    }
    let needed = u32::try_from(frame.len()).expect("a frame's length");
    for room in [frame.len() - 1, HEADER_BYTES, 0] {
        let nothing = (Err(EncodeRefusal::OutputTooSmall { needed }), vec![BLANK; room], false);
        assert_eq!(attempt(room), nothing, "{room} bytes for {needed}");
    }
    seen.insert("output_too_small");
    let (written, out, _) = attempt(frame.len() + 3);
    assert_eq!(written, Ok(frame.len()));
    let (front, rest) = out.split_at(frame.len());
    assert_eq!((front, rest), (&frame[..], &[BLANK; 3][..]));
    let view = decode(front, limits, &Sound).expect("what encodes also decodes");
    assert_eq!((view.header(), view.payload()), (*header, payload));
}

/// The same bytes with a version, a class, a byte count and a checksum that are right, where there are enough bytes for a
/// frame: what a decoder looks at next is as random as it was.
#[must_use]
pub fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut frame = bytes.to_vec();
    if frame.len() < HEADER_BYTES + 4 {
        return frame;
    }
    let class = ChecksumClass::from_code(frame[0] & 15).unwrap_or(ChecksumClass::Crc32c);
    frame.truncate(HEADER_BYTES + usize::from(u16::MAX) + tail_bytes(class));
    let covered = frame.len() - tail_bytes(class);
    frame[0] = 0x10 | class.code();
    put(&mut frame, 10, (covered - HEADER_BYTES) as u64, 2);
    let sum = bitwise(class, &frame[..covered]);
    put(&mut frame, covered, sum, tail_bytes(class));
    frame
}

/// The same bytes with small values in small fields, so that random ones are often legal.
#[must_use]
pub fn tamed(bytes: &[u8]) -> Vec<u8> {
    // Kind, flags, metadata class, fragment index and count, the high byte of the offset.
    const SMALL: [(usize, u8); 6] = [(1, 8), (2, 8), (3, 7), (6, 4), (7, 4), (9, 2)];
    let mut frame = bytes.to_vec();
    if frame.len() >= HEADER_BYTES {
        SMALL.iter().for_each(|(at, values)| frame[*at] %= values);
        let sequence = frame[16] % 8;
        put(&mut frame, 16, sequence.into(), 8);
        if frame[6] == 0 {
            (frame[8], frame[9]) = (0, 0);
        }
    }
    frame
}

/// A frame as a value.
struct Plain {
    header: Header,
    class: ChecksumClass,
    payload: Vec<u8>,
}

/// The decoder of the table: every rule of a frame in its order, and the first that does not hold.
fn naive(bytes: &[u8], limits: &FrameLimits) -> Result<Plain, FrameReject> {
    if bytes.len() < 24 {
        return Err(FrameReject::Truncated);
    }
    let (kind, flags, metadata) = (bytes[1], bytes[2], bytes[3]);
    let (index, count, offset) = (get(bytes, 6, 1), get(bytes, 7, 1), get(bytes, 8, 2));
    let (length, stream, sequence) = (get(bytes, 10, 2), get(bytes, 12, 4), get(bytes, 16, 8));
    let class = ChecksumClass::ALL.iter().copied().find(|class| bytes[0] % 16 == class.code());
    let declared = 24 + length as usize + class.map_or(0, tail_bytes);
    let direction = if flags & 4 == 0 { Direction::ClientToServer } else { Direction::ServerToClient };
    let intact = |class| {
        let covered = declared - tail_bytes(class);
        bytes.len() == declared && bitwise(class, &bytes[..covered]) == get(bytes, covered, tail_bytes(class))
    };
    let (data, reset, close) = (kind == 1, kind == 5, kind == 4);
    let rules = [
        (FrameReject::Version, bytes[0] / 16 == 1),
        (FrameReject::ChecksumClass, class.is_some() && (limits.class.is_none() || limits.class == class)),
        (FrameReject::Truncated, bytes.len() >= declared),
        (FrameReject::Trailing, bytes.len() <= declared),
        (FrameReject::OversizedFrame, declared <= limits.frame_bytes_max),
        (FrameReject::Checksum, class.is_some_and(intact)),
        (FrameReject::UnknownKind, (1..=6).contains(&kind)),
        (
            FrameReject::Flags,
            flags < 8 && (flags & 2 != 0) == reset && (flags & 1 == 0 || data && index + 1 == count),
        ),
        (FrameReject::WrongDirection, limits.direction.is_none_or(|expected| expected == direction)),
        (FrameReject::MetadataClass, metadata <= 5),
        (FrameReject::OversizedPayload, length as usize <= limits.payload_bytes_max),
        (
            FrameReject::FragmentCount,
            (1..=u64::from(limits.fragments_max)).contains(&count) && (data || count == 1),
        ),
        (FrameReject::FragmentIndex, index < count),
        (
            FrameReject::FragmentOffset,
            (index == 0) == (offset == 0) && offset + length <= 65_535 && (count == 1 || length >= 1),
        ),
        (FrameReject::StreamId, if close { stream == 0 } else { stream >= 1 || !(data || reset) }),
        (FrameReject::Sequence, sequence > index && sequence != u64::MAX),
    ];
    if let Some((reject, _)) = rules.iter().find(|(_, holds)| !holds) {
        return Err(*reject);
    }
    let header = Header {
        kind: FrameKind::ALL[usize::from(kind) - 1],
        is_final: flags & 1 != 0,
        direction,
        metadata: MetadataClass::ALL[usize::from(metadata)],
        session_class: get(bytes, 4, 2) as u16,
        fragment_index: index as u8,
        fragment_count: count as u8,
        fragment_offset: offset as u16,
        stream: stream as u32,
        sequence,
    };
    let class = class.ok_or(FrameReject::ChecksumClass)?;
    Ok(Plain { header, class, payload: bytes[24..24 + length as usize].to_vec() })
}

/// The bytes of a frame, whether or not it is legal.
fn by_hand(header: &Header, class: ChecksumClass, payload: &[u8]) -> Vec<u8> {
    let covered = 24 + payload.len();
    let mut frame = vec![0; covered + tail_bytes(class)];
    frame[0] = 16 + class.code();
    frame[1] = header.kind.code();
    frame[2] += u8::from(header.is_final);
    frame[2] += 2 * u8::from(header.kind == FrameKind::Reset);
    frame[2] += 4 * u8::from(header.direction == Direction::ServerToClient);
    frame[3] = header.metadata.code();
    put(&mut frame, 4, header.session_class.into(), 2);
    frame[6] = header.fragment_index;
    frame[7] = header.fragment_count;
    put(&mut frame, 8, header.fragment_offset.into(), 2);
    put(&mut frame, 10, payload.len() as u64, 2);
    put(&mut frame, 12, header.stream.into(), 4);
    put(&mut frame, 16, header.sequence, 8);
    frame[24..covered].copy_from_slice(payload);
    let sum = bitwise(class, &frame[..covered]);
    put(&mut frame, covered, sum, tail_bytes(class));
    frame
}

/// A little endian integer of `size` bytes.
fn get(bytes: &[u8], at: usize, size: usize) -> u64 {
    bytes[at..at + size].iter().rev().fold(0, |value, byte| value * 256 + u64::from(*byte))
}

fn put(bytes: &mut [u8], at: usize, mut value: u64, size: usize) {
    for byte in &mut bytes[at..at + size] {
        *byte = (value % 256) as u8;
        value /= 256;
    }
}

fn tail_bytes(class: ChecksumClass) -> usize {
    match class {
        ChecksumClass::Crc16 => 2,
        ChecksumClass::Crc32c | ChecksumClass::Crc32Autosar => 4,
    }
}

/// A checksum bit by bit, by the polynomials of the catalogue. All three start at all ones, take the lowest bit of a byte
/// first, and are reversed and inverted at the end.
fn bitwise(class: ChecksumClass, bytes: &[u8]) -> u64 {
    let (width, polynomial) = match class {
        ChecksumClass::Crc16 => (16, 0x1021),
        ChecksumClass::Crc32c => (32, 0x1edc_6f41),
        ChecksumClass::Crc32Autosar => (32, 0xf4ac_fb13),
    };
    let ones = (1_u64 << width) - 1;
    let mut register = ones;
    for byte in bytes {
        for place in 0..8 {
            let carry = (register >> (width - 1)) ^ u64::from(byte >> place & 1);
            register = register << 1 & ones;
            if carry == 1 {
                register ^= polynomial;
            }
        }
    }
    (0..width).fold(0, |reversed, place| reversed | (register >> place & 1) << (width - 1 - place)) ^ ones
}
