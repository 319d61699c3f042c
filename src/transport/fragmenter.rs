//! Cuts a message into fragments.

use crate::guard::Guards;
use crate::vocab::FragmentLimits;

/// One fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cut {
    /// Its index.
    pub index: u8,
    /// Bytes of the message before it.
    pub offset: usize,
    /// Its bytes.
    pub bytes: usize,
}

/// The fragments of one message, in order. Cheap to copy, so that a plan can be priced before it is carried out.
#[derive(Debug)]
pub struct Cuts<'r, R: ?Sized> {
    limits: FragmentLimits,
    rules: &'r R,
    total: usize,
    offset: usize,
    index: u8,
    count: u8,
}

impl<R: ?Sized> Clone for Cuts<'_, R> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<'r, R: Guards + ?Sized> Cuts<'r, R> {
    /// Plans the fragments of a message of `total` bytes; `None` when the policy, or the limit of fragments, has no plan for it.
    #[inline]
    #[must_use]
    pub fn plan(limits: FragmentLimits, total: usize, rules: &'r R) -> Option<Self> {
        let mut cuts = Cuts { limits, rules, total, offset: 0, index: 0, count: 0 };
        // One more than the limit is enough to know.
        let most = usize::from(limits.fragments_max).saturating_add(1);
        let mut whole = true;
        let count =
            cuts.clone().take(most).inspect(|cut| whole &= cut.bytes <= limits.payload_bytes_max).count();
        if !whole || !rules.fragments_within(count, limits.fragments_max) {
            return None;
        }
        cuts.count = u8::try_from(count).ok()?;
        Some(cuts)
    }
}

impl<R: ?Sized> Cuts<'_, R> {
    /// How many fragments there are in all.
    #[inline]
    #[must_use]
    pub const fn fragments(&self) -> u8 {
        self.count
    }
}

impl<R: Guards + ?Sized> Iterator for Cuts<'_, R> {
    type Item = Cut;

    #[inline]
    fn next(&mut self) -> Option<Cut> {
        let remaining = self.total.checked_sub(self.offset).filter(|left| *left != 0)?;
        let FragmentLimits { policy, payload_bytes_max, fixed_bytes, .. } = self.limits;
        let bytes =
            self.rules.fragment_bytes(policy, remaining, payload_bytes_max, fixed_bytes).min(remaining);
        if bytes == 0 {
            return None;
        }
        let cut = Cut { index: self.index, offset: self.offset, bytes };
        self.offset = self.offset.saturating_add(bytes);
        self.index = self.index.saturating_add(1);
        Some(cut)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::guard::Sound;
    use crate::vocab::FragmentPolicy;
    use std::vec::Vec;

    const FIXED: FragmentLimits = FragmentLimits {
        policy: FragmentPolicy::FixedFragment,
        payload_bytes_max: 256,
        fixed_bytes: 100,
        fragments_max: 3,
    };

    fn sizes(limits: FragmentLimits, total: usize) -> Option<Vec<usize>> {
        Cuts::plan(limits, total, &Sound).map(|cuts| cuts.map(|cut| cut.bytes).collect())
    }

    #[test]
    fn fixed_fragments_depend_on_the_fixed_size() {
        assert_eq!(sizes(FIXED, 250), Some(Vec::from([100, 100, 50])));
        assert_eq!(sizes(FragmentLimits { fixed_bytes: 200, ..FIXED }, 250), Some(Vec::from([200, 50])));
        assert_eq!(sizes(FIXED, 300), Some(Vec::from([100, 100, 100])));
        assert_eq!(sizes(FIXED, 301), None);
        assert_eq!(sizes(FIXED, 0), None);
    }

    #[test]
    fn no_fragment_refuses_what_does_not_fit_one_frame() {
        let whole = FragmentLimits { policy: FragmentPolicy::NoFragment, ..FIXED };
        assert_eq!(sizes(whole, 256), Some(Vec::from([256])));
        assert_eq!(sizes(whole, 257), None);
    }
}
