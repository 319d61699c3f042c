//! Bad fragments into the reassembler.

use super::encoding::naive;
use crate::lab::{Counter, Tally};
use crate::profile::Policy;
use crate::transport::{Accepted, SlotBuffer};
use crate::vocab::{
    Direction, FrameKind, GroupReject, MetadataClass, ReassemblyLimits, SequencePolicy, Ticks,
};
use crate::wire::{FrameLimits, Header, decode};

/// One fragment: stream, first sequence, index, count, offset, bytes, fill, metadata.
#[derive(Clone, Copy)]
struct Piece {
    stream: u32,
    first: u64,
    index: u8,
    count: u8,
    offset: u16,
    bytes: usize,
    fill: u8,
    metadata: MetadataClass,
    at: u32,
}

const BASE: Piece = Piece {
    stream: 1,
    first: 1,
    index: 0,
    count: 3,
    offset: 0,
    bytes: 10,
    fill: 1,
    metadata: MetadataClass::Runtime,
    at: 0,
};
const MIDDLE: Piece = Piece { index: 1, offset: 10, ..BASE };
const LAST: Piece = Piece { index: 2, offset: 20, ..BASE };

/// A script: pieces that are taken, and then one that must be refused by this name.
type Script = (&'static [Piece], Piece, GroupReject);

const SCRIPTS: &[Script] = &[
    (&[BASE], Piece { count: 4, ..MIDDLE }, GroupReject::GroupMismatch),
    (&[BASE], Piece { metadata: MetadataClass::Proxy, ..MIDDLE }, GroupReject::GroupMismatch),
    (&[BASE], BASE, GroupReject::DuplicateFragment),
    (&[BASE, MIDDLE], MIDDLE, GroupReject::DuplicateFragment),
    (&[BASE], Piece { fill: 2, ..BASE }, GroupReject::ConflictingDuplicate),
    (&[BASE], Piece { bytes: 9, ..BASE }, GroupReject::ConflictingDuplicate),
    (&[BASE], Piece { offset: 9, ..MIDDLE }, GroupReject::Overlap),
    (&[BASE], Piece { offset: 11, ..MIDDLE }, GroupReject::Overlap),
    (&[BASE, LAST], Piece { bytes: 11, ..MIDDLE }, GroupReject::Overlap),
    (&[BASE, LAST], Piece { bytes: 9, ..MIDDLE }, GroupReject::Overlap),
    (&[LAST], Piece { offset: 25, ..MIDDLE }, GroupReject::Overlap),
    (&[BASE], Piece { index: 3, count: 5, offset: 30, ..BASE }, GroupReject::IndexBeyondCount),
    (&[], Piece { index: 1, count: 2, offset: 90, ..BASE }, GroupReject::TooManyBytes),
    (&[BASE], Piece { index: 1, offset: 95, ..BASE }, GroupReject::TooManyBytes),
    (&[BASE], Piece { at: 50, ..MIDDLE }, GroupReject::Expired),
    (&[BASE, Piece { first: 4, ..BASE }], Piece { first: 7, ..BASE }, GroupReject::TooManyGroups),
    (
        &[BASE, Piece { first: 4, ..BASE }, Piece { stream: 2, ..BASE }],
        Piece { stream: 3, ..BASE },
        GroupReject::TooManyGroups,
    ),
];

/// The same where fragments come in order.
const STRICT: &[Script] = &[
    (&[], MIDDLE, GroupReject::OutOfOrder),
    (&[BASE], LAST, GroupReject::OutOfOrder),
    (&[BASE, MIDDLE], MIDDLE, GroupReject::DuplicateFragment),
];

const LIMITS: ReassemblyLimits = ReassemblyLimits {
    message_bytes_max: 96,
    groups_max: 3,
    stream_groups_max: 2,
    deadline_ticks: 50,
    order: SequencePolicy::Windowed,
};

pub(super) fn run<P: Policy>(policy: P, tally: &mut Tally) {
    let mut case = 300;
    let strict = ReassemblyLimits { order: SequencePolicy::Strict, ..LIMITS };
    for (scripts, limits) in [(SCRIPTS, LIMITS), (STRICT, strict)] {
        for (taken, refused, reject) in scripts {
            case = u32::saturating_add(case, 1);
            tally.count(Counter::Cases, 1);
            let mut memory = SlotBuffer::<96, 4>::EMPTY;
            let found = play(policy, &mut memory, limits, taken, *refused);
            match found {
                Some(Err(found)) if found == *reject => {}
                Some(Err(found)) => {
                    tally.fail(case, "a bad fragment was refused by another name", found.name())
                }
                Some(Ok(_)) => tally.fail(case, "a bad fragment was accepted", reject.name()),
                None => tally.fail(case, "a good fragment was refused", ""),
            }
        }
    }
    let mut memory = SlotBuffer::<96, 4>::EMPTY;
    let whole = play(policy, &mut memory, LIMITS, &[LAST, BASE], MIDDLE);
    tally.expect(
        matches!(whole, Some(Ok(Accepted::Complete(_)))),
        299,
        "three good fragments made no message",
    );
}

/// What came of the last piece; `None` when an earlier one was refused.
fn play<P: Policy>(
    policy: P,
    memory: &mut SlotBuffer<96, 4>,
    limits: ReassemblyLimits,
    taken: &[Piece],
    last: Piece,
) -> Option<Result<Accepted, GroupReject>> {
    let mut slots = memory.reassembler(limits);
    let mut offer = |piece: Piece| -> Option<Result<Accepted, GroupReject>> {
        let header = Header {
            kind: FrameKind::Data,
            is_final: false,
            direction: Direction::ClientToServer,
            metadata: piece.metadata,
            session_class: 7,
            fragment_index: piece.index,
            fragment_count: piece.count,
            fragment_offset: piece.offset,
            stream: piece.stream,
            sequence: piece.first.saturating_add(u64::from(piece.index)),
        };
        let payload = [piece.fill; 32];
        let class = policy.spec().checksum;
        let frame = naive(&header, class, payload.get(..piece.bytes)?);
        let limits = FrameLimits { class: Some(class), ..FrameLimits::WIDEST };
        let view = decode(frame.bytes(), &limits, &policy).ok()?;
        Some(slots.accept(&policy, &view, Ticks(piece.at)))
    };
    for piece in taken {
        offer(*piece)?.ok()?;
    }
    offer(last)
}
