//! `Securing`: keys exist; the client has yet to send its proof, the server to receive it.

use super::refusal::{Verdict, refused};
use super::{Failed, LastWords, Live, Open, Selection, Session, Step};
use crate::profile::Policy;
use crate::secure::{Channel, RefusalKey, same_tag};
use crate::vocab::{FailReason, Failure, HandshakeReject, Id, LifecycleEvent, Role};
use crate::wire::{Confirm, Tag};

/// Keys exist, but the server has not seen the client's proof: nothing is sealed or opened yet.
pub struct Securing {
    channel: Channel,
    selection: Selection,
    peer: Id,
    /// What the server waits for.
    awaited: Option<Awaited>,
    last_reject: Option<HandshakeReject>,
}

/// What a server can be told after its accept: the client's proof, or why the client refuses.
pub(super) struct Awaited {
    pub(super) confirm: Tag,
    pub(super) refusal: RefusalKey,
}

impl Securing {
    pub(super) fn new(channel: Channel, selection: Selection, peer: Id, awaited: Option<Awaited>) -> Self {
        Self { channel, selection, peer, awaited, last_reject: None }
    }

    fn open(self) -> Open {
        Open::new(self.channel, self.selection, self.peer)
    }

    fn verify<P: Policy>(&self, policy: &P, message: &[u8]) -> Result<(), Verdict> {
        let awaited = self.awaited.as_ref().ok_or(HandshakeReject::MessageType)?;
        match Confirm::decode(message) {
            Ok(carried) => Ok(policy.handshake_tag(same_tag(&awaited.confirm, &carried))?),
            Err(reject) => {
                Err(refused(policy, &awaited.refusal, Role::Client, message).unwrap_or(reject.into()))
            }
        }
    }
}

/// Shows everything but the tag that the server waits for.
impl core::fmt::Debug for Securing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Securing")
            .field("channel", &self.channel)
            .field("selection", &self.selection)
            .field("peer", &self.peer)
            .field("last_reject", &self.last_reject)
            .finish_non_exhaustive()
    }
}

impl<P: Policy> Session<Securing, P> {
    /// The client's last step: the confirm that came with the accept has been handed to the link.
    ///
    /// # Errors
    /// A server does not confirm: the session has failed for [`FailReason::Role`].
    pub fn confirmed(self) -> Result<Session<Open, P>, Session<Failed, P>> {
        if !self.permits(LifecycleEvent::ConfirmSent) {
            return Err(self.fail(FailReason::Role));
        }
        Ok(self.into_state(LifecycleEvent::ConfirmSent, Securing::open))
    }

    /// The server's last step: takes the client's confirm, or its refusal of the accept. What does not verify is ignored.
    ///
    /// # Errors
    /// The session has failed for the reason that the client tells. A client does not wait for a confirm: the session has failed for [`FailReason::Role`].
    pub fn receive(mut self, message: &[u8]) -> Result<Step<Self, Session<Open, P>>, Session<Failed, P>> {
        if !self.permits(LifecycleEvent::ConfirmVerified) {
            return Err(self.fail(FailReason::Role));
        }
        match self.state.verify(&self.policy, message) {
            Ok(()) => Ok(Step::Next(self.into_state(LifecycleEvent::ConfirmVerified, Securing::open))),
            Err(Verdict::Ignore(reject)) => {
                self.state.last_reject = Some(reject);
                Ok(Step::Stay(self))
            }
            Err(Verdict::Fail(failure, words)) => {
                Err(self.into_state(LifecycleEvent::Fail, |_| Failed::new(failure, words)))
            }
        }
    }

    /// Who the peer says it is; a server has no proof of that before the confirm.
    pub(crate) const fn peer(&self) -> Id {
        self.state.peer
    }

    /// Why the last message was ignored.
    #[must_use]
    pub const fn last_reject(&self) -> Option<HandshakeReject> {
        self.state.last_reject
    }
}

impl Live for Securing {
    fn last_words<P: Policy>(self, _: &P, _: Failure) -> LastWords {
        LastWords::None
    }
}
