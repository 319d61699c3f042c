//! The search over two endpoints. `PROOFS=full cargo test --release -p proofs --test search` goes deeper.

use std::collections::BTreeSet;

use proofs::search::edges::{legal, typed};
use proofs::search::{Fault, Report, SCOPES, Scope, search};

/// States of each scope, and every how many'th the end is looked for.
fn budget() -> (usize, usize) {
    match std::env::var("PROOFS").as_deref() {
        Ok("full") => (60_000, 10),
        _ => (4_000, 5),
    }
}

/// How a session can end between two honest sides, whatever the link does.
const ENDS: [&str; 8] = [
    "closed",
    "closed_before_open",
    "aborted",
    "handshake_timeout",
    "gap",
    "truncated",
    "drain_timeout",
    "idle",
];

#[test]
fn two_faults_break_nothing_and_every_legal_edge_is_taken() {
    let (states, every) = budget();
    let reports: Vec<_> = std::thread::scope(|threads| {
        let run = |scope| (threads.spawn(move || search(scope, states, every)), scope);
        let running: Vec<_> = SCOPES.iter().map(run).collect();
        running.into_iter().map(|(thread, scope)| (scope, thread.join().expect(scope.name))).collect()
    });
    let (mut edges, mut faults, mut ends) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (scope, report) in &reports {
        show(scope, report);
        assert!(report.states == states || report.exhausted, "{}: {}", scope.name, report.states);
        assert!(report.depth >= 3 && report.clean >= 20, "{}: {report:?}", scope.name);
        assert!(report.by_faults[usize::from(scope.faults)] > states / 3, "{}: {report:?}", scope.name);
        edges.extend(&report.edges);
        faults.extend(report.faults.keys().copied());
        ends.extend(report.ends.keys().copied());
    }
    println!("{} edges by endpoints", edges.len());
    edges.extend(typed());
    let missing: Vec<_> = legal().difference(&edges).map(ToString::to_string).collect();
    println!("{} of {} legal edges", edges.len(), legal().len());
    assert_eq!((missing, edges.len()), (Vec::new(), 26));
    assert_eq!(faults, Fault::ALL.map(Fault::name).into());
    assert_eq!(ends, ENDS.into(), "these ends, and no others");
}

fn show(scope: &Scope, report: &Report) {
    let Report { states, steps, depth, by_faults, outcomes, clean, .. } = report;
    let whole = if report.exhausted { ", which are all" } else { "" };
    println!("{}: {states} states{whole}, {steps} edges between them, {depth} deep", scope.name);
    println!("  states by faults {by_faults:?}, faults {:?}", report.faults);
    println!("  ends {:?}; {outcomes} led to the end, {clean} of them had to close", report.ends);
}
