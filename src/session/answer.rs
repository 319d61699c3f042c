//! A server that answers hellos from one configuration, many times.

use super::party::{Believed, Party};
use super::refusal::Verdict;
use super::{Config, LastWords, Securing, Session};
use crate::profile::{Policy, generation_hash};
use crate::secure::Fresh;
use crate::vocab::{Failure, HandshakeReject, Id, Lifecycle, LifecycleEvent, Role};
use crate::wire::HandshakeBytes;

/// What came of a hello.
#[expect(clippy::large_enum_variant, reason = "the session moves to its place by value; there is no heap")]
pub(crate) enum Answer<P> {
    /// It is genuine and fits: a session that waits for the confirm, the accept, and the secret's id.
    Accepted(Session<Securing, P>, HandshakeBytes, Id),
    /// It is genuine and breaks a rule.
    Refused(Failure, LastWords),
    /// It cannot be believed, or there is no place for it.
    Ignored(HandshakeReject),
    /// The caller had no freshness of the source that the configuration trusts.
    NotFresh,
}

/// Answers a hello with a new session: from `New` over `Negotiating` to `Securing` in one step. `room` says whether there is a
/// place for this secret and peer; freshness is asked for only when the hello is genuine and there is one.
pub(crate) fn answer<P: Policy>(
    policy: P,
    config: &Config,
    room: impl FnOnce((Id, Id)) -> bool,
    fresh: impl FnOnce() -> Option<Fresh>,
    hello: &[u8],
) -> Answer<P> {
    debug_assert!(is_edge(&policy, Lifecycle::New, LifecycleEvent::Listen, Lifecycle::Negotiating));
    debug_assert!(is_edge(
        &policy,
        Lifecycle::Negotiating,
        LifecycleEvent::HelloVerified,
        Lifecycle::Securing
    ));
    debug_assert!(is_edge(&policy, Lifecycle::Negotiating, LifecycleEvent::Fail, Lifecycle::Failed));
    let believed = match Believed::of(&policy, config, hello) {
        Ok(believed) => believed,
        Err(reject) => return Answer::Ignored(reject),
    };
    if !room(believed.peer()) {
        return Answer::Ignored(HandshakeReject::Busy);
    }
    let Some(nonce) = fresh().and_then(|fresh| config.nonce(&policy, fresh)) else {
        return Answer::NotFresh;
    };
    let party = Party { config, nonce, generation_hash: generation_hash(policy.spec()) };
    match party.answer(&policy, &believed) {
        Ok((state, accept)) => {
            Answer::Accepted(Session { policy, role: Role::Server, state }, accept, believed.peer().0)
        }
        Err(Verdict::Fail(failure, words)) => Answer::Refused(failure, words),
        Err(Verdict::Ignore(reject)) => Answer::Ignored(reject),
    }
}

/// Whether a server goes from one state to the other, as the table says.
fn is_edge<P: Policy>(policy: &P, from: Lifecycle, event: LifecycleEvent, to: Lifecycle) -> bool {
    policy.next_state(from, event, Role::Server) == Some(to)
}
