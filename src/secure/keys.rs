//! One key of one direction and domain.

#[cfg(feature = "suite-aes256gcm")]
use aes_gcm::Aes256Gcm;
#[cfg(feature = "suite-ascon128")]
use ascon_aead128::AsconAead128;
use chacha20poly1305::aead::{Nonce, Tag};
use chacha20poly1305::consts::U16;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::vocab::{KeyLimits, Suite};

/// Length of the longest key of any suite, in bytes.
pub(super) const KEY_BYTES_MAX: usize = 32;
/// Length of the longest nonce base of any suite, in bytes.
pub(super) const BASE_BYTES_MAX: usize = 16;
/// Length of an AEAD tag, in bytes.
pub(super) const AEAD_TAG_BYTES: usize = 16;

/// An AEAD key and its nonce base. Neither printed nor copied; wiped when dropped.
///
/// A session never gives its keys away: one made here serves to hold the wiring of the suites against vectors of others.
pub struct SealingKey(Cipher);

/// Key and base of each suite that this build has. Where a key takes longer to expand than to keep, it is kept; the round keys
/// of AES are ten times its length, so they are made for each envelope, and wiped after it.
enum Cipher {
    ChaCha20Poly1305 {
        cipher: ChaCha20Poly1305,
        base: [u8; 12],
    },
    #[cfg(feature = "suite-ascon128")]
    AsconAead128 {
        key: [u8; 16],
        base: [u8; 16],
    },
    #[cfg(feature = "suite-aes256gcm")]
    Aes256Gcm {
        key: [u8; 32],
        base: [u8; 12],
    },
}

const _: () = {
    const fn wiped<T: ZeroizeOnDrop>() {}
    wiped::<ChaCha20Poly1305>();
    #[cfg(feature = "suite-aes256gcm")]
    wiped::<Aes256Gcm>();
    // It wipes its key without saying so by a trait of its own.
    #[cfg(feature = "suite-ascon128")]
    assert!(core::mem::needs_drop::<AsconAead128>());
    wiped::<SealingKey>();
    assert!(size_of::<SealingKey>() <= 48);
};

/// Lengths of the key and of the nonce base of a suite, in bytes. A nonce is as long as its base.
pub(super) const fn lengths(suite: Suite) -> (usize, usize) {
    match suite {
        Suite::ChaCha20Poly1305 | Suite::Aes256Gcm => (32, 12),
        Suite::AsconAead128 => (16, 16),
    }
}

impl SealingKey {
    /// A key of this suite; `None` when this build does not have it, or when key or base have another length than its own
    /// (32 and 12 bytes for ChaCha20-Poly1305 and AES-256-GCM, 16 and 16 for Ascon-AEAD128).
    #[must_use]
    pub fn new(suite: Suite, key: &[u8], base: &[u8]) -> Option<Self> {
        match suite {
            Suite::ChaCha20Poly1305 => {
                let cipher = ChaCha20Poly1305::new_from_slice(key).ok()?;
                Some(Self(Cipher::ChaCha20Poly1305 { cipher, base: base.try_into().ok()? }))
            }
            #[cfg(feature = "suite-ascon128")]
            Suite::AsconAead128 => {
                Some(Self(Cipher::AsconAead128 { base: base.try_into().ok()?, key: key.try_into().ok()? }))
            }
            #[cfg(feature = "suite-aes256gcm")]
            Suite::Aes256Gcm => {
                Some(Self(Cipher::Aes256Gcm { base: base.try_into().ok()?, key: key.try_into().ok()? }))
            }
            #[cfg(not(all(feature = "suite-ascon128", feature = "suite-aes256gcm")))]
            _ => None,
        }
    }

    /// How far the key may be used.
    pub(super) const fn limits(&self) -> KeyLimits {
        KeyLimits::of(match &self.0 {
            Cipher::ChaCha20Poly1305 { .. } => Suite::ChaCha20Poly1305,
            #[cfg(feature = "suite-ascon128")]
            Cipher::AsconAead128 { .. } => Suite::AsconAead128,
            #[cfg(feature = "suite-aes256gcm")]
            Cipher::Aes256Gcm { .. } => Suite::Aes256Gcm,
        })
    }

