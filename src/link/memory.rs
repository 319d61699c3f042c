//! The link in memory: two bounded queues, no time and no chance.

use heapless::Deque;

use super::frame::Held;
use super::{Link, LinkFrame, LinkRecord, LinkRefusal};
use crate::vocab::Role;
use crate::wire::HEADER_BYTES;

/// A link that holds up to `DEPTH` frames of up to `FRAME` bytes in each direction, in about 2 · `DEPTH` · `FRAME` bytes. It
/// is constant, so it can lie in a `static`.
#[derive(Debug)]
pub struct MemoryLink<const FRAME: usize, const DEPTH: usize> {
    to_client: Queue<FRAME, DEPTH>,
    to_server: Queue<FRAME, DEPTH>,
    bytes_max: usize,
    session_class: Option<u16>,
}

impl<const FRAME: usize, const DEPTH: usize> MemoryLink<FRAME, DEPTH> {
    /// A link without frames, limited by its memory alone and open to every session.
    pub const EMPTY: Self = {
        assert!(FRAME > HEADER_BYTES, "a frame is longer than its header");
        assert!(DEPTH > 0, "a link without depth carries nothing");
        Self {
            to_client: Queue::EMPTY,
            to_server: Queue::EMPTY,
            bytes_max: FRAME.saturating_mul(DEPTH),
            session_class: None,
        }
    };

    /// The same link with at most `bytes_max` bytes on their way in each direction. A frame that is longer is refused as too
    /// large: it would never fit.
    #[must_use]
    pub const fn with_bytes_max(mut self, bytes_max: usize) -> Self {
        self.bytes_max = bytes_max;
        self
    }

    /// From now on takes frames of this session id class only; `None` takes all. What is on its way stays.
    pub const fn pin(&mut self, session_class: Option<u16>) {
        self.session_class = session_class;
    }

    /// Frames on their way to `to`.
    #[must_use]
    pub fn frames(&self, to: Role) -> usize {
        self.queue(to).frames.len()
    }

    /// Bytes on their way to `to`.
    #[must_use]
    pub const fn bytes(&self, to: Role) -> usize {
        self.queue(to).bytes
    }

    /// The longest frame that would be taken from `from` now, in bytes.
    #[must_use]
    pub fn free(&self, from: Role) -> usize {
        self.queue(from.peer()).free(self.bytes_max)
    }

    const fn queue(&self, to: Role) -> &Queue<FRAME, DEPTH> {
        match to {
            Role::Client => &self.to_client,
            Role::Server => &self.to_server,
        }
    }

    const fn queue_mut(&mut self, to: Role) -> &mut Queue<FRAME, DEPTH> {
        match to {
            Role::Client => &mut self.to_client,
            Role::Server => &mut self.to_server,
        }
    }
}

impl<const FRAME: usize, const DEPTH: usize> Link for MemoryLink<FRAME, DEPTH> {
    const FRAME_BYTES_MAX: usize = FRAME;

    /// Too large, not a frame of this direction, of another session, no room: in this order.
    fn send(&mut self, from: Role, frame: &[u8]) -> Result<LinkRecord, LinkRefusal> {
        let max = FRAME.min(self.bytes_max);
        if frame.len() > max {
            return Err(LinkRefusal::FrameTooLarge { bytes: small(frame.len()), max: small(max) });
        }
        let record = LinkRecord::of(frame, from.sends())?;
        match self.session_class {
            Some(pinned) if pinned != record.session_class => {
                return Err(LinkRefusal::WrongSession { found: record.session_class, pinned });
            }
            _ => {}
        }
        let bytes_max = self.bytes_max;
        self.queue_mut(from.peer()).push(record, frame, bytes_max)?;
        Ok(record)
    }

    fn front(&mut self, to: Role) -> Option<LinkFrame<'_>> {
        self.queue(to).frames.front().map(Held::lend)
    }

    fn pop(&mut self, to: Role) -> bool {
        self.queue_mut(to).pop()
    }

    fn clear(&mut self) {
        self.to_client.clear();
        self.to_server.clear();
    }
}

