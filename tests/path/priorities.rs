//! Whose turn it is when several streams wait for room: the same load under each policy, and what a ticket is worth.

use kurdistan::endpoint::{Memory, SendRefusal};
use kurdistan::profile::{Loaded, Profile, Spec, Standard};
use kurdistan::stream::{Priority, PriorityRefusal, StreamEnd};
use kurdistan::vocab::{CloseReason, Lifecycle, PipeRefusal, PriorityPolicy, Role};

use crate::pair::Pair;

/// A pipe of one longest message and one control frame, and credit that is never wanting.
const NARROW: Spec =
    Spec { pipe_frames_max: 4, streams_max: 8, stream_credit: 16, session_credit: 32, ..Standard::SPEC };

static SPECS: [Spec; 4] = [
    Spec { priority: PriorityPolicy::Fifo, ..NARROW },
    Spec { priority: PriorityPolicy::InteractiveFirst, ..NARROW },
    Spec { priority: PriorityPolicy::WeightedRoundRobin, ..NARROW },
    Spec { priority: PriorityPolicy::SmallestPendingFirst, ..NARROW },
];

const MOST: usize = NARROW.message_bytes_max();
const RETRY: u32 = NARROW.retry_ticks;

type Narrow = Pair<Loaded<'static>, Memory<16_384, 64, 1_048, 40, 8>>;

/// One stream of the load: the length of its messages, how many there are, and its priority.
#[derive(Clone, Copy)]
struct Offer {
    bytes: usize,
    messages: usize,
    priority: Priority,
}

const fn offer(bytes: usize, messages: usize, interactive: bool, weight: u8) -> Offer {
    Offer { bytes, messages, priority: Priority { interactive, weight } }
}

fn open(spec: &'static Spec, streams: usize) -> (Narrow, Vec<u32>) {
    let mut pair = Narrow::open(Loaded::new(spec).expect("a sound profile"));
    let streams = (0..streams).map(|_| pair.client.open_stream().expect("a stream")).collect();
    (pair, streams)
}

fn send(pair: &mut Narrow, stream: u32, bytes: usize) -> Result<(), SendRefusal> {
    pair.client.send(pair.now, stream, &mut vec![1; bytes])
}

fn waits_for_room(refused: Result<(), SendRefusal>) -> bool {
    matches!(refused, Err(SendRefusal::Pipe(PipeRefusal::Pressure { .. })))
}

/// One frame leaves; the peer reads and answers.
fn one_frame(pair: &mut Narrow) {
    if let Some(frame) = pair.client.poll_transmit(pair.now) {
        pair.server.receive(pair.now, frame.bytes()).expect("a genuine frame");
        frame.sent();
    }
    pair.read_all(Role::Server);
    for frame in pair.drain(Role::Server) {
        pair.client.receive(pair.now, &frame).expect("a genuine frame");
    }
}

/// Every stream tries until it is refused, then one frame leaves, until all is sent: the places of the streams as they sent.
fn order(spec: &'static Spec, offers: &[Offer]) -> Vec<usize> {
    let (mut pair, streams) = open(spec, offers.len());
    for (stream, offer) in streams.iter().zip(offers) {
        pair.client.prioritise(*stream, offer.priority).expect("a stream");
    }
    let mut left: Vec<usize> = offers.iter().map(|offer| offer.messages).collect();
    let mut order = Vec::new();
    for round in 0.. {
        assert!(round < 1_000, "no progress: {left:?}");
        if left.iter().all(|left| *left == 0) {
            break;
        }
        for (place, offer) in offers.iter().enumerate() {
            while left[place] != 0 && send(&mut pair, streams[place], offer.bytes).is_ok() {
                left[place] -= 1;
                order.push(place);
            }
        }
        one_frame(&mut pair);
    }
    order
}

#[test]
fn the_same_load_is_sent_in_another_order_under_each_policy() {
    // The first fills the pipe and waits with its second message before the others come.
    let offers = [offer(MOST, 4, false, 1), offer(200, 4, true, 1), offer(10, 4, false, 4)];
    let orders = [0, 1, 2, 3].map(|policy| order(&SPECS[policy], &offers));
    assert_eq!(orders[0], [0, 0, 1, 2, 0, 1, 2, 0, 1, 2, 1, 2], "fifo");
    assert_eq!(orders[1], [0, 1, 1, 1, 1, 0, 2, 0, 2, 0, 2, 2], "interactive first");
    assert_eq!(orders[3], [0, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0], "smallest pending first");
    assert_eq!(orders[2], [0, 1, 2, 2, 2, 2, 1, 1, 1, 0, 0, 0], "weighted round robin");
}

