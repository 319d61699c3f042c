//! Frames for the tests of this folder.

use heapless::Vec;

use crate::guard::Sound;
use crate::vocab::{ChecksumClass, FrameKind, MetadataClass, Role};
use crate::wire::{FrameLimits, Header, encode};

/// The longest sample.
pub(super) const BYTES_MAX: usize = 128;

/// A data frame of session class 7 with `payload` bytes that follow from its sequence.
pub(super) fn frame(from: Role, sequence: u64, payload: usize) -> Vec<u8, BYTES_MAX> {
    frame_of_class(ChecksumClass::Crc32c, from, sequence, payload)
}

pub(super) fn frame_of_class(
    class: ChecksumClass,
    from: Role,
    sequence: u64,
    payload: usize,
) -> Vec<u8, BYTES_MAX> {
    let header = Header {
        kind: FrameKind::Data,
        is_final: false,
        direction: from.sends(),
        metadata: MetadataClass::Runtime,
        session_class: 7,
        fragment_index: 0,
        fragment_count: 1,
        fragment_offset: 0,
        stream: 1,
        sequence,
    };
    let mut bytes = Vec::from_array([0; BYTES_MAX]);
    let fill = |place: &mut [u8]| {
        for (index, byte) in place.iter_mut().enumerate() {
            *byte = (sequence as u8).wrapping_mul(31).wrapping_add(index as u8);
        }
    };
    let length = encode(&header, class, payload, &FrameLimits::WIDEST, &Sound, &mut bytes, fill)
        .expect("a legal frame");
    bytes.truncate(length);
    bytes
}

/// A data frame of the client's with a payload of 0 to 69 bytes, both by its sequence.
pub(super) fn sent(sequence: u64) -> Vec<u8, BYTES_MAX> {
    frame(Role::Client, sequence, usize::try_from(sequence).expect("a small sequence") % 70)
}

#[cfg(test)]
pub(super) use runs::{drain, run};

#[cfg(test)]
mod runs {
    extern crate std;
    use super::super::Link;
    use crate::vocab::Role;
    use core::ops::RangeInclusive;
    use std::vec::Vec;

    /// Sequence in the record, and bytes.
    type Delivered = (u64, Vec<u8>);

    /// Everything that `link` has for `to` now.
    pub fn drain(link: &mut impl Link, to: Role) -> Vec<Delivered> {
        let mut out = Vec::new();
        while let Some(frame) = link.front(to) {
            out.push((frame.record.sequence, frame.bytes.to_vec()));
            assert!(link.pop(to));
        }
        assert!(!link.pop(to));
        out
    }

    /// The client sends the frames of these sequences, eight at a time; what arrives at the server.
    pub fn run(link: &mut impl Link, sequences: RangeInclusive<u64>) -> Vec<Delivered> {
        let mut out = Vec::new();
        let last = *sequences.end();
        for sequence in sequences {
            link.send(Role::Client, &super::sent(sequence)).expect("room");
            if sequence % 8 == 0 || sequence == last {
                out.extend(drain(link, Role::Server));
            }
        }
        out
    }
}
