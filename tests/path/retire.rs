//! How streams end: no place, credit or slot is lost on the way, and nobody talks for ever.

use kurdistan::endpoint::{SmallMemory, StandardMemory};
use kurdistan::profile::{Fixed, Profile, Small, Standard};
use kurdistan::stream::{OpenRefusal, StreamEnd};
use kurdistan::vocab::{CloseReason, FailReason, Lifecycle, Role, Ticks};

use crate::pair::Pair;

type Standards = Pair<Fixed<Standard>, StandardMemory>;

fn standard() -> Standards {
    Pair::open(Fixed::new())
}

fn open_count(pair: &mut Standards, role: Role) -> usize {
    let side = pair.side(role);
    core::iter::from_fn(|| side.open_stream().ok()).count()
}

/// Reads and delivers on both sides until nothing is left.
fn rest(pair: &mut Standards) {
    for _ in 0..4 {
        pair.settle();
        pair.read_all(Role::Client);
        pair.read_all(Role::Server);
    }
    pair.settle();
}

fn closes(pair: &mut Standards) {
    pair.client.close(pair.now, CloseReason::Done);
    for _ in 0..50 {
        rest(pair);
        if pair.states() == [Lifecycle::Closed; 2] || !pair.tick() {
            break;
        }
    }
    assert_eq!(
        pair.states(),
        [Lifecycle::Closed; 2],
        "{:?} {:?}",
        pair.client.failure(),
        pair.server.failure()
    );
}

#[test]
fn requests_and_responses_without_end_whoever_finishes_first() {
    for server_first in [false, true] {
        let mut pair = standard();
        for _ in 0..50 {
            let stream = pair.client.open_stream().expect("a place for every request");
            pair.client.send(pair.now, stream, &mut [7; 30]).unwrap();
            if !server_first {
                pair.client.finish(pair.now, stream).unwrap();
            }
            pair.settle();
            pair.read_all(Role::Server);
            pair.server.send(pair.now, stream, &mut [8; 30]).unwrap();
            pair.server.finish(pair.now, stream).unwrap();
            pair.settle();
            pair.read_all(Role::Client);
            if server_first {
                pair.client.finish(pair.now, stream).unwrap();
            }
            rest(&mut pair);
        }
        assert_eq!(pair.client.stats().restated + pair.server.stats().restated, 0, "no word was lost");
        assert_eq!(open_count(&mut pair, Role::Client), usize::from(Standard::SPEC.streams_of(Role::Client)));
        closes(&mut pair);
    }
}

#[test]
fn a_reader_that_is_late_keeps_its_credit() {
    let mut pair = standard();
    let first = pair.client.open_stream().unwrap();
    pair.client.finish(pair.now, first).unwrap();
    pair.settle();
    pair.read_all(Role::Server);
    for _ in 0..3 {
        pair.server.send(pair.now, first, &mut [1; 10]).unwrap();
    }
    pair.server.finish(pair.now, first).unwrap();
    pair.settle();
    // The client reads nothing of it; the server uses all other credit that it has.
    let more: Vec<u32> = (0..3).map(|_| pair.client.open_stream().unwrap()).collect();
    for stream in &more {
        pair.client.send(pair.now, *stream, &mut [9; 3]).unwrap();
    }
    pair.settle();
    pair.read_all(Role::Server);
    pair.settle();
    for stream in &more {
        while pair.server.send(pair.now, *stream, &mut [2; 10]).is_ok() {
            pair.settle();
        }
    }
    while let Ok(stream) = pair.server.open_stream() {
        while pair.server.send(pair.now, stream, &mut [3; 10]).is_ok() {
            pair.settle();
        }
    }
    assert_eq!(pair.states(), [Lifecycle::Open; 2]);
    assert_eq!(pair.client.stats().rejects(), 0, "{:?}", pair.client.stats());
    closes(&mut pair);
}

#[test]
fn a_reset_answered_late_comes_to_rest() {
    for role in [Role::Client, Role::Server] {
        let mut pair = standard();
        let stream = pair.client.open_stream().unwrap();
        pair.client.send(pair.now, stream, &mut [1; 10]).unwrap();
        pair.settle();
        let now = pair.now;
        pair.side(role).reset(now, stream, 5).unwrap();
        for _ in 0..5 {
            // The other side's application takes its time; the reset is said again.
            pair.tick();
            pair.settle();
        }
        let read = pair.read_all(role.peer());
        assert_eq!(read.1.last(), Some(&(stream, StreamEnd::Reset(5))), "{role}");
        let mut frames = 0;
        while pair.exchange(&mut |_, _| 1) {
            frames += 1;
            assert!(frames < 20, "both sides talk for ever");
        }
        assert_eq!(open_count(&mut pair, Role::Client), usize::from(Standard::SPEC.streams_of(Role::Client)));
        closes(&mut pair);
    }
}

#[test]
fn a_reset_in_the_middle_of_a_message_ends_that_stream_alone() {
    let mut pair = standard();
    let stream = pair.client.open_stream().unwrap();
    let other = pair.client.open_stream().unwrap();
    pair.client.send(pair.now, stream, &mut vec![1; Standard::SPEC.message_bytes_max()]).unwrap();
    let frames = pair.drain(Role::Client);
    pair.server.receive(pair.now, &frames[0]).unwrap();
    pair.client.reset(pair.now, stream, 9).unwrap();
    for frame in pair.drain(Role::Client).iter().chain(&frames[1..]) {
        let _ = pair.server.receive(pair.now, frame);
    }
    assert_eq!(pair.read_all(Role::Server).1, [(stream, StreamEnd::Reset(9))]);
    pair.client.send(pair.now, other, &mut [2; 7]).unwrap();
    pair.settle();
    assert_eq!(pair.read_all(Role::Server).0, [(other, vec![2; 7])]);
    closes(&mut pair);
}

