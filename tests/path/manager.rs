//! Several sessions at a time: places, hand-over from an old session to a new one, and handshakes that wait.

use kurdistan::SmallMemory;
use kurdistan::endpoint::{Manager, Path, Read, Reject, StartError, Taken};
use kurdistan::guard::Sound;
use kurdistan::profile::{Fixed, Profile, Small, Standard};
use kurdistan::secure::{Fresh, Prk};
use kurdistan::session::{Config, ConfigError};
use kurdistan::vocab::{
    CapabilitySet, CloseReason, FailReason, FrameKind, HandshakeReject, Lifecycle, NonceSource, Role, Side,
};
use kurdistan::wire::handshake::HELLO_BYTES_MIN;
use kurdistan::wire::{self, FrameLimits, Refuse};

use crate::hall::{Hall, RETRY, Server, secret, serving};
use crate::pair::id;
use crate::rogue::{class_of, handshake_frame, payload};

fn rejected(reject: HandshakeReject) -> Result<Taken, Reject> {
    Err(Reject::Handshake(reject))
}

#[test]
fn sessions_live_side_by_side_each_with_its_own_path_and_peer() {
    let mut hall = Hall::<3>::new();
    let mut clients = ["a", "b", "c"].map(|name| hall.client(name));
    let keys: Vec<_> = clients.iter_mut().zip(10..).map(|(client, path)| hall.open(path, client)).collect();
    assert_eq!(hall.server.sessions().collect::<Vec<_>>(), keys);
    for ((client, key), (name, path)) in clients.iter_mut().zip(&keys).zip([("a", 10), ("b", 11), ("c", 12)])
    {
        assert_eq!(hall.server.peer(*key), Some((id("key-1"), id(name))));
        assert_eq!(hall.server.path(*key), Some(Path(path)));
        let stream = client.open_stream().expect("a stream");
        let mut text = name.as_bytes().to_vec();
        client.send(hall.now, stream, &mut text).expect("room");
        let frame = hall.frames_of(client).remove(0);
        assert_eq!(
            hall.hears(99, &frame),
            Ok(Taken::Session(*key)),
            "the frame says whose it is, not the path"
        );
        let side = hall.server.get(*key).expect("a session");
        assert!(matches!(side.read(stream), Read::Message(bytes) if bytes == name.as_bytes()));
        side.consume(hall.now, stream);
        side.send(hall.now, stream, &mut [7; 9]).expect("room");
    }
    let answers = hall.says();
    assert!(answers.len() >= 3);
    for (path, client) in (10..).zip(&mut clients) {
        for (_, frame) in answers.iter().filter(|(to, _)| *to == Path(path)) {
            client.receive(hall.now, frame).expect("its own frame");
        }
        assert_eq!(client.readable(), Some(1));
    }
}

#[test]
fn a_full_house_is_busy_until_a_session_ends() {
    let mut hall = Hall::<2>::new();
    let (mut a, mut b, mut c) = (hall.client("a"), hall.client("b"), hall.client("c"));
    let first = hall.open(1, &mut a);
    hall.open(2, &mut b);
    let hello = hall.frames_of(&mut c).remove(0);
    assert_eq!(hall.hears(3, &hello), rejected(HandshakeReject::Busy));
    assert!(hall.says().is_empty());
    a.close(hall.now, CloseReason::Done);
    hall.settle(&mut [(1, &mut a), (2, &mut b)]);
    assert_eq!((a.lifecycle(), hall.state(first)), (Some(Lifecycle::Closed), Some(Lifecycle::Closed)));
    assert_eq!(hall.hears(3, &hello), Ok(Taken::HalfOpen));
    let third = hall.open(3, &mut c);
    assert_eq!(
        (hall.state(first), hall.state(third)),
        (None, Some(Lifecycle::Open)),
        "the key of a place that is gone"
    );
    assert_eq!(hall.server.peer(first), None);
    assert_eq!(b.lifecycle(), Some(Lifecycle::Open));
    assert_eq!(hall.server.stats().lobby.handshake_rejects[usize::from(HandshakeReject::Busy.code()) - 1], 1);
}

