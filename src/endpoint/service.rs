//! What serves the streams that the peer opens with synthetic targets.

use heapless::Vec;

use super::{Endpoint, Read, Storage};
use crate::profile::Policy;
use crate::stream::target::{Action, Heard, Target, TargetKind, TargetSettings};
use crate::vocab::Ticks;

/// Targets for the streams that the peer of one [`Endpoint`] opens.
///
/// Either all streams have the same target, or the first message of each names it: the bytes of
/// [`TargetKind::name`], and nothing else. That message is then the request, and is not echoed. A stream that names no target ends
/// with the error [`UNKNOWN_TARGET`](Self::UNKNOWN_TARGET).
///
/// `STREAMS` is how many streams are served at a time, at least those of the profile that the peer may open: what has no place
/// stays unread. `MESSAGE` is the longest message that can be said or echoed; a longer one cannot be echoed, and ends its stream
/// with [`TOO_LONG`](Self::TOO_LONG).
///
/// In a main loop, [`poll`](Self::poll) stands where an application would read and send: after frames have come, after frames
/// have left, and at [`next_deadline`](Self::next_deadline). It leaves streams alone that this side has opened.
///
/// ```
/// use kurdistan::endpoint::Service;
/// use kurdistan::stream::target::TargetSettings;
/// # use kurdistan::{Endpoint, Fixed, Standard, StandardMemory, Ticks};
/// let mut targets = Service::<8, 1_024>::named(TargetSettings::USUAL, 42);
/// # let mut side = Endpoint::<Fixed<Standard>, StandardMemory>::vacant(Fixed::new());
/// # let now = Ticks(0);
/// targets.poll(now, &mut side);
/// let deadlines = [side.next_deadline(), targets.next_deadline()];
/// # assert_eq!(deadlines, [None, None]);
/// ```
pub struct Service<const STREAMS: usize, const MESSAGE: usize> {
    only: Option<TargetKind>,
    settings: TargetSettings,
    seed: u64,
    targets: Vec<Target, STREAMS>,
    polled: Ticks,
    message: [u8; MESSAGE],
}

/// Shows what is served, not the message that is being moved.
impl<const STREAMS: usize, const MESSAGE: usize> core::fmt::Debug for Service<STREAMS, MESSAGE> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { only, settings, targets, .. } = self;
        let mut fields = f.debug_struct("Service");
        fields
            .field("only", only)
            .field("settings", settings)
            .field("targets", targets)
            .finish_non_exhaustive()
    }
}

impl<const STREAMS: usize, const MESSAGE: usize> Service<STREAMS, MESSAGE> {
    /// The error of a stream that names no target.
    pub const UNKNOWN_TARGET: u16 = 404;
    /// The error of an echo that found a message longer than `MESSAGE`.
    pub const TOO_LONG: u16 = 413;

    /// The first message of a stream names its target.
    #[must_use]
    pub const fn named(settings: TargetSettings, seed: u64) -> Self {
        Self::new(None, settings, seed)
    }

    /// Every stream has this target; its first message is its first request.
    #[must_use]
    pub const fn of(kind: TargetKind, settings: TargetSettings, seed: u64) -> Self {
        Self::new(Some(kind), settings, seed)
    }

    const fn new(only: Option<TargetKind>, settings: TargetSettings, seed: u64) -> Self {
        Self { only, settings, seed, targets: Vec::new(), polled: Ticks(0), message: [0; MESSAGE] }
    }

    /// Forgets every stream: for the next session of the endpoint.
    pub fn clear(&mut self) {
        self.targets.clear();
    }

    /// Streams that are served now.
    #[must_use]
    pub fn serving(&self) -> usize {
        self.targets.len()
    }

    /// Reads and says everything that can be read and said now; whether there was anything. Does nothing, and forgets every
    /// stream, while the session is not open.
    pub fn poll<P: Policy, M: Storage>(&mut self, now: Ticks, endpoint: &mut Endpoint<P, M>) -> bool {
        self.polled = now;
        if !endpoint.is_open() {
            self.clear();
            return false;
        }
        let mut moved = false;
        // Whoever has sent may have given the turn to one that was asked before: again, until all are through.
        while self.read(now, endpoint) | self.say(now, endpoint) {
            moved = true;
        }
        moved
    }

