//! `kcheck profile`.

use std::borrow::ToOwned;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;
use std::{format, println};

use clap::{Subcommand, ValueEnum};

use super::Exit;
use super::profile_file::{PROFILE_FILE_BYTES_MAX, from_file, to_file};
use crate::endpoint::{Endpoint, Manager, Memory};
use crate::profile::{Loaded, Spec, StorageClass, generation_hash};
use crate::session::{Open, Session};
use crate::stream::{Stream, StreamTable};
use crate::transport::{PipeBuffer, SlotBuffer};

#[derive(Debug, Subcommand)]
pub(super) enum ProfileCommand {
    /// Makes a profile from a seed
    Generate {
        /// The seed
        #[arg(long)]
        seed: u64,
        /// How much memory it may take
        #[arg(long, value_enum, default_value_t = Class::Small)]
        class: Class,
        /// Where to write it; `-` is the standard output
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Says whether a profile is sound, and what its checksum guarantees
    Check {
        /// The profile
        file: PathBuf,
    },
    /// Prints a profile in its canonical form
    Show {
        /// The profile
        file: PathBuf,
    },
    /// Prints the bytes of RAM that its objects take on this machine
    Size {
        /// The profile
        file: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Class {
    Small,
    Large,
}

pub(super) fn run(command: ProfileCommand) -> io::Result<Exit> {
    match command {
        ProfileCommand::Generate { seed, class, out } => generate(seed, class, &out),
        ProfileCommand::Check { file } => with(&file, check),
        ProfileCommand::Show { file } => with(&file, |spec| {
            let text = to_file(spec).map_err(io::Error::other)?;
            io::stdout().write_all(text.as_bytes())
        }),
        ProfileCommand::Size { file } => with(&file, size),
    }
}

/// The profile in a file, or what is wrong with it, in one line.
pub(super) fn load(path: &Path) -> Result<Spec, String> {
    let named = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let file = File::open(path).map_err(|error| named(&error))?;
    let mut bytes = Vec::new();
    // One byte more than the cap is enough to know.
    let mut capped = file.take(PROFILE_FILE_BYTES_MAX.saturating_add(1));
    capped.read_to_end(&mut bytes).map_err(|error| named(&error))?;
    if bytes.len() as u64 > PROFILE_FILE_BYTES_MAX {
        return Err(named(&format!("more than {PROFILE_FILE_BYTES_MAX} bytes")));
    }
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = good.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
        let column = good.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len).saturating_add(1);
        named(&format!("line {line}, column {column}: not UTF-8"))
    })?;
    from_file(text).map_err(|what| named(&what))
}

fn with(path: &Path, work: impl FnOnce(&Spec) -> io::Result<()>) -> io::Result<Exit> {
    match load(path) {
        Ok(spec) => work(&spec).map(|()| Exit::Passed),
        Err(what) => {
            writeln!(io::stderr(), "kcheck: {what}")?;
            Ok(Exit::Usage)
        }
    }
}

fn generate(seed: u64, class: Class, out: &Path) -> io::Result<Exit> {
    let class = match class {
        Class::Small => StorageClass::Small,
        Class::Large => StorageClass::Large,
    };
    let text = to_file(&Spec::generate(seed, class)).map_err(io::Error::other)?;
    if out.as_os_str() == "-" {
        io::stdout().write_all(text.as_bytes())?;
    } else if let Err(error) = std::fs::write(out, text) {
        writeln!(io::stderr(), "kcheck: {}: {error}", out.display())?;
        return Ok(Exit::Usage);
    }
    Ok(Exit::Passed)
}

fn check(spec: &Spec) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}: sound, generation {}", spec.id, super::hex::to_hex(&generation_hash(spec)))?;
    writeln!(
        out,
        "{} finds every change of up to {} bits in a frame of up to {} bytes",
        spec.checksum,
        spec.hamming_distance.saturating_sub(1),
        spec.frame_bytes_max
    )
}

/// What an endpoint of exactly this profile would take, from the sizes of its parts.
fn size(spec: &Spec) -> io::Result<()> {
    let frames = usize::from(spec.pipe_frames_max);
    let pipe = size_of::<PipeBuffer<0, 1>>()
        .saturating_add(record_bytes().saturating_mul(frames.saturating_sub(1)))
        .saturating_add(spec.pipe_bytes_max as usize);
    let slot = size_of::<SlotBuffer<0, 1>>().saturating_add(usize::from(spec.envelope_bytes_max));
    let slots = slot.saturating_mul(spec.slots());
    let streams = size_of::<Stream>()
        .saturating_mul(usize::from(spec.streams_max))
        .saturating_add(size_of::<StreamTable<0>>());
    let rest = size_of::<Endpoint<Loaded<'_>, Memory<0, 1, 0, 1, 1>>>()
        .saturating_sub(size_of::<Memory<0, 1, 0, 1, 1>>());
    let rows = [
        ("session", size_of::<Session<Open, Loaded<'_>>>()),
        ("endpoint, without its memory", rest),
        ("pipe", pipe),
        ("reassembly", slots),
        ("streams", streams),
    ];
    for (name, bytes) in rows {
        println!("{bytes:>8}  {name}");
    }
    let waiting = size_of::<Manager<Loaded<'_>, Memory<0, 1, 0, 1, 1>, 1, 3>>()
        .saturating_sub(size_of::<Manager<Loaded<'_>, Memory<0, 1, 0, 1, 1>, 1, 2>>());
    println!("{waiting:>8}  each handshake that waits at a manager");
    let total = rest.saturating_add(pipe).saturating_add(slots).saturating_add(streams);
    println!("{total:>8}  endpoint, about");
    println!(
        "memory: Memory<{}, {frames}, {}, {}, {}>",
        spec.pipe_bytes_max,
        spec.envelope_bytes_max,
        spec.slots(),
        spec.streams_max
    );
    Ok(())
}

const fn record_bytes() -> usize {
    size_of::<PipeBuffer<0, 2>>().saturating_sub(size_of::<PipeBuffer<0, 1>>())
}
