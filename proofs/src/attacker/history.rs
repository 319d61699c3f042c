//! What one session has believed, what it has said, and where it stands: the real code, each step taken once.

use std::collections::HashMap;

use kurdistan::secure::Fresh;
use kurdistan::session::{Config, Failed, LastWords, Negotiating, Open, Securing, Selection, Session, Step};
use kurdistan::vocab::{EnvelopeClass, Failure, FrameFacts, FrameKind, HEAD_BYTES, Id, MetadataClass, Role};
use kurdistan::{Fixed, Standard};

use super::Actor;
use crate::by_hand::{id, secret};

pub(super) type Policy = Fixed<Standard>;

/// The number of a message: equal bytes, equal number.
pub(super) type MessageId = u32;

/// The number of a history.
pub(super) type HistoryId = u32;

/// A real session where it stands.
pub(super) enum Live {
    Negotiating(Session<Negotiating, Policy>),
    Securing(Session<Securing, Policy>),
    Open(Session<Open, Policy>),
    Failed(Session<Failed, Policy>),
}

/// What is true of a session after it has believed these messages.
pub(super) struct History {
    pub actor: Actor,
    /// The messages that it has believed.
    pub believed: Vec<MessageId>,
    pub said: Vec<MessageId>,
    pub stands: Stands,
}

/// Where a session stands.
pub(super) enum Stands {
    Negotiating,
    Securing,
    Open(End),
    Failed(Failure),
}

/// What an open session holds.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct End {
    pub peer: Id,
    pub selection: Selection,
    pub export: [u8; 32],
    /// What its first envelope makes of a text that is the same for all. It shows key and nonce: the tag does not, since it
    /// covers the transcript as well.
    pub ciphertext: Vec<u8>,
}

impl History {
    pub fn waits(&self) -> bool {
        matches!(self.stands, Stands::Negotiating | Stands::Securing)
    }

    pub fn end(&self) -> Option<&End> {
        match &self.stands {
            Stands::Open(end) => Some(end),
            _ => None,
        }
    }

    /// Hello and accept, as this side knows them.
    pub fn transcript(&self) -> [Option<MessageId>; 2] {
        let (hello, accept) = match self.actor.role {
            Role::Client => (&self.said, &self.believed),
            Role::Server => (&self.believed, &self.said),
        };
        [hello.first().copied(), accept.first().copied()]
    }
}

/// All histories and messages of a search.
pub(super) struct Book {
    actors: Vec<Actor>,
    messages: Vec<Vec<u8>>,
    numbers: HashMap<Vec<u8>, MessageId>,
    histories: Vec<History>,
    by_believed: HashMap<(Actor, Vec<MessageId>), HistoryId>,
    steps: HashMap<(HistoryId, MessageId), HistoryId>,
    talks: HashMap<[HistoryId; 2], bool>,
}

impl Book {
    pub fn new(actors: &[Actor]) -> Self {
        Self {
            actors: actors.to_vec(),
            messages: Vec::new(),
            numbers: HashMap::new(),
            histories: Vec::new(),
            by_believed: HashMap::new(),
            steps: HashMap::new(),
            talks: HashMap::new(),
        }
    }

    pub fn history(&self, number: HistoryId) -> &History {
        &self.histories[number as usize]
    }

    pub fn histories(&self) -> impl Iterator<Item = HistoryId> + use<> {
        0..self.histories.len() as HistoryId
    }

    pub fn message(&self, number: MessageId) -> &[u8] {
        &self.messages[number as usize]
    }

    pub fn messages(&self) -> impl Iterator<Item = (MessageId, &[u8])> {
        (0..).zip(self.messages.iter().map(Vec::as_slice))
    }

    pub fn number(&mut self, message: &[u8]) -> MessageId {
        if let Some(number) = self.numbers.get(message) {
            return *number;
        }
        let number = self.messages.len() as MessageId;
        self.messages.push(message.to_vec());
        self.numbers.insert(message.to_vec(), number);
        number
    }

    /// The session of an actor that has heard nothing yet.
    pub fn begin(&mut self, place: usize) -> HistoryId {
        self.enter(self.actors[place], Vec::new())
    }

    /// Where a session stands after this message.
    pub fn deliver(&mut self, at: HistoryId, message: MessageId) -> HistoryId {
        if let Some(next) = self.steps.get(&(at, message)) {
            return *next;
        }
        let (session, _) = self.replay(at);
        let next = match hear(session, self.message(message)) {
            (_, Heard::Ignored) => at,
            (_, Heard::Believed(_)) => {
                let history = self.history(at);
                let believed = history.believed.iter().copied().chain([message]).collect();
                self.enter(history.actor, believed)
            }
        };
        self.steps.insert((at, message), next);
        next
    }

