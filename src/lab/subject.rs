//! What a gate looks at.

use super::{MutantId, Mutated};
use crate::profile::{Loaded, Policy, Spec};

/// A system under test: it makes the policy of a profile.
pub trait Subject: Copy {
    /// The policy of a profile.
    type Policy<'s>: Policy;

    /// The policy of `spec`.
    fn policy<'s>(&self, spec: Loaded<'s>) -> Self::Policy<'s>;

    /// The policy of a profile that is known to be sound.
    fn known<'s>(&self, spec: &'s Spec) -> Option<Self::Policy<'s>> {
        Loaded::new(spec).ok().map(|loaded| self.policy(loaded))
    }
}

/// The crate as it is.
#[derive(Clone, Copy, Debug)]
pub struct Sound;

impl Subject for Sound {
    type Policy<'s> = Loaded<'s>;

    fn policy<'s>(&self, spec: Loaded<'s>) -> Loaded<'s> {
        spec
    }
}

/// The crate with one rule broken.
#[derive(Clone, Copy, Debug)]
pub struct Broken(pub MutantId);

impl Subject for Broken {
    type Policy<'s> = Mutated<Loaded<'s>>;

    fn policy<'s>(&self, spec: Loaded<'s>) -> Mutated<Loaded<'s>> {
        Mutated::new(spec, self.0)
    }
}
