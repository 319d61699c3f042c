//! Edits of one message: each is ignored, and the genuine message afterwards is not.

use kurdistan::profile::{Profile, Standard};
use kurdistan::session::Step;
use kurdistan::vocab::{CapabilitySet, CarrierSet, SuiteSet};
use kurdistan::wire::handshake::HELLO_BYTES_MIN;
use kurdistan::wire::{Accept, Facts, Hello, Tag};

use super::{Ends, Honest, Leg, Run, UNIVERSE, judge, offer, stranger};

/// The names of all edits of [`every_field`].
pub const FIELDS: usize = 2 * FACTS.len() + 21;

type Edit = (Leg, &'static str, Vec<u8>);

/// A field of the facts, and its edit.
type OfFacts = (&'static str, fn(&mut Facts));

const FACTS: [OfFacts; 12] = [
    ("profile_id", |facts| facts.profile_id[7] ^= 1),
    ("generation_hash", |facts| facts.generation_hash[31] ^= 1),
    ("schema_version", |facts| facts.schema_version += 1),
    ("compiler_security_version", |facts| facts.compiler_security_version += 1),
    ("runtime_version", |facts| facts.runtime_version += 1),
    ("offered", |facts| facts.offered = stripped(facts.offered)),
    ("required", |facts| facts.required = CapabilitySet::EMPTY),
    ("suites", |facts| facts.suites = SuiteSet::from_bits(!facts.suites.bits())),
    ("carriers", |facts| facts.carriers = CarrierSet::from_bits(!facts.carriers.bits())),
    ("envelope_bytes_max", |facts| facts.envelope_bytes_max += 1),
    ("streams_max", |facts| facts.streams_max += 1),
    ("replay_window_max", |facts| facts.replay_window_max += 1),
];

/// The floor alone; where that is all there was, everything.
fn stripped(set: CapabilitySet) -> CapabilitySet {
    if set == Standard::SPEC.required { offer((1 << UNIVERSE.len()) - 1) } else { Standard::SPEC.required }
}

fn edits(honest: &Honest) -> Vec<Edit> {
    let mut edits = of_hello(honest.message(Leg::Hello));
    edits.extend(of_accept(honest.message(Leg::Accept)));
    for leg in [Leg::Hello, Leg::Accept, Leg::Confirm] {
        let genuine = honest.message(leg);
        let mut edit = |name, at: usize, by: u8| {
            let mut message = genuine.to_vec();
            message[at] ^= by;
            edits.push((leg, name, message));
        };
        edit("type", 0, 7);
        edit("sender", 1, 1);
        edit("tag", genuine.len() - 1, 1);
    }
    edits
}

fn of_hello(genuine: &[u8]) -> Vec<Edit> {
    let (hello, tag) = Hello::decode(genuine).expect("a hello");
    let mut edits = Vec::new();
    let mut with = |name, edit: &dyn Fn(&mut Hello)| {
        let mut hello = hello.clone();
        edit(&mut hello);
        edits.push((Leg::Hello, name, hello.encode().with_tag(&tag).as_bytes().to_vec()));
    };
    with("secret_id", &|hello| hello.secret_id = stranger());
    with("id", &|hello| hello.id = stranger());
    with("expected", &|hello| hello.expected = Some(stranger()));
    with("nonce", &|hello| hello.nonce[0] ^= 1);
    for (name, edit) in FACTS {
        with(name, &|hello| edit(&mut hello.facts));
    }
    let padding = genuine.len() - size_of::<Tag>() - 1;
    assert!(genuine.len() == HELLO_BYTES_MIN && genuine[padding] == 0, "a hello with padding");
    let mut padded = genuine.to_vec();
    padded[padding] = 1;
    edits.push((Leg::Hello, "padding", padded.clone()));
    padded.remove(padding);
    edits.push((Leg::Hello, "less padding", padded.clone()));
    padded.splice(padding..padding, [0; 2]);
    edits.push((Leg::Hello, "more padding", padded));
    edits
}

fn of_accept(genuine: &[u8]) -> Vec<Edit> {
    let (accept, tag) = Accept::decode(genuine).expect("an accept");
    let mut edits = Vec::new();
    let mut with = |name, edit: &dyn Fn(&mut Accept)| {
        let mut accept = accept.clone();
        edit(&mut accept);
        edits.push((Leg::Accept, name, accept.encode().with_tag(&tag).as_bytes().to_vec()));
    };
    with("id", &|accept| accept.id = stranger());
    with("selected", &|accept| accept.selected = stripped(accept.selected));
    with("selected nothing", &|accept| accept.selected = CapabilitySet::EMPTY);
    with("suite", &|accept| accept.suite ^= 3);
    with("nonce", &|accept| accept.nonce[0] ^= 1);
    for (name, edit) in FACTS {
        with(name, &|accept| edit(&mut accept.facts));
    }
    edits
}

/// One edit of each field of each message. Returns how many.
pub fn every_field(run: Run) -> usize {
    let honest = run.honest();
    let edits = edits(&honest);
    for leg in [Leg::Hello, Leg::Accept, Leg::Confirm] {
        let edits = edits.iter().filter(|(of, ..)| *of == leg);
        ignored(run, &honest, leg, edits.map(|(_, name, message)| (*name, message.clone())));
    }
    edits.len()
}

/// Every single-bit edit of each message, every cut, and a byte more. Returns how many.
pub fn every_bit(run: Run) -> usize {
    let honest = run.honest();
    let mut count = 0;
    for leg in [Leg::Hello, Leg::Accept, Leg::Confirm] {
        let genuine = honest.message(leg);
        let flips = (0..8 * genuine.len()).map(|bit| {
            let mut message = genuine.to_vec();
            message[bit / 8] ^= 1 << (bit % 8);
            ("flip", message)
        });
        let cuts = (0..genuine.len()).map(|length| ("cut", genuine[..length].to_vec()));
        let more = [("more", [genuine, &[0]].concat())];
        count += ignored(run, &honest, leg, flips.chain(cuts).chain(more));
    }
    count
}

/// Gives each message to the side that waits for this leg: it stays, and the genuine one still moves it afterwards.
fn ignored(
    run: Run,
    honest: &Honest,
    leg: Leg,
    messages: impl Iterator<Item = (&'static str, Vec<u8>)>,
) -> usize {
    let differs = |message: &[u8]| assert_ne!(message, honest.message(leg), "an edit changes something");
    let believed = |ends: Ends, name: &str| -> ! {
        let what = (run, leg, name);
        judge(ends, honest, &what);
        panic!("an edit was believed: {what:?}, open {ends:?}");
    };
    let mut count = 0;
    if leg == Leg::Confirm {
        let (mut server, _) = run.securing(honest.message(Leg::Hello));
        for (name, message) in messages {
            differs(&message);
            server = match server.receive(&message).expect("a server") {
                Step::Stay(server) => server,
                Step::Next(server) => believed([Some(honest.selection), Some(server.selection())], name),
            };
            count += 1;
        }
        assert!(server.receive(honest.message(leg)).expect("a server").into_next().is_some(), "{run:?}");
        return count;
    }
    let mut side = if leg == Leg::Hello { run.server() } else { run.client().0 };
    for (name, message) in messages {
        differs(&message);
        side = match side.receive(&message) {
            Ok(Step::Stay(side)) => side,
            Ok(Step::Next((next, answer))) => {
                let ends = match leg {
                    Leg::Hello => after_hello(run, next, answer.as_bytes()),
                    _ => after_accept(run, honest, next, answer.as_bytes()),
                };
                believed(ends, name)
            }
            Err(failed) => panic!("an edit has ended a session: {run:?} {leg:?} {name}: {failed}"),
        };
        count += 1;
    }
    let (_, answer) = super::moved(side.receive(honest.message(leg)).expect("compatible"));
    let next = if leg == Leg::Hello { Leg::Accept } else { Leg::Confirm };
    assert_eq!(answer, honest.message(next), "an ignored message has left a trace: {run:?}");
    count
}

type SecuringSide = kurdistan::session::Session<kurdistan::session::Securing, super::Policy>;

/// How a run ends whose server believed an edited hello.
fn after_hello(run: Run, server: SecuringSide, accept: &[u8]) -> Ends {
    let Ok(Step::Next((client, confirm))) = run.client().0.receive(accept) else { return [None; 2] };
    let client = client.confirmed().expect("a client").selection();
    let server = server.receive(confirm.as_bytes()).ok().and_then(Step::into_next);
    [Some(client), server.map(|server| server.selection())]
}

/// How a run ends whose client believed an edited accept.
fn after_accept(run: Run, honest: &Honest, client: SecuringSide, confirm: &[u8]) -> Ends {
    let client = client.confirmed().expect("a client").selection();
    let (server, _) = run.securing(honest.message(Leg::Hello));
    let server = server.receive(confirm).ok().and_then(Step::into_next);
    [Some(client), server.map(|server| server.selection())]
}
