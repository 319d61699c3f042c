//! The typed route, both roles, from `New` to `Closed` and `Failed`.
#![no_std]
#![no_main]

use kurdistan::profile::{Loaded, Policy, Profile, Small};
use kurdistan::session::{
    CloseBody, Config, Draining, Negotiating, New, Open, OpensEnvelopes, Securing, Session, Step,
};
use kurdistan::vocab::{CapabilitySet, CloseReason, EnvelopeClass, FailReason, FrameFacts, Id, Role};
use kurdistan::{Fresh, Secret};
use panic_free::{any, bytes, part, space};

part!(session);

fn session() {
    let spec = any(Small::SPEC);
    let Ok(policy) = Loaded::new(&spec) else { return };
    let fresh = Fresh::from_both(any([0; 32]), any(1), any(1));
    let Some(config) = config() else { return };
    let Ok(new) = Session::new(policy, config, fresh) else { return };
    let Some(negotiating) = begin(new) else { return };
    let Some(securing) = negotiate(negotiating) else { return };
    let Some(open) = secure(securing) else { return };
    if let Some(draining) = work(open) {
        end(draining);
    }
}

fn id() -> Option<Id> {
    Id::from_bytes(bytes()).ok()
}

fn config() -> Option<Config> {
    let config = Config::new(any(Role::Client), id()?, id()?, Secret::new(bytes()).ok()?);
    let config = config.expect(id()?).also(id()?, Secret::new(bytes()).ok()?).ok()?;
    Some(config.offer(CapabilitySet::from_bits(any(1))).require(CapabilitySet::from_bits(any(1))))
}

fn begin<P: Policy>(new: Session<New, P>) -> Option<Session<Negotiating, P>> {
    if any(false) {
        any(new.fail(any(FailReason::Aborted)).reason());
        return None;
    }
    match new.role() {
        Role::Client => {
            let (session, hello) = new.start().ok()?;
            any(hello.as_bytes());
            Some(session)
        }
        Role::Server => new.listen().ok(),
    }
}

fn negotiate<P: Policy>(mut session: Session<Negotiating, P>) -> Option<Session<Securing, P>> {
    while any(true) {
        match session.receive(bytes()) {
            Ok(Step::Next((next, message))) => {
                any(message.as_bytes());
                return Some(next);
            }
            Ok(Step::Stay(same)) => {
                any(same.last_reject());
                session = same;
            }
            Err(failed) => {
                any((failed.failure(), failed.last_words()));
                return None;
            }
        }
    }
    any(session.fail(any(FailReason::Aborted)).last_words());
    None
}

fn secure<P: Policy>(mut session: Session<Securing, P>) -> Option<Session<Open, P>> {
    if session.role() == Role::Client {
        return session.confirmed().ok();
    }
    while any(true) {
        match session.receive(bytes()) {
            Ok(Step::Next(next)) => return Some(next),
            Ok(Step::Stay(same)) => session = same,
            Err(_) => return None,
        }
    }
    any(session.fail(any(FailReason::Aborted)).last_words());
    None
}

fn work<P: Policy>(mut session: Session<Open, P>) -> Option<Session<Draining, P>> {
    any((session.peer(), session.selection()));
    let text = core::str::from_utf8(bytes()).unwrap_or("label");
    any(session.export(text, bytes(), space()).is_ok());
    while any(true) {
        any(session.seal(any(EnvelopeClass::Data), &any(CloseBody::facts(1)), space()).is_ok());
        exchange(&mut session);
    }
    if any(false) {
        any(session.fail(any(FailReason::Aborted)).last_words());
        return None;
    }
    Some(session.close())
}

fn exchange<S: OpensEnvelopes, P: Policy>(session: &mut Session<S, P>) {
    let facts: FrameFacts = any(CloseBody::facts(1));
    any(session.seal_control(any(EnvelopeClass::Ping), &facts, space()).is_ok());
    let envelope = space();
    if let Ok(opened) = session.open(&facts, any(false), envelope) {
        any((opened.class, envelope.get(opened.body)));
    }
    any((session.counts(), session.data_sealed(), session.data_opened()));
    any(session.forgery_limit_reached());
}

fn end<P: Policy>(mut session: Session<Draining, P>) {
    while any(true) {
        exchange(&mut session);
        any(session.seal_close(any(CloseReason::Done), any(2)).is_ok());
        if let Some(close) = CloseBody::decode(bytes()) {
            session.note_peer_close(close.counts);
            any((close.reason(), close.failure()));
        }
        any((session.owes_close(), session.close_sent(), session.is_complete()));
    }
    match session.finish(any(false)) {
        Ok(Step::Next(closed)) => {
            any(closed.lifecycle());
        }
        Ok(Step::Stay(same)) => {
            any(same.fail(any(FailReason::Aborted)).last_words());
        }
        Err(failed) => {
            any(failed.last_words());
        }
    }
}
