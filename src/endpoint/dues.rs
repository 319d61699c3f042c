//! What is due to be said, written from state as soon as the pipe has room.

use super::body;
use super::control::Past;
use super::engine::Engine;
use super::stats::bump;
use crate::observe::Event;
use crate::profile::Policy;
use crate::session::{AnySession, CloseBody, Step};
use crate::stream::{Half, Stream, StreamEnd};
use crate::vocab::{CloseReason, EnvelopeClass, Lifecycle, Ticks};

impl<P: Policy> Engine<'_, P> {
    /// Writes everything that is due and finds room. The order is fixed: handshake, answers, streams, close.
    pub(super) fn flush(&mut self, now: Ticks) {
        self.flush_kept();
        if self.has_keys() {
            self.flush_pings();
            self.flush_past();
            if self.control.stream_due {
                self.flush_streams(now);
            }
            self.flush_close(now);
        }
        let pressure = self.pipe.under_pressure();
        if pressure != self.control.pressure {
            self.control.pressure = pressure;
            self.events.note(Event::Pressure(pressure));
        }
    }

    /// Frees what is over.
    pub(super) fn sweep(&mut self) {
        let Self { streams, slots, events, stats, policy, .. } = self;
        streams.sweep(|id| {
            let incomplete = slots.release_stream(id);
            stats.incomplete = stats.incomplete.saturating_add(incomplete);
            events.note(Event::StreamEnded { stream: policy.disclose_stream(id) });
        });
    }

    /// Begins to end the session; the first reason stands.
    pub(super) fn begin_close(&mut self, now: Ticks, reason: CloseReason) {
        if self.control.closing.is_none() {
            self.control.closing = Some(reason);
            self.control.drain_at = now.plus(self.policy.spec().drain_ticks);
        }
    }

    fn flush_pings(&mut self) {
        let last = self.data_sealed();
        if self.control.pong_due && self.tell(EnvelopeClass::Ping, 0, &body::ping(true, last)) {
            self.control.pong_due = false;
        }
        if self.control.ping_due {
            // A stream that is through, but for credit that has been lost, is asked about by name.
            let stuck = |stream: &&Stream| stream.send.has_ended() && stream.receive.has_ended();
            let about = self.streams.iter().find(stuck).map_or(0, |stream| stream.id);
            if self.tell(EnvelopeClass::Ping, about, &body::ping(false, last)) {
                self.control.ping_due = false;
                bump(&mut self.stats.pings);
            }
        }
    }

    fn flush_past(&mut self) {
        let told = match self.control.past {
            None => return,
            Some(Past::Credit(id)) => self.tell(EnvelopeClass::Credit, id, &u64::MAX.to_le_bytes()),
            Some(Past::Reset(id)) => self.tell(EnvelopeClass::Reset, id, &0_u16.to_le_bytes()),
        };
        if told {
            self.control.past = None;
        }
    }

    fn flush_streams(&mut self, now: Ticks) {
        self.control.stream_due = false;
        for place in 0.. {
            let Some(stream) = self.streams.at(place) else { break };
            if !self.flush_stream(now, &stream) {
                self.control.stream_due = true;
            }
        }
        self.sweep();
    }

    /// Whether nothing of this stream is due any more.
    fn flush_stream(&mut self, now: Ticks, stream: &Stream) -> bool {
        let id = stream.id;
        if let (true, Half::Ended(StreamEnd::Reset(code)), _)
        | (true, _, Half::Ended(StreamEnd::Reset(code))) = (stream.reset_due, stream.send, stream.receive)
        {
            if !self.tell(EnvelopeClass::Reset, id, &code.to_le_bytes()) {
                return false;
            }
            if let Some(entry) = self.streams.get(id) {
                entry.reset_due = false;
                entry.reset_unanswered = entry.reset_unanswered.map(|_| now);
            }
            return true;
        }
        if stream.credit_due && !stream.is_reset() {
            let limit = self.policy.credit_limit(stream.consumed, self.streams.limits().stream_credit);
            if !self.tell(EnvelopeClass::Credit, id, &limit.to_le_bytes()) {
                return false;
            }
            if limit == stream.told {
                bump(&mut self.stats.restated);
            }
            if let Some(entry) = self.streams.get(id) {
                (entry.credit_due, entry.told) = (false, limit);
            }
        }
        match stream.send {
            Half::Ending(end) => self.submit_end(id, end).is_ok(),
            Half::Open | Half::Ended(_) => true,
        }
    }

    /// An open session drains once every end that was asked for has been said; then its close follows the queue.
    fn flush_close(&mut self, now: Ticks) {
        let Some(reason) = self.control.closing else { return };
        if self.lifecycle() == Some(Lifecycle::Open) {
            if self.streams.iter().any(|stream| matches!(stream.send, Half::Ending(_))) {
                return;
            }
            if let AnySession::Open(session) = self.session.take() {
                let mut draining = session.close();
                if let Some(counts) = self.control.peer_close {
                    draining.note_peer_close(counts);
                }
                self.enter(draining);
            }
        }
        let AnySession::Draining(session) = &*self.session else { return };
        if self.control.close_due || session.owes_close() {
            let text = CloseBody::new(reason, session.counts()).encode();
            if self.tell_and_keep(EnvelopeClass::Close, 0, &text, true) {
                self.control.close_due = false;
                self.control.close_at = now.plus(self.policy.spec().retry_ticks);
                if let AnySession::Draining(session) = &mut *self.session {
                    session.note_close_sent();
                }
            }
        }
        self.settle_close(false);
    }

    /// Closes if both closes have crossed and the counts match.
    pub(super) fn settle_close(&mut self, overdue: bool) {
        let AnySession::Draining(session) = &*self.session else { return };
        if !overdue && !session.is_complete() {
            return;
        }
        let AnySession::Draining(session) = self.session.take() else { return };
        match session.finish(overdue) {
            Ok(Step::Stay(session)) => *self.session = session.into(),
            Ok(Step::Next(closed)) => {
                self.enter(closed);
                if let Some(reason) = self.control.closing {
                    self.events.note(Event::Closed(reason));
                }
            }
            Err(failed) => self.enter_failed(failed),
        }
    }
}
