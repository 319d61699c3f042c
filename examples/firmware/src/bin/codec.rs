//! The frame codec alone: one frame decoded and its payload encoded again.
#![no_std]
#![no_main]

use core::hint::black_box;

use kurdistan::guard::Sound;
use kurdistan::vocab::ChecksumClass;
use kurdistan::wire::{FrameLimits, decode, encode};

const FRAME_BYTES: usize = 256;

#[cortex_m_rt::entry]
fn main() -> ! {
    let limits = black_box(FrameLimits { class: Some(ChecksumClass::Crc32c), ..FrameLimits::WIDEST });
    let received = black_box([0u8; FRAME_BYTES]);
    let mut sent = [0u8; FRAME_BYTES];
    if let Ok(view) = decode(&received, &limits, &Sound) {
        let payload = view.payload();
        let written = encode(
            &view.header(),
            ChecksumClass::Crc32c,
            payload.len(),
            &limits,
            &Sound,
            &mut sent,
            |space| {
                for (to, from) in space.iter_mut().zip(payload) {
                    *to = *from;
                }
            },
        );
        black_box(written.is_ok());
    }
    black_box(&sent);
    kurdistan_firmware::stop()
}
