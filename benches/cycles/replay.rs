//! The replay window: look, and mark what is new.

use kurdistan::guard::Sound;
use kurdistan::secure::ReplayRing;
use kurdistan::vocab::ReplayPolicy;

use crate::measure::Case;

/// In which order envelopes come.
#[derive(Clone, Copy)]
pub enum Order {
    Rising,
    /// The second of each pair before the first.
    Swapped,
    /// Each envelope has been marked before.
    Again,
}

/// The window of the library against one of 64 bits in two integers.
pub struct Replay {
    order: Order,
    width: u16,
    ring: ReplayRing,
    bitmap: Bitmap,
    sequences: Vec<u64>,
    fresh: u64,
}

impl Replay {
    pub fn new(order: Order, width: u16) -> Self {
        let (ring, bitmap) = (ReplayRing::EMPTY, Bitmap::default());
        let mut case = Self { order, width, ring, bitmap, sequences: Vec::new(), fresh: 0 };
        // More than one turn of the ring, so that it holds what has left the window.
        case.catch_up(4_095);
        case
    }

    /// Marks everything up to `last`.
    fn catch_up(&mut self, last: u64) {
        (self.ring.highest() + 1..=last).for_each(|sequence| self.ring.commit(sequence));
        (self.bitmap.highest + 1..=last).for_each(|sequence| self.bitmap.commit(sequence));
    }
}

impl Case for Replay {
    /// The ring and the bitmap take turns: the one that waited catches up to the other.
    fn prepare(&mut self, operations: usize) {
        self.catch_up((self.ring.highest() | 1).max(self.bitmap.highest | 1));
        let first = self.ring.highest() + 1;
        let order = self.order;
        self.sequences.clear();
        self.sequences.extend((first..first + operations as u64).map(|sequence| match order {
            Order::Rising => sequence,
            Order::Swapped => sequence ^ 1,
            Order::Again => first - 1 - sequence % 16,
        }));
    }

    #[inline]
    fn operate(&mut self, index: usize) {
        let sequence = self.sequences[index];
        if self.ring.peek(ReplayPolicy::WindowedReplay, self.width, sequence, &Sound).is_ok() {
            self.ring.commit(sequence);
            self.fresh += 1;
        }
    }

    #[inline]
    fn limit(&mut self, index: usize) {
        let sequence = self.sequences[index];
        if self.bitmap.is_fresh(sequence) {
            self.bitmap.commit(sequence);
            self.fresh += 1;
        }
    }
}

/// The 64 sequences up to the highest.
#[derive(Default)]
struct Bitmap {
    highest: u64,
    bits: u64,
}

impl Bitmap {
    #[inline]
    fn is_fresh(&self, sequence: u64) -> bool {
        if sequence > self.highest {
            return true;
        }
        let back = self.highest - sequence;
        back < 64 && (self.bits >> back) & 1 == 0
    }

    #[inline]
    fn commit(&mut self, sequence: u64) {
        if sequence > self.highest {
            let ahead = sequence - self.highest;
            self.bits = if ahead < 64 { self.bits << ahead | 1 } else { 1 };
            self.highest = sequence;
        } else {
            self.bits |= 1 << (self.highest - sequence);
        }
    }
}
