//! The report of a run.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::string::String;
use std::vec::Vec;

use serde::Serialize;

/// The schema of the report.
pub const REPORT_SCHEMA: &str = "kcheck.report/1";

/// Everything that a run has found. One verdict: `passed` follows from all of the others.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// [`REPORT_SCHEMA`].
    pub schema: &'static str,
    /// What was run.
    pub command: &'static str,
    /// `quick` or `full`.
    pub mode: &'static str,
    /// The seed of every scenario.
    pub seed: u64,
    /// Profiles that each gate ran on.
    pub profiles: u32,
    /// Version of the backend of generated code.
    pub backend_version: &'static str,
    /// Every gate, in a fixed order.
    pub gates: Vec<GateReport>,
    /// Every mutant, in the order of the rules.
    pub mutants: Vec<MutantReport>,
    /// The collapse scanner: not part of this run.
    pub collapse: Option<()>,
    /// The hygiene scan: not part of this run.
    pub hygiene: Option<()>,
    /// Whether all of it passed.
    pub passed: bool,
}

/// One gate.
#[derive(Clone, Debug, Serialize)]
pub struct GateReport {
    /// Its name.
    pub name: &'static str,
    /// Its verdict.
    pub passed: bool,
    /// What it has counted on the sound system.
    pub observed: BTreeMap<&'static str, u64>,
    /// The least that it must have counted.
    pub floor: BTreeMap<&'static str, u64>,
    /// The verdict in words.
    pub summary: String,
    /// What was wrong, as far as it was kept.
    pub failures: Vec<FailureReport>,
    /// The mutants that it has found.
    pub kills: Vec<&'static str>,
}

/// One thing that was wrong.
#[derive(Clone, Debug, Serialize)]
pub struct FailureReport {
    /// What.
    pub reason: String,
    /// A command that shows it again.
    pub reproduce: String,
}

/// One mutant.
#[derive(Clone, Debug, Serialize)]
pub struct MutantReport {
    /// Its name, which is that of the rule it breaks.
    pub name: &'static str,
    /// Number of the rule.
    pub guard: &'static str,
    /// The gate that must find it.
    pub intended_gate: &'static str,
    /// The gates that have found it.
    pub killed_by: Vec<&'static str>,
}

impl Report {
    /// The gate over the mutants.
    pub const DETECTION: &'static str = "byte_transport_mutant_detection";

    /// One JSON document.
    ///
    /// # Errors
    /// None that this type can bring about.
    pub fn json(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// A test suite in the format of JUnit.
    #[must_use]
    pub fn junit(&self) -> String {
        let failed = self.gates.iter().filter(|gate| !gate.passed).count();
        let mut text = std::format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"kcheck {}\" tests=\"{}\" failures=\"{failed}\">\n",
            self.command,
            self.gates.len()
        );
        for gate in &self.gates {
            let _ = write!(text, "  <testcase classname=\"kcheck\" name=\"{}\"", gate.name);
            if gate.passed {
                text.push_str("/>\n");
                continue;
            }
            let _ = write!(text, ">\n    <failure message=\"{}\">", escaped(&gate.summary));
            for failure in &gate.failures {
                let _ = writeln!(text, "{}\n  {}", escaped(&failure.reason), escaped(&failure.reproduce));
            }
            text.push_str("</failure>\n  </testcase>\n");
        }
        text.push_str("</testsuite>\n");
        text
    }

    /// Text for people.
    #[must_use]
    pub fn human(&self, colour: bool) -> String {
        let paint = |passed: bool| match (passed, colour) {
            (true, true) => "\u{1b}[32mpass\u{1b}[0m",
            (false, true) => "\u{1b}[31mFAIL\u{1b}[0m",
            (true, false) => "pass",
            (false, false) => "FAIL",
        };
        let mut text = String::new();
        for gate in &self.gates {
            let _ = writeln!(text, "{} {}: {}", paint(gate.passed), gate.name, gate.summary);
            for failure in &gate.failures {
                let _ = writeln!(text, "     {}\n       {}", failure.reason, failure.reproduce);
            }
        }
        let _ = writeln!(
            text,
            "{} kcheck {} {}: {} gates, {} profiles, {} mutants, seed {}",
            paint(self.passed),
            self.command,
            self.mode,
            self.gates.len(),
            self.profiles,
            self.mutants.len(),
            self.seed
        );
        text
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
