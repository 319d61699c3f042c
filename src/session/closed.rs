//! `Closed`: ended cleanly on both sides; no keys are left.

/// Ended cleanly on both sides; no keys are left.
#[derive(Debug)]
pub struct Closed(());

impl Closed {
    pub(super) const fn new() -> Self {
        Self(())
    }
}
