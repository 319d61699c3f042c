//! Both endpoints and the link between them; taking a step.

use std::collections::{BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use kurdistan::endpoint::Read;
use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::Config;
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{CloseReason, Failure, Id, Lifecycle, NonceSource, Role, Ticks};

use super::edges::Edge;
use super::fault::{Fault, Link, is_data, own_stream};
use super::scope::{Scope, Side, policy};
use super::step::Step;

/// The clock wraps on the way.
pub const START: Ticks = Ticks(u32::MAX - 15);
/// The code of every reset.
pub const RESET: u16 = 7;
pub const ROLES: [Role; 2] = [Role::Client, Role::Server];

/// Two endpoints, a link, and what an observer knows of them.
pub struct World {
    pub(super) scope: &'static Scope,
    pub(super) now: Ticks,
    sides: [Box<Side>; 2],
    /// Frames that were taken from the pipes to be looked at, and go onto the link first.
    taken: [VecDeque<Vec<u8>>; 2],
    pub(super) link: Link,
    pub(super) facts: Facts,
    pub(super) edges: BTreeSet<Edge>,
    history: Vec<Step>,
}

/// What an observer has seen, and the budgets.
#[derive(Clone, Hash, Default)]
pub struct Facts {
    sides: [SideFacts; 2],
    pub faults: u8,
    pub ticks: u8,
    /// A message may have been lost.
    pub lost: bool,
}

/// What an observer has seen of one side.
#[derive(Clone, Hash, Default)]
pub struct SideFacts {
    pub state: Option<Lifecycle>,
    pub securing_at: Option<Ticks>,
    pub has_opened: bool,
    pub closing_at: Option<Ticks>,
    /// The application ended the session at once.
    pub quit: bool,
    pub failure: Option<(u8, u8)>,
    /// There was something to read when it ended or later.
    pub readable: bool,
    pub halves: [HalfFacts; 2],
}

/// One side's half of stream 1 or 2, and what it has read of the other half.
#[derive(Clone, Copy, Hash, Default)]
pub struct HalfFacts {
    pub known: bool,
    pub sent: u8,
    pub finished: bool,
    pub reset: bool,
    pub read: u8,
    pub end_read: bool,
}

impl Facts {
    pub fn side(&self, role: Role) -> &SideFacts {
        &self.sides[usize::from(role == Role::Server)]
    }

    pub fn side_mut(&mut self, role: Role) -> &mut SideFacts {
        &mut self.sides[usize::from(role == Role::Server)]
    }

    pub fn half(&self, role: Role, stream: u8) -> &HalfFacts {
        &self.side(role).halves[usize::from(stream == 2)]
    }

    pub fn half_mut(&mut self, role: Role, stream: u8) -> &mut HalfFacts {
        &mut self.side_mut(role).halves[usize::from(stream == 2)]
    }
}

/// The one message that a side sends on a stream at this place: the second is cut in two.
pub fn message(role: Role, stream: u8, place: u8) -> Vec<u8> {
    let text = format!("{} {stream} {place} ", role.name());
    let length = if place == 0 { text.len() } else { 30 };
    text.bytes().cycle().take(length).collect()
}

/// Whoever breaks an invariant, be it a line of the library, shows how it came to it.
impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in the search `{}`, after {:?}", self.scope.name, self.history);
        }
    }
}

impl World {
    /// The state that these steps lead to, from the beginning of a scope.
    pub fn at(scope: &'static Scope, path: &[Step]) -> Self {
        let sides = ROLES.map(|role| {
            let mut side = Box::new(Side::vacant(policy()));
            let id = |text| Id::new(text).expect("a legal id");
            let secret = Secret::new(b"an arbitrary secret of the proofs").expect("a legal secret");
            let config =
                Config::new(role, id(role.name()), id("key-1"), secret).trust(NonceSource::BootCounter);
            side.start(START, config, Fresh::from_counters(1, 1)).expect("a sound configuration");
            side
        });
        let mut world = Self {
            scope,
            now: START,
            sides,
            taken: Default::default(),
            link: Link::default(),
            facts: Facts::default(),
            edges: BTreeSet::new(),
            history: Vec::new(),
        };
        for role in ROLES {
            world.facts.side_mut(role).state = Some(Lifecycle::New);
        }
        world.observe();
        for step in scope.before {
            world.pump();
            world.take(*step);
        }
        if scope.eager || !scope.before.is_empty() {
            world.pump();
        }
        (world.facts.faults, world.facts.ticks) = (scope.faults, scope.ticks);
        world.facts.lost = false;
        for step in path {
            world.take(*step);
        }
        world
    }

