//! Messages that are genuine, but late, early, repeated, dropped, or of another run.

use kurdistan::session::{Negotiating, Securing, Selection, Session, Step};
use kurdistan::vocab::HandshakeReject;

use super::{Honest, Leg, Policy, Run, judge, moved};

/// Deliveries to one side, at most.
const DELIVERIES: u32 = 4;

const LEGS: [Leg; 3] = [Leg::Hello, Leg::Accept, Leg::Confirm];

/// Every list of up to four deliveries of the run's own messages, to each side: drops, repeats and swaps of any kind.
/// A server opens exactly when a hello came before a confirm, a client exactly when an accept came. Returns how many lists.
pub fn every_order(run: Run) -> usize {
    let honest = run.honest();
    let mut count = 0;
    for length in 0..=DELIVERIES {
        for number in 0..LEGS.len().pow(length) {
            let order: Vec<_> =
                (0..length).map(|place| LEGS[number / LEGS.len().pow(place) % LEGS.len()]).collect();
            let hello = order.iter().position(|leg| *leg == Leg::Hello).unwrap_or(order.len());
            let served = order[hello..].contains(&Leg::Confirm);
            let server = serve(run, &honest, &order);
            assert_eq!(server, served.then_some(honest.selection), "{run:?}: {order:?} to the server");
            let client = ask(run, &honest, &order);
            let asked = order.contains(&Leg::Accept);
            assert_eq!(client, asked.then_some(honest.selection), "{run:?}: {order:?} to the client");
            count += 1;
        }
    }
    count
}

enum Server {
    Negotiating(Session<Negotiating, Policy>),
    Securing(Session<Securing, Policy>),
}

/// What the server has selected, if these messages open it.
fn serve(run: Run, honest: &Honest, order: &[Leg]) -> Option<Selection> {
    let mut server = Server::Negotiating(run.server());
    for leg in order {
        let message = honest.message(*leg);
        server = match server {
            Server::Negotiating(waiting) => match waiting.receive(message).expect("compatible") {
                Step::Stay(waiting) => Server::Negotiating(waiting),
                Step::Next((securing, accept)) => {
                    assert_eq!(accept.as_bytes(), honest.message(Leg::Accept), "{run:?}: {order:?}");
                    Server::Securing(securing)
                }
            },
            Server::Securing(securing) => match securing.receive(message).expect("a server") {
                Step::Stay(securing) => Server::Securing(securing),
                Step::Next(open) => return Some(open.selection()),
            },
        };
    }
    None
}

/// What the client has selected, if these messages open it.
fn ask(run: Run, honest: &Honest, order: &[Leg]) -> Option<Selection> {
    let (mut client, _) = run.client();
    for leg in order {
        client = match client.receive(honest.message(*leg)).expect("compatible") {
            Step::Stay(client) => client,
            Step::Next((securing, _)) => return Some(securing.confirmed().expect("a client").selection()),
        };
    }
    None
}

/// Each message of `run` replaced by that of `other`, which has the same ids and secret. Returns how many.
pub fn every_splice(run: Run, other: Run) -> usize {
    assert_ne!(run.seed, other.seed, "two runs");
    let (honest, foreign) = (run.honest(), other.honest());
    let what = (run, other);

    // The server answers the other hello, and nobody takes what comes of it.
    let (server, accept) = hello_of(run, &foreign);
    let (client, _) = run.client();
    let client = match client.receive(&accept).expect("not authentic, so not fatal") {
        Step::Stay(client) => client,
        Step::Next(_) => panic!("an accept of another hello: {what:?}"),
    };
    assert_eq!(client.last_reject(), Some(HandshakeReject::Tag), "{what:?}");

    // The client ignores the other accept, then takes its own.
    let client = match client.receive(foreign.message(Leg::Accept)).expect("not authentic, so not fatal") {
        Step::Stay(client) => client,
        Step::Next(_) => panic!("an accept of another run: {what:?}"),
    };
    let (client, confirm) = moved(client.receive(honest.message(Leg::Accept)).expect("compatible"));
    let client = client.confirmed().expect("a client").selection();

    // With the other hello, the server takes neither proof.
    let server = server.map(|server| {
        [&confirm, foreign.message(Leg::Confirm)].into_iter().fold(server, |server, confirm| {
            let step = server.receive(confirm).expect("a server");
            let Step::Stay(server) = step else { panic!("a confirm of another run: {what:?}") };
            server
        })
    });
    drop(server);

    // With its own hello, the server ignores the other proof.
    let (own, _) = run.securing(honest.message(Leg::Hello));
    let Step::Stay(own) = own.receive(foreign.message(Leg::Confirm)).expect("a server") else {
        panic!("a confirm of another run: {what:?}")
    };
    judge([Some(client), None], &honest, &what);
    assert!(own.receive(&confirm).expect("a server").into_next().is_some(), "{what:?}");
    3
}

/// The server of `run` after the hello of another run; `None` where it refuses that.
fn hello_of(run: Run, foreign: &Honest) -> (Option<Session<Securing, Policy>>, Vec<u8>) {
    match run.server().receive(foreign.message(Leg::Hello)) {
        Ok(Step::Next((server, accept))) => (Some(server), accept.as_bytes().to_vec()),
        Ok(Step::Stay(_)) => panic!("a genuine hello was ignored: {run:?}"),
        Err(failed) => match failed.last_words() {
            kurdistan::session::LastWords::Refusal(words) => (None, words.to_vec()),
            words => panic!("{words:?}"),
        },
    }
}
