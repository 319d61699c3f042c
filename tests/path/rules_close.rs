//! A close: both sides count, say their counts until they match, and never read a tail that was cut off as an end.

use kurdistan::endpoint::StandardMemory;
use kurdistan::guard::lifecycle::Counts;
use kurdistan::observe::Event;
use kurdistan::profile::{Fixed, Profile, Standard};
use kurdistan::session::CloseBody;
use kurdistan::vocab::{CloseReason, EnvelopeClass, FailReason, Lifecycle, ReasonBucket, Role};

use crate::pair::Pair;
use crate::rogue::Rogue;

type Standards = Rogue<Fixed<Standard>, StandardMemory>;

fn rogue() -> Standards {
    Rogue::new(Fixed::new(), Role::Client)
}

/// The rogue's close with any counts.
fn closes(rogue: &mut Standards, sealed: u64, opened: u64) {
    let body = CloseBody::new(CloseReason::Shutdown, Counts { sealed, opened }).encode();
    rogue.say(EnvelopeClass::Close, 0, &body).unwrap();
}

/// The counts in each close that the endpoint says now: sealed, opened.
fn counts(rogue: &mut Standards) -> Vec<(u64, u64)> {
    let closes = rogue.hear().into_iter().filter(|heard| heard.class == EnvelopeClass::Close);
    let counts = closes.map(|close| CloseBody::decode(&close.body).expect("a close").counts);
    counts.map(|counts| (counts.sealed, counts.opened)).collect()
}

fn reason(rogue: &Standards) -> Option<FailReason> {
    rogue.side.failure().map(|failure| failure.reason)
}

#[test]
fn counts_that_do_not_match_wait_and_then_read_as_truncated() {
    for (sealed, opened) in [(2, 1), (0, 1), (1, 0), (1, 2), (0, 0)] {
        let mut rogue = rogue();
        rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
        let now = rogue.now;
        assert_eq!(rogue.side.open_stream(), Ok(2));
        rogue.side.send(now, 2, &mut [1; 9]).unwrap();
        closes(&mut rogue, sealed, opened);
        assert_eq!(counts(&mut rogue), [(1, 1)]);
        assert_eq!(rogue.side.lifecycle(), Some(Lifecycle::Draining), "{sealed} {opened}");
        rogue.wait(Standard::SPEC.drain_ticks - 1);
        assert_eq!(reason(&rogue), None);
        rogue.wait(1);
        assert_eq!(reason(&rogue), Some(FailReason::Truncated), "{sealed} {opened}");
    }
}

#[test]
fn a_peers_close_that_tells_more_completes_and_one_that_comes_late_takes_nothing_back() {
    let mut rogue = rogue();
    let now = rogue.now;
    assert_eq!(rogue.side.open_stream(), Ok(2));
    rogue.side.send(now, 2, &mut [1; 9]).unwrap();
    rogue.side.send(now, 2, &mut [1; 9]).unwrap();
    let early = {
        let body = CloseBody::new(CloseReason::Done, Counts { sealed: 1, opened: 0 }).encode();
        rogue.sealed(EnvelopeClass::Close, 0, &body)
    };
    closes(&mut rogue, 1, 2);
    rogue.give(&early).unwrap();
    assert_eq!(counts(&mut rogue), [(2, 0)]);
    assert_eq!(rogue.side.lifecycle(), Some(Lifecycle::Draining));
    // The last data comes after the closes: this side's close is no longer true, and is said anew.
    rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
    assert_eq!(counts(&mut rogue), [(2, 1)]);
    assert_eq!(rogue.side.lifecycle(), Some(Lifecycle::Closed));
}

#[test]
fn a_close_is_not_said_anew_before_all_has_come() {
    let mut rogue = rogue();
    let now = rogue.now;
    rogue.side.close(now, CloseReason::Done);
    assert_eq!(counts(&mut rogue), [(0, 0)]);
    closes(&mut rogue, 3, 0);
    for _ in 0..2 {
        rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
        assert_eq!(counts(&mut rogue), []);
    }
    rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
    assert_eq!(counts(&mut rogue), [(0, 3)]);
    assert_eq!(rogue.side.lifecycle(), Some(Lifecycle::Closed));
    assert_eq!(rogue.side.readable(), Some(1), "what came may still be read");
}

#[test]
fn an_end_that_was_asked_for_is_said_before_the_close() {
    let mut rogue = rogue();
    let now = rogue.now;
    assert_eq!(rogue.side.open_stream(), Ok(2));
    for _ in 0..Standard::SPEC.stream_credit {
        rogue.side.send(now, 2, &mut [1; 9]).unwrap();
    }
    rogue.side.finish(now, 2).unwrap();
    rogue.side.close(now, CloseReason::Done);
    assert_eq!(rogue.hear_classes(), [(EnvelopeClass::Data, 2); 4]);
    rogue.credit(2, 5).unwrap();
    assert_eq!(rogue.hear_classes(), [(EnvelopeClass::EndOfStream, 2), (EnvelopeClass::Close, 0)]);
}

#[test]
fn the_first_reason_stands() {
    let mut rogue = rogue();
    let now = rogue.now;
    rogue.side.close(now, CloseReason::Done);
    rogue.side.close(now, CloseReason::Shutdown);
    let heard = rogue.hear();
    assert_eq!((heard.len(), heard[0].body[0]), (1, CloseReason::Done.code()));
    closes(&mut rogue, 0, 0);
    let events: Vec<Event> = core::iter::from_fn(|| rogue.side.poll_event()).collect();
    assert_eq!(events.last(), Some(&Event::Ended(ReasonBucket::Clean)));
}

#[test]
fn a_second_close_does_not_put_off_the_deadline() {
    let mut rogue = rogue();
    let now = rogue.now;
    rogue.side.close(now, CloseReason::Done);
    rogue.wait(Standard::SPEC.drain_ticks / 2);
    let later = rogue.now;
    rogue.side.close(later, CloseReason::Done);
    closes(&mut rogue, 9, 0);
    rogue.wait(Standard::SPEC.drain_ticks / 2);
    assert_eq!(reason(&rogue), Some(FailReason::Truncated));
}

#[test]
fn a_client_closes_only_when_it_has_heard_the_server() {
    let mut pair = Pair::<Fixed<Standard>, StandardMemory>::new(Fixed::new());
    pair.exchange(&mut |_, _| 1);
    assert_eq!(pair.states(), [Lifecycle::Open, Lifecycle::Securing]);
    pair.client.close(pair.now, CloseReason::Done);
    let frames = pair.drain(Role::Client);
    assert_eq!((frames.len(), pair.states()[0]), (1, Lifecycle::Open), "the confirm alone");
    pair.server.receive(pair.now, &frames[0]).unwrap();
    pair.settle();
    assert_eq!(pair.states(), [Lifecycle::Closed; 2]);
}
