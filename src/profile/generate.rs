//! Profiles from a seed.

use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro128PlusPlus};
use sha2::{Digest, Sha256};

use super::{Large, Profile, ProfileId, Small, Spec};
use crate::vocab::{
    ChecksumClass, ENVELOPE_OVERHEAD, FragmentPolicy, PriorityPolicy, ReplayPolicy, SequencePolicy, Suite,
    SuiteSet,
};
use crate::wire::HEADER_BYTES;

/// How much memory a generated profile may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum StorageClass {
    /// Messages of at most 768 bytes, pipes of at most 2 KiB, four streams: for microcontrollers.
    Small,
    /// Messages of at most 16 KiB, pipes of at most 64 KiB, sixteen streams: for hosts.
    Large,
}

/// The numbers that are drawn, all from one seed.
struct Draw(Xoshiro128PlusPlus);

impl Draw {
    fn below(&mut self, bound: u32) -> u32 {
        let scaled = u64::from(self.0.next_u32()).wrapping_mul(u64::from(bound));
        u32::try_from(scaled >> 32).unwrap_or(0)
    }

    /// A number from `least` to `most`.
    fn within(&mut self, least: u32, most: u32) -> u32 {
        least.saturating_add(self.below(most.saturating_sub(least).saturating_add(1)))
    }

    /// The same, as a field of two bytes.
    fn short(&mut self, least: u32, most: u32) -> u16 {
        u16::try_from(self.within(least, most)).unwrap_or(u16::MAX)
    }

    /// The same, as a field of one byte.
    fn byte(&mut self, least: u32, most: u32) -> u8 {
        u8::try_from(self.within(least, most)).unwrap_or(u8::MAX)
    }

    fn of<T: Copy>(&mut self, first: T, others: &[T]) -> T {
        let place = self.below(u32::try_from(others.len()).unwrap_or(0).saturating_add(1));
        usize::try_from(place)
            .ok()
            .and_then(|place| others.get(place.checked_sub(1)?).copied())
            .unwrap_or(first)
    }
}

impl Spec {
    /// A sound profile that follows from a seed. Seeds give profiles that differ in behaviour: frame and fragment sizes, their
    /// number, pressure, windows, order, credit, times. The same seed and class give the same profile in every version that
    /// writes the same schema; known answers freeze them.
    #[must_use]
    pub fn generate(seed: u64, class: StorageClass) -> Self {
        let mut words = SplitMix64::seed_from_u64(seed);
        let mut draw = Draw(Xoshiro128PlusPlus::seed_from_u64(words.next_u64()));
        let spec = match class {
            StorageClass::Small => small(&mut draw),
            StorageClass::Large => large(&mut draw),
        };
        let spec = Self { suites: suites(words.next_u64(), spec.suites), ..ordered(&mut draw, spec) };
        let spec = timed(&mut draw, spec);
        Self { id: ProfileId::of_seed(seed, class), seed, ..scheduled(&mut draw, spec) }
    }
}

/// Some of the suites of a class, drawn by a word of their own; always the one that every build has.
fn suites(word: u64, class: SuiteSet) -> SuiteSet {
    let drawn = u8::try_from(word >> 56).unwrap_or(0);
    class.intersection(SuiteSet::from_bits(drawn)).union(SuiteSet::of(&[Suite::ChaCha20Poly1305]))
}

impl ProfileId {
    /// The id of the profile that follows from a seed: the first 8 bytes of SHA-256 over `"kurdistan/1 profile id"`, the seed as
    /// `u64` little endian and the class (0 small, 1 large).
    #[must_use]
    pub fn of_seed(seed: u64, class: StorageClass) -> Self {
        let class = match class {
            StorageClass::Small => 0_u8,
            StorageClass::Large => 1,
        };
        let digest = Sha256::new()
            .chain_update(b"kurdistan/1 profile id")
            .chain_update(seed.to_le_bytes())
            .chain_update([class]);
        let digest: [u8; 32] = digest.finalize().into();
        Self(digest.first_chunk().copied().unwrap_or_default())
    }
}

