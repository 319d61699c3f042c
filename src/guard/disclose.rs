//! What an event may tell. Numbers enter events only through here.

use crate::vocab::SizeBucket;

/// A size becomes a bucket.
pub const fn disclose_size(bytes: usize) -> SizeBucket {
    SizeBucket::of(bytes)
}

/// A stream id becomes its low nibble.
pub const fn disclose_stream(stream: u32) -> u8 {
    (stream & 0x0f) as u8
}
