//! The body `frames` on random scripts, on raw bytes, and at the longest payloads.

mod harness;

use kurdistan::guard::Sound;
use kurdistan::vocab::{ChecksumClass, Direction, FrameKind, FrameReject, MetadataClass};
use kurdistan::wire::{FrameLimits, Header, encode};
use proofs::Seen;
use proofs::frames::{Script, check, check_raw, encode_obeys_the_decoder};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::Strategy;

fn scripts() -> impl Strategy<Value = Script> {
    harness::scripts::<{ Script::HEAD }, { Script::STEP }, _>(Script::STEPS, Script::from_bytes)
}

#[test]
fn holds_on_random_scripts() {
    harness::holds(scripts(), check);
}

#[test]
fn the_scripts_reach_every_branch() {
    let mut names: Vec<_> = FrameReject::ALL.iter().map(|reject| reject.name()).collect();
    names.extend(["accepted", "output_too_small"]);
    harness::reaches(scripts(), check, &names);
}

#[test]
fn holds_on_raw_bytes() {
    harness::holds(vec(any::<u8>(), 0..120), |bytes| {
        let mut seen = Seen::new();
        check_raw(bytes, &FrameLimits::WIDEST, &mut seen);
        seen
    });
}

const HEADER: Header = Header {
    kind: FrameKind::Data,
    is_final: true,
    direction: Direction::ServerToClient,
    metadata: MetadataClass::Carrier,
    session_class: 0xa55a,
    fragment_index: 0,
    fragment_count: 1,
    fragment_offset: 0,
    stream: u32::MAX,
    sequence: u64::MAX - 1,
};

#[test]
fn holds_at_the_longest_payloads() {
    for &class in ChecksumClass::ALL {
        for bytes in [0, 1, 65_534, 65_535] {
            let mut seen = Seen::new();
            let limits = FrameLimits { class: Some(class), ..FrameLimits::WIDEST };
            encode_obeys_the_decoder(&HEADER, class, &vec![bytes as u8; bytes], &limits, &mut seen);
            assert!(seen.contains("output_too_small"), "{bytes} bytes are a legal payload");
        }
    }
}

#[test]
fn more_than_the_byte_count_can_tell_is_never_encoded() {
    let unlimited =
        FrameLimits { frame_bytes_max: usize::MAX, payload_bytes_max: usize::MAX, ..FrameLimits::WIDEST };
    for payload in [65_536, 65_536 + 24, usize::MAX] {
        let mut out = vec![7; 1 << 17];
        let fill = |_: &mut [u8]| panic!("nothing is filled in");
        let written = encode(&HEADER, ChecksumClass::Crc32c, payload, &unlimited, &Sound, &mut out, fill);
        assert!(written.is_err() && out.iter().all(|byte| *byte == 7));
    }
}
