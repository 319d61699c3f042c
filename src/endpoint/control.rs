//! What an endpoint remembers of its session besides keys and streams: timers, and what is still to be said.

use core::fmt;

use arrayvec::ArrayVec;

use crate::guard::lifecycle::Counts;
use crate::stream::StreamLimits;
use crate::vocab::{CapabilitySet, CloseReason, Role, SequencePolicy, Ticks};
use crate::wire::{HEADER_BYTES, HELLO_BYTES_MAX};

/// Longest frame that is kept to be repeated: a hello with its header and a 4-byte checksum.
const KEPT_BYTES: usize = HEADER_BYTES + HELLO_BYTES_MAX + 4;

/// One frame that may have to be said again, bit for bit.
pub(super) type KeptFrame = ArrayVec<u8, KEPT_BYTES>;

/// Timers and dues of one session.
///
/// Nothing of a control nature is queued: it is *due*, and is written from state when the pipe has room.
pub(super) struct Control {
    /// Session id class of every frame.
    pub class: u16,
    /// Control sequence that was used last.
    pub sequence: u64,
    /// The handshake frame to repeat; once ended, the last close.
    pub kept: KeptFrame,
    pub kept_due: bool,
    /// Repeats of the kept frame so far, and when the next one is due.
    pub repeats: u8,
    pub repeat_at: Ticks,
    /// When the handshake began.
    pub started: Ticks,
    /// The last bytes of what the peer may say again: its hello, then its confirm, then its close.
    pub peer_tag: [u8; 32],
    /// Streams of both sides together, as the configuration has it.
    pub streams_max: u8,
    /// What both sides have selected, once they have.
    pub selected: CapabilitySet,
    /// Whether frames may come out of order.
    pub order: SequencePolicy,
    /// An envelope of the peer has opened.
    pub heard: bool,
    pub last_heard: Ticks,
    pub last_ping: Ticks,
    pub ping_due: bool,
    pub pong_due: bool,
    /// The peer has sealed this many data envelopes, known since.
    pub told: Option<(u64, Ticks)>,
    /// A stream of the peer's that has been freed here, and that the peer does not know to be.
    pub past: Option<u32>,
    pub closing: Option<CloseReason>,
    pub close_due: bool,
    pub close_at: Ticks,
    pub drain_at: Ticks,
    /// What the peer's close tells, until this side drains.
    pub peer_close: Option<Counts>,
    /// A stream has something to say.
    pub stream_due: bool,
    /// A stream may hold a ticket.
    pub waiting: bool,
    /// The stream whose turn it is, and since when there is room for it.
    pub turn: Option<(u32, Ticks)>,
    /// The pressure that was noted last, and whether the peer is to be told.
    pub pressure: bool,
    pub pressure_due: bool,
    /// Since when the peer is known to be under pressure.
    pub peer_pressure: Option<Ticks>,
    /// The stream that was read last, for a fair choice.
    pub last_read: u32,
    pub limits: StreamLimits,
}

/// Shows how long the kept frame is, not its bytes, and of a tag no more than a session id class is.
impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every field by name: a new one cannot be forgotten.
        let Self {
            class,
            sequence,
            kept,
            kept_due,
            repeats,
            repeat_at,
            started,
            peer_tag,
            streams_max,
            selected,
            order,
            heard,
            last_heard,
            last_ping,
            ping_due,
            pong_due,
            told,
            past,
            closing,
            close_due,
            close_at,
            drain_at,
            peer_close,
            stream_due,
            waiting,
            turn,
            pressure,
            pressure_due,
            peer_pressure,
            last_read,
            limits,
        } = self;
        let [first, second, ..] = *peer_tag;
        f.debug_struct("Control")
            .field("kept_bytes", &kept.len())
            .field("peer_tag", &u16::from_le_bytes([first, second]))
            .field("class", class)
            .field("sequence", sequence)
            .field("kept_due", kept_due)
            .field("repeats", repeats)
            .field("repeat_at", repeat_at)
            .field("started", started)
            .field("streams_max", streams_max)
            .field("selected", selected)
            .field("order", order)
            .field("heard", heard)
            .field("last_heard", last_heard)
            .field("last_ping", last_ping)
            .field("ping_due", ping_due)
            .field("pong_due", pong_due)
            .field("told", told)
            .field("past", past)
            .field("closing", closing)
            .field("close_due", close_due)
            .field("close_at", close_at)
            .field("drain_at", drain_at)
            .field("peer_close", peer_close)
            .field("stream_due", stream_due)
            .field("waiting", waiting)
            .field("turn", turn)
            .field("pressure", pressure)
            .field("pressure_due", pressure_due)
            .field("peer_pressure", peer_pressure)
            .field("last_read", last_read)
            .field("limits", limits)
            .finish()
    }
}

impl Control {
    pub(super) const IDLE: Self = Self::new(Role::Client, Ticks(0));

    pub(super) const fn new(role: Role, now: Ticks) -> Self {
        Self {
            class: 0,
            sequence: 0,
            kept: ArrayVec::new_const(),
            kept_due: false,
            repeats: 0,
            repeat_at: now,
            started: now,
            peer_tag: [0; 32],
            streams_max: 0,
            selected: CapabilitySet::EMPTY,
            order: SequencePolicy::Strict,
            heard: false,
            last_heard: now,
            last_ping: now,
            ping_due: false,
            pong_due: false,
            told: None,
            past: None,
            closing: None,
            close_due: false,
            close_at: now,
            drain_at: now,
            peer_close: None,
            stream_due: false,
            waiting: false,
            turn: None,
            pressure: false,
            pressure_due: false,
            peer_pressure: None,
            last_read: 0,
            limits: StreamLimits { role, local_max: 0, remote_max: 0, stream_credit: 0, session_credit: 0 },
        }
    }
}

const _: () = assert!(size_of::<Control>() <= 400);
