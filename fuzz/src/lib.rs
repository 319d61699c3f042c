//! Fuzz targets, one folder each. `cargo test` runs every target for a moment with a random engine and replays its corpus;
//! `cargo bolero test -p fuzz frame_decode --sanitizer NONE -T 60s` runs libFuzzer on one of them.

use bolero as _;
