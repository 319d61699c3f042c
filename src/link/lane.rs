//! One direction of a faulty link, between the link and the receiver.

use super::chance::Chance;
use super::faults::count;
use super::frame::Held;
use super::{FaultCounts, Faults, Link, LinkFrame};
use crate::vocab::Role;

/// What lies between a link and the receiver `to`.
#[derive(Debug)]
pub(super) struct Lane<const FRAME: usize> {
    to: Role,
    seed: u64,
    pub(super) faults: Faults,
    pub(super) counts: FaultCounts,
    /// Frames taken from the link: the place of the next one.
    taken: u64,
    next: Next,
    /// Deliveries of the next frame that are left.
    deliveries: u8,
    damaged: Option<Held<FRAME>>,
    late: Option<Late<FRAME>>,
}

/// Which frame is delivered next. It was chosen once and stays until it is popped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Unknown,
    /// The link's own, as it is.
    Whole,
    /// The changed copy of one that has left the link.
    Damaged,
    /// The one that was held back.
    Late,
}

/// A frame that was held back.
#[derive(Debug)]
struct Late<const FRAME: usize> {
    frame: Held<FRAME>,
    deliveries: u8,
    /// Frames that are still to overtake it.
    wait: u32,
    overtaken: bool,
}

impl<const FRAME: usize> Lane<FRAME> {
    pub(super) const fn new(to: Role, seed: u64, faults: Faults) -> Self {
        Self {
            to,
            seed,
            faults,
            counts: FaultCounts::ZERO,
            taken: 0,
            next: Next::Unknown,
            deliveries: 0,
            damaged: None,
            late: None,
        }
    }

    pub(super) fn front<'l, L: Link>(&'l mut self, link: &'l mut L) -> Option<LinkFrame<'l>> {
        self.settle(link);
        match self.next {
            Next::Unknown => None,
            Next::Whole => link.front(self.to),
            Next::Damaged => self.damaged.as_ref().map(Held::lend),
            Next::Late => self.late.as_ref().map(|late| late.frame.lend()),
        }
    }

    pub(super) fn pop<L: Link>(&mut self, link: &mut L) -> bool {
        self.settle(link);
        if self.next == Next::Unknown {
            return false;
        }
        self.deliveries = self.deliveries.saturating_sub(1);
        if self.deliveries == 0 {
            self.retire(link);
        }
        true
    }

    /// Forgets the frames, not the counts.
    pub(super) fn clear(&mut self) {
        self.next = Next::Unknown;
        self.damaged = None;
        self.late = None;
    }

    /// Chooses the next frame, unless there is none. Every turn chooses or takes one frame off the link.
    fn settle<L: Link>(&mut self, link: &mut L) {
        while self.next == Next::Unknown {
            let due = self.late.as_ref().is_some_and(|late| late.wait == 0);
            if !due && self.take(link) {
                continue;
            }
            let Some(late) = &self.late else {
                return;
            };
            (self.next, self.deliveries) = (Next::Late, late.deliveries);
        }
    }

    /// Takes the link's next frame and lets its faults happen; `false` when there is none.
    fn take<L: Link>(&mut self, link: &mut L) -> bool {
        let Some(frame) = link.front(self.to) else {
            return false;
        };
        let mut chance = Chance::of(self.seed, self.to, self.taken);
        let fate = self.faults.fate(&mut chance);
        self.taken = self.taken.wrapping_add(1);
        count(&mut self.counts.frames);
        if fate.drop {
            count(&mut self.counts.dropped);
            link.pop(self.to);
            return true;
        }
        let deliveries = if fate.duplicate { 2 } else { 1 };
        if fate.duplicate {
            count(&mut self.counts.duplicated);
        }
        let late = fate.late && self.late.is_none();
        let copy = if fate.corrupt || late { Held::copy_of(frame.record, frame.bytes) } else { None };
        let Some(mut copy) = copy else {
            (self.next, self.deliveries) = (Next::Whole, deliveries);
            return true;
        };
        if fate.corrupt {
            count(&mut self.counts.corrupted);
            corrupt(&mut copy.bytes, frame.bytes, &mut chance);
        }
        link.pop(self.to);
        if late {
            self.late = Some(Late { frame: copy, deliveries, wait: fate.overtaken, overtaken: false });
        } else {
            self.damaged = Some(copy);
            (self.next, self.deliveries) = (Next::Damaged, deliveries);
        }
        true
    }

    /// The next frame has been delivered as often as it is.
    fn retire<L: Link>(&mut self, link: &mut L) {
        match self.next {
            Next::Unknown => {}
            Next::Whole => {
                link.pop(self.to);
            }
            Next::Damaged => self.damaged = None,
            Next::Late => {
                if self.late.take().is_some_and(|late| late.overtaken) {
                    count(&mut self.counts.reordered);
                }
            }
        }
        if let Some(late) = &mut self.late {
            late.wait = late.wait.saturating_sub(1);
            late.overtaken = true;
        }
        self.next = Next::Unknown;
    }
}

/// Changes a copy: one byte, or a few bits. A bit that is chosen twice stays flipped, so the copy always differs.
fn corrupt(copy: &mut [u8], original: &[u8], chance: &mut Chance) {
    let length = u32::try_from(original.len()).unwrap_or(u32::MAX);
    let mut change = |place: u32, mask: u8| {
        let place = usize::try_from(place).unwrap_or(0);
        if let (Some(to), Some(from)) = (copy.get_mut(place), original.get(place)) {
            *to = (*to & !mask) | (!*from & mask);
        }
    };
    if chance.one_in(2) {
        let mask = chance.below(255).saturating_add(1);
        change(chance.below(length), u8::try_from(mask).unwrap_or(1));
        return;
    }
    for _ in 0..=chance.below(Faults::FLIPS_MAX) {
        let mask = 1_u8.unbounded_shl(chance.below(8));
        change(chance.below(length), mask);
    }
}
