//! What happens because time has passed.

use super::engine::Engine;
use super::stats::bump;
use crate::observe::Event;
use crate::profile::Policy;
use crate::session::AnySession;
use crate::stream::{Half, Stream};
use crate::vocab::{FailReason, Lifecycle, Role, Ticks};

impl<P: Policy> Engine<'_, P> {
    /// Does everything whose time has come.
    pub(super) fn poll(&mut self, now: Ticks) {
        let incomplete = self.slots.expire(&self.policy, now);
        if incomplete != 0 {
            self.stats.incomplete = self.stats.incomplete.saturating_add(incomplete);
            let groups = u8::try_from(incomplete).unwrap_or(u8::MAX);
            self.events.note(Event::Incomplete { groups });
        }
        if let Err(reason) = self.overdue(now) {
            self.fail(reason);
        }
        if self.is_repeating() && now.reached(self.control.repeat_at) {
            self.control.kept_due = true;
            self.control.repeats = self.control.repeats.saturating_add(1);
            self.control.repeat_at = now.plus(self.policy.spec().retry_ticks);
            bump(&mut self.stats.handshake_repeats);
        }
        if self.has_keys() {
            self.poll_pressure(now);
            self.poll_streams(now);
            self.poll_close(now);
        }
    }

    /// The first reason to end the session now.
    fn overdue(&self, now: Ticks) -> Result<(), FailReason> {
        let (policy, control) = (&self.policy, &self.control);
        let spec = policy.spec();
        if self.is_shaking() {
            policy.handshake_deadline(now.since(control.started), spec.handshake_ticks)?;
        }
        if self.has_keys() {
            let late = |since: Ticks| now.since(since) >= spec.reassembly_ticks;
            if let Some((last, since)) = control.told {
                policy.gap_overdue(last, self.data_opened(), late(since))?;
            }
            for (_, since) in self.streams.iter().filter_map(|stream| stream.gap) {
                policy.gap_overdue(1, 0, late(since))?;
            }
            policy.idle(now.since(control.last_heard), spec.idle_ticks)?;
        }
        Ok(())
    }

    /// Whether the handshake is under way and must end in time.
    fn is_shaking(&self) -> bool {
        match &*self.session {
            AnySession::Negotiating(session) => session.role() == Role::Client,
            AnySession::Securing(_) => true,
            AnySession::Open(_) => !self.control.heard,
            _ => false,
        }
    }

    /// Whether this side's handshake message is still to be repeated.
    fn is_repeating(&self) -> bool {
        self.control.limits.role == Role::Client
            && self.is_shaking()
            && self.control.repeats < self.policy.spec().retries_max
    }

    /// What the peer has told of its pressure holds for a while.
    fn poll_pressure(&mut self, now: Ticks) {
        let told = self.control.peer_pressure;
        let ticks = self.policy.spec().ping_ticks;
        if told.is_some_and(|since| self.policy.pressure_lapsed(now.since(since), ticks)) {
            self.control.peer_pressure = None;
            self.events.note(Event::PeerPressure(false));
        }
    }

    fn poll_streams(&mut self, now: Ticks) {
        if self.probe_at().is_some_and(|at| now.reached(at)) {
            self.control.ping_due = true;
            self.control.last_ping = now;
        }
        let retry = self.policy.spec().retry_ticks;
        for stream in self.streams.iter_mut() {
            let due = stream.reset_due || stream.credit_due;
            if !due && stream.unanswered.is_some_and(|said| now.reached(said.plus(retry))) {
                let reset = stream.is_reset();
                (stream.reset_due, stream.credit_due) = (reset, !reset);
                self.control.stream_due = true;
                bump(&mut self.stats.restated);
            }
        }
    }

    /// When the peer is to be probed: after silence while data is expected, and now and then while credit is outstanding.
    fn probe_at(&self) -> Option<Ticks> {
        let credit = self.streams.limits().stream_credit;
        let owed = |stream: &Stream| stream.outstanding(credit) != 0;
        let expected = |stream: &Stream| !stream.receive.has_ended();
        let control = &self.control;
        let from = if self.streams.iter().any(owed) {
            control.last_ping
        } else if self.streams.iter().any(expected) {
            control.last_ping.later(control.last_heard)
        } else {
            return None;
        };
        (!control.ping_due).then(|| from.plus(self.policy.spec().ping_ticks))
    }

    fn poll_close(&mut self, now: Ticks) {
        if self.control.closing.is_none() {
            return;
        }
        if now.reached(self.control.drain_at) {
            match self.lifecycle() {
                Some(Lifecycle::Open) => self.fail(FailReason::DrainTimeout),
                _ => self.settle_close(true),
            }
            return;
        }
        if self.restate_close_at().is_some_and(|at| now.reached(at)) {
            self.control.close_due = true;
            bump(&mut self.stats.restated);
        }
    }

    /// When this side's close is to be said again: until the session has ended.
    fn restate_close_at(&self) -> Option<Ticks> {
        let AnySession::Draining(session) = &*self.session else { return None };
        let waiting = session.close_sent() && !self.control.close_due;
        waiting.then_some(self.control.close_at)
    }

    /// When [`poll`](Self::poll) is to be called next, if nothing comes before.
    pub(super) fn next_deadline(&self) -> Option<Ticks> {
        let spec = self.policy.spec();
        let control = &self.control;
        let keys = self.has_keys();
        let after = |wanted: bool, from: Ticks, ticks: u32| wanted.then(|| from.plus(ticks));
        let gaps = self.streams.iter().filter_map(|stream| stream.gap.map(|(_, since)| since));
        let told = control.told.map(|(_, since)| since);
        let missing = gaps.chain(told).map(|since| since.plus(spec.reassembly_ticks)).filter(|_| keys);
        let waiting = self.streams.iter().filter(|stream| !stream.reset_due && !stream.credit_due);
        let words = waiting.filter_map(|stream| stream.unanswered).map(|said| said.plus(spec.retry_ticks));
        [
            self.slots.next_deadline(),
            after(self.is_shaking(), control.started, spec.handshake_ticks),
            after(self.is_repeating(), control.repeat_at, 0),
            after(keys && spec.idle_ticks != 0, control.last_heard, spec.idle_ticks),
            self.probe_at().filter(|_| keys),
            after(keys && control.closing.is_some(), control.drain_at, 0),
            self.restate_close_at(),
            control.peer_pressure.filter(|_| keys).map(|since| since.plus(spec.ping_ticks)),
            control.turn.filter(|_| keys).map(|(_, since)| since.plus(spec.retry_ticks)),
        ]
        .into_iter()
        .flatten()
        .chain(missing)
        .chain(words.filter(|_| keys))
        .reduce(Ticks::earlier)
    }
}

impl Stream {
    /// Notes since when the lowest open sequence has been overtaken.
    pub(super) fn watch_gap(&mut self, now: Ticks) {
        let next = self.sequencer.next();
        self.gap = match self.gap {
            _ if !self.sequencer.has_gap() => None,
            Some((at, since)) if at == next => Some((at, since)),
            _ => Some((next, now)),
        };
    }
}

const _: () = assert!(size_of::<Half>() <= 8);
