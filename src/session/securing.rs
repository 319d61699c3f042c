//! `Securing`: keys exist; the client has yet to send its proof, the server to receive it.

use super::{Failed, LastWords, Live, Open, Selection, Session, Step};
use crate::profile::Policy;
use crate::secure::{Channel, same_tag};
use crate::vocab::{FailReason, Failure, HandshakeReject, Id, LifecycleEvent, Role};
use crate::wire::{Confirm, Tag};

/// Keys exist, but the server has not seen the client's proof: nothing is sealed or opened yet.
pub struct Securing {
    channel: Channel,
    selection: Selection,
    peer: Id,
    /// The tag that the server waits for.
    confirm: Option<Tag>,
    last_reject: Option<HandshakeReject>,
}

impl Securing {
    pub(super) fn new(channel: Channel, selection: Selection, peer: Id, confirm: Option<Tag>) -> Self {
        Self { channel, selection, peer, confirm, last_reject: None }
    }

    fn open(self) -> Open {
        Open::new(self.channel, self.selection, self.peer)
    }

    fn verify<P: Policy>(&self, policy: &P, message: &[u8]) -> Result<(), HandshakeReject> {
        let carried = Confirm::decode(message)?;
        let expected = self.confirm.as_ref().ok_or(HandshakeReject::MessageType)?;
        policy.handshake_tag(same_tag(expected, &carried))
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
        if self.role != Role::Client {
            return Err(self.fail(FailReason::Role));
        }
        Ok(self.into_state(LifecycleEvent::ConfirmSent, Securing::open))
    }

    /// The server's last step: takes the client's confirm. Anything else is ignored.
    ///
    /// # Errors
    /// A client does not wait for a confirm: the session has failed for [`FailReason::Role`].
    pub fn receive(mut self, message: &[u8]) -> Result<Step<Self, Session<Open, P>>, Session<Failed, P>> {
        if self.role != Role::Server {
            return Err(self.fail(FailReason::Role));
        }
        match self.state.verify(&self.policy, message) {
            Ok(()) => Ok(Step::Next(self.into_state(LifecycleEvent::ConfirmVerified, Securing::open))),
            Err(reject) => {
                self.state.last_reject = Some(reject);
                Ok(Step::Stay(self))
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
