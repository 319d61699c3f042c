//! The body `messages` on random scripts.

mod harness;

use kurdistan::vocab::GroupReject;
use proofs::messages::{Script, check};
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
    let mut names: Vec<_> = GroupReject::ALL.iter().map(|reject| reject.name()).collect();
    names.extend(["accepted", "whole", "joined", "held", "no plan", "expired by time"]);
    harness::reaches(scripts(), check, &names);
}
