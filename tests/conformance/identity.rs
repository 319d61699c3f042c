//! Who may talk to whom: reflections, unknown peers and dropped capabilities, in genuine messages of a dishonest peer.
//!
//! Each message is made by hand and signed with the shared secret, so that only the rule in question stands against it.

use kurdistan::profile::{Fixed, Profile, Standard, generation_hash};
use kurdistan::secure::{Fresh, Prk, Secret, Transcript};
use kurdistan::session::{Config, Failed, LastWords, Negotiating, Session, Step};
use kurdistan::vocab::{
    Capability, CapabilitySet, CarrierSet, FailReason, HandshakeReject, Id, Role, Side, Suite, SuiteSet,
};
use kurdistan::wire::{Accept, Facts, Hello, Refuse};

type Policy = Fixed<Standard>;

fn id(text: &str) -> Id {
    Id::new(text).expect("a legal id")
}

fn secret() -> Secret {
    Secret::new(b"an arbitrary secret of the tests").expect("a legal secret")
}

fn config(role: Role) -> Config {
    Config::new(role, id(role.name()), id("key-1"), secret())
}

fn server(config: Config) -> Session<Negotiating, Policy> {
    let session = Session::new(Policy::new(), config, Fresh::from_random([2; 32])).expect("a configuration");
    session.listen().expect("a server")
}

fn client(config: Config) -> (Session<Negotiating, Policy>, Vec<u8>) {
    let session = Session::new(Policy::new(), config, Fresh::from_random([1; 32])).expect("a configuration");
    let (session, hello) = session.start().expect("a client");
    (session, hello.as_bytes().to_vec())
}

fn facts() -> Facts {
    let spec = Standard::SPEC;
    Facts {
        profile_id: spec.id.0,
        generation_hash: generation_hash(&spec),
        schema_version: 1,
        compiler_security_version: 1,
        runtime_version: 1,
        offered: CapabilitySet::KNOWN,
        required: spec.required,
        suites: SuiteSet::COMPILED,
        carriers: CarrierSet::KNOWN,
        envelope_bytes_max: spec.envelope_bytes_max,
        streams_max: u16::from(spec.streams_max),
        replay_window_max: spec.replay_width,
    }
}

fn hello() -> Hello {
    Hello { secret_id: id("key-1"), id: id("client"), expected: None, facts: facts(), nonce: [9; 32] }
}

fn accept() -> Accept {
    Accept {
        id: id("server"),
        facts: facts(),
        selected: CapabilitySet::KNOWN,
        suite: Suite::ChaCha20Poly1305.code(),
        nonce: [9; 32],
    }
}

/// A hello with a binder that verifies.
fn bound(hello: &Hello) -> Vec<u8> {
    let unsigned = hello.encode();
    let binder = Prk::new(&secret(), hello.id, hello.expected).binder(unsigned.authenticated_part());
    unsigned.with_tag(&binder).as_bytes().to_vec()
}

/// An accept of this hello, with a tag that verifies.
fn tagged(accept: &Accept, hello: &[u8]) -> Vec<u8> {
    let (client, _) = Hello::decode(hello).expect("a hello");
    let unsigned = accept.encode();
    let transcript = Transcript::new(Standard::SPEC.checksum, hello).accept(unsigned.authenticated_part());
    let tag = Prk::new(&secret(), client.id, client.expected).server_tag(&transcript.1);
    unsigned.with_tag(&tag).as_bytes().to_vec()
}

/// What the server says to a hello: nothing if it goes on, or how it failed. A failure is told to the client.
fn answer(config: Config, hello: &[u8]) -> Option<FailReason> {
    match server(config).receive(hello) {
        Ok(Step::Next(_)) => None,
        Ok(Step::Stay(_)) => panic!("a genuine hello was ignored"),
        Err(failed) => Some(told(&failed, Role::Server)),
    }
}

/// What the client says to an accept of its own hello.
fn verdict(config: Config, change: impl FnOnce(&mut Accept, &Hello)) -> Option<FailReason> {
    let (client, hello) = client(config);
    let mut accept = accept();
    change(&mut accept, &Hello::decode(&hello).expect("a hello").0);
    match client.receive(&tagged(&accept, &hello)) {
        Ok(Step::Next(_)) => None,
        Ok(Step::Stay(_)) => panic!("a genuine accept was ignored"),
        Err(failed) => Some(told(&failed, Role::Client)),
    }
}

/// The reason of a failure, which its refusal names as well.
fn told(failed: &Session<Failed, Policy>, sender: Role) -> FailReason {
    let LastWords::Refusal(words) = failed.last_words() else { panic!("a refusal is owed") };
    let (refuse, _) = Refuse::decode(words, sender).expect("a refusal");
    assert_eq!((refuse.reason, failed.failure().side), (failed.reason(), Side::Local));
    failed.reason()
}

