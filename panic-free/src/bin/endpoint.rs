//! The whole of it: every verb of an endpoint, from any point of the loop.
#![no_std]
#![no_main]

use kurdistan::profile::{Loaded, Policy, Profile};
use kurdistan::stream::Priority;
use kurdistan::vocab::CapabilitySet;
use kurdistan::{CloseReason, Config, Endpoint, Fresh, Id, Read, Role, Secret, Small, SmallMemory, Ticks};
use panic_free::{any, bytes, part, space};

part!(endpoint);

fn endpoint() {
    let spec = any(Small::SPEC);
    let Ok(policy) = Loaded::new(&spec) else { return };
    let mut side = Endpoint::<_, SmallMemory>::vacant(policy);
    while any(true) {
        turn(&mut side, Ticks(any(0)));
    }
}

fn turn<P: Policy>(side: &mut Endpoint<P, SmallMemory>, now: Ticks) {
    if let Some(config) = config() {
        let fresh = Fresh::from_both(any([0; 32]), any(1), any(1));
        any(side.start(now, config, fresh).is_ok());
    }
    any(side.receive(now, bytes()).is_ok());
    if let Some(stream) = side.readable() {
        match side.read(stream) {
            Read::Message(bytes) => {
                any(bytes);
            }
            other => {
                any(other);
            }
        }
        any(side.consume(now, stream));
    }
    any(side.open_stream()).ok();
    streams(side, now, any(1));
    side.poll(now);
    while let Some(frame) = side.poll_transmit(now) {
        any(frame.bytes());
        if any(true) {
            frame.sent();
        }
    }
    match any(0) {
        0 => side.close(now, any(CloseReason::Done)),
        1 => side.abort(),
        _ => {}
    }
    let text = core::str::from_utf8(bytes()).unwrap_or("label");
    any(side.export(text, bytes(), space()));
    any((side.lifecycle(), side.is_open(), side.failure(), side.peer(), side.stats()));
    any((side.next_deadline(), side.idle_link(), side.poll_event(), side.events_truncated()));
}

fn streams<P: Policy>(side: &mut Endpoint<P, SmallMemory>, now: Ticks, stream: u32) {
    any(side.send(now, stream, space())).ok();
    any(side.prioritise(stream, Priority { interactive: any(true), weight: any(1) })).ok();
    any(side.writable(now));
    match any(0) {
        0 => any(side.finish(now, stream).is_ok()),
        1 => any(side.finish_with_error(now, stream, any(1)).is_ok()),
        2 => any(side.reset(now, stream, any(1)).is_ok()),
        _ => any(side.consume(now, stream)),
    };
}

fn id() -> Option<Id> {
    Id::from_bytes(bytes()).ok()
}

fn config() -> Option<Config> {
    let config = Config::new(any(Role::Client), id()?, id()?, Secret::new(bytes()).ok()?);
    let config = config.expect(id()?).also(id()?, Secret::new(bytes()).ok()?).ok()?;
    Some(config.offer(CapabilitySet::from_bits(any(1))).require(CapabilitySet::from_bits(any(1))))
}
