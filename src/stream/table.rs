//! The bounded table of streams.

use core::num::NonZeroU16;

use heapless::Vec;
use heapless::vec::VecView;

use super::{Stream, Ticket};
use crate::guard::Guards;
use crate::guard::stream::CreditFacts;
use crate::vocab::Role;

/// Why no stream was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum OpenRefusal {
    /// The session is not open.
    NotOpen,
    /// As many streams are open as the profile, the peer and the capabilities allow; one that ends frees its place.
    StreamLimit,
    /// Every stream id of this role has been used.
    IdsExhausted,
}

impl core::fmt::Display for OpenRefusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NotOpen => "the session is not open",
            Self::StreamLimit => "as many streams are open as are allowed",
            Self::IdsExhausted => "every stream id of this role has been used",
        })
    }
}

impl core::error::Error for OpenRefusal {}

/// Memory for up to `STREAMS` streams at a time.
#[derive(Debug)]
pub struct StreamTable<const STREAMS: usize> {
    streams: Vec<Stream, STREAMS>,
    last: Last,
}

/// The highest stream id of each side, 0 before the first.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    client: u32,
    server: u32,
}

impl Last {
    const fn of(self, role: Role) -> u32 {
        match role {
            Role::Client => self.client,
            Role::Server => self.server,
        }
    }

    fn set(&mut self, role: Role, id: u32) {
        match role {
            Role::Client => self.client = id,
            Role::Server => self.server = id,
        }
    }
}

impl<const STREAMS: usize> StreamTable<STREAMS> {
    /// A table without streams.
    pub const EMPTY: Self = Self { streams: Vec::new(), last: Last { client: 0, server: 0 } };

    /// The streams, as the engine sees them.
    pub fn streams(&mut self, limits: StreamLimits) -> Streams<'_> {
        Streams { streams: self.streams.as_mut_view(), last: &mut self.last, limits }
    }
}

/// What one session allows.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct StreamLimits {
    /// The role of this side.
    pub role: Role,
    /// Streams that this side may have open at a time.
    pub local_max: u8,
    /// Streams that the peer may have open at a time.
    pub remote_max: u8,
    /// Messages that one stream may have unread.
    pub stream_credit: u8,
    /// Messages that all streams may have unread beyond one each.
    pub session_credit: u8,
}

/// The streams of one session, borrowed from their table.
#[derive(Debug)]
pub struct Streams<'t> {
    streams: &'t mut VecView<Stream>,
    last: &'t mut Last,
    limits: StreamLimits,
}

/// What a stream id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Place {
    /// It has an entry.
    Live,
    /// It had one.
    Past,
    /// The peer may open it now.
    Next,
    /// Nobody may use it now.
    Forbidden,
}