/// A required capability that is dropped is the reason, whatever later rules its absence would break.
#[test]
fn the_floor_comes_before_the_limits() {
    let carrier = CapabilitySet::of(&[Capability::CarrierAbstraction]);
    let hello = |facts: Facts| bound(&Hello { facts, ..hello() });
    let less = Facts { offered: CapabilitySet::KNOWN.difference(carrier), ..facts() };
    let demanding = || config(Role::Server).require(carrier);
    let message = CarrierSet::of(&[kurdistan::vocab::CarrierFamily::Message]);
    for broken in [less, Facts { carriers: message, ..less }, Facts { streams_max: 1, ..less }] {
        assert_eq!(answer(demanding(), &hello(broken)), Some(FailReason::CapabilityDowngrade));
    }
    assert_eq!(
        answer(config(Role::Server), &hello(Facts { carriers: message, ..less })),
        Some(FailReason::CarrierFamily)
    );
    assert_eq!(
        answer(config(Role::Server), &hello(Facts { streams_max: 1, ..less })),
        Some(FailReason::StreamLimit)
    );
}

/// Each verb of the other role ends the session for `role`: a server does not open before it has seen the client's proof.
#[test]
fn a_verb_of_the_other_role_opens_nothing() {
    let (waiting, hello) = client(config(Role::Client));
    let Ok(Step::Next((securing, accept))) = server(config(Role::Server)).receive(&hello) else {
        panic!("a genuine hello")
    };
    let Err(failed) = securing.confirmed() else { panic!("a server does not confirm") };
    assert_eq!(failed.reason(), FailReason::Role);
    let Ok(Step::Next((securing, confirm))) = waiting.receive(accept.as_bytes()) else {
        panic!("a genuine accept")
    };
    let Err(failed) = securing.receive(confirm.as_bytes()) else { panic!("a client waits for no confirm") };
    assert_eq!(failed.reason(), FailReason::Role);
    let new =
        |role| Session::new(Policy::new(), config(role), Fresh::from_random([5; 32])).expect("a session");
    assert_eq!(new(Role::Server).start().err().map(|failed| failed.reason()), Some(FailReason::Role));
    assert_eq!(new(Role::Client).listen().err().map(|failed| failed.reason()), Some(FailReason::Role));
}

const IDENTITY: Option<FailReason> = Some(FailReason::PeerIdentity);

#[test]
fn messages_made_by_hand_are_believed() {
    assert_eq!(answer(config(Role::Server), &bound(&hello())), None);
    assert_eq!(verdict(config(Role::Client), |_, _| ()), None);
}

#[test]
fn a_peer_with_this_sides_own_id_is_a_reflection() {
    assert_eq!(answer(config(Role::Server), &bound(&Hello { id: id("server"), ..hello() })), IDENTITY);
    assert_eq!(verdict(config(Role::Client), |accept, _| accept.id = id("client")), IDENTITY);
}

#[test]
fn a_peer_with_this_sides_own_nonce_is_a_reflection() {
    let Ok(Step::Next((_, own))) = server(config(Role::Server)).receive(&bound(&hello())) else {
        panic!("refused")
    };
    let (own, _) = Accept::decode(own.as_bytes()).expect("an accept");
    assert_eq!(answer(config(Role::Server), &bound(&Hello { nonce: own.nonce, ..hello() })), IDENTITY);
    let mut near = own.nonce;
    near[31] ^= 1;
    assert_eq!(answer(config(Role::Server), &bound(&Hello { nonce: near, ..hello() })), None);
    assert_eq!(verdict(config(Role::Client), |accept, own| accept.nonce = own.nonce), IDENTITY);
}

#[test]
fn only_the_expected_peer_is_accepted() {
    let expecting = |role: Role, name: &str| config(role).expect(id(name));
    assert_eq!(answer(expecting(Role::Server, "client"), &bound(&hello())), None);
    assert_eq!(answer(expecting(Role::Server, "other"), &bound(&hello())), IDENTITY);
    assert_eq!(verdict(expecting(Role::Client, "server"), |_, _| ()), None);
    assert_eq!(verdict(expecting(Role::Client, "server"), |accept, _| accept.id = id("other")), IDENTITY);
}

#[test]
fn a_hello_for_another_server_is_refused() {
    let expecting = |name| Hello { expected: Some(id(name)), ..hello() };
    assert_eq!(answer(config(Role::Server), &bound(&expecting("server"))), None);
    assert_eq!(answer(config(Role::Server), &bound(&expecting("other"))), IDENTITY);
}

