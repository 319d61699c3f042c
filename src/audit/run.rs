//! Runs the gates and the mutants.

use std::collections::BTreeMap;
use std::format;
use std::string::String;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::vec::Vec;

use super::report::{FailureReport, GateReport, MutantReport, REPORT_SCHEMA, Report};
use crate::lab::{Broken, Fault, Gate, MUTANTS, Mutant, Sound, Tally};

/// How much an audit looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Every gate on 8 profiles, every mutant on 2.
    Quick,
    /// Every gate on 200 profiles, every mutant on 8.
    Full,
}

impl Mode {
    const fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Full => "full",
        }
    }

    /// Profiles for each gate, unless a plan says otherwise.
    #[must_use]
    pub const fn profiles(self) -> u32 {
        match self {
            Self::Quick => 8,
            Self::Full => 200,
        }
    }

    /// The profiles on which a mutant runs.
    const fn mutant_profiles(self) -> &'static [u32] {
        match self {
            Self::Quick => &[0, 5],
            Self::Full => &[0, 1, 2, 3, 4, 5, 6, 7],
        }
    }
}

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'p> {
    /// How much to look at.
    pub mode: Mode,
    /// The seed of every scenario.
    pub seed: u64,
    /// Profiles for each gate, at least 1.
    pub profiles: u32,
    /// Threads, at least 1. The report does not depend on it.
    pub jobs: usize,
    /// Gates whose name contains this.
    pub filter: &'p str,
    /// The mutants; all of them but in tests.
    pub mutants: &'p [Mutant],
}

impl Plan<'_> {
    /// The gates that the filter leaves.
    #[must_use]
    pub fn gates(&self) -> Vec<Gate> {
        Gate::ALL.iter().copied().filter(|gate| gate.name().contains(self.filter)).collect()
    }

    fn watches_mutants(&self) -> bool {
        Report::DETECTION.contains(self.filter)
    }

    fn runs(&self, mutant: &Mutant) -> bool {
        self.watches_mutants() || self.gates().contains(&mutant.gate)
    }
}

impl Default for Plan<'_> {
    /// The quick audit.
    fn default() -> Self {
        Self {
            mode: Mode::Quick,
            seed: 1,
            profiles: Mode::Quick.profiles(),
            jobs: 1,
            filter: "",
            mutants: MUTANTS,
        }
    }
}

/// One piece of work: a gate on one profile, or a mutant in its gate.
#[derive(Clone, Copy)]
enum Work {
    Sound(Gate, u32),
    Broken(Mutant),
}

/// Runs a plan. `progress` is called after every piece of work with how many are done and how many there are.
#[must_use]
pub fn audit(plan: &Plan<'_>, progress: &(dyn Fn(usize, usize) + Sync)) -> Report {
    let gates = plan.gates();
    let sound = gates.iter().flat_map(|gate| (0..plan.profiles).map(|number| Work::Sound(*gate, number)));
    let broken = plan.mutants.iter().filter(|mutant| plan.runs(mutant)).map(|mutant| Work::Broken(*mutant));
    let work: Vec<Work> = sound.chain(broken).collect();
    let done = work_off(plan, &work, progress);

    let mutants: Vec<MutantReport> =
        work.iter().zip(&done).filter_map(|(work, done)| mutant(plan, *work, done)).collect();
    let mut reports: Vec<GateReport> = Vec::new();
    for gate in gates {
        let mut tally = Tally::EMPTY;
        for (work, done) in work.iter().zip(&done) {
            if matches!(work, Work::Sound(of, _) if *of == gate) {
                tally.merge(done);
            }
        }
        reports.push(judge(plan, gate, &tally, &mutants));
    }
    if plan.watches_mutants() {
        reports.push(detection(plan, &mutants));
    }
    let passed = !reports.is_empty() && reports.iter().all(|gate| gate.passed);
    Report {
        schema: REPORT_SCHEMA,
        command: "bytetransport",
        mode: plan.mode.name(),
        seed: plan.seed,
        profiles: plan.profiles,
        backend_version: "0.18.0-lab",
        gates: reports,
        mutants,
        collapse: None,
        hygiene: None,
        passed,
    }
}