impl Streams<'_> {
    /// The stream with this id.
    #[must_use]
    pub fn get(&mut self, id: u32) -> Option<&mut Stream> {
        self.streams.iter_mut().find(|stream| stream.id == id)
    }

    /// Every stream that has not ended, in the order of opening.
    pub fn iter(&self) -> impl Iterator<Item = &Stream> {
        self.streams.iter()
    }

    /// The same, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Stream> {
        self.streams.iter_mut()
    }

    /// The stream at this place of the table, for a walk during which others are changed.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<Stream> {
        self.streams.get(place).copied()
    }

    /// What one session allows.
    #[must_use]
    pub const fn limits(&self) -> StreamLimits {
        self.limits
    }

    /// Opens the next stream of this side.
    ///
    /// # Errors
    /// [`OpenRefusal::StreamLimit`] and [`OpenRefusal::IdsExhausted`]; nothing has changed.
    pub fn open_local<R: Guards>(&mut self, rules: &R) -> Result<u32, OpenRefusal> {
        let role = self.limits.role;
        if self.count(true) >= usize::from(self.limits.local_max) {
            return Err(OpenRefusal::StreamLimit);
        }
        let id = rules.next_stream(self.last.of(role), role).ok_or(OpenRefusal::IdsExhausted)?;
        self.insert(id, true)?;
        self.last.set(role, id);
        Ok(id)
    }

    /// What an id stands for that a frame of the peer names. Streams may come into sight out of order, so every id up to
    /// the peer's limit beyond its highest is acceptable.
    #[must_use]
    pub fn place<R: Guards>(&mut self, id: u32, rules: &R) -> Place {
        let Some(opener) = rules.opened_by(id) else { return Place::Forbidden };
        if self.get(id).is_some() {
            return Place::Live;
        }
        if id <= self.last.of(opener) {
            return Place::Past;
        }
        if opener == self.limits.role || self.missing(id, rules).is_none_or(|count| count > self.room()) {
            return Place::Forbidden;
        }
        Place::Next
    }

    /// Opens `id` for the peer, and every lower one of the peer's that has not been seen yet.
    ///
    /// # Errors
    /// [`OpenRefusal::StreamLimit`] when there is no room; nothing has changed.
    pub fn open_remote<R: Guards>(&mut self, id: u32, rules: &R) -> Result<(), OpenRefusal> {
        let role = self.limits.role.peer();
        let missing = self.missing(id, rules).ok_or(OpenRefusal::IdsExhausted)?;
        if missing > self.room() {
            return Err(OpenRefusal::StreamLimit);
        }
        while self.last.of(role) < id {
            let next = rules.next_stream(self.last.of(role), role).ok_or(OpenRefusal::IdsExhausted)?;
            self.insert(next, false)?;
            self.last.set(role, next);
        }
        Ok(())
    }

    /// The credit facts of a stream in the sending direction.
    #[must_use]
    pub fn send_credit(&self, stream: &Stream) -> CreditFacts {
        let credit = self.limits.stream_credit;
        self.facts(stream.outstanding(credit), |stream| stream.outstanding(credit))
    }

    /// The credit facts of a stream in the receiving direction.
    #[must_use]
    pub fn receive_credit(&self, unread: u64) -> CreditFacts {
        self.facts(unread, Stream::unread)
    }

    /// Gives a stream a ticket for a message of this length, behind all others; one that has a ticket keeps its order.
    pub fn take_ticket(&mut self, id: u32, bytes: NonZeroU16) {
        let waiting = self.streams.iter().filter(|stream| stream.ticket.is_some()).count();
        let last = u8::try_from(waiting).unwrap_or(u8::MAX);
        if let Some(stream) = self.get(id) {
            let order = stream.ticket.map_or(last, |ticket| ticket.order);
            stream.ticket = Some(Ticket { bytes, order });
        }
    }

    /// Takes a stream's ticket away; the others move up. Whether there was one.
    pub fn drop_ticket(&mut self, id: u32) -> bool {
        let Some(gone) = self.get(id).and_then(|stream| stream.ticket.take()) else { return false };
        for ticket in self.streams.iter_mut().filter_map(|stream| stream.ticket.as_mut()) {
            ticket.order = ticket.order.saturating_sub(u8::from(ticket.order > gone.order));
        }
        true
    }

    /// Frees the place of every stream that has retired; `ended` is told each id.
    pub fn sweep(&mut self, mut ended: impl FnMut(u32)) {
        self.streams.retain(|stream| {
            if stream.retired {
                ended(stream.id);
            }
            !stream.retired
        });
    }

    /// Forgets every stream: for the next session in the same memory.
    pub fn clear(&mut self) {
        self.streams.clear();
        *self.last = Last::default();
    }

    fn facts(&self, outstanding: u64, of: impl Fn(&Stream) -> u64) -> CreditFacts {
        let shared = self.streams.iter().fold(0_u32, |sum, stream| {
            let beyond = u32::try_from(of(stream).saturating_sub(1)).unwrap_or(u32::MAX);
            sum.saturating_add(beyond)
        });
        CreditFacts {
            outstanding,
            stream_credit: self.limits.stream_credit,
            shared,
            session_credit: self.limits.session_credit,
        }
    }

    fn count(&self, local: bool) -> usize {
        self.streams.iter().filter(|stream| stream.local == local).count()
    }

    fn room(&self) -> usize {
        usize::from(self.limits.remote_max).saturating_sub(self.count(false))
    }

    /// How many ids lie between the peer's highest and `id`, `id` included.
    fn missing<R: Guards>(&self, id: u32, rules: &R) -> Option<usize> {
        let role = self.limits.role.peer();
        let first = rules.next_stream(self.last.of(role), role)?;
        let beyond = id.checked_sub(first)?.checked_div(2)?;
        usize::try_from(beyond).ok()?.checked_add(1)
    }

    fn insert(&mut self, id: u32, local: bool) -> Result<(), OpenRefusal> {
        let stream = Stream::new(id, local, self.limits.stream_credit);
        self.streams.push(stream).map_err(|_| OpenRefusal::StreamLimit)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{Last, OpenRefusal, Place, StreamLimits, StreamTable, Streams};
    use crate::guard::Sound;
    use crate::vocab::Role;
    use std::vec::Vec;

    const LIMITS: StreamLimits =
        StreamLimits { role: Role::Server, local_max: 2, remote_max: 3, stream_credit: 4, session_credit: 2 };

    fn places(streams: &mut Streams<'_>, ids: &[u32]) -> Vec<Place> {
        ids.iter().map(|id| streams.place(*id, &Sound)).collect()
    }

    #[test]
    fn an_id_stands_for_what_its_opener_may_do() {
        use Place::{Forbidden, Live, Next, Past};
        let mut table = StreamTable::<5>::EMPTY;
        let mut streams = table.streams(LIMITS);
        let found = places(&mut streams, &[0, 1, 3, 5, 7, 2, 4, u32::MAX, u32::MAX - 1]);
        assert_eq!(
            found,
            [Forbidden, Next, Next, Next, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden]
        );
        assert_eq!(streams.open_remote(3, &Sound), Ok(()));
        assert_eq!(places(&mut streams, &[1, 3, 5, 7]), [Live, Live, Next, Forbidden]);
        assert_eq!(streams.open_local(&Sound), Ok(2));
        assert_eq!(places(&mut streams, &[2, 4, 5]), [Live, Forbidden, Next]);
        for id in [1, 2] {
            streams.get(id).unwrap().retired = true;
        }
        let mut ended = Vec::new();
        streams.sweep(|id| ended.push(id));
        assert_eq!(ended, [1, 2]);
        assert_eq!(
            places(&mut streams, &[1, 2, 3, 4, 5, 7, 9]),
            [Past, Past, Live, Forbidden, Next, Next, Forbidden]
        );
    }

    #[test]
    fn streams_are_bounded_by_opener() {
        let mut table = StreamTable::<5>::EMPTY;
        let mut streams = table.streams(LIMITS);
        assert_eq!(streams.open_remote(7, &Sound), Err(OpenRefusal::StreamLimit));
        assert_eq!(streams.iter().count(), 0, "a refusal changes nothing");
        assert_eq!(streams.open_remote(5, &Sound), Ok(()));
        assert_eq!(
            [(); 3].map(|()| streams.open_local(&Sound)),
            [Ok(2), Ok(4), Err(OpenRefusal::StreamLimit)]
        );
        let found: Vec<_> = streams.iter().map(|stream| (stream.id, stream.local)).collect();
        assert_eq!(found, [(1, false), (3, false), (5, false), (2, true), (4, true)]);
        streams.clear();
        assert_eq!((streams.iter().count(), streams.open_local(&Sound)), (0, Ok(2)), "the ids begin anew");
    }

    #[test]
    fn a_table_that_is_too_small_refuses_before_the_limit() {
        let mut table = StreamTable::<1>::EMPTY;
        let mut streams = table.streams(LIMITS);
        assert_eq!([(); 2].map(|()| streams.open_local(&Sound)), [Ok(2), Err(OpenRefusal::StreamLimit)]);
        streams.clear();
        assert_eq!(streams.open_local(&Sound), Ok(2));
    }

    #[test]
    fn used_up_ids_are_never_used_again() {
        let mut table = StreamTable::<5>::EMPTY;
        table.last = Last { client: u32::MAX - 2, server: u32::MAX - 3 };
        let mut streams = table.streams(LIMITS);
        assert_eq!(streams.open_local(&Sound), Ok(u32::MAX - 1));
        assert_eq!(streams.open_local(&Sound), Err(OpenRefusal::IdsExhausted));
        assert_eq!(streams.place(u32::MAX, &Sound), Place::Next);
        assert_eq!(streams.open_remote(u32::MAX, &Sound), Ok(()));
        assert_eq!(streams.open_remote(1, &Sound), Err(OpenRefusal::IdsExhausted));
        assert_eq!(streams.place(1, &Sound), Place::Past);
    }

    #[test]
    fn tickets_stand_in_line_and_move_up() {
        let mut table = StreamTable::<5>::EMPTY;
        let mut streams = table.streams(LIMITS);
        streams.open_remote(5, &Sound).unwrap();
        let bytes = |bytes| core::num::NonZeroU16::new(bytes).unwrap();
        let line = |streams: &Streams<'_>| -> Vec<_> {
            let waiting = streams.iter().filter_map(|stream| stream.ticket.map(|ticket| (stream.id, ticket)));
            waiting.map(|(id, ticket)| (id, ticket.order, ticket.bytes.get())).collect()
        };
        for (id, length) in [(5, 10), (1, 20), (3, 30), (1, 40), (9, 50)] {
            streams.take_ticket(id, bytes(length));
        }
        assert_eq!(line(&streams), [(1, 1, 40), (3, 2, 30), (5, 0, 10)]);
        assert!(streams.drop_ticket(1) && !streams.drop_ticket(1) && !streams.drop_ticket(9));
        assert_eq!(line(&streams), [(3, 1, 30), (5, 0, 10)]);
        streams.take_ticket(1, bytes(1));
        assert!(streams.drop_ticket(5));
        assert_eq!(line(&streams), [(1, 1, 1), (3, 0, 30)]);
    }

    #[test]
    fn what_is_shared_is_what_lies_beyond_one_each() {
        let mut table = StreamTable::<5>::EMPTY;
        let mut streams = table.streams(LIMITS);
        streams.open_remote(5, &Sound).unwrap();
        for (id, sent, opened) in [(1, 3, 1), (3, 1, 3), (5, 0, 2)] {
            let stream = streams.get(id).unwrap();
            (stream.sent, stream.opened) = (sent, opened);
        }
        let stream = *streams.get(1).unwrap();
        let facts = streams.send_credit(&stream);
        assert_eq!((facts.outstanding, facts.shared), (3, 2));
        assert_eq!((facts.stream_credit, facts.session_credit), (4, 2));
        let facts = streams.receive_credit(1);
        assert_eq!((facts.outstanding, facts.shared), (1, 3));
    }
}
