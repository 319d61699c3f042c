//! What works on a sound link.

use kurdistan::endpoint::{SendRefusal, SmallMemory, StandardMemory};
use kurdistan::profile::{Fixed, Profile, Small, Standard};
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{CloseReason, FailReason, Lifecycle, Role};

use crate::pair::Pair;

fn standard() -> Pair<Fixed<Standard>, StandardMemory> {
    Pair::open(Fixed::new())
}

#[test]
fn a_handshake_opens_both_sides_in_three_frames_of_at_most_512_bytes() {
    let mut pair = Pair::<Fixed<Standard>, StandardMemory>::new(Fixed::new());
    let hello = pair.drain(Role::Client);
    pair.server.receive(pair.now, &hello[0]).unwrap();
    let accept = pair.drain(Role::Server);
    pair.client.receive(pair.now, &accept[0]).unwrap();
    let confirm = pair.drain(Role::Client);
    pair.server.receive(pair.now, &confirm[0]).unwrap();
    assert_eq!(pair.states(), [Lifecycle::Open; 2]);
    assert_eq!([hello.len(), accept.len(), confirm.len()], [1; 3]);
    assert!(accept[0].len() <= hello[0].len());
    let bytes: usize = [&hello[0], &accept[0], &confirm[0]].map(Vec::len).iter().sum();
    assert!(bytes <= 512, "{bytes}");
    let (mut ours, mut theirs) = ([0; 40], [0; 40]);
    pair.client.export("label", b"context", &mut ours).unwrap().unwrap();
    pair.server.export("label", b"context", &mut theirs).unwrap().unwrap();
    assert_eq!(ours, theirs);
}

#[test]
fn messages_of_every_length_arrive_as_they_were_sent_with_52_bytes_besides() {
    let mut pair = standard();
    let stream = pair.client.open_stream().unwrap();
    let most = Standard::SPEC.message_bytes_max();
    for length in [1, 2, 375, 376, 377, 776, 777, most] {
        let message: Vec<u8> = (0..length).map(|at| (at * 7) as u8).collect();
        let before = pair.client.stats().bytes_sent;
        pair.client.send(pair.now, stream, &mut message.clone()).unwrap();
        let frames = pair.drain(Role::Client);
        if let [frame] = &frames[..] {
            assert_eq!(frame.len() - length, 52);
        }
        assert!(pair.client.stats().bytes_sent > before);
        for frame in frames {
            pair.server.receive(pair.now, &frame).unwrap();
        }
        assert_eq!(pair.read_all(Role::Server).0, [(stream, message)]);
        pair.settle();
    }
    let refused = pair.client.send(pair.now, stream, &mut vec![0; most + 1]);
    assert_eq!(refused, Err(SendRefusal::TooLong { max: most as u16 }));
    assert_eq!(pair.client.send(pair.now, stream, &mut []), Err(SendRefusal::Empty));
}

#[test]
fn many_streams_each_way_with_a_reader_that_echoes() {
    let mut pair = standard();
    let streams: Vec<u32> = (0..4).map(|_| pair.client.open_stream().unwrap()).collect();
    assert_eq!(streams, [1, 3, 5, 7]);
    let mut sent = vec![Vec::new(); 4];
    let mut echoed = vec![Vec::new(); 4];
    let mut left = [57_usize; 4];
    let mut rounds = 0;
    while echoed.iter().map(Vec::len).sum::<usize>() < 4 * 57 {
        rounds += 1;
        assert!(rounds < 10_000, "no progress: {left:?}");
        for (place, stream) in streams.iter().enumerate() {
            let message = vec![(left[place] * 3 + place) as u8; left[place] * 11 + place + 1];
            if left[place] > 0 && pair.client.send(pair.now, *stream, &mut message.clone()).is_ok() {
                sent[place].push(message);
                left[place] -= 1;
            }
        }
        pair.exchange(&mut |_, _| 1);
        let now = pair.now;
        while let Some(stream) = pair.server.readable() {
            let kurdistan::endpoint::Read::Message(bytes) = pair.server.read(stream) else { panic!() };
            let mut copy = bytes.to_vec();
            if pair.server.send(now, stream, &mut copy).is_err() {
                break;
            }
            pair.server.consume(now, stream);
        }
        for (stream, message) in pair.read_all(Role::Client).0 {
            echoed[(stream / 2) as usize].push(message);
        }
    }
    assert_eq!(sent, echoed);
    assert_eq!(pair.client.stats().rejects() + pair.server.stats().rejects(), 0);
}

