//! Every state, event and role: the whole transition table, refused cells included.

use std::fmt::Write;

use kurdistan::guard::lifecycle::next_state;
use kurdistan::vocab::{Lifecycle, LifecycleEvent, Role};

const COMMITTED: &str = include_str!("../snapshots/lifecycle.txt");

/// A difference is either a mistake, or a decision: then the text that this test prints is the new snapshot.
#[test]
fn the_transition_table_is_the_committed_one() {
    let found = matrix();
    let mut differences = String::new();
    for (number, (old, new)) in COMMITTED.lines().zip(found.lines()).enumerate() {
        if old != new {
            let _ = writeln!(differences, "line {}\n  committed {old}\n  found     {new}", number + 1);
        }
    }
    assert!(COMMITTED == found, "{differences}\nthe whole of what was found:\n{found}");
}

fn matrix() -> String {
    let mut text = String::from("# from event -> to, for each role; `-` where the event is refused\n");
    for role in Role::ALL {
        let _ = writeln!(text, "\n{role}");
        for &state in Lifecycle::ALL {
            for &event in LifecycleEvent::ALL {
                let next = next_state(state, event, *role).map_or("-", Lifecycle::name);
                let _ = writeln!(text, "  {:<12} {:<17} -> {next}", state.name(), event.name());
            }
        }
    }
    text
}
