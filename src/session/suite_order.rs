//! Cipher suites in an order of preference.

use crate::vocab::{Suite, SuiteSet};

/// Suites that a side takes, the preferred one first, each at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct SuiteOrder([Option<Suite>; Suite::ALL.len()]);

impl SuiteOrder {
    /// Every suite that this build has, by rising code.
    pub(super) fn compiled() -> Self {
        let mut places = [None; Suite::ALL.len()];
        let has = |suite: &Suite| SuiteSet::COMPILED.has(*suite);
        for (place, suite) in places.iter_mut().zip(Suite::ALL.iter().copied().filter(has)) {
            *place = Some(suite);
        }
        Self(places)
    }

    /// The suites, the preferred one first.
    pub(super) fn iter(&self) -> impl Iterator<Item = Suite> {
        self.0.iter().flatten().copied()
    }

    /// These suites; `None` when there is no suite, one twice, or one that this build does not have.
    pub(super) fn of(suites: &[Suite]) -> Option<Self> {
        let mut places = [None; Suite::ALL.len()];
        let mut seen = SuiteSet::EMPTY;
        for (at, suite) in suites.iter().enumerate() {
            if seen.has(*suite) || !SuiteSet::COMPILED.has(*suite) {
                return None;
            }
            seen = seen.union(SuiteSet::of(&[*suite]));
            *places.get_mut(at)? = Some(*suite);
        }
        (!seen.is_empty()).then_some(Self(places))
    }

    /// The suites without their order.
    pub(super) fn set(&self) -> SuiteSet {
        self.0.iter().flatten().fold(SuiteSet::EMPTY, |set, suite| set.union(SuiteSet::of(&[*suite])))
    }

    /// The first suite of the order that is in `common`.
    pub(super) fn first_of(&self, common: SuiteSet) -> Option<Suite> {
        self.0.iter().flatten().copied().find(|suite| common.has(*suite))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Suite::{Aes256Gcm, AsconAead128, ChaCha20Poly1305};

    #[test]
    fn an_order_holds_suites_of_this_build_and_none_twice() {
        assert_eq!(SuiteOrder::of(&[]), None);
        assert_eq!(SuiteOrder::of(&[ChaCha20Poly1305; 2]), None);
        for suite in Suite::ALL {
            assert_eq!(SuiteOrder::of(&[*suite]).is_some(), SuiteSet::COMPILED.has(*suite), "{suite}");
        }
        let all = SuiteOrder::of(Suite::ALL);
        assert_eq!(all.is_some(), SuiteSet::COMPILED == SuiteSet::KNOWN);
        assert!(all.is_none_or(|all| all == SuiteOrder::compiled()));
        assert_eq!(SuiteOrder::of(&[Aes256Gcm, AsconAead128, ChaCha20Poly1305, Aes256Gcm]), None);
        assert_eq!(SuiteOrder::compiled().set(), SuiteSet::COMPILED);
    }

    #[test]
    fn the_first_of_the_order_is_chosen_and_not_of_the_codes() {
        let order = SuiteOrder([Some(Aes256Gcm), Some(ChaCha20Poly1305), None]);
        assert_eq!(order.set().bits(), 0b101);
        for (common, chosen) in [
            (0b111, Some(Aes256Gcm)),
            (0b101, Some(Aes256Gcm)),
            (0b011, Some(ChaCha20Poly1305)),
            (0b010, None),
            (0b000, None),
            (0xf8, None),
        ] {
            assert_eq!(order.first_of(SuiteSet::from_bits(common)), chosen, "{common:#b}");
        }
    }
}
