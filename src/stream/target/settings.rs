//! The numbers of the targets.

/// How much targets say, in which pieces, and when. Sizes are bytes, times are ticks; a message is never longer than the
/// profile allows, and never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TargetSettings {
    /// The answer of `fixed_response` and `slow_response`: one message, if it fits one.
    pub answer_bytes: u16,
    /// The object of `chunked_response` and `jittery_response`.
    pub object_bytes: u32,
    /// The messages of `chunked_response`, and the longest ones of `jittery_response`.
    pub chunk_bytes: u16,
    /// The object of `large_object`.
    pub large_bytes: u32,
    /// What `error_response` and `reset_midstream` say before they end, in messages of `chunk_bytes`.
    pub part_bytes: u32,
    /// What `drip_response` says.
    pub drip_bytes: u16,
    /// Time between two bytes of `drip_response`.
    pub drip_ticks: u32,
    /// Time before the answer of `slow_response`, and before the reset of `reset_midstream`.
    pub delay_ticks: u32,
    /// Longest time before a message of `jittery_response`.
    pub jitter_ticks: u32,
    /// The code of `error_response`.
    pub error_code: u16,
    /// The code of `reset_midstream`.
    pub reset_code: u16,
}

impl TargetSettings {
    /// An object of 2 MiB, so that it is 32 times the largest pipe of the three hand-written profiles; all else is small.
    pub const USUAL: Self = Self {
        answer_bytes: 64,
        object_bytes: 4_096,
        chunk_bytes: 256,
        large_bytes: 2_097_152,
        part_bytes: 640,
        drip_bytes: 16,
        drip_ticks: 50,
        delay_ticks: 200,
        jitter_ticks: 40,
        error_code: 500,
        reset_code: 600,
    };
}

impl Default for TargetSettings {
    fn default() -> Self {
        Self::USUAL
    }
}
