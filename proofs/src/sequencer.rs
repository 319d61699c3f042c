//! The sequencer against a set of marks.

use std::collections::HashSet;

use kurdistan::guard::Sound;
use kurdistan::transport::Sequencer;
use kurdistan::vocab::{SequencePolicy, SequenceReject};

use crate::Seen;
use crate::bytes::{head, pick, record, steps};

/// Frames of one stream, told by how far they are from the lowest open sequence.
#[derive(Clone, Debug)]
pub struct Script {
    /// The order.
    pub policy: SequencePolicy,
    /// The window, 1 to 64.
    pub window: u8,
    /// What happens.
    pub steps: Vec<Step>,
}

/// One event.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A frame is looked at, with so many fragments there already.
    Look { distance: i16, pending: u8 },
    /// Every frame of a message is looked at; if all pass, its envelope opens and they are marked.
    Take { distance: i16, count: u8 },
    /// So many frames beyond the lowest open one are taken, one by one.
    Skip { count: u8 },
    /// Frames are marked that have been marked before.
    Again { distance: i16, count: u8 },
    /// The end of the stream opens.
    End { distance: i16 },
    /// A frame 2^32 beyond another is looked at.
    Alias { distance: i16 },
    /// A frame at the edge of the number space is looked at.
    Edge { sequence: u64 },
}

impl Script {
    /// Bytes of the head.
    pub const HEAD: usize = 2;
    /// Bytes of a step.
    pub const STEP: usize = 3;
    /// Steps, at most.
    pub const STEPS: usize = 256;

    /// The script that these bytes name.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let ([policy, window], rest) = head::<{ Self::HEAD }>(bytes);
        // Half of the scripts have the widest window.
        let window = if window.is_multiple_of(2) { 64 } else { window / 2 % 64 + 1 };
        // A strict order leaves little to tell: three of four scripts are windowed.
        let policy = if policy.is_multiple_of(4) { SequencePolicy::Strict } else { SequencePolicy::Windowed };
        Self { policy, window, steps: steps(rest, Self::STEPS, |step| Step::from_bytes(step, window)) }
    }
}

impl Step {
    fn from_bytes([what, place, value]: [u8; Script::STEP], window: u8) -> Self {
        let far = i16::from(place as i8);
        let near = i16::from(place % window);
        let count = if value.is_multiple_of(4) { value / 4 % 16 + 1 } else { 1 };
        match what % 16 {
            0..=1 => Self::Look { distance: far, pending: value % 20 },
            2 => Self::Look { distance: i16::from(place % 4) + i16::from(window) - 2, pending: value % 4 },
            3 => Self::Look { distance: i16::from(place % 4) - 66, pending: value % 4 },
            4..=7 => Self::Take { distance: near, count },
            8..=11 => Self::Take { distance: 0, count },
            12 => Self::Take { distance: far, count },
            13 => Self::Again { distance: far, count },
            14 if value.is_multiple_of(8) => Self::End { distance: near },
            14 if place.is_multiple_of(2) => Self::Skip { count: value % 64 },
            14 => Self::Take { distance: i16::from(window) - i16::from(place % 3), count },
            15 if place.is_multiple_of(2) => Self::Alias { distance: near },
            _ => Self::Edge { sequence: pick(&[0, 1, 1 << 32, u64::MAX - 1, u64::MAX], place) },
        }
    }
}

/// Every sequence that has ever been marked.
struct Model {
    marked: HashSet<u64>,
    lowest: u64,
    terminal: Option<u64>,
}

impl Model {
    fn at(&self, distance: i16) -> u64 {
        self.lowest.saturating_add_signed(i64::from(distance))
    }

    fn verdict(&self, script: &Script, pending: u8, sequence: u64) -> Result<(), SequenceReject> {
        if self.terminal.is_some_and(|last| sequence > last) {
            return Err(SequenceReject::AfterTerminal);
        }
        if sequence < self.lowest && self.lowest - sequence > 64 {
            return Err(SequenceReject::Old);
        }
        if sequence < self.lowest || self.marked.contains(&sequence) {
            return Err(SequenceReject::Duplicate);
        }
        let (first, last) = match script.policy {
            SequencePolicy::Strict => (self.lowest + u64::from(pending), self.lowest + u64::from(pending)),
            SequencePolicy::Windowed => (self.lowest, self.lowest + u64::from(script.window) - 1),
        };
        match sequence {
            _ if sequence < first => Err(SequenceReject::Duplicate),
            _ if sequence > last => Err(SequenceReject::TooFarFuture),
            _ => Ok(()),
        }
    }

    fn mark(&mut self, sequence: u64) {
        assert!(self.marked.insert(sequence), "{sequence} was taken twice");
        while self.marked.contains(&self.lowest) {
            self.lowest += 1;
        }
    }
}

/// Runs the script; at each step the sequencer answers as the set does.
pub fn check(script: &Script) -> Seen {
    let model = Model { marked: HashSet::new(), lowest: 1, terminal: None };
    let mut run = Run { script, sequencer: Sequencer::new(), model, seen: Seen::new() };
    for step in &script.steps {
        run.act(*step);
        let Run { sequencer, model, seen, .. } = &mut run;
        let gap = model.marked.iter().any(|sequence| *sequence > model.lowest);
        seen.extend(gap.then_some("gap"));
        assert_eq!(sequencer.next(), model.lowest, "after {step:?}");
        assert_eq!(sequencer.has_gap(), gap, "after {step:?}");
        assert_eq!(sequencer.ends_at(), model.terminal, "after {step:?}");
    }
    run.seen
}

struct Run<'s> {
    script: &'s Script,
    sequencer: Sequencer,
    model: Model,
    seen: Seen,
}

impl Run<'_> {
    fn act(&mut self, step: Step) {
        match step {
            Step::Look { distance, pending } => {
                self.look(pending, self.model.at(distance));
            }
            Step::Alias { distance } => {
                self.look(0, self.model.at(distance) + (1 << 32));
            }
            Step::Edge { sequence } => {
                self.look(0, sequence);
            }
            Step::Take { distance, count } => self.take(self.model.at(distance), count),
            Step::Skip { count } => {
                let lowest = self.model.lowest;
                (1..=u64::from(count)).for_each(|distance| self.take(lowest + distance, 1));
            }
            Step::Again { distance, count } => {
                let first = self.model.at(distance);
                if sequences(first, count).all(|sequence| self.model.marked.contains(&sequence)) {
                    let before = self.sequencer;
                    self.sequencer.mark(first, count);
                    assert_eq!(self.sequencer, before, "what is marked again changes nothing");
                    self.seen.insert("again");
                }
            }
            Step::End { distance } => {
                self.model.terminal = Some(self.model.at(distance));
                self.sequencer.end_at(self.model.at(distance));
            }
        }
    }

    fn look(&mut self, pending: u8, sequence: u64) -> bool {
        let Self { script, sequencer, model, seen } = self;
        let expected = model.verdict(script, pending, sequence);
        record(seen, &expected, SequenceReject::name);
        let found = sequencer.peek(script.policy, script.window, pending, sequence, &Sound);
        assert_eq!(found, expected, "{sequence} when {} is the lowest and {pending} came", model.lowest);
        expected.is_ok()
    }

    fn take(&mut self, first: u64, count: u8) {
        if (0..count).all(|index| self.look(index, first + u64::from(index))) {
            self.sequencer.mark(first, count);
            sequences(first, count).for_each(|sequence| self.model.mark(sequence));
        }
    }
}

fn sequences(first: u64, count: u8) -> impl Iterator<Item = u64> {
    first..first + u64::from(count)
}
