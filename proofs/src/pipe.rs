//! The bounded pipe against a queue of vectors. Where a frame may lie is found by trial, and so is the longest one.

use std::collections::VecDeque;
use std::ops::Range;

use kurdistan::guard::Sound;
use kurdistan::transport::{BytePipe, PipeBuffer};
use kurdistan::vocab::{CONTROL_FRAME_BYTES_MAX, FrameKind, PipeEmpty, PipeLimits, PipeRefusal};

use crate::Seen;
use crate::bytes::{head, pick, steps};

const BYTES: usize = 512;
const FRAMES: usize = 12;
/// Frames of a message, at most.
const PIECES: usize = 3;

/// Writes and reads of one pipe.
#[derive(Clone, Debug)]
pub struct Script {
    /// The limits, which may exceed the memory.
    pub limits: PipeLimits,
    /// What happens.
    pub steps: Vec<Step>,
}

/// One event. Lengths are in bytes.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// One frame is written.
    Push { kind: FrameKind, bytes: usize },
    /// One frame is begun and given up.
    Cancel { kind: FrameKind, bytes: usize },
    /// The frames of a message are asked for, nothing is written.
    Admit { kind: FrameKind, pieces: [usize; PIECES] },
    /// The frames of a message are asked for, and written if there is room.
    Message { kind: FrameKind, pieces: [usize; PIECES] },
    /// The oldest frame is looked at.
    Front,
    /// So many frames leave.
    Pop { frames: u8 },
    /// No more frames.
    Close,
    /// No more frames, and none of those that wait.
    Reset,
    /// The next session.
    Clear,
}

impl Script {
    /// Bytes of the head.
    pub const HEAD: usize = 6;
    /// Bytes of a step.
    pub const STEP: usize = 5;
    /// Steps, at most.
    pub const STEPS: usize = 160;

    /// The script that these bytes name.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (head, rest) = head::<{ Self::HEAD }>(bytes);
        let low = usize::from(head[3]);
        let limits = PipeLimits {
            frame_bytes_max: 60 + usize::from(head[0] % 128),
            bytes_max: 150 + usize::from(head[1]) * 2,
            frames_max: 2 + usize::from(head[2]) % 14,
            low_bytes: low,
            high_bytes: low + 1 + usize::from(head[4]),
        };
        Self {
            limits,
            steps: steps(rest, Self::STEPS, |step| Step::from_bytes(step, limits.frame_bytes_max)),
        }
    }
}

impl Step {
    fn from_bytes([what, kind, a, b, c]: [u8; Script::STEP], longest: usize) -> Self {
        let kind = if kind.is_multiple_of(2) { FrameKind::Data } else { pick(FrameKind::ALL, kind / 2) };
        // Now and then a frame is longer than any may be.
        let length = |byte: u8| 1 + usize::from(byte) % (longest + 4);
        let pieces = [length(a), length(b) / 2 + 1, length(c) / 3 + 1];
        match what % 32 {
            0..=10 => Self::Push { kind, bytes: length(a) },
            11 | 12 => Self::Cancel { kind, bytes: length(a) },
            13 | 14 => Self::Admit { kind, pieces },
            15..=17 => Self::Message { kind, pieces },
            18 | 19 => Self::Front,
            20..=27 => Self::Pop { frames: 1 },
            28 | 29 => Self::Pop { frames: a % 6 },
            30 if b < 32 => Self::Close,
            31 if b < 16 => Self::Reset,
            31 if b < 48 => Self::Clear,
            _ => Self::Pop { frames: 2 },
        }
    }
}

/// A frame that waits.
struct Waiting {
    place: Range<usize>,
    kind: FrameKind,
    bytes: Vec<u8>,
}

struct Model {
    limits: PipeLimits,
    queue: VecDeque<Waiting>,
    /// Bytes that waited after each write and each read.
    levels: Vec<usize>,
    refused: u32,
    written: u8,
    closed: bool,
    reset: bool,
}

impl Model {
    fn new(limits: PipeLimits) -> Self {
        let limits = PipeLimits {
            bytes_max: limits.bytes_max.min(BYTES),
            frames_max: limits.frames_max.min(FRAMES),
            ..limits
        };
        let (queue, levels) = (VecDeque::new(), Vec::new());
        Self { limits, queue, levels, refused: 0, written: 0, closed: false, reset: false }
    }

