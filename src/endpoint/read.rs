//! From opened messages to the application, in the order of each stream.

use super::body::parse_end;
use super::engine::Engine;
use crate::profile::Policy;
use crate::stream::{Half, Stream, StreamEnd};

/// What a stream has for its reader.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Read<'m> {
    /// The next message; it stays until [`consume`](super::Endpoint::consume).
    Message(&'m [u8]),
    /// Nothing now.
    Nothing,
    /// The peer's half has ended, and everything before the end was read (unless it is a reset).
    End(StreamEnd),
    /// No stream has this id now.
    NoStream,
}

/// Shows how long a message is, not its bytes.
impl core::fmt::Debug for Read<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Message(bytes) => write!(f, "Message({} bytes)", bytes.len()),
            Self::Nothing => f.write_str("Nothing"),
            Self::End(end) => f.debug_tuple("End").field(end).finish(),
            Self::NoStream => f.write_str("NoStream"),
        }
    }
}

/// [`Read`] before the memory is lent.
pub(super) enum Found {
    Message(usize),
    Nothing,
    End(StreamEnd),
    NoStream,
}

impl<P: Policy> Engine<'_, P> {
    /// A stream with a message or an end that has not been read, in turn.
    pub(super) fn readable(&self) -> Option<u32> {
        let last = self.control.last_read;
        let ids = || self.streams.iter().filter(|stream| self.is_readable(stream)).map(|stream| stream.id);
        ids().filter(|id| *id > last).min().or_else(|| ids().min())
    }

    /// The lowest stream above `after` that the peer has opened and that can be read.
    pub(super) fn readable_of_peer(&self, after: u32) -> Option<u32> {
        let theirs = self.streams.iter().filter(|stream| !stream.local && stream.id > after);
        theirs.filter(|stream| self.is_readable(stream)).map(|stream| stream.id).min()
    }

    fn is_readable(&self, stream: &Stream) -> bool {
        match stream.receive {
            Half::Ending(_) => true,
            Half::Ended(_) => false,
            Half::Open => self.slots.held(stream.id, stream.read_sequence).is_some(),
        }
    }

    /// Looks for the next message of a stream. An end is taken with that.
    pub(super) fn find(&mut self, id: u32) -> Found {
        self.control.last_read = id;
        let Some(stream) = self.streams.get(id) else { return Found::NoStream };
        match stream.receive {
            Half::Ended(end) => return Found::End(end),
            Half::Ending(end) => {
                stream.receive = Half::Ended(end);
                stream.reset_due = stream.local;
                self.control.stream_due = true;
                return Found::End(end);
            }
            Half::Open => {}
        }
        let (first, consumed_bytes) = (stream.read_sequence, stream.consumed_bytes);
        let ends = stream.sequencer.ends_at();
        let Some((slot, count)) = self.slots.held(id, first) else { return Found::Nothing };
        if ends != Some(first.saturating_add(u64::from(count)).saturating_sub(1)) {
            return Found::Message(slot);
        }
        let Some((end, bytes)) = parse_end(self.slots.message(slot)) else { return Found::Nothing };
        if let Err(reason) = self.policy.final_count(bytes, consumed_bytes) {
            self.fail(reason);
            return Found::NoStream;
        }
        self.give_back(id, slot, count, 0);
        if let Some(stream) = self.streams.get(id) {
            stream.receive = Half::Ended(end);
        }
        Found::End(end)
    }

    /// Frees the slot of the message that [`find`](Self::find) found, and returns its credit.
    pub(super) fn consume(&mut self, id: u32) -> bool {
        let Some(stream) = self.streams.get(id).filter(|stream| stream.receive == Half::Open) else {
            return false;
        };
        let Some((slot, count)) = self.slots.held(id, stream.read_sequence) else { return false };
        let bytes = self.slots.message(slot).len();
        self.give_back(id, slot, count, bytes);
        true
    }

    fn give_back(&mut self, id: u32, slot: usize, count: u8, bytes: usize) {
        self.slots.release(slot);
        let credit = self.streams.limits().stream_credit;
        let Some(stream) = self.streams.get(id) else { return };
        stream.read_sequence = stream.read_sequence.saturating_add(u64::from(count));
        stream.consumed = stream.consumed.saturating_add(1);
        super::stats::add(&mut stream.consumed_bytes, bytes);
        // Credit is told when half of it has come together, or when the half of the stream has ended; a probe asks for the rest.
        let untold = self.policy.credit_limit(stream.consumed, credit).saturating_sub(stream.told);
        let ended = stream.sequencer.ends_at().is_some_and(|last| last < stream.read_sequence);
        if ended || untold >= u64::from(credit / 2).max(1) {
            stream.credit_due = true;
            self.control.stream_due = true;
        }
    }
}
