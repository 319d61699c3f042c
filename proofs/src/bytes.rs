//! From the bytes of an engine to the head and the steps of a script.

use std::collections::BTreeSet;
use std::fmt::Display;

/// The names of what a run has met: verdicts, and events worth reaching.
pub type Seen = BTreeSet<&'static str>;

/// Notes the name of a verdict.
pub fn record<T, E: Copy + Display>(
    seen: &mut Seen,
    verdict: &Result<T, E>,
    name: impl FnOnce(E) -> &'static str,
) {
    seen.insert(verdict.as_ref().map_or_else(|reject| name(*reject), |_| "accepted"));
}

/// The first `N` bytes, with zeros where there are fewer, and the rest.
pub(crate) fn head<const N: usize>(bytes: &[u8]) -> ([u8; N], &[u8]) {
    let mut head = [0; N];
    let (first, rest) = bytes.split_at(bytes.len().min(N));
    head[..first.len()].copy_from_slice(first);
    (head, rest)
}

/// At most `max` steps of `N` bytes each; an incomplete last one is left out.
pub(crate) fn steps<const N: usize, S>(bytes: &[u8], max: usize, read: impl Fn([u8; N]) -> S) -> Vec<S> {
    bytes.as_chunks::<N>().0.iter().take(max).map(|step| read(*step)).collect()
}

/// The element that a byte picks.
pub(crate) fn pick<T: Copy>(from: &[T], byte: u8) -> T {
    from[usize::from(byte) % from.len()]
}
