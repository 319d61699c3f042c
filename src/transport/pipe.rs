//! The bounded pipe between an endpoint and its link.
//!
//! Whole frames lie one after the other in a ring of bytes, each in one piece: a frame that does not fit before the end of the
//! buffer starts at its beginning. A record per frame tells where it lies.

use core::fmt;

use heapless::Deque;
use heapless::deque::DequeView;

use crate::guard::Guards;
use crate::guard::pipe::PipeFacts;
use crate::vocab::{CONTROL_FRAME_BYTES_MAX, FrameKind, PipeEmpty, PipeLimits, PipeRefusal};

/// Memory of a pipe: `BYTES` bytes and `FRAMES` frames.
pub struct PipeBuffer<const BYTES: usize, const FRAMES: usize> {
    bytes: [u8; BYTES],
    records: Deque<Record, FRAMES>,
    state: State,
}

/// Where a frame lies.
#[derive(Clone, Copy, Debug)]
struct Record {
    start: u32,
    bytes: u16,
    kind: FrameKind,
}

const _: () = assert!(size_of::<Record>() == 8);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    queued: usize,
    data_frames: usize,
    refused: u32,
    closed: bool,
    reset: bool,
    pressure: bool,
}

const IDLE: State =
    State { queued: 0, data_frames: 0, refused: 0, closed: false, reset: false, pressure: false };

impl<const BYTES: usize, const FRAMES: usize> PipeBuffer<BYTES, FRAMES> {
    /// Memory without frames.
    pub const EMPTY: Self = Self { bytes: [0; BYTES], records: Deque::new(), state: IDLE };

    /// The pipe in this memory. A limit above the memory's size counts as that size.
    #[inline]
    pub fn pipe(&mut self, limits: PipeLimits) -> BytePipe<'_> {
        let bytes_max = limits.bytes_max.min(BYTES);
        let frames_max = limits.frames_max.min(FRAMES);
        BytePipe {
            bytes: &mut self.bytes,
            records: self.records.as_mut_view(),
            state: &mut self.state,
            limits: PipeLimits { bytes_max, frames_max, ..limits },
        }
    }
}

/// A bounded queue of whole frames, first in, first out.
pub struct BytePipe<'m> {
    bytes: &'m mut [u8],
    records: &'m mut DequeView<Record>,
    state: &'m mut State,
    limits: PipeLimits,
}

impl<const BYTES: usize, const FRAMES: usize> fmt::Debug for PipeBuffer<BYTES, FRAMES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, "PipeBuffer", self.records.as_view(), &self.state).finish_non_exhaustive()
    }
}

impl fmt::Debug for BytePipe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, "BytePipe", self.records, self.state).field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Where the queued frames lie and how the pipe stands; never the bytes.
fn show<'f, 'b>(
    f: &'f mut fmt::Formatter<'b>,
    name: &str,
    records: &DequeView<Record>,
    state: &State,
) -> fmt::DebugStruct<'f, 'b> {
    let mut text = f.debug_struct(name);
    text.field("frames", &records.iter().len()).field("records", &records).field("state", state);
    text
}

/// Where the next frame would lie; moved by planning as by writing.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    /// Start of the oldest frame; `None` while there is none.
    front: Option<usize>,
    /// End of the newest frame.
    tail: usize,
    frames: usize,
}

impl Cursor {
    /// Room behind the newest frame, and room before the oldest once the ring has turned.
    const fn rooms(self, bytes_max: usize) -> (usize, usize) {
        match self.front {
            None => (bytes_max, 0),
            Some(front) if self.tail > front => (bytes_max.saturating_sub(self.tail), front),
            Some(front) => (front.saturating_sub(self.tail), 0),
        }
    }

    /// Places a frame, or tells that it does not fit.
    fn place(self, bytes: usize, limits: &PipeLimits) -> Option<(usize, Self)> {
        let (behind, before) = self.rooms(limits.bytes_max);
        let start = match self.front {
            None => 0,
            Some(_) if bytes <= behind => self.tail,
            Some(_) if bytes <= before => 0,
            Some(_) => return None,
        };
        if self.frames >= limits.frames_max || bytes > behind.max(before) {
            return None;
        }
        let front = Some(self.front.unwrap_or(start));
        Some((
            start,
            Self { front, tail: start.saturating_add(bytes), frames: self.frames.saturating_add(1) },
        ))
    }

