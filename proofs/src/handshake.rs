//! A session that waits for a handshake message: only the genuine one, bit for bit, moves it.

use kurdistan::profile::{Fixed, Standard};
use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::{Config, Negotiating, Securing, Session, Step};
use kurdistan::vocab::{HandshakeReject, Id, Lifecycle, NonceSource, Role};

use crate::bytes::{head, pick, steps};
use crate::{Damage, Seen};

type Waiting<S> = Session<S, Fixed<Standard>>;

/// What a session of each kind is given.
#[derive(Clone, Debug)]
pub struct Script {
    /// Which session.
    pub receiver: Receiver,
    /// The message, before the changes.
    pub origin: Origin,
    /// Changes to it.
    pub damages: Vec<Damage>,
}

/// Who receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// A server that waits for a hello.
    Server,
    /// A client that waits for an accept.
    Client,
    /// A server that waits for a confirm.
    SecuringServer,
}

/// What a message is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The client's hello.
    Hello,
    /// The server's accept.
    Accept,
    /// The client's confirm.
    Confirm,
    /// Nobody's bytes.
    Raw(Vec<u8>),
}

impl Script {
    /// Bytes of the head.
    pub const HEAD: usize = 2;
    /// Bytes of a step.
    pub const STEP: usize = Damage::BYTES;
    /// Steps, at most: as many as the longest raw message has bytes for.
    pub const STEPS: usize = 75;

    /// The script that these bytes name.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let ([receiver, origin], rest) = head::<{ Self::HEAD }>(bytes);
        let receiver = pick(&[Receiver::Server, Receiver::Client, Receiver::SecuringServer], receiver);
        let damaged = usize::from(origin / 8 % 4);
        let (origin, damaged) = match origin % 8 {
            0 => (Origin::Raw(rest.to_vec()), 0),
            1 => (Origin::Hello, damaged),
            2 => (Origin::Accept, damaged),
            3 => (Origin::Confirm, damaged),
            _ => (receiver.expects(), damaged),
        };
        let damages = steps(rest, damaged, Damage::from_bytes);
        Self { receiver, origin, damages }
    }
}

impl Receiver {
    fn expects(self) -> Origin {
        match self {
            Self::Server => Origin::Hello,
            Self::Client => Origin::Accept,
            Self::SecuringServer => Origin::Confirm,
        }
    }
}

/// Both sides of one handshake, each at the step where it waits, and what they said.
struct Handshake {
    server: Waiting<Negotiating>,
    client: Waiting<Negotiating>,
    securing: Waiting<Securing>,
    hello: Vec<u8>,
    accept: Vec<u8>,
    confirm: Vec<u8>,
}

impl Handshake {
    /// Nonces are constant, so a session made twice says the same twice.
    fn new() -> Self {
        let (client, hello) = start();
        let (securing, accept) = answer(listen(), &hello);
        let (_, confirm) = answer(start().0, &accept);
        Self { server: listen(), client, securing, hello, accept, confirm }
    }
}

fn config(role: Role) -> Config {
    let id = |text| Id::new(text).expect("a legal id");
    let secret = Secret::new(b"an arbitrary secret of the proofs").expect("a legal secret");
    Config::new(role, id(role.name()), id("key-1"), secret).trust(NonceSource::BootCounter)
}

fn start() -> (Waiting<Negotiating>, Vec<u8>) {
    let session = Session::new(Fixed::new(), config(Role::Client), Fresh::from_counters(1, 1));
    let started = session.expect("a sound configuration").start();
    let Ok((session, hello)) = started else { panic!("a client starts") };
    (session, hello.as_bytes().to_vec())
}

fn listen() -> Waiting<Negotiating> {
    let session = Session::new(Fixed::new(), config(Role::Server), Fresh::from_counters(1, 1));
    let Ok(session) = session.expect("a sound configuration").listen() else { panic!("a server listens") };
    session
}

fn answer(session: Waiting<Negotiating>, message: &[u8]) -> (Waiting<Securing>, Vec<u8>) {
    let Ok(Step::Next((session, answer))) = session.receive(message) else {
        panic!("a genuine message moves the session")
    };
    (session, answer.as_bytes().to_vec())
}

/// Gives the message to the session: the genuine one moves it, anything else is ignored by name.
pub fn check(script: &Script) -> Seen {
    let Handshake { server, client, securing, hello, accept, confirm } = Handshake::new();
    let genuine = match script.receiver {
        Receiver::Server => &hello,
        Receiver::Client => &accept,
        Receiver::SecuringServer => &confirm,
    };
    let mut message = match &script.origin {
        Origin::Hello => hello.clone(),
        Origin::Accept => accept.clone(),
        Origin::Confirm => confirm.clone(),
        Origin::Raw(bytes) => bytes.clone(),
    };
    script.damages.iter().for_each(|damage| damage.apply(&mut message));
    let reject = match script.receiver {
        Receiver::Server => negotiate(server, &message),
        Receiver::Client => negotiate(client, &message),
        Receiver::SecuringServer => secure(securing, &message),
    };
    assert_eq!(reject.is_none(), message == *genuine, "{reject:?} for {message:02x?}");
    Seen::from([reject.map_or("moved", HandshakeReject::name)])
}

/// The reject of a session that stays; `None` from one that moves.
fn negotiate(session: Waiting<Negotiating>, message: &[u8]) -> Option<HandshakeReject> {
    match session.receive(message) {
        Ok(Step::Stay(session)) => Some(session.last_reject().expect("a session that stays says why")),
        Ok(Step::Next(_)) => None,
        Err(_) => panic!("nothing unauthenticated fails a session: {message:02x?}"),
    }
}

fn secure(session: Waiting<Securing>, message: &[u8]) -> Option<HandshakeReject> {
    match session.receive(message) {
        Ok(Step::Stay(session)) => Some(session.last_reject().expect("a session that stays says why")),
        Ok(Step::Next(session)) => {
            assert_eq!(session.lifecycle(), Lifecycle::Open);
            None
        }
        Err(_) => panic!("nothing unauthenticated fails a session: {message:02x?}"),
    }
}
