//! Fuzz targets, one folder each; all but the choice of bytes is in the package `proofs`. `cargo test` runs every target for
//! a moment with a random engine and replays its corpus; `cargo bolero test -p fuzz frame_decode --sanitizer NONE -T 60s`
//! runs libFuzzer on one of them.
//!
//! Each target has been seen to fail on a wrong line in the source: a reject in the wrong order and a final flag on the wrong
//! fragment (`frame_*`), an overlap that was let through (`messages`), bytes that were not subtracted (`pipe`), a place off by
//! one (`sequencer`, `replay`), a tag that was not compared (`handshake`), a window that moved before its tag (`hostile`).

use bolero::ValueGenerator;
use bolero::generator::bolero_generator::TypeGeneratorWithParams;

/// The bytes of a script, `max` at most. The random engine's own slices end at 64 bytes, after a few steps.
pub fn bytes(max: usize) -> impl ValueGenerator<Output = Vec<u8>> {
    Vec::<u8>::gen_with().len(0..=max)
}