#[test]
fn what_either_side_requires_must_be_selected() {
    let multi = CapabilitySet::of(&[Capability::MultiStream]);
    let without = CapabilitySet::KNOWN.difference(multi);
    let downgrade = Some(FailReason::CapabilityDowngrade);
    let mut demanding = hello();
    demanding.facts.required = demanding.facts.required.union(multi);
    assert_eq!(answer(config(Role::Server), &bound(&demanding)), None);
    assert_eq!(answer(config(Role::Server).offer(without), &bound(&demanding)), downgrade);
    let mut poor = hello();
    poor.facts.offered = without;
    assert_eq!(answer(config(Role::Server), &bound(&poor)), None);
    assert_eq!(answer(config(Role::Server).require(multi), &bound(&poor)), downgrade);
    // The client judges the server's selection by both floors.
    assert_eq!(verdict(config(Role::Client), |accept, _| accept.selected = without), None);
    assert_eq!(
        verdict(config(Role::Client).require(multi), |accept, _| accept.selected = without),
        downgrade
    );
    let broken = verdict(config(Role::Client), |accept, _| {
        accept.selected = without;
        accept.facts.required = accept.facts.required.union(multi);
    });
    assert_eq!(broken, downgrade);
}

#[test]
fn a_client_takes_nothing_that_was_not_offered() {
    let multi = CapabilitySet::of(&[Capability::MultiStream]);
    let without = CapabilitySet::KNOWN.difference(multi);
    let not_offered = Some(FailReason::CapabilityNotOffered);
    assert_eq!(verdict(config(Role::Client).offer(without), |_, _| ()), not_offered);
    assert_eq!(verdict(config(Role::Client), |accept, _| accept.facts.offered = without), not_offered);
    let suite = verdict(config(Role::Client), |accept, _| accept.facts.suites = SuiteSet::EMPTY);
    assert_eq!(suite, Some(FailReason::Suite));
    let others =
        SuiteSet::from_bits(SuiteSet::COMPILED.bits() & !SuiteSet::of(&[Suite::ChaCha20Poly1305]).bits());
    let suite = verdict(config(Role::Client), |accept, _| accept.facts.suites = others);
    assert_eq!(suite, Some(FailReason::Suite), "a server selects what it offers itself");
    let hash = verdict(config(Role::Client), |accept, _| accept.facts.generation_hash[31] ^= 1);
    assert_eq!(hash, Some(FailReason::GenerationHash));
}

#[test]
fn of_several_rules_that_are_broken_the_first_is_the_reason() {
    let reasons =
        [FailReason::PeerIdentity, FailReason::SchemaVersion, FailReason::CapabilityDowngrade].map(Some);
    for (place, reason) in reasons.into_iter().enumerate() {
        let mut broken = hello();
        broken.facts.offered = CapabilitySet::EMPTY;
        broken.facts.schema_version = if place < 2 { 2 } else { 1 };
        broken.id = id(if place < 1 { "server" } else { "client" });
        assert_eq!(answer(config(Role::Server), &bound(&broken)), reason);
        let verdict = verdict(config(Role::Client), |accept, _| {
            accept.selected = CapabilitySet::EMPTY;
            accept.facts.schema_version = if place < 2 { 2 } else { 1 };
            accept.id = id(if place < 1 { "client" } else { "server" });
        });
        assert_eq!(verdict, reason);
    }
}

#[test]
fn what_is_not_authentic_is_ignored_by_its_name() {
    let genuine = bound(&hello());
    let mut forged = genuine.clone();
    *forged.last_mut().expect("a binder") ^= 1;
    let unknown = bound(&Hello { secret_id: id("key-2"), ..hello() });
    let cases: [(&[u8], HandshakeReject); 4] = [
        (&forged, HandshakeReject::Binder),
        (&unknown, HandshakeReject::SecretId),
        (&genuine[..149], HandshakeReject::Length),
        (&[], HandshakeReject::Length),
    ];
    for (message, reject) in cases {
        let Ok(Step::Stay(ignoring)) = server(config(Role::Server)).receive(message) else {
            panic!("{reject}: not ignored")
        };
        assert_eq!(ignoring.last_reject(), Some(reject));
    }
    let (waiting, own) = client(config(Role::Client));
    let mut forged = tagged(&accept(), &own);
    *forged.last_mut().expect("a tag") ^= 1;
    let unsigned = Refuse {
        sender: Role::Server,
        reason: FailReason::Suite,
        floor: CapabilitySet::EMPTY,
        selected: CapabilitySet::EMPTY,
    };
    let unsigned = unsigned.encode().as_bytes().to_vec();
    let Ok(Step::Stay(waiting)) = waiting.receive(&forged) else { panic!("a forged accept") };
    assert_eq!(waiting.last_reject(), Some(HandshakeReject::Tag));
    let Ok(Step::Stay(waiting)) = waiting.receive(&unsigned) else { panic!("a forged refusal") };
    assert_eq!(waiting.last_reject(), Some(HandshakeReject::Tag));
    assert!(matches!(waiting.receive(&tagged(&accept(), &own)), Ok(Step::Next(_))));
}
