//! An encoded handshake message, and how fields go in and come out.

use arrayvec::ArrayVec;

use super::HELLO_BYTES_MAX;
use crate::vocab::{HandshakeReject, Id};

/// Length of a tag or a binder, in bytes.
pub const TAG_BYTES: usize = 32;

/// A tag or a binder: an HMAC-SHA256 value (RFC 2104).
pub type Tag = [u8; TAG_BYTES];

/// An encoded handshake message of at most 179 bytes.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct HandshakeBytes(ArrayVec<u8, HELLO_BYTES_MAX>);

/// One copy of known capacity: the clone of the array itself has a panic that no compiler removes.
impl Clone for HandshakeBytes {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        copy.put(&self.0);
        copy
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for HandshakeBytes {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:02x}", self.as_bytes());
    }
}

impl HandshakeBytes {
    /// The bytes as they travel.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What the tag or binder covers: everything before it.
    #[must_use]
    pub fn authenticated_part(&self) -> &[u8] {
        authenticated_part(&self.0)
    }

    /// The message with its final 32 bytes set to `tag`.
    #[must_use]
    pub fn with_tag(mut self, tag: &Tag) -> Self {
        if let Some(place) = self.0.last_chunk_mut::<TAG_BYTES>() {
            *place = *tag;
        }
        self
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> &mut Self {
        // The capacity is that of the longest hello, the longest message of all.
        let fits = self.0.try_extend_from_slice(bytes).is_ok();
        debug_assert!(fits, "a handshake message exceeds its longest form");
        self
    }

    pub(super) fn put_id(&mut self, id: Option<Id>) -> &mut Self {
        let bytes = id.as_ref().map_or(&[][..], Id::as_bytes);
        let length = u8::try_from(bytes.len()).unwrap_or(0);
        self.put(&[length]).put(bytes)
    }

    /// Zeroes up to `length`.
    pub(super) fn pad_to(&mut self, length: usize) -> &mut Self {
        while self.0.len() < length && self.0.try_push(0).is_ok() {}
        self
    }
}

/// Everything before the last 32 bytes.
pub(super) fn authenticated_part(message: &[u8]) -> &[u8] {
    message.split_last_chunk::<TAG_BYTES>().map_or(&[], |(part, _)| part)
}

/// Takes fields from the front of a message.
pub(super) struct Reader<'b>(pub(super) &'b [u8]);

impl<'b> Reader<'b> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'b [u8], HandshakeReject> {
        let (field, rest) = self.0.split_at_checked(count).ok_or(HandshakeReject::Length)?;
        self.0 = rest;
        Ok(field)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], HandshakeReject> {
        let (field, rest) = self.0.split_first_chunk::<N>().ok_or(HandshakeReject::Length)?;
        self.0 = rest;
        Ok(*field)
    }

    pub(super) fn byte(&mut self) -> Result<u8, HandshakeReject> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    /// An id that may be absent.
    pub(super) fn id(&mut self) -> Result<Option<Id>, HandshakeReject> {
        let length = usize::from(self.byte()?);
        let bytes = self.take(length)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        Id::from_bytes(bytes).map(Some).map_err(|_| HandshakeReject::Field)
    }

    /// An id that must be there.
    pub(super) fn name(&mut self) -> Result<Id, HandshakeReject> {
        self.id()?.ok_or(HandshakeReject::Field)
    }

    /// The message's type and sender, which must be these.
    pub(super) fn opening(&mut self, kind: u8, sender: u8) -> Result<(), HandshakeReject> {
        if self.byte()? != kind {
            return Err(HandshakeReject::MessageType);
        }
        if self.byte()? != sender {
            return Err(HandshakeReject::SenderRole);
        }
        Ok(())
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), HandshakeReject> {
        if self.0.is_empty() { Ok(()) } else { Err(HandshakeReject::Length) }
    }
}
