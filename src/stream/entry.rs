//! One stream: its sending and its receiving half.

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

const _: () = assert!(size_of::<Stream>() <= 160);

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