/// One direction.
#[derive(Debug)]
struct Queue<const FRAME: usize, const DEPTH: usize> {
    frames: Deque<Held<FRAME>, DEPTH>,
    /// Bytes of all of them.
    bytes: usize,
}

impl<const FRAME: usize, const DEPTH: usize> Queue<FRAME, DEPTH> {
    const EMPTY: Self = Self { frames: Deque::new(), bytes: 0 };

    fn free(&self, bytes_max: usize) -> usize {
        if self.frames.is_full() { 0 } else { FRAME.min(bytes_max.saturating_sub(self.bytes)) }
    }

    fn push(&mut self, record: LinkRecord, frame: &[u8], bytes_max: usize) -> Result<(), LinkRefusal> {
        let free = self.free(bytes_max);
        let pressure = LinkRefusal::Pressure { needed: small(frame.len()), free: small(free) };
        if frame.len() > free {
            return Err(pressure);
        }
        let held = Held::copy_of(record, frame).ok_or(pressure)?;
        self.frames.push_back(held).map_err(|_| pressure)?;
        self.bytes = self.bytes.saturating_add(frame.len());
        Ok(())
    }

    fn pop(&mut self) -> bool {
        let Some(held) = self.frames.pop_front() else {
            return false;
        };
        self.bytes = self.bytes.saturating_sub(held.bytes.len());
        true
    }

    fn clear(&mut self) {
        self.frames.clear();
        self.bytes = 0;
    }
}

