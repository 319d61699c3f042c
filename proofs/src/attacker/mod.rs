//! An attacker who owns the network between sessions that all share one secret: every state that it can reach, searched.
//!
//! ```text
//!   clients c1 c2 n ──▶ ┌──────────┐ ──▶ servers s1 s2 n       n plays both roles under one id
//!                   ◀── │ attacker │ ◀──
//!                       └──────────┘
//!    begins any session, also one that repeats the random bytes of another;
//!    gives any message that was ever said to any session: replay, reflection, splice; or never: a drop
//! ```
//!
//! A state is what each session has believed so far. What it says and where it stands follow from that, because sessions
//! are deterministic and an ignored message leaves no trace; so every step is taken once on the real code and remembered.
//! [`walk`] takes random paths on live sessions instead, ignored messages included, and must arrive at the same states.

mod agreement;
mod forge;
mod history;
mod walk;

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use kurdistan::vocab::{Capability, CapabilitySet, Role};

pub use agreement::Violation;
pub use walk::walk;

use agreement::check;
use forge::Forger;
use history::{Book, MessageId};

/// One session that the attacker may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Actor {
    /// The id of the participant.
    pub name: &'static str,
    /// Its role in this session.
    pub role: Role,
    /// The peer that it expects, or any.
    pub expects: Option<&'static str>,
    /// Where its nonce comes from. Two sessions of one participant with the same value have repeated it.
    pub random: u8,
}

impl Actor {
    /// A session that expects anyone.
    #[must_use]
    pub const fn new(role: Role, name: &'static str, random: u8) -> Self {
        Self { name, role, expects: None, random }
    }

    /// Participants differ in what they offer, so that their handshakes select different sets.
    fn offers(&self) -> CapabilitySet {
        let lacks: &[Capability] = match self.name {
            "c2" => &[Capability::MultiStream],
            "s2" => &[Capability::ProxySemantics],
            _ => &[],
        };
        CapabilitySet::KNOWN.difference(CapabilitySet::of(lacks))
    }
}

/// What the attacker has besides the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attacker {
    /// Nothing. It mixes the fields of messages, but can sign none.
    Outsider,
    /// The secret: it says what it likes. The checks must see that.
    Insider,
}

/// What a search has seen.
#[derive(Debug, Default)]
pub struct Report {
    /// Different states.
    pub states: usize,
    /// Choices in all of them: beginnings, and messages given to sessions that wait.
    pub edges: usize,
    /// States in which a server is open.
    pub open_states: usize,
    /// Client and server sessions that are open with each other in some state.
    pub agreed: BTreeSet<(&'static str, &'static str)>,
    /// States in which two sessions of one role share their keys, because one has repeated the other.
    pub repeated: usize,
    /// Messages with fields of two others, each given to every session that waits.
    pub mixed: usize,
    /// What did not hold, and an example of each.
    pub violations: BTreeMap<Violation, String>,
}

impl Report {
    /// Adds what another search has seen.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.states += other.states;
        self.edges += other.edges;
        self.open_states += other.open_states;
        self.repeated += other.repeated;
        self.mixed += other.mixed;
        self.agreed.extend(other.agreed);
        self.violations.extend(other.violations);
        self
    }
}

/// A state: for each actor the history of its session, or none before it has begun.
type State = Box<[Option<history::HistoryId>]>;

/// Every state of these sessions that the attacker can reach.
#[must_use]
pub fn search(actors: &[Actor], attacker: Attacker) -> Report {
    let mut book = Book::new(actors);
    let mut forger = Forger::default();
    let mut report = Report::default();
    let start: State = vec![None; actors.len()].into();
    let mut seen = HashSet::from([start.clone()]);
    let mut queue = VecDeque::from([start]);
    while let Some(state) = queue.pop_front() {
        // What follows from a violation says nothing more.
        if !check(&mut book, &state, &mut report) {
            continue;
        }
        let mut messages = known(&book, &state);
        if attacker == Attacker::Insider {
            forger.sign(&mut book, &mut messages);
        }
        for place in 0..state.len() {
            for next in choices(&mut book, state[place], place, &messages) {
                report.edges += 1;
                if Some(next) == state[place] {
                    continue;
                }
                let mut after = state.clone();
                after[place] = Some(next);
                if !seen.contains(&after) {
                    seen.insert(after.clone());
                    queue.push_back(after);
                }
            }
        }
    }
    report.states = seen.len();
    forge::mix(&mut book, &mut report);
    report
}

/// Where each choice for one session leads: its beginning, or each message while it waits.
fn choices(
    book: &mut Book,
    at: Option<history::HistoryId>,
    place: usize,
    messages: &BTreeSet<MessageId>,
) -> Vec<history::HistoryId> {
    match at {
        None => vec![book.begin(place)],
        Some(at) if book.history(at).waits() => {
            messages.iter().map(|message| book.deliver(at, *message)).collect()
        }
        Some(_) => Vec::new(),
    }
}

/// Everything that was said on the way to a state.
fn known(book: &Book, state: &State) -> BTreeSet<MessageId> {
    state.iter().flatten().flat_map(|history| book.history(*history).said.iter().copied()).collect()
}
