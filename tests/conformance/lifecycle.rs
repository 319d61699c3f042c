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

const DRAWN: &str = include_str!("../snapshots/lifecycle.dot");

/// `dot -Tsvg tests/snapshots/lifecycle.dot` draws it.
#[test]
fn the_drawing_is_that_of_the_table() {
    let found = drawing();
    assert!(DRAWN == found, "the whole of what was found:\n{found}");
}

/// Every edge once, with the events that take it and the role that they need.
fn drawing() -> String {
    let mut text = String::from("digraph lifecycle {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n");
    for &state in Lifecycle::ALL {
        if state.is_terminal() {
            let _ = writeln!(text, "  {} [peripheries=2];", state.name());
        }
    }
    for &state in Lifecycle::ALL {
        for &event in LifecycleEvent::ALL {
            let next = |role| next_state(state, event, role);
            let (of_client, of_server) = (next(Role::Client), next(Role::Server));
            let (to, who) = match (of_client, of_server) {
                (Some(to), Some(other)) => {
                    assert_eq!(to, other);
                    (to, "")
                }
                (Some(to), None) => (to, " (client)"),
                (None, Some(to)) => (to, " (server)"),
                (None, None) => continue,
            };
            let _ = writeln!(text, "  {} -> {} [label=\"{}{who}\"];", state.name(), to.name(), event.name());
        }
    }
    text.push_str("}\n");
    text
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
