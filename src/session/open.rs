//! `Open`: both sides are proven to each other.

use super::{Draining, LastWords, Live, Selection, Session};
use crate::profile::Policy;
use crate::secure::{Channel, ExportError};
use crate::vocab::{Failure, Id, LifecycleEvent};

/// Both sides are proven to each other; data may flow.
#[derive(Debug)]
pub struct Open {
    pub(super) channel: Channel,
    selection: Selection,
    peer: Id,
}

impl Open {
    pub(super) const fn new(channel: Channel, selection: Selection, peer: Id) -> Self {
        Self { channel, selection, peer }
    }
}

const _: () = assert!(size_of::<Open>() <= 528);

impl<P: Policy> Session<Open, P> {
    /// What both sides have agreed on.
    #[must_use]
    pub const fn selection(&self) -> Selection {
        self.state.selection
    }

    /// Who the peer has proven to be.
    #[must_use]
    pub const fn peer(&self) -> Id {
        self.state.peer
    }

    /// Fills `out` with bytes that only the two peers of this session know: the same on both sides for the same label and
    /// context.
    ///
    /// # Errors
    /// [`ExportError`] when the label is longer than 243 bytes or the output than 8,160.
    pub fn export(&self, label: &str, context: &[u8], out: &mut [u8]) -> Result<(), ExportError> {
        self.state.channel.export(label, context, out)
    }

    /// Begins to end the session: no new data, but what is queued is still delivered.
    pub fn close(self) -> Session<Draining, P> {
        self.into_state(LifecycleEvent::Close, |open| Draining::new(open.channel))
    }
}

impl Live for Open {
    fn last_words<P: Policy>(self, policy: &P, failure: Failure) -> LastWords {
        super::failed::sealed_close(self.channel, policy, failure)
    }
}
