//! Refusals within a handshake: each side says the vector's bytes, and the other believes them.

use kurdistan::profile::Loaded;
use kurdistan::session::{Failed, LastWords, Session, Step};
use kurdistan::vocab::{FailReason, Role, Side};
use kurdistan::wire::Refuse;

use crate::handshakes::{VECTORS, client, server, spec};
use crate::table::{Section, sections};

const REFUSALS: &str = include_str!("../vectors/refusals.txt");

#[test]
fn a_server_refuses_with_the_vector_and_its_client_believes_it() {
    let mut count = 0;
    for section in sections(REFUSALS).iter().filter(|section| sender(section) == Role::Server) {
        let spec = spec(section);
        let (client, hello) = client(section, &spec);
        assert_eq!(hello.as_bytes(), section.bytes("hello"), "{}", section.heading());
        let Err(refusing) = server(section, &spec).receive(&section.bytes("hello")) else {
            panic!("{}: not refused", section.heading())
        };
        says_the_vector(&refusing, section);
        let Err(told) = client.receive(&section.bytes("refuse")) else {
            panic!("{}: not believed", section.heading())
        };
        assert_eq!((told.reason(), told.failure().side), (reason(section), Side::Peer));
        assert_eq!(told.last_words(), &LastWords::None);
        count += 1;
    }
    assert_ne!(count, 0);
}

/// The accept of these comes from a server that breaks a rule and signs it.
#[test]
fn a_client_refuses_a_genuine_accept_with_the_vector() {
    let all = sections(VECTORS);
    let mut count = 0;
    for section in sections(REFUSALS).iter().filter(|section| sender(section) == Role::Client) {
        let name = section.text("handshake");
        let handshake = all.iter().find(|other| other.of_kind("handshake") == Some(name));
        let handshake = handshake.unwrap_or_else(|| panic!("no handshake {name}"));
        let spec = spec(handshake);
        let (client, hello) = client(handshake, &spec);
        assert_eq!(hello.as_bytes(), section.bytes("hello"), "{}", section.heading());
        let Err(refusing) = client.receive(&section.bytes("accept")) else {
            panic!("{}: not refused", section.heading())
        };
        says_the_vector(&refusing, section);
        the_server_believes_it(handshake, section);
        count += 1;
    }
    assert_ne!(count, 0);
}

/// A server that waits for a confirm is told why there is none; a tag that does not verify tells it nothing.
fn the_server_believes_it(handshake: &Section, section: &Section) {
    let spec = spec(handshake);
    let server = server(handshake, &spec).receive(&handshake.bytes("hello")).expect("compatible");
    let (server, _) = server.into_next().expect("a genuine hello");
    let words = section.bytes("refuse");
    let mut server = server;
    for place in 0..words.len() {
        let mut other = words.clone();
        other[place] ^= 1;
        let Ok(Step::Stay(waiting)) = server.receive(&other) else { panic!("byte {place} is believed") };
        server = waiting;
    }
    let Err(told) = server.receive(&words) else { panic!("{}: not believed", section.heading()) };
    let failure = told.failure();
    assert_eq!((failure.reason, failure.side), (reason(section), Side::Peer));
    assert_eq!(failure.floor.bits(), section.int::<u32>("floor"));
    assert_eq!(failure.selected.bits(), section.int::<u32>("selected"));
    assert_eq!(told.last_words(), &LastWords::None);
}

fn sender(section: &Section) -> Role {
    section.code("sender", Role::from_code)
}

fn reason(section: &Section) -> FailReason {
    section.code("reason", FailReason::from_code)
}

fn says_the_vector(failed: &Session<Failed, Loaded<'_>>, section: &Section) {
    let name = section.heading();
    let failure = failed.failure();
    assert_eq!((failure.reason, failure.side), (reason(section), Side::Local), "{name}");
    assert_eq!(failure.floor.bits(), section.int::<u32>("floor"), "{name}");
    assert_eq!(failure.selected.bits(), section.int::<u32>("selected"), "{name}");
    let LastWords::Refusal(words) = failed.last_words() else { panic!("{name}: no refusal") };
    assert_eq!(words[..], section.bytes("refuse"), "{name}");
    let (refuse, tag) = Refuse::decode(words, sender(section)).expect("a refusal");
    assert_eq!(
        (refuse.reason, refuse.floor, refuse.selected),
        (failure.reason, failure.floor, failure.selected)
    );
    assert_eq!(refuse.encode().with_tag(&tag).as_bytes(), words, "{name}");
}
