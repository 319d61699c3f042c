//! `kcheck`: the audit on the command line.

use std::panic::catch_unwind;

use kurdistan::audit::{Exit, main as audit};

fn main() -> std::process::ExitCode {
    catch_unwind(|| audit(std::env::args_os())).unwrap_or(Exit::Internal).into()
}
