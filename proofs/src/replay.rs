//! The replay window against a set of all sequences that have opened.

use std::collections::HashSet;

use kurdistan::guard::Sound;
use kurdistan::secure::ReplayRing;
use kurdistan::vocab::{EnvelopeReject, ReplayPolicy};

use crate::Seen;
use crate::bytes::{head, pick, record, steps};

/// How far back a sequence that has opened is told as a duplicate instead of old.
const MEMORY: u64 = 1_024;

/// Envelopes of one direction, told by how far they are from the highest that has opened.
#[derive(Clone, Debug)]
pub struct Script {
    /// The policy.
    pub policy: ReplayPolicy,
    /// Width of the window, 32 to 1,024.
    pub width: u16,
    /// What happens.
    pub steps: Vec<Step>,
}

/// One event.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// An envelope is looked at; its tag is wrong.
    Look { distance: i16 },
    /// An envelope is looked at; if it passes, it opens.
    Take { distance: i16 },
    /// So many envelopes in order, each of which may open.
    Run { count: u8 },
    /// An envelope as many as two to this power ahead.
    Leap { power: u8 },
    /// A sequence at the edge of the number space.
    Edge { sequence: u64 },
}

impl Script {
    /// Bytes of the head.
    pub const HEAD: usize = 3;
    /// Bytes of a step.
    pub const STEP: usize = 3;
    /// Steps, at most.
    pub const STEPS: usize = 256;

    /// The script that these bytes name.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let ([policy, width_0, width_1], rest) = head::<{ Self::HEAD }>(bytes);
        let any = u16::from_le_bytes([width_0, width_1]);
        let width = match any % 8 {
            0..=5 => pick(&[32, 33, 64, 100, 128, 960, 1_023, 1_024], width_1),
            _ => any % 993 + 32,
        };
        let policy = pick(ReplayPolicy::ALL, policy);
        Self { policy, width, steps: steps(rest, Self::STEPS, |step| Step::from_bytes(step, width)) }
    }
}

impl Step {
    fn from_bytes([what, low, high]: [u8; Script::STEP], width: u16) -> Self {
        let raw = u16::from_le_bytes([low, high]);
        // At most 1,024, so all distances fit.
        let width = width as i16;
        let near = (raw % 5) as i16 - 2;
        let wide = (raw % 2_200) as i16 - 1_100;
        match what % 16 {
            0 => Self::Look { distance: wide },
            1 => Self::Look { distance: near - width },
            2 => Self::Look { distance: near - MEMORY as i16 },
            3..=5 => Self::Take { distance: 1 },
            6 => Self::Take { distance: near },
            7 => Self::Take { distance: near - width },
            8 => Self::Take { distance: near + MEMORY as i16 },
            9 => Self::Take { distance: wide },
            10 | 11 => Self::Take { distance: -((raw % width as u16) as i16) },
            12 => Self::Take { distance: (raw % 150) as i16 },
            13 => Self::Run { count: low },
            14 if high.is_multiple_of(8) => Self::Leap { power: low % 64 },
            14 => Self::Leap { power: low % 12 },
            _ => Self::Edge { sequence: pick(&[0, 1, (1 << 56) - 1, u64::MAX - 1, u64::MAX], low) },
        }
    }
}

/// Every sequence that has ever opened.
#[derive(Default)]
struct Model {
    opened: HashSet<u64>,
    highest: u64,
}

impl Model {
    fn at(&self, distance: i16) -> u64 {
        self.highest.saturating_add_signed(i64::from(distance))
    }

    fn verdict(&self, script: &Script, sequence: u64) -> Result<(), EnvelopeReject> {
        let reorder = matches!(script.policy, ReplayPolicy::BoundedReorder | ReplayPolicy::WindowedReplay);
        if sequence > self.highest {
            let strict = script.policy == ReplayPolicy::StrictNoReorder;
            return if strict && sequence - self.highest > 1 { Err(EnvelopeReject::Gap) } else { Ok(()) };
        }
        let age = self.highest - sequence;
        if age < MEMORY && self.opened.contains(&sequence) {
            return Err(EnvelopeReject::Duplicate);
        }
        let fresh = reorder && sequence > 0 && age < u64::from(script.width);
        if fresh { Ok(()) } else { Err(EnvelopeReject::Old) }
    }
}

/// Runs the script; at each step the window answers as the set does, looking changes nothing, and nothing opens twice.
pub fn check(script: &Script) -> Seen {
    let mut run = Run { script, ring: ReplayRing::EMPTY, model: Model::default(), seen: Seen::new() };
    for step in &script.steps {
        match *step {
            Step::Look { distance } => {
                run.look(run.model.at(distance));
            }
            Step::Edge { sequence } => {
                run.look(sequence);
            }
            Step::Take { distance } => run.take(run.model.at(distance)),
            Step::Run { count } => (0..count).for_each(|_| run.take(run.model.at(1))),
            Step::Leap { power } => run.take(run.model.highest.saturating_add(1 << power)),
        }
        assert_eq!(run.ring.highest(), run.model.highest, "after {step:?}");
    }
    run.seen
}

struct Run<'s> {
    script: &'s Script,
    ring: ReplayRing,
    model: Model,
    seen: Seen,
}

impl Run<'_> {
    fn look(&mut self, sequence: u64) -> bool {
        let Self { script, ring, model, seen } = self;
        let expected = model.verdict(script, sequence);
        record(seen, &expected, EnvelopeReject::name);
        let before = ring.clone();
        let found = ring.peek(script.policy, script.width, sequence, &Sound);
        assert_eq!(found, expected, "{sequence} when {} is the highest", model.highest);
        assert_eq!(*ring, before, "looking at {sequence} changes nothing");
        assert!(found.is_err() || !model.opened.contains(&sequence), "{sequence} opens twice");
        expected.is_ok()
    }

    fn take(&mut self, sequence: u64) {
        if self.look(sequence) {
            self.ring.commit(sequence);
            self.model.opened.insert(sequence);
            self.model.highest = self.model.highest.max(sequence);
        }
    }
}
