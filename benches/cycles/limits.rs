//! What the limits are made of: the same crates, called directly.

use std::hint::black_box;

use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit};
use crc::{CRC_32_ISCSI, Crc};

#[cfg(feature = "crc-table-16")]
type Table = crc::Table<16>;
#[cfg(all(feature = "crc-table", not(feature = "crc-table-16")))]
type Table = crc::Table<1>;
#[cfg(not(any(feature = "crc-table", feature = "crc-table-16")))]
type Table = crc::NoTable;

static CRC32C: Crc<u32, Table> = Crc::<u32, Table>::new(&CRC_32_ISCSI);

/// CRC-32C with the table that the library has been built with.
#[inline]
pub fn crc32c(bytes: &[u8]) -> u32 {
    CRC32C.checksum(black_box(bytes))
}

/// One `memcpy` of a length that the compiler does not know.
#[inline]
pub fn copy(to: &mut [u8], from: &[u8]) {
    let from = black_box(from);
    to[..from.len()].copy_from_slice(from);
    black_box(to);
}

/// Length of the associated data of an envelope, in bytes.
const ASSOCIATED_BYTES: usize = kurdistan::secure::AD_BYTES;

/// The AEAD alone, its key expanded once and for all.
pub struct Aead {
    cipher: ChaCha20Poly1305,
    associated: [u8; ASSOCIATED_BYTES],
}

impl Aead {
    pub fn new() -> Self {
        Self { cipher: ChaCha20Poly1305::new(&[7; 32].into()), associated: [3; ASSOCIATED_BYTES] }
    }

    #[inline]
    pub fn seal(&self, index: usize, body: &mut [u8]) -> [u8; 16] {
        let nonce = nonce(index);
        let associated = black_box(&self.associated);
        self.cipher.encrypt_inout_detached((&nonce).into(), associated, body.into()).expect("a seal").into()
    }

    #[inline]
    pub fn open(&self, index: usize, body: &mut [u8], tag: &[u8; 16]) {
        let nonce = nonce(index);
        let associated = black_box(&self.associated);
        self.cipher
            .decrypt_inout_detached((&nonce).into(), associated, body.into(), tag.into())
            .expect("a genuine tag");
    }
}

fn nonce(index: usize) -> [u8; 12] {
    let mut nonce = [1; 12];
    nonce[4..].copy_from_slice(&(index as u64).to_be_bytes());
    nonce
}
