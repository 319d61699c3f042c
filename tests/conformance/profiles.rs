//! Profiles by their numbers: the standard ones have the vectors' fields, and every field has its place in the hash.

use kurdistan::profile::{Large, Profile, ProfileId, SPEC_BYTES, Small, Spec, Standard, generation_hash};
use kurdistan::vocab::{
    CapabilitySet, CarrierSet, ChecksumClass, FragmentPolicy, PriorityPolicy, ReplayPolicy, SequencePolicy,
    SuiteSet,
};

use crate::table::{Section, sections};

#[test]
fn profiles_have_the_fields_and_hashes_of_the_vectors() {
    let all = sections(include_str!("../vectors/profiles.txt"));
    assert_eq!(all.len(), 4);
    for section in &all {
        let spec = spec(section);
        let committed = match section.heading() {
            "standard" => Some(Standard::SPEC),
            "small" => Some(Small::SPEC),
            "large" => Some(Large::SPEC),
            // Every byte of its encoding is another one, so that no two fields can change places.
            "distinct" => None,
            name => panic!("an unknown profile: {name}"),
        };
        assert_eq!(spec, committed.unwrap_or(spec), "{}", section.heading());
        assert_eq!(section.bytes("encoding").len(), SPEC_BYTES);
        assert_eq!(generation_hash(&spec), section.array("generation_hash"), "{}", section.heading());
    }
}

fn spec(section: &Section) -> Spec {
    Spec {
        id: ProfileId(section.array("id")),
        seed: section.int("seed"),
        schema_version: section.int("schema_version"),
        compiler_security_version: section.int("compiler_security_version"),
        compiler_security_min: section.int("compiler_security_min"),
        runtime_version_min: section.int("runtime_version_min"),
        checksum: section.code("checksum", ChecksumClass::from_code),
        hamming_distance: section.int("hamming_distance"),
        frame_bytes_max: section.int("frame_bytes_max"),
        payload_bytes_max: section.int("payload_bytes_max"),
        fragments_max: section.int("fragments_max"),
        fragment: section.code("fragment", FragmentPolicy::from_code),
        fragment_bytes: section.int("fragment_bytes"),
        envelope_bytes_max: section.int("envelope_bytes_max"),
        pipe_bytes_max: section.int("pipe_bytes_max"),
        pipe_frames_max: section.int("pipe_frames_max"),
        pipe_high_bytes: section.int("pipe_high_bytes"),
        pipe_low_bytes: section.int("pipe_low_bytes"),
        sequence: section.code("sequence", SequencePolicy::from_code),
        sequence_window: section.int("sequence_window"),
        replay: section.code("replay", ReplayPolicy::from_code),
        replay_width: section.int("replay_width"),
        reorder_max: section.int("reorder_max"),
        reassembly_ticks: section.int("reassembly_ticks"),
        streams_max: section.int("streams_max"),
        server_streams: section.int("server_streams"),
        stream_credit: section.int("stream_credit"),
        session_credit: section.int("session_credit"),
        priority: section.code("priority", PriorityPolicy::from_code),
        suites: SuiteSet::from_bits(section.int("suites")),
        carriers: CarrierSet::from_bits(section.int("carriers")),
        required: CapabilitySet::from_bits(section.int("required")),
        retry_ticks: section.int("retry_ticks"),
        retries_max: section.int("retries_max"),
        handshake_ticks: section.int("handshake_ticks"),
        ping_ticks: section.int("ping_ticks"),
        idle_ticks: section.int("idle_ticks"),
        drain_ticks: section.int("drain_ticks"),
    }
}
