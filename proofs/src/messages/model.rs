//! The slow reassembler: a map from the name of a message to its pieces.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use kurdistan::vocab::{FrameKind, GroupReject, MetadataClass, ReassemblyLimits, SequencePolicy, Ticks};

use super::{Fragment, MESSAGE, SLOTS};

/// The stream and the sequence of the first fragment.
type Name = (u32, u64);

/// A message of which at least one fragment has come.
pub(super) struct Group {
    pub(super) stream: u32,
    pub(super) first: u64,
    pub(super) count: u8,
    pub(super) kind: FrameKind,
    pub(super) metadata: MetadataClass,
    pub(super) is_final: bool,
    /// Told when it is complete.
    pub(super) slot: Option<usize>,
    deadline: u64,
    pieces: BTreeMap<u8, (usize, Vec<u8>)>,
    body: Range<usize>,
}

impl Group {
    pub(super) fn name(&self) -> Name {
        (self.stream, self.first)
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.pieces.values().flat_map(|(_, bytes)| bytes.clone()).collect()
    }

    pub(super) fn body(&self) -> Vec<u8> {
        self.bytes()[self.body.clone()].to_vec()
    }

    fn is_complete(&self) -> bool {
        (0..self.count).all(|index| self.pieces.contains_key(&index))
    }

    /// Pieces lie in the order of their indices; neighbours touch, and between others there is at least a byte.
    fn has_room(&self, fragment: &Fragment) -> bool {
        let ordered = |low: (u8, usize), high: (u8, usize)| {
            if low.0 + 1 == high.0 { low.1 == high.1 } else { low.1 < high.1 }
        };
        let (index, start, end) = (fragment.index, fragment.offset, fragment.offset + fragment.bytes.len());
        self.pieces.iter().all(|(other, (offset, bytes))| {
            if *other < index {
                ordered((*other, offset + bytes.len()), (index, start))
            } else {
                ordered((index, end), (*other, *offset))
            }
        })
    }
}

pub(super) struct Model {
    limits: ReassemblyLimits,
    assembling: HashMap<Name, Group>,
    held: Vec<Group>,
}

impl Model {
    pub(super) fn new(limits: ReassemblyLimits) -> Self {
        let message_bytes_max = limits.message_bytes_max.min(MESSAGE);
        let limits = ReassemblyLimits { message_bytes_max, ..limits };
        Self { limits, assembling: HashMap::new(), held: Vec::new() }
    }

    /// Takes a fragment; whether its message is complete now.
    pub(super) fn accept(&mut self, fragment: &Fragment, now: u64) -> Result<bool, GroupReject> {
        if fragment.offset + fragment.bytes.len() > self.limits.message_bytes_max {
            return Err(GroupReject::TooManyBytes);
        }
        let name = (fragment.stream, fragment.first());
        match self.assembling.get(&name) {
            Some(group) => self.may_join(group, fragment, now),
            None => self.may_open(fragment),
        }
        .inspect_err(|reject| {
            if *reject == GroupReject::ConflictingDuplicate {
                self.assembling.remove(&name);
            }
        })?;
        let group = self.assembling.entry(name).or_insert_with(|| Group {
            stream: fragment.stream,
            first: fragment.first(),
            count: fragment.count,
            kind: fragment.kind,
            metadata: fragment.metadata,
            is_final: false,
            slot: None,
            deadline: now + u64::from(self.limits.deadline_ticks),
            pieces: BTreeMap::new(),
            body: 0..0,
        });
        group.pieces.insert(fragment.index, (fragment.offset, fragment.bytes.clone()));
        group.is_final |= fragment.is_final;
        Ok(group.is_complete())
    }

    fn may_open(&self, fragment: &Fragment) -> Result<(), GroupReject> {
        if self.limits.order == SequencePolicy::Strict && fragment.index != 0 {
            return Err(GroupReject::OutOfOrder);
        }
        let all = || self.assembling.values().chain(&self.held);
        let of_stream = all().filter(|group| group.stream == fragment.stream).count();
        let room =
            all().count() < SLOTS.min(self.limits.groups_max) && of_stream < self.limits.stream_groups_max;
        if room { Ok(()) } else { Err(GroupReject::TooManyGroups) }
    }

