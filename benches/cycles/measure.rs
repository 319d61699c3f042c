//! How an operation is measured beside its limit.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::counter::Counter;

/// An operation and the least that anyone could do for the same result.
pub trait Case {
    /// Most operations after one [`prepare`](Self::prepare).
    const BATCH_MAX: usize = 4_096;

    /// Whether [`part`](Self::part) is taken off the operation: for a step that no call performs alone.
    const HAS_PART: bool = false;

    /// Makes ready, outside of the measured time, for so many operations from index 0.
    fn prepare(&mut self, _operations: usize) {}

    fn operate(&mut self, index: usize);

    fn part(&mut self, _index: usize) {}

    fn limit(&mut self, index: usize);
}

/// Ticks for one operation, as medians over all batches.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// In a batch of operations, one after the other.
    pub cycles: f64,
    /// One operation between two fences.
    pub alone: f64,
    /// The limit, in a batch.
    pub limit: f64,
}

impl Figures {
    /// The figures of the quieter moment: a neighbour on the same core slows everything down, and never speeds it up.
    pub fn quieter(self, other: Self) -> Self {
        if other.cycles + other.limit < self.cycles + self.limit { other } else { self }
    }

    pub fn ratio(&self) -> f64 {
        // A limit that no tick can tell from nothing is a tenth of one.
        self.cycles / self.limit.max(0.1)
    }
}

/// Long enough that the fences do not count, short enough that most batches see no interrupt.
const BATCH_TICKS: f64 = 30_000.0;
const ROUNDS_MIN: usize = 25;
const ROUNDS_MAX: usize = 20_001;
const ALONE_ROUNDS: usize = 201;
const BUDGET: Duration = Duration::from_millis(100);

/// Runs batches of the operation, of its part and of its limit in turn, so that what disturbs the machine disturbs all
/// alike.
pub fn measure<C: Case>(counter: &Counter, case: &mut C) -> Figures {
    let size = batch_size(counter, case, C::operate);
    let limit_size = batch_size(counter, case, C::limit);
    let (mut cycles, mut limits) = (Vec::new(), Vec::new());
    let start = Instant::now();
    while cycles.len() < ROUNDS_MIN || (cycles.len() < ROUNDS_MAX && start.elapsed() < BUDGET) {
        let whole = batch(counter, case, size, C::operate);
        let part = if C::HAS_PART { batch(counter, case, size, C::part) } else { 0.0 };
        cycles.push(whole - part);
        limits.push(batch(counter, case, limit_size, C::limit));
    }
    let alone = |case: &mut C, work: fn(&mut C, usize)| {
        midmean((0..ALONE_ROUNDS).map(|_| batch(counter, case, 1, work)).collect())
    };
    let whole = alone(case, C::operate);
    let part = if C::HAS_PART { alone(case, C::part) } else { 0.0 };
    Figures { cycles: median(cycles), alone: whole - part, limit: median(limits) }
}

/// Runs everything once, unmeasured.
pub fn try_once<C: Case>(case: &mut C) {
    for work in [C::operate, C::part, C::limit] {
        case.prepare(1);
        work(case, 0);
    }
}

/// Ticks for one of `size` operations after a preparation.
#[inline]
fn batch<C: Case>(counter: &Counter, case: &mut C, size: usize, work: impl Fn(&mut C, usize)) -> f64 {
    case.prepare(size);
    // What a case was made with is not for the optimiser to know.
    let case = black_box(case);
    let ticks = counter.time(|| (0..size).for_each(|index| work(case, index)));
    ticks as f64 / size as f64
}

fn batch_size<C: Case>(counter: &Counter, case: &mut C, work: impl Fn(&mut C, usize)) -> usize {
    let mut size = 1;
    while size < C::BATCH_MAX && batch(counter, case, size, &work) * size as f64 <= BATCH_TICKS / 2.0 {
        size = (size * 2).min(C::BATCH_MAX);
    }
    size
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_unstable_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// The mean of the middle half: a median where the counter moves in steps that are longer than what is measured.
fn midmean(mut samples: Vec<f64>) -> f64 {
    samples.sort_unstable_by(f64::total_cmp);
    let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
    middle.iter().sum::<f64>() / middle.len() as f64
}
