//! An authenticated peer that breaks a rule ends the session; what it may not name is refused.

use kurdistan::endpoint::{Endpoint, Read, Reject, SendRefusal, StandardMemory};
use kurdistan::profile::{Fixed, Loaded, Profile, Spec, Standard};
use kurdistan::stream::OpenRefusal;
use kurdistan::vocab::{
    EnvelopeClass, EnvelopeReject, FailReason, Lifecycle, ReplayPolicy, Role, SequencePolicy,
};

use crate::rogue::{Rogue, forged};

type Standards = Rogue<Fixed<Standard>, StandardMemory>;

const VIOLATION: Result<(), Reject> = Err(Reject::Fatal(FailReason::PeerViolation));

fn rogue(role: Role) -> Standards {
    Rogue::new(Fixed::new(), role)
}

fn end(bytes: u64) -> Vec<u8> {
    bytes.to_le_bytes().to_vec()
}

#[test]
fn more_than_the_shared_credit_is_a_violation_and_a_streams_own_slot_is_not() {
    let mut rogue = rogue(Role::Client);
    for (stream, messages) in [(1, 4), (3, 4), (5, 3), (7, 1)] {
        for _ in 0..messages {
            assert_eq!(rogue.say(EnvelopeClass::Data, stream, b"text"), Ok(()), "{stream}");
        }
    }
    assert_eq!(rogue.say(EnvelopeClass::Data, 5, b"text"), VIOLATION);
    assert_eq!(rogue.side.failure().map(|failure| failure.reason), Some(FailReason::PeerViolation));
}

#[test]
fn a_body_that_means_nothing_is_a_violation() {
    use EnvelopeClass::{Ack, Close, Credit, Data, EndOfStream, Error, Ping, Pressure, Reset};
    let unknown_reason = [&[31][..], &[0; 16]].concat();
    let cases: [(EnvelopeClass, u32, &[u8]); 21] = [
        (Data, 1, &[]),
        (EndOfStream, 1, &[]),
        (EndOfStream, 1, &[0; 7]),
        (EndOfStream, 1, &[0; 9]),
        (Error, 1, &[0; 11]),
        (Reset, 1, &[]),
        (Reset, 1, &[0]),
        (Reset, 1, &[0; 3]),
        (Credit, 1, &[]),
        (Credit, 1, &[0; 7]),
        (Credit, 1, &[2; 9]),
        (Ping, 0, &[2, 0, 0, 0, 0, 0, 0, 0, 0]),
        (Ping, 0, &[0; 10]),
        (Ping, 0, &[]),
        (Close, 0, &[]),
        (Close, 0, &[1; 16]),
        (Close, 0, &[0; 17]),
        (Close, 0, &unknown_reason),
        (Close, 0, &[200; 17]),
        (Ack, 0, &[0; 8]),
        (Pressure, 0, &[0; 8]),
    ];
    for (class, stream, body) in cases {
        let mut rogue = rogue(Role::Client);
        assert_eq!(rogue.say(class, stream, body), VIOLATION, "{class} {body:?}");
        assert_eq!(rogue.side.lifecycle(), Some(Lifecycle::Failed));
        let last = rogue.hear();
        assert_eq!(last.len(), 1, "{class} {body:?}: the peer is told");
        assert_eq!((last[0].class, last[0].body[0]), (Close, FailReason::PeerViolation.code()));
    }
}

#[test]
fn a_control_envelope_longer_than_any_has_no_shape() {
    let mut rogue = rogue(Role::Client);
    let refused = rogue.say(EnvelopeClass::Ping, 0, &[0; 18]);
    assert_eq!(refused, Err(Reject::Envelope(EnvelopeReject::Shape)));
    assert_eq!(rogue.ping(false, 0), Ok(()));
}

#[test]
fn nobody_may_name_a_stream_that_is_not_the_next_of_its_opener() {
    let most = u32::from(Standard::SPEC.streams_of(Role::Client));
    let beyond = 2 * most + 1;
    for (role, streams) in
        [(Role::Client, [2, 4, beyond, u32::MAX]), (Role::Server, [1, 3, beyond + 1, u32::MAX - 1])]
    {
        for stream in streams {
            let mut rogue = rogue(role);
            assert_eq!(rogue.say(EnvelopeClass::Data, stream, b"text"), Err(Reject::Stream), "{stream}");
            assert_eq!(rogue.side.stats().forbidden_streams, 1);
            assert_eq!(rogue.credit(stream, 9), Ok(()), "credit for {stream} is idle talk");
            assert_eq!(rogue.credit(stream, u64::MAX), Ok(()), "credit for {stream} is idle talk");
            assert_eq!(rogue.hear(), [], "and is not answered");
            assert_eq!(rogue.say(EnvelopeClass::Reset, stream, &[1, 0]), VIOLATION, "{stream}");
        }
        let last = beyond - 2 + u32::from(role == Role::Server);
        let mut rogue = rogue(role);
        assert_eq!(
            rogue.say(EnvelopeClass::Data, last, b"text"),
            Ok(()),
            "all below it are opened with {last}"
        );
        let next = rogue.say(EnvelopeClass::Data, last + 2, b"text");
        assert_eq!(next, Err(Reject::Stream), "there is no room for another one");
    }
}

