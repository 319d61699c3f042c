//! One or two wrong bits anywhere in a frame, and the decoder refuses it.
//!
//! A pinned checksum class guarantees it. The frames are small enough for every pair of bits to be tried in seconds.

use std::thread;

use kurdistan::guard::Sound;
use kurdistan::vocab::{ChecksumClass, Direction, FrameKind, MetadataClass};
use kurdistan::wire::{FrameLimits, Header, decode, encode, frame_bytes};

const PAYLOADS: [usize; 8] = [0, 1, 7, 8, 31, 32, 63, 64];

#[test]
fn no_frame_with_one_or_two_wrong_bits_is_accepted() {
    let mut samples = Vec::new();
    for &class in ChecksumClass::ALL {
        for &kind in FrameKind::ALL {
            samples.extend(PAYLOADS.map(|payload| (class, kind, payload)));
        }
    }
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let tried: usize = thread::scope(|scope| {
        let samples = &samples;
        let work = |worker: usize| {
            scope
                .spawn(move || samples.iter().skip(worker).step_by(workers).map(|s| flips(*s)).sum::<usize>())
        };
        let running: Vec<_> = (0..workers).map(work).collect();
        running.into_iter().map(|worker| worker.join().expect("no frame was accepted")).sum()
    });
    let expected: usize = samples
        .iter()
        .map(|(class, _, payload)| 8 * frame_bytes(*class, *payload))
        .map(|bits| bits + bits * (bits - 1) / 2)
        .sum();
    assert_eq!(tried, expected);
}

/// How many flips of one and two bits were tried; panics if one makes a frame.
fn flips((class, kind, payload): (ChecksumClass, FrameKind, usize)) -> usize {
    let limits = FrameLimits { class: Some(class), ..FrameLimits::WIDEST };
    let mut frame = sample(class, kind, payload, &limits);
    assert!(decode(&frame, &limits, &Sound).is_ok(), "the sample itself is a frame");
    let bits = 8 * frame.len();
    let mut tried = 0;
    for first in 0..bits {
        flip(&mut frame, first);
        refused(&frame, &limits, class, kind, [first, first]);
        for second in first + 1..bits {
            flip(&mut frame, second);
            refused(&frame, &limits, class, kind, [first, second]);
            flip(&mut frame, second);
        }
        flip(&mut frame, first);
        tried += bits - first;
    }
    tried
}

fn flip(frame: &mut [u8], bit: usize) {
    frame[bit / 8] ^= 1 << (bit % 8);
}

fn refused(frame: &[u8], limits: &FrameLimits, class: ChecksumClass, kind: FrameKind, bits: [usize; 2]) {
    let accepted = decode(frame, limits, &Sound).is_ok();
    assert!(!accepted, "{class} {kind}, {} bytes, bits {bits:?}", frame.len());
}

fn sample(class: ChecksumClass, kind: FrameKind, payload: usize, limits: &FrameLimits) -> Vec<u8> {
    let header = Header {
        kind,
        is_final: false,
        direction: Direction::ClientToServer,
        metadata: MetadataClass::Runtime,
        session_class: 0x1234,
        fragment_index: 0,
        fragment_count: 1,
        fragment_offset: 0,
        stream: u32::from(kind != FrameKind::Close),
        sequence: 77,
    };
    let mut frame = vec![0; frame_bytes(class, payload)];
    let fill = |place: &mut [u8]| {
        for (at, byte) in place.iter_mut().enumerate() {
            *byte = (at * 37 + 11) as u8;
        }
    };
    encode(&header, class, payload, limits, &Sound, &mut frame, fill).expect("a legal frame");
    frame
}
