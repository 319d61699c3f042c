//! Messages from one application to the other, through two endpoints, and the credit back.

use std::hint::black_box;

use kurdistan::endpoint::{Read, Storage};
use kurdistan::profile::{Fixed, Profile};
use kurdistan::wire::{HEADER_BYTES, frame_bytes};
use kurdistan::{Endpoint, Fresh, Role, Ticks};

use crate::handshake::config;
use crate::limits::{Aead, copy, crc32c};
use crate::measure::Case;

const NOW: Ticks = Ticks(0);
const ENVELOPE_OVERHEAD: usize = kurdistan::vocab::ENVELOPE_OVERHEAD;

type Side<P, M> = Box<Endpoint<Fixed<P>, M>>;

/// Send, transmit, receive, read, consume, and every frame that goes back, for `BURST` messages that come together; against
/// one seal, one open, two copies and the checksums of both sides for each of them.
pub struct Path<P, M, const BURST: usize> {
    client: Side<P, M>,
    server: Side<P, M>,
    stream: u32,
    message: Vec<u8>,
    aead: Aead,
    queue: Vec<u8>,
    slot: Vec<u8>,
    /// Payloads of the frames of one message.
    cuts: Vec<usize>,
}

impl<P: Profile, M: Storage, const BURST: usize> Path<P, M, BURST> {
    pub fn new(bytes: usize) -> Self {
        let side = |role, random| {
            let mut endpoint: Side<P, M> = Box::new(Endpoint::vacant(Fixed::new()));
            endpoint.start(NOW, config(role), Fresh::from_random([random; 32])).expect("a start");
            endpoint
        };
        let (mut client, mut server) = (side(Role::Client, 1), side(Role::Server, 2));
        while carry(&mut client, &mut server) | carry(&mut server, &mut client) {}
        let stream = client.open_stream().expect("a stream");
        let envelope = bytes + ENVELOPE_OVERHEAD;
        let cuts = cuts::<P>(envelope);
        let frames = cuts.iter().map(|cut| frame_bytes(P::SPEC.checksum, *cut)).sum();
        let (message, queue, slot) = (vec![0x5a; bytes], vec![0; frames], vec![0; envelope]);
        Self { client, server, stream, message, aead: Aead::new(), queue, slot, cuts }
    }
}

fn cuts<P: Profile>(envelope: usize) -> Vec<usize> {
    let most = usize::from(P::SPEC.fragment_bytes);
    (0..envelope).step_by(most).map(|at| most.min(envelope - at)).collect()
}

/// Moves every frame that one side has for the other; whether there was one.
#[inline]
fn carry<P: Profile, M: Storage>(from: &mut Side<P, M>, to: &mut Side<P, M>) -> bool {
    let mut moved = false;
    while let Some(frame) = from.poll_transmit(NOW) {
        to.receive(NOW, frame.bytes()).expect("a genuine frame");
        frame.sent();
        moved = true;
    }
    moved
}

impl<P: Profile, M: Storage, const BURST: usize> Case for Path<P, M, BURST> {
    #[inline]
    fn operate(&mut self, _: usize) {
        let Self { client, server, stream, message, .. } = self;
        for _ in 0..BURST {
            client.send(NOW, *stream, black_box(message)).expect("credit and room");
        }
        carry(client, server);
        let mut read = 0;
        while let Some(readable) = server.readable() {
            assert!(matches!(black_box(server.read(readable)), Read::Message(_)));
            assert!(server.consume(NOW, readable));
            read += 1;
        }
        assert_eq!(read, BURST);
        carry(server, client);
    }

    #[inline]
    fn limit(&mut self, index: usize) {
        for _ in 0..BURST {
            self.one_message(index);
        }
    }
}

impl<P: Profile, M: Storage, const BURST: usize> Path<P, M, BURST> {
    #[inline]
    fn one_message(&mut self, index: usize) {
        let Self { message, aead, queue, slot, cuts, .. } = self;
        let tag = aead.seal(index, black_box(message));
        let (mut frame, mut offset) = (&mut queue[..], 0);
        for cut in &*cuts {
            let (head, rest) = frame.split_at_mut(HEADER_BYTES + cut);
            let text = &message[offset.min(message.len())..(offset + cut).min(message.len())];
            copy(&mut head[HEADER_BYTES..], text);
            black_box(crc32c(head));
            black_box(crc32c(head));
            copy(&mut slot[offset..], &head[HEADER_BYTES..]);
            (frame, offset) = (&mut rest[4..], offset + cut);
        }
        let text = &mut slot[..message.len()];
        aead.open(index, black_box(text), &tag);
    }
}
