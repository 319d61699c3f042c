//! What is refused to a sender changes nothing: not the buffer, not the pipe, not a counter of messages.

use kurdistan::endpoint::{SendRefusal, StandardMemory};
use kurdistan::profile::{Fixed, Loaded, Profile, Spec, Standard};
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{CloseReason, EnvelopeClass, Lifecycle, PipeRefusal, Role};

use crate::pair::Pair;
use crate::rogue::Rogue;

type Standards = Pair<Fixed<Standard>, StandardMemory>;

/// A pipe of one long message, one short one, and a control frame.
static NARROW: Spec = Spec { pipe_frames_max: 5, ..Standard::SPEC };

const MOST: usize = Standard::SPEC.message_bytes_max();

/// Sends bytes that must be refused, and looks whether anything has changed.
fn refused(pair: &mut Standards, stream: u32, bytes: usize, refusal: SendRefusal) {
    let mut message: Vec<u8> = (0..bytes).map(|at| (at * 7 + 1) as u8).collect();
    let before = (message.clone(), pair.client.stats());
    assert_eq!(pair.client.send(pair.now, stream, &mut message), Err(refusal));
    let mut after = (message, pair.client.stats());
    (after.1.credit_refusals, after.1.pressure_events) = (before.1.credit_refusals, before.1.pressure_events);
    assert_eq!(after, before, "{refusal}");
}

#[test]
fn every_refusal_leaves_the_message_and_the_counters_as_they_were() {
    let mut pair = Standards::new(Fixed::new());
    refused(&mut pair, 1, 5, SendRefusal::NotOpen);
    pair.settle();
    refused(&mut pair, 1, 5, SendRefusal::NoStream);
    let stream = pair.client.open_stream().unwrap();
    refused(&mut pair, 0, 5, SendRefusal::NoStream);
    refused(&mut pair, stream + 2, 5, SendRefusal::NoStream);
    refused(&mut pair, stream, 0, SendRefusal::Empty);
    refused(&mut pair, stream, MOST + 1, SendRefusal::TooLong { max: MOST as u16 });
    pair.client.send(pair.now, stream, &mut [1; MOST]).unwrap();
    for _ in 1..Standard::SPEC.stream_credit {
        pair.client.send(pair.now, stream, &mut [1; 9]).unwrap();
    }
    refused(&mut pair, stream, 5, SendRefusal::Credit);
    assert_eq!((pair.client.stats().credit_refusals, pair.client.stats().pressure_events), (1, 0));
    pair.client.finish_with_error(pair.now, stream, 3).unwrap();
    refused(&mut pair, stream, 5, SendRefusal::Ended(StreamEnd::Error(3)));
    assert_eq!(pair.client.stats().credit_refusals, 1, "an end that waits is no refusal");
    let now = pair.now;
    assert_eq!(pair.client.finish(now, stream), Err(SendRefusal::Ended(StreamEnd::Error(3))));
    assert_eq!(pair.client.finish(now, 5), Err(SendRefusal::NoStream));
    assert_eq!(pair.client.reset(now, 5, 1), Err(SendRefusal::NoStream));
    pair.client.reset(now, stream, 4).unwrap();
    assert_eq!(pair.client.reset(now, stream, 5), Err(SendRefusal::Ended(StreamEnd::Reset(4))));
    refused(&mut pair, stream, 5, SendRefusal::Ended(StreamEnd::Reset(4)));
    let other = pair.client.open_stream().unwrap();
    pair.client.close(now, CloseReason::Done);
    refused(&mut pair, other, 5, SendRefusal::NotOpen);
    assert_eq!(pair.client.finish(now, other), Err(SendRefusal::NotOpen));
    pair.client.abort();
    refused(&mut pair, other, 5, SendRefusal::NotOpen);
    assert_eq!(pair.client.reset(now, other, 1), Err(SendRefusal::NotOpen));
}

