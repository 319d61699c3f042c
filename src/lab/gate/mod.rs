//! What must come out of the real code, judged from the outside.

mod corruption;
mod encoding;
mod envelopes;
mod groups;
mod integration;
mod known;
mod turns;

use super::{Counter, Subject, Tally, profile};
use crate::profile::Spec;

/// One gate. It passes when nothing was wrong and enough was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// What is encoded is what an independent encoder makes, and decodes to itself.
    EncodingCorrectness,
    /// What is not genuine is refused, by its own name, and moves nothing.
    CorruptionRejection,
    /// What is sent on a sound link arrives, whole and once, and both sides close.
    RuntimeIntegration,
}

impl Gate {
    /// Every gate, in the order of reports.
    pub const ALL: &'static [Self] =
        &[Self::EncodingCorrectness, Self::CorruptionRejection, Self::RuntimeIntegration];

    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EncodingCorrectness => "byte_transport_encoding_correctness",
            Self::CorruptionRejection => "byte_transport_corruption_rejection",
            Self::RuntimeIntegration => "byte_transport_runtime_integration",
        }
    }

    /// What it looks at, in one sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::EncodingCorrectness => {
                "Frames and envelopes are byte for byte what independent implementations make, and decode to themselves."
            }
            Self::CorruptionRejection => {
                "Every bad frame, group and envelope is refused by its own name, and nothing of it is delivered."
            }
            Self::RuntimeIntegration => {
                "Two endpoints open, carry streams both ways through every layer, each in its turn, end them cleanly and close."
            }
        }
    }

    /// The least that it must have observed on each profile. Less is a failure, whatever was found.
    #[must_use]
    pub const fn floor(self) -> &'static [(Counter, u64)] {
        match self {
            Self::EncodingCorrectness => &[
                (Counter::Profiles, 1),
                (Counter::Frames, 100),
                (Counter::Bytes, 4_000),
                (Counter::KnownAnswers, 10),
            ],
            Self::CorruptionRejection => &[
                (Counter::Profiles, 1),
                (Counter::Cases, 50),
                (Counter::Flips, 400),
                (Counter::Sessions, 1),
                (Counter::Rejects, 4),
            ],
            Self::RuntimeIntegration => &[
                (Counter::Profiles, 1),
                (Counter::Sessions, 1),
                (Counter::Frames, 30),
                (Counter::Messages, 18),
                (Counter::Pressure, 1),
                (Counter::StreamEnds, 6),
                (Counter::Turns, 12),
                (Counter::Closes, 1),
            ],
        }
    }

    /// Runs on the profile with this number.
    pub fn run<S: Subject>(self, subject: S, number: u32, seed: u64, tally: &mut Tally) {
        let spec: Spec = profile(number);
        tally.profile = number;
        tally.count(Counter::Profiles, 1);
        let Some(policy) = subject.known(&spec) else {
            tally.fail(0, "the profile is not sound", "");
            return;
        };
        match self {
            Self::EncodingCorrectness => {
                encoding::run(policy, tally);
                known::run(subject, tally);
            }
            Self::CorruptionRejection => {
                corruption::run(policy, tally);
                groups::run(policy, tally);
                envelopes::run(policy, seed, tally);
            }
            Self::RuntimeIntegration => {
                integration::run(policy, seed, tally);
                turns::run(subject, &spec, seed, tally);
            }
        }
    }

    /// Whether what was seen on `profiles` profiles is enough and nothing of it was wrong.
    #[must_use]
    pub fn passes(self, tally: &Tally, profiles: u64) -> bool {
        tally.fault_count() == 0 && self.shortfall(tally, profiles).is_none()
    }

    /// The first counter that is below its floor for `profiles` profiles, and the floor.
    #[must_use]
    pub fn shortfall(self, tally: &Tally, profiles: u64) -> Option<(Counter, u64)> {
        let floors =
            self.floor().iter().map(|(counter, least)| (*counter, least.saturating_mul(profiles.max(1))));
        floors.into_iter().find(|(counter, least)| tally.of(*counter) < *least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{Broken, MUTANTS, Sound};

    fn tally<S: Subject>(gate: Gate, subject: S, profiles: u32) -> Tally {
        let mut tally = Tally::EMPTY;
        for number in 0..profiles {
            gate.run(subject, number, 7, &mut tally);
        }
        tally
    }

    #[test]
    fn the_sound_system_passes_every_gate_on_every_profile() {
        for gate in Gate::ALL {
            let tally = tally(*gate, Sound, 100);
            let profiles = 100;
            assert!(
                gate.passes(&tally, profiles),
                "{}: {tally:#?} {:?}",
                gate.name(),
                gate.shortfall(&tally, profiles)
            );
        }
    }

    #[test]
    fn every_mutant_fails_its_gate() {
        for mutant in MUTANTS {
            let tally = tally(mutant.gate, Broken(mutant.id), 6);
            assert!(!mutant.gate.passes(&tally, 6), "{} {} lives", mutant.guard, mutant.name);
        }
    }

    #[test]
    fn a_gate_that_has_seen_nothing_fails() {
        for gate in Gate::ALL {
            assert!(!gate.passes(&Tally::EMPTY, 0), "{}", gate.name());
        }
    }
}