#[test]
fn a_hello_in_another_frame_is_nobodys() {
    let mut hall = Hall::<1>::new();
    let mut client = hall.client("a");
    let hello = hall.frames_of(&mut client).remove(0);
    let message = payload(&hello);
    let said = wire::decode(&hello, &FrameLimits::WIDEST, &Sound).expect("a hello").header();
    for (kind, stream) in [(FrameKind::Control, 1), (FrameKind::Backpressure, 0), (FrameKind::Close, 0)] {
        let header = wire::Header { kind, stream, ..said };
        let mut frame = vec![0; hello.len()];
        let fill = |place: &mut [u8]| place.copy_from_slice(&message);
        let class = Small::SPEC.checksum;
        wire::encode(&header, class, message.len(), &FrameLimits::WIDEST, &Sound, &mut frame, fill)
            .expect("a frame");
        assert_eq!(hall.hears(1, &frame), Err(Reject::WrongSession), "{kind} {stream}");
    }
    let lobby = hall.server.stats().lobby;
    assert_eq!(
        (lobby.frames_received, lobby.bytes_received, lobby.wrong_session),
        (3, 3 * hello.len() as u64, 3)
    );
    assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
}

#[test]
fn a_manager_listens_with_sound_configurations_that_its_memory_holds() {
    let mut large = Box::new(Manager::<Fixed<Standard>, SmallMemory, 1, 2>::fixed());
    assert!(matches!(large.listen(serving(1)), Err(StartError::Memory(_))));
    let mut server = Box::new(Server::<1>::fixed());
    for (config, wrong) in [
        (serving(1).streams_max(0), ConfigError::StreamsMax),
        (serving(1).expect(id("server")), ConfigError::ExpectedPeer),
        (serving(2), ConfigError::SessionsMax),
    ] {
        assert_eq!(server.listen(config), Err(StartError::Config(wrong)));
    }
}

#[test]
fn a_configuration_may_have_fewer_sessions_than_the_memory() {
    let mut hall = Hall::<3>::new();
    hall.server.listen(serving(1)).expect("a configuration");
    let (mut a, mut b) = (hall.client("a"), hall.client("b"));
    hall.open(1, &mut a);
    let hello = hall.frames_of(&mut b).remove(0);
    assert_eq!(hall.hears(2, &hello), rejected(HandshakeReject::Busy));
    let wrong = hall.server.listen(serving(4));
    assert_eq!(wrong, Err(StartError::Config(ConfigError::SessionsMax)));
    let client = Config::new(Role::Client, id("x"), id("key-1"), secret(b"an arbitrary secret of the tests"));
    assert_eq!(hall.server.listen(client), Err(StartError::Config(ConfigError::Role)));
}

/// The old session lives through hello and accept of the new one, and ends with its confirm.
fn makes_before_it_breaks<const SESSIONS: usize>() {
    let mut hall = Hall::<SESSIONS>::new();
    let mut before = hall.client("a");
    let old = hall.open(1, &mut before);
    let mut after = hall.client("a");
    let hello = hall.frames_of(&mut after).remove(0);
    assert_eq!(hall.hears(2, &hello), Ok(Taken::HalfOpen));
    let accept = hall.says().remove(0);
    assert_eq!(accept.0, Path(2));
    after.receive(hall.now, &accept.1).expect("an accept");
    let confirm = hall.frames_of(&mut after).remove(0);
    assert_eq!(hall.state(old), Some(Lifecycle::Open));
    let stream = before.open_stream().expect("a stream");
    before.send(hall.now, stream, &mut [1; 5]).expect("room");
    let data = hall.frames_of(&mut before).remove(0);
    assert_eq!(hall.hears(1, &data), Ok(Taken::Session(old)), "the old one still works");

    let mut forged = confirm.clone();
    let tag = forged.len() - 5;
    forged[tag] ^= 1;
    let covered = forged.len() - 4;
    let sum = kurdistan::wire::checksum(Small::SPEC.checksum, &forged[..covered]);
    forged[covered..].copy_from_slice(&sum.to_le_bytes());
    assert_eq!(hall.hears(2, &forged), rejected(HandshakeReject::Tag));
    assert_eq!(hall.state(old), Some(Lifecycle::Open), "a forged confirm ends nothing");

    let Ok(Taken::Opened(new)) = hall.hears(2, &confirm) else { panic!("not opened") };
    assert_ne!(new, old);
    let reason = hall.server.get(old).map(|side| side.failure().map(|failure| failure.reason));
    let expected = if SESSIONS == 1 { None } else { Some(Some(FailReason::Superseded)) };
    assert_eq!(reason, expected);
    hall.settle(&mut [(1, &mut before), (2, &mut after)]);
    let told = before.failure().expect("the old client is told");
    assert_eq!((told.reason, told.side), (FailReason::Superseded, Side::Peer));
    assert_eq!((after.lifecycle(), hall.state(new)), (Some(Lifecycle::Open), Some(Lifecycle::Open)));
    let stats = hall.server.stats();
    assert_eq!((stats.opened, stats.superseded, stats.answered), (2, 1, 2));
}

