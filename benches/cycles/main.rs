//! What operations cost, each beside the least that it could cost on the same machine in the same run.
//!
//! ```text
//! cargo bench --bench cycles                        # a table
//! cargo bench --bench cycles -- --format json       # rows for programs
//! cargo bench --bench cycles -- --filter decode     # rows whose name contains this
//! cargo bench --bench cycles --features crc-table-16
//! ```
//!
//! Without `--bench`, which `cargo bench` adds, every operation runs once and nothing is measured: that is what
//! `cargo test --benches` does.

mod codec;
mod counter;
mod envelope;
mod fragments;
mod handshake;
mod limits;
mod measure;
mod path;
mod pipe;
mod replay;
mod report;
mod self_check;

use std::process::ExitCode;

use kurdistan::{Large, LargeMemory, Standard, StandardMemory};

use codec::{Decode, Encode, FIXED, loaded};
use counter::Counter;
use envelope::{OpenInPlace, Seal};
use fragments::{Join, Split, TOTAL_BYTES, Work};
use handshake::{Handshake, Schedule};
use measure::{Case, measure, try_once};
use path::Path;
use pipe::PushPop;
use replay::{Order, Replay};
use report::{Aim, Row, TABLE_HEAD, json, table_line};

/// Every row is measured this often, with all the others in between, and its quietest time counts.
const PASSES: usize = 6;
const SIZES: [usize; 6] = [16, 64, 256, 1_024, 1_400, 4_096];

fn main() -> ExitCode {
    let options = match Options::parse() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let mut bench = Bench { counter: options.measures.then(Counter::new), options, rows: Vec::new(), ran: 0 };
    if let Err(message) = bench.begin() {
        eprintln!("the self-check failed: {message}");
        return ExitCode::FAILURE;
    }
    let passes = if bench.options.measures { PASSES } else { 1 };
    for _ in 0..passes {
        bench.ran = 0;
        all(&mut bench);
    }
    bench.end()
}

fn all(bench: &mut Bench) {
    for bytes in SIZES {
        bench.row("encode", bytes, most_of(bytes), || Encode::<_, false>::new(FIXED, bytes));
    }
    for bytes in SIZES {
        bench.row("decode", bytes, most_of(bytes), || Decode::<_, false>::new(FIXED, bytes));
    }
    for bytes in [64, 1_024] {
        bench.row("encode_loaded", bytes, Aim::Open, || Encode::<_, false>::new(loaded(), bytes));
        bench.row("decode_loaded", bytes, Aim::Open, || Decode::<_, false>::new(loaded(), bytes));
    }
    for bytes in [16, 64, 256] {
        let aim = if bytes == 64 { Aim::Ticks(15.0) } else { Aim::Open };
        bench.row("encode_step", bytes, aim, || Encode::<_, true>::new(FIXED, bytes));
        bench.row("decode_step", bytes, Aim::Ticks(8.0), || Decode::<_, true>::new(FIXED, bytes));
    }
    for bytes in SIZES {
        bench.row("seal", bytes, Aim::Above(30.0), || Seal::new(bytes));
        bench.row("open", bytes, Aim::Above(30.0), || OpenInPlace::new(bytes));
    }
    for width in [64, 128, 1_024] {
        let size = usize::from(width);
        bench.row("replay_in_order", size, Aim::Ticks(7.0), || Replay::new(Order::Rising, width));
        bench.row("replay_swapped", size, Aim::Ticks(8.5), || Replay::new(Order::Swapped, width));
        bench.row("replay_duplicate", size, Aim::Ticks(5.0), || Replay::new(Order::Again, width));
    }
    for bytes in SIZES {
        let aim = match bytes {
            64 => Aim::Ticks(20.0),
            1_024 => Aim::Ticks(45.0),
            _ => Aim::Open,
        };
        bench.row("pipe", bytes, aim, || PushPop::new(bytes));
    }
    bench.row("split_encode", TOTAL_BYTES, most_of(TOTAL_BYTES), Split::new);
    bench.row("join_in_order", TOTAL_BYTES, Aim::Ratio(1.12), || Join::new(Work::InOrder));
    bench.row("join_reversed", TOTAL_BYTES, Aim::Ratio(1.12), || Join::new(Work::Reversed));
    bench.row("decode_join", TOTAL_BYTES, most_of(TOTAL_BYTES), || Join::new(Work::Decoding));
    bench.row("key_schedule", 0, Aim::Ratio(1.1), Schedule::new);
    bench.row("handshake", 0, Aim::Ratio(1.3), || Handshake);
    for bytes in [64, 256, 1_024] {
        let aim = if bytes == 1_024 { Aim::Ratio(1.25) } else { Aim::Open };
        bench.row("end_to_end", bytes, aim, || Path::<Standard, StandardMemory, 1>::new(bytes));
        bench.row("end_to_end_burst", bytes, aim, || Path::<Standard, StandardMemory, 4>::new(bytes));
    }
    for bytes in [1_024, 4_000] {
        let aim = if bytes == 1_024 { Aim::Ratio(1.25) } else { Aim::Open };
        bench.row("end_to_end_large", bytes, aim, || Path::<Large, LargeMemory, 1>::new(bytes));
        bench.row("end_to_end_large_burst", bytes, aim, || Path::<Large, LargeMemory, 4>::new(bytes));
    }
}

