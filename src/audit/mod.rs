//! The audit as a program: runs the [laboratory](crate::lab) on a host and reports. Feature `audit`, the only part that needs
//! `std`.
//!
//! | file | what |
//! |---|---|
//! | `cli` | the command line of `kcheck` |
//! | `run` | every gate on every profile, every mutant in its gate |
//! | `report` | schema `kcheck.report/1`, as JSON, JUnit or text |
//! | `frame` | `kcheck frame decode` and `encode`, for people who hold a capture |
//! | `exit` | what the exit code says |

mod cli;
mod exit;
mod frame;
mod hex;
mod report;
mod run;

pub use cli::main;
pub use exit::Exit;
pub use report::{GateReport, MutantReport, REPORT_SCHEMA, Report};
pub use run::{Plan, audit};
