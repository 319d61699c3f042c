//! What a side refuses, for which reason, and what it tells: compatibility rules, floors, and bits without a name.
//!
//! Each message is genuine, signed with the shared secret, so that only the rules stand against it.

use kurdistan::profile::{Loaded, Profile, Spec, Standard};
use kurdistan::secure::Fresh;
use kurdistan::session::{Config, ConfigError, Failed, LastWords, Negotiating, Session, Step};
use kurdistan::vocab::{Capability, CapabilitySet, CarrierSet, FailReason, Failure, Role, Side, SuiteSet};
use kurdistan::wire::{Accept, Facts, Hello};

use crate::by_hand::{bound, facts, id, refusal, secret, tagged};

type Waiting<'s> = Session<Negotiating, Loaded<'s>>;

/// A compatibility rule by its reason, and how a peer breaks it.
type Rule = (FailReason, fn(&mut Facts));

/// The eleven compatibility rules, in their order.
pub const RULES: [Rule; 11] = [
    (FailReason::ProfileId, |facts| facts.profile_id[0] ^= 1),
    (FailReason::GenerationHash, |facts| facts.generation_hash[0] ^= 1),
    (FailReason::SchemaVersion, |facts| facts.schema_version += 1),
    (FailReason::CompilerSecurityVersion, |facts| facts.compiler_security_version = 0),
    (FailReason::RuntimeVersion, |facts| facts.runtime_version = 0),
    (FailReason::Suite, |facts| facts.suites = SuiteSet::EMPTY),
    (FailReason::RequiredCapability, |facts| facts.required = facts.required.union(unknown(31))),
    (FailReason::CarrierFamily, |facts| facts.carriers = CarrierSet::EMPTY),
    (FailReason::EnvelopeLimit, |facts| facts.envelope_bytes_max -= 1),
    (FailReason::StreamLimit, |facts| facts.streams_max -= 1),
    (FailReason::ReplayWindowLimit, |facts| facts.replay_window_max -= 1),
];

/// What a side offers whose profile is read at run time: all that has a name but the claim that it is compiled in.
pub const ALL: CapabilitySet =
    CapabilitySet::KNOWN.difference(CapabilitySet::of(&[Capability::GeneratedBackend]));

/// The members of [`ALL`].
pub fn all() -> impl Iterator<Item = Capability> {
    Capability::ALL.iter().copied().filter(|capability| ALL.has(*capability))
}

/// Those that a session can do without.
pub fn optional() -> impl Iterator<Item = Capability> {
    all().filter(|capability| !CapabilitySet::BASE.has(*capability))
}

fn unknown(bit: u32) -> CapabilitySet {
    CapabilitySet::from_bits(1 << bit)
}

/// The bits of a capability set that have no name.
pub fn unknown_bits() -> impl Iterator<Item = u32> {
    (0..u32::BITS).filter(|bit| CapabilitySet::KNOWN.intersection(unknown(*bit)).is_empty())
}

fn config(role: Role) -> Config {
    Config::new(role, id(role.name()), id("key-1"), secret())
}

fn client(spec: &Spec, config: Config) -> (Waiting<'_>, Vec<u8>) {
    let policy = Loaded::new(spec).expect("a sound profile");
    let session = Session::new(policy, config, Fresh::from_random([1; 32])).expect("a legal configuration");
    let (session, hello) = session.start().expect("a client");
    (session, hello.as_bytes().to_vec())
}

fn server(spec: &Spec, config: Config) -> Waiting<'_> {
    let policy = Loaded::new(spec).expect("a sound profile");
    let session = Session::new(policy, config, Fresh::from_random([2; 32])).expect("a legal configuration");
    session.listen().expect("a server")
}

/// How a server fails on a genuine hello with these facts; its refusal tells the same to whoever sent the hello.
fn by_server(spec: &Spec, config: Config, facts: Facts) -> Option<Failure> {
    let hello = Hello { secret_id: id("key-1"), id: id("client"), expected: None, facts, nonce: [9; 32] };
    let hello = bound(&hello);
    match server(spec, config).receive(&hello) {
        Ok(Step::Next(_)) => None,
        Ok(Step::Stay(_)) => panic!("a genuine hello was ignored"),
        Err(failed) => Some(told(&failed, Role::Server, &hello)),
    }
}

