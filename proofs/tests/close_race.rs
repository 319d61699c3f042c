//! Close races, up to a depth. `PROOFS=full cargo test --release -p proofs --test close_race` goes deeper.

use std::collections::BTreeSet;
use std::time::Instant;

use kurdistan::vocab::FailReason::{Aborted, DrainTimeout, Gap, HandshakeTimeout, Idle, Truncated};
use kurdistan::vocab::{FailReason, Lifecycle};
use proofs::close_race::{Found, Search, Start, search};

/// Up to four steps from two open sides, one frame lost.
const SHALLOW: Search = Search { start: Start::Open, depth: 4, losses: 1, cut: false, every_order: false };

fn full() -> bool {
    std::env::var("PROOFS").is_ok_and(|value| value == "full")
}

/// Prints what was met: how many runs, and how they ended.
fn run(what: Search) -> Found {
    let begin = Instant::now();
    let found = search(what);
    let Found { runs, calm, late, .. } = found;
    println!(
        "{what:?}: {runs} runs in {:.1?}, {calm} calm, {late} with frames after an end",
        begin.elapsed()
    );
    for (ends, count) in &found.ends {
        println!("{count:8} {ends:?}");
    }
    found
}

/// Both sides' ends: `None` is closed.
fn ends(found: &Found) -> BTreeSet<[Option<FailReason>; 2]> {
    found
        .ends
        .keys()
        .map(|ends| {
            ends.map(|(state, reason)| {
                assert_eq!(state == Lifecycle::Closed, reason.is_none());
                reason
            })
        })
        .collect()
}

/// Deeper where there is time.
fn to_depth(quick: usize, deep: usize, what: Search) -> Search {
    let (depth, losses) = if full() { (deep, 2) } else { (quick, 1) };
    Search { depth, losses, ..what }
}

/// While the wire is sound, and nobody has given up, nobody waits for a close in vain: a side that has ended answers whoever
/// asks again.
fn nobody_waits_in_vain(found: &Found) {
    let ends = ends(found);
    let waited = |end: &Option<FailReason>| [Some(DrainTimeout), Some(Truncated)].contains(end);
    let mut calm = ends.iter().filter(|ends| !ends.contains(&Some(Aborted)));
    assert!(!calm.any(|ends| ends.iter().any(waited)), "{ends:?}");
}

#[test]
fn from_two_open_sides_every_race_ends_cleanly_or_by_name() {
    let found = run(to_depth(6, 8, SHALLOW));
    assert!(found.runs > 20_000 && found.calm > 1_500 && found.late > 15_000);
    nobody_waits_in_vain(&found);
    let (closed, aborted, idle) = (None, Some(Aborted), Some(Idle));
    let expected = [
        [closed, closed],
        [closed, aborted],
        [aborted, closed],
        [aborted, aborted],
        [aborted, idle],
        [idle, aborted],
        [idle, idle],
        [Some(Gap), Some(Gap)],
    ];
    let missing: Vec<_> = expected.into_iter().filter(|end| !ends(&found).contains(end)).collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
}

#[test]
fn from_the_last_message_of_the_handshake_too() {
    let found = run(to_depth(5, 7, Search { start: Start::Confirming, ..SHALLOW }));
    assert!(found.runs > 4_000 && found.calm > 1_000 && found.late > 2_000);
    let expected =
        [[None, None], [Some(HandshakeTimeout), Some(Aborted)], [Some(Aborted), Some(HandshakeTimeout)]];
    assert!(expected.iter().all(|end| ends(&found).contains(end)));
}

#[test]
fn where_the_wire_is_cut_each_side_knows_what_is_missing() {
    for (start, least) in [(Start::Open, 5_000), (Start::Confirming, 4_000)] {
        let found = run(to_depth(5, 7, Search { start, cut: true, ..SHALLOW }));
        assert!(found.runs > least);
        for reason in [None, Some(Aborted), Some(DrainTimeout), Some(Idle), Some(Truncated)] {
            assert!(
                ends(&found).iter().any(|end| end[0] == reason),
                "{start:?}: no client ends by {reason:?}"
            );
            assert!(
                ends(&found).iter().any(|end| end[1] == reason),
                "{start:?}: no server ends by {reason:?}"
            );
        }
    }
}

#[test]
fn the_order_of_steps_that_commute_changes_no_end() {
    for start in [Start::Open, Start::Confirming] {
        for cut in [false, true] {
            let few = run(Search { start, cut, ..SHALLOW });
            let all = run(Search { start, cut, every_order: true, ..SHALLOW });
            assert!(all.runs > few.runs + few.runs / 2, "{} and {}", all.runs, few.runs);
            assert_eq!(all.details, few.details, "{start:?}");
        }
    }
}
