//! The order of frames, from any state.
#![no_std]
#![no_main]

use kurdistan::guard::Sound;
use kurdistan::transport::Sequencer;
use kurdistan::vocab::SequencePolicy;
use panic_free::{any, part};

part!(sequencer);

fn sequencer() {
    let mut sequencer = any(Sequencer::new());
    while any(true) {
        let policy = any(SequencePolicy::Windowed);
        any(sequencer.peek(policy, any(16), any(0), any(1), &Sound)).ok();
        sequencer.mark(any(1), any(1));
        if any(false) {
            sequencer.end_at(any(9));
        }
        any((sequencer.ends_at(), sequencer.next(), sequencer.has_gap()));
    }
}
