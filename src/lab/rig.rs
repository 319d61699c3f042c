//! Two endpoints and a link between them.

use crate::endpoint::{Endpoint, Memory, Storage};
use crate::link::{Link, MemoryLink};
use crate::profile::Policy;
use crate::secure::{Fresh, Secret};
use crate::session::Config;
use crate::vocab::{Id, Lifecycle, Role, Ticks};

/// The memory of each endpoint: storage class S.
pub type LabMemory = Memory<2_048, 24, 792, 8, 4>;

/// Frames of at most 284 bytes, three on their way in each direction: less than a message may have.
type LabLink = MemoryLink<284, 3>;

/// Turns of both sides after which a scenario hangs.
const TURNS_MAX: u32 = 20_000;

/// Two endpoints of one session with a link between them, and their time.
pub struct Rig<P> {
    /// The time of both.
    pub now: Ticks,
    /// The client.
    pub client: Endpoint<P, LabMemory>,
    /// The server.
    pub server: Endpoint<P, LabMemory>,
    link: LabLink,
    frames: u64,
    bytes: u64,
    turns: u32,
}

impl<P: Policy> Rig<P> {
    /// Two free endpoints.
    #[must_use]
    pub const fn new(policy: P) -> Self {
        Self {
            now: Ticks(0),
            client: Endpoint::vacant(policy),
            server: Endpoint::vacant(policy),
            link: LabLink::EMPTY,
            frames: 0,
            bytes: 0,
            turns: 0,
        }
    }

    /// Starts both sides from a seed; whether they could.
    pub fn start(&mut self, seed: u64) -> bool {
        self.now = Ticks(u32::MAX.wrapping_sub(seed as u32 % 1_000));
        let now = self.now;
        [Role::Server, Role::Client].into_iter().all(|role| {
            let Some(config) = config(role, seed) else { return false };
            self.side(role).start(now, config, fresh(role, seed)).is_ok()
        })
    }

    /// One side.
    pub const fn side(&mut self, role: Role) -> &mut Endpoint<P, LabMemory> {
        match role {
            Role::Client => &mut self.client,
            Role::Server => &mut self.server,
        }
    }

    /// The states of both.
    #[must_use]
    pub const fn states(&self) -> [Option<Lifecycle>; 2] {
        [self.client.lifecycle(), self.server.lifecycle()]
    }

    /// Frames that the link has carried, and their bytes.
    #[must_use]
    pub const fn carried(&self) -> (u64, u64) {
        (self.frames, self.bytes)
    }

    /// One turn of both loops without the application; `false` when nothing moved. A rig that turns for ever is stopped.
    pub fn turn(&mut self) -> bool {
        self.turns = self.turns.saturating_add(1);
        let moved = self.move_frames(Role::Client) | self.move_frames(Role::Server);
        moved && self.turns < TURNS_MAX
    }

    /// Turns until nothing moves.
    pub fn settle(&mut self) {
        while self.turn() {}
    }

    /// Goes to the next deadline; `false` when there is none, or when too many have passed.
    pub fn wait(&mut self) -> bool {
        let deadlines = [self.client.next_deadline(), self.server.next_deadline()];
        let Some(next) = deadlines.into_iter().flatten().reduce(Ticks::earlier) else { return false };
        self.now = self.now.later(next);
        self.client.poll(self.now);
        self.server.poll(self.now);
        self.turns < TURNS_MAX
    }

    fn move_frames(&mut self, role: Role) -> bool {
        let Self { now, client, server, link, frames, bytes, .. } = self;
        let side = if matches!(role, Role::Client) { client } else { server };
        let mut moved = false;
        while let Some(frame) = link.front(role) {
            let _ = side.receive(*now, frame.bytes);
            moved |= link.pop(role);
        }
        while let Some(frame) = side.poll_transmit(*now) {
            if link.send(role, frame.bytes()).is_err() {
                break;
            }
            *frames = frames.saturating_add(1);
            *bytes = bytes.saturating_add(frame.bytes().len() as u64);
            frame.sent();
            moved = true;
        }
        moved
    }
}

/// The configuration of a side; its secret follows from the seed.
pub(super) fn config(role: Role, seed: u64) -> Option<Config> {
    let mut secret = [0; 32];
    super::content::Content::of(seed, 0, 0).fill(&mut secret);
    let (id, peer) = (Id::new(role.name()).ok()?, Id::new(role.peer().name()).ok()?);
    Some(Config::new(role, id, Id::new("lab-1").ok()?, Secret::new(&secret).ok()?).expect(peer))
}

/// Freshness that follows from the seed, different for each role.
pub(super) fn fresh(role: Role, seed: u64) -> Fresh {
    let mut random = [0; 32];
    super::content::Content::of(seed, 0, 1 + u32::from(role.code())).fill(&mut random);
    Fresh::from_random(random)
}

const _: () = {
    use crate::profile::Loaded;
    assert!(size_of::<Rig<Loaded<'_>>>() <= 28 * 1_024);
    assert!(LabMemory::CAPACITY.slots == 8);
};