/// How a client fails on a genuine accept with these facts and this selection.
fn by_client(spec: &Spec, config: Config, facts: Facts, selected: CapabilitySet) -> Option<Failure> {
    let (client, hello) = client(spec, config);
    let suite = kurdistan::vocab::Suite::ALL[0].code();
    let accept = Accept { id: id("server"), facts, selected, suite, nonce: [9; 32] };
    match client.receive(&tagged(spec, &accept, &hello)) {
        Ok(Step::Next(_)) => None,
        Ok(Step::Stay(_)) => panic!("a genuine accept was ignored"),
        Err(failed) => Some(told(&failed, Role::Client, &hello)),
    }
}

/// The failure, which a refusal with a tag that verifies says in the same words.
fn told(failed: &Session<Failed, Loaded<'_>>, sender: Role, hello: &[u8]) -> Failure {
    let failure = failed.failure();
    assert_eq!(failure.side, Side::Local);
    let LastWords::Refusal(words) = failed.last_words() else { panic!("{failure}: no refusal") };
    let refuse = refusal(words, sender, hello);
    let said = Failure { floor: refuse.floor, selected: refuse.selected, ..Failure::local(refuse.reason) };
    assert_eq!(said, failure);
    failure
}

/// Breaks every set of rules at once, on either side: the first in order is the reason. Returns how many cases.
pub fn every_set_of_broken_rules() -> usize {
    let spec = Standard::SPEC;
    let mut count = 0;
    for broken in 0_u32..1 << RULES.len() {
        let mut facts = facts(&spec);
        let rules = RULES.iter().enumerate().filter(|(place, _)| broken >> place & 1 == 1);
        rules.for_each(|(_, (_, breaks))| breaks(&mut facts));
        let first = RULES.get(broken.trailing_zeros() as usize).map(|(reason, _)| Failure::local(*reason));
        assert_eq!(by_server(&spec, config(Role::Server), facts), first, "rules {broken:#013b}");
        let client = by_client(&spec, config(Role::Client), facts, ALL);
        assert_eq!(client, first, "rules {broken:#013b}");
        count += 2;
    }
    count
}

/// Who requires a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirer {
    /// The profile, and so both sides.
    Profile,
    /// The client alone.
    Client,
    /// The server alone.
    Server,
}

/// Where it is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropper {
    /// From the client's offer.
    Client,
    /// From the server's offer.
    Server,
    /// From what the server selects, although both offer it.
    Selection,
}

/// A capability that one of three requires and one of three drops: the other side refuses it with both sets, whether the
/// one that drops it is honest or hides it.
pub fn dropped(capability: Capability, requirer: Requirer, dropper: Dropper) {
    let bit = CapabilitySet::of(&[capability]);
    let without = ALL.difference(bit);
    let mut spec = Standard::SPEC;
    spec.required = spec.required.difference(bit);
    let base = spec.required;
    if requirer == Requirer::Profile {
        spec.required = base.union(bit);
    }
    let mut told = facts(&spec);
    // A peer that drops what the profile requires does not admit that it is required.
    told.required = base;
    let (own, deceiver) = match dropper {
        Dropper::Client => (Requirer::Server, Requirer::Client),
        Dropper::Server | Dropper::Selection => (Requirer::Client, Requirer::Server),
    };
    let judge = if dropper == Dropper::Client { Role::Server } else { Role::Client };
    let mut config = config(judge);
    if requirer == own {
        config = config.require(bit);
    }
    if requirer == deceiver {
        told.required = base.union(bit);
    }
    if dropper != Dropper::Selection {
        told.offered = without;
    }
    let found = match judge {
        Role::Server => by_server(&spec, config, told),
        Role::Client => by_client(&spec, config, told, without),
    };
    let downgrade = Failure::local(FailReason::CapabilityDowngrade);
    let expected = Failure { floor: base.union(bit), selected: without, ..downgrade };
    assert_eq!(found, Some(expected), "{capability}: {requirer:?} requires, {dropper:?} drops");
}

/// A server that selects a capability which the client, or itself, does not offer: the client refuses it with both sets.
pub fn not_offered(capability: Capability, by: Role) {
    let spec = Spec { required: CapabilitySet::EMPTY, ..Standard::SPEC };
    let without = ALL.difference(CapabilitySet::of(&[capability]));
    let mut told = facts(&spec);
    let mut config = config(Role::Client);
    match by {
        Role::Client => config = config.offer(without),
        Role::Server => told.offered = without,
    }
    let not_offered = Failure::local(FailReason::CapabilityNotOffered);
    let expected = Failure { floor: CapabilitySet::BASE, selected: ALL, ..not_offered };
    let found = by_client(&spec, config, told, ALL);
    assert_eq!(found, Some(expected), "{capability} is not offered by the {by}");
}

