//! The profiles that every gate runs on: storage class S, generated.

use crate::profile::{Spec, StorageClass};

/// The profile with this number: its seed is the number.
#[must_use]
pub fn profile(number: u32) -> Spec {
    Spec::generate(u64::from(number), StorageClass::Small)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Storage;
    use crate::lab::LabMemory;
    use crate::profile::generation_hash;

    #[test]
    fn all_are_sound_and_different_and_fit_the_rig() {
        for number in 0..500 {
            let spec = profile(number);
            assert_eq!(spec.check(), Ok(()), "profile {number}");
            assert_eq!(LabMemory::CAPACITY.holds(&spec), Ok(()), "profile {number}");
            for other in number.saturating_sub(20)..number {
                assert_ne!(generation_hash(&spec), generation_hash(&profile(other)));
            }
        }
    }
}
