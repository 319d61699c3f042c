//! A link with an attacker on it.

use super::aside::{Aside, Next};
use super::chance::Chance;
use super::ends::Ends;
use super::faults::count;
use super::frame::Held;
use super::{Link, LinkFrame, LinkRecord, LinkRefusal};
use crate::vocab::{ChecksumClass, FrameKind, Role, Ticks};
use crate::wire::{HEADER_BYTES, checksum, frame_bytes};

/// Keeps this device's chance apart from that of the others with the same seed.
const OWN_CHANCE: u64 = u64::from_le_bytes(*b"inject\0\0");

/// One frame in so many takes the place of the one that the attacker remembers.
const REMEMBERED_ONE_IN: u32 = 4;

/// Offset of the version and checksum class in a frame.
const VERSION_AT: usize = 0;
/// Offset of the kind.
const KIND_AT: usize = 1;
/// Offset of the lowest byte of the stream id.
const STREAM_AT: usize = 12;
/// Offset of the lowest byte of the sequence.
const SEQUENCE_AT: usize = 16;

/// A wrapper around a link: an attacker who has no key delivers frames that nobody has sent.
///
/// Some frames of the link are preceded by one that the attacker makes of an earlier frame of the same direction: the frame
/// itself again, or with another kind, stream, sequence or byte of its payload. Its checksum is right, so it comes as far as
/// the rules of a receiver let it. And a caller may deliver a frame of its own with [`inject`](Self::inject).
///
/// What is made follows from the seed, the direction and the place of the link's frame in it, and from the frames before it.
/// In each direction the wrapper holds a frame that it remembers and one that waits to be delivered.
#[derive(Debug)]
pub struct Injecting<L, const FRAME: usize> {
    link: L,
    seed: u64,
    ends: Ends<Attack<FRAME>>,
}

/// One direction.
#[derive(Debug)]
struct Attack<const FRAME: usize> {
    one_in: u32,
    injected: u32,
    /// Frames of the link that were chosen for: the place of the next one.
    place: u64,
    /// The next frame of the link was chosen for.
    seen: bool,
    remembered: Option<Held<FRAME>>,
    aside: Aside<FRAME>,
}

impl<const FRAME: usize> Attack<FRAME> {
    const fn new(one_in: u32) -> Self {
        Self { one_in, injected: 0, place: 0, seen: false, remembered: None, aside: Aside::EMPTY }
    }

    /// Looks at the link's next frame once, before it is chosen: perhaps another one comes first.
    fn watch<L: Link>(&mut self, link: &mut L, seed: u64, to: Role) {
        if self.seen || !self.aside.is_undecided() || !self.aside.is_free() {
            return;
        }
        let Some(frame) = link.front(to) else { return };
        let mut chance = Chance::of(seed ^ OWN_CHANCE, to, self.place);
        self.place = self.place.wrapping_add(1);
        self.seen = true;
        let (attacks, remembers) = (chance.one_in(self.one_in), chance.one_in(REMEMBERED_ONE_IN));
        if let (true, Some(earlier)) = (attacks, &self.remembered)
            && let Some(made) = forge(earlier, to, &mut chance)
        {
            self.aside.put(made);
            count(&mut self.injected);
        }
        if remembers || self.remembered.is_none() {
            self.remembered = Held::copy_of(frame.record, frame.bytes);
        }
    }
}

impl<L: Link, const FRAME: usize> Injecting<L, FRAME> {
    /// `link` with an attacker's frame before one frame in `one_in` in both directions; 0 is never, 1 is always.
    #[must_use]
    pub const fn new(link: L, seed: u64, one_in: u32) -> Self {
        const { assert!(FRAME >= L::FRAME_BYTES_MAX, "room for the longest frame of the link") };
        Self { link, seed, ends: Ends::new(Attack::new(one_in), Attack::new(one_in)) }
    }

