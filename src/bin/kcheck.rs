//! `kcheck`: the audit on the command line.

fn main() -> std::process::ExitCode {
    kurdistan::audit::main(std::env::args_os()).into()
}