    pub fn side(&mut self, role: Role) -> &mut Side {
        &mut self.sides[usize::from(role == Role::Server)]
    }

    pub fn peek(&self, role: Role) -> &Side {
        &self.sides[usize::from(role == Role::Server)]
    }

    pub fn state(&self, role: Role) -> Lifecycle {
        self.peek(role).lifecycle().expect("a session")
    }

    pub fn failure(&self, role: Role) -> Option<Failure> {
        self.peek(role).failure()
    }

    /// Takes a step and looks at what came of it.
    pub fn take(&mut self, step: Step) {
        self.history.push(step);
        match step {
            Step::Transmit(role) => self.transmit(role),
            Step::Deliver(role) => self.deliver(role),
            Step::Open(_) | Step::Send(..) | Step::Finish(..) | Step::Reset(..) => self.write(step),
            Step::Read(role) => self.read(role),
            Step::Close(role) => self.close(role),
            Step::Abort(role) => {
                self.facts.side_mut(role).quit = true;
                self.side(role).abort();
            }
            Step::Tick => {
                self.facts.ticks = self.facts.ticks.saturating_sub(1);
                self.tick();
            }
            Step::Fault(fault, role) => {
                self.facts.faults -= 1;
                self.facts.lost |= self.link.suffer(fault, role);
            }
        }
        if self.scope.eager {
            self.pump();
        }
        self.observe();
    }

    /// Moves frames onto the link while there is room.
    pub fn pump(&mut self) {
        for role in ROLES {
            while self.link.has_room(role) && self.has_frame(role) {
                self.transmit(role);
            }
        }
    }

    fn has_frame(&mut self, role: Role) -> bool {
        !self.taken[usize::from(role == Role::Server)].is_empty() || self.side(role).idle_link().is_none()
    }

    fn transmit(&mut self, role: Role) {
        let taken = self.taken[usize::from(role == Role::Server)].pop_front();
        let frame = taken.or_else(|| self.pull(role)).expect("a frame waits");
        self.link.push(role, frame);
    }

    fn pull(&mut self, role: Role) -> Option<Vec<u8>> {
        let now = self.now;
        let frame = self.side(role).poll_transmit(now)?;
        let bytes = frame.bytes().to_vec();
        frame.sent();
        Some(bytes)
    }

    pub fn deliver(&mut self, from: Role) {
        let (now, frame) = (self.now, self.link.pop(from).expect("a frame is on its way"));
        // A server that has not seen the confirm opens nothing: what overtakes a confirm is lost with it.
        self.facts.lost |= !self.facts.side(from.peer()).has_opened && is_data(&frame, from);
        let _ = self.side(from.peer()).receive(now, &frame);
    }

    fn write(&mut self, step: Step) {
        let now = self.now;
        match step {
            Step::Open(role) => {
                let Ok(id) = self.side(role).open_stream() else { return };
                let id = u8::try_from(id).expect("a low id");
                assert_eq!(id, own_stream(role), "the first stream of the {role}");
                self.facts.half_mut(role, id).known = true;
                self.send(role, id);
            }
            Step::Send(role, id) => self.send(role, id),
            Step::Finish(role, id) => {
                let done = self.side(role).finish(now, id.into()).is_ok();
                self.facts.half_mut(role, id).finished |= done;
            }
            Step::Reset(role, id) => {
                let done = self.side(role).reset(now, id.into(), RESET).is_ok();
                self.facts.half_mut(role, id).reset |= done;
            }
            _ => unreachable!("a step that writes"),
        }
    }

    fn send(&mut self, role: Role, id: u8) {
        let (now, place) = (self.now, self.facts.half(role, id).sent);
        let mut text = message(role, id, place);
        if self.side(role).send(now, id.into(), &mut text).is_ok() {
            self.facts.half_mut(role, id).sent += 1;
        }
    }

