//! A link that cuts the tails of frames off.

use super::chance::Chance;
use super::ends::Ends;
use super::faults::count;
use super::{Link, LinkFrame, LinkRecord, LinkRefusal};
use crate::vocab::{Role, Ticks};

/// Keeps this device's chance apart from that of the others with the same seed.
const OWN_CHANCE: u64 = u64::from_le_bytes(*b"truncate");

/// A wrapper around a link: some frames lose one to all of their bytes at the end, when they would be delivered.
///
/// Which frames and how many bytes follows from the seed, the direction and the frame's place in it alone. It holds no frame.
#[derive(Debug)]
pub struct Truncating<L> {
    link: L,
    seed: u64,
    ends: Ends<Cut>,
}

/// One direction.
#[derive(Debug)]
struct Cut {
    one_in: u32,
    truncated: u32,
    /// Frames that were chosen for: the place of the next one.
    place: u64,
    /// Bytes that the next frame loses, once that is chosen.
    lost: Option<u32>,
}

impl Cut {
    const fn new(one_in: u32) -> Self {
        Self { one_in, truncated: 0, place: 0, lost: None }
    }

    /// Chooses for the next frame, once; what it loses.
    fn settle<L: Link>(&mut self, link: &mut L, seed: u64, to: Role) -> Option<u32> {
        if self.lost.is_none() {
            let length = u32::try_from(link.front(to)?.bytes.len()).unwrap_or(u32::MAX);
            let mut chance = Chance::of(seed ^ OWN_CHANCE, to, self.place);
            let cut = chance.one_in(self.one_in);
            let lost = chance.below(length).saturating_add(1);
            self.place = self.place.wrapping_add(1);
            if cut {
                count(&mut self.truncated);
            }
            self.lost = Some(if cut { lost } else { 0 });
        }
        self.lost
    }
}

impl<L: Link> Truncating<L> {
    /// `link` with one frame in `one_in` cut short in both directions; 0 is never, 1 is always.
    #[must_use]
    pub const fn new(link: L, seed: u64, one_in: u32) -> Self {
        Self { link, seed, ends: Ends::new(Cut::new(one_in), Cut::new(one_in)) }
    }

    /// Another rate for the frames to `to`, from the next one that has not been looked at.
    pub const fn set_rate(&mut self, to: Role, one_in: u32) {
        self.ends.of_mut(to).one_in = one_in;
    }

    /// Frames to `to` that were cut short. The counter saturates.
    #[must_use]
    pub const fn truncated(&self, to: Role) -> u32 {
        self.ends.of(to).truncated
    }

    /// The link inside.
    #[must_use]
    pub const fn link(&self) -> &L {
        &self.link
    }

    /// The link inside, to set it say. Frames leave through the wrapper only.
    #[must_use]
    pub const fn link_mut(&mut self) -> &mut L {
        &mut self.link
    }
}

impl<L: Link> Link for Truncating<L> {
    const FRAME_BYTES_MAX: usize = L::FRAME_BYTES_MAX;

    fn send(&mut self, from: Role, frame: &[u8]) -> Result<LinkRecord, LinkRefusal> {
        self.link.send(from, frame)
    }

