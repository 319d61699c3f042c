//! From a frame to an opened message in a slot, or to a change that an authenticated peer has asked for.

use super::Reject;
use super::body::{Said, parse_control, parse_end};
use super::dues::ALL_CREDIT;
use super::engine::Engine;
use super::handshake::last_bytes;
use super::stats::add;
use crate::guard::lifecycle::Counts;
use crate::observe::Event;
use crate::profile::Policy;
use crate::secure::Opened;
use crate::session::AnySession;
use crate::stream::{Half, Place, StreamEnd};
use crate::transport::{Accepted, Message, Sequencer};
use crate::vocab::{
    CloseReason, EnvelopeReject, FailReason, Failure, FrameFacts, FrameKind, FrameReject, SequenceReject,
    Ticks,
};
use crate::wire::{self, FrameView, handshake};

impl<P: Policy> Engine<'_, P> {
    /// Takes one frame from the link.
    pub(super) fn receive(&mut self, now: Ticks, bytes: &[u8]) -> Result<(), Reject> {
        let policy = self.policy;
        let limits = policy.spec().frame_limits(self.control.limits.role);
        self.receive_decoded(now, wire::decode(bytes, &limits, &policy), bytes)
    }

    /// Takes one frame that has been looked at.
    pub(super) fn receive_decoded(
        &mut self,
        now: Ticks,
        frame: Result<FrameView<'_>, FrameReject>,
        bytes: &[u8],
    ) -> Result<(), Reject> {
        add(&mut self.stats.frames_received, 1);
        add(&mut self.stats.bytes_received, bytes.len());
        let outcome = frame.map_err(Reject::Frame).and_then(|frame| self.take(now, frame, bytes));
        if let Err(reject) = outcome {
            self.stats.reject(reject);
        }
        outcome
    }

    fn take(&mut self, now: Ticks, frame: FrameView<'_>, bytes: &[u8]) -> Result<(), Reject> {
        match &*self.session {
            AnySession::Vacant | AnySession::New(_) => Err(Reject::State),
            AnySession::Negotiating(_) => self.receive_handshake(now, &frame),
            _ if frame.session_class() != self.control.class => Err(Reject::WrongSession),
            AnySession::Securing(_) => self.receive_handshake(now, &frame),
            AnySession::Open(_) | AnySession::Draining(_) => self.receive_open(now, &frame, bytes),
            AnySession::Closed(_) | AnySession::Failed(_) => {
                self.answer_late(bytes);
                Err(Reject::State)
            }
        }
    }

    /// An ended side says its last word again, once to each new frame that is as long: never more bytes out than in, and
    /// two ended sides fall silent.
    fn answer_late(&mut self, bytes: &[u8]) {
        let new = last_bytes(bytes) != self.control.peer_tag;
        let fits = self.policy.answer_fits(self.control.kept.len(), bytes.len());
        if new && !self.control.kept.is_empty() && fits {
            self.control.peer_tag = last_bytes(bytes);
            self.control.kept_due = true;
        }
    }

    fn receive_open(&mut self, now: Ticks, frame: &FrameView<'_>, bytes: &[u8]) -> Result<(), Reject> {
        if frame.kind() == FrameKind::Data {
            return self.receive_data(now, frame);
        }
        let is_handshake = frame.payload().first().is_some_and(|kind| handshake::is_message(*kind));
        if frame.kind() == FrameKind::Control && frame.stream() == 0 && is_handshake {
            return self.late_handshake(frame.payload());
        }
        let facts = FrameFacts {
            stream: frame.stream(),
            kind: frame.kind(),
            metadata: frame.metadata(),
            first_sequence: frame.sequence(),
        };
        let (body, length) =
            self.open_control(&facts, frame.payload()).map_err(|reject| self.unopened(reject))?;
        self.heard(now);
        let said = parse_control(frame.kind(), body.get(..length).unwrap_or(&[]));
        let said = said
            .filter(|said| self.policy.class_allowed(self.control.selected, said.class()))
            .ok_or(FailReason::PeerViolation)
            .and_then(|said| self.obey(now, frame.stream(), said, bytes));
        said.map_err(|reason| self.fatal(reason))
    }

    /// Does what an authenticated control envelope says.
    fn obey(&mut self, now: Ticks, stream: u32, said: Said, bytes: &[u8]) -> Result<(), FailReason> {
        match said {
            Said::Reset(code) => self.reset_by_peer(stream, code)?,
            Said::Credit(limit) => self.credited(stream, limit),
            Said::Probe(last) => {
                self.told(now, last);
                self.control.pong_due = true;
                self.control.pressure_due |= self.control.pressure;
                self.restate_credit();
            }
            Said::Answer(last) => self.told(now, last),
            Said::Pressure(raised) => self.pressed(now, raised),
            Said::Close(reason, counts) => {
                self.control.peer_tag = last_bytes(bytes);
                self.closed_by_peer(now, reason, counts);
            }
            Said::Failed(reason) => {
                self.control.peer_tag = last_bytes(bytes);
                self.fail_with(Failure::peer(reason));
            }
        }
        Ok(())
    }

    fn reset_by_peer(&mut self, id: u32, code: u16) -> Result<(), FailReason> {
        match self.streams.place(id, &self.policy) {
            Place::Forbidden => return Err(FailReason::PeerViolation),
            Place::Past => {
                self.answer_past(id);
                return Ok(());
            }
            Place::Next => self.open_remote(id)?,
            Place::Live => {}
        }
        let Some(entry) = self.streams.get(id) else { return Ok(()) };
        self.control.stream_due = true;
        if !entry.local {
            entry.unanswered = None;
        }
        if entry.is_reset() {
            return Ok(());
        }
        (entry.send, entry.gap) = (Half::Ended(StreamEnd::Reset(code)), None);
        if entry.receive.has_ended() {
            entry.reset_due = entry.local;
        } else {
            entry.receive = Half::Ending(StreamEnd::Reset(code));
        }
        self.leave(id);
        self.slots.release_held(id);
        self.events.note(Event::StreamReset { stream: self.policy.disclose_stream(id) });
        Ok(())
    }

    fn credited(&mut self, id: u32, limit: u64) {
        let credit = self.streams.limits().stream_credit;
        let Some(entry) = self.streams.get(id) else {
            if self.streams.place(id, &self.policy) == Place::Past {
                self.answer_past(id);
            }
            return;
        };
        let ended = entry.send.has_ended() && entry.receive.has_ended();
        entry.retired = entry.local && ended && limit == ALL_CREDIT;
        entry.limit = self.policy.credit_next(entry.limit, limit, entry.sent, credit);
        self.control.stream_due = true;
        self.sweep();
    }

    /// The peer speaks of a stream that is past: if it was the peer's, it does not know yet.
    fn answer_past(&mut self, id: u32) {
        if self.policy.opened_by(id) != Some(self.control.limits.role) {
            self.control.past = Some(id);
        }
    }

    /// A probe asks for every credit.
    fn restate_credit(&mut self) {
        self.streams.iter_mut().for_each(|stream| stream.credit_due = true);
        self.control.stream_due = true;
    }

    fn pressed(&mut self, now: Ticks, raised: bool) {
        if raised != self.control.peer_pressure.is_some() {
            self.events.note(Event::PeerPressure(raised));
        }
        self.control.peer_pressure = raised.then_some(now);
    }

    fn closed_by_peer(&mut self, now: Ticks, reason: CloseReason, counts: Counts) {
        self.control.peer_close = Some(counts);
        self.begin_close(now, reason);
        if let AnySession::Draining(session) = &mut *self.session {
            session.note_peer_close(counts);
        }
    }

    /// What the peer has sealed in all; what of it does not come in time is missing.
    fn told(&mut self, now: Ticks, last: u64) {
        if self.control.told.is_none() && last > self.data_opened() {
            self.control.told = Some((last, now));
        }
    }

    /// Something authentic has come.
    fn heard(&mut self, now: Ticks) {
        self.control.last_heard = now;
        if !self.control.heard {
            self.control.heard = true;
            self.control.kept.clear();
            self.control.kept_due = false;
        }
    }

    fn receive_data(&mut self, now: Ticks, frame: &FrameView<'_>) -> Result<(), Reject> {
        let policy = self.policy;
        let spec = policy.spec();
        let id = frame.stream();
        let place = self.streams.place(id, &policy);
        let sequencer = match (place, self.streams.get(id)) {
            (Place::Forbidden, _) => return Err(Reject::Stream),
            (Place::Live, Some(stream)) if !stream.is_reset() => Some(stream.sequencer),
            (Place::Next, _) => Some(Sequencer::new()),
            // What comes late for a stream that was reset is opened all the same, so that the counts of a close are exact.
            _ => None,
        };
        if let Some(sequencer) = sequencer {
            let pending = self.slots.pending(id, sequencer.next());
            sequencer.peek(self.control.order, spec.sequence_window, pending, frame.sequence(), &policy)?;
        }
        let accepted = self.slots.accept(&policy, frame, now)?;
        add(&mut self.stats.fragments_received, 1);
        add(&mut self.stats.bytes_copied, frame.payload().len());
        let Accepted::Complete(slot) = accepted else { return Ok(()) };
        let (message, opened) = self.open_slot(slot)?;
        self.heard(now);
        if self.control.told.is_some_and(|(last, _)| self.data_opened() >= last) {
            self.control.told = None;
        }
        if sequencer.is_none() {
            self.slots.release(slot);
            return Err(SequenceReject::AfterTerminal.into());
        }
        let taken = self.deliver(now, place, slot, message, opened);
        taken.map_err(|reason| self.fatal(reason))
    }

    /// Opens a complete message where it lies.
    fn open_slot(&mut self, slot: usize) -> Result<(Message, Opened), Reject> {
        let (envelope, message) = self.slots.envelope(slot).ok_or(EnvelopeReject::Shape)?;
        let channel = self.session.channel_mut().ok_or(EnvelopeReject::WrongSession)?;
        match channel.open(&self.policy, &message.facts, message.is_final, envelope) {
            Ok(opened) => {
                self.stats.missing = self.data_missing();
                Ok((message, opened))
            }
            Err(reject) => {
                self.slots.release(slot);
                Err(self.unopened(reject))
            }
        }
    }

    /// Puts an opened message in its place on its stream.
    fn deliver(
        &mut self,
        now: Ticks,
        place: Place,
        slot: usize,
        message: Message,
        opened: Opened,
    ) -> Result<(), FailReason> {
        let policy = self.policy;
        let id = message.facts.stream;
        if place == Place::Next {
            self.open_remote(id)?;
        }
        let unread = self.streams.get(id).map_or(0, |stream| stream.unread());
        if !policy.credit_to_receive(self.streams.receive_credit(unread)) {
            return Err(FailReason::PeerViolation);
        }
        let bytes = opened.body.len();
        self.slots.hold(slot, opened.body);
        let text = self.slots.message(slot);
        let whole = if opened.class.ends_stream() { parse_end(text).is_some() } else { !text.is_empty() };
        let whole = whole && policy.class_allowed(self.control.selected, opened.class);
        let Some(stream) = self.streams.get(id).filter(|_| whole) else {
            return Err(FailReason::PeerViolation);
        };
        let first = message.facts.first_sequence;
        stream.sequencer.mark(first, message.count);
        stream.opened = stream.opened.saturating_add(1);
        if message.is_final {
            stream.sequencer.end_at(first.saturating_add(u64::from(message.count)).saturating_sub(1));
        }
        stream.watch_gap(now);
        add(&mut self.stats.messages_received, 1);
        let (stream, size) = (policy.disclose_stream(id), policy.disclose_size(bytes));
        self.events.note(Event::Received { stream, size });
        Ok(())
    }

    fn open_remote(&mut self, id: u32) -> Result<(), FailReason> {
        self.streams.open_remote(id, &self.policy).map_err(|_| FailReason::PeerViolation)?;
        self.events.note(Event::StreamOpened { stream: self.policy.disclose_stream(id) });
        Ok(())
    }

    /// What follows when an envelope does not open: a strict gap and too many forgeries end the session.
    fn unopened(&mut self, reject: EnvelopeReject) -> Reject {
        let forged =
            self.session.channel().is_some_and(|channel| channel.forgery_limit_reached(&self.policy));
        match reject {
            EnvelopeReject::Gap => self.fatal(FailReason::Gap),
            _ if forged => self.fatal(FailReason::ForgeryLimit),
            _ => Reject::Envelope(reject),
        }
    }

    fn fatal(&mut self, reason: FailReason) -> Reject {
        self.fail(reason);
        Reject::Fatal(reason)
    }
}
