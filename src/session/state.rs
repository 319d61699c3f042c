//! A session in a state.

use super::{Closed, Draining, Failed, Negotiating, New, Open, Securing};
use crate::profile::Policy;
use crate::vocab::{FailReason, Failure, Lifecycle, LifecycleEvent, Role};

pub(super) mod sealed {
    /// Keeps the set of states closed.
    pub trait Sealed {}
}

/// A state of a session. Sealed: the seven of this module are all there are.
pub trait State: sealed::Sealed {
    /// Its name.
    const LIFECYCLE: Lifecycle;
}

/// A state from which a session can still fail.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` session has ended",
    label = "nothing can follow this state",
    note = "`New`, `Negotiating`, `Securing`, `Open` and `Draining` sessions can fail"
)]
pub trait Live: State {
    /// What a session that fails now tells its peer.
    #[doc(hidden)]
    fn last_words<P: Policy>(self, policy: &P, failure: Failure) -> super::LastWords;
}

/// A session in the state `S`, living by the policy `P`.
///
/// It moves by value, is neither `Clone` nor `Copy`, and holds keys, counters and windows only: pipes, reassembly and
/// streams are separate.
#[must_use = "a session that is dropped has ended without telling its peer"]
pub struct Session<S, P> {
    pub(super) policy: P,
    pub(super) role: Role,
    pub(super) state: S,
}

/// What came of a message: "not yet", or the next state.
#[must_use]
pub enum Step<A, B> {
    /// The message was ignored or is not the last that is needed.
    Stay(A),
    /// The session has moved.
    Next(B),
}

impl<A, B> Step<A, B> {
    /// The next state; a session that stays is dropped.
    #[must_use]
    pub fn into_next(self) -> Option<B> {
        match self {
            Self::Next(next) => Some(next),
            Self::Stay(_) => None,
        }
    }
}

impl<S: State, P: Policy> Session<S, P> {
    /// The state, by name.
    #[must_use]
    pub const fn lifecycle(&self) -> Lifecycle {
        S::LIFECYCLE
    }

    /// The role of this side.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &P {
        &self.policy
    }

    /// Whether the table has an edge for this event from here: the one decision about who may do what, when.
    pub(super) fn permits(&self, event: LifecycleEvent) -> bool {
        self.policy.next_state(S::LIFECYCLE, event, self.role).is_some()
    }

    /// Replaces the state. The typed routes only write down what the table says.
    pub(super) fn into_state<T: State>(
        self,
        event: LifecycleEvent,
        next: impl FnOnce(S) -> T,
    ) -> Session<T, P> {
        self.into_state_with(event, |state| (next(state), ())).0
    }

    /// Replaces the state by one that comes with something else.
    pub(super) fn into_state_with<T: State, X>(
        self,
        event: LifecycleEvent,
        next: impl FnOnce(S) -> (T, X),
    ) -> (Session<T, P>, X) {
        debug_assert_eq!(self.policy.next_state(S::LIFECYCLE, event, self.role), Some(T::LIFECYCLE));
        let (state, with) = next(self.state);
        (Session { policy: self.policy, role: self.role, state }, with)
    }
}

impl<S: State, P: Policy> Session<S, P> {
    /// Ends the session here and now. After keys exist, one sealed close with the reason is kept for the peer.
    pub fn fail(self, reason: FailReason) -> Session<Failed, P>
    where
        S: Live,
    {
        self.fail_with(Failure::local(reason))
    }
}

impl<S: Live, P: Policy> Session<S, P> {
    pub(crate) fn fail_with(self, failure: Failure) -> Session<Failed, P> {
        let policy = self.policy;
        self.into_state(LifecycleEvent::Fail, |state| {
            Failed::new(failure, state.last_words(&policy, failure))
        })
    }
}

/// Shows the role and what the state shows: counters and windows, never keys, nonces, tags or bytes.
impl<S: State + core::fmt::Debug, P> core::fmt::Debug for Session<S, P> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Session").field("role", &self.role).field("state", &self.state).finish()
    }
}

macro_rules! states {
    ($($state:ident),+) => {
        $(
            impl sealed::Sealed for $state {}
            impl State for $state { const LIFECYCLE: Lifecycle = Lifecycle::$state; }
        )+
    };
}

states!(New, Negotiating, Securing, Open, Draining, Closed, Failed);
