//! From a message to frames in the pipe.

use super::SendRefusal;
use super::body;
use super::engine::Engine;
use super::stats::{add, bump};
use crate::observe::Event;
use crate::profile::Policy;
use crate::secure::Sealed;
use crate::session::AnySession;
use crate::stream::{Half, StreamEnd};
use crate::transport::{Cut, Cuts};
use crate::vocab::{
    Capability, ENVELOPE_OVERHEAD, EnvelopeClass, FailReason, FrameFacts, FrameKind, MetadataClass,
    SealRefusal, Ticks,
};
use crate::wire::{self, Header, frame_bytes};

impl<P: Policy> Engine<'_, P> {
    /// Sends one message of the application.
    pub(super) fn send(&mut self, now: Ticks, stream: u32, message: &mut [u8]) -> Result<(), SendRefusal> {
        if !matches!(self.session, AnySession::Open(_)) || self.control.closing.is_some() {
            return Err(SendRefusal::NotOpen);
        }
        match self.streams.get(stream).ok_or(SendRefusal::NoStream)?.send {
            Half::Open => {}
            Half::Ending(end) | Half::Ended(end) => return Err(SendRefusal::Ended(end)),
        }
        if message.is_empty() {
            return Err(SendRefusal::Empty);
        }
        self.settle_turn(now);
        self.submit(stream, EnvelopeClass::Data, message)
    }

    /// Notes that this side's half of a stream ends; the end itself waits for credit and room.
    pub(super) fn finish(&mut self, stream: u32, end: StreamEnd) -> Result<(), SendRefusal> {
        if !matches!(self.session, AnySession::Open(_)) || self.control.closing.is_some() {
            return Err(SendRefusal::NotOpen);
        }
        if let StreamEnd::Error(_) = end {
            self.demand(EnvelopeClass::Error)?;
        }
        let entry = self.streams.get(stream).ok_or(SendRefusal::NoStream)?;
        match entry.send {
            Half::Open => {}
            Half::Ending(end) | Half::Ended(end) => return Err(SendRefusal::Ended(end)),
        }
        entry.send = Half::Ending(end);
        self.control.stream_due = true;
        self.leave(stream);
        Ok(())
    }

    /// Ends both halves of a stream abruptly.
    pub(super) fn reset(&mut self, now: Ticks, stream: u32, code: u16) -> Result<(), SendRefusal> {
        if !self.has_keys() {
            return Err(SendRefusal::NotOpen);
        }
        self.demand(EnvelopeClass::Reset)?;
        let entry = self.streams.get(stream).ok_or(SendRefusal::NoStream)?;
        if let Half::Ended(end @ StreamEnd::Reset(_)) = entry.send {
            return Err(SendRefusal::Ended(end));
        }
        let end = Half::Ended(StreamEnd::Reset(code));
        (entry.send, entry.receive) = (end, end);
        (entry.reset_due, entry.unanswered, entry.gap) = (true, Some(now), None);
        self.control.stream_due = true;
        self.leave(stream);
        self.slots.release_held(stream);
        Ok(())
    }

    /// Whether both sides have selected what envelopes of this class need.
    fn demand(&self, class: EnvelopeClass) -> Result<(), SendRefusal> {
        let allowed = self.policy.class_allowed(self.control.selected, class);
        allowed.then_some(()).ok_or(SendRefusal::Capability(Capability::ProxySemantics))
    }

    /// Says the end of a stream, when credit and room permit.
    pub(super) fn submit_end(&mut self, stream: u32, end: StreamEnd) -> Result<(), SendRefusal> {
        let sent_bytes = self.streams.get(stream).ok_or(SendRefusal::NoStream)?.sent_bytes;
        let class = match end {
            StreamEnd::Error(_) => EnvelopeClass::Error,
            StreamEnd::Finished | StreamEnd::Reset(_) => EnvelopeClass::EndOfStream,
        };
        let (mut text, length) = body::end(end, sent_bytes);
        self.submit(stream, class, text.get_mut(..length).unwrap_or_default())?;
        if let Some(entry) = self.streams.get(stream) {
            entry.send = Half::Ended(end);
        }
        Ok(())
    }

    /// Seals a message in place and queues all its fragments, or does nothing.
    fn submit(&mut self, id: u32, class: EnvelopeClass, message: &mut [u8]) -> Result<(), SendRefusal> {
        let policy = self.policy;
        let spec = policy.spec();
        let most = spec.message_bytes_max();
        if message.len() > most {
            return Err(SendRefusal::TooLong { max: u16::try_from(most).unwrap_or(u16::MAX) });
        }
        let stream = *self.streams.get(id).ok_or(SendRefusal::NoStream)?;
        if !policy.credit_to_send(self.streams.send_credit(&stream)) {
            if class == EnvelopeClass::Data {
                bump(&mut self.stats.credit_refusals);
            }
            return Err(SendRefusal::Credit);
        }
        let total = message.len().saturating_add(ENVELOPE_OVERHEAD);
        let cuts = Cuts::plan(spec.fragment_limits(), total, &policy)
            .ok_or(SendRefusal::TooLong { max: u16::try_from(most).unwrap_or(u16::MAX) })?;
        self.admit(&stream, class, message.len(), &cuts)?;
        let Some(first_sequence) = policy.next_frame_sequence(stream.last_sequence, cuts.fragments()) else {
            return Err(self.exhausted());
        };
        let facts = FrameFacts {
            stream: id,
            kind: FrameKind::Data,
            metadata: MetadataClass::Unspecified,
            first_sequence,
        };
        let AnySession::Open(session) = &mut *self.session else { return Err(SendRefusal::NotOpen) };
        let sealed = match session.seal(class, &facts, message) {
            Ok(sealed) => sealed,
            Err(SealRefusal::KeyLimit) => return Err(self.exhausted()),
            Err(_) => return Err(SendRefusal::TooLong { max: u16::try_from(most).unwrap_or(u16::MAX) }),
        };
        let (text_bytes, count) = (message.len(), cuts.fragments());
        for cut in cuts {
            self.queue(&facts, class.ends_stream(), count, cut, &sealed, message);
        }
        if let Some(entry) = self.streams.get(id) {
            entry.last_sequence = first_sequence.saturating_add(u64::from(count)).saturating_sub(1);
            entry.sent = entry.sent.saturating_add(1);
            if class == EnvelopeClass::Data {
                add(&mut entry.sent_bytes, text_bytes);
            }
        }
        self.leave(id);
        self.count_share(&stream, total, count);
        add(&mut self.stats.messages_sent, 1);
        add(&mut self.stats.fragments_sent, usize::from(count));
        add(&mut self.stats.bytes_copied, total);
        let (stream, size) = (policy.disclose_stream(id), policy.disclose_size(text_bytes));
        self.events.note(Event::Sent { stream, size });
        Ok(())
    }

    /// Writes one fragment of a sealed message into the pipe: the one copy of a sent byte.
    #[inline]
    fn queue(
        &mut self,
        facts: &FrameFacts,
        ends: bool,
        count: u8,
        cut: Cut,
        sealed: &Sealed,
        ciphertext: &[u8],
    ) {
        let policy = self.policy;
        let spec = policy.spec();
        let role = self.control.limits.role;
        let header = Header {
            kind: FrameKind::Data,
            is_final: ends && cut.index.saturating_add(1) == count,
            direction: role.sends(),
            metadata: facts.metadata,
            session_class: self.control.class,
            fragment_index: cut.index,
            fragment_count: count,
            fragment_offset: u16::try_from(cut.offset).unwrap_or(u16::MAX),
            stream: facts.stream,
            sequence: facts.first_sequence.saturating_add(u64::from(cut.index)),
        };
        let limits = spec.frame_limits(role.peer());
        let fill = |place: &mut [u8]| gather(place, cut.offset, [&sealed.head, ciphertext, &sealed.tag]);
        let write = |place: &mut [u8]| {
            wire::encode(&header, spec.checksum, cut.bytes, &limits, &policy, place, fill).map(|_| ())
        };
        let bytes = frame_bytes(spec.checksum, cut.bytes);
        // All fragments were admitted together: none is refused now.
        let _ = self.pipe.push(&policy, FrameKind::Data, bytes, write);
    }

    fn exhausted(&mut self) -> SendRefusal {
        self.fail(FailReason::KeyLimit);
        SendRefusal::Failed(FailReason::KeyLimit)
    }
}

/// Copies what lies from `offset` in the concatenation of `parts`, as much as `place` takes.
#[inline]
fn gather(mut place: &mut [u8], offset: usize, parts: [&[u8]; 3]) {
    let mut skip = offset;
    for part in parts {
        let from = part.get(skip..).unwrap_or(&[]);
        skip = skip.saturating_sub(part.len());
        let count = from.len().min(place.len());
        let Some((to, rest)) = core::mem::take(&mut place).split_at_mut_checked(count) else { return };
        to.copy_from_slice(from.get(..count).unwrap_or(&[]));
        place = rest;
    }
}
