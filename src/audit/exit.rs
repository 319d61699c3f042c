//! What the exit code of `kcheck` says.

use super::Report;

/// The exit codes, by rising gravity of what a caller must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything passed.
    Passed = 0,
    /// A gate failed, or a frame was refused.
    Failed = 1,
    /// The command line or its input makes no sense.
    Usage = 2,
    /// Every gate passed on the sound system, but a mutant lives.
    MutantsOnly = 3,
    /// Output or input failed, or the program itself did.
    Internal = 70,
}

impl Exit {
    /// The code that every verdict of a report leads to.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let failed = |detection: bool| {
            report.gates.iter().any(|gate| !gate.passed && (gate.name == Report::DETECTION) == detection)
        };
        match (failed(false), failed(true)) {
            (true, _) => Self::Failed,
            (false, true) => Self::MutantsOnly,
            (false, false) if report.passed => Self::Passed,
            (false, false) => Self::Failed,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
