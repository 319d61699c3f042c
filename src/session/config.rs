//! Who this side is, whom it expects, with which secrets, and within which limits.

use super::ConfigJson;
use super::suite_order::SuiteOrder;
use crate::profile::{Policy, ProfileId, Spec};
use crate::secure::{Fresh, Secret};
use crate::vocab::{Capability, CapabilitySet, EVENTS_MAX, Id, NonceSource, Role, Suite, SuiteSet};

/// A side's configuration. Printing it, as [`Debug`] or as JSON by [`json`](Self::json), shows every field but the secrets.
///
/// | field | set by | range, and what it is when not set |
/// |---|---|---|
/// | role, id, secret id, secret | [`new`](Self::new) | the ranges of [`Id`] and [`Secret`] |
/// | expected peer | [`expect`](Self::expect) | another id than the own one; any |
/// | second secret | [`also`](Self::also) | a server's, under an id of its own; none |
/// | expected profile | [`profile`](Self::profile) | the id of the profile in use; any |
/// | capabilities offered | [`offer`](Self::offer) | at least those that are required; all that this side has |
/// | capabilities required | [`require`](Self::require) | known ones; none besides the profile's |
/// | sessions | [`sessions_max`](Self::sessions_max) | 1 to those of a [`Manager`](crate::endpoint::Manager), 1 elsewhere; all that there is memory for |
/// | streams | [`streams_max`](Self::streams_max) | 1 to the profile's; the profile's |
/// | events | [`events_max`](Self::events_max) | 1 to 16; 16 |
/// | trace | [`trace`](Self::trace) | on or off; on |
/// | suites, in order | [`suites`](Self::suites) | 1 to 3 of this build, each once, one of them the profile's; all of this build |
/// | trusted nonce source | [`trust`](Self::trust) | any [`NonceSource`]; random bytes |
#[derive(Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Config {
    pub(crate) role: Role,
    pub(crate) id: Id,
    pub(crate) expected: Option<Id>,
    pub(crate) first: KnownSecret,
    pub(crate) second: Option<KnownSecret>,
    pub(crate) profile: Option<ProfileId>,
    pub(crate) offered: Option<CapabilitySet>,
    pub(crate) required: CapabilitySet,
    pub(crate) sessions_max: Option<u8>,
    pub(crate) streams_max: Option<u8>,
    pub(crate) events_max: u8,
    pub(crate) trace: bool,
    pub(crate) trusted: NonceSource,
    pub(crate) suites: SuiteOrder,
}

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
    /// A second secret belongs to a server, and only a server manages sessions.
    Role,
    /// The expected peer is this side itself.
    ExpectedPeer,
    /// The same secret id twice, or more than two secrets.
    SecretId,
    /// An id contains the secret, raw, in hexadecimal or in base64.
    SecretInId,
    /// The expected profile is another one.
    Profile,
    /// `generated_backend` is offered by a side whose profile is not compiled in.
    Offered,
    /// A capability that the profile or this side requires is unknown or not offered.
    Required,
    /// No session, or more than there is memory for.
    SessionsMax,
    /// No stream, or more than the profile has.
    StreamsMax,
    /// No event, or more than are kept.
    EventsMax,
    /// The freshness that was given does not draw on the trusted source.
    NonceSource,
    /// The order of suites is empty, names one twice or one that this build does not have, or none that the profile allows.
    Suites,
}

impl core::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Role => "a manager, a second secret and several sessions are a server's",
            Self::ExpectedPeer => "the expected peer has this side's own id",
            Self::SecretId => "at most two secrets, each with an id of its own",
            Self::SecretInId => "an id contains the secret",
            Self::Profile => "the expected profile is not the one in use",
            Self::Offered => "generated_backend is offered by a side whose profile is not compiled in",
            Self::Required => "a required capability is unknown or not offered",
            Self::SessionsMax => {
                "sessions_max is at least 1, and at most what the memory holds: an endpoint holds one session"
            }
            Self::StreamsMax => "streams_max is at least 1, and at most the profile's",
            Self::EventsMax => "events_max is 1 to 16",
            Self::NonceSource => "the freshness does not draw on the trusted source",
            Self::Suites => "suites are at least one, each once, of this build and allowed by the profile",
        })
    }
}

impl core::error::Error for ConfigError {}