    /// Delivers `frame` to `to`, after the frame that is next if that was looked at, else before it.
    ///
    /// # Errors
    /// [`LinkRefusal`]: the frame is longer than any, or no frame to `to`, or an injected frame is still waiting. Nothing has
    /// changed. The checksum is not looked at.
    pub fn inject(&mut self, to: Role, frame: &[u8]) -> Result<LinkRecord, LinkRefusal> {
        let [bytes, max] =
            [frame.len(), L::FRAME_BYTES_MAX].map(|size| u32::try_from(size).unwrap_or(u32::MAX));
        let too_large = LinkRefusal::FrameTooLarge { bytes, max };
        if bytes > max {
            return Err(too_large);
        }
        let record = LinkRecord::of(frame, to.receives())?;
        let copy = Held::copy_of(record, frame).ok_or(too_large)?;
        let attack = self.ends.of_mut(to);
        if !attack.aside.is_free() {
            return Err(LinkRefusal::Pressure { needed: bytes, free: 0 });
        }
        attack.aside.put(copy);
        count(&mut attack.injected);
        Ok(record)
    }

    /// Another rate for the frames to `to`, from the next one that has not been looked at.
    pub const fn set_rate(&mut self, to: Role, one_in: u32) {
        self.ends.of_mut(to).one_in = one_in;
    }

