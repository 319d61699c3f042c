//! The four messages.

use super::bytes::{HandshakeBytes, Reader, TAG_BYTES, Tag, authenticated_part};
use super::facts::{FACTS_BYTES, Facts};
use crate::vocab::{CapabilitySet, FailReason, HandshakeReject, Id, Role};

const HELLO: u8 = 1;
const ACCEPT: u8 = 2;
const CONFIRM: u8 = 3;
const REFUSE: u8 = 4;

/// Whether the first byte of a payload is that of a handshake message: the classes of envelopes that travel in control
/// frames begin above.
#[must_use]
pub const fn is_message(first_byte: u8) -> bool {
    first_byte >= HELLO && first_byte <= REFUSE
}

const OPENING_BYTES: usize = 2;
const ID_BYTES_MAX: usize = 1 + Id::BYTES_MAX;
const NONCE_BYTES: usize = 32;

/// Longest hello, in bytes: 179.
pub const HELLO_BYTES_MAX: usize = OPENING_BYTES + 3 * ID_BYTES_MAX + FACTS_BYTES + NONCE_BYTES + TAG_BYTES;
/// Longest accept, in bytes: 150.
pub const ACCEPT_BYTES_MAX: usize =
    OPENING_BYTES + ID_BYTES_MAX + FACTS_BYTES + 4 + 1 + NONCE_BYTES + TAG_BYTES;
/// Shortest hello, in bytes: as long as the longest accept.
pub const HELLO_BYTES_MIN: usize = ACCEPT_BYTES_MAX;

/// Length of a refusal, in bytes: 43.
pub const REFUSE_BYTES: usize = OPENING_BYTES + 1 + 4 + 4 + TAG_BYTES;

const _: () = assert!(HELLO_BYTES_MAX == 179 && ACCEPT_BYTES_MAX == 150);

/// The client's opening.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Hello {
    /// Which secret it uses.
    pub secret_id: Id,
    /// Its own id.
    pub id: Id,
    /// The server that it expects, or any.
    pub expected: Option<Id>,
    /// Its facts.
    pub facts: Facts,
    /// Its nonce.
    pub nonce: [u8; 32],
}

impl Hello {
    /// The message with a binder of zeroes, for [`HandshakeBytes::with_tag`].
    #[must_use]
    pub fn encode(&self) -> HandshakeBytes {
        let mut out = HandshakeBytes::default();
        out.put(&[HELLO, Role::Client.code()]);
        out.put_id(Some(self.secret_id)).put_id(Some(self.id)).put_id(self.expected);
        self.facts.encode_into(&mut out);
        out.put(&self.nonce).pad_to(HELLO_BYTES_MIN - TAG_BYTES).put(&[0; TAG_BYTES]);
        out
    }

    /// A hello and its binder. Nothing in it is to be believed before the binder has verified.
    ///
    /// # Errors
    /// The shape that is broken.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Tag), HandshakeReject> {
        let mut reader = Reader(authenticated_part(bytes));
        reader.opening(HELLO, Role::Client.code())?;
        let hello = Self {
            secret_id: reader.name()?,
            id: reader.name()?,
            expected: reader.id()?,
            facts: Facts::decode_from(&mut reader)?,
            nonce: reader.array()?,
        };
        let padding = reader.0;
        let exact = padding.is_empty() || bytes.len() == HELLO_BYTES_MIN;
        if !exact || bytes.len() < HELLO_BYTES_MIN {
            return Err(HandshakeReject::Length);
        }
        if padding.iter().any(|byte| *byte != 0) {
            return Err(HandshakeReject::Field);
        }
        Ok((hello, tag_of(bytes)?))
    }
}

/// The server's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Accept {
    /// The server's id.
    pub id: Id,
    /// Its facts.
    pub facts: Facts,
    /// The capabilities that both sides offer.
    pub selected: CapabilitySet,
    /// Code of the suite that the server has chosen.
    pub suite: u8,
    /// The server's nonce.
    pub nonce: [u8; 32],
}

impl Accept {
    /// The message with a tag of zeroes, for [`HandshakeBytes::with_tag`].
    #[must_use]
    pub fn encode(&self) -> HandshakeBytes {
        let mut out = HandshakeBytes::default();
        out.put(&[ACCEPT, Role::Server.code()]).put_id(Some(self.id));
        self.facts.encode_into(&mut out);
        out.put(&self.selected.bits().to_le_bytes()).put(&[self.suite]).put(&self.nonce).put(&[0; TAG_BYTES]);
        out
    }

    /// An accept and its tag.
    ///
    /// # Errors
    /// The shape that is broken.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Tag), HandshakeReject> {
        let mut reader = Reader(authenticated_part(bytes));
        reader.opening(ACCEPT, Role::Server.code())?;
        let accept = Self {
            id: reader.name()?,
            facts: Facts::decode_from(&mut reader)?,
            selected: CapabilitySet::from_bits(u32::from_le_bytes(reader.array()?)),
            suite: reader.byte()?,
            nonce: reader.array()?,
        };
        reader.end()?;
        Ok((accept, tag_of(bytes)?))
    }
}

/// The client's proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Confirm;

impl Confirm {
    /// The message with a tag of zeroes, for [`HandshakeBytes::with_tag`].
    #[must_use]
    pub fn encode() -> HandshakeBytes {
        let mut out = HandshakeBytes::default();
        out.put(&[CONFIRM, Role::Client.code()]).put(&[0; TAG_BYTES]);
        out
    }

    /// The tag of a confirm.
    ///
    /// # Errors
    /// The shape that is broken.
    pub fn decode(bytes: &[u8]) -> Result<Tag, HandshakeReject> {
        let mut reader = Reader(authenticated_part(bytes));
        reader.opening(CONFIRM, Role::Client.code())?;
        reader.end()?;
        tag_of(bytes)
    }
}

/// A verdict against the peer, from either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Refuse {
    /// Who refuses.
    pub sender: Role,
    /// Why.
    pub reason: FailReason,
    /// The capabilities that had to be selected, where that is the reason.
    pub floor: CapabilitySet,
    /// The capabilities that were selected, where that is the reason.
    pub selected: CapabilitySet,
}

impl Refuse {
    /// The message with a tag of zeroes, for [`HandshakeBytes::with_tag`].
    #[must_use]
    pub fn encode(&self) -> HandshakeBytes {
        let mut out = HandshakeBytes::default();
        out.put(&[REFUSE, self.sender.code(), self.reason.code()]);
        out.put(&self.floor.bits().to_le_bytes())
            .put(&self.selected.bits().to_le_bytes())
            .put(&[0; TAG_BYTES]);
        out
    }

    /// A refusal from `sender`, and its tag.
    ///
    /// # Errors
    /// The shape that is broken.
    pub fn decode(bytes: &[u8], sender: Role) -> Result<(Self, Tag), HandshakeReject> {
        let mut reader = Reader(authenticated_part(bytes));
        reader.opening(REFUSE, sender.code())?;
        let refuse = Self {
            sender,
            reason: FailReason::from_code(reader.byte()?).ok_or(HandshakeReject::Field)?,
            floor: CapabilitySet::from_bits(u32::from_le_bytes(reader.array()?)),
            selected: CapabilitySet::from_bits(u32::from_le_bytes(reader.array()?)),
        };
        reader.end()?;
        Ok((refuse, tag_of(bytes)?))
    }
}

fn tag_of(bytes: &[u8]) -> Result<Tag, HandshakeReject> {
    bytes.last_chunk::<TAG_BYTES>().copied().ok_or(HandshakeReject::Length)
}
