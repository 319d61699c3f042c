//! Time as an argument.

/// A moment, in ticks of the caller's clock. The counter wraps; two moments are compared by half range, so they must be
/// less than 2^31 ticks apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ticks(pub u32);

impl Ticks {
    /// The moment `ticks` later.
    #[inline]
    #[must_use]
    pub const fn plus(self, ticks: u32) -> Self {
        Self(self.0.wrapping_add(ticks))
    }

    /// Ticks that have passed since `earlier`; 0 when `earlier` lies ahead (time that runs backwards does not pass).
    #[inline]
    #[must_use]
    pub const fn since(self, earlier: Self) -> u32 {
        let passed = self.0.wrapping_sub(earlier.0);
        if passed < 1 << 31 { passed } else { 0 }
    }

    /// Whether `deadline` has come.
    #[inline]
    #[must_use]
    pub const fn reached(self, deadline: Self) -> bool {
        self.0.wrapping_sub(deadline.0) < 1 << 31
    }

    /// The earlier of two moments.
    #[must_use]
    pub const fn earlier(self, other: Self) -> Self {
        if self.reached(other) { other } else { self }
    }

    /// The later of two moments.
    #[must_use]
    pub const fn later(self, other: Self) -> Self {
        if self.reached(other) { self } else { other }
    }
}

#[cfg(test)]
mod tests {
    use super::Ticks;

    #[test]
    fn a_deadline_fires_at_its_tick_and_not_before_even_across_the_wrap() {
        let deadline = Ticks(u32::MAX).plus(3);
        assert_eq!(deadline, Ticks(2));
        assert!(!Ticks(1).reached(deadline));
        assert!(Ticks(2).reached(deadline));
        assert!(Ticks(3).reached(deadline));
        assert!(!Ticks(u32::MAX).reached(deadline));
    }

    #[test]
    fn time_that_runs_backwards_does_not_pass() {
        assert_eq!(Ticks(5).since(Ticks(9)), 0);
        assert_eq!(Ticks(3).since(Ticks(u32::MAX)), 4);
    }
}
