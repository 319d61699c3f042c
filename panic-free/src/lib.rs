//! What every part needs: a panic handler that does not exist, and inputs that the compiler knows nothing about.
//!
//! The programs in `bin/` are made to be linked, not to be run. Each calls one part of the library with every input opaque;
//! the handler calls a function that nobody defines, so the linker succeeds exactly when the optimiser has found that no
//! panic can be reached. `tools/panic-free.sh` builds them and tells what is left.
#![no_std]

use core::panic::PanicInfo;

pub use core::hint::black_box as any;

unsafe extern "C" {
    /// Defined nowhere.
    safe fn a_panic_is_reachable() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    a_panic_is_reachable()
}

/// Bytes of any content and length.
#[must_use]
pub fn bytes<'b>() -> &'b [u8] {
    any(&[])
}

/// Memory of any content and length.
#[must_use]
pub fn space<'b>() -> &'b mut [u8] {
    any(&mut [])
}

/// Makes a function the whole program.
#[macro_export]
macro_rules! part {
    ($body:path) => {
        #[unsafe(no_mangle)]
        extern "C" fn _start() -> ! {
            $body();
            loop {
                core::hint::spin_loop();
            }
        }
    };
}
