//! Whole handshakes: messages, transcript, keys, exports and envelopes.
//!
//! What no public item returns (`import`, `ipsk`, `prk`, keys, nonce bases, session id, exporter) is held to the vectors by
//! what depends on it: the AEAD opens what a session has sealed with the key, nonce and associated data of the vector.

use chacha20poly1305::consts::U16;
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit};
use kurdistan::profile::{Large, Loaded, Profile, Small, Spec, Standard, generation_hash};
use kurdistan::secure::{AD_BYTES, Fresh, Prk, Secret, Transcript};
use kurdistan::session::{Config, LastWords, Negotiating, Open, Session, Step};
use kurdistan::vocab::{
    CapabilitySet, CarrierSet, EnvelopeClass, FailReason, FrameFacts, FrameKind, Id, MetadataClass, Role,
    Suite, SuiteSet,
};
use kurdistan::wire::{Accept, Confirm, Facts, HandshakeBytes, Hello};

use crate::table::{Section, sections};

pub const VECTORS: &str = include_str!("../vectors/handshakes.txt");

/// One side of a typed session.
pub type Opened<'s> = Session<Open, Loaded<'s>>;

/// The profile of a handshake.
pub fn spec(section: &Section) -> Spec {
    match section.text("profile") {
        "standard" => Standard::SPEC,
        "small" => Small::SPEC,
        "large" => Large::SPEC,
        name => panic!("an unknown profile: {name}"),
    }
}

fn secret(section: &Section) -> Secret {
    Secret::new(&section.bytes("secret")).expect("a legal secret")
}

fn expected(section: &Section) -> Option<Id> {
    (!section.text("expected").is_empty()).then(|| section.id("expected"))
}

/// The handshakes whose suites this build has.
pub fn handshakes(all: &[Section]) -> Vec<&Section> {
    let handshakes = all.iter().filter(|section| section.of_kind("handshake").is_some());
    let compiled = |section: &&Section| {
        [Role::Client, Role::Server].iter().all(|role| {
            let codes = SuiteSet::of(&suites(section, *role));
            SuiteSet::COMPILED.contains(codes)
        })
    };
    let found: Vec<_> = handshakes.filter(compiled).collect();
    // Three of the suite of every build, and one of each other that this one has.
    assert_eq!(found.len(), 2 + SuiteSet::COMPILED.bits().count_ones() as usize);
    found
}

/// The suites of `role`, the preferred one first.
fn suites(section: &Section, role: Role) -> Vec<Suite> {
    let codes = section.bytes(&format!("{role}_suites"));
    codes.into_iter().map(|code| Suite::from_code(code).expect("a suite")).collect()
}

/// The vector's configuration of `role`.
fn config(section: &Section, role: Role) -> Config {
    let key = |name: &str| format!("{role}_{name}");
    let config = Config::new(role, section.id(&key("id")), section.id("secret_id"), secret(section))
        .offer(CapabilitySet::from_bits(section.int(&key("offered"))))
        .require(CapabilitySet::from_bits(section.int(&key("required"))))
        .suites(&suites(section, role))
        .expect("suites of this build");
    let config = config.trust(fresh(section, role).source());
    match (role, expected(section)) {
        (Role::Client, Some(server)) => config.expect(server),
        _ => config,
    }
}

fn fresh(section: &Section, role: Role) -> Fresh {
    let key = |name: &str| format!("{role}_{name}");
    let (boot, handshake) = (section.int(&key("boot")), section.int(&key("handshake")));
    let random: [u8; 32] = section.array(&key("random"));
    match (random == [0; 32], boot) {
        (true, _) => Fresh::from_counters(boot, handshake),
        (false, 0) => Fresh::from_random(random),
        (false, _) => Fresh::from_both(random, boot, handshake),
    }
}

/// The client of a handshake after its first step, and the hello.
pub fn client<'s>(section: &Section, spec: &'s Spec) -> (Session<Negotiating, Loaded<'s>>, HandshakeBytes) {
    let policy = Loaded::new(spec).expect("a sound profile");
    let session = Session::new(policy, config(section, Role::Client), fresh(section, Role::Client));
    session.expect("a legal configuration").start().expect("a client")
}

/// The server of a handshake after its first step.
pub fn server<'s>(section: &Section, spec: &'s Spec) -> Session<Negotiating, Loaded<'s>> {
    let policy = Loaded::new(spec).expect("a sound profile");
    let session = Session::new(policy, config(section, Role::Server), fresh(section, Role::Server));
    session.expect("a legal configuration").listen().expect("a server")
}

pub fn next<A, B>(step: Step<A, B>) -> B {
    match step {
        Step::Next(next) => next,
        Step::Stay(_) => panic!("a genuine message was ignored"),
    }
}