#[test]
fn weights_are_real_up_to_one_message_each() {
    const WEIGHTS: [u8; 3] = [1, 3, 5];
    for bytes in [[300, 300, 300], [MOST, 20, 700], [20, MOST, 376]] {
        let offers = [0, 1, 2].map(|place| offer(bytes[place], 100_000, false, WEIGHTS[place]));
        let (mut pair, streams) = open(&SPECS[2], 3);
        for (stream, offer) in streams.iter().zip(offers) {
            pair.client.prioritise(*stream, offer.priority).expect("a stream");
        }
        // An envelope of 24 bytes more, in frames of at most 400 with 28 bytes besides.
        let cost = bytes.map(|bytes| (bytes + 24 + (bytes + 24).div_ceil(400) * 28) as i64);
        let (mut sent, mut started) = ([0_i64; 3], false);
        for _ in 0..9_000 {
            for place in 0..3 {
                while send(&mut pair, streams[place], bytes[place]).is_ok() {
                    sent[place] += if started { cost[place] } else { 0 };
                }
            }
            started = true;
            one_frame(&mut pair);
            for (a, b) in [(0, 1), (0, 2), (1, 2)] {
                let weight = |place: usize| i64::from(WEIGHTS[place]);
                let apart = (sent[a] * weight(b) - sent[b] * weight(a)).abs();
                assert!(apart <= cost[a] * weight(b) + cost[b] * weight(a), "{sent:?} of {bytes:?}");
            }
        }
        assert!(sent.iter().all(|sent| *sent > 50_000), "{sent:?}");
    }
}

#[test]
fn small_messages_do_not_starve_a_large_one_unless_the_policy_prefers_them() {
    let waits = |policy: usize, offers: &[Offer]| {
        let order = order(&SPECS[policy], offers);
        let larges: Vec<usize> = (0..order.len()).filter(|at| order[*at] == 0).collect();
        larges.windows(2).map(|pair| pair[1] - pair[0] - 1).max().expect("several large messages")
    };
    let offers = |interactive| {
        [
            offer(MOST, 6, interactive, 1),
            offer(10, 60, false, 3),
            offer(10, 60, false, 3),
            offer(10, 60, false, 1),
        ]
    };
    assert_eq!(waits(0, &offers(false)), 3, "one of each stream that waits");
    assert_eq!(waits(1, &offers(false)), 3);
    assert_eq!(waits(1, &offers(true)), 0);
    // 1,132 bytes of the large one in the pipe, 62 of a small one; a stream of three times the weight sends three times as much.
    let bound = (3 * 1_132_usize).div_ceil(62) * 2 + 1_132_usize.div_ceil(62) + 3;
    let waited = waits(2, &offers(false));
    assert!(waited <= bound && waited > 60, "{waited} of {bound}");
    assert_eq!(waits(3, &offers(false)), 180, "all that are shorter");
}

#[test]
fn a_turn_that_nobody_uses_lapses_at_its_tick() {
    let (mut pair, streams) = open(&SPECS[0], 3);
    let [first, second, third] = streams[..] else { unreachable!() };
    send(&mut pair, first, MOST).unwrap();
    assert!(waits_for_room(send(&mut pair, second, MOST)));
    assert_eq!(send(&mut pair, third, 10), Err(SendRefusal::Turn { stream: second }));
    let quiet = pair.client.next_deadline();
    assert_eq!(pair.client.writable(pair.now), None, "no room yet");
    pair.now = pair.now.plus(100);
    assert_eq!(pair.client.next_deadline(), quiet, "a turn without room does not lapse");
    for _ in 0..3 {
        one_frame(&mut pair);
    }
    let now = pair.now;
    assert_eq!(pair.client.writable(now), Some(second));
    assert_eq!(pair.client.next_deadline(), Some(now.plus(RETRY)));
    pair.now = now.plus(RETRY - 1);
    pair.client.poll(pair.now);
    assert_eq!(send(&mut pair, third, 10), Err(SendRefusal::Turn { stream: second }));
    assert_eq!((pair.client.writable(pair.now), pair.client.stats().turns_lapsed), (Some(second), 0));
    pair.now = now.plus(RETRY);
    assert_eq!(pair.client.next_deadline(), Some(pair.now));
    pair.client.poll(pair.now);
    assert_eq!((pair.client.writable(pair.now), pair.client.stats().turns_lapsed), (Some(third), 1));
    assert_eq!(pair.client.next_deadline(), Some(pair.now.plus(RETRY)), "the next one has its own time");
    send(&mut pair, third, 10).unwrap();
    assert_ne!(pair.client.next_deadline(), Some(pair.now.plus(RETRY)), "nor does a turn that was used");
    assert_eq!(pair.client.writable(pair.now), None);
    assert_eq!(send(&mut pair, second, 10), Ok(()), "it may come again");
    let refusals = pair.client.stats();
    assert_eq!((refusals.pressure_events, refusals.turn_refusals, refusals.turns_lapsed), (1, 2, 1));
}

