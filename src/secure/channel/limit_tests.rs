//! Every key at the edges of its limits, and both sides of every suite.

use super::tests::{CREDIT, DATA, WINDOWED, channels_of, forged, opens, sealed};
use super::*;
use crate::guard::Sound;
use crate::vocab::{KeyLimits, SuiteSet};

/// The classes of both domains, with a frame that carries them.
const BOTH: [(EnvelopeClass, &FrameFacts); 2] =
    [(EnvelopeClass::Data, &DATA), (EnvelopeClass::Credit, &CREDIT)];

fn suites() -> impl Iterator<Item = Suite> {
    Suite::ALL.iter().copied().filter(|suite| SuiteSet::COMPILED.has(*suite))
}

#[test]
fn a_build_has_channels_of_exactly_its_suites() {
    let secret = crate::secure::Secret::new(b"an arbitrary secret of the tests").unwrap();
    let prk = Prk::new(&secret, crate::vocab::Id::new("client").unwrap(), None);
    for suite in Suite::ALL {
        let channel = Channel::new(Role::Client, *suite, &prk, &[2; 32], &[3; 32], WINDOWED);
        assert_eq!(channel.is_some(), SuiteSet::COMPILED.has(*suite), "{suite}");
    }
}

#[test]
fn the_two_sides_of_every_suite_understand_each_other_and_no_other_suite() {
    for suite in suites() {
        let [mut client, mut server] = channels_of(suite, WINDOWED);
        for (class, facts) in BOTH {
            for _ in 0..3 {
                let [there, back] = [sealed(&mut client, class, facts), sealed(&mut server, class, facts)];
                assert_eq!(opens(&mut client, facts, &there), Err(EnvelopeReject::OpenFailed), "reflected");
                assert_eq!(opens(&mut server, facts, &there), Ok(()), "{suite}");
                assert_eq!(opens(&mut client, facts, &back), Ok(()), "{suite}");
                for other in suites().filter(|other| *other != suite) {
                    let [_, mut server] = channels_of(other, WINDOWED);
                    let refused = opens(&mut server, facts, &there);
                    assert_eq!(refused, Err(EnvelopeReject::OpenFailed), "{suite} under {other}");
                }
            }
        }
    }
}

#[test]
fn sequences_end_at_the_limit_of_every_suite_and_then_nothing_is_sealed() {
    for suite in suites() {
        let last = KeyLimits::of(suite).envelopes;
        let [mut client, mut server] = channels_of(suite, WINDOWED);
        (client.data.sealed, client.control.sealed) = (last - 2, last - 2);
        for (class, facts) in BOTH {
            for _ in 0..2 {
                let envelope = sealed(&mut client, class, facts);
                assert_eq!(opens(&mut server, facts, &envelope), Ok(()), "{suite}");
            }
            let mut body = *b"some text";
            let refused = client.seal(&Sound, class, facts, &mut body);
            assert_eq!((refused, &body), (Err(SealRefusal::KeyLimit), b"some text"), "{suite}");
        }
        assert_eq!(client.counts(), Counts { sealed: last, opened: 0 }, "{suite}");
    }
}

#[test]
fn what_a_key_works_through_is_nonce_and_associated_data_and_body_on_both_sides() {
    let [mut client, _] = channels_of(Suite::ChaCha20Poly1305, WINDOWED);
    sealed(&mut client, EnvelopeClass::Data, &DATA);
    assert_eq!((client.data.bytes, client.control.bytes), (2 * (16 + 73 + 9), 0));
    sealed(&mut client, EnvelopeClass::Credit, &CREDIT);
    sealed(&mut client, EnvelopeClass::Credit, &CREDIT);
    assert_eq!((client.data.bytes, client.control.bytes), (2 * (16 + 73 + 9), 4 * (16 + 73 + 9)));
}

#[test]
fn bytes_end_at_the_limit_of_every_suite_and_a_shorter_envelope_may_still_fit() {
    for suite in suites() {
        let limit = KeyLimits::of(suite).bytes;
        let [mut client, mut server] = channels_of(suite, WINDOWED);
        let envelope = 2 * (16 + 73 + 9);
        (client.data.bytes, client.control.bytes) = (limit - 2 * envelope, limit - 2 * envelope);
        for (class, facts) in BOTH {
            let mut long = [7; 108];
            assert_eq!(client.seal(&Sound, class, facts, &mut long), Err(SealRefusal::KeyLimit), "{suite}");
            assert_eq!(long, [7; 108], "nothing was sealed");
            for _ in 0..2 {
                let envelope = sealed(&mut client, class, facts);
                assert_eq!(opens(&mut server, facts, &envelope), Ok(()), "{suite}");
            }
            let refused = client.seal(&Sound, class, facts, &mut []);
            assert_eq!(refused, Err(SealRefusal::KeyLimit), "{suite}: not even an empty one");
        }
        assert_eq!((client.data.bytes, client.control.bytes), (limit, limit), "{suite}");
        assert_eq!(client.data_sealed(), 2, "a refusal uses no sequence");
    }
}

#[test]
fn forgeries_end_at_the_limit_of_every_suite() {
    for suite in suites() {
        for (class, facts) in BOTH {
            let [mut client, mut server] = channels_of(suite, WINDOWED);
            let envelope = sealed(&mut client, class, facts);
            let before = KeyLimits::of(suite).forgeries - 2;
            if class.is_data() {
                server.data.forged = before;
            } else {
                server.control.forged = before;
            }
            for reached in [false, true] {
                assert!(!server.forgery_limit_reached(&Sound));
                let refused = opens(&mut server, facts, &forged(&envelope));
                assert_eq!(refused, Err(EnvelopeReject::OpenFailed));
                assert_eq!(server.forgery_limit_reached(&Sound), reached, "{suite} {class}");
            }
        }
    }
}

#[test]
fn an_envelope_that_does_not_open_is_wiped_under_every_suite() {
    for suite in suites() {
        for (class, facts) in BOTH {
            let [mut client, mut server] = channels_of(suite, WINDOWED);
            let genuine = sealed(&mut client, class, facts);
            // The sequence stays what it is: another one may be refused before anything is opened.
            for at in 8..genuine.len() {
                let mut envelope = genuine.clone();
                envelope[at] ^= 1;
                let refused = server.open(&Sound, facts, false, &mut envelope);
                assert_eq!(refused, Err(EnvelopeReject::OpenFailed));
                assert!(envelope.iter().all(|byte| *byte == 0), "{suite} {class}: byte {at}");
            }
            assert_eq!(opens(&mut server, facts, &genuine), Ok(()));
        }
    }
}
