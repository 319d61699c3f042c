//! Fragmenter and reassembler against a map from a message's name to its pieces.
//!
//! Messages are cut, encoded and decoded; their fragments arrive in any order, twice, changed or not at all, while time
//! passes. A complete message has exactly its bytes, and an incomplete one is never told as complete.

mod model;
mod script;

pub use script::{Forgery, Script, Step};

use kurdistan::guard::Sound;
use kurdistan::transport::{Accepted, Cuts, Reassembler, SlotBuffer};
use kurdistan::vocab::{
    ChecksumClass, Direction, FragmentLimits, FragmentPolicy, FrameFacts, FrameKind, GroupReject,
    MetadataClass, Ticks,
};
use kurdistan::wire::{FrameLimits, Header, decode, encode};

use crate::Seen;
use crate::bytes::record;
use model::{Group, Model};

/// Bytes of a slot.
const MESSAGE: usize = 96;
const SLOTS: usize = 6;

/// A fragment on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fragment {
    stream: u32,
    sequence: u64,
    index: u8,
    count: u8,
    offset: usize,
    bytes: Vec<u8>,
    kind: FrameKind,
    metadata: MetadataClass,
    is_final: bool,
}

impl Fragment {
    fn first(&self) -> u64 {
        self.sequence - u64::from(self.index)
    }

    /// The frame; `None` when no legal one says this.
    fn encode(&self) -> Option<Vec<u8>> {
        let header = Header {
            kind: self.kind,
            is_final: self.is_final,
            direction: Direction::ClientToServer,
            metadata: self.metadata,
            session_class: 7,
            fragment_index: self.index,
            fragment_count: self.count,
            fragment_offset: u16::try_from(self.offset).ok()?,
            stream: self.stream,
            sequence: self.sequence,
        };
        let mut out = vec![0; 256];
        let fill = |space: &mut [u8]| space.copy_from_slice(&self.bytes);
        let length = self.bytes.len();
        let written = encode(&header, ChecksumClass::Crc32c, length, &WIRE, &Sound, &mut out, fill).ok()?;
        out.truncate(written);
        Some(out)
    }
}

/// A profile's decoder lets no message of more than 16 fragments through.
const WIRE: FrameLimits = FrameLimits { fragments_max: 16, ..FrameLimits::WIDEST };

/// Runs the script; after each step the reassembler tells what the map tells.
pub fn check(script: &Script) -> Seen {
    let mut run = Run {
        script,
        buffer: Box::new(SlotBuffer::EMPTY),
        model: Model::new(script.limits),
        now: u64::from(script.start),
        next: [1; 4],
        sent: 0,
        on_the_way: Vec::new(),
        arrived: Vec::new(),
        seen: Seen::new(),
    };
    for (index, step) in script.steps.iter().enumerate() {
        run.act(step);
        run.compare(&format!("after {index}: {step:?}"));
    }
    run.seen
}

struct Run<'s> {
    script: &'s Script,
    buffer: Box<SlotBuffer<MESSAGE, SLOTS>>,
    model: Model,
    /// Time that does not wrap.
    now: u64,
    /// The next sequence of each stream.
    next: [u64; 4],
    sent: u8,
    on_the_way: Vec<Fragment>,
    arrived: Vec<Fragment>,
    seen: Seen,
}

