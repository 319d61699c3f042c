//! Endpoints whose keys have small limits: each ends its session exactly there, and tells why.

use super::{Endpoint, Reject, SendRefusal, SmallMemory, StandardMemory, Storage};
use crate::guard::{Guards, envelope, sealed::Sealed};
use crate::profile::{Fixed, Policy, Small, Spec, Standard};
use crate::secure::{Fresh, Secret};
use crate::session::Config;
use crate::vocab::{EnvelopeReject, FailReason, Failure, Id, Lifecycle, Role, SealRefusal, Side, Ticks};
use crate::wire::{checksum, decode};

const NOW: Ticks = Ticks(7);

/// A profile whose keys have these limits at most.
#[derive(Clone, Copy)]
struct Scaled<P> {
    policy: P,
    envelopes: u64,
    bytes: u64,
    forgeries: u64,
}

impl<P> Scaled<P> {
    const fn of(policy: P) -> Self {
        Self { policy, envelopes: u64::MAX, bytes: u64::MAX, forgeries: u64::MAX }
    }
}

impl<P> Sealed for Scaled<P> {}

impl<P> Guards for Scaled<P> {
    fn next_envelope_sequence(&self, last: u64, limit: u64) -> Result<u64, SealRefusal> {
        envelope::next_envelope_sequence(last, limit.min(self.envelopes))
    }

    fn key_bytes(&self, worked: u64, more: u64, limit: u64) -> Result<u64, SealRefusal> {
        envelope::key_bytes(worked, more, limit.min(self.bytes))
    }

    fn forgeries_left(&self, forged: u64, limit: u64) -> bool {
        envelope::forgeries_left(forged, limit.min(self.forgeries))
    }
}

impl<P: Policy> Policy for Scaled<P> {
    const COMPILED: bool = P::COMPILED;

    fn spec(&self) -> &Spec {
        self.policy.spec()
    }
}

type Sides<P, M> = [Endpoint<Scaled<P>, M>; 2];

fn open<P: Policy, M: Storage>(policy: Scaled<P>) -> Sides<P, M> {
    let mut sides = [Role::Client, Role::Server].map(|role| {
        let secret = Secret::new(b"an arbitrary secret of the tests").unwrap();
        let config = Config::new(role, Id::new(role.name()).unwrap(), Id::new("key-1").unwrap(), secret);
        let mut side = Endpoint::vacant(policy);
        side.start(NOW, config, Fresh::from_random([role.code() + 1; 32])).unwrap();
        side
    });
    settle(&mut sides);
    assert_eq!(sides.each_ref().map(Endpoint::lifecycle), [Some(Lifecycle::Open); 2]);
    sides
}

/// Delivers until nobody has anything to say.
fn settle<P: Policy, M: Storage>(sides: &mut Sides<P, M>) {
    loop {
        let [client, server] = sides;
        if !(carry(client, server) | carry(server, client)) {
            return;
        }
    }
}

fn carry<P: Policy, M: Storage>(from: &mut Endpoint<P, M>, to: &mut Endpoint<P, M>) -> bool {
    let mut spoke = false;
    while let Some(frame) = from.poll_transmit(NOW) {
        spoke = true;
        let _ = to.receive(NOW, frame.bytes());
        frame.sent();
    }
    spoke
}

fn failures<P: Policy, M: Storage>(sides: &Sides<P, M>) -> [Option<Failure>; 2] {
    sides.each_ref().map(Endpoint::failure)
}

#[test]
fn a_data_key_ends_its_session_at_its_last_envelope_and_the_peer_hears_why() {
    let mut sides: Sides<_, StandardMemory> =
        open(Scaled { envelopes: 4, ..Scaled::of(Fixed::<Standard>::new()) });
    let streams = [(); 2].map(|()| sides[0].open_stream().unwrap());
    for stream in [streams, streams].concat() {
        sides[0].send(NOW, stream, &mut { *b"text" }).unwrap();
        settle(&mut sides);
        assert_eq!(failures(&sides), [None; 2]);
    }
    let mut text = *b"text";
    let refused = sides[0].send(NOW, streams[0], &mut text);
    assert_eq!((refused, &text), (Err(SendRefusal::Failed(FailReason::KeyLimit)), b"text"));
    settle(&mut sides);
    let reason = FailReason::KeyLimit;
    let heard = sides[1].failure().map(|failure| (failure.reason, failure.side));
    assert_eq!(sides[0].failure(), Some(Failure::local(reason)));
    assert_eq!(heard, Some((reason, Side::Peer)));
}

