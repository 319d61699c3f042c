//! What an ended side still says: its last word, once to each new frame that is as long, and nothing else.

use kurdistan::endpoint::{Reject, StandardMemory};
use kurdistan::profile::{Fixed, Standard};
use kurdistan::vocab::{CloseReason, EnvelopeClass, FailReason, Lifecycle, PipeEmpty, Role, Side};

use crate::rogue::{Rogue, reframed};

type Standards = Rogue<Fixed<Standard>, StandardMemory>;

fn rogue(role: Role) -> Standards {
    Rogue::new(Fixed::new(), role)
}

/// An endpoint that has failed, and its last word.
fn aborted() -> (Standards, Vec<u8>) {
    let mut rogue = rogue(Role::Client);
    rogue.side.abort();
    let words = rogue.drain();
    assert_eq!(words.len(), 1);
    (rogue, words[0].clone())
}

#[test]
fn a_failed_side_answers_each_new_frame_once_with_the_same_bytes() {
    let (mut rogue, word) = aborted();
    for text in [[1; 17], [2; 17]] {
        let frame = rogue.sealed(EnvelopeClass::Data, 1, &text);
        assert_eq!(frame.len(), word.len());
        assert_eq!(rogue.give(&frame), Err(Reject::State));
        assert_eq!(rogue.drain(), [&word[..]]);
        assert_eq!(rogue.give(&frame), Err(Reject::State));
        assert_eq!(rogue.drain(), [&[0; 0][..]; 0], "the same frame again");
    }
}

#[test]
fn a_failed_side_never_says_more_bytes_than_it_hears() {
    let (mut rogue, word) = aborted();
    let short = rogue.sealed(EnvelopeClass::Data, 1, &[1; 16]);
    assert_eq!(short.len() + 1, word.len());
    assert_eq!(rogue.give(&short), Err(Reject::State));
    assert_eq!(rogue.drain(), [&[0; 0][..]; 0]);
    let long = rogue.sealed(EnvelopeClass::Data, 1, &[1; 300]);
    assert_eq!(rogue.give(&long), Err(Reject::State));
    assert_eq!(rogue.drain(), [&word[..]]);
}

#[test]
fn a_failed_side_does_not_answer_another_session() {
    let (mut rogue, _) = aborted();
    let frame = rogue.sealed(EnvelopeClass::Data, 1, &[1; 17]);
    for bit in 0..16 {
        let other = reframed(&Fixed::<Standard>::new(), Role::Client, &frame, |header| {
            header.session_class ^= 1 << bit
        });
        assert_eq!(rogue.give(&other), Err(Reject::WrongSession), "bit {bit}");
    }
    assert_eq!(rogue.drain(), [&[0; 0][..]; 0]);
    assert_eq!((rogue.side.stats().wrong_session, rogue.side.stats().unexpected), (16, 0));
}

#[test]
fn two_closed_sides_fall_silent() {
    let mut rogue = rogue(Role::Client);
    let close = {
        let body = kurdistan::session::CloseBody::new(CloseReason::Shutdown, rogue.session.counts()).encode();
        rogue.sealed(EnvelopeClass::Close, 0, &body)
    };
    assert_eq!(rogue.give(&close), Ok(()));
    let answer = rogue.drain();
    assert_eq!(answer.len(), 1);
    assert_eq!(rogue.side.lifecycle(), Some(Lifecycle::Closed));
    assert_eq!(rogue.side.idle_link(), Some(PipeEmpty::Closed));
    assert_eq!(rogue.give(&close), Err(Reject::State));
    assert_eq!(rogue.drain(), [&[0; 0][..]; 0], "the close that was answered already");
    // A close that is said anew shows that the answer was lost.
    let body = kurdistan::session::CloseBody::new(CloseReason::Shutdown, rogue.session.counts()).encode();
    let again = rogue.sealed(EnvelopeClass::Close, 0, &body);
    assert_eq!(rogue.give(&again), Err(Reject::State));
    assert_eq!(rogue.drain(), answer);
}

#[test]
fn a_failure_that_the_peer_has_told_is_not_told_back() {
    let mut rogue = rogue(Role::Client);
    let body = [&[FailReason::LinkReset.code()][..], &[0; 16]].concat();
    assert_eq!(rogue.say(EnvelopeClass::Close, 0, &body), Ok(()));
    let failure = rogue.side.failure().expect("a failure");
    assert_eq!((failure.reason, failure.side), (FailReason::LinkReset, Side::Peer));
    assert_eq!(rogue.drain(), [&[0; 0][..]; 0]);
    let frame = rogue.sealed(EnvelopeClass::Data, 1, &[1; 100]);
    assert_eq!(rogue.give(&frame), Err(Reject::State));
    assert_eq!(rogue.drain(), [&[0; 0][..]; 0]);
}

#[test]
fn what_was_queued_is_dropped_by_a_failure_and_kept_by_a_close() {
    for fails in [true, false] {
        let mut rogue = rogue(Role::Client);
        let now = rogue.now;
        let stream = rogue.side.open_stream().unwrap();
        for _ in 0..3 {
            rogue.side.send(now, stream, &mut [5; 20]).unwrap();
        }
        if fails {
            rogue.side.abort();
        } else {
            rogue.side.close(now, CloseReason::Done);
        }
        let heard = rogue.hear_classes();
        let data = heard.iter().filter(|(class, _)| class.is_data()).count();
        assert_eq!(data, if fails { 0 } else { 3 });
        assert_eq!(heard.last(), Some(&(EnvelopeClass::Close, 0)));
    }
}
