//! What holds in every state.

use kurdistan::observe::Event;
use kurdistan::vocab::{FailReason, Failure, Lifecycle, LifecycleEvent, Role, Side, Ticks};

use super::edges::Edge;
use super::scope::spec;
use super::world::{ROLES, START, World};

impl World {
    /// Looks at what a step has changed.
    pub fn observe(&mut self) {
        for role in ROLES {
            let was = self.facts.side(role).state;
            while let Some(event) = self.side(role).poll_event() {
                if let Event::State(state) = event {
                    self.moved(role, state);
                }
            }
            assert_eq!(self.side(role).events_truncated(), 0);
            assert_eq!(self.facts.side(role).state, self.peek(role).lifecycle(), "a move without an event");
            self.watch_close(role);
            self.check_end(role, was);
        }
        self.check_both();
    }

    /// One edge, which the table must know.
    fn moved(&mut self, role: Role, to: Lifecycle) {
        let now = self.now;
        let failure = self.failure(role);
        let side = self.facts.side_mut(role);
        let from = side.state.replace(to).expect("a session");
        side.has_opened |= to == Lifecycle::Open;
        if to == Lifecycle::Securing {
            side.securing_at = Some(now);
        }
        side.failure = failure.map(|failure| (failure.reason.code(), failure.side.code()));
        let edge = Edge::between(role, from, to, failure);
        assert!(edge.is_legal(to), "{edge} to {to}");
        self.edges.insert(edge);
        if let Some(failure) = failure {
            self.explain(role, failure);
        }
        if to == Lifecycle::Closed {
            self.check_whole(role);
        }
    }

    /// A tail that is cut off never reads as a clean end. What comes after a reset is opened, but not counted as received.
    fn check_whole(&self, role: Role) {
        let reset = ROLES.iter().any(|role| [1, 2].iter().any(|id| self.facts.half(*role, *id).reset));
        let [own, other] = [role, role.peer()].map(|role| self.peek(role).stats());
        let whole =
            own.messages_received == other.messages_sent && other.messages_received == own.messages_sent;
        assert!(whole || reset, "the {role} is closed, and messages are missing: {own:?} {other:?}");
    }

    fn watch_close(&mut self, role: Role) {
        let (now, open) = (self.now, self.peek(role).is_open());
        let state = self.state(role);
        let side = self.facts.side_mut(role);
        if !open && matches!(state, Lifecycle::Open | Lifecycle::Draining) {
            side.closing_at.get_or_insert(now);
        }
    }

    /// Nothing can be read from a session that has failed, and nothing new from one that is closed.
    fn check_end(&mut self, role: Role, was: Option<Lifecycle>) {
        let readable = self.side(role).readable().is_some();
        let side = self.facts.side_mut(role);
        match side.state {
            Some(Lifecycle::Failed) => assert!(!readable, "the failed {role} has something to read"),
            Some(Lifecycle::Closed) if was == Some(Lifecycle::Closed) => {
                assert!(side.readable || !readable, "the closed {role} has got something to read");
            }
            _ => {}
        }
        side.readable = readable;
    }

    /// Who is open towards whom.
    fn check_both(&mut self) {
        let [client, server] = ROLES.map(|role| self.facts.side(role).clone());
        if client.has_opened {
            assert!(server.securing_at.is_some(), "the client is open without an accept");
        }
        if server.has_opened {
            assert!(client.has_opened, "the server is open without a confirm");
        }
        if [client.state, server.state] != [Some(Lifecycle::Open); 2] {
            return;
        }
        let [(server_id, of_client), (client_id, of_server)] =
            ROLES.map(|role| self.peek(role).peer().expect("a peer"));
        assert_eq!((server_id.as_str(), client_id.as_str()), ("server", "client"));
        assert_eq!(of_client, of_server, "both have selected the same");
        let exported = ROLES.map(|role| {
            let mut bytes = [0; 16];
            self.peek(role).export("search", b"", &mut bytes).expect("open").expect("a legal label");
            bytes
        });
        assert_eq!(exported[0], exported[1], "both export the same");
    }

    /// As many slots are in use as the profile has, at most.
    pub fn check_slots(&self, role: Role, text: &str) {
        let (_, rest) = text.split_once("in_use: ").expect("slots are printed");
        let number = rest.split(',').next().and_then(|number| number.parse::<usize>().ok());
        let in_use = number.expect("a number of slots");
        assert!(in_use <= spec().slots(), "the {role} uses {in_use} slots");
    }

    /// A reason that what has happened does not explain is a defect, whatever the faults.
    fn explain(&self, role: Role, failure: Failure) {
        let Failure { reason, side, .. } = failure;
        let own = self.facts.side(role);
        if side == Side::Peer {
            let told = (reason.code(), Side::Local.code());
            assert_eq!(self.facts.side(role.peer()).failure, Some(told), "the {role} was told {reason}");
            return;
        }
        let passed = |since: Option<Ticks>, ticks| since.is_some_and(|since| self.now.since(since) >= ticks);
        let explained = match reason {
            FailReason::ClosedBeforeOpen => own.quit && !own.has_opened,
            FailReason::Aborted => own.quit,
            FailReason::HandshakeTimeout => {
                let since = if role == Role::Client { Some(START) } else { own.securing_at };
                passed(since, spec().handshake_ticks)
            }
            FailReason::Gap => {
                let (sent, received) = (self.peek(role.peer()).stats(), self.peek(role).stats());
                let missing = sent.messages_sent > received.messages_received;
                missing && passed(Some(START), spec().reassembly_ticks)
            }
            FailReason::Truncated | FailReason::DrainTimeout => passed(own.closing_at, spec().drain_ticks),
            FailReason::Idle => passed(Some(START), spec().idle_ticks),
            _ => false,
        };
        assert!(explained, "nothing explains why the {role} failed for {reason}");
    }

    /// How each side that has ended has done so.
    pub fn ends(&self) -> impl Iterator<Item = &'static str> {
        ROLES.into_iter().filter_map(|role| match (self.state(role), self.failure(role)) {
            (Lifecycle::Closed, _) => Some("closed"),
            (_, Some(Failure { reason, .. })) => Some(reason.name()),
            _ => None,
        })
    }

    /// Faults on the way.
    pub fn faults(&self) -> u8 {
        self.scope.faults - self.facts.faults
    }

    /// The edges that were taken.
    pub fn edges(&self) -> impl Iterator<Item = Edge> {
        self.edges.iter().copied()
    }
}

/// The event that an edge stands for.
pub(super) const fn event(
    from: Lifecycle,
    to: Lifecycle,
    role: Role,
    reason: Option<FailReason>,
) -> LifecycleEvent {
    match (from, to, role) {
        (Lifecycle::New, Lifecycle::Negotiating, Role::Client) => LifecycleEvent::Start,
        (Lifecycle::New, Lifecycle::Negotiating, Role::Server) => LifecycleEvent::Listen,
        (_, Lifecycle::Securing, Role::Client) => LifecycleEvent::AcceptVerified,
        (_, Lifecycle::Securing, Role::Server) => LifecycleEvent::HelloVerified,
        (_, Lifecycle::Open, Role::Client) => LifecycleEvent::ConfirmSent,
        (_, Lifecycle::Open, Role::Server) => LifecycleEvent::ConfirmVerified,
        (_, Lifecycle::Draining, _) => LifecycleEvent::Close,
        (_, Lifecycle::Closed, _) => LifecycleEvent::Drained,
        _ => match reason {
            Some(FailReason::ClosedBeforeOpen) => LifecycleEvent::Close,
            _ => LifecycleEvent::Fail,
        },
    }
}
