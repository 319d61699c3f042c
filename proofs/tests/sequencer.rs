//! The body `sequencer` on random scripts.

mod harness;

use kurdistan::vocab::SequenceReject;
use proofs::sequencer::{Script, check};
use proptest::strategy::Strategy;

fn scripts() -> impl Strategy<Value = Script> {
    harness::scripts::<{ Script::HEAD }, { Script::STEP }, _>(Script::STEPS, Script::from_bytes)
}

#[test]
fn holds_on_random_scripts() {
    harness::holds(scripts(), check);
}

#[test]
fn the_scripts_reach_every_branch() {
    let mut names: Vec<_> = SequenceReject::ALL.iter().map(|reject| reject.name()).collect();
    names.extend(["accepted", "again", "gap"]);
    harness::reaches(scripts(), check, &names);
}
