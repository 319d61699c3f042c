//! The body `handshake` on random scripts.

mod harness;

use kurdistan::vocab::HandshakeReject;
use proofs::handshake::{Script, check};
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
    // Only a manager of several sessions is ever busy.
    let rejects = HandshakeReject::ALL.iter().filter(|reject| **reject != HandshakeReject::Busy);
    let mut names: Vec<_> = rejects.map(|reject| reject.name()).collect();
    names.push("moved");
    harness::reaches(scripts(), check, &names);
}
