//! The synthetic targets, each reached through frames on a session.

use std::collections::BTreeMap;

use kurdistan::endpoint::{Read, Service, StandardMemory};
use kurdistan::profile::{Fixed, Policy, Profile, Standard};
use kurdistan::stream::StreamEnd;
use kurdistan::stream::target::{Content, TargetKind, TargetSettings};
use kurdistan::vocab::Ticks;
use sha2::{Digest, Sha256};

use crate::pair::Pair;

pub const SEED: u64 = 42;
pub const USUAL: TargetSettings = TargetSettings::USUAL;
pub const ECHOED: [&[u8]; 4] = [b"one", b"two, and longer", &[7; 1_024], b"4"];

pub type Targets = Service<8, 1_024>;

/// What came on one stream: the tick of each message and its bytes; how it ended, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub messages: Vec<(u32, Vec<u8>)>,
    pub end: Option<(u32, StreamEnd)>,
}

impl Answer {
    pub fn bytes(&self) -> Vec<u8> {
        self.messages.iter().flat_map(|(_, text)| text.clone()).collect()
    }

    /// Tick and length of each message.
    pub fn shape(&self) -> Vec<(u32, usize)> {
        self.messages.iter().map(|(at, text)| (*at, text.len())).collect()
    }
}

/// A client and a server whose streams are served.
pub struct Run<P> {
    pub pair: Pair<P, StandardMemory>,
    pub targets: Targets,
    pub start: Ticks,
}

impl<P: Policy> Run<P> {
    pub fn new(policy: P, targets: Targets) -> Self {
        let pair = Pair::open(policy);
        let start = pair.now;
        Self { pair, targets, start }
    }

    pub fn send(&mut self, stream: u32, text: &[u8]) {
        self.pair.client.send(self.pair.now, stream, &mut text.to_vec()).expect("room and credit");
    }

