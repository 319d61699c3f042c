//! Joins fragments to messages: positional, bounded in groups, bytes and time.

use super::slot::{Group, Use, show};
use crate::guard::Guards;
use crate::guard::reassembly::{GroupRoom, Neighbour};
use crate::vocab::{FRAGMENTS_MAX, FrameFacts, GroupReject, ReassemblyLimits, Ticks};
use crate::wire::FrameView;

/// The reassembler of one endpoint, borrowed from its memory.
///
/// A message is named by its stream and the sequence of its first fragment. Its slot is reserved when the first fragment
/// comes, and every fragment is copied once, to its place in the slot. A refused fragment changes nothing, except that a
/// conflicting duplicate drops its whole group.
pub struct Reassembler<'m> {
    groups: &'m mut [Group],
    bytes: &'m mut [u8],
    stride: usize,
    limits: ReassemblyLimits,
}

impl core::fmt::Debug for Reassembler<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        show(f, "Reassembler", self.groups).field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// What came of an accepted fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Accepted {
    /// Others are missing.
    Partial,
    /// The message is complete in this slot.
    Complete(usize),
}

impl<'m> Reassembler<'m> {
    pub(super) fn new(
        groups: &'m mut [Group],
        bytes: &'m mut [u8],
        stride: usize,
        limits: ReassemblyLimits,
    ) -> Self {
        Self { groups, bytes, stride, limits }
    }

    /// Takes one fragment.
    ///
    /// # Errors
    /// [`GroupReject`].
    #[inline]
    pub fn accept<R: Guards + ?Sized>(
        &mut self,
        rules: &R,
        frame: &FrameView<'_>,
        now: Ticks,
    ) -> Result<Accepted, GroupReject> {
        let start = usize::from(frame.fragment_offset());
        let end = start.saturating_add(frame.payload().len());
        rules.group_bytes(end, self.limits.message_bytes_max)?;
        if let Some(slot) = self.find(frame.stream(), frame.first_sequence()) {
            return self.join(rules, slot, frame, (start, end), now);
        }
        rules.index_within(frame.fragment_index(), frame.fragment_count().min(FRAGMENTS_MAX as u8))?;
        rules.fragment_order(self.limits.order, frame.fragment_index(), 0)?;
        let slot = self.room(rules, frame.stream())?;
        let group = Group {
            first_sequence: frame.first_sequence(),
            stream: frame.stream(),
            deadline: now.plus(self.limits.deadline_ticks),
            count: frame.fragment_count(),
            kind: frame.kind(),
            metadata: frame.metadata(),
            used: Use::Assembling,
            ..Group::FREE
        };
        if let Some(place) = self.groups.get_mut(slot) {
            *place = group;
        }
        Ok(self.copy(slot, frame, (start, end)))
    }

    /// The envelope in a complete slot, to be opened in place.
    #[inline]
    pub fn envelope(&mut self, slot: usize) -> Option<(&mut [u8], Message)> {
        let group = self.groups.get(slot).filter(|group| group.used == Use::Assembling)?;
        if group.received() != group.count {
            return None;
        }
        let (_, end) = group.range(group.count.checked_sub(1)?);
        let message = Message {
            facts: FrameFacts {
                stream: group.stream,
                kind: group.kind,
                metadata: group.metadata,
                first_sequence: group.first_sequence,
            },
            count: group.count,
            is_final: group.is_final,
        };
        let first = slot.checked_mul(self.stride)?;
        let bytes = self.bytes.get_mut(first..)?.get_mut(..end)?;
        Some((bytes, message))
    }

    /// Keeps the opened message of a slot until it is read.
    pub fn hold(&mut self, slot: usize, body: core::ops::Range<usize>) {
        if let Some(group) = self.groups.get_mut(slot) {
            let edge = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
            group.body = (edge(body.start), edge(body.end));
            group.used = Use::Held;
        }
    }

    /// The held message that begins at this frame sequence: its slot and how many frames it had.
    #[inline]
    #[must_use]
    pub fn held(&self, stream: u32, first_sequence: u64) -> Option<(usize, u8)> {
        let slot = self.groups.iter().position(|group| {
            group.used == Use::Held && group.stream == stream && group.first_sequence == first_sequence
        })?;
        self.groups.get(slot).map(|group| (slot, group.count))
    }

    /// The message in a held slot.
    #[inline]
    #[must_use]
    pub fn message(&self, slot: usize) -> &[u8] {
        let bytes = self.groups.get(slot).filter(|group| group.used == Use::Held).and_then(|group| {
            let (start, end) = group.body;
            let first = slot.checked_mul(self.stride)?;
            self.bytes.get(first..)?.get(..usize::from(end))?.get(usize::from(start)..)
        });
        bytes.unwrap_or(&[])
    }

