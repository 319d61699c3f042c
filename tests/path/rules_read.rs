//! Reading: each stream in turn, each message until it is consumed, and credit back when it is worth a frame.

use kurdistan::endpoint::{Read, StandardMemory};
use kurdistan::profile::{Fixed, Standard};
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{EnvelopeClass, Role};

use crate::rogue::Rogue;

type Standards = Rogue<Fixed<Standard>, StandardMemory>;

fn rogue() -> Standards {
    Rogue::new(Fixed::new(), Role::Client)
}

#[test]
fn streams_are_read_in_turn() {
    let mut rogue = rogue();
    for _ in 0..3 {
        for stream in [5, 1, 3] {
            rogue.say(EnvelopeClass::Data, stream, b"text").unwrap();
        }
    }
    rogue.say(EnvelopeClass::Data, 7, b"once").unwrap();
    let mut order = Vec::new();
    while let Some(stream) = rogue.side.readable() {
        assert_eq!(rogue.side.readable(), Some(stream), "to ask changes nothing");
        assert!(matches!(rogue.side.read(stream), Read::Message(_)));
        let now = rogue.now;
        rogue.side.consume(now, stream);
        order.push(stream);
    }
    assert_eq!(order, [1, 3, 5, 7, 1, 3, 5, 1, 3, 5]);
}

#[test]
fn a_stream_that_is_read_but_not_consumed_does_not_hold_up_the_others() {
    let mut rogue = rogue();
    for stream in [1, 3] {
        rogue.say(EnvelopeClass::Data, stream, b"text").unwrap();
    }
    let mut order = Vec::new();
    for _ in 0..4 {
        let stream = rogue.side.readable().expect("two streams");
        assert_eq!(rogue.side.read(stream), Read::Message(b"text"));
        order.push(stream);
    }
    assert_eq!(order, [1, 3, 1, 3]);
}

#[test]
fn a_message_stays_until_it_is_consumed_and_an_end_is_told_for_ever() {
    let mut rogue = rogue();
    let now = rogue.now;
    assert_eq!((rogue.side.readable(), rogue.side.read(1)), (None, Read::NoStream));
    assert!(!rogue.side.consume(now, 1));
    rogue.say(EnvelopeClass::Data, 1, b"first").unwrap();
    rogue.say(EnvelopeClass::Data, 1, b"second").unwrap();
    for _ in 0..2 {
        assert_eq!(rogue.side.read(1), Read::Message(b"first"));
    }
    assert!(rogue.side.consume(now, 1));
    assert_eq!(rogue.side.read(1), Read::Message(b"second"));
    assert!(rogue.side.consume(now, 1));
    assert!(!rogue.side.consume(now, 1));
    assert_eq!((rogue.side.readable(), rogue.side.read(1)), (None, Read::Nothing));
    let body = [&11_u64.to_le_bytes()[..], &7_u16.to_le_bytes()].concat();
    rogue.say(EnvelopeClass::Error, 1, &body).unwrap();
    assert_eq!(rogue.side.readable(), Some(1));
    for _ in 0..2 {
        assert_eq!(rogue.side.read(1), Read::End(StreamEnd::Error(7)));
        assert_eq!(rogue.side.readable(), None, "an end is read once");
    }
}

#[test]
fn messages_that_came_out_of_order_are_read_in_order() {
    let mut rogue = rogue();
    let first = rogue.sealed(EnvelopeClass::Data, 1, b"first");
    let second = rogue.sealed(EnvelopeClass::Data, 1, b"second");
    let third = rogue.sealed(EnvelopeClass::Data, 1, b"third");
    for frame in [&third, &second] {
        rogue.give(frame).unwrap();
        assert_eq!(rogue.side.readable(), None);
        assert_eq!(rogue.side.read(1), Read::Nothing);
    }
    rogue.give(&first).unwrap();
    let now = rogue.now;
    for text in [&b"first"[..], b"second", b"third"] {
        assert_eq!(rogue.side.read(1), Read::Message(text));
        rogue.side.consume(now, 1);
    }
}

#[test]
fn credit_is_told_by_halves_and_the_rest_when_asked() {
    let mut rogue = rogue();
    for _ in 0..4 {
        rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
    }
    let now = rogue.now;
    for told in [None, Some(6), None, Some(8)] {
        assert!(rogue.side.consume(now, 1));
        let heard = rogue.hear();
        let limits: Vec<u8> = heard.iter().map(|heard| heard.body[0]).collect();
        assert_eq!(limits, told.into_iter().collect::<Vec<u8>>());
    }
    rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
    assert!(rogue.side.consume(now, 1));
    assert!(rogue.hear().is_empty(), "less than half");
    rogue.say(EnvelopeClass::Ping, 0, &[0; 9]).unwrap();
    let credit = rogue.hear().into_iter().find(|heard| heard.class == EnvelopeClass::Credit);
    assert_eq!(credit.expect("a credit").body[0], 9);
    assert_eq!(rogue.side.stats().restated, 0);
}
