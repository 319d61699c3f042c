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

    #[test]
    fn half_of_the_counter_is_the_past_and_half_the_future() {
        let now = Ticks(1_000);
        let (past, future) = (now.plus(1 << 31), now.plus((1 << 31) - 1));
        assert_eq!((now.since(now), now.since(past), future.since(now)), (0, 0, (1 << 31) - 1));
        assert!(now.reached(now) && !now.reached(future) && future.reached(now));
        assert!(!past.reached(now) && !now.reached(past), "half a turn apart, neither has come");
    }

    #[test]
    fn earlier_and_later_hold_across_the_wrap() {
        for (early, late) in
            [(Ticks(5), Ticks(6)), (Ticks(u32::MAX), Ticks(0)), (Ticks(u32::MAX - 9), Ticks(9))]
        {
            for (a, b) in [(early, late), (late, early)] {
                assert_eq!((a.earlier(b), a.later(b)), (early, late), "{a:?} {b:?}");
            }
            assert_eq!((early.earlier(early), late.later(late)), (early, late));
        }
    }
}