    fn enter(&mut self, actor: Actor, believed: Vec<MessageId>) -> HistoryId {
        if let Some(number) = self.by_believed.get(&(actor, believed.clone())) {
            return *number;
        }
        let bytes: Vec<_> = believed.iter().map(|message| self.message(*message).to_vec()).collect();
        let (live, said) = play(actor, &bytes);
        let said = said.iter().map(|message| self.number(message)).collect();
        let stands = match live {
            Live::Negotiating(_) => Stands::Negotiating,
            Live::Securing(_) => Stands::Securing,
            Live::Open(session) => Stands::Open(end(session)),
            Live::Failed(session) => Stands::Failed(session.failure()),
        };
        let number = self.histories.len() as HistoryId;
        self.by_believed.insert((actor, believed.clone()), number);
        self.histories.push(History { actor, believed, said, stands });
        number
    }

    fn replay(&self, at: HistoryId) -> (Live, Vec<Vec<u8>>) {
        let history = self.history(at);
        let bytes: Vec<_> = history.believed.iter().map(|message| self.message(*message).to_vec()).collect();
        play(history.actor, &bytes)
    }

    /// Whether two open sessions open each other's envelopes.
    pub fn talk(&mut self, one: HistoryId, other: HistoryId) -> bool {
        if let Some(talk) = self.talks.get(&[one, other]) {
            return *talk;
        }
        let talk = match (self.replay(one).0, self.replay(other).0) {
            (Live::Open(mut one), Live::Open(mut other)) => {
                let (mut there, mut back) = (envelope(&mut one), envelope(&mut other));
                other.open(&FIRST, false, &mut there).is_ok() && one.open(&FIRST, false, &mut back).is_ok()
            }
            _ => false,
        };
        self.talks.insert([one, other], talk);
        talk
    }
}

/// What came of a message, with what was said because of it.
pub(super) enum Heard {
    Ignored,
    Believed(Option<Vec<u8>>),
}

/// Gives a message to a session; one that has ended hears nothing.
pub(super) fn hear(session: Live, message: &[u8]) -> (Live, Heard) {
    match session {
        Live::Negotiating(waiting) => match waiting.receive(message) {
            Ok(Step::Stay(waiting)) => (Live::Negotiating(waiting), Heard::Ignored),
            Ok(Step::Next((securing, answer))) => {
                let answer = Heard::Believed(Some(answer.as_bytes().to_vec()));
                match securing.role() {
                    Role::Client => (Live::Open(securing.confirmed().expect("a client")), answer),
                    Role::Server => (Live::Securing(securing), answer),
                }
            }
            Err(failed) => {
                let words = match failed.last_words() {
                    LastWords::Refusal(words) => Some(words.to_vec()),
                    _ => None,
                };
                (Live::Failed(failed), Heard::Believed(words))
            }
        },
        Live::Securing(securing) => match securing.receive(message).expect("a server") {
            Step::Stay(securing) => (Live::Securing(securing), Heard::Ignored),
            Step::Next(open) => (Live::Open(open), Heard::Believed(None)),
        },
        ended => (ended, Heard::Ignored),
    }
}

/// A session of this actor that has heard nothing yet, and its hello if it is a client.
pub(super) fn begin(actor: Actor) -> (Live, Vec<Vec<u8>>) {
    let config = Config::new(actor.role, id(actor.name), id("key-1"), secret()).offer(actor.offers());
    let config = actor.expects.map(id).into_iter().fold(config, Config::expect);
    let session = Session::new(Policy::new(), config, Fresh::from_random([actor.random; 32]));
    let session = session.expect("a legal configuration");
    match actor.role {
        Role::Client => {
            let (session, hello) = session.start().expect("a client");
            (Live::Negotiating(session), vec![hello.as_bytes().to_vec()])
        }
        Role::Server => (Live::Negotiating(session.listen().expect("a server")), Vec::new()),
    }
}

/// The session of this actor after these messages, and all that it has said.
fn play(actor: Actor, messages: &[Vec<u8>]) -> (Live, Vec<Vec<u8>>) {
    let (mut session, mut said) = begin(actor);
    for message in messages {
        let (next, heard) = hear(session, message);
        let Heard::Believed(words) = heard else { panic!("{actor:?} is not deterministic") };
        said.extend(words);
        session = next;
    }
    (session, said)
}

/// The frame of a first envelope.
const FIRST: FrameFacts =
    FrameFacts { stream: 1, kind: FrameKind::Data, metadata: MetadataClass::Runtime, first_sequence: 1 };

const TEXT: &[u8; 33] = b"the same first message every time";

fn envelope(session: &mut Session<Open, Policy>) -> Vec<u8> {
    let mut text = *TEXT;
    let sealed = session.seal(EnvelopeClass::Data, &FIRST, &mut text).expect("the first envelope");
    [&sealed.head[..], &text, &sealed.tag].concat()
}

pub(super) fn end(mut session: Session<Open, Policy>) -> End {
    let mut export = [0; 32];
    session.export("proofs", b"", &mut export).expect("a short label");
    let envelope = envelope(&mut session);
    let ciphertext = envelope[HEAD_BYTES..HEAD_BYTES + TEXT.len()].to_vec();
    End { peer: session.peer(), selection: session.selection(), export, ciphertext }
}
