//! One stream: its sending and its receiving half.

use super::{Priority, Ticket};
use crate::transport::Sequencer;
use crate::vocab::Ticks;

/// How a half of a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum StreamEnd {
    /// Cleanly: every byte before it was delivered.
    Finished,
    /// By an application error, after every byte before it was delivered.
    Error(u16),
    /// Abruptly: bytes may be missing.
    Reset(u16),
}

/// Where a half of a stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Half {
    /// Bytes may follow.
    Open,
    /// The end has been asked for and waits for credit or room.
    Ending(StreamEnd),
    /// The end has been sent, or has been read.
    Ended(StreamEnd),
}

impl Half {
    /// Whether the end has passed.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Ended(_))
    }
}

/// One stream. All counters are of this session and never wrap.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Stream {
    /// The id; never 0.
    pub id: u32,
    /// This side opened it.
    pub local: bool,
    /// Sending half.
    pub send: Half,
    /// Frame sequence that was used last; 0 before the first frame.
    pub last_sequence: u64,
    /// Messages sent.
    pub sent: u64,
    /// Message bytes sent.
    pub sent_bytes: u64,
    /// Messages that may have been sent in all, as the peer says.
    pub limit: u64,
    /// What the application wants of this side's half.
    pub priority: Priority,
    /// A message, or the end, that waits for room.
    pub ticket: Option<Ticket>,
    /// How far this side's half is ahead of its share.
    pub ahead: u32,
    /// This side has said its last word, at this time, and says it again until the peer's has come.
    pub unanswered: Option<Ticks>,
    /// A reset must be said (again).
    pub reset_due: bool,
    /// The side that accepted the stream is through with it, and the place is free.
    pub retired: bool,
    /// Receiving half.
    pub receive: Half,
    /// Frame order of the receiving half.
    pub sequencer: Sequencer,
    /// Frame sequence at which the next message to read begins.
    pub read_sequence: u64,
    /// Something is known to be missing at the sequencer's `next`, as it was then, since this time.
    pub gap: Option<(u64, Ticks)>,
    /// Messages opened.
    pub opened: u64,
    /// Messages read.
    pub consumed: u64,
    /// Message bytes read.
    pub consumed_bytes: u64,
    /// The limit that was last told to the peer.
    pub told: u64,
    /// The limit must be told (again).
    pub credit_due: bool,
}

const _: () = assert!(size_of::<Stream>() <= 168);

impl Stream {
    /// A fresh stream: `credit` messages each way.
    #[must_use]
    pub const fn new(id: u32, local: bool, credit: u8) -> Self {
        Self {
            id,
            local,
            send: Half::Open,
            last_sequence: 0,
            sent: 0,
            sent_bytes: 0,
            limit: credit as u64,
            priority: Priority::PLAIN,
            ticket: None,
            ahead: 0,
            unanswered: None,
            reset_due: false,
            retired: false,
            receive: Half::Open,
            sequencer: Sequencer::new(),
            read_sequence: 1,
            gap: None,
            opened: 0,
            consumed: 0,
            consumed_bytes: 0,
            told: credit as u64,
            credit_due: false,
        }
    }

    /// Messages at the receiver that it has not yet returned credit for, when a stream's credit is `credit`.
    #[must_use]
    pub const fn outstanding(&self, credit: u8) -> u64 {
        self.sent.saturating_sub(self.limit.saturating_sub(credit as u64))
    }

    /// Messages that were opened here and not yet read.
    #[must_use]
    pub const fn unread(&self) -> u64 {
        self.opened.saturating_sub(self.consumed)
    }

    /// Whether either side has reset it.
    #[must_use]
    pub const fn is_reset(&self) -> bool {
        self.reset_code().is_some()
    }

    /// The code of the reset, if there was one.
    #[must_use]
    pub const fn reset_code(&self) -> Option<u16> {
        match (self.send, self.receive) {
            (Half::Ended(StreamEnd::Reset(code)), _)
            | (_, Half::Ending(StreamEnd::Reset(code)) | Half::Ended(StreamEnd::Reset(code))) => Some(code),
            _ => None,
        }
    }

    /// Whether nothing more can happen on this side: both halves have ended, and the peer has read everything unless the
    /// stream was reset.
    #[must_use]
    pub const fn is_through(&self, credit: u8) -> bool {
        let ended = self.send.has_ended() && self.receive.has_ended();
        ended && (self.is_reset() || self.outstanding(credit) == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(send: StreamEnd, receive: StreamEnd) -> Stream {
        Stream { send: Half::Ended(send), receive: Half::Ended(receive), ..Stream::new(1, true, 4) }
    }

    #[test]
    fn what_is_outstanding_is_what_was_sent_and_not_returned() {
        let mut stream = Stream::new(1, true, 4);
        for (sent, limit, outstanding) in [(0, 4, 0), (4, 4, 4), (4, 6, 2), (4, 8, 0), (4, 3, 4)] {
            (stream.sent, stream.limit) = (sent, limit);
            assert_eq!(stream.outstanding(4), outstanding, "{sent} {limit}");
        }
        (stream.opened, stream.consumed) = (5, 3);
        assert_eq!(stream.unread(), 2);
    }

    #[test]
    fn a_side_is_through_when_both_halves_have_ended_and_all_credit_is_back() {
        let clean = ended(StreamEnd::Finished, StreamEnd::Error(1));
        assert!(clean.is_through(4));
        assert!(!Stream { sent: 1, ..clean }.is_through(4));
        assert!(Stream { sent: 1, limit: 5, ..clean }.is_through(4));
        assert!(!Stream { send: Half::Ending(StreamEnd::Finished), ..clean }.is_through(4));
        assert!(!Stream { receive: Half::Open, ..clean }.is_through(4));
        let reset = ended(StreamEnd::Reset(1), StreamEnd::Finished);
        assert!(Stream { sent: 1, ..reset }.is_through(4), "credit of a reset stream does not matter");
        assert!(!Stream { receive: Half::Ending(StreamEnd::Reset(1)), ..reset }.is_through(4));
    }

    #[test]
    fn a_reset_is_told_by_either_half() {
        let stream = Stream::new(1, false, 4);
        assert_eq!(stream.reset_code(), None);
        for (send, receive, code) in [
            (Half::Ended(StreamEnd::Reset(7)), Half::Open, Some(7)),
            (Half::Open, Half::Ending(StreamEnd::Reset(8)), Some(8)),
            (Half::Open, Half::Ended(StreamEnd::Reset(9)), Some(9)),
            (Half::Ended(StreamEnd::Reset(7)), Half::Ended(StreamEnd::Reset(9)), Some(7)),
            (Half::Ended(StreamEnd::Error(7)), Half::Ended(StreamEnd::Finished), None),
        ] {
            let stream = Stream { send, receive, ..stream };
            assert_eq!((stream.reset_code(), stream.is_reset()), (code, code.is_some()));
        }
    }
}
