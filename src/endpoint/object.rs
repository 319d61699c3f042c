//! The storable object.

use super::control::Control;
use super::engine::Engine;
use super::memory::{Parts, Storage};
use super::read::{Found, Read};
use super::stats::Stats;
use super::{Reject, SendRefusal, StartError};
use crate::observe::Event;
use crate::profile::Policy;
use crate::secure::{ExportError, Fresh};
use crate::session::{AnySession, Config, Selection};
use crate::stream::{OpenRefusal, Priority, PriorityRefusal, StreamEnd};
use crate::vocab::{CloseReason, FailReason, Failure, Id, Lifecycle, LifecycleEvent, PipeEmpty, Ticks};

/// One side of one session with all its memory: for a `static`, a struct or the stack of a main loop.
///
/// The [module](super) shows the loop. `M` is a [`Memory`](super::Memory).
pub struct Endpoint<P, M> {
    policy: P,
    session: AnySession<P>,
    control: Control,
    stats: Stats,
    memory: M,
}

/// Shows the session's state, timers, dues, counters and windows, and the structure of the memory: never a key, a nonce, a tag
/// or a byte of a message or a frame.
impl<P, M: core::fmt::Debug> core::fmt::Debug for Endpoint<P, M> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Endpoint")
            .field("session", &self.session)
            .field("control", &self.control)
            .field("stats", &self.stats)
            .field("memory", &self.memory)
            .finish_non_exhaustive()
    }
}

impl<P: Policy, M: Storage> Endpoint<P, M> {
    /// A free endpoint.
    #[must_use]
    pub const fn vacant(policy: P) -> Self {
        Self {
            policy,
            session: AnySession::Vacant,
            control: Control::IDLE,
            stats: Stats::ZERO,
            memory: M::EMPTY,
        }
    }

    /// Begins a session: a client says hello, a server waits for one. An endpoint whose session has ended can begin again.
    ///
    /// # Errors
    /// [`StartError`]; the endpoint is as it was.
    pub fn start(&mut self, now: Ticks, config: Config, fresh: Fresh) -> Result<(), StartError> {
        M::CAPACITY.holds(self.policy.spec()).map_err(StartError::Memory)?;
        self.engine().start(now, config, fresh)
    }

    /// The state of the session; `None` before the first one.
    #[must_use]
    pub const fn lifecycle(&self) -> Option<Lifecycle> {
        self.session.lifecycle()
    }