    /// Encrypts in place and returns the tag; `None` when the body is longer than the AEAD takes. No index is used twice: that is
    /// the caller's to keep.
    pub fn seal(&self, index: u64, associated: &[u8], body: &mut [u8]) -> Option<[u8; AEAD_TAG_BYTES]> {
        match &self.0 {
            Cipher::ChaCha20Poly1305 { cipher, base } => {
                seal(cipher, (&nonce(base, index)).into(), associated, body)
            }
            #[cfg(feature = "suite-ascon128")]
            Cipher::AsconAead128 { key, base } => {
                seal(&AsconAead128::new(key.into()), (&nonce(base, index)).into(), associated, body)
            }
            #[cfg(feature = "suite-aes256gcm")]
            Cipher::Aes256Gcm { key, base } => {
                seal(&Aes256Gcm::new(key.into()), (&nonce(base, index)).into(), associated, body)
            }
        }
    }

    /// Decrypts in place and verifies the tag; on a bad tag the body is wiped.
    #[must_use]
    pub fn open(&self, index: u64, associated: &[u8], body: &mut [u8], tag: &[u8; AEAD_TAG_BYTES]) -> bool {
        match &self.0 {
            Cipher::ChaCha20Poly1305 { cipher, base } => {
                open(cipher, (&nonce(base, index)).into(), associated, body, tag.into())
            }
            #[cfg(feature = "suite-ascon128")]
            Cipher::AsconAead128 { key, base } => {
                let cipher = AsconAead128::new(key.into());
                open(&cipher, (&nonce(base, index)).into(), associated, body, tag.into())
            }
            #[cfg(feature = "suite-aes256gcm")]
            Cipher::Aes256Gcm { key, base } => {
                let cipher = Aes256Gcm::new(key.into());
                open(&cipher, (&nonce(base, index)).into(), associated, body, tag.into())
            }
        }
    }
}

#[inline]
fn seal<C: AeadInOut<TagSize = U16>>(
    cipher: &C,
    nonce: &Nonce<C>,
    associated: &[u8],
    body: &mut [u8],
) -> Option<[u8; AEAD_TAG_BYTES]> {
    cipher.encrypt_inout_detached(nonce, associated, body.into()).ok().map(Into::into)
}

#[inline]
fn open<C: AeadInOut<TagSize = U16>>(
    cipher: &C,
    nonce: &Nonce<C>,
    associated: &[u8],
    body: &mut [u8],
    tag: &Tag<C>,
) -> bool {
    let verified = cipher.decrypt_inout_detached(nonce, associated, (&mut *body).into(), tag).is_ok();
    if !verified {
        body.fill(0);
    }
    verified
}

/// The base, its last 8 bytes XORed with the index in big endian.
#[inline]
fn nonce<const BYTES: usize>(base: &[u8; BYTES], index: u64) -> [u8; BYTES] {
    let mut nonce = *base;
    for (place, byte) in nonce.iter_mut().rev().zip(index.to_le_bytes()) {
        *place ^= byte;
    }
    nonce
}

impl Drop for SealingKey {
    fn drop(&mut self) {
        match &mut self.0 {
            // The cipher wipes its own key.
            Cipher::ChaCha20Poly1305 { base, .. } => base.zeroize(),
            #[cfg(feature = "suite-ascon128")]
            Cipher::AsconAead128 { key, base } => {
                key.zeroize();
                base.zeroize();
            }
            #[cfg(feature = "suite-aes256gcm")]
            Cipher::Aes256Gcm { key, base } => {
                key.zeroize();
                base.zeroize();
            }
        }
    }
}

impl ZeroizeOnDrop for SealingKey {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::vocab::SuiteSet;
    use std::vec::Vec;

    /// Every suite that this build has.
    fn suites() -> impl Iterator<Item = Suite> {
        Suite::ALL.iter().copied().filter(|suite| SuiteSet::COMPILED.has(*suite))
    }

