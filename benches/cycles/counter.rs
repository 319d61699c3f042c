//! The cycle counter of this machine, read between fences.

use std::sync::atomic::{Ordering, fence};

use quanta::Clock;

/// The time stamp counter on x86-64, the virtual counter on AArch64, and nanoseconds where there is neither. It counts at a
/// constant rate, which is not the rate of the core: figures of one run compare with each other only.
pub struct Counter {
    clock: Clock,
    empty: u64,
}

impl Counter {
    pub fn new() -> Self {
        let mut counter = Self { clock: Clock::new(), empty: 0 };
        let mut empty: Vec<u64> = (0..1_001).map(|_| counter.time(|| ())).collect();
        empty.sort_unstable();
        counter.empty = empty[empty.len() / 2];
        counter
    }

    /// Ticks from before `work` to after it, all of it and nothing else: a full fence keeps what is before and after out.
    /// What two stamps cost by themselves is taken off.
    #[inline]
    pub fn time(&self, work: impl FnOnce()) -> u64 {
        fence(Ordering::SeqCst);
        let start = self.clock.raw();
        fence(Ordering::SeqCst);
        work();
        fence(Ordering::SeqCst);
        let end = self.clock.raw();
        fence(Ordering::SeqCst);
        end.saturating_sub(start).saturating_sub(self.empty)
    }

    /// Ticks in a microsecond.
    pub fn ticks_per_microsecond(&self) -> f64 {
        const TICKS: u64 = 1 << 32;
        let nanoseconds = self.clock.delta_as_nanos(0, TICKS);
        TICKS as f64 * 1_000.0 / nanoseconds as f64
    }
}
