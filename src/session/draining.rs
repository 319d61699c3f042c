//! `Draining`: no new data; both closes are on their way.

use super::{CLOSE_ENVELOPE_BYTES, CloseBody, Closed, Failed, LastWords, Live, Session, Step};
use crate::guard::lifecycle::{CloseFacts, Counts};
use crate::profile::Policy;
use crate::secure::Channel;
use crate::vocab::{CloseReason, FailReason, Failure, LifecycleEvent, SealRefusal};

/// No new data; queued data still goes out and comes in, and both closes are on their way.
#[derive(Debug)]
pub struct Draining {
    pub(super) channel: Channel,
    told: Option<Counts>,
    peer: Option<Counts>,
}

impl Draining {
    pub(super) const fn new(channel: Channel) -> Self {
        Self { channel, told: None, peer: None }
    }
}

impl<P: Policy> Session<Draining, P> {
    /// Seals this side's close with the counts of now, for a close frame with the control sequence `first_sequence`.
    ///
    /// # Errors
    /// [`SealRefusal`]; nothing has changed.
    pub fn seal_close(
        &mut self,
        reason: CloseReason,
        first_sequence: u64,
    ) -> Result<[u8; CLOSE_ENVELOPE_BYTES], SealRefusal> {
        let close = CloseBody::new(reason, self.counts());
        let envelope = close.seal(&mut self.state.channel, &self.policy, first_sequence)?;
        self.note_close_sent();
        Ok(envelope)
    }

    /// Notes that this side's close has been sealed by [`seal_control`](Self::seal_control), with the counts of now.
    pub fn note_close_sent(&mut self) {
        self.state.told = Some(self.state.channel.counts());
    }

    /// Notes the peer's close. Closes may come late: counts only grow.
    pub fn note_peer_close(&mut self, counts: Counts) {
        let known = self.state.peer.unwrap_or(counts);
        let opened = known.opened.max(counts.opened);
        self.state.peer = Some(Counts { opened, ..counts });
    }

    /// Whether this side's close is to be sealed: never yet, or what it said of the peer's data is no longer true and all
    /// of that has come now.
    #[must_use]
    pub fn owes_close(&self) -> bool {
        let counts = self.state.channel.counts();
        let complete = self.state.peer.is_some_and(|peer| peer.sealed == counts.opened);
        self.state.told.is_none_or(|told| complete && told.opened != counts.opened)
    }

    /// Whether this side's close has been sealed.
    #[must_use]
    pub const fn close_sent(&self) -> bool {
        self.state.told.is_some()
    }

    /// Whether [`finish`](Self::finish) would close now.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.verdict(false) == Ok(true)
    }

    /// Closes when both closes have crossed and both sides have opened all that the other has sealed. `overdue` says that
    /// the drain deadline has passed.
    ///
    /// # Errors
    /// When overdue, the session has failed: `truncated` when the peer's close has come and the counts do not match, else
    /// `drain_timeout`.
    pub fn finish(self, overdue: bool) -> Result<Step<Self, Session<Closed, P>>, Session<Failed, P>> {
        match self.verdict(overdue) {
            Ok(true) => Ok(Step::Next(self.into_state(LifecycleEvent::Drained, |_| Closed::new()))),
            Ok(false) => Ok(Step::Stay(self)),
            Err(reason) => Err(self.fail(reason)),
        }
    }

    fn verdict(&self, overdue: bool) -> Result<bool, FailReason> {
        let Draining { channel, told, peer } = &self.state;
        self.policy.close_complete(CloseFacts { own: channel.counts(), told: *told, peer: *peer, overdue })
    }
}

impl Live for Draining {
    fn last_words<P: Policy>(self, policy: &P, failure: Failure) -> LastWords {
        super::failed::sealed_close(self.channel, policy, failure)
    }
}
