//! What sessions with keys can do.

use super::{Draining, Open, Session, State};
use crate::guard::lifecycle::Counts;
use crate::profile::Policy;
use crate::secure::{Channel, Opened, Sealed};
use crate::vocab::{EnvelopeClass, EnvelopeReject, FrameFacts, SealRefusal};

/// A state that holds keys: envelopes open, and control envelopes are sealed.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` session has no keys",
    label = "envelopes are opened by `Open` and `Draining` sessions",
    note = "drive the handshake to `Open` first"
)]
pub trait OpensEnvelopes: State {
    #[doc(hidden)]
    fn channel(&self) -> &Channel;
    #[doc(hidden)]
    fn channel_mut(&mut self) -> &mut Channel;
}

/// A state in which new data is sealed.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` session cannot carry data",
    label = "data is sealed by `Open` sessions",
    note = "drive the handshake to `Open` first; a `Draining` session only delivers what was queued"
)]
pub trait CarriesData: OpensEnvelopes {}

impl OpensEnvelopes for Open {
    fn channel(&self) -> &Channel {
        &self.channel
    }

    fn channel_mut(&mut self) -> &mut Channel {
        &mut self.channel
    }
}

impl OpensEnvelopes for Draining {
    fn channel(&self) -> &Channel {
        &self.channel
    }

    fn channel_mut(&mut self) -> &mut Channel {
        &mut self.channel
    }
}

impl CarriesData for Open {}

impl<S: State, P: Policy> Session<S, P> {
    /// Seals `body` in place, as an envelope of any class. The buffer then holds ciphertext; head and tag come back.
    ///
    /// # Errors
    /// [`SealRefusal`]; the body is unchanged.
    #[inline]
    pub fn seal(
        &mut self,
        class: EnvelopeClass,
        frame: &FrameFacts,
        body: &mut [u8],
    ) -> Result<Sealed, SealRefusal>
    where
        S: CarriesData,
    {
        self.state.channel_mut().seal(&self.policy, class, frame, body)
    }

    /// Seals a control envelope: what a draining session may still say. Those of this crate have at most 17 bytes.
    ///
    /// # Errors
    /// [`SealRefusal`]; the body is unchanged. A data class is [`SealRefusal::NotControl`].
    pub fn seal_control(
        &mut self,
        class: EnvelopeClass,
        frame: &FrameFacts,
        body: &mut [u8],
    ) -> Result<Sealed, SealRefusal>
    where
        S: OpensEnvelopes,
    {
        if class.is_data() {
            return Err(SealRefusal::NotControl);
        }
        self.state.channel_mut().seal(&self.policy, class, frame, body)
    }

    /// Opens a whole envelope in place.
    ///
    /// # Errors
    /// [`EnvelopeReject`]. After [`EnvelopeReject::Gap`] the session is to fail for
    /// [`FailReason::Gap`](crate::vocab::FailReason::Gap).
    #[inline]
    pub fn open(
        &mut self,
        frame: &FrameFacts,
        is_final: bool,
        envelope: &mut [u8],
    ) -> Result<Opened, EnvelopeReject>
    where
        S: OpensEnvelopes,
    {
        self.state.channel_mut().open(&self.policy, frame, is_final, envelope)
    }

    /// Data envelopes sealed so far; the last one's sequence.
    #[inline]
    #[must_use]
    pub fn data_sealed(&self) -> u64
    where
        S: OpensEnvelopes,
    {
        self.state.channel().data_sealed()
    }

    /// Data envelopes of the peer that have opened.
    #[inline]
    #[must_use]
    pub fn data_opened(&self) -> u64
    where
        S: OpensEnvelopes,
    {
        self.state.channel().data_opened()
    }

    /// Data envelopes of the peer below the highest that have not opened.
    #[must_use]
    pub fn data_missing(&self) -> u64
    where
        S: OpensEnvelopes,
    {
        self.state.channel().data_missing()
    }

    /// Both counts: what a close tells.
    #[must_use]
    pub fn counts(&self) -> Counts
    where
        S: OpensEnvelopes,
    {
        self.state.channel().counts()
    }

    /// Whether a key has refused as many forgeries as it may.
    #[must_use]
    pub fn forgery_limit_reached(&self) -> bool
    where
        S: OpensEnvelopes,
    {
        self.state.channel().forgery_limit_reached(&self.policy)
    }
}
