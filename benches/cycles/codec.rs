//! Frame encode and decode, whole and without their checksum.

use std::hint::black_box;

use kurdistan::profile::{Fixed, Large, Loaded, Policy, Profile, ProfileId, Spec};
use kurdistan::vocab::{ChecksumClass, Direction, FrameKind, MetadataClass, Role};
use kurdistan::wire::{self, HEADER_BYTES, Header, checksum, frame_bytes};

use crate::limits::{copy, crc32c};
use crate::measure::Case;

/// A profile with frames of up to 4,096 bytes of payload, messages of 16 frames of 1 KiB, and CRC-32C.
pub struct Wide;

impl Profile for Wide {
    const SPEC: Spec = Spec {
        id: ProfileId(*b"wide\0\0\0\0"),
        checksum: ChecksumClass::Crc32c,
        hamming_distance: 4,
        frame_bytes_max: 4_124,
        payload_bytes_max: 4_096,
        fragments_max: 16,
        fragment_bytes: 1_024,
        envelope_bytes_max: 16_384,
        ..Large::SPEC
    };
}

/// The policy of that profile, known to the compiler.
pub const FIXED: Fixed<Wide> = Fixed::new();

/// The same, loaded at run time: no number of it is known to the compiler.
pub fn loaded() -> Loaded<'static> {
    static SPEC: Spec = Wide::SPEC;
    Loaded::new(black_box(&SPEC)).expect("a sound profile")
}

/// A frame of the client, the first one of stream 1.
pub const HEADER: Header = Header {
    kind: FrameKind::Data,
    is_final: false,
    direction: Direction::ClientToServer,
    metadata: MetadataClass::Runtime,
    session_class: 7,
    fragment_index: 0,
    fragment_count: 1,
    fragment_offset: 0,
    stream: 1,
    sequence: 1,
};

/// Encodes `payload` into `out` as the application would.
#[inline]
pub fn encode<P: Policy>(header: &Header, rules: &P, payload: &[u8], out: &mut [u8]) -> usize {
    let limits = rules.spec().frame_limits(Role::Server);
    let fill = |place: &mut [u8]| place.copy_from_slice(payload);
    wire::encode(header, rules.spec().checksum, payload.len(), &limits, rules, out, fill).expect("a frame")
}

/// Encode against one copy and one checksum; as a `STEP`, without the checksum, against the copy alone.
pub struct Encode<P, const STEP: bool> {
    rules: P,
    payload: Vec<u8>,
    frame: Vec<u8>,
}

impl<P: Policy, const STEP: bool> Encode<P, STEP> {
    pub fn new(rules: P, bytes: usize) -> Self {
        let frame = vec![0; frame_bytes(ChecksumClass::Crc32c, bytes)];
        Self { rules, payload: vec![0x5a; bytes], frame }
    }

    fn covered(&self) -> usize {
        HEADER_BYTES + self.payload.len()
    }
}

impl<P: Policy, const STEP: bool> Case for Encode<P, STEP> {
    const HAS_PART: bool = STEP;

    #[inline]
    fn operate(&mut self, _: usize) {
        let payload = black_box(&self.payload[..]);
        black_box(encode(black_box(&HEADER), &self.rules, payload, &mut self.frame));
        black_box(&mut self.frame);
    }

    #[inline]
    fn part(&mut self, _: usize) {
        let covered = self.covered();
        black_box(checksum(ChecksumClass::Crc32c, black_box(&self.frame[..covered])));
    }

    #[inline]
    fn limit(&mut self, _: usize) {
        let covered = self.covered();
        copy(&mut self.frame[HEADER_BYTES..covered], &self.payload);
        if !STEP {
            black_box(crc32c(&self.frame[..covered]));
        }
    }
}

/// Decode against one checksum; as a `STEP`, without the checksum, against a copy of the header.
pub struct Decode<P, const STEP: bool> {
    rules: P,
    frame: Vec<u8>,
    header: [u8; HEADER_BYTES],
}

impl<P: Policy, const STEP: bool> Decode<P, STEP> {
    pub fn new(rules: P, bytes: usize) -> Self {
        let Encode { payload, mut frame, .. } = Encode::<P, false>::new(rules, bytes);
        encode(&HEADER, &rules, &payload, &mut frame);
        Self { rules, frame, header: [0; HEADER_BYTES] }
    }

    fn covered(&self) -> &[u8] {
        &self.frame[..self.frame.len() - 4]
    }
}

impl<P: Policy, const STEP: bool> Case for Decode<P, STEP> {
    const HAS_PART: bool = STEP;

    #[inline]
    fn operate(&mut self, _: usize) {
        let limits = self.rules.spec().frame_limits(Role::Server);
        let view = wire::decode(black_box(&self.frame), &limits, &self.rules).expect("a genuine frame");
        black_box((view.stream(), view.sequence(), view.payload()));
    }

    #[inline]
    fn part(&mut self, _: usize) {
        black_box(checksum(ChecksumClass::Crc32c, black_box(self.covered())));
    }

    #[inline]
    fn limit(&mut self, _: usize) {
        if STEP {
            copy(&mut self.header, &self.frame[..HEADER_BYTES]);
        } else {
            black_box(crc32c(self.covered()));
        }
    }
}
