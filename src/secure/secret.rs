//! A shared secret.

use arrayvec::ArrayVec;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A secret that both peers hold: 16 to 64 random bytes, 32 recommended. It is never a password: the handshake lets a weak
/// secret be guessed offline. Wiped when dropped; prints as `<redacted>`.
pub struct Secret(ArrayVec<u8, 64>);

/// Why bytes are not a [`Secret`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SecretError {
    /// Fewer than 16 bytes.
    TooShort,
    /// More than 64 bytes.
    TooLong,
    /// All bytes are equal.
    Constant,
}

impl core::fmt::Display for SecretError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::TooShort => "a secret has at least 16 bytes",
            Self::TooLong => "a secret has at most 64 bytes",
            Self::Constant => "the bytes of a secret must not all be equal",
        })
    }
}

impl core::error::Error for SecretError {}

impl Secret {
    /// A secret with these bytes.
    ///
    /// # Errors
    /// [`SecretError`] names what is wrong with them.
    pub fn new(bytes: &[u8]) -> Result<Self, SecretError> {
        if bytes.len() < 16 {
            return Err(SecretError::TooShort);
        }
        if bytes.windows(2).all(|pair| pair.first() == pair.last()) {
            return Err(SecretError::Constant);
        }
        let mut secret = ArrayVec::new();
        secret.try_extend_from_slice(bytes).map_err(|_| SecretError::TooLong)?;
        Ok(Self(secret))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether `text` contains the secret raw, in hexadecimal of either case, or in base64. An id has at most 16 bytes, so
    /// only the shortest secret can show raw, and only the start of its encodings: eight bytes of any are too many.
    pub(crate) fn shows_in(&self, text: &[u8]) -> bool {
        const TELLING: usize = 8;
        text.windows(TELLING).any(|part| {
            self.0.windows(TELLING).any(|run| run == part)
                || self.0.windows(TELLING / 2).any(|run| is_hex_of(part, run))
                || self.0.windows(TELLING / 4 * 3).any(|run| is_base64_of(part, run))
        })
    }
}

fn is_hex_of(text: &[u8], bytes: &[u8]) -> bool {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    text.iter().zip(digits).all(|(letter, digit)| char::from(*letter).to_digit(16) == Some(u32::from(digit)))
}

fn is_base64_of(text: &[u8], bytes: &[u8]) -> bool {
    let sextets = bytes.chunks_exact(3).flat_map(|triple| match *triple {
        [a, b, c] => [a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63],
        _ => [0; 4],
    });
    text.iter().zip(sextets).all(|(letter, sextet)| base64_value(*letter) == Some(sextet))
}

const fn base64_value(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter.wrapping_sub(b'A')),
        b'a'..=b'z' => Some(letter.wrapping_sub(b'a').wrapping_add(26)),
        b'0'..=b'9' => Some(letter.wrapping_sub(b'0').wrapping_add(52)),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("<redacted>")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl ZeroizeOnDrop for Secret {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_constant_secrets_are_refused_by_name() {
        assert_eq!(Secret::new(&[1; 15]).err(), Some(SecretError::TooShort));
        assert_eq!(Secret::new(&[1; 32]).err(), Some(SecretError::Constant));
        let long: [u8; 65] = core::array::from_fn(|i| i as u8);
        assert_eq!(Secret::new(&long).err(), Some(SecretError::TooLong));
        assert!(Secret::new(&long[..64]).is_ok());
    }

    #[test]
    fn an_id_that_shows_the_secret_is_found_in_every_encoding() {
        let secret = Secret::new(b"0123456789abcdef").unwrap();
        assert!(secret.shows_in(b"x23456789"));
        assert!(secret.shows_in(b"30313233"));
        assert!(secret.shows_in(b"MDEyMzQ1"));
        assert!(!secret.shows_in(b"device-0123"));
    }
}
