//! What a bad link can do: it may end a session for a named reason, and never deliver anything wrong.

use kurdistan::endpoint::{SmallMemory, StandardMemory, Storage};
use kurdistan::link::{Faults, Faulty, Link, MemoryLink};
use kurdistan::profile::{Fixed, Policy, Small, Standard};
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{CloseReason, Lifecycle, Role};

use crate::pair::Pair;

/// What the two sides of one run ended with.
struct Outcome {
    states: [Lifecycle; 2],
    delivered: Vec<u8>,
    clean_end: bool,
}

/// Every profile's frames fit.
type Wire = Faulty<MemoryLink<540, 8>, 540>;

/// Sends `sent` from client to server over a link with these faults.
fn run<P: Policy, M: Storage>(policy: P, seed: u64, sent: &[u8], faults: Faults) -> Outcome {
    let mut wire = Wire::new(MemoryLink::EMPTY, seed, faults);
    let mut pair = Pair::<P, M>::new(policy);
    let mut messages = sent.chunks(policy.spec().message_bytes_max()).peekable();
    let (mut stream, mut closing) = (None, false);
    let (mut delivered, mut clean_end) = (Vec::new(), false);
    for _ in 0..100_000 {
        if pair.client.is_open() && stream.is_none() {
            stream = pair.client.open_stream().ok();
        }
        while let (Some(stream), Some(message)) = (stream, messages.peek()) {
            if pair.client.send(pair.now, stream, &mut message.to_vec()).is_err() {
                break;
            }
            messages.next();
        }
        if let (Some(stream), None, false) = (stream, messages.peek(), closing) {
            let _ = pair.client.finish(pair.now, stream);
            pair.client.close(pair.now, CloseReason::Done);
            closing = true;
        }
        let mut spoke = false;
        for role in [Role::Client, Role::Server] {
            spoke |= turn(&mut pair, role, &mut wire);
        }
        let (messages, ends) = pair.read_all(Role::Server);
        messages.into_iter().for_each(|(_, message)| delivered.extend(message));
        clean_end |= ends.iter().any(|(_, end)| *end == StreamEnd::Finished);
        if !spoke && (pair.states().iter().all(is_over) || !pair.tick()) {
            break;
        }
    }
    Outcome { states: pair.states(), delivered, clean_end }
}

/// Takes what the link brings and gives it what is due; whether anything moved.
fn turn<P: Policy, M: Storage>(pair: &mut Pair<P, M>, role: Role, wire: &mut Wire) -> bool {
    let (now, side) = (pair.now, pair.side(role));
    let mut moved = false;
    while let Some(frame) = wire.front(role) {
        let _ = side.receive(now, frame.bytes);
        moved |= wire.pop(role);
    }
    while let Some(frame) = side.poll_transmit(now) {
        if wire.send(role, frame.bytes()).is_err() {
            break;
        }
        frame.sent();
        moved = true;
    }
    moved
}

fn is_over(state: &Lifecycle) -> bool {
    matches!(state, Lifecycle::Closed | Lifecycle::Failed)
}

/// A number that follows from two others.
fn chance(seed: u64, place: u64) -> u64 {
    let mut word = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ place.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (word ^ (word >> 29)) >> 20
}

/// The one property: nothing wrong is delivered, a clean end means everything, and both sides end.
fn property<P: Policy, M: Storage>(policy: P, seed: u64, faults: Faults) -> Outcome {
    let sent: Vec<u8> = (0..=chance(seed, 0) % 9_000).map(|place| chance(!seed, place) as u8).collect();
    let outcome = run::<P, M>(policy, seed, &sent, faults);
    let told = format!("seed {seed}, faults {faults:?}, {:?}", outcome.states);
    assert!(sent.starts_with(&outcome.delivered), "wrong bytes: {told}");
    if outcome.clean_end {
        assert_eq!(outcome.delivered.len(), sent.len(), "an end before the end: {told}");
    }
    if outcome.states[0] == Lifecycle::Closed {
        assert!(outcome.clean_end, "the client is done and the server is not: {told}");
    }
    // A server that never heard a hello waits for one.
    let waiting = outcome.states == [Lifecycle::Failed, Lifecycle::Negotiating];
    assert!(outcome.states.iter().all(is_over) || waiting, "somebody hangs: {told}");
    outcome
}

#[test]
fn a_sound_link_always_closes() {
    for seed in 0..100 {
        let outcome = property::<_, StandardMemory>(Fixed::<Standard>::new(), seed, Faults::NONE);
        assert_eq!(outcome.states, [Lifecycle::Closed; 2]);
        let outcome = property::<_, SmallMemory>(Fixed::<Small>::new(), seed, Faults::NONE);
        assert_eq!(outcome.states, [Lifecycle::Closed; 2]);
    }
}

#[test]
fn duplicates_and_reordering_are_harmless_within_the_window() {
    for seed in 0..300 {
        let outcome = property::<_, StandardMemory>(
            Fixed::<Standard>::new(),
            seed,
            Faults { duplicate: 3, ..Faults::NONE },
        );
        assert_eq!(outcome.states, [Lifecycle::Closed; 2], "seed {seed}");
        let outcome = property::<_, StandardMemory>(
            Fixed::<Standard>::new(),
            seed,
            Faults { duplicate: 4, reorder: 5, ..Faults::NONE },
        );
        assert!(outcome.states[1] != Lifecycle::Open, "seed {seed}");
    }
}

#[test]
fn nothing_wrong_is_ever_delivered_over_1000_seeds_of_mixed_faults() {
    let mut closed = 0;
    for seed in 0..1_000 {
        let [corrupt, drop, duplicate, reorder] =
            [1, 2, 3, 4].map(|fault| [0, 0, 5, 20, 60][(chance(seed, fault) % 5) as usize]);
        let faults = Faults { corrupt, drop, duplicate, reorder };
        let outcome = if seed % 2 == 0 {
            property::<_, StandardMemory>(Fixed::<Standard>::new(), seed, faults)
        } else {
            property::<_, SmallMemory>(Fixed::<Small>::new(), seed, faults)
        };
        closed += u32::from(outcome.states == [Lifecycle::Closed; 2]);
    }
    assert!((200..900).contains(&closed), "{closed} of 1,000 closed: the faults are too weak or too strong");
}