#[test]
fn the_time_of_a_send_is_enough_for_a_turn_to_lapse() {
    let (mut pair, streams) = open(&SPECS[0], 2);
    send(&mut pair, streams[0], MOST).unwrap();
    assert!(waits_for_room(send(&mut pair, streams[1], MOST)));
    pair.drain(Role::Client);
    pair.now = pair.now.plus(RETRY - 1);
    let turn = SendRefusal::Turn { stream: streams[1] };
    assert_eq!(send(&mut pair, streams[0], 10), Err(turn));
    assert!(turn.is_temporary());
    pair.now = pair.now.plus(1);
    assert_eq!(send(&mut pair, streams[0], 10), Ok(()));
}

#[test]
fn a_refused_message_leaves_nothing_but_its_ticket() {
    let run = |refusals: usize| {
        let (mut pair, streams) = open(&SPECS[0], 3);
        send(&mut pair, streams[0], MOST).unwrap();
        let before = pair.client.stats();
        for _ in 0..refusals {
            let mut message: Vec<u8> = (0..MOST).map(|at| at as u8).collect();
            assert!(pair.client.send(pair.now, streams[1], &mut message).is_err());
            assert!(message.iter().enumerate().all(|(at, byte)| *byte == at as u8));
            assert!(send(&mut pair, streams[2], 10).is_err());
        }
        let mut after = pair.client.stats();
        assert_eq!((after.pressure_events, after.turn_refusals), (refusals as u32, refusals as u32));
        (after.pressure_events, after.turn_refusals) = (0, 0);
        assert_eq!(after, before);
        let mut frames = pair.drain(Role::Client);
        for (stream, bytes) in [(1, MOST), (2, 10), (0, 300)] {
            send(&mut pair, streams[stream], bytes).unwrap();
            frames.extend(pair.drain(Role::Client));
        }
        frames
    };
    let plain = run(0);
    assert_eq!(plain.len(), 3 + 3 + 1 + 1);
    assert!(run(1) == plain && run(5) == plain);
}

#[test]
fn whoever_ends_or_is_reset_frees_the_turn() {
    type End = fn(&mut Narrow, u32);
    let ends: [End; 4] = [
        |pair, stream| pair.client.reset(pair.now, stream, 7).unwrap(),
        |pair, stream| pair.client.finish(pair.now, stream).unwrap(),
        |pair, stream| pair.client.finish_with_error(pair.now, stream, 7).unwrap(),
        |pair, stream| {
            pair.server.reset(pair.now, stream, 7).unwrap();
            for frame in pair.drain(Role::Server) {
                pair.client.receive(pair.now, &frame).unwrap();
            }
        },
    ];
    for (place, end) in ends.into_iter().enumerate() {
        let (mut pair, streams) = open(&SPECS[0], 3);
        let [first, second, third] = streams[..] else { unreachable!() };
        // The peer knows the second one, so that it can reset it.
        send(&mut pair, second, 10).unwrap();
        one_frame(&mut pair);
        send(&mut pair, first, MOST).unwrap();
        assert!(waits_for_room(send(&mut pair, second, MOST)));
        one_frame(&mut pair);
        assert_eq!(send(&mut pair, third, 10), Err(SendRefusal::Turn { stream: second }));
        end(&mut pair, second);
        if place == 1 || place == 2 {
            assert_eq!(send(&mut pair, third, 10), Ok(()), "an end does not inherit the place of a message");
            continue;
        }
        pair.drain(Role::Client);
        assert_eq!(pair.client.writable(pair.now), Some(third), "{place}");
        assert_eq!(send(&mut pair, third, 10), Ok(()), "{place}");
    }
}

#[test]
fn an_end_that_waits_has_its_turn() {
    for spec in &SPECS {
        let (mut pair, streams) = open(spec, 3);
        let [first, second, third] = streams[..] else { unreachable!() };
        send(&mut pair, first, MOST).unwrap();
        pair.client.finish(pair.now, second).unwrap();
        let mut ended_after = None;
        for sent in 0..20 {
            for stream in [first, third] {
                while send(&mut pair, stream, 10).is_ok() {}
            }
            one_frame(&mut pair);
            if ended_after.is_none() && pair.server.read(second) == kurdistan::Read::End(StreamEnd::Finished)
            {
                ended_after = Some(sent);
            }
        }
        assert!(ended_after.is_some_and(|sent| sent < 8), "{ended_after:?} under {}", spec.priority);
    }
}