fn small(draw: &mut Draw) -> Spec {
    let payload = draw.within(216, 256);
    let spec = Spec {
        checksum: draw.of(ChecksumClass::Crc32c, &[ChecksumClass::Crc16, ChecksumClass::Crc32Autosar]),
        stream_credit: draw.byte(1, 2),
        session_credit: draw.byte(2, 4),
        ..Small::SPEC
    };
    let spec = cut(draw, spec, payload, 768, (48, 8));
    piped(draw, spec, 256)
}

fn large(draw: &mut Draw) -> Spec {
    let payload = draw.within(1_024, 4_064);
    let spec = Spec {
        checksum: draw.of(ChecksumClass::Crc32Autosar, &[ChecksumClass::Crc32c]),
        stream_credit: draw.byte(2, 8),
        session_credit: draw.byte(8, 16),
        ..Large::SPEC
    };
    let spec = cut(draw, spec, payload, 16_384, (512, 16));
    piped(draw, spec, 8_192)
}

/// Sizes of frames, fragments and messages. `pieces` are the least bytes and the most number of fragments.
fn cut(draw: &mut Draw, spec: Spec, payload: u32, message_max: u32, pieces: (u32, u32)) -> Spec {
    let short = |value: u32| u16::try_from(value).unwrap_or(u16::MAX);
    let overhead = u32::try_from(HEADER_BYTES.saturating_add(spec.checksum.bytes())).unwrap_or(0);
    let whole = draw.below(4) == 0;
    let (fragment, bytes, most) = if whole {
        (FragmentPolicy::NoFragment, payload, 1)
    } else {
        (FragmentPolicy::FixedFragment, draw.within(pieces.0, payload), draw.within(3, pieces.1))
    };
    let room = bytes.saturating_mul(most);
    let envelope = room.min(message_max.saturating_add(u32::try_from(ENVELOPE_OVERHEAD).unwrap_or(0)));
    let needed = envelope.div_ceil(bytes.max(1));
    Spec {
        hamming_distance: spec.checksum.hamming_distance(HEADER_BYTES.saturating_add(payload as usize)),
        frame_bytes_max: short(payload.saturating_add(overhead)),
        payload_bytes_max: short(payload),
        fragments_max: u8::try_from(needed.max(1)).unwrap_or(u8::MAX),
        fragment,
        fragment_bytes: short(bytes),
        envelope_bytes_max: short(envelope),
        ..spec
    }
}

/// A pipe that holds what the check asks for and up to `spare` bytes more, and its water marks.
fn piped(draw: &mut Draw, spec: Spec, spare: u32) -> Spec {
    let least = spec.pipe_bytes_needed();
    let bytes = least.saturating_add(draw.below(spare));
    let high = draw.within(bytes / 4, bytes / 2);
    Spec {
        pipe_bytes_max: bytes,
        pipe_frames_max: draw.short(u32::from(spec.fragments_max).saturating_add(2), 24),
        pipe_high_bytes: high,
        pipe_low_bytes: draw.within(high / 8, high / 2),
        ..spec
    }
}

/// Order, windows and streams.
fn ordered(draw: &mut Draw, spec: Spec) -> Spec {
    let strict = draw.below(4) == 0;
    let replay = if strict {
        draw.of(ReplayPolicy::StrictNoReorder, &[ReplayPolicy::OrderedOnly])
    } else {
        draw.of(ReplayPolicy::WindowedReplay, &[ReplayPolicy::BoundedReorder])
    };
    Spec {
        sequence: if strict { SequencePolicy::Strict } else { SequencePolicy::Windowed },
        sequence_window: draw.byte(u32::from(spec.fragments_max).max(16), 64),
        replay,
        replay_width: draw.of(64_u16, &[32, 128, 256, 512]),
        ..spec
    }
}

