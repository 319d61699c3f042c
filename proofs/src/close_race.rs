//! Every interleaving of two sides that close, send, deliver, lose and fail, up to a depth.
//!
//! Two real endpoints, a queue each way, and one step at a time. After every sequence of steps the run goes on to its end:
//! everything is delivered, a side that is still open closes, and time passes from deadline to deadline. Sessions cannot be
//! copied, so each sequence begins anew with a handshake.
//!
//! Two steps of different sides commute where both are possible: each changes its own side, takes from the head of its own
//! queue and adds to the tail of the other. So only the order with the client first is run, unless [`Search::every_order`] is
//! asked for; both must come to the same ends.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use kurdistan::endpoint::{Endpoint, Memory, Read, SendRefusal};
use kurdistan::profile::{Loaded, Profile, Small, Spec};
use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::Config;
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{CloseReason, FailReason, Id, Lifecycle, Role, Ticks};

/// Small frames: what the server sends needs two.
static SPEC: Spec =
    Spec { streams_max: 2, server_streams: 1, stream_credit: 4, session_credit: 6, ..Small::SPEC };

type Side = Endpoint<Loaded<'static>, Memory<2_048, 16, 512, 8, 2>>;

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A side closes; the client ends its stream first.
    Close(Role),
    /// A side sends a message: one frame from the client, two from the server.
    Send(Role),
    /// A side gets the next frame.
    Deliver(Role),
    /// A side gives up.
    Abort(Role),
    /// The next frame to a side is lost.
    Lose(Role),
    /// The next deadline passes.
    Wait,
}

impl Step {
    const ALL: [Self; 11] = {
        use Role::{Client, Server};
        [
            Self::Close(Client),
            Self::Close(Server),
            Self::Send(Client),
            Self::Send(Server),
            Self::Deliver(Client),
            Self::Deliver(Server),
            Self::Abort(Client),
            Self::Abort(Server),
            Self::Lose(Client),
            Self::Lose(Server),
            Self::Wait,
        ]
    };

    /// The one side that the step changes.
    const fn side(self) -> Option<Role> {
        match self {
            Self::Close(role)
            | Self::Send(role)
            | Self::Deliver(role)
            | Self::Abort(role)
            | Self::Lose(role) => Some(role),
            Self::Wait => None,
        }
    }
}

/// Where the steps begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Both sides are open and everything has been said.
    Open,
    /// The client's last handshake message is on its way: the server is not open yet.
    Confirming,
}

/// What is searched.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// Where the steps begin.
    pub start: Start,
    /// Most steps.
    pub depth: usize,
    /// Most frames that are lost.
    pub losses: u32,
    /// After the steps the wire is cut: nothing is delivered any more.
    pub cut: bool,
    /// Both orders of two steps that commute.
    pub every_order: bool,
}

/// How a run ended: the states of client and server, the names of their failures, and how many messages each has read.
pub type End = [(Lifecycle, Option<FailReason>, usize); 2];

/// What a search has met.
#[derive(Debug, Default)]
pub struct Found {
    /// Sequences of steps that were run to their end.
    pub runs: usize,
    /// Of those, without loss, failure or long waits: both closed, and everything arrived.
    pub calm: usize,
    /// Of those, in which a frame came to a side that had ended.
    pub late: usize,
    /// How they ended, whatever was read.
    pub ends: BTreeMap<[(Lifecycle, Option<FailReason>); 2], usize>,
    /// Everything that could be told apart at the ends.
    pub details: BTreeSet<End>,
}

/// Runs every sequence of up to `depth` steps.
pub fn search(search: Search) -> Found {
    let mut found = Found::default();
    visit(search, &mut Vec::new(), &[], &mut found);
    found
}