    /// Where frames of these lengths would lie, one after the other: each right behind the newest, or else at the start of
    /// the memory, on bytes that no frame occupies.
    fn places(&self, lengths: &[usize]) -> Option<Vec<Range<usize>>> {
        let mut taken: Vec<Range<usize>> = self.queue.iter().map(|frame| frame.place.clone()).collect();
        for bytes in lengths {
            let behind = taken.last().map_or(0, |newest| newest.end);
            let free = |place: &Range<usize>| {
                place.end <= self.limits.bytes_max
                    && taken.iter().all(|other| place.end <= other.start || other.end <= place.start)
            };
            let place = [behind..behind + bytes, 0..*bytes].into_iter().find(free)?;
            taken.push(place);
        }
        let fits = taken.len() <= self.limits.frames_max;
        fits.then(|| taken.split_off(self.queue.len()))
    }

    fn fits(&self, kind: FrameKind, lengths: &[usize]) -> bool {
        let reserve = (kind == FrameKind::Data).then_some(CONTROL_FRAME_BYTES_MAX);
        let all: Vec<usize> = lengths.iter().copied().chain(reserve).collect();
        self.places(&all).is_some()
    }

    /// The longest frame that fits.
    fn free(&self, kind: FrameKind) -> usize {
        (1..=self.limits.frame_bytes_max).rev().find(|bytes| self.fits(kind, &[*bytes])).unwrap_or(0)
    }

    fn admit(&mut self, kind: FrameKind, lengths: &[usize]) -> Result<(), PipeRefusal> {
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let max = self.limits.frame_bytes_max;
        if self.reset {
            return Err(PipeRefusal::PipeReset);
        }
        if self.closed {
            return Err(PipeRefusal::PipeClosed);
        }
        if longest > max {
            return Err(PipeRefusal::FrameTooLarge { bytes: longest as u32, max: max as u32 });
        }
        if !self.fits(kind, lengths) {
            self.refused += 1;
            let needed = lengths.iter().sum::<usize>() as u32;
            return Err(PipeRefusal::Pressure { needed, free: self.free(kind) as u32 });
        }
        Ok(())
    }

    fn push(&mut self, kind: FrameKind, bytes: Vec<u8>) {
        let place = self.places(&[bytes.len()]).expect("an admitted frame fits")[0].clone();
        self.queue.push_back(Waiting { place, kind, bytes });
        self.levels.push(self.queued());
    }

    fn pop(&mut self) -> bool {
        let popped = self.queue.pop_front().is_some();
        if popped {
            self.levels.push(self.queued());
        }
        popped
    }

    fn front(&self) -> Result<&[u8], PipeEmpty> {
        match self.queue.front() {
            Some(frame) => Ok(&frame.bytes),
            None if self.reset => Err(PipeEmpty::Reset),
            None if self.closed => Err(PipeEmpty::Closed),
            None => Err(PipeEmpty::Empty),
        }
    }

    fn queued(&self) -> usize {
        self.queue.iter().map(|frame| frame.bytes.len()).sum()
    }

    /// The last mark that was crossed is the high one.
    fn under_pressure(&self) -> bool {
        let (low, high) = (self.limits.low_bytes, self.limits.high_bytes);
        self.levels
            .iter()
            .rev()
            .find(|level| **level <= low || **level >= high)
            .is_some_and(|level| *level >= high)
    }

    fn drop_all(&mut self) {
        self.queue.clear();
        self.levels.clear();
    }

    /// The bytes of the next frame, unlike those of the frames around it.
    fn fresh(&mut self, bytes: usize) -> Vec<u8> {
        self.written = self.written.wrapping_add(1);
        (0..bytes).map(|at| (at as u8).wrapping_mul(7) ^ self.written).collect()
    }
}

/// Runs the script; at each step the pipe answers as the queue does.
pub fn check(script: &Script) -> Seen {
    let mut seen = Seen::new();
    let mut buffer = PipeBuffer::<BYTES, FRAMES>::EMPTY;
    let mut model = Model::new(script.limits);
    for (index, step) in script.steps.iter().enumerate() {
        // A new view each time: all that a pipe knows is in its memory.
        let mut pipe = buffer.pipe(script.limits);
        act(*step, &mut pipe, &mut model, &mut seen);
        let data = model.queue.iter().filter(|frame| frame.kind == FrameKind::Data).count();
        assert_eq!((pipe.frames(), pipe.data_frames()), (model.queue.len(), data), "after {index}: {step:?}");
        assert_eq!(pipe.queued(), model.queued(), "after {index}: {step:?}");
        assert_eq!(pipe.refused(), model.refused, "after {index}: {step:?}");
        assert_eq!(pipe.under_pressure(), model.under_pressure(), "after {index}: {step:?}");
        assert_eq!(pipe.front(), model.front(), "after {index}: {step:?}");
        let kind = if index.is_multiple_of(2) { FrameKind::Data } else { FrameKind::Control };
        assert_eq!(pipe.free(&Sound, kind), model.free(kind), "free for {kind} after {index}: {step:?}");
        note(&model, &mut seen);
    }
    seen
}

