//! Moves a file from a client to a server over the whole path: messages, sealed envelopes, fragments, byte frames, a pipe much
//! smaller than the file, a link with faults on demand, and all of it back again. Prints one line of JSON.
//!
//! Time is simulated: it stands still while there is work, and then jumps to the next deadline. The same file, pipe, seed and
//! faults always give the same run.

use std::error::Error;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use kurdistan::endpoint::{Stats, Storage};
use kurdistan::link::{Delaying, Faults, Faulty, Injecting, Link, MemoryLink, Reflecting, Truncating};
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
  --truncate N    cut the tail of one frame in N off
  --reflect N     deliver one frame in N to its sender too
  --inject N      deliver a frame of an attacker before one in N
  --delay TICKS   hold every frame for so long                 [default: 0]

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

/// Frames of the longest profile: eight each way, and sixteen more that take time.
type Slow = Delaying<MemoryLink<4_096, 8>, 4_096, 16>;

/// The same link with faults and an attacker.
type Wire = Reflecting<Injecting<Truncating<Faulty<Slow, 4_096>>, 4_096>, 4_096>;

struct Options {
    file: PathBuf,
    output: Option<PathBuf>,
    wide: bool,
    seed: u64,
    faults: Faults,
    truncate: u32,
    reflect: u32,
    inject: u32,
    delay_ticks: u32,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(Some(options)) => options,
        Ok(None) => return print(USAGE, ExitCode::SUCCESS),
        Err(error) => {
            eprintln!("transfer: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let run = if options.wide { transfer::<Large, LargeMemory> } else { transfer::<Narrow, NarrowMemory> };
    match run(&options) {
        Ok(report) => print(&report.json(), report.exit()),
        Err(error) => {
            eprintln!("transfer: {error}");
            ExitCode::from(2)
        }
    }
}

/// One line on the standard output. Whoever has closed it does not want the line.
fn print(line: &str, exit: ExitCode) -> ExitCode {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("transfer: the standard output: {error}");
            ExitCode::from(2)
        }
        _ => exit,
    }
}

fn options() -> Result<Option<Options>, lexopt::Error> {
    use lexopt::prelude::*;
    let (mut file, mut output, mut wide, mut seed, mut faults) = (None, None, false, 0, Faults::NONE);
    let (mut truncate, mut reflect, mut inject, mut delay_ticks) = (0, 0, 0, 0);
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
            Long("truncate") => truncate = parser.value()?.parse()?,
            Long("reflect") => reflect = parser.value()?.parse()?,
            Long("inject") => inject = parser.value()?.parse()?,
            Long("delay") => delay_ticks = parser.value()?.parse()?,
            Short('h') | Long("help") => return Ok(None),
            Value(value) if file.is_none() => file = Some(value),
            _ => return Err(argument.unexpected()),
        }
    }
    let file: OsString = file.ok_or("no file to move")?;
    let file = file.into();
    Ok(Some(Options { file, output, wide, seed, faults, truncate, reflect, inject, delay_ticks }))
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

/// The file that leaves, message by message.
struct Source {
    file: BufReader<File>,
    path: PathBuf,
    message: Vec<u8>,
    most: usize,
    digest: Sha256,
    bytes: u64,
    bar: ProgressBar,
}

impl Source {
    fn open(path: &Path, most: usize) -> Result<Self, Box<dyn Error>> {
        let file = File::open(path).map_err(|error| named(path, &error))?;
        let bar = ProgressBar::new(file.metadata().map_or(0, |facts| facts.len()));
        bar.set_style(ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}")?);
        let file = BufReader::with_capacity(65_536, file);
        let (message, digest) = (Vec::with_capacity(most), Sha256::new());
        let mut source = Self { file, path: path.to_owned(), message, most, digest, bytes: 0, bar };
        source.next()?;
        Ok(source)
    }

    /// The message becomes the next bytes of the file, as many as fit; at the end it is empty.
    fn next(&mut self) -> Result<(), Box<dyn Error>> {
        self.message.clear();
        let read = self.file.by_ref().take(self.most as u64).read_to_end(&mut self.message);
        read.map_err(|error| named(&self.path, &error))?;
        self.digest.update(&self.message);
        self.bytes += self.message.len() as u64;
        self.bar.set_position(self.bytes);
        Ok(())
    }

    fn is_at_end(&self) -> bool {
        self.message.is_empty()
    }
}

/// What arrives.
struct Sink {
    file: Option<(PathBuf, BufWriter<File>)>,
    digest: Sha256,
    bytes: u64,
    complete: bool,
}

impl Sink {
    fn create(source: &Path, path: Option<&Path>) -> Result<Self, Box<dyn Error>> {
        let file = match path {
            Some(path) => {
                if same_file::is_same_file(source, path).unwrap_or(false) {
                    return Err(format!("{}: the file itself would be overwritten", path.display()).into());
                }
                let file = File::create(path).map_err(|error| named(path, &error))?;
                Some((path.to_owned(), BufWriter::new(file)))
            }
            None => None,
        };
        Ok(Self { file, digest: Sha256::new(), bytes: 0, complete: false })
    }