#[test]
fn what_overtook_is_no_gap_once_the_stream_was_reset() {
    let mut pair = standard();
    let stream = pair.client.open_stream().unwrap();
    pair.client.send(pair.now, stream, &mut [1; 10]).unwrap();
    pair.client.send(pair.now, stream, &mut [2; 10]).unwrap();
    let frames = pair.drain(Role::Client);
    pair.server.receive(pair.now, &frames[1]).unwrap();
    pair.client.reset(pair.now, stream, 5).unwrap();
    for frame in pair.drain(Role::Client) {
        pair.server.receive(pair.now, &frame).unwrap();
    }
    let _ = pair.server.receive(pair.now, &frames[0]);
    let late = pair.now.plus(Standard::SPEC.reassembly_ticks * 2);
    while !pair.now.reached(late) {
        pair.tick();
        pair.settle();
    }
    assert_eq!(pair.states(), [Lifecycle::Open; 2], "{:?}", pair.server.failure());
    closes(&mut pair);
}

#[test]
fn each_frame_of_an_end_may_be_lost_and_every_place_comes_back() {
    for lost in 0..12 {
        for reset in [None, Some(Role::Client), Some(Role::Server)] {
            let mut pair = standard();
            let streams: Vec<u32> = core::iter::from_fn(|| pair.client.open_stream().ok()).collect();
            for stream in &streams {
                pair.client.send(pair.now, *stream, &mut [1; 5]).unwrap();
            }
            rest(&mut pair);
            let (now, first) = (pair.now, streams[0]);
            match reset {
                Some(role) => pair.side(role).reset(now, first, 9).unwrap(),
                None => {
                    pair.client.finish(now, first).unwrap();
                    pair.server.finish(now, first).unwrap();
                }
            }
            // Data that is lost ends a session until it is sent again; words about streams are restated.
            let mut control = 0;
            for _ in 0..100 {
                pair.exchange(&mut |_, frame| {
                    let data = frame[1] == 1;
                    control += usize::from(!data);
                    usize::from(data || control != lost + 1)
                });
                pair.read_all(Role::Client);
                pair.read_all(Role::Server);
                if let Ok(next) = pair.client.open_stream() {
                    pair.client.send(pair.now, next, &mut [3; 5]).unwrap();
                    rest(&mut pair);
                    break;
                }
                pair.tick();
            }
            let stats = pair.server.stats();
            assert_eq!(
                (stats.unexpected, stats.forbidden_streams),
                (0, 0),
                "lost {lost}, {reset:?}: a stream was refused"
            );
            closes(&mut pair);
        }
    }
}

#[test]
fn streams_that_come_and_go_at_random_leave_nothing_behind() {
    for seed in 0..200_u64 {
        let mut pair = Pair::<Fixed<Small>, SmallMemory>::open(Fixed::new());
        let mut state = seed;
        let mut chance = |bound: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        let mut streams: Vec<u32> = Vec::new();
        for _ in 0..300 {
            let role = Role::ALL[chance(2) as usize];
            let now = pair.now;
            let pick = streams.get(chance(streams.len().max(1) as u64) as usize).copied().unwrap_or(1);
            match chance(9) {
                0 => streams.extend(pair.side(role).open_stream()),
                1..4 => drop(pair.side(role).send(now, pick, &mut vec![7; 1 + chance(400) as usize])),
                4 => drop(pair.side(role).finish(now, pick)),
                5 => drop(pair.side(role).reset(now, pick, chance(9) as u16)),
                6 => drop(pair.read_all(role)),
                7 => drop(pair.exchange(&mut |_, _| 1)),
                _ => {
                    pair.now = now.plus(chance(60) as u32);
                    pair.client.poll(pair.now);
                    pair.server.poll(pair.now);
                }
            }
        }
        for _ in 0..200 {
            pair.settle();
            pair.read_all(Role::Client);
            pair.read_all(Role::Server);
            for &stream in &streams {
                let now = pair.now;
                let _ = (pair.client.finish(now, stream), pair.server.finish(now, stream));
            }
            let deadlines = [pair.client.next_deadline(), pair.server.next_deadline()];
            let next = deadlines.into_iter().flatten().reduce(Ticks::earlier).unwrap_or_else(|| {
                panic!("seed {seed} {:?} {:?}", pair.client.failure(), pair.server.failure())
            });
            // Longer than a probe: only the idle limit is left.
            if pair.exchange(&mut |_, _| 1) {
                continue;
            }
            if next.since(pair.now) > Small::SPEC.ping_ticks {
                break;
            }
            pair.tick();
        }
        assert_eq!(
            pair.states(),
            [Lifecycle::Open; 2],
            "seed {seed}: {:?} {:?}",
            pair.client.failure(),
            pair.server.failure()
        );
        let places = [Role::Client, Role::Server].map(|role| {
            let side = pair.side(role);
            core::iter::from_fn(|| side.open_stream().ok()).count()
        });
        let expected = [Role::Client, Role::Server].map(|role| usize::from(Small::SPEC.streams_of(role)));
        assert_eq!(places, expected, "seed {seed}: a place was lost");
    }
}

#[test]
fn refusals_to_open_and_the_last_frame_have_names() {
    let mut pair = standard();
    open_count(&mut pair, Role::Client);
    assert_eq!(pair.client.open_stream(), Err(OpenRefusal::StreamLimit));
    pair.client.abort();
    assert_eq!(pair.client.open_stream(), Err(OpenRefusal::NotOpen));
    pair.settle();
    assert_eq!(pair.server.failure().map(|failure| failure.reason), Some(FailReason::Aborted));
    assert_eq!(pair.server.idle_link().map(|empty| empty.name()), Some("closed"));
}
