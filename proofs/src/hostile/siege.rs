//! An endpoint under attack.

use kurdistan::endpoint::Reject;
use kurdistan::vocab::Lifecycle;

use super::attack::Attack;
use super::digest::Digest;
use super::scene::{Place, Scene};
use super::verdict;
use crate::Seen;

/// Ticks that an attack may take: less than a handshake may, with what comes after.
const TICKS_MAX: u32 = 6_000;
/// Bytes that may wait for the link before it takes them.
const QUEUE_MAX: usize = 1_000;

/// An endpoint in one of its states, and the bytes so far.
struct Siege {
    scene: Scene,
    seen: Seen,
    ticks: u32,
    bytes_in: usize,
    bytes_before: usize,
}

/// Attacks an endpoint in this state; then it goes on.
pub fn check(place: Place, strict: bool, attacks: &[Attack]) -> Seen {
    let mut scene = Scene::new(place, strict);
    scene.queue();
    let bytes_before = said(&scene);
    // What is due already was asked for before.
    let bytes_in = if Digest::of(&scene.victim).kept_due { scene.heard[0].len() } else { 0 };
    let mut siege = Siege { scene, seen: Seen::new(), ticks: 0, bytes_in, bytes_before };
    for attack in attacks {
        siege.suffer(*attack);
    }
    siege.scene.go_on();
    siege.seen
}

/// Bytes that the victim has said or is about to say.
fn said(scene: &Scene) -> usize {
    Digest::of(&scene.victim).bytes + scene.to_peer.iter().map(Vec::len).sum::<usize>()
}

impl Siege {
    fn suffer(&mut self, attack: Attack) {
        match attack {
            Attack::Inject(making) => {
                let bytes = making.bytes(&self.scene.heard, self.scene.target());
                self.inject(&bytes);
            }
            Attack::Wait { ticks, polls } => {
                let ticks = u32::from(ticks);
                if self.ticks + ticks <= TICKS_MAX {
                    self.ticks += ticks;
                    self.scene.wait(ticks, polls);
                }
            }
            Attack::Drain => self.scene.drain(),
        }
        let opens = self.scene.place != Place::ServerSecuring;
        if opens && Digest::of(&self.scene.victim).bytes > QUEUE_MAX {
            self.scene.drain();
        }
        // A client speaks by the clock; a server does not before it is sure of its peer.
        if matches!(self.scene.place, Place::Vacant | Place::ServerNegotiating | Place::ServerSecuring) {
            assert!(said(&self.scene) - self.bytes_before <= self.bytes_in, "more bytes out than in");
        }
    }

    fn inject(&mut self, bytes: &[u8]) {
        if self.scene.is_new(bytes) {
            self.seen.insert("genuine");
            return;
        }
        self.bytes_in += bytes.len();
        let before = Digest::of(&self.scene.victim);
        let outcome = self.scene.victim.receive(self.scene.now, bytes);
        let after = Digest::of(&self.scene.victim);
        self.seen.insert(outcome.map_or_else(verdict::name, |()| "accepted"));
        let why = (self.scene.place, outcome, bytes.len());
        assert!(!matches!(outcome, Err(Reject::Fatal(_))), "bytes without proof have ended it: {why:?}");
        let state = self.scene.victim.lifecycle();
        if after == before {
            assert!(outcome.is_err() || after.kept_due, "nothing came of what was taken: {why:?}");
            return;
        }
        match state {
            Some(Lifecycle::Open | Lifecycle::Draining) if self.scene.is_data(bytes) => {
                let may = matches!(outcome, Ok(()) | Err(Reject::Group(_) | Reject::Envelope(_)));
                assert!(may, "moved by what was refused: {why:?}");
                after.assert_one_group_at_most(&before, outcome.is_ok(), &why);
                self.seen.insert("a group has changed");
            }
            Some(Lifecycle::Open | Lifecycle::Draining | Lifecycle::Securing)
                if self.scene.is_repeat(bytes) =>
            {
                after.assert_says_at_most(&before, bytes.len(), &why);
                self.seen.insert("said again");
            }
            Some(Lifecycle::Closed | Lifecycle::Failed) => {
                assert_eq!(outcome, Err(Reject::State));
                after.assert_says_at_most(&before, bytes.len(), &why);
                self.seen.insert("a last word");
            }
            _ => after.assert_same(&before, &why),
        }
    }
}