    /// The longest frame that can be placed such that `reserve` bytes can be placed after it.
    fn longest(self, reserve: usize, limits: &PipeLimits) -> usize {
        let (behind, before) = self.rooms(limits.bytes_max);
        let spare = usize::from(reserve != 0);
        if self.frames.saturating_add(spare) >= limits.frames_max {
            return 0;
        }
        let behind = if before >= reserve { behind } else { behind.saturating_sub(reserve) };
        behind.max(before.saturating_sub(reserve))
    }
}

impl BytePipe<'_> {
    /// Whether frames of these lengths would all be accepted, one after the other. Nothing is written; a refusal counts one
    /// pressure event.
    ///
    /// # Errors
    /// [`PipeRefusal`]: reset, closed, too large, no room.
    #[inline]
    pub fn admit<R: Guards + ?Sized>(
        &mut self,
        rules: &R,
        kind: FrameKind,
        frames: impl Iterator<Item = usize>,
    ) -> Result<(), PipeRefusal> {
        self.plan(rules, kind, frames).map(|_| ())
    }

    /// The same question, without an event: for one who only looks.
    #[inline]
    pub fn fits<R: Guards + ?Sized>(
        &self,
        rules: &R,
        kind: FrameKind,
        frames: impl Iterator<Item = usize>,
    ) -> bool {
        self.look(rules, kind, frames).is_ok()
    }

    /// Where the first of these frames would lie, if all are accepted.
    #[inline]
    fn plan<R: Guards + ?Sized>(
        &mut self,
        rules: &R,
        kind: FrameKind,
        frames: impl Iterator<Item = usize>,
    ) -> Result<Option<usize>, PipeRefusal> {
        let looked = self.look(rules, kind, frames);
        if let Err(PipeRefusal::Pressure { .. }) = looked {
            self.state.refused = self.state.refused.saturating_add(1);
        }
        looked
    }

    #[inline]
    fn look<R: Guards + ?Sized>(
        &self,
        rules: &R,
        kind: FrameKind,
        frames: impl Iterator<Item = usize>,
    ) -> Result<Option<usize>, PipeRefusal> {
        let reserve = rules.control_reserve(kind, CONTROL_FRAME_BYTES_MAX);
        let cursor = self.cursor();
        let (mut plan, mut first, mut longest, mut needed) = (Some(cursor), None, 0, 0_usize);
        for bytes in frames {
            let placed = plan.and_then(|cursor| cursor.place(bytes, &self.limits));
            first = first.or(placed.map(|(start, _)| start));
            plan = placed.map(|(_, cursor)| cursor);
            longest = bytes.max(longest);
            needed = needed.saturating_add(bytes);
        }
        if reserve != 0 {
            plan = plan.and_then(|cursor| cursor.place(reserve, &self.limits)).map(|(_, cursor)| cursor);
        }
        let free = if plan.is_some() { 0 } else { cursor.longest(reserve, &self.limits) };
        let facts = PipeFacts {
            reset: self.state.reset,
            closed: self.state.closed,
            longest,
            frame_bytes_max: self.limits.frame_bytes_max,
            fits: plan.is_some(),
            needed,
            free: free.min(self.limits.frame_bytes_max),
        };
        rules.pipe_write(facts).map(|()| first)
    }

    /// Writes one frame of exactly `bytes` bytes in place. `write` may still decline: then nothing has happened.
    ///
    /// # Errors
    /// The outer error is the pipe's refusal, the inner one what `write` declined with.
    #[inline]
    pub fn push<R: Guards + ?Sized, E>(
        &mut self,
        rules: &R,
        kind: FrameKind,
        bytes: usize,
        write: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Result<(), E>, PipeRefusal> {
        let planned = self.plan(rules, kind, core::iter::once(bytes))?;
        let full = PipeRefusal::Pressure { needed: u32::try_from(bytes).unwrap_or(u32::MAX), free: 0 };
        let start = planned.ok_or(full)?;
        let place = self.bytes.get_mut(start..).and_then(|rest| rest.get_mut(..bytes)).ok_or(full)?;
        if let Err(declined) = write(place) {
            return Ok(Err(declined));
        }
        let (Ok(start), Ok(length)) = (u32::try_from(start), u16::try_from(bytes)) else { return Err(full) };
        self.records.push_back(Record { start, bytes: length, kind }).map_err(|_| full)?;
        self.state.queued = self.state.queued.saturating_add(bytes);
        self.state.data_frames = self.state.data_frames.saturating_add(usize::from(kind == FrameKind::Data));
        self.settle(rules);
        Ok(Ok(()))
    }

    /// The oldest frame, which stays until [`pop`](Self::pop).
    ///
    /// # Errors
    /// [`PipeEmpty`]: nothing now, nothing any more, or dropped by a reset.
    #[inline]
    pub fn front(&self) -> Result<&[u8], PipeEmpty> {
        let frame = self.records.front().and_then(|record| {
            let start = usize::try_from(record.start).ok()?;
            self.bytes.get(start..)?.get(..usize::from(record.bytes))
        });
        frame.ok_or(match (self.state.reset, self.state.closed) {
            (true, _) => PipeEmpty::Reset,
            (false, true) => PipeEmpty::Closed,
            (false, false) => PipeEmpty::Empty,
        })
    }

    /// Releases the oldest frame; whether there was one.
    #[inline]
    pub fn pop<R: Guards + ?Sized>(&mut self, rules: &R) -> bool {
        let Some(record) = self.records.pop_front() else { return false };
        self.state.queued = self.state.queued.saturating_sub(usize::from(record.bytes));
        self.state.data_frames =
            self.state.data_frames.saturating_sub(usize::from(record.kind == FrameKind::Data));
        self.settle(rules);
        true
    }

    /// Takes no more frames; those that are queued still leave.
    pub fn close(&mut self) {
        self.state.closed = true;
    }

    /// Takes no more frames and drops those that are queued.
    pub fn reset(&mut self) {
        self.records.clear();
        *self.state = State { reset: true, refused: self.state.refused, ..IDLE };
    }

    /// Empties the pipe for the next session in the same memory.
    pub fn clear(&mut self) {
        self.records.clear();
        *self.state = IDLE;
    }

    /// Frames that are queued.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.records.iter().len()
    }

    /// Data frames that are queued.
    #[must_use]
    pub const fn data_frames(&self) -> usize {
        self.state.data_frames
    }

    /// Bytes that are queued.
    #[must_use]
    pub const fn queued(&self) -> usize {
        self.state.queued
    }

    /// Whether the pipe has crossed its high water mark and not yet its low one.
    #[must_use]
    pub const fn under_pressure(&self) -> bool {
        self.state.pressure
    }

    /// Writes that were refused for want of room.
    #[must_use]
    pub const fn refused(&self) -> u32 {
        self.state.refused
    }

    /// The longest frame of this kind that would be accepted now, in bytes.
    #[must_use]
    pub fn free<R: Guards + ?Sized>(&self, rules: &R, kind: FrameKind) -> usize {
        let reserve = rules.control_reserve(kind, CONTROL_FRAME_BYTES_MAX);
        self.cursor().longest(reserve, &self.limits).min(self.limits.frame_bytes_max)
    }

    fn settle<R: Guards + ?Sized>(&mut self, rules: &R) {
        let State { pressure, queued, .. } = *self.state;
        self.state.pressure =
            rules.water_mark(pressure, queued, self.limits.high_bytes, self.limits.low_bytes);
    }

    fn cursor(&self) -> Cursor {
        let place = |record: &Record| usize::try_from(record.start).unwrap_or(usize::MAX);
        let front = self.records.front().map(place);
        let tail = self.records.back().map_or(0, |last| place(last).saturating_add(usize::from(last.bytes)));
        Cursor { front, tail, frames: self.records.iter().len() }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::guard::Sound;
    use core::convert::Infallible;
    use std::collections::VecDeque;
    use std::vec::Vec;

    const LIMITS: PipeLimits =
        PipeLimits { frame_bytes_max: 120, bytes_max: 400, frames_max: 8, high_bytes: 250, low_bytes: 100 };

    fn push(pipe: &mut BytePipe<'_>, kind: FrameKind, frame: &[u8]) -> Result<(), PipeRefusal> {
        let write = |place: &mut [u8]| {
            place.copy_from_slice(frame);
            Ok::<_, Infallible>(())
        };
        pipe.push(&Sound, kind, frame.len(), write).map(|written| written.unwrap_or(()))
    }

    #[test]
    fn agrees_with_a_queue_of_vectors_and_free_is_exact() {
        let mut buffer = PipeBuffer::<512, 16>::EMPTY;
        let mut pipe = buffer.pipe(LIMITS);
        let (mut model, mut state, mut refused) = (VecDeque::<Vec<u8>>::new(), 11_u64, 0);
        for round in 0..40_000_u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let kind = if state >> 60 & 1 == 0 { FrameKind::Data } else { FrameKind::Control };
            if state >> 62 == 0 {
                assert_eq!(pipe.front().ok(), model.front().map(Vec::as_slice));
                assert_eq!(pipe.pop(&Sound), model.pop_front().is_some());
            } else {
                let frame: Vec<u8> = (0..26 + (state >> 33) % 90).map(|i| (i as u32 ^ round) as u8).collect();
                let free = pipe.free(&Sound, kind);
                let taken = push(&mut pipe, kind, &frame);
                assert_eq!(taken.is_ok(), frame.len() <= free, "free is the longest frame accepted now");
                match taken {
                    Ok(()) => model.push_back(frame),
                    Err(refusal) => {
                        refused += 1;
                        let (needed, free) = (frame.len() as u32, free as u32);
                        assert_eq!(refusal, PipeRefusal::Pressure { needed, free });
                    }
                }
            }
            assert_eq!(pipe.queued(), model.iter().map(Vec::len).sum::<usize>());
            assert_eq!(pipe.frames(), model.len());
            assert_eq!(pipe.refused(), refused);
        }
        assert!(refused > 1_000);
    }

    #[test]
    fn data_leaves_room_for_one_control_frame() {
        let mut buffer = PipeBuffer::<400, 16>::EMPTY;
        let mut pipe = buffer.pipe(LIMITS);
        while push(&mut pipe, FrameKind::Data, &[7; 100]).is_ok() {}
        while push(&mut pipe, FrameKind::Data, &[7; 26]).is_ok() {}
        assert_eq!(push(&mut pipe, FrameKind::Control, &[8; CONTROL_FRAME_BYTES_MAX]), Ok(()));
    }

    #[test]
    fn a_message_is_admitted_whole_or_not_at_all() {
        let mut buffer = PipeBuffer::<400, 16>::EMPTY;
        let mut pipe = buffer.pipe(LIMITS);
        assert!(pipe.admit(&Sound, FrameKind::Data, [110, 110, 110].into_iter()).is_ok());
        assert!(pipe.admit(&Sound, FrameKind::Data, [110, 110, 113].into_iter()).is_err());
        assert_eq!((pipe.frames(), pipe.refused()), (0, 1));
        assert!(pipe.fits(&Sound, FrameKind::Data, [110, 110, 110].into_iter()));
        assert!(!pipe.fits(&Sound, FrameKind::Data, [110, 110, 113].into_iter()));
        assert_eq!(pipe.refused(), 1, "to look is no event");
    }

    #[test]
    fn the_refusals_come_in_their_order_and_reading_has_three_answers() {
        let mut buffer = PipeBuffer::<400, 16>::EMPTY;
        let mut pipe = buffer.pipe(LIMITS);
        assert_eq!(pipe.front(), Err(PipeEmpty::Empty));
        assert_eq!(
            push(&mut pipe, FrameKind::Data, &[0; 121]),
            Err(PipeRefusal::FrameTooLarge { bytes: 121, max: 120 })
        );
        push(&mut pipe, FrameKind::Data, &[1; 30]).unwrap();
        pipe.close();
        assert_eq!(push(&mut pipe, FrameKind::Data, &[0; 121]), Err(PipeRefusal::PipeClosed));
        assert_eq!(pipe.front(), Ok(&[1; 30][..]));
        assert!(pipe.pop(&Sound));
        assert_eq!(pipe.front(), Err(PipeEmpty::Closed));
        pipe.reset();
        assert_eq!(push(&mut pipe, FrameKind::Data, &[0; 121]), Err(PipeRefusal::PipeReset));
        assert_eq!(pipe.front(), Err(PipeEmpty::Reset));
    }

    #[test]
    fn pressure_rises_at_the_high_mark_and_clears_at_the_low_one() {
        let mut buffer = PipeBuffer::<400, 16>::EMPTY;
        let mut pipe = buffer.pipe(LIMITS);
        for (frames, raised) in [(1, false), (2, false), (3, true)] {
            push(&mut pipe, FrameKind::Data, &[0; 100]).unwrap();
            assert_eq!((pipe.frames(), pipe.under_pressure()), (frames, raised));
        }
        pipe.pop(&Sound);
        assert!(pipe.under_pressure());
        pipe.pop(&Sound);
        assert!(!pipe.under_pressure());
    }

    #[test]
    fn a_writer_that_declines_leaves_the_pipe_as_it_was() {
        let mut buffer = PipeBuffer::<400, 16>::EMPTY;
        let mut pipe = buffer.pipe(LIMITS);
        assert_eq!(pipe.push(&Sound, FrameKind::Data, 50, |_| Err("no")), Ok(Err("no")));
        assert_eq!((pipe.frames(), pipe.queued()), (0, 0));
    }
}
