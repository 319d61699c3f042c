//! Fresh keys, whoever restarts. `PROOFS=full cargo test --release -p proofs` runs 100,000 sessions of each role.

use kurdistan::vocab::Role;
use proofs::restarts::{Kept, run};

fn sessions() -> usize {
    match std::env::var("PROOFS").as_deref() {
        Ok("full") => 100_000,
        _ => 1_000,
    }
}

#[test]
fn a_boot_counter_keeps_every_key_and_nonce_apart() {
    for role in [Role::Client, Role::Server] {
        let seen = run(role, Kept::BootCounter, sessions(), 1);
        assert_eq!(seen.repeats, 0, "{role}: {seen:?}");
        assert!(seen.replays > sessions() / 3, "{role}: {seen:?}");
    }
}

#[test]
fn without_one_the_attacker_gets_a_pair_twice() {
    for role in [Role::Client, Role::Server] {
        let seen = run(role, Kept::Nothing, 1_000, 1);
        assert!(seen.repeats > 0, "{role}: {seen:?}");
    }
}
