//! `New`: configured; nothing has been sent or received.

use super::{Config, ConfigError, Failed, LastWords, Live, Negotiating, Session};
use crate::profile::{Policy, generation_hash};
use crate::secure::Fresh;
use crate::vocab::{FailReason, Failure, LifecycleEvent};
use crate::wire::HandshakeBytes;

/// Configured; nothing has been sent or received.
pub struct New {
    pub(super) config: Config,
    pub(super) nonce: [u8; 32],
    pub(super) generation_hash: [u8; 32],
}

/// Shows the configuration without its secrets, and not the nonce.
impl core::fmt::Debug for New {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("New").field("config", &self.config).finish_non_exhaustive()
    }
}

impl<P: Policy> Session<New, P> {
    /// A session of this configuration. `fresh` makes its nonce, and is used up.
    ///
    /// # Errors
    /// The first wrong field of the configuration; [`ConfigError::NonceSource`] for freshness of another source than it trusts.
    pub fn new(policy: P, config: Config, fresh: Fresh) -> Result<Self, ConfigError> {
        config.check_for(&policy)?;
        let role = config.role();
        let nonce = config.nonce(&policy, fresh).ok_or(ConfigError::NonceSource)?;
        let generation_hash = generation_hash(policy.spec());
        Ok(Self { policy, role, state: New { config, nonce, generation_hash } })
    }

    /// The client's first step: gives the hello for the peer.
    ///
    /// # Errors
    /// A server does not start: the session has failed for [`FailReason::Role`].
    pub fn start(self) -> Result<(Session<Negotiating, P>, HandshakeBytes), Session<Failed, P>> {
        if !self.permits(LifecycleEvent::Start) {
            return Err(self.fail(FailReason::Role));
        }
        let policy = self.policy;
        Ok(self.into_state_with(LifecycleEvent::Start, |new| Negotiating::client(&policy, new)))
    }

    /// The server's first step: waits for a hello.
    ///
    /// # Errors
    /// A client does not listen: the session has failed for [`FailReason::Role`].
    pub fn listen(self) -> Result<Session<Negotiating, P>, Session<Failed, P>> {
        if !self.permits(LifecycleEvent::Listen) {
            return Err(self.fail(FailReason::Role));
        }
        Ok(self.into_state(LifecycleEvent::Listen, Negotiating::server))
    }
}

impl Live for New {
    fn last_words<P: Policy>(self, _: &P, _: Failure) -> LastWords {
        LastWords::None
    }
}
