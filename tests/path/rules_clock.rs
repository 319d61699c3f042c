//! Deadlines: each is told by `next_deadline`, comes at its tick and not one before.

use kurdistan::endpoint::{Endpoint, StandardMemory};
use kurdistan::observe::Event;
use kurdistan::profile::{Fixed, Loaded, Profile, Spec, Standard};
use kurdistan::secure::Fresh;
use kurdistan::vocab::{EnvelopeClass, FailReason, Lifecycle, Role, Ticks};

use crate::pair::{Pair, config};
use crate::rogue::Rogue;

type Side = Endpoint<Fixed<Standard>, StandardMemory>;
type Standards = Rogue<Fixed<Standard>, StandardMemory>;

const SPEC: Spec = Standard::SPEC;
const START: Ticks = Ticks(u32::MAX - 4_000);

fn client() -> Box<Side> {
    let mut side = Box::new(Side::vacant(Fixed::new()));
    side.start(START, config(Role::Client), Fresh::from_random([1; 32])).expect("a client");
    side
}

fn said(side: &mut Side, now: Ticks) -> usize {
    let mut frames = 0;
    while let Some(frame) = side.poll_transmit(now) {
        frame.sent();
        frames += 1;
    }
    frames
}

fn reason(side: &Side) -> Option<FailReason> {
    side.failure().map(|failure| failure.reason)
}

/// The session fails for `why` at `deadline`, not before, and nothing is due after.
fn fails_at(side: &mut Side, deadline: Ticks, why: FailReason) {
    assert_eq!(side.next_deadline(), Some(deadline));
    side.poll(Ticks(deadline.0.wrapping_sub(1)));
    assert_eq!(reason(side), None);
    assert_eq!(side.next_deadline(), Some(deadline), "to look does no harm");
    side.poll(deadline);
    assert_eq!(reason(side), Some(why));
    assert_eq!(side.next_deadline(), None, "nothing is due of a session that has failed");
}

#[test]
fn a_hello_is_repeated_at_its_ticks_as_often_as_it_may_and_then_the_handshake_ends() {
    let mut side = client();
    assert_eq!(said(&mut side, START), 1);
    let mut now = START;
    for repeats in 1..=u32::from(SPEC.retries_max) {
        let next = START.plus(repeats * SPEC.retry_ticks);
        assert_eq!(side.next_deadline(), Some(next));
        now = Ticks(next.0.wrapping_sub(1));
        side.poll(now);
        assert_eq!(said(&mut side, now), 0);
        now = next;
        side.poll(now);
        side.poll(now);
        assert_eq!((said(&mut side, now), side.stats().handshake_repeats), (1, repeats));
    }
    side.poll(now.plus(SPEC.retry_ticks));
    assert_eq!(said(&mut side, now.plus(SPEC.retry_ticks)), 0);
    fails_at(&mut side, START.plus(SPEC.handshake_ticks), FailReason::HandshakeTimeout);
}

#[test]
fn a_server_counts_the_handshake_from_the_hello_and_repeats_nothing_by_itself() {
    let mut pair = Pair::<Fixed<Standard>, StandardMemory>::new(Fixed::new());
    let hello = pair.drain(Role::Client).remove(0);
    let now = pair.now.plus(3_000);
    pair.server.poll(now.plus(SPEC.handshake_ticks * 2));
    assert_eq!(pair.server.next_deadline(), None);
    pair.server.receive(now, &hello).unwrap();
    assert_eq!(said(&mut pair.server, now), 1);
    let late = now.plus(SPEC.handshake_ticks - 1);
    pair.server.poll(late);
    assert_eq!(said(&mut pair.server, late), 0);
    fails_at(&mut pair.server, now.plus(SPEC.handshake_ticks), FailReason::HandshakeTimeout);
}

#[test]
fn a_confirm_has_repeats_of_its_own_within_the_same_handshake() {
    let mut pair = Pair::<Fixed<Standard>, StandardMemory>::new(Fixed::new());
    let start = pair.now;
    let hello = pair.drain(Role::Client).remove(0);
    pair.server.receive(start, &hello).unwrap();
    let accept = pair.drain(Role::Server).remove(0);
    let mut now = start;
    for _ in 0..3 {
        now = now.plus(SPEC.retry_ticks);
        pair.client.poll(now);
        assert_eq!(said(&mut pair.client, now), 1);
    }
    now = now.plus(100);
    pair.client.receive(now, &accept).unwrap();
    assert_eq!((said(&mut pair.client, now), pair.client.lifecycle()), (1, Some(Lifecycle::Open)));
    for _ in 0..SPEC.retries_max {
        let next = now.plus(SPEC.retry_ticks);
        assert_eq!(pair.client.next_deadline(), Some(next));
        pair.client.poll(Ticks(next.0.wrapping_sub(1)));
        assert_eq!(said(&mut pair.client, next), 0);
        now = next;
        pair.client.poll(now);
        assert_eq!(said(&mut pair.client, now), 1);
    }
    fails_at(&mut pair.client, start.plus(SPEC.handshake_ticks), FailReason::HandshakeTimeout);
}

