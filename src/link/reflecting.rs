//! A link that brings frames back to their sender.

use super::aside::{Aside, Next};
use super::chance::Chance;
use super::ends::Ends;
use super::faults::count;
use super::frame::Held;
use super::{Link, LinkFrame, LinkRecord, LinkRefusal};
use crate::vocab::{Role, Ticks};

/// Keeps this device's chance apart from that of the others with the same seed.
const OWN_CHANCE: u64 = u64::from_le_bytes(*b"reflect\0");

/// A wrapper around a link: some frames are also delivered to the side that has sent them, as they were sent, and before what
/// the link brings it. Only what the link has taken is reflected.
///
/// Which frames follows from the seed, the direction and the frame's place in it alone. One reflected frame of each side waits
/// at a time; while it does, no other is reflected.
#[derive(Debug)]
pub struct Reflecting<L, const FRAME: usize> {
    link: L,
    seed: u64,
    /// By the side that gets its own frames.
    ends: Ends<Mirror<FRAME>>,
}

/// One side's own frames.
#[derive(Debug)]
struct Mirror<const FRAME: usize> {
    one_in: u32,
    reflected: u32,
    /// Frames that the link has taken from this side: the place of the next one.
    place: u64,
    aside: Aside<FRAME>,
}

impl<const FRAME: usize> Mirror<FRAME> {
    const fn new(one_in: u32) -> Self {
        Self { one_in, reflected: 0, place: 0, aside: Aside::EMPTY }
    }
}

impl<L: Link, const FRAME: usize> Reflecting<L, FRAME> {
    /// `link` with one frame in `one_in` reflected to both sides; 0 is never, 1 is always.
    #[must_use]
    pub const fn new(link: L, seed: u64, one_in: u32) -> Self {
        const { assert!(FRAME >= L::FRAME_BYTES_MAX, "room for the longest frame of the link") };
        Self { link, seed, ends: Ends::new(Mirror::new(one_in), Mirror::new(one_in)) }
    }

    /// Another rate for the frames that come back to `to`, from the next one that it sends.
    pub const fn set_rate(&mut self, to: Role, one_in: u32) {
        self.ends.of_mut(to).one_in = one_in;
    }

