//! What endpoints may count on from a link, whatever its faults.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use kurdistan::endpoint::{StandardMemory, Storage};
use kurdistan::guard::Sound;
use kurdistan::link::{Delaying, Faults, Faulty, Injecting, Link, LinkRecord, MemoryLink, Reflecting};
use kurdistan::profile::{Fixed, Policy, Profile, Standard};
use kurdistan::vocab::{Direction, FrameKind, Lifecycle, Role, Ticks};
use kurdistan::wire;

use crate::pair::Pair;

type Standards = Pair<Fixed<Standard>, StandardMemory>;

const STREAM: u32 = 1;

/// Moves frames until nothing moves; `seen` gets each one that is delivered, and the messages opened before and after it.
fn exchange<P: Policy, M: Storage>(
    pair: &mut Pair<P, M>,
    link: &mut impl Link,
    seen: &mut impl FnMut(Role, LinkRecord, &[u8], [u64; 2]),
) {
    let mut moved = true;
    while moved {
        moved = false;
        for role in [Role::Client, Role::Server] {
            let (now, side) = (pair.now, pair.side(role));
            while let Some(frame) = link.front(role) {
                let before = side.stats().messages_received;
                let _ = side.receive(now, frame.bytes);
                seen(role, frame.record, frame.bytes, [before, side.stats().messages_received]);
                moved |= link.pop(role);
            }
            while let Some(frame) = side.poll_transmit(now) {
                if link.send(role, frame.bytes()).is_err() {
                    break;
                }
                frame.sent();
                moved = true;
            }
        }
    }
}

/// The payloads of the data frames that the server was given, by sequence; a sequence that came with two different payloads
/// is none.
#[derive(Default)]
struct Delivered(BTreeMap<u64, Option<Vec<u8>>>);

impl Delivered {
    fn note(&mut self, bytes: &[u8]) {
        let limits = Standard::SPEC.frame_limits(Role::Server);
        let Ok(frame) = wire::decode(bytes, &limits, &Sound) else { return };
        if frame.kind() != FrameKind::Data {
            return;
        }
        match self.0.entry(frame.sequence()) {
            Entry::Vacant(place) => {
                place.insert(Some(frame.payload().to_vec()));
            }
            Entry::Occupied(mut place) => {
                if place.get().as_deref() != Some(frame.payload()) {
                    place.insert(None);
                }
            }
        }
    }

    /// Everything that the frames carried, in order.
    fn bytes(&self) -> Vec<u8> {
        self.0.values().flatten().flatten().copied().collect()
    }
}

#[test]
fn everything_that_the_receiver_opens_is_what_the_link_delivered() {
    let (mut opened, mut lost) = (0, 0);
    for seed in 0..200 {
        let faults = Faults { corrupt: 9, drop: 12, duplicate: 5, reorder: 7 };
        let faulty = Faulty::<_, 540>::new(MemoryLink::<540, 8>::EMPTY, seed, faults);
        let mut link = Reflecting::<_, 540>::new(faulty, seed, 4);
        let mut pair = Standards::open(Fixed::new());
        assert_eq!(pair.client.open_stream(), Ok(STREAM));
        let mut sealed = Vec::new();
        for message in 0..4_u8 {
            let mut text = vec![message; 700];
            pair.client.send(pair.now, STREAM, &mut text).expect("credit for four");
            assert_ne!(text, [message; 700], "the buffer holds the ciphertext now");
            sealed.push((message, text));
        }
        assert_eq!(pair.server.stats().messages_received, 0);
        let mut delivered = Delivered::default();
        exchange(&mut pair, &mut link, &mut |to, record, bytes, [before, after]| {
            if to == Role::Server {
                delivered.note(bytes);
            }
            let carries = to == Role::Server && record.direction == Direction::ClientToServer;
            assert!(
                after == before || (carries && after == before + 1),
                "a frame opens one message, or none"
            );
        });
        let wire = delivered.bytes();
        let (messages, _) = pair.read_all(Role::Server);
        for (_, text) in &messages {
            let (_, sealed) = sealed.iter().find(|(byte, _)| [*byte; 700] == text[..]).expect("was sent");
            assert!(wire.windows(700).any(|bytes| bytes == sealed), "seed {seed}: opened and not delivered");
        }
        opened += messages.len();
        lost += 4 - messages.len();
    }
    assert!(opened > 100 && lost > 100, "{opened} opened, {lost} lost");
}

#[test]
fn a_full_link_loses_nothing_and_the_sender_goes_on_when_there_is_room() {
    let mut link = MemoryLink::<540, 1>::EMPTY;
    let mut pair = Standards::open(Fixed::new());
    assert_eq!(pair.client.open_stream(), Ok(STREAM));
    for message in 0..4_u8 {
        pair.client.send(pair.now, STREAM, &mut [message; 1_000]).expect("credit for four");
    }
    let mut refused = 0;
    while let Some(frame) = pair.client.poll_transmit(pair.now) {
        let bytes = frame.bytes().to_vec();
        if link.send(Role::Client, &bytes).is_ok() {
            frame.sent();
            continue;
        }
        refused += 1;
        assert_eq!(pair.client.poll_transmit(pair.now).expect("it stays").bytes(), bytes);
        let delivered = link.front(Role::Server).expect("the one before").bytes.to_vec();
        pair.server.receive(pair.now, &delivered).expect("a sound frame");
        assert!(link.pop(Role::Server));
    }
    assert_eq!(refused, 11, "twelve fragments and room for one");
    exchange(&mut pair, &mut link, &mut |_, _, _, _| {});
    let messages = pair.read_all(Role::Server).0.into_iter().map(|(_, text)| text);
    assert!(messages.eq((0..4_u8).map(|message| vec![message; 1_000])));
}

#[test]
fn a_trace_of_every_device_carries_the_record_and_never_the_bytes() {
    let slow = Delaying::<_, 540, 4>::new(MemoryLink::<540, 1>::EMPTY, Ticks(0), 5);
    let faulty = Faulty::<_, 540>::new(slow, 1, Faults { corrupt: 1, reorder: 2, ..Faults::NONE });
    let mut link = Reflecting::<_, 540>::new(Injecting::<_, 540>::new(faulty, 1, 1), 1, 1);
    let mut pair = Standards::open(Fixed::new());
    assert_eq!(pair.client.open_stream(), Ok(STREAM));
    let (mut texts, mut traces) = (Vec::new(), String::new());
    for time in 0..20 {
        pair.client.send(pair.now, STREAM, &mut [7; 100]).ok();
        while let Some(frame) = pair.client.poll_transmit(pair.now) {
            let Ok(record) = link.send(Role::Client, frame.bytes()) else { break };
            texts.push(frame.bytes()[24..].to_vec());
            traces += &format!("{record:?}");
            assert_eq!(usize::from(record.byte_count), frame.bytes().len() - 28);
            frame.sent();
        }
        link.advance(Ticks(time * 3));
        if let Some(frame) = link.front(Role::Server) {
            traces += &format!("{frame:?}");
        }
        traces += &format!("{link:?}");
        link.pop(Role::Server);
    }
    assert!(texts.len() >= 4 && traces.contains("byte_count: 124"), "{} frames", texts.len());
    for four in texts.iter().flat_map(|text| text.windows(4)).filter(|four| four.iter().any(|byte| *byte > 9))
    {
        let listed = format!("{four:?}");
        let hex: String = four.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!traces.contains(listed.trim_matches(['[', ']'])) && !traces.contains(&hex), "{listed}");
    }
    assert_eq!(pair.states(), [Lifecycle::Open; 2]);
}
