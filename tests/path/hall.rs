//! A manager, its clients, and the wires between them.

use core::cell::Cell;

use kurdistan::SmallMemory;
use kurdistan::endpoint::{Endpoint, Manager, Path, Reject, SessionKey, Taken};
use kurdistan::profile::{Fixed, Profile, Small};
use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::Config;
use kurdistan::vocab::{Lifecycle, Role, Ticks};

use crate::pair::id;

pub type Server<const SESSIONS: usize> = Manager<Fixed<Small>, SmallMemory, SESSIONS, 2>;
pub type Client = Endpoint<Fixed<Small>, SmallMemory>;

pub const RETRY: u32 = Small::SPEC.retry_ticks;

pub fn secret(text: &[u8]) -> Secret {
    Secret::new(text).expect("a legal secret")
}

pub fn serving(sessions: u8) -> Config {
    let secret = secret(b"an arbitrary secret of the tests");
    Config::new(Role::Server, id("server"), id("key-1"), secret).sessions_max(sessions)
}

/// A manager, its clients, and the wires between them.
pub struct Hall<const SESSIONS: usize> {
    pub now: Ticks,
    pub server: Box<Server<SESSIONS>>,
    pub nonces: u8,
    pub asked: Cell<u32>,
}

impl<const SESSIONS: usize> Hall<SESSIONS> {
    pub fn new() -> Self {
        let mut server = Box::new(Server::fixed());
        server.listen(serving(SESSIONS as u8)).expect("a server's configuration");
        Self { now: Ticks(u32::MAX - 100), server, nonces: 0, asked: Cell::new(0) }
    }

    pub fn client(&mut self, name: &str) -> Client {
        let secret = secret(b"an arbitrary secret of the tests");
        self.start(Config::new(Role::Client, id(name), id("key-1"), secret))
    }

    pub fn start(&mut self, config: Config) -> Client {
        self.nonces += 1;
        let mut client = Client::vacant(Fixed::new());
        client.start(self.now, config, Fresh::from_random([self.nonces; 32])).expect("a client");
        client
    }

    pub fn hears(&mut self, from: u32, frame: &[u8]) -> Result<Taken, Reject> {
        self.nonces += 1;
        let (nonce, asked) = (self.nonces, &self.asked);
        self.server.receive(self.now, Path(from), frame, || {
            asked.set(asked.get() + 1);
            Some(Fresh::from_random([nonce | 0x80; 32]))
        })
    }

    /// What the manager has to say, each frame with its path.
    pub fn says(&mut self) -> Vec<(Path, Vec<u8>)> {
        let mut frames = Vec::new();
        while let Some(frame) = self.server.poll_transmit(self.now) {
            frames.push((frame.to(), frame.bytes().to_vec()));
            frame.sent();
        }
        frames
    }

    pub fn frames_of(&self, client: &mut Client) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        while let Some(frame) = client.poll_transmit(self.now) {
            frames.push(frame.bytes().to_vec());
            frame.sent();
        }
        frames
    }

    /// Delivers both ways until it is quiet; what the last frames of each client became.
    pub fn settle(&mut self, clients: &mut [(u32, &mut Client)]) -> Vec<Taken> {
        let mut taken = Vec::new();
        loop {
            let mut moved = false;
            for (path, client) in clients.iter_mut() {
                for frame in self.frames_of(client) {
                    moved = true;
                    taken.extend(self.hears(*path, &frame));
                }
            }
            for (to, frame) in self.says() {
                moved = true;
                for (_, client) in clients.iter_mut().filter(|(path, _)| Path(*path) == to) {
                    let _ = client.receive(self.now, &frame);
                }
            }
            if !moved {
                return taken;
            }
        }
    }

    pub fn open(&mut self, path: u32, client: &mut Client) -> SessionKey {
        let taken = self.settle(&mut [(path, client)]);
        assert_eq!(client.lifecycle(), Some(Lifecycle::Open));
        let opened =
            taken.iter().find_map(|taken| if let Taken::Opened(key) = taken { Some(*key) } else { None });
        opened.expect("a session has opened")
    }

    pub fn state(&mut self, key: SessionKey) -> Option<Lifecycle> {
        self.server.get(key).and_then(|side| side.lifecycle())
    }
}
