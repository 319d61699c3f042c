//! The parts of an envelope, and what it is bound to.

use core::ops::Range;

use super::Hash;
use super::keys::AEAD_TAG_BYTES;
use crate::vocab::{Direction, EnvelopeClass, FrameFacts, HEAD_BYTES};

/// Length of the associated data, in bytes.
pub const AD_BYTES: usize = 73;

/// The parts of an envelope around its ciphertext, which lies where the message was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sealed {
    /// Class and sequence.
    pub head: [u8; HEAD_BYTES],
    /// The AEAD tag.
    pub tag: [u8; AEAD_TAG_BYTES],
}

/// An envelope whose tag has verified.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Opened {
    /// Its class.
    pub class: EnvelopeClass,
    /// Where in the envelope the message lies.
    pub body: Range<usize>,
}

/// The head: class and 56-bit sequence.
pub(super) const fn head(class: EnvelopeClass, sequence: u64) -> [u8; HEAD_BYTES] {
    let [a, b, c, d, e, f, g, _] = sequence.to_le_bytes();
    [class.code(), a, b, c, d, e, f, g]
}

/// The sequence in a head.
pub(super) const fn sequence_of(head: [u8; HEAD_BYTES]) -> u64 {
    let [_, a, b, c, d, e, f, g] = head;
    u64::from_le_bytes([a, b, c, d, e, f, g, 0])
}

/// The associated data (normative table in the module docs).
#[inline]
pub(super) fn associated_data(
    head: [u8; HEAD_BYTES],
    session_id: &[u8; 16],
    direction: Direction,
    th3: &Hash,
    frame: &FrameFacts,
    envelope_bytes: u16,
) -> [u8; AD_BYTES] {
    let mut out = [0; AD_BYTES];
    let mut rest = out.as_mut_slice();
    put(&mut rest, head);
    put(&mut rest, *session_id);
    put(&mut rest, [direction.code()]);
    put(&mut rest, *th3);
    put(&mut rest, frame.stream.to_le_bytes());
    put(&mut rest, [frame.kind.code(), frame.metadata.code()]);
    put(&mut rest, envelope_bytes.to_le_bytes());
    put(&mut rest, frame.first_sequence.to_le_bytes());
    out
}

/// Writes one field and moves on. The sizes are known, so that all of it becomes plain copies.
#[inline]
fn put<const BYTES: usize>(rest: &mut &mut [u8], field: [u8; BYTES]) {
    if let Some((place, tail)) = core::mem::take(rest).split_first_chunk_mut() {
        *place = field;
        *rest = tail;
    }
}
