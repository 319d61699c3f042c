//! What a bad link can do: it may end a session for a named reason, and never deliver anything wrong.

use kurdistan::endpoint::{SmallMemory, StandardMemory, Storage};
use kurdistan::link::{Delaying, Faults, Faulty, Injecting, Link, MemoryLink, Reflecting, Truncating};
use kurdistan::profile::{Fixed, Policy, Small, Standard};
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{CloseReason, Lifecycle, Role, Ticks};

use crate::pair::Pair;

/// What the two sides of one run ended with.
struct Outcome {
    states: [Lifecycle; 2],
    delivered: Vec<u8>,
    clean_end: bool,
    ticks: u32,
    /// How often each fault was done, in both directions: the four of [`Faults`] in their order, truncate, reflect, inject,
    /// delay.
    done: [u32; 8],
}

/// All eight faults: a rate each, and a time.
#[derive(Clone, Copy, Debug)]
struct Mix {
    faults: Faults,
    truncate: u32,
    reflect: u32,
    inject: u32,
    delay_ticks: u32,
}

impl Mix {
    const fn of(faults: Faults) -> Self {
        Self { faults, truncate: 0, reflect: 0, inject: 0, delay_ticks: 0 }
    }
}

type Slow = Delaying<MemoryLink<540, 8>, 540, 32>;

/// Every profile's frames fit.
type Wire = Reflecting<Injecting<Truncating<Faulty<Slow, 540>>, 540>, 540>;

/// A moment before the clock wraps, like that of the pair.
const START: Ticks = Ticks(u32::MAX - 5_000);

fn wire(seed: u64, mix: Mix) -> Wire {
    let slow = Slow::new(MemoryLink::EMPTY, START, mix.delay_ticks);
    let cut = Truncating::new(Faulty::new(slow, seed, mix.faults), seed, mix.truncate);
    Reflecting::new(Injecting::new(cut, seed, mix.inject), seed, mix.reflect)
}

/// How often each fault was done.
fn done(wire: &Wire) -> [u32; 8] {
    let (hostile, cut) = (wire.link(), wire.link().link());
    let both = |count: &dyn Fn(Role) -> u32| count(Role::Client) + count(Role::Server);
    [
        both(&|to| cut.link().counts(to).corrupted),
        both(&|to| cut.link().counts(to).dropped),
        both(&|to| cut.link().counts(to).duplicated),
        both(&|to| cut.link().counts(to).reordered),
        both(&|to| cut.truncated(to)),
        both(&|to| wire.reflected(to)),
        both(&|to| hostile.injected(to)),
        both(&|to| cut.link().link().delayed(to)),
    ]
}

/// Sends `sent` from client to server over a link with these faults.
fn run<P: Policy, M: Storage>(policy: P, seed: u64, sent: &[u8], mix: Mix) -> Outcome {
    let mut wire = Box::new(wire(seed, mix));
    let mut pair = Pair::<P, M>::new(policy);
    assert_eq!(pair.now, START);
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
        if pair.states().iter().all(is_over) || (!spoke && !wait(&mut pair, &mut wire)) {
            break;
        }
    }
    let ticks = pair.now.since(START);
    Outcome { states: pair.states(), delivered, clean_end, ticks, done: done(&wire) }
}