#[test]
fn a_stream_may_still_be_reset_while_the_session_drains() {
    let mut rogue = Rogue::<Fixed<Standard>, StandardMemory>::new(Fixed::new(), Role::Client);
    assert_eq!(rogue.side.open_stream(), Ok(2));
    let now = rogue.now;
    rogue.side.close(now, CloseReason::Done);
    assert_eq!(rogue.hear_classes(), [(EnvelopeClass::Close, 0)]);
    assert_eq!(rogue.side.lifecycle(), Some(Lifecycle::Draining));
    assert_eq!(rogue.side.send(now, 2, &mut [1; 9]), Err(SendRefusal::NotOpen));
    assert_eq!(rogue.side.reset(now, 2, 4), Ok(()));
    assert_eq!(rogue.hear_classes(), [(EnvelopeClass::Reset, 2)]);
}

#[test]
fn a_full_pipe_refuses_whole_messages_and_keeps_room_for_control() {
    let policy = Loaded::new(&NARROW).expect("a sound profile");
    let mut pair = Pair::<_, StandardMemory>::open(policy);
    let stream = pair.client.open_stream().unwrap();
    pair.client.send(pair.now, stream, &mut [1; MOST]).unwrap();
    let mut message = [2; 500];
    let stats = pair.client.stats();
    let refusal = pair.client.send(pair.now, stream, &mut message).unwrap_err();
    assert!(matches!(refusal, SendRefusal::Pipe(PipeRefusal::Pressure { .. })), "{refusal}");
    assert!(refusal.is_temporary() && message == [2; 500]);
    let after = pair.client.stats();
    assert_eq!((after.pressure_events, after.messages_sent), (1, 1));
    assert_eq!((after.fragments_sent, after.bytes_copied), (stats.fragments_sent, stats.bytes_copied));
    pair.client.send(pair.now, stream, &mut [3; 9]).unwrap();
    pair.client.finish(pair.now, stream).unwrap();
    let frames = pair.drain(Role::Client);
    assert_eq!(frames.len(), 5, "and the end, as soon as one frame has left");
    for frame in &frames {
        pair.server.receive(pair.now, frame).unwrap();
    }
    let (messages, ends) = pair.read_all(Role::Server);
    assert_eq!(messages, [(stream, vec![1; MOST]), (stream, vec![3; 9])]);
    assert_eq!(ends, [(stream, StreamEnd::Finished)]);
    assert_eq!(pair.client.stats().pressure_events, 1, "an end that waits is no pressure event");
}

#[test]
fn a_refused_message_uses_no_sequence() {
    let mut rogue = Rogue::<Fixed<Standard>, StandardMemory>::new(Fixed::new(), Role::Client);
    assert_eq!(rogue.side.open_stream(), Ok(2));
    let now = rogue.now;
    for _ in 0..2 {
        for _ in 0..4 {
            rogue.side.send(now, 2, &mut [1; 9]).unwrap();
        }
        for _ in 0..9 {
            assert_eq!(rogue.side.send(now, 2, &mut [1; 9]), Err(SendRefusal::Credit));
        }
        let heard = rogue.hear_classes();
        assert_eq!(heard, [(EnvelopeClass::Data, 2); 4]);
        rogue.credit(2, 8).unwrap();
    }
    rogue.ping(false, 0).unwrap();
    assert_eq!(rogue.hear()[0].body, [1, 8, 0, 0, 0, 0, 0, 0, 0], "eight were sealed");
    assert_eq!(rogue.session.data_opened(), 8);
}

#[test]
fn a_frame_that_is_not_taken_stays_in_front() {
    let mut pair = Standards::open(Fixed::new());
    let stream = pair.client.open_stream().unwrap();
    pair.client.send(pair.now, stream, &mut [1; 9]).unwrap();
    pair.client.send(pair.now, stream, &mut [2; 9]).unwrap();
    let looked = pair.client.poll_transmit(pair.now).map(|frame| frame.bytes().to_vec());
    let before = pair.client.stats();
    assert_eq!(pair.client.poll_transmit(pair.now).map(|frame| frame.bytes().to_vec()), looked);
    assert_eq!(pair.client.stats(), before, "to look is not to send");
    let frames = pair.drain(Role::Client);
    assert_eq!((Some(&frames[0]), frames.len()), (looked.as_ref(), 2));
    let bytes: usize = frames.iter().map(Vec::len).sum();
    let after = pair.client.stats();
    assert_eq!(
        (after.frames_sent - before.frames_sent, after.bytes_sent - before.bytes_sent),
        (2, bytes as u64)
    );
}
