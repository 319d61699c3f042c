//! The handshake as frames: who is believed, what is repeated, and that nobody is answered with more than was said.

use kurdistan::endpoint::{Reject, StandardMemory, StartError};
use kurdistan::profile::{Fixed, Loaded, Profile, Spec, Standard};
use kurdistan::secure::Fresh;
use kurdistan::session::ConfigError;
use kurdistan::vocab::{
    CloseReason, FailReason, FrameKind, HandshakeReject, Lifecycle, PipeEmpty, Role, Ticks,
};

use crate::pair::{Pair, config};
use crate::rogue::{class_of, handshake_frame, payload, reframed};

type Standards = Pair<Fixed<Standard>, StandardMemory>;

const POLICY: Fixed<Standard> = Fixed::new();

fn fresh_pair() -> Standards {
    Pair::new(POLICY)
}

/// A pair, the hello and the accept; the client has not heard the accept.
fn accepted() -> (Standards, Vec<u8>, Vec<u8>) {
    let mut pair = fresh_pair();
    let hello = pair.drain(Role::Client).remove(0);
    pair.server.receive(pair.now, &hello).unwrap();
    let accept = pair.drain(Role::Server).remove(0);
    (pair, hello, accept)
}

#[test]
fn a_class_that_differs_in_one_bit_is_another_session_in_every_state() {
    let (mut pair, hello, accept) = accepted();
    let bits = (0..16).map(|bit| 1_u16 << bit);
    let changed = |from: Role, frame: &[u8], bit: u16| {
        reframed(&POLICY, from, frame, |header| header.session_class ^= bit)
    };
    let mut listening = fresh_pair();
    for bit in bits.clone() {
        let now = pair.now;
        let other = changed(Role::Client, &hello, bit);
        assert_eq!(
            listening.server.receive(now, &other),
            Err(Reject::WrongSession),
            "negotiating server {bit}"
        );
        assert_eq!(pair.server.receive(now, &other), Err(Reject::WrongSession), "securing server {bit}");
        let other = changed(Role::Server, &accept, bit);
        assert_eq!(pair.client.receive(now, &other), Err(Reject::WrongSession), "negotiating client {bit}");
    }
    assert_eq!(pair.states(), [Lifecycle::Negotiating, Lifecycle::Securing]);
    assert_eq!(listening.states()[1], Lifecycle::Negotiating);
    pair.client.receive(pair.now, &accept).unwrap();
    pair.settle();
    let stream = pair.client.open_stream().unwrap();
    pair.client.send(pair.now, stream, &mut [7; 9]).unwrap();
    let frame = pair.drain(Role::Client).remove(0);
    for bit in bits {
        let other = changed(Role::Client, &frame, bit);
        assert_eq!(pair.server.receive(pair.now, &other), Err(Reject::WrongSession), "open {bit}");
    }
    assert_eq!(pair.server.receive(pair.now, &frame), Ok(()));
    assert_eq!(pair.server.stats().wrong_session, 32);
}

#[test]
fn an_accept_is_repeated_bit_for_bit_to_the_same_hello_alone() {
    let (mut pair, hello, accept) = accepted();
    let now = pair.now;
    for repeats in 1..4 {
        assert_eq!(pair.server.receive(now, &hello), Ok(()));
        assert_eq!(pair.drain(Role::Server), [&accept[..]]);
        assert_eq!(pair.server.stats().handshake_repeats, repeats);
    }
    let mut message = payload(&hello);
    *message.last_mut().unwrap() ^= 1;
    let other = handshake_frame(&POLICY, Role::Client, class_of(&payload(&hello)), 1, &message);
    let refused = Err(Reject::Handshake(HandshakeReject::MessageType));
    assert_eq!(pair.server.receive(now, &other), refused);
    assert_eq!(pair.drain(Role::Server), [&[0; 0][..]; 0]);
    assert_eq!(pair.states()[1], Lifecycle::Securing);
}

