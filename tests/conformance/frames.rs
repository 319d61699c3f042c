//! Frames, and what is not one.

use kurdistan::guard::Sound;
use kurdistan::vocab::{ChecksumClass, Direction, FrameKind, FrameReject, MetadataClass};
use kurdistan::wire::{FrameLimits, Header, decode, encode, frame_bytes};

use crate::table::{Section, sections};

#[test]
fn frames_encode_to_the_vectors_and_decode_from_them() {
    let all = sections(include_str!("../vectors/frames.txt"));
    for kind in FrameKind::ALL {
        for class in ChecksumClass::ALL {
            let heading = format!("accepted {class} {kind} ");
            assert!(all.iter().any(|section| section.heading().starts_with(&heading)), "none of {heading}");
        }
    }
    for section in &all {
        let name = section.heading();
        let class = section.code("checksum_class", ChecksumClass::from_code);
        let limits = FrameLimits { class: Some(class), ..FrameLimits::WIDEST };
        let (header, payload, frame) = (header(section), section.bytes("payload"), section.bytes("frame"));
        assert_eq!(frame_bytes(class, payload.len()), frame.len(), "{name}");

        let mut out = vec![0xa5; frame.len() + 3];
        let fill = |place: &mut [u8]| place.copy_from_slice(&payload);
        let written = encode(&header, class, payload.len(), &limits, &Sound, &mut out, fill);
        assert_eq!(written, Ok(frame.len()), "{name}");
        assert_eq!(out, [&frame[..], &[0xa5; 3]].concat(), "{name}");

        for limits in [limits, FrameLimits::WIDEST] {
            let view = decode(&frame, &limits, &Sound).unwrap_or_else(|reject| panic!("{name}: {reject}"));
            assert_eq!((view.header(), view.payload()), (header, &payload[..]), "{name}");
            assert_eq!(view.checksum_class(), class, "{name}");
        }
    }
}

fn header(section: &Section) -> Header {
    Header {
        kind: section.code("kind", FrameKind::from_code),
        is_final: section.int::<u8>("final") == 1,
        direction: section.code("direction", Direction::from_code),
        metadata: section.code("metadata", MetadataClass::from_code),
        session_class: section.int("session_class"),
        fragment_index: section.int("fragment_index"),
        fragment_count: section.int("fragment_count"),
        fragment_offset: section.int("fragment_offset"),
        stream: section.int("stream"),
        sequence: section.int("sequence"),
    }
}

#[test]
fn every_malformed_vector_is_refused_by_its_name() {
    let all = sections(include_str!("../vectors/malformed.txt"));
    for reject in FrameReject::ALL {
        assert!(all.iter().any(|section| section.text("reject") == reject.name()), "none of {reject}");
    }
    for section in &all {
        let limits = FrameLimits {
            class: Some(section.code("checksum_class", ChecksumClass::from_code)),
            frame_bytes_max: 96,
            payload_bytes_max: 64,
            fragments_max: 4,
            direction: Some(Direction::ClientToServer),
        };
        let found = decode(&section.bytes("frame"), &limits, &Sound).err().map(FrameReject::name);
        assert_eq!(found, Some(section.text("reject")), "{}", section.heading());
    }
}
