//! What holds in every state, whatever the attacker does.

use kurdistan::vocab::{Role, Side};
use kurdistan::wire::Hello;

use super::history::{Book, End, History, HistoryId, Stands};
use super::{Report, State};
use crate::by_hand::id;

/// What did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Violation {
    /// A client is open, but its peer has no session that heard its hello and said its accept.
    ClientAlone,
    /// A server is open, but its peer has no open session with it, the same transcript, selection and keys.
    ServerAlone,
    /// A session is open with its own participant.
    Itself,
    /// A session is open with another peer than the one that it expects.
    Unexpected,
    /// A server has answered a hello that expects another server.
    Misdirected,
    /// Two sessions of one role share an export, or key and nonce, and neither is a repetition of the other.
    SharedKeys,
    /// A client was refused by nobody.
    RefusedByNobody,
    /// A message with fields of two others was believed.
    Mixed,
}

/// Whether everything holds in this state.
pub(super) fn check(book: &mut Book, state: &State, report: &mut Report) -> bool {
    let begun: Vec<HistoryId> = state.iter().flatten().copied().collect();
    let mut violated = Vec::new();
    let mut server_open = false;
    for at in &begun {
        let history = book.history(*at);
        if is_misdirected(book, history) {
            violated.push((Violation::Misdirected, *at));
        }
        if let Some(end) = history.end() {
            let own = id(history.actor.name);
            let peer = end.peer;
            if peer == own {
                violated.push((Violation::Itself, *at));
            }
            if history.actor.expects.is_some_and(|expected| id(expected) != peer) {
                violated.push((Violation::Unexpected, *at));
            }
            match history.actor.role {
                Role::Client if !begun.iter().any(|other| answered(history, end, book.history(*other))) => {
                    violated.push((Violation::ClientAlone, *at));
                }
                Role::Client => {}
                Role::Server => {
                    server_open = true;
                    match begun.iter().find(|other| agrees(history, end, book.history(**other))).copied() {
                        Some(client) if book.talk(client, *at) => {
                            let names = [client, *at].map(|side| book.history(side).actor.name);
                            report.agreed.insert(names.into());
                        }
                        _ => violated.push((Violation::ServerAlone, *at)),
                    }
                }
            }
        } else if was_refused(history) && !begun.iter().any(|other| refused(history, book.history(*other))) {
            violated.push((Violation::RefusedByNobody, *at));
        }
    }
    report.open_states += usize::from(server_open);
    report.repeated += usize::from(shared(book, &begun, &mut violated));
    let holds = violated.is_empty();
    for (violation, at) in violated {
        report.violations.entry(violation).or_insert_with(|| describe(book, &begun, at));
    }
    holds
}

/// Whether this is a server that went on from a hello for another one.
fn is_misdirected(book: &Book, history: &History) -> bool {
    let [Some(hello), Some(_)] = history.transcript() else { return false };
    let (hello, _) = Hello::decode(book.message(hello)).expect("a believed hello");
    !matches!(history.stands, Stands::Failed(_))
        && history.actor.role == Role::Server
        && hello.expected.is_some_and(|expected| expected != id(history.actor.name))
}

/// Whether `server` is the session that said the accept of this client.
fn answered(client: &History, end: &End, server: &History) -> bool {
    server.actor.role == Role::Server
        && id(server.actor.name) == end.peer
        && server.transcript() == client.transcript()
}

/// Whether `client` is open with this server, and both hold the same.
fn agrees(server: &History, end: &End, client: &History) -> bool {
    client.actor.role == Role::Client
        && id(client.actor.name) == end.peer
        && client.transcript() == server.transcript()
        && client.end().is_some_and(|other| {
            other.peer == id(server.actor.name)
                && other.selection == end.selection
                && other.export == end.export
        })
}

fn was_refused(history: &History) -> bool {
    matches!(history.stands, Stands::Failed(failure) if failure.side == Side::Peer)
}

/// Whether `server` has refused the hello of this client.
fn refused(client: &History, server: &History) -> bool {
    let [hello, _] = client.transcript();
    server.actor.role == Role::Server
        && server.believed.first() == hello.as_ref()
        && matches!(server.stands, Stands::Failed(failure) if failure.side == Side::Local)
}

/// Whether two sessions of one role have the same keys. That is no violation where both are the same handshake: the same
/// participant with the same nonce believed the same messages.
fn shared(book: &Book, begun: &[HistoryId], violated: &mut Vec<(Violation, HistoryId)>) -> bool {
    let mut found = false;
    for (place, one) in begun.iter().enumerate() {
        for other in &begun[place + 1..] {
            let (a, b) = (book.history(*one), book.history(*other));
            let (Some(left), Some(right)) = (a.end(), b.end()) else { continue };
            let same = left.export == right.export || left.ciphertext == right.ciphertext;
            if a.actor.role != b.actor.role || !same {
                continue;
            }
            found = true;
            if one != other || left != right {
                violated.push((Violation::SharedKeys, *one));
            }
        }
    }
    found
}

fn describe(book: &Book, begun: &[HistoryId], at: HistoryId) -> String {
    let mut text = format!("{:?}, among", book.history(at).actor);
    for other in begun {
        let History { actor, believed, said, .. } = book.history(*other);
        text += &format!("\n  {} {} believed {believed:?} said {said:?}", actor.role, actor.name);
    }
    text
}
