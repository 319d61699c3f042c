//! Breadth-first search over two real endpoints and a link between them.
//!
//! ```text
//!   client ─ pipe ─▶ │ 3 frames ▶ │ ─▶ server        a step: one frame moves, one call, one deadline,
//!   client ◀───────  │ ◀ 3 frames │ ◀─ pipe ─ server            or one fault of the link
//! ```
//!
//! A session cannot be cloned, but everything here is deterministic: a state **is** the list of steps that leads to it, and
//! is reached by taking them again from the start. Two states are one when both endpoints print the same, the frames in
//! pipes and on the link are the same, and so is what is left of the budgets. What an endpoint prints is all that it lives
//! by, but for bytes. Those of frames are compared here; those of messages follow from the counters. Statistics are left
//! out: nothing is ever decided by them, and no two ways to a state would have the same.
//!
//! | file | its part |
//! |---|---|
//! | `scope` | where a search begins, and what may happen in it |
//! | `step` | what can happen |
//! | `world` | both endpoints and the link; taking a step |
//! | `fault` | what a link can do to frames |
//! | `check` | what holds in every state |
//! | `outcome` | what every state leads to |
//! | `edges` | the legal edges of the transition table, and those that only the typed route takes |

mod check;
pub mod edges;
mod fault;
mod outcome;
mod scope;
mod step;
mod world;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kurdistan::vocab::Role;

pub use fault::Fault;
pub use scope::{SCOPES, Scope};
pub use step::Step;

use edges::Edge;
use world::World;

/// What a search has met.
#[derive(Debug, Default)]
pub struct Report {
    /// Different states.
    pub states: usize,
    /// Steps that were taken from one state to another or the same.
    pub steps: usize,
    /// States by the faults on the way.
    pub by_faults: [usize; 3],
    /// Steps from the beginning to the state that lies farthest.
    pub depth: usize,
    /// Every state within the scope was met.
    pub exhausted: bool,
    /// Edges of the transition table that an endpoint took.
    pub edges: BTreeSet<Edge>,
    /// Faults of each kind.
    pub faults: BTreeMap<&'static str, usize>,
    /// Sides that have ended, by how: of states, and of what states lead to.
    pub ends: BTreeMap<&'static str, usize>,
    /// States from which the end was looked for.
    pub outcomes: usize,
    /// Of those, the ones in which nothing could excuse anything but a clean close.
    pub clean: usize,
}

/// One state: how it is reached, and what may happen next.
struct Node {
    parent: usize,
    step: Option<Step>,
    depth: usize,
    next: Vec<Step>,
}

/// Searches until everything in the scope or `states` states have been met; looks for the end of every `every`th.
///
/// # Panics
/// When a state breaks an invariant; the steps to it are printed.
#[must_use]
pub fn search(scope: &'static Scope, states: usize, every: usize) -> Report {
    let mut report = Report::default();
    let mut seen = HashSet::new();
    let mut world = World::at(scope, &[]);
    let root = Node { parent: 0, step: None, depth: 0, next: world.enabled() };
    seen.insert(world.fingerprint());
    note(&mut report, &world);
    report.by_faults[0] = 1;
    let mut nodes = vec![root];
    let mut at = 0;
    'search: while at < nodes.len() {
        let path = path(&nodes, at);
        for step in std::mem::take(&mut nodes[at].next) {
            if nodes.len() >= states {
                break 'search;
            }
            let mut world = World::at(scope, &path);
            world.take(step);
            report.steps += 1;
            if let Step::Fault(fault, _) = step {
                *report.faults.entry(fault.name()).or_default() += 1;
            }
            let next = world.enabled();
            if !seen.insert(world.fingerprint()) {
                continue;
            }
            note(&mut report, &world);
            report.by_faults[usize::from(world.faults())] += 1;
            let depth = nodes[at].depth + 1;
            nodes.push(Node { parent: at, step: Some(step), depth, next });
            report.depth = report.depth.max(depth);
            if nodes.len().is_multiple_of(every) {
                let closer = if report.outcomes.is_multiple_of(2) { Role::Client } else { Role::Server };
                report.clean += usize::from(world.lead_to_end(closer));
                report.outcomes += 1;
                note(&mut report, &world);
            }
        }
        at += 1;
    }
    report.exhausted = at == nodes.len();
    report.states = nodes.len();
    report
}

fn note(report: &mut Report, world: &World) {
    report.edges.extend(world.edges());
    for end in world.ends() {
        *report.ends.entry(end).or_default() += 1;
    }
}

fn path(nodes: &[Node], mut at: usize) -> Vec<Step> {
    let mut path = Vec::new();
    while let Some(step) = nodes[at].step {
        path.push(step);
        at = nodes[at].parent;
    }
    path.reverse();
    path
}
