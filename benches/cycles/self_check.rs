//! Whether the instrument sees a difference where there is one, and none where there is none.

use std::hint::black_box;

use crate::counter::Counter;
use crate::limits::Aead;
use crate::measure::{Case, measure};

/// A message that is sealed `TIMES` times in each operation; its limit is to seal it once.
struct Planted<const TIMES: usize> {
    aead: Aead,
    message: [u8; 256],
}

impl<const TIMES: usize> Planted<TIMES> {
    fn new() -> Self {
        Self { aead: Aead::new(), message: [5; 256] }
    }
}

impl<const TIMES: usize> Case for Planted<TIMES> {
    #[inline]
    fn operate(&mut self, index: usize) {
        for _ in 0..TIMES {
            black_box(self.aead.seal(index, black_box(&mut self.message)));
        }
    }

    #[inline]
    fn limit(&mut self, index: usize) {
        black_box(self.aead.seal(index, black_box(&mut self.message)));
    }
}

/// Measures an operation that is its own limit, and a planted one that does everything twice.
///
/// # Errors
/// What was measured, when it is not what was planted.
pub fn self_check(counter: &Counter) -> Result<(), String> {
    let same = measure(counter, &mut Planted::<1>::new()).ratio();
    let twice = measure(counter, &mut Planted::<2>::new()).ratio();
    if (0.85..1.15).contains(&same) && (1.7..2.3).contains(&twice) {
        return Ok(());
    }
    Err(format!("the same work measures as {same:.2} times its limit, the doubled work as {twice:.2} times"))
}
