//! A global logger for tests on a host: what a thread logs is kept in that thread, for [`logged`].
//!
//! A program that formats a value needs exactly one global logger to link. Tests that format nothing link without.
//!
//! ```
//! assert!(test_logger::logged(|| defmt::println!("{=str}", "text")).ends_with(b"text"));
//! ```

use std::cell::RefCell;

use defmt::{Encoder, Logger};

/// What `log` has logged on this thread, in the raw encoding: indices of the strings that are interned, and values as bytes.
pub fn logged(log: impl FnOnce()) -> Vec<u8> {
    LOG.with_borrow_mut(|log| log.bytes.clear());
    log();
    LOG.with_borrow(|log| log.bytes.clone())
}

struct Log {
    encoder: Encoder,
    bytes: Vec<u8>,
}

thread_local! {
    static LOG: RefCell<Log> = const { RefCell::new(Log { encoder: Encoder::new(), bytes: Vec::new() }) };
}

#[defmt::global_logger]
struct PerThread;

// SAFETY: the contract wants one frame at a time. Every thread has an encoder and a buffer of its own and interrupts do not
// exist, so frames cannot mix; whoever logs while it formats finds the cell borrowed or the encoder in a frame, and panics.
unsafe impl Logger for PerThread {
    fn acquire() {
        LOG.with_borrow_mut(|Log { encoder, bytes }| {
            encoder.start_frame(|part| bytes.extend_from_slice(part))
        });
    }

    unsafe fn flush() {}

    unsafe fn release() {
        LOG.with_borrow_mut(|Log { encoder, bytes }| encoder.end_frame(|part| bytes.extend_from_slice(part)));
    }

    unsafe fn write(written: &[u8]) {
        LOG.with_borrow_mut(|Log { encoder, bytes }| {
            encoder.write(written, |part| bytes.extend_from_slice(part));
        });
    }
}

defmt::timestamp!("");

/// What `defmt` calls instead of panicking by itself.
#[defmt::panic_handler]
fn panic() -> ! {
    panic!("defmt has panicked");
}