    /// Whether data can be sent now.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.session, AnySession::Open(_)) && self.control.closing.is_none()
    }

    /// Why the session has failed, if it has.
    #[must_use]
    pub const fn failure(&self) -> Option<Failure> {
        match &self.session {
            AnySession::Failed(session) => Some(session.failure()),
            _ => None,
        }
    }

    /// Who the peer has proven to be, and what both have agreed on, while the session is open.
    #[must_use]
    pub const fn peer(&self) -> Option<(Id, Selection)> {
        match &self.session {
            AnySession::Open(session) => Some((session.peer(), session.selection())),
            _ => None,
        }
    }

    /// Opens a stream. The peer learns of it with the first message.
    ///
    /// # Errors
    /// [`OpenRefusal`]; nothing has changed.
    pub fn open_stream(&mut self) -> Result<u32, OpenRefusal> {
        if !self.is_open() {
            return Err(OpenRefusal::NotOpen);
        }
        let mut engine = self.engine();
        let policy = engine.policy;
        let id = engine.streams.open_local(&policy)?;
        engine.events.note(Event::StreamOpened { stream: policy.disclose_stream(id) });
        Ok(id)
    }

    /// Sends one message, of 1 to [`message_bytes_max`](crate::profile::Spec::message_bytes_max) bytes, whole or not at all.
    /// It is sealed in place: afterwards the buffer holds ciphertext.
    ///
    /// # Errors
    /// [`SendRefusal`]; nothing has changed but the stream's place in the line, and the buffer is as it was.
    #[inline]
    pub fn send(&mut self, now: Ticks, stream: u32, message: &mut [u8]) -> Result<(), SendRefusal> {
        self.engine().send(now, stream, message)
    }

    /// The stream whose refused message would be taken now: it is [its turn](crate::stream#whose-turn-it-is), and there is
    /// credit and room. `None` when nothing waits, or the room does not suffice yet.
    #[must_use]
    pub fn writable(&mut self, now: Ticks) -> Option<u32> {
        let mut engine = self.engine();
        engine.flush(now);
        engine.writable()
    }

    /// Says how this side's half of a stream stands against the others; the profile's policy says which part of it counts.
    ///
    /// # Errors
    /// [`PriorityRefusal`]; nothing has changed.
    pub fn prioritise(&mut self, stream: u32, priority: Priority) -> Result<(), PriorityRefusal> {
        self.engine().prioritise(stream, priority)
    }

    /// Ends this side's half of a stream cleanly, after everything that was sent on it.
    ///
    /// # Errors
    /// [`SendRefusal`]; nothing has changed. Want of credit or room is no error: the end then waits.
    pub fn finish(&mut self, now: Ticks, stream: u32) -> Result<(), SendRefusal> {
        self.end(now, stream, StreamEnd::Finished)
    }

    /// Ends this side's half of a stream with an error of the application, after everything that was sent on it.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn finish_with_error(&mut self, now: Ticks, stream: u32, code: u16) -> Result<(), SendRefusal> {
        self.end(now, stream, StreamEnd::Error(code))
    }

    /// Ends both halves of a stream at once; what was not read is dropped, on both sides.
    ///
    /// # Errors
    /// [`SendRefusal`]; nothing has changed.
    pub fn reset(&mut self, now: Ticks, stream: u32, code: u16) -> Result<(), SendRefusal> {
        let mut engine = self.engine();
        engine.reset(now, stream, code)?;
        engine.flush(now);
        Ok(())
    }

    /// Takes one frame from the link: a slice of exactly one frame.
    ///
    /// # Errors
    /// [`Reject`]: the frame has changed nothing but a counter, except after [`Reject::Fatal`].
    #[inline]
    pub fn receive(&mut self, now: Ticks, frame: &[u8]) -> Result<(), Reject> {
        let mut engine = self.engine();
        let outcome = engine.receive(now, frame);
        engine.flush(now);
        outcome
    }

    /// A stream with something to read, each in turn.
    #[must_use]
    pub fn readable(&mut self) -> Option<u32> {
        self.engine().readable()
    }

    /// Lends the next message of a stream, or tells how it ended. A message stays until [`consume`](Self::consume).
    #[inline]
    pub fn read(&mut self, stream: u32) -> Read<'_> {
        let mut engine = self.engine();
        match engine.find(stream) {
            Found::Message(slot) => Read::Message(engine.slots.into_message(slot)),
            Found::Nothing => Read::Nothing,
            Found::End(end) => {
                engine.sweep();
                Read::End(end)
            }
            Found::NoStream => Read::NoStream,
        }
    }

    /// Frees the message that [`read`](Self::read) lends and returns its credit to the peer; whether there was one.
    #[inline]
    pub fn consume(&mut self, now: Ticks, stream: u32) -> bool {
        let mut engine = self.engine();
        let consumed = engine.consume(stream);
        engine.flush(now);
        consumed
    }

    /// The next frame for the link. It stays queued until [`sent`](Transmit::sent). Time does nothing here: what must be said again
    /// is said by [`poll`](Self::poll).
    #[inline]
    pub fn poll_transmit(&mut self, now: Ticks) -> Option<Transmit<'_, P>> {
        let mut engine = self.engine();
        engine.flush(now);
        engine.pipe.front().is_ok().then_some(Transmit { engine })
    }

    /// Why there is no frame for the link, if there is none: nothing now, or nothing of this session any more, unless the
    /// peer asks again for the last word.
    #[must_use]
    pub fn idle_link(&mut self) -> Option<PipeEmpty> {
        let ended = matches!(self.lifecycle(), Some(Lifecycle::Closed | Lifecycle::Failed));
        let empty = self.engine().pipe.front().err()?;
        Some(if ended { PipeEmpty::Closed } else { empty })
    }

    /// Does everything whose time has come: repeats, probes, timeouts. Without it nothing is said again and nothing ends. To be called at [`next_deadline`](Self::next_deadline); earlier does no harm.
    pub fn poll(&mut self, now: Ticks) {
        let mut engine = self.engine();
        engine.poll(now);
        engine.flush(now);
    }

    /// When [`poll`](Self::poll) is to be called next; `None` when only a frame can change anything.
    #[must_use]
    pub fn next_deadline(&mut self) -> Option<Ticks> {
        self.engine().next_deadline()
    }

    /// Ends the session: what is queued is delivered, both sides count, then it is closed. Before the session is open this
    /// fails it for [`FailReason::ClosedBeforeOpen`]; the second time it does nothing.
    pub fn close(&mut self, now: Ticks, reason: CloseReason) {
        let mut engine = self.engine();
        let role = engine.control.limits.role;
        let next = |state| engine.policy.next_state(state, LifecycleEvent::Close, role);
        match engine.lifecycle().and_then(next) {
            Some(Lifecycle::Draining) => engine.begin_close(now, reason),
            Some(_) => engine.fail(FailReason::ClosedBeforeOpen),
            None => {}
        }
        engine.flush(now);
    }

    /// Ends the session at once, for [`FailReason::Aborted`]; one last frame tells the peer.
    pub fn abort(&mut self) {
        self.engine().fail(FailReason::Aborted);
    }

    /// The oldest event that has not been taken.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.engine().events.poll()
    }

    /// Events that found the queue full.
    #[must_use]
    pub fn events_truncated(&mut self) -> u32 {
        self.engine().events.truncated()
    }

    /// Whether the peer has told that its outgoing pipe is under pressure: it would do well to be asked for less. What was told
    /// lapses after `ping_ticks`, unless it is told again.
    #[must_use]
    pub const fn peer_pressure(&self) -> bool {
        self.control.peer_pressure.is_some()
    }

    /// A snapshot of the counters of this session.
    #[must_use]
    pub const fn stats(&self) -> Stats {
        self.stats
    }

    /// Fills `out` with bytes that only the two peers of the open session know; `None` while it is not open.
    pub fn export(&self, label: &str, context: &[u8], out: &mut [u8]) -> Option<Result<(), ExportError>> {
        match &self.session {
            AnySession::Open(session) => Some(session.export(label, context, out)),
            _ => None,
        }
    }

    /// The session id class of its frames.
    pub(super) const fn class(&self) -> u16 {
        self.control.class
    }

    /// Whether it has a session that has not ended.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        !matches!(self.session, AnySession::Vacant | AnySession::Closed(_) | AnySession::Failed(_))
    }

    /// The lowest readable stream above `after` that the peer has opened.
    pub(super) fn readable_of_peer(&mut self, after: u32) -> Option<u32> {
        self.engine().readable_of_peer(after)
    }

    /// Most bytes of a message.
    pub(super) fn message_bytes_max(&self) -> usize {
        self.policy.spec().message_bytes_max()
    }

    fn end(&mut self, now: Ticks, stream: u32, end: StreamEnd) -> Result<(), SendRefusal> {
        let mut engine = self.engine();
        engine.finish(stream, end)?;
        engine.flush(now);
        Ok(())
    }

    /// Its parts, borrowed for one call.
    #[inline]
    pub(super) fn engine(&mut self) -> Engine<'_, P> {
        let Self { policy, session, control, stats, memory } = self;
        let Parts { pipe, slots, streams, events } =
            memory.parts(policy.spec(), control.limits, control.order);
        Engine { policy: *policy, session, control, stats, pipe, slots, streams, events }
    }
}

const _: () = {
    use super::{SmallMemory, StandardMemory};
    use crate::profile::{Fixed, Small, Standard};
    assert!(size_of::<Endpoint<Fixed<Small>, SmallMemory>>() <= 6_784);
    assert!(size_of::<Endpoint<Fixed<Standard>, StandardMemory>>() <= 38_016);
};

/// A frame for the link. Dropped, it stays queued: a link that is full loses nothing.
#[must_use = "a frame leaves the queue only by `sent`"]
pub struct Transmit<'e, P: Policy> {
    engine: Engine<'e, P>,
}

impl<P: Policy> Transmit<'_, P> {
    /// The frame, checksum included.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.engine.pipe.front().unwrap_or(&[])
    }

    /// The link has taken the frame.
    #[inline]
    pub fn sent(mut self) {
        let bytes = self.bytes().len();
        let policy = self.engine.policy;
        self.engine.pipe.pop(&policy);
        self.engine.count_sent(bytes);
    }
}
