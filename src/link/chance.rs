//! The chance behind the faults: a stream of numbers for every frame, from the seed, the direction and the frame's place.
//!
//! No frame's numbers depend on what was drawn for another, so a changed rate changes its own fault and nothing else. The
//! numbers are part of the behaviour: tests freeze them.

use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro128PlusPlus};

use crate::vocab::Role;

/// The numbers of one frame.
#[derive(Debug)]
pub(super) struct Chance(Xoshiro128PlusPlus);

impl Chance {
    /// For the frame at `place`, counted from 0, among those to `to`.
    pub(super) fn of(seed: u64, to: Role, place: u64) -> Self {
        let mut directions = SplitMix64::seed_from_u64(seed);
        let to_client = directions.next_u64();
        let first = match to {
            Role::Client => to_client,
            Role::Server => directions.next_u64(),
        };
        Self(Xoshiro128PlusPlus::seed_from_u64(first.wrapping_add(place)))
    }

    /// True once in `n` times; never if `n` is 0.
    pub(super) fn one_in(&mut self, n: u32) -> bool {
        let drawn = self.below(n);
        n != 0 && drawn == 0
    }

    /// A number below `n`, by multiplication: uneven by less than `n` in 2^32. 0 if `n` is 0.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        let scaled = u64::from(self.0.next_u32()).wrapping_mul(u64::from(n));
        u32::try_from(scaled >> 32).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values come from an independent implementation of SplitMix64 and xoshiro128++.
    #[test]
    fn the_numbers_are_frozen() {
        let drawn = |seed, to, place| {
            let mut chance = Chance::of(seed, to, place);
            [(); 3].map(|()| chance.below(1_000_000))
        };
        assert_eq!(drawn(0, Role::Client, 0), [606_112, 128_012, 439_364]);
        assert_eq!(drawn(0, Role::Server, 0), [953_451, 515_259, 690_631]);
        assert_eq!(drawn(0, Role::Server, 1), [523_233, 575_168, 848_439]);
        assert_eq!(drawn(u64::MAX, Role::Server, u64::MAX), [20_002, 373_517, 973_877]);
    }

    #[test]
    fn numbers_are_below_their_bound_and_even() {
        let mut seen = [0_u32; 7];
        for place in 0..70_000 {
            seen[Chance::of(1, Role::Client, place).below(7) as usize] += 1;
        }
        assert!(seen.iter().all(|count| (9_500..10_500).contains(count)), "{seen:?}");
    }

    #[test]
    fn zero_is_never_and_one_is_always() {
        let mut chance = Chance::of(3, Role::Server, 0);
        for _ in 0..1_000 {
            assert!(!chance.one_in(0));
            assert!(chance.one_in(1));
            assert_eq!((chance.below(0), chance.below(1)), (0, 0));
        }
    }
}
