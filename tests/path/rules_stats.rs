//! Every counter moves by its own deed, and by nothing else.

use kurdistan::endpoint::{Reject, StandardMemory, Stats};
use kurdistan::observe::Event;
use kurdistan::profile::{Fixed, Loaded, Profile, Spec, Standard};
use kurdistan::vocab::{CloseReason, Role};
use kurdistan::vocab::{
    EnvelopeClass, EnvelopeReject, FrameReject, GroupReject, HandshakeReject, Lifecycle, PipeEmpty,
    ReasonBucket, ReplayPolicy, SequencePolicy, SequenceReject, SizeBucket,
};

use crate::pair::Pair;
use crate::rogue::{Rogue, forged, reframed};

type Standards = Rogue<Fixed<Standard>, StandardMemory>;

const POLICY: Fixed<Standard> = Fixed::new();

fn rogue() -> Standards {
    Rogue::new(POLICY, Role::Client)
}

/// Hands over a frame that is refused; `counter` is the one that moves besides those of all frames.
fn moves(
    rogue: &mut Standards,
    frame: &[u8],
    reject: impl Into<Reject>,
    counter: fn(&mut Stats) -> &mut u32,
) {
    let mut expected = rogue.side.stats();
    let (reject, rejects) = (reject.into(), expected.rejects());
    expected.frames_received += 1;
    expected.bytes_received += frame.len() as u64;
    *counter(&mut expected) += 1;
    assert_eq!(rogue.give(frame), Err(reject));
    assert_eq!(rogue.side.stats(), expected, "{reject}");
    assert_eq!(rogue.side.stats().rejects(), rejects + 1);
}

#[test]
fn a_message_moves_the_counters_of_its_way() {
    let mut pair = Pair::<Fixed<Standard>, StandardMemory>::open(POLICY);
    let stream = pair.client.open_stream().unwrap();
    let mut expected = [pair.client.stats(), pair.server.stats()];
    // 600 bytes in an envelope of 624 make two fragments.
    pair.client.send(pair.now, stream, &mut [1; 600]).unwrap();
    expected[0].messages_sent += 1;
    expected[0].fragments_sent += 2;
    expected[0].bytes_copied += 624;
    assert_eq!(pair.client.stats(), expected[0]);
    let frames = pair.drain(Role::Client);
    expected[0].frames_sent += 2;
    expected[0].bytes_sent += 624 + 2 * 28;
    assert_eq!(pair.client.stats(), expected[0]);
    for (frame, messages) in frames.iter().zip([0, 1]) {
        pair.server.receive(pair.now, frame).unwrap();
        expected[1].frames_received += 1;
        expected[1].bytes_received += frame.len() as u64;
        expected[1].fragments_received += 1;
        expected[1].bytes_copied += frame.len() as u64 - 28;
        expected[1].messages_received += messages;
        assert_eq!(pair.server.stats(), expected[1]);
    }
    pair.client.finish(pair.now, stream).unwrap();
    expected[0].messages_sent += 1;
    expected[0].fragments_sent += 1;
    expected[0].bytes_copied += 8 + 24;
    assert_eq!(pair.client.stats(), expected[0], "an end is a message");
    let end = pair.drain(Role::Client).remove(0);
    pair.server.receive(pair.now, &end).unwrap();
    assert_eq!(pair.server.stats().messages_received, expected[1].messages_received + 1);
    assert_eq!(pair.server.stats().rejects(), 0);
}

#[test]
fn bytes_that_are_no_frame_have_a_counter_by_name() {
    let mut rogue = rogue();
    let frame = rogue.sealed(EnvelopeClass::Data, 1, b"text");
    let mut flipped = frame.clone();
    flipped[30] ^= 1;
    moves(&mut rogue, &flipped, FrameReject::Checksum, |stats| &mut stats.frame_rejects[5]);
    moves(&mut rogue, &frame[..20], FrameReject::Truncated, |stats| &mut stats.frame_rejects[0]);
    let trailing = [&frame[..], &[0]].concat();
    moves(&mut rogue, &trailing, FrameReject::Trailing, |stats| &mut stats.frame_rejects[3]);
    let mut version = frame;
    version[0] = 0;
    moves(&mut rogue, &version, FrameReject::Version, |stats| &mut stats.frame_rejects[1]);
    moves(&mut rogue, &[], FrameReject::Truncated, |stats| &mut stats.frame_rejects[0]);
}

