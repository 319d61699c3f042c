//! Two endpoints and the wire between them.

use kurdistan::endpoint::{Endpoint, Read, Storage};
use kurdistan::profile::Policy;
use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::Config;
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::{Id, Lifecycle, Role, Ticks};

pub fn id(text: &str) -> Id {
    Id::new(text).expect("a legal id")
}

pub fn config(role: Role) -> Config {
    let name = match role {
        Role::Client => "client",
        Role::Server => "server",
    };
    let secret = Secret::new(b"an arbitrary secret of the tests").expect("a legal secret");
    Config::new(role, id(name), id("key-1"), secret)
}

/// What one side has read: messages and ends, each with its stream.
pub type Reading = (Vec<(u32, Vec<u8>)>, Vec<(u32, StreamEnd)>);

/// What becomes of a frame on its way; may change it, and says how often it arrives.
pub type Fate<'f> = &'f mut dyn FnMut(Role, &mut Vec<u8>) -> usize;

pub struct Pair<P, M> {
    pub now: Ticks,
    pub client: Box<Endpoint<P, M>>,
    pub server: Box<Endpoint<P, M>>,
}

impl<P: Policy, M: Storage> Pair<P, M> {
    /// Two endpoints whose handshake has not begun on the wire.
    pub fn new(policy: P) -> Self {
        let mut pair = Self {
            now: Ticks(u32::MAX - 5_000),
            client: Box::new(Endpoint::vacant(policy)),
            server: Box::new(Endpoint::vacant(policy)),
        };
        pair.server.start(pair.now, config(Role::Server), Fresh::from_random([2; 32])).expect("a server");
        pair.client.start(pair.now, config(Role::Client), Fresh::from_random([1; 32])).expect("a client");
        pair
    }

    /// Two open endpoints.
    pub fn open(policy: P) -> Self {
        let mut pair = Self::new(policy);
        pair.settle();
        assert_eq!(pair.states(), [Lifecycle::Open; 2]);
        pair
    }

    pub fn side(&mut self, role: Role) -> &mut Endpoint<P, M> {
        match role {
            Role::Client => &mut self.client,
            Role::Server => &mut self.server,
        }
    }

    pub fn states(&self) -> [Lifecycle; 2] {
        [&self.client, &self.server].map(|side| side.lifecycle().expect("a session"))
    }

    /// Everything that one side has to say.
    pub fn drain(&mut self, from: Role) -> Vec<Vec<u8>> {
        let now = self.now;
        let side = self.side(from);
        let mut frames = Vec::new();
        while let Some(frame) = side.poll_transmit(now) {
            frames.push(frame.bytes().to_vec());
            frame.sent();
        }
        frames
    }

    /// Delivers until nobody has anything to say; no time passes.
    pub fn settle(&mut self) {
        while self.exchange(&mut |_, _| 1) {}
    }

    /// One turn of both sides; whether anything was said.
    pub fn exchange(&mut self, fate: Fate<'_>) -> bool {
        let mut spoke = false;
        for role in [Role::Client, Role::Server] {
            for mut frame in self.drain(role) {
                spoke = true;
                let now = self.now;
                for _ in 0..fate(role, &mut frame) {
                    let _ = self.side(role.peer()).receive(now, &frame);
                }
            }
        }
        spoke
    }

    /// Lets time pass to the next deadline of either side; `false` when there is none.
    pub fn tick(&mut self) -> bool {
        let deadlines = [self.client.next_deadline(), self.server.next_deadline()];
        let Some(next) = deadlines.into_iter().flatten().reduce(Ticks::earlier) else { return false };
        self.now = self.now.later(next);
        self.client.poll(self.now);
        self.server.poll(self.now);
        true
    }

    /// Reads everything that is there, as messages and ends by stream.
    pub fn read_all(&mut self, role: Role) -> Reading {
        let now = self.now;
        let side = self.side(role);
        let (mut messages, mut ends) = (Vec::new(), Vec::new());
        while let Some(stream) = side.readable() {
            match side.read(stream) {
                Read::Message(bytes) => messages.push((stream, bytes.to_vec())),
                Read::End(end) => ends.push((stream, end)),
                Read::Nothing | Read::NoStream => unreachable!("{stream} is readable"),
            }
            side.consume(now, stream);
        }
        (messages, ends)
    }
}