#[test]
fn a_new_session_of_a_peer_ends_its_old_one_when_it_is_confirmed() {
    makes_before_it_breaks::<2>();
    makes_before_it_breaks::<1>();
}

#[test]
fn other_peers_and_other_secrets_supersede_nobody() {
    let mut hall = Hall::<4>::new();
    let two = serving(4).also(id("key-2"), secret(b"another secret that is alive now")).expect("room");
    hall.server.listen(two).expect("a configuration");
    let mut first = hall.client("a");
    let mut other = hall.client("b");
    let same_name =
        Config::new(Role::Client, id("a"), id("key-2"), secret(b"another secret that is alive now"));
    let mut rotated = hall.start(same_name);
    let keys = [hall.open(1, &mut first), hall.open(2, &mut other), hall.open(3, &mut rotated)];
    assert_eq!(keys.map(|key| hall.state(key)), [Some(Lifecycle::Open); 3]);
    assert_eq!(hall.server.stats().superseded, 0);
    // The first secret is retired: what is open goes on, new hellos under it are not believed.
    let second =
        Config::new(Role::Server, id("server"), id("key-2"), secret(b"another secret that is alive now"));
    hall.server.listen(second.sessions_max(4)).expect("a configuration");
    let mut late = hall.client("c");
    let hello = hall.frames_of(&mut late).remove(0);
    assert_eq!(hall.hears(4, &hello), rejected(HandshakeReject::SecretId));
    assert_eq!(keys.map(|key| hall.state(key)), [Some(Lifecycle::Open); 3]);
}

#[test]
fn recorded_hellos_cannot_hold_the_table() {
    let mut hall = Hall::<4>::new();
    let recorded: Vec<Vec<u8>> = (0..6)
        .map(|_| {
            let mut client = hall.client("a");
            hall.frames_of(&mut client).remove(0)
        })
        .collect();
    for hello in &recorded[..2] {
        assert_eq!(hall.hears(6, hello), Ok(Taken::HalfOpen));
    }
    assert_eq!(hall.server.half_open(), 2);
    let mut genuine = hall.client("g");
    let hello = hall.frames_of(&mut genuine).remove(0);
    assert_eq!(hall.hears(1, &hello), rejected(HandshakeReject::Busy));
    hall.says();
    let asked = hall.asked.get();
    assert_eq!(hall.hears(1, &hello), rejected(HandshakeReject::Busy));
    assert_eq!(hall.asked.get(), asked, "no freshness is spent without a place");
    hall.now = hall.now.plus(RETRY);
    assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen), "the oldest yields");
    assert_eq!(hall.hears(6, &recorded[3]), Ok(Taken::HalfOpen), "the attacker displaces its own other one");
    assert_eq!(hall.hears(6, &recorded[4]), rejected(HandshakeReject::Busy), "the genuine one has its time");
    assert_eq!(hall.server.stats().displaced, 2);
    hall.open(1, &mut genuine);
}

#[test]
fn a_repeated_hello_gets_the_same_accept_and_a_deadline_ends_the_wait() {
    let mut hall = Hall::<1>::new();
    let mut client = hall.client("a");
    let hello = hall.frames_of(&mut client).remove(0);
    assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
    let accept = hall.says();
    assert_eq!(accept.len(), 1);
    assert!(accept[0].1.len() <= hello.len(), "never more bytes out than in");
    for _ in 0..3 {
        assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
        assert_eq!(hall.says(), accept);
    }
    assert_eq!(hall.asked.get(), 1, "one nonce for one hello");
    let deadline = hall.server.next_deadline().expect("a deadline");
    assert_eq!(deadline, hall.now.plus(Small::SPEC.handshake_ticks));
    hall.server.poll(deadline.plus(u32::MAX));
    assert_eq!(hall.server.half_open(), 1, "one tick before");
    hall.server.poll(deadline);
    assert_eq!((hall.server.half_open(), hall.server.stats().expired), (0, 1));
    assert_eq!(hall.server.next_deadline(), None);
}

