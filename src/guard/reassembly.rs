//! What may join a group of fragments.

use crate::vocab::{GroupReject, SequencePolicy};

const fn verdict(holds: bool, reject: GroupReject) -> Result<(), GroupReject> {
    if holds { Ok(()) } else { Err(reject) }
}

/// Facts about a group that a fragment would open.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
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
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_bounded_in_all_by_stream_and_by_free_slots() {
        let room = GroupRoom { free: true, open: 7, max: 8, stream_open: 3, stream_max: 4 };
        assert_eq!(group_room(room), Ok(()));
        for full in [
            GroupRoom { free: false, ..room },
            GroupRoom { open: 8, ..room },
            GroupRoom { open: 9, ..room },
            GroupRoom { stream_open: 4, ..room },
            GroupRoom { stream_open: 5, ..room },
        ] {
            assert_eq!(group_room(full), Err(GroupReject::TooManyGroups), "{full:?}");
        }
    }

    #[test]
    fn an_index_and_a_message_end_at_their_limits() {
        assert_eq!([index_within(0, 1), index_within(15, 16)], [Ok(()); 2]);
        assert_eq!([index_within(1, 1), index_within(0, 0)], [Err(GroupReject::IndexBeyondCount); 2]);
        assert_eq!([group_bytes(0, 8), group_bytes(8, 8)], [Ok(()); 2]);
        assert_eq!([group_bytes(9, 8), group_bytes(usize::MAX, 8)], [Err(GroupReject::TooManyBytes); 2]);
    }

    #[test]
    fn a_duplicate_is_told_by_its_bytes() {
        assert_eq!([duplicate_fragment(false, false), duplicate_fragment(false, true)], [Ok(()); 2]);
        assert_eq!(duplicate_fragment(true, true), Err(GroupReject::DuplicateFragment));
        assert_eq!(duplicate_fragment(true, false), Err(GroupReject::ConflictingDuplicate));
    }

    #[test]
    fn neighbours_touch_and_others_leave_room_for_what_lies_between() {
        let adjacent = |edge| Some(Neighbour { edge, adjacent: true });
        let distant = |edge| Some(Neighbour { edge, adjacent: false });
        let fits = |before, after| overlap(before, 10, 20, after).is_ok();
        assert!(fits(None, None));
        assert_eq!([9, 10, 11].map(|edge| fits(adjacent(edge), None)), [false, true, false]);
        assert_eq!([8, 9, 10, 11].map(|edge| fits(distant(edge), None)), [true, true, false, false]);
        assert_eq!([19, 20, 21].map(|edge| fits(None, adjacent(edge))), [false, true, false]);
        assert_eq!([19, 20, 21, 22].map(|edge| fits(None, distant(edge))), [false, false, true, true]);
        assert!(!fits(adjacent(10), adjacent(21)) && !fits(adjacent(9), adjacent(20)));
    }

    #[test]
    fn a_strict_order_takes_the_next_fragment_alone() {
        let strict = [0, 1, 2].map(|index| fragment_order(SequencePolicy::Strict, index, 1).is_ok());
        let windowed = [0, 1, 2].map(|index| fragment_order(SequencePolicy::Windowed, index, 1).is_ok());
        assert_eq!((strict, windowed), ([false, true, false], [true; 3]));
    }
}
