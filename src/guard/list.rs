//! The numbered list: one line a rule. The trait, its defaults and the table of sentences all come from it.

use super::{
    capability, compatibility, disclose, envelope, fragment, frame, identity, lifecycle, manager, pipe,
    reassembly, sequence, stream,
};
use crate::vocab::*;

/// One row of the list of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rule {
    /// The number, as `G-01`.
    pub id: &'static str,
    /// The method of [`Guards`].
    pub name: &'static str,
    /// What must hold, in one sentence.
    pub sentence: &'static str,
}

macro_rules! guards {
    ($($id:literal $sentence:literal fn $name:ident($($arg:ident: $type:ty),* $(,)?) -> $out:ty = $body:path;)+) => {
        /// Every rule that must hold, as a method with a number. The trait is sealed: policies of this crate implement it.
        pub trait Guards: super::sealed::Sealed {
            $(
                #[doc = concat!("**", $id, "** ", $sentence)]
                #[inline]
                fn $name(&self, $($arg: $type),*) -> $out { $body($($arg),*) }
            )+
        }

        /// Every rule with its number and sentence, in order.
        pub const RULES: &[Rule] = &[$(Rule { id: $id, name: stringify!($name), sentence: $sentence },)+];
    };
}

guards! {
    // frame
    "G-01" "A frame is of version 1." fn frame_version(byte: u8) -> Result<(), FrameReject> = frame::frame_version;
    "G-02" "A frame has the pinned checksum class." fn checksum_class(byte: u8, pinned: Option<ChecksumClass>) -> Result<ChecksumClass, FrameReject> = frame::checksum_class;
    "G-03" "A slice holds exactly the bytes that its header declares." fn declared_length(found: usize, declared: usize) -> Result<(), FrameReject> = frame::declared_length;
    "G-04" "No frame is longer than the limit." fn frame_size(bytes: usize, max: usize) -> Result<(), FrameReject> = frame::frame_size;
    "G-05" "A frame's checksum is that of its bytes." fn checksum(computed: u32, carried: u32) -> Result<(), FrameReject> = frame::checksum;
    "G-06" "A frame has a known kind." fn frame_kind(byte: u8) -> Result<FrameKind, FrameReject> = frame::frame_kind;
    "G-07" "Reserved flags are zero, reset stands on resets only, final on the last fragment of data only." fn flags(bits: u8, kind: FrameKind, index: u8, count: u8) -> Result<(), FrameReject> = frame::flags;
    "G-08" "A frame travels the way it was sent." fn frame_direction(bits: u8, expected: Option<Direction>) -> Result<Direction, FrameReject> = frame::frame_direction;
    "G-09" "A frame has a known metadata class." fn metadata_class(byte: u8) -> Result<MetadataClass, FrameReject> = frame::metadata_class;
    "G-10" "No payload is longer than the limit." fn payload_size(bytes: usize, max: usize) -> Result<(), FrameReject> = frame::payload_size;
    "G-11" "A message has 1 to the limit of fragments, and only data has several." fn fragment_count(count: u8, max: u8, kind: FrameKind) -> Result<(), FrameReject> = frame::fragment_count;
    "G-12" "A fragment's index is below its count." fn fragment_index(index: u8, count: u8) -> Result<(), FrameReject> = frame::fragment_index;
    "G-13" "A fragment's offset is 0 exactly when its index is, and a message ends below 65,536." fn fragment_offset(index: u8, count: u8, offset: u16, bytes: usize) -> Result<(), FrameReject> = frame::fragment_offset;
    "G-14" "A frame names a stream exactly where its kind allows one." fn stream_id(stream: u32, kind: FrameKind) -> Result<(), FrameReject> = frame::stream_id;
    "G-15" "A frame's sequence is above its index, and never the reserved last one." fn frame_sequence(sequence: u64, index: u8) -> Result<(), FrameReject> = frame::frame_sequence;
    // fragment, pipe, sequence, reassembly
    "G-20" "A fragment's length follows its policy." fn fragment_bytes(policy: FragmentPolicy, remaining: usize, payload_max: usize, fixed: usize) -> usize = fragment::fragment_bytes;
    "G-21" "A message has no more fragments than the limit." fn fragments_within(count: usize, max: u8) -> bool = fragment::fragments_within;
    "G-22" "Frame sequences rise by one per frame and end before the last number." fn next_frame_sequence(last: u64, count: u8) -> Option<u64> = fragment::next_frame_sequence;
    "G-23" "A pipe takes all of a message or nothing, and nothing when it is reset or closed." fn pipe_write(facts: pipe::PipeFacts) -> Result<(), PipeRefusal> = pipe::pipe_write;
    "G-24" "Data leaves room for one control frame." fn control_reserve(kind: FrameKind, control_bytes: usize) -> usize = pipe::control_reserve;
    "G-25" "Pressure rises at the high water mark and clears at the low one." fn water_mark(raised: bool, queued: usize, high: usize, low: usize) -> bool = pipe::water_mark;
    "G-26" "A frame is neither old nor a duplicate, nor too far ahead, nor after the end." fn sequence(facts: sequence::SequenceFacts) -> Result<(), SequenceReject> = sequence::sequence;
    "G-27" "Groups are bounded in all and by stream." fn group_room(room: reassembly::GroupRoom) -> Result<(), GroupReject> = reassembly::group_room;
    "G-28" "A fragment has its group's count, kind and metadata." fn group_match(same: bool) -> Result<(), GroupReject> = reassembly::group_match;
    "G-29" "A fragment's index is below its group's count." fn index_within(index: u8, count: u8) -> Result<(), GroupReject> = reassembly::index_within;
    "G-30" "A fragment is taken once, and one with other bytes condemns its group." fn duplicate_fragment(present: bool, same_bytes: bool) -> Result<(), GroupReject> = reassembly::duplicate_fragment;
    "G-31" "Fragments neither overlap nor leave holes." fn overlap(before: Option<reassembly::Neighbour>, start: usize, end: usize, after: Option<reassembly::Neighbour>) -> Result<(), GroupReject> = reassembly::overlap;
    "G-32" "Where the order is strict, fragments come one after the other." fn fragment_order(policy: SequencePolicy, index: u8, received: u8) -> Result<(), GroupReject> = reassembly::fragment_order;
    "G-33" "A message fits its slot." fn group_bytes(end: usize, max: usize) -> Result<(), GroupReject> = reassembly::group_bytes;
    "G-34" "A group past its deadline takes nothing more." fn group_deadline(overdue: bool) -> Result<(), GroupReject> = reassembly::group_deadline;
    "G-35" "What a peer has told of its pressure lapses." fn pressure_lapsed(told_ticks: u32, ping_ticks: u32) -> bool = pipe::pressure_lapsed;
    // capability; G-78 belongs to them as well
    "G-40" "An envelope is of a class that the selected capabilities allow." fn class_allowed(selected: CapabilitySet, class: EnvelopeClass) -> bool = capability::class_allowed;
    "G-41" "Without carrier_loss_recovery frames keep their order." fn order_allowed(selected: CapabilitySet, order: SequencePolicy) -> SequencePolicy = capability::order_allowed;
    "G-42" "Without carrier_abstraction there is one carrier, an ordered stream." fn carriers_allowed(selected: CapabilitySet, carriers: CarrierSet) -> CarrierSet = capability::carriers_allowed;
    // handshake and manager
    "G-43" "A stored frame is repeated only for a frame that is not shorter." fn answer_fits(answer_bytes: usize, question_bytes: usize) -> bool = identity::answer_fits;
    "G-44" "A hello travels under the class that its binder begins with." fn hello_class(class: u16, binder_start: u16) -> bool = identity::hello_class;
    "G-45" "There are as many sessions as the configuration says." fn session_room(live: usize, max: u8) -> bool = manager::session_room;
    "G-46" "A handshake that waits keeps its place for the time that a present peer takes to answer." fn half_open_yields(waited_ticks: u32, retry_ticks: u32) -> bool = manager::half_open_yields;
    "G-47" "A session ends for a new one only when that has been confirmed, for the same secret and peer." fn supersedes(same_secret: bool, same_peer: bool) -> bool = manager::supersedes;
    "G-48" "Freshness draws on the source that the configuration trusts." fn nonce_source(drawn: NonceSource, trusted: NonceSource) -> bool = identity::nonce_source;
    // envelope
    "G-50" "No envelope opens twice, and none that is too old to tell." fn replay(facts: envelope::ReplayFacts) -> Result<(), EnvelopeReject> = envelope::replay;
    "G-51" "Envelope sequences rise by one and end at the limit of the key." fn next_envelope_sequence(last: u64, limit: u64) -> Result<u64, SealRefusal> = envelope::next_envelope_sequence;
    "G-52" "A key that has refused its limit of forgeries is used up." fn forgeries_left(forged: u64, limit: u64) -> bool = envelope::forgeries_left;
    "G-53" "A nonce is made of its sequence." fn nonce_index(sequence: u64) -> u64 = envelope::nonce_index;
    "G-54" "An envelope opens only when its tag verifies." fn envelope_tag(verified: bool) -> Result<(), EnvelopeReject> = envelope::envelope_tag;
    "G-55" "An envelope has a known class and a zero phase bit." fn envelope_class(byte: u8) -> Result<EnvelopeClass, EnvelopeReject> = envelope::envelope_class;
    "G-56" "A class travels in its own kind of frame, with the final flag exactly on what ends a stream." fn envelope_header(class: EnvelopeClass, kind: FrameKind, is_final: bool) -> Result<(), EnvelopeReject> = envelope::envelope_header;
    "G-57" "All of the associated data is bound." fn bound_bytes(length: usize) -> usize = envelope::bound_bytes;
    "G-58" "A key seals no more bytes than its suite allows." fn key_bytes(worked: u64, more: u64, limit: u64) -> Result<u64, SealRefusal> = envelope::key_bytes;
    // compatibility and identity
    "G-60" "Both peers name the same profile." fn profile_id(own: [u8; 8], peer: [u8; 8]) -> Result<(), FailReason> = compatibility::profile_id;
    "G-61" "Both peers hold the same profile, byte for byte, and not none." fn generation_hash(own: &[u8; 32], peer: &[u8; 32]) -> Result<(), FailReason> = compatibility::generation_hash;
    "G-62" "Both peers use the same schema version." fn schema_version(own: u16, peer: u16) -> Result<(), FailReason> = compatibility::schema_version;
    "G-63" "The peer's compiler security version is not below the profile's minimum." fn compiler_security_version(minimum: u16, peer: u16) -> Result<(), FailReason> = compatibility::compiler_security_version;
    "G-64" "The peer's runtime version is not below the profile's minimum." fn runtime_version(minimum: u16, peer: u16) -> Result<(), FailReason> = compatibility::runtime_version;
    "G-65" "The peers have a cipher suite in common." fn suite(own: SuiteSet, peer: SuiteSet) -> Result<(), FailReason> = compatibility::suite;
    "G-66" "Every capability that the peer requires is one that this version knows." fn required_capability(peer_required: CapabilitySet) -> Result<(), FailReason> = compatibility::required_capability;
    "G-67" "The peers have a carrier family in common." fn carrier_family(own: CarrierSet, peer: CarrierSet) -> Result<(), FailReason> = compatibility::carrier_family;
    "G-68" "The peer takes envelopes as large as the profile's." fn envelope_limit(needed: u16, peer_max: u16) -> Result<(), FailReason> = compatibility::envelope_limit;
    "G-69" "The peer takes as many streams as the profile has." fn stream_limit(needed: u16, peer_max: u16) -> Result<(), FailReason> = compatibility::stream_limit;
    "G-70" "The peer's replay window is as wide as the profile's." fn replay_window_limit(needed: u16, peer_max: u16) -> Result<(), FailReason> = compatibility::replay_window_limit;
    "G-71" "What is selected is what both peers offer." fn select(own: CapabilitySet, peer: CapabilitySet) -> CapabilitySet = compatibility::select;
    "G-72" "What is selected contains all that the profile, the client and the server require." fn capability_floor(floor: CapabilitySet, selected: CapabilitySet) -> Result<(), FailReason> = compatibility::capability_floor;
    "G-73" "Nothing is selected that was not offered by both." fn capability_offered(common: CapabilitySet, selected: CapabilitySet) -> Result<(), FailReason> = compatibility::capability_offered;
    "G-74" "The peer is neither this side itself nor anyone but the expected one." fn peer_identity(facts: identity::PeerIdentity) -> Result<(), FailReason> = identity::peer_identity;
    "G-75" "A hello shorter than the longest accept is not answered." fn hello_length(length: usize, minimum: usize) -> Result<(), HandshakeReject> = identity::hello_length;
    "G-76" "A hello counts only when its binder verifies." fn binder(verified: bool) -> Result<(), HandshakeReject> = identity::binder;
    "G-77" "A handshake message counts only when its tag verifies." fn handshake_tag(verified: bool) -> Result<(), HandshakeReject> = identity::handshake_tag;
    "G-78" "Without multi_stream a side has one stream at a time, without adapter_interface a server has none." fn streams_allowed(selected: CapabilitySet, opener: Role, limit: u8) -> u8 = capability::streams_allowed;
    "G-79" "The suite that is selected is one that both peers offer." fn suite_offered(common: SuiteSet, selected: Suite) -> Result<(), FailReason> = compatibility::suite_offered;
    // lifecycle and streams
    "G-80" "Only the edges of the transition table are taken." fn next_state(state: Lifecycle, event: LifecycleEvent, role: Role) -> Option<Lifecycle> = lifecycle::next_state;
    "G-81" "A session closes only when both closes have crossed and the counts match." fn close_complete(facts: lifecycle::CloseFacts) -> Result<bool, FailReason> = lifecycle::close_complete;
    "G-82" "Data that is missing for longer than reordering explains ends the session." fn gap_overdue(sealed_by_peer: u64, opened: u64, overdue: bool) -> Result<(), FailReason> = lifecycle::gap_overdue;
    "G-83" "Silence ends a session at its idle limit." fn idle(silent_ticks: u32, idle_ticks: u32) -> Result<(), FailReason> = lifecycle::idle;
    "G-84" "A handshake ends at its deadline." fn handshake_deadline(waited_ticks: u32, handshake_ticks: u32) -> Result<(), FailReason> = lifecycle::handshake_deadline;
    "G-85" "A message is sent only when credit covers it." fn credit_to_send(facts: stream::CreditFacts) -> bool = stream::credit_covers;
    "G-86" "A message is taken only when credit covered it." fn credit_to_receive(facts: stream::CreditFacts) -> bool = stream::credit_covers;
    "G-87" "Reading returns exactly the credit of what was read." fn credit_limit(consumed: u64, stream_credit: u8) -> u64 = stream::credit_limit;
    "G-88" "Credit only grows, and never beyond what was sent plus a stream's credit." fn credit_next(current: u64, told: u64, sent: u64, stream_credit: u8) -> u64 = stream::credit_next;
    "G-89" "Odd streams are the client's, even ones the server's." fn opened_by(stream: u32) -> Option<Role> = stream::opened_by;
    "G-90" "Stream ids grow strictly and are never used again." fn next_stream(last: u32, role: Role) -> Option<u32> = stream::next_stream;
    "G-91" "The end of a stream counts what was delivered before it." fn final_count(told: u64, delivered: u64) -> Result<(), FailReason> = stream::final_count;
    "G-92" "Of the streams that wait for room, the policy says which goes first." fn goes_first(policy: PriorityPolicy, one: stream::Waiting, other: stream::Waiting) -> bool = stream::goes_first;
    "G-93" "What a stream has queued counts against its weight, and silence saves nothing." fn share_next(facts: stream::ShareFacts) -> u32 = stream::share_next;
    "G-94" "A turn that nobody uses lapses." fn turn_lapsed(waited_ticks: u32, retry_ticks: u32) -> bool = stream::turn_lapsed;
    // disclose
    "G-95" "A size is told as a bucket." fn disclose_size(bytes: usize) -> SizeBucket = disclose::disclose_size;
    "G-96" "A stream is told by its low four bits." fn disclose_stream(stream: u32) -> u8 = disclose::disclose_stream;
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn numbers_rise_strictly_and_every_rule_has_a_sentence() {
        for pair in RULES.windows(2) {
            assert!(pair[0].id < pair[1].id, "{} before {}", pair[0].id, pair[1].id);
        }
        assert!(RULES.iter().all(|rule| rule.sentence.ends_with('.')));
    }
}
