//! A link with faults.

use super::lane::Lane;
use super::{FaultCounts, Faults, Link, LinkFrame, LinkRecord, LinkRefusal};
use crate::vocab::{Role, Ticks};

/// A wrapper around a link that drops, corrupts, duplicates and reorders frames on their way to the receiver, and never
/// invents one. What the sender sees is the link's own answer: faults happen when a frame would be delivered.
///
/// The faults of a frame are chosen by the seed, the direction and the frame's place in it alone: the same calls see the same
/// faults, and one direction does not change the other. The wrapper is constant, so it can lie in a `static`. Besides the link
/// it holds up to two frames of `FRAME` bytes in each direction, one changed and one held back.
#[derive(Debug)]
pub struct Faulty<L, const FRAME: usize> {
    link: L,
    to_client: Lane<FRAME>,
    to_server: Lane<FRAME>,
}

impl<L: Link, const FRAME: usize> Faulty<L, FRAME> {
    /// `link` with these faults in both directions.
    #[must_use]
    pub const fn new(link: L, seed: u64, faults: Faults) -> Self {
        const { assert!(FRAME >= L::FRAME_BYTES_MAX, "room for the longest frame of the link") };
        Self {
            link,
            to_client: Lane::new(Role::Client, seed, faults),
            to_server: Lane::new(Role::Server, seed, faults),
        }
    }

    /// Other faults for the frames to `to`, from the next one that is taken from the link.
    pub const fn set_faults(&mut self, to: Role, faults: Faults) {
        match to {
            Role::Client => self.to_client.faults = faults,
            Role::Server => self.to_server.faults = faults,
        }
    }

    /// What has been done to the frames to `to`.
    #[must_use]
    pub const fn counts(&self, to: Role) -> FaultCounts {
        match to {
            Role::Client => self.to_client.counts,
            Role::Server => self.to_server.counts,
        }
    }

    /// The link inside. Frames that are held back have left it.
    #[must_use]
    pub const fn link(&self) -> &L {
        &self.link
    }

    /// The link inside, to pin a session say. Frames leave through the wrapper only.
    #[must_use]
    pub const fn link_mut(&mut self) -> &mut L {
        &mut self.link
    }

    const fn lane(&mut self, to: Role) -> (&mut Lane<FRAME>, &mut L) {
        let lane = match to {
            Role::Client => &mut self.to_client,
            Role::Server => &mut self.to_server,
        };
        (lane, &mut self.link)
    }
}

impl<L: Link, const FRAME: usize> Link for Faulty<L, FRAME> {
    const FRAME_BYTES_MAX: usize = L::FRAME_BYTES_MAX;

    fn send(&mut self, from: Role, frame: &[u8]) -> Result<LinkRecord, LinkRefusal> {
        self.link.send(from, frame)
    }

