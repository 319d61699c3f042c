//! `Negotiating`: the client waits for an accept, the server for a hello.

use super::compatibility::own_facts;
use super::party::{Believed, Party};
use super::refusal::Verdict;
use super::{Config, Failed, LastWords, Live, New, Securing, Session, Step};
use crate::profile::Policy;
use crate::secure::Prk;
use crate::vocab::{Failure, HandshakeReject, LifecycleEvent, Role};
use crate::wire::{HandshakeBytes, Hello};

/// The client waits for an accept, the server for a hello. Nothing of the peer has been verified yet.
pub struct Negotiating {
    config: Config,
    nonce: [u8; 32],
    generation_hash: [u8; 32],
    hello: Option<HandshakeBytes>,
    last_reject: Option<HandshakeReject>,
}

/// What came of a handshake message.
type Outcome<P> =
    Result<Step<Session<Negotiating, P>, (Session<Securing, P>, HandshakeBytes)>, Session<Failed, P>>;

impl Negotiating {
    pub(super) fn client<P: Policy>(policy: &P, new: New) -> (Self, HandshakeBytes) {
        let New { config, nonce, generation_hash } = new;
        let message = Hello {
            secret_id: config.client_secret().id,
            id: config.id,
            expected: config.expected,
            facts: own_facts(policy, &config, generation_hash),
            nonce,
        };
        let hello = message.encode();
        let binder = Prk::new(&config.client_secret().secret, config.id, config.expected)
            .binder(hello.authenticated_part());
        let hello = hello.with_tag(&binder);
        let state = Self { config, nonce, generation_hash, hello: Some(hello.clone()), last_reject: None };
        (state, hello)
    }

    pub(super) fn server(new: New) -> Self {
        let New { config, nonce, generation_hash } = new;
        Self { config, nonce, generation_hash, hello: None, last_reject: None }
    }

    fn party(&self) -> Party<'_> {
        Party { config: &self.config, nonce: self.nonce, generation_hash: self.generation_hash }
    }

    fn on_hello<P: Policy>(&self, policy: &P, bytes: &[u8]) -> Result<(Securing, HandshakeBytes), Verdict> {
        let believed = Believed::of(policy, &self.config, bytes)?;
        self.party().answer(policy, &believed)
    }

    fn on_accept<P: Policy>(&self, policy: &P, bytes: &[u8]) -> Result<(Securing, HandshakeBytes), Verdict> {
        let hello = self.hello.as_ref().ok_or(HandshakeReject::MessageType)?;
        self.party().on_accept(policy, hello.as_bytes(), bytes)
    }
}

/// Shows the configuration without its secrets, and neither the nonce nor the hello.
impl core::fmt::Debug for Negotiating {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Negotiating")
            .field("config", &self.config)
            .field("last_reject", &self.last_reject)
            .finish_non_exhaustive()
    }
}

impl<P: Policy> Session<Negotiating, P> {
    /// Takes one handshake message. A message that is malformed or not authenticated is ignored and counted; a genuine one
    /// that breaks a rule ends the session, with a refusal for the peer. On success the message to send comes along: the
    /// accept of a server, the confirm of a client.
    ///
    /// # Errors
    /// The failed session.
    pub fn receive(mut self, message: &[u8]) -> Outcome<P> {
        let outcome = match self.role {
            Role::Client => self.state.on_accept(&self.policy, message),
            Role::Server => self.state.on_hello(&self.policy, message),
        };
        let event = match self.role {
            Role::Client => LifecycleEvent::AcceptVerified,
            Role::Server => LifecycleEvent::HelloVerified,
        };
        match outcome {
            Ok((next, message)) => Ok(Step::Next((self.into_state(event, |_| next), message))),
            Err(Verdict::Ignore(reject)) => {
                self.state.last_reject = Some(reject);
                Ok(Step::Stay(self))
            }
            Err(Verdict::Fail(failure, words)) => {
                Err(self.into_state(LifecycleEvent::Fail, |_| Failed::new(failure, words)))
            }
        }
    }

    /// Why the last message was ignored.
    #[must_use]
    pub const fn last_reject(&self) -> Option<HandshakeReject> {
        self.state.last_reject
    }
}

impl Live for Negotiating {
    fn last_words<P: Policy>(self, _: &P, _: Failure) -> LastWords {
        LastWords::None
    }
}
