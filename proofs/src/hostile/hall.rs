//! A manager in each of its states, under attack.

use kurdistan::endpoint::{Manager, Path, Read, Reject, SessionKey, Taken};
use kurdistan::profile::Loaded;
use kurdistan::secure::Fresh;
use kurdistan::vocab::{CloseReason, FrameKind, Lifecycle, Role, Ticks};
use kurdistan::wire::{self, FrameView, peek_session_class};

use super::attack::{Attack, Target, payload_of};
use super::digest::Digest;
use super::elsewhere::elsewhere;
use super::profile::{Side, Storage, config, policy, spec};
use super::scene::{pull, text};
use super::verdict;
use crate::Seen;

/// Two sessions, and two handshakes that wait.
type Server = Manager<Loaded<'static>, Storage, 2, 2>;

/// The states of a manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowd {
    /// Nobody is there.
    Empty,
    /// One handshake waits for its confirm.
    Waits,
    /// As many wait as can.
    Full,
    /// As many sessions as can be are open, one with a message unread and another under way.
    Open,
    /// It listens no longer; a session has something to be read.
    Closed,
}

impl Crowd {
    pub const ALL: [Self; 5] = [Self::Empty, Self::Waits, Self::Full, Self::Open, Self::Closed];
}

const LONG: usize = 400;
const TICKS_MAX: u32 = 6_000;

struct Hall {
    now: Ticks,
    crowd: Crowd,
    policy: Loaded<'static>,
    server: Box<Server>,
    clients: Vec<Box<Side>>,
    nonces: u8,
    heard: Vec<Vec<u8>>,
    own: usize,
    /// Genuine frames for the manager that are held back.
    held: Vec<(usize, Vec<u8>)>,
    seen: Seen,
    ticks: u32,
}

/// What must not move: sessions and their digests, handshakes that wait, and until when, where nothing else has a deadline.
type Before = (Vec<(SessionKey, Digest)>, (usize, Option<Ticks>));

/// Attacks a manager in this state; then its clients go on.
pub fn check(crowd: Crowd, strict: bool, attacks: &[Attack]) -> Seen {
    let mut hall = Hall::new(crowd, strict);
    for attack in attacks {
        match *attack {
            Attack::Inject(making) => {
                let bytes = making.bytes(&hall.heard, hall.target());
                hall.inject(&bytes);
            }
            Attack::Wait { ticks, polls } if hall.ticks + u32::from(ticks) <= TICKS_MAX => {
                hall.ticks += u32::from(ticks);
                hall.now = hall.now.plus(ticks.into());
                if polls {
                    hall.server.poll(hall.now);
                    hall.says();
                }
            }
            Attack::Wait { .. } | Attack::Drain => {}
        }
    }
    hall.go_on();
    hall.seen
}

impl Hall {
    fn new(crowd: Crowd, strict: bool) -> Self {
        let policy = policy(strict);
        let mut server = Box::new(Server::new(policy));
        server.listen(config(Role::Server, "server", true).sessions_max(2)).expect("a configuration");
        let mut hall = Self {
            now: Ticks(u32::MAX - 3_000),
            crowd,
            policy,
            server,
            clients: Vec::new(),
            nonces: 0,
            heard: Vec::new(),
            own: 0,
            held: Vec::new(),
            seen: Seen::new(),
            ticks: 0,
        };
        match crowd {
            Crowd::Empty => {}
            Crowd::Waits => hall.knock("a"),
            Crowd::Full => ["a", "b"].iter().for_each(|name| hall.knock(name)),
            Crowd::Open | Crowd::Closed => hall.fill(),
        }
        hall.own = hall.heard.len();
        hall.heard.extend(elsewhere(strict).iter().cloned());
        hall
    }

    fn target(&self) -> Target {
        let class = self.heard.first().and_then(|frame| peek_session_class(frame)).unwrap_or(0);
        Target { role: Role::Server, class, own: self.own, message: (1, 2) }
    }

    fn client(&mut self, name: &str) {
        self.nonces += 1;
        let mut client = Box::new(Side::vacant(self.policy));
        let fresh = Fresh::from_random([self.nonces; 32]);
        client.start(self.now, config(Role::Client, name, true), fresh).expect("a client");
        self.clients.push(client);
    }

    /// A client whose confirm is held back.
    fn knock(&mut self, name: &str) {
        self.client(name);
        let place = self.clients.len() - 1;
        let hello = pull(&mut self.clients[place], self.now).remove(0);
        assert_eq!(self.give(place, &hello), Ok(Taken::HalfOpen));
        let accept = self.says().remove(0).1;
        self.clients[place].receive(self.now, &accept).expect("an accept");
        let confirm = pull(&mut self.clients[place], self.now).remove(0);
        self.heard.extend([hello, accept, confirm.clone()]);
        self.held.push((place, confirm));
    }