/// Who knows the end of a hello, which travels in clear, has no frame with which to make the server say more than was said.
#[test]
fn a_shorter_frame_with_the_end_of_a_hello_is_not_answered() {
    let mut hall = Hall::<1>::new();
    let mut client = hall.client("a");
    let hello = hall.frames_of(&mut client).remove(0);
    assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
    let accept = hall.says().remove(0).1;
    let said = wire::decode(&hello, &FrameLimits::WIDEST, &Sound).expect("a hello");
    let payload = said.payload();
    let overhead = hello.len() - payload.len();
    for length in 32..=payload.len() {
        let tail = &payload[payload.len() - length..];
        let (class, header) = (Small::SPEC.checksum, said.header());
        let mut frame = vec![0; wire::frame_bytes(class, length)];
        let fill = |place: &mut [u8]| place.copy_from_slice(tail);
        wire::encode(&header, class, length, &FrameLimits::WIDEST, &Sound, &mut frame, fill)
            .expect("a frame");
        let taken = hall.hears(9, &frame);
        let out: usize = hall.says().iter().map(|(_, frame)| frame.len()).sum();
        assert!(out <= frame.len(), "{} in, {out} out", frame.len());
        assert_eq!(taken.is_ok(), length + overhead >= accept.len(), "{length}");
    }
}

#[test]
fn a_full_table_tells_forgeries_from_hellos_that_wait_for_room() {
    let mut hall = Hall::<4>::new();
    for name in ["a", "b"] {
        let mut client = hall.client(name);
        let hello = hall.frames_of(&mut client).remove(0);
        assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
    }
    let mut stranger = hall.start(Config::new(
        Role::Client,
        id("c"),
        id("key-1"),
        secret(b"a secret that the server lacks.."),
    ));
    let forged = hall.frames_of(&mut stranger).remove(0);
    assert_eq!(hall.hears(1, &forged), rejected(HandshakeReject::Binder));
    let mut genuine = hall.client("d");
    let hello = hall.frames_of(&mut genuine).remove(0);
    assert_eq!(hall.hears(1, &hello), rejected(HandshakeReject::Busy));
}

#[test]
fn what_ends_as_a_hello_and_is_shorter_than_the_accept_is_not_answered() {
    let mut hall = Hall::<1>::new();
    let mut client = hall.client("a");
    let hello = hall.frames_of(&mut client).remove(0);
    assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
    let accept = hall.says().remove(0).1;
    let message = payload(&hello);
    let covers = accept.len() - (hello.len() - message.len());
    let tag = &message[message.len() - 32..];
    for bytes in [32, 33, 34, covers - 1, covers] {
        let text = [&vec![1; bytes - 32], tag].concat();
        let policy = Fixed::<Small>::new();
        let frame = handshake_frame(&policy, Role::Client, class_of(&message), 1, &text);
        let answered = hall.hears(1, &frame).is_ok();
        assert_eq!(answered, frame.len() >= accept.len(), "{bytes} bytes");
        assert_eq!(hall.says().len(), usize::from(answered), "{bytes} bytes");
    }
    client.receive(hall.now, &accept).expect("an accept");
    hall.open(1, &mut client);
}

#[test]
fn what_asks_for_an_accept_again_is_as_long_as_the_accept() {
    let mut hall = Hall::<1>::new();
    let mut client = hall.client("a");
    let hello = hall.frames_of(&mut client).remove(0);
    assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
    let accept = hall.says().remove(0).1;
    let binder = payload(&hello)[HELLO_BYTES_MIN - 32..].to_vec();
    for (frame_bytes, answered) in [(accept.len() - 1, false), (62, false), (accept.len(), true)] {
        let mut message = vec![0; frame_bytes - 28 - binder.len()];
        message.extend_from_slice(&binder);
        let frame =
            handshake_frame(&Fixed::<Small>::new(), Role::Client, class_of(&payload(&hello)), 1, &message);
        assert_eq!(frame.len(), frame_bytes);
        assert_eq!(hall.hears(1, &frame).is_ok(), answered, "{frame_bytes}");
        assert_eq!(hall.says().len(), usize::from(answered), "{frame_bytes}");
    }
    assert_eq!(hall.server.stats().lobby.handshake_repeats, 1);
}

