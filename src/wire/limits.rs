//! What a decoder accepts.

use crate::vocab::{ChecksumClass, Direction};

/// The numbers that a frame is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FrameLimits {
    /// The only class that is accepted; `None` accepts any, which weakens the checksum: two flips, one of them in the class,
    /// can make another valid frame.
    pub class: Option<ChecksumClass>,
    /// Longest frame in bytes, checksum included.
    pub frame_bytes_max: usize,
    /// Longest payload in bytes.
    pub payload_bytes_max: usize,
    /// Most fragments of a message.
    pub fragments_max: u8,
    /// The only direction that is accepted; `None` accepts both.
    pub direction: Option<Direction>,
}

impl FrameLimits {
    /// All that the format can carry: for tools that have no profile.
    pub const WIDEST: Self = Self {
        class: None,
        frame_bytes_max: 24 + 65_535 + 4,
        payload_bytes_max: 65_535,
        fragments_max: 255,
        direction: None,
    };
}
