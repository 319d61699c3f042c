//! A link that takes time.

use heapless::Deque;

use super::ends::Ends;
use super::faults::count;
use super::frame::Held;
use super::{Link, LinkFrame, LinkRecord, LinkRefusal};
use crate::vocab::{Role, Ticks};

/// A wrapper around a link: every frame is held for so many ticks, and the order stays.
///
/// A frame's time begins when it is sent. Up to `DEPTH` frames of up to `FRAME` bytes are held in each direction; when they
/// are that many, the next ones stay in the link inside, and their time begins when there is room. The wrapper learns of time
/// by [`advance`](Link::advance), which is to be called at [`next_deadline`](Link::next_deadline) and at least once in 2^31
/// ticks.
///
/// Devices that reorder belong around this one: it takes what the link inside has, at once.
#[derive(Debug)]
pub struct Delaying<L, const FRAME: usize, const DEPTH: usize> {
    link: L,
    now: Ticks,
    ends: Ends<Queue<FRAME, DEPTH>>,
}

/// One direction.
#[derive(Debug)]
struct Queue<const FRAME: usize, const DEPTH: usize> {
    ticks: u32,
    delayed: u32,
    frames: Deque<Waiting<FRAME>, DEPTH>,
    /// The first so many frames have waited long enough.
    due: usize,
}

#[derive(Debug)]
struct Waiting<const FRAME: usize> {
    frame: Held<FRAME>,
    until: Ticks,
}

impl<const FRAME: usize, const DEPTH: usize> Queue<FRAME, DEPTH> {
    const fn new(ticks: u32) -> Self {
        Self { ticks, delayed: 0, frames: Deque::new(), due: 0 }
    }

    /// Takes up what the link has, and notes what has waited long enough.
    fn settle<L: Link>(&mut self, link: &mut L, to: Role, now: Ticks) {
        while !self.frames.is_full() {
            let Some(LinkFrame { record, bytes }) = link.front(to) else { break };
            let until = now.plus(self.ticks);
            let held = Held::copy_of(record, bytes).map(|frame| Waiting { frame, until });
            if held.is_some_and(|waiting| self.frames.push_back(waiting).is_ok()) && self.ticks != 0 {
                count(&mut self.delayed);
            }
            link.pop(to);
        }
        while self.frames.get(self.due).is_some_and(|waiting| now.reached(waiting.until)) {
            self.due = self.due.saturating_add(1);
        }
    }

    fn clear(&mut self) {
        self.frames.clear();
        self.due = 0;
    }
}

impl<L: Link, const FRAME: usize, const DEPTH: usize> Delaying<L, FRAME, DEPTH> {
    /// The longest delay, in ticks: half of the counter, beyond which times cannot be compared.
    pub const TICKS_MAX: u32 = (1 << 31) - 1;

    /// `link` with frames held for `ticks` in both directions, at most [`TICKS_MAX`](Self::TICKS_MAX). The clock stands at
    /// `now`.
    #[must_use]
    pub const fn new(link: L, now: Ticks, ticks: u32) -> Self {
        const {
            assert!(FRAME >= L::FRAME_BYTES_MAX, "room for the longest frame of the link");
            assert!(DEPTH > 0, "a link without depth carries nothing");
        }
        let ticks = Self::bounded(ticks);
        Self { link, now, ends: Ends::new(Queue::new(ticks), Queue::new(ticks)) }
    }

    /// Another delay for the frames to `to`, for those that are not held yet. The order stays: a frame also waits for those
    /// before it.
    pub const fn set_delay(&mut self, to: Role, ticks: u32) {
        self.ends.of_mut(to).ticks = Self::bounded(ticks);
    }

    /// Frames to `to` that had to wait. The counter saturates.
    #[must_use]
    pub const fn delayed(&self, to: Role) -> u32 {
        self.ends.of(to).delayed
    }

    /// The link inside. Frames that are held have left it.
    #[must_use]
    pub const fn link(&self) -> &L {
        &self.link
    }

    /// The link inside, to pin a session say. Frames leave through the wrapper only.
    #[must_use]
    pub const fn link_mut(&mut self) -> &mut L {
        &mut self.link
    }

    const fn bounded(ticks: u32) -> u32 {
        if ticks > Self::TICKS_MAX { Self::TICKS_MAX } else { ticks }
    }

    fn settle(&mut self, to: Role) -> &mut Queue<FRAME, DEPTH> {
        let queue = self.ends.of_mut(to);
        queue.settle(&mut self.link, to, self.now);
        queue
    }
}