#[test]
fn silence_ends_a_session_and_only_what_is_authentic_breaks_it() {
    let mut rogue = Standards::new(Fixed::new(), Role::Client);
    rogue.wait(100);
    rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
    assert_eq!(rogue.side.next_deadline(), Some(rogue.now.plus(SPEC.ping_ticks)));
    rogue.say(EnvelopeClass::EndOfStream, 1, &4_u64.to_le_bytes()).unwrap();
    let now = rogue.now;
    assert!(rogue.side.consume(now, 1));
    assert!(matches!(rogue.side.read(1), kurdistan::Read::End(_)));
    rogue.hear();
    rogue.wait(200);
    let forgery = {
        let genuine = rogue.sealed(EnvelopeClass::Ping, 0, &[1; 9]);
        crate::rogue::forged(&Fixed::<Standard>::new(), Role::Client, &genuine)
    };
    assert!(rogue.give(&forgery).is_err());
    assert_eq!(
        rogue.side.next_deadline(),
        Some(now.plus(SPEC.idle_ticks)),
        "data was heard, the forgery not"
    );
    rogue.ping(true, 2).unwrap();
    let heard = rogue.now;
    fails_at(&mut rogue.side, heard.plus(SPEC.idle_ticks), FailReason::Idle);
}

#[test]
fn a_session_without_an_idle_limit_waits_for_ever() {
    static PATIENT: Spec = Spec { idle_ticks: 0, ..Standard::SPEC };
    let policy = Loaded::new(&PATIENT).expect("a sound profile");
    let mut rogue = Rogue::<_, StandardMemory>::new(policy, Role::Client);
    assert_eq!(rogue.side.next_deadline(), None);
    rogue.wait((1 << 31) - 1);
    assert_eq!(rogue.side.lifecycle(), Some(Lifecycle::Open));
}

#[test]
fn silence_while_data_is_expected_is_probed() {
    let mut rogue = Standards::new(Fixed::new(), Role::Client);
    rogue.wait(50);
    rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
    for pings in 1..4 {
        let next = rogue.now.plus(SPEC.ping_ticks);
        assert_eq!(rogue.side.next_deadline(), Some(next));
        rogue.wait(SPEC.ping_ticks - 1);
        assert_eq!(rogue.hear(), []);
        rogue.wait(1);
        let probe = rogue.hear();
        assert_eq!((probe.len(), probe[0].class, probe[0].body[0]), (1, EnvelopeClass::Ping, 0));
        assert_eq!(rogue.side.stats().pings, pings);
    }
    rogue.wait(100);
    rogue.ping(true, 1).unwrap();
    assert_eq!(
        rogue.side.next_deadline(),
        Some(rogue.now.plus(SPEC.ping_ticks)),
        "what was heard puts it off"
    );
}

#[test]
fn credit_that_is_outstanding_is_probed_for_whatever_is_heard() {
    let mut rogue = Standards::new(Fixed::new(), Role::Client);
    let opened = rogue.now;
    rogue.wait(50);
    assert_eq!(rogue.side.open_stream(), Ok(2));
    let now = rogue.now;
    rogue.side.send(now, 2, &mut [1; 4]).unwrap();
    rogue.say(EnvelopeClass::EndOfStream, 2, &0_u64.to_le_bytes()).unwrap();
    assert!(matches!(rogue.side.read(2), kurdistan::Read::End(_)));
    rogue.hear();
    rogue.wait(100);
    rogue.ping(true, 1).unwrap();
    assert_eq!(rogue.side.next_deadline(), Some(opened.plus(SPEC.ping_ticks)));
    rogue.credit(2, 5).unwrap();
    assert_eq!(rogue.side.next_deadline(), Some(rogue.now.plus(SPEC.idle_ticks)), "nothing is expected now");
}

