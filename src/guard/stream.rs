//! Streams: ids, credit, and the end of each half.
//!
//! Credit counts messages, because a message occupies one reassembly slot whatever its length. Every open stream owns one
//! slot; beyond those, all streams of a direction share `session_credit` slots. So the sum of granted credit is exactly the
//! receive memory, and a slow reader of one stream cannot starve another.

use crate::vocab::{FailReason, PriorityPolicy, Role};

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

/// A stream that waits for room in the pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Waiting {
    /// The application has called it interactive.
    pub interactive: bool,
    /// Its place among those that wait, by when they began; 0 has waited longest.
    pub order: u8,
    /// Bytes of its message.
    pub bytes: u16,
    /// How far it is ahead of its share, from [`share_next`].
    pub ahead: u32,
}

/// Whether `one` may take room before `other`. Of two different streams exactly one goes first.
pub const fn goes_first(policy: PriorityPolicy, one: Waiting, other: Waiting) -> bool {
    let (mine, theirs) = match policy {
        PriorityPolicy::Fifo => (0, 0),
        PriorityPolicy::InteractiveFirst => (!one.interactive as u32, !other.interactive as u32),
        PriorityPolicy::WeightedRoundRobin => (one.ahead, other.ahead),
        PriorityPolicy::SmallestPendingFirst => (one.bytes as u32, other.bytes as u32),
    };
    mine < theirs || (mine == theirs && one.order < other.order)
}

/// What the share of a stream follows from when a message is queued.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ShareFacts {
    /// The policy of the profile.
    pub policy: PriorityPolicy,
    /// How far this stream was ahead.
    pub ahead: u32,
    /// How far the sender was.
    pub sender_ahead: u32,
    /// Bytes that the message takes in the pipe, if this stream is the sender.
    pub queued: Option<u32>,
    /// The weight of this stream.
    pub weight: u8,
}

/// Fractions of a byte in which a share is counted. The longest message of all, with its frames, still fits 32 bits.
const SHARE_UNIT: u64 = 1 << 15;

/// How far a stream is ahead of its share after a message was queued, in 32,768ths of a byte for each weight.
///
/// The clock of all shares stands where the sender began: the others come as much nearer, and none falls behind it, so that
/// a stream that was silent has saved nothing. The sender is ahead by its bytes over its weight.
pub const fn share_next(facts: ShareFacts) -> u32 {
    match (facts.policy, facts.queued) {
        (PriorityPolicy::WeightedRoundRobin, Some(bytes)) => {
            let scaled = (bytes as u64).saturating_mul(SHARE_UNIT);
            match scaled.checked_div(facts.weight as u64) {
                Some(ahead) if ahead <= u32::MAX as u64 => ahead as u32,
                _ => u32::MAX,
            }
        }
        (PriorityPolicy::WeightedRoundRobin, None) => facts.ahead.saturating_sub(facts.sender_ahead),
        _ => 0,
    }
}

/// Whether a stream that could have sent for `waited_ticks`, and has not, gives its turn up.
pub const fn turn_lapsed(waited_ticks: u32, retry_ticks: u32) -> bool {
    waited_ticks >= retry_ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICIES: &[PriorityPolicy] = PriorityPolicy::ALL;

    #[test]
    fn each_policy_looks_at_its_own_fact_and_then_at_the_waiting_time() {
        use PriorityPolicy::{Fifo, InteractiveFirst, SmallestPendingFirst, WeightedRoundRobin};
        let older = Waiting { interactive: false, order: 0, bytes: 9, ahead: 9 };
        let same = Waiting { order: 1, ..older };
        let changed = [
            (InteractiveFirst, Waiting { interactive: true, ..same }),
            (SmallestPendingFirst, Waiting { bytes: 8, ..same }),
            (WeightedRoundRobin, Waiting { ahead: 8, ..same }),
        ];
        for policy in POLICIES {
            assert!(goes_first(*policy, older, same) && !goes_first(*policy, same, older), "{policy}");
            for (own, newer) in changed {
                assert_eq!(goes_first(*policy, newer, older), own == *policy, "{policy}");
                assert_ne!(goes_first(*policy, newer, older), goes_first(*policy, older, newer));
            }
        }
        assert!(!goes_first(Fifo, older, older));
    }

    #[test]
    fn a_sender_is_ahead_by_its_bytes_over_its_weight_and_the_others_come_nearer() {
        let policy = PriorityPolicy::WeightedRoundRobin;
        let sender = ShareFacts { policy, ahead: 70, sender_ahead: 70, queued: Some(300), weight: 3 };
        assert_eq!(share_next(sender), 100 << 15);
        assert_eq!(share_next(ShareFacts { weight: 1, ..sender }), 300 << 15);
        let longest = Some(65_535 + 16 * 28);
        assert_eq!(share_next(ShareFacts { queued: longest, weight: 1, ..sender }), 65_983 << 15);
        assert_eq!(share_next(ShareFacts { queued: Some(u32::MAX), ..sender }), u32::MAX);
        assert_eq!(share_next(ShareFacts { weight: 0, ..sender }), u32::MAX);
        let other = ShareFacts { queued: None, ..sender };
        for (ahead, next) in [(100, 30), (70, 0), (69, 0), (0, 0)] {
            assert_eq!(share_next(ShareFacts { ahead, ..other }), next);
        }
        for policy in POLICIES.iter().filter(|other| **other != policy) {
            assert_eq!(share_next(ShareFacts { policy: *policy, ..sender }), 0, "{policy} keeps no shares");
        }
    }

    #[test]
    fn a_turn_lapses_at_its_tick() {
        assert_eq!([0, 499, 500, 501].map(|waited| turn_lapsed(waited, 500)), [false, false, true, true]);
    }

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
