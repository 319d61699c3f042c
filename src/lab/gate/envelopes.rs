//! Forged, repeated and misplaced envelopes at open sessions.

use heapless::Vec;

use super::encoding::Made;
use crate::endpoint::{Read, Reject};
use crate::lab::content::Content;
use crate::lab::rig::{Rig, config, fresh};
use crate::lab::{Counter, Tally};
use crate::profile::Policy;
use crate::session::{Open, Session};
use crate::vocab::{
    ChecksumClass, EnvelopeClass, EnvelopeReject, FrameFacts, FrameKind, FrameReject, KeyLimits, Lifecycle,
    MetadataClass, Role, SequenceReject, Suite,
};
use crate::wire::HEADER_BYTES;

/// Bytes of every message: one frame in every profile.
const MESSAGE: usize = 16;

type Frame = Vec<u8, 284>;

pub(super) fn run<P: Policy>(policy: P, seed: u64, tally: &mut Tally) {
    let mut rig = Rig::new(policy);
    let started = rig.start(seed);
    rig.settle();
    if !started || rig.states() != [Some(Lifecycle::Open); 2] {
        return tally.fail(400, "the sessions did not open", "");
    }
    tally.count(Counter::Sessions, 1);
    let Ok(stream) = rig.client.open_stream() else { return tally.fail(401, "no stream was opened", "") };
    for number in 0..3 {
        let Some(frame) = said(&mut rig, seed, stream, number) else {
            return tally.fail(402, "a message was not sent as one frame", "");
        };
        attack(&mut rig, &frame, policy.spec().checksum, number, tally);
        // After all of that, the genuine frame is as welcome as ever.
        let now = rig.now;
        let taken = rig.server.receive(now, &frame);
        tally.expect(taken.is_ok(), 403, "a genuine frame was refused after forgeries");
        match rig.server.read(stream) {
            Read::Message(text)
                if text.len() == MESSAGE && Content::of(seed, stream, number).matches(text) => {}
            _ => tally.fail(404, "a genuine message was not delivered after forgeries", ""),
        }
        rig.server.consume(now, stream);
        expect(&mut rig, Role::Server, &frame, Reject::Sequence(SequenceReject::Duplicate), 405, tally);
        rig.settle();
    }
    tally.count(Counter::Rejects, rig.server.stats().rejects().saturating_add(rig.client.stats().rejects()));
    tally.expect(rig.states() == [Some(Lifecycle::Open); 2], 406, "forgeries have ended a session");
    limits(policy, tally);
    if typed(policy, seed, tally).is_none() {
        tally.fail(420, "two typed sessions did not open", "");
    }
}

/// The one frame of a message of the client, taken off its pipe.
fn said<P: Policy>(rig: &mut Rig<P>, seed: u64, stream: u32, number: u32) -> Option<Frame> {
    let mut text = [0; MESSAGE];
    Content::of(seed, stream, number).fill(&mut text);
    let now = rig.now;
    rig.client.send(now, stream, &mut text).ok()?;
    let frame = rig.client.poll_transmit(now)?;
    let copy = Frame::from_slice(frame.bytes()).ok()?;
    frame.sent();
    rig.client.poll_transmit(now).is_none().then_some(copy)
}

/// Everything that is not the genuine frame, each refused by its own name.
fn attack<P: Policy>(rig: &mut Rig<P>, frame: &Frame, class: ChecksumClass, number: u32, tally: &mut Tally) {
    let text = HEADER_BYTES.saturating_add(8).saturating_add(number as usize);
    let opens_not = Reject::Envelope(EnvelopeReject::OpenFailed);
    let forge = |rig: &mut Rig<P>, at: usize, byte: u8, reject: Reject, case: u32, tally: &mut Tally| {
        let mut forged = Made::copy_of(frame);
        if let Some(place) = forged.bytes_mut().get_mut(at) {
            *place ^= byte;
        }
        forged.seal(class);
        expect(rig, Role::Server, forged.bytes(), reject, case, tally);
    };
    forge(rig, text, 0x01, opens_not, 410, tally);
    forge(rig, frame.len().saturating_sub(8), 0x80, opens_not, 411, tally);
    forge(rig, HEADER_BYTES, 0x80, Reject::Envelope(EnvelopeReject::Shape), 412, tally);
    forge(rig, HEADER_BYTES, 0x0f, Reject::Envelope(EnvelopeReject::Shape), 413, tally);
    forge(rig, 3, 0x03, opens_not, 414, tally);
    forge(rig, 4, 0xff, Reject::WrongSession, 415, tally);
    forge(rig, 18, 0x40, Reject::Sequence(SequenceReject::TooFarFuture), 416, tally);
    expect(rig, Role::Client, frame, Reject::Frame(FrameReject::WrongDirection), 417, tally);
}

