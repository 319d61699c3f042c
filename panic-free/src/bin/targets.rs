//! Synthetic targets on the streams of an endpoint, from any point of the loop.
#![no_std]
#![no_main]

use kurdistan::endpoint::Service;
use kurdistan::stream::target::{TargetKind, TargetSettings};
use kurdistan::{Endpoint, Fixed, Small, SmallMemory, Ticks};
use panic_free::{any, part};

part!(targets);

fn targets() {
    let mut side = Endpoint::<_, SmallMemory>::vacant(Fixed::<Small>::new());
    let settings = any(TargetSettings::USUAL);
    let mut service = Service::<4, 488>::named(settings, any(1));
    if any(true) {
        service = Service::of(any(TargetKind::Echo), settings, any(1));
    }
    while any(true) {
        any(&mut side);
        any(service.poll(Ticks(any(0)), &mut side));
        any((service.next_deadline(), service.serving()));
        if any(true) {
            service.clear();
        }
    }
}
