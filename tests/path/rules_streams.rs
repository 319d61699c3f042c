//! Resets and streams that are past: who answers what, and what comes late.

use kurdistan::endpoint::{Read, Reject, SendRefusal, SmallMemory, StandardMemory};
use kurdistan::observe::Event;
use kurdistan::profile::{Fixed, Profile, Small, Standard};
use kurdistan::stream::{OpenRefusal, StreamEnd};
use kurdistan::vocab::{EnvelopeClass, EnvelopeReject, Role, SequenceReject};

use crate::rogue::{Rogue, forged};

type Standards = Rogue<Fixed<Standard>, StandardMemory>;

const DATA: EnvelopeClass = EnvelopeClass::Data;
const END: EnvelopeClass = EnvelopeClass::EndOfStream;
const RESET: EnvelopeClass = EnvelopeClass::Reset;
const CREDIT: EnvelopeClass = EnvelopeClass::Credit;
const LATE: Result<(), Reject> = Err(Reject::Sequence(SequenceReject::AfterTerminal));

fn rogue(role: Role) -> Standards {
    Rogue::new(Fixed::new(), role)
}

fn code(code: u16) -> [u8; 2] {
    code.to_le_bytes()
}

#[test]
fn an_opener_answers_a_reset_when_its_reader_knows() {
    let mut rogue = rogue(Role::Client);
    assert_eq!(rogue.side.open_stream(), Ok(2));
    rogue.say(RESET, 2, &code(5)).unwrap();
    assert_eq!(rogue.hear(), []);
    let now = rogue.now;
    let refused = rogue.side.send(now, 2, &mut [1; 4]);
    assert_eq!(refused, Err(SendRefusal::Ended(StreamEnd::Reset(5))));
    assert_eq!(rogue.side.readable(), Some(2));
    assert_eq!(rogue.side.read(2), Read::End(StreamEnd::Reset(5)));
    assert_eq!(rogue.side.readable(), None);
    let answer = rogue.hear();
    assert_eq!(answer.len(), 1);
    assert_eq!((answer[0].class, answer[0].stream, &answer[0].body[..]), (RESET, 2, &code(5)[..]));
}

#[test]
fn an_opener_whose_reader_has_seen_the_end_answers_a_reset_at_once() {
    let mut rogue = rogue(Role::Client);
    assert_eq!(rogue.side.open_stream(), Ok(2));
    rogue.say(END, 2, &0_u64.to_le_bytes()).unwrap();
    assert_eq!(rogue.side.read(2), Read::End(StreamEnd::Finished));
    rogue.hear();
    rogue.say(RESET, 2, &code(6)).unwrap();
    assert_eq!(rogue.hear_classes(), [(RESET, 2)]);
    assert_eq!(rogue.side.read(2), Read::End(StreamEnd::Finished), "what was read stays so");
}

#[test]
fn an_acceptor_answers_a_reset_with_its_last_word_when_its_reader_knows() {
    let mut rogue = rogue(Role::Client);
    rogue.say(DATA, 1, b"text").unwrap();
    rogue.say(RESET, 1, &code(5)).unwrap();
    assert_eq!(rogue.hear(), []);
    assert_eq!(rogue.side.read(1), Read::End(StreamEnd::Reset(5)));
    assert_eq!(rogue.hear_classes(), [(CREDIT, 1)]);
    assert_eq!(rogue.side.read(1), Read::NoStream);
}

#[test]
fn the_first_reset_stands_and_is_noted_once() {
    let mut rogue = rogue(Role::Client);
    assert_eq!(rogue.side.open_stream(), Ok(2));
    while rogue.side.poll_event().is_some() {}
    rogue.say(RESET, 2, &code(5)).unwrap();
    rogue.say(RESET, 2, &code(9)).unwrap();
    assert_eq!(rogue.side.read(2), Read::End(StreamEnd::Reset(5)));
    rogue.say(RESET, 2, &code(9)).unwrap();
    assert_eq!(rogue.side.read(2), Read::End(StreamEnd::Reset(5)));
    let events: Vec<Event> = core::iter::from_fn(|| rogue.side.poll_event()).collect();
    assert_eq!(events, [Event::StreamReset { stream: 2 }]);
}

