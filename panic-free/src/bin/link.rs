//! The link in memory and its faults, from any state.
#![no_std]
#![no_main]

use kurdistan::link::{Delaying, Faults, Faulty, Injecting, Link, MemoryLink, Reflecting, Truncating};
use kurdistan::vocab::{Role, Ticks};
use panic_free::{any, bytes, part};

part!(link);

fn link() {
    faulty();
    truncating();
    reflecting();
    injecting();
    delaying();
}

fn memory() -> MemoryLink<256, 8> {
    MemoryLink::EMPTY.with_bytes_max(any(1_000))
}

fn carry(link: &mut impl Link) {
    let link = any(link);
    let role = any(Role::Client);
    any(link.send(role, bytes())).ok();
    any(link.front(role));
    any(link.pop(role));
    link.advance(any(Ticks(0)));
    any(link.next_deadline());
    if any(false) {
        link.clear();
    }
}

fn faulty() {
    let mut link = Faulty::<_, 256>::new(memory(), any(7), any(Faults::NONE));
    while any(true) {
        carry(&mut link);
        let role = any(Role::Client);
        any(link.counts(role));
        link.set_faults(role, any(Faults::NONE));
        link.link_mut().pin(any(None));
        any((link.link().frames(role), link.link().bytes(role), link.link().free(role)));
    }
}

fn truncating() {
    let mut link = Truncating::new(memory(), any(7), any(3));
    while any(true) {
        carry(&mut link);
        link.set_rate(any(Role::Client), any(0));
        any(link.truncated(any(Role::Client)));
        any((link.link_mut().free(Role::Client), link.link().bytes(Role::Client)));
    }
}

fn reflecting() {
    let mut link = Reflecting::<_, 256>::new(memory(), any(7), any(3));
    while any(true) {
        carry(&mut link);
        link.set_rate(any(Role::Client), any(0));
        any(link.reflected(any(Role::Client)));
        any((link.link_mut().free(Role::Client), link.link().bytes(Role::Client)));
    }
}

fn injecting() {
    let mut link = Injecting::<_, 256>::new(memory(), any(7), any(3));
    while any(true) {
        carry(&mut link);
        any(link.inject(any(Role::Client), bytes())).ok();
        link.set_rate(any(Role::Client), any(0));
        any(link.injected(any(Role::Client)));
        any((link.link_mut().free(Role::Client), link.link().bytes(Role::Client)));
    }
}

fn delaying() {
    let mut link = Delaying::<_, 256, 8>::new(memory(), any(Ticks(0)), any(3));
    while any(true) {
        carry(&mut link);
        link.set_delay(any(Role::Client), any(0));
        any(link.delayed(any(Role::Client)));
        any((link.link_mut().free(Role::Client), link.link().bytes(Role::Client)));
    }
}
