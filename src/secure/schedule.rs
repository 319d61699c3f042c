//! From a secret and a transcript to tags and keys.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::keys::{BASE_BYTES_MAX, KEY_BYTES_MAX, SealingKey, lengths};
use super::label::{expand, extract};
use super::{Hash, Secret};
use crate::vocab::{Id, Role, Suite};
use crate::wire::{Tag, WIRE_VERSION};

/// The pseudorandom key of one pair of peers under one secret. It lives as long as a handshake.
pub struct Prk(Hkdf<Sha256>);

/// What the data path needs: directional keys, each wiped when dropped, and the session id.
pub struct Traffic {
    pub(super) data: [SealingKey; 2],
    pub(super) control: [SealingKey; 2],
    pub(super) session_id: [u8; 16],
}

impl Prk {
    /// The key of `client` and `server`; `server` is the id that the hello expects, `None` for any.
    #[must_use]
    pub fn new(secret: &Secret, client: Id, server: Option<Id>) -> Self {
        let import = extract(b"kurdistan/1 import", secret.as_bytes());
        let mut names = Sha256::new();
        for id in [Some(client), server] {
            let bytes = id.as_ref().map_or(&[][..], Id::as_bytes);
            names.update([u8::try_from(bytes.len()).unwrap_or(0)]);
            names.update(bytes);
        }
        names.update([WIRE_VERSION]);
        let context: Hash = names.finalize().into();
        let mut ipsk = [0; 32];
        fixed(&import, [b"ipsk", b"", b""], &context, &mut ipsk);
        let prk = extract(b"kurdistan/1 hkdf_sha256", &ipsk);
        ipsk.zeroize();
        Self(prk)
    }

    /// The binder of a hello: over everything before it.
    #[must_use]
    pub fn binder(&self, hello: &[u8]) -> Tag {
        self.tag(b"binder", b"", &[hello])
    }

    /// The server's tag over TH1.
    #[must_use]
    pub fn server_tag(&self, th1: &Hash) -> Tag {
        self.tag(b"server confirm", th1, &[th1])
    }

    /// The client's tag over TH2.
    #[must_use]
    pub fn client_tag(&self, th2: &Hash) -> Tag {
        self.tag(b"client confirm", th2, &[th2])
    }

    /// The tag of a refusal within the handshake that `hello` began.
    #[must_use]
    pub fn refuse_tag(&self, hello: &[u8], refuse: &[u8]) -> Tag {
        self.refusal_key(hello).tag(refuse)
    }

    /// What verifies refusals within the handshake that `hello` began, after this key is gone.
    #[must_use]
    pub(crate) fn refusal_key(&self, hello: &[u8]) -> RefusalKey {
        let hello: Hash = Sha256::digest(hello).into();
        let mut key = [0; 32];
        fixed(&self.0, [b"refuse", b"", b""], &hello, &mut key);
        let kept = RefusalKey { key, hello };
        key.zeroize();
        kept
    }

    /// The traffic keys of a transcript; `None` when this build does not have the suite.
    #[must_use]
    pub fn traffic(&self, suite: Suite, th2: &Hash) -> Option<Traffic> {
        let key = |role: Role, domain: [&[u8]; 2]| self.sealing_key(suite, role, domain, th2);
        let data: [&[u8]; 2] = [b" data key", b" data base"];
        let control: [&[u8]; 2] = [b" control key", b" control base"];
        let mut session_id = [0; 16];
        fixed(&self.0, [b"session id", b"", b""], th2, &mut session_id);
        Some(Traffic {
            data: [key(Role::Client, data)?, key(Role::Server, data)?],
            control: [key(Role::Client, control)?, key(Role::Server, control)?],
            session_id,
        })
    }

    /// The exporter secret of a finished handshake.
    pub(super) fn exporter(&self, th3: &Hash) -> Exporter {
        let mut secret = [0; 32];
        fixed(&self.0, [b"exporter", b"", b""], th3, &mut secret);
        Exporter(secret)
    }

    fn sealing_key(
        &self,
        suite: Suite,
        role: Role,
        [key_name, base_name]: [&[u8]; 2],
        th2: &Hash,
    ) -> Option<SealingKey> {
        let (key_bytes, base_bytes) = lengths(suite);
        let mut key_place = [0; KEY_BYTES_MAX];
        let mut base_place = [0; BASE_BYTES_MAX];
        let key = key_place.get_mut(..key_bytes)?;
        let base = base_place.get_mut(..base_bytes)?;
        let role: &[u8] = match role {
            Role::Client => b" client",
            Role::Server => b" server",
        };
        fixed(&self.0, [suite.name().as_bytes(), role, key_name], th2, key);
        fixed(&self.0, [suite.name().as_bytes(), role, base_name], th2, base);
        let sealing = SealingKey::new(suite, key, base);
        key_place.zeroize();
        base_place.zeroize();
        sealing
    }

    fn tag(&self, name: &[u8], context: &[u8], parts: &[&[u8]]) -> Tag {
        let mut key = [0; 32];
        fixed(&self.0, [name, b"", b""], context, &mut key);
        let tag = mac(&key, parts);
        key.zeroize();
        tag
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Tag {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The key of refusals within one handshake. Neither printed nor copied; wiped when dropped.
pub(crate) struct RefusalKey {
    key: [u8; 32],
    hello: Hash,
}

impl RefusalKey {
    /// The tag of a refusal: over the hash of the hello and everything before the tag.
    pub(crate) fn tag(&self, refuse: &[u8]) -> Tag {
        mac(&self.key, &[&self.hello, refuse])
    }
}

impl zeroize::ZeroizeOnDrop for RefusalKey {}

impl Drop for RefusalKey {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// Whether two tags are equal, in constant time.
pub(crate) fn same_tag(own: &Tag, peer: &Tag) -> bool {
    own.ct_eq(peer).into()
}

/// An expansion whose name, context and length are fixed by this crate, so that it cannot fail.
fn fixed(prk: &Hkdf<Sha256>, name: [&[u8]; 3], context: &[u8], out: &mut [u8]) {
    let framed = expand(prk, name, context, out);
    debug_assert!(framed, "a label of this crate exceeds its frame");
}

/// The exporter secret.
pub(super) struct Exporter([u8; 32]);

impl Drop for Exporter {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Exporter {}

/// The label is longer than 243 bytes, or the output longer than 8,160.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ExportError;

impl core::fmt::Display for ExportError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("an export has a label of at most 243 bytes and an output of at most 8,160")
    }
}

impl core::error::Error for ExportError {}

impl Exporter {
    pub(super) fn export(&self, label: &str, context: &[u8], out: &mut [u8]) -> Result<(), ExportError> {
        let prk = Hkdf::from_prk(&self.0).map_err(|_| ExportError)?;
        let context: Hash = Sha256::digest(context).into();
        if expand(&prk, [label.as_bytes(), b"", b""], &context, out) { Ok(()) } else { Err(ExportError) }
    }
}
