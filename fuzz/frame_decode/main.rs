//! Raw bytes into the frame decoder, as they are and with a checksum that is right: the verdict is the naive decoder's, and
//! what is accepted has one encoding.

use bolero::check;
use kurdistan::vocab::ChecksumClass;
use kurdistan::wire::FrameLimits;
use proofs::Seen;
use proofs::frames::check_raw;

fn main() {
    check!().for_each(|bytes: &[u8]| {
        let mut seen = Seen::new();
        check_raw(bytes, &FrameLimits::WIDEST, &mut seen);
        for &class in ChecksumClass::ALL {
            check_raw(bytes, &FrameLimits { class: Some(class), ..FrameLimits::WIDEST }, &mut seen);
        }
    });
}
