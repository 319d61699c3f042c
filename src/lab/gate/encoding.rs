//! Frames against an encoder of its own: field after field, and checksums bit by bit.

use crate::lab::content::Content;
use crate::lab::{Counter, Tally};
use crate::profile::{Policy, Spec};
use crate::vocab::{ChecksumClass, Direction, FrameKind, MetadataClass, Role};
use crate::wire::{FrameLimits, HEADER_BYTES, Header, decode, encode, frame_bytes};

/// The longest frame of the laboratory.
const FRAME: usize = 284;

/// A frame in a buffer.
pub(super) struct Made {
    bytes: [u8; FRAME],
    length: usize,
}

impl Made {
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.length).unwrap_or(&mut [])
    }

    /// A copy of a frame.
    pub(super) fn copy_of(frame: &[u8]) -> Self {
        let mut made = Self { bytes: [0; FRAME], length: 0 };
        made.put(frame);
        made
    }

    /// Renews the checksum of whatever the bytes say now.
    pub(super) fn seal(&mut self, class: ChecksumClass) {
        let covered = self.length.saturating_sub(class.bytes());
        let Some((text, sum)) = self.bytes_mut().split_at_mut_checked(covered) else { return };
        for (place, byte) in sum.iter_mut().zip(naive_checksum(class, text).to_le_bytes()) {
            *place = byte;
        }
    }
}

/// The frame, without the crate's encoder.
pub(super) fn naive(header: &Header, class: ChecksumClass, payload: &[u8]) -> Made {
    let mut made = Made { bytes: [0; FRAME], length: 0 };
    let reset = u8::from(header.kind == FrameKind::Reset);
    let way = u8::from(header.direction == Direction::ServerToClient);
    made.put(&[1 << 4 | class.code(), header.kind.code()]);
    made.put(&[u8::from(header.is_final) | reset << 1 | way << 2, header.metadata.code()]);
    made.put(&header.session_class.to_le_bytes());
    made.put(&[header.fragment_index, header.fragment_count]);
    made.put(&header.fragment_offset.to_le_bytes());
    made.put(&(payload.len() as u16).to_le_bytes());
    made.put(&header.stream.to_le_bytes());
    made.put(&header.sequence.to_le_bytes());
    made.put(payload);
    made.length = made.length.saturating_add(class.bytes()).min(FRAME);
    made.seal(class);
    made
}

impl Made {
    fn put(&mut self, bytes: &[u8]) {
        let place = self.bytes.get_mut(self.length..).unwrap_or(&mut []);
        let written = place.iter_mut().zip(bytes).map(|(place, byte)| *place = *byte).count();
        self.length = self.length.saturating_add(written);
    }
}

/// A reflected CRC with all ones before and after, one bit at a time.
fn naive_checksum(class: ChecksumClass, bytes: &[u8]) -> u32 {
    let (polynomial, ones) = match class {
        ChecksumClass::Crc16 => (0x8408, 0xffff),
        ChecksumClass::Crc32c => (0x82f6_3b78, u32::MAX),
        ChecksumClass::Crc32Autosar => (0xc8df_352f, u32::MAX),
    };
    let mut register: u32 = ones;
    for byte in bytes {
        register ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = register & 1;
            register = (register >> 1) ^ (polynomial * carry);
        }
    }
    register ^ ones
}

pub(super) fn run<P: Policy>(policy: P, tally: &mut Tally) {
    let spec = policy.spec();
    let mut case = 0_u32;
    for kind in FrameKind::ALL {
        for length in [0, 1, 7, 8, 31, 32, 63, 64, usize::from(spec.payload_bytes_max)] {
            for direction in Direction::ALL {
                case = case.wrapping_add(1);
                let header = header(*kind, *direction, case, length);
                one(policy, &header, case, length, tally);
            }
        }
    }
}

/// A header with every field set to something that tells it from its neighbours.
fn header(kind: FrameKind, direction: Direction, case: u32, length: usize) -> Header {
    let cut = kind == FrameKind::Data && length != 0 && !case.is_multiple_of(3);
    let index = if cut && case.is_multiple_of(2) { 1 } else { 0 };
    Header {
        kind,
        is_final: kind == FrameKind::Data && (index == 1 || !cut),
        direction,
        metadata: MetadataClass::ALL
            .get(case as usize % MetadataClass::ALL.len())
            .copied()
            .unwrap_or(MetadataClass::Probe),
        session_class: 0xa1b2_u16.wrapping_add(case as u16),
        fragment_index: index,
        fragment_count: if cut && index == 1 { 2 } else { 1 },
        fragment_offset: if index == 1 { 0x0102 } else { 0 },
        stream: if kind == FrameKind::Close { 0 } else { 0x0304_0506_u32.wrapping_add(case) },
        sequence: 0x0708_090a_0b0c_0d0e_u64.wrapping_add(u64::from(case)),
    }
}

fn one<P: Policy>(policy: P, header: &Header, case: u32, length: usize, tally: &mut Tally) {
    let spec: &Spec = policy.spec();
    let class = spec.checksum;
    let limits = FrameLimits { fragments_max: 2, ..spec.frame_limits(Role::Server) };
    let limits = FrameLimits { direction: Some(header.direction), ..limits };
    let mut payload = [0; FRAME];
    let payload = payload.get_mut(..length).unwrap_or(&mut []);
    Content::of(u64::from(case), 1, 0).fill(payload);
    let expected = naive(header, class, payload);

    let mut real = [0xa5; FRAME];
    let fill = |place: &mut [u8]| place.copy_from_slice(payload);
    let written = match encode(header, class, length, &limits, &policy, &mut real, fill) {
        Ok(written) => written,
        Err(_) => return tally.fail(case, "a legal frame was not encoded", ""),
    };
    tally.count(Counter::Frames, 1);
    tally.count(Counter::Bytes, written as u64);
    let real = real.get(..written).unwrap_or(&[]);
    tally.expect(real == expected.bytes(), case, "a frame differs from the independent encoder's");
    tally.expect(
        written == frame_bytes(class, length),
        case,
        "a frame has another length than was announced",
    );
    match decode(real, &limits, &policy) {
        Ok(view) => {
            tally.expect(view.header() == *header, case, "a frame decodes to another header");
            tally.expect(view.payload() == payload, case, "a frame decodes to another payload");
        }
        Err(reject) => tally.fail(case, "a legal frame was refused", reject.name()),
    }
}

const _: () = assert!(HEADER_BYTES == 24);
