//! What a link knows of a frame.

use crate::guard::{Guards, Sound};
use crate::vocab::{Direction, FrameKind, FrameReject, MetadataClass};
use crate::wire::{HEADER_BYTES, frame_bytes};

/// One frame on a link, without its bytes: all that a trace may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LinkRecord {
    /// Sequence of the frame.
    pub sequence: u64,
    /// Session id class.
    pub session_class: u16,
    /// Length of the payload, in bytes.
    pub byte_count: u16,
    /// The way it travels.
    pub direction: Direction,
    /// Kind of the frame.
    pub kind: FrameKind,
    /// Which part of the system it serves.
    pub metadata: MetadataClass,
}

const _: () = assert!(size_of::<LinkRecord>() <= 16);

impl LinkRecord {
    /// The record of a frame that travels in `direction`. Only the fields above, the version, the checksum class and the
    /// length are looked at, in the order of a decoder; the checksum is not computed.
    ///
    /// # Errors
    /// The first broken rule: truncated, version, checksum class, trailing, unknown kind, wrong direction, metadata class.
    pub fn of(frame: &[u8], direction: Direction) -> Result<Self, FrameReject> {
        let header = frame.first_chunk::<HEADER_BYTES>().ok_or(FrameReject::Truncated)?;
        let [version, kind, flags, metadata, session_0, session_1, _, _, _, _, count_0, count_1, ..] =
            *header;
        let [.., s0, s1, s2, s3, s4, s5, s6, s7] = *header;
        Sound.frame_version(version)?;
        let class = Sound.checksum_class(version, None)?;
        let byte_count = u16::from_le_bytes([count_0, count_1]);
        Sound.declared_length(frame.len(), frame_bytes(class, usize::from(byte_count)))?;
        let kind = Sound.frame_kind(kind)?;
        let direction = Sound.frame_direction(flags, Some(direction))?;
        let metadata = Sound.metadata_class(metadata)?;
        let sequence = u64::from_le_bytes([s0, s1, s2, s3, s4, s5, s6, s7]);
        let session_class = u16::from_le_bytes([session_0, session_1]);
        Ok(Self { sequence, session_class, byte_count, direction, kind, metadata })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::vocab::{ChecksumClass, Role};
    use crate::wire::{FrameLimits, decode};

    const OUT: Direction = Direction::ClientToServer;

    #[test]
    fn it_agrees_with_the_decoder_about_every_legal_frame() {
        for class in ChecksumClass::ALL {
            for (from, sequence, payload) in
                [(Role::Client, 1, 0), (Role::Server, u64::MAX - 1, 90), (Role::Client, 0x0102_0304_0506, 1)]
            {
                let frame = sample::frame_of_class(*class, from, sequence, payload);
                let view = decode(&frame, &FrameLimits::WIDEST, &Sound).unwrap();
                let expected = LinkRecord {
                    sequence: view.sequence(),
                    session_class: view.session_class(),
                    byte_count: view.payload().len() as u16,
                    direction: view.direction(),
                    kind: view.kind(),
                    metadata: view.metadata(),
                };
                assert_eq!(LinkRecord::of(&frame, from.sends()), Ok(expected));
            }
        }
    }

    #[test]
    fn each_broken_field_has_its_own_name() {
        let good = sample::frame(Role::Client, 5, 10);
        let changed = |place: usize, value: u8| {
            let mut frame = good.clone();
            frame[place] = value;
            LinkRecord::of(&frame, OUT)
        };
        assert_eq!(LinkRecord::of(&[], OUT), Err(FrameReject::Truncated));
        assert_eq!(LinkRecord::of(&good[..23], OUT), Err(FrameReject::Truncated));
        assert_eq!(LinkRecord::of(&good[..37], OUT), Err(FrameReject::Truncated));
        assert_eq!(changed(0, 0x22), Err(FrameReject::Version));
        assert_eq!(changed(0, 0x14), Err(FrameReject::ChecksumClass));
        assert_eq!(changed(10, 11), Err(FrameReject::Truncated));
        assert_eq!(changed(10, 9), Err(FrameReject::Trailing));
        assert_eq!(changed(1, 0), Err(FrameReject::UnknownKind));
        assert_eq!(changed(1, 7), Err(FrameReject::UnknownKind));
        assert_eq!(changed(3, 6), Err(FrameReject::MetadataClass));
        assert_eq!(LinkRecord::of(&good, OUT.reverse()), Err(FrameReject::WrongDirection));
    }

    #[test]
    fn what_it_does_not_record_is_left_to_the_decoder() {
        let good = sample::frame(Role::Client, 5, 10);
        let record = LinkRecord::of(&good, OUT);
        for place in (6..10).chain(12..16).chain(24..good.len()) {
            let mut frame = good.clone();
            frame[place] ^= 0xff;
            assert!(decode(&frame, &FrameLimits::WIDEST, &Sound).is_err());
            assert_eq!(LinkRecord::of(&frame, OUT), record, "byte {place}");
        }
    }
}
