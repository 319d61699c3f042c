//! A configuration that is wrong is refused by the name of its field.

use kurdistan::endpoint::StartError;
use kurdistan::profile::{Fixed, Profile, Small, Spec, Standard};
use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::{Config, ConfigError, Session};
use kurdistan::vocab::{
    Capability, CapabilitySet, EnvelopeClass, NonceSource, Role, SealRefusal, Suite, Ticks,
};
use kurdistan::{Endpoint, StandardMemory};

use crate::pair::id;
use crate::rogue::Rogue;

const SPEC: Spec = Standard::SPEC;

fn secret() -> Secret {
    Secret::new(b"0123456789abcdef").expect("a legal secret")
}

fn other() -> Secret {
    Secret::new(b"ghijklmnopqrstuv").expect("a legal secret")
}

fn named(own: &str, key: &str) -> Config {
    Config::new(Role::Server, id(own), id(key), secret())
}

#[test]
fn a_sound_configuration_has_every_field() {
    let full =
        named("server", "key-1").expect(id("client")).also(id("key-2"), other()).expect("room for two");
    let full = full.offer(CapabilitySet::from_bits(u32::MAX)).require(CapabilitySet::KNOWN);
    assert_eq!(full.check(&SPEC), Ok(()));
    assert_eq!(full.role(), Role::Server);
    assert_eq!(named("server", "server").check(&SPEC), Ok(()), "a key may be called as its owner");
}

#[test]
fn nobody_expects_itself() {
    assert_eq!(named("server", "key-1").expect(id("server")).check(&SPEC), Err(ConfigError::ExpectedPeer));
    let session = Session::new(
        Fixed::<Standard>::new(),
        named("server", "key-1").expect(id("server")),
        Fresh::from_random([1; 32]),
    );
    assert_eq!(session.err(), Some(ConfigError::ExpectedPeer));
}

#[test]
fn there_are_two_secrets_at_most_each_with_its_own_id() {
    let same = named("server", "key-1").also(id("key-1"), other()).expect("room for two");
    assert_eq!(same.check(&SPEC), Err(ConfigError::SecretId));
    let two = named("server", "key-1").also(id("key-2"), other()).expect("room for two");
    assert_eq!(two.check(&SPEC), Ok(()));
    assert_eq!(two.also(id("key-3"), other()).err(), Some(ConfigError::SecretId));
}

#[test]
fn no_id_shows_a_secret() {
    const FIRST: &str = "x89abcdef";
    const SECOND: &str = "ghijklmn";
    let with_second = |config: Config, key: &str| config.also(id(key), other()).expect("room for two");
    let wrong = [
        named(FIRST, "key-1"),
        named("server", FIRST),
        named("server", "key-1").expect(id(FIRST)),
        with_second(named(SECOND, "key-1"), "key-2"),
        with_second(named("server", "key-1"), SECOND),
        with_second(named("server", "key-1").expect(id(SECOND)), "key-2"),
        with_second(named(FIRST, "key-1"), "key-2"),
    ];
    for (case, config) in wrong.into_iter().enumerate() {
        assert_eq!(config.check(&SPEC), Err(ConfigError::SecretInId), "{case}");
    }
}

#[test]
fn what_is_required_is_known_and_offered() {
    let refused = Err(ConfigError::Required);
    let multi = CapabilitySet::of(&[Capability::MultiStream]);
    let unknown = CapabilitySet::from_bits(1 << 31);
    assert!(!CapabilitySet::KNOWN.contains(unknown) && !SPEC.required.contains(multi));
    let offers = |offered| named("server", "key-1").offer(offered);
    let all = CapabilitySet::from_bits(u32::MAX);
    assert_eq!(offers(all).require(unknown).check(&SPEC), refused);
    assert_eq!(offers(SPEC.required).check(&SPEC), Ok(()));
    assert_eq!(offers(SPEC.required).require(multi).check(&SPEC), refused);
    assert_eq!(offers(SPEC.required.union(multi)).require(multi).check(&SPEC), Ok(()));
    assert_eq!(offers(CapabilitySet::EMPTY).check(&SPEC), refused, "what the profile requires");
    assert_eq!(offers(multi).require(multi).check(&SPEC), refused, "what the profile requires");
}

