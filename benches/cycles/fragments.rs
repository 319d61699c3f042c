//! 64 KiB in four messages of 16 frames of 1 KiB, which is the most that one message may be cut into.

use std::hint::black_box;

use kurdistan::profile::Policy;
use kurdistan::transport::{Accepted, Cuts, Reassembler, SlotBuffer};
use kurdistan::vocab::{ChecksumClass, Role, Ticks};
use kurdistan::wire::{FrameView, HEADER_BYTES, Header, decode, frame_bytes};

use crate::codec::{FIXED, HEADER, encode};
use crate::limits::{copy, crc32c};
use crate::measure::Case;

const MESSAGE_BYTES: usize = 16_384;
const MESSAGES: usize = 4;
const PART_BYTES: usize = 1_024;
const FRAMES: usize = MESSAGES * MESSAGE_BYTES / PART_BYTES;
const COVERED_BYTES: usize = HEADER_BYTES + PART_BYTES;
const FRAME_BYTES: usize = frame_bytes(ChecksumClass::Crc32c, PART_BYTES);

/// Bytes of all messages.
pub const TOTAL_BYTES: usize = MESSAGES * MESSAGE_BYTES;

/// Plan, cut and encode every message against 64 copies and 64 checksums.
pub struct Split {
    bytes: Vec<u8>,
    frames: Vec<u8>,
}

impl Split {
    pub fn new() -> Self {
        let frames = vec![0; FRAMES * FRAME_BYTES];
        Self { bytes: (0..TOTAL_BYTES).map(|at| at as u8).collect(), frames }
    }
}

impl Case for Split {
    #[inline]
    fn operate(&mut self, _: usize) {
        let Self { bytes, frames } = self;
        let rules = &FIXED;
        let mut places = frames.chunks_exact_mut(FRAME_BYTES);
        let mut sequence = 0;
        for message in black_box(&bytes[..]).chunks_exact(MESSAGE_BYTES) {
            let cuts = Cuts::plan(rules.spec().fragment_limits(), message.len(), rules).expect("a plan");
            let fragment_count = cuts.fragments();
            for cut in cuts {
                sequence += 1;
                let fragment_offset = cut.offset as u16;
                let fragment_index = cut.index;
                let header = Header { fragment_index, fragment_count, fragment_offset, sequence, ..HEADER };
                let place = places.next().expect("as many frames as parts");
                encode(&header, rules, &message[cut.offset..][..cut.bytes], place);
            }
        }
        black_box(frames);
    }

    #[inline]
    fn limit(&mut self, _: usize) {
        let parts = self.bytes.chunks_exact(PART_BYTES);
        for (part, frame) in parts.zip(self.frames.chunks_exact_mut(FRAME_BYTES)) {
            copy(&mut frame[HEADER_BYTES..COVERED_BYTES], part);
            black_box(crc32c(&frame[..COVERED_BYTES]));
        }
    }
}

/// What of the receiving path a [`Join`] does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// The frames have been decoded and come in order.
    InOrder,
    /// The frames have been decoded; those of a message come from the last to the first.
    Reversed,
    /// The frames are decoded too, checksum included.
    Decoding,
}

/// Reassembly of every message against 64 copies; when [`Decoding`](Work::Decoding), and 64 checksums.
pub struct Join {
    work: Work,
    slots: Reassembler<'static>,
    frames: &'static [u8],
    views: Vec<FrameView<'static>>,
    place: Vec<u8>,
}

impl Join {
    pub fn new(work: Work) -> Self {
        let mut split = Split::new();
        split.operate(0);
        let rules = FIXED;
        // Leaked: views and a reassembler borrow their memory, and a case owns what it works on.
        let frames: &[u8] = split.frames.leak();
        let memory: &mut SlotBuffer<MESSAGE_BYTES, 16> = Box::leak(Box::new(SlotBuffer::EMPTY));
        let limits = rules.spec().frame_limits(Role::Server);
        let view = |frame| decode(frame, &limits, &rules).expect("a genuine frame");
        let mut views: Vec<_> = frames.chunks_exact(FRAME_BYTES).map(view).collect();
        if work == Work::Reversed {
            views.chunks_exact_mut(FRAMES / MESSAGES).for_each(<[_]>::reverse);
        }
        let slots = memory.reassembler(rules.spec().reassembly_limits());
        Self { work, slots, frames, views, place: vec![0; MESSAGE_BYTES] }
    }
}

impl Case for Join {
    #[inline]
    fn operate(&mut self, _: usize) {
        let Self { work, slots, frames, views, .. } = self;
        let rules = &FIXED;
        let limits = rules.spec().frame_limits(Role::Server);
        let mut complete = 0;
        for (view, frame) in black_box(views).iter().zip(black_box(*frames).chunks_exact(FRAME_BYTES)) {
            let view = match work {
                Work::InOrder | Work::Reversed => *view,
                Work::Decoding => decode(frame, &limits, rules).expect("a genuine frame"),
            };
            if let Accepted::Complete(slot) = slots.accept(rules, &view, Ticks(0)).expect("a new fragment") {
                black_box(slots.envelope(slot).expect("a whole message"));
                slots.release(slot);
                complete += 1;
            }
        }
        assert_eq!(complete, MESSAGES);
    }

    #[inline]
    fn limit(&mut self, _: usize) {
        let payloads = black_box(self.frames).chunks_exact(FRAME_BYTES);
        for (frame, index) in payloads.zip((0..MESSAGE_BYTES / PART_BYTES).cycle()) {
            if self.work == Work::Decoding {
                black_box(crc32c(&frame[..COVERED_BYTES]));
            }
            copy(&mut self.place[index * PART_BYTES..][..PART_BYTES], &frame[HEADER_BYTES..COVERED_BYTES]);
        }
    }
}