    /// Two sessions. A message of the first is unread, and a part of the next one has come.
    fn fill(&mut self) {
        ["a", "b"].iter().for_each(|name| self.client(name));
        self.settle();
        let now = self.now;
        let stream = self.clients[0].open_stream().expect("a stream");
        self.clients[0].send(now, stream, &mut text("a", 20)).expect("room");
        self.settle();
        if self.crowd == Crowd::Closed {
            self.server.close(now, CloseReason::Shutdown);
            return self.settle();
        }
        self.clients[0].send(now, stream, &mut text("long", LONG)).expect("room");
        let frames = pull(&mut self.clients[0], now);
        self.give(0, &frames[0]).expect("a first fragment");
        self.heard.extend(frames.iter().cloned());
        self.held.extend(frames.into_iter().map(|frame| (0, frame)));
    }

    fn give(&mut self, path: usize, frame: &[u8]) -> Result<Taken, Reject> {
        let nonces = &mut self.nonces;
        self.server.receive(self.now, Path(path as u32), frame, || {
            *nonces = nonces.wrapping_add(1);
            Some(Fresh::from_random([*nonces | 0x80; 32]))
        })
    }

    fn says(&mut self) -> Vec<(Path, Vec<u8>)> {
        let mut frames = Vec::new();
        while let Some(frame) = self.server.poll_transmit(self.now) {
            frames.push((frame.to(), frame.bytes().to_vec()));
            frame.sent();
        }
        frames
    }

    /// Delivers both ways until nobody has anything to say.
    fn settle(&mut self) {
        loop {
            let mut spoke = false;
            for place in 0..self.clients.len() {
                for frame in pull(&mut self.clients[place], self.now) {
                    spoke = true;
                    let _ = self.give(place, &frame);
                    self.heard.push(frame);
                }
            }
            for (Path(to), frame) in self.says() {
                spoke = true;
                if let Some(client) = self.clients.get_mut(to as usize) {
                    let _ = client.receive(self.now, &frame);
                }
                self.heard.push(frame);
            }
            if !spoke {
                return;
            }
        }
    }

    fn before(&mut self) -> Before {
        let keys: Vec<_> = self.server.sessions().collect();
        let sessions = keys.into_iter().map(|key| {
            let side = self.server.get(key).expect("a session");
            (key, Digest::of(side))
        });
        let sessions: Vec<_> = sessions.collect();
        let deadline = if sessions.is_empty() { self.server.next_deadline() } else { None };
        (sessions, (self.server.half_open(), deadline))
    }