    /// The message in a held slot, for as long as the memory is borrowed.
    #[must_use]
    pub fn into_message(self, slot: usize) -> &'m [u8] {
        let Self { groups, bytes, stride, .. } = self;
        let bytes: &'m [u8] = bytes;
        let body =
            groups.get(slot).filter(|group| group.used == Use::Held).map_or((0, 0), |group| group.body);
        let place = slot.checked_mul(stride).and_then(|first| bytes.get(first..));
        place.and_then(|place| place.get(usize::from(body.0)..usize::from(body.1))).unwrap_or(&[])
    }

    /// Frees a slot, whatever it holds.
    #[inline]
    pub fn release(&mut self, slot: usize) {
        if let Some(group) = self.groups.get_mut(slot) {
            group.used = Use::Free;
        }
    }

    /// Frees the slots of a stream that hold an opened message. What is incomplete may still be completed.
    pub fn release_held(&mut self, stream: u32) {
        self.release_where(|group| group.used == Use::Held && group.stream == stream);
    }

    /// Frees every slot.
    pub fn clear(&mut self) {
        self.release_where(|_| true);
    }

    /// Drops the incomplete groups whose deadline has come; how many there were.
    pub fn expire<R: Guards + ?Sized>(&mut self, rules: &R, now: Ticks) -> u32 {
        self.release_where(|group| {
            group.used == Use::Assembling && rules.group_deadline(now.reached(group.deadline)).is_err()
        })
    }

    /// When the next incomplete group is dropped.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Ticks> {
        let waiting = self.groups.iter().filter(|group| group.used == Use::Assembling);
        waiting.map(|group| group.deadline).reduce(Ticks::earlier)
    }

    /// Fragments that have come of the message at this place; for a strict order.
    #[must_use]
    pub fn pending(&self, stream: u32, first_sequence: u64) -> u8 {
        let group = self.find(stream, first_sequence).and_then(|slot| self.groups.get(slot));
        group.map_or(0, Group::received)
    }

    /// Slots in use.
    #[must_use]
    pub fn in_use(&self) -> usize {
        self.groups.iter().filter(|group| group.used != Use::Free).count()
    }

    fn join<R: Guards + ?Sized>(
        &mut self,
        rules: &R,
        slot: usize,
        frame: &FrameView<'_>,
        (start, end): (usize, usize),
        now: Ticks,
    ) -> Result<Accepted, GroupReject> {
        let Some(group) = self.groups.get(slot) else { return Err(GroupReject::TooManyGroups) };
        let index = frame.fragment_index();
        rules.group_deadline(now.reached(group.deadline))?;
        rules.index_within(index, group.count)?;
        rules.group_match(
            frame.fragment_count() == group.count
                && frame.kind() == group.kind
                && frame.metadata() == group.metadata,
        )?;
        let same = group.range(index) == (start, end) && self.stored(slot, start, end) == frame.payload();
        if let Err(reject) = rules.duplicate_fragment(group.has(index), same) {
            if reject == GroupReject::ConflictingDuplicate {
                self.release(slot);
            }
            return Err(reject);
        }
        rules.fragment_order(self.limits.order, index, group.received())?;
        let before = group.before(index).map(|other| Neighbour {
            edge: group.range(other).1,
            adjacent: other.saturating_add(1) == index,
        });
        let after = group.after(index).map(|other| Neighbour {
            edge: group.range(other).0,
            adjacent: index.saturating_add(1) == other,
        });
        rules.overlap(before, start, end, after)?;
        Ok(self.copy(slot, frame, (start, end)))
    }

    /// The one copy of a received byte.
    #[inline]
    fn copy(&mut self, slot: usize, frame: &FrameView<'_>, (start, end): (usize, usize)) -> Accepted {
        let first = slot.saturating_mul(self.stride);
        let payload = frame.payload();
        let place =
            self.bytes.get_mut(first.saturating_add(start)..).and_then(|rest| rest.get_mut(..payload.len()));
        let (Some(place), Some(group)) = (place, self.groups.get_mut(slot)) else { return Accepted::Partial };
        place.copy_from_slice(payload);
        let index = frame.fragment_index();
        let at = usize::from(index);
        if let (Some(from), Some(to)) = (group.starts.get_mut(at), group.ends.get_mut(at)) {
            *from = frame.fragment_offset();
            *to = u16::try_from(end).unwrap_or(u16::MAX);
        }
        group.present |= 1_u16.unbounded_shl(u32::from(index));
        group.is_final |= frame.is_final();
        if group.received() == group.count { Accepted::Complete(slot) } else { Accepted::Partial }
    }

    fn stored(&self, slot: usize, start: usize, end: usize) -> &[u8] {
        let first = slot.saturating_mul(self.stride);
        self.bytes.get(first..).and_then(|slot| slot.get(start..end)).unwrap_or(&[])
    }

    fn find(&self, stream: u32, first_sequence: u64) -> Option<usize> {
        self.groups.iter().position(|group| {
            group.used == Use::Assembling && group.stream == stream && group.first_sequence == first_sequence
        })
    }

    fn room<R: Guards + ?Sized>(&self, rules: &R, stream: u32) -> Result<usize, GroupReject> {
        let free = self.groups.iter().position(|group| group.used == Use::Free);
        let stream_open =
            self.groups.iter().filter(|group| group.used != Use::Free && group.stream == stream).count();
        rules.group_room(GroupRoom {
            free: free.is_some(),
            open: self.in_use(),
            max: self.limits.groups_max,
            stream_open,
            stream_max: self.limits.stream_groups_max,
        })?;
        free.ok_or(GroupReject::TooManyGroups)
    }

    fn release_where(&mut self, condemned: impl Fn(&Group) -> bool) -> u32 {
        let mut incomplete = 0_u32;
        for group in self.groups.iter_mut().filter(|group| group.used != Use::Free && condemned(group)) {
            incomplete = incomplete.saturating_add(u32::from(group.used == Use::Assembling));
            group.used = Use::Free;
        }
        incomplete
    }
}

/// What is known of a complete message before it has opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Message {
    /// What its frames said.
    pub facts: FrameFacts,
    /// Its frames.
    pub count: u8,
    /// Its last frame carried the final flag.
    pub is_final: bool,
}
