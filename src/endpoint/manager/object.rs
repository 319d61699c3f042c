//! The manager itself.

use super::half_open::{HalfOpen, Wait};
use super::{ManagerStats, Path};
use crate::endpoint::handshake::{last_bytes, own_class, repeats};
use crate::endpoint::memory::Storage;
use crate::endpoint::stats::{add, bump};
use crate::endpoint::{Endpoint, Reject, StartError};
use crate::profile::{Fixed, Policy, Profile};
use crate::secure::Fresh;
use crate::session::{Answer, Config, ConfigError, LastWords, Open, Session, Step, answer};
use crate::vocab::{FailReason, FrameKind, HandshakeReject, Id, Role, Ticks};
use crate::wire::{self, FrameView};

/// A server's sessions: up to `SESSIONS` at a time, each with the memory `M`, and up to `HALF_OPEN` handshakes that wait. The
/// [module](super) says how they get and lose their places.
pub struct Manager<P, M, const SESSIONS: usize, const HALF_OPEN: usize> {
    pub(super) policy: P,
    pub(super) config: Option<Config>,
    sessions_max: u8,
    pub(super) half_open: [HalfOpen<P>; HALF_OPEN],
    pub(super) slots: [Slot<P, M>; SESSIONS],
    pub(super) stats: ManagerStats,
    /// The source of frames whose turn it is.
    pub(super) turn: usize,
}

/// The place of one session.
pub(super) struct Slot<P, M> {
    pub(super) endpoint: Endpoint<P, M>,
    /// Sessions that have had this place.
    generation: u32,
    pub(super) path: Path,
    /// Under which secret, and who.
    pub(super) peer: Option<(Id, Id)>,
}

/// Where a new session lives, and which one it ends.
#[derive(Clone, Copy)]
struct Places {
    new: usize,
    old: Option<usize>,
}

/// Names one session of a manager. It is never another session's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SessionKey {
    pub(super) slot: u8,
    generation: u32,
}

/// What became of a frame that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Taken {
    /// A handshake has begun or goes on.
    HalfOpen,
    /// It has opened this session.
    Opened(SessionKey),
    /// It was this session's.
    Session(SessionKey),
}

impl<P: Policy, M: Storage> Slot<P, M> {
    const fn new(policy: P) -> Self {
        Self { endpoint: Endpoint::vacant(policy), generation: 0, path: Path(0), peer: None }
    }

    /// Whether its session ends for a new one of this peer.
    fn is_of(&self, policy: &P, (secret, peer): (Id, Id)) -> bool {
        self.peer
            .is_some_and(|(own_secret, own_peer)| policy.supersedes(own_secret == secret, own_peer == peer))
    }

    /// The name of its session.
    pub(super) fn key(&self, place: usize) -> SessionKey {
        SessionKey { slot: u8::try_from(place).unwrap_or(u8::MAX), generation: self.generation }
    }

    /// How much would be lost if another session took this place; `None` while its session lives.
    fn loss(&mut self) -> Option<u8> {
        if self.endpoint.is_live() {
            return None;
        }
        let unread = self.endpoint.readable().is_some();
        let unsent = self.endpoint.poll_transmit(Ticks(0)).is_some();
        let kinds = [self.endpoint.lifecycle().is_some(), unread, unsent];
        u8::try_from(kinds.into_iter().filter(|lost| *lost).count()).ok()
    }
}

impl<P: Profile, M: Storage, const SESSIONS: usize, const HALF_OPEN: usize>
    Manager<Fixed<P>, M, SESSIONS, HALF_OPEN>
{
    /// A manager that does not listen yet, of a profile that is compiled in: constant, for a `static`.
    #[must_use]
    pub const fn fixed() -> Self {
        Self::with(Fixed::new(), [const { Slot::new(Fixed::new()) }; SESSIONS])
    }
}

