//! The order of frames on one stream.

use crate::guard::Guards;
use crate::guard::sequence::SequenceFacts;
use crate::vocab::{SequencePolicy, SequenceReject};

/// Which frame sequences of a stream carried envelopes that have opened. A frame is looked at when it arrives; it is marked
/// when its envelope has opened. What lies between is the reassembler's: its groups are the provisional marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sequencer {
    /// The lowest sequence that has not been marked.
    next: u64,
    /// Bit `i` is the mark of `next + 1 + i`.
    ahead: u64,
    terminal: Option<u64>,
}

const _: () = assert!(size_of::<Sequencer>() <= 32);

impl Sequencer {
    /// A stream without frames; the first sequence is 1.
    #[must_use]
    pub const fn new() -> Self {
        Self { next: 1, ahead: 0, terminal: None }
    }

    /// The verdict on a frame; changes nothing. `pending` fragments of the message at the lowest open sequence have come.
    ///
    /// # Errors
    /// [`SequenceReject`].
    #[inline]
    pub fn peek<R: Guards + ?Sized>(
        &self,
        policy: SequencePolicy,
        window: u8,
        pending: u8,
        sequence: u64,
        rules: &R,
    ) -> Result<(), SequenceReject> {
        let ahead = sequence.checked_sub(self.next).and_then(|distance| distance.checked_sub(1));
        let mark = ahead.map_or(0, |place| 1_u64.unbounded_shl(u32::try_from(place).unwrap_or(u32::MAX)));
        let seen = self.ahead & mark != 0;
        let Self { next, terminal, .. } = *self;
        rules.sequence(SequenceFacts { policy, window, next, pending, seen, terminal, sequence })
    }

    /// Marks the frames of a message whose envelope has opened: `count` sequences from `first`.
    pub fn mark(&mut self, first: u64, count: u8) {
        let mut sequence = first;
        for _ in 0..count {
            match sequence.checked_sub(self.next) {
                Some(0) => self.step(),
                Some(distance) => {
                    let place = u32::try_from(distance.saturating_sub(1)).unwrap_or(u32::MAX);
                    self.ahead |= 1_u64.unbounded_shl(place);
                }
                None => {}
            }
            sequence = sequence.saturating_add(1);
        }
    }

    /// Nothing follows `last` on this stream.
    pub fn end_at(&mut self, last: u64) {
        self.terminal = Some(last);
    }

    /// The last sequence of the stream, once its end has opened.
    #[must_use]
    pub const fn ends_at(&self) -> Option<u64> {
        self.terminal
    }

    /// The lowest sequence that has not been marked.
    #[inline]
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Whether anything beyond the lowest open sequence has been marked: something is missing.
    #[must_use]
    pub const fn has_gap(&self) -> bool {
        self.ahead != 0
    }

    fn step(&mut self) {
        let run = self.ahead.trailing_ones();
        self.next = self.next.saturating_add(1).saturating_add(u64::from(run));
        self.ahead = self.ahead.unbounded_shr(run.saturating_add(1));
    }
}

impl Default for Sequencer {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::guard::Sound;
    use std::collections::BTreeSet;

    fn peek(sequencer: &Sequencer, sequence: u64) -> Result<(), SequenceReject> {
        sequencer.peek(SequencePolicy::Windowed, 16, 0, sequence, &Sound)
    }

    #[test]
    fn agrees_with_a_set_of_marks() {
        let (mut sequencer, mut marked, mut state) = (Sequencer::new(), BTreeSet::new(), 3_u64);
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let lowest = (1..).find(|sequence| !marked.contains(sequence)).unwrap();
            assert_eq!(sequencer.next(), lowest);
            let sequence = (lowest + (state >> 33) % 24).saturating_sub(4).max(1);
            let fresh = !marked.contains(&sequence) && sequence < lowest + 16;
            assert_eq!(peek(&sequencer, sequence).is_ok(), fresh);
            if fresh {
                sequencer.mark(sequence, 1);
                marked.insert(sequence);
            }
            if sequencer.next() > 400 {
                (sequencer, marked) = (Sequencer::new(), BTreeSet::new());
            }
        }
    }

    #[test]
    fn every_reject_has_its_own_name() {
        let mut sequencer = Sequencer::new();
        sequencer.mark(1, 100);
        sequencer.mark(102, 1);
        assert_eq!(peek(&sequencer, 100), Err(SequenceReject::Duplicate));
        assert_eq!(peek(&sequencer, 102), Err(SequenceReject::Duplicate));
        assert_eq!(peek(&sequencer, 36), Err(SequenceReject::Old));
        assert_eq!(peek(&sequencer, 117), Err(SequenceReject::TooFarFuture));
        assert_eq!(peek(&sequencer, 116), Ok(()));
        sequencer.end_at(103);
        assert_eq!(peek(&sequencer, 104), Err(SequenceReject::AfterTerminal));
        assert_eq!(peek(&sequencer, 101), Ok(()));
        assert!(sequencer.has_gap());
    }

    #[test]
    fn strict_order_takes_only_the_next_fragment() {
        let sequencer = Sequencer::new();
        let strict =
            |pending, sequence| sequencer.peek(SequencePolicy::Strict, 16, pending, sequence, &Sound);
        assert_eq!(strict(0, 1), Ok(()));
        assert_eq!(strict(0, 2), Err(SequenceReject::TooFarFuture));
        assert_eq!(strict(1, 1), Err(SequenceReject::Duplicate));
        assert_eq!(strict(1, 2), Ok(()));
    }

    #[test]
    fn the_end_of_the_number_space_is_not_crossed() {
        let mut sequencer = Sequencer { next: u64::MAX - 2, ahead: 0, terminal: None };
        assert_eq!(peek(&sequencer, u64::MAX - 1), Ok(()));
        sequencer.mark(u64::MAX - 2, 2);
        assert_eq!(sequencer.next(), u64::MAX);
    }
}