#[test]
fn a_reset_of_the_acceptor_is_said_until_the_opener_has_reset() {
    let mut rogue = rogue(Role::Client);
    let retry = Standard::SPEC.retry_ticks;
    rogue.say(DATA, 1, b"text").unwrap();
    let now = rogue.now;
    rogue.side.reset(now, 1, 7).unwrap();
    assert_eq!(rogue.hear_classes(), [(RESET, 1)]);
    rogue.wait(retry - 1);
    assert_eq!(rogue.hear(), []);
    rogue.wait(1);
    assert_eq!(rogue.hear_classes(), [(RESET, 1)]);
    assert_eq!(rogue.side.stats().restated, 1);
    rogue.say(RESET, 1, &code(7)).unwrap();
    assert_eq!(rogue.hear_classes(), [(CREDIT, 1)]);
    rogue.wait(retry);
    assert_eq!(rogue.hear(), []);
}

#[test]
fn a_reset_of_the_opener_is_said_until_the_last_word_of_the_acceptor() {
    let mut rogue = rogue(Role::Client);
    let retry = Standard::SPEC.retry_ticks;
    let streams: Vec<u32> = core::iter::from_fn(|| rogue.side.open_stream().ok()).collect();
    assert_eq!(streams.len(), usize::from(Standard::SPEC.server_streams));
    let now = rogue.now;
    rogue.side.reset(now, 2, 7).unwrap();
    assert_eq!(rogue.hear_classes(), [(RESET, 2)]);
    // The acceptor's reset is no last word, and does not put off the opener's.
    rogue.wait(retry - 1);
    rogue.say(RESET, 2, &code(7)).unwrap();
    assert_eq!(rogue.hear(), []);
    rogue.wait(1);
    assert_eq!(rogue.hear_classes(), [(RESET, 2)]);
    for _ in 0..3 {
        rogue.wait(retry);
        assert_eq!(rogue.hear_classes(), [(RESET, 2)]);
        assert_eq!(rogue.side.open_stream(), Err(OpenRefusal::StreamLimit));
    }
    rogue.credit(2, u64::MAX).unwrap();
    assert_eq!(rogue.side.open_stream(), Ok(10));
    rogue.wait(retry);
    assert_eq!(rogue.hear(), []);
}

#[test]
fn words_about_a_past_stream_are_answered_by_its_acceptor_alone() {
    let mut rogue = rogue(Role::Client);
    // One stream of each side's comes and goes.
    rogue.say(RESET, 1, &code(1)).unwrap();
    assert_eq!(rogue.side.read(1), Read::End(StreamEnd::Reset(1)));
    assert_eq!(rogue.side.open_stream(), Ok(2));
    let now = rogue.now;
    rogue.side.reset(now, 2, 1).unwrap();
    rogue.credit(2, u64::MAX).unwrap();
    rogue.hear();
    assert_eq!(rogue.side.read(1), Read::NoStream);
    assert_eq!(rogue.side.read(2), Read::NoStream);
    for _ in 0..2 {
        rogue.say(RESET, 1, &code(1)).unwrap();
        let last = rogue.hear();
        assert_eq!((last.len(), last[0].stream, &last[0].body[..]), (1, 1, &[0xff; 8][..]));
        rogue.credit(1, 5).unwrap();
        assert_eq!(rogue.hear(), last);
        rogue.say(RESET, 2, &code(1)).unwrap();
        rogue.credit(2, 5).unwrap();
        assert_eq!(rogue.hear(), [], "its opener does not speak of it any more");
    }
}

#[test]
fn late_data_of_a_past_stream_is_opened_counted_and_dropped() {
    let mut rogue = rogue(Role::Client);
    rogue.say(RESET, 1, &code(1)).unwrap();
    assert_eq!(rogue.side.read(1), Read::End(StreamEnd::Reset(1)));
    rogue.hear();
    for _ in 0..Standard::SPEC.slots() + 1 {
        assert_eq!(rogue.say(DATA, 1, b"late"), LATE);
    }
    assert_eq!(rogue.side.readable(), None);
    let rejects = rogue.side.stats().sequence_rejects;
    assert_eq!(rejects.iter().sum::<u32>(), Standard::SPEC.slots() as u32 + 1);
    assert_eq!(rejects[usize::from(SequenceReject::AfterTerminal.code()) - 1], rejects.iter().sum::<u32>());
    assert_eq!(rogue.say(DATA, 3, b"text"), Ok(()));
    rogue.close().unwrap();
    rogue.hear();
    assert_eq!(rogue.side.lifecycle(), Some(kurdistan::vocab::Lifecycle::Closed), "the counts are exact");
}

