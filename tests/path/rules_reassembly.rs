//! The reassembler by itself: fragments that a decoder of any profile lets through.

use kurdistan::guard::Sound;
use kurdistan::transport::{Accepted, SlotBuffer};
use kurdistan::vocab::{
    ChecksumClass, Direction, FrameKind, GroupReject, MetadataClass, ReassemblyLimits, SequencePolicy, Ticks,
};
use kurdistan::wire::{FrameLimits, Header, decode, encode, frame_bytes};

type Slots = SlotBuffer<64, 3>;

const LIMITS: ReassemblyLimits = ReassemblyLimits {
    message_bytes_max: 64,
    groups_max: 3,
    stream_groups_max: 2,
    order: SequencePolicy::Windowed,
    deadline_ticks: 100,
};

/// The second of three fragments of eight bytes.
const SECOND: Header = Header {
    kind: FrameKind::Data,
    is_final: false,
    direction: Direction::ClientToServer,
    metadata: MetadataClass::Unspecified,
    session_class: 7,
    fragment_index: 1,
    fragment_count: 3,
    fragment_offset: 8,
    stream: 1,
    sequence: 12,
};
const FIRST: Header = Header { fragment_index: 0, fragment_offset: 0, sequence: 11, ..SECOND };
const THIRD: Header = Header { fragment_index: 2, fragment_offset: 16, sequence: 13, ..SECOND };

fn accept(
    slots: &mut Slots,
    limits: ReassemblyLimits,
    header: &Header,
    payload: &[u8],
) -> Result<Accepted, GroupReject> {
    let mut frame = vec![0; frame_bytes(ChecksumClass::Crc32c, payload.len())];
    let fill = |place: &mut [u8]| place.copy_from_slice(payload);
    let (class, any) = (ChecksumClass::Crc32c, FrameLimits::WIDEST);
    encode(header, class, payload.len(), &any, &Sound, &mut frame, fill).expect("a legal frame");
    let view = decode(&frame, &any, &Sound).expect("a legal frame");
    slots.reassembler(limits).accept(&Sound, &view, Ticks(5))
}

fn takes(slots: &mut Slots, header: &Header) -> Result<Accepted, GroupReject> {
    accept(slots, LIMITS, header, &[7; 8])
}

#[test]
fn a_message_is_complete_with_its_last_fragment_whatever_the_order() {
    let mut slots = Slots::EMPTY;
    assert_eq!(takes(&mut slots, &THIRD), Ok(Accepted::Partial));
    assert_eq!(takes(&mut slots, &FIRST), Ok(Accepted::Partial));
    assert_eq!(slots.reassembler(LIMITS).envelope(0), None, "nothing is lent of an incomplete message");
    assert_eq!(slots.reassembler(LIMITS).pending(1, 11), 2);
    assert_eq!(takes(&mut slots, &SECOND), Ok(Accepted::Complete(0)));
    let mut reassembler = slots.reassembler(LIMITS);
    let (bytes, message) = reassembler.envelope(0).expect("a message");
    assert_eq!((&bytes[..], message.count, message.is_final), (&[7; 24][..], 3, false));
    assert_eq!((message.facts.stream, message.facts.first_sequence), (1, 11));
}

#[test]
fn the_final_flag_holds_whatever_comes_after_it() {
    let mut slots = Slots::EMPTY;
    takes(&mut slots, &Header { is_final: true, ..THIRD }).unwrap();
    takes(&mut slots, &FIRST).unwrap();
    takes(&mut slots, &SECOND).unwrap();
    assert!(slots.reassembler(LIMITS).envelope(0).is_some_and(|(_, message)| message.is_final));
}

#[test]
fn what_is_held_has_no_deadline() {
    let mut slots = Slots::EMPTY;
    assert_eq!(takes(&mut slots, &Header { fragment_count: 1, ..FIRST }), Ok(Accepted::Complete(0)));
    takes(&mut slots, &Header { stream: 3, ..FIRST }).unwrap();
    let mut reassembler = slots.reassembler(LIMITS);
    reassembler.hold(0, 2..6);
    assert_eq!(reassembler.envelope(0), None, "it is opened once");
    assert_eq!(reassembler.expire(&Sound, Ticks(105)), 1);
    assert_eq!((reassembler.next_deadline(), reassembler.message(0)), (None, &[7; 4][..]));
    assert_eq!(
        (reassembler.held(1, 11), reassembler.held(3, 11), reassembler.held(1, 12)),
        (Some((0, 1)), None, None)
    );
    reassembler.release_held(1);
    assert_eq!((reassembler.in_use(), reassembler.message(0)), (0, &[][..]));
}

