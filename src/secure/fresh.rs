//! What makes a nonce fresh.

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::label::{expand, extract};
use crate::vocab::{Id, NonceSource, Role};

/// The caller's sources of freshness for one handshake. Neither `Clone` nor `Copy`, and used up by
/// [`Session::new`](crate::session::Session::new).
///
/// A side's own nonce must never repeat under one secret. The peer's freshness does not help: an attacker replays what the
/// peer once said, and a repeated own nonce then repeats the keys. At least one source must be sound:
///
/// * `random`: 32 bytes from a generator that does not repeat across restarts. With it, nothing need be persisted.
/// * `boot` and `handshake`: a counter that is **persisted and raised before the first handshake of every boot**, and a counter
///   of the handshakes since then. With both, the random bytes may be constant.
pub struct Fresh {
    source: NonceSource,
    random: [u8; 32],
    boot: u64,
    handshake: u64,
}

impl Fresh {
    /// Random bytes alone.
    #[must_use]
    pub const fn from_random(random: [u8; 32]) -> Self {
        Self { source: NonceSource::RandomBytes, random, boot: 0, handshake: 0 }
    }

    /// Counters alone: `boot` has been raised and persisted before this handshake, `handshake` counts since then.
    /// [`Boot`](super::Boot) keeps both in order.
    #[must_use]
    pub const fn from_counters(boot: u64, handshake: u64) -> Self {
        Self { source: NonceSource::BootCounter, random: [0; 32], boot, handshake }
    }

    /// Both: fresh as long as either is.
    #[must_use]
    pub const fn from_both(random: [u8; 32], boot: u64, handshake: u64) -> Self {
        Self { source: NonceSource::Both, random, boot, handshake }
    }

    /// Which sources it draws on.
    #[must_use]
    pub const fn source(&self) -> NonceSource {
        self.source
    }

    /// The nonce of a side.
    pub(crate) fn nonce(self, role: Role, id: Id) -> [u8; 32] {
        let prk = extract(b"kurdistan/1 nonce", &self.random);
        let name = id.as_bytes();
        let mut context = [0; 17 + 1 + Id::BYTES_MAX];
        let head = self.boot.to_le_bytes().into_iter().chain(self.handshake.to_le_bytes());
        let length = u8::try_from(name.len()).unwrap_or(0);
        let fields = head.chain([role.code(), length]).chain(name.iter().copied());
        let used = context.iter_mut().zip(fields).map(|(place, byte)| *place = byte).count();
        let mut nonce = [0; 32];
        let framed = expand(&prk, [b"nonce", b"", b""], context.get(..used).unwrap_or(&[]), &mut nonce);
        debug_assert!(framed, "the context of a nonce has a fixed bound");
        nonce
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.random.zeroize();
    }
}

impl ZeroizeOnDrop for Fresh {}