    fn front(&mut self, to: Role) -> Option<LinkFrame<'_>> {
        let lost = self.ends.of_mut(to).settle(&mut self.link, self.seed, to)?;
        let LinkFrame { record, bytes } = self.link.front(to)?;
        let left = bytes.len().saturating_sub(usize::try_from(lost).unwrap_or(usize::MAX));
        Some(LinkFrame { record, bytes: bytes.get(..left).unwrap_or(&[]) })
    }

    fn pop(&mut self, to: Role) -> bool {
        let cut = self.ends.of_mut(to);
        if cut.settle(&mut self.link, self.seed, to).is_none() {
            return false;
        }
        cut.lost = None;
        self.link.pop(to)
    }

    /// Counts and the course of chance stay.
    fn clear(&mut self) {
        for role in Role::ALL {
            self.ends.of_mut(*role).lost = None;
        }
        self.link.clear();
    }

    fn advance(&mut self, now: Ticks) {
        self.link.advance(now);
    }

    fn next_deadline(&self) -> Option<Ticks> {
        self.link.next_deadline()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::super::{MemoryLink, sample};
    use super::*;
    use crate::guard::Sound;
    use crate::wire::{FrameLimits, decode};
    use std::format;
    use std::vec::Vec;

    type Small = MemoryLink<{ sample::BYTES_MAX }, 8>;
    type Wire = Truncating<Small>;

    fn wire(seed: u64, one_in: u32) -> Wire {
        Wire::new(Small::EMPTY, seed, one_in)
    }

    /// Bytes that each frame of a run has lost.
    fn losses(wire: &mut Wire, count: u64) -> Vec<usize> {
        let delivered = sample::run(wire, 1..=count);
        assert_eq!(delivered.len() as u64, count);
        let lost = delivered.iter().zip(1..).map(|((sequence, bytes), expected)| {
            assert_eq!(*sequence, expected, "the record and the order stay");
            assert!(sample::sent(expected).starts_with(bytes), "only the tail is missing");
            sample::sent(expected).len() - bytes.len()
        });
        lost.collect()
    }

    #[test]
    fn frames_lose_one_to_all_of_their_bytes_and_the_receiver_finds_it() {
        let (mut wire, mut whole, mut one) = (wire(1, 1), 0, 0);
        for sequence in 1..=20_000 {
            wire.send(Role::Client, &sample::sent(sequence)).unwrap();
            let bytes = wire.front(Role::Server).unwrap().bytes;
            assert!(decode(bytes, &FrameLimits::WIDEST, &Sound).is_err());
            let lost = sample::sent(sequence).len() - bytes.len();
            assert_ne!(lost, 0);
            (whole, one) = (whole + u32::from(bytes.is_empty()), one + u32::from(lost == 1));
            wire.pop(Role::Server);
        }
        assert!(whole > 100 && one > 100, "all bytes {whole} times, one byte {one} times");
        assert_eq!((wire.truncated(Role::Server), wire.truncated(Role::Client)), (20_000, 0));
    }

    #[test]
    fn about_one_frame_in_n_is_cut_and_each_is_counted() {
        let mut wire = wire(2, 100);
        let cut = losses(&mut wire, 100_000).iter().filter(|lost| **lost != 0).count();
        assert_eq!(cut as u32, wire.truncated(Role::Server));
        assert!((880..=1_120).contains(&cut), "{cut}");
        assert!(losses(&mut Wire::new(Small::EMPTY, 2, 0), 1_000).iter().all(|lost| *lost == 0));
    }

    #[test]
    fn the_choices_are_frozen_and_a_rate_moves_no_length() {
        assert_eq!(losses(&mut wire(0, 4), 16), FROZEN);
        let (all, some) = (losses(&mut wire(3, 1), 500), losses(&mut wire(3, 3), 500));
        assert!(all.iter().zip(&some).all(|(all, some)| *some == 0 || all == some));
        assert_ne!(all, losses(&mut wire(4, 1), 500), "another seed, other lengths");
    }

    const FROZEN: [usize; 16] = [0, 0, 0, 0, 33, 24, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0];

    #[test]
    fn the_front_stays_until_it_is_popped_and_directions_are_their_own() {
        let (mut looked, mut blind) = (wire(5, 2), wire(5, 2));
        for sequence in 1..=400 {
            for wire in [&mut looked, &mut blind] {
                wire.send(Role::Client, &sample::sent(sequence)).unwrap();
            }
            blind.send(Role::Server, &sample::frame(Role::Server, sequence, 3)).unwrap();
            let shown = looked.front(Role::Server).map(|frame| frame.bytes.to_vec());
            assert_eq!(looked.front(Role::Server).map(|frame| frame.bytes.to_vec()), shown);
            assert!(looked.pop(Role::Server) && blind.pop(Role::Server));
            assert!(blind.pop(Role::Client));
            assert!(!looked.pop(Role::Server) && !blind.pop(Role::Server));
        }
        assert_eq!(looked.truncated(Role::Server), blind.truncated(Role::Server));
        assert_ne!(blind.truncated(Role::Client), blind.truncated(Role::Server), "own chance");
        blind.set_rate(Role::Client, 0);
        let cut = blind.truncated(Role::Client);
        blind.send(Role::Server, &sample::frame(Role::Server, 1, 3)).unwrap();
        assert_eq!(blind.front(Role::Client).unwrap().bytes, sample::frame(Role::Server, 1, 3));
        assert_eq!(blind.truncated(Role::Client), cut);
    }

    #[test]
    fn it_passes_refusals_through_is_constant_cleared_and_silent_about_bytes() {
        static PLACE: Wire = Wire::new(Small::EMPTY, 6, 1);
        assert_eq!(PLACE.truncated(Role::Client), 0);
        let mut wires = [wire(6, 1), wire(6, 1)];
        for (wire, byte) in wires.iter_mut().zip([1, 2]) {
            wire.link_mut().pin(Some(8));
            let refusal = LinkRefusal::WrongSession { found: 7, pinned: 8 };
            assert_eq!(wire.send(Role::Client, &sample::sent(1)), Err(refusal));
            wire.link_mut().pin(None);
            let mut frame = sample::frame(Role::Client, 3, 5);
            frame[24..29].fill(byte);
            wire.send(Role::Client, &frame).unwrap();
            assert!(wire.front(Role::Server).is_some());
        }
        assert_eq!(format!("{:?}", wires[0]), format!("{:?}", wires[1]));
        let [wire, _] = &mut wires;
        wire.clear();
        assert!(wire.front(Role::Server).is_none() && !wire.pop(Role::Server));
        assert_eq!((wire.truncated(Role::Server), wire.link().frames(Role::Server)), (1, 0));
    }
}