#[test]
fn messages_of_two_streams_with_the_same_sequences_do_not_mix() {
    let mut slots = Slots::EMPTY;
    for stream in [1, 3] {
        assert_eq!(takes(&mut slots, &Header { stream, ..FIRST }), Ok(Accepted::Partial));
    }
    for stream in [3, 1] {
        assert_eq!(takes(&mut slots, &Header { stream, ..SECOND }), Ok(Accepted::Partial));
    }
    assert_eq!(takes(&mut slots, &Header { stream: 3, ..THIRD }), Ok(Accepted::Complete(1)));
    assert_eq!(slots.reassembler(LIMITS).in_use(), 2);
}

#[test]
fn a_fragment_that_contradicts_its_group_is_refused() {
    let mut slots = Slots::EMPTY;
    takes(&mut slots, &SECOND).unwrap();
    let mismatch = Err(GroupReject::GroupMismatch);
    for metadata in [MetadataClass::Runtime, MetadataClass::Probe] {
        assert_eq!(takes(&mut slots, &Header { metadata, ..FIRST }), mismatch);
    }
    assert_eq!(takes(&mut slots, &Header { fragment_count: 4, ..FIRST }), mismatch);
    let beyond = Header { fragment_index: 3, fragment_count: 4, fragment_offset: 24, sequence: 14, ..SECOND };
    assert_eq!(takes(&mut slots, &beyond), Err(GroupReject::IndexBeyondCount));
    let whole = Header { fragment_count: 1, sequence: 30, ..FIRST };
    takes(&mut slots, &whole).unwrap();
    assert_eq!(takes(&mut slots, &Header { kind: FrameKind::Control, ..whole }), mismatch);
    assert_eq!(takes(&mut slots, &whole), Err(GroupReject::DuplicateFragment));
}

#[test]
fn the_same_bytes_at_another_place_are_no_duplicate_but_a_conflict() {
    let mut slots = Slots::EMPTY;
    takes(&mut slots, &FIRST).unwrap();
    takes(&mut slots, &SECOND).unwrap();
    assert_eq!(takes(&mut slots, &SECOND), Err(GroupReject::DuplicateFragment));
    assert_eq!(slots.reassembler(LIMITS).in_use(), 1);
    // Its bytes are those that lie there already, one byte earlier.
    let moved = Header { fragment_offset: 7, ..SECOND };
    assert_eq!(takes(&mut slots, &moved), Err(GroupReject::ConflictingDuplicate));
    assert_eq!(slots.reassembler(LIMITS).in_use(), 0, "the whole group is dropped");
}

#[test]
fn where_the_order_is_strict_the_next_fragment_comes_next() {
    let strict = ReassemblyLimits { order: SequencePolicy::Strict, ..LIMITS };
    let mut slots = Slots::EMPTY;
    let mut takes = |header: &Header| accept(&mut slots, strict, header, &[7; 8]);
    assert_eq!(takes(&SECOND), Err(GroupReject::OutOfOrder), "nothing begins in the middle");
    assert_eq!(takes(&FIRST), Ok(Accepted::Partial));
    assert_eq!(takes(&THIRD), Err(GroupReject::OutOfOrder));
    assert_eq!(takes(&SECOND), Ok(Accepted::Partial));
    assert_eq!(takes(&THIRD), Ok(Accepted::Complete(0)));
}

#[test]
fn a_group_has_sixteen_fragments_at_most_whatever_the_wire_can_carry() {
    let mut slots = Slots::EMPTY;
    let index = |index: u8| Header {
        fragment_index: index,
        fragment_count: 20,
        fragment_offset: u16::from(index),
        sequence: 50 + u64::from(index),
        ..SECOND
    };
    assert_eq!(accept(&mut slots, LIMITS, &index(16), &[1]), Err(GroupReject::IndexBeyondCount));
    assert_eq!(slots.reassembler(LIMITS).in_use(), 0, "what is refused opens no group");
    assert_eq!(accept(&mut slots, LIMITS, &index(15), &[1]), Ok(Accepted::Partial));
}

#[test]
fn groups_are_bounded_in_all_and_by_stream() {
    let mut slots = Slots::EMPTY;
    let group = |stream, sequence| Header { stream, sequence, ..FIRST };
    let full = Err(GroupReject::TooManyGroups);
    for (stream, sequence, outcome) in
        [(1, 11, Ok(Accepted::Partial)), (1, 21, Ok(Accepted::Partial)), (1, 31, full)]
    {
        assert_eq!(takes(&mut slots, &group(stream, sequence)), outcome, "{sequence}");
    }
    assert_eq!(takes(&mut slots, &group(3, 11)), Ok(Accepted::Partial));
    assert_eq!(takes(&mut slots, &group(5, 11)), full);
    assert_eq!(slots.reassembler(LIMITS).next_deadline(), Some(Ticks(105)));
    assert_eq!(slots.reassembler(LIMITS).expire(&Sound, Ticks(104)), 0);
    assert_eq!(slots.reassembler(LIMITS).expire(&Sound, Ticks(105)), 3);
    assert_eq!(slots.reassembler(LIMITS).next_deadline(), None);
}