#[test]
fn a_data_key_ends_its_session_at_its_last_byte() {
    // Three envelopes of 16 + 73 + 4 bytes, worked through on both sides.
    let bytes = 3 * 2 * (16 + 73 + 4);
    for (bytes, sent) in [(bytes - 1, 2), (bytes, 3), (bytes + 1, 3)] {
        let mut sides: Sides<_, StandardMemory> =
            open(Scaled { bytes, ..Scaled::of(Fixed::<Standard>::new()) });
        let stream = sides[0].open_stream().unwrap();
        for _ in 0..sent {
            sides[0].send(NOW, stream, &mut { *b"text" }).unwrap();
            assert_eq!(failures(&sides), [None; 2]);
        }
        let refused = sides[0].send(NOW, stream, &mut { *b"text" });
        assert_eq!(refused, Err(SendRefusal::Failed(FailReason::KeyLimit)), "{bytes}");
        assert_eq!(sides[0].failure(), Some(Failure::local(FailReason::KeyLimit)));
    }
}

#[test]
fn a_control_key_ends_its_session_as_well() {
    // The server has told the client that it is open, and gives one credit for each message: at the fourth its key is used up.
    let mut sides: Sides<_, SmallMemory> = open(Scaled { envelopes: 4, ..Scaled::of(Fixed::<Small>::new()) });
    let stream = sides[0].open_stream().unwrap();
    for number in 1..=4 {
        sides[0].send(NOW, stream, &mut { *b"text" }).unwrap();
        settle(&mut sides);
        assert_eq!(sides[1].readable(), Some(stream));
        sides[1].consume(NOW, stream);
        settle(&mut sides);
        let used_up = (number == 4).then_some(Failure::local(FailReason::KeyLimit));
        assert_eq!(sides[1].failure(), used_up, "after {number} messages");
    }
}

/// A frame with the last byte before its tag changed and the checksum renewed.
fn forged(frame: &[u8], policy: Scaled<Fixed<Standard>>, to: Role) -> ([u8; 540], usize) {
    let spec = policy.spec();
    assert!(decode(frame, &spec.frame_limits(to), &policy).is_ok());
    let mut bytes = [0; 540];
    bytes[..frame.len()].copy_from_slice(frame);
    let covered = frame.len() - spec.checksum.bytes();
    bytes[covered - 17] ^= 1;
    let sum = checksum(spec.checksum, &bytes[..covered]).to_le_bytes();
    bytes[covered..frame.len()].copy_from_slice(&sum[..spec.checksum.bytes()]);
    (bytes, frame.len())
}

#[test]
fn forgeries_end_a_session_at_their_limit_in_either_domain() {
    for data in [true, false] {
        let policy = Scaled { forgeries: 3, ..Scaled::of(Fixed::<Standard>::new()) };
        let mut sides: Sides<_, StandardMemory> = open(policy);
        let stream = sides[0].open_stream().unwrap();
        sides[0].send(NOW, stream, &mut { *b"text" }).unwrap();
        // Of the client a data envelope is forged, of the server the credit for as many as it may send.
        let to = if data { Role::Server } else { Role::Client };
        if !data {
            while sides[0].send(NOW, stream, &mut { *b"text" }).is_ok() {}
            settle(&mut sides);
            while sides[1].consume(NOW, stream) {}
        }
        let [client, server] = &mut sides;
        let (from, victim) = if data { (client, server) } else { (server, client) };
        let frame = from.poll_transmit(NOW).unwrap();
        let (bytes, length) = forged(frame.bytes(), policy, to);
        for _ in 0..2 {
            let refused = victim.receive(NOW, &bytes[..length]);
            assert_eq!(refused, Err(Reject::Envelope(EnvelopeReject::OpenFailed)), "data: {data}");
            assert_eq!(victim.failure(), None);
        }
        let last = victim.receive(NOW, &bytes[..length]);
        assert_eq!(last, Err(Reject::Fatal(FailReason::ForgeryLimit)), "data: {data}");
        assert_eq!(victim.failure(), Some(Failure::local(FailReason::ForgeryLimit)));
    }
}
