//! Two ways to run a property body: on random scripts that shrink, and on fixed ones that must reach every branch.

use std::fmt::Debug;

use proofs::Seen;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, FileFailurePersistence, TestError, TestRunner};

/// Fixed scripts, which together must reach every branch.
const FIXED: usize = 1_000;
/// A body takes microseconds: more cases than the engine's default of 256.
const CASES_FACTOR: u32 = 8;

/// Runs the body on random scripts, and on those that once failed.
#[track_caller]
pub fn holds<S: Debug>(scripts: impl Strategy<Value = S>, check: impl Fn(&S) -> Seen) {
    let source_file = Some(std::panic::Location::caller().file());
    let failure_persistence: Option<Box<dyn proptest::test_runner::FailurePersistence>> =
        Some(Box::new(FileFailurePersistence::WithSource("regressions")));
    let cases = Config::default().cases.saturating_mul(CASES_FACTOR);
    let config = Config { cases, source_file, failure_persistence, ..Config::default() };
    let outcome = TestRunner::new(config).run(&scripts, |script| {
        check(&script);
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, script)) => panic!("{reason}\n{script:#?}"),
        Err(abort) => panic!("{abort}"),
    }
}

/// Runs the body on the same scripts each time; between them they meet exactly these names.
pub fn reaches<S: Debug>(
    scripts: impl Strategy<Value = S>,
    check: impl Fn(&S) -> Seen,
    names: &[&'static str],
) {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::new();
    for _ in 0..FIXED {
        let script = scripts.new_tree(&mut runner).expect("a script").current();
        seen.extend(check(&script));
    }
    assert_eq!(seen, Seen::from_iter(names.iter().copied()));
}

/// Scripts of a head and up to `max` steps, each of a fixed number of bytes.
pub fn scripts<const HEAD: usize, const STEP: usize, S: Debug>(
    max: usize,
    read: fn(&[u8]) -> S,
) -> impl Strategy<Value = S> {
    (any::<[u8; HEAD]>(), vec(any::<[u8; STEP]>(), 0..=max))
        .prop_map(move |(head, steps)| read(&[&head[..], steps.as_flattened()].concat()))
}
