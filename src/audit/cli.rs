//! The command line of `kcheck`.

use std::borrow::ToOwned;
use std::boxed::Box;
use std::ffi::OsString;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::string::String;
use std::{format, io};

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::frame::{FrameFlags, Line, decode_line, encode_line};
use super::profile_command::{self, ProfileCommand};
use super::{Exit, Mode, Plan, Report, audit};
use crate::lab::{Gate, MUTANTS};
use crate::vocab::Role;
use crate::wire::FrameLimits;

/// Breaks the crate on purpose, and shows that its gates see it.
///
/// Exit: 0 all passed, 1 a gate failed or a frame was refused, 2 usage, 3 only mutant detection failed, 70 internal error.
#[derive(Debug, Parser)]
#[command(name = "kcheck", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: Run,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The gates of the byte transport
    Bytetransport(Run),
    /// Profiles as files
    Profile {
        #[command(subcommand)]
        command: ProfileCommand,
    },
    /// Single frames, for people who hold a capture
    Frame {
        #[command(subcommand)]
        command: Frame,
    },
}

#[derive(Debug, Subcommand)]
enum Frame {
    /// Prints one line of JSON for every frame
    Decode {
        /// A frame in hexadecimal, or `-` for one on each line of the standard input
        hex: String,
        /// Limits, checksum class; without it, the widest and any
        #[arg(long, value_name = "FILE")]
        profile: Option<PathBuf>,
    },
    /// Prints frames in hexadecimal
    Encode {
        /// `-` takes one line of JSON for each frame from the standard input, as `decode` prints it
        #[arg(value_parser = ["-"], conflicts_with_all = FLAGS)]
        lines: Option<String>,
        /// Limits; without it, the widest
        #[arg(long, value_name = "FILE")]
        profile: Option<PathBuf>,
        #[command(flatten)]
        frame: FrameFlags,
    },
}

/// The flags that describe a frame.
const FLAGS: &[&str] = &[
    "checksum_class",
    "kind",
    "is_final",
    "metadata_class",
    "session_class",
    "direction",
    "fragment_index",
    "fragment_count",
    "fragment_offset",
    "stream_id",
    "sequence",
    "payload",
];

#[derive(Debug, Args)]
struct Run {
    /// Eight profiles, every mutant on two (the default)
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// 200 profiles, every mutant on eight
    #[arg(long)]
    full: bool,
    /// Seed of every scenario
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Profiles for each gate
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    profiles: Option<u32>,
    /// Threads; the report does not depend on them
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Only gates whose name contains this
    #[arg(long, default_value = "")]
    filter: String,
    /// Prints the gates and ends
    #[arg(long)]
    list: bool,
    /// Explains one gate and ends
    #[arg(long, value_name = "GATE", conflicts_with = "list")]
    explain: Option<String>,
    /// Form of the report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Where to write the report instead of the standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Colours in the human form
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Human,
    Json,
    Junit,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

/// Runs `kcheck` with these arguments, the program's name first.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Passed };
        }
    };
    let outcome = match cli.command {
        None => run(&cli.run),
        Some(Command::Bytetransport(flags)) => run(&flags),
        Some(Command::Profile { command }) => profile_command::run(command),
        Some(Command::Frame { command }) => frame(command),
    };
    outcome.unwrap_or_else(|error| match error.kind() {
        // Whoever closes our output early has seen enough.
        io::ErrorKind::BrokenPipe => Exit::Passed,
        _ => {
            let _ = writeln!(io::stderr(), "kcheck: {error}");
            Exit::Internal
        }
    })
}

