//! The fixed header of a frame.

use crate::guard::frame::{FLAG_DIRECTION, FLAG_FINAL, FLAG_RESET};
use crate::vocab::{ChecksumClass, Direction, FrameKind, MetadataClass};

/// Length of the header, in bytes.
pub const HEADER_BYTES: usize = 24;

/// The version in the high nibble of byte 0.
pub const WIRE_VERSION: u8 = 1;

/// What a header says besides the payload's length and the checksum class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header {
    /// Kind of the frame; the reset flag follows from it.
    pub kind: FrameKind,
    /// This is the last fragment of the last message of its half of the stream.
    pub is_final: bool,
    /// The way it travels.
    pub direction: Direction,
    /// Which part of the system it serves.
    pub metadata: MetadataClass,
    /// Session id class, for demultiplexing only.
    pub session_class: u16,
    /// Index of this fragment.
    pub fragment_index: u8,
    /// Fragments of the message.
    pub fragment_count: u8,
    /// Bytes of the message before this fragment.
    pub fragment_offset: u16,
    /// Stream id; 0 is the session itself.
    pub stream: u32,
    /// Sequence of the frame on its stream, or among the control frames of its direction.
    pub sequence: u64,
}

const _: () = assert!(size_of::<Header>() <= 32);

impl Header {
    /// The flag bits.
    #[inline]
    #[must_use]
    pub const fn flags(&self) -> u8 {
        let last = if self.is_final { FLAG_FINAL } else { 0 };
        let reset = if matches!(self.kind, FrameKind::Reset) { FLAG_RESET } else { 0 };
        let direction = if matches!(self.direction, Direction::ServerToClient) { FLAG_DIRECTION } else { 0 };
        last | reset | direction
    }

    /// The 24 bytes of the header.
    #[inline]
    #[must_use]
    pub const fn to_bytes(&self, class: ChecksumClass, payload_bytes: u16) -> [u8; HEADER_BYTES] {
        let [session_0, session_1] = self.session_class.to_le_bytes();
        let [offset_0, offset_1] = self.fragment_offset.to_le_bytes();
        let [count_0, count_1] = payload_bytes.to_le_bytes();
        let [i0, i1, i2, i3] = self.stream.to_le_bytes();
        let [s0, s1, s2, s3, s4, s5, s6, s7] = self.sequence.to_le_bytes();
        let version = (WIRE_VERSION << 4) | class.code();
        [
            version,
            self.kind.code(),
            self.flags(),
            self.metadata.code(),
            session_0,
            session_1,
            self.fragment_index,
            self.fragment_count,
            offset_0,
            offset_1,
            count_0,
            count_1,
            i0,
            i1,
            i2,
            i3,
            s0,
            s1,
            s2,
            s3,
            s4,
            s5,
            s6,
            s7,
        ]
    }
}
