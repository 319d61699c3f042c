//! The handshake as frames on stream 0.
//!
//! What both sides say when, and how often, stands in the [documentation of the folder](super#what-both-sides-do-normative).

use super::control::Control;
use super::engine::Engine;
use super::stats::{Stats, bump};
use super::{Reject, StartError};
use crate::observe::EventQueue;
use crate::profile::Policy;
use crate::secure::Fresh;
use crate::session::{AnySession, Config, Negotiating, Open, Securing, Session, Step};
use crate::stream::StreamLimits;
use crate::vocab::{FrameKind, HandshakeReject, Role, Ticks};
use crate::wire::handshake::TAG_BYTES;
use crate::wire::{FrameView, HandshakeBytes, frame_bytes};

impl<P: Policy> Engine<'_, P> {
    /// Begins a session.
    pub(super) fn start(&mut self, now: Ticks, config: Config, fresh: Fresh) -> Result<(), StartError> {
        if !matches!(self.session, AnySession::Vacant | AnySession::Closed(_) | AnySession::Failed(_)) {
            return Err(StartError::Busy);
        }
        let role = config.role();
        config.sessions(1).map_err(StartError::Config)?;
        let streams_max = config.streams(self.policy.spec());
        let events = config.events();
        let session = Session::new(self.policy, config, fresh).map_err(StartError::Config)?;
        self.prepare(now, role, streams_max, events);
        match role {
            Role::Client => match session.start() {
                Ok((negotiating, hello)) => {
                    self.control.class = first_bytes(&last_bytes(hello.as_bytes()));
                    self.enter(negotiating);
                    self.say(now, 1, &hello);
                }
                Err(failed) => self.enter_failed(failed),
            },
            Role::Server => match session.listen() {
                Ok(negotiating) => self.enter(negotiating),
                Err(failed) => self.enter_failed(failed),
            },
        }
        Ok(())
    }

    /// Takes over a session that has opened elsewhere: `streams_max` is what its accept has told, `confirm` the message that
    /// has opened it.
    pub(super) fn adopt(
        &mut self,
        now: Ticks,
        session: Session<Open, P>,
        streams_max: u8,
        events: u8,
        class: u16,
        confirm: &[u8],
    ) {
        self.prepare(now, session.role(), streams_max, events);
        self.control.class = class;
        self.proven(now, session, confirm);
        self.flush(now);
    }

    /// Empties the memory for the next session.
    fn prepare(&mut self, now: Ticks, role: Role, streams_max: u8, events: u8) {
        self.pipe.clear();
        self.slots.clear();
        self.streams.clear();
        *self.control = Control { streams_max, ..Control::new(role, now) };
        *self.stats = Stats::ZERO;
        *self.events = EventQueue::with_max(events);
    }

    /// The client's confirm has verified.
    fn proven(&mut self, now: Ticks, session: Session<Open, P>, confirm: &[u8]) {
        self.enter(session);
        self.control.peer_tag = last_bytes(confirm);
        self.control.kept.clear();
        self.control.kept_due = false;
        self.control.heard = true;
        self.control.pong_due = true;
        self.opened(now);
    }

    /// A frame that came before the session was open.
    pub(super) fn receive_handshake(&mut self, now: Ticks, frame: &FrameView<'_>) -> Result<(), Reject> {
        if frame.kind() != FrameKind::Control || frame.stream() != 0 {
            return Err(Reject::State);
        }
        match self.session.take() {
            AnySession::Negotiating(session) => self.negotiate(now, session, frame),
            AnySession::Securing(session) => self.secure(now, session, frame.payload()),
            other => {
                *self.session = other;
                Err(Reject::State)
            }
        }
    }

    /// A handshake message after the session has opened: the peer has not seen ours. Anyone may have recorded it: so the answer
    /// that it got is said again, and nothing is sealed for it.
    pub(super) fn late_handshake(&mut self, message: &[u8]) -> Result<(), Reject> {
        let Control { limits, peer_tag, kept, .. } = &*self.control;
        let known = limits.role == Role::Server && repeats(&self.policy, message, peer_tag, kept.len());
        if !known || kept.is_empty() {
            return Err(HandshakeReject::MessageType.into());
        }
        self.control.kept_due = true;
        bump(&mut self.stats.handshake_repeats);
        Ok(())
    }

    fn negotiate(
        &mut self,
        now: Ticks,
        session: Session<Negotiating, P>,
        frame: &FrameView<'_>,
    ) -> Result<(), Reject> {
        let (role, message) = (session.role(), frame.payload());
        let own = match role {
            Role::Client => frame.session_class() == self.control.class,
            Role::Server => own_class(&self.policy, frame.session_class(), message),
        };
        if !own {
            *self.session = session.into();
            return Err(Reject::WrongSession);
        }
        match session.receive(message) {
            Ok(Step::Stay(session)) => {
                let reject = session.last_reject().unwrap_or(HandshakeReject::MessageType);
                *self.session = session.into();
                Err(reject.into())
            }
            Ok(Step::Next((securing, answer))) => {
                self.enter(securing);
                if role == Role::Client {
                    self.confirm(now, &answer)
                } else {
                    self.accept(now, frame, &answer)
                }
                Ok(())
            }
            Err(failed) => {
                if role == Role::Server {
                    self.control.class = frame.session_class();
                }
                let reason = failed.reason();
                self.enter_failed(failed);
                Err(Reject::Fatal(reason))
            }
        }
    }

    fn accept(&mut self, now: Ticks, frame: &FrameView<'_>, answer: &HandshakeBytes) {
        self.control.class = frame.session_class();
        self.control.peer_tag = last_bytes(frame.payload());
        self.control.started = now;
        self.say(now, 1, answer);
    }

    /// The confirm is queued at once, so that nothing can overtake it; a hello that still waits is of no use now.
    fn confirm(&mut self, now: Ticks, answer: &HandshakeBytes) {
        self.pipe.clear();
        self.say(now, 2, answer);
        if let AnySession::Securing(session) = self.session.take() {
            match session.confirmed() {
                Ok(open) => self.enter(open),
                Err(failed) => self.enter_failed(failed),
            }
        }
        self.opened(now);
    }

    fn secure(&mut self, now: Ticks, session: Session<Securing, P>, message: &[u8]) -> Result<(), Reject> {
        if repeats(&self.policy, message, &self.control.peer_tag, self.control.kept.len()) {
            *self.session = session.into();
            self.control.kept_due = true;
            bump(&mut self.stats.handshake_repeats);
            return Ok(());
        }
        match session.receive(message) {
            Ok(Step::Next(open)) => {
                self.proven(now, open, message);
                Ok(())
            }
            Ok(Step::Stay(session)) => {
                let reject = session.last_reject().unwrap_or(HandshakeReject::MessageType);
                *self.session = session.into();
                Err(reject.into())
            }
            Err(failed) => {
                let reason = failed.reason();
                self.enter_failed(failed);
                Err(Reject::Fatal(reason))
            }
        }
    }

    /// What both sides do when they are open.
    fn opened(&mut self, now: Ticks) {
        let AnySession::Open(session) = &*self.session else { return };
        let (role, selected) = (session.role(), session.selection().capabilities);
        let (policy, spec, total) = (self.policy, self.policy.spec(), self.control.streams_max);
        let streams = |role| policy.streams_allowed(selected, role, spec.streams_within(role, total));
        (self.control.selected, self.control.order) =
            (selected, policy.order_allowed(selected, spec.sequence));
        self.control.limits = StreamLimits {
            role,
            local_max: streams(role),
            remote_max: streams(role.peer()),
            stream_credit: spec.stream_credit,
            session_credit: spec.session_credit,
        };
        self.control.last_heard = now;
        self.control.last_ping = now;
        self.control.sequence = if role == Role::Client { 2 } else { 1 };
    }

    /// Keeps a handshake message as a frame, to be said now and again.
    fn say(&mut self, now: Ticks, sequence: u64, message: &HandshakeBytes) {
        let header = self.control_header(FrameKind::Control, 0, sequence);
        self.keep(&header, message.as_bytes());
        self.control.sequence = sequence;
        self.control.kept_due = true;
        self.control.repeats = 0;
        self.control.repeat_at = now.plus(self.policy.spec().retry_ticks);
        self.flush_kept();
    }
}

/// Whether a message repeats the one that ended with `tag`, and may be answered with the kept frame again.
pub(super) fn repeats<P: Policy>(
    policy: &P,
    message: &[u8],
    tag: &[u8; TAG_BYTES],
    kept_bytes: usize,
) -> bool {
    let bytes = frame_bytes(policy.spec().checksum, message.len());
    last_bytes(message) == *tag && policy.answer_fits(kept_bytes, bytes)
}

/// Whether a hello travels under its own class.
pub(super) fn own_class<P: Policy>(policy: &P, class: u16, hello: &[u8]) -> bool {
    policy.hello_class(class, first_bytes(&last_bytes(hello)))
}

/// The last 32 bytes of a message: its tag or binder.
pub(super) fn last_bytes(message: &[u8]) -> [u8; TAG_BYTES] {
    message.last_chunk().copied().unwrap_or([0; TAG_BYTES])
}

pub(super) fn first_bytes(tag: &[u8; TAG_BYTES]) -> u16 {
    let [a, b, ..] = *tag;
    u16::from_le_bytes([a, b])
}