/// Two honest sides, one of which requires what the other does not offer: the server refuses, and the client believes it.
pub fn dropped_by_an_honest_side(capability: Capability, requirer: Role) {
    let spec = Standard::SPEC;
    let bit = CapabilitySet::of(&[capability]);
    let without = ALL.difference(bit);
    let of = |role: Role| match role == requirer {
        true => config(role).require(bit),
        false => config(role).offer(without),
    };
    let (client, hello) = client(&spec, of(Role::Client));
    let Err(refusing) = server(&spec, of(Role::Server)).receive(&hello) else {
        panic!("{capability}: the {requirer}'s floor does not hold")
    };
    let local = Failure {
        floor: spec.required.union(bit),
        selected: without,
        ..Failure::local(FailReason::CapabilityDowngrade)
    };
    assert_eq!(told(&refusing, Role::Server, &hello), local, "{capability}");
    let LastWords::Refusal(words) = refusing.last_words() else { panic!("{capability}: no refusal") };
    let Err(told) = client.receive(words) else { panic!("{capability}: a refusal that is not believed") };
    assert_eq!(told.failure(), Failure { side: Side::Peer, ..local }, "{capability}");
    assert_eq!(told.last_words(), &LastWords::None);
}

/// Offers a bit without a name from the client, the server or both. The session opens with the same known capabilities, and
/// the bit is bound: without it on the way the server ignores the hello, and the client the accept. Required, it is refused.
pub fn nameless(bit: u32) {
    let spec = Standard::SPEC;
    let more = |offers: bool| if offers { unknown(bit) } else { CapabilitySet::EMPTY };
    let mut exports = Vec::new();
    for (by_client, by_server) in [(false, false), (true, false), (false, true), (true, true)] {
        let offer = |role, offers| config(role).offer(ALL.union(more(offers)));
        let (client, hello) = client(&spec, offer(Role::Client, by_client));
        let server = server(&spec, offer(Role::Server, by_server));
        let server = match without(&hello, unknown(bit)) {
            Some(edited) => stays(server, &edited),
            None => server,
        };
        let (server, accept) = server.receive(&hello).expect("compatible").into_next().expect("genuine");
        let client = match without(accept.as_bytes(), unknown(bit)) {
            Some(edited) => stays(client, &edited),
            None => client,
        };
        let (client, confirm) =
            client.receive(accept.as_bytes()).expect("compatible").into_next().expect("genuine");
        let client = client.confirmed().expect("a client");
        let server = server.receive(confirm.as_bytes()).expect("a server").into_next().expect("genuine");
        let both = ALL.union(more(by_client && by_server));
        assert_eq!(client.selection(), server.selection());
        assert_eq!(client.selection().capabilities, both, "bit {bit}");
        let mut export = [[0; 32]; 2];
        client.export("proofs", b"", &mut export[0]).expect("a short label");
        server.export("proofs", b"", &mut export[1]).expect("a short label");
        assert_eq!(export[0], export[1]);
        assert!(!exports.contains(&export[0]), "bit {bit} is not bound");
        exports.push(export[0]);
    }
    let refused = Some(Failure::local(FailReason::RequiredCapability));
    let mut demanding = facts(&spec);
    demanding.required = demanding.required.union(unknown(bit));
    for offered in [ALL, ALL.union(unknown(bit))] {
        demanding.offered = offered;
        assert_eq!(by_server(&spec, config(Role::Server).offer(offered), demanding), refused, "bit {bit}");
        let client = by_client(&spec, config(Role::Client).offer(offered), demanding, offered);
        assert_eq!(client, refused, "bit {bit}");
        let own = config(Role::Client).offer(offered).require(unknown(bit));
        assert_eq!(own.check(&spec), Err(ConfigError::Required), "bit {bit}");
    }
}

/// The message without a bit in its offer; `None` if it has none there.
fn without(message: &[u8], bit: CapabilitySet) -> Option<Vec<u8>> {
    let edited = match Hello::decode(message) {
        Ok((mut hello, tag)) => {
            hello.facts.offered = hello.facts.offered.difference(bit);
            hello.encode().with_tag(&tag)
        }
        Err(_) => {
            let (mut accept, tag) = Accept::decode(message).expect("a hello or an accept");
            accept.facts.offered = accept.facts.offered.difference(bit);
            accept.encode().with_tag(&tag)
        }
    };
    (edited.as_bytes() != message).then(|| edited.as_bytes().to_vec())
}

fn stays<'s>(session: Waiting<'s>, message: &[u8]) -> Waiting<'s> {
    let Ok(Step::Stay(session)) = session.receive(message) else { panic!("an edit was believed") };
    session
}
