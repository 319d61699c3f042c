//! What may be seen of a session from outside: an [`Event`] is `Copy` and `'static`, so it cannot borrow a payload.

use heapless::Deque;

use crate::vocab::{CloseReason, FailReason, Lifecycle, SizeBucket};

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
    /// The session ended cleanly, for the reason that its first closer gave.
    Closed(CloseReason),
    /// The session failed.
    Failed(FailReason),
}

const _: () = assert!(size_of::<Event>() <= 12);

/// How many events wait for [`poll`](EventQueue::poll) at most; later ones are counted and dropped.
pub const EVENTS_MAX: usize = 16;

/// A bounded queue of events, oldest first.
#[derive(Debug)]
pub struct EventQueue {
    events: Deque<Event, EVENTS_MAX>,
    truncated: u32,
}

impl EventQueue {
    /// A queue without events.
    pub const EMPTY: Self = Self { events: Deque::new(), truncated: 0 };

    /// Notes an event, or counts it as truncated when the queue is full.
    pub fn note(&mut self, event: Event) {
        if self.events.push_back(event).is_err() {
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