/// Does all of the work on the plan's threads; the results are in the order of the work.
fn work_off(plan: &Plan<'_>, work: &[Work], progress: &(dyn Fn(usize, usize) + Sync)) -> Vec<Tally> {
    let finished = AtomicUsize::new(0);
    let jobs = plan.jobs.max(1);
    let worker = |first: usize| {
        let mine = work.iter().skip(first).step_by(jobs);
        let done = mine.map(|piece| {
            let done = run(plan, *piece);
            progress(finished.fetch_add(1, Ordering::Relaxed).saturating_add(1), work.len());
            done
        });
        done.collect::<Vec<Tally>>()
    };
    let mut lanes: Vec<_> = std::thread::scope(|scope| {
        let worker = &worker;
        let threads: Vec<_> = (0..jobs).map(|first| scope.spawn(move || worker(first))).collect();
        let done = threads.into_iter().map(|thread| match thread.join() {
            Ok(done) => done.into_iter(),
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.collect()
    });
    let lane_count = lanes.len();
    (0..work.len()).filter_map(|place| lanes.get_mut(place.checked_rem(lane_count)?)?.next()).collect()
}

fn run(plan: &Plan<'_>, work: Work) -> Tally {
    let mut tally = Tally::EMPTY;
    match work {
        Work::Sound(gate, number) => gate.run(Sound, number, plan.seed, &mut tally),
        Work::Broken(mutant) => {
            for number in plan.mode.mutant_profiles() {
                mutant.gate.run(Broken(mutant.id), *number, plan.seed, &mut tally);
            }
        }
    }
    tally
}

fn mutant(plan: &Plan<'_>, work: Work, tally: &Tally) -> Option<MutantReport> {
    let Work::Broken(mutant) = work else { return None };
    let intended_gate = mutant.gate.name();
    let killed = !mutant.gate.passes(tally, plan.mode.mutant_profiles().len() as u64);
    let killed_by = if killed { std::vec![intended_gate] } else { Vec::new() };
    Some(MutantReport { name: mutant.name, guard: mutant.guard, intended_gate, killed_by })
}

/// The verdict of one gate. One that no mutant can fail is no gate.
fn judge(plan: &Plan<'_>, gate: Gate, tally: &Tally, mutants: &[MutantReport]) -> GateReport {
    let profiles = u64::from(plan.profiles);
    let kills: Vec<&str> = mutants
        .iter()
        .filter(|mutant| mutant.killed_by.contains(&gate.name()))
        .map(|mutant| mutant.name)
        .collect();
    let mut failures: Vec<FailureReport> =
        tally.faults().iter().map(|fault| failure(plan, gate, fault)).collect();
    if let Some((counter, floor)) = gate.shortfall(tally, profiles) {
        let reason = format!("only {} {} observed, {floor} needed", tally.of(counter), counter.name());
        failures.push(FailureReport { reason, reproduce: reproduce(plan, gate) });
    }
    if kills.is_empty() {
        let reason = String::from("no mutant fails this gate, so it cannot fail");
        failures.push(FailureReport { reason, reproduce: reproduce(plan, gate) });
    }
    let passed = failures.is_empty() && tally.fault_count() == 0;
    let observed: BTreeMap<&str, u64> =
        gate.floor().iter().map(|(counter, _)| (counter.name(), tally.of(*counter))).collect();
    let floor = gate
        .floor()
        .iter()
        .map(|(counter, least)| (counter.name(), least.saturating_mul(profiles)))
        .collect();
    let seen: Vec<String> = observed.iter().map(|(name, count)| format!("{count} {name}")).collect();
    let verdict = match tally.fault_count() {
        0 => String::new(),
        faults => format!("{faults} faults; "),
    };
    let summary = format!("{verdict}{}; {} mutants found", seen.join(", "), kills.len());
    GateReport { name: gate.name(), passed, observed, floor, summary, failures, kills }
}

/// The gate over the mutants: every one is found by the gate that is meant to.
fn detection(plan: &Plan<'_>, mutants: &[MutantReport]) -> GateReport {
    let found = mutants.iter().filter(|mutant| mutant.killed_by.contains(&mutant.intended_gate)).count();
    let lives = mutants.iter().filter(|mutant| !mutant.killed_by.contains(&mutant.intended_gate));
    let failures: Vec<FailureReport> = lives
        .map(|mutant| FailureReport {
            reason: format!(
                "{} {} lives: {} does not see it",
                mutant.guard, mutant.name, mutant.intended_gate
            ),
            reproduce: format!(
                "kcheck --{} --seed {} --filter {}",
                plan.mode.name(),
                plan.seed,
                mutant.intended_gate
            ),
        })
        .collect();
    GateReport {
        name: Report::DETECTION,
        passed: failures.is_empty() && !mutants.is_empty(),
        observed: BTreeMap::from([("mutants", mutants.len() as u64), ("found", found as u64)]),
        floor: BTreeMap::from([
            ("mutants", plan.mutants.len().max(1) as u64),
            ("found", plan.mutants.len().max(1) as u64),
        ]),
        summary: format!("{found} of {} mutants found by their gates", mutants.len()),
        failures,
        kills: Vec::new(),
    }
}

fn failure(plan: &Plan<'_>, gate: Gate, fault: &Fault) -> FailureReport {
    let found = if fault.found.is_empty() { String::new() } else { format!(" ({})", fault.found) };
    let reason = format!("{}{found}: case {} on profile {}", fault.reason, fault.case, fault.profile);
    FailureReport { reason, reproduce: reproduce(plan, gate) }
}

fn reproduce(plan: &Plan<'_>, gate: Gate) -> String {
    format!(
        "kcheck --{} --seed {} --profiles {} --filter {}",
        plan.mode.name(),
        plan.seed,
        plan.profiles,
        gate.name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Exit;

    fn quiet(plan: &Plan<'_>) -> Report {
        audit(plan, &|_, _| ())
    }

    #[test]
    fn the_quick_audit_passes_and_is_the_same_for_any_number_of_jobs() {
        let one = quiet(&Plan::default());
        assert!(one.passed, "{}", one.human(false));
        assert_eq!(Exit::of(&one), Exit::Passed);
        assert_eq!(one.json().unwrap(), quiet(&Plan { jobs: 3, ..Plan::default() }).json().unwrap());
        assert_eq!(one.mutants.len(), MUTANTS.len());
        assert!(one.gates.iter().all(|gate| gate.passed && gate.failures.is_empty()));
    }

    #[test]
    fn a_mutant_whose_gate_cannot_see_it_turns_the_audit_red() {
        let mut mutants = MUTANTS.to_vec();
        // A corrupt checksum is nothing that a happy path could notice.
        mutants.iter_mut().filter(|mutant| mutant.name == "checksum").for_each(|mutant| {
            mutant.gate = Gate::RuntimeIntegration;
        });
        let report = quiet(&Plan { mutants: &mutants, ..Plan::default() });
        assert!(!report.passed);
        assert_eq!(Exit::of(&report), Exit::MutantsOnly);
        assert!(report.human(false).contains("G-05 checksum lives"), "{}", report.human(false));
    }

    #[test]
    fn a_gate_without_mutants_and_an_audit_without_gates_fail() {
        let report = quiet(&Plan { mutants: &[], profiles: 1, ..Plan::default() });
        assert!(!report.passed && report.gates.iter().all(|gate| !gate.passed));
        assert_eq!(Exit::of(&report), Exit::Failed);
        assert!(!quiet(&Plan { filter: "no such gate", profiles: 1, ..Plan::default() }).passed);
    }

    #[test]
    fn a_report_has_one_shape() {
        let report = quiet(&Plan { profiles: 1, ..Plan::default() });
        let value: serde_json::Value = serde_json::from_str(&report.json().unwrap()).unwrap();
        let keys = |value: &serde_json::Value| {
            value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            keys(&value),
            "backend_version collapse command gates hygiene mode mutants passed profiles schema seed"
        );
        assert_eq!(keys(&value["gates"][0]), "failures floor kills name observed passed summary");
        assert_eq!(keys(&value["mutants"][0]), "guard intended_gate killed_by name");
        assert!(report.junit().contains("failures=\"0\""));
    }
}
