//! What is due to be said, written from state as soon as the pipe has room.

use super::body;
use super::control::Control;
use super::engine::Engine;
use super::stats::bump;
use crate::observe::Event;
use crate::profile::Policy;
use crate::session::{AnySession, CloseBody, Step};
use crate::stream::{Half, Stream};
use crate::vocab::{CloseReason, EnvelopeClass, Lifecycle, Role, Ticks};

/// The last credit of a stream: the side that accepted it is through.
pub(super) const ALL_CREDIT: u64 = u64::MAX;

impl<P: Policy> Engine<'_, P> {
    /// Writes everything that is due and finds room. The order is fixed: handshake, answers, streams, close.
    pub(super) fn flush(&mut self, now: Ticks) {
        self.flush_kept();
        if self.has_keys() {
            self.flush_pings();
            self.flush_pressure();
            self.flush_past();
            if self.control.stream_due {
                self.flush_streams(now);
            }
            self.flush_close(now);
            self.settle_turn(now);
        }
        let pressure = self.pipe.under_pressure();
        if pressure != self.control.pressure {
            self.control.pressure = pressure;
            self.control.pressure_due = self.has_keys();
            self.events.note(Event::Pressure(pressure));
        }
    }

    /// Frees the streams that have retired.
    pub(super) fn sweep(&mut self) {
        let Self { streams, slots, events, policy, .. } = self;
        streams.sweep(|id| {
            slots.release_held(id);
            events.note(Event::StreamEnded { stream: policy.disclose_stream(id) });
        });
    }

    /// Begins to end the session; the first reason stands.
    pub(super) fn begin_close(&mut self, now: Ticks, reason: CloseReason) {
        if self.control.closing.is_none() {
            self.control.closing = Some(reason);
            self.control.drain_at = now.plus(self.policy.spec().drain_ticks);
            self.drop_data_tickets();
        }
    }

    fn flush_pings(&mut self) {
        let last = self.data_sealed();
        // The first one of a server answers the confirm, and every repeat of that.
        let keep = self.control.limits.role == Role::Server && self.control.kept.is_empty();
        if self.control.pong_due && self.tell_and_keep(EnvelopeClass::Ping, 0, &body::ping(true, last), keep)
        {
            self.control.pong_due = false;
        }
        if self.control.ping_due && self.tell(EnvelopeClass::Ping, 0, &body::ping(false, last)) {
            self.control.ping_due = false;
            bump(&mut self.stats.pings);
        }
    }

    /// Tells the peer of pressure in this side's pipe, if both have agreed on that.
    fn flush_pressure(&mut self) {
        let class = EnvelopeClass::Pressure;
        let Control { selected, pressure, pressure_due, .. } = *self.control;
        if pressure_due && self.policy.class_allowed(selected, class) {
            self.control.pressure_due = !self.tell(class, 0, &[u8::from(pressure)]);
        }
    }

    fn flush_past(&mut self) {
        let Some(id) = self.control.past else { return };
        if self.tell(EnvelopeClass::Credit, id, &ALL_CREDIT.to_le_bytes()) {
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
        let through = stream.is_through(self.streams.limits().stream_credit);
        if through && !stream.local && stream.unanswered.is_none() {
            return self.retire(stream.id);
        }
        let reset = stream.reset_code().filter(|_| stream.reset_due);
        let said = match reset {
            Some(code) => self.tell_reset(stream.id, code),
            None if stream.credit_due && !stream.is_reset() => self.tell_credit(stream),
            None => true,
        };
        if !said {
            return false;
        }
        if let Some(entry) = self.streams.get(stream.id) {
            let spoke = entry.reset_due || entry.credit_due;
            (entry.reset_due, entry.credit_due) = (false, false);
            // An opener that is through waits for the acceptor; whoever has said a reset waits for the peer.
            if (through && stream.local && (spoke || entry.unanswered.is_none())) || reset.is_some() {
                entry.unanswered = Some(now);
            }
        }
        match stream.send {
            Half::Ending(end) => self.submit_end(stream.id, end).is_ok(),
            Half::Open | Half::Ended(_) => true,
        }
    }

    /// The last word of the side that accepted a stream.
    fn retire(&mut self, id: u32) -> bool {
        let told = self.tell(EnvelopeClass::Credit, id, &ALL_CREDIT.to_le_bytes());
        if let Some(entry) = self.streams.get(id) {
            entry.retired = told;
        }
        told
    }

    fn tell_reset(&mut self, id: u32, code: u16) -> bool {
        self.tell(EnvelopeClass::Reset, id, &code.to_le_bytes())
    }

    fn tell_credit(&mut self, stream: &Stream) -> bool {
        let limit = self.policy.credit_limit(stream.consumed, self.streams.limits().stream_credit);
        let told = self.tell(EnvelopeClass::Credit, stream.id, &limit.to_le_bytes());
        if told && limit == stream.told {
            bump(&mut self.stats.restated);
        }
        if let (true, Some(entry)) = (told, self.streams.get(stream.id)) {
            entry.told = limit;
        }
        told
    }

    /// An open session drains once every end that was asked for has been said; then its close follows the queue.
    fn flush_close(&mut self, now: Ticks) {
        let Some(reason) = self.control.closing else { return };
        if self.lifecycle() == Some(Lifecycle::Open) {
            // A peer that may not have seen the handshake through would not understand a close.
            if !self.control.heard {
                return;
            }
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
                    self.events.note(Event::Ended(reason.bucket()));
                }
            }
            Err(failed) => self.enter_failed(failed),
        }
    }
}
