//! What every size probe needs. The probes are the programs in `bin/`: `empty` is the floor, and each other one costs its
//! difference to it.
//!
//! They are made to be measured, not to be flashed: inputs come from [`core::hint::black_box`], so that nothing can be
//! computed at compile time, and results go there, so that nothing can be left out.
#![no_std]

use core::panic::PanicInfo;

/// Stops. Without a message, because formatting one would be most of the program.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    stop()
}

/// Where a probe ends.
pub fn stop() -> ! {
    loop {
        core::hint::spin_loop();
    }
}
