//! What a link can do to frames, by accident or with intent but without a key.

use std::collections::VecDeque;

use kurdistan::vocab::{Direction, FrameKind, MetadataClass, Role};
use kurdistan::wire::{self, HEADER_BYTES, Header};

use super::scope::{policy, spec};

/// Frames that are on the link in one direction, at most.
pub const DEPTH: usize = 3;

/// One fault. Where nothing else is said it befalls the oldest frame of a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is lost.
    Drop,
    /// It comes twice.
    Duplicate,
    /// It changes places with the next one.
    Reorder,
    /// One bit turns.
    Corrupt,
    /// The first frame that this side ever sent comes again, before it.
    ReplayFirst,
    /// The latest frame that this side sent comes again, before it.
    ReplayLast,
    /// A copy of the latest frame, with another last byte and a right checksum, comes before it.
    Forge,
    /// A first fragment that nobody sent, well-formed, comes before it.
    Inject,
    /// Its end is cut off.
    Truncate,
    /// A copy goes back to its sender.
    Reflect,
    /// It comes after all others.
    Delay,
    /// Everything on the link is lost, both ways.
    Reset,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 12] = [
        Self::Drop,
        Self::Duplicate,
        Self::Reorder,
        Self::Corrupt,
        Self::ReplayFirst,
        Self::ReplayLast,
        Self::Forge,
        Self::Inject,
        Self::Truncate,
        Self::Reflect,
        Self::Delay,
        Self::Reset,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Duplicate => "dup",
            Self::Reorder => "reorder",
            Self::Corrupt => "corrupt",
            Self::ReplayFirst => "replay of the first",
            Self::ReplayLast => "replay of the last",
            Self::Forge => "inject, forged",
            Self::Inject => "inject, new",
            Self::Truncate => "truncate",
            Self::Reflect => "reflect",
            Self::Delay => "delay",
            Self::Reset => "reset",
        }
    }
}

/// The frames of both directions, and those that the attacker has kept.
#[derive(Default)]
pub struct Link {
    lanes: [VecDeque<Vec<u8>>; 2],
    first: [Option<Vec<u8>>; 2],
    last: [Option<Vec<u8>>; 2],
}

const fn place(role: Role) -> usize {
    match role {
        Role::Client => 0,
        Role::Server => 1,
    }
}

impl Link {
    /// Frames of a side that are on their way.
    pub fn lane(&self, from: Role) -> &VecDeque<Vec<u8>> {
        &self.lanes[place(from)]
    }

    /// Everything that decides what the link can do.
    pub fn parts(&self) -> impl core::hash::Hash {
        (&self.lanes, &self.first, &self.last)
    }

    pub fn has_room(&self, from: Role) -> bool {
        self.lane(from).len() < DEPTH
    }

    pub fn push(&mut self, from: Role, frame: Vec<u8>) {
        self.first[place(from)].get_or_insert_with(|| frame.clone());
        self.last[place(from)] = Some(frame.clone());
        self.lanes[place(from)].push_back(frame);
    }

    pub fn pop(&mut self, from: Role) -> Option<Vec<u8>> {
        self.lanes[place(from)].pop_front()
    }

    /// Whether the fault would change anything.
    pub fn allows(&self, fault: Fault, from: Role) -> bool {
        let (frames, room) = (self.lane(from).len(), self.has_room(from));
        let spoke = self.last[place(from)].is_some();
        match fault {
            Fault::Drop | Fault::Corrupt | Fault::Truncate => frames >= 1,
            Fault::Duplicate => frames >= 1 && room,
            Fault::Reorder => frames >= 2,
            // With two frames it would be a reorder.
            Fault::Delay => frames >= 3,
            Fault::ReplayFirst => room && spoke && self.first != self.last,
            Fault::ReplayLast | Fault::Forge => room && spoke,
            Fault::Inject => room && self.class().is_some(),
            Fault::Reflect => frames >= 1 && self.has_room(from.peer()),
            // It has no direction: once is enough.
            Fault::Reset => from == Role::Client && self.lanes.iter().any(|lane| !lane.is_empty()),
        }
    }

