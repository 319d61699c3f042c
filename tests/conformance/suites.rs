//! Which suites a side tells, which one the server selects, and what the client takes.

use kurdistan::profile::{Loaded, Profile, Spec, Standard, generation_hash};
use kurdistan::secure::{Fresh, Prk, Secret, Transcript};
use kurdistan::session::{Config, ConfigError, Negotiating, Open, Session, Step};
use kurdistan::vocab::{FailReason, HandshakeReject, Id, Role, Suite, SuiteSet};
use kurdistan::wire::{Accept, HandshakeBytes, Hello};

use crate::handshakes::next;

type Side<'s, S> = Session<S, Loaded<'s>>;

fn id(text: &str) -> Id {
    Id::new(text).expect("a legal id")
}

fn secret() -> Secret {
    Secret::new(b"an arbitrary secret of the tests").expect("a legal secret")
}

fn config(role: Role) -> Config {
    Config::new(role, id(role.name()), id("key-1"), secret())
}

/// A profile that allows these suites.
fn allowing(suites: &[Suite]) -> Spec {
    Spec { suites: SuiteSet::of(suites), ..Standard::SPEC }
}

fn client(spec: &Spec, config: Config) -> (Side<'_, Negotiating>, HandshakeBytes) {
    let policy = Loaded::new(spec).expect("a sound profile");
    let session = Session::new(policy, config, Fresh::from_random([1; 32])).expect("a configuration");
    session.start().expect("a client")
}

fn server(spec: &Spec, config: Config) -> Side<'_, Negotiating> {
    let policy = Loaded::new(spec).expect("a sound profile");
    let session = Session::new(policy, config, Fresh::from_random([2; 32])).expect("a configuration");
    session.listen().expect("a server")
}

/// Both sides of a session with these orders, or why the server refused.
fn open<'s>(spec: &'s Spec, orders: [&[Suite]; 2]) -> Result<[Side<'s, Open>; 2], FailReason> {
    let [client_order, server_order] = orders;
    let side = |role, order: &[Suite]| config(role).suites(order).expect("suites of this build");
    let (client, hello) = client(spec, side(Role::Client, client_order));
    let server = server(spec, side(Role::Server, server_order));
    let answered = server.receive(hello.as_bytes()).map_err(|failed| failed.reason());
    let (server, accept) = next(answered?);
    let (client, confirm) = next(client.receive(accept.as_bytes()).expect("compatible"));
    let server = next(server.receive(confirm.as_bytes()).expect("genuine"));
    Ok([client.confirmed().expect("a client"), server])
}

/// Every order of every set of this build's suites that is not empty.
fn orders() -> Vec<Vec<Suite>> {
    let mut found: Vec<Vec<Suite>> = Vec::new();
    let mut longest = vec![Vec::new()];
    for _ in 0..SuiteSet::COMPILED.bits().count_ones() {
        let grown = longest.iter().flat_map(|order: &Vec<Suite>| {
            let others = Suite::ALL.iter().filter(|suite| SuiteSet::COMPILED.has(**suite));
            others
                .filter(|suite| !order.contains(suite))
                .map(|suite| [order.as_slice(), &[*suite]].concat())
                .collect::<Vec<_>>()
        });
        longest = grown.collect();
        found.extend(longest.iter().cloned());
    }
    found
}

#[test]
fn the_build_has_what_its_features_say() {
    assert!(SuiteSet::COMPILED.has(Suite::ChaCha20Poly1305));
    assert_eq!(SuiteSet::COMPILED.has(Suite::AsconAead128), cfg!(feature = "suite-ascon128"));
    assert_eq!(SuiteSet::COMPILED.has(Suite::Aes256Gcm), cfg!(feature = "suite-aes256gcm"));
    assert_eq!(SuiteSet::KNOWN.bits(), 0b111, "every build names them all");
    assert_eq!(Suite::ALL.iter().map(|suite| suite.code()).collect::<Vec<_>>(), [1, 2, 3]);
    let names: Vec<_> = Suite::ALL.iter().map(|suite| suite.name()).collect();
    assert_eq!(names, ["chacha20_poly1305", "ascon_aead128", "aes256_gcm"]);
    assert_eq!(orders().len(), [0, 1, 4, 15][SuiteSet::COMPILED.bits().count_ones() as usize]);
}

#[test]
fn a_side_tells_what_profile_and_build_and_configuration_have_in_common() {
    for order in orders() {
        for allowed in 1..8 {
            let spec = Spec { suites: SuiteSet::from_bits(allowed), ..Standard::SPEC };
            let common = SuiteSet::of(&order).intersection(spec.suites);
            let config = config(Role::Client).suites(&order).expect("suites of this build");
            assert_eq!(config.check(&spec).is_ok(), !common.is_empty(), "{order:?} of {allowed:#b}");
            if common.is_empty() {
                assert_eq!(config.check(&spec), Err(ConfigError::Suites));
                continue;
            }
            let (_, hello) = client(&spec, config);
            let (hello, _) = Hello::decode(hello.as_bytes()).expect("a hello");
            assert_eq!(hello.facts.suites, common, "{order:?} of {allowed:#b}");
        }
    }
}

