//! Envelopes: replay, limits, nonces, and the fit of an envelope to the frame that carried it.

use crate::vocab::{EnvelopeClass, EnvelopeReject, FrameKind, ReplayPolicy, SEQUENCE_MAX, SealRefusal};

/// Facts about one received envelope sequence.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplayFacts {
    /// The policy.
    pub policy: ReplayPolicy,
    /// Width of the window, in envelopes.
    pub width: u16,
    /// The highest sequence that has opened; 0 before the first.
    pub highest: u64,
    /// The sequence in question.
    pub sequence: u64,
    /// It lies in the window and has opened before.
    pub seen: bool,
}

/// No envelope opens twice, and none that is too old to tell. A strict policy reports a gap, which only a verified tag makes
/// true.
pub const fn replay(facts: ReplayFacts) -> Result<(), EnvelopeReject> {
    let ReplayFacts { policy, width, highest, sequence, seen } = facts;
    if sequence == 0 {
        return Err(EnvelopeReject::Old);
    }
    if sequence > highest {
        let next = highest.saturating_add(1);
        return match policy {
            ReplayPolicy::StrictNoReorder if sequence != next => Err(EnvelopeReject::Gap),
            _ => Ok(()),
        };
    }
    if sequence == highest || seen {
        return Err(EnvelopeReject::Duplicate);
    }
    let back = highest.saturating_sub(sequence);
    match policy {
        ReplayPolicy::StrictNoReorder | ReplayPolicy::OrderedOnly => Err(EnvelopeReject::Old),
        ReplayPolicy::BoundedReorder | ReplayPolicy::WindowedReplay if back >= width as u64 => {
            Err(EnvelopeReject::Old)
        }
        ReplayPolicy::BoundedReorder | ReplayPolicy::WindowedReplay => Ok(()),
    }
}

/// The sequence after `last`; a key ends with its suite's `limit`, and in any case before the 56 bits of a sequence do.
pub const fn next_envelope_sequence(last: u64, limit: u64) -> Result<u64, SealRefusal> {
    if last >= limit || last >= SEQUENCE_MAX {
        Err(SealRefusal::KeyLimit)
    } else {
        Ok(last.saturating_add(1))
    }
}

/// The bytes that a key has worked through after `more` of them. The last envelope may reach the limit, and none exceeds it
/// ([`KeyLimits`](crate::vocab::KeyLimits) has the sources).
pub const fn key_bytes(worked: u64, more: u64, limit: u64) -> Result<u64, SealRefusal> {
    match worked.checked_add(more) {
        Some(sum) if sum <= limit => Ok(sum),
        _ => Err(SealRefusal::KeyLimit),
    }
}

/// A key that has refused `limit` forgeries is used up ([`KeyLimits`](crate::vocab::KeyLimits) has the sources).
pub const fn forgeries_left(forged: u64, limit: u64) -> bool {
    forged < limit
}

/// The number that makes a nonce: the sequence itself.
pub const fn nonce_index(sequence: u64) -> u64 {
    sequence
}

/// An envelope is opened only when its tag verifies.
pub const fn envelope_tag(verified: bool) -> Result<(), EnvelopeReject> {
    if verified { Ok(()) } else { Err(EnvelopeReject::OpenFailed) }
}

/// The first byte of an envelope: a class, and a phase bit that is zero.
pub const fn envelope_class(byte: u8) -> Result<EnvelopeClass, EnvelopeReject> {
    match EnvelopeClass::from_code(byte) {
        Some(class) => Ok(class),
        None => Err(EnvelopeReject::Shape),
    }
}

/// A class travels in its own kind of frame, and the final flag stands exactly on what ends a stream.
pub const fn envelope_header(
    class: EnvelopeClass,
    kind: FrameKind,
    is_final: bool,
) -> Result<(), EnvelopeReject> {
    if class.frame_kind().code() == kind.code() && class.ends_stream() == is_final {
        return Ok(());
    }
    Err(EnvelopeReject::HeaderMismatch)
}

