//! The floor: start-up code, vector table, and the `memcpy` and `memset` that every real program has.
#![no_std]
#![no_main]

use core::hint::black_box;

#[cortex_m_rt::entry]
fn main() -> ! {
    let mut first = [0u8; 256];
    let second = black_box([0u8; 256]);
    let (to, from) = first.split_at_mut(black_box(128));
    if let (Some(to), Some(from)) = (to.get_mut(..black_box(64)), from.get(..black_box(64))) {
        if to.len() == from.len() {
            to.copy_from_slice(from);
        }
    }
    black_box((&first, &second));
    kurdistan_firmware::stop()
}
