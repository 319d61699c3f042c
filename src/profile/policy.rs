//! The two carriers of a [`Spec`].

use core::marker::PhantomData;

use super::{Spec, SpecError};
use crate::guard::{Guards, sealed::Sealed};

/// The rules and numbers that a session lives by. Sealed: [`Fixed`] and [`Loaded`] are the policies.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy",
    note = "the policy of a profile `P` is `Fixed<P>`; of one that is chosen at run time, `Loaded`"
)]
pub trait Policy: Guards + Copy {
    /// Whether the profile is compiled in: what the capability `generated_backend` says to the peer.
    const COMPILED: bool;

    /// The profile.
    fn spec(&self) -> &Spec;
}

/// A profile that is known at compile time. An unsound one does not compile where [`Fixed`] is used.
pub trait Profile {
    /// Its numbers.
    const SPEC: Spec;
}

/// The policy of a profile that is known at compile time; zero-sized.
///
/// ```
/// use kurdistan::profile::{Fixed, Policy, Standard};
/// let policy = Fixed::<Standard>::new();
/// assert_eq!(size_of_val(&policy), 0);
/// assert_eq!(policy.spec().check(), Ok(()));
/// ```
pub struct Fixed<P>(PhantomData<fn() -> P>);

impl<P: Profile> Fixed<P> {
    const SOUND: () = match P::SPEC.check() {
        Ok(()) => (),
        Err(error) => unsound(error),
    };

    /// The policy; the profile's check runs in the compiler.
    #[must_use]
    pub const fn new() -> Self {
        const { Self::SOUND };
        Self(PhantomData)
    }
}

#[expect(clippy::panic, reason = "runs in the compiler only: this is how an unsound profile fails to build")]
const fn unsound(error: SpecError) -> ! {
    panic!("{}", error.text())
}

impl<P: Profile> Default for Fixed<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P> Clone for Fixed<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Fixed<P> {}

impl<P> Sealed for Fixed<P> {}

impl<P> Guards for Fixed<P> {}

impl<P: Profile> Policy for Fixed<P> {
    const COMPILED: bool = true;

    #[inline]
    fn spec(&self) -> &Spec {
        const { &P::SPEC }
    }
}

/// The policy of a profile that is chosen at run time, by reference.
///
/// ```
/// use kurdistan::profile::{Loaded, Profile, Small, SpecError};
/// let mut spec = Small::SPEC;
/// assert!(Loaded::new(&spec).is_ok());
/// spec.replay_width = 8;
/// assert_eq!(Loaded::new(&spec).err(), Some(SpecError::ReplayWidth));
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Loaded<'s>(&'s Spec);

impl<'s> Loaded<'s> {
    /// The policy of `spec`.
    ///
    /// # Errors
    /// The first broken rule of [`Spec::check`].
    pub const fn new(spec: &'s Spec) -> Result<Self, SpecError> {
        match spec.check() {
            Ok(()) => Ok(Self(spec)),
            Err(error) => Err(error),
        }
    }
}

impl Sealed for Loaded<'_> {}

impl Guards for Loaded<'_> {}

impl Policy for Loaded<'_> {
    const COMPILED: bool = false;

    #[inline]
    fn spec(&self) -> &Spec {
        self.0
    }
}
