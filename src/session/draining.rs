//! `Draining`: no new data; both closes are on their way.

use super::{Closed, Failed, LastWords, Live, Session, Step};
use crate::guard::lifecycle::CloseFacts;
use crate::profile::Policy;
use crate::secure::Channel;
use crate::vocab::{Failure, LifecycleEvent};

/// No new data; queued data still goes out and comes in, and both closes are on their way.
pub struct Draining {
    pub(super) channel: Channel,
    sent: bool,
    peer_last: Option<u64>,
}

impl Draining {
    pub(super) const fn new(channel: Channel) -> Self {
        Self { channel, sent: false, peer_last: None }
    }
}

impl<P: Policy> Session<Draining, P> {
    /// Notes that this side's close has been sealed.
    pub fn note_close_sent(&mut self) {
        self.state.sent = true;
    }

    /// Notes the peer's close: the last data sequence that it has sealed.
    pub fn note_peer_close(&mut self, last: u64) {
        self.state.peer_last = Some(last);
    }

    /// Whether this side's close has been sealed.
    #[must_use]
    pub const fn close_sent(&self) -> bool {
        self.state.sent
    }

    /// Whether the peer's close has opened.
    #[must_use]
    pub const fn peer_close_seen(&self) -> bool {
        self.state.peer_last.is_some()
    }

    /// Closes when both closes have crossed and the peer's count matches what opened here. `overdue` says that the drain
    /// deadline has passed.
    ///
    /// # Errors
    /// When overdue, the session has failed: `truncated` when the peer's close counts data that never came, else
    /// `drain_timeout`.
    pub fn finish(self, overdue: bool) -> Result<Step<Self, Session<Closed, P>>, Session<Failed, P>> {
        let verdict = self.policy.close_complete(CloseFacts {
            sent: self.state.sent,
            peer_last: self.state.peer_last,
            opened: self.state.channel.data_opened(),
            overdue,
        });
        match verdict {
            Ok(true) => Ok(Step::Next(self.into_state(LifecycleEvent::Drained, |_| Closed::new()))),
            Ok(false) => Ok(Step::Stay(self)),
            Err(reason) => Err(self.fail(reason)),
        }
    }
}

impl Live for Draining {
    fn last_words<P: Policy>(self, policy: &P, failure: Failure) -> LastWords {
        super::failed::sealed_close(self.channel, policy, failure)
    }
}