#[test]
fn what_is_printed_has_every_field_but_the_secret() {
    let build = |secret: &[u8]| {
        let secret = Secret::new(secret).expect("a legal secret");
        let config = Config::new(Role::Server, id("se\"r\\ver"), id("key-1"), secret);
        let config = config.suites(&[Suite::ChaCha20Poly1305]).expect("a suite of every build");
        config.expect(id("client")).also(id("key-2"), other()).expect("room for two").profile(SPEC.id)
    };
    let config =
        build(b"0123456789abcdef").streams_max(3).events_max(7).trace(false).trust(NonceSource::Both);
    assert_eq!(
        config.json().to_string(),
        r#"{"role":"server","id":"se\"r\\ver","expected":"client","secrets":[{"id":"key-1","secret":"<redacted>"},{"id":"key-2","secret":"<redacted>"}],"profile":"kp_7374616e64617264","offered":null,"required":0,"suites":["chacha20_poly1305"],"sessions_max":null,"streams_max":3,"events_max":7,"trace":false,"trusted":"both"}"#
    );
    let (one, two) = (build(b"0123456789abcdef"), build(b"another secret of the same kind"));
    assert_eq!(one.json().to_string(), two.json().to_string());
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
    assert!(format!("{one:?}").contains("<redacted>"));
}

#[test]
fn each_field_has_its_range() {
    let client = || Config::new(Role::Client, id("client"), id("key-1"), secret());
    let server = || named("server", "key-1");
    for (config, verdict) in [
        (client().also(id("key-2"), other()).expect("room for two"), Err(ConfigError::Role)),
        (client().sessions_max(2), Err(ConfigError::Role)),
        (server().sessions_max(0), Err(ConfigError::SessionsMax)),
        (server().sessions_max(255), Ok(())),
        (server().streams_max(0), Err(ConfigError::StreamsMax)),
        (server().streams_max(1), Ok(())),
        (server().streams_max(SPEC.streams_max), Ok(())),
        (server().streams_max(SPEC.streams_max + 1), Err(ConfigError::StreamsMax)),
        (server().events_max(0), Err(ConfigError::EventsMax)),
        (server().events_max(16), Ok(())),
        (server().events_max(17), Err(ConfigError::EventsMax)),
        (server().profile(SPEC.id), Ok(())),
        (server().profile(Small::SPEC.id), Err(ConfigError::Profile)),
    ] {
        assert_eq!(config.check(&SPEC), verdict, "{}", config.json());
    }
    let mut endpoint = Endpoint::<_, StandardMemory>::vacant(Fixed::<Standard>::new());
    let refused = endpoint.start(Ticks(0), server().sessions_max(2), Fresh::from_random([1; 32]));
    assert_eq!(refused, Err(StartError::Config(ConfigError::SessionsMax)), "an endpoint has one session");
}

#[test]
fn freshness_comes_from_the_trusted_source() {
    use NonceSource::{BootCounter, Both, RandomBytes};
    let sources =
        [|| Fresh::from_random([1; 32]), || Fresh::from_counters(1, 0), || Fresh::from_both([1; 32], 1, 0)];
    for (trusted, accepted) in
        [(RandomBytes, [true, false, true]), (BootCounter, [false, true, true]), (Both, [false, false, true])]
    {
        let sessions = sources.map(|fresh| {
            Session::new(Fixed::<Standard>::new(), named("server", "key-1").trust(trusted), fresh()).err()
        });
        assert_eq!(sessions, accepted.map(|ok| (!ok).then_some(ConfigError::NonceSource)), "{trusted}");
    }
}

#[test]
fn a_session_seals_no_data_as_control() {
    let mut rogue = Rogue::<Fixed<Standard>, kurdistan::StandardMemory>::new(Fixed::new(), Role::Client);
    for class in EnvelopeClass::ALL {
        let facts = kurdistan::vocab::FrameFacts {
            stream: 1,
            kind: class.frame_kind(),
            metadata: kurdistan::vocab::MetadataClass::Runtime,
            first_sequence: 9,
        };
        let mut body = *b"some text";
        let sealed = rogue.session.seal_control(*class, &facts, &mut body).err();
        assert_eq!(sealed, class.is_data().then_some(SealRefusal::NotControl), "{class}");
        assert_eq!(&body == b"some text", class.is_data(), "{class}");
    }
    assert_eq!(rogue.session.data_sealed(), 0);
}