    fn front(&mut self, to: Role) -> Option<LinkFrame<'_>> {
        let (lane, link) = self.lane(to);
        lane.front(link)
    }

    fn pop(&mut self, to: Role) -> bool {
        let (lane, link) = self.lane(to);
        lane.pop(link)
    }

    /// Frames that are held back are dropped too; counts and the course of chance stay.
    fn clear(&mut self) {
        self.to_client.clear();
        self.to_server.clear();
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
    use crate::vocab::ChecksumClass;
    use crate::wire::{FrameLimits, decode};
    use std::vec::Vec;

    type Small = MemoryLink<{ sample::BYTES_MAX }, 16>;
    type Wire = Faulty<Small, { sample::BYTES_MAX }>;
    /// Sequence in the record, and bytes.
    type Delivered = (u64, Vec<u8>);

    const ALL: Faults = Faults { corrupt: 6, drop: 5, duplicate: 7, reorder: 4 };

    fn wire(seed: u64, faults: Faults) -> Wire {
        Faulty::new(Small::EMPTY, seed, faults)
    }

    fn sent(sequence: u64) -> Vec<u8> {
        sample::frame(Role::Client, sequence, sequence as usize % 70).to_vec()
    }

    fn drain(link: &mut impl Link, to: Role, out: &mut Vec<Delivered>) {
        while let Some(frame) = link.front(to) {
            out.push((frame.record.sequence, frame.bytes.to_vec()));
            assert!(link.pop(to));
        }
        assert!(!link.pop(to));
    }

    /// Sends `count` frames, 16 at a time, and returns what arrives.
    fn run(link: &mut impl Link, count: u64) -> Vec<Delivered> {
        let mut out = Vec::new();
        for sequence in 1..=count {
            link.send(Role::Client, &sent(sequence)).unwrap();
            if sequence % 16 == 0 || sequence == count {
                drain(link, Role::Server, &mut out);
            }
        }
        out
    }

    /// Changed bits, and changed bytes.
    fn distance(sequence: u64, bytes: &[u8]) -> (u32, usize) {
        let original = sent(sequence);
        assert_eq!(original.len(), bytes.len(), "no fault changes the length");
        let changes: Vec<u8> = original.iter().zip(bytes).map(|(a, b)| a ^ b).collect();
        let bits = changes.iter().map(|change| change.count_ones()).sum();
        (bits, changes.iter().filter(|change| **change != 0).count())
    }

    #[test]
    fn without_faults_it_is_the_link_itself() {
        let mut wire = wire(1, Faults::NONE);
        assert_eq!(run(&mut wire, 1_000), run(&mut { Small::EMPTY }, 1_000));
        assert_eq!(wire.counts(Role::Server), FaultCounts { frames: 1_000, ..FaultCounts::ZERO });
        assert_eq!(wire.counts(Role::Client), FaultCounts::ZERO);
    }

    #[test]
    fn the_same_calls_see_the_same_faults_and_the_peer_direction_changes_nothing() {
        let (mut one, mut other) = (wire(77, ALL), wire(77, ALL));
        let mut back = Vec::new();
        for sequence in 1..=500 {
            other.send(Role::Server, &sample::frame(Role::Server, sequence, 3)).unwrap();
            if sequence % 5 == 0 {
                drain(&mut other, Role::Client, &mut back);
            }
        }
        let delivered = run(&mut one, 500);
        assert_eq!(delivered, run(&mut other, 500));
        assert_eq!(one.counts(Role::Server), other.counts(Role::Server));
        assert_ne!(delivered, run(&mut wire(78, ALL), 500), "another seed, other faults");
        let order: Vec<u64> = delivered.iter().map(|(sequence, _)| *sequence).collect();
        assert_ne!(order, back.iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>(), "own chance");
    }

    #[test]
    fn dropped_frames_are_missing_and_the_others_are_whole_and_in_order() {
        let mut wire = wire(2, Faults { drop: 3, ..Faults::NONE });
        let delivered = run(&mut wire, 3_000);
        assert!(delivered.iter().all(|(sequence, bytes)| *bytes == sent(*sequence)));
        assert!(delivered.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(delivered.len() as u32, 3_000 - wire.counts(Role::Server).dropped);
        assert!(run(&mut Wire::new(Small::EMPTY, 2, Faults { drop: 1, ..Faults::NONE }), 100).is_empty());
    }

    #[test]
    fn duplicated_frames_come_twice_in_a_row() {
        let mut wire = wire(3, Faults { duplicate: 3, ..Faults::NONE });
        let mut delivered = run(&mut wire, 3_000);
        assert!(delivered.is_sorted_by(|a, b| a.0 <= b.0));
        assert_eq!(delivered.len() as u32, 3_000 + wire.counts(Role::Server).duplicated);
        delivered.dedup();
        assert_eq!(delivered, run(&mut { Small::EMPTY }, 3_000));
    }

    #[test]
    fn corrupted_frames_differ_a_little_and_every_checksum_class_finds_them() {
        let faults = Faults { corrupt: 1, ..Faults::NONE };
        for class in ChecksumClass::ALL {
            let limits = FrameLimits { class: Some(*class), ..FrameLimits::WIDEST };
            let (mut wire, mut shapes) = (wire(4, faults), [[false; 9]; 4]);
            for sequence in 1..=20_000_u64 {
                let payload = sequence as usize % 70;
                let frame = sample::frame_of_class(*class, Role::Client, sequence, payload);
                wire.send(Role::Client, &frame).unwrap();
                let delivered = wire.front(Role::Server).unwrap();
                assert_eq!(delivered.record.sequence, sequence, "the record is the sender's");
                let changes = frame.iter().zip(delivered.bytes).map(|(a, b)| a ^ b);
                let bits: u32 = changes.clone().map(u8::count_ones).sum();
                let bytes = changes.filter(|change| *change != 0).count();
                assert!(bits >= 1 && (bits <= Faults::FLIPS_MAX || bytes == 1), "{bits} bits, {bytes} bytes");
                assert!(decode(delivered.bytes, &limits, &Sound).is_err());
                shapes[bytes][bits as usize] = true;
                wire.pop(Role::Server);
            }
            let reached = shapes.map(|bits| bits.iter().filter(|reached| **reached).count());
            assert_eq!(reached, [0, 8, 2, 1], "kinds of change in one, two and three bytes");
            assert_eq!(wire.counts(Role::Server).corrupted, 20_000);
        }
    }

    #[test]
    fn reordered_frames_are_overtaken_by_a_few_and_none_is_lost() {
        let mut wire = wire(5, Faults { reorder: 6, ..Faults::NONE });
        let delivered = run(&mut wire, 3_000);
        let order: Vec<u64> = delivered.iter().map(|(sequence, _)| *sequence).collect();
        let (mut reordered, mut most) = (0, 0);
        for (place, sequence) in order.iter().enumerate() {
            let overtaken = order[..place].iter().filter(|earlier| *earlier > sequence).count();
            reordered += u32::from(overtaken != 0);
            most = overtaken.max(most);
        }
        assert_eq!(wire.counts(Role::Server).reordered, reordered);
        assert_eq!(most as u32, Faults::OVERTAKEN_MAX);
        let mut sorted = delivered;
        sorted.sort();
        assert_eq!(sorted, run(&mut { Small::EMPTY }, 3_000));
    }

    #[test]
    fn a_held_frame_is_delivered_when_nothing_else_is_left() {
        let mut wire = wire(6, Faults { reorder: 1, ..Faults::NONE });
        for sequence in 1..=50 {
            wire.send(Role::Client, &sent(sequence)).unwrap();
            assert_eq!(wire.front(Role::Server).unwrap().bytes, sent(sequence));
            assert_eq!(wire.link().frames(Role::Server), 0);
            assert!(wire.pop(Role::Server));
            assert_eq!(wire.front(Role::Server), None);
        }
        assert_eq!(wire.counts(Role::Server), FaultCounts { frames: 50, ..FaultCounts::ZERO });
    }

    #[test]
    fn with_all_faults_nothing_is_invented_and_every_delivery_is_accounted_for() {
        for seed in 0..40 {
            let mut wire = wire(seed, ALL);
            let delivered = run(&mut wire, 1_000);
            let counts = wire.counts(Role::Server);
            assert_eq!(delivered.len() as u32, counts.frames - counts.dropped + counts.duplicated);
            let changed = |(sequence, bytes): &&Delivered| distance(*sequence, bytes) != (0, 0);
            let mut damaged: Vec<u64> =
                delivered.iter().filter(changed).map(|(sequence, _)| *sequence).collect();
            damaged.dedup();
            assert_eq!(damaged.len() as u32, counts.corrupted);
            let twice = delivered.windows(2).filter(|pair| pair[0] == pair[1]).count();
            assert_eq!(twice as u32, counts.duplicated);
            assert!(counts.reordered > 50);
        }
    }

    #[test]
    fn the_front_stays_until_it_is_popped_and_a_pop_takes_what_front_would_show() {
        let (mut looked, mut blind) = (wire(8, ALL), wire(8, ALL));
        for sequence in 1..=400 {
            for wire in [&mut looked, &mut blind] {
                wire.send(Role::Client, &sent(sequence)).unwrap();
            }
            if sequence % 3 == 0 {
                let shown = looked.front(Role::Server).map(|frame| frame.bytes.to_vec());
                for _ in 0..3 {
                    assert_eq!(looked.front(Role::Server).map(|frame| frame.bytes.to_vec()), shown);
                }
            }
            while looked.link().frames(Role::Server) > 10 {
                let pops = [looked.pop(Role::Server), blind.pop(Role::Server)];
                assert_eq!(pops, [true, true]);
            }
        }
        let [mut left, mut other] = [Vec::new(), Vec::new()];
        drain(&mut looked, Role::Server, &mut left);
        drain(&mut blind, Role::Server, &mut other);
        assert_eq!(left, other);
        assert_eq!(looked.counts(Role::Server), blind.counts(Role::Server));
    }

    #[test]
    fn each_fault_happens_to_about_one_frame_in_n() {
        const FRAMES: u64 = 100_000;
        let faults = Faults { corrupt: 100, drop: 100, duplicate: 100, reorder: 100 };
        let mut wire = wire(9, faults);
        run(&mut wire, FRAMES);
        let counts = wire.counts(Role::Server);
        assert_eq!(u64::from(counts.frames), FRAMES);
        for count in [counts.corrupted, counts.dropped, counts.duplicated, counts.reordered] {
            assert!((880..=1_120).contains(&count), "{counts:?}");
        }
    }

    #[test]
    fn directions_have_their_own_rates() {
        let mut wire = wire(10, Faults::NONE);
        wire.set_faults(Role::Server, Faults { drop: 1, ..Faults::NONE });
        for from in [Role::Client, Role::Server] {
            wire.send(from, &sample::frame(from, 1, 0)).unwrap();
        }
        assert_eq!(wire.front(Role::Server), None);
        assert!(wire.front(Role::Client).is_some());
        assert_eq!((wire.counts(Role::Server).dropped, wire.counts(Role::Client).dropped), (1, 0));
    }

    #[test]
    fn it_passes_refusals_through_is_constant_and_can_be_cleared() {
        static PLACE: Wire = Wire::new(Small::EMPTY, 11, ALL);
        assert_eq!(PLACE.counts(Role::Client), FaultCounts::ZERO);
        let mut wire = wire(11, Faults { reorder: 1, ..Faults::NONE });
        wire.link_mut().pin(Some(8));
        let refusal = LinkRefusal::WrongSession { found: 7, pinned: 8 };
        assert_eq!(wire.send(Role::Client, &sent(1)), Err(refusal));
        wire.link_mut().pin(None);
        for sequence in 1..=3 {
            wire.send(Role::Client, &sent(sequence)).unwrap();
        }
        assert!(wire.front(Role::Server).is_some());
        wire.clear();
        assert_eq!(wire.front(Role::Server), None);
        assert!(!wire.pop(Role::Server));
    }
}
