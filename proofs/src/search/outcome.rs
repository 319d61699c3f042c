//! What every state leads to, once the link is sound again.

use kurdistan::vocab::{Lifecycle, Role};

use super::world::{ROLES, World};

/// Deadlines that pass until everything has ended, at most.
const TICKS_MAX: usize = 64;

impl World {
    /// Delivers and reads everything, lets `closer` close unless either side has begun to end, and lets deadlines pass: both sides end. Where no message can have been lost
    /// and nobody gave up in time or at will, they close, and everything that was sent has been read. Whether that was so.
    pub fn lead_to_end(&mut self, closer: Role) -> bool {
        let late = self.facts.ticks != self.scope.ticks;
        let quit = ROLES.iter().any(|role| self.facts.side(*role).quit);
        self.settle();
        // What was lost of the handshake is said again.
        for _ in 0..TICKS_MAX {
            if ROLES.iter().all(|role| self.has_opened_or_ended(*role)) || self.deadline().is_none() {
                break;
            }
            self.pass();
        }
        // One close is enough to end both, and who has begun to end needs none.
        let begun = ROLES.iter().any(|role| self.state(*role).is_terminal() || !self.peek(*role).is_open());
        if !begun {
            self.close(closer);
            self.observe();
        }
        for _ in 0..TICKS_MAX {
            self.settle();
            if ROLES.iter().all(|role| self.state(*role).is_terminal()) || self.deadline().is_none() {
                break;
            }
            self.pass();
        }
        let ends = ROLES.map(|role| (self.state(role), self.failure(role)));
        // A server without a peer waits for ever, and nothing tells it that the peer has gone.
        let waits = ends[1].0 == Lifecycle::Negotiating;
        assert!(ends[0].0.is_terminal() && (ends[1].0.is_terminal() || waits), "no way on: {ends:?}");
        let clean = !(self.facts.lost || late || quit);
        if clean {
            assert!(ends.iter().all(|(state, _)| *state == Lifecycle::Closed), "nothing excuses {ends:?}");
            ROLES.iter().for_each(|role| self.check_read(*role));
        }
        clean
    }

    fn has_opened_or_ended(&self, role: Role) -> bool {
        matches!(self.state(role), Lifecycle::Open | Lifecycle::Draining) || self.state(role).is_terminal()
    }

    /// Everything that the peer sent has been read, unless a reset took it.
    fn check_read(&self, role: Role) {
        for id in [1, 2] {
            let (own, other) = (self.facts.half(role, id), self.facts.half(role.peer(), id));
            let reset = own.reset || other.reset;
            let whole = own.read == other.sent && own.end_read == other.finished;
            assert!(reset || whole, "the {role} has not read all of {id}");
        }
        let text = format!("{:?}", self.peek(role));
        assert!(!text.contains("used: Held"), "the {role} keeps a message that nobody can read: {text}");
    }

    /// The next deadline passes. Who fails then tells the peer at once, if that has keys to hear it with.
    fn pass(&mut self) {
        let before = ROLES.map(|role| self.state(role));
        self.tick();
        self.observe();
        self.settle();
        for (role, before) in ROLES.into_iter().zip(before) {
            let fails = !before.is_terminal() && self.failure(role).is_some();
            let hears = self.facts.side(role).has_opened && self.facts.side(role.peer()).has_opened;
            assert!(
                !(fails && hears) || self.state(role.peer()).is_terminal(),
                "the {role} has failed unheard"
            );
        }
    }

    /// Delivers and reads until nothing is left.
    fn settle(&mut self) {
        loop {
            self.pump();
            let moved = ROLES.map(|role| self.advance(role));
            if moved == [false; 2] {
                return;
            }
        }
    }

    fn advance(&mut self, role: Role) -> bool {
        let arrives = !self.link.lane(role).is_empty();
        if arrives {
            self.deliver(role);
            self.observe();
        }
        let reads = self.side(role).readable().is_some();
        if reads {
            self.read(role);
            self.observe();
        }
        arrives || reads
    }
}