#[test]
fn the_server_selects_the_first_of_its_own_order_and_the_session_works() {
    let spec = allowing(Suite::ALL);
    for client_order in orders() {
        for server_order in orders() {
            let expected = server_order.iter().find(|suite| client_order.contains(suite));
            match open(&spec, [&client_order, &server_order]) {
                Ok(mut sessions) => {
                    let selected = sessions.each_ref().map(|side| side.selection().suite);
                    assert_eq!(selected.map(Some), [expected.copied(); 2]);
                    exchange(&mut sessions);
                }
                Err(reason) => assert_eq!((reason, expected), (FailReason::Suite, None)),
            }
        }
    }
}

/// One envelope in each direction.
fn exchange(sessions: &mut [Side<'_, Open>; 2]) {
    use kurdistan::vocab::{EnvelopeClass, FrameFacts, FrameKind, MetadataClass};
    let facts =
        FrameFacts { stream: 1, kind: FrameKind::Data, metadata: MetadataClass::Runtime, first_sequence: 1 };
    for _ in 0..2 {
        sessions.reverse();
        let [to, from] = &mut *sessions;
        let mut body = *b"some text";
        let sealed = from.seal(EnvelopeClass::Data, &facts, &mut body).expect("a fresh key");
        let mut envelope = [&sealed.head[..], &body, &sealed.tag].concat();
        let opened = to.open(&facts, false, &mut envelope).expect("genuine");
        assert_eq!(&envelope[opened.body], b"some text");
    }
}

#[test]
fn without_an_order_the_codes_are_the_order() {
    let spec = allowing(Suite::ALL);
    let (client, hello) = client(&spec, config(Role::Client));
    let (_, accept) =
        next(server(&spec, config(Role::Server)).receive(hello.as_bytes()).expect("compatible"));
    let (decoded, _) = Accept::decode(accept.as_bytes()).expect("an accept");
    assert_eq!((decoded.suite, decoded.facts.suites), (1, SuiteSet::COMPILED));
    assert!(matches!(client.receive(accept.as_bytes()), Ok(Step::Next(_))));
}

#[test]
fn an_order_is_refused_by_name() {
    let refused = |order: &[Suite]| config(Role::Server).suites(order).err();
    let first = Suite::ChaCha20Poly1305;
    for order in [&[][..], &[first, first], &[first; 4]] {
        assert_eq!(refused(order), Some(ConfigError::Suites), "{order:?}");
    }
    for suite in Suite::ALL {
        let missing = !SuiteSet::COMPILED.has(*suite);
        assert_eq!(refused(&[*suite]), missing.then_some(ConfigError::Suites), "{suite}");
        let twice = [first, *suite];
        let wrong = missing || *suite == first;
        assert_eq!(refused(&twice), wrong.then_some(ConfigError::Suites), "{twice:?}");
    }
}

#[test]
fn a_server_refuses_a_client_of_other_suites() {
    let spec = allowing(Suite::ALL);
    for (bits, common) in [(0b001, true), (0b1111_1110 & !SuiteSet::COMPILED.bits(), false), (0, false)] {
        let (_, hello) = client(&spec, config(Role::Client));
        let (mut hello, _) = Hello::decode(hello.as_bytes()).expect("a hello");
        hello.facts.suites = SuiteSet::from_bits(bits);
        let unsigned = hello.encode();
        let binder = Prk::new(&secret(), hello.id, hello.expected).binder(unsigned.authenticated_part());
        let answer = server(&spec, config(Role::Server)).receive(unsigned.with_tag(&binder).as_bytes());
        assert_eq!(answer.err().map(|failed| failed.reason()), (!common).then_some(FailReason::Suite));
    }
}

/// What a client of one suite says to a genuine accept with any code.
#[test]
fn a_client_takes_only_what_it_has_offered() {
    let spec = allowing(Suite::ALL);
    for code in 0..=u8::MAX {
        let only = config(Role::Client).suites(&[Suite::ChaCha20Poly1305]).expect("suites of this build");
        let (client, hello) = client(&spec, only);
        let (decoded, _) = Hello::decode(hello.as_bytes()).expect("a hello");
        let mut facts = decoded.facts;
        facts.suites = SuiteSet::from_bits(0xff);
        facts.generation_hash = generation_hash(&spec);
        let selected = facts.offered;
        let accept = Accept { id: id("server"), facts, selected, suite: code, nonce: [9; 32] };
        let unsigned = accept.encode();
        let part = unsigned.authenticated_part();
        let (_, th1) = Transcript::new(spec.checksum, hello.as_bytes()).accept(part);
        let tag = Prk::new(&secret(), decoded.id, decoded.expected).server_tag(&th1);
        match (client.receive(unsigned.with_tag(&tag).as_bytes()), code) {
            (Ok(Step::Next(_)), 1) => {}
            (Err(failed), 2 | 3) => assert_eq!(failed.reason(), FailReason::Suite),
            (Ok(Step::Stay(client)), 0 | 4..) => {
                assert_eq!(client.last_reject(), Some(HandshakeReject::Field), "{code}");
            }
            _ => panic!("suite {code}"),
        }
    }
}
