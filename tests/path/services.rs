//! The driver of the synthetic targets: pressure, names, tables, sessions that end, and no allocation.

use std::sync::Mutex;

use kurdistan::endpoint::{Read, Service};
use kurdistan::profile::{Fixed, Loaded, Profile, Spec, Standard};
use kurdistan::stream::StreamEnd;
use kurdistan::stream::target::{TargetKind, TargetSettings};
use kurdistan::vocab::{CloseReason, Lifecycle, PriorityPolicy, Role};

use crate::targets::{Answer, ECHOED, Run, SEED, Targets, USUAL, content, digest, standard};

#[test]
fn pressure_and_turns_lose_nothing_under_any_policy() {
    const NARROW: Spec = Spec { pipe_frames_max: 4, ..Standard::SPEC };
    static SPECS: [Spec; 4] = [
        Spec { priority: PriorityPolicy::Fifo, ..NARROW },
        Spec { priority: PriorityPolicy::InteractiveFirst, ..NARROW },
        Spec { priority: PriorityPolicy::WeightedRoundRobin, ..NARROW },
        Spec { priority: PriorityPolicy::SmallestPendingFirst, ..NARROW },
    ];
    let settings = TargetSettings { large_bytes: 100_000, ..USUAL };
    for spec in &SPECS {
        let targets = Targets::named(settings, SEED);
        let mut run = Run::new(Loaded::new(spec).expect("a sound profile"), targets);
        let streams = [(); 4].map(|()| run.pair.client.open_stream().unwrap());
        let asked: [&[u8]; 4] = [b"large_object", b"chunked_response", b"echo", b"large_object"];
        // The last echo finds no room, and comes again.
        let echoes = ECHOED[..3].iter().map(|text| (streams[2], *text));
        for (stream, text) in streams.into_iter().zip(asked).chain(echoes) {
            run.send(stream, text);
            for frame in run.pair.drain(Role::Client) {
                run.pair.server.receive(run.start, &frame).expect("a genuine frame");
            }
        }
        run.pair.client.finish(run.pair.now, streams[2]).unwrap();
        let answers = run.answers(&streams);
        for (stream, bytes) in [(streams[0], 100_000), (streams[1], 4_096), (streams[3], 100_000)] {
            let answer = &answers[&stream];
            assert_eq!(digest(&answer.bytes()), content(stream, bytes), "{stream} {}", spec.priority);
            assert_eq!(answer.end, Some((0, StreamEnd::Finished)));
        }
        let echoed: Vec<_> = answers[&streams[2]].messages.iter().map(|(_, text)| text.clone()).collect();
        assert_eq!(echoed, ECHOED[..3]);
        let stats = run.pair.server.stats();
        assert!(stats.pressure_events > 50 && stats.turn_refusals > 50, "{stats:?}");
        assert_eq!(stats.turns_lapsed, 0);
    }
}

#[test]
fn one_call_goes_on_when_a_later_target_had_the_turn() {
    static SPEC: Spec = Spec { pipe_frames_max: 4, priority: PriorityPolicy::Fifo, ..Standard::SPEC };
    let mut run = Run::new(Loaded::new(&SPEC).expect("a sound profile"), Targets::named(USUAL, SEED));
    let [drip, fixed] = [(); 2].map(|()| run.pair.client.open_stream().unwrap());
    run.send(drip, b"drip_response");
    while run.turn(&mut |_, _, _| ()) {}
    run.send(fixed, b"fixed_response");
    let request = run.pair.drain(Role::Client).remove(0);
    run.pair.server.receive(run.start, &request).unwrap();
    // Something else fills the pipe: first the later target waits, then the earlier one.
    let own = run.pair.server.open_stream().unwrap();
    run.pair.server.send(run.start, own, &mut [1; 1_024]).unwrap();
    run.targets.poll(run.start, &mut run.pair.server);
    run.pair.now = run.start.plus(USUAL.drip_ticks);
    run.targets.poll(run.pair.now, &mut run.pair.server);
    let stats = run.pair.server.stats();
    assert!(stats.pressure_events >= 2 && stats.turn_refusals == 1, "{stats:?}");
    run.pair.drain(Role::Server);
    assert!(run.targets.poll(run.pair.now, &mut run.pair.server));
    assert_eq!(run.pair.server.stats().messages_sent, stats.messages_sent + 2, "an answer and a byte");
}

#[test]
fn a_name_that_no_target_has_ends_its_stream() {
    for text in [&b"unknown"[..], b"echo ", &[0; 1_024]] {
        let mut run = standard(USUAL);
        let stream = run.pair.client.open_stream().unwrap();
        run.send(stream, text);
        run.send(stream, b"echo");
        let answer = run.answers(&[stream]).remove(&stream).unwrap();
        assert_eq!(
            answer,
            Answer { messages: vec![], end: Some((0, StreamEnd::Error(Targets::UNKNOWN_TARGET))) }
        );
        assert_eq!(run.targets.serving(), 1, "until the peer has ended, it is read");
        run.pair.client.finish(run.pair.now, stream).unwrap();
        while run.turn(&mut |_, _, _| ()) {}
        assert_eq!(run.targets.serving(), 0);
    }
    let mut run = standard(USUAL);
    let stream = run.pair.client.open_stream().unwrap();
    run.pair.client.finish(run.pair.now, stream).unwrap();
    let answer = run.answers(&[stream]).remove(&stream).unwrap();
    assert_eq!(answer.end, Some((0, StreamEnd::Error(Targets::UNKNOWN_TARGET))));
}

