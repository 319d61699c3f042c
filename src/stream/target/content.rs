//! What targets say: bytes that follow from a seed, and the numbers of the jitter.

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Bytes of one block.
const BLOCK: u32 = 8;

/// The answer of one stream, without end. Equal seed, stream and place give equal bytes in every version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Content {
    base: u64,
}

impl Content {
    /// The answer on `stream`.
    #[must_use]
    pub fn new(seed: u64, stream: u32) -> Self {
        let mut seeds = SplitMix64::seed_from_u64(seed);
        let first = seeds.next_u64();
        Self { base: SplitMix64::seed_from_u64(first.wrapping_add(u64::from(stream))).next_u64() }
    }

    /// Fills `out` with the bytes from `offset` on.
    pub fn fill(&self, offset: u32, out: &mut [u8]) {
        let mut at = offset;
        let mut rest = out;
        while !rest.is_empty() {
            let block = self.number(u64::from(at / BLOCK)).to_le_bytes();
            let skip = usize::try_from(at % BLOCK).unwrap_or(0);
            let from = block.get(skip..).unwrap_or(&[]);
            let count = from.len().min(rest.len());
            let Some((to, after)) = core::mem::take(&mut rest).split_at_mut_checked(count) else { return };
            to.copy_from_slice(from.get(..count).unwrap_or(&[]));
            rest = after;
            at = at.wrapping_add(u32::try_from(count).unwrap_or(0));
        }
    }

    /// Numbers for the message of this place: its size, and the time before it. They are of another sequence than the bytes.
    pub(super) fn jitter(&self, step: u32) -> [u32; 2] {
        let drawn = self.number(u64::from(step).wrapping_add(1 << 63)).to_le_bytes();
        let [a, b, c, d, e, f, g, h] = drawn;
        [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
    }

    fn number(&self, place: u64) -> u64 {
        SplitMix64::seed_from_u64(self.base ^ place).next_u64()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::Content;
    use std::vec::Vec;

    #[test]
    fn bytes_depend_on_their_place_and_not_on_the_cut() {
        let content = Content::new(7, 3);
        let mut whole = [0; 1_000];
        content.fill(0, &mut whole);
        for cut in [1, 3, 7, 8, 9, 64, 999] {
            let mut pieces = Vec::new();
            while pieces.len() < 1_000 {
                let mut piece = [0; 999];
                let piece = &mut piece[..cut.min(1_000 - pieces.len())];
                content.fill(pieces.len() as u32, piece);
                pieces.extend_from_slice(piece);
            }
            assert_eq!(pieces, whole, "{cut}");
        }
    }

    #[test]
    fn seeds_and_streams_differ_and_the_values_are_frozen() {
        let first = |seed, stream| {
            let mut bytes = [0; 8];
            Content::new(seed, stream).fill(0, &mut bytes);
            bytes
        };
        let all = [first(0, 1), first(1, 1), first(0, 3), first(1, 3)];
        for (place, bytes) in all.iter().enumerate() {
            assert!(!all[..place].contains(bytes));
        }
        // From an implementation of its own.
        assert_eq!(first(0, 1), [249, 182, 28, 128, 46, 108, 146, 148]);
        let mut counts = [0_u32; 256];
        let mut bytes = [0; 25_600];
        Content::new(9, 9).fill(0, &mut bytes);
        bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
        assert!(counts.iter().all(|count| (55..150).contains(count)), "{counts:?}");
    }
}
