//! A man in the middle of every pair of offers. `PROOFS=full cargo test --release -p proofs` edits every bit of every pair.

use std::thread;

use proofs::downgrade::{FIELDS, MASKS, Pair, Run, every_bit, every_field, every_order, every_splice};

/// Pairs that a plain run edits bit by bit, besides those of every structure.
const SAMPLED: usize = 128;

fn full() -> bool {
    std::env::var("PROOFS").as_deref() == Ok("full")
}

/// The pairs of every structure and a sample of the others; in the full run, all.
fn pairs() -> Vec<Pair> {
    let mut pairs = Pair::structural();
    // Odd, so that the masks of a sample are not all alike.
    let step = if full() { 1 } else { 4_096 / SAMPLED - 1 };
    pairs.extend(Pair::all().step_by(step));
    pairs
}

/// The sum of what `work` counts for each pair, over all cores.
fn sum(pairs: &[Pair], work: impl Fn(Pair) -> usize + Sync) -> usize {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let part = |worker| {
            let work = &work;
            scope.spawn(move || {
                pairs.iter().skip(worker).step_by(workers).map(|pair| work(*pair)).sum::<usize>()
            })
        };
        let running: Vec<_> = (0..workers).map(part).collect();
        running.into_iter().map(|worker| worker.join().expect("a proof holds")).sum()
    })
}

#[test]
fn no_edited_field_is_believed_by_any_pair() {
    let pairs: Vec<_> = Pair::all().chain(Pair::structural()).collect();
    let edits = sum(&pairs, |pair| every_field(Run { pair, seed: 1 }));
    println!("{} pairs, {edits} edits of a field", pairs.len());
    assert_eq!(pairs.len(), usize::from(MASKS) * usize::from(MASKS) + Pair::structural().len());
    assert_eq!(edits, pairs.len() * FIELDS);
}

#[test]
fn no_edited_bit_is_believed() {
    let pairs = pairs();
    let edits = sum(&pairs, |pair| every_bit(Run { pair, seed: 2 }));
    println!("{} pairs, {edits} edits of a bit or a length", pairs.len());
    assert!(pairs.len() >= Pair::structural().len() + SAMPLED);
    assert_eq!(edits, pairs.len() * edits_of_a_run(), "{edits}");
}

/// Every bit, every cut and one byte more of a hello of 150, an accept of 140 and a confirm of 34 bytes.
const fn edits_of_a_run() -> usize {
    9 * (150 + 140 + 34) + 3
}

#[test]
fn drops_repeats_and_swaps_open_nothing_else() {
    let pairs = pairs();
    let orders = sum(&pairs, |pair| every_order(Run { pair, seed: 3 }));
    println!("{} pairs, {orders} orders of delivery to each side", pairs.len());
    assert_eq!(orders, pairs.len() * (1 + 3 + 9 + 27 + 81));
}

#[test]
fn no_message_of_another_run_is_believed() {
    let pairs = pairs();
    let others = [None, Some(Pair::new(0, 0)), Some(Pair::new(MASKS - 1, MASKS - 1))];
    let splices = sum(&pairs, |pair| {
        let run = |other: &Option<Pair>| Run { pair: other.unwrap_or(pair), seed: 5 };
        others.iter().map(|other| every_splice(Run { pair, seed: 4 }, run(other))).sum()
    });
    println!("{} pairs, {splices} messages of another run", pairs.len());
    assert_eq!(splices, pairs.len() * others.len() * 3);
}
