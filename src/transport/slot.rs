//! The memory of a reassembler: one slot per message in flight.

use core::fmt;

use super::Reassembler;
use crate::vocab::{FRAGMENTS_MAX, FrameKind, MetadataClass, ReassemblyLimits, Ticks};

/// `SLOTS` slots of `MESSAGE` bytes each.
pub struct SlotBuffer<const MESSAGE: usize, const SLOTS: usize> {
    groups: [Group; SLOTS],
    bytes: [[u8; MESSAGE]; SLOTS],
}

impl<const MESSAGE: usize, const SLOTS: usize> SlotBuffer<MESSAGE, SLOTS> {
    /// Memory without groups.
    pub const EMPTY: Self = Self { groups: [Group::FREE; SLOTS], bytes: [[0; MESSAGE]; SLOTS] };

    /// The reassembler in this memory. A limit above the memory's size counts as that size.
    #[inline]
    pub fn reassembler(&mut self, limits: ReassemblyLimits) -> Reassembler<'_> {
        let limits = ReassemblyLimits { message_bytes_max: limits.message_bytes_max.min(MESSAGE), ..limits };
        Reassembler::new(&mut self.groups, self.bytes.as_flattened_mut(), MESSAGE, limits)
    }
}

impl<const MESSAGE: usize, const SLOTS: usize> fmt::Debug for SlotBuffer<MESSAGE, SLOTS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, "SlotBuffer", &self.groups).finish_non_exhaustive()
    }
}

/// The groups in use, each behind the number of its slot; never the bytes.
struct Used<'g>(&'g [Group]);

impl Used<'_> {
    fn iter(&self) -> impl Iterator<Item = (usize, &Group)> {
        self.0.iter().enumerate().filter(|(_, group)| group.used != Use::Free)
    }
}

impl fmt::Debug for Used<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Begins to show groups; what else there is may follow.
pub(super) fn show<'f, 'b>(
    f: &'f mut fmt::Formatter<'b>,
    name: &str,
    groups: &[Group],
) -> fmt::DebugStruct<'f, 'b> {
    let used = Used(groups);
    let mut text = f.debug_struct(name);
    text.field("in_use", &used.iter().count()).field("groups", &used);
    text
}

/// What a slot is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Free,
    /// Fragments are missing.
    Assembling,
    /// The envelope has opened and waits to be read.
    Held,
}

/// The fragments of one message. A fragment lies from `starts[i]` to `ends[i]`; it is there when its bit is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) first_sequence: u64,
    pub(super) stream: u32,
    pub(super) deadline: Ticks,
    pub(super) present: u16,
    pub(super) starts: [u16; FRAGMENTS_MAX],
    pub(super) ends: [u16; FRAGMENTS_MAX],
    /// What of the slot is the message, once it is held.
    pub(super) body: (u16, u16),
    pub(super) count: u8,
    pub(super) kind: FrameKind,
    pub(super) metadata: MetadataClass,
    pub(super) is_final: bool,
    pub(super) used: Use,
}

const _: () = assert!(size_of::<Group>() <= 96);

impl Group {
    pub(super) const FREE: Self = Self {
        first_sequence: 0,
        stream: 0,
        deadline: Ticks(0),
        present: 0,
        starts: [0; FRAGMENTS_MAX],
        ends: [0; FRAGMENTS_MAX],
        body: (0, 0),
        count: 0,
        kind: FrameKind::Data,
        metadata: MetadataClass::Unspecified,
        is_final: false,
        used: Use::Free,
    };

    pub(super) const fn has(&self, index: u8) -> bool {
        self.present & 1_u16.unbounded_shl(index as u32) != 0
    }

    pub(super) fn range(&self, index: u8) -> (usize, usize) {
        let place = usize::from(index);
        let start = self.starts.get(place).copied().unwrap_or(0);
        let end = self.ends.get(place).copied().unwrap_or(0);
        (usize::from(start), usize::from(end))
    }

    /// The nearest fragment before `index` that is there.
    pub(super) const fn before(&self, index: u8) -> Option<u8> {
        let below = self.present & 1_u16.unbounded_shl(index as u32).wrapping_sub(1);
        match below.checked_ilog2() {
            Some(other) => Some(other as u8),
            None => None,
        }
    }

    /// The nearest fragment after `index` that is there.
    pub(super) const fn after(&self, index: u8) -> Option<u8> {
        let above = self.present & u16::MAX.unbounded_shl((index as u32).saturating_add(1));
        if above == 0 { None } else { Some(above.trailing_zeros() as u8) }
    }

    pub(super) const fn received(&self) -> u8 {
        self.present.count_ones() as u8
    }
}