    fn key(suite: Suite, base: u8) -> SealingKey {
        let (key_bytes, base_bytes) = lengths(suite);
        let (key, base) = ([1; KEY_BYTES_MAX], [base; BASE_BYTES_MAX]);
        SealingKey::new(suite, &key[..key_bytes], &base[..base_bytes]).unwrap()
    }

    #[test]
    fn a_build_has_keys_of_exactly_its_suites() {
        for suite in Suite::ALL {
            let (key_bytes, base_bytes) = lengths(*suite);
            assert!(key_bytes <= KEY_BYTES_MAX && base_bytes <= BASE_BYTES_MAX);
            let (key, base) = ([1; KEY_BYTES_MAX + 1], [1; BASE_BYTES_MAX + 1]);
            let made = |key_bytes, base_bytes| {
                SealingKey::new(*suite, &key[..key_bytes], &base[..base_bytes]).is_some()
            };
            assert_eq!(made(key_bytes, base_bytes), SuiteSet::COMPILED.has(*suite), "{suite}");
            for (key_bytes, base_bytes) in [
                (key_bytes - 1, base_bytes),
                (key_bytes + 1, base_bytes),
                (key_bytes, base_bytes - 1),
                (key_bytes, base_bytes + 1),
                (0, 0),
            ] {
                assert!(!made(key_bytes, base_bytes), "{suite}: {key_bytes} and {base_bytes} bytes");
            }
        }
    }

    #[test]
    fn each_key_has_the_limits_of_its_suite() {
        for suite in suites() {
            assert_eq!(key(suite, 0).limits(), KeyLimits::of(suite), "{suite}");
        }
    }

    #[test]
    fn the_nonce_is_the_base_with_the_index_in_its_last_eight_bytes_big_endian() {
        assert_eq!(nonce(&[0; 12], 0x0102_0304_0506_0708), [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(nonce(&[0xff; 12], 1), [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 254]);
        let long = nonce(&[0x10; 16], 0x0102_0304_0506_0708);
        assert_eq!(long, [16, 16, 16, 16, 16, 16, 16, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
    }

    #[test]
    fn a_body_opens_under_its_own_index_and_associated_data_alone() {
        for suite in suites() {
            let mut sealed = *b"text";
            let tag = key(suite, 7).seal(5, b"bound", &mut sealed).unwrap();
            assert_ne!(&sealed, b"text");
            let mut other = tag;
            other[15] ^= 1;
            for (index, bound, tag) in [(6, &b"bound"[..], &tag), (5, b"other", &tag), (5, b"bound", &other)]
            {
                let mut body = sealed;
                assert!(!key(suite, 7).open(index, bound, &mut body, tag), "{suite}");
                assert_eq!(body, [0; 4], "{suite}: a body that does not verify is wiped");
            }
            for base in [6, 8] {
                assert!(!key(suite, base).open(5, b"bound", &mut sealed.clone(), &tag), "{suite}");
            }
            let mut body = sealed;
            assert!(key(suite, 7).open(5, b"bound", &mut body, &tag), "{suite}");
            assert_eq!(&body, b"text", "{suite}");
        }
    }

    #[test]
    fn no_plaintext_is_left_of_a_body_of_any_length_that_does_not_verify() {
        for suite in suites() {
            for bytes in [1, 15, 16, 17, 64, 100, 1_000] {
                let mut body: Vec<u8> = (0..bytes).map(|at| at as u8 | 1).collect();
                let mut tag = key(suite, 0).seal(1, b"", &mut body).unwrap();
                tag[0] ^= 0x80;
                assert!(!key(suite, 0).open(1, b"", &mut body, &tag));
                assert!(body.iter().all(|byte| *byte == 0), "{suite}: {bytes} bytes");
            }
        }
    }

    #[test]
    fn suites_seal_apart_under_the_same_key() {
        let sealed: Vec<_> = suites()
            .map(|suite| {
                let mut body = *b"some text";
                (key(suite, 3).seal(1, b"", &mut body).unwrap(), body)
            })
            .collect();
        for (at, one) in sealed.iter().enumerate() {
            assert!(!sealed[at + 1..].contains(one));
        }
    }
}
