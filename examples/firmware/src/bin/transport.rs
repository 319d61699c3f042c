//! The transport without a session: codec, fragmenter, pipe, sequencer and reassembler.
#![no_std]
#![no_main]

use core::hint::black_box;

use kurdistan::profile::{Fixed, Profile, Small};
use kurdistan::transport::{BytePipe, Cuts, PipeBuffer, Reassembler, Sequencer, SlotBuffer};
use kurdistan::vocab::{Direction, FrameKind, MetadataClass, Role, Ticks};
use kurdistan::wire::{Header, decode, encode, frame_bytes};
use static_cell::ConstStaticCell;

const RULES: Fixed<Small> = Fixed::new();

static PIPE: ConstStaticCell<PipeBuffer<2_048, 16>> = ConstStaticCell::new(PipeBuffer::EMPTY);
static SLOTS: ConstStaticCell<SlotBuffer<512, 4>> = ConstStaticCell::new(SlotBuffer::EMPTY);

#[cortex_m_rt::entry]
fn main() -> ! {
    if let (Some(pipe), Some(slots)) = (PIPE.try_take(), SLOTS.try_take()) {
        let mut pipe = pipe.pipe(Small::SPEC.pipe_limits());
        let mut slots = slots.reassembler(Small::SPEC.reassembly_limits());
        let mut sequencer = Sequencer::new();
        let message = black_box([0_u8; 500]);
        let mut sequence = 1;
        while black_box(true) {
            sequence = send(&mut pipe, &message, sequence);
            receive(&mut pipe, &mut slots, &mut sequencer);
        }
    }
    kurdistan_firmware::stop()
}

fn send(pipe: &mut BytePipe<'_>, message: &[u8], first: u64) -> u64 {
    let spec = Small::SPEC;
    let Some(cuts) = Cuts::plan(spec.fragment_limits(), message.len(), &RULES) else { return first };
    let count = cuts.fragments();
    let lengths = cuts.clone().map(|cut| frame_bytes(spec.checksum, cut.bytes));
    if pipe.admit(&RULES, FrameKind::Data, lengths).is_err() {
        return first;
    }
    let limits = spec.frame_limits(Role::Client);
    for cut in cuts {
        let header = Header {
            kind: FrameKind::Data,
            is_final: false,
            direction: Direction::ServerToClient,
            metadata: MetadataClass::Runtime,
            session_class: 1,
            fragment_index: cut.index,
            fragment_count: count,
            fragment_offset: cut.offset as u16,
            stream: 2,
            sequence: first.saturating_add(u64::from(cut.index)),
        };
        let fill = |place: &mut [u8]| {
            if let Some(part) = message.get(cut.offset..).and_then(|rest| rest.get(..place.len())) {
                place.copy_from_slice(part);
            }
        };
        let write = |place: &mut [u8]| {
            encode(&header, spec.checksum, cut.bytes, &limits, &RULES, place, fill).map(|_| ())
        };
        let bytes = frame_bytes(spec.checksum, cut.bytes);
        black_box(pipe.push(&RULES, FrameKind::Data, bytes, write).is_ok());
    }
    first.saturating_add(u64::from(count))
}

fn receive(pipe: &mut BytePipe<'_>, slots: &mut Reassembler<'_>, sequencer: &mut Sequencer) {
    let spec = Small::SPEC;
    let now = Ticks(black_box(0));
    while let Ok(frame) = pipe.front() {
        if let Ok(view) = decode(frame, &spec.frame_limits(Role::Client), &RULES) {
            let pending = slots.pending(view.stream(), view.first_sequence());
            let (policy, window, sequence) = (spec.sequence, spec.sequence_window, view.sequence());
            if sequencer.peek(policy, window, pending, sequence, &RULES).is_ok() {
                if let Ok(accepted) = slots.accept(&RULES, &view, now) {
                    black_box(&accepted);
                    if let Some((envelope, _)) = slots.envelope(0) {
                        black_box(envelope);
                        sequencer.mark(view.first_sequence(), view.fragment_count());
                        slots.release(0);
                    }
                }
            }
        }
        pipe.pop(&RULES);
    }
    slots.expire(&RULES, now);
}
