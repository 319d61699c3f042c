//! Coarse sizes for traces.

use super::vocabulary;

vocabulary! {
    /// The only form in which a size enters a trace.
    SizeBucket {
        /// No byte.
        Empty = 0 => "empty",
        /// 1 to 64 bytes.
        Tiny = 1 => "tiny",
        /// 65 to 512 bytes.
        Small = 2 => "small",
        /// 513 to 4,096 bytes.
        Medium = 3 => "medium",
        /// More.
        Large = 4 => "large",
    }
}

impl SizeBucket {
    /// The bucket of `bytes`.
    #[must_use]
    pub const fn of(bytes: usize) -> Self {
        match bytes {
            0 => Self::Empty,
            1..=64 => Self::Tiny,
            65..=512 => Self::Small,
            513..=4_096 => Self::Medium,
            _ => Self::Large,
        }
    }
}
