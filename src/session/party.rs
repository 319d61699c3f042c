//! One party of a handshake: what it answers to a hello, and how it judges an accept.

use super::compatibility::{choose_suite, compatible, own_facts};
use super::refusal::{Verdict, refusal, refused};
use super::securing::Awaited;
use super::{Config, Securing, Selection};
use crate::guard::identity::PeerIdentity;
use crate::profile::{Policy, Spec};
use crate::secure::{Channel, Prk, Transcript, same_tag};
use crate::vocab::{FailReason, Failure, HandshakeReject, Id, Role, Suite};
use crate::wire::handshake::HELLO_BYTES_MIN;
use crate::wire::{Accept, Confirm, Facts, HandshakeBytes, Hello};

/// A side with its nonce for one handshake.
pub(super) struct Party<'c> {
    pub(super) config: &'c Config,
    pub(super) nonce: [u8; 32],
    pub(super) generation_hash: [u8; 32],
}

/// A hello whose binder has verified.
pub(super) struct Believed<'b> {
    bytes: &'b [u8],
    hello: Hello,
    prk: Prk,
}

impl<'b> Believed<'b> {
    /// Shape, then binder. Nothing else is looked at before both hold.
    pub(super) fn of<P: Policy>(
        policy: &P,
        config: &Config,
        bytes: &'b [u8],
    ) -> Result<Self, HandshakeReject> {
        policy.hello_length(bytes.len(), HELLO_BYTES_MIN)?;
        let (hello, binder) = Hello::decode(bytes)?;
        let secret = config.secret(hello.secret_id).ok_or(HandshakeReject::SecretId)?;
        let prk = Prk::new(secret, hello.id, hello.expected);
        let covered = bytes.len().saturating_sub(binder.len());
        let own_binder = prk.binder(bytes.get(..covered).unwrap_or(&[]));
        policy.binder(same_tag(&own_binder, &binder))?;
        Ok(Self { bytes, hello, prk })
    }

    /// Under which secret it was said, and by whom.
    pub(super) const fn peer(&self) -> (Id, Id) {
        (self.hello.secret_id, self.hello.id)
    }
}

