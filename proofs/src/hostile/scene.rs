//! One endpoint in each of its states, its peer, and what is on the way between them.

use kurdistan::endpoint::Read;
use kurdistan::profile::Loaded;
use kurdistan::secure::Fresh;
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{CloseReason, FailReason, FrameKind, Id, Lifecycle, Role, Ticks};
use kurdistan::wire::{self, FrameView};

use super::attack::{Target, payload_of};
use super::elsewhere::elsewhere;
use super::profile::{Side, config, policy, spec};

/// The states of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Vacant,
    ClientNegotiating,
    ServerNegotiating,
    ServerSecuring,
    /// The client is open and has not been heard.
    ClientUnheard,
    /// Open, with messages unread, a message under way in both directions and an end that was not read.
    ClientOpen,
    ServerOpen,
    /// The same after a close was asked for.
    ClientDraining,
    ServerDraining,
    /// With a message unread.
    Closed,
    /// With its last word said.
    Failed,
    /// A server that has refused.
    Refused,
}

impl Place {
    pub const ALL: [Self; 12] = [
        Self::Vacant,
        Self::ClientNegotiating,
        Self::ServerNegotiating,
        Self::ServerSecuring,
        Self::ClientUnheard,
        Self::ClientOpen,
        Self::ServerOpen,
        Self::ClientDraining,
        Self::ServerDraining,
        Self::Closed,
        Self::Failed,
        Self::Refused,
    ];

    const fn role(self) -> Role {
        match self {
            Self::ClientNegotiating | Self::ClientUnheard | Self::ClientOpen | Self::ClientDraining => {
                Role::Client
            }
            _ => Role::Server,
        }
    }
}

/// What was read: messages and ends, each with its stream.
type Reading = Vec<(u32, Result<Vec<u8>, StreamEnd>)>;

pub struct Scene {
    pub now: Ticks,
    pub place: Place,
    pub victim: Box<Side>,
    pub peer: Box<Side>,
    policy: Loaded<'static>,
    /// On its way to the victim: genuine, and held back. The first ones may have come already.
    to_victim: Vec<Vec<u8>>,
    came: usize,
    /// Frames of this session among those that were heard.
    own: usize,
    /// Frames that the peer has sent on its first stream before.
    sent: u64,
    strict: bool,
    /// What the victim has said so far.
    pub to_peer: Vec<Vec<u8>>,
    /// Everything that an attacker has heard.
    pub heard: Vec<Vec<u8>>,
    /// What the victim and the peer have read.
    read: [Reading; 2],
}

/// Long enough for three fragments.
const LONG: usize = 400;

/// Everything that a side has to say.
pub fn pull(side: &mut Side, now: Ticks) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    while let Some(frame) = side.poll_transmit(now) {
        assert!(!frame.bytes().is_empty(), "a frame of no bytes");
        frames.push(frame.bytes().to_vec());
        frame.sent();
    }
    frames
}

/// A text of this length that begins with a name.
pub fn text(name: &str, length: usize) -> Vec<u8> {
    name.bytes().cycle().take(length).collect()
}

impl Scene {
    pub fn new(place: Place, strict: bool) -> Self {
        let policy = policy(strict);
        let [victim, peer] = [(); 2].map(|()| Box::new(Side::vacant(policy)));
        let mut scene = Self {
            now: Ticks(u32::MAX - 3_000),
            place,
            victim,
            peer,
            policy,
            to_victim: Vec::new(),
            came: 0,
            own: 0,
            sent: 1,
            strict,
            to_peer: Vec::new(),
            heard: Vec::new(),
            read: Default::default(),
        };
        let role = place.role();
        let mut peer = config(role.peer(), role.peer().name(), true);
        if place == Place::Refused {
            peer = peer.expect(Id::new("someone").expect("a legal id"));
        }
        scene.peer.start(scene.now, peer, Fresh::from_random([1; 32])).expect("a peer");
        if place != Place::Vacant {
            scene.begin();
        }
        scene.play();
        scene.collect();
        scene.own = scene.heard.len();
        scene.heard.extend(elsewhere(strict).iter().cloned());
        scene
    }