#[test]
fn an_end_that_counts_other_bytes_than_came_is_a_violation_for_its_reader() {
    for (told, holds) in [(3, false), (4, true), (5, false)] {
        let mut rogue = rogue(Role::Client);
        rogue.say(EnvelopeClass::Data, 1, b"text").unwrap();
        rogue.say(EnvelopeClass::EndOfStream, 1, &end(told)).unwrap();
        let now = rogue.now;
        assert!(rogue.side.consume(now, 1));
        assert_eq!(matches!(rogue.side.read(1), Read::End(_)), holds, "{told}");
        let failed = rogue.side.failure().map(|failure| failure.reason);
        assert_eq!(failed, (!holds).then_some(FailReason::PeerViolation), "{told}");
    }
}

fn messages_until_refused(
    side: &mut Endpoint<Fixed<Standard>, StandardMemory>,
    rogue_now: kurdistan::Ticks,
) -> u32 {
    let mut sent = 0;
    while side.send(rogue_now, 2, &mut [7; 5]).is_ok() {
        sent += 1;
    }
    assert_eq!(side.send(rogue_now, 2, &mut [7; 5]), Err(SendRefusal::Credit));
    sent
}

#[test]
fn credit_never_shrinks_and_never_exceeds_what_was_sent_plus_a_streams_credit() {
    let mut rogue = rogue(Role::Client);
    assert_eq!(rogue.side.open_stream(), Ok(2));
    for (told, covered) in [(0, 4), (6, 2), (5, 0), (1, 0), (7, 1), (u64::MAX - 1, 4), (u64::MAX, 4), (11, 0)]
    {
        rogue.credit(2, told).unwrap();
        assert_eq!(messages_until_refused(&mut rogue.side, rogue.now), covered, "told {told}");
        rogue.drain();
    }
    // What was granted stays granted.
    rogue.credit(2, 16).unwrap();
    rogue.credit(2, 2).unwrap();
    assert_eq!(messages_until_refused(&mut rogue.side, rogue.now), 1);
}

#[test]
fn a_strict_profile_ends_at_a_genuine_gap_and_not_at_a_forged_one() {
    static STRICT: Spec =
        Spec { sequence: SequencePolicy::Strict, replay: ReplayPolicy::StrictNoReorder, ..Standard::SPEC };
    let policy = Loaded::new(&STRICT).expect("a sound profile");
    let mut rogue = Rogue::<_, StandardMemory>::new(policy, Role::Client);
    rogue.say(EnvelopeClass::Data, 1, b"first").unwrap();
    let _lost = rogue.sealed(EnvelopeClass::Data, 1, b"second");
    let third = rogue.sealed(EnvelopeClass::Data, 3, b"third");
    let forgery = forged(&policy, Role::Client, &third);
    assert_eq!(rogue.give(&forgery), Err(Reject::Envelope(EnvelopeReject::OpenFailed)));
    assert_eq!(rogue.side.lifecycle(), Some(Lifecycle::Open));
    assert_eq!(rogue.give(&third), Err(Reject::Fatal(FailReason::Gap)));
    assert_eq!(rogue.side.failure().map(|failure| failure.reason), Some(FailReason::Gap));
}

#[test]
fn only_the_last_word_frees_a_place_and_only_after_both_ends() {
    let mut rogue = rogue(Role::Client);
    let now = rogue.now;
    let opened: Vec<u32> = core::iter::from_fn(|| rogue.side.open_stream().ok()).collect();
    assert_eq!(opened, [2, 4, 6, 8]);
    // Too early: the stream lives on.
    rogue.credit(2, u64::MAX).unwrap();
    assert_eq!(rogue.side.send(now, 2, &mut [7; 5]), Ok(()));
    rogue.side.finish(now, 2).unwrap();
    rogue.say(EnvelopeClass::EndOfStream, 2, &end(0)).unwrap();
    assert!(matches!(rogue.side.read(2), Read::End(_)));
    rogue.hear();
    // All credit has come back, but not the last word.
    rogue.credit(2, 6).unwrap();
    assert_eq!(rogue.side.open_stream(), Err(OpenRefusal::StreamLimit));
    rogue.credit(2, u64::MAX).unwrap();
    assert_eq!(rogue.side.open_stream(), Ok(10));
}

#[test]
fn the_side_that_accepted_frees_a_place_by_its_own_last_word_alone() {
    let mut rogue = rogue(Role::Client);
    let now = rogue.now;
    rogue.say(EnvelopeClass::EndOfStream, 1, &end(0)).unwrap();
    assert!(matches!(rogue.side.read(1), Read::End(_)));
    rogue.side.send(now, 1, &mut [7; 5]).unwrap();
    rogue.side.finish(now, 1).unwrap();
    rogue.hear();
    // The opener's credit, even one of the highest number, is no last word.
    rogue.credit(1, u64::MAX).unwrap();
    let last = rogue.hear();
    assert_eq!(last.len(), 1);
    assert_eq!((last[0].class, last[0].stream), (EnvelopeClass::Credit, 1));
    assert_eq!(last[0].body, u64::MAX.to_le_bytes());
}