#[test]
fn late_data_of_a_reset_stream_finds_the_place_of_what_was_held() {
    let mut rogue = Rogue::<Fixed<Small>, SmallMemory>::new(Fixed::new(), Role::Client);
    rogue.say(DATA, 1, b"held").unwrap();
    rogue.say(RESET, 1, &code(1)).unwrap();
    assert_eq!(rogue.say(DATA, 1, b"late"), LATE);
    let mut rogue = Rogue::<Fixed<Small>, SmallMemory>::new(Fixed::new(), Role::Client);
    rogue.say(DATA, 1, b"held").unwrap();
    let now = rogue.now;
    rogue.side.reset(now, 1, 2).unwrap();
    assert_eq!(rogue.say(DATA, 1, b"late"), LATE);
}

#[test]
fn a_forgery_holds_no_slot_and_marks_nothing() {
    let mut rogue = rogue(Role::Client);
    let genuine = rogue.sealed(DATA, 1, b"text");
    let forgery = forged(&Fixed::<Standard>::new(), Role::Client, &genuine);
    let refused = Err(Reject::Envelope(EnvelopeReject::OpenFailed));
    for _ in 0..Standard::SPEC.slots() + 1 {
        assert_eq!(rogue.give(&forgery), refused);
    }
    assert_eq!(rogue.side.readable(), None);
    assert_eq!(rogue.give(&genuine), Ok(()));
    assert_eq!(rogue.side.read(1), Read::Message(b"text"));
    assert_eq!(rogue.give(&genuine), Err(Reject::Sequence(SequenceReject::Duplicate)));
}

#[test]
fn nothing_follows_the_end_of_a_half() {
    let mut rogue = rogue(Role::Client);
    rogue.say(DATA, 1, b"text").unwrap();
    rogue.say(END, 1, &4_u64.to_le_bytes()).unwrap();
    assert_eq!(rogue.say(DATA, 1, b"more"), LATE);
    let now = rogue.now;
    assert!(rogue.side.consume(now, 1));
    assert_eq!(rogue.side.read(1), Read::End(StreamEnd::Finished));
    assert!(!rogue.side.consume(now, 1));
    assert_eq!(rogue.say(DATA, 1, b"more"), LATE);
}

#[test]
fn a_probe_is_answered_and_asks_for_every_credit() {
    for role in [Role::Client, Role::Server] {
        let mut rogue = rogue(role);
        let own = rogue.side.open_stream().unwrap();
        let now = rogue.now;
        rogue.side.send(now, own, &mut [1; 4]).unwrap();
        let peers = 3 - own;
        rogue.say(DATA, peers, b"text").unwrap();
        let reset = rogue.side.open_stream().unwrap();
        rogue.side.reset(now, reset, 1).unwrap();
        rogue.hear();
        rogue.ping(true, 1).unwrap();
        assert_eq!(rogue.hear(), [], "an answer is not answered");
        rogue.ping(false, 1).unwrap();
        let mut heard = rogue.hear();
        let answer = heard.remove(0);
        assert_eq!((answer.class, &answer.body[..]), (EnvelopeClass::Ping, &[1, 1, 0, 0, 0, 0, 0, 0, 0][..]));
        heard.sort_by_key(|heard| heard.stream);
        let told: Vec<_> = heard.iter().map(|heard| (heard.class, heard.stream, heard.body[0])).collect();
        let mut streams = [(CREDIT, own, 4), (CREDIT, peers, 4)];
        streams.sort_by_key(|told| told.1);
        assert_eq!(told, streams, "of every stream that was not reset");
        assert_eq!(rogue.side.stats().restated, 2);
    }
}
