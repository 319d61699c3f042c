//! A configuration that is wrong is refused by the name of its field.

use kurdistan::profile::{Fixed, Profile, Spec, Standard};
use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::{Config, ConfigError, Session};
use kurdistan::vocab::{Capability, CapabilitySet, EnvelopeClass, Role, SealRefusal};

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