impl<P: Policy, M: Storage, const SESSIONS: usize, const HALF_OPEN: usize>
    Manager<P, M, SESSIONS, HALF_OPEN>
{
    /// A manager that does not listen yet.
    #[must_use]
    pub fn new(policy: P) -> Self {
        Self::with(policy, core::array::from_fn(|_| Slot::new(policy)))
    }

    const fn with(policy: P, slots: [Slot<P, M>; SESSIONS]) -> Self {
        const {
            assert!(SESSIONS >= 1 && SESSIONS <= 255, "a manager has 1 to 255 sessions");
            assert!(HALF_OPEN >= 2, "one handshake that waits must not keep out another");
        }
        let half_open = [const { HalfOpen::FREE }; HALF_OPEN];
        Self { policy, config: None, sessions_max: 0, half_open, slots, stats: ManagerStats::ZERO, turn: 0 }
    }

    /// Listens from now on with this configuration, a server's. Sessions that are open and handshakes that wait go on: so secrets
    /// are rotated. A session under the new secret does not supersede one under the old: there must be places for both, or
    /// [`close_secret`](Self::close_secret) ends those of a secret that is withdrawn.
    ///
    /// # Errors
    /// [`StartError`]; the manager is as it was.
    pub fn listen(&mut self, config: Config) -> Result<(), StartError> {
        M::CAPACITY.holds(self.policy.spec()).map_err(StartError::Memory)?;
        if config.role() != Role::Server {
            return Err(StartError::Config(ConfigError::Role));
        }
        config.check_for(&self.policy).map_err(StartError::Config)?;
        // `with` has seen to it that there are at most 255.
        self.sessions_max = config.sessions(SESSIONS as u8).map_err(StartError::Config)?;
        self.config = Some(config);
        Ok(())
    }

    /// Takes one frame from the link. `fresh` is asked for freshness when a genuine hello is to be answered.
    ///
    /// # Errors
    /// [`Reject`]: the frame has changed nothing but a counter, except after [`Reject::Fatal`].
    pub fn receive(
        &mut self,
        now: Ticks,
        from: Path,
        bytes: &[u8],
        fresh: impl FnOnce() -> Option<Fresh>,
    ) -> Result<Taken, Reject> {
        let policy = self.policy;
        let frame = wire::decode(bytes, &policy.spec().frame_limits(Role::Server), &policy);
        if let Ok(frame) = &frame
            && let Some((place, slot)) = self.slot_of(frame.session_class())
        {
            let mut engine = slot.endpoint.engine();
            let outcome = engine.receive_decoded(now, Ok(*frame), bytes);
            engine.flush(now);
            let key = slot.key(place);
            return outcome.map(|()| Taken::Session(key));
        }
        add(&mut self.stats.lobby.frames_received, 1);
        add(&mut self.stats.lobby.bytes_received, bytes.len());
        let outcome = frame.map_err(Reject::Frame).and_then(|frame| self.enter(now, from, &frame, fresh));
        if let Err(reject) = outcome {
            self.stats.lobby.reject(reject);
        }
        outcome
    }

    /// A frame of no session.
    fn enter(
        &mut self,
        now: Ticks,
        from: Path,
        frame: &FrameView<'_>,
        fresh: impl FnOnce() -> Option<Fresh>,
    ) -> Result<Taken, Reject> {
        let class = frame.session_class();
        if frame.kind() != FrameKind::Control || frame.stream() != 0 {
            return Err(Reject::WrongSession);
        }
        match self.half_open.iter().position(|entry| entry.waits_under(class)) {
            Some(place) => self.confirm(now, place, frame.payload()),
            None if own_class(&self.policy, class, frame.payload()) => {
                self.hello(now, from, class, frame.payload(), fresh)
            }
            None => Err(Reject::WrongSession),
        }
    }

    fn hello(
        &mut self,
        now: Ticks,
        from: Path,
        class: u16,
        message: &[u8],
        fresh: impl FnOnce() -> Option<Fresh>,
    ) -> Result<Taken, Reject> {
        let (policy, place) = (self.policy, self.half_open_place(now));
        let Some(config) = &self.config else { return Err(Reject::State) };
        let (live, max) = (self.slots.iter().filter(|slot| slot.endpoint.is_live()), self.sessions_max);
        let room = |peer: (Id, Id)| {
            let known = live.clone().any(|slot| slot.is_of(&policy, peer));
            place.is_some() && (known || policy.session_room(live.count(), max))
        };
        let answer = answer(policy, config, room, fresh, message);
        match answer {
            Answer::Accepted(session, accept, secret_id) => {
                let entry =
                    self.begin(now, from, class, message, place, Wait::Confirm(session, secret_id))?;
                entry.say(&policy, accept.as_bytes());
                bump(&mut self.stats.answered);
                Ok(Taken::HalfOpen)
            }
            Answer::Refused(failure, words) => {
                if let LastWords::Refusal(words) = words {
                    self.begin(now, from, class, message, place, Wait::Parting)?.say(&policy, &words);
                }
                bump(&mut self.stats.refused);
                Err(Reject::Fatal(failure.reason))
            }
            Answer::Ignored(reject) => Err(reject.into()),
            Answer::NotFresh => Err(Reject::NotFresh),
        }
    }

    /// Puts a handshake into its place.
    fn begin(
        &mut self,
        now: Ticks,
        from: Path,
        class: u16,
        hello: &[u8],
        place: Option<usize>,
        wait: Wait<P>,
    ) -> Result<&mut HalfOpen<P>, Reject> {
        let streams_max = self.config.as_ref().map_or(0, |config| config.streams(self.policy.spec()));
        let entry = place.and_then(|place| self.half_open.get_mut(place)).ok_or(HandshakeReject::Busy)?;
        if let Wait::Confirm(..) = entry.wait {
            bump(&mut self.stats.displaced);
        }
        let (hello_tag, path, started) = (last_bytes(hello), from, now);
        *entry = HalfOpen { wait, class, path, hello_tag, started, streams_max, ..HalfOpen::FREE };
        Ok(entry)
    }

    /// A place for one more handshake: a free one, or that of the one that has waited longest, if it has waited enough.
    fn half_open_place(&self, now: Ticks) -> Option<usize> {
        if let Some(free) = self.half_open.iter().position(HalfOpen::is_free) {
            return Some(free);
        }
        let waited = |entry: &HalfOpen<P>| now.since(entry.started);
        let (place, oldest) = self.half_open.iter().enumerate().max_by_key(|(_, entry)| waited(entry))?;
        self.policy.half_open_yields(waited(oldest), self.policy.spec().retry_ticks).then_some(place)
    }

    fn confirm(&mut self, now: Ticks, waiting: usize, message: &[u8]) -> Result<Taken, Reject> {
        let Some(entry) = self.half_open.get_mut(waiting) else { return Err(Reject::WrongSession) };
        if repeats(&self.policy, message, &entry.hello_tag, entry.kept.len()) {
            entry.kept_due = true;
            bump(&mut self.stats.lobby.handshake_repeats);
            return Ok(Taken::HalfOpen);
        }
        let Some(peer) = entry.peer() else { return Err(Reject::WrongSession) };
        // Before the session is touched: a confirm for which there is no place now may be said again.
        let places = self.places(peer).ok_or(HandshakeReject::Busy)?;
        let Some(entry) = self.half_open.get_mut(waiting) else { return Err(Reject::WrongSession) };
        let Some((session, secret)) = entry.take() else { return Err(Reject::WrongSession) };
        match session.receive(message) {
            Ok(Step::Next(open)) => self.open(now, waiting, places, open, peer, message),
            Ok(Step::Stay(session)) => {
                let reject = session.last_reject().unwrap_or(HandshakeReject::MessageType);
                entry.wait = Wait::Confirm(session, secret);
                Err(reject.into())
            }
            Err(failed) => Err(Reject::Fatal(failed.reason())),
        }
    }

    /// Where a session of this peer may live now, and the one that it supersedes: best a place that nobody needs, else that of
    /// the superseded one itself.
    fn places(&mut self, peer: (Id, Id)) -> Option<Places> {
        let Self { policy, config, slots, sessions_max: max, .. } = self;
        config.as_ref()?;
        let old = slots.iter().position(|slot| slot.endpoint.is_live() && slot.is_of(policy, peer));
        let live = slots.iter().filter(|slot| slot.endpoint.is_live()).count();
        let losses = slots.iter_mut().enumerate().filter_map(|(place, slot)| Some((slot.loss()?, place)));
        let free = losses.min().map(|(_, place)| place);
        let free = free.filter(|_| old.is_some() || policy.session_room(live, *max));
        Some(Places { new: free.or(old)?, old })
    }

    /// A confirmed session takes its place; only now does it end the one that it supersedes.
    fn open(
        &mut self,
        now: Ticks,
        waited: usize,
        places: Places,
        session: Session<Open, P>,
        peer: (Id, Id),
        confirm: &[u8],
    ) -> Result<Taken, Reject> {
        let Self { config, half_open, slots, stats, .. } = self;
        let (Some(config), Some(entry)) = (config.as_ref(), half_open.get_mut(waited)) else {
            return Err(Reject::State);
        };
        let (class, path, streams_max) = (entry.class, entry.path, entry.streams_max);
        if let Some(old) = places.old.and_then(|old| slots.get_mut(old)) {
            old.endpoint.engine().fail(FailReason::Superseded);
            bump(&mut stats.superseded);
        }
        let Some(slot) = slots.get_mut(places.new) else { return Err(Reject::State) };
        if places.old == Some(places.new) {
            entry.part_with(now, slot.path, &mut slot.endpoint);
        }
        slot.endpoint.engine().adopt(now, session, streams_max, config.events(), class, confirm);
        (slot.generation, slot.path, slot.peer) = (slot.generation.wrapping_add(1), path, Some(peer));
        bump(&mut stats.opened);
        Ok(Taken::Opened(slot.key(places.new)))
    }

    /// The session whose frames have this class. There is one at most: no hello under a class that is in use is answered.
    fn slot_of(&mut self, class: u16) -> Option<(usize, &mut Slot<P, M>)> {
        let of_class =
            |slot: &Slot<P, M>| slot.endpoint.lifecycle().is_some() && slot.endpoint.class() == class;
        self.slots.iter_mut().enumerate().find(|(_, slot)| of_class(slot))
    }
}
