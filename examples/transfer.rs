//! Moves a file from a client to a server over the whole path: messages, sealed envelopes, fragments, byte frames, a pipe much
//! smaller than the file, a link with faults on demand, and all of it back again. Prints one line of JSON.
//!
//! Time is simulated: it stands still while there is work, and then jumps to the next deadline. The same file, pipe, seed and
//! faults always give the same run.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use kurdistan::endpoint::{Stats, Storage};
use kurdistan::link::{Faults, Faulty, Link, MemoryLink};
use kurdistan::profile::{Policy, Profile, ProfileId, Spec};
use kurdistan::stream::StreamEnd;
use kurdistan::vocab::Lifecycle;
use kurdistan::{
    CloseReason, Config, Endpoint, Fixed, Fresh, Id, Large, LargeMemory, Memory, Read, Role, Secret,
    Standard, Ticks,
};
use sha2::{Digest, Sha256};

const USAGE: &str = "\
usage: transfer [OPTION...] FILE

  --pipe 4k|64k   bytes of each side's pipe                    [default: 4k]
  --output FILE   where to write what arrives                  [default: nowhere]
  --seed S        seed of the faults and of the handshake      [default: 0]
  --corrupt N     change some bits of one frame in N           [default: 0, never]
  --drop N        lose one frame in N
  --duplicate N   deliver one frame in N twice
  --reorder N     deliver one frame in N late

exit: 0 delivered, 1 digests differ, 2 usage or file, 3 ended before it was complete";

/// The default profile with a pipe of 4 KiB.
struct Narrow;

impl Profile for Narrow {
    const SPEC: Spec = Spec {
        id: ProfileId(*b"narrow\0\0"),
        pipe_bytes_max: 4_096,
        pipe_frames_max: 32,
        pipe_high_bytes: 3_072,
        pipe_low_bytes: 1_024,
        ..Standard::SPEC
    };
}

type NarrowMemory = Memory<4_096, 32, 1_048, 16, 8>;

/// Eight frames of the longest profile each way, with faults.
type Wire = Faulty<MemoryLink<4_096, 8>, 4_096>;

struct Options {
    file: PathBuf,
    output: Option<PathBuf>,
    wide: bool,
    seed: u64,
    faults: Faults,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("transfer: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let run = if options.wide { transfer::<Large, LargeMemory> } else { transfer::<Narrow, NarrowMemory> };
    match run(&options) {
        Ok(report) => {
            println!("{}", report.json());
            report.exit()
        }
        Err(error) => {
            eprintln!("transfer: {error}");
            ExitCode::from(2)
        }
    }
}

fn options() -> Result<Option<Options>, lexopt::Error> {
    use lexopt::prelude::*;
    let (mut file, mut output, mut wide, mut seed, mut faults) = (None, None, false, 0, Faults::NONE);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("pipe") => wide = parser.value()?.parse_with(pipe)?,
            Long("output") => output = Some(parser.value()?.into()),
            Long("seed") => seed = parser.value()?.parse()?,
            Long("corrupt") => faults.corrupt = parser.value()?.parse()?,
            Long("drop") => faults.drop = parser.value()?.parse()?,
            Long("duplicate") => faults.duplicate = parser.value()?.parse()?,
            Long("reorder") => faults.reorder = parser.value()?.parse()?,
            Short('h') | Long("help") => return Ok(None),
            Value(value) if file.is_none() => file = Some(value),
            _ => return Err(argument.unexpected()),
        }
    }
    let file: OsString = file.ok_or("no file to move")?;
    Ok(Some(Options { file: file.into(), output, wide, seed, faults }))
}

fn pipe(text: &str) -> Result<bool, &'static str> {
    match text {
        "4k" => Ok(false),
        "64k" => Ok(true),
        _ => Err("a pipe is 4k or 64k"),
    }
}

/// What came of it.
struct Report {
    bytes: u64,
    digest_in: [u8; 32],
    digest_out: [u8; 32],
    client: Stats,
    server: Stats,
    delivered: u64,
    seconds: f64,
    /// Why it is not complete.
    ended: Option<&'static str>,
}

