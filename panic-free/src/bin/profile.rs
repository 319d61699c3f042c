//! Checking and hashing any profile, and the queue of events.
#![no_std]
#![no_main]

use kurdistan::observe::{Event, EventQueue};
use kurdistan::profile::{Loaded, Policy, Profile, Small, generation_hash};
use kurdistan::vocab::Lifecycle;
use panic_free::{any, part};

part!(profile);

fn profile() {
    let spec = any(Small::SPEC);
    if let Ok(policy) = Loaded::new(&spec) {
        any(generation_hash(policy.spec()));
    }
    let mut events = any(EventQueue::EMPTY);
    events.note(any(Event::State(Lifecycle::New)));
    any((events.poll(), events.truncated()));
}
