//! The order of frames on a stream.

use crate::vocab::{SequencePolicy, SequenceReject};

/// How far back a sequence is told as a duplicate instead of old.
pub const RECENT: u64 = 64;

/// Facts about one frame sequence.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
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

#[cfg(test)]
mod tests {
    use super::*;
    use SequenceReject::{AfterTerminal, Duplicate, Old, TooFarFuture};

    const WINDOWED: SequenceFacts = SequenceFacts {
        policy: SequencePolicy::Windowed,
        window: 16,
        next: 100,
        pending: 0,
        seen: false,
        terminal: None,
        sequence: 0,
    };

    fn verdicts<const N: usize>(facts: SequenceFacts, sequences: [u64; N]) -> [Option<SequenceReject>; N] {
        sequences.map(|at| sequence(SequenceFacts { sequence: at, ..facts }).err())
    }

    #[test]
    fn a_window_has_edges() {
        let found = verdicts(WINDOWED, [1, 35, 36, 99, 100, 115, 116, u64::MAX]);
        let far = Some(TooFarFuture);
        assert_eq!(found, [Some(Old), Some(Old), Some(Duplicate), Some(Duplicate), None, None, far, far]);
        let seen = verdicts(SequenceFacts { seen: true, ..WINDOWED }, [101, 35]);
        assert_eq!(seen, [Some(Duplicate), Some(Old)]);
    }

    #[test]
    fn the_end_comes_before_everything_else() {
        let ended = SequenceFacts { terminal: Some(102), ..WINDOWED };
        let after = Some(AfterTerminal);
        assert_eq!(verdicts(ended, [99, 102, 103, 116]), [Some(Duplicate), None, after, after]);
        let past = SequenceFacts { next: 103, ..ended };
        assert_eq!(verdicts(past, [102, 103, 38]), [Some(Duplicate), after, Some(Old)]);
    }

    #[test]
    fn a_strict_order_takes_the_next_one_alone() {
        let strict = SequenceFacts { policy: SequencePolicy::Strict, pending: 2, ..WINDOWED };
        let found = verdicts(strict, [99, 100, 101, 102, 103]);
        let duplicate = Some(Duplicate);
        assert_eq!(found, [duplicate, duplicate, duplicate, None, Some(TooFarFuture)]);
    }
}
