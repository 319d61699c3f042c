//! The audit as a program: runs the [laboratory](crate::lab) on a host and reports. Feature `audit`, the only part that needs
//! `std`.
//!
//! | file | what |
//! |---|---|
//! | `cli` | the command line of `kcheck` |
//! | `run` | every gate on every profile, every mutant in its gate |
//! | `report` | schema `kcheck.report/1`, as JSON, JUnit or text |
//! | `frame` | `kcheck frame decode` and `encode`, for people who hold a capture |
//! | `profile_file`, `profile_command` | profiles as strict JSON; `kcheck profile generate`, `check`, `show` and `size` |
//! | `exit` | what the exit code says |

mod cli;
mod exit;
mod frame;
mod hex;
mod profile_command;
mod profile_file;
mod report;
mod run;

pub use cli::main;
pub use exit::Exit;
pub use profile_file::{PROFILE_FILE_BYTES_MAX, PROFILE_SCHEMA, from_file, to_file};
pub use report::{GateReport, MutantReport, REPORT_SCHEMA, Report};
pub use run::{Mode, Plan, audit};
