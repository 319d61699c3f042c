//! One key of one direction and domain.

use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit};
use zeroize::Zeroize;

use crate::vocab::Suite;

/// Length of a key, in bytes.
pub(super) const KEY_BYTES: usize = 32;
/// Length of a nonce, in bytes.
pub(super) const NONCE_BYTES: usize = 12;
/// Length of an AEAD tag, in bytes.
pub(super) const AEAD_TAG_BYTES: usize = 16;

/// An AEAD key and its nonce base. Neither printed nor copied; wiped when dropped. The key is expanded for each call, so that
/// it costs 44 bytes at rest.
pub struct SealingKey {
    key: [u8; KEY_BYTES],
    base: [u8; NONCE_BYTES],
    suite: Suite,
}

impl SealingKey {
    /// A key of this suite.
    #[must_use]
    pub const fn new(suite: Suite, key: [u8; KEY_BYTES], base: [u8; NONCE_BYTES]) -> Self {
        Self { key, base, suite }
    }

    /// Forgeries after which the key is used up (RFC 9001 section 6.6).
    pub(super) const fn forgeries_max(&self) -> u64 {
        match self.suite {
            Suite::ChaCha20Poly1305 => 1 << 36,
        }
    }

    /// Encrypts in place and returns the tag; `None` when the body is longer than the AEAD takes.
    pub(super) fn seal(
        &self,
        index: u64,
        associated: &[u8],
        body: &mut [u8],
    ) -> Option<[u8; AEAD_TAG_BYTES]> {
        match self.suite {
            Suite::ChaCha20Poly1305 => {
                let cipher = ChaCha20Poly1305::new((&self.key).into());
                let nonce = self.nonce(index);
                cipher.encrypt_inout_detached((&nonce).into(), associated, body.into()).ok().map(Into::into)
            }
        }
    }

    /// Verifies the tag, then decrypts in place; on a bad tag the body is unchanged.
    #[must_use]
    pub(super) fn open(
        &self,
        index: u64,
        associated: &[u8],
        body: &mut [u8],
        tag: &[u8; AEAD_TAG_BYTES],
    ) -> bool {
        match self.suite {
            Suite::ChaCha20Poly1305 => {
                let cipher = ChaCha20Poly1305::new((&self.key).into());
                let nonce = self.nonce(index);
                cipher.decrypt_inout_detached((&nonce).into(), associated, body.into(), tag.into()).is_ok()
            }
        }
    }

    /// The base, its last 8 bytes XORed with the index in big endian.
    fn nonce(&self, index: u64) -> [u8; NONCE_BYTES] {
        let mut nonce = self.base;
        for (place, byte) in nonce.iter_mut().rev().zip(index.to_le_bytes()) {
            *place ^= byte;
        }
        nonce
    }
}

impl Drop for SealingKey {
    fn drop(&mut self) {
        self.key.zeroize();
        self.base.zeroize();
    }
}
