//! What may join a group of fragments.

use crate::vocab::{GroupReject, SequencePolicy};

const fn verdict(holds: bool, reject: GroupReject) -> Result<(), GroupReject> {
    if holds { Ok(()) } else { Err(reject) }
}

/// Facts about a group that a fragment would open.
#[derive(Clone, Copy, Debug)]
pub struct GroupRoom {
    /// A slot is free.
    pub free: bool,
    /// Groups of all streams.
    pub open: usize,
    /// Groups that there may be.
    pub max: usize,
    /// Groups of this stream.
    pub stream_open: usize,
    /// Groups that a stream may have.
    pub stream_max: usize,
}

/// Groups are bounded in all and by stream.
pub const fn group_room(room: GroupRoom) -> Result<(), GroupReject> {
    verdict(
        room.free && room.open < room.max && room.stream_open < room.stream_max,
        GroupReject::TooManyGroups,
    )
}

/// A fragment has its group's count, kind and metadata.
pub const fn group_match(same: bool) -> Result<(), GroupReject> {
    verdict(same, GroupReject::GroupMismatch)
}

/// An index is below the group's count.
pub const fn index_within(index: u8, count: u8) -> Result<(), GroupReject> {
    verdict(index < count, GroupReject::IndexBeyondCount)
}

/// The same fragment again is refused; with other bytes, it condemns the group.
pub const fn duplicate_fragment(present: bool, same_bytes: bool) -> Result<(), GroupReject> {
    match (present, same_bytes) {
        (false, _) => Ok(()),
        (true, true) => Err(GroupReject::DuplicateFragment),
        (true, false) => Err(GroupReject::ConflictingDuplicate),
    }
}

/// A neighbour of a fragment in its group.
#[derive(Clone, Copy, Debug)]
pub struct Neighbour {
    /// The byte at which the two must not cross.
    pub edge: usize,
    /// The two have consecutive indices, so nothing may lie between them.
    pub adjacent: bool,
}

/// Fragments lie in the order of their indices, without overlap, and adjacent ones without a hole.
pub const fn overlap(
    before: Option<Neighbour>,
    start: usize,
    end: usize,
    after: Option<Neighbour>,
) -> Result<(), GroupReject> {
    let left = match before {
        Some(Neighbour { edge, adjacent: true }) => edge == start,
        Some(Neighbour { edge, adjacent: false }) => edge < start,
        None => true,
    };
    let right = match after {
        Some(Neighbour { edge, adjacent: true }) => end == edge,
        Some(Neighbour { edge, adjacent: false }) => end < edge,
        None => true,
    };
    verdict(left && right, GroupReject::Overlap)
}

/// Where the order is strict, fragments come one after the other.
pub const fn fragment_order(policy: SequencePolicy, index: u8, received: u8) -> Result<(), GroupReject> {
    verdict(matches!(policy, SequencePolicy::Windowed) || index == received, GroupReject::OutOfOrder)
}

/// A message fits its slot.
pub const fn group_bytes(end: usize, max: usize) -> Result<(), GroupReject> {
    verdict(end <= max, GroupReject::TooManyBytes)
}

/// A group past its deadline takes nothing more.
pub const fn group_deadline(overdue: bool) -> Result<(), GroupReject> {
    verdict(!overdue, GroupReject::Expired)
}
