//! Which place a new session of a manager takes, and whose turn and time it is.

use kurdistan::endpoint::{Endpoint, Read, Reject, Taken};
use kurdistan::profile::{Fixed, Profile, Small};
use kurdistan::session::Config;
use kurdistan::vocab::{
    CapabilitySet, CloseReason, FailReason, HandshakeReject, Lifecycle, Role, Side, Ticks,
};

use crate::hall::{Hall, secret, serving};
use crate::pair::id;
use crate::rogue::handshake_frame;

#[test]
fn a_new_session_takes_the_place_that_loses_least() {
    let mut hall = Hall::<2>::new();
    let mut clients = ["a", "b", "c", "d", "e"].map(|name| hall.client(name));
    let [a, b, c, d, e] = &mut clients;
    let unread = hall.open(1, a);
    let stream = a.open_stream().expect("a stream");
    a.send(hall.now, stream, &mut [7; 3]).expect("room");
    a.close(hall.now, CloseReason::Done);
    hall.settle(&mut [(1, a)]);
    assert_eq!(hall.state(unread), Some(Lifecycle::Closed));
    let nothing = hall.open(2, b);
    b.close(hall.now, CloseReason::Done);
    hall.settle(&mut [(2, b)]);
    let live = hall.open(3, c);
    assert_eq!(hall.state(nothing), None, "nothing is lost of the second");
    assert_eq!(hall.server.path(nothing), None);
    assert!(matches!(hall.server.get(unread).expect("a place").read(stream), Read::Message([7, 7, 7])));
    let first = hall.open(4, d);
    assert_eq!((hall.state(unread), hall.state(live)), (None, Some(Lifecycle::Open)), "none that lives");

    c.close(hall.now, CloseReason::Done);
    hall.settle(&mut [(3, c)]);
    assert_eq!(hall.server.sessions().count(), 2, "one that has ended is there until its place is needed");
    let hello = hall.frames_of(e).remove(0);
    assert_eq!(hall.hears(5, &hello), Ok(Taken::HalfOpen));
    let accept = hall.says().remove(0).1;
    e.receive(hall.now, &accept).expect("an accept");
    let confirm = hall.frames_of(e).remove(0);
    hall.server.get(first).expect("a session").abort();
    assert!(matches!(hall.hears(5, &confirm), Ok(Taken::Opened(_))));
    hall.settle(&mut [(4, d), (5, e)]);
    assert_eq!(d.failure().map(|failure| failure.side), Some(Side::Peer), "its last word was kept");
}

#[test]
fn sources_speak_in_turn_and_the_earliest_deadline_is_told() {
    let mut hall = Hall::<2>::new();
    let (mut a, mut b, mut c) = (hall.client("a"), hall.client("b"), hall.client("b"));
    let keys = [hall.open(1, &mut a), hall.open(2, &mut b)];
    for (client, key) in [&mut a, &mut b].into_iter().zip(keys) {
        let stream = client.open_stream().expect("a stream");
        client.send(hall.now, stream, &mut [1; 5]).expect("room");
        let frame = hall.frames_of(client).remove(0);
        assert_eq!(hall.hears(9, &frame), Ok(Taken::Session(key)));
        let side = hall.server.get(key).expect("a session");
        side.read(stream);
        side.consume(hall.now, stream);
        side.send(hall.now, stream, &mut [2; 5]).expect("room");
    }
    let order: Vec<u32> = hall.says().iter().map(|(to, _)| to.0).collect();
    assert_eq!(order.iter().filter(|to| **to == 1).count(), 2, "data and credit");
    assert!(order.windows(2).all(|pair| pair[0] != pair[1]), "{order:?}");

    let sessions = keys.map(|key| hall.server.get(key).and_then(Endpoint::next_deadline));
    let hello = hall.frames_of(&mut c).remove(0);
    assert_eq!(hall.hears(3, &hello), Ok(Taken::HalfOpen));
    let waits = hall.now.plus(Small::SPEC.handshake_ticks);
    let all = sessions.into_iter().flatten().chain([waits]);
    assert_eq!(hall.server.next_deadline(), all.reduce(Ticks::earlier));
}

#[test]
fn a_close_is_heeded_when_it_comes_and_not_when_something_is_said() {
    let mut hall = Hall::<1>::new();
    let mut client = hall.client("a");
    let key = hall.open(1, &mut client);
    client.close(hall.now, CloseReason::Done);
    let close = hall.frames_of(&mut client).remove(0);
    assert_eq!(hall.hears(1, &close), Ok(Taken::Session(key)));
    assert_ne!(hall.state(key), Some(Lifecycle::Open));
}

#[test]
fn a_place_that_nobody_has_had_is_taken_before_that_of_a_session_that_has_ended() {
    let mut hall = Hall::<2>::new();
    let (mut a, mut b, mut again) = (hall.client("a"), hall.client("b"), hall.client("a"));
    let ended = hall.open(1, &mut a);
    a.close(hall.now, CloseReason::Done);
    hall.settle(&mut [(1, &mut a)]);
    hall.open(2, &mut b);
    assert_eq!(hall.state(ended), Some(Lifecycle::Closed));
    hall.open(1, &mut again);
    assert_eq!(hall.server.stats().superseded, 0, "what has ended is not superseded");
}