impl Config {
    /// A side with its own id and one secret; it accepts any peer that holds the secret, offers every capability that it has,
    /// requires what the profile requires, trusts random bytes, and takes every suite of this build, by rising code.
    #[must_use]
    pub fn new(role: Role, id: Id, secret_id: Id, secret: Secret) -> Self {
        let first = KnownSecret { id: secret_id, secret };
        Self {
            role,
            id,
            expected: None,
            first,
            second: None,
            profile: None,
            offered: None,
            required: CapabilitySet::EMPTY,
            sessions_max: None,
            streams_max: None,
            events_max: EVENTS_MAX as u8,
            trace: true,
            trusted: NonceSource::RandomBytes,
            suites: SuiteOrder::compiled(),
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
        self.offered = Some(offered);
        self
    }

    /// Requires these capabilities besides the profile's.
    #[must_use]
    pub fn require(mut self, required: CapabilitySet) -> Self {
        self.required = required;
        self
    }

    /// Accepts only this profile.
    #[must_use]
    pub fn profile(mut self, profile: ProfileId) -> Self {
        self.profile = Some(profile);
        self
    }

    /// Has at most this many sessions open at a time.
    #[must_use]
    pub fn sessions_max(mut self, sessions: u8) -> Self {
        self.sessions_max = Some(sessions);
        self
    }

    /// Has at most this many streams open at a time, of both sides together. A peer that wants more is refused.
    #[must_use]
    pub fn streams_max(mut self, streams: u8) -> Self {
        self.streams_max = Some(streams);
        self
    }

    /// Keeps at most this many events that nobody has taken; later ones are counted as truncated.
    #[must_use]
    pub fn events_max(mut self, events: u8) -> Self {
        self.events_max = events;
        self
    }

    /// Keeps events, or none at all.
    #[must_use]
    pub fn trace(mut self, on: bool) -> Self {
        self.trace = on;
        self
    }

    /// Trusts this source of freshness: every [`Fresh`](crate::secure::Fresh) must draw on it.
    #[must_use]
    pub fn trust(mut self, source: NonceSource) -> Self {
        self.trusted = source;
        self
    }

    /// Takes these cipher suites alone, the preferred one first. A server selects the first of its order that the profile
    /// allows and the client offers; a client offers its suites as a set.
    ///
    /// # Errors
    /// [`ConfigError::Suites`] when there is none, one twice, or one that is not in [`SuiteSet::COMPILED`].
    pub fn suites(mut self, order: &[Suite]) -> Result<Self, ConfigError> {
        self.suites = SuiteOrder::of(order).ok_or(ConfigError::Suites)?;
        Ok(self)
    }

    /// Checks the whole of it against a profile; the first wrong field is named. What depends on memory is checked by the
    /// object that has it.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn check(&self, spec: &Spec) -> Result<(), ConfigError> {
        if self.role == Role::Client
            && (self.second.is_some() || self.sessions_max.is_some_and(|sessions| sessions > 1))
        {
            return Err(ConfigError::Role);
        }
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
        if self.profile.is_some_and(|profile| profile != spec.id) {
            return Err(ConfigError::Profile);
        }
        let offered = self.offered.unwrap_or(CapabilitySet::KNOWN);
        if !CapabilitySet::KNOWN.contains(self.required) || !offered.contains(self.floor(spec)) {
            return Err(ConfigError::Required);
        }
        if self.suites_of(spec).is_empty() {
            return Err(ConfigError::Suites);
        }
        self.check_limits(spec)
    }

    fn check_limits(&self, spec: &Spec) -> Result<(), ConfigError> {
        if self.sessions_max == Some(0) {
            return Err(ConfigError::SessionsMax);
        }
        if self.streams_max.is_some_and(|streams| streams == 0 || streams > spec.streams_max) {
            return Err(ConfigError::StreamsMax);
        }
        if self.events_max == 0 || usize::from(self.events_max) > EVENTS_MAX {
            return Err(ConfigError::EventsMax);
        }
        Ok(())
    }

    /// Checks what depends on the carrier of the profile as well.
    pub(crate) fn check_for<P: Policy>(&self, policy: &P) -> Result<(), ConfigError> {
        self.check(policy.spec())?;
        let offers = self.offers::<P>();
        if !P::COMPILED && offers.has(Capability::GeneratedBackend) {
            return Err(ConfigError::Offered);
        }
        if offers.contains(self.floor(policy.spec())) { Ok(()) } else { Err(ConfigError::Required) }
    }

    /// What is told to the peer as offered: all that this side has, unless the configuration says less.
    pub(super) fn offers<P: Policy>(&self) -> CapabilitySet {
        let generated = CapabilitySet::of(&[Capability::GeneratedBackend]);
        let own = if P::COMPILED { CapabilitySet::KNOWN } else { CapabilitySet::KNOWN.difference(generated) };
        self.offered.unwrap_or(own)
    }

    /// Sessions at a time, where there is memory for so many.
    pub(crate) fn sessions(&self, memory: u8) -> Result<u8, ConfigError> {
        let sessions = self.sessions_max.unwrap_or(memory);
        if sessions > memory { Err(ConfigError::SessionsMax) } else { Ok(sessions) }
    }

    /// Events that are kept at most; 0 when the trace is off.
    pub(crate) const fn events(&self) -> u8 {
        if self.trace { self.events_max } else { 0 }
    }

    /// The streams of a session, of both sides together.
    pub(crate) const fn streams(&self, spec: &Spec) -> u8 {
        match self.streams_max {
            Some(streams) => streams,
            None => spec.streams_max,
        }
    }

    /// The configuration as one line of JSON, when displayed; a secret is `"<redacted>"`.
    #[must_use]
    pub const fn json(&self) -> ConfigJson<'_> {
        ConfigJson(self)
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = &KnownSecret> {
        core::iter::once(&self.first).chain(&self.second)
    }

    /// The role.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// This side's nonce; `None` if the freshness is not of the source that it trusts.
    pub(super) fn nonce<P: Policy>(&self, policy: &P, fresh: Fresh) -> Option<[u8; 32]> {
        policy.nonce_source(fresh.source(), self.trusted).then(|| fresh.nonce(self.role, self.id))
    }

    /// What must be selected, as far as this side knows.
    pub(crate) const fn floor(&self, spec: &Spec) -> CapabilitySet {
        CapabilitySet::BASE.union(spec.required).union(self.required)
    }

    /// The suites that this side tells: those of the profile that it takes, all of which this build has.
    pub(crate) fn suites_of(&self, spec: &Spec) -> SuiteSet {
        spec.suites.intersection(self.suites.set())
    }

    /// The secret that a client uses: the first one, which `new` has put there.
    pub(crate) fn client_secret(&self) -> &KnownSecret {
        &self.first
    }

    pub(crate) fn secret(&self, id: Id) -> Option<&Secret> {
        self.secrets().find(|known| known.id == id).map(|known| &known.secret)
    }
}