/// Lets time pass to the next deadline of a side or of the link; `false` when there is none.
fn wait<P: Policy, M: Storage>(pair: &mut Pair<P, M>, wire: &mut Wire) -> bool {
    let deadlines = [pair.client.next_deadline(), pair.server.next_deadline(), wire.next_deadline()];
    let Some(next) = deadlines.into_iter().flatten().reduce(Ticks::earlier) else { return false };
    pair.now = pair.now.later(next);
    wire.advance(pair.now);
    pair.client.poll(pair.now);
    pair.server.poll(pair.now);
    true
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

/// The one property: nothing wrong is delivered, a clean end means everything, and both sides end in time.
fn property<P: Policy, M: Storage>(policy: P, seed: u64, mix: Mix) -> Outcome {
    let sent: Vec<u8> = (0..=chance(seed, 0) % 9_000).map(|place| chance(!seed, place) as u8).collect();
    let outcome = run::<P, M>(policy, seed, &sent, mix);
    let told = format!("seed {seed}, {mix:?}, {:?}", outcome.states);
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
    assert!(outcome.ticks <= TICKS_MAX, "{} ticks: {told}", outcome.ticks);
    outcome
}

/// No run takes longer: a handshake, silence and a drain last 50,000 ticks, and each of at most 19 messages may wait for a
/// probe, which comes after 5,000, and for its answer over the slowest link.
const TICKS_MAX: u32 = 50_000 + 19 * (5_000 + 2 * 6_000);

#[test]
fn a_sound_link_always_closes() {
    for seed in 0..100 {
        let outcome = property::<_, StandardMemory>(Fixed::<Standard>::new(), seed, Mix::of(Faults::NONE));
        assert_eq!(outcome.states, [Lifecycle::Closed; 2]);
        let outcome = property::<_, SmallMemory>(Fixed::<Small>::new(), seed, Mix::of(Faults::NONE));
        assert_eq!(outcome.states, [Lifecycle::Closed; 2]);
    }
}

#[test]
fn duplicates_and_reordering_are_harmless_within_the_window() {
    for seed in 0..300 {
        let outcome = property::<_, StandardMemory>(
            Fixed::<Standard>::new(),
            seed,
            Mix::of(Faults { duplicate: 3, ..Faults::NONE }),
        );
        assert_eq!(outcome.states, [Lifecycle::Closed; 2], "seed {seed}");
        let outcome = property::<_, StandardMemory>(
            Fixed::<Standard>::new(),
            seed,
            Mix::of(Faults { duplicate: 4, reorder: 5, ..Faults::NONE }),
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
        let mix = Mix::of(Faults { corrupt, drop, duplicate, reorder });
        let outcome = if seed % 2 == 0 {
            property::<_, StandardMemory>(Fixed::<Standard>::new(), seed, mix)
        } else {
            property::<_, SmallMemory>(Fixed::<Small>::new(), seed, mix)
        };
        closed += u32::from(outcome.states == [Lifecycle::Closed; 2]);
    }
    assert!((200..900).contains(&closed), "{closed} of 1,000 closed: the faults are too weak or too strong");
}

#[test]
fn over_1000_seeds_of_all_eight_faults_every_run_ends_equal_or_for_a_named_reason() {
    let (mut closed, mut delivered, mut done) = (0, 0, [0; 8]);
    for seed in 0..1_000 {
        let [corrupt, drop, duplicate, reorder, truncate, reflect, inject] =
            [1, 2, 3, 4, 5, 6, 7].map(|fault| [0, 0, 0, 20, 60][(chance(seed, fault) % 5) as usize]);
        let delay_ticks = [0, 1, 40, 700, 3_000][(chance(seed, 8) % 5) as usize];
        let faults = Faults { corrupt, drop, duplicate, reorder };
        let mix = Mix { faults, truncate, reflect, inject, delay_ticks };
        let outcome = if seed % 2 == 0 {
            property::<_, StandardMemory>(Fixed::<Standard>::new(), seed, mix)
        } else {
            property::<_, SmallMemory>(Fixed::<Small>::new(), seed, mix)
        };
        closed += u32::from(outcome.states == [Lifecycle::Closed; 2]);
        delivered += outcome.delivered.len();
        for (sum, count) in done.iter_mut().zip(outcome.done) {
            *sum += count;
        }
    }
    assert!((200..900).contains(&closed), "{closed} of 1,000 closed: the faults are too weak or too strong");
    assert!(delivered > 1_000_000, "{delivered} bytes");
    assert!(done.iter().all(|count| *count > 100), "{done:?}");
}

#[test]
fn reflected_and_slow_frames_are_harmless() {
    for seed in 0..100 {
        let mix = Mix { reflect: 1, delay_ticks: 100, ..Mix::of(Faults::NONE) };
        let outcome = property::<_, StandardMemory>(Fixed::<Standard>::new(), seed, mix);
        assert_eq!(outcome.states, [Lifecycle::Closed; 2], "seed {seed}");
    }
}

#[test]
fn the_worst_links_end_every_run_too() {
    let mut closed = 0;
    for seed in 0..200 {
        let [corrupt, drop, duplicate, reorder, truncate, reflect, inject] =
            [1, 2, 3, 4, 5, 6, 7].map(|fault| [0, 0, 1, 2, 3][(chance(seed, fault) % 5) as usize]);
        let faults = Faults { corrupt, drop, duplicate, reorder };
        let mix = Mix { faults, truncate, reflect, inject, delay_ticks: (chance(seed, 8) % 6_000) as u32 };
        let outcome = property::<_, SmallMemory>(Fixed::<Small>::new(), seed, mix);
        closed += u32::from(outcome.states == [Lifecycle::Closed; 2]);
    }
    assert!(closed < 50, "{closed} of 200 closed");
}
