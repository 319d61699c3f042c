//! What `{:?}` of an endpoint shows: structure and numbers, never a secret, a message or a frame.

use kurdistan::endpoint::{Endpoint, StandardMemory};
use kurdistan::profile::{Fixed, Standard};
use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::Config;
use kurdistan::vocab::{HEAD_BYTES, Role, Ticks};
use kurdistan::wire::HEADER_BYTES;

use crate::pair::{Pair, id};

const SECRET: [u8; 32] = *b"\xa7\x15\xe3\x9c\x2b\xf8\x61\xd4\x3e\x8a\xc9\x57\xb2\x0d\x74\xee\
    \x19\xf6\x8d\x33\xda\x4b\x90\x67\xfc\x28\xb5\x1e\x83\xd0\x5f\xa6";
const TEXT: [u8; 32] = *b"\xc4\x3a\x97\x6e\xe1\x5b\x0c\xf3\x88\x2d\xd6\x79\xbf\x14\xa9\x52\
    \xeb\x36\x9f\x60\xcd\x07\xf1\x85\x4e\xba\x23\xd8\x71\xac\x3f\x96";
const RANDOM: [u8; 32] = *b"\x5d\xe8\xb1\x2f\x9a\x46\xd3\x70\xcb\x1c\xf7\x84\x69\xae\x35\xda\
    \x92\x0f\xe4\x5b\xc6\x38\x8b\xf5\x11\xd9\x6c\xa3\x7e\x40\xbd\x26";

/// Where the ciphertext of a frame begins: an envelope's 8 bytes of class and sequence are no secret.
const SEALED: usize = HEADER_BYTES + HEAD_BYTES;
const TAG_AND_CHECKSUM: usize = 32 + 4;
/// Bytes of a run that tells: of any shorter one, numbers of another kind may remind.
const TELLING: usize = 4;

type Standards = Pair<Fixed<Standard>, StandardMemory>;

fn config(role: Role) -> Config {
    Config::new(role, id(role.name()), id("key-1"), Secret::new(&SECRET).expect("a legal secret"))
}

/// A pair with messages that were not read, half a message, and frames that wait in both pipes; and parts of frames that
/// neither side may show: tags of the handshake, and what was sealed.
fn busy() -> (Standards, Vec<Vec<u8>>) {
    let mut pair = Standards {
        now: Ticks(7),
        client: Box::new(Endpoint::vacant(Fixed::new())),
        server: Box::new(Endpoint::vacant(Fixed::new())),
    };
    pair.server.start(pair.now, config(Role::Server), Fresh::from_random(TEXT)).expect("a server");
    pair.client.start(pair.now, config(Role::Client), Fresh::from_random(RANDOM)).expect("a client");
    let mut hidden = Vec::new();
    let mut keep_tag = |_, frame: &mut Vec<u8>| {
        // Hello, accept and confirm.
        if hidden.len() < 3 {
            hidden.push(frame[frame.len() - TAG_AND_CHECKSUM..][..32].to_vec());
        }
        1
    };
    while pair.exchange(&mut keep_tag) {}
    for role in [Role::Client, Role::Server] {
        let now = pair.now;
        let side = pair.side(role);
        let stream = side.open_stream().expect("a stream");
        side.send(now, stream, &mut TEXT.repeat(20)).expect("room");
        side.send(now, stream, &mut TEXT.clone()).expect("room");
    }
    pair.settle();
    for role in [Role::Client, Role::Server] {
        let now = pair.now;
        let stream = if role == Role::Client { 1 } else { 2 };
        pair.side(role).send(now, stream, &mut TEXT.repeat(20)).expect("room");
        let first = pair.side(role).poll_transmit(now).map(|frame| {
            let bytes = frame.bytes().to_vec();
            frame.sent();
            bytes
        });
        let first = first.expect("a first fragment");
        assert_eq!(pair.side(role.peer()).receive(now, &first), Ok(()));
        hidden.push(first[SEALED..][..40].to_vec());
        let queued = pair.side(role).poll_transmit(now).map(|frame| frame.bytes().to_vec());
        hidden.push(queued.expect("a second fragment, which stays")[SEALED..][..40].to_vec());
    }
    (pair, hidden)
}

/// How a run of bytes may show in a text, forwards and backwards.
fn shapes(run: &[u8]) -> Vec<Vec<u8>> {
    let backwards: Vec<u8> = run.iter().rev().copied().collect();
    let mut shapes = Vec::new();
    for run in [run.to_vec(), backwards] {
        let joined = |between: &str, show: fn(&u8) -> String| {
            run.iter().map(show).collect::<Vec<_>>().join(between).into_bytes()
        };
        shapes.extend([
            joined("", |byte| format!("{byte:02x}")),
            joined("", |byte| format!("{byte:02X}")),
            joined(",", |byte| format!("{byte:x}")),
            joined(",", |byte| format!("{byte:X}")),
            joined(",", |byte| format!("{byte}")),
            joined("", |byte| byte.escape_ascii().to_string()),
            run,
        ]);
    }
    shapes
}

fn shown<'c>(text: &str, canary: &'c [u8]) -> Option<&'c [u8]> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let text = text.as_bytes();
    let shows = |shape: &Vec<u8>| text.windows(shape.len()).any(|part| part == shape);
    canary.windows(TELLING).find(|run| shapes(run).iter().any(shows))
}

fn prints(side: &Endpoint<Fixed<Standard>, StandardMemory>) -> [String; 4] {
    [format!("{side:?}"), format!("{side:#?}"), format!("{side:x?}"), format!("{side:X?}")]
}

#[test]
fn an_endpoint_prints_no_secret_no_message_and_no_frame() {
    let (mut pair, hidden) = busy();
    let mut exported = [0; 32];
    pair.client.export("canary", b"", &mut exported).expect("open").expect("a legal label");
    let canaries =
        [&SECRET[..], &TEXT, &RANDOM, &exported].into_iter().chain(hidden.iter().map(Vec::as_slice));
    for canary in canaries {
        for side in [&pair.client, &pair.server] {
            for text in prints(side) {
                assert_eq!(shown(&text, canary), None, "{text}");
            }
        }
    }
    // The same after a failure, which keeps a sealed close.
    pair.client.abort();
    let close = pair.drain(Role::Client).pop().expect("a last close");
    for text in prints(&pair.client) {
        assert_eq!(shown(&text, &close[SEALED..]), None, "{text}");
    }
}

#[test]
fn a_run_that_is_there_is_found_in_every_shape() {
    for text in [
        "bytes: [1, 196, 58, 151, 110, 0]",
        "[c4, 3a, 97, 6e]",
        "C43A976E",
        "6e973ac4",
        "[\n    110,\n    151,\n    58,\n    196,\n]",
        r"b\xc4:\x97n",
    ] {
        assert_eq!(shown(text, &TEXT), Some(&TEXT[..TELLING]), "{text}");
    }
    assert_eq!(shown("[196, 58, 151]", &TEXT), None);
}

#[test]
fn an_endpoint_prints_its_structure() {
    let (pair, _) = busy();
    let text = format!("{:?}", pair.server);
    for part in [
        "role: Server",
        "Open",
        "sealed: 3",
        "opened: 2",
        "in_use: 3",
        "frames: 1",
        "kept_bytes: 61",
        "drain_at",
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }
    let vacant = Box::new(Endpoint::<Fixed<Standard>, StandardMemory>::vacant(Fixed::new()));
    assert!(format!("{vacant:?}").contains("session: Vacant"));
}
