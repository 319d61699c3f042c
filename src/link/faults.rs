//! Which faults happen how often, and how often they have happened.

use super::chance::Chance;

/// How often each fault happens: to one frame in so many; 0 is never, 1 is always. The faults of a frame are chosen
/// independently, except that a dropped frame suffers nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Faults {
    /// Delivered with one to [`FLIPS_MAX`](Self::FLIPS_MAX) bits flipped, or with one byte changed.
    pub corrupt: u32,
    /// Never delivered.
    pub drop: u32,
    /// Delivered twice in a row.
    pub duplicate: u32,
    /// Held back until one to [`OVERTAKEN_MAX`](Self::OVERTAKEN_MAX) later frames have been delivered, or until nothing else
    /// is left, so that nothing stalls. One frame of a direction is held at a time.
    pub reorder: u32,
}

impl Faults {
    /// None, ever.
    pub const NONE: Self = Self { corrupt: 0, drop: 0, duplicate: 0, reorder: 0 };

    /// Most bits that a corrupted frame has flipped, unless all of them lie in one byte. Every checksum class finds three
    /// flips, and every change within one byte, up to the longest frame for which its Hamming distance is 4 or more.
    pub const FLIPS_MAX: u32 = 3;

    /// Most frames that overtake a reordered one.
    pub const OVERTAKEN_MAX: u32 = 4;

    /// What happens to one frame. Each choice is drawn whatever the others are, so that one rate changes one fault.
    pub(super) fn fate(&self, chance: &mut Chance) -> Fate {
        Fate {
            drop: chance.one_in(self.drop),
            duplicate: chance.one_in(self.duplicate),
            late: chance.one_in(self.reorder),
            overtaken: chance.below(Self::OVERTAKEN_MAX).saturating_add(1),
            corrupt: chance.one_in(self.corrupt),
        }
    }
}

/// The faults of one frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fate {
    pub(super) drop: bool,
    pub(super) duplicate: bool,
    pub(super) late: bool,
    /// Frames that overtake it if it is late.
    pub(super) overtaken: u32,
    pub(super) corrupt: bool,
}

/// What has been done to the frames of one direction. Counters saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FaultCounts {
    /// Frames taken from the link.
    pub frames: u32,
    /// Frames whose bytes were changed.
    pub corrupted: u32,
    /// Frames that were not delivered.
    pub dropped: u32,
    /// Frames that were delivered twice.
    pub duplicated: u32,
    /// Frames that at least one later frame has overtaken.
    pub reordered: u32,
}

impl FaultCounts {
    /// Nothing yet.
    pub const ZERO: Self = Self { frames: 0, corrupted: 0, dropped: 0, duplicated: 0, reordered: 0 };
}

/// Adds one to a saturating counter.
pub(super) fn count(counter: &mut u32) {
    *counter = counter.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::Role;

    #[test]
    fn each_rate_moves_its_own_fault_and_no_other() {
        let base = Faults { corrupt: 5, drop: 5, duplicate: 5, reorder: 5 };
        let fates = |faults: Faults| {
            let fates = (0..2_000).map(move |place| faults.fate(&mut Chance::of(9, Role::Client, place)));
            fates.map(|fate| [fate.corrupt, fate.drop, fate.duplicate, fate.late])
        };
        let changed = [
            Faults { corrupt: 0, ..base },
            Faults { drop: 0, ..base },
            Faults { duplicate: 0, ..base },
            Faults { reorder: 0, ..base },
        ];
        for (own, faults) in changed.into_iter().enumerate() {
            let mut moved = [0; 4];
            for (before, after) in fates(base).zip(fates(faults)) {
                for fault in 0..4 {
                    moved[fault] += u32::from(before[fault] != after[fault]);
                }
            }
            for (fault, count) in moved.into_iter().enumerate() {
                assert_eq!(count != 0, fault == own, "fault {own} moved {moved:?}");
            }
        }
    }

    #[test]
    fn overtaking_is_within_its_bounds() {
        let mut seen = [false; Faults::OVERTAKEN_MAX as usize + 2];
        for place in 0..200 {
            seen[Faults::NONE.fate(&mut Chance::of(2, Role::Client, place)).overtaken as usize] = true;
        }
        assert_eq!(seen, [false, true, true, true, true, false]);
    }
}
