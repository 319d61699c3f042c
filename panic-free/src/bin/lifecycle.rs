//! The transition table, and the rules that end a session.
#![no_std]
#![no_main]

use kurdistan::guard::lifecycle::{
    CloseFacts, Counts, close_complete, gap_overdue, handshake_deadline, idle, next_state,
};
use kurdistan::vocab::{Lifecycle, LifecycleEvent, Role};
use panic_free::{any, part};

part!(lifecycle);

fn lifecycle() {
    any(next_state(any(Lifecycle::New), any(LifecycleEvent::Start), any(Role::Client)));
    let counts = any(Counts { sealed: 0, opened: 0 });
    let facts = CloseFacts { own: counts, told: any(None), peer: any(None), overdue: any(false) };
    any(close_complete(facts)).ok();
    any(gap_overdue(any(1), any(1), any(false))).ok();
    any(idle(any(1), any(1))).ok();
    any(handshake_deadline(any(1), any(1))).ok();
}