fn act(step: Step, pipe: &mut BytePipe<'_>, model: &mut Model, seen: &mut Seen) {
    match step {
        Step::Push { kind, bytes } => {
            push(pipe, model, kind, bytes, seen);
        }
        Step::Cancel { kind, bytes } => cancel(pipe, model, kind, bytes, seen),
        Step::Admit { kind, pieces } => {
            admit(pipe, model, kind, &pieces, seen);
        }
        Step::Message { kind, pieces } => {
            if admit(pipe, model, kind, &pieces, seen) {
                let whole = pieces.iter().all(|bytes| push(pipe, model, kind, *bytes, seen));
                assert!(whole, "an admitted message fits whole");
                seen.insert("message");
            }
        }
        Step::Front => assert_eq!(pipe.front(), model.front()),
        Step::Pop { frames } => {
            for _ in 0..frames {
                assert_eq!(pipe.front(), model.front());
                assert_eq!(pipe.pop(&Sound), model.pop());
            }
        }
        Step::Close => {
            pipe.close();
            model.closed = true;
        }
        Step::Reset => {
            pipe.reset();
            model.drop_all();
            (model.reset, model.closed) = (true, false);
        }
        Step::Clear => {
            pipe.clear();
            model.drop_all();
            (model.reset, model.closed, model.refused) = (false, false, 0);
        }
    }
}

fn admit(
    pipe: &mut BytePipe<'_>,
    model: &mut Model,
    kind: FrameKind,
    pieces: &[usize],
    seen: &mut Seen,
) -> bool {
    let expected = model.admit(kind, pieces);
    assert_eq!(pipe.admit(&Sound, kind, pieces.iter().copied()), expected, "{pieces:?}");
    seen.insert(name(expected));
    expected.is_ok()
}

fn push(pipe: &mut BytePipe<'_>, model: &mut Model, kind: FrameKind, bytes: usize, seen: &mut Seen) -> bool {
    let frame = model.fresh(bytes);
    let expected = model.admit(kind, &[bytes]);
    let pushed = pipe.push(&Sound, kind, bytes, |space| {
        space.copy_from_slice(&frame);
        Ok::<(), ()>(())
    });
    assert_eq!(pushed, expected.map(Ok), "a frame of {bytes} bytes");
    seen.insert(name(expected));
    if expected.is_ok() {
        model.push(kind, frame);
    }
    expected.is_ok()
}

fn cancel(pipe: &mut BytePipe<'_>, model: &mut Model, kind: FrameKind, bytes: usize, seen: &mut Seen) {
    let expected = model.admit(kind, &[bytes]);
    let mut lent = None;
    let cancelled = pipe.push(&Sound, kind, bytes, |space| {
        lent = Some(space.len());
        space.fill(0xee);
        Err("given up")
    });
    assert_eq!(cancelled, expected.map(|()| Err("given up")));
    assert_eq!(lent, expected.ok().map(|()| bytes), "a refused writer is not asked");
    seen.insert(if expected.is_ok() { "cancelled" } else { name(expected) });
}

fn name(verdict: Result<(), PipeRefusal>) -> &'static str {
    match verdict {
        Ok(()) => "accepted",
        Err(PipeRefusal::PipeReset) => "pipe_reset",
        Err(PipeRefusal::PipeClosed) => "pipe_closed",
        Err(PipeRefusal::FrameTooLarge { .. }) => "frame_too_large",
        Err(PipeRefusal::Pressure { free: 0, .. }) => "pressure, nothing free",
        Err(PipeRefusal::Pressure { .. }) => "pressure",
        Err(_) => "unknown",
    }
}

fn note(model: &Model, seen: &mut Seen) {
    let turned = model
        .queue
        .front()
        .zip(model.queue.back())
        .is_some_and(|(first, last)| last.place.start < first.place.start);
    let level = model.queued();
    let between = level > model.limits.low_bytes && level < model.limits.high_bytes;
    let reading = model.front().map_or_else(PipeEmpty::name, |_| "front");
    let names = [
        (turned, "turned"),
        (model.queue.len() == model.limits.frames_max, "every frame"),
        (between && model.under_pressure(), "high between the marks"),
        (between && !model.under_pressure(), "low between the marks"),
        (true, reading),
    ];
    seen.extend(names.iter().filter(|(holds, _)| *holds).map(|(_, name)| *name));
}