impl Report {
    fn json(&self) -> String {
        let delivered = self.delivered as f64;
        let copied = (self.client.bytes_copied + self.server.bytes_copied) as f64;
        let ended = self
            .ended
            .map_or(String::new(), |reason| format!(r#","delivered":{},"ended":"{reason}""#, self.delivered));
        format!(
            concat!(
                r#"{{"bytes":{},"digest_in":"{}","digest_out":"{}","messages":{},"fragments":{},"frames":{},"#,
                r#""pressure_events":{},"bytes_copied_per_byte":{:.4},"mb_per_s":{:.1}{}}}"#
            ),
            self.bytes,
            hex(&self.digest_in),
            hex(&self.digest_out),
            self.client.messages_sent,
            self.client.fragments_sent,
            self.client.frames_sent,
            self.client.pressure_events,
            copied / delivered.max(1.0),
            delivered / 1e6 / self.seconds.max(1e-9),
            ended,
        )
    }

    fn exit(&self) -> ExitCode {
        match (&self.ended, self.digest_in == self.digest_out) {
            (Some(_), _) => ExitCode::from(3),
            (None, false) => ExitCode::from(1),
            (None, true) => ExitCode::SUCCESS,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file that leaves.
struct Source {
    file: BufReader<File>,
    digest: Sha256,
    bytes: u64,
    at_end: bool,
}

impl Source {
    /// Fills `message` with the next bytes, as many as fit and are left.
    fn fill(&mut self, message: &mut Vec<u8>, most: usize) -> io::Result<()> {
        message.clear();
        self.file.by_ref().take(most as u64).read_to_end(message)?;
        self.digest.update(&message);
        self.bytes += message.len() as u64;
        self.at_end = message.is_empty();
        Ok(())
    }
}

/// What arrives.
struct Sink {
    file: Option<BufWriter<File>>,
    digest: Sha256,
    bytes: u64,
    complete: bool,
}

impl Sink {
    fn take<P: Policy, M: Storage>(&mut self, now: Ticks, server: &mut Endpoint<P, M>) -> io::Result<()> {
        while let Some(stream) = server.readable() {
            match server.read(stream) {
                Read::Message(bytes) => {
                    self.digest.update(bytes);
                    self.bytes += bytes.len() as u64;
                    if let Some(file) = &mut self.file {
                        file.write_all(bytes)?;
                    }
                }
                Read::End(end) => self.complete = end == StreamEnd::Finished,
                Read::Nothing | Read::NoStream => {}
            }
            server.consume(now, stream);
        }
        Ok(())
    }
}

fn transfer<P: Profile, M: Storage>(options: &Options) -> Result<Report, Box<dyn std::error::Error>> {
    let named = |path: &PathBuf, error: io::Error| format!("{}: {error}", path.display());
    let file = File::open(&options.file).map_err(|error| named(&options.file, error))?;
    let size = file.metadata().map_or(0, |facts| facts.len());
    let mut source = Source {
        file: BufReader::with_capacity(65_536, file),
        digest: Sha256::new(),
        bytes: 0,
        at_end: false,
    };
    let output = options.output.as_ref().map(|path| File::create(path).map_err(|error| named(path, error)));
    let mut sink = Sink {
        file: output.transpose()?.map(BufWriter::new),
        digest: Sha256::new(),
        bytes: 0,
        complete: false,
    };

    let mut now = Ticks(0);
    let mut link = Box::new(Wire::new(MemoryLink::EMPTY, options.seed, options.faults));
    let mut client = Box::new(Endpoint::<Fixed<P>, M>::vacant(Fixed::new()));
    let mut server = Box::new(Endpoint::<Fixed<P>, M>::vacant(Fixed::new()));
    server.start(now, config(Role::Server)?, fresh(options.seed, Role::Server))?;
    client.start(now, config(Role::Client)?, fresh(options.seed, Role::Client))?;

    let bar = ProgressBar::new(size);
    bar.set_style(ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}")?);
    let start = Instant::now();
    let most = P::SPEC.message_bytes_max();
    let mut message = Vec::with_capacity(most);
    let mut stream = None;
    source.fill(&mut message, most).map_err(|error| named(&options.file, error))?;
    loop {
        let mut busy = false;
        if client.is_open() {
            let stream = match stream {
                Some(stream) => stream,
                None => *stream.insert(client.open_stream()?),
            };
            while !source.at_end && client.send(now, stream, &mut message).is_ok() {
                busy = true;
                source.fill(&mut message, most).map_err(|error| named(&options.file, error))?;
                bar.set_position(source.bytes);
            }
            if source.at_end {
                client.finish(now, stream)?;
                client.close(now, CloseReason::Done);
            }
        }
        busy |= turn(&mut *client, Role::Client, &mut *link, now);
        busy |= turn(&mut *server, Role::Server, &mut *link, now);
        sink.take(now, &mut server)?;
        let over = |state| matches!(state, Some(Lifecycle::Closed | Lifecycle::Failed));
        if busy {
            continue;
        }
        let deadlines = [client.next_deadline(), server.next_deadline()];
        match deadlines.into_iter().flatten().reduce(Ticks::earlier) {
            Some(next) if !(over(client.lifecycle()) && over(server.lifecycle())) => now = now.later(next),
            _ => break,
        }
        client.poll(now);
        server.poll(now);
    }
    let seconds = start.elapsed().as_secs_f64();
    bar.finish_and_clear();
    if let Some(file) = &mut sink.file {
        file.flush()?;
    }
    let failed = [client.failure(), server.failure()].into_iter().flatten().next();
    let ended = match failed {
        Some(failure) => Some(failure.reason.name()),
        None if sink.complete => None,
        None => Some("incomplete"),
    };
    // What was not sent before the end is part of the file all the same.
    while !source.at_end {
        source.fill(&mut message, most).map_err(|error| named(&options.file, error))?;
    }
    Ok(Report {
        bytes: source.bytes,
        digest_in: source.digest.finalize().into(),
        digest_out: sink.digest.finalize().into(),
        client: client.stats(),
        server: server.stats(),
        delivered: sink.bytes,
        seconds,
        ended,
    })
}

/// Takes what the link brings and gives it what is due; whether anything moved.
fn turn<P: Policy, M: Storage>(
    side: &mut Endpoint<P, M>,
    role: Role,
    link: &mut impl Link,
    now: Ticks,
) -> bool {
    let mut moved = false;
    while let Some(frame) = link.front(role) {
        let _ = side.receive(now, frame.bytes); // what is refused is counted, and harmless
        link.pop(role);
        moved = true;
    }
    while let Some(frame) = side.poll_transmit(now) {
        if link.send(role, frame.bytes()).is_err() {
            break; // the link is full: the frame stays queued
        }
        frame.sent();
        moved = true;
    }
    moved
}

fn config(role: Role) -> Result<Config, Box<dyn std::error::Error>> {
    let secret = Secret::new(b"a secret of this example, random")?;
    Ok(Config::new(role, Id::new(role.name())?, Id::new("key-1")?, secret))
}

/// Freshness from the seed, so that a run can be repeated. A real program takes it from the system's generator.
fn fresh(seed: u64, role: Role) -> Fresh {
    let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(role.name());
    Fresh::from_random(digest.finalize().into())
}
