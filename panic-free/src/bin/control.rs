//! Must not link: an index that may be out of bounds.
#![no_std]
#![no_main]

use panic_free::{any, bytes, part};

part!(index);

fn index() {
    any(bytes()[any(3)]);
}
