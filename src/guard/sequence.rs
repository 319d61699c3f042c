//! The order of frames on a stream.

use crate::vocab::{SequencePolicy, SequenceReject};

/// How far back a sequence is told as a duplicate instead of old.
pub const RECENT: u64 = 64;

/// Facts about one frame sequence.
#[derive(Clone, Copy, Debug)]
pub struct SequenceFacts {
    /// The policy.
    pub policy: SequencePolicy,
    /// Frames beyond the next one that are accepted, itself included.
    pub window: u8,
    /// The lowest sequence that has not been marked.
    pub next: u64,
    /// Fragments of the message at `next` that are there already.
    pub pending: u8,
    /// The sequence in question has been marked.
    pub seen: bool,
    /// The last sequence of the stream, once its end is authenticated.
    pub terminal: Option<u64>,
    /// The sequence in question.
    pub sequence: u64,
}

/// After the end, old, duplicate, too far ahead: each has its own name.
pub const fn sequence(facts: SequenceFacts) -> Result<(), SequenceReject> {
    let SequenceFacts { policy, window, next, pending, seen, terminal, sequence } = facts;
    if let Some(last) = terminal
        && sequence > last
    {
        return Err(SequenceReject::AfterTerminal);
    }
    if sequence < next {
        let recent = next.saturating_sub(sequence) <= RECENT;
        return Err(if recent { SequenceReject::Duplicate } else { SequenceReject::Old });
    }
    if seen {
        return Err(SequenceReject::Duplicate);
    }
    let ahead = sequence.saturating_sub(next);
    match policy {
        SequencePolicy::Strict if ahead < pending as u64 => Err(SequenceReject::Duplicate),
        SequencePolicy::Strict if ahead > pending as u64 => Err(SequenceReject::TooFarFuture),
        SequencePolicy::Windowed if ahead >= window as u64 => Err(SequenceReject::TooFarFuture),
        SequencePolicy::Strict | SequencePolicy::Windowed => Ok(()),
    }
}
