//! Raw bytes into the frame decoder: it never panics, and a frame that it accepts encodes to the same bytes again.

use bolero::check;
use kurdistan::guard::Sound;
use kurdistan::vocab::ChecksumClass;
use kurdistan::wire::{FrameLimits, decode, encode};

const FRAME_BYTES_MAX: usize = 4096;

fn main() {
    check!().for_each(|bytes: &[u8]| {
        for &class in ChecksumClass::ALL {
            reencodes(bytes, class);
        }
    });
}

fn reencodes(bytes: &[u8], class: ChecksumClass) {
    let limits = FrameLimits {
        class: Some(class),
        frame_bytes_max: FRAME_BYTES_MAX,
        payload_bytes_max: FRAME_BYTES_MAX,
        fragments_max: u8::MAX,
        direction: None,
    };
    let Ok(view) = decode(bytes, &limits, &Sound) else {
        return;
    };
    let payload = view.payload();
    let mut out = [0u8; FRAME_BYTES_MAX];
    let written = encode(&view.header(), class, payload.len(), &limits, &Sound, &mut out, |space| {
        space.copy_from_slice(payload);
    });
    let written = written.expect("what decodes also encodes");
    assert_eq!(out.get(..written), Some(bytes), "an accepted frame has one encoding");
}
