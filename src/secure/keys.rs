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

/// An AEAD key and its nonce base. Neither printed nor copied; wiped when dropped, the cipher's part by the cipher itself.
pub struct SealingKey {
    cipher: ChaCha20Poly1305,
    base: [u8; NONCE_BYTES],
    suite: Suite,
}

const _: () = {
    const fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    wiped::<ChaCha20Poly1305>();
    assert!(size_of::<SealingKey>() <= 48);
};

impl SealingKey {
    /// A key of this suite.
    #[must_use]
    pub fn new(suite: Suite, mut key: [u8; KEY_BYTES], base: [u8; NONCE_BYTES]) -> Self {
        let cipher = ChaCha20Poly1305::new((&key).into());
        key.zeroize();
        Self { cipher, base, suite }
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
                let nonce = self.nonce(index);
                self.cipher
                    .encrypt_inout_detached((&nonce).into(), associated, body.into())
                    .ok()
                    .map(Into::into)
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
                let nonce = self.nonce(index);
                self.cipher
                    .decrypt_inout_detached((&nonce).into(), associated, body.into(), tag.into())
                    .is_ok()
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
        self.base.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(base: u8) -> SealingKey {
        SealingKey::new(Suite::ChaCha20Poly1305, [1; KEY_BYTES], [base; NONCE_BYTES])
    }

    #[test]
    fn the_limit_of_forgeries_is_that_of_rfc_9001() {
        assert_eq!(key(0).forgeries_max(), 68_719_476_736);
    }

    #[test]
    fn the_nonce_is_the_base_with_the_index_in_its_last_eight_bytes_big_endian() {
        assert_eq!(key(0).nonce(0x0102_0304_0506_0708), [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(key(0xff).nonce(1), [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 254]);
    }

    #[test]
    fn a_body_opens_under_its_own_index_and_associated_data_alone() {
        let mut body = *b"text";
        let tag = key(7).seal(5, b"bound", &mut body).unwrap();
        let sealed = body;
        assert_ne!(&body, b"text");
        let mut other = tag;
        other[15] ^= 1;
        for (index, bound, tag) in [(6, &b"bound"[..], &tag), (5, b"other", &tag), (5, b"bound", &other)] {
            assert!(!key(7).open(index, bound, &mut body, tag));
            assert_eq!(body, sealed, "a body that does not verify is unchanged");
        }
        assert!(key(7).open(5, b"bound", &mut body, &tag));
        assert_eq!(&body, b"text");
    }
}
