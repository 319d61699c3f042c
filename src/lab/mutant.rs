//! Broken rules, one at a time.

use super::Gate;
use crate::guard::envelope::ReplayFacts;
use crate::guard::fragment::fragment_bytes;
use crate::guard::pipe::PipeFacts;
use crate::guard::reassembly::{GroupRoom, Neighbour};
use crate::guard::sealed::Sealed;
use crate::guard::sequence::SequenceFacts;
use crate::guard::stream::{ShareFacts, Waiting};
use crate::guard::{Guards, RULES};
use crate::profile::{Policy, Spec};
use crate::vocab::*;

/// One row of the table of mutants.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// Which one.
    pub id: MutantId,
    /// Number of the rule that it breaks, as `G-01`.
    pub guard: &'static str,
    /// Name of the rule, and of the mutant.
    pub name: &'static str,
    /// What it does instead.
    pub sentence: &'static str,
    /// The gate that must see it.
    pub gate: Gate,
}

impl Mutant {
    /// What holds where nothing is broken.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        RULES.iter().find(|rule| rule.id == self.guard).map_or("", |rule| rule.sentence)
    }
}

/// The policy `P` with one rule broken. All mutants share one copy of the engine.
#[derive(Clone, Copy, Debug)]
pub struct Mutated<P> {
    policy: P,
    broken: MutantId,
}

impl<P> Mutated<P> {
    /// `policy` without the rule that `broken` names.
    #[must_use]
    pub const fn new(policy: P, broken: MutantId) -> Self {
        Self { policy, broken }
    }
}

impl<P> Sealed for Mutated<P> {}

impl<P: Policy> Policy for Mutated<P> {
    const COMPILED: bool = P::COMPILED;

    fn spec(&self) -> &Spec {
        self.policy.spec()
    }
}

macro_rules! mutants {
    ($($id:ident $guard:literal $gate:ident $sentence:literal
        fn $name:ident($($arg:ident: $type:ty),* $(,)?) -> $out:ty $body:block)+) => {
        /// The rule that is broken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum MutantId { $(#[doc = concat!($guard, ": ", $sentence)] $id,)+ }

        /// Every mutant with its rule and its gate, in the order of the rules.
        pub const MUTANTS: &[Mutant] = &[$(Mutant {
            id: MutantId::$id, guard: $guard, name: stringify!($name), sentence: $sentence, gate: Gate::$gate,
        },)+];

        impl<P: Policy> Guards for Mutated<P> {
            $(fn $name(&self, $($arg: $type),*) -> $out {
                if self.broken == MutantId::$id { $body } else { self.policy.$name($($arg),*) }
            })+
        }
    };
}