/// How many bytes of the associated data are bound: all of them.
pub const fn bound_bytes(length: usize) -> usize {
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_at_its_limit_and_not_before() {
        assert!(forgeries_left(0, 1) && forgeries_left(9, 10));
        assert!(!forgeries_left(10, 10) && !forgeries_left(11, 10) && !forgeries_left(0, 0));
    }

    #[test]
    fn sequences_end_with_their_56_bits_whatever_the_limit() {
        for limit in [SEQUENCE_MAX, SEQUENCE_MAX + 1, u64::MAX] {
            assert_eq!(next_envelope_sequence(0, limit), Ok(1));
            assert_eq!(next_envelope_sequence(SEQUENCE_MAX - 1, limit), Ok(SEQUENCE_MAX));
            for last in [SEQUENCE_MAX, SEQUENCE_MAX + 1, u64::MAX] {
                assert_eq!(next_envelope_sequence(last, limit), Err(SealRefusal::KeyLimit));
            }
        }
    }

    #[test]
    fn sequences_end_with_the_suites_limit() {
        assert_eq!(next_envelope_sequence(0, 0), Err(SealRefusal::KeyLimit));
        assert_eq!(next_envelope_sequence(6, 8), Ok(7));
        assert_eq!(next_envelope_sequence(7, 8), Ok(8));
        assert_eq!(next_envelope_sequence(8, 8), Err(SealRefusal::KeyLimit));
        assert_eq!(next_envelope_sequence(9, 8), Err(SealRefusal::KeyLimit));
    }

    #[test]
    fn bytes_reach_the_limit_and_never_exceed_it() {
        assert_eq!(key_bytes(0, 100, 100), Ok(100));
        assert_eq!(key_bytes(1, 99, 100), Ok(100));
        assert_eq!(key_bytes(1, 100, 100), Err(SealRefusal::KeyLimit));
        assert_eq!(key_bytes(u64::MAX - 1, 1, u64::MAX), Ok(u64::MAX));
        assert_eq!(key_bytes(u64::MAX, 1, u64::MAX), Err(SealRefusal::KeyLimit));
    }

    #[test]
    fn each_policy_has_its_own_edges() {
        use EnvelopeReject::{Duplicate, Gap, Old};
        let windowed = [Some(Old), Some(Old), Some(Old), None, None, Some(Duplicate), None, None];
        let ordered = [Some(Old), Some(Old), Some(Old), Some(Old), Some(Old), Some(Duplicate), None, None];
        let strict =
            [Some(Old), Some(Old), Some(Old), Some(Old), Some(Old), Some(Duplicate), None, Some(Gap)];
        for (policy, expected) in [
            (ReplayPolicy::StrictNoReorder, strict),
            (ReplayPolicy::OrderedOnly, ordered),
            (ReplayPolicy::BoundedReorder, windowed),
            (ReplayPolicy::WindowedReplay, windowed),
        ] {
            let found = [0, 1, 68, 69, 99, 100, 101, 102].map(|sequence| {
                replay(ReplayFacts { policy, width: 32, highest: 100, sequence, seen: false }).err()
            });
            assert_eq!(found, expected, "{policy}");
            let seen = ReplayFacts { policy, width: 32, highest: 100, sequence: 90, seen: true };
            assert_eq!(replay(seen), Err(Duplicate));
        }
    }

    #[test]
    fn a_class_fits_its_own_kind_and_its_own_flag() {
        for class in EnvelopeClass::ALL {
            for kind in FrameKind::ALL {
                for is_final in [false, true] {
                    let fits = class.frame_kind() == *kind && class.ends_stream() == is_final;
                    assert_eq!(envelope_header(*class, *kind, is_final).is_ok(), fits, "{class} {kind}");
                }
            }
        }
    }
}
