//! The body `hostile` on random scripts, and floods. `PROOFS=full cargo test --release -p proofs --test hostile` pours a million
//! frames each.

mod harness;

use kurdistan::vocab::{FrameReject, GroupReject, HandshakeReject};
use proofs::hostile::flood::{self, Flood};
use proofs::hostile::{Script, check};
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
    let mut names: Vec<_> = FrameReject::ALL.iter().map(|reject| reject.name()).collect();
    names.extend(["sequence_duplicate", "sequence_old", "too_far_future", "after_terminal"]);
    names.extend(GroupReject::ALL.iter().map(|reject| reject.name()));
    // A gap is only told of what is genuine, and a class that is another session's is no envelope of this one.
    names.extend(["shape", "open_failed", "envelope_duplicate", "envelope_old", "header_mismatch"]);
    names.extend(HandshakeReject::ALL.iter().map(|reject| reject.name()));
    names.extend(["accepted", "state", "stream", "wrong_session"]);
    names.extend(["genuine", "a group has changed", "said again", "a last word", "displaced"]);
    harness::reaches(scripts(), check, &names);
}

fn frames() -> usize {
    if std::env::var("PROOFS").as_deref() == Ok("full") { 1_000_000 } else { 100_000 }
}

#[test]
fn a_listening_endpoint_stands_a_flood() {
    let flood = flood::endpoint(frames(), 1);
    println!("{flood:?}");
    let Flood { bytes_in, bytes_out, answered, .. } = flood;
    assert!(bytes_out <= bytes_in && answered >= 5);
}

#[test]
fn a_manager_stands_a_flood() {
    let flood = flood::manager(frames(), 2);
    println!("{flood:?}");
    let Flood { bytes_in, bytes_out, answered, .. } = flood;
    assert!(bytes_out <= bytes_in && answered >= 100);
}