/// Runs `steps` to their end, then every sequence that begins with them. The steps `asleep` were possible before the last one,
/// and commute with it.
fn visit(search: Search, steps: &mut Vec<Step>, asleep: &[Step], found: &mut Found) {
    let mut race = Race::new(search.start);
    steps.iter().for_each(|step| race.step(*step));
    let possible: Vec<Step> =
        Step::ALL.into_iter().filter(|step| race.allows(*step, search.losses)).collect();
    race.finish(steps, search.cut, found);
    if steps.len() == search.depth {
        return;
    }
    for step in possible.iter().copied().filter(|step| !asleep.contains(step)) {
        let commute = !search.every_order && step.side() == Some(Role::Server);
        let clients = possible.iter().copied().filter(|step| commute && step.side() == Some(Role::Client));
        let asleep: Vec<Step> = clients.collect();
        steps.push(step);
        visit(search, steps, &asleep, found);
        steps.pop();
    }
}

/// One side of a run.
struct Player {
    side: Box<Side>,
    stream: Option<u32>,
    /// Frames on their way to this side.
    queue: VecDeque<Vec<u8>>,
    /// Every frame that was ever on its way.
    log: Vec<Vec<u8>>,
    sent: Vec<Vec<u8>>,
    read: Vec<Vec<u8>>,
    ends: Vec<StreamEnd>,
    /// Whether it has asked for an end of its stream.
    finished: bool,
    /// Since when this side has wanted to end.
    closing: Option<Ticks>,
    /// What it had read and opened when it ended.
    over: Option<(usize, u64)>,
}

impl Player {
    fn is_over(&self) -> bool {
        matches!(self.side.lifecycle(), Some(Lifecycle::Closed | Lifecycle::Failed))
    }

    /// What can be seen of the side from outside.
    fn end(&self) -> (Lifecycle, Option<FailReason>) {
        let state = self.side.lifecycle().expect("a session");
        (state, self.side.failure().map(|failure| failure.reason))
    }
}

/// One run.
struct Race {
    now: Ticks,
    began: Ticks,
    client: Player,
    server: Player,
    lost: u32,
    aborted: bool,
    late: bool,
}

impl Race {
    fn new(start: Start) -> Self {
        let player = |role: Role| {
            let mut side = Box::new(Side::vacant(Loaded::new(&SPEC).expect("a sound profile")));
            let fresh = Fresh::from_random([role.code() + 1; 32]);
            side.start(START, config(role), fresh).expect("a start");
            let (queue, log, sent) = (VecDeque::new(), Vec::new(), Vec::new());
            let (read, ends, finished) = (Vec::new(), Vec::new(), false);
            Player { side, stream: None, queue, log, sent, read, ends, finished, closing: None, over: None }
        };
        let (client, server) = (player(Role::Client), player(Role::Server));
        let (lost, aborted, late) = (0, false, false);
        let mut race = Self { now: START, began: START, client, server, lost, aborted, late };
        race.collect();
        race.deliver(Role::Server);
        race.collect();
        race.deliver(Role::Client);
        race.collect();
        if start == Start::Open {
            race.settle();
            assert_eq!([race.client.end().0, race.server.end().0], [Lifecycle::Open; 2]);
        }
        race
    }

    fn player(&mut self, role: Role) -> &mut Player {
        match role {
            Role::Client => &mut self.client,
            Role::Server => &mut self.server,
        }
    }

    fn allows(&mut self, step: Step, losses: u32) -> bool {
        let lost = self.lost;
        match step {
            Step::Close(role) | Step::Send(role) => self.player(role).side.is_open(),
            Step::Deliver(role) => !self.player(role).queue.is_empty(),
            Step::Abort(role) => !self.player(role).is_over(),
            Step::Lose(role) => lost < losses && !self.player(role).queue.is_empty(),
            Step::Wait => self.next_deadline().is_some(),
        }
    }

