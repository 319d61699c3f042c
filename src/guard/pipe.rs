//! The bounded pipe: what goes in, and when it is under pressure.

use crate::vocab::{FrameKind, PipeRefusal};

/// Facts about a write of one or more frames, which goes in whole or not at all.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PipeFacts {
    /// The pipe was reset.
    pub reset: bool,
    /// The pipe was closed.
    pub closed: bool,
    /// Bytes of the longest of the frames.
    pub longest: usize,
    /// Bytes of the longest frame that a pipe may carry.
    pub frame_bytes_max: usize,
    /// There is room for all of them, the reserve included.
    pub fits: bool,
    /// Bytes of all of them.
    pub needed: usize,
    /// Bytes of the longest frame that would be accepted now.
    pub free: usize,
}

const fn small(bytes: usize) -> u32 {
    if bytes > u32::MAX as usize { u32::MAX } else { bytes as u32 }
}

/// Reset, closed, too large, no room: in this order, and nothing is written unless all of it fits.
pub const fn pipe_write(facts: PipeFacts) -> Result<(), PipeRefusal> {
    if facts.reset {
        return Err(PipeRefusal::PipeReset);
    }
    if facts.closed {
        return Err(PipeRefusal::PipeClosed);
    }
    if facts.longest > facts.frame_bytes_max {
        return Err(PipeRefusal::FrameTooLarge {
            bytes: small(facts.longest),
            max: small(facts.frame_bytes_max),
        });
    }
    if !facts.fits {
        return Err(PipeRefusal::Pressure { needed: small(facts.needed), free: small(facts.free) });
    }
    Ok(())
}

/// Data leaves room for one control frame, so that two full pipes do not wait for each other.
pub const fn control_reserve(kind: FrameKind, control_bytes: usize) -> usize {
    match kind {
        FrameKind::Data => control_bytes,
        _ => 0,
    }
}

/// What a peer has told of its pressure holds for the time after which a quiet peer is probed.
pub const fn pressure_lapsed(told_ticks: u32, ping_ticks: u32) -> bool {
    told_ticks >= ping_ticks
}

/// Pressure rises at the high water mark and clears at the low one.
pub const fn water_mark(raised: bool, queued: usize, high: usize, low: usize) -> bool {
    if raised { queued > low } else { queued >= high }
}
