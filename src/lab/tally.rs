//! What a run has observed, and what was wrong.

use heapless::Vec;

/// Failures that are kept; the others are counted.
pub const FAILURES_MAX: usize = 8;

macro_rules! counters {
    ($($(#[$meta:meta])* $name:ident => $text:literal,)+) => {
        /// Something that a gate counts while it looks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Counter { $($(#[$meta])* $name,)+ }

        impl Counter {
            /// Every counter, in the order of reports.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

counters! {
    /// Profiles that were looked at.
    Profiles => "profiles",
    /// Frames that were encoded or crossed the link.
    Frames => "frames",
    /// Bytes of frames.
    Bytes => "bytes",
    /// Answers that were compared with constants made elsewhere.
    KnownAnswers => "known_answers",
    /// Bad frames, groups or envelopes, each with its expected name.
    Cases => "cases",
    /// Frames with flipped bits.
    Flips => "flips",
    /// Sessions that opened on both sides.
    Sessions => "sessions",
    /// Messages that arrived as they were sent.
    Messages => "messages",
    /// Messages of more than one fragment that were put together again.
    Reassemblies => "reassemblies",
    /// Frames that were refused by name at an endpoint.
    Rejects => "rejects",
    /// Times that a pipe reported pressure.
    Pressure => "pressure",
    /// Messages that waited for room and had their turn.
    Turns => "turns",
    /// Streams that ended cleanly at the reader.
    StreamEnds => "stream_ends",
    /// Sessions that closed on both sides.
    Closes => "closes",
}

/// One thing that was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What was wrong.
    pub reason: &'static str,
    /// The name that came instead of the expected one, where names were compared.
    pub found: &'static str,
    /// Number of the profile.
    pub profile: u32,
    /// Number of the case in the gate.
    pub case: u32,
}

/// What a gate has seen: counters, and failures.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Number of the profile that is being looked at.
    pub profile: u32,
    counts: [u64; Counter::ALL.len()],
    kept: Vec<Fault, FAILURES_MAX>,
    faults: u64,
}

impl Tally {
    /// Nothing yet.
    pub const EMPTY: Self = Self { profile: 0, counts: [0; Counter::ALL.len()], kept: Vec::new(), faults: 0 };

    /// Counts.
    pub fn count(&mut self, counter: Counter, more: u64) {
        if let Some(count) = self.counts.get_mut(counter as usize) {
            *count = count.saturating_add(more);
        }
    }

    /// How often.
    #[must_use]
    pub fn of(&self, counter: Counter) -> u64 {
        self.counts.get(counter as usize).copied().unwrap_or(0)
    }

    /// Notes what is wrong when `holds` does not.
    pub fn expect(&mut self, holds: bool, case: u32, reason: &'static str) {
        if !holds {
            self.fail(case, reason, "");
        }
    }

    /// Notes something wrong.
    pub fn fail(&mut self, case: u32, reason: &'static str, found: &'static str) {
        self.faults = self.faults.saturating_add(1);
        // A full list has kept the first ones.
        let _ = self.kept.push(Fault { reason, found, profile: self.profile, case });
    }

    /// The first things that were wrong.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.kept
    }

    /// How many things were wrong.
    #[must_use]
    pub const fn fault_count(&self) -> u64 {
        self.faults
    }

    /// Adds what another run has seen.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count = count.saturating_add(more);
        }
        self.faults = self.faults.saturating_add(other.faults);
        for fault in &other.kept {
            let _ = self.kept.push(*fault);
        }
    }
}
