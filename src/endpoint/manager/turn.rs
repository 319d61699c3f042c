//! What a main loop does with a manager besides receiving.

use super::half_open::{HalfOpen, Wait};
use super::object::{Manager, SessionKey, Slot};
use super::outgoing::{Outgoing, Source};
use super::{ManagerStats, Path};
use crate::endpoint::Endpoint;
use crate::endpoint::memory::Storage;
use crate::endpoint::stats::bump;
use crate::profile::Policy;
use crate::vocab::{CloseReason, Id, Ticks};

impl<P: Policy, M: Storage, const SESSIONS: usize, const HALF_OPEN: usize>
    Manager<P, M, SESSIONS, HALF_OPEN>
{
    /// The next frame for a link, of the sessions and handshakes in turn. It stays queued until [`sent`](Outgoing::sent).
    pub fn poll_transmit(&mut self, now: Ticks) -> Option<Outgoing<'_, P>> {
        let sources = HALF_OPEN.saturating_add(SESSIONS);
        let turn = self.turn;
        let order = (0..sources).map(|step| turn.saturating_add(step).checked_rem(sources).unwrap_or(0));
        let source = { order }.find(|source| self.has_frame(now, *source))?;
        let next_turn = source.saturating_add(1);
        let Self { half_open, slots, turn, .. } = self;
        if let Some(entry) = half_open.get_mut(source) {
            let to = entry.path;
            return Some(Outgoing { source: Source::HalfOpen(entry), to, turn, next_turn });
        }
        let place = source.checked_sub(HALF_OPEN)?;
        let slot = slots.get_mut(place)?;
        let (key, to) = (slot.key(place), slot.path);
        let frame = slot.endpoint.poll_transmit(now)?;
        Some(Outgoing { source: Source::Session(key, frame), to, turn, next_turn })
    }

    fn has_frame(&mut self, now: Ticks, source: usize) -> bool {
        if let Some(entry) = self.half_open.get(source) {
            return !entry.is_free() && entry.kept_due;
        }
        let slot = source.checked_sub(HALF_OPEN).and_then(|place| self.slots.get_mut(place));
        slot.is_some_and(|slot| slot.endpoint.poll_transmit(now).is_some())
    }

    /// Does everything whose time has come, in every session and handshake.
    pub fn poll(&mut self, now: Ticks) {
        let (policy, ticks) = (self.policy, self.policy.spec().handshake_ticks);
        for entry in &mut self.half_open {
            if !entry.is_free() && policy.handshake_deadline(now.since(entry.started), ticks).is_err() {
                if let Wait::Confirm(..) = entry.wait {
                    bump(&mut self.stats.expired);
                }
                *entry = HalfOpen::FREE;
            }
        }
        for slot in &mut self.slots {
            slot.endpoint.poll(now);
        }
    }

    /// When [`poll`](Self::poll) is to be called next; `None` when only a frame or a call can change anything.
    #[must_use]
    pub fn next_deadline(&mut self) -> Option<Ticks> {
        let ticks = self.policy.spec().handshake_ticks;
        let waiting = self.half_open.iter().filter(|entry| !entry.is_free());
        let handshakes = waiting.map(|entry| entry.started.plus(ticks));
        let sessions = self.slots.iter_mut().filter_map(|slot| slot.endpoint.next_deadline());
        handshakes.chain(sessions).reduce(Ticks::earlier)
    }

    /// The sessions that live, and those that have ended and whose place nobody has needed yet.
    pub fn sessions(&self) -> impl Iterator<Item = SessionKey> {
        let used = self.slots.iter().enumerate().filter(|(_, slot)| slot.endpoint.lifecycle().is_some());
        used.map(|(place, slot)| slot.key(place))
    }

    /// A session, for everything that an endpoint does; `None` once its place is another one's.
    pub fn get(&mut self, key: SessionKey) -> Option<&mut Endpoint<P, M>> {
        let place = usize::from(key.slot);
        self.slots.get_mut(place).filter(|slot| slot.key(place) == key).map(|slot| &mut slot.endpoint)
    }

    /// The id of the secret under which a session was opened, and the id of its peer; `None` once its place is another one's.
    #[must_use]
    pub fn peer(&self, key: SessionKey) -> Option<(Id, Id)> {
        self.slot(key)?.peer
    }

    /// The path of a session: that of its handshake.
    #[must_use]
    pub fn path(&self, key: SessionKey) -> Option<Path> {
        self.slot(key).map(|slot| slot.path)
    }

    fn slot(&self, key: SessionKey) -> Option<&Slot<P, M>> {
        let place = usize::from(key.slot);
        self.slots.get(place).filter(|slot| slot.key(place) == key)
    }

    /// Handshakes that wait for their confirm.
    #[must_use]
    pub fn half_open(&self) -> usize {
        self.half_open.iter().filter(|entry| matches!(entry.wait, Wait::Confirm(..))).count()
    }

    /// Closes every session that was opened under this secret, when it is withdrawn; how many there were.
    pub fn close_secret(&mut self, now: Ticks, secret: Id, reason: CloseReason) -> usize {
        let of_secret = |slot: &&mut Slot<P, M>| {
            slot.endpoint.is_live() && slot.peer.is_some_and(|peer| peer.0 == secret)
        };
        self.slots.iter_mut().filter(of_secret).map(|slot| slot.endpoint.close(now, reason)).count()
    }

    /// Listens no longer, forgets the handshakes that wait, and closes every session.
    pub fn close(&mut self, now: Ticks, reason: CloseReason) {
        self.config = None;
        for entry in &mut self.half_open {
            if let Wait::Confirm(..) = entry.wait {
                *entry = HalfOpen::FREE;
            }
        }
        for slot in &mut self.slots {
            slot.endpoint.close(now, reason);
        }
    }

    /// A snapshot of the counters.
    #[must_use]
    pub const fn stats(&self) -> ManagerStats {
        self.stats
    }
}