    /// The victim's session.
    fn begin(&mut self) {
        let role = self.place.role();
        let config = config(role, role.name(), true);
        self.victim.start(self.now, config, Fresh::from_random([2; 32])).expect("a victim");
    }

    /// Moves the frames of both sides to where they are held back.
    fn collect(&mut self) {
        let [from_victim, from_peer] = [pull(&mut self.victim, self.now), pull(&mut self.peer, self.now)];
        self.heard.extend(from_victim.iter().chain(&from_peer).cloned());
        self.to_peer.extend(from_victim);
        self.to_victim.extend(from_peer);
    }

    /// Delivers what is held back, once.
    fn deliver(&mut self, to: Role) {
        self.collect();
        let victim = to == self.place.role();
        let (side, frames) = if victim {
            (&mut self.victim, &mut self.to_victim)
        } else {
            (&mut self.peer, &mut self.to_peer)
        };
        for frame in frames.drain(..) {
            let _ = side.receive(self.now, &frame);
        }
    }

    /// Delivers both ways until nobody has anything to say.
    fn settle(&mut self) {
        loop {
            self.collect();
            if self.to_peer.is_empty() && self.to_victim.is_empty() {
                return;
            }
            self.deliver(Role::Server);
            self.deliver(Role::Client);
        }
    }

    /// What has happened before the attack.
    fn play(&mut self) {
        match self.place {
            Place::Vacant | Place::ServerNegotiating => {}
            Place::ClientNegotiating | Place::ServerSecuring => {
                self.deliver(Role::Server);
                if self.place == Place::ServerSecuring {
                    self.deliver(Role::Client);
                }
            }
            Place::ClientUnheard => {
                self.deliver(Role::Server);
                self.deliver(Role::Client);
                self.deliver(Role::Server);
            }
            Place::Refused => {
                self.deliver(Role::Server);
                self.collect();
                let reason = self.victim.failure().expect("a refusal").reason;
                assert_eq!(reason, FailReason::PeerIdentity);
            }
            Place::Closed => {
                self.settle();
                self.send(false, 5);
                self.settle();
                self.peer.close(self.now, CloseReason::Done);
                self.settle();
                assert_eq!(self.victim.lifecycle(), Some(Lifecycle::Closed));
            }
            Place::Failed => {
                self.settle();
                self.victim.abort();
            }
            _ => self.play_open(),
        }
    }

    fn play_open(&mut self) {
        self.settle();
        let drains = matches!(self.place, Place::ClientDraining | Place::ServerDraining);
        let first = self.peer.open_stream().expect("a stream");
        if drains {
            self.warm_up(first);
        }
        self.peer.send(self.now, first, &mut text("peer", 20)).expect("room");
        self.settle();
        let second = self.send(false, 30);
        self.settle();
        // Strict or not decides whether the end has come.
        self.peer.finish(self.now, second).expect("an end");
        if !self.strict {
            self.settle();
        }
        let ends = pull(&mut self.peer, self.now);
        self.peer.send(self.now, first, &mut text("long", LONG)).expect("room");
        self.collect();
        self.to_victim.extend(ends.iter().cloned());
        self.heard.extend(ends);
        self.came = 1;
        self.victim.receive(self.now, &self.to_victim[0]).expect("a first fragment");
        if drains {
            self.victim.close(self.now, CloseReason::Done);
            assert_eq!(self.victim.lifecycle(), Some(Lifecycle::Draining));
        }
    }

    /// So many messages that the first of them lie too far back to tell.
    fn warm_up(&mut self, stream: u32) {
        const MESSAGES: u64 = 70;
        for _ in 0..MESSAGES {
            self.peer.send(self.now, stream, &mut [7]).expect("room");
            self.read_all();
        }
        self.heard.truncate(8);
        self.read = Default::default();
        self.sent += MESSAGES;
    }