fn timed(draw: &mut Draw, spec: Spec) -> Spec {
    let retry_ticks = draw.within(200, 1_000);
    Spec {
        reassembly_ticks: draw.within(1_000, 4_000),
        retry_ticks,
        retries_max: draw.byte(4, 12),
        handshake_ticks: retry_ticks.saturating_mul(draw.within(12, 20)),
        ping_ticks: draw.within(2_000, 8_000),
        idle_ticks: draw.within(20_000, 60_000),
        drain_ticks: draw.within(6_000, 15_000),
        ..spec
    }
}

/// Whose turn it is, and how much may be overtaken.
fn scheduled(draw: &mut Draw, spec: Spec) -> Spec {
    use PriorityPolicy::{Fifo, InteractiveFirst, SmallestPendingFirst, WeightedRoundRobin};
    Spec {
        priority: draw.of(Fifo, &[InteractiveFirst, WeightedRoundRobin, SmallestPendingFirst]),
        reorder_max: draw.short(4, u32::from(spec.replay_width.min(64))),
        ..spec
    }
}

#[cfg(test)]
mod tests {
    use super::super::generation_hash;
    use super::*;

    const CLASSES: [StorageClass; 2] = [StorageClass::Small, StorageClass::Large];

    #[test]
    fn every_seed_gives_a_sound_profile_of_its_class() {
        for seed in 0..20_000 {
            for class in CLASSES {
                let spec = Spec::generate(seed, class);
                assert_eq!(spec.check(), Ok(()), "seed {seed} {class:?}: {spec:?}");
                let (message, pipe) = (spec.message_bytes_max(), spec.pipe_bytes_max);
                match class {
                    StorageClass::Small => assert!(message <= 768 && pipe <= 2_048, "{seed}: {spec:?}"),
                    StorageClass::Large => assert!(message <= 16_384 && pipe <= 65_536, "{seed}: {spec:?}"),
                }
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_profile_and_the_values_are_frozen() {
        let prefix = |seed, class| {
            let [a, b, c, d, ..] = generation_hash(&Spec::generate(seed, class));
            [a, b, c, d]
        };
        assert_eq!(prefix(0, StorageClass::Small), [207, 232, 29, 123]);
        assert_eq!(prefix(12_345, StorageClass::Small), [205, 64, 92, 180]);
        assert_eq!(prefix(12_345, StorageClass::Large), [22, 48, 217, 202]);
    }

    #[test]
    fn every_profile_allows_the_suite_of_every_build_and_seeds_draw_the_others() {
        let drawn = |class: StorageClass| -> u8 {
            let bits = (0..400).map(|seed| Spec::generate(seed, class).suites.bits());
            bits.fold(0, |seen, bits| {
                assert_eq!(bits & !0b110, 1);
                seen | 1 << bits
            })
        };
        assert_eq!(drawn(StorageClass::Small), 1 << 0b001 | 1 << 0b011);
        assert_eq!(drawn(StorageClass::Large), 1 << 0b001 | 1 << 0b011 | 1 << 0b101 | 1 << 0b111);
    }

    #[test]
    fn seeds_spread_over_every_choice() {
        let specs = || (0..400).map(|seed| Spec::generate(seed, StorageClass::Small));
        let kinds = |of: fn(&Spec) -> u8, expected: usize| {
            let mut seen = [false; 256];
            specs().for_each(|spec| seen[usize::from(of(&spec))] = true);
            assert!(seen.iter().filter(|seen| **seen).count() >= expected);
        };
        kinds(|spec| spec.checksum.code(), 3);
        kinds(|spec| spec.fragment.code(), 2);
        kinds(|spec| spec.sequence.code(), 2);
        kinds(|spec| spec.replay.code(), 4);
        kinds(|spec| spec.priority.code(), 4);
        kinds(|spec| spec.reorder_max as u8, 50);
        kinds(|spec| spec.fragments_max, 5);
        kinds(|spec| spec.suites.bits(), 2);
        kinds(|spec| spec.stream_credit, 2);
        kinds(|spec| spec.sequence_window, 30);
        kinds(|spec| (spec.fragment_bytes % 256) as u8, 100);
    }
}