/// Both sides, each fed with the vector's messages instead of the other's.
pub fn open<'s>(section: &Section, spec: &'s Spec) -> [Opened<'s>; 2] {
    let (client, hello) = client(section, spec);
    assert_eq!(hello.as_bytes(), section.bytes("hello"), "{}", section.heading());
    let (server, accept) = next(server(section, spec).receive(&section.bytes("hello")).expect("compatible"));
    assert_eq!(accept.as_bytes(), section.bytes("accept"), "{}", section.heading());
    let (client, confirm) = next(client.receive(&section.bytes("accept")).expect("compatible"));
    assert_eq!(confirm.as_bytes(), section.bytes("confirm"), "{}", section.heading());
    let server = next(server.receive(&section.bytes("confirm")).expect("a server"));
    [client.confirmed().expect("a client"), server]
}

#[test]
fn every_handshake_says_what_the_vectors_say() {
    let all = sections(VECTORS);
    for section in handshakes(&all) {
        let spec = spec(section);
        for session in open(section, &spec) {
            let selection = session.selection();
            assert_eq!(
                selection.capabilities.bits(),
                section.int::<u32>("selected"),
                "{}",
                section.heading()
            );
            assert_eq!(selection.suite.code(), section.int::<u8>("suite"), "{}", section.heading());
            let peer = format!("{}_id", session.role().peer());
            assert_eq!(session.peer(), section.id(&peer), "{}", section.heading());
        }
    }
}

#[test]
fn messages_have_one_encoding() {
    for section in handshakes(&sections(VECTORS)) {
        let spec = spec(section);
        let (hello, binder) = Hello::decode(&section.bytes("hello")).expect("a hello");
        let made = Hello {
            secret_id: section.id("secret_id"),
            id: section.id("client_id"),
            expected: expected(section),
            facts: facts(section, &spec, Role::Client),
            nonce: section.array("client_nonce"),
        };
        assert_eq!((&hello, binder), (&made, section.array("binder")), "{}", section.heading());
        assert_eq!(made.encode().with_tag(&binder).as_bytes(), section.bytes("hello"));

        let (accept, tag) = Accept::decode(&section.bytes("accept")).expect("an accept");
        let made = Accept {
            id: section.id("server_id"),
            facts: facts(section, &spec, Role::Server),
            selected: CapabilitySet::from_bits(section.int("selected")),
            suite: section.int("suite"),
            nonce: section.array("server_nonce"),
        };
        assert_eq!((&accept, tag), (&made, section.array("server_tag")), "{}", section.heading());
        assert_eq!(made.encode().with_tag(&tag).as_bytes(), section.bytes("accept"));

        let tag = Confirm::decode(&section.bytes("confirm")).expect("a confirm");
        assert_eq!(tag, section.array("client_tag"), "{}", section.heading());
        assert_eq!(Confirm::encode().with_tag(&tag).as_bytes(), section.bytes("confirm"));
    }
}

fn facts(section: &Section, spec: &Spec, role: Role) -> Facts {
    let bits = |name: &str| CapabilitySet::from_bits(section.int(&format!("{role}_{name}")));
    Facts {
        profile_id: spec.id.0,
        generation_hash: generation_hash(spec),
        schema_version: 1,
        compiler_security_version: 1,
        runtime_version: 1,
        offered: bits("offered"),
        required: bits("required").union(spec.required),
        suites: SuiteSet::of(&suites(section, role)).intersection(spec.suites),
        carriers: CarrierSet::from_bits(3),
        envelope_bytes_max: spec.envelope_bytes_max,
        streams_max: u16::from(spec.streams_max),
        replay_window_max: spec.replay_width,
    }
}

#[test]
fn transcript_and_tags_are_those_of_the_vectors() {
    for section in handshakes(&sections(VECTORS)) {
        let name = section.heading();
        let spec = spec(section);
        let (hello, accept) = (section.bytes("hello"), section.bytes("accept"));
        let prk = Prk::new(&secret(section), section.id("client_id"), expected(section));
        let (unsigned, server_tag) = accept.split_last_chunk::<32>().expect("a tag");
        assert_eq!(prk.binder(&hello[..hello.len() - 32]), section.array("binder"), "{name}");
        let (transcript, th1) = Transcript::new(spec.checksum, &hello).accept(unsigned);
        assert_eq!((th1, prk.server_tag(&th1)), (section.array("th1"), *server_tag), "{name}");
        let (transcript, th2) = transcript.server_tag(server_tag);
        let client_tag: [u8; 32] = section.array("client_tag");
        assert_eq!((th2, prk.client_tag(&th2)), (section.array("th2"), client_tag), "{name}");
        let th3 = transcript.confirm(&Confirm::encode().with_tag(&client_tag));
        assert_eq!(th3, section.array("th3"), "{name}");
    }
}

#[test]
fn exports_are_those_of_the_vectors_on_both_sides() {
    each_handshake(|all, name, sessions| {
        for section in all.iter().filter(|section| section.of_kind("export") == Some(name)) {
            let label = String::from_utf8(section.bytes("label")).expect("a label is text");
            for session in sessions.iter() {
                let mut out = vec![0; section.int("bytes")];
                assert_eq!(session.export(&label, &section.bytes("context"), &mut out), Ok(()));
                assert_eq!(out, section.bytes("value"), "{}", section.heading());
            }
        }
    });
}

