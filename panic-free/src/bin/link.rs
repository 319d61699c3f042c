//! The link in memory and its faults, from any state.
#![no_std]
#![no_main]

use kurdistan::link::{Faults, Faulty, Link, MemoryLink};
use kurdistan::vocab::Role;
use panic_free::{any, bytes, part};

part!(link);

fn link() {
    let memory = MemoryLink::<256, 8>::EMPTY.with_bytes_max(any(1_000));
    let mut link = Faulty::<_, 256>::new(memory, any(7), any(Faults::NONE));
    while any(true) {
        let link = any(&mut link);
        let role = any(Role::Client);
        any(link.send(role, bytes())).ok();
        any(link.front(role));
        any(link.pop(role));
        any(link.counts(role));
        link.set_faults(role, any(Faults::NONE));
        link.link_mut().pin(any(None));
        any((link.link().frames(role), link.link().bytes(role), link.link().free(role)));
        if any(false) {
            link.clear();
        }
    }
}
