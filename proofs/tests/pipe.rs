//! The body `pipe` on random scripts.

mod harness;

use proofs::pipe::{Script, check};
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
    harness::reaches(
        scripts(),
        check,
        &[
            "accepted",
            "pipe_reset",
            "pipe_closed",
            "frame_too_large",
            "pressure",
            "pressure, nothing free",
            "cancelled",
            "message",
            "turned",
            "every frame",
            "high between the marks",
            "low between the marks",
            "front",
            "empty",
            "closed",
            "reset",
        ],
    );
}
