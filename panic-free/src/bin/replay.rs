//! The replay window of data envelopes, from any state. That of control envelopes is private: `session` has it.
#![no_std]
#![no_main]

use kurdistan::guard::Sound;
use kurdistan::secure::ReplayRing;
use kurdistan::vocab::ReplayPolicy;
use panic_free::{any, part};

part!(replay);

fn replay() {
    let mut ring = any(ReplayRing::EMPTY);
    while any(true) {
        let policy = any(ReplayPolicy::WindowedReplay);
        any(ring.peek(policy, any(64), any(1), &Sound)).ok();
        ring.commit(any(1));
        any(ring.highest());
    }
}
