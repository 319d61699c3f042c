//! Who may take room in the pipe next, when several wait.

use core::num::NonZeroU16;

use super::SendRefusal;
use super::engine::Engine;
use super::stats::bump;
use crate::guard::stream::{ShareFacts, Waiting};
use crate::profile::Policy;
use crate::stream::{Half, Priority, PriorityRefusal, Stream};
use crate::transport::Cuts;
use crate::vocab::{ENVELOPE_OVERHEAD, EnvelopeClass, FrameKind, PipeRefusal, Ticks};
use crate::wire::frame_bytes;

/// Behind every ticket: an order is below the number of streams.
const LAST: u8 = u8::MAX;

impl<P: Policy> Engine<'_, P> {
    /// Whether a message may take the room that it needs: it must be its turn, and it must fit. If not, it takes a ticket.
    pub(super) fn admit(
        &mut self,
        stream: &Stream,
        class: EnvelopeClass,
        text_bytes: usize,
        cuts: &Cuts<'_, P>,
    ) -> Result<(), SendRefusal> {
        let policy = self.policy;
        let checksum = policy.spec().checksum;
        let bytes = u16::try_from(text_bytes).ok().and_then(NonZeroU16::new).unwrap_or(NonZeroU16::MAX);
        let refusal = match self.passed_by(stream, bytes) {
            Some(first) => SendRefusal::Turn { stream: first },
            None => {
                let lengths = cuts.clone().map(|cut| frame_bytes(checksum, cut.bytes));
                match self.pipe.admit(&policy, FrameKind::Data, lengths) {
                    Ok(()) => return Ok(()),
                    Err(refusal) => SendRefusal::Pipe(refusal),
                }
            }
        };
        let counter = match refusal {
            SendRefusal::Turn { .. } => &mut self.stats.turn_refusals,
            SendRefusal::Pipe(PipeRefusal::Pressure { .. }) => &mut self.stats.pressure_events,
            _ => return Err(refusal),
        };
        if class == EnvelopeClass::Data {
            bump(counter);
        }
        // There was no room for what this stream wants now.
        if self.control.turn.is_some_and(|(turn, _)| turn == stream.id) {
            self.control.turn = None;
        }
        self.streams.take_ticket(stream.id, bytes);
        self.control.waiting = true;
        Err(refusal)
    }

    /// The stream that goes before a message of this length, if one does.
    fn passed_by(&self, stream: &Stream, bytes: NonZeroU16) -> Option<u32> {
        if !self.control.waiting {
            return None;
        }
        let order = stream.ticket.map_or(LAST, |ticket| ticket.order);
        let own = waiting(stream, order, bytes);
        let (first, other) = self.first(stream.id)?;
        self.policy.goes_first(self.policy.spec().priority, other, own).then_some(first)
    }

    /// The first of those that wait and have credit, `except` left out.
    fn first(&self, except: u32) -> Option<(u32, Waiting)> {
        let policy = &self.policy;
        let priority = policy.spec().priority;
        let ready =
            |stream: &&Stream| stream.id != except && policy.credit_to_send(self.streams.send_credit(stream));
        let line = self.streams.iter().filter(ready).filter_map(|stream| {
            let ticket = stream.ticket?;
            Some((stream.id, waiting(stream, ticket.order, ticket.bytes)))
        });
        line.reduce(|one, other| if policy.goes_first(priority, other.1, one.1) { other } else { one })
    }

    /// Whether the pipe has room for a message of this length.
    fn has_room(&self, text_bytes: u16) -> bool {
        let spec = self.policy.spec();
        let total = usize::from(text_bytes).saturating_add(ENVELOPE_OVERHEAD);
        Cuts::plan(spec.fragment_limits(), total, &self.policy).is_some_and(|cuts| {
            let lengths = cuts.map(|cut| frame_bytes(spec.checksum, cut.bytes));
            self.pipe.fits(&self.policy, FrameKind::Data, lengths)
        })
    }

    /// Finds whose turn it is: notes since when there has been room for it, and takes a turn back that was not used in time.
    pub(super) fn settle_turn(&mut self, now: Ticks) {
        if !self.control.waiting {
            return;
        }
        let retry = self.policy.spec().retry_ticks;
        while let Some((id, first)) = self.first(0) {
            match self.control.turn {
                Some((turn, since)) if turn == id => {
                    if !self.policy.turn_lapsed(now.since(since), retry) {
                        return;
                    }
                    bump(&mut self.stats.turns_lapsed);
                    self.leave(id);
                }
                _ => {
                    self.control.turn = self.has_room(first.bytes).then_some((id, now));
                    return;
                }
            }
        }
        self.control.turn = None;
        self.control.waiting = self.streams.iter().any(|stream| stream.ticket.is_some());
    }

    /// The stream whose turn it is and whose message fits.
    pub(super) fn writable(&mut self) -> Option<u32> {
        let (id, first) = self.first(0)?;
        let open = self.streams.get(id)?.send == Half::Open;
        (open && self.has_room(first.bytes)).then_some(id)
    }

    pub(super) fn prioritise(&mut self, id: u32, priority: Priority) -> Result<(), PriorityRefusal> {
        let stream = self.streams.get(id).ok_or(PriorityRefusal::NoStream)?;
        if priority.weight == 0 {
            return Err(PriorityRefusal::Weight);
        }
        stream.priority = priority;
        Ok(())
    }

    /// A stream does not wait any more.
    pub(super) fn leave(&mut self, id: u32) {
        if self.control.waiting && self.streams.drop_ticket(id) {
            self.control.turn = self.control.turn.filter(|(turn, _)| *turn != id);
        }
    }

    /// Nobody may send data any more: only ends still wait.
    pub(super) fn drop_data_tickets(&mut self) {
        for place in 0.. {
            let Some(stream) = self.streams.at(place) else { break };
            if stream.send == Half::Open {
                self.leave(stream.id);
            }
        }
    }

    /// Counts a message of `total` bytes in `fragments` frames against the share of its stream.
    pub(super) fn count_share(&mut self, sender: &Stream, total: usize, fragments: u8) {
        let policy = self.policy;
        let spec = policy.spec();
        let frames = usize::from(fragments).saturating_mul(frame_bytes(spec.checksum, 0));
        let bytes = u32::try_from(total.saturating_add(frames)).unwrap_or(u32::MAX);
        for stream in self.streams.iter_mut() {
            stream.ahead = policy.share_next(ShareFacts {
                policy: spec.priority,
                ahead: stream.ahead,
                sender_ahead: sender.ahead,
                queued: (stream.id == sender.id).then_some(bytes),
                weight: stream.priority.weight,
            });
        }
    }
}

fn waiting(stream: &Stream, order: u8, bytes: NonZeroU16) -> Waiting {
    Waiting { interactive: stream.priority.interactive, order, bytes: bytes.get(), ahead: stream.ahead }
}
