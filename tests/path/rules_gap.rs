//! What is missing: a session waits for it as long as reordering may take, and ends at that tick.

use kurdistan::endpoint::StandardMemory;
use kurdistan::profile::{Fixed, Profile, Standard};
use kurdistan::vocab::{EnvelopeClass, FailReason, Lifecycle, Role};

use crate::rogue::Rogue;

type Standards = Rogue<Fixed<Standard>, StandardMemory>;

const WAIT: u32 = Standard::SPEC.reassembly_ticks;

fn rogue() -> Standards {
    Rogue::new(Fixed::new(), Role::Client)
}

fn lives(rogue: &Standards) -> bool {
    match rogue.side.failure() {
        None => rogue.side.lifecycle() == Some(Lifecycle::Open),
        Some(failure) => {
            assert_eq!(failure.reason, FailReason::Gap);
            false
        }
    }
}

/// Ends at that tick from now, not before, and the deadline is told.
fn ends_in(rogue: &mut Standards, ticks: u32) {
    assert_eq!(rogue.side.next_deadline(), Some(rogue.now.plus(ticks)));
    rogue.wait(ticks - 1);
    assert!(lives(rogue));
    rogue.wait(1);
    assert!(!lives(rogue));
}

#[test]
fn a_count_beyond_what_came_is_a_gap_when_its_time_has_come() {
    for answer in [false, true] {
        let mut rogue = rogue();
        rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
        rogue.ping(answer, 1).unwrap();
        rogue.wait(WAIT);
        assert!(lives(&rogue), "one was told and one came");
        rogue.ping(answer, 2).unwrap();
        rogue.hear();
        ends_in(&mut rogue, WAIT);
    }
}

#[test]
fn all_that_was_told_must_come_and_then_nothing_is_missing() {
    for came in 0..4 {
        let mut rogue = rogue();
        rogue.ping(true, 3).unwrap();
        for _ in 0..came {
            rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
        }
        rogue.wait(WAIT);
        assert_eq!(lives(&rogue), came == 3, "{came}");
    }
}

#[test]
fn a_count_that_was_met_is_forgotten_and_the_next_one_has_its_own_time() {
    let mut rogue = rogue();
    rogue.ping(true, 1).unwrap();
    rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
    assert_ne!(rogue.side.next_deadline(), Some(rogue.now.plus(WAIT)), "nothing is missing");
    rogue.wait(WAIT / 2);
    rogue.ping(true, 2).unwrap();
    ends_in(&mut rogue, WAIT);
}

#[test]
fn a_count_that_is_told_again_does_not_buy_time() {
    let mut rogue = rogue();
    rogue.ping(true, 1).unwrap();
    rogue.wait(WAIT / 2);
    rogue.ping(true, 1).unwrap();
    rogue.ping(false, 2).unwrap();
    rogue.hear();
    ends_in(&mut rogue, WAIT - WAIT / 2);
}

#[test]
fn what_was_overtaken_is_a_gap_when_its_time_has_come() {
    let mut rogue = rogue();
    let _lost = rogue.sealed(EnvelopeClass::Data, 1, b"first");
    rogue.say(EnvelopeClass::Data, 1, b"second").unwrap();
    rogue.wait(WAIT / 2);
    rogue.say(EnvelopeClass::Data, 1, b"third").unwrap();
    ends_in(&mut rogue, WAIT - WAIT / 2);
}

#[test]
fn a_gap_that_closes_is_forgotten_and_the_next_one_has_its_own_time() {
    let mut rogue = rogue();
    let first = rogue.sealed(EnvelopeClass::Data, 1, b"first");
    rogue.say(EnvelopeClass::Data, 1, b"second").unwrap();
    let third = rogue.sealed(EnvelopeClass::Data, 1, b"third");
    rogue.say(EnvelopeClass::Data, 1, b"fourth").unwrap();
    rogue.wait(WAIT / 2);
    // The first hole is filled; the second one counts from now.
    rogue.give(&first).unwrap();
    rogue.wait(WAIT - 1);
    assert!(lives(&rogue));
    rogue.give(&third).unwrap();
    rogue.wait(WAIT);
    assert!(lives(&rogue));
    assert_ne!(rogue.side.next_deadline(), Some(rogue.now), "nothing is missing");
}

#[test]
fn a_stream_that_is_reset_misses_nothing() {
    for by_peer in [false, true] {
        let mut rogue = rogue();
        let lost = rogue.sealed(EnvelopeClass::Data, 1, b"first");
        rogue.say(EnvelopeClass::Data, 1, b"second").unwrap();
        if by_peer {
            rogue.say(EnvelopeClass::Reset, 1, &[1, 0]).unwrap();
        } else {
            let now = rogue.now;
            rogue.side.reset(now, 1, 1).unwrap();
        }
        drop(lost);
        rogue.wait(WAIT);
        assert!(lives(&rogue), "by the peer: {by_peer}");
    }
}
