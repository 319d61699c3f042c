//! Keys are wiped when they are dropped, and neither printed nor copied: asked of the types.

use core::fmt::Debug;
use core::marker::PhantomData;

use hkdf::Hkdf;
use hmac::Hmac;
use sha2::Sha256;
use zeroize::ZeroizeOnDrop;

use super::schedule::{Exporter, RefusalKey};
use super::{Channel, Fresh, Prk, SealingKey, Secret, Traffic, Transcript};

/// Answers for any type whether it has a trait: the constants of its own are found first, where their bound holds.
struct Probe<T>(PhantomData<T>);

trait Otherwise {
    const PRINTED: bool = false;
    const COPIED: bool = false;
}

impl<T> Otherwise for Probe<T> {}

impl<T: Debug> Probe<T> {
    const PRINTED: bool = true;
}

impl<T: Clone> Probe<T> {
    const COPIED: bool = true;
}

/// Each with whether it is printed and copied.
macro_rules! check {
    ($($type:ty => ($printed:literal, $copied:literal);)+) => {
        $(assert_eq!((Probe::<$type>::PRINTED, Probe::<$type>::COPIED), ($printed, $copied), stringify!($type));)+
    };
}

#[test]
fn keys_are_neither_printed_nor_copied() {
    check! {
        SealingKey => (false, false);
        Traffic => (false, false);
        Prk => (false, false);
        Exporter => (false, false);
        RefusalKey => (false, false);
        Fresh => (false, false);
        Transcript => (false, false);
        // Its counters and windows are printed, its keys are not: `tests/path/printing.rs`.
        Channel => (true, false);
        // Printed as `<redacted>`.
        Secret => (true, false);
        // What the probe says of a type that is both.
        [u8; 4] => (true, true);
    }
}

#[test]
fn keys_are_wiped_when_they_are_dropped() {
    const fn wiped<T: ZeroizeOnDrop>() {}
    wiped::<SealingKey>();
    wiped::<Exporter>();
    wiped::<RefusalKey>();
    wiped::<Secret>();
    wiped::<Fresh>();
    wiped::<Sha256>();
    // Made of such, without a word of their own.
    assert!(core::mem::needs_drop::<Hmac<Sha256>>() && core::mem::needs_drop::<Hkdf<Sha256>>());
    assert!(core::mem::needs_drop::<Prk>() && core::mem::needs_drop::<Transcript>());
    assert!(core::mem::needs_drop::<Traffic>() && core::mem::needs_drop::<Channel>());
}