#[test]
fn of_two_that_wait_for_the_last_place_the_first_to_confirm_has_it() {
    let mut hall = Hall::<2>::new();
    hall.server.listen(serving(1)).expect("a configuration");
    let mut clients = ["a", "b"].map(|name| hall.client(name));
    for (client, path) in clients.iter_mut().zip(1..) {
        let hello = hall.frames_of(client).remove(0);
        assert_eq!(hall.hears(path, &hello), Ok(Taken::HalfOpen));
    }
    for (_, accept) in hall.says() {
        for client in &mut clients {
            let _ = client.receive(hall.now, &accept);
        }
    }
    let [first, second] = clients.each_mut().map(|client| hall.frames_of(client).remove(0));
    assert!(matches!(hall.hears(1, &first), Ok(Taken::Opened(_))));
    assert_eq!(hall.hears(2, &second), Err(Reject::Handshake(HandshakeReject::Busy)));
    assert_eq!(hall.server.half_open(), 1, "it may be said again");
}

#[test]
fn time_passes_in_every_session_and_last_words_outlive_a_close() {
    let mut hall = Hall::<1>::new();
    let mut client = hall.client("a");
    let key = hall.open(1, &mut client);
    hall.now = hall.now.plus(Small::SPEC.idle_ticks);
    hall.server.poll(hall.now);
    let reason = hall.server.get(key).and_then(|side| side.failure()).map(|failure| failure.reason);
    assert_eq!(reason, Some(FailReason::Idle));

    let mut hall = Hall::<1>::new();
    hall.server.listen(serving(1).require(CapabilitySet::KNOWN)).expect("a configuration");
    let less = Config::new(Role::Client, id("a"), id("key-1"), secret(b"an arbitrary secret of the tests"));
    let mut less = hall.start(less.offer(CapabilitySet::BASE));
    let hello = hall.frames_of(&mut less).remove(0);
    assert_eq!(hall.hears(5, &hello), Err(Reject::Fatal(FailReason::CapabilityDowngrade)));
    hall.server.close(hall.now, CloseReason::Shutdown);
    assert_eq!(hall.says().len(), 1, "a refusal that has not left");
    hall.server.listen(serving(1).require(CapabilitySet::KNOWN)).expect("a configuration");
    assert_eq!(hall.hears(5, &hello), Err(Reject::Fatal(FailReason::CapabilityDowngrade)));
    hall.server.poll(hall.now.plus(Small::SPEC.handshake_ticks));
    assert_eq!((hall.says().len(), hall.server.stats().expired), (0, 0), "it was no handshake that waits");
}

#[test]
fn a_superseded_session_keeps_its_place_when_there_is_another() {
    let mut hall = Hall::<2>::new();
    hall.server.listen(serving(1)).expect("a configuration");
    let (mut before, mut after) = (hall.client("a"), hall.client("a"));
    let old = hall.open(1, &mut before);
    hall.open(2, &mut after);
    assert_eq!(hall.state(old), Some(Lifecycle::Failed));
}

#[test]
fn last_words_have_a_time_of_their_own() {
    let mut hall = Hall::<1>::new();
    let (mut before, mut after) = (hall.client("a"), hall.client("a"));
    hall.open(1, &mut before);
    let hello = hall.frames_of(&mut after).remove(0);
    assert_eq!(hall.hears(2, &hello), Ok(Taken::HalfOpen));
    let accept = hall.says().remove(0).1;
    after.receive(hall.now, &accept).expect("an accept");
    let (confirm, began) = (hall.frames_of(&mut after).remove(0), hall.now);
    hall.now = began.plus(Small::SPEC.handshake_ticks - 1);
    assert!(matches!(hall.hears(2, &confirm), Ok(Taken::Opened(_))));
    hall.now = began.plus(Small::SPEC.handshake_ticks);
    hall.server.poll(hall.now);
    assert!(hall.says().iter().any(|(to, _)| to.0 == 1), "the last word to the old one");
}

#[test]
fn an_accept_that_is_due_again_is_not_said_after_the_confirm_and_class_0_is_no_free_place() {
    let mut hall = Hall::<2>::new();
    let mut client = hall.client("a");
    let hello = hall.frames_of(&mut client).remove(0);
    assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
    let accept = hall.says().remove(0).1;
    client.receive(hall.now, &accept).expect("an accept");
    assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
    let confirm = hall.frames_of(&mut client).remove(0);
    assert!(matches!(hall.hears(1, &confirm), Ok(Taken::Opened(_))));
    assert!(hall.says().iter().all(|(_, frame)| *frame != accept));
    let nobodys = handshake_frame(&Fixed::<Small>::new(), Role::Client, 0, 1, &[1; 40]);
    assert_eq!(hall.hears(1, &nobodys), Err(Reject::WrongSession));
}
