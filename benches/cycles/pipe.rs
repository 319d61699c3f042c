//! Push and pop of one frame, written in place.

use std::hint::black_box;

use kurdistan::guard::Sound;
use kurdistan::transport::{BytePipe, PipeBuffer};
use kurdistan::vocab::{FrameKind, PipeLimits};

use crate::limits::copy;
use crate::measure::Case;

const PIPE_BYTES: usize = 16_384;
const LIMITS: PipeLimits = PipeLimits {
    frame_bytes_max: 4_124,
    bytes_max: PIPE_BYTES,
    frames_max: 64,
    high_bytes: 12_288,
    low_bytes: 4_096,
};

/// A pipe that always holds one other frame, so that its ring turns, against a copy into a ring of the same size.
pub struct PushPop {
    pipe: BytePipe<'static>,
    frame: Vec<u8>,
    ring: Vec<u8>,
    at: usize,
}

impl PushPop {
    pub fn new(bytes: usize) -> Self {
        // Leaked: a pipe borrows its memory, and a case owns what it works on.
        let memory: &mut PipeBuffer<PIPE_BYTES, 64> = Box::leak(Box::new(PipeBuffer::EMPTY));
        let mut case = Self {
            pipe: memory.pipe(black_box(LIMITS)),
            frame: vec![0x5a; bytes],
            ring: vec![0; PIPE_BYTES],
            at: 0,
        };
        case.push();
        case
    }

    #[inline]
    fn push(&mut self) {
        let frame = black_box(&self.frame[..]);
        let write = |place: &mut [u8]| {
            place.copy_from_slice(frame);
            Ok::<(), ()>(())
        };
        let pushed = self.pipe.push(&Sound, FrameKind::Data, frame.len(), write);
        assert!(matches!(pushed, Ok(Ok(()))));
    }
}

impl Case for PushPop {
    #[inline]
    fn operate(&mut self, _: usize) {
        self.push();
        black_box(self.pipe.front().expect("a frame"));
        assert!(self.pipe.pop(&Sound));
    }

    #[inline]
    fn limit(&mut self, _: usize) {
        let end = self.at + self.frame.len();
        copy(&mut self.ring[self.at..end], &self.frame);
        self.at = if end + self.frame.len() > PIPE_BYTES { 0 } else { end };
    }
}