/// The aims of the frame codec are for checksum tables: without them, eight steps a byte hide everything else.
fn most_of(bytes: usize) -> Aim {
    match bytes {
        _ if cfg!(not(feature = "crc-table-16")) => Aim::Open,
        0..64 => Aim::Open,
        64..1_024 => Aim::Ratio(1.5),
        _ => Aim::Ratio(1.1),
    }
}

/// What the command line asks for.
struct Options {
    measures: bool,
    json: bool,
    filter: Option<String>,
}

impl Options {
    fn parse() -> Result<Self, lexopt::Error> {
        use lexopt::prelude::*;
        let mut options = Self { measures: false, json: false, filter: None };
        let mut is_test = false;
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("bench") => options.measures = true,
                Long("test") => is_test = true,
                Long("format") => {
                    options.json = match arguments.value()?.string()?.as_str() {
                        "json" => true,
                        "table" => false,
                        other => return Err(format!("no format is called `{other}`: json, table").into()),
                    }
                }
                Long("filter") => options.filter = Some(arguments.value()?.string()?),
                Value(text) => options.filter = Some(text.string()?),
                other => return Err(other.unexpected()),
            }
        }
        options.measures &= !is_test;
        Ok(options)
    }
}

/// The rows that the filter lets through.
struct Bench {
    options: Options,
    /// `None` when nothing is measured.
    counter: Option<Counter>,
    rows: Vec<Row>,
    /// Rows of this pass.
    ran: usize,
}

impl Bench {
    fn begin(&self) -> Result<(), String> {
        self.counter.as_ref().map_or(Ok(()), self_check::self_check)
    }

    fn row<C: Case>(&mut self, op: &'static str, size: usize, aim: Aim, case: impl FnOnce() -> C) {
        if self.options.filter.as_ref().is_some_and(|filter| !op.contains(filter.as_str())) {
            return;
        }
        let index = self.ran;
        self.ran += 1;
        let mut case = case();
        let Some(counter) = &self.counter else { return try_once(&mut case) };
        let figures = measure(counter, &mut case);
        match self.rows.get_mut(index) {
            Some(row) => row.figures = row.figures.quieter(figures),
            None => self.rows.push(Row { op, size, figures, aim }),
        }
    }

    fn end(self) -> ExitCode {
        if self.ran == 0 {
            eprintln!("no operation has such a name");
            return ExitCode::from(2);
        }
        match self.counter {
            None => println!("{} operations ran once", self.ran),
            Some(_) if self.options.json => println!("{}", json(&self.rows)),
            Some(counter) => print_table(&counter, &self.rows),
        }
        ExitCode::SUCCESS
    }
}

fn print_table(counter: &Counter, rows: &[Row]) {
    let table = match (cfg!(feature = "crc-table-16"), cfg!(feature = "crc-table")) {
        (true, _) => "4,096 entries",
        (false, true) => "256 entries",
        (false, false) => "none",
    };
    println!("checksum table: {table}; {:.0} ticks in a microsecond", counter.ticks_per_microsecond());
    println!("{TABLE_HEAD}");
    rows.iter().for_each(|row| println!("{}", table_line(row)));
}
