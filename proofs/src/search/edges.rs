//! The edges of the transition table.

use std::collections::BTreeSet;
use std::fmt;

use kurdistan::guard::lifecycle::next_state;
use kurdistan::profile::{Fixed, Small};
use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::{Config, Live, Negotiating, New, Securing, Session, Step};
use kurdistan::vocab::{FailReason, Failure, Id, Lifecycle, LifecycleEvent, Role};

/// One edge: who is where, and what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    role: Role,
    from: Lifecycle,
    event: LifecycleEvent,
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.role, self.from, self.event)
    }
}

impl Edge {
    pub(super) fn between(role: Role, from: Lifecycle, to: Lifecycle, failure: Option<Failure>) -> Self {
        let reason = failure.map(|failure| failure.reason);
        Self { role, from, event: super::check::event(from, to, role, reason) }
    }

    /// Whether the table leads to this state.
    #[must_use]
    pub fn is_legal(self, to: Lifecycle) -> bool {
        next_state(self.from, self.event, self.role) == Some(to)
    }
}

/// Every edge that the table allows.
#[must_use]
pub fn legal() -> BTreeSet<Edge> {
    let cells = Role::ALL.iter().flat_map(|role| {
        let rows = Lifecycle::ALL.iter();
        rows.flat_map(|from| LifecycleEvent::ALL.iter().map(|event| (*role, *from, *event)))
    });
    let edges = cells.map(|(role, from, event)| Edge { role, from, event });
    edges.filter(|edge| next_state(edge.from, edge.event, edge.role).is_some()).collect()
}

type Typed<S> = Session<S, Fixed<Small>>;

/// Edges that no endpoint takes, because it is never between two calls in `new`, and a client never in `securing`: sessions
/// of the typed route take them here.
///
/// # Panics
/// When a session does not go where the table says.
#[must_use]
pub fn typed() -> BTreeSet<Edge> {
    let mut edges = BTreeSet::new();
    for reason in [FailReason::ClosedBeforeOpen, FailReason::Aborted] {
        for role in Role::ALL {
            edges.insert(fails(new(*role), reason));
        }
        edges.insert(fails(securing(), reason));
    }
    edges
}

fn fails<S: Live>(session: Typed<S>, reason: FailReason) -> Edge {
    let (role, from) = (session.role(), session.lifecycle());
    let failed = session.fail(reason);
    let edge = Edge::between(role, from, failed.lifecycle(), Some(failed.failure()));
    assert!(edge.is_legal(failed.lifecycle()), "{edge}");
    edge
}

fn new(role: Role) -> Typed<New> {
    let id = |text| Id::new(text).expect("a legal id");
    let secret = Secret::new(b"an arbitrary secret of the proofs").expect("a legal secret");
    let config = Config::new(role, id(role.name()), id("key-1"), secret);
    Session::new(Fixed::new(), config, Fresh::from_random([1; 32])).expect("a sound configuration")
}

/// A client that has got its accept.
fn securing() -> Typed<Securing> {
    let (client, hello) = new(Role::Client).start().expect("a client starts");
    let server: Typed<Negotiating> = new(Role::Server).listen().expect("a server listens");
    let Ok(Step::Next((_, accept))) = server.receive(hello.as_bytes()) else { panic!("a genuine hello") };
    let Ok(Step::Next((client, _))) = client.receive(accept.as_bytes()) else { panic!("a genuine accept") };
    client
}