fn small(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::super::sample;
    use super::*;
    use crate::vocab::FrameReject;
    use std::collections::VecDeque;
    use std::format;
    use std::vec::Vec;

    type Small = MemoryLink<64, 4>;

    /// What can be seen of a direction: frames, bytes, free and the next frame.
    type Seen = (usize, usize, usize, Option<Vec<u8>>);

    fn seen<const F: usize, const D: usize>(link: &mut MemoryLink<F, D>) -> [Seen; 2] {
        [Role::Client, Role::Server].map(|role| {
            let front = link.front(role).map(|frame| frame.bytes.to_vec());
            (link.frames(role), link.bytes(role), link.free(role), front)
        })
    }

    #[test]
    fn it_agrees_with_two_queues_of_vectors_and_free_is_exact() {
        let mut link = MemoryLink::<100, 5>::EMPTY.with_bytes_max(300);
        let mut models = [VecDeque::<Vec<u8>>::new(), VecDeque::new()];
        let (mut state, mut refused) = (5_u64, 0);
        for sequence in 1..40_000_u64 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (from, payload) = (Role::ALL[(state >> 63) as usize], (state >> 33) as usize % 73);
            let to = from.peer();
            let model = &mut models[usize::from(to.code())];
            if state >> 61 & 3 < 2 {
                let front = model.pop_front();
                assert_eq!(link.front(to).map(|frame| frame.bytes.to_vec()), front);
                assert_eq!(link.pop(to), front.is_some());
            } else {
                let (frame, free) = (sample::frame(from, sequence, payload), link.free(from));
                let taken = link.send(from, &frame);
                assert_eq!(taken.is_ok(), frame.len() <= free, "free is the longest frame taken now");
                if taken.is_ok() {
                    model.push_back(frame.to_vec());
                } else {
                    refused += 1;
                    let (needed, free) = (frame.len() as u32, free as u32);
                    assert_eq!(taken, Err(LinkRefusal::Pressure { needed, free }));
                }
            }
            assert_eq!(link.frames(to), model.len());
            assert_eq!(link.bytes(to), model.iter().map(Vec::len).sum::<usize>());
        }
        assert!(refused > 1_000, "{refused}");
        link.clear();
        assert_eq!(link.free(Role::Client), 100, "bytes for three, one frame at a time");
    }

    #[test]
    fn a_full_link_refuses_loses_nothing_and_takes_again_after_a_drain() {
        fills_up(MemoryLink::<64, 4>::EMPTY);
        fills_up(MemoryLink::<64, 9>::EMPTY.with_bytes_max(4 * 40));
    }

    fn fills_up<const DEPTH: usize>(mut link: MemoryLink<64, DEPTH>) {
        for sequence in 1..=4 {
            link.send(Role::Client, &sample::frame(Role::Client, sequence, 12)).unwrap();
        }
        let (late, before) = (sample::frame(Role::Client, 5, 12), seen(&mut link));
        let pressure = LinkRefusal::Pressure { needed: 40, free: 0 };
        assert_eq!(link.send(Role::Client, &late), Err(pressure));
        assert_eq!(seen(&mut link), before);
        assert!(link.send(Role::Server, &sample::frame(Role::Server, 1, 12)).is_ok(), "its own room");
        assert!(link.pop(Role::Server));
        assert!(link.send(Role::Client, &late).is_ok());
        for sequence in 2..=5 {
            assert_eq!(link.front(Role::Server).unwrap().bytes, sample::frame(Role::Client, sequence, 12));
            assert!(link.pop(Role::Server));
        }
        assert!(!link.pop(Role::Server));
    }

    #[test]
    fn each_refusal_has_its_own_name_and_changes_nothing() {
        let mut link = Small::EMPTY.with_bytes_max(90);
        link.send(Role::Client, &sample::frame(Role::Client, 1, 12)).unwrap();
        link.pin(Some(8));
        let before = seen(&mut link);
        let good = sample::frame(Role::Client, 2, 30);
        let mut unknown = good.clone();
        unknown[1] = 0x77;
        for (from, frame, refusal) in [
            (Role::Client, &[0; 65][..], LinkRefusal::FrameTooLarge { bytes: 65, max: 64 }),
            (Role::Client, &[], LinkRefusal::Frame(FrameReject::Truncated)),
            (Role::Client, &good[..57], LinkRefusal::Frame(FrameReject::Truncated)),
            (Role::Client, &unknown, LinkRefusal::Frame(FrameReject::UnknownKind)),
            (Role::Server, &good, LinkRefusal::Frame(FrameReject::WrongDirection)),
            (Role::Client, &good, LinkRefusal::WrongSession { found: 7, pinned: 8 }),
        ] {
            assert_eq!(link.send(from, frame), Err(refusal));
            assert_eq!(seen(&mut link), before);
        }
        link.pin(Some(7));
        assert_eq!(link.send(Role::Client, &good), Err(LinkRefusal::Pressure { needed: 58, free: 50 }));
        assert_eq!(seen(&mut link), before);
        link.pin(None);
        assert!(link.pop(Role::Server));
        assert!(link.send(Role::Client, &good).is_ok());
    }

    #[test]
    fn a_frame_that_can_never_fit_is_too_large_and_not_pressure() {
        let mut link = Small::EMPTY.with_bytes_max(30);
        let frame = sample::frame(Role::Client, 1, 3);
        assert_eq!(link.send(Role::Client, &frame), Err(LinkRefusal::FrameTooLarge { bytes: 31, max: 30 }));
        assert!(link.send(Role::Client, &sample::frame(Role::Client, 1, 2)).is_ok());
    }

    #[test]
    fn it_is_constant_cleared_and_silent_about_bytes() {
        static PLACE: Small = Small::EMPTY;
        assert_eq!(PLACE.frames(Role::Client), 0);
        let mut links = [Small::EMPTY, Small::EMPTY];
        for (link, byte) in links.iter_mut().zip([1, 2]) {
            let mut frame = sample::frame(Role::Client, 3, 5);
            frame[24..29].fill(byte);
            link.send(Role::Client, &frame).unwrap();
        }
        assert_eq!(format!("{:?}", links[0]), format!("{:?}", links[1]));
        links[0].clear();
        assert_eq!(seen(&mut links[0]), seen(&mut { Small::EMPTY }));
    }
}