    fn view<'f>(&self, frame: &'f [u8]) -> Option<FrameView<'f>> {
        wire::decode(frame, &spec().frame_limits(Role::Server), &self.policy).ok()
    }

    /// Whether it carries a genuine hello or confirm, which it may also be as it was, or nothing but its end.
    fn is_handshake(&self, frame: &[u8]) -> bool {
        let Some(view) = self.view(frame) else { return false };
        let ends = |heard: &Vec<u8>| {
            let payload = &heard[payload_of(heard)];
            let tag = payload.len().saturating_sub(32);
            payload.len() > 32 && payload[0] <= 3 && view.payload().ends_with(&payload[tag..])
        };
        view.kind() == FrameKind::Control && view.stream() == 0 && self.heard.iter().any(ends)
    }

    fn is_new(&self, frame: &[u8]) -> bool {
        let Some(view) = self.view(frame) else { return false };
        let came = usize::from(self.crowd == Crowd::Open);
        self.held.iter().skip(came).any(|(_, held)| {
            let confirm = matches!(self.crowd, Crowd::Waits | Crowd::Full);
            held == frame || (confirm && view.payload() == &held[payload_of(held)])
        })
    }

    fn inject(&mut self, bytes: &[u8]) {
        if self.is_new(bytes) {
            self.seen.insert("genuine");
            return;
        }
        let (sessions, waiting) = self.before();
        let outcome = self.give(99, bytes);
        self.seen.insert(outcome.map_or_else(verdict::name, |_| "accepted"));
        let why = (self.crowd, outcome, bytes.len());
        assert!(!matches!(outcome, Err(Reject::Fatal(_)) | Ok(Taken::Opened(_))), "without proof: {why:?}");
        let (after, waits) = self.before();
        assert_eq!(sessions.len(), after.len(), "{why:?}");
        for ((key, before), (same, after)) in sessions.iter().zip(&after) {
            assert_eq!(key, same, "{why:?}");
            let mine = outcome == Ok(Taken::Session(*key));
            match outcome {
                _ if after == before => {}
                Ok(_) if mine && self.is_handshake(bytes) => {
                    after.assert_says_at_most(before, bytes.len(), &why);
                }
                _ if mine || matches!(outcome, Err(Reject::Group(_) | Reject::Envelope(_))) => {
                    after.assert_one_group_at_most(before, outcome.is_ok(), &why);
                    self.seen.insert("a group has changed");
                }
                Err(Reject::State | Reject::Handshake(_)) => {
                    after.assert_says_at_most(before, bytes.len(), &why)
                }
                _ => after.assert_same(before, &why),
            }
        }
        if waits != waiting {
            let more = waits.0 == waiting.0 + 1 || waits.0 == 2;
            assert!(more && outcome == Ok(Taken::HalfOpen) && self.is_handshake(bytes), "{why:?}");
        }
        assert!(outcome != Ok(Taken::HalfOpen) || self.is_handshake(bytes), "{why:?}");
        let said = self.says();
        assert!(said.len() <= 1, "more than one frame: {why:?}");
        let bytes_out: usize = said.iter().map(|(_, frame)| frame.len()).sum();
        assert!(bytes_out <= bytes.len(), "{bytes_out} bytes out: {why:?}");
        if bytes_out != 0 {
            assert!(self.is_handshake(bytes) || self.crowd == Crowd::Closed, "an answer to nobody: {why:?}");
            self.seen.insert("said again");
        }
    }

    /// The genuine clients go on.
    fn go_on(&mut self) {
        match self.crowd {
            Crowd::Empty => {}
            Crowd::Closed => {
                let key = self.server.sessions().next().expect("a session");
                assert_eq!(self.read(key), [text("a", 20)]);
                let ended = self.clients.iter().all(|client| client.lifecycle() == Some(Lifecycle::Closed));
                return assert!(ended, "a session that was closed");
            }
            Crowd::Waits | Crowd::Full => self.confirm(),
            Crowd::Open => self.check_open(),
        }
        self.newcomer();
    }

    /// Those that wait open, unless recorded hellos have taken their places in the meantime.
    fn confirm(&mut self) {
        let (displaced, open) = (self.server.stats().displaced, self.server.stats().opened);
        for (place, confirm) in std::mem::take(&mut self.held) {
            let _ = self.give(place, &confirm);
        }
        self.settle();
        let opened = self.server.stats().opened - open;
        assert!(
            opened as usize + displaced as usize >= self.clients.len(),
            "{opened} opened, {displaced} displaced"
        );
        if displaced != 0 {
            self.seen.insert("displaced");
        }
    }

    /// What was under way arrives, once the groups of nobody's have expired.
    fn check_open(&mut self) {
        self.now = self.now.plus(spec().reassembly_ticks);
        self.server.poll(self.now);
        for (place, frame) in std::mem::take(&mut self.held) {
            let _ = self.give(place, &frame);
        }
        self.settle();
        let keys: Vec<_> = self.server.sessions().collect();
        assert_eq!(self.read(keys[0]), [text("a", 20), text("long", LONG)]);
        assert_eq!(self.read(keys[1]), [[0; 0]; 0]);
        self.clients[1].close(self.now, CloseReason::Done);
        self.settle();
        assert_eq!(self.clients[1].lifecycle(), Some(Lifecycle::Closed));
    }

    fn read(&mut self, key: SessionKey) -> Vec<Vec<u8>> {
        let mut read = Vec::new();
        loop {
            let now = self.now;
            let side = self.server.get(key).expect("a session");
            let Some(stream) = side.readable() else { return read };
            if let Read::Message(bytes) = side.read(stream) {
                read.push(bytes.to_vec());
            }
            side.consume(now, stream);
            self.settle();
        }
    }

    /// A client that comes now gets in before its handshake must have ended.
    fn newcomer(&mut self) {
        if self.crowd == Crowd::Full {
            self.clients[1].close(self.now, CloseReason::Done);
            self.settle();
        }
        self.nonces |= 0x40;
        self.client("newcomer");
        let begun = self.now;
        let place = self.clients.len() - 1;
        loop {
            self.settle();
            if self.clients[place].lifecycle() == Some(Lifecycle::Open) {
                break;
            }
            assert!(self.now.since(begun) <= 2 * spec().retry_ticks, "a newcomer is kept out");
            self.now = self.now.plus(spec().retry_ticks);
            self.clients[place].poll(self.now);
            self.server.poll(self.now);
        }
        let stream = self.clients[place].open_stream().expect("a stream");
        self.clients[place].send(self.now, stream, &mut text("in", LONG)).expect("room");
        self.settle();
        let keys: Vec<_> = self.server.sessions().collect();
        assert!(keys.into_iter().any(|key| self.read(key) == [text("in", LONG)]), "the newcomer's message");
    }
}
