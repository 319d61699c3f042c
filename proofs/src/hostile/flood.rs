//! Hostile frames without end, at a server that has not opened a session. Memory is a type: what follows is the whole of it.

use kurdistan::endpoint::{Manager, Path};
use kurdistan::profile::Loaded;
use kurdistan::secure::Fresh;
use kurdistan::vocab::{Lifecycle, Role, Ticks};

use super::attack::{Attack, Target};
use super::digest::Digest;
use super::elsewhere::elsewhere;
use super::profile::{Side, Storage, config, policy, spec};
use super::scene::pull;

/// What a flood was, and what it cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flood {
    /// Frames that came.
    pub frames: usize,
    /// Bytes that came.
    pub bytes_in: usize,
    /// Bytes that were said in return.
    pub bytes_out: usize,
    /// Hellos of other times that were answered.
    pub answered: u32,
    /// Bytes of memory of the server, before as after.
    pub memory: usize,
}

/// The one who answers.
trait Server {
    fn receive(&mut self, now: Ticks, bytes: &[u8]) -> Vec<Vec<u8>>;
    fn poll(&mut self, now: Ticks);
    fn answered(&self) -> u32;
}

/// A listening endpoint, begun again whenever its session has ended.
struct Listener {
    side: Box<Side>,
    starts: u32,
}

impl Listener {
    fn start(&mut self, now: Ticks) {
        self.starts += 1;
        let fresh = Fresh::from_random([self.starts as u8 | 0x80; 32]);
        self.side.start(now, config(Role::Server, "server", true), fresh).expect("a server");
    }
}

impl Server for Listener {
    fn receive(&mut self, now: Ticks, bytes: &[u8]) -> Vec<Vec<u8>> {
        let _ = self.side.receive(now, bytes);
        pull(&mut self.side, now)
    }

    fn poll(&mut self, now: Ticks) {
        self.side.poll(now);
        if self.side.lifecycle() == Some(Lifecycle::Failed) {
            self.start(now);
        }
    }

    fn answered(&self) -> u32 {
        self.starts - 1
    }
}

struct Hall(Box<Manager<Loaded<'static>, Storage, 2, 2>>, u8);

impl Server for Hall {
    fn receive(&mut self, now: Ticks, bytes: &[u8]) -> Vec<Vec<u8>> {
        let Self(manager, nonces) = self;
        let _ = manager.receive(now, Path(1), bytes, || {
            *nonces = nonces.wrapping_add(1);
            Some(Fresh::from_random([*nonces | 0x80; 32]))
        });
        let mut frames = Vec::new();
        while let Some(frame) = manager.poll_transmit(now) {
            frames.push(frame.bytes().to_vec());
            frame.sent();
        }
        frames
    }

    fn poll(&mut self, now: Ticks) {
        self.0.poll(now);
    }

    fn answered(&self) -> u32 {
        self.0.stats().answered
    }
}

/// So many frames at a listening endpoint. A recorded hello keeps it for `handshake_ticks`; then a client gets in at once.
#[must_use]
pub fn endpoint(frames: usize, seed: u64) -> Flood {
    let mut server = Listener { side: Box::new(Side::vacant(policy(false))), starts: 0 };
    server.start(Ticks(0));
    let mut flood = pour(&mut server, frames, seed);
    flood.memory = size_of::<Side>();
    let now = Ticks(frames as u32).plus(spec().handshake_ticks);
    assert!(enters(&mut server, now, 0), "a client is kept out");
    flood
}

/// So many frames at a manager. A client gets in when it has said hello again, at most twice.
#[must_use]
pub fn manager(frames: usize, seed: u64) -> Flood {
    let mut manager = Box::new(Manager::new(policy(false)));
    manager.listen(config(Role::Server, "server", true).sessions_max(2)).expect("a configuration");
    let mut server = Hall(manager, 0);
    let mut flood = pour(&mut server, frames, seed);
    flood.memory = size_of::<Manager<Loaded<'static>, Storage, 2, 2>>();
    assert_eq!(server.0.stats().opened, 0);
    assert!(enters(&mut server, Ticks(frames as u32), 2), "a client is kept out");
    flood
}

/// One frame each tick; never more bytes out than in, nor more than one frame for one.
fn pour(server: &mut impl Server, frames: usize, seed: u64) -> Flood {
    let heard = [hellos(), elsewhere(false).to_vec()].concat();
    let mut state = seed;
    let mut flood = Flood::default();
    while flood.frames < frames {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let step = (state ^ state >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9).to_be_bytes();
        let Attack::Inject(making) = Attack::from_bytes(step) else { continue };
        let class = u16::from_le_bytes([step[6], step[7]]);
        let own = heard.len() / 2;
        let bytes = making.bytes(&heard, Target { role: Role::Server, class, own, message: (1, 1) });
        let now = Ticks(flood.frames as u32);
        let said = server.receive(now, &bytes);
        let bytes_out = said.iter().map(Vec::len).sum::<usize>();
        assert!(bytes_out <= bytes.len() && said.len() <= 1, "{bytes_out} bytes for {}", bytes.len());
        (flood.frames, flood.bytes_in) = (flood.frames + 1, flood.bytes_in + bytes.len());
        flood.bytes_out += bytes_out;
        server.poll(now);
    }
    flood.answered = server.answered();
    flood
}

/// Hellos of clients that were there once: each is genuine, and any of them may be said again.
fn hellos() -> Vec<Vec<u8>> {
    let hello = |place: u8| {
        let mut client = Box::new(Side::vacant(policy(false)));
        let config = config(Role::Client, "client", true);
        client.start(Ticks(0), config, Fresh::from_random([50 + place; 32])).expect("a client");
        pull(&mut client, Ticks(0)).remove(0)
    };
    (0..8).map(hello).collect()
}

/// Whether a client gets in, saying hello again so often at most.
fn enters(server: &mut impl Server, mut now: Ticks, repeats: u8) -> bool {
    let mut client = Box::new(Side::vacant(policy(false)));
    server.poll(now);
    client.start(now, config(Role::Client, "client", true), Fresh::from_random([9; 32])).expect("a client");
    for _ in 0..=repeats {
        loop {
            let frames = pull(&mut client, now);
            if frames.is_empty() {
                break;
            }
            for answer in frames.iter().flat_map(|frame| server.receive(now, frame)) {
                let _ = client.receive(now, &answer);
            }
        }
        // The answer to the confirm has opened: the server is open as well.
        if client.lifecycle() == Some(Lifecycle::Open) {
            return Digest::of(&client).state.contains("heard: true");
        }
        now = now.plus(spec().retry_ticks);
        client.poll(now);
        server.poll(now);
    }
    false
}
