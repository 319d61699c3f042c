//! Bad frames into the decoder.

use super::encoding::{Made, naive};
use crate::lab::{Counter, Tally};
use crate::profile::Policy;
use crate::vocab::{ChecksumClass, Direction, FrameKind, FrameReject, MetadataClass};
use crate::wire::{FrameLimits, Header, decode};

/// Payload of the good frame that every case is made from, in bytes.
const PAYLOAD: [u8; 8] = *b"payload!";

/// What is done to a good frame; the checksum is renewed afterwards, so that only the named rule is broken.
#[derive(Clone, Copy)]
enum Edit {
    /// A byte of the header becomes this.
    Set(usize, u8),
    /// A field of two bytes becomes this.
    Set16(usize, u16),
    /// The kind becomes this, as a message of one frame.
    Kind(FrameKind, u32),
    /// The sequence becomes this.
    Sequence(u64),
}

/// Every rule about the fields of a frame, broken on its own.
const CASES: &[(FrameReject, Edit)] = &[
    (FrameReject::UnknownKind, Edit::Set(1, 0)),
    (FrameReject::UnknownKind, Edit::Set(1, 7)),
    (FrameReject::UnknownKind, Edit::Set(1, 255)),
    (FrameReject::Flags, Edit::Set(2, 0x08)),
    (FrameReject::Flags, Edit::Set(2, 0x80)),
    (FrameReject::Flags, Edit::Set(2, 0x02)),
    (FrameReject::Flags, Edit::Set(2, 0x01)),
    (FrameReject::WrongDirection, Edit::Set(2, 0x04)),
    (FrameReject::MetadataClass, Edit::Set(3, 6)),
    (FrameReject::MetadataClass, Edit::Set(3, 255)),
    (FrameReject::FragmentCount, Edit::Set(7, 0)),
    (FrameReject::FragmentCount, Edit::Set(7, 5)),
    (FrameReject::FragmentCount, Edit::Kind(FrameKind::Control, 3)),
    (FrameReject::FragmentIndex, Edit::Set(6, 3)),
    (FrameReject::FragmentIndex, Edit::Set(6, 255)),
    (FrameReject::FragmentOffset, Edit::Set16(8, 0)),
    (FrameReject::FragmentOffset, Edit::Set(6, 0)),
    (FrameReject::FragmentOffset, Edit::Set16(8, 65_528)),
    (FrameReject::StreamId, Edit::Set16(12, 0)),
    (FrameReject::Sequence, Edit::Sequence(1)),
    (FrameReject::Sequence, Edit::Sequence(0)),
    (FrameReject::Sequence, Edit::Sequence(u64::MAX)),
];

pub(super) fn run<P: Policy>(policy: P, tally: &mut Tally) {
    let class = policy.spec().checksum;
    let limits = FrameLimits {
        class: Some(class),
        frame_bytes_max: 96,
        payload_bytes_max: 64,
        fragments_max: 4,
        direction: Some(Direction::ClientToServer),
    };
    let mut check = Check { policy, limits, tally, case: 100 };
    check.accepts(good(class, &PAYLOAD).bytes());
    for (reject, edit) in CASES {
        let mut frame = good(class, &PAYLOAD);
        edit.apply(frame.bytes_mut());
        frame.seal(class);
        check.refuses(*reject, frame.bytes());
    }
    check.first_byte(class);
    check.lengths(class);
    check.flips(class);
}

/// The second of three fragments.
fn good(class: ChecksumClass, payload: &[u8]) -> Made {
    let header = Header {
        kind: FrameKind::Data,
        is_final: false,
        direction: Direction::ClientToServer,
        metadata: MetadataClass::Runtime,
        session_class: 7,
        fragment_index: 1,
        fragment_count: 3,
        fragment_offset: 8,
        stream: 3,
        sequence: 9,
    };
    naive(&header, class, payload)
}

