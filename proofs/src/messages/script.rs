//! What happens to messages on their way.

use kurdistan::vocab::{
    FragmentLimits, FragmentPolicy, FrameKind, MetadataClass, ReassemblyLimits, SequencePolicy,
};

use super::Fragment;
use crate::bytes::{head, steps};

/// Messages of up to three streams, cut, carried and joined.
#[derive(Clone, Debug)]
pub struct Script {
    /// How they are cut.
    pub cut: FragmentLimits,
    /// How they are joined; the limits may exceed the memory.
    pub limits: ReassemblyLimits,
    /// The clock at the start, in ticks.
    pub start: u32,
    /// What happens.
    pub steps: Vec<Step>,
}

/// One event. A `pick` below 64 is the oldest.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A message is cut, and its fragments are on their way.
    Send { stream: u32, bytes: usize, is_final: bool },
    /// A fragment arrives.
    Deliver { pick: u16 },
    /// A fragment that has arrived arrives again.
    Repeat { pick: u16 },
    /// A changed copy of a fragment arrives.
    Forge { pick: u16, forgery: Forgery },
    /// A fragment is lost.
    Lose { pick: u16 },
    /// Time passes.
    Pass { ticks: u16 },
    /// What is overdue is dropped.
    Expire,
    /// A complete message is held: these bytes of it, from and to in 256ths.
    Hold { pick: u16, body: (u8, u8) },
    /// A complete or held message is released.
    Release { pick: u16 },
    /// A stream ends.
    ReleaseHeld { stream: u32 },
    /// The next session.
    Clear,
}

/// How a copy of a fragment differs.
#[derive(Clone, Copy, Debug)]
pub enum Forgery {
    /// In its first byte.
    Byte,
    /// One byte less at its end.
    Shorter,
    /// One byte more at its end.
    Longer,
    /// Its place in the message.
    Shift { by: i8 },
    /// The number of fragments.
    Count { count: u8 },
    /// Its index, under the same name of the message.
    Index { index: u8 },
    /// Its metadata class.
    Metadata,
    /// A control frame of one fragment.
    Kind,
    /// Another stream.
    Stream { stream: u32 },
}

impl Script {
    /// Bytes of the head.
    pub const HEAD: usize = 10;
    /// Bytes of a step.
    pub const STEP: usize = 5;
    /// Steps, at most.
    pub const STEPS: usize = 200;

    /// The script that these bytes name.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (head, rest) = head::<{ Self::HEAD }>(bytes);
        let whole = head[0].is_multiple_of(8);
        let cut = FragmentLimits {
            policy: if whole { FragmentPolicy::NoFragment } else { FragmentPolicy::FixedFragment },
            payload_bytes_max: 8 + usize::from(head[1] % 64),
            fixed_bytes: usize::from(head[2] % 32),
            fragments_max: head[3] % 17,
        };
        let strict = head[4].is_multiple_of(4);
        let limits = ReassemblyLimits {
            message_bytes_max: 40 + usize::from(head[5] % 80),
            groups_max: 2 + usize::from(head[6] % 8),
            stream_groups_max: 1 + usize::from(head[7] % 5),
            order: if strict { SequencePolicy::Strict } else { SequencePolicy::Windowed },
            deadline_ticks: 1 + u32::from(head[8]) * 8,
        };
        // Half of the scripts begin just before the clock wraps.
        let start =
            if head[9].is_multiple_of(2) { u32::from(head[9]) } else { u32::MAX - u32::from(head[9]) };
        Self { cut, limits, start, steps: steps(rest, Self::STEPS, Step::from_bytes) }
    }
}

impl Step {
    fn from_bytes([what, a, b, c, d]: [u8; Script::STEP]) -> Self {
        let pick = u16::from(a) + u16::from(b) / 2;
        let stream = 1 + u32::from(b % 3);
        match what % 32 {
            0..=6 => Self::Send { stream, bytes: usize::from(a % 112), is_final: c.is_multiple_of(4) },
            7..=18 => Self::Deliver { pick },
            19 | 20 => Self::Repeat { pick },
            21..=23 => Self::Forge { pick, forgery: Forgery::from_bytes(c, d) },
            24 => Self::Lose { pick },
            25 | 26 => Self::Pass { ticks: u16::from(a) * u16::from(c % 8) },
            27 => Self::Expire,
            28 | 29 => Self::Hold { pick, body: (c, d) },
            30 => Self::Release { pick },
            _ if c < 80 => Self::ReleaseHeld { stream },
            _ if c < 90 => Self::Clear,
            _ => Self::Release { pick },
        }
    }
}

impl Forgery {
    fn from_bytes(what: u8, value: u8) -> Self {
        match what % 16 {
            0..=2 => Self::Byte,
            3 => Self::Shorter,
            4 => Self::Longer,
            5..=8 => Self::Shift { by: (value % 5) as i8 - 2 },
            9 | 10 => Self::Count { count: value % 18 },
            11 | 12 => Self::Index { index: value % 16 },
            13 => Self::Metadata,
            14 => Self::Kind,
            _ => Self::Stream { stream: 1 + u32::from(value % 3) },
        }
    }

    /// The changed copy; the format may forbid it.
    pub(super) fn of(self, fragment: &Fragment) -> Fragment {
        let mut copy = fragment.clone();
        match self {
            Self::Byte => copy.bytes.iter_mut().take(1).for_each(|byte| *byte ^= 0x80),
            Self::Shorter => copy.bytes.truncate(copy.bytes.len().saturating_sub(1)),
            Self::Longer => copy.bytes.push(9),
            Self::Shift { by } => copy.offset = copy.offset.saturating_add_signed(isize::from(by)),
            Self::Count { count } => {
                copy.count = count;
                copy.is_final &= copy.index + 1 == count;
            }
            Self::Index { index } => {
                copy.sequence = fragment.first() + u64::from(index);
                copy.index = index;
                copy.is_final &= index + 1 == copy.count;
            }
            Self::Metadata => copy.metadata = MetadataClass::Probe,
            Self::Kind => {
                (copy.kind, copy.count, copy.index, copy.offset) = (FrameKind::Control, 1, 0, 0);
                (copy.sequence, copy.is_final) = (fragment.first(), false);
            }
            Self::Stream { stream } => copy.stream = stream,
        }
        copy
    }
}