#[test]
fn a_stream_ends_cleanly_in_both_directions_and_frees_its_place() {
    let mut pair = standard();
    for round in 0..20 {
        let stream = pair.client.open_stream().unwrap();
        assert_eq!(stream, round * 2 + 1);
        pair.client.send(pair.now, stream, &mut [7; 30]).unwrap();
        pair.client.finish(pair.now, stream).unwrap();
        assert_eq!(
            pair.client.send(pair.now, stream, &mut [7; 30]),
            Err(SendRefusal::Ended(StreamEnd::Finished))
        );
        pair.settle();
        let (messages, ends) = pair.read_all(Role::Server);
        assert_eq!((messages, ends), (vec![(stream, vec![7; 30])], vec![(stream, StreamEnd::Finished)]));
        pair.server.finish_with_error(pair.now, stream, 9).unwrap();
        pair.settle();
        assert_eq!(pair.read_all(Role::Client).1, [(stream, StreamEnd::Error(9))]);
        pair.settle();
        assert_eq!(pair.client.send(pair.now, stream, &mut [7; 30]), Err(SendRefusal::NoStream));
    }
}

#[test]
fn a_reset_ends_one_stream_and_no_other() {
    let mut pair = standard();
    let (victim, other) = (pair.client.open_stream().unwrap(), pair.client.open_stream().unwrap());
    for _ in 0..2 {
        pair.client.send(pair.now, victim, &mut [1; 900]).unwrap();
        pair.client.send(pair.now, other, &mut [2; 900]).unwrap();
    }
    pair.client.reset(pair.now, victim, 77).unwrap();
    pair.settle();
    let (messages, ends) = pair.read_all(Role::Server);
    assert_eq!(messages, vec![(other, vec![2; 900]); 2]);
    assert_eq!(ends, [(victim, StreamEnd::Reset(77))]);
    pair.settle();
    pair.client.close(pair.now, CloseReason::Done);
    pair.settle();
    assert_eq!(pair.states(), [Lifecycle::Closed; 2]);
}

#[test]
fn a_close_delivers_what_was_queued_and_both_sides_agree() {
    let mut pair = standard();
    let stream = pair.client.open_stream().unwrap();
    for _ in 0..4 {
        pair.client.send(pair.now, stream, &mut [5; 1_000]).unwrap();
    }
    pair.client.finish(pair.now, stream).unwrap();
    pair.client.close(pair.now, CloseReason::Done);
    assert_eq!(pair.client.send(pair.now, stream, &mut [5; 10]), Err(SendRefusal::NotOpen));
    let mut bytes = 0;
    while pair.states() != [Lifecycle::Closed; 2] {
        assert!(pair.exchange(&mut |_, _| 1), "no progress");
        bytes += pair.read_all(Role::Server).0.iter().map(|(_, message)| message.len()).sum::<usize>();
    }
    bytes += pair.read_all(Role::Server).0.iter().map(|(_, message)| message.len()).sum::<usize>();
    assert_eq!(bytes, 4_000);
    pair.client.close(pair.now, CloseReason::Done);
    assert_eq!(pair.states(), [Lifecycle::Closed; 2]);
}

#[test]
fn closes_that_cross_need_no_tie_break() {
    let mut pair = standard();
    pair.client.close(pair.now, CloseReason::Done);
    pair.server.close(pair.now, CloseReason::Shutdown);
    pair.settle();
    assert_eq!(pair.states(), [Lifecycle::Closed; 2]);
}

#[test]
fn closing_before_open_is_a_failure_with_its_own_name() {
    let mut pair = Pair::<Fixed<Small>, SmallMemory>::new(Fixed::new());
    pair.client.close(pair.now, CloseReason::Done);
    assert_eq!(pair.client.failure().unwrap().reason, FailReason::ClosedBeforeOpen);
}

#[test]
fn an_abort_tells_the_peer_why() {
    let mut pair = standard();
    pair.client.abort();
    pair.settle();
    assert_eq!(pair.client.failure().unwrap().reason, FailReason::Aborted);
    assert_eq!(pair.server.failure().unwrap().reason, FailReason::Aborted);
}

#[test]
fn credit_bounds_what_is_unread_and_reading_returns_it() {
    let mut pair = standard();
    let stream = pair.client.open_stream().unwrap();
    for _ in 0..Standard::SPEC.stream_credit {
        pair.client.send(pair.now, stream, &mut [3; 100]).unwrap();
    }
    assert_eq!(pair.client.send(pair.now, stream, &mut [3; 100]), Err(SendRefusal::Credit));
    pair.settle();
    assert_eq!(pair.client.send(pair.now, stream, &mut [3; 100]), Err(SendRefusal::Credit));
    assert_eq!(pair.read_all(Role::Server).0.len(), 4);
    pair.settle();
    pair.client.send(pair.now, stream, &mut [3; 100]).unwrap();
}

#[test]
fn every_stream_may_send_whatever_the_others_leave_unread() {
    let mut pair = standard();
    let streams: Vec<u32> = (0..4).map(|_| pair.client.open_stream().unwrap()).collect();
    let mut sent = 0;
    for stream in &streams[..3] {
        while pair.client.send(pair.now, *stream, &mut [1; 10]).is_ok() {
            sent += 1;
        }
    }
    assert_eq!(sent, 3 + 8, "one of its own each, and all that is shared");
    pair.client.send(pair.now, streams[3], &mut [2; 10]).unwrap();
    pair.settle();
    assert_eq!(pair.read_all(Role::Server).0.len(), 12);
}
