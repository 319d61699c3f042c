//! The memory of an endpoint.

use crate::observe::EventQueue;
use crate::profile::Spec;
use crate::stream::{StreamLimits, StreamTable, Streams};
use crate::transport::{BytePipe, PipeBuffer, Reassembler, SlotBuffer};
use crate::vocab::{ReassemblyLimits, SequencePolicy};

/// The memory of one endpoint, sized by its type; `EMPTY` is a constant, so it can live in a `static`.
///
/// | parameter | what it sizes | at least, for a profile |
/// |---|---|---|
/// | `PIPE` | bytes of the outgoing pipe | `pipe_bytes_max` |
/// | `FRAMES` | frames of the outgoing pipe, 8 bytes each | `pipe_frames_max` |
/// | `MESSAGE` | bytes of a reassembly slot: the longest envelope | `envelope_bytes_max` |
/// | `SLOTS` | reassembly slots | `streams_max + session_credit` |
/// | `STREAMS` | streams at a time | `streams_max` |
#[derive(Debug)]
pub struct Memory<
    const PIPE: usize,
    const FRAMES: usize,
    const MESSAGE: usize,
    const SLOTS: usize,
    const STREAMS: usize,
> {
    pipe: PipeBuffer<PIPE, FRAMES>,
    slots: SlotBuffer<MESSAGE, SLOTS>,
    streams: StreamTable<STREAMS>,
    events: EventQueue,
}

/// Memory for the [`Standard`](crate::profile::Standard) profile.
pub type StandardMemory = Memory<16_384, 64, 1_048, 16, 8>;
/// Memory for the [`Small`](crate::profile::Small) profile.
pub type SmallMemory = Memory<2_048, 16, 512, 4, 4>;
/// Memory for the [`Large`](crate::profile::Large) profile.
pub type LargeMemory = Memory<65_536, 128, 16_408, 32, 16>;

/// What a memory holds, in the units of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Capacity {
    /// Bytes of the pipe.
    pub pipe_bytes: usize,
    /// Frames of the pipe.
    pub pipe_frames: usize,
    /// Bytes of a slot.
    pub slot_bytes: usize,
    /// Slots.
    pub slots: usize,
    /// Streams.
    pub streams: usize,
}

/// The first thing of a memory that is too small for a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum MemoryError {
    /// `pipe_bytes_max` exceeds the pipe.
    PipeBytes,
    /// `pipe_frames_max` exceeds the pipe.
    PipeFrames,
    /// `envelope_bytes_max` exceeds a slot.
    SlotBytes,
    /// `streams_max + session_credit` exceeds the slots.
    Slots,
    /// `streams_max` exceeds the table.
    Streams,
}

impl core::fmt::Display for MemoryError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::PipeBytes => "pipe_bytes_max exceeds the pipe's bytes",
            Self::PipeFrames => "pipe_frames_max exceeds the pipe's frames",
            Self::SlotBytes => "envelope_bytes_max exceeds a slot",
            Self::Slots => "streams_max + session_credit exceeds the slots",
            Self::Streams => "streams_max exceeds the stream table",
        })
    }
}

impl core::error::Error for MemoryError {}

impl Capacity {
    /// Whether a profile fits.
    ///
    /// # Errors
    /// The first thing that is too small.
    pub const fn holds(&self, spec: &Spec) -> Result<(), MemoryError> {
        if spec.pipe_bytes_max as usize > self.pipe_bytes {
            return Err(MemoryError::PipeBytes);
        }
        if spec.pipe_frames_max as usize > self.pipe_frames {
            return Err(MemoryError::PipeFrames);
        }
        if spec.envelope_bytes_max as usize > self.slot_bytes {
            return Err(MemoryError::SlotBytes);
        }
        if spec.slots() > self.slots {
            return Err(MemoryError::Slots);
        }
        if spec.streams_max as usize > self.streams {
            return Err(MemoryError::Streams);
        }
        Ok(())
    }
}

mod sealed {
    /// Keeps the set of memories closed.
    pub trait Sealed {}
}

/// Memory that an [`Endpoint`](super::Endpoint) can work in. Sealed: [`Memory`] is the one implementation.
pub trait Storage: sealed::Sealed {
    /// Memory that holds nothing.
    const EMPTY: Self;
    /// How much it holds.
    const CAPACITY: Capacity;

    #[doc(hidden)]
    fn parts(&mut self, spec: &Spec, limits: StreamLimits, order: SequencePolicy) -> Parts<'_>;
}

/// The objects in a memory, borrowed for one call. Their sizes are gone from the type, so the engine is compiled once.
#[doc(hidden)]
pub struct Parts<'m> {
    pub(super) pipe: BytePipe<'m>,
    pub(super) slots: Reassembler<'m>,
    pub(super) streams: Streams<'m>,
    pub(super) events: &'m mut EventQueue,
}

impl<const PIPE: usize, const FRAMES: usize, const MESSAGE: usize, const SLOTS: usize, const STREAMS: usize>
    sealed::Sealed for Memory<PIPE, FRAMES, MESSAGE, SLOTS, STREAMS>
{
}

impl<const PIPE: usize, const FRAMES: usize, const MESSAGE: usize, const SLOTS: usize, const STREAMS: usize>
    Storage for Memory<PIPE, FRAMES, MESSAGE, SLOTS, STREAMS>
{
    const EMPTY: Self = Self {
        pipe: PipeBuffer::EMPTY,
        slots: SlotBuffer::EMPTY,
        streams: StreamTable::EMPTY,
        events: EventQueue::EMPTY,
    };

    const CAPACITY: Capacity = Capacity {
        pipe_bytes: PIPE,
        pipe_frames: FRAMES,
        slot_bytes: MESSAGE,
        slots: SLOTS,
        streams: STREAMS,
    };

    #[inline]
    fn parts(&mut self, spec: &Spec, limits: StreamLimits, order: SequencePolicy) -> Parts<'_> {
        Parts {
            pipe: self.pipe.pipe(spec.pipe_limits()),
            slots: self.slots.reassembler(ReassemblyLimits { order, ..spec.reassembly_limits() }),
            streams: self.streams.streams(limits),
            events: &mut self.events,
        }
    }
}

const _: () = {
    use crate::profile::{Large, Profile, Small, Standard};
    assert!(StandardMemory::CAPACITY.holds(&Standard::SPEC).is_ok());
    assert!(SmallMemory::CAPACITY.holds(&Small::SPEC).is_ok());
    assert!(LargeMemory::CAPACITY.holds(&Large::SPEC).is_ok());
};
