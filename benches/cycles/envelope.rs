//! Seal and open in place, through an open session.

use std::hint::black_box;

use kurdistan::profile::{Fixed, Standard};
use kurdistan::secure::Sealed;
use kurdistan::session::{Open, Session};
use kurdistan::vocab::{ENVELOPE_OVERHEAD, EnvelopeClass, FrameFacts, FrameKind, HEAD_BYTES, MetadataClass};

use crate::handshake::open_pair;
use crate::limits::Aead;
use crate::measure::Case;

const FACTS: FrameFacts =
    FrameFacts { stream: 1, kind: FrameKind::Data, metadata: MetadataClass::Runtime, first_sequence: 1 };

type Side = Session<Open, Fixed<Standard>>;

/// Seal against the AEAD alone, each on one message after the other.
pub struct Seal {
    session: Side,
    aead: Aead,
    messages: Vec<Vec<u8>>,
}

impl Seal {
    pub fn new(bytes: usize) -> Self {
        let messages = vec![vec![0x5a; bytes]; Self::BATCH_MAX];
        Self { session: open_pair().0, aead: Aead::new(), messages }
    }
}

impl Case for Seal {
    const BATCH_MAX: usize = 32;

    #[inline]
    fn operate(&mut self, index: usize) {
        let message = black_box(&mut self.messages[index][..]);
        black_box(self.session.seal(EnvelopeClass::Data, black_box(&FACTS), message).expect("a seal"));
    }

    #[inline]
    fn limit(&mut self, index: usize) {
        black_box(self.aead.seal(index, black_box(&mut self.messages[index][..])));
    }
}

/// Open against the AEAD alone. Each envelope opens once, so each batch has been sealed before.
pub struct OpenInPlace {
    sender: Side,
    receiver: Side,
    envelopes: Vec<Vec<u8>>,
    aead: Aead,
    sealed: Vec<(Vec<u8>, [u8; 16])>,
}

impl OpenInPlace {
    pub fn new(bytes: usize) -> Self {
        let (sender, receiver) = open_pair();
        let envelopes = vec![vec![0x5a; bytes + ENVELOPE_OVERHEAD]; Self::BATCH_MAX];
        let sealed = vec![(vec![0x5a; bytes], [0; 16]); Self::BATCH_MAX];
        Self { sender, receiver, envelopes, aead: Aead::new(), sealed }
    }
}

impl Case for OpenInPlace {
    const BATCH_MAX: usize = 32;

    fn prepare(&mut self, operations: usize) {
        for (index, envelope) in self.envelopes.iter_mut().take(operations).enumerate() {
            let (body, tag) = envelope[HEAD_BYTES..].split_last_chunk_mut().expect("room for a tag");
            let Sealed { head, tag: sealed } =
                self.sender.seal(EnvelopeClass::Data, &FACTS, body).expect("a seal");
            *tag = sealed;
            envelope[..HEAD_BYTES].copy_from_slice(&head);
            let (text, tag) = &mut self.sealed[index];
            *tag = self.aead.seal(index, text);
        }
    }

    #[inline]
    fn operate(&mut self, index: usize) {
        let envelope = black_box(&mut self.envelopes[index][..]);
        let opened = self.receiver.open(black_box(&FACTS), false, envelope).expect("a genuine envelope");
        black_box(opened);
    }

    #[inline]
    fn limit(&mut self, index: usize) {
        let (text, tag) = &mut self.sealed[index];
        self.aead.open(index, black_box(text), tag);
    }
}