    /// Does it; whether a message can be lost by it. Nothing repairs the loss of data.
    pub fn suffer(&mut self, fault: Fault, from: Role) -> bool {
        let at = place(from);
        let oldest_is_data = self.lanes[at].front().is_some_and(|frame| is_data(frame, from));
        match fault {
            Fault::Drop => drop(self.lanes[at].pop_front()),
            Fault::Duplicate => self.lanes[at].insert(1, self.lanes[at][0].clone()),
            Fault::Reorder => self.lanes[at].swap(0, 1),
            Fault::Corrupt => {
                let middle = self.lanes[at][0].len() / 2;
                self.lanes[at][0][middle] ^= 0x10;
            }
            Fault::ReplayFirst => self.overtake(from, self.first[at].clone()),
            Fault::ReplayLast => self.overtake(from, self.last[at].clone()),
            Fault::Forge => {
                let forged = self.last[at].clone().map(forge);
                self.overtake(from, forged);
                return self.last[at].as_ref().is_some_and(|frame| is_data(frame, from));
            }
            Fault::Inject => {
                let frame = self.class().map(|class| fragment(class, from));
                self.overtake(from, frame);
                return true;
            }
            Fault::Truncate => {
                let length = self.lanes[at][0].len();
                self.lanes[at][0].truncate(length - 5);
            }
            Fault::Reflect => {
                let copy = self.lanes[at][0].clone();
                self.overtake(from.peer(), Some(copy));
            }
            Fault::Delay => self.lanes[at].rotate_left(1),
            Fault::Reset => {
                let ways = [Role::Client, Role::Server];
                let lost = ways.iter().any(|way| self.lane(*way).iter().any(|frame| is_data(frame, *way)));
                self.lanes.iter_mut().for_each(VecDeque::clear);
                return lost;
            }
        }
        oldest_is_data && matches!(fault, Fault::Drop | Fault::Corrupt | Fault::Truncate)
    }

    fn overtake(&mut self, from: Role, frame: Option<Vec<u8>>) {
        self.lanes[place(from)].extend(frame);
        self.lanes[place(from)].rotate_right(1);
    }

    /// The session id class that anyone can read from the hello.
    fn class(&self) -> Option<u16> {
        self.first[0].as_deref().and_then(wire::peek_session_class)
    }
}

/// Whether a frame of this side is a fragment of a message.
pub fn is_data(frame: &[u8], from: Role) -> bool {
    let limits = spec().frame_limits(from.peer());
    wire::decode(frame, &limits, &policy()).is_ok_and(|frame| frame.kind() == FrameKind::Data)
}

fn forge(mut frame: Vec<u8>) -> Vec<u8> {
    let covered = frame.len() - spec().checksum.bytes();
    frame[covered - 1] ^= 1;
    let sum = wire::checksum(spec().checksum, &frame[..covered]).to_le_bytes();
    frame[covered..].copy_from_slice(&sum[..spec().checksum.bytes()]);
    frame
}

/// The first of two fragments on the stream of the side: where its second message begins.
fn fragment(session_class: u16, from: Role) -> Vec<u8> {
    /// Unlike a genuine one, so that two states are told apart by what they hold.
    const BYTES: usize = 39;
    let header = Header {
        kind: FrameKind::Data,
        is_final: false,
        direction: match from {
            Role::Client => Direction::ClientToServer,
            Role::Server => Direction::ServerToClient,
        },
        metadata: MetadataClass::Unspecified,
        session_class,
        fragment_index: 0,
        fragment_count: 2,
        fragment_offset: 0,
        stream: own_stream(from).into(),
        sequence: 2,
    };
    let mut frame = vec![0; HEADER_BYTES + BYTES + 4];
    let limits = spec().frame_limits(from.peer());
    let fill = |place: &mut [u8]| place.fill(0x5a);
    let length = wire::encode(&header, spec().checksum, BYTES, &limits, &policy(), &mut frame, fill);
    frame.truncate(length.expect("a well-formed frame"));
    frame
}

/// The first stream that a side opens.
pub const fn own_stream(role: Role) -> u8 {
    match role {
        Role::Client => 1,
        Role::Server => 2,
    }
}