/// Hands `bytes` to a side: the refusal has this name, and there is nothing to read.
fn expect<P: Policy>(rig: &mut Rig<P>, to: Role, bytes: &[u8], reject: Reject, case: u32, tally: &mut Tally) {
    tally.count(Counter::Cases, 1);
    let now = rig.now;
    let side = rig.side(to);
    let found = side.receive(now, bytes);
    tally.expect(found != Ok(()), case, "a bad envelope was accepted");
    tally.expect(found == Err(reject) || found == Ok(()), case, "a bad envelope was refused by another name");
    tally.expect(side.readable().is_none(), case, "something of a bad envelope can be read");
}

/// The limits of a key lie beyond any run, so their rules are asked at the edge.
fn limits<P: Policy>(policy: P, tally: &mut Tally) {
    for suite in Suite::ALL {
        tally.count(Counter::Cases, 1);
        let KeyLimits { envelopes, bytes, forgeries } = KeyLimits::of(*suite);
        let last = envelopes.saturating_sub(1);
        tally.expect(policy.next_envelope_sequence(last, envelopes).is_ok(), 430, "a key ends too early");
        tally.expect(
            policy.next_envelope_sequence(envelopes, envelopes).is_err(),
            430,
            "a key seals for ever",
        );
        tally.expect(
            policy.key_bytes(bytes.saturating_sub(2), 2, bytes).is_ok(),
            431,
            "a key ends too early",
        );
        let beyond = policy.key_bytes(bytes.saturating_sub(1), 2, bytes);
        tally.expect(beyond.is_err(), 431, "a key seals more bytes than its suite allows");
        tally.expect(!policy.forgeries_left(forgeries, forgeries), 432, "a key refuses forgeries for ever");
    }
}

/// What only an authenticated peer can do wrong: the same envelope again, a class in the wrong kind of frame, a final flag that
/// ends nothing.
fn typed<P: Policy>(policy: P, seed: u64, tally: &mut Tally) -> Option<()> {
    let [mut client, mut server] = open(policy, seed)?;
    let data =
        FrameFacts { stream: 1, kind: FrameKind::Data, metadata: MetadataClass::Runtime, first_sequence: 1 };
    let control = FrameFacts { kind: FrameKind::Control, ..data };
    let mut check = |class, facts: &FrameFacts, is_final, times, reject, case| -> Option<()> {
        tally.count(Counter::Cases, 1);
        let mut text = [7; MESSAGE];
        let sealed = client.seal(class, facts, &mut text).ok()?;
        let mut found = Ok(());
        for _ in 0..times {
            let mut envelope = Vec::<u8, 64>::new();
            for part in [&sealed.head[..], &text, &sealed.tag] {
                envelope.extend_from_slice(part).ok()?;
            }
            found = server.open(facts, is_final, &mut envelope).map(|_| ());
        }
        tally.expect(found == Err(reject), case, "a misplaced envelope was opened");
        Some(())
    };
    check(EnvelopeClass::Data, &data, false, 2, EnvelopeReject::Duplicate, 421)?;
    check(EnvelopeClass::Data, &control, false, 1, EnvelopeReject::HeaderMismatch, 422)
}

fn open<P: Policy>(policy: P, seed: u64) -> Option<[Session<Open, P>; 2]> {
    let side = |role| Session::new(policy, config(role, seed)?, fresh(role, seed)).ok();
    let (client, hello) = side(Role::Client)?.start().ok()?;
    let server = side(Role::Server)?.listen().ok()?;
    let (server, accept) = server.receive(hello.as_bytes()).ok()?.into_next()?;
    let (client, confirm) = client.receive(accept.as_bytes()).ok()?.into_next()?;
    let server = server.receive(confirm.as_bytes()).ok()?.into_next()?;
    Some([client.confirmed().ok()?, server])
}