impl Edit {
    fn apply(self, frame: &mut [u8]) {
        let mut set = |at: usize, bytes: &[u8]| {
            for (place, byte) in frame.iter_mut().skip(at).zip(bytes) {
                *place = *byte;
            }
        };
        match self {
            Self::Set(at, byte) => set(at, &[byte]),
            Self::Set16(at, value) => set(at, &value.to_le_bytes()),
            Self::Kind(kind, stream) => {
                set(1, &[kind.code()]);
                set(12, &stream.to_le_bytes());
            }
            Self::Sequence(sequence) => set(16, &sequence.to_le_bytes()),
        }
    }
}

struct Check<'t, P> {
    policy: P,
    limits: FrameLimits,
    tally: &'t mut Tally,
    case: u32,
}

impl<P: Policy> Check<'_, P> {
    fn accepts(&mut self, frame: &[u8]) {
        let accepted = decode(frame, &self.limits, &self.policy).is_ok();
        self.tally.expect(accepted, self.case, "the good frame was refused");
    }

    fn refuses(&mut self, reject: FrameReject, frame: &[u8]) {
        self.case = self.case.wrapping_add(1);
        self.tally.count(Counter::Cases, 1);
        match decode(frame, &self.limits, &self.policy) {
            Err(found) if found == reject => {}
            Err(found) => self.tally.fail(self.case, "a bad frame was refused by another name", found.name()),
            Ok(_) => self.tally.fail(self.case, "a bad frame was accepted", reject.name()),
        }
    }

    /// Versions and checksum classes, each under a checksum of its own.
    fn first_byte(&mut self, class: ChecksumClass) {
        for version in [0, 2, 15] {
            let mut frame = good(class, &PAYLOAD);
            Edit::Set(0, version << 4 | class.code()).apply(frame.bytes_mut());
            frame.seal(class);
            self.refuses(FrameReject::Version, frame.bytes());
        }
        for other in ChecksumClass::ALL.iter().filter(|other| **other != class) {
            self.refuses(FrameReject::ChecksumClass, good(*other, &PAYLOAD).bytes());
        }
        for unknown in [0, 4, 15] {
            let mut frame = good(class, &PAYLOAD);
            Edit::Set(0, 0x10 | unknown).apply(frame.bytes_mut());
            self.refuses(FrameReject::ChecksumClass, frame.bytes());
        }
    }

    /// Every strict prefix, a byte too many, frames and payloads beyond their limits.
    fn lengths(&mut self, class: ChecksumClass) {
        let frame = good(class, &PAYLOAD);
        for length in 0..frame.bytes().len() {
            self.refuses(FrameReject::Truncated, frame.bytes().get(..length).unwrap_or(&[]));
        }
        let mut long = [0; 64];
        let length = frame.bytes().len().saturating_add(1);
        for (place, byte) in long.iter_mut().zip(frame.bytes()) {
            *place = *byte;
        }
        self.refuses(FrameReject::Trailing, long.get(..length).unwrap_or(&[]));
        self.refuses(FrameReject::OversizedFrame, good(class, &[7; 100]).bytes());
        self.refuses(FrameReject::OversizedPayload, good(class, &[7; 65]).bytes());
    }

    /// Every single bit, and every pair of neighbours.
    fn flips(&mut self, class: ChecksumClass) {
        let mut frame = good(class, &PAYLOAD);
        let bits = frame.bytes().len().saturating_mul(8);
        let mut accepted = 0_u64;
        for first in 0..bits {
            for second in [first, first.saturating_add(1)] {
                let flip = |frame: &mut Made| {
                    for bit in [first, second].into_iter().take(if first == second { 1 } else { 2 }) {
                        if let Some(byte) = frame.bytes_mut().get_mut(bit / 8) {
                            *byte ^= 1 << (bit % 8);
                        }
                    }
                };
                flip(&mut frame);
                accepted = accepted
                    .saturating_add(u64::from(decode(frame.bytes(), &self.limits, &self.policy).is_ok()));
                flip(&mut frame);
                self.tally.count(Counter::Flips, 1);
            }
        }
        self.tally.expect(accepted == 0, self.case, "a frame with flipped bits was accepted");
    }
}