#[test]
fn one_target_for_all_streams_takes_the_first_message_as_a_request() {
    let mut run = Run::new(Fixed::<Standard>::new(), Targets::of(TargetKind::Echo, USUAL, SEED));
    let streams = [(); 2].map(|()| run.pair.client.open_stream().unwrap());
    for stream in streams {
        run.send(stream, b"fixed_response");
        run.pair.client.finish(run.pair.now, stream).unwrap();
    }
    let answers = run.answers(&streams);
    assert!(answers.values().all(|answer| answer.bytes() == b"fixed_response"));
    let mut run = Run::new(Fixed::<Standard>::new(), Targets::of(TargetKind::FixedResponse, USUAL, SEED));
    let stream = run.pair.client.open_stream().unwrap();
    run.pair.client.finish(run.pair.now, stream).unwrap();
    assert_eq!(run.answers(&[stream])[&stream].shape(), [(0, 64)], "an end is a request, too");
}

#[test]
fn an_echo_refuses_what_its_buffer_does_not_hold() {
    let mut run = standard(USUAL);
    let mut small = Service::<4, 100>::of(TargetKind::Echo, USUAL, SEED);
    let stream = run.pair.client.open_stream().unwrap();
    run.send(stream, &[5; 100]);
    run.send(stream, &[6; 101]);
    let mut came = Vec::new();
    for _ in 0..4 {
        run.pair.exchange(&mut |_, _| 1);
        small.poll(run.pair.now, &mut run.pair.server);
        let (messages, ends) = run.pair.read_all(Role::Client);
        came.extend(messages.into_iter().map(|(_, text)| Ok(text)));
        came.extend(ends.into_iter().map(|(_, end)| Err(end)));
    }
    assert_eq!(came, [Ok(vec![5; 100]), Err(StreamEnd::Error(Service::<4, 100>::TOO_LONG))]);
}

#[test]
fn streams_of_this_side_are_left_alone_and_a_full_table_leaves_the_rest_unread() {
    let mut run = standard(USUAL);
    let own = run.pair.server.open_stream().unwrap();
    let now = run.pair.now;
    run.pair.server.send(now, own, &mut [1; 5]).unwrap();
    run.pair.settle();
    run.pair.client.send(now, own, &mut [2; 5]).unwrap();
    run.pair.settle();
    assert!(!run.targets.poll(now, &mut run.pair.server), "its reader is another");
    let streams = [(); 2].map(|()| run.pair.client.open_stream().unwrap());
    for stream in streams {
        run.send(stream, b"discard");
    }
    run.pair.settle();
    let mut one = Service::<1, 100>::named(USUAL, SEED);
    assert!(one.poll(now, &mut run.pair.server));
    assert_eq!(one.serving(), 1);
    let (messages, _) = run.pair.read_all(Role::Server);
    assert_eq!(messages, [(own, vec![2; 5]), (streams[1], b"discard".to_vec())]);
    run.pair.client.close(now, CloseReason::Done);
    run.pair.settle();
    assert_eq!(run.pair.states(), [Lifecycle::Closed; 2]);
    assert!(!one.poll(now, &mut run.pair.server));
    assert_eq!((one.serving(), one.next_deadline()), (0, None));
}

#[test]
fn a_reset_by_the_peer_ends_the_target() {
    let mut run = standard(USUAL);
    let stream = run.pair.client.open_stream().unwrap();
    run.send(stream, b"drip_response");
    while run.turn(&mut |_, _, _| ()) {}
    assert!(run.targets.next_deadline().is_some());
    run.pair.client.reset(run.pair.now, stream, 1).unwrap();
    while run.turn(&mut |_, _, _| ()) {}
    assert_eq!((run.targets.serving(), run.targets.next_deadline()), (0, None));
}

static SERVICE: Mutex<Targets> = Mutex::new(Targets::named(USUAL, SEED));

#[test]
fn all_targets_run_from_a_static_without_allocation() {
    let mut run = standard(USUAL);
    core::mem::swap(&mut run.targets, &mut SERVICE.lock().unwrap());
    let (mut ended, mut bytes) = (0, 0);
    let allocated = allocation_counter::measure(|| {
        for kind in TargetKind::ALL {
            let now = run.pair.now;
            let stream = run.pair.client.open_stream().expect("a stream");
            let mut name = [0; 32];
            let name = &mut name[..kind.name().len()];
            name.copy_from_slice(kind.name().as_bytes());
            run.pair.client.send(now, stream, name).expect("room");
            run.pair.client.send(now, stream, &mut [1; 100]).expect("room");
            run.pair.client.finish(now, stream).expect("an open half");
            let mut over = false;
            while !over {
                let moved = run.turn(&mut |_, _, read| match read {
                    Read::Message(text) => bytes += text.len(),
                    _ => over = true,
                });
                if !moved {
                    run.wait();
                }
            }
            ended += 1;
            while run.turn(&mut |_, _, _| ()) {}
        }
    });
    assert_eq!((ended, bytes), (10, 100 + 2 * 64 + 4_096 + 2_097_152 + 2 * 640 + 16 + 4_096));
    assert_eq!(allocated.count_total, 0, "{allocated:?}");
}

#[test]
fn what_is_printed_shows_no_message() {
    let mut run = Run::new(Fixed::<Standard>::new(), Targets::of(TargetKind::Echo, USUAL, SEED));
    let stream = run.pair.client.open_stream().unwrap();
    run.send(stream, &[251; 1_000]);
    run.pair.settle();
    run.targets.poll(run.pair.now, &mut run.pair.server);
    let printed = format!("{:?}", run.targets);
    assert!(printed.len() < 1_000 && printed.contains("Echo"), "{printed}");
}