    fn may_join(&self, group: &Group, fragment: &Fragment, now: u64) -> Result<(), GroupReject> {
        if now >= group.deadline {
            return Err(GroupReject::Expired);
        }
        if fragment.index >= group.count {
            return Err(GroupReject::IndexBeyondCount);
        }
        if (fragment.count, fragment.kind, fragment.metadata) != (group.count, group.kind, group.metadata) {
            return Err(GroupReject::GroupMismatch);
        }
        if let Some((offset, bytes)) = group.pieces.get(&fragment.index) {
            let same = (*offset, bytes) == (fragment.offset, &fragment.bytes);
            return Err(if same {
                GroupReject::DuplicateFragment
            } else {
                GroupReject::ConflictingDuplicate
            });
        }
        if self.limits.order == SequencePolicy::Strict && usize::from(fragment.index) != group.pieces.len() {
            return Err(GroupReject::OutOfOrder);
        }
        if group.has_room(fragment) { Ok(()) } else { Err(GroupReject::Overlap) }
    }

    /// The slot that was told for a complete message; no other message lies there.
    pub(super) fn completed(&mut self, fragment: &Fragment, slot: usize) {
        let shared = self.complete().chain(&self.held).any(|group| group.slot == Some(slot));
        assert!(!shared, "slot {slot} holds two messages");
        if let Some(group) = self.assembling.get_mut(&(fragment.stream, fragment.first())) {
            group.slot = Some(slot);
        }
    }

    /// Holds a complete message: its slot and the bytes to keep.
    pub(super) fn hold(&mut self, pick: u16, body: (u8, u8)) -> Option<(usize, Range<usize>)> {
        let mut names: Vec<Name> = self.complete().map(Group::name).collect();
        names.sort_unstable();
        let name = names[super::place(&names, pick)?];
        let mut group = self.assembling.remove(&name)?;
        let length = group.bytes().len();
        let from = length * usize::from(body.0) / 255;
        group.body = from..(length * usize::from(body.1) / 255).max(from);
        let told = group.slot.map(|slot| (slot, group.body.clone()));
        self.held.push(group);
        told
    }

    /// Releases a complete or held message: its slot.
    pub(super) fn release(&mut self, pick: u16) -> Option<usize> {
        let mut slots: Vec<usize> =
            self.complete().chain(&self.held).filter_map(|group| group.slot).collect();
        slots.sort_unstable();
        let slot = slots[super::place(&slots, pick)?];
        self.assembling.retain(|_, group| group.slot != Some(slot));
        self.held.retain(|group| group.slot != Some(slot));
        Some(slot)
    }

    pub(super) fn release_held(&mut self, stream: u32) {
        self.held.retain(|group| group.stream != stream);
    }

    pub(super) fn expire(&mut self, now: u64) -> u32 {
        self.drop_where(|group| now >= group.deadline)
    }

    fn drop_where(&mut self, condemned: impl Fn(&Group) -> bool) -> u32 {
        let before = self.assembling.len();
        self.assembling.retain(|_, group| !condemned(group));
        (before - self.assembling.len()) as u32
    }

    pub(super) fn next_deadline(&self) -> Option<Ticks> {
        self.assembling.values().map(|group| group.deadline).min().map(|deadline| Ticks(deadline as u32))
    }

    pub(super) fn pending(&self, stream: u32, first: u64) -> u8 {
        self.assembling.get(&(stream, first)).map_or(0, |group| group.pieces.len() as u8)
    }

    pub(super) fn in_use(&self) -> usize {
        self.assembling.len() + self.held.len()
    }

    /// Complete messages that are not yet held.
    pub(super) fn complete(&self) -> impl Iterator<Item = &Group> {
        self.assembling.values().filter(|group| group.is_complete())
    }

    pub(super) fn held(&self) -> impl Iterator<Item = &Group> {
        self.held.iter()
    }
}