    fn step(&mut self, step: Step) {
        let now = self.now;
        match step {
            Step::Close(role) => {
                let Player { side, stream, finished, .. } = self.player(role);
                if let (Role::Client, Some(stream)) = (role, *stream) {
                    side.finish(now, stream).expect("an open stream");
                    *finished = true;
                }
                side.close(now, CloseReason::Done);
                assert!(!side.is_open());
            }
            Step::Send(role) => self.send(role),
            Step::Deliver(role) => self.deliver(role),
            Step::Abort(role) => {
                self.aborted = true;
                self.player(role).side.abort();
            }
            Step::Lose(role) => {
                self.lost += 1;
                self.player(role).queue.pop_front();
            }
            Step::Wait => assert!(self.wait()),
        }
        self.collect();
    }

    fn send(&mut self, role: Role) {
        let now = self.now;
        let player = self.player(role);
        let stream = match player.stream {
            Some(stream) => stream,
            None => *player.stream.insert(player.side.open_stream().expect("a stream")),
        };
        let length = if role == Role::Client { 5 } else { 300 };
        let message = vec![u8::try_from(player.sent.len()).expect("few messages"); length];
        match player.side.send(now, stream, &mut message.clone()) {
            Ok(()) => player.sent.push(message),
            Err(refusal) => {
                assert!(matches!(refusal, SendRefusal::Credit | SendRefusal::Pipe(_)), "{refusal}")
            }
        }
    }

    fn deliver(&mut self, role: Role) {
        let now = self.now;
        let player = self.player(role);
        let Some(frame) = player.queue.pop_front() else { return };
        let late = player.is_over();
        let _ = player.side.receive(now, &frame);
        self.late |= late;
    }

    /// Both sides read what is there and say what they have to say.
    fn collect(&mut self) {
        let now = self.now;
        for role in [Role::Client, Role::Server] {
            let player = self.player(role);
            while let Some(stream) = player.side.readable() {
                match player.side.read(stream) {
                    Read::Message(bytes) => player.read.push(bytes.to_vec()),
                    Read::End(end) => player.ends.push(end),
                    Read::Nothing | Read::NoStream => {}
                }
                player.side.consume(now, stream);
            }
            let mut frames = Vec::new();
            while let Some(frame) = player.side.poll_transmit(now) {
                frames.push(frame.bytes().to_vec());
                frame.sent();
            }
            let stream = player.stream.unwrap_or(role.code().into());
            let mut text = [0];
            assert!(
                player.side.is_open() || player.side.send(now, stream, &mut text).is_err(),
                "{role} sends"
            );
            let opened = player.side.stats().messages_received;
            if player.is_over() {
                let over = *player.over.get_or_insert((player.read.len(), opened));
                assert_eq!((player.read.len(), opened), over, "{role}: delivered after its end");
            } else if !player.side.is_open()
                && matches!(player.end().0, Lifecycle::Open | Lifecycle::Draining)
            {
                player.closing.get_or_insert(now);
            }
            let peer = self.player(role.peer());
            peer.log.extend(frames.iter().cloned());
            peer.queue.extend(frames);
        }
    }

    /// Delivers until nobody has anything to say, or loses everything; no time passes.
    fn let_go(&mut self, cut: bool) {
        if cut {
            self.client.queue.clear();
            self.server.queue.clear();
        }
        self.settle();
    }

    /// Delivers until nobody has anything to say; no time passes.
    fn settle(&mut self) {
        let is_empty = |race: &Self| race.client.queue.is_empty() && race.server.queue.is_empty();
        for _ in 0..1_000 {
            if is_empty(self) {
                return;
            }
            for role in [Role::Client, Role::Server] {
                self.deliver(role);
                self.collect();
            }
        }
        panic!("two sides never fall silent");
    }

    fn next_deadline(&mut self) -> Option<Ticks> {
        let deadlines = [self.client.side.next_deadline(), self.server.side.next_deadline()];
        deadlines.into_iter().flatten().reduce(Ticks::earlier)
    }

    fn wait(&mut self) -> bool {
        let Some(next) = self.next_deadline() else { return false };
        self.now = self.now.later(next);
        for role in [Role::Client, Role::Server] {
            let now = self.now;
            self.player(role).side.poll(now);
        }
        true
    }
}

