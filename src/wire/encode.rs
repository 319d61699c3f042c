//! From a header and a payload to one frame, written where it will lie.

use super::{FrameLimits, HEADER_BYTES, Header, checksum};
use crate::guard::Guards;
use crate::vocab::{ChecksumClass, FrameReject};

/// Why nothing was encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EncodeRefusal {
    /// A decoder with these limits would refuse the frame, for this reason.
    Header(FrameReject),
    /// The output is too small.
    OutputTooSmall {
        /// Bytes that the frame needs.
        needed: u32,
    },
}

impl core::fmt::Display for EncodeRefusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Header(reject) => write!(f, "not a legal frame: {reject}"),
            Self::OutputTooSmall { needed } => write!(f, "the frame needs {needed} bytes"),
        }
    }
}

impl core::error::Error for EncodeRefusal {}

/// Length of a frame with `payload` bytes, in bytes.
#[inline]
#[must_use]
pub const fn frame_bytes(class: ChecksumClass, payload: usize) -> usize {
    payload.saturating_add(HEADER_BYTES).saturating_add(class.bytes())
}

/// Writes one frame to the start of `out` and returns its length. `fill` writes the payload in place: a buffer of exactly
/// `payload` bytes is lent to it, so a payload is copied once.
///
/// # Errors
/// [`EncodeRefusal`]; `out` is unchanged.
#[inline]
pub fn encode<R: Guards + ?Sized>(
    header: &Header,
    class: ChecksumClass,
    payload: usize,
    limits: &FrameLimits,
    rules: &R,
    out: &mut [u8],
    fill: impl FnOnce(&mut [u8]),
) -> Result<usize, EncodeRefusal> {
    check(header, class, payload, limits, rules).map_err(EncodeRefusal::Header)?;
    let length = frame_bytes(class, payload);
    let small = EncodeRefusal::OutputTooSmall { needed: u32::try_from(length).unwrap_or(u32::MAX) };
    let count = u16::try_from(payload).map_err(|_| EncodeRefusal::Header(FrameReject::OversizedPayload))?;
    let frame = out.get_mut(..length).ok_or(small)?;
    let covered = length.saturating_sub(class.bytes());
    let (body, tail) = frame.split_at_mut_checked(covered).ok_or(small)?;
    let (head, place) = body.split_first_chunk_mut::<HEADER_BYTES>().ok_or(small)?;
    *head = header.to_bytes(class, count);
    fill(place);
    let sum = checksum(class, body).to_le_bytes();
    for (to, from) in tail.iter_mut().zip(sum) {
        *to = from;
    }
    Ok(length)
}

/// The rules of a decoder, asked before anything is written.
#[inline]
fn check<R: Guards + ?Sized>(
    header: &Header,
    class: ChecksumClass,
    payload: usize,
    limits: &FrameLimits,
    rules: &R,
) -> Result<(), FrameReject> {
    rules.checksum_class(class.code(), limits.class)?;
    rules.frame_size(frame_bytes(class, payload), limits.frame_bytes_max)?;
    let flags = header.flags();
    rules.flags(flags, header.kind, header.fragment_index, header.fragment_count)?;
    rules.frame_direction(flags, limits.direction)?;
    rules.payload_size(payload, limits.payload_bytes_max)?;
    rules.fragment_count(header.fragment_count, limits.fragments_max, header.kind)?;
    rules.fragment_index(header.fragment_index, header.fragment_count)?;
    rules.fragment_offset(header.fragment_index, header.fragment_count, header.fragment_offset, payload)?;
    rules.stream_id(header.stream, header.kind)?;
    rules.frame_sequence(header.sequence, header.fragment_index)
}