    fn take<P: Policy, M: Storage>(
        &mut self,
        now: Ticks,
        server: &mut Endpoint<P, M>,
    ) -> Result<(), Box<dyn Error>> {
        while let Some(stream) = server.readable() {
            match server.read(stream) {
                Read::Message(bytes) => {
                    self.digest.update(bytes);
                    self.bytes += bytes.len() as u64;
                    if let Some((path, file)) = &mut self.file {
                        file.write_all(bytes).map_err(|error| named(path, &error))?;
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

fn named(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// Two endpoints and the link between them.
struct Pair<P, M> {
    now: Ticks,
    client: Box<Endpoint<P, M>>,
    server: Box<Endpoint<P, M>>,
    link: Box<Wire>,
    stream: Option<u32>,
}

impl<P: Policy, M: Storage> Pair<P, M> {
    fn start(policy: P, options: &Options) -> Result<Self, Box<dyn Error>> {
        let mut pair = Self {
            now: Ticks(0),
            client: Box::new(Endpoint::vacant(policy)),
            server: Box::new(Endpoint::vacant(policy)),
            link: Box::new(wire(options)),
            stream: None,
        };
        pair.server.start(pair.now, config(Role::Server)?, fresh(options.seed, Role::Server))?;
        pair.client.start(pair.now, config(Role::Client)?, fresh(options.seed, Role::Client))?;
        Ok(pair)
    }

    /// Hands the client what it takes now; whether it took anything.
    fn send(&mut self, source: &mut Source) -> Result<bool, Box<dyn Error>> {
        if !self.client.is_open() {
            return Ok(false);
        }
        let stream = match self.stream {
            Some(stream) => stream,
            None => *self.stream.insert(self.client.open_stream()?),
        };
        let mut sent = false;
        while !source.is_at_end() && self.client.send(self.now, stream, &mut source.message).is_ok() {
            sent = true;
            source.next()?;
        }
        if source.is_at_end() {
            self.client.finish(self.now, stream)?;
            self.client.close(self.now, CloseReason::Done);
        }
        Ok(sent)
    }

    /// Both sides take what the link brings and give it what is due; whether anything moved.
    fn turn(&mut self) -> bool {
        let client = turn(&mut *self.client, Role::Client, &mut *self.link, self.now);
        turn(&mut *self.server, Role::Server, &mut *self.link, self.now) | client
    }

    /// Both sides have ended. What an attacker still says to them changes nothing.
    fn is_over(&self) -> bool {
        let over = |state| matches!(state, Some(Lifecycle::Closed | Lifecycle::Failed));
        over(self.client.lifecycle()) && over(self.server.lifecycle())
    }

    /// Goes to the next deadline of a side or of the link; `false` when all wait for nothing.
    fn wait(&mut self) -> bool {
        let deadlines = [self.client.next_deadline(), self.server.next_deadline(), self.link.next_deadline()];
        let Some(next) = deadlines.into_iter().flatten().reduce(Ticks::earlier) else { return false };
        self.now = self.now.later(next);
        self.link.advance(self.now);
        self.client.poll(self.now);
        self.server.poll(self.now);
        true
    }
}

fn transfer<P: Profile, M: Storage>(options: &Options) -> Result<Report, Box<dyn Error>> {
    let mut source = Source::open(&options.file, P::SPEC.message_bytes_max())?;
    let mut sink = Sink::create(&options.file, options.output.as_deref())?;
    let mut pair = Pair::<Fixed<P>, M>::start(Fixed::new(), options)?;
    let start = Instant::now();
    loop {
        let moved = pair.send(&mut source)? | pair.turn();
        sink.take(pair.now, &mut pair.server)?;
        if pair.is_over() || (!moved && !pair.wait()) {
            break;
        }
    }
    if let Some((path, file)) = &mut sink.file {
        file.flush().map_err(|error| named(path, &error))?;
    }
    let seconds = start.elapsed().as_secs_f64();
    let failed = [pair.client.failure(), pair.server.failure()].into_iter().flatten().next();
    let ended = match failed {
        Some(failure) => Some(failure.reason.name()),
        None if sink.complete => None,
        None => Some("incomplete"),
    };
    // What was not sent before the end is part of the file all the same.
    while !source.is_at_end() {
        source.next()?;
    }
    source.bar.finish_and_clear();
    Ok(Report {
        bytes: source.bytes,
        digest_in: source.digest.finalize().into(),
        digest_out: sink.digest.finalize().into(),
        client: pair.client.stats(),
        server: pair.server.stats(),
        delivered: sink.bytes,
        seconds,
        ended,
    })
}

fn wire(options: &Options) -> Wire {
    let slow = Slow::new(MemoryLink::EMPTY, Ticks(0), options.delay_ticks);
    let cut =
        Truncating::new(Faulty::new(slow, options.seed, options.faults), options.seed, options.truncate);
    let hostile = Injecting::new(cut, options.seed, options.inject);
    Reflecting::new(hostile, options.seed, options.reflect)
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

fn config(role: Role) -> Result<Config, Box<dyn Error>> {
    let secret = Secret::new(b"a secret of this example, random")?;
    Ok(Config::new(role, Id::new(role.name())?, Id::new("key-1")?, secret))
}

/// Freshness from the seed, so that a run can be repeated. A real program takes it from the system's generator.
fn fresh(seed: u64, role: Role) -> Fresh {
    let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(role.name());
    Fresh::from_random(digest.finalize().into())
}