impl Race {
    /// Runs to the end, and checks everything that must hold there.
    fn finish(mut self, steps: &[Step], cut: bool, found: &mut Found) {
        let calm =
            !cut && self.lost == 0 && !self.aborted && self.now.since(self.began) < SPEC.reassembly_ticks;
        self.let_go(cut);
        for role in [Role::Client, Role::Server] {
            if self.player(role).side.is_open() {
                self.step(Step::Close(role));
            }
        }
        for _ in 0..1_000 {
            self.let_go(cut);
            if self.client.is_over() && self.server.is_over() {
                break;
            }
            assert!(
                self.wait(),
                "{steps:?}: {:?} {:?} wait for nothing",
                self.client.end(),
                self.server.end()
            );
            self.collect();
            self.is_in_time(steps);
        }
        let ends = [self.client.end(), self.server.end()];
        self.is_sound(steps, calm);
        found.runs += 1;
        found.calm += usize::from(calm);
        found.late += usize::from(self.late);
        *found.ends.entry(ends).or_default() += 1;
        let read = [self.client.read.len(), self.server.read.len()];
        let [client, server] = ends;
        found.details.insert([(client.0, client.1, read[0]), (server.0, server.1, read[1])]);
    }

    /// No side outlives its drain deadline.
    fn is_in_time(&self, steps: &[Step]) {
        for player in [&self.client, &self.server] {
            let waited = player.closing.map_or(0, |since| self.now.since(since));
            assert!(player.is_over() || waited < SPEC.drain_ticks, "{steps:?}: {:?} overdue", player.end());
        }
    }

    fn is_sound(&mut self, steps: &[Step], calm: bool) {
        use FailReason::{Aborted, DrainTimeout, Gap, HandshakeTimeout, Idle, Truncated};
        let ends = [self.client.end(), self.server.end()];
        let told = format!("{steps:?}: {ends:?}");
        for (own, peer) in [(&self.client, &self.server), (&self.server, &self.client)] {
            assert!(own.is_over(), "not over: {told}");
            assert!(peer.sent.starts_with(&own.read), "read what was not sent: {told}");
            let all = own.read.len() == peer.sent.len();
            assert!(all || own.ends.is_empty(), "an end before the end: {told}");
            assert!(!calm || peer.finished != own.ends.is_empty(), "a calm run without its end: {told}");
            if own.end().0 == Lifecycle::Closed {
                let (mine, theirs) = (own.side.stats(), peer.side.stats());
                assert!(all && peer.read.len() == own.sent.len(), "a clean end without the tail: {told}");
                assert_eq!(mine.messages_received, theirs.messages_sent, "opened and sealed: {told}");
                assert_eq!(theirs.messages_received, mine.messages_sent, "sealed and opened: {told}");
            }
            if let (_, Some(reason)) = own.end() {
                let named = [Aborted, DrainTimeout, Gap, HandshakeTimeout, Idle, Truncated].contains(&reason);
                assert!(named && (self.aborted || reason != Aborted), "{told}");
            }
            assert!(!calm || (own.end().0 == Lifecycle::Closed && all), "a calm run: {told}");
        }
        for role in [Role::Client, Role::Server] {
            let (now, before) = (self.now, self.player(role).end());
            let Player { side, log, .. } = self.player(role);
            for frame in log {
                assert!(side.receive(now, frame).is_err(), "taken after its end: {told}");
            }
            side.close(now, CloseReason::Shutdown);
            side.abort();
            assert!(
                side.open_stream().is_err() && side.send(now, 1, &mut [1]).is_err(),
                "sends after its end: {told}"
            );
            assert_eq!(self.player(role).end(), before, "an end is the end: {told}");
        }
        self.collect();
    }
}

/// The clock is about to wrap.
const START: Ticks = Ticks(u32::MAX - 5_000);

fn config(role: Role) -> Config {
    let id = |text| Id::new(text).expect("a legal id");
    let secret = Secret::new(b"one secret for all of these runs").expect("a legal secret");
    Config::new(role, id(role.name()), id("key"), secret)
}
