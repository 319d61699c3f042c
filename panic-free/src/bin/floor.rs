//! Nothing: a program of this kind links, and what is larger than this has something in it.
#![no_std]
#![no_main]

use panic_free::{any, part};

part!(nothing);

fn nothing() {
    any(0);
}
