//! One target on one stream.

use super::{Action, Content, Heard, TargetKind, TargetSettings};
use crate::stream::StreamEnd;
use crate::vocab::Ticks;

/// Where a target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Phase {
    /// No request has come.
    Idle,
    /// It answers.
    Answering,
    /// Its end has been said.
    Over,
}

/// A target on one stream; the [module](super) says what each does.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Target {
    content: Content,
    stream: u32,
    /// Bytes of the whole answer, and those that were said.
    total: u32,
    said: u32,
    /// Messages that were said.
    step: u32,
    /// When the next thing is to be done.
    due: Ticks,
    /// The kind's own time.
    pause_ticks: u32,
    /// Bytes of a message at most.
    piece: u16,
    code: u16,
    kind: TargetKind,
    phase: Phase,
    /// The peer's half has ended.
    ended: bool,
}

const _: () = assert!(size_of::<Target>() <= 48);

impl Target {
    /// A target that waits for a request. `message_bytes_max` is the longest message that can be sent.
    #[must_use]
    pub fn new(
        kind: TargetKind,
        settings: &TargetSettings,
        seed: u64,
        stream: u32,
        message_bytes_max: u16,
    ) -> Self {
        let (total, piece, pause_ticks, code) = match kind {
            TargetKind::Echo | TargetKind::Discard => (0, 1, 0, 0),
            TargetKind::FixedResponse => (u32::from(settings.answer_bytes), u16::MAX, 0, 0),
            TargetKind::SlowResponse => (u32::from(settings.answer_bytes), u16::MAX, settings.delay_ticks, 0),
            TargetKind::ChunkedResponse => (settings.object_bytes, settings.chunk_bytes, 0, 0),
            TargetKind::LargeObject => (settings.large_bytes, u16::MAX, 0, 0),
            TargetKind::ErrorResponse => (settings.part_bytes, settings.chunk_bytes, 0, settings.error_code),
            TargetKind::ResetMidstream => {
                (settings.part_bytes, settings.chunk_bytes, settings.delay_ticks, settings.reset_code)
            }
            TargetKind::DripResponse => (u32::from(settings.drip_bytes), 1, settings.drip_ticks, 0),
            TargetKind::JitteryResponse => {
                (settings.object_bytes, settings.chunk_bytes, settings.jitter_ticks, 0)
            }
        };
        Self {
            content: Content::new(seed, stream),
            stream,
            total,
            said: 0,
            step: 0,
            due: Ticks(0),
            pause_ticks,
            piece: piece.min(message_bytes_max).max(1),
            code,
            kind,
            phase: Phase::Idle,
            ended: false,
        }
    }

    /// Ends its stream with an error at once: for a request that nobody serves.
    #[must_use]
    pub fn refusing(stream: u32, code: u16) -> Self {
        let nothing = TargetSettings { part_bytes: 0, error_code: code, ..TargetSettings::USUAL };
        Self::new(TargetKind::ErrorResponse, &nothing, 0, stream, 1)
    }

    /// The stream that it serves.
    #[must_use]
    pub const fn stream(&self) -> u32 {
        self.stream
    }

    /// What it says.
    #[must_use]
    pub const fn content(&self) -> Content {
        self.content
    }

    /// Whether a message of the peer is to be sent back before it is consumed.
    #[must_use]
    pub fn echoes(&self) -> bool {
        self.kind == TargetKind::Echo && self.phase != Phase::Over
    }

    /// Whether nothing is left to do, to say or to read.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.phase == Phase::Over && self.ended
    }

    /// Takes note of what has come.
    pub fn heard(&mut self, now: Ticks, heard: Heard) {
        match heard {
            Heard::Message => {}
            Heard::End(StreamEnd::Reset(_)) => (self.ended, self.phase) = (true, Phase::Over),
            Heard::End(_) => self.ended = true,
        }
        if self.phase == Phase::Idle {
            self.phase = Phase::Answering;
            self.due = now.plus(self.pause());
        }
    }

    /// What is to be done now. The answer stays the same until [`done`](Self::done), or until something is heard or time has
    /// passed.
    #[must_use]
    pub fn next(&self, now: Ticks) -> Action {
        match self.phase {
            Phase::Idle => Action::Read,
            Phase::Over => Action::Rest,
            Phase::Answering => match self.kind {
                TargetKind::Echo | TargetKind::Discard if !self.ended => Action::Read,
                _ if !now.reached(self.due) => Action::Wait(self.due),
                _ if self.said < self.total => Action::Send { offset: self.said, bytes: self.bytes() },
                TargetKind::ErrorResponse => Action::FinishWithError(self.code),
                TargetKind::ResetMidstream => Action::Reset(self.code),
                _ => Action::Finish,
            },
        }
    }

    /// What [`next`](Self::next) has said was done now.
    pub fn done(&mut self, now: Ticks) {
        match self.next(now) {
            Action::Send { bytes, .. } => {
                self.said = self.said.saturating_add(u32::from(bytes));
                self.step = self.step.saturating_add(1);
                self.due = now.plus(self.pause());
            }
            Action::Finish | Action::FinishWithError(_) => self.phase = Phase::Over,
            Action::Reset(_) => (self.phase, self.ended) = (Phase::Over, true),
            Action::Read | Action::Wait(_) | Action::Rest => {}
        }
    }

    /// Bytes of the next message.
    fn bytes(&self) -> u16 {
        let piece = match self.kind {
            TargetKind::JitteryResponse => {
                let [size, _] = self.content.jitter(self.step);
                scaled(size, u32::from(self.piece)).saturating_add(1)
            }
            _ => u32::from(self.piece),
        };
        u16::try_from(piece.min(self.total.saturating_sub(self.said))).unwrap_or(u16::MAX)
    }

    /// Time before the next thing.
    fn pause(&self) -> u32 {
        let more = self.said < self.total;
        match self.kind {
            TargetKind::SlowResponse if self.step == 0 => self.pause_ticks,
            TargetKind::ResetMidstream if !more => self.pause_ticks,
            TargetKind::DripResponse if more && self.step != 0 => self.pause_ticks,
            TargetKind::JitteryResponse if more => {
                let [_, time] = self.content.jitter(self.step);
                scaled(time, self.pause_ticks.saturating_add(1))
            }
            _ => 0,
        }
    }
}

/// A number below `bound` from any number, by multiplication; 0 if `bound` is 0.
fn scaled(number: u32, bound: u32) -> u32 {
    let product = u64::from(number).wrapping_mul(u64::from(bound));
    u32::try_from(product >> 32).unwrap_or(0)
}
