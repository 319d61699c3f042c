//! From bytes to a borrowed view of one frame, or one named reject.

use super::{FrameLimits, HEADER_BYTES, Header, checksum, frame_bytes};
use crate::guard::Guards;
use crate::guard::frame::FLAG_FINAL;
use crate::vocab::{ChecksumClass, Direction, FrameKind, FrameReject, MetadataClass};

/// A frame that obeys every rule, still in the bytes that it came in. Printing it shows the header, not the payload.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FrameView<'b> {
    header: &'b [u8; HEADER_BYTES],
    payload: &'b [u8],
    class: ChecksumClass,
    kind: FrameKind,
    direction: Direction,
    metadata: MetadataClass,
}

impl core::fmt::Debug for FrameView<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("FrameView").field(&self.header()).finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for FrameView<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.header());
    }
}

macro_rules! integers {
    ($($(#[$doc:meta])* $name:ident: $type:ty = [$($byte:pat),+ $(,)?] => [$($part:ident),+];)+) => {
        $(
            $(#[$doc])*
            #[inline]
            #[must_use]
            pub const fn $name(&self) -> $type {
                let [$($byte),+] = *self.header;
                <$type>::from_le_bytes([$($part),+])
            }
        )+
    };
}

impl<'b> FrameView<'b> {
    integers! {
        /// Session id class.
        session_class: u16 = [_, _, _, _, a, b, ..] => [a, b];
        /// Index of this fragment.
        fragment_index: u8 = [_, _, _, _, _, _, a, ..] => [a];
        /// Fragments of the message.
        fragment_count: u8 = [_, _, _, _, _, _, _, a, ..] => [a];
        /// Bytes of the message before this fragment.
        fragment_offset: u16 = [_, _, _, _, _, _, _, _, a, b, ..] => [a, b];
        /// Stream id; 0 is the session itself.
        stream: u32 = [_, _, _, _, _, _, _, _, _, _, _, _, a, b, c, d, ..] => [a, b, c, d];
        /// Sequence of the frame.
        sequence: u64 = [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, a, b, c, d, e, f, g, h] => [a, b, c, d, e, f, g, h];
    }

    /// Kind of the frame.
    #[inline]
    #[must_use]
    pub const fn kind(&self) -> FrameKind {
        self.kind
    }

    /// Checksum class of the frame.
    #[inline]
    #[must_use]
    pub const fn checksum_class(&self) -> ChecksumClass {
        self.class
    }

    /// The way it travels.
    #[inline]
    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.direction
    }

    /// Which part of the system it serves.
    #[inline]
    #[must_use]
    pub const fn metadata(&self) -> MetadataClass {
        self.metadata
    }

    /// Whether this is the last fragment of the last message of its half of the stream.
    #[inline]
    #[must_use]
    pub const fn is_final(&self) -> bool {
        let [_, _, flags, ..] = *self.header;
        flags & FLAG_FINAL != 0
    }

    /// The sequence of the message's first fragment, which names the message on its stream.
    #[inline]
    #[must_use]
    pub const fn first_sequence(&self) -> u64 {
        self.sequence().saturating_sub(self.fragment_index() as u64)
    }

    /// The payload.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'b [u8] {
        self.payload
    }

    /// The header as a value.
    #[must_use]
    pub const fn header(&self) -> Header {
        Header {
            kind: self.kind,
            is_final: self.is_final(),
            direction: self.direction,
            metadata: self.metadata,
            session_class: self.session_class(),
            fragment_index: self.fragment_index(),
            fragment_count: self.fragment_count(),
            fragment_offset: self.fragment_offset(),
            stream: self.stream(),
            sequence: self.sequence(),
        }
    }
}

/// Decodes a slice that holds exactly one frame. One pass, constant memory, no panic on any input; a slice that is longer than
/// it declares, or than the limit, costs no more than the header.
///
/// # Errors
/// The first broken rule, in the order of [`FrameReject`].
#[inline]
pub fn decode<'b, R: Guards + ?Sized>(
    bytes: &'b [u8],
    limits: &FrameLimits,
    rules: &R,
) -> Result<FrameView<'b>, FrameReject> {
    let (header, rest) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or(FrameReject::Truncated)?;
    let [version, _, _, _, _, _, _, _, _, _, length_0, length_1, ..] = *header;
    rules.frame_version(version)?;
    let class = rules.checksum_class(version, limits.class)?;
    let length = usize::from(u16::from_le_bytes([length_0, length_1]));
    let declared = frame_bytes(class, length);
    rules.declared_length(bytes.len(), declared)?;
    rules.frame_size(declared, limits.frame_bytes_max)?;

    let covered = declared.saturating_sub(class.bytes());
    let (body, tail) = bytes.split_at_checked(covered).ok_or(FrameReject::Truncated)?;
    rules.checksum(checksum(class, body), carried(tail))?;

    // Read only now, so that nothing of the header is kept over the checksum.
    let [_, kind, flags, metadata, _, _, index, count, offset_0, offset_1, ..] = *header;
    let kind = rules.frame_kind(kind)?;
    rules.flags(flags, kind, index, count)?;
    let direction = rules.frame_direction(flags, limits.direction)?;
    let metadata = rules.metadata_class(metadata)?;
    rules.payload_size(length, limits.payload_bytes_max)?;
    rules.fragment_count(count, limits.fragments_max, kind)?;
    rules.fragment_index(index, count)?;
    rules.fragment_offset(index, count, u16::from_le_bytes([offset_0, offset_1]), length)?;
    let payload = rest.get(..length).ok_or(FrameReject::Truncated)?;
    let view = FrameView { header, payload, class, kind, direction, metadata };
    rules.stream_id(view.stream(), kind)?;
    rules.frame_sequence(view.sequence(), index)?;
    Ok(view)
}

/// The checksum at the end of a frame: 2 or 4 bytes, little endian.
#[inline]
fn carried(tail: &[u8]) -> u32 {
    match *tail {
        [a, b] => u32::from_le_bytes([a, b, 0, 0]),
        [a, b, c, d, ..] => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// The session id class that bytes would name if they were a frame, unchecked: for a router in front of several sessions.
#[must_use]
pub fn peek_session_class(bytes: &[u8]) -> Option<u16> {
    let header = bytes.first_chunk::<HEADER_BYTES>()?;
    let [_, _, _, _, a, b, ..] = *header;
    Some(u16::from_le_bytes([a, b]))
}