    /// One message on a new stream.
    fn send(&mut self, from_victim: bool, length: usize) -> u32 {
        let (side, name) = if from_victim { (&mut self.victim, "victim") } else { (&mut self.peer, "peer") };
        let stream = side.open_stream().expect("a stream");
        side.send(self.now, stream, &mut text(name, length)).expect("room");
        stream
    }

    /// The victim has something to say that the link has not taken; where it says accepts, as many as there is room for.
    pub fn queue(&mut self) {
        if self.place == Place::ServerSecuring && self.strict {
            for _ in 0..spec().pipe_frames_max {
                let hello = &self.heard[0];
                self.victim.receive(self.now, hello).expect("a repeat");
            }
        }
        if matches!(self.place, Place::ClientOpen | Place::ServerOpen) {
            self.send(true, LONG);
        }
    }

    /// What the attacker aims at.
    pub fn target(&self) -> Target {
        let class = self.heard.first().and_then(|frame| wire::peek_session_class(frame)).unwrap_or(0);
        let stream = if self.place.role() == Role::Server { 1 } else { 2 };
        Target { role: self.place.role(), class, own: self.own, message: (stream, self.sent + 1) }
    }

    /// The frame, if the victim can read it.
    fn view<'f>(&self, frame: &'f [u8]) -> Option<FrameView<'f>> {
        wire::decode(frame, &spec().frame_limits(self.place.role()), &self.policy).ok()
    }

    /// Whether it is, or carries, what the victim waits for: then it is no attack.
    pub fn is_new(&self, frame: &[u8]) -> bool {
        let Some(view) = self.view(frame) else { return false };
        if self.to_victim.iter().skip(self.came).any(|genuine| genuine == frame) {
            return true;
        }
        if view.kind() != FrameKind::Control || view.stream() != 0 {
            return false;
        }
        match self.victim.lifecycle() {
            // Under its secret, by anyone at any time: a server cannot know that it is old.
            Some(Lifecycle::Negotiating) if self.place.role() == Role::Server => {
                self.heard.iter().any(|heard| heard[payload_of(heard)] == *view.payload())
            }
            Some(Lifecycle::Negotiating | Lifecycle::Securing) => {
                self.to_victim.iter().any(|genuine| genuine[payload_of(genuine)] == *view.payload())
            }
            _ => false,
        }
    }

    /// Whether it ends as the handshake message does that the victim has answered.
    pub fn is_repeat(&self, frame: &[u8]) -> bool {
        let Some(view) = self.view(frame) else { return false };
        let server = self.place.role() == Role::Server;
        let repeats = |heard: &Vec<u8>| {
            let payload = &heard[payload_of(heard)];
            let tag = payload.len().saturating_sub(32);
            payload.len() > 32 && payload[0] <= 3 && view.payload().ends_with(&payload[tag..])
        };
        server && view.kind() == FrameKind::Control && view.stream() == 0 && self.heard.iter().any(repeats)
    }

    /// Whether the victim joins fragments.
    pub fn is_data(&self, frame: &[u8]) -> bool {
        self.view(frame).is_some_and(|view| view.kind() == FrameKind::Data)
    }

    /// What comes out, if the link takes it.
    pub fn drain(&mut self) {
        let frames = pull(&mut self.victim, self.now);
        self.to_peer.extend(frames);
    }

    /// Time passes for the victim.
    pub fn wait(&mut self, ticks: u32, polls: bool) {
        self.now = self.now.plus(ticks);
        if polls {
            self.victim.poll(self.now);
        }
    }

    /// The genuine peers go on, as if nothing had happened.
    pub fn go_on(mut self) {
        match self.place {
            Place::Vacant => self.begin(),
            Place::Closed => {
                self.read_all();
                assert_eq!(self.victim.lifecycle(), Some(Lifecycle::Closed));
                return assert_eq!(self.read[0], [(1, Ok(text("peer", 5)))]);
            }
            Place::Refused => {
                self.settle();
                let failure = self.peer.failure().expect("a refusal");
                return assert_eq!(failure.reason, FailReason::PeerIdentity);
            }
            Place::Failed => {
                self.settle();
                let failure = self.peer.failure().expect("a last word");
                return assert_eq!(failure.reason, FailReason::Aborted);
            }
            _ => {}
        }
        // Groups of nobody's expire; what was lost with one is carried again.
        self.wait(spec().reassembly_ticks, true);
        // Before the link takes anything.
        for frame in std::mem::take(&mut self.to_victim) {
            let _ = self.victim.receive(self.now, &frame);
        }
        self.settle();
        self.read_all();
        match self.place {
            Place::ClientOpen | Place::ServerOpen => self.check_open(),
            Place::ClientDraining | Place::ServerDraining => {}
            _ => self.check_fresh(),
        }
        self.peer.close(self.now, CloseReason::Done);
        self.settle();
        self.read_all();
        self.settle();
        let states = [&self.victim, &self.peer].map(|side| side.lifecycle());
        assert_eq!(states, [Some(Lifecycle::Closed); 2], "{:?}", self.victim.failure());
        if matches!(self.place, Place::ClientDraining | Place::ServerDraining) {
            self.check_peers();
        }
    }

    /// Both read all that was sent before the attack, byte for byte.
    fn check_open(&mut self) {
        self.check_peers();
        let (_, got) = self.read[1].first().cloned().expect("the victim's message");
        assert_eq!(got, Ok(text("victim", LONG)));
        self.check_fresh();
    }

    fn check_peers(&self) {
        let first = if self.place.role() == Role::Server { 1 } else { 2 };
        let second = first + 2;
        let of =
            |id| self.read[0].iter().filter(move |(stream, _)| *stream == id).map(|(_, got)| got.clone());
        assert_eq!(of(first).collect::<Vec<_>>(), [Ok(text("peer", 20)), Ok(text("long", LONG))]);
        assert_eq!(of(second).collect::<Vec<_>>(), [Ok(text("peer", 30)), Err(StreamEnd::Finished)]);
    }

    /// A message of each side arrives.
    fn check_fresh(&mut self) {
        let states = [&self.victim, &self.peer].map(|side| side.lifecycle());
        assert_eq!(states, [Some(Lifecycle::Open); 2], "{:?}", self.victim.failure());
        self.read = Default::default();
        if self.place == Place::ClientOpen || self.place == Place::ServerOpen {
            let stream = if self.place == Place::ServerOpen { 1 } else { 2 };
            self.peer.send(self.now, stream, &mut text("again", LONG)).expect("credit and room");
        } else {
            self.send(false, LONG);
        }
        self.send(true, 50);
        self.settle();
        self.read_all();
        let [victim, peer] = [&self.read[0], &self.read[1]].map(|read| read.iter().map(|(_, got)| got));
        let again =
            if matches!(self.place, Place::ClientOpen | Place::ServerOpen) { "again" } else { "peer" };
        assert!(victim.eq([&Ok(text(again, LONG))]));
        assert!(peer.eq([&Ok(text("victim", 50))]));
        self.settle();
    }

    /// Both applications read everything.
    fn read_all(&mut self) {
        loop {
            self.settle();
            let mut some = false;
            for (side, read) in [&mut self.victim, &mut self.peer].into_iter().zip(&mut self.read) {
                while let Some(stream) = side.readable() {
                    some = true;
                    match side.read(stream) {
                        Read::Message(bytes) => read.push((stream, Ok(bytes.to_vec()))),
                        Read::End(end) => read.push((stream, Err(end))),
                        Read::Nothing | Read::NoStream => panic!("nothing on a readable stream"),
                    }
                    side.consume(self.now, stream);
                }
            }
            if !some {
                return;
            }
        }
    }
}