impl Run<'_> {
    /// A new view each time: all that a reassembler knows is in its memory.
    fn reassembler(&mut self) -> Reassembler<'_> {
        self.buffer.reassembler(self.script.limits)
    }

    fn ticks(&self) -> Ticks {
        Ticks(self.now as u32)
    }

    fn act(&mut self, step: &Step) {
        match *step {
            Step::Send { stream, bytes, is_final } => self.send(stream, bytes, is_final),
            Step::Deliver { pick } => {
                if let Some(at) = place(&self.on_the_way, pick) {
                    let fragment = self.on_the_way.remove(at);
                    self.arrive(&fragment);
                    self.arrived.push(fragment);
                }
            }
            Step::Repeat { pick } => {
                if let Some(at) = place(&self.arrived, pick) {
                    let fragment = self.arrived[at].clone();
                    self.arrive(&fragment);
                }
            }
            Step::Forge { pick, forgery } => {
                let known = [&self.on_the_way[..], &self.arrived[..]].concat();
                if let Some(at) = place(&known, pick) {
                    self.arrive(&forgery.of(&known[at]));
                }
            }
            Step::Lose { pick } => {
                if let Some(at) = place(&self.on_the_way, pick) {
                    self.on_the_way.remove(at);
                }
            }
            Step::Pass { ticks } => self.now += u64::from(ticks),
            Step::Expire => {
                let (now, expected) = (self.ticks(), self.model.expire(self.now));
                assert_eq!(self.reassembler().expire(&Sound, now), expected, "expired");
                self.seen.extend((expected != 0).then_some("expired by time"));
            }
            Step::Hold { pick, body } => {
                if let Some((slot, range)) = self.model.hold(pick, body) {
                    self.reassembler().hold(slot, range);
                    self.seen.insert("held");
                }
            }
            Step::Release { pick } => {
                if let Some(slot) = self.model.release(pick) {
                    self.reassembler().release(slot);
                }
            }
            Step::ReleaseHeld { stream } => {
                self.model.release_held(stream);
                self.reassembler().release_held(stream);
            }
            Step::Clear => {
                self.model = Model::new(self.script.limits);
                self.reassembler().clear();
            }
        }
    }

    /// Cuts a message; the plan is that of the slow way.
    fn send(&mut self, stream: u32, bytes: usize, is_final: bool) {
        let expected = pieces(&self.script.cut, bytes);
        let plan = Cuts::plan(self.script.cut, bytes, &Sound);
        let told = plan.as_ref().map(|cuts| usize::from(cuts.fragments()));
        let found = plan
            .map(|cuts| cuts.map(|cut| (usize::from(cut.index), cut.offset, cut.bytes)).collect::<Vec<_>>());
        assert_eq!(found, expected, "the cut of {bytes} bytes");
        let Some(cuts) = found else {
            self.seen.insert("no plan");
            return;
        };
        assert_eq!(told, Some(cuts.len()));
        self.sent = self.sent.wrapping_add(1);
        let message: Vec<u8> = (0..bytes).map(|at| (at as u8).wrapping_mul(5) ^ self.sent).collect();
        let next = &mut self.next[stream as usize];
        let count = u8::try_from(cuts.len()).expect("a plan's count");
        for (index, offset, length) in cuts {
            self.on_the_way.push(Fragment {
                stream,
                sequence: *next,
                index: index as u8,
                count,
                offset,
                bytes: message[offset..offset + length].to_vec(),
                kind: FrameKind::Data,
                metadata: MetadataClass::Runtime,
                is_final: is_final && index + 1 == usize::from(count),
            });
            *next += 1;
        }
    }

    fn arrive(&mut self, fragment: &Fragment) {
        let Some(frame) = fragment.encode() else { return };
        let view = decode(&frame, &WIRE, &Sound).expect("what encodes also decodes");
        let (now, expected) = (self.ticks(), self.model.accept(fragment, self.now));
        let found = self.reassembler().accept(&Sound, &view, now);
        record(&mut self.seen, &expected, GroupReject::name);
        let complete = found.map(|accepted| accepted != Accepted::Partial);
        assert_eq!(complete, expected, "for {fragment:?}");
        if let Ok(Accepted::Complete(slot)) = found {
            self.model.completed(fragment, slot);
            self.seen.insert(if fragment.count == 1 { "whole" } else { "joined" });
        }
    }

    fn compare(&mut self, when: &str) {
        let Self { buffer, model, script, on_the_way, .. } = self;
        let mut reassembler = buffer.reassembler(script.limits);
        assert_eq!(reassembler.in_use(), model.in_use(), "{when}");
        assert!(model.in_use() <= SLOTS.min(script.limits.groups_max), "{when}");
        assert_eq!(reassembler.next_deadline(), model.next_deadline(), "{when}");
        for fragment in on_the_way.iter().take(4) {
            let (stream, first) = (fragment.stream, fragment.first());
            assert_eq!(reassembler.pending(stream, first), model.pending(stream, first), "{when}");
            let held = reassembler.held(stream, first);
            assert_eq!(held.is_some(), model.held().any(|group| group.name() == (stream, first)), "{when}");
        }
        for group in model.complete() {
            let slot = group.slot.expect("a complete message has a slot");
            let (bytes, message) = reassembler.envelope(slot).expect("an envelope that is complete");
            assert_eq!(bytes, group.bytes(), "{when}");
            let facts = FrameFacts {
                stream: group.stream,
                kind: group.kind,
                metadata: group.metadata,
                first_sequence: group.first,
            };
            assert_eq!((message.facts, message.count), (facts, group.count), "{when}");
            assert_eq!(message.is_final, group.is_final, "{when}");
        }
        for group in model.held() {
            // A message that is carried again under its name may be held twice: no sequencer stands in front.
            let (slot, count) = reassembler.held(group.stream, group.first).expect("a message that is held");
            let mut twins = model.held().filter(|other| other.name() == group.name());
            assert!(twins.any(|twin| (twin.slot, twin.count) == (Some(slot), count)), "slot {slot}, {when}");
        }
        for slot in 0..SLOTS {
            let group = model.held().find(|group| group.slot == Some(slot));
            let expected = group.map_or(Vec::new(), Group::body);
            assert_eq!(reassembler.message(slot), expected, "slot {slot}, {when}");
        }
        for slot in 0..SLOTS {
            let group = model.held().find(|group| group.slot == Some(slot));
            let expected = group.map_or(Vec::new(), Group::body);
            assert_eq!(buffer.reassembler(script.limits).into_message(slot), expected, "slot {slot}, {when}");
        }
    }
}

/// Index, offset and length of each fragment, one byte at a time; `None` without a plan. Fragments without bytes get nowhere.
fn pieces(limits: &FragmentLimits, bytes: usize) -> Option<Vec<(usize, usize, usize)>> {
    let most = match limits.policy {
        FragmentPolicy::NoFragment => bytes,
        FragmentPolicy::FixedFragment => limits.fixed_bytes.min(limits.payload_bytes_max),
    };
    let mut cuts: Vec<(usize, usize, usize)> = Vec::new();
    for at in 0..bytes {
        match cuts.last_mut() {
            Some((_, _, length)) if *length < most => *length += 1,
            _ => cuts.push((cuts.len(), at, 1)),
        }
    }
    let count = most != 0 && !cuts.is_empty() && cuts.len() <= usize::from(limits.fragments_max);
    let whole = cuts.iter().all(|(_, _, length)| *length <= limits.payload_bytes_max);
    (count && whole).then_some(cuts)
}

/// The element that a number picks; the first one for small numbers.
fn place<T>(from: &[T], pick: u16) -> Option<usize> {
    let last = from.len().checked_sub(1)?;
    Some(usize::from(pick).saturating_sub(64) % (last + 1))
}
