//! Payloads that follow from a seed: a receiver computes what it must have received.

use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro128PlusPlus};

/// The bytes of one message.
#[derive(Debug)]
pub(super) struct Content(Xoshiro128PlusPlus);

impl Content {
    /// The bytes of message `number` on `stream`.
    pub(super) fn of(seed: u64, stream: u32, number: u32) -> Self {
        let mut place = SplitMix64::seed_from_u64(seed ^ (u64::from(stream) << 32 | u64::from(number)));
        Self(Xoshiro128PlusPlus::seed_from_u64(place.next_u64()))
    }

    /// Fills a buffer with the next bytes.
    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// Whether these are the next bytes.
    pub(super) fn matches(&mut self, bytes: &[u8]) -> bool {
        bytes.chunks(64).all(|part| {
            let mut own = [0; 64];
            // Whole blocks, so that the stream does not depend on the length of the last part.
            self.0.fill_bytes(&mut own);
            own.get(..part.len()) == Some(part)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Content;

    #[test]
    fn what_was_filled_matches_and_nothing_else_does() {
        let mut bytes = [0; 200];
        for length in [1, 63, 64, 65, 128, 200] {
            Content::of(1, 2, 3).fill(&mut bytes[..length]);
            assert!(Content::of(1, 2, 3).matches(&bytes[..length]), "{length}");
            for other in [Content::of(0, 2, 3), Content::of(1, 3, 3), Content::of(1, 2, 4)].iter_mut() {
                assert!(!other.matches(&bytes[..length.max(8)]));
            }
            bytes[length - 1] ^= 1;
            assert!(!Content::of(1, 2, 3).matches(&bytes[..length]));
        }
    }
}
