//! Joining fragments, from any state and with any limits.
#![no_std]
#![no_main]

use kurdistan::guard::Sound;
use kurdistan::profile::{Profile, Small};
use kurdistan::transport::SlotBuffer;
use kurdistan::vocab::Ticks;
use kurdistan::wire::{FrameLimits, decode};
use panic_free::{any, bytes, part};

part!(reassembler);

fn reassembler() {
    let mut buffer = SlotBuffer::<512, 4>::EMPTY;
    let mut slots = any(&mut buffer).reassembler(any(Small::SPEC.reassembly_limits()));
    while any(true) {
        let now = Ticks(any(0));
        if let Ok(frame) = decode(bytes(), &any(FrameLimits::WIDEST), &Sound) {
            any(slots.accept(&Sound, &frame, now)).ok();
        }
        if let Some((envelope, message)) = slots.envelope(any(0)) {
            any((envelope, message.facts, message.count, message.is_final));
        }
        slots.hold(any(0), any(0)..any(9));
        any(slots.held(any(1), any(1)));
        any(slots.message(any(0)));
        any((slots.expire(&Sound, now), slots.next_deadline()));
        any((slots.pending(any(1), any(1)), slots.in_use()));
        slots.release(any(0));
        slots.release_held(any(1));
        if any(false) {
            slots.clear();
        }
    }
    any(slots.into_message(any(0)));
}