    /// When [`poll`](Self::poll) is to be called next, if no frame comes or leaves before.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Ticks> {
        let due = self.targets.iter().filter_map(|target| match target.next(self.polled) {
            Action::Wait(due) => Some(due),
            _ => None,
        });
        due.reduce(Ticks::earlier)
    }

    fn read<P: Policy, M: Storage>(&mut self, now: Ticks, endpoint: &mut Endpoint<P, M>) -> bool {
        let (mut moved, mut stream) = (false, 0);
        while let Some(next) = endpoint.readable_of_peer(stream) {
            stream = next;
            while self.read_one(now, endpoint, stream) {
                moved = true;
            }
        }
        moved
    }

    /// Takes one message, or the end; `false` when there is no message that can be taken now.
    fn read_one<P: Policy, M: Storage>(
        &mut self,
        now: Ticks,
        endpoint: &mut Endpoint<P, M>,
        stream: u32,
    ) -> bool {
        let most = u16::try_from(endpoint.message_bytes_max().min(MESSAGE)).unwrap_or(u16::MAX);
        let known = self.targets.iter().position(|target| target.stream() == stream);
        if known.is_none() && self.targets.is_full() {
            return false;
        }
        let (heard, length, named) = match endpoint.read(stream) {
            Read::Message(text) => {
                for (place, byte) in self.message.iter_mut().zip(text) {
                    *place = *byte;
                }
                (Heard::Message, Some(text.len()), TargetKind::from_name(text))
            }
            Read::End(end) => (Heard::End(end), None, None),
            Read::Nothing | Read::NoStream => return false,
        };
        let old = known.and_then(|place| self.targets.get(place)).copied();
        let mut target = old.unwrap_or_else(|| self.first(stream, named, most));
        let names = old.is_none() && self.only.is_none();
        if let Some(length) = length.filter(|_| target.echoes() && !names) {
            match self.message.get_mut(..length).map(|text| endpoint.send(now, stream, text)) {
                // It stays unread, and comes again.
                Some(Err(refusal)) if refusal.is_temporary() => return false,
                Some(_) => {}
                None => target = Target::refusing(stream, Self::TOO_LONG),
            }
        }
        target.heard(now, heard);
        match known.and_then(|place| self.targets.get_mut(place)) {
            Some(place) => *place = target,
            // There is a place: that was asked first.
            None => drop(self.targets.push(target)),
        }
        length.is_some() && endpoint.consume(now, stream)
    }

    /// The target of a stream whose first message has come, or its end.
    fn first(&self, stream: u32, named: Option<TargetKind>, most: u16) -> Target {
        match self.only.or(named) {
            Some(kind) => Target::new(kind, &self.settings, self.seed, stream, most),
            None => Target::refusing(stream, Self::UNKNOWN_TARGET),
        }
    }

    fn say<P: Policy, M: Storage>(&mut self, now: Ticks, endpoint: &mut Endpoint<P, M>) -> bool {
        let Self { targets, message, .. } = self;
        let mut moved = false;
        targets.retain_mut(|target| {
            loop {
                let stream = target.stream();
                let done = match target.next(now) {
                    Action::Read | Action::Wait(_) | Action::Rest => break,
                    Action::Send { offset, bytes } => {
                        let text = message.get_mut(..usize::from(bytes)).unwrap_or_default();
                        target.content().fill(offset, text);
                        endpoint.send(now, stream, text)
                    }
                    Action::Finish => endpoint.finish(now, stream),
                    Action::FinishWithError(code) => endpoint.finish_with_error(now, stream, code),
                    Action::Reset(code) => endpoint.reset(now, stream, code),
                };
                match done {
                    Ok(()) => target.done(now),
                    Err(refusal) if refusal.is_temporary() => break,
                    // The stream has gone, and its target with it.
                    Err(_) => return false,
                }
                moved = true;
            }
            !target.is_over()
        });
        moved
    }
}
