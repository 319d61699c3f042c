//! Streams: ids, credit, and the end of each half.
//!
//! Credit counts messages, because a message occupies one reassembly slot whatever its length. Every open stream owns one
//! slot; beyond those, all streams of a direction share `session_credit` slots. So the sum of granted credit is exactly the
//! receive memory, and a slow reader of one stream cannot starve another.

use crate::vocab::{FailReason, Role};

/// What both sides know of the credit of one stream in one direction.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CreditFacts {
    /// Messages of this stream that were sent and not yet returned.
    pub outstanding: u64,
    /// Messages that one stream may have outstanding.
    pub stream_credit: u8,
    /// Messages of all streams that are outstanding beyond the one that each stream owns.
    pub shared: u32,
    /// How many of those there may be.
    pub session_credit: u8,
}

/// Whether one more message of this stream is covered by credit.
pub const fn credit_covers(facts: CreditFacts) -> bool {
    facts.outstanding < facts.stream_credit as u64
        && (facts.outstanding == 0 || facts.shared < facts.session_credit as u32)
}

/// The messages of a stream that its sender may have sent in all, when `consumed` have been read here.
pub const fn credit_limit(consumed: u64, stream_credit: u8) -> u64 {
    consumed.saturating_add(stream_credit as u64)
}

/// A peer's credit only grows, and never beyond what was sent plus a stream's credit.
pub const fn credit_next(current: u64, told: u64, sent: u64, stream_credit: u8) -> u64 {
    let most = sent.saturating_add(stream_credit as u64);
    let told = if told > most { most } else { told };
    if told > current { told } else { current }
}

/// Odd ids belong to the client, even ones to the server; 0 is the session itself.
pub const fn opened_by(stream: u32) -> Option<Role> {
    match stream {
        0 => None,
        id if id & 1 == 1 => Some(Role::Client),
        _ => Some(Role::Server),
    }
}

/// The id after `last` (0 before the first) for streams that `role` opens; `None` when the ids are used up.
pub const fn next_stream(last: u32, role: Role) -> Option<u32> {
    match (last, role) {
        (0, Role::Client) => Some(1),
        (0, Role::Server) => Some(2),
        _ => last.checked_add(2),
    }
}

/// The byte count in the end of a stream is what was delivered before it.
pub const fn final_count(told: u64, delivered: u64) -> Result<(), FailReason> {
    if told == delivered { Ok(()) } else { Err(FailReason::PeerViolation) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_end_and_never_begin_again() {
        assert_eq!([next_stream(0, Role::Client), next_stream(0, Role::Server)], [Some(1), Some(2)]);
        assert_eq!([next_stream(1, Role::Client), next_stream(2, Role::Server)], [Some(3), Some(4)]);
        assert_eq!(next_stream(u32::MAX - 2, Role::Client), Some(u32::MAX));
        assert_eq!(next_stream(u32::MAX - 3, Role::Server), Some(u32::MAX - 1));
        assert_eq!([next_stream(u32::MAX, Role::Client), next_stream(u32::MAX - 1, Role::Server)], [None; 2]);
    }

    #[test]
    fn ids_belong_to_their_opener() {
        assert_eq!(
            [0, 1, 2, u32::MAX].map(opened_by),
            [None, Some(Role::Client), Some(Role::Server), Some(Role::Client)]
        );
    }

    #[test]
    fn credit_covers_a_streams_own_message_and_shares_the_rest() {
        let facts = CreditFacts { outstanding: 0, stream_credit: 4, shared: 8, session_credit: 8 };
        assert!(credit_covers(facts), "its own slot");
        assert!(!credit_covers(CreditFacts { outstanding: 1, ..facts }));
        assert!(credit_covers(CreditFacts { outstanding: 1, shared: 7, ..facts }));
        assert!(credit_covers(CreditFacts { outstanding: 3, shared: 7, ..facts }));
        assert!(!credit_covers(CreditFacts { outstanding: 4, shared: 7, ..facts }));
        let alone = CreditFacts { outstanding: 0, stream_credit: 1, shared: 0, session_credit: 0 };
        assert!(credit_covers(alone) && !credit_covers(CreditFacts { outstanding: 1, ..alone }));
    }

    #[test]
    fn credit_grows_up_to_what_was_sent_and_a_streams_credit() {
        for (current, told, next) in [(4, 6, 6), (6, 4, 6), (4, 11, 11), (4, 12, 11), (4, u64::MAX, 11)] {
            assert_eq!(credit_next(current, told, 7, 4), next, "{current} {told}");
        }
        assert_eq!(credit_next(0, u64::MAX, u64::MAX, 4), u64::MAX);
        assert_eq!([credit_limit(0, 4), credit_limit(7, 4), credit_limit(u64::MAX, 4)], [4, 11, u64::MAX]);
    }

    #[test]
    fn an_end_counts_exactly() {
        assert_eq!(final_count(7, 7), Ok(()));
        assert_eq!([final_count(6, 7), final_count(8, 7)], [Err(FailReason::PeerViolation); 2]);
    }
}