    /// Frames that were reflected to `to`. The counter saturates.
    #[must_use]
    pub const fn reflected(&self, to: Role) -> u32 {
        self.ends.of(to).reflected
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

impl<L: Link, const FRAME: usize> Link for Reflecting<L, FRAME> {
    const FRAME_BYTES_MAX: usize = L::FRAME_BYTES_MAX;

    fn send(&mut self, from: Role, frame: &[u8]) -> Result<LinkRecord, LinkRefusal> {
        let record = self.link.send(from, frame)?;
        let mirror = self.ends.of_mut(from);
        let mut chance = Chance::of(self.seed ^ OWN_CHANCE, from, mirror.place);
        mirror.place = mirror.place.wrapping_add(1);
        if chance.one_in(mirror.one_in)
            && mirror.aside.is_free()
            && let Some(copy) = Held::copy_of(record, frame)
        {
            mirror.aside.put(copy);
            count(&mut mirror.reflected);
        }
        Ok(record)
    }

    fn front(&mut self, to: Role) -> Option<LinkFrame<'_>> {
        self.ends.of_mut(to).aside.front(&mut self.link, to)
    }

    fn pop(&mut self, to: Role) -> bool {
        self.ends.of_mut(to).aside.pop(&mut self.link, to) != Next::Unknown
    }

    /// Counts and the course of chance stay.
    fn clear(&mut self) {
        for role in Role::ALL {
            self.ends.of_mut(*role).aside.clear();
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
    use crate::vocab::FrameReject;
    use crate::wire::{FrameLimits, decode};
    use std::format;
    use std::vec::Vec;

    type Small = MemoryLink<{ sample::BYTES_MAX }, 8>;
    type Wire = Reflecting<Small, { sample::BYTES_MAX }>;

    fn wire(seed: u64, one_in: u32) -> Wire {
        Wire::new(Small::EMPTY, seed, one_in)
    }

    /// The client sends so many frames and takes what comes back after each: their sequences.
    fn reflections(wire: &mut Wire, count: u64) -> Vec<u64> {
        let mut back = Vec::new();
        for sequence in 1..=count {
            wire.send(Role::Client, &sample::sent(sequence)).unwrap();
            back.extend(sample::drain(wire, Role::Client).into_iter().map(|(sequence, bytes)| {
                assert_eq!(bytes, sample::sent(sequence)[..]);
                sequence
            }));
            assert_eq!(sample::drain(wire, Role::Server), [(sequence, sample::sent(sequence).to_vec())]);
        }
        back
    }

    #[test]
    fn a_frame_comes_back_to_its_sender_who_refuses_it_and_the_peer_gets_it_too() {
        let mut wire = wire(1, 1);
        for role in [Role::Client, Role::Server] {
            let frame = sample::frame(role, 5, 9);
            let record = wire.send(role, &frame).unwrap();
            assert_eq!(wire.front(role), Some(LinkFrame { record, bytes: &frame }));
            let limits = FrameLimits { direction: Some(role.receives()), ..FrameLimits::WIDEST };
            let refused = decode(wire.front(role).unwrap().bytes, &limits, &Sound).map(|_| ());
            assert_eq!(refused, Err(FrameReject::WrongDirection));
            assert!(wire.pop(role) && !wire.pop(role));
            assert_eq!(wire.front(role.peer()), Some(LinkFrame { record, bytes: &frame }));
            assert!(wire.pop(role.peer()) && !wire.pop(role.peer()));
            assert_eq!(wire.reflected(role), 1);
        }
    }

    #[test]
    fn about_one_frame_in_n_comes_back_and_the_choices_are_frozen() {
        assert_eq!(reflections(&mut wire(0, 4), 24), FROZEN);
        let mut wire = wire(2, 100);
        let back = reflections(&mut wire, 100_000);
        assert!((880..=1_120).contains(&back.len()), "{}", back.len());
        assert_eq!((wire.reflected(Role::Client) as usize, wire.reflected(Role::Server)), (back.len(), 0));
        assert!(reflections(&mut Wire::new(Small::EMPTY, 2, 0), 1_000).is_empty());
        assert_ne!(reflections(&mut Wire::new(Small::EMPTY, 3, 100), 100_000), back);
    }

    const FROZEN: [u64; 6] = [4, 5, 8, 9, 11, 24];

    #[test]
    fn one_waits_at_a_time_and_a_frame_that_was_looked_at_stays_next() {
        let mut wire = wire(4, 1);
        wire.send(Role::Server, &sample::frame(Role::Server, 1, 0)).unwrap();
        assert_eq!(wire.front(Role::Client).unwrap().bytes, sample::frame(Role::Server, 1, 0));
        for sequence in 1..=3 {
            wire.send(Role::Client, &sample::sent(sequence)).unwrap();
        }
        let order = sample::drain(&mut wire, Role::Client);
        let expected = [sample::frame(Role::Server, 1, 0), sample::sent(1)];
        assert!(order.iter().map(|(_, bytes)| bytes).eq(expected.iter().map(|frame| &frame[..])));
        assert_eq!(wire.reflected(Role::Client), 1);
        wire.set_rate(Role::Client, 0);
        wire.send(Role::Client, &sample::sent(4)).unwrap();
        assert_eq!(wire.front(Role::Client), None);
    }

    #[test]
    fn it_passes_refusals_through_is_constant_cleared_and_silent_about_bytes() {
        static PLACE: Wire = Wire::new(Small::EMPTY, 6, 1);
        assert_eq!(PLACE.reflected(Role::Client), 0);
        let mut wires = [wire(6, 1), wire(6, 1)];
        for (wire, byte) in wires.iter_mut().zip([1, 2]) {
            wire.link_mut().pin(Some(8));
            let refusal = LinkRefusal::WrongSession { found: 7, pinned: 8 };
            assert_eq!(wire.send(Role::Client, &sample::sent(1)), Err(refusal));
            assert_eq!(wire.front(Role::Client), None, "what the link has not taken is not reflected");
            wire.link_mut().pin(None);
            let mut frame = sample::frame(Role::Client, 3, 5);
            frame[24..29].fill(byte);
            wire.send(Role::Client, &frame).unwrap();
            assert!(wire.front(Role::Client).is_some());
        }
        assert_eq!(format!("{:?}", wires[0]), format!("{:?}", wires[1]));
        let [wire, _] = &mut wires;
        wire.clear();
        assert!(wire.front(Role::Client).is_none() && !wire.pop(Role::Client));
        assert_eq!((wire.reflected(Role::Client), wire.link().frames(Role::Server)), (1, 0));
    }
}
