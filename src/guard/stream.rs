//! Streams: ids, credit, and the end of each half.
//!
//! Credit counts messages, because a message occupies one reassembly slot whatever its length. Every open stream owns one
//! slot; beyond those, all streams of a direction share `session_credit` slots. So the sum of granted credit is exactly the
//! receive memory, and a slow reader of one stream cannot starve another.

use crate::vocab::{FailReason, Role};

/// What both sides know of the credit of one stream in one direction.
#[derive(Clone, Copy, Debug)]
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
