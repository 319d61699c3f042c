//! Which sequences have opened.

use crate::guard::Guards;
use crate::guard::envelope::ReplayFacts;
use crate::vocab::{EnvelopeReject, ReplayPolicy};

/// Bits of the ring: the widest window that a profile may have.
const RING_BITS: u64 = 1_024;
const WORDS: usize = 16;
const WORD_BITS: u64 = 64;

/// A window over received sequences, after RFC 6479: a ring of 1,024 bits, of which the policy's width counts. Look with
/// [`peek`](Self::peek) before a tag has verified, and [`commit`](Self::commit) after.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplayRing {
    highest: u64,
    bits: [u64; WORDS],
}

const _: () = assert!(size_of::<ReplayRing>() == 136);

impl ReplayRing {
    /// A window in which nothing has been seen.
    pub const EMPTY: Self = Self { highest: 0, bits: [0; WORDS] };

    /// The highest sequence that has been marked; 0 before the first.
    #[inline]
    #[must_use]
    pub const fn highest(&self) -> u64 {
        self.highest
    }

    /// The verdict on a sequence; changes nothing.
    ///
    /// # Errors
    /// `Duplicate`, `Old`, or `Gap` under a strict policy.
    #[inline]
    pub fn peek<R: Guards + ?Sized>(
        &self,
        policy: ReplayPolicy,
        width: u16,
        sequence: u64,
        rules: &R,
    ) -> Result<(), EnvelopeReject> {
        let back = self.highest.saturating_sub(sequence);
        let seen = sequence <= self.highest && back < RING_BITS && self.word(sequence) & bit(sequence) != 0;
        rules.replay(ReplayFacts { policy, width, highest: self.highest, sequence, seen })
    }

    /// Marks a sequence whose tag has verified.
    #[inline]
    pub fn commit(&mut self, sequence: u64) {
        if sequence > self.highest {
            if sequence.saturating_sub(self.highest) > 1 {
                self.clear_between(sequence);
            }
            self.highest = sequence;
        }
        if let Some(word) = self.bits.get_mut(slot(sequence)) {
            *word |= bit(sequence);
        }
    }

    fn word(&self, sequence: u64) -> u64 {
        self.bits.get(slot(sequence)).copied().unwrap_or(0)
    }

    /// Clears what lies between the highest and `sequence`: those places still hold what left the ring.
    #[cold]
    fn clear_between(&mut self, sequence: u64) {
        if sequence.saturating_sub(self.highest) > RING_BITS {
            self.bits = [0; WORDS];
            return;
        }
        let mut next = self.highest.saturating_add(1);
        while next < sequence {
            let offset = next % WORD_BITS;
            let run = sequence.saturating_sub(next).min(WORD_BITS.saturating_sub(offset));
            let ones = u64::MAX.unbounded_shr(u32::try_from(WORD_BITS.saturating_sub(run)).unwrap_or(0));
            if let Some(word) = self.bits.get_mut(slot(next)) {
                *word &= !ones.unbounded_shl(u32::try_from(offset).unwrap_or(0));
            }
            next = next.saturating_add(run);
        }
    }
}

#[inline]
const fn slot(sequence: u64) -> usize {
    ((sequence % RING_BITS) / WORD_BITS) as usize
}

#[inline]
const fn bit(sequence: u64) -> u64 {
    1_u64.unbounded_shl((sequence % WORD_BITS) as u32)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::guard::Sound;
    use std::collections::BTreeSet;
    use std::vec::Vec;

    fn step(ring: &mut ReplayRing, width: u16, sequence: u64) -> Result<(), EnvelopeReject> {
        ring.peek(ReplayPolicy::WindowedReplay, width, sequence, &Sound)?;
        ring.commit(sequence);
        Ok(())
    }

    /// The same window as a set.
    fn model(seen: &mut BTreeSet<u64>, width: u64, sequence: u64) -> bool {
        let highest = seen.last().copied().unwrap_or(0);
        let fresh = sequence > 0 && sequence + width > highest && !seen.contains(&sequence);
        if fresh {
            seen.insert(sequence);
        }
        fresh
    }

    #[test]
    fn edges_of_every_width() {
        for width in [32, 64, 128, 960, 1_024] {
            let mut ring = ReplayRing::EMPTY;
            let wide = u64::from(width);
            for (sequence, fresh) in [
                (0, false),
                (1, true),
                (1, false),
                (wide, true),
                (wide + 1, true),
                (wide + 1, false),
                (2, true),
                (1, false),
                (wide * 2 + 1, true),
                (wide + 1, false),
                (wide + 2, true),
                (wide * 9, true),
                (wide * 8, false),
                (wide * 8 + 1, true),
                (wide * 8 + 1, false),
                (1 << 55, true),
                (1 << 55, false),
            ] {
                assert_eq!(step(&mut ring, width, sequence).is_ok(), fresh, "{sequence} at width {width}");
            }
        }
    }

    #[test]
    fn agrees_with_a_set_over_long_pseudorandom_runs() {
        for width in [32_u16, 64, 100, 1_024] {
            let (mut ring, mut seen, mut state) = (ReplayRing::EMPTY, BTreeSet::new(), 7_u64);
            for _ in 0..20_000 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let reach = u64::from(width) * 2;
                let sequence = (ring.highest() + (state >> 33) % reach).saturating_sub(reach / 2 + reach / 3);
                assert_eq!(
                    step(&mut ring, width, sequence).is_ok(),
                    model(&mut seen, u64::from(width), sequence)
                );
            }
        }
    }

    #[test]
    fn looking_changes_nothing() {
        let mut ring = ReplayRing::EMPTY;
        step(&mut ring, 64, 5).unwrap();
        let before = ring.clone();
        for sequence in [1, 5, 6, 900, u64::MAX] {
            let _ = ring.peek(ReplayPolicy::WindowedReplay, 64, sequence, &Sound);
        }
        assert_eq!(ring, before);
    }

    #[test]
    fn four_policies_are_four_behaviours() {
        let verdicts: Vec<_> = ReplayPolicy::ALL
            .iter()
            .map(|policy| {
                let mut ring = ReplayRing::EMPTY;
                ring.commit(10);
                [8, 10, 11, 13].map(|sequence| ring.peek(*policy, 32, sequence, &Sound).err())
            })
            .collect();
        use EnvelopeReject::{Duplicate, Gap, Old};
        assert_eq!(verdicts[0], [Some(Old), Some(Duplicate), None, Some(Gap)]);
        assert_eq!(verdicts[1], [Some(Old), Some(Duplicate), None, None]);
        assert_eq!(verdicts[2], [None, Some(Duplicate), None, None]);
        assert_eq!(verdicts[3], [None, Some(Duplicate), None, None]);
    }
}
