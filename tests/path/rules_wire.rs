//! Encodings that are not the one: handshake messages with something besides, and a router's look at a frame.

use kurdistan::profile::{Fixed, Standard};
use kurdistan::secure::{Fresh, Prk, Secret};
use kurdistan::session::{Config, Session, Step};
use kurdistan::vocab::{CapabilitySet, EnvelopeClass, FailReason, HandshakeReject, Role};
use kurdistan::wire::handshake::{ACCEPT_BYTES_MAX, HELLO_BYTES_MIN, is_message};
use kurdistan::wire::{Accept, Confirm, Hello, Refuse, peek_session_class};

use crate::pair::{config, id};
use crate::rogue::handshake_frame;

const SECRET: &[u8; 32] = b"an arbitrary secret of the tests";

fn hello_of(name: &str, secret_id: &str, expected: Option<&str>) -> Vec<u8> {
    let config = Config::new(Role::Client, id(name), id(secret_id), Secret::new(SECRET).unwrap());
    let config = match expected {
        Some(peer) => config.expect(id(peer)),
        None => config,
    };
    let session = Session::new(Fixed::<Standard>::new(), config, Fresh::from_random([4; 32])).unwrap();
    session.start().unwrap().1.as_bytes().to_vec()
}

#[test]
fn the_padding_of_a_hello_is_zero_and_ends_at_its_length() {
    let hello = hello_of("client", "key-1", None);
    assert_eq!((hello.len(), HELLO_BYTES_MIN), (ACCEPT_BYTES_MAX, 150));
    assert!(Hello::decode(&hello).is_ok());
    let fields = 2 + 6 + 7 + 1 + 62 + 32;
    for place in fields..150 - 32 {
        for bit in [1, 0x80] {
            let mut padded = hello.clone();
            padded[place] |= bit;
            assert_eq!(Hello::decode(&padded), Err(HandshakeReject::Field), "{place}");
        }
    }
    for length in [0, 31, 32, 33, 100, 149] {
        assert!(Hello::decode(&hello[150 - length..]).is_err(), "{length}");
    }
    let mut short = hello.clone();
    short.remove(fields);
    assert_eq!(Hello::decode(&short), Err(HandshakeReject::Length));
    let bare = [&hello[..fields], &hello[118..]].concat();
    assert_eq!((bare.len(), Hello::decode(&bare)), (142, Err(HandshakeReject::Length)));
    let mut long = hello;
    long.insert(fields, 0);
    assert_eq!(Hello::decode(&long), Err(HandshakeReject::Length));
}

#[test]
fn a_long_hello_has_no_padding() {
    let hello = hello_of("a-client-of-sixt", "a-key-of-sixteen", Some("server"));
    assert!(hello.len() > HELLO_BYTES_MIN);
    assert!(Hello::decode(&hello).is_ok());
    let mut padded = hello;
    padded.insert(padded.len() - 32, 0);
    assert_eq!(Hello::decode(&padded), Err(HandshakeReject::Length));
}

#[test]
fn a_padded_hello_that_its_owner_has_signed_is_ignored_all_the_same() {
    let server = || {
        let session =
            Session::new(Fixed::<Standard>::new(), config(Role::Server), Fresh::from_random([2; 32]));
        session.unwrap().listen().unwrap()
    };
    let prk = Prk::new(&Secret::new(SECRET).unwrap(), id("client"), None);
    let mut hello = hello_of("client", "key-1", None);
    assert!(matches!(server().receive(&hello), Ok(Step::Next(_))));
    hello[117] = 1;
    let binder = prk.binder(&hello[..118]);
    hello[118..].copy_from_slice(&binder);
    let Ok(Step::Stay(ignoring)) = server().receive(&hello) else { panic!("not ignored") };
    assert_eq!(ignoring.last_reject(), Some(HandshakeReject::Field));
}

/// Why bytes are not the message.
type Decode = fn(&[u8]) -> Option<HandshakeReject>;

#[test]
fn no_other_message_has_anything_besides() {
    let server = Session::new(Fixed::<Standard>::new(), config(Role::Server), Fresh::from_random([2; 32]));
    let step = server.unwrap().listen().unwrap().receive(&hello_of("client", "key-1", None));
    let Ok(Step::Next((_, accept))) = step else { panic!("refused") };
    let confirm = Confirm::encode();
    let (floor, selected) = (CapabilitySet::EMPTY, CapabilitySet::EMPTY);
    let refuse = Refuse { sender: Role::Server, reason: FailReason::Suite, floor, selected }.encode();
    let decoders: [(&[u8], Decode); 3] = [
        (accept.as_bytes(), |bytes| Accept::decode(bytes).err()),
        (confirm.as_bytes(), |bytes| Confirm::decode(bytes).err()),
        (refuse.as_bytes(), |bytes| Refuse::decode(bytes, Role::Server).err()),
    ];
    for (message, decode) in decoders {
        assert_eq!(decode(message), None);
        let (part, tag) = message.split_last_chunk::<32>().unwrap();
        assert_eq!(decode(&[part, &[0], tag].concat()), Some(HandshakeReject::Length));
        assert!(decode(&[&part[..part.len() - 1], tag].concat()).is_some());
        for (place, reject) in [(0, HandshakeReject::MessageType), (1, HandshakeReject::SenderRole)] {
            let mut other = message.to_vec();
            other[place] ^= 8;
            assert_eq!(decode(&other), Some(reject));
        }
    }
    assert_eq!(Refuse::decode(refuse.as_bytes(), Role::Client), Err(HandshakeReject::SenderRole));
}

#[test]
fn a_router_reads_the_class_of_anything_as_long_as_a_header() {
    let frame = handshake_frame(&Fixed::<Standard>::new(), Role::Client, 0x1234, 1, &[9; 200]);
    assert_eq!(peek_session_class(&frame), Some(0x1234));
    assert_eq!(peek_session_class(&frame[..24]), Some(0x1234));
    assert_eq!(peek_session_class(&frame[..23]), None);
    let distinct: [u8; 24] = core::array::from_fn(|at| at as u8);
    assert_eq!(peek_session_class(&distinct), Some(0x0504));
}

#[test]
fn the_first_byte_tells_messages_from_the_envelopes_of_control_frames() {
    let messages: Vec<u8> = (0..=u8::MAX).filter(|byte| is_message(*byte)).collect();
    assert_eq!(messages, [1, 2, 3, 4]);
    let control = EnvelopeClass::ALL.iter().filter(|class| class.frame_kind().name() == "control");
    assert!(control.clone().count() == 2 && control.into_iter().all(|class| !is_message(class.code())));
}
