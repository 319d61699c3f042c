//! Cutting a message of any length under any limits.
#![no_std]
#![no_main]

use kurdistan::guard::Sound;
use kurdistan::profile::{Profile, Small};
use kurdistan::transport::Cuts;
use panic_free::{any, part};

part!(fragmenter);

fn fragmenter() {
    if let Some(cuts) = Cuts::plan(any(Small::SPEC.fragment_limits()), any(500), &Sound) {
        any(cuts.fragments());
        for cut in cuts.clone() {
            any(cut);
        }
        any(cuts.count());
    }
}