impl Party<'_> {
    /// The server's side: identity, rules, selection; then the accept.
    pub(super) fn answer<P: Policy>(
        &self,
        policy: &P,
        believed: &Believed<'_>,
    ) -> Result<(Securing, HandshakeBytes), Verdict> {
        let Believed { bytes, hello, prk } = believed;
        let spec = policy.spec();
        let own = own_facts(policy, self.config, self.generation_hash);
        let refuse = |failure| Verdict::Fail(failure, refusal(prk, bytes, Role::Server, failure));
        let selected = self.agree(policy, &own, hello).map_err(refuse)?;
        let accept = Accept {
            id: self.config.id,
            facts: own,
            selected: selected.capabilities,
            suite: selected.suite.code(),
            nonce: self.nonce,
        };
        let unsigned = accept.encode();
        let keys = Keys::derive(prk, spec, bytes, unsigned.authenticated_part(), None);
        let message = unsigned.with_tag(&keys.server_tag);
        let channel = keys.channel(Role::Server, prk, selected.suite, spec).map_err(refuse)?;
        let awaited = Awaited { confirm: keys.client_tag, refusal: prk.refusal_key(bytes) };
        Ok((Securing::new(channel, selected, hello.id, Some(awaited)), message))
    }

    /// Rules and selection of the server.
    fn agree<P: Policy>(&self, policy: &P, own: &Facts, hello: &Hello) -> Result<Selection, Failure> {
        let peer = &hello.facts;
        self.identity(policy, hello.id, &hello.nonce, hello.expected).map_err(Failure::local)?;
        let capabilities = policy.select(own.offered, peer.offered);
        compatible(policy, policy.spec(), own, peer, capabilities)?;
        let suite = choose_suite(&self.config.suites, own, peer).ok_or(Failure::local(FailReason::Suite))?;
        Ok(Selection { capabilities, suite })
    }

    /// The client's side: shape, tag, identity, rules, selection; then the confirm.
    pub(super) fn on_accept<P: Policy>(
        &self,
        policy: &P,
        hello: &[u8],
        bytes: &[u8],
    ) -> Result<(Securing, HandshakeBytes), Verdict> {
        let spec = policy.spec();
        let prk = Prk::new(&self.config.client_secret().secret, self.config.id, self.config.expected);
        let (accept, tag) = match Accept::decode(bytes) {
            Ok(decoded) => decoded,
            Err(reject) => {
                let verdict = refused(policy, &prk.refusal_key(hello), Role::Server, bytes);
                return Err(verdict.unwrap_or(Verdict::Ignore(reject)));
            }
        };
        let covered = bytes.len().saturating_sub(tag.len());
        // The suite is a label of the keys: one that this version does not know has no keys to verify with.
        let suite = Suite::from_code(accept.suite).ok_or(HandshakeReject::Field)?;
        let keys = Keys::derive(&prk, spec, hello, bytes.get(..covered).unwrap_or(&[]), Some(tag));
        policy.handshake_tag(same_tag(&keys.server_tag, &tag))?;

        let own = own_facts(policy, self.config, self.generation_hash);
        let verdict = self.judge(policy, &own, &accept, suite);
        let channel = verdict
            .and_then(|()| keys.channel(Role::Client, &prk, suite, spec))
            .map_err(|failure| Verdict::Fail(failure, refusal(&prk, hello, Role::Client, failure)))?;
        let selection = Selection { capabilities: accept.selected, suite };
        Ok((Securing::new(channel, selection, accept.id, None), keys.confirm))
    }

    /// Rules and selection of the client.
    fn judge<P: Policy>(
        &self,
        policy: &P,
        own: &Facts,
        accept: &Accept,
        suite: Suite,
    ) -> Result<(), Failure> {
        self.identity(policy, accept.id, &accept.nonce, None).map_err(Failure::local)?;
        compatible(policy, policy.spec(), own, &accept.facts, accept.selected)?;
        let common = own.suites.intersection(accept.facts.suites);
        policy.suite_offered(common, suite).map_err(Failure::local)
    }

    fn identity<P: Policy>(
        &self,
        policy: &P,
        id: Id,
        nonce: &[u8; 32],
        expects: Option<Id>,
    ) -> Result<(), FailReason> {
        policy.peer_identity(PeerIdentity {
            own_id: id == self.config.id,
            own_nonce: *nonce == self.nonce,
            expected: self.config.expected.is_none_or(|expected| expected == id),
            expects_us: expects.is_none_or(|expected| expected == self.config.id),
        })
    }
}

/// What both sides derive from hello and accept.
struct Keys {
    th2: [u8; 32],
    th3: [u8; 32],
    server_tag: [u8; 32],
    client_tag: [u8; 32],
    confirm: HandshakeBytes,
}

impl Keys {
    /// `carried` is the tag that the accept came with; the server has none yet.
    fn derive(prk: &Prk, spec: &Spec, hello: &[u8], accept: &[u8], carried: Option<[u8; 32]>) -> Self {
        let (transcript, th1) = Transcript::new(spec.checksum, hello).accept(accept);
        let server_tag = prk.server_tag(&th1);
        let (transcript, th2) = transcript.server_tag(&carried.unwrap_or(server_tag));
        let client_tag = prk.client_tag(&th2);
        let confirm = Confirm::encode().with_tag(&client_tag);
        let th3 = transcript.confirm(&confirm);
        Self { th2, th3, server_tag, client_tag, confirm }
    }

    /// A side offers only suites that it has keys for, so this does not fail after the rules have held.
    fn channel(&self, role: Role, prk: &Prk, suite: Suite, spec: &Spec) -> Result<Channel, Failure> {
        let channel = Channel::new(role, suite, prk, &self.th2, &self.th3, spec.replay_limits());
        channel.ok_or(Failure::local(FailReason::Suite))
    }
}
