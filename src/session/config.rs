//! Who this side is, whom it expects, and with which secrets.

use crate::profile::Spec;
use crate::secure::Secret;
use crate::vocab::{CapabilitySet, Id, Role};

/// A side's configuration. Printing it shows every field but the secrets.
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Config {
    pub(crate) role: Role,
    pub(crate) id: Id,
    pub(crate) expected: Option<Id>,
    pub(crate) first: KnownSecret,
    pub(crate) second: Option<KnownSecret>,
    pub(crate) offered: CapabilitySet,
    pub(crate) required: CapabilitySet,
}

/// Secrets that may be live at a time: the current one and, while it is being rotated, the next one.
pub const SECRETS_MAX: usize = 2;

/// A secret under its id.
#[derive(Debug)]
pub(crate) struct KnownSecret {
    pub(crate) id: Id,
    pub(crate) secret: Secret,
}

#[cfg(feature = "defmt")]
impl defmt::Format for KnownSecret {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "KnownSecret {{ id: {}, secret: <redacted> }}", self.id);
    }
}

/// The field of a [`Config`] that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ConfigError {
    /// The expected peer is this side itself.
    ExpectedPeer,
    /// The same secret id twice, or more than two secrets.
    SecretId,
    /// An id contains the secret, raw, in hexadecimal or in base64.
    SecretInId,
    /// A capability that the profile or this side requires is unknown or not offered.
    Required,
}

impl core::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::ExpectedPeer => "the expected peer has this side's own id",
            Self::SecretId => "at most two secrets, each with an id of its own",
            Self::SecretInId => "an id contains the secret",
            Self::Required => "a required capability is unknown or not offered",
        })
    }
}

impl core::error::Error for ConfigError {}

impl Config {
    /// A side with its own id and one secret; it accepts any peer that holds the secret, offers every capability and
    /// requires what the profile requires.
    #[must_use]
    pub fn new(role: Role, id: Id, secret_id: Id, secret: Secret) -> Self {
        let first = KnownSecret { id: secret_id, secret };
        Self {
            role,
            id,
            expected: None,
            first,
            second: None,
            offered: CapabilitySet::KNOWN,
            required: CapabilitySet::EMPTY,
        }
    }

    /// Accepts only the peer with this id.
    #[must_use]
    pub fn expect(mut self, peer: Id) -> Self {
        self.expected = Some(peer);
        self
    }

    /// Adds the second live secret of a server, for rotation. A client uses the first one.
    ///
    /// # Errors
    /// [`ConfigError::SecretId`] when there are two already.
    pub fn also(mut self, secret_id: Id, secret: Secret) -> Result<Self, ConfigError> {
        if self.second.is_some() {
            return Err(ConfigError::SecretId);
        }
        self.second = Some(KnownSecret { id: secret_id, secret });
        Ok(self)
    }

    /// Offers these capabilities, unknown bits included.
    #[must_use]
    pub fn offer(mut self, offered: CapabilitySet) -> Self {
        self.offered = offered;
        self
    }

    /// Requires these capabilities besides the profile's.
    #[must_use]
    pub fn require(mut self, required: CapabilitySet) -> Self {
        self.required = required;
        self
    }

    /// Checks the whole of it; the first wrong field is named.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn check(&self, spec: &Spec) -> Result<(), ConfigError> {
        if self.expected == Some(self.id) {
            return Err(ConfigError::ExpectedPeer);
        }
        if self.second.as_ref().is_some_and(|second| second.id == self.first.id) {
            return Err(ConfigError::SecretId);
        }
        for known in self.secrets() {
            let mut ids = [Some(self.id), self.expected, Some(known.id)].into_iter().flatten();
            if ids.any(|id| known.secret.shows_in(id.as_bytes())) {
                return Err(ConfigError::SecretInId);
            }
        }
        if !CapabilitySet::KNOWN.contains(self.required) || !self.offered.contains(self.floor(spec)) {
            return Err(ConfigError::Required);
        }
        Ok(())
    }

    fn secrets(&self) -> impl Iterator<Item = &KnownSecret> {
        core::iter::once(&self.first).chain(&self.second)
    }

    /// The role.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// What must be selected, as far as this side knows.
    pub(crate) const fn floor(&self, spec: &Spec) -> CapabilitySet {
        spec.required.union(self.required)
    }

    /// The secret that a client uses: the first one, which `new` has put there.
    pub(crate) fn client_secret(&self) -> &KnownSecret {
        &self.first
    }

    pub(crate) fn secret(&self, id: Id) -> Option<&Secret> {
        self.secrets().find(|known| known.id == id).map(|known| &known.secret)
    }
}
