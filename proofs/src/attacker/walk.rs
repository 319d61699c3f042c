//! Random paths on live sessions, against what the search remembers of them.

use super::history::{Book, Heard, HistoryId, Live, Stands, begin, end, hear};
use super::{Actor, known};

/// Takes `steps` random choices among these sessions, on the real ones and in the book at once. A message that is ignored
/// reaches the real session as well, and must leave no trace. Returns how many were ignored and how many believed.
pub fn walk(actors: &[Actor], steps: usize, mut seed: u64) -> [usize; 2] {
    let mut pick = |from: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % from
    };
    let mut book = Book::new(actors);
    let mut state: Vec<Option<HistoryId>> = vec![None; actors.len()];
    let mut live: Vec<Option<(Live, Vec<Vec<u8>>)>> = actors.iter().map(|_| None).collect();
    let mut count = [0; 2];
    for _ in 0..steps {
        let place = pick(actors.len());
        let Some(at) = state[place] else {
            state[place] = Some(book.begin(place));
            live[place] = Some(begin(actors[place]));
            continue;
        };
        let messages: Vec<_> = known(&book, &state.clone().into()).into_iter().collect();
        if messages.is_empty() {
            continue;
        }
        let message = messages[pick(messages.len())];
        let next = if book.history(at).waits() { book.deliver(at, message) } else { at };
        let (session, mut said) = live[place].take().expect("a session that has begun");
        let (session, heard) = hear(session, book.message(message));
        assert_eq!(matches!(heard, Heard::Believed(_)), next != at, "{:?}", actors[place]);
        count[usize::from(next != at)] += 1;
        if let Heard::Believed(words) = heard {
            said.extend(words);
        }
        live[place] = Some((session, said));
        state[place] = Some(next);
    }
    for (at, live) in state.into_iter().zip(live) {
        let (Some(at), Some((session, said))) = (at, live) else { continue };
        let history = book.history(at);
        let remembered: Vec<_> = history.said.iter().map(|message| book.message(*message)).collect();
        assert_eq!(said, remembered, "{:?}", history.actor);
        let same = match (session, &history.stands) {
            (Live::Negotiating(_), Stands::Negotiating) | (Live::Securing(_), Stands::Securing) => true,
            (Live::Failed(session), Stands::Failed(failure)) => session.failure() == *failure,
            (Live::Open(session), Stands::Open(remembered)) => end(session) == *remembered,
            _ => false,
        };
        assert!(same, "{:?} stands elsewhere", history.actor);
    }
    count
}
