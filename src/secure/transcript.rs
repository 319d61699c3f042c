//! The running hash over a handshake.

use sha2::{Digest, Sha256};

use crate::vocab::ChecksumClass;
use crate::wire::{HandshakeBytes, Tag, WIRE_VERSION};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// The transcript of a handshake, up to what has been said so far.
pub struct Transcript(Sha256);

impl Transcript {
    /// The transcript of a link with this checksum class, up to the hello.
    #[must_use]
    pub fn new(class: ChecksumClass, hello: &[u8]) -> Self {
        let start =
            Sha256::new().chain_update(b"kurdistan/1 transcript").chain_update([WIRE_VERSION, class.code()]);
        Self(framed(start, hello))
    }

    /// Adds the accept without its tag; the hash is TH1.
    #[must_use]
    pub fn accept(self, part: &[u8]) -> (Self, Hash) {
        let hash = framed(self.0, part);
        let th1 = hash.clone().finalize().into();
        (Self(hash), th1)
    }

    /// Adds the server's tag; the hash is TH2.
    #[must_use]
    pub fn server_tag(self, tag: &Tag) -> (Self, Hash) {
        let hash = self.0.chain_update(tag);
        let th2 = hash.clone().finalize().into();
        (Self(hash), th2)
    }

    /// Adds the confirm; the hash is TH3.
    #[must_use]
    pub fn confirm(self, confirm: &HandshakeBytes) -> Hash {
        framed(self.0, confirm.as_bytes()).finalize().into()
    }
}

/// Every message is framed by its length, so that two splits of the same bytes never hash alike.
fn framed(hash: Sha256, message: &[u8]) -> Sha256 {
    let length = u16::try_from(message.len()).unwrap_or(u16::MAX);
    hash.chain_update(length.to_le_bytes()).chain_update(message)
}
