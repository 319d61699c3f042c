//! One operation each, counted from its first instruction to its last. The state is made before and dropped after, and
//! lies in boxes, so that no count holds a move of it.

use std::hint::black_box;

use counts::{BYTES, Decoded, Encoded, FACTS, Pair, Pipe, RULES, Receiver, Slots};
use gungraun::{library_benchmark, library_benchmark_group, main};
use kurdistan::guard::Sound;
use kurdistan::profile::{Profile, Standard};
use kurdistan::secure::{ReplayRing, Sealed};
use kurdistan::session::Config;
use kurdistan::transport::Accepted;
use kurdistan::vocab::{EnvelopeClass, FrameKind, Role, Ticks};
use kurdistan::wire::{checksum, decode, encode};

#[library_benchmark]
#[bench::bytes_64(counts::encoded())]
fn encode_frame(mut state: Box<Encoded>) -> Box<Encoded> {
    let Encoded { header, payload, frame } = &mut *state;
    let limits = Standard::SPEC.frame_limits(Role::Server);
    let fill = |place: &mut [u8]| place.copy_from_slice(payload);
    let written = encode(header, Standard::SPEC.checksum, payload.len(), &limits, &RULES, frame, fill);
    assert!(written.is_ok());
    state
}

#[library_benchmark]
#[bench::bytes_64(counts::encoded())]
fn decode_frame(state: Box<Encoded>) -> Box<Encoded> {
    let view = decode(&state.frame, &Standard::SPEC.frame_limits(Role::Server), &RULES).expect("a frame");
    black_box((view.stream(), view.sequence(), view.payload()));
    state
}

#[library_benchmark]
#[bench::frame_of_64(counts::encoded())]
fn checksum_only(state: Box<Encoded>) -> Box<Encoded> {
    let (class, frame) = (Standard::SPEC.checksum, &state.frame);
    black_box(checksum(class, &frame[..frame.len() - class.bytes()]));
    state
}

#[library_benchmark]
#[bench::bytes_64(counts::pipe())]
fn pipe(mut state: Box<(Pipe, [u8; BYTES])>) -> Box<(Pipe, [u8; BYTES])> {
    let (memory, frame) = &mut *state;
    let mut pipe = memory.pipe(Standard::SPEC.pipe_limits());
    let write = |place: &mut [u8]| {
        place.copy_from_slice(frame);
        Ok::<(), ()>(())
    };
    assert!(pipe.push(&RULES, FrameKind::Data, BYTES, write).is_ok());
    black_box(pipe.front().is_ok());
    assert!(pipe.pop(&RULES));
    state
}

#[library_benchmark]
#[bench::in_order(counts::ring(), 1)]
#[bench::ahead_by_two(counts::ring(), 2)]
fn replay(mut ring: Box<ReplayRing>, ahead: u64) -> Box<ReplayRing> {
    let limits = Standard::SPEC.replay_limits();
    let sequence = ring.highest() + ahead;
    assert!(ring.peek(limits.policy, limits.width, sequence, &Sound).is_ok());
    ring.commit(sequence);
    ring
}

#[library_benchmark]
#[bench::bytes_64(counts::pair())]
fn seal(mut state: Box<Pair>) -> (Box<Pair>, Sealed) {
    let Pair { client, message, .. } = &mut *state;
    let sealed = client.seal(EnvelopeClass::Data, &FACTS, message).expect("a seal");
    (state, sealed)
}

#[library_benchmark]
#[bench::bytes_64(counts::receiver())]
fn open(mut state: Box<Receiver>) -> Box<Receiver> {
    let Receiver { server, envelope } = &mut *state;
    black_box(server.open(&FACTS, false, envelope).expect("a genuine envelope"));
    state
}

#[library_benchmark]
#[bench::two_frames(counts::decoded())]
fn reassemble(mut state: Box<(Slots, Decoded)>) -> Box<(Slots, Decoded)> {
    let (memory, frames) = &mut *state;
    let mut slots = memory.reassembler(Standard::SPEC.reassembly_limits());
    for view in &*frames {
        if let Ok(Accepted::Complete(slot)) = slots.accept(&RULES, view, Ticks(0)) {
            black_box(slots.envelope(slot).expect("a message"));
        }
    }
    state
}

#[library_benchmark]
#[bench::both_sides([Role::Client, Role::Server].map(counts::config))]
fn handshake(configs: [Config; 2]) -> Box<Pair> {
    counts::handshake(configs)
}

library_benchmark_group!(
    name = operations,
    benchmarks = [encode_frame, decode_frame, checksum_only, pipe, replay, seal, open, reassemble, handshake]
);

main!(library_benchmark_groups = operations);