fn run(flags: &Run) -> io::Result<Exit> {
    if flags.list {
        for gate in Gate::ALL {
            writeln!(io::stdout(), "{}", gate.name())?;
        }
        writeln!(io::stdout(), "{}", Report::DETECTION)?;
        return Ok(Exit::Passed);
    }
    if let Some(name) = &flags.explain {
        return explain(name);
    }
    let jobs =
        flags.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let mode = if flags.full { Mode::Full } else { Mode::Quick };
    let profiles = flags.profiles.unwrap_or(mode.profiles());
    let plan = Plan { mode, seed: flags.seed, profiles, jobs, filter: &flags.filter, ..Plan::default() };
    if plan.gates().is_empty() && !Report::DETECTION.contains(plan.filter) {
        writeln!(io::stderr(), "kcheck: no gate is called '{}'; --list shows them", flags.filter)?;
        return Ok(Exit::Usage);
    }
    // An output that cannot be written is known before the work is done.
    let mut out: Box<dyn Write> = match &flags.out {
        None => Box::new(io::stdout()),
        Some(path) => match std::fs::File::create(path) {
            Ok(file) => Box::new(file),
            Err(error) => {
                writeln!(io::stderr(), "kcheck: {}: {error}", path.display())?;
                return Ok(Exit::Usage);
            }
        },
    };
    let bar = indicatif::ProgressBar::new(0);
    let report = audit(&plan, &|done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let colour = match flags.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => flags.out.is_none() && io::stdout().is_terminal(),
    };
    let text = match flags.format {
        Format::Human => report.human(colour),
        Format::Json => report.json().map_err(io::Error::other)?,
        Format::Junit => report.junit(),
    };
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Exit::of(&report))
}

fn explain(name: &str) -> io::Result<Exit> {
    if name == Report::DETECTION {
        writeln!(io::stdout(), "{name}\nEvery mutant is found by the gate that is meant to find it.\n")?;
        for mutant in MUTANTS {
            writeln!(io::stdout(), "  {} {}: {}", mutant.guard, mutant.name, mutant.gate.name())?;
        }
        return Ok(Exit::Passed);
    }
    let Some(gate) = Gate::ALL.iter().find(|gate| gate.name() == name) else {
        writeln!(io::stderr(), "kcheck: no gate is called '{name}'; --list shows them")?;
        return Ok(Exit::Usage);
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{}\n{}\n\nOn each profile it must observe at least:", gate.name(), gate.sentence())?;
    for (counter, least) in gate.floor() {
        writeln!(out, "  {least} {}", counter.name())?;
    }
    writeln!(out, "\nIt must find these mutants:")?;
    for mutant in MUTANTS.iter().filter(|mutant| mutant.gate == *gate) {
        writeln!(
            out,
            "  {} {}: {} (the rule: {})",
            mutant.guard,
            mutant.name,
            mutant.sentence,
            mutant.rule()
        )?;
    }
    Ok(Exit::Passed)
}

fn frame(command: Frame) -> io::Result<Exit> {
    let (Frame::Decode { profile, .. } | Frame::Encode { profile, .. }) = &command;
    let limits = match profile.as_deref().map(profile_command::load) {
        None => FrameLimits::WIDEST,
        Some(Ok(spec)) => FrameLimits { direction: None, ..spec.frame_limits(Role::Client) },
        Some(Err(what)) => {
            writeln!(io::stderr(), "kcheck: {what}")?;
            return Ok(Exit::Usage);
        }
    };
    match command {
        Frame::Decode { hex, .. } if hex == "-" => each_line(|line| decode_line(line, &limits)),
        Frame::Decode { hex, .. } => single(&decode_line(&hex, &limits)),
        Frame::Encode { lines: Some(_), .. } => each_line(|line| encode_line(line, &limits)),
        Frame::Encode { lines: None, frame, .. } => single(&frame.describe(limits.class).encode(&limits)),
    }
}

fn single(line: &Line) -> io::Result<Exit> {
    writeln!(io::stdout(), "{}", line.text)?;
    Ok(if line.refused { Exit::Failed } else { Exit::Passed })
}

/// One line out for each line in, in order; empty lines are skipped.
fn each_line(work: impl Fn(&str) -> Line) -> io::Result<Exit> {
    let mut out = io::stdout().lock();
    let mut exit = Exit::Passed;
    for line in io::stdin().lock().split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        if line.trim().is_empty() {
            continue;
        }
        let line = work(&line);
        writeln!(out, "{}", line.text)?;
        if line.refused {
            exit = Exit::Failed;
        }
    }
    Ok(exit)
}