impl<L: Link, const FRAME: usize, const DEPTH: usize> Link for Delaying<L, FRAME, DEPTH> {
    const FRAME_BYTES_MAX: usize = L::FRAME_BYTES_MAX;

    fn send(&mut self, from: Role, frame: &[u8]) -> Result<LinkRecord, LinkRefusal> {
        let record = self.link.send(from, frame)?;
        self.settle(from.peer());
        Ok(record)
    }

    fn front(&mut self, to: Role) -> Option<LinkFrame<'_>> {
        let queue = self.settle(to);
        queue.frames.front().filter(|_| queue.due != 0).map(|waiting| waiting.frame.lend())
    }

    fn pop(&mut self, to: Role) -> bool {
        let queue = self.settle(to);
        if queue.due == 0 {
            return false;
        }
        queue.due = queue.due.saturating_sub(1);
        let popped = queue.frames.pop_front().is_some();
        self.settle(to);
        popped
    }

    /// Counts stay.
    fn clear(&mut self) {
        for role in Role::ALL {
            self.ends.of_mut(*role).clear();
        }
        self.link.clear();
    }

    /// Time that runs backwards does not pass.
    fn advance(&mut self, now: Ticks) {
        self.link.advance(now);
        self.now = self.now.later(now);
        for role in Role::ALL {
            self.settle(*role);
        }
    }

    fn next_deadline(&self) -> Option<Ticks> {
        let next = |to| self.ends.of(to);
        let waiting = Role::ALL.iter().filter_map(|role| next(*role).frames.get(next(*role).due));
        let own = waiting.map(|waiting| waiting.until);
        own.chain(self.link.next_deadline()).reduce(Ticks::earlier)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::super::{Faults, Faulty, Injecting, MemoryLink, Reflecting, Truncating, sample};
    use super::*;
    use std::format;
    use std::vec::Vec;

    type Small = MemoryLink<{ sample::BYTES_MAX }, 2>;
    type Wire = Delaying<Small, { sample::BYTES_MAX }, 4>;

    /// The clock is about to wrap.
    const START: Ticks = Ticks(u32::MAX - 5);

    fn wire(ticks: u32) -> Wire {
        Wire::new(Small::EMPTY, START, ticks)
    }

    #[test]
    fn a_frame_is_held_to_its_tick_and_not_longer() {
        let mut wire = wire(10);
        for (sequence, sent_at) in [(1, 0), (2, 4), (3, 4), (4, 9)] {
            wire.advance(START.plus(sent_at));
            wire.send(Role::Client, &sample::sent(sequence)).unwrap();
        }
        let mut arrived = Vec::new();
        for passed in 9..30 {
            wire.advance(START.plus(passed));
            for (sequence, bytes) in sample::drain(&mut wire, Role::Server) {
                assert_eq!(bytes, sample::sent(sequence)[..]);
                arrived.push((sequence, passed));
            }
            let next = [(10, 10), (14, 14), (19, 19)].iter().find(|(until, _)| passed < *until);
            assert_eq!(wire.next_deadline(), next.map(|(_, tick)| START.plus(*tick)), "after {passed}");
        }
        assert_eq!(arrived, [(1, 10), (2, 14), (3, 14), (4, 19)]);
        assert_eq!((wire.delayed(Role::Server), wire.delayed(Role::Client)), (4, 0));
    }

    #[test]
    fn time_that_runs_backwards_does_not_pass_and_what_is_due_stays_due() {
        let mut wire = wire(3);
        wire.send(Role::Client, &sample::sent(1)).unwrap();
        wire.advance(START.plus(2));
        wire.advance(START.plus(0));
        wire.send(Role::Client, &sample::sent(2)).unwrap();
        assert_eq!(wire.front(Role::Server).map(|frame| frame.record), None);
        assert_eq!(wire.next_deadline(), Some(START.plus(3)));
        wire.advance(START.plus(3));
        wire.advance(START.plus(1));
        assert!(wire.front(Role::Server).is_some());
        assert_eq!(wire.next_deadline(), Some(START.plus(5)), "the second was sent at 2");
        wire.advance(START.plus(5));
        for turns in 1..4_u32 {
            wire.advance(START.plus(turns << 30));
            assert!(wire.front(Role::Server).is_some());
        }
        assert_eq!(wire.next_deadline(), None);
    }

    #[test]
    fn without_delay_it_is_the_link_itself_with_more_room() {
        let mut wire = wire(0);
        assert_eq!(sample::run(&mut wire, 1..=6), sample::run(&mut { MemoryLink::<128, 8>::EMPTY }, 1..=6));
        assert_eq!((wire.delayed(Role::Server), wire.next_deadline()), (0, None));
    }

    #[test]
    fn what_finds_no_room_waits_in_the_link_and_then_its_time_begins() {
        let mut wire = wire(10);
        for sequence in 1..=6 {
            wire.send(Role::Client, &sample::sent(sequence)).unwrap();
        }
        let late = sample::sent(7);
        let pressure = LinkRefusal::Pressure { needed: late.len() as u32, free: 0 };
        assert_eq!(wire.send(Role::Client, &late), Err(pressure));
        assert_eq!(wire.link().frames(Role::Server), 2);
        wire.advance(START.plus(10));
        assert_eq!(sample::drain(&mut wire, Role::Server).len(), 4);
        assert_eq!(wire.next_deadline(), Some(START.plus(20)));
        wire.advance(START.plus(20));
        assert_eq!(sample::drain(&mut wire, Role::Server).len(), 2);
    }

    #[test]
    fn directions_have_their_own_delays_and_a_shorter_one_overtakes_nothing() {
        let mut wire = wire(10);
        wire.set_delay(Role::Client, u32::MAX);
        wire.send(Role::Server, &sample::frame(Role::Server, 1, 0)).unwrap();
        assert_eq!(wire.next_deadline(), Some(START.plus(Wire::TICKS_MAX)));
        wire.send(Role::Client, &sample::sent(1)).unwrap();
        wire.set_delay(Role::Server, 2);
        wire.send(Role::Client, &sample::sent(2)).unwrap();
        wire.advance(START.plus(9));
        assert_eq!(wire.front(Role::Server).map(|frame| frame.record), None);
        assert_eq!(wire.next_deadline(), Some(START.plus(10)));
        wire.advance(START.plus(10));
        let order: Vec<u64> = sample::drain(&mut wire, Role::Server).iter().map(|frame| frame.0).collect();
        assert_eq!(order, [1, 2]);
        wire.advance(START.plus(Wire::TICKS_MAX - 1));
        assert_eq!(wire.front(Role::Client), None);
        wire.advance(START.plus(Wire::TICKS_MAX));
        assert!(wire.front(Role::Client).is_some());
    }

    #[test]
    fn wrappers_around_it_pass_time_on() {
        const FRAME: usize = sample::BYTES_MAX;
        let faulty = Faulty::<_, FRAME>::new(wire(10), 1, Faults::NONE);
        let hostile = Injecting::<_, FRAME>::new(Truncating::new(faulty, 1, 0), 1, 0);
        let outer = Reflecting::<_, FRAME>::new(hostile, 1, 0);
        let mut link = Delaying::<_, FRAME, 2>::new(outer, START, 5);
        link.send(Role::Client, &sample::sent(1)).unwrap();
        assert_eq!(link.next_deadline(), Some(START.plus(10)));
        link.advance(START.plus(10));
        assert_eq!(link.front(Role::Server).map(|frame| frame.record), None);
        assert_eq!(link.next_deadline(), Some(START.plus(15)));
        link.advance(START.plus(15));
        assert_eq!(sample::drain(&mut link, Role::Server), [(1, sample::sent(1).to_vec())]);
        assert_eq!(link.next_deadline(), None);
    }

    #[test]
    fn it_passes_refusals_through_is_constant_cleared_and_silent_about_bytes() {
        static PLACE: Wire = Wire::new(Small::EMPTY, Ticks(0), 9);
        assert_eq!((PLACE.delayed(Role::Client), PLACE.next_deadline()), (0, None));
        let mut wires = [wire(3), wire(3)];
        for (wire, byte) in wires.iter_mut().zip([1, 2]) {
            wire.link_mut().pin(Some(8));
            let refusal = LinkRefusal::WrongSession { found: 7, pinned: 8 };
            assert_eq!(wire.send(Role::Client, &sample::sent(1)), Err(refusal));
            wire.link_mut().pin(None);
            let mut frame = sample::frame(Role::Client, 3, 5);
            frame[24..29].fill(byte);
            wire.send(Role::Client, &frame).unwrap();
        }
        assert_eq!(format!("{:?}", wires[0]), format!("{:?}", wires[1]));
        let [wire, _] = &mut wires;
        wire.advance(START.plus(3));
        wire.clear();
        assert!(wire.front(Role::Server).is_none() && !wire.pop(Role::Server));
        assert_eq!((wire.delayed(Role::Server), wire.next_deadline()), (1, None));
    }
}
