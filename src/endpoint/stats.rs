//! What an endpoint has counted.

use super::Reject;
use crate::vocab::{EnvelopeReject, FrameReject, GroupReject, HandshakeReject, SequenceReject};

/// A snapshot of an endpoint's counters, since its session began. Every counter saturates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Stats {
    /// Messages sealed and queued, ends of streams included.
    pub messages_sent: u64,
    /// Messages opened, ends of streams included; without those that came late for a stream that was reset.
    pub messages_received: u64,
    /// Data frames queued: the fragments of messages.
    pub fragments_sent: u64,
    /// Data frames accepted into a group.
    pub fragments_received: u64,
    /// Frames that the link has taken.
    pub frames_sent: u64,
    /// Bytes that the link has taken.
    pub bytes_sent: u64,
    /// Frames that were handed in, whatever became of them.
    pub frames_received: u64,
    /// Bytes that were handed in.
    pub bytes_received: u64,
    /// Bytes of envelopes copied: into the pipe, and into a slot.
    pub bytes_copied: u64,
    /// Messages that found no room in the pipe.
    pub pressure_events: u32,
    /// Messages that found no credit.
    pub credit_refusals: u32,
    /// Messages that found another stream's turn.
    pub turn_refusals: u32,
    /// Turns that nobody has used in time.
    pub turns_lapsed: u32,
    /// Handshake frames said again, and repeats of the peer's that were answered.
    pub handshake_repeats: u32,
    /// Credits, resets and closes told again.
    pub restated: u32,
    /// Probes sent.
    pub pings: u32,
    /// Incomplete messages that were dropped at their deadline.
    pub incomplete: u32,
    /// Data envelopes that a later one has overtaken and that have not opened yet. Under `ordered_only` they never will: these
    /// are its gaps.
    pub missing: u64,
    /// Frames of another session.
    pub wrong_session: u32,
    /// Frames that have no place in the current state.
    pub unexpected: u32,
    /// Frames that name a stream that nobody may use.
    pub forbidden_streams: u32,
    /// Genuine hellos for which there was no freshness of the trusted source.
    pub not_fresh: u32,
    /// Bytes that are not a frame, by [`FrameReject`] code less one.
    pub frame_rejects: [u32; FrameReject::ALL.len()],
    /// Frames out of place, by [`SequenceReject`] code less one.
    pub sequence_rejects: [u32; SequenceReject::ALL.len()],
    /// Fragments that fit no group, by [`GroupReject`] code less one.
    pub group_rejects: [u32; GroupReject::ALL.len()],
    /// Envelopes that did not open, by [`EnvelopeReject`] code less one.
    pub envelope_rejects: [u32; EnvelopeReject::ALL.len()],
    /// Handshake messages that were ignored, by [`HandshakeReject`] code less one.
    pub handshake_rejects: [u32; HandshakeReject::ALL.len()],
}

fn count(counters: &mut [u32], code: u8) {
    let place = code.checked_sub(1).and_then(|place| counters.get_mut(usize::from(place)));
    if let Some(counter) = place {
        *counter = counter.saturating_add(1);
    }
}

impl Stats {
    /// All zero.
    pub(super) const ZERO: Self = Self {
        messages_sent: 0,
        messages_received: 0,
        fragments_sent: 0,
        fragments_received: 0,
        frames_sent: 0,
        bytes_sent: 0,
        frames_received: 0,
        bytes_received: 0,
        bytes_copied: 0,
        pressure_events: 0,
        credit_refusals: 0,
        turn_refusals: 0,
        turns_lapsed: 0,
        handshake_repeats: 0,
        restated: 0,
        pings: 0,
        incomplete: 0,
        missing: 0,
        wrong_session: 0,
        unexpected: 0,
        forbidden_streams: 0,
        not_fresh: 0,
        frame_rejects: [0; FrameReject::ALL.len()],
        sequence_rejects: [0; SequenceReject::ALL.len()],
        group_rejects: [0; GroupReject::ALL.len()],
        envelope_rejects: [0; EnvelopeReject::ALL.len()],
        handshake_rejects: [0; HandshakeReject::ALL.len()],
    };

    /// Counts a refused frame under its own name.
    pub(super) fn reject(&mut self, reject: Reject) {
        match reject {
            Reject::Frame(reject) => count(&mut self.frame_rejects, reject.code()),
            Reject::Sequence(reject) => count(&mut self.sequence_rejects, reject.code()),
            Reject::Group(reject) => count(&mut self.group_rejects, reject.code()),
            Reject::Envelope(reject) => count(&mut self.envelope_rejects, reject.code()),
            Reject::Handshake(reject) => count(&mut self.handshake_rejects, reject.code()),
            Reject::WrongSession => bump(&mut self.wrong_session),
            Reject::State => bump(&mut self.unexpected),
            Reject::Stream => bump(&mut self.forbidden_streams),
            Reject::NotFresh => bump(&mut self.not_fresh),
            // The session that has failed names it.
            Reject::Fatal(_) => {}
        }
    }

    /// Frames that were refused, whatever the name.
    #[must_use]
    pub fn rejects(&self) -> u64 {
        let named = [&self.frame_rejects[..], &self.sequence_rejects, &self.group_rejects]
            .into_iter()
            .chain([&self.envelope_rejects[..], &self.handshake_rejects])
            .flatten();
        let rest = [self.wrong_session, self.unexpected, self.forbidden_streams, self.not_fresh];
        named.chain(&rest).fold(0, |sum, count| sum.saturating_add(u64::from(*count)))
    }
}

/// Adds to a saturating counter.
pub(super) fn add(counter: &mut u64, count: usize) {
    *counter = counter.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
}

/// Adds one to a saturating counter.
pub(super) fn bump(counter: &mut u32) {
    *counter = counter.saturating_add(1);
}