mutants! {
    FrameVersion "G-01" CorruptionRejection "Any version passes."
        fn frame_version(byte: u8) -> Result<(), FrameReject> { Ok(()) }
    ChecksumClass "G-02" CorruptionRejection "A frame chooses its checksum class."
        fn checksum_class(byte: u8, pinned: Option<ChecksumClass>) -> Result<ChecksumClass, FrameReject> {
            ChecksumClass::from_code(byte & 0x0f).ok_or(FrameReject::ChecksumClass)
        }
    DeclaredLength "G-03" CorruptionRejection "Bytes may follow a frame."
        fn declared_length(found: usize, declared: usize) -> Result<(), FrameReject> {
            if found < declared { Err(FrameReject::Truncated) } else { Ok(()) }
        }
    FrameSize "G-04" CorruptionRejection "A frame has any length."
        fn frame_size(bytes: usize, max: usize) -> Result<(), FrameReject> { Ok(()) }
    Checksum "G-05" CorruptionRejection "Checksums are ignored."
        fn checksum(computed: u32, carried: u32) -> Result<(), FrameReject> { Ok(()) }
    FrameKind "G-06" CorruptionRejection "An unknown kind is data."
        fn frame_kind(byte: u8) -> Result<FrameKind, FrameReject> {
            Ok(FrameKind::from_code(byte).unwrap_or(FrameKind::Data))
        }
    Flags "G-07" CorruptionRejection "Any flag passes."
        fn flags(bits: u8, kind: FrameKind, index: u8, count: u8) -> Result<(), FrameReject> { Ok(()) }
    FrameDirection "G-08" CorruptionRejection "A frame of the wrong way is turned around."
        fn frame_direction(bits: u8, expected: Option<Direction>) -> Result<Direction, FrameReject> {
            Ok(expected.unwrap_or(Direction::ClientToServer))
        }
    MetadataClass "G-09" CorruptionRejection "An unknown metadata class is unspecified."
        fn metadata_class(byte: u8) -> Result<MetadataClass, FrameReject> {
            Ok(MetadataClass::from_code(byte).unwrap_or(MetadataClass::Unspecified))
        }
    PayloadSize "G-10" CorruptionRejection "A payload has any length."
        fn payload_size(bytes: usize, max: usize) -> Result<(), FrameReject> { Ok(()) }
    FragmentCount "G-11" CorruptionRejection "A message has any number of fragments."
        fn fragment_count(count: u8, max: u8, kind: FrameKind) -> Result<(), FrameReject> { Ok(()) }
    FragmentIndex "G-12" CorruptionRejection "An index may reach the count."
        fn fragment_index(index: u8, count: u8) -> Result<(), FrameReject> { Ok(()) }
    FragmentOffset "G-13" CorruptionRejection "An offset may contradict the index."
        fn fragment_offset(index: u8, count: u8, offset: u16, bytes: usize) -> Result<(), FrameReject> { Ok(()) }
    StreamId "G-14" CorruptionRejection "Data may belong to no stream."
        fn stream_id(stream: u32, kind: FrameKind) -> Result<(), FrameReject> { Ok(()) }
    FrameSequence "G-15" CorruptionRejection "The sequence 0 passes."
        fn frame_sequence(sequence: u64, index: u8) -> Result<(), FrameReject> { Ok(()) }
    FragmentBytes "G-20" RuntimeIntegration "A fragment is one byte shorter than its policy says."
        fn fragment_bytes(policy: FragmentPolicy, remaining: usize, payload_max: usize, fixed: usize) -> usize {
            fragment_bytes(policy, remaining, payload_max, fixed).saturating_sub(1)
        }
    FragmentsWithin "G-21" RuntimeIntegration "A message has one fragment less than the limit."
        fn fragments_within(count: usize, max: u8) -> bool { count < usize::from(max) }
    NextFrameSequence "G-22" RuntimeIntegration "Every message begins at the first frame sequence."
        fn next_frame_sequence(last: u64, count: u8) -> Option<u64> { Some(1) }
    PipeWrite "G-23" RuntimeIntegration "A pipe takes a message that it has no room for."
        fn pipe_write(facts: PipeFacts) -> Result<(), PipeRefusal> { Ok(()) }
    WaterMark "G-25" RuntimeIntegration "Pressure never rises."
        fn water_mark(raised: bool, queued: usize, high: usize, low: usize) -> bool { false }
    Sequence "G-26" CorruptionRejection "A frame is taken again, whatever its sequence."
        fn sequence(facts: SequenceFacts) -> Result<(), SequenceReject> { Ok(()) }
    GroupRoom "G-27" CorruptionRejection "A stream may fill every slot."
        fn group_room(room: GroupRoom) -> Result<(), GroupReject> { Ok(()) }
    GroupMatch "G-28" CorruptionRejection "A fragment may contradict its group."
        fn group_match(same: bool) -> Result<(), GroupReject> { Ok(()) }
    IndexWithin "G-29" CorruptionRejection "An index may lie beyond its group's count."
        fn index_within(index: u8, count: u8) -> Result<(), GroupReject> { Ok(()) }
    DuplicateFragment "G-30" CorruptionRejection "A fragment is taken twice."
        fn duplicate_fragment(present: bool, same_bytes: bool) -> Result<(), GroupReject> { Ok(()) }
    Overlap "G-31" CorruptionRejection "Fragments may overlap."
        fn overlap(before: Option<Neighbour>, start: usize, end: usize, after: Option<Neighbour>) -> Result<(), GroupReject> {
            Ok(())
        }
    FragmentOrder "G-32" CorruptionRejection "Fragments come in any order where it is strict."
        fn fragment_order(policy: SequencePolicy, index: u8, received: u8) -> Result<(), GroupReject> { Ok(()) }
    GroupBytes "G-33" CorruptionRejection "A message may be longer than its slot."
        fn group_bytes(end: usize, max: usize) -> Result<(), GroupReject> { Ok(()) }
    GroupDeadline "G-34" CorruptionRejection "A group waits for ever."
        fn group_deadline(overdue: bool) -> Result<(), GroupReject> { Ok(()) }
    Replay "G-50" CorruptionRejection "An envelope opens as often as it comes."
        fn replay(facts: ReplayFacts) -> Result<(), EnvelopeReject> { Ok(()) }
    NextEnvelopeSequence "G-51" EncodingCorrectness "Every envelope has the same sequence."
        fn next_envelope_sequence(last: u64, limit: u64) -> Result<u64, SealRefusal> { Ok(1) }
    ForgeriesLeft "G-52" CorruptionRejection "The first envelope that does not open ends the session."
        fn forgeries_left(forged: u64, limit: u64) -> bool { forged == 0 }
    NonceIndex "G-53" EncodingCorrectness "Every nonce of a key is the same."
        fn nonce_index(sequence: u64) -> u64 { 1 }
    EnvelopeTag "G-54" CorruptionRejection "Tags are ignored."
        fn envelope_tag(verified: bool) -> Result<(), EnvelopeReject> { Ok(()) }
    EnvelopeClass "G-55" CorruptionRejection "An unknown class is data."
        fn envelope_class(byte: u8) -> Result<EnvelopeClass, EnvelopeReject> {
            Ok(EnvelopeClass::from_code(byte).unwrap_or(EnvelopeClass::Data))
        }
    EnvelopeHeader "G-56" CorruptionRejection "A class may travel in any kind of frame."
        fn envelope_header(class: EnvelopeClass, kind: FrameKind, is_final: bool) -> Result<(), EnvelopeReject> { Ok(()) }
    BoundBytes "G-57" EncodingCorrectness "Nothing is bound but the plaintext."
        fn bound_bytes(length: usize) -> usize { 0 }
    KeyBytes "G-58" CorruptionRejection "A key seals any number of bytes."
        fn key_bytes(worked: u64, more: u64, limit: u64) -> Result<u64, SealRefusal> { Ok(worked.saturating_add(more)) }
    GoesFirst "G-92" RuntimeIntegration "Nobody goes before another."
        fn goes_first(policy: PriorityPolicy, one: Waiting, other: Waiting) -> bool { false }
    ShareNext "G-93" RuntimeIntegration "What was queued counts against nobody."
        fn share_next(facts: ShareFacts) -> u32 { 0 }
    TurnLapsed "G-94" RuntimeIntegration "A turn waits for ever."
        fn turn_lapsed(waited_ticks: u32, retry_ticks: u32) -> bool { false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mutant_breaks_the_rule_of_its_number_and_name() {
        for mutant in MUTANTS {
            let rule = RULES.iter().find(|rule| rule.id == mutant.guard).expect("a rule with this number");
            assert_eq!(rule.name, mutant.name);
            assert!(mutant.sentence.ends_with('.'));
        }
        assert!(MUTANTS.is_sorted_by(|a, b| a.guard < b.guard));
    }
}