    /// Frames to `to` that nobody has sent. The counter saturates.
    #[must_use]
    pub const fn injected(&self, to: Role) -> u32 {
        self.ends.of(to).injected
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

impl<L: Link, const FRAME: usize> Link for Injecting<L, FRAME> {
    const FRAME_BYTES_MAX: usize = L::FRAME_BYTES_MAX;

    fn send(&mut self, from: Role, frame: &[u8]) -> Result<LinkRecord, LinkRefusal> {
        self.link.send(from, frame)
    }

    fn front(&mut self, to: Role) -> Option<LinkFrame<'_>> {
        let attack = self.ends.of_mut(to);
        attack.watch(&mut self.link, self.seed, to);
        attack.aside.front(&mut self.link, to)
    }

    fn pop(&mut self, to: Role) -> bool {
        let attack = self.ends.of_mut(to);
        attack.watch(&mut self.link, self.seed, to);
        let popped = attack.aside.pop(&mut self.link, to);
        attack.seen &= popped != Next::Link;
        popped != Next::Unknown
    }

    /// What the attacker remembers, counts and the course of chance stay.
    fn clear(&mut self) {
        for role in Role::ALL {
            let attack = self.ends.of_mut(*role);
            attack.aside.clear();
            attack.seen = false;
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

/// Another frame of an earlier one. `None` for a frame that nobody could have sent.
fn forge<const FRAME: usize>(earlier: &Held<FRAME>, to: Role, chance: &mut Chance) -> Option<Held<FRAME>> {
    let mut bytes = earlier.bytes.clone();
    let class = ChecksumClass::from_code(bytes.get(VERSION_AT)? & 0x0f)?;
    let payload = bytes.len().checked_sub(frame_bytes(class, 0))?;
    let (covered, sum) = bytes.split_at_mut_checked(payload.checked_add(HEADER_BYTES)?)?;
    let (choice, mask) = (chance.below(6), u8::try_from(chance.below(255).saturating_add(1)).unwrap_or(1));
    let place = chance.below(u32::try_from(payload).unwrap_or(u32::MAX));
    let kind = usize::try_from(chance.below(u32::try_from(FrameKind::ALL.len()).unwrap_or(1))).unwrap_or(0);
    match choice {
        0 => {}
        1 => *covered.get_mut(KIND_AT)? = FrameKind::ALL.get(kind)?.code(),
        2 => *covered.get_mut(STREAM_AT)? ^= mask,
        3 => *covered.get_mut(SEQUENCE_AT)? ^= mask,
        _ => {
            let place = HEADER_BYTES.checked_add(usize::try_from(place).ok()?)?;
            // A frame without a payload comes again as it was.
            if let Some(byte) = covered.get_mut(place) {
                *byte ^= mask;
            }
        }
    }
    let right = checksum(class, covered).to_le_bytes();
    for (place, byte) in sum.iter_mut().zip(right) {
        *place = byte;
    }
    let record = LinkRecord::of(&bytes, to.receives()).ok()?;
    Some(Held { record, bytes })
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
    type Wire = Injecting<Small, { sample::BYTES_MAX }>;

    fn wire(seed: u64, one_in: u32) -> Wire {
        Wire::new(Small::EMPTY, seed, one_in)
    }

    /// The frames of a run that nobody has sent, each with the sequence of the frame before which it came.
    fn attacks(wire: &mut Wire, count: u64) -> Vec<(u64, Vec<u8>)> {
        let (mut next, mut found) = (1, Vec::new());
        for (_, bytes) in sample::run(wire, 1..=count) {
            if bytes == sample::sent(next)[..] {
                next += 1;
            } else {
                found.push((next, bytes));
            }
        }
        assert_eq!(next, count + 1, "what was sent is all there, in order");
        found
    }

    #[test]
    fn an_attack_changes_one_field_of_an_earlier_frame_and_most_pass_the_decoder() {
        let (mut wire, mut again, mut passed) = (wire(1, 1), 0_u32, 0_u32);
        let mut fields = [0_u32; 4];
        let found = attacks(&mut wire, 4_000);
        assert_eq!(found.len(), 3_999, "all but the first, which has none before it");
        assert_eq!((wire.injected(Role::Server), wire.injected(Role::Client)), (3_999, 0));
        for (next, bytes) in &found {
            passed += u32::from(decode(bytes, &FrameLimits::WIDEST, &Sound).is_ok());
            let covered = bytes.len() - 4;
            let sum = u32::from_le_bytes(*bytes.last_chunk().unwrap());
            assert_eq!(sum, checksum(ChecksumClass::Crc32c, &bytes[..covered]), "a right checksum");
            // The attacker forgets soon: what it changes is not old.
            let changes =
                (1..*next).rev().take(70).map(sample::sent).filter(|sent| sent.len() == bytes.len());
            let changes =
                changes.map(|sent| (0..covered).filter(|at| sent[*at] != bytes[*at]).collect::<Vec<_>>());
            let nearest = changes.min_by_key(Vec::len).unwrap();
            match nearest[..] {
                [] => again += 1,
                [KIND_AT] => fields[0] += 1,
                [STREAM_AT] => fields[1] += 1,
                [SEQUENCE_AT] => fields[2] += 1,
                [place] if place >= HEADER_BYTES => fields[3] += 1,
                _ => panic!("{nearest:?} have changed"),
            }
        }
        assert!(again > 500 && fields.iter().all(|count| *count > 400), "{again} {fields:?}");
        assert!(passed > 3_000, "{passed}");
    }

    #[test]
    fn about_one_frame_in_n_is_attacked_and_the_choices_are_frozen() {
        let sum = |bytes: &[u8]| u32::from_le_bytes(*bytes.last_chunk().unwrap());
        let made: Vec<(u64, u32)> =
            attacks(&mut wire(0, 4), 24).iter().map(|(next, bytes)| (*next, sum(bytes))).collect();
        assert_eq!(made, FROZEN);
        let mut wire = wire(2, 100);
        let found = attacks(&mut wire, 100_000);
        assert!((880..=1_120).contains(&found.len()), "{}", found.len());
        assert_eq!(wire.injected(Role::Server) as usize, found.len());
        assert!(attacks(&mut Wire::new(Small::EMPTY, 2, 0), 1_000).is_empty());
        assert_ne!(attacks(&mut Wire::new(Small::EMPTY, 3, 100), 100_000), found);
    }

    /// The place of each attack, and its checksum, which stands for its bytes.
    const FROZEN: [(u64, u32); 6] = [
        (6, 2_129_268_687),
        (7, 1_163_655_710),
        (11, 3_407_556_998),
        (15, 1_631_874_766),
        (17, 2_496_294_730),
        (23, 2_365_263_636),
    ];

    #[test]
    fn every_checksum_class_is_computed_anew() {
        for class in ChecksumClass::ALL {
            let limits = FrameLimits { class: Some(*class), ..FrameLimits::WIDEST };
            let (mut wire, mut passed) = (wire(4, 1), 0);
            for sequence in 1..=200 {
                wire.send(Role::Client, &sample::frame_of_class(*class, Role::Client, sequence, 40)).unwrap();
                for (_, bytes) in sample::drain(&mut wire, Role::Server) {
                    match decode(&bytes, &limits, &Sound) {
                        Ok(_) => passed += 1,
                        Err(reject) => assert_ne!(reject, FrameReject::Checksum),
                    }
                }
            }
            assert!(passed > 330, "{class} {passed}");
        }
    }

    #[test]
    fn a_callers_frame_is_delivered_next_or_refused_by_name() {
        let mut wire = wire(5, 0);
        let own = sample::frame(Role::Client, 77, 12);
        wire.send(Role::Client, &sample::sent(1)).unwrap();
        wire.send(Role::Client, &sample::sent(2)).unwrap();
        let record = wire.inject(Role::Server, &own).unwrap();
        assert_eq!(record.sequence, 77);
        assert_eq!(wire.front(Role::Server), Some(LinkFrame { record, bytes: &own }));
        for (frame, refusal) in [
            (&[0; sample::BYTES_MAX + 1][..], LinkRefusal::FrameTooLarge { bytes: 129, max: 128 }),
            (&[], LinkRefusal::Frame(FrameReject::Truncated)),
            (&sample::frame(Role::Server, 1, 2), LinkRefusal::Frame(FrameReject::WrongDirection)),
            (&own, LinkRefusal::Pressure { needed: own.len() as u32, free: 0 }),
        ] {
            assert_eq!(wire.inject(Role::Server, frame), Err(refusal));
        }
        assert!(wire.pop(Role::Server));
        assert_eq!(wire.front(Role::Server).unwrap().bytes, sample::sent(1));
        assert!(wire.inject(Role::Server, &own).is_ok());
        let order: Vec<u64> = sample::drain(&mut wire, Role::Server).iter().map(|frame| frame.0).collect();
        assert_eq!(order, [1, 77, 2], "what was looked at stays next");
        assert_eq!(wire.injected(Role::Server), 2);
        assert!(wire.inject(Role::Server, &own).is_ok(), "also when the link has nothing");
        assert_eq!(sample::drain(&mut wire, Role::Server), [(77, own.to_vec())]);
    }

    #[test]
    fn the_front_stays_until_it_is_popped_and_directions_are_their_own() {
        let (mut looked, mut blind) = (wire(6, 2), wire(6, 2));
        for sequence in 1..=400 {
            for wire in [&mut looked, &mut blind] {
                wire.send(Role::Client, &sample::sent(sequence)).unwrap();
            }
            blind.send(Role::Server, &sample::frame(Role::Server, sequence, 3)).unwrap();
            sample::drain(&mut blind, Role::Client);
            while let Some(shown) = looked.front(Role::Server).map(|frame| frame.bytes.to_vec()) {
                assert_eq!(looked.front(Role::Server).map(|frame| frame.bytes.to_vec()), Some(shown));
                assert!(looked.pop(Role::Server) && blind.pop(Role::Server));
            }
            assert!(!looked.pop(Role::Server) && !blind.pop(Role::Server));
        }
        assert_eq!(looked.injected(Role::Server), blind.injected(Role::Server));
        assert_ne!(blind.injected(Role::Client), blind.injected(Role::Server), "own chance");
        blind.set_rate(Role::Server, 0);
        blind.send(Role::Client, &sample::sent(401)).unwrap();
        assert_eq!(sample::drain(&mut blind, Role::Server).len(), 1);
    }

    #[test]
    fn it_passes_refusals_through_is_constant_cleared_and_silent_about_bytes() {
        static PLACE: Wire = Wire::new(Small::EMPTY, 7, 1);
        assert_eq!(PLACE.injected(Role::Client), 0);
        let mut wires = [wire(7, 1), wire(7, 1)];
        for (wire, byte) in wires.iter_mut().zip([1, 2]) {
            wire.link_mut().pin(Some(8));
            let refusal = LinkRefusal::WrongSession { found: 7, pinned: 8 };
            assert_eq!(wire.send(Role::Client, &sample::sent(1)), Err(refusal));
            wire.link_mut().pin(None);
            let mut frame = sample::frame(Role::Client, 3, 5);
            frame[24..29].fill(byte);
            wire.send(Role::Client, &frame).unwrap();
            wire.inject(Role::Server, &frame).unwrap();
            assert!(wire.front(Role::Server).is_some());
        }
        assert_eq!(format!("{:?}", wires[0]), format!("{:?}", wires[1]));
        let [wire, _] = &mut wires;
        wire.clear();
        assert!(wire.front(Role::Server).is_none() && !wire.pop(Role::Server));
        assert_eq!((wire.injected(Role::Server), wire.link().frames(Role::Server)), (1, 0));
    }
}