#[test]
fn an_accept_is_never_longer_than_what_asks_for_it_again() {
    let (mut pair, hello, accept) = accepted();
    let hello = payload(&hello);
    let (class, binder) = (class_of(&hello), hello.last_chunk::<32>().unwrap());
    for (frame_bytes, answered) in [(accept.len() - 1, false), (62, false), (accept.len(), true)] {
        let mut message = vec![0; frame_bytes - 28];
        message.last_chunk_mut::<32>().unwrap().copy_from_slice(binder);
        let frame = handshake_frame(&POLICY, Role::Client, class, 1, &message);
        assert_eq!(frame.len(), frame_bytes);
        assert_eq!(pair.server.receive(pair.now, &frame).is_ok(), answered, "{frame_bytes}");
        assert_eq!(pair.drain(Role::Server).len(), usize::from(answered), "{frame_bytes}");
    }
}

#[test]
fn a_confirm_is_repeated_until_the_server_is_heard_and_answered_by_a_ping() {
    let (mut pair, _, accept) = accepted();
    pair.client.receive(pair.now, &accept).unwrap();
    let confirm = pair.drain(Role::Client);
    assert_eq!(confirm.len(), 1);
    // It was lost; the client is open, but must say it again.
    let retry = Standard::SPEC.retry_ticks;
    pair.now = pair.now.plus(retry);
    pair.client.poll(pair.now);
    assert_eq!(pair.drain(Role::Client), confirm);
    assert_eq!(pair.server.receive(pair.now, &confirm[0]), Ok(()));
    let lost = pair.drain(Role::Server);
    assert_eq!(lost.len(), 1);
    // The answer was lost as well.
    pair.now = pair.now.plus(retry);
    pair.client.poll(pair.now);
    assert_eq!(pair.drain(Role::Client), confirm);
    assert_eq!(pair.server.receive(pair.now, &confirm[0]), Ok(()));
    assert_eq!((pair.server.stats().handshake_repeats, pair.server.stats().rejects()), (1, 0));
    let pong = pair.drain(Role::Server);
    assert_eq!(pong, lost, "a confirm that is said again is answered again, and nothing is sealed for it");
    assert_eq!(pair.client.receive(pair.now, &pong[0]), Ok(()));
    pair.now = pair.now.plus(retry * 4);
    pair.client.poll(pair.now);
    assert_eq!(pair.drain(Role::Client), [&[0; 0][..]; 0]);
    assert_eq!(pair.client.stats().handshake_repeats, 2);
}

#[test]
fn an_accept_that_found_no_room_is_forgotten_when_the_confirm_comes() {
    let (mut pair, hello, accept) = accepted();
    for _ in 0..2 * Standard::SPEC.pipe_frames_max {
        assert_eq!(pair.server.receive(pair.now, &hello), Ok(()));
    }
    pair.client.receive(pair.now, &accept).unwrap();
    let confirm = pair.drain(Role::Client).remove(0);
    assert_eq!(pair.server.receive(pair.now, &confirm), Ok(()));
    let said = pair.drain(Role::Server);
    let (pong, accepts) = said.split_last().unwrap();
    assert!(accepts.iter().all(|frame| *frame == accept));
    assert_eq!((accepts.len(), pong.len()), (Standard::SPEC.pipe_frames_max.into(), 61));
}

/// Anyone may have recorded a confirm.
#[test]
fn a_recorded_confirm_moves_no_sequence_and_gets_no_more_bytes_than_it_has() {
    let (mut pair, hello, accept) = accepted();
    pair.client.receive(pair.now, &accept).unwrap();
    let confirm = pair.drain(Role::Client).remove(0);
    let now = pair.now;
    assert_eq!(pair.server.receive(now, &confirm), Ok(()));
    let pong = pair.drain(Role::Server);
    let class = class_of(&payload(&hello));
    let tag = payload(&confirm)[2..].to_vec();
    for more in [&[3][..], &[3, 1], &[3, 1, 1]] {
        let frame = handshake_frame(&POLICY, Role::Client, class, 2, &[more, &tag].concat());
        assert_eq!(pair.server.receive(now, &frame), Ok(()));
        assert!(pong[0].len() <= frame.len());
        assert_eq!(pair.drain(Role::Server), pong);
    }
    // What the server seals next is the next envelope: the client opens both, in this order.
    let stream = pair.server.open_stream().unwrap();
    pair.server.reset(now, stream, 1).unwrap();
    let reset = pair.drain(Role::Server).remove(0);
    let sequence = |frame: &[u8]| u64::from_le_bytes(*frame[16..].first_chunk().unwrap());
    assert_eq!((sequence(&pong[0]), sequence(&reset)), (2, 3));
}

