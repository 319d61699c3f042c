//! A typed session that waits for a handshake message, under attack.

use kurdistan::profile::Loaded;
use kurdistan::secure::Fresh;
use kurdistan::session::{Negotiating, Securing, Session, Step};
use kurdistan::vocab::{HandshakeReject, Role};

use super::attack::{Attack, Target, payload_of};
use super::digest::without_numbers;
use super::elsewhere::elsewhere;
use super::profile::{config, policy};
use crate::Seen;

type Waiting<S> = Session<S, Loaded<'static>>;

/// Who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// For a hello.
    Server,
    /// For an accept.
    Client,
    /// For a confirm.
    SecuringServer,
}

impl Party {
    pub const ALL: [Self; 3] = [Self::Server, Self::Client, Self::SecuringServer];
}

/// One session in either state.
enum Either {
    Negotiating(Waiting<Negotiating>),
    Securing(Waiting<Securing>),
}

/// Attacks a session; then the message comes that it waits for.
pub fn check(party: Party, strict: bool, attacks: &[Attack]) -> Seen {
    let policy = policy(strict);
    let begin = |role: Role| {
        let fresh = Fresh::from_random([role.code() + 1; 32]);
        Session::new(policy, config(role, role.name(), true), fresh).expect("a sound configuration")
    };
    let Ok((client, hello)) = begin(Role::Client).start() else { panic!("a client starts") };
    let Ok(server) = begin(Role::Server).listen() else { panic!("a server listens") };
    let (securing, accept) = next(server, hello.as_bytes());
    let Ok(listening) = begin(Role::Server).listen() else { panic!("a server listens") };
    let Ok((again, _)) = begin(Role::Client).start() else { panic!("a client starts") };
    let (_, confirm) = next(again, &accept);
    let (mut session, genuine) = match party {
        Party::Server => (Either::Negotiating(listening), hello.as_bytes().to_vec()),
        Party::Client => (Either::Negotiating(client), accept.clone()),
        Party::SecuringServer => (Either::Securing(securing), confirm.clone()),
    };
    let mut heard: Vec<Vec<u8>> =
        [hello.as_bytes(), &accept, &confirm].map(|message| [&[0; 24][..], message, &[0; 4]].concat()).into();
    heard.extend(elsewhere(strict).iter().cloned());
    let role = if party == Party::Client { Role::Client } else { Role::Server };
    let mut seen = Seen::new();
    for attack in attacks {
        let Attack::Inject(making) = *attack else { continue };
        let frame = making.bytes(&heard, Target { role, class: 0, own: 3, message: (1, 1) });
        let bytes = frame.get(payload_of(&frame)).unwrap_or(&frame);
        // Under its secret, by anyone at any time: a server cannot know that a hello is old.
        let old = party == Party::Server && heard.iter().any(|heard| heard[payload_of(heard)] == *bytes);
        if bytes == genuine || old {
            continue;
        }
        let reject;
        (session, reject) = session.stays(bytes);
        seen.insert(reject.name());
    }
    let moved = match session {
        Either::Negotiating(session) => matches!(session.receive(&genuine), Ok(Step::Next(_))),
        Either::Securing(session) => matches!(session.receive(&genuine), Ok(Step::Next(_))),
    };
    assert!(moved, "the genuine message moves the {party:?}");
    seen
}

fn next(session: Waiting<Negotiating>, message: &[u8]) -> (Waiting<Securing>, Vec<u8>) {
    let Ok(Step::Next((session, answer))) = session.receive(message) else {
        panic!("a genuine message moves")
    };
    (session, answer.as_bytes().to_vec())
}

impl Either {
    /// The session after bytes that prove nothing: as it was.
    fn stays(self, bytes: &[u8]) -> (Self, HandshakeReject) {
        let before = self.shows();
        let (after, reject) = match self {
            Self::Negotiating(session) => match session.receive(bytes) {
                Ok(Step::Stay(session)) => {
                    let reject = session.last_reject();
                    (Self::Negotiating(session), reject)
                }
                _ => panic!("moved by {bytes:02x?}"),
            },
            Self::Securing(session) => match session.receive(bytes) {
                Ok(Step::Stay(session)) => {
                    let reject = session.last_reject();
                    (Self::Securing(session), reject)
                }
                _ => panic!("moved by {bytes:02x?}"),
            },
        };
        assert_eq!(after.shows(), before, "{bytes:02x?}");
        (after, reject.expect("a session that stays says why"))
    }

    fn shows(&self) -> String {
        let text = match self {
            Self::Negotiating(session) => format!("{session:?}"),
            Self::Securing(session) => format!("{session:?}"),
        };
        without_numbers(text, &["last_reject: "])
    }
}
