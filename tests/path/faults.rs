//! What a bad link can do: it may end a session for a named reason, and never deliver anything wrong.

use kurdistan::endpoint::{SmallMemory, StandardMemory, Storage};
use kurdistan::profile::{Fixed, Policy, Small, Standard};
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{CloseReason, Lifecycle, Role};

use crate::pair::Pair;

struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// What the two sides of one run ended with.
struct Outcome {
    states: [Lifecycle; 2],
    delivered: Vec<u8>,
    clean_end: bool,
}

/// Sends `sent` from client to server over a link with these faults, one frame in N each (0 for never).
fn run<P: Policy, M: Storage>(policy: P, seed: u64, sent: &[u8], faults: [u64; 4]) -> Outcome {
    let [corrupt, drop, duplicate, reorder] = faults;
    let mut chance = Chance(seed);
    let mut pair = Pair::<P, M>::new(policy);
    let most = policy.spec().message_bytes_max();
    let mut held: [Option<Vec<u8>>; 2] = [None, None];
    let (mut stream, mut offset, mut closing) = (None, 0, false);
    let (mut delivered, mut clean_end) = (Vec::new(), false);
    let ended = |pair: &Pair<P, M>| {
        pair.states().iter().all(|state| matches!(state, Lifecycle::Closed | Lifecycle::Failed))
    };
    for _ in 0..100_000 {
        if pair.client.is_open() && stream.is_none() {
            stream = pair.client.open_stream().ok();
        }
        while let (Some(stream), true) = (stream, offset < sent.len()) {
            let end = sent.len().min(offset + most);
            if pair.client.send(pair.now, stream, &mut sent[offset..end].to_vec()).is_err() {
                break;
            }
            offset = end;
        }
        if let (Some(stream), true, false) = (stream, offset == sent.len(), closing) {
            let _ = pair.client.finish(pair.now, stream);
            pair.client.close(pair.now, CloseReason::Done);
            closing = true;
        }
        let mut spoke = false;
        for role in [Role::Client, Role::Server] {
            let mut arriving = Vec::new();
            for mut frame in pair.drain(role) {
                spoke = true;
                let mut one_in = |n: u64| n != 0 && chance.below(n) == 0;
                let (dropped, doubled, late) = (one_in(drop), one_in(duplicate), one_in(reorder));
                if one_in(corrupt) {
                    let bit = chance.below(frame.len() as u64 * 8) as usize;
                    frame[bit / 8] ^= 1 << (bit % 8);
                }
                if dropped {
                    continue;
                }
                let place = &mut held[role.code() as usize];
                if late && place.is_none() {
                    *place = Some(frame);
                    continue;
                }
                arriving.push(frame.clone());
                if doubled {
                    arriving.push(frame);
                }
                arriving.extend(place.take());
            }
            if arriving.is_empty() {
                arriving.extend(held[role.code() as usize].take());
            }
            for frame in arriving {
                spoke = true;
                let now = pair.now;
                let _ = pair.side(role.peer()).receive(now, &frame);
            }
        }
        let (messages, ends) = pair.read_all(Role::Server);
        messages.into_iter().for_each(|(_, message)| delivered.extend(message));
        clean_end |= ends.iter().any(|(_, end)| *end == StreamEnd::Finished);
        if !spoke && (ended(&pair) || !pair.tick()) {
            break;
        }
    }
    Outcome { states: pair.states(), delivered, clean_end }
}

/// The one property: nothing wrong is delivered, a clean end means everything, and both sides end.
fn property<P: Policy, M: Storage>(policy: P, seed: u64, faults: [u64; 4]) -> Outcome {
    let mut chance = Chance(!seed);
    let sent: Vec<u8> = (0..1 + chance.below(9_000)).map(|_| chance.below(256) as u8).collect();
    let outcome = run::<P, M>(policy, seed, &sent, faults);
    let told = format!("seed {seed}, faults {faults:?}, {:?}", outcome.states);
    assert!(sent.starts_with(&outcome.delivered), "wrong bytes: {told}");
    if outcome.clean_end {
        assert_eq!(outcome.delivered.len(), sent.len(), "an end before the end: {told}");
    }
    if outcome.states[0] == Lifecycle::Closed {
        assert!(outcome.clean_end, "the client is done and the server is not: {told}");
    }
    let over = |state: &Lifecycle| matches!(state, Lifecycle::Closed | Lifecycle::Failed);
    // A server that never heard a hello waits for one.
    let waiting = outcome.states == [Lifecycle::Failed, Lifecycle::Negotiating];
    assert!(outcome.states.iter().all(over) || waiting, "somebody hangs: {told}");
    outcome
}

#[test]
fn a_sound_link_always_closes() {
    for seed in 0..100 {
        let outcome = property::<_, StandardMemory>(Fixed::<Standard>::new(), seed, [0; 4]);
        assert_eq!(outcome.states, [Lifecycle::Closed; 2]);
        let outcome = property::<_, SmallMemory>(Fixed::<Small>::new(), seed, [0; 4]);
        assert_eq!(outcome.states, [Lifecycle::Closed; 2]);
    }
}

#[test]
fn duplicates_and_reordering_are_harmless_within_the_window() {
    for seed in 0..300 {
        let outcome = property::<_, StandardMemory>(Fixed::<Standard>::new(), seed, [0, 0, 3, 0]);
        assert_eq!(outcome.states, [Lifecycle::Closed; 2], "seed {seed}");
        let outcome = property::<_, StandardMemory>(Fixed::<Standard>::new(), seed, [0, 0, 4, 5]);
        assert!(outcome.states[1] != Lifecycle::Open, "seed {seed}");
    }
}

#[test]
fn nothing_wrong_is_ever_delivered_over_1000_seeds_of_mixed_faults() {
    let mut closed = 0;
    for seed in 0..1_000 {
        let mut chance = Chance(seed ^ 0x5eed);
        let faults = [0; 4].map(|_| [0, 0, 5, 20, 60][chance.below(5) as usize]);
        let outcome = if seed % 2 == 0 {
            property::<_, StandardMemory>(Fixed::<Standard>::new(), seed, faults)
        } else {
            property::<_, SmallMemory>(Fixed::<Small>::new(), seed, faults)
        };
        closed += u32::from(outcome.states == [Lifecycle::Closed; 2]);
    }
    assert!((200..900).contains(&closed), "{closed} of 1,000 closed: the faults are too weak or too strong");
}