#[test]
fn sessions_streams_and_sequences_have_counters_of_their_own() {
    let mut rogue = rogue();
    let frame = rogue.sealed(EnvelopeClass::Data, 1, b"text");
    let other = reframed(&POLICY, Role::Client, &frame, |header| header.session_class ^= 1);
    moves(&mut rogue, &other, Reject::WrongSession, |stats| &mut stats.wrong_session);
    let stream = reframed(&POLICY, Role::Client, &frame, |header| header.stream = 99);
    moves(&mut rogue, &stream, Reject::Stream, |stats| &mut stats.forbidden_streams);
    let window = u64::from(Standard::SPEC.sequence_window);
    let far = reframed(&POLICY, Role::Client, &frame, |header| header.sequence = 1 + window);
    moves(&mut rogue, &far, SequenceReject::TooFarFuture, |stats| &mut stats.sequence_rejects[2]);
    rogue.give(&frame).unwrap();
    moves(&mut rogue, &frame, SequenceReject::Duplicate, |stats| &mut stats.sequence_rejects[0]);
    rogue.say(EnvelopeClass::EndOfStream, 1, &4_u64.to_le_bytes()).unwrap();
    let after = rogue.sealed(EnvelopeClass::Data, 1, b"after");
    moves(&mut rogue, &after, SequenceReject::AfterTerminal, |stats| &mut stats.sequence_rejects[3]);
    let mut confirm = rogue.header(kurdistan::vocab::FrameKind::Control, 0, 9);
    confirm.session_class = rogue.class;
    let message = rogue.frame(&confirm, &[[3].as_slice(), &[0; 33]].concat());
    let ignored = HandshakeReject::MessageType;
    moves(&mut rogue, &message, ignored, |stats| &mut stats.handshake_rejects[1]);
    rogue.side.abort();
    moves(&mut rogue, &after, Reject::State, |stats| &mut stats.unexpected);
}

