//! The boot counter, and the handshakes of one boot.

use super::Fresh;

/// A boot counter that has been raised and persisted, and the count of handshakes since then: freshness for a device without a
/// generator that it can trust. Neither `Clone` nor `Copy`, so that no two parts of a program count apart.
///
/// The configuration says [`trust`](crate::session::Config::trust) with [`NonceSource::BootCounter`](crate::vocab::NonceSource::BootCounter),
/// or with `Both` where there are random bytes besides.
///
/// What must be persisted is one `u64`, and it must be written **before** the first handshake of a boot: a boot that is lost
/// after the write wastes a number, a boot that is lost before it has said nothing.
///
/// ```
/// use kurdistan::secure::Boot;
/// let mut flash = 41_u64;
/// let mut boot = Boot::raise(flash, |next| { flash = next; Ok::<_, core::convert::Infallible>(()) })?;
/// assert_eq!(boot.number(), 42);
/// let first = boot.fresh().expect("2^64 handshakes are left");
/// # let _ = (first, flash);
/// # Ok::<(), kurdistan::secure::BootError<core::convert::Infallible>>(())
/// ```
#[derive(Debug)]
pub struct Boot {
    number: u64,
    handshakes: u64,
}

/// Why a boot counter was not raised. No handshake may take place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum BootError<E> {
    /// The counter is at its end: this device needs a new secret.
    Exhausted,
    /// The new number was not stored.
    NotStored(E),
}

impl<E: core::fmt::Display> core::fmt::Display for BootError<E> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Exhausted => f.write_str("the boot counter is at its end"),
            Self::NotStored(error) => write!(f, "the boot counter was not stored: {error}"),
        }
    }
}

impl<E: core::fmt::Debug + core::fmt::Display> core::error::Error for BootError<E> {}

impl Boot {
    /// Raises the counter that was read from persistent memory (0 before the first boot). `store` returns once the new number
    /// is there to stay.
    ///
    /// # Errors
    /// [`BootError`]; the handshakes of this boot must not take place.
    pub fn raise<E>(stored: u64, store: impl FnOnce(u64) -> Result<(), E>) -> Result<Self, BootError<E>> {
        let number = stored.checked_add(1).ok_or(BootError::Exhausted)?;
        store(number).map_err(BootError::NotStored)?;
        Ok(Self { number, handshakes: 0 })
    }

    /// The number of this boot.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Freshness for the next handshake; `None` when all of this boot have been used.
    pub const fn fresh(&mut self) -> Option<Fresh> {
        match self.next() {
            Some(handshake) => Some(Fresh::from_counters(self.number, handshake)),
            None => None,
        }
    }

    /// The same with random bytes besides: fresh as long as either is sound.
    pub const fn fresh_with(&mut self, random: [u8; 32]) -> Option<Fresh> {
        match self.next() {
            Some(handshake) => Some(Fresh::from_both(random, self.number, handshake)),
            None => None,
        }
    }

    const fn next(&mut self) -> Option<u64> {
        let handshake = self.handshakes;
        match handshake.checked_add(1) {
            Some(next) => {
                self.handshakes = next;
                Some(handshake)
            }
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::vocab::{Id, NonceSource, Role};
    use std::collections::BTreeSet;

    fn nonce(fresh: Fresh) -> [u8; 32] {
        fresh.nonce(Role::Client, Id::new("device").unwrap())
    }

    #[test]
    fn nothing_is_fresh_before_the_number_is_stored() {
        let mut stored = 7;
        let boot = Boot::raise(stored, |next| {
            stored = next;
            Ok::<_, ()>(())
        });
        assert_eq!((boot.unwrap().number(), stored), (8, 8));
        assert_eq!(Boot::raise(7, |_| Err("worn out")).err(), Some(BootError::NotStored("worn out")));
        assert_eq!(Boot::raise(u64::MAX, |_| Ok::<_, ()>(())).err(), Some(BootError::Exhausted));
    }

    #[test]
    fn no_two_handshakes_of_any_boots_have_the_same_nonce() {
        let mut seen = BTreeSet::new();
        for stored in 0..20 {
            let mut boot = Boot::raise(stored, |_| Ok::<_, ()>(())).unwrap();
            for _ in 0..10 {
                assert!(seen.insert(nonce(boot.fresh().unwrap())));
                assert!(seen.insert(nonce(boot.fresh_with([9; 32]).unwrap())), "whatever the generator says");
            }
        }
        let mut last = Boot { number: 1, handshakes: u64::MAX };
        assert!(last.fresh().is_none() && last.fresh_with([1; 32]).is_none());
    }

    #[test]
    fn the_source_tells_what_it_draws_on() {
        let mut boot = Boot { number: 1, handshakes: 0 };
        assert_eq!(boot.fresh().unwrap().source(), NonceSource::BootCounter);
        assert_eq!(boot.fresh_with([1; 32]).unwrap().source(), NonceSource::Both);
        let covers =
            |source: NonceSource| NonceSource::ALL.iter().filter(|trusted| source.covers(**trusted)).count();
        assert_eq!(
            NonceSource::ALL.iter().map(|source| covers(*source)).collect::<std::vec::Vec<_>>(),
            [1, 1, 3]
        );
    }
}
