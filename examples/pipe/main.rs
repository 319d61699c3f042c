//! One endpoint over the standard input and output, for a peer in another program or language: it echoes what comes on the
//! peer's streams, and sends messages of its own, compares their echoes and closes, if asked to. `tools/live_peer.py` is such
//! a peer.
//!
//! The crate moves whole frames. Here each follows its length, two bytes little endian; that belongs to this example, not to
//! the crate. Ticks are milliseconds. One line of JSON on the standard error tells what came of it.

mod talk;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use kurdistan::endpoint::Storage;
use kurdistan::profile::Profile;
use kurdistan::vocab::Lifecycle;
use kurdistan::{Config, Endpoint, Fixed, Fresh, Id, Role, Secret, Ticks};
use kurdistan::{Large, LargeMemory, Small, SmallMemory, Standard, StandardMemory};

use talk::Talk;

/// Every option takes a value.
const OPTIONS: [(&str, &str); 9] = [
    ("role", "client"),
    ("profile", "standard"), // or small, or large
    ("secret-hex", ""),
    ("secret-id", "key-1"),
    ("id", ""),        // the role
    ("peer", ""),      // any
    ("streams", "0"),  // to open; with them, it is also this side that closes
    ("messages", "4"), // on each
    ("reset", ""),     // code of a reset of the first stream, after its first echo
];

type Options = BTreeMap<String, String>;

fn main() -> ExitCode {
    let chosen = |options: Options| match options["profile"].as_str() {
        "standard" => run::<Standard, StandardMemory>(&options),
        "small" => run::<Small, SmallMemory>(&options),
        "large" => run::<Large, LargeMemory>(&options),
        _ => Err("a profile is standard, small or large".into()),
    };
    match options().and_then(chosen) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(3),
        Err(error) => {
            eprintln!("pipe: {error}; options and their defaults: {OPTIONS:?}");
            ExitCode::from(2)
        }
    }
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options: Options =
        OPTIONS.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        let lexopt::Arg::Long(name) = argument else { return Err(argument.unexpected().into()) };
        if name == "help" {
            println!("an endpoint over standard input and output; options and their defaults: {OPTIONS:?}");
            std::process::exit(0);
        }
        let name = name.to_owned();
        let place = options.get_mut(&name).ok_or_else(|| format!("no option --{name}"))?;
        *place = parser.value()?.into_string().map_err(|_| "a value that is no text")?;
    }
    Ok(options)
}

fn config(options: &Options) -> Result<Config, Box<dyn Error>> {
    let role = Role::ALL.iter().find(|role| role.name() == options["role"]).ok_or("no such role")?;
    let digits = &options["secret-hex"];
    let byte = |at| u8::from_str_radix(digits.get(at..at + 2).unwrap_or_default(), 16);
    let secret = (0..digits.len()).step_by(2).map(byte).collect::<Result<Vec<_>, _>>()?;
    let id = if options["id"].is_empty() { role.name() } else { &options["id"] };
    let config = Config::new(*role, Id::new(id)?, Id::new(&options["secret-id"])?, Secret::new(&secret)?);
    Ok(if options["peer"].is_empty() { config } else { config.expect(Id::new(&options["peer"])?) })
}

/// Frames as they come; the channel ends with the standard input.
fn reader() -> Receiver<Vec<u8>> {
    let (frames, received) = channel();
    std::thread::spawn(move || {
        let (mut input, mut length) = (io::stdin().lock(), [0; 2]);
        while input.read_exact(&mut length).is_ok() {
            let mut frame = vec![0; usize::from(u16::from_le_bytes(length))];
            if input.read_exact(&mut frame).is_err() || frames.send(frame).is_err() {
                return;
            }
        }
    });
    received
}

fn run<P: Profile, M: Storage>(options: &Options) -> Result<bool, Box<dyn Error>> {
    let (mut random, began) = ([0; 32], Instant::now());
    File::open("/dev/urandom")?.read_exact(&mut random)?;
    let now = || Ticks(began.elapsed().as_millis() as u32);
    let mut side = Box::new(Endpoint::vacant(Fixed::new()));
    side.start(now(), config(options)?, Fresh::from_random(random))?;
    let (streams, messages) = (options["streams"].parse()?, options["messages"].parse()?);
    let reset = (!options["reset"].is_empty()).then(|| options["reset"].parse()).transpose()?;
    let mut talk = Talk::<P, M>::new(side, streams, messages, reset);
    let (frames, mut output) = (reader(), io::stdout().lock());
    loop {
        talk.side.poll(now());
        let moved = talk.turn(now());
        while let Some(frame) = talk.side.poll_transmit(now()) {
            output.write_all(&(frame.bytes().len() as u16).to_le_bytes())?;
            output.write_all(frame.bytes())?;
            frame.sent();
        }
        output.flush()?;
        if moved {
            continue;
        }
        if matches!(talk.side.lifecycle(), Some(Lifecycle::Closed | Lifecycle::Failed)) {
            return Ok(talk.report());
        }
        let due = talk.side.next_deadline();
        let pause = due.map_or(Duration::MAX, |due| Duration::from_millis(due.since(now()).into()));
        match frames.recv_timeout(pause) {
            Ok(frame) => drop(talk.side.receive(now(), &frame)), // what is refused is counted, and harmless
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(talk.report()),
        }
    }
}
