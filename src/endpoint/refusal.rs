//! Why a call on an endpoint did not do what it says.

use core::fmt;

use super::MemoryError;
use crate::session::ConfigError;
use crate::stream::StreamEnd;
use crate::vocab::{
    Capability, EnvelopeReject, FailReason, FrameReject, GroupReject, HandshakeReject, PipeRefusal,
    SequenceReject,
};

/// Why no session began. The endpoint is as it was; the configuration is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum StartError {
    /// A session lives in this endpoint; close or abort it first.
    Busy,
    /// The profile does not fit the memory.
    Memory(MemoryError),
    /// The configuration is wrong.
    Config(ConfigError),
}

/// Why a message was not sent. The caller's buffer is as it was, and so is all else but a counter and, where room or the turn
/// is wanting, the stream's [place in the line](crate::stream#whose-turn-it-is). The session lives on, except after
/// [`Failed`](Self::Failed).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SendRefusal {
    /// The session is not open, or is being closed.
    NotOpen,
    /// No stream has this id now.
    NoStream,
    /// Both sides have not selected what this needs: `proxy_semantics` for errors and resets.
    Capability(Capability),
    /// This side's half of the stream has ended, or is about to.
    Ended(StreamEnd),
    /// No bytes: a message holds at least one.
    Empty,
    /// Longer than a message of this profile.
    TooLong {
        /// Most bytes of a message.
        max: u16,
    },
    /// The peer has not yet read enough: try again after [`receive`](super::Endpoint::receive).
    Credit,
    /// No room in the pipe: try again after [`poll_transmit`](super::Endpoint::poll_transmit).
    Pipe(PipeRefusal),
    /// It is another stream's turn: try again after [`poll_transmit`](super::Endpoint::poll_transmit), or when
    /// [`writable`](super::Endpoint::writable) names this one.
    Turn {
        /// The stream that goes first.
        stream: u32,
    },
    /// The session has failed over this call.
    Failed(FailReason),
}

impl SendRefusal {
    /// Whether the same call may succeed later without the caller changing anything.
    #[must_use]
    pub const fn is_temporary(self) -> bool {
        matches!(self, Self::Credit | Self::Pipe(PipeRefusal::Pressure { .. }) | Self::Turn { .. })
    }
}

/// Why a received frame changed nothing but a counter. The session lives on, except after [`Fatal`](Self::Fatal). Data that comes
/// late for a stream that was reset is opened and counted all the same, and told as `after_terminal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Reject {
    /// Not a frame that this profile's peer would send.
    Frame(FrameReject),
    /// Its session id class is another session's.
    WrongSession,
    /// A genuine hello, for which the caller gave no freshness of the source that the configuration trusts.
    NotFresh,
    /// A frame that has no place in the current state.
    State,
    /// It names a stream that nobody may use now.
    Stream,
    /// Out of place on its stream.
    Sequence(SequenceReject),
    /// It fits no group of fragments.
    Group(GroupReject),
    /// Its envelope did not open.
    Envelope(EnvelopeReject),
    /// A handshake message that was ignored.
    Handshake(HandshakeReject),
    /// The session has failed over it.
    Fatal(FailReason),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("a session lives in this endpoint"),
            Self::Memory(error) => write!(f, "the profile does not fit the memory: {error}"),
            Self::Config(error) => write!(f, "the configuration is wrong: {error}"),
        }
    }
}

impl fmt::Display for SendRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOpen => f.write_str("the session is not open"),
            Self::NoStream => f.write_str("no stream has this id"),
            Self::Capability(capability) => write!(f, "the peers have not selected {capability}"),
            Self::Ended(_) => f.write_str("this half of the stream has ended"),
            Self::Empty => f.write_str("a message holds at least one byte"),
            Self::TooLong { max } => write!(f, "a message holds at most {max} bytes"),
            Self::Credit => f.write_str("the peer has not read enough yet"),
            Self::Pipe(refusal) => fmt::Display::fmt(refusal, f),
            Self::Turn { stream } => write!(f, "it is the turn of stream {stream}"),
            Self::Failed(reason) => write!(f, "the session has failed: {reason}"),
        }
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(reject) => write!(f, "frame: {reject}"),
            Self::WrongSession => f.write_str("frame: wrong_session"),
            Self::NotFresh => f.write_str("handshake: no freshness from the trusted source"),
            Self::State => f.write_str("frame: out of state"),
            Self::Stream => f.write_str("frame: stream out of reach"),
            Self::Sequence(reject) => write!(f, "sequence: {reject}"),
            Self::Group(reject) => write!(f, "group: {reject}"),
            Self::Envelope(reject) => write!(f, "envelope: {reject}"),
            Self::Handshake(reject) => write!(f, "handshake: {reject}"),
            Self::Fatal(reason) => write!(f, "the session has failed: {reason}"),
        }
    }
}

impl core::error::Error for StartError {}
impl core::error::Error for SendRefusal {}
impl core::error::Error for Reject {}

const _: () = assert!(size_of::<SendRefusal>() <= 16 && size_of::<Reject>() <= 4);

macro_rules! from {
    ($($type:ident => $variant:ident),+) => {
        $(impl From<$type> for Reject { fn from(reject: $type) -> Self { Self::$variant(reject) } })+
    };
}

from! {
    FrameReject => Frame, SequenceReject => Sequence, GroupReject => Group, EnvelopeReject => Envelope,
    HandshakeReject => Handshake
}