    /// One turn of both loops; whether anything moved. The client reads after every frame.
    pub fn turn(&mut self, seen: &mut dyn FnMut(u32, u32, Read<'_>)) -> bool {
        let Self { pair: Pair { now, client, server }, targets, start } = self;
        let now = *now;
        let mut moved = false;
        while let Some(frame) = client.poll_transmit(now) {
            server.receive(now, frame.bytes()).expect("a genuine frame");
            frame.sent();
            moved = true;
        }
        moved |= targets.poll(now, server);
        assert!(!targets.poll(now, server), "one call does all that can be done");
        while let Some(frame) = server.poll_transmit(now) {
            client.receive(now, frame.bytes()).expect("a genuine frame");
            frame.sent();
            moved = true;
            while let Some(stream) = client.readable() {
                seen(stream, now.since(*start), client.read(stream));
                client.consume(now, stream);
            }
        }
        moved
    }

    /// Goes to the next deadline of anyone.
    pub fn wait(&mut self) {
        let sides = [self.pair.client.next_deadline(), self.pair.server.next_deadline()];
        let next = sides.into_iter().chain([self.targets.next_deadline()]).flatten().reduce(Ticks::earlier);
        self.pair.now = self.pair.now.later(next.expect("a deadline"));
        self.pair.client.poll(self.pair.now);
        self.pair.server.poll(self.pair.now);
    }

    /// Runs until these streams have ended.
    pub fn answers(&mut self, streams: &[u32]) -> BTreeMap<u32, Answer> {
        let mut answers: BTreeMap<u32, Answer> = streams.iter().map(|id| (*id, Answer::default())).collect();
        for _ in 0..100_000 {
            let moved = self.turn(&mut |stream, at, read| {
                let answer = answers.get_mut(&stream).expect("a stream that was asked");
                assert_eq!(answer.end, None, "nothing follows the end");
                match read {
                    Read::Message(text) => answer.messages.push((at, text.to_vec())),
                    Read::End(end) => answer.end = Some((at, end)),
                    Read::Nothing | Read::NoStream => unreachable!("{stream} is readable"),
                }
            });
            if answers.values().all(|answer| answer.end.is_some()) {
                return answers;
            }
            if !moved {
                self.wait();
            }
        }
        panic!("no end: {answers:?}");
    }
}

pub fn standard(settings: TargetSettings) -> Run<Fixed<Standard>> {
    Run::new(Fixed::new(), Targets::named(settings, SEED))
}

/// Asks for one target on one stream, with a request of one message.
fn ask(kind: TargetKind, settings: TargetSettings) -> (u32, Answer) {
    let mut run = standard(settings);
    let stream = run.pair.client.open_stream().unwrap();
    run.send(stream, kind.name().as_bytes());
    let answer = run.answers(&[stream]).remove(&stream).unwrap();
    (stream, answer)
}

pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The digest of what a target says in all.
pub fn content(stream: u32, bytes: usize) -> [u8; 32] {
    let mut text = vec![0; bytes];
    Content::new(SEED, stream).fill(0, &mut text);
    digest(&text)
}

#[test]
fn an_echo_returns_every_message_as_it_came_and_ends_with_the_peer() {
    let mut run = standard(USUAL);
    let stream = run.pair.client.open_stream().unwrap();
    run.send(stream, b"echo");
    for text in &ECHOED[..3] {
        run.send(stream, text);
    }
    let mut echoed = Vec::new();
    while run.turn(&mut |_, _, read| match read {
        Read::Message(text) => echoed.push(text.to_vec()),
        other => panic!("{other:?}"),
    }) {}
    assert_eq!(echoed, ECHOED[..3]);
    run.send(stream, ECHOED[3]);
    run.pair.client.finish(run.pair.now, stream).unwrap();
    let answer = run.answers(&[stream]).remove(&stream).unwrap();
    assert_eq!(
        answer,
        Answer { messages: vec![(0, ECHOED[3].to_vec())], end: Some((0, StreamEnd::Finished)) }
    );
    assert_eq!(run.targets.serving(), 0);
}

#[test]
fn a_discard_reads_everything_and_says_nothing_but_the_end() {
    let mut run = standard(USUAL);
    let stream = run.pair.client.open_stream().unwrap();
    run.send(stream, b"discard");
    for _ in 0..40 {
        while run.turn(&mut |_, _, read| panic!("{read:?}")) {}
        run.send(stream, &[1; 1_000]);
    }
    run.pair.client.finish_with_error(run.pair.now, stream, 3).unwrap();
    let answer = run.answers(&[stream]).remove(&stream).unwrap();
    assert_eq!(answer, Answer { messages: vec![], end: Some((0, StreamEnd::Finished)) });
    assert_eq!(run.pair.server.stats().messages_received, 42);
}

#[test]
fn a_fixed_and_a_slow_response_differ_in_time_alone() {
    for (kind, at) in [(TargetKind::FixedResponse, 0), (TargetKind::SlowResponse, USUAL.delay_ticks)] {
        let (stream, answer) = ask(kind, USUAL);
        assert_eq!(answer.shape(), [(at, 64)], "{kind}");
        assert_eq!(digest(&answer.bytes()), content(stream, 64));
        assert_eq!(answer.end, Some((at, StreamEnd::Finished)));
    }
}

#[test]
fn a_chunked_response_has_equal_chunks() {
    let (stream, answer) = ask(TargetKind::ChunkedResponse, USUAL);
    assert_eq!(answer.shape(), [(0, 256); 16]);
    assert_eq!(
        (digest(&answer.bytes()), answer.end),
        (content(stream, 4_096), Some((0, StreamEnd::Finished)))
    );
    let uneven = TargetSettings { object_bytes: 1_000, chunk_bytes: 300, ..USUAL };
    assert_eq!(ask(TargetKind::ChunkedResponse, uneven).1.shape(), [(0, 300), (0, 300), (0, 300), (0, 100)]);
    let longer = TargetSettings { chunk_bytes: 5_000, ..USUAL };
    assert_eq!(ask(TargetKind::ChunkedResponse, longer).1.shape(), [(0, 1_024); 4]);
    let empty = TargetSettings { object_bytes: 3, chunk_bytes: 0, ..USUAL };
    assert_eq!(ask(TargetKind::ChunkedResponse, empty).1.shape(), [(0, 1); 3]);
}

#[test]
fn a_large_object_is_many_times_the_pipe_and_the_credit() {
    let (stream, answer) = ask(TargetKind::LargeObject, USUAL);
    let bytes = answer.bytes();
    let credit = usize::from(Standard::SPEC.stream_credit) * Standard::SPEC.message_bytes_max();
    assert!(bytes.len() >= 20 * Standard::SPEC.pipe_bytes_max as usize && bytes.len() >= 20 * credit);
    assert_eq!((bytes.len(), answer.messages.len()), (2_097_152, 2_048));
    assert_eq!((digest(&bytes), answer.end), (content(stream, 2_097_152), Some((0, StreamEnd::Finished))));
}

#[test]
fn an_error_and_a_reset_come_after_some_bytes_with_their_codes() {
    let shape = [(0, 256), (0, 256), (0, 128)];
    let (stream, answer) = ask(TargetKind::ErrorResponse, USUAL);
    assert_eq!((answer.shape(), answer.end), (shape.to_vec(), Some((0, StreamEnd::Error(500)))));
    assert_eq!(digest(&answer.bytes()), content(stream, 640));
    let (stream, answer) = ask(TargetKind::ResetMidstream, USUAL);
    assert_eq!((answer.shape(), answer.end), (shape.to_vec(), Some((200, StreamEnd::Reset(600)))));
    assert_eq!(digest(&answer.bytes()), content(stream, 640));
    let other = TargetSettings { part_bytes: 0, error_code: 7, reset_code: 8, delay_ticks: 9, ..USUAL };
    assert_eq!(ask(TargetKind::ErrorResponse, other).1.end, Some((0, StreamEnd::Error(7))));
    assert_eq!(ask(TargetKind::ResetMidstream, other).1.end, Some((9, StreamEnd::Reset(8))));
}

#[test]
fn a_drip_is_one_byte_every_so_many_ticks() {
    let (stream, answer) = ask(TargetKind::DripResponse, USUAL);
    let expected: Vec<(u32, usize)> = (0..16).map(|place| (place * 50, 1)).collect();
    assert_eq!((answer.shape(), answer.end), (expected, Some((750, StreamEnd::Finished))));
    assert_eq!(digest(&answer.bytes()), content(stream, 16));
    let other = TargetSettings { drip_bytes: 2, drip_ticks: 7, ..USUAL };
    assert_eq!(ask(TargetKind::DripResponse, other).1.shape(), [(0, 1), (7, 1)]);
}

#[test]
fn a_jittery_response_draws_sizes_and_times_from_the_seed() {
    let (stream, answer) = ask(TargetKind::JitteryResponse, USUAL);
    assert_eq!(answer, ask(TargetKind::JitteryResponse, USUAL).1, "the same seed, the same jitter");
    assert_eq!(digest(&answer.bytes()), content(stream, 4_096));
    assert_eq!(answer.end.map(|end| end.1), Some(StreamEnd::Finished));
    let shape = answer.shape();
    let pauses: Vec<u32> =
        shape.iter().scan(0, |last, (at, _)| Some(at - core::mem::replace(last, *at))).collect();
    assert!(
        pauses.iter().all(|pause| *pause <= 40) && shape.iter().all(|(_, size)| (1..=256).contains(size))
    );
    let different = |mut of: Vec<usize>| {
        of.sort_unstable();
        of.dedup();
        of.len()
    };
    assert!(different(shape.iter().map(|(_, size)| *size).collect()) > shape.len() / 2, "{shape:?}");
    assert!(different(pauses.iter().map(|pause| *pause as usize).collect()) > 10, "{pauses:?}");
    assert_eq!(shape.iter().map(|(_, size)| size).sum::<usize>(), 4_096);
    assert_eq!(answer.end.map(|end| end.0), shape.last().map(|last| last.0));
    let still = TargetSettings { jitter_ticks: 0, chunk_bytes: 1, object_bytes: 5, ..USUAL };
    assert_eq!(ask(TargetKind::JitteryResponse, still).1.shape(), [(0, 1); 5]);
}

#[test]
fn a_deadline_is_told_and_nothing_happens_before_it() {
    let mut run = standard(USUAL);
    let stream = run.pair.client.open_stream().unwrap();
    assert_eq!(run.targets.next_deadline(), None);
    run.send(stream, b"slow_response");
    while run.turn(&mut |_, _, read| panic!("{read:?}")) {}
    let due = run.start.plus(USUAL.delay_ticks);
    assert_eq!(run.targets.next_deadline(), Some(due));
    run.pair.now = run.start.plus(USUAL.delay_ticks - 1);
    assert!(!run.turn(&mut |_, _, read| panic!("{read:?}")));
    assert_eq!(run.targets.next_deadline(), Some(due));
    run.pair.now = due;
    assert!(run.turn(&mut |_, _, _| ()));
    assert_eq!(run.targets.next_deadline(), None);
}

/// Asks for targets on streams 1, 3, …: only on those in `asked`, though all are open.
fn beside(kinds: [&str; 4], asked: &[usize]) -> BTreeMap<u32, Answer> {
    let mut run = standard(USUAL);
    let streams = kinds.map(|_| run.pair.client.open_stream().unwrap());
    for place in asked {
        run.send(streams[*place], kinds[*place].as_bytes());
        if kinds[*place] == "echo" {
            for text in &ECHOED[..3] {
                run.send(streams[*place], text);
            }
            run.pair.client.finish(run.pair.now, streams[*place]).unwrap();
        }
    }
    let asked: Vec<u32> = asked.iter().map(|place| streams[*place]).collect();
    run.answers(&asked)
}

#[test]
fn an_error_or_a_reset_of_one_target_leaves_the_others_as_in_solo_runs() {
    for (victim, end) in [
        ("error_response", StreamEnd::Error(USUAL.error_code)),
        ("reset_midstream", StreamEnd::Reset(USUAL.reset_code)),
    ] {
        let kinds = ["jittery_response", victim, "echo", "chunked_response"];
        let together = beside(kinds, &[0, 1, 2, 3]);
        assert_eq!(together[&3].end.map(|end| end.1), Some(end));
        for (place, stream) in [(0, 1), (1, 3), (2, 5), (3, 7)] {
            let solo = &beside(kinds, &[place])[&stream];
            let together = &together[&stream];
            assert_eq!(digest(&together.bytes()), digest(&solo.bytes()), "{}", kinds[place]);
            assert_eq!(together, solo, "{}: messages, times and end", kinds[place]);
        }
    }
}