#[test]
fn what_an_accept_has_told_holds_whatever_is_configured_before_the_confirm() {
    let mut hall = Hall::<1>::new();
    let mut client = hall.client("a");
    let hello = hall.frames_of(&mut client).remove(0);
    assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
    hall.server.listen(serving(1).streams_max(1).events_max(1)).expect("a configuration");
    let key = hall.open(1, &mut client);
    let opened: Vec<u32> = std::iter::from_fn(|| client.open_stream().ok()).collect();
    assert_eq!(opened, [1, 3], "more than the new limit");
    for stream in &opened {
        client.send(hall.now, *stream, &mut [1; 5]).expect("room");
        hall.settle(&mut [(1, &mut client)]);
    }
    let side = hall.server.get(key).expect("a session");
    assert!(opened.iter().all(|stream| matches!(side.read(*stream), Read::Message(_))));
    assert!(side.events_truncated() > 0, "the new limit of events");
}

#[test]
fn a_hello_that_breaks_a_rule_is_refused_once_and_leaves_no_trace() {
    let mut hall = Hall::<1>::new();
    let less = CapabilitySet::BASE;
    let config = serving(1).require(CapabilitySet::KNOWN);
    hall.server.listen(config).expect("a configuration");
    let client = Config::new(Role::Client, id("a"), id("key-1"), secret(b"an arbitrary secret of the tests"));
    let mut client = hall.start(client.offer(less));
    let hello = hall.frames_of(&mut client).remove(0);
    assert_eq!(hall.hears(5, &hello), Err(Reject::Fatal(FailReason::CapabilityDowngrade)));
    assert_eq!(hall.server.half_open(), 0, "a refusal that leaves waits for nothing");
    let words = hall.says();
    assert_eq!((words.len(), words[0].0, words[0].1.len() <= hello.len()), (1, Path(5), true));
    assert_eq!(client.receive(hall.now, &words[0].1), Err(Reject::Fatal(FailReason::CapabilityDowngrade)));
    assert_eq!(client.failure().map(|failure| failure.side), Some(Side::Peer));
    assert_eq!(
        (hall.server.half_open(), hall.server.sessions().count(), hall.server.stats().refused),
        (0, 0, 1)
    );
    assert_eq!(hall.server.next_deadline(), None);
}

/// The client's refusal of an accept, in a control frame of its own.
#[test]
fn a_client_that_refuses_frees_its_place() {
    let mut hall = Hall::<1>::new();
    let mut client = hall.client("a");
    let hello = hall.frames_of(&mut client).remove(0);
    assert_eq!(hall.hears(1, &hello), Ok(Taken::HalfOpen));
    hall.says();
    let said = wire::decode(&hello, &FrameLimits::WIDEST, &Sound).expect("a hello");
    let (reason, floor, selected) =
        (FailReason::CapabilityDowngrade, CapabilitySet::KNOWN, CapabilitySet::BASE);
    let refuse = Refuse { sender: Role::Client, reason, floor, selected }.encode();
    let prk = Prk::new(&secret(b"an arbitrary secret of the tests"), id("a"), None);
    let words = refuse.clone().with_tag(&prk.refuse_tag(said.payload(), refuse.authenticated_part()));
    let frame = |message: &[u8]| {
        let (class, sequence) = (Small::SPEC.checksum, 2);
        let header = wire::Header { sequence, ..said.header() };
        let mut frame = vec![0; wire::frame_bytes(class, message.len())];
        let fill = |place: &mut [u8]| place.copy_from_slice(message);
        wire::encode(&header, class, message.len(), &FrameLimits::WIDEST, &Sound, &mut frame, fill)
            .expect("a frame");
        frame
    };
    assert_eq!(hall.hears(1, &frame(refuse.as_bytes())), rejected(HandshakeReject::Tag));
    assert_eq!(hall.server.half_open(), 1);
    assert_eq!(hall.hears(1, &frame(words.as_bytes())), Err(Reject::Fatal(FailReason::CapabilityDowngrade)));
    assert_eq!((hall.server.half_open(), hall.says().len()), (0, 0));
}

