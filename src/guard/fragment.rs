//! How a message is cut.

use crate::vocab::FragmentPolicy;

/// Bytes of the next fragment when `remaining` are left.
pub const fn fragment_bytes(
    policy: FragmentPolicy,
    remaining: usize,
    payload_max: usize,
    fixed: usize,
) -> usize {
    let wanted = match policy {
        FragmentPolicy::NoFragment => remaining,
        FragmentPolicy::FixedFragment if fixed < payload_max => fixed,
        FragmentPolicy::FixedFragment => payload_max,
    };
    if wanted < remaining { wanted } else { remaining }
}

/// A message has no more fragments than the limit.
pub const fn fragments_within(count: usize, max: u8) -> bool {
    count >= 1 && count <= max as usize
}

/// The first of `count` frame sequences after `last`; the reserved last number is never used.
pub const fn next_frame_sequence(last: u64, count: u8) -> Option<u64> {
    let Some(end) = last.checked_add(count as u64) else { return None };
    if count == 0 || end == u64::MAX { None } else { last.checked_add(1) }
}