    /// Reads one message or end: nothing but what the peer has sent there, in its order.
    pub fn read(&mut self, role: Role) {
        let now = self.now;
        let stream = self.side(role).readable().expect("something to read");
        let id = u8::try_from(stream).expect("a low id");
        let other = *self.facts.half(role.peer(), id);
        let own = self.facts.half_mut(role, id);
        own.known = true;
        let mut own = *own;
        match self.side(role).read(stream) {
            Read::Message(bytes) => {
                assert!(own.read < other.sent, "the {role} reads more on {id} than was sent");
                assert!(!own.end_read && !own.reset, "the {role} reads {id} after its end");
                assert_eq!(bytes, message(role.peer(), id, own.read), "the {role} reads {id}");
                own.read += 1;
            }
            Read::End(StreamEnd::Finished) => {
                assert!(other.finished && own.read == other.sent, "an early end of {id} for the {role}");
                own.end_read = true;
            }
            Read::End(end) => {
                assert_eq!(end, StreamEnd::Reset(RESET));
                assert!(own.reset || other.reset, "the {role} reads a reset of {id} by nobody");
                own.end_read = true;
            }
            nothing => panic!("{nothing:?} to read on {id} for the {role}"),
        }
        self.side(role).consume(now, stream);
        *self.facts.half_mut(role, id) = own;
    }

    pub fn close(&mut self, role: Role) {
        let now = self.now;
        self.facts.side_mut(role).quit |= !self.facts.side(role).has_opened;
        self.side(role).close(now, CloseReason::Done);
    }

    /// The earlier deadline of both.
    pub fn deadline(&mut self) -> Option<Ticks> {
        ROLES.into_iter().filter_map(|role| self.side(role).next_deadline()).reduce(Ticks::earlier)
    }

    pub fn tick(&mut self) {
        let deadline = self.deadline().expect("a deadline");
        self.now = self.now.later(deadline);
        let now = self.now;
        for role in ROLES {
            self.side(role).poll(now);
            let next = self.side(role).next_deadline();
            assert!(next.is_none_or(|next| !now.reached(next)), "the {role}'s deadline has passed: {next:?}");
        }
    }

    /// Every step that may be taken from here.
    pub fn enabled(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        for role in ROLES {
            if self.link.has_room(role) && self.has_frame(role) && !self.scope.eager {
                steps.push(Step::Transmit(role));
            }
            if !self.link.lane(role).is_empty() {
                steps.push(Step::Deliver(role));
            }
        }
        if ROLES.iter().all(|role| self.state(*role).is_terminal()) {
            return steps;
        }
        for role in ROLES {
            self.calls(role, &mut steps);
        }
        if self.facts.ticks != 0 && self.deadline().is_some() {
            steps.push(Step::Tick);
        }
        if self.facts.faults != 0 {
            let faults = Fault::ALL.iter().flat_map(|fault| ROLES.map(|role| (*fault, role)));
            let allowed = faults.filter(|(fault, role)| self.link.allows(*fault, *role));
            steps.extend(allowed.map(|(fault, role)| Step::Fault(fault, role)));
        }
        steps
    }

    fn calls(&mut self, role: Role, steps: &mut Vec<Step>) {
        if self.side(role).readable().is_some() {
            steps.push(Step::Read(role));
        }
        let live = !self.state(role).is_terminal();
        if self.scope.gives_up && live {
            steps.push(Step::Abort(role));
        }
        if self.scope.closes && live && self.facts.side(role).closing_at.is_none() {
            steps.push(Step::Close(role));
        }
        if !self.scope.streams || !self.side(role).is_open() {
            return;
        }
        for id in [1, 2] {
            let half = *self.facts.half(role, id);
            if !half.known && id == own_stream(role) {
                steps.push(Step::Open(role));
            }
            if half.known && !half.finished && !half.reset && !half.end_read {
                if half.sent < self.scope.messages {
                    steps.push(Step::Send(role, id));
                }
                steps.push(Step::Finish(role, id));
            }
            if half.known && !half.reset {
                steps.push(Step::Reset(role, id));
            }
        }
    }

    /// A number for the state. The pipes are emptied for it, into a queue of the world.
    pub fn fingerprint(&mut self) -> u64 {
        for role in ROLES {
            while let Some(frame) = self.pull(role) {
                self.taken[usize::from(role == Role::Server)].push_back(frame);
            }
        }
        let mut hasher = DefaultHasher::new();
        for role in ROLES {
            let text = format!("{:?}", self.peek(role));
            self.check_slots(role, &text);
            let (before, rest) = text.split_once(" stats: Stats {").expect("statistics are printed");
            let (_, after) = rest.split_once('}').expect("statistics end");
            (before, after).hash(&mut hasher);
        }
        (&self.taken, self.link.parts(), self.now, &self.facts).hash(&mut hasher);
        hasher.finish()
    }
}