#[test]
fn a_forged_or_foreign_handshake_message_after_the_handshake_is_not_answered() {
    let mut pair = Standards::open(POLICY);
    let (mut other, hello, accept) = accepted();
    other.client.receive(other.now, &accept).unwrap();
    let confirm = other.drain(Role::Client).remove(0);
    let mut message = payload(&confirm);
    message[20] ^= 1;
    let class = class_of(&payload(&hello));
    let forgery = handshake_frame(&POLICY, Role::Client, class, 2, &message);
    let now = pair.now;
    let late = Err(Reject::Handshake(HandshakeReject::MessageType));
    assert_eq!(pair.server.receive(now, &forgery), late);
    assert_eq!(pair.drain(Role::Server), [&[0; 0][..]; 0], "only the confirm itself is");
    assert_eq!(pair.client.receive(now, &accept), late);
    assert_eq!(pair.drain(Role::Client), [&[0; 0][..]; 0], "a client answers none");
    assert_eq!(pair.server.receive(now, &confirm), Ok(()));
    assert_eq!(pair.drain(Role::Server).len(), 1);
}

#[test]
fn a_confirm_that_still_waits_is_dropped_when_the_server_is_heard() {
    // One long message and one control frame fill the pipe.
    static NARROW: Spec = Spec { pipe_frames_max: 4, ..Standard::SPEC };
    let mut pair = Pair::<_, StandardMemory>::new(Loaded::new(&NARROW).expect("a sound profile"));
    pair.exchange(&mut |_, _| 1);
    let confirm = pair.drain(Role::Client).remove(0);
    pair.server.receive(pair.now, &confirm).unwrap();
    let pong = pair.drain(Role::Server).remove(0);
    let stream = pair.client.open_stream().unwrap();
    pair.client.send(pair.now, stream, &mut vec![1; 1_024]).unwrap();
    for repeats in 1..=3 {
        pair.now = pair.now.plus(NARROW.retry_ticks);
        pair.client.poll(pair.now);
        assert_eq!(pair.client.stats().handshake_repeats, repeats);
    }
    pair.client.receive(pair.now, &pong).unwrap();
    let frames = pair.drain(Role::Client);
    let said = frames.iter().filter(|frame| frame[..] == confirm[..]).count();
    assert_eq!((frames.len(), said), (4, 1), "the one that had found room");
}

#[test]
fn frames_that_are_no_handshake_have_no_place_before_open() {
    let (mut pair, hello, _) = accepted();
    let message = payload(&hello);
    let mut listening = fresh_pair();
    let mut vacant = kurdistan::Endpoint::<_, StandardMemory>::vacant(POLICY);
    for (kind, stream) in
        [(FrameKind::Data, 1), (FrameKind::Close, 0), (FrameKind::Ack, 0), (FrameKind::Control, 1)]
    {
        let frame = handshake_frame(&POLICY, Role::Client, class_of(&message), 1, &message);
        let frame = reframed(&POLICY, Role::Client, &frame, |header| {
            (header.kind, header.stream) = (kind, stream);
        });
        assert_eq!(listening.server.receive(pair.now, &frame), Err(Reject::State), "{kind} {stream}");
        assert_eq!(pair.server.receive(pair.now, &frame), Err(Reject::State), "{kind} {stream}");
    }
    assert_eq!((pair.server.stats().unexpected, listening.server.stats().unexpected), (4, 4));
    let accept = handshake_frame(&POLICY, Role::Server, 0, 1, &message);
    assert_eq!(vacant.receive(pair.now, &accept), Err(Reject::State));
    assert_eq!((vacant.lifecycle(), vacant.idle_link()), (None, Some(PipeEmpty::Empty)));
}

