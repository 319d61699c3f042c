//! Messages that nobody said: mixed by an outsider, signed by an insider.

use std::collections::{BTreeSet, HashMap};

use kurdistan::profile::{Profile, Standard};
use kurdistan::secure::Transcript;
use kurdistan::wire::{Accept, Confirm, Hello};

use super::history::{Book, MessageId};
use super::{Report, Violation};
use crate::by_hand::{bound, facts, id, prk_of, tagged};

/// Gives every session that ever waits each message with one field of another message of the same type.
///
/// Whether a session believes a message depends on that session alone, so it is asked once and not in every state.
pub(super) fn mix(book: &mut Book, report: &mut Report) {
    let said: Vec<_> = book.messages().map(|(_, message)| message.to_vec()).collect();
    let mixed: BTreeSet<_> = said
        .iter()
        .flat_map(|one| said.iter().flat_map(move |other| mixtures(one, other)))
        .filter(|message| !said.contains(message))
        .collect();
    let mixed: Vec<_> = mixed.iter().map(|message| book.number(message)).collect();
    for at in book.histories().filter(|at| book.history(*at).waits()).collect::<Vec<_>>() {
        for message in &mixed {
            report.mixed += 1;
            if book.deliver(at, *message) != at {
                let example =
                    format!("{:?} believed {:02x?}", book.history(at).actor, book.message(*message));
                report.violations.entry(Violation::Mixed).or_insert(example);
            }
        }
    }
}

/// `one` with each field of `other`, tag included.
fn mixtures(one: &[u8], other: &[u8]) -> Vec<Vec<u8>> {
    if let (Ok((hello, tag)), Ok((from, its_tag))) = (Hello::decode(one), Hello::decode(other)) {
        let made = [
            (Hello { id: from.id, ..hello.clone() }, tag),
            (Hello { expected: from.expected, ..hello.clone() }, tag),
            (Hello { facts: from.facts, ..hello.clone() }, tag),
            (Hello { nonce: from.nonce, ..hello.clone() }, tag),
            (hello, its_tag),
        ];
        return made.map(|(hello, tag)| hello.encode().with_tag(&tag).as_bytes().to_vec()).into();
    }
    if let (Ok((accept, tag)), Ok((from, its_tag))) = (Accept::decode(one), Accept::decode(other)) {
        let made = [
            (Accept { id: from.id, ..accept.clone() }, tag),
            (Accept { facts: from.facts, ..accept.clone() }, tag),
            (Accept { selected: from.selected, ..accept.clone() }, tag),
            (Accept { nonce: from.nonce, ..accept.clone() }, tag),
            (accept, its_tag),
        ];
        return made.map(|(accept, tag)| accept.encode().with_tag(&tag).as_bytes().to_vec()).into();
    }
    Vec::new()
}

/// Signs with the secret, each message once.
#[derive(Default)]
pub(super) struct Forger(HashMap<MessageId, MessageId>);

impl Forger {
    /// Adds a hello of the client c1, an accept of the server s1 to each hello, and a confirm to each accept of that hello.
    pub fn sign(&mut self, book: &mut Book, known: &mut BTreeSet<MessageId>) {
        let facts = facts(&Standard::SPEC);
        let own = Hello { secret_id: id("key-1"), id: id("c1"), expected: None, facts, nonce: [77; 32] };
        let own = bound(&own);
        let said: Vec<_> = known.iter().copied().collect();
        known.insert(book.number(&own));
        for number in said {
            let signed = match self.0.get(&number) {
                Some(signed) => *signed,
                None => {
                    let Some(signed) = sign(&own, book.message(number)) else { continue };
                    let signed = book.number(&signed);
                    self.0.insert(number, signed);
                    signed
                }
            };
            known.insert(signed);
        }
    }
}

/// What the insider answers to a message, if it answers.
fn sign(own: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    if let Ok((hello, _)) = Hello::decode(message) {
        let accept = Accept {
            id: id("s1"),
            facts: hello.facts,
            selected: hello.facts.offered,
            suite: kurdistan::vocab::Suite::ALL[0].code(),
            nonce: [78; 32],
        };
        return Some(tagged(&Standard::SPEC, &accept, message));
    }
    let (_, tag) = Accept::decode(message).ok()?;
    let part = &message[..message.len() - tag.len()];
    let (transcript, _) = Transcript::new(Standard::SPEC.checksum, own).accept(part);
    let (_, th2) = transcript.server_tag(&tag);
    Some(Confirm::encode().with_tag(&prk_of(own).client_tag(&th2)).as_bytes().to_vec())
}