#[test]
fn envelopes_seal_to_the_vectors_and_open_from_them() {
    each_handshake(|all, name, [client, server]| {
        for section in all.iter().filter(|section| section.of_kind("seal") == Some(name)) {
            let (class, facts) = class_and_facts(section);
            let (sealer, opener) = match section.code("sender", Role::from_code) {
                Role::Client => (&mut *client, &mut *server),
                Role::Server => (&mut *server, &mut *client),
            };
            let (plaintext, mut envelope) = (section.bytes("plaintext"), section.bytes("envelope"));
            let mut body = plaintext.clone();
            let sealed = sealer.seal(class, &facts, &mut body).expect("room for another envelope");
            assert_eq!([&sealed.head[..], &body, &sealed.tag].concat(), envelope, "{}", section.heading());
            let suite = sealer.selection().suite;
            assert_eq!(aead_open(suite, section), plaintext, "{}", section.heading());
            let opened = opener.open(&facts, class.ends_stream(), &mut envelope).expect("genuine");
            assert_eq!(
                (opened.class, &envelope[opened.body]),
                (class, &plaintext[..]),
                "{}",
                section.heading()
            );
        }
    });
}

#[test]
fn a_failed_session_leaves_the_close_of_the_vector() {
    let all = sections(VECTORS);
    for section in handshakes(&all) {
        let name = section.of_kind("handshake").unwrap_or_default();
        let spec = spec(section);
        let [mut client, _] = open(section, &spec);
        let from_client = |seal: &&Section| seal.code("sender", Role::from_code) == Role::Client;
        for seal in all.iter().filter(|seal| seal.of_kind("seal") == Some(name)).filter(from_client) {
            let (class, facts) = class_and_facts(seal);
            client.seal(class, &facts, &mut seal.bytes("plaintext")).expect("room for another envelope");
        }
        let close = all.iter().find(|close| close.of_kind("last_close") == Some(name));
        let close = close.expect("a close of this handshake");
        assert_eq!(open_close(client.selection().suite, close), FailReason::Aborted);
        let expected = close.bytes("envelope");
        match client.fail(FailReason::Aborted).last_words() {
            LastWords::Close(envelope) => assert_eq!(envelope[..], expected, "{name}"),
            words => panic!("{name}: {words:?}"),
        }
    }
}

/// The reason in a close, read by the AEAD alone.
fn open_close(suite: Suite, section: &Section) -> FailReason {
    let plaintext = aead_open(suite, section);
    assert_eq!(plaintext, section.bytes("plaintext"), "{}", section.heading());
    FailReason::from_code(plaintext[0]).expect("a fail reason")
}

fn class_and_facts(section: &Section) -> (EnvelopeClass, FrameFacts) {
    let class = section.code("class", EnvelopeClass::from_code);
    let facts = FrameFacts {
        stream: section.int("stream"),
        kind: section.code("kind", FrameKind::from_code),
        metadata: section.code("metadata", MetadataClass::from_code),
        first_sequence: section.int("first_sequence"),
    };
    (class, facts)
}

/// Opens the vector's envelope with the vector's key, nonce and associated data.
fn aead_open(suite: Suite, section: &Section) -> Vec<u8> {
    match suite {
        Suite::ChaCha20Poly1305 => opened_by::<ChaCha20Poly1305>(section),
        #[cfg(feature = "suite-ascon128")]
        Suite::AsconAead128 => opened_by::<ascon_aead128::AsconAead128>(section),
        #[cfg(feature = "suite-aes256gcm")]
        Suite::Aes256Gcm => opened_by::<aes_gcm::Aes256Gcm>(section),
        #[cfg(not(all(feature = "suite-ascon128", feature = "suite-aes256gcm")))]
        _ => panic!("{}: this build has no {suite}", section.heading()),
    }
}

fn opened_by<C: AeadInOut<TagSize = U16> + KeyInit>(section: &Section) -> Vec<u8> {
    let (key, nonce) = (section.bytes("key"), section.bytes("nonce"));
    let (envelope, bound) = (section.bytes("envelope"), section.bytes("associated_data"));
    assert_eq!(bound.len(), AD_BYTES, "{}", section.heading());
    let (body, tag) = envelope[8..].split_last_chunk::<16>().expect("a tag");
    let mut body = body.to_vec();
    let cipher = C::new_from_slice(&key).expect("a key of this length");
    let nonce = nonce.as_slice().try_into().expect("a nonce of this length");
    let opened = cipher.decrypt_inout_detached(nonce, &bound, body.as_mut_slice().into(), tag.into());
    assert!(opened.is_ok(), "{}: the vector contradicts itself", section.heading());
    body
}

/// Calls `check` with every section, and the name and the open sessions of each handshake.
fn each_handshake(check: impl Fn(&[Section], &str, &mut [Opened<'_>; 2])) {
    let all = sections(VECTORS);
    for section in handshakes(&all) {
        let spec = spec(section);
        let name = section.of_kind("handshake").unwrap_or_default();
        check(&all, name, &mut open(section, &spec));
    }
}
