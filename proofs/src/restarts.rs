//! Crashes and restarts against an attacker who replays everything that was ever said.
//!
//! A device seals the same first message in every session. Under one key and nonce that gives the same ciphertext, so two
//! equal ones show a repeated pair, and unequal ones show that there was none. The tag is left out: it covers the transcript
//! as well, and would differ under a repeated pair.

use std::collections::HashSet;

use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::{Config, Open, Session};
use kurdistan::vocab::{EnvelopeClass, FrameFacts, FrameKind, Id, MetadataClass, Role};
use kurdistan::{Fixed, Small};

/// What a device keeps over a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A counter of its boots, raised before the first handshake of each.
    BootCounter,
    /// Nothing: its random bytes are all the freshness that it has.
    Nothing,
}

/// What a run has seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// Sessions that the device opened.
    pub sessions: usize,
    /// Of those, with a recorded message of the peer instead of a new one.
    pub replays: usize,
    /// Ciphertexts that had been seen before.
    pub repeats: usize,
}

/// A generator that a bad device has: it starts from one of few states at each boot.
struct Weak(u64);

impl Weak {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn bytes(&mut self) -> [u8; 32] {
        core::array::from_fn(|_| self.next() as u8)
    }
}

/// A device in `role` that boots and crashes until it has opened so many sessions.
pub fn run(role: Role, kept: Kept, sessions: usize, seed: u64) -> Seen {
    let mut chance = Weak(seed);
    let (mut seen, mut ciphertexts, mut recorded) = (Seen::default(), HashSet::new(), Vec::new());
    let mut boot = 0;
    while seen.sessions < sessions {
        boot += u64::from(kept == Kept::BootCounter);
        // Eight states for all boots: the random bytes repeat soon.
        let mut random = Weak(chance.next() % 8);
        for handshake in 0..1 + chance.next() % 3 {
            let own = match kept {
                Kept::BootCounter => Fresh::from_both(random.bytes(), boot, handshake),
                Kept::Nothing => Fresh::from_random(random.bytes()),
            };
            let replay = (!recorded.is_empty() && chance.next().is_multiple_of(2))
                .then(|| recorded[chance.next() as usize % recorded.len()]);
            let Some((mut session, peer)) = open(role, own, replay, &mut chance) else { continue };
            recorded.push(peer);
            seen.sessions += 1;
            seen.replays += usize::from(replay.is_some());
            seen.repeats += usize::from(!ciphertexts.insert(first_ciphertext(&mut session)));
        }
    }
    seen
}

type Opened = Session<Open, Fixed<Small>>;

/// One handshake of the device with a peer whose nonce follows from `replay` or is new; and what the peer's nonce came from.
///
/// An attacker without the secret can only let the peer say again what it has said, and that is what the same seed makes it do.
fn open(role: Role, own: Fresh, replay: Option<u64>, chance: &mut Weak) -> Option<(Opened, u64)> {
    let peer = replay.unwrap_or_else(|| chance.next());
    let other = Fresh::from_random(Weak(peer ^ 0x5eed).bytes());
    let (client, server) = match role {
        Role::Client => (own, other),
        Role::Server => (other, own),
    };
    let side = |role, fresh| Session::new(Fixed::<Small>::new(), config(role), fresh).ok();
    let (client, hello) = side(Role::Client, client)?.start().ok()?;
    let server = side(Role::Server, server)?.listen().ok()?;
    let (server, accept) = server.receive(hello.as_bytes()).ok()?.into_next()?;
    let (client, confirm) = client.receive(accept.as_bytes()).ok()?.into_next()?;
    let (client, server) = (client.confirmed().ok()?, server.receive(confirm.as_bytes()).ok()?.into_next()?);
    Some((if role == Role::Client { client } else { server }, peer))
}

fn config(role: Role) -> Config {
    let id = |text| Id::new(text).expect("a legal id");
    let secret = Secret::new(b"one secret for all of these runs").expect("a legal secret");
    Config::new(role, id(role.name()), id("key"), secret)
}

fn first_ciphertext(session: &mut Opened) -> Vec<u8> {
    let facts =
        FrameFacts { stream: 1, kind: FrameKind::Data, metadata: MetadataClass::Runtime, first_sequence: 1 };
    let mut text = *b"the same first message every time";
    session.seal(EnvelopeClass::Data, &facts, &mut text).expect("the first envelope");
    text.to_vec()
}