#[test]
fn a_close_is_said_again_until_its_deadline() {
    let mut rogue = Standards::new(Fixed::new(), Role::Client);
    let now = rogue.now;
    rogue.side.close(now, kurdistan::CloseReason::Done);
    assert_eq!(rogue.hear_classes(), [(EnvelopeClass::Close, 0)]);
    let last = SPEC.drain_ticks / SPEC.retry_ticks;
    for repeats in 1..last {
        let next = now.plus(repeats * SPEC.retry_ticks);
        assert_eq!(rogue.side.next_deadline(), Some(next));
        rogue.wait(SPEC.retry_ticks - 1);
        assert_eq!(rogue.hear(), []);
        rogue.wait(1);
        assert_eq!(rogue.hear_classes(), [(EnvelopeClass::Close, 0)]);
        assert_eq!(rogue.side.stats().restated, repeats);
    }
    fails_at(&mut rogue.side, now.plus(SPEC.drain_ticks), FailReason::DrainTimeout);
}

#[test]
fn a_close_that_finds_an_end_unsaid_waits_until_its_deadline() {
    let mut rogue = Standards::new(Fixed::new(), Role::Client);
    let now = rogue.now;
    assert_eq!(rogue.side.open_stream(), Ok(2));
    for _ in 0..SPEC.stream_credit {
        rogue.side.send(now, 2, &mut [1; 4]).unwrap();
    }
    rogue.side.finish(now, 2).unwrap();
    rogue.side.close(now, kurdistan::CloseReason::Done);
    assert!(rogue.hear_classes().iter().all(|(class, _)| *class == EnvelopeClass::Data));
    assert_eq!(rogue.side.lifecycle(), Some(Lifecycle::Open));
    // Until then it is probed for the credit that the end wants.
    rogue.wait(SPEC.ping_ticks);
    assert_eq!(rogue.hear_classes(), [(EnvelopeClass::Ping, 0)]);
    rogue.wait(SPEC.ping_ticks - 1);
    fails_at(&mut rogue.side, now.plus(SPEC.drain_ticks), FailReason::DrainTimeout);
}

#[test]
fn an_incomplete_message_is_dropped_at_its_deadline() {
    let mut rogue = Standards::new(Fixed::new(), Role::Client);
    let frames = rogue.cut(1, &[7; 600], 300);
    while rogue.side.poll_event().is_some() {}
    rogue.give(&frames[0]).unwrap();
    let deadline = rogue.now.plus(SPEC.reassembly_ticks);
    rogue.wait(10);
    rogue.give(&frames[2]).unwrap();
    assert_eq!(rogue.side.next_deadline(), Some(deadline), "the first fragment counts");
    rogue.wait(SPEC.reassembly_ticks - 11);
    assert_eq!((rogue.side.stats().incomplete, rogue.side.poll_event()), (0, None));
    rogue.wait(1);
    assert_eq!(rogue.side.stats().incomplete, 1);
    assert_eq!(rogue.side.poll_event(), Some(Event::Incomplete { groups: 1 }));
    assert_ne!(rogue.side.next_deadline(), Some(deadline));
    rogue.give(&frames[1]).unwrap();
    assert_eq!(rogue.side.readable(), None, "it begins anew");
    rogue.give(&frames[0]).unwrap();
    rogue.give(&frames[2]).unwrap();
    assert_eq!(rogue.side.readable(), Some(1));
}

#[test]
fn a_last_word_is_said_again_at_its_ticks() {
    let mut rogue = Standards::new(Fixed::new(), Role::Client);
    assert_eq!(rogue.side.open_stream(), Ok(2));
    let now = rogue.now;
    rogue.side.finish(now, 2).unwrap();
    rogue.say(EnvelopeClass::EndOfStream, 2, &0_u64.to_le_bytes()).unwrap();
    assert!(matches!(rogue.side.read(2), kurdistan::Read::End(_)));
    rogue.hear();
    rogue.credit(2, 5).unwrap();
    rogue.hear();
    for restated in 1..4 {
        assert_eq!(rogue.side.next_deadline(), Some(rogue.now.plus(SPEC.retry_ticks)));
        rogue.wait(SPEC.retry_ticks - 1);
        assert_eq!(rogue.hear(), []);
        rogue.wait(1);
        assert_eq!(rogue.hear_classes(), [(EnvelopeClass::Credit, 2)]);
        assert!(rogue.side.stats().restated >= restated);
    }
    rogue.credit(2, u64::MAX).unwrap();
    assert_eq!(rogue.side.next_deadline(), Some(rogue.now.plus(SPEC.idle_ticks)));
}