#[test]
fn envelopes_have_counters_by_name() {
    let mut rogue = rogue();
    let ping = rogue.sealed(EnvelopeClass::Ping, 0, &[1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let forgery = forged(&POLICY, Role::Client, &ping);
    moves(&mut rogue, &forgery, EnvelopeReject::OpenFailed, |stats| &mut stats.envelope_rejects[1]);
    rogue.give(&ping).unwrap();
    moves(&mut rogue, &ping, EnvelopeReject::Duplicate, |stats| &mut stats.envelope_rejects[2]);
    let control = rogue.header(kurdistan::vocab::FrameKind::Control, 0, 9);
    let shapeless = rogue.frame(&control, &[[8].as_slice(), &[0; 22]].concat());
    moves(&mut rogue, &shapeless, EnvelopeReject::Shape, |stats| &mut stats.envelope_rejects[0]);
    let old = rogue.sealed(EnvelopeClass::Ping, 0, &[1, 0, 0, 0, 0, 0, 0, 0, 0]);
    for _ in 0..64 {
        rogue.ping(true, 0).unwrap();
    }
    moves(&mut rogue, &old, EnvelopeReject::Old, |stats| &mut stats.envelope_rejects[3]);
    // A reset in a control frame: genuine, but of another kind.
    let header = rogue.header(kurdistan::vocab::FrameKind::Control, 1, 99);
    let envelope = rogue.envelope(EnvelopeClass::Reset, &header, &[1, 0]);
    let misplaced = rogue.frame(&header, &envelope);
    moves(&mut rogue, &misplaced, EnvelopeReject::HeaderMismatch, |stats| &mut stats.envelope_rejects[5]);
    // So is data; its first byte is that of a hello, but stream 0 alone carries those.
    let header = rogue.header(kurdistan::vocab::FrameKind::Control, 1, 100);
    let envelope = rogue.envelope(EnvelopeClass::Data, &header, b"text");
    let misplaced = rogue.frame(&header, &envelope);
    moves(&mut rogue, &misplaced, EnvelopeReject::HeaderMismatch, |stats| &mut stats.envelope_rejects[5]);
}

#[test]
fn fragments_that_fit_no_group_have_counters_by_name() {
    let mut rogue = rogue();
    let frames = rogue.cut(1, &[7; 600], 300);
    rogue.give(&frames[1]).unwrap();
    moves(&mut rogue, &frames[1], GroupReject::DuplicateFragment, |stats| &mut stats.group_rejects[1]);
    let count = reframed(&POLICY, Role::Client, &frames[0], |header| header.fragment_count = 2);
    moves(&mut rogue, &count, GroupReject::GroupMismatch, |stats| &mut stats.group_rejects[0]);
    let overlap = reframed(&POLICY, Role::Client, &frames[2], |header| header.fragment_offset -= 1);
    moves(&mut rogue, &overlap, GroupReject::Overlap, |stats| &mut stats.group_rejects[3]);
    let long = reframed(&POLICY, Role::Client, &frames[2], |header| header.fragment_offset = 1_048);
    moves(&mut rogue, &long, GroupReject::TooManyBytes, |stats| &mut stats.group_rejects[7]);
    let mut other = forged(&POLICY, Role::Client, &frames[1]);
    moves(&mut rogue, &other, GroupReject::ConflictingDuplicate, |stats| &mut stats.group_rejects[2]);
    for frame in &frames {
        rogue.give(frame).expect("the group was dropped and begins anew");
    }
    // Groups of a stream are bounded by its credit: one is held, three are incomplete.
    for group in 1..5_u64 {
        other = reframed(&POLICY, Role::Client, &frames[0], |header| header.sequence = 1 + 3 * group);
        if group < 4 {
            rogue.give(&other).unwrap();
        }
    }
    moves(&mut rogue, &other, GroupReject::TooManyGroups, |stats| &mut stats.group_rejects[6]);
}

#[test]
fn strict_order_and_late_fragments_have_counters_of_their_own() {
    static STRICT: Spec = Spec { sequence: SequencePolicy::Strict, ..Standard::SPEC };
    let policy = Loaded::new(&STRICT).expect("a sound profile");
    let mut rogue = Rogue::<_, StandardMemory>::new(policy, Role::Client);
    let frames = rogue.cut(1, &[7; 900], 400);
    rogue.give(&frames[0]).unwrap();
    assert_eq!(rogue.give(&frames[2]), Err(SequenceReject::TooFarFuture.into()));
    assert_eq!(rogue.give(&frames[0]), Err(SequenceReject::Duplicate.into()));
    // Time passes, but nobody has polled: the group is past its deadline and takes nothing.
    rogue.now = rogue.now.plus(STRICT.reassembly_ticks - 1);
    rogue.give(&frames[1]).unwrap();
    rogue.now = rogue.now.plus(1);
    assert_eq!(rogue.give(&frames[2]), Err(GroupReject::Expired.into()));
    assert_eq!(rogue.side.stats().group_rejects[8], 1);
    rogue.wait(0);
    assert_eq!(rogue.side.stats().incomplete, 1);
}

#[test]
fn events_tell_what_happened_in_order_and_count_what_they_forget() {
    let mut pair = Pair::<Fixed<Standard>, StandardMemory>::new(POLICY);
    pair.settle();
    let events = |pair: &mut Pair<_, _>, role: Role| -> Vec<Event> {
        core::iter::from_fn(|| pair.side(role).poll_event()).collect()
    };
    let states = [Lifecycle::Negotiating, Lifecycle::Securing, Lifecycle::Open].map(Event::State);
    assert_eq!(events(&mut pair, Role::Client), states);
    assert_eq!(events(&mut pair, Role::Server), states);
    let stream = pair.client.open_stream().unwrap();
    pair.client.send(pair.now, stream, &mut [1; 600]).unwrap();
    pair.settle();
    let size = SizeBucket::of(600);
    let opened = Event::StreamOpened { stream: 1 };
    assert_eq!(events(&mut pair, Role::Client), [opened, Event::Sent { stream: 1, size }]);
    assert_eq!(events(&mut pair, Role::Server), [opened, Event::Received { stream: 1, size }]);
    pair.read_all(Role::Server);
    for _ in 0..20 {
        pair.client.send(pair.now, stream, &mut [1; 1]).unwrap();
        pair.settle();
        pair.read_all(Role::Server);
        pair.settle();
    }
    assert_eq!((pair.client.events_truncated(), events(&mut pair, Role::Client).len()), (4, 16));
    events(&mut pair, Role::Server);
    pair.server.close(pair.now, CloseReason::Shutdown);
    pair.settle();
    let closing = [Event::State(Lifecycle::Draining), Event::State(Lifecycle::Closed)];
    let closed = Event::Ended(ReasonBucket::Clean);
    assert_eq!(events(&mut pair, Role::Client), [closing[0], closing[1], closed]);
    assert_eq!(events(&mut pair, Role::Server), [closing[0], closing[1], closed]);
    assert_eq!(pair.client.idle_link(), Some(PipeEmpty::Closed));
}

#[test]
fn pressure_is_told_at_the_marks() {
    static LOW: Spec = Spec { pipe_high_bytes: 2_400, pipe_low_bytes: 480, ..Standard::SPEC };
    let mut pair = Pair::<_, StandardMemory>::open(Loaded::new(&LOW).expect("a sound profile"));
    let streams = [pair.client.open_stream().unwrap(), pair.client.open_stream().unwrap()];
    let events = |pair: &mut Pair<_, _>| -> Vec<Event> {
        pair.client.poll(pair.now);
        let events = core::iter::from_fn(|| pair.client.poll_event());
        events.filter(|event| matches!(event, Event::Pressure(_))).collect()
    };
    // A message of 400 bytes makes frames of 428 and 52.
    for queued in 1..=5 {
        assert_eq!(events(&mut pair), [], "{queued}");
        pair.client.send(pair.now, streams[queued % 2], &mut [1; 400]).unwrap();
    }
    assert_eq!(events(&mut pair), [Event::Pressure(true)]);
    // The word to the peer is queued behind them, 53 bytes.
    for left in [2_025, 1_973, 1_545, 1_493, 1_065, 1_013, 585, 533] {
        assert_eq!(events(&mut pair), [], "{left}");
        pair.client.poll_transmit(pair.now).expect("a frame").sent();
    }
    pair.client.poll_transmit(pair.now).expect("a frame").sent();
    assert_eq!(events(&mut pair), [Event::Pressure(false)]);
}

/// Of two messages the first is lost on its way, on a stream of its own; where order is not strict it may still come.
#[test]
fn what_was_overtaken_is_missing_until_it_comes() {
    static ORDERED: Spec =
        Spec { replay: ReplayPolicy::OrderedOnly, sequence: SequencePolicy::Strict, ..Standard::SPEC };
    static WINDOWED: Spec = Standard::SPEC;
    for (spec, after, late) in
        [(&ORDERED, 1, Err(Reject::Envelope(EnvelopeReject::Old))), (&WINDOWED, 0, Ok(()))]
    {
        let mut pair = Pair::<_, StandardMemory>::open(Loaded::new(spec).expect("a sound profile"));
        let frames = [(); 2].map(|()| {
            let stream = pair.client.open_stream().unwrap();
            pair.client.send(pair.now, stream, &mut [1; 9]).unwrap();
            pair.drain(Role::Client).remove(0)
        });
        pair.server.receive(pair.now, &frames[1]).unwrap();
        assert_eq!(pair.server.stats().missing, 1);
        assert_eq!(pair.server.receive(pair.now, &frames[0]), late);
        assert_eq!(pair.server.stats().missing, after);
    }
}