#[test]
fn freshness_is_asked_for_once_and_only_for_genuine_hellos() {
    let mut hall = Hall::<1>::new();
    let mut client = hall.client("a");
    let hello = hall.frames_of(&mut client).remove(0);
    let none = hall.server.receive(hall.now, Path(1), &hello, || None);
    assert_eq!(none, Err(Reject::NotFresh));
    let other = hall.server.receive(hall.now, Path(1), &hello, || Some(Fresh::from_counters(1, 1)));
    assert_eq!(other, Err(Reject::NotFresh), "the configuration trusts random bytes");
    hall.server.listen(serving(1).trust(NonceSource::BootCounter)).expect("a configuration");
    let taken = hall.server.receive(hall.now, Path(1), &hello, || Some(Fresh::from_counters(1, 1)));
    assert_eq!(taken, Ok(Taken::HalfOpen));
    let stranger =
        Config::new(Role::Client, id("a"), id("key-1"), secret(b"a secret that the server lacks.."));
    let mut stranger = hall.start(stranger);
    let forged = hall.frames_of(&mut stranger).remove(0);
    let refused =
        hall.server.receive(hall.now, Path(1), &forged, || unreachable!("nobody has proven anything"));
    assert_eq!(refused, rejected(HandshakeReject::Binder));
    assert!(hall.server.receive(hall.now, Path(1), &[0; 40], || unreachable!()).is_err());
}

#[test]
fn a_closed_manager_ends_its_sessions_and_answers_no_hello() {
    static PLACE: std::sync::Mutex<Server<2>> = std::sync::Mutex::new(Server::fixed());
    assert_eq!(PLACE.lock().expect("unused").sessions().count(), 0);
    let mut hall = Hall::<2>::new();
    let (mut a, mut b) = (hall.client("a"), hall.client("b"));
    let key = hall.open(1, &mut a);
    let hello = hall.frames_of(&mut b).remove(0);
    assert_eq!(hall.hears(2, &hello), Ok(Taken::HalfOpen));
    hall.server.close(hall.now, CloseReason::Shutdown);
    hall.settle(&mut [(1, &mut a)]);
    assert_eq!((a.lifecycle(), hall.state(key)), (Some(Lifecycle::Closed), Some(Lifecycle::Closed)));
    assert_eq!(hall.server.half_open(), 0);
    assert_eq!(hall.hears(2, &hello), Err(Reject::State));
    hall.server.listen(serving(2)).expect("a configuration");
    let mut again = hall.client("b");
    hall.open(2, &mut again);
}

#[test]
fn a_withdrawn_secret_takes_its_sessions_along() {
    let mut hall = Hall::<3>::new();
    let two = serving(3).also(id("key-2"), secret(b"another secret that is alive now")).expect("room");
    hall.server.listen(two).expect("a configuration");
    let (mut old, mut other) = (hall.client("a"), hall.client("b"));
    let rotated =
        Config::new(Role::Client, id("a"), id("key-2"), secret(b"another secret that is alive now"));
    let mut new = hall.start(rotated);
    let keys = [hall.open(1, &mut old), hall.open(2, &mut other), hall.open(3, &mut new)];
    assert_eq!(hall.server.close_secret(hall.now, id("key-1"), CloseReason::Shutdown), 2);
    hall.settle(&mut [(1, &mut old), (2, &mut other), (3, &mut new)]);
    let states = keys.map(|key| hall.state(key));
    assert_eq!(states, [Some(Lifecycle::Closed), Some(Lifecycle::Closed), Some(Lifecycle::Open)]);
    assert_eq!(hall.server.close_secret(hall.now, id("key-1"), CloseReason::Shutdown), 0, "they have ended");
}

#[test]
fn without_a_limit_there_are_as_many_sessions_as_places() {
    let mut hall = Hall::<2>::new();
    let secret = secret(b"an arbitrary secret of the tests");
    hall.server
        .listen(Config::new(Role::Server, id("server"), id("key-1"), secret))
        .expect("a configuration");
    let (mut a, mut b) = (hall.client("a"), hall.client("b"));
    hall.open(1, &mut a);
    hall.open(2, &mut b);
}