#[test]
fn an_endpoint_begins_again_only_after_an_end_and_then_from_nothing() {
    let mut pair = Standards::open(POLICY);
    let stream = pair.client.open_stream().unwrap();
    pair.client.send(pair.now, stream, &mut [7; 9]).unwrap();
    let start = |pair: &mut Standards, role: Role, random: u8| {
        let now = pair.now;
        pair.side(role).start(now, config(role), Fresh::from_random([random; 32]))
    };
    assert_eq!(start(&mut pair, Role::Client, 8), Err(StartError::Busy));
    assert_eq!(start(&mut pair, Role::Server, 9), Err(StartError::Busy));
    assert_eq!(pair.states(), [Lifecycle::Open; 2], "a refused start changes nothing");
    assert_ne!(pair.client.stats().messages_sent, 0);
    pair.client.close(pair.now, CloseReason::Done);
    assert_eq!(start(&mut pair, Role::Client, 8), Err(StartError::Busy), "still draining");
    pair.server.abort();
    pair.client.abort();
    let wrong = config(Role::Client).expect(crate::pair::id("client"));
    let refused = pair.client.start(pair.now, wrong, Fresh::from_random([8; 32]));
    assert_eq!(refused, Err(StartError::Config(ConfigError::ExpectedPeer)));
    assert_eq!(pair.client.failure().map(|failure| failure.reason), Some(FailReason::Aborted));
    assert_eq!(start(&mut pair, Role::Server, 9), Ok(()));
    assert_eq!(start(&mut pair, Role::Client, 8), Ok(()));
    assert_eq!((pair.client.stats().messages_sent, pair.client.events_truncated()), (0, 0));
    assert_eq!(pair.client.poll_event(), Some(kurdistan::observe::Event::State(Lifecycle::Negotiating)));
    pair.settle();
    assert_eq!(pair.states(), [Lifecycle::Open; 2]);
    assert_eq!(pair.client.open_stream(), Ok(stream), "the ids begin anew");
    pair.client.send(pair.now, stream, &mut [6; 4]).unwrap();
    pair.settle();
    assert_eq!(pair.read_all(Role::Server).0, [(stream, vec![6; 4])]);
}

#[test]
fn closing_fails_every_state_before_open_by_its_name() {
    for state in [Lifecycle::Negotiating, Lifecycle::Securing] {
        let (mut pair, ..) =
            if state == Lifecycle::Securing { accepted() } else { (fresh_pair(), Vec::new(), Vec::new()) };
        assert_eq!(pair.states()[1], state);
        pair.server.close(pair.now, CloseReason::Done);
        let failure = pair.server.failure().map(|failure| failure.reason);
        assert_eq!(failure, Some(FailReason::ClosedBeforeOpen));
        pair.drain(Role::Server);
        assert_eq!(pair.server.idle_link(), Some(PipeEmpty::Closed));
    }
}

#[test]
fn before_the_session_is_open_there_is_no_peer_and_nothing_to_export() {
    let mut pair = fresh_pair();
    assert!(!pair.client.is_open() && pair.client.peer().is_none());
    assert!(pair.client.export("label", b"", &mut [0; 32]).is_none());
    assert_eq!(pair.server.next_deadline(), None, "a server waits for ever");
    assert_eq!(pair.server.idle_link(), Some(PipeEmpty::Empty));
    assert_eq!(pair.client.idle_link(), None, "the hello waits");
    pair.settle();
    let peers = [&pair.client, &pair.server].map(|side| side.peer().map(|(id, _)| id.as_str().to_owned()));
    assert_eq!(peers, [Some("server".to_owned()), Some("client".to_owned())]);
    assert!(pair.client.is_open() && pair.server.is_open());
    pair.client.close(Ticks(0), CloseReason::Done);
    assert!(!pair.client.is_open() && pair.client.peer().is_none());
    assert!(pair.client.export("label", b"", &mut [0; 32]).is_none());
}