#[test]
fn a_turn_begins_anew_when_there_is_no_room_for_what_is_wanted_now() {
    let (mut pair, streams) = open(&SPECS[0], 2);
    send(&mut pair, streams[0], MOST).unwrap();
    assert!(waits_for_room(send(&mut pair, streams[1], 10)));
    one_frame(&mut pair);
    let now = pair.now;
    assert_eq!(pair.client.writable(now), Some(streams[1]));
    pair.now = now.plus(RETRY - 1);
    assert!(waits_for_room(send(&mut pair, streams[1], MOST)));
    pair.now = now.plus(RETRY);
    assert_ne!(pair.client.next_deadline(), Some(pair.now));
    pair.client.poll(pair.now);
    assert_eq!(pair.client.stats().turns_lapsed, 0);
    pair.drain(Role::Client);
    assert_eq!(pair.client.writable(pair.now), Some(streams[1]));
    assert_eq!(pair.client.next_deadline(), Some(pair.now.plus(RETRY)));
}

#[test]
fn an_end_whose_turn_it_is_is_not_for_the_application_to_send() {
    static SPEC: Spec = Spec {
        pipe_frames_max: 64,
        pipe_bytes_max: 1_800,
        pipe_high_bytes: 1_200,
        pipe_low_bytes: 400,
        ..NARROW
    };
    let (mut pair, streams) = open(&SPEC, 2);
    for bytes in [MOST, 376, 10, 10] {
        send(&mut pair, streams[0], bytes).unwrap();
    }
    // The second ends first; one long frame makes room for both ends, of which each call says one.
    pair.client.finish(pair.now, streams[1]).unwrap();
    pair.client.finish(pair.now, streams[0]).unwrap();
    let sent = pair.client.stats().messages_sent;
    pair.client.poll_transmit(pair.now).unwrap().sent();
    assert_eq!(pair.client.writable(pair.now), None);
    assert_eq!(pair.client.stats().messages_sent, sent + 1);
    assert_eq!(pair.client.writable(pair.now), None);
    assert_eq!(pair.client.stats().messages_sent, sent + 2);
}

#[test]
fn a_close_waits_for_ends_and_not_for_messages_that_were_refused() {
    let (mut pair, streams) = open(&SPECS[0], 3);
    send(&mut pair, streams[0], MOST).unwrap();
    assert!(waits_for_room(send(&mut pair, streams[1], MOST)));
    pair.client.finish(pair.now, streams[2]).unwrap();
    pair.client.close(pair.now, CloseReason::Done);
    pair.settle();
    pair.read_all(Role::Server);
    pair.settle();
    assert_eq!(pair.states(), [Lifecycle::Closed; 2]);
    assert_eq!(pair.client.next_deadline(), None);
}

#[test]
fn a_ticket_without_credit_is_passed_over() {
    static SPEC: Spec =
        Spec { priority: PriorityPolicy::InteractiveFirst, stream_credit: 2, session_credit: 1, ..NARROW };
    let (mut pair, streams) = open(&SPEC, 3);
    let [first, second, third] = streams[..] else { unreachable!() };
    pair.client.prioritise(first, Priority { interactive: true, weight: 1 }).unwrap();
    // Both have their own message out; the one that is shared goes to the first, though the second has waited for it.
    for stream in [first, second] {
        send(&mut pair, stream, 10).unwrap();
    }
    pair.drain(Role::Client);
    send(&mut pair, third, MOST).unwrap();
    assert!(waits_for_room(send(&mut pair, second, 10)));
    pair.drain(Role::Client);
    assert_eq!(pair.client.writable(pair.now), Some(second));
    send(&mut pair, first, 10).unwrap();
    assert_eq!(pair.client.writable(pair.now), None);
    assert_eq!(send(&mut pair, second, 10), Err(SendRefusal::Credit));
    let fourth = pair.client.open_stream().unwrap();
    assert_eq!(send(&mut pair, fourth, 10), Ok(()));
}

#[test]
fn a_priority_is_refused_by_name_and_counts_from_then_on() {
    let (mut pair, streams) = open(&SPECS[2], 1);
    let heavy = Priority { weight: 255, ..Priority::PLAIN };
    assert_eq!(pair.client.prioritise(99, heavy), Err(PriorityRefusal::NoStream));
    let none = Priority { weight: 0, ..heavy };
    assert_eq!(pair.client.prioritise(99, none), Err(PriorityRefusal::NoStream));
    assert_eq!(pair.client.prioritise(streams[0], none), Err(PriorityRefusal::Weight));
    assert_eq!(pair.client.prioritise(streams[0], heavy), Ok(()));
}
