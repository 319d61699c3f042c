//! What may be seen of a session from outside: an [`Event`] is `Copy` and `'static`, so it cannot borrow a payload.

use heapless::Deque;

pub use crate::vocab::EVENTS_MAX;
use crate::vocab::{Lifecycle, ReasonBucket, SizeBucket};

/// Something that happened. Sizes are buckets and stream ids are reduced to four bits: an event tells shape, not content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Event {
    /// The session is now in this state.
    State(Lifecycle),
    /// A stream was opened, by this side or the peer.
    StreamOpened {
        /// Low four bits of the stream id.
        stream: u8,
    },
    /// A message went into the pipe.
    Sent {
        /// Low four bits of the stream id.
        stream: u8,
        /// Its size.
        size: SizeBucket,
    },
    /// A message was opened.
    Received {
        /// Low four bits of the stream id.
        stream: u8,
        /// Its size.
        size: SizeBucket,
    },
    /// A stream ended in both directions.
    StreamEnded {
        /// Low four bits of the stream id.
        stream: u8,
    },
    /// The peer reset a stream.
    StreamReset {
        /// Low four bits of the stream id.
        stream: u8,
    },
    /// The pipe crossed its high (`true`) or low (`false`) water mark.
    Pressure(bool),
    /// Incomplete groups were dropped at their deadline.
    Incomplete {
        /// How many.
        groups: u8,
    },
    /// The peer's outgoing pipe is under pressure (`true`), or no longer is.
    PeerPressure(bool),
    /// The session ended; [`failure`](crate::endpoint::Endpoint::failure) has the exact reason.
    Ended(ReasonBucket),
}

const _: () = assert!(size_of::<Event>() <= 12);

/// A bounded queue of events, oldest first. At most [`EVENTS_MAX`] wait for [`poll`](EventQueue::poll), or fewer if the
/// configuration says so; later ones are counted and dropped.
#[derive(Debug)]
pub struct EventQueue {
    events: Deque<Event, EVENTS_MAX>,
    truncated: u32,
    max: u8,
}

impl EventQueue {
    /// A queue without events.
    pub const EMPTY: Self = Self::with_max(EVENTS_MAX as u8);

    /// A queue without events that keeps at most `max`; with 0 it neither keeps nor counts any: the trace is off.
    #[must_use]
    pub const fn with_max(max: u8) -> Self {
        Self { events: Deque::new(), truncated: 0, max }
    }

    /// Notes an event, or counts it as truncated when the queue is full.
    pub fn note(&mut self, event: Event) {
        if self.max == 0 {
            return;
        }
        let full = self.events.len() >= usize::from(self.max);
        if full || self.events.push_back(event).is_err() {
            self.truncated = self.truncated.saturating_add(1);
        }
    }

    /// The oldest event that has not been taken.
    pub fn poll(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Events that found the queue full, since the session began.
    #[must_use]
    pub const fn truncated(&self) -> u32 {
        self.truncated
    }
}
