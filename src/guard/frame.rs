//! What a byte frame may say. The rules stand in the order in which a decoder asks them.

use crate::vocab::{ChecksumClass, Direction, FrameKind, FrameReject, MetadataClass};

const fn verdict(holds: bool, reject: FrameReject) -> Result<(), FrameReject> {
    if holds { Ok(()) } else { Err(reject) }
}

/// The high nibble of byte 0 is 1.
pub const fn frame_version(byte: u8) -> Result<(), FrameReject> {
    verdict(byte >> 4 == 1, FrameReject::Version)
}

/// The low nibble of byte 0 names a class, and the pinned one where one is pinned.
pub const fn checksum_class(byte: u8, pinned: Option<ChecksumClass>) -> Result<ChecksumClass, FrameReject> {
    match (ChecksumClass::from_code(byte & 0x0f), pinned) {
        (Some(found), None) => Ok(found),
        (Some(found), Some(pinned)) if found.code() == pinned.code() => Ok(found),
        _ => Err(FrameReject::ChecksumClass),
    }
}

/// A slice holds exactly the bytes that the header declares.
pub const fn declared_length(found: usize, declared: usize) -> Result<(), FrameReject> {
    if found < declared {
        return Err(FrameReject::Truncated);
    }
    verdict(found == declared, FrameReject::Trailing)
}

/// No frame is longer than the limit.
pub const fn frame_size(bytes: usize, max: usize) -> Result<(), FrameReject> {
    verdict(bytes <= max, FrameReject::OversizedFrame)
}

/// The checksum is that of the bytes before it.
pub const fn checksum(computed: u32, carried: u32) -> Result<(), FrameReject> {
    verdict(computed == carried, FrameReject::Checksum)
}

/// Byte 1 names a kind.
pub const fn frame_kind(byte: u8) -> Result<FrameKind, FrameReject> {
    match FrameKind::from_code(byte) {
        Some(kind) => Ok(kind),
        None => Err(FrameReject::UnknownKind),
    }
}

/// Bit 0: final. Bit 1: reset. Bit 2: direction.
pub const FLAG_FINAL: u8 = 1;
/// Bit 1 of the flags.
pub const FLAG_RESET: u8 = 2;
/// Bit 2 of the flags.
pub const FLAG_DIRECTION: u8 = 4;

/// Reserved flags are zero, reset stands on reset frames and only there, final on the last fragment of a data message only.
pub const fn flags(bits: u8, kind: FrameKind, index: u8, count: u8) -> Result<(), FrameReject> {
    let known = bits & !(FLAG_FINAL | FLAG_RESET | FLAG_DIRECTION) == 0;
    let reset = (bits & FLAG_RESET != 0) == matches!(kind, FrameKind::Reset);
    let last = matches!(kind, FrameKind::Data) && (index as u16).wrapping_add(1) == count as u16;
    verdict(known && reset && (bits & FLAG_FINAL == 0 || last), FrameReject::Flags)
}

/// A frame travels the way it was sent.
pub const fn frame_direction(bits: u8, expected: Option<Direction>) -> Result<Direction, FrameReject> {
    let found =
        if bits & FLAG_DIRECTION == 0 { Direction::ClientToServer } else { Direction::ServerToClient };
    match expected {
        Some(expected) if expected.code() != found.code() => Err(FrameReject::WrongDirection),
        _ => Ok(found),
    }
}

/// Byte 3 names a metadata class.
pub const fn metadata_class(byte: u8) -> Result<MetadataClass, FrameReject> {
    match MetadataClass::from_code(byte) {
        Some(class) => Ok(class),
        None => Err(FrameReject::MetadataClass),
    }
}

/// No payload is longer than the limit.
pub const fn payload_size(bytes: usize, max: usize) -> Result<(), FrameReject> {
    verdict(bytes <= max, FrameReject::OversizedPayload)
}

/// There is a fragment, there are not more than the limit, and only data is cut.
pub const fn fragment_count(count: u8, max: u8, kind: FrameKind) -> Result<(), FrameReject> {
    let cut = matches!(kind, FrameKind::Data) || count == 1;
    verdict(count >= 1 && count <= max && cut, FrameReject::FragmentCount)
}

/// The index is below the count.
pub const fn fragment_index(index: u8, count: u8) -> Result<(), FrameReject> {
    verdict(index < count, FrameReject::FragmentIndex)
}

/// The offset is 0 exactly when the index is 0, a message ends below 2^16, and a message that is cut has no empty fragment.
pub const fn fragment_offset(index: u8, count: u8, offset: u16, bytes: usize) -> Result<(), FrameReject> {
    let start = (index == 0) == (offset == 0);
    let end = bytes <= u16::MAX.saturating_sub(offset) as usize;
    verdict(start && end && (count == 1 || bytes != 0), FrameReject::FragmentOffset)
}

/// Data and resets belong to a stream, a close to the session, the others to either.
pub const fn stream_id(stream: u32, kind: FrameKind) -> Result<(), FrameReject> {
    let holds = match kind {
        FrameKind::Data | FrameKind::Reset => stream != 0,
        FrameKind::Close => stream == 0,
        FrameKind::Control | FrameKind::Ack | FrameKind::Backpressure => true,
    };
    verdict(holds, FrameReject::StreamId)
}

/// The sequence is above the index, so that the message's first sequence is at least 1, and never the reserved last one.
pub const fn frame_sequence(sequence: u64, index: u8) -> Result<(), FrameReject> {
    verdict(sequence > index as u64 && sequence != u64::MAX, FrameReject::Sequence)
}
