//! The canonical binary encoding of a [`Spec`], and its hash.
//! The normative text stands in the documentation of the folder.

use arrayvec::ArrayVec;
use sha2::{Digest, Sha256};

use super::Spec;

/// Length of the canonical encoding, in bytes.
pub const SPEC_BYTES: usize = 93;

struct Encoder(ArrayVec<u8, SPEC_BYTES>);

impl Encoder {
    fn put(&mut self, bytes: &[u8]) -> &mut Self {
        // The capacity is exact: a unit test holds the sum of the widths to it.
        let fits = self.0.try_extend_from_slice(bytes).is_ok();
        debug_assert!(fits, "SPEC_BYTES is too small");
        self
    }
}

fn encode(spec: &Spec) -> ArrayVec<u8, SPEC_BYTES> {
    let mut out = Encoder(ArrayVec::new());
    out.put(&spec.id.0).put(&spec.seed.to_le_bytes());
    for version in [
        spec.schema_version,
        spec.compiler_security_version,
        spec.compiler_security_min,
        spec.runtime_version_min,
    ] {
        out.put(&version.to_le_bytes());
    }
    out.put(&[spec.checksum.code(), spec.hamming_distance]);
    out.put(&spec.frame_bytes_max.to_le_bytes()).put(&spec.payload_bytes_max.to_le_bytes());
    out.put(&[spec.fragments_max, spec.fragment.code()]);
    out.put(&spec.fragment_bytes.to_le_bytes()).put(&spec.envelope_bytes_max.to_le_bytes());
    out.put(&spec.pipe_bytes_max.to_le_bytes()).put(&spec.pipe_frames_max.to_le_bytes());
    out.put(&spec.pipe_high_bytes.to_le_bytes()).put(&spec.pipe_low_bytes.to_le_bytes());
    out.put(&[spec.sequence.code(), spec.sequence_window, spec.replay.code()]);
    out.put(&spec.replay_width.to_le_bytes()).put(&spec.reorder_max.to_le_bytes());
    out.put(&spec.reassembly_ticks.to_le_bytes());
    out.put(&[spec.streams_max, spec.server_streams, spec.stream_credit, spec.session_credit]);
    out.put(&[spec.priority.code()]);
    out.put(&[spec.suites.bits(), spec.carriers.bits()]).put(&spec.required.bits().to_le_bytes());
    out.put(&spec.retry_ticks.to_le_bytes()).put(&[spec.retries_max]);
    for ticks in [spec.handshake_ticks, spec.ping_ticks, spec.idle_ticks, spec.drain_ticks] {
        out.put(&ticks.to_le_bytes());
    }
    out.0
}

/// The generation hash of a profile: two peers compare it before anything else that the profile says.
#[must_use]
pub fn generation_hash(spec: &Spec) -> [u8; 32] {
    let encoding = encode(spec);
    let length = u16::try_from(encoding.len()).unwrap_or(u16::MAX);
    Sha256::new()
        .chain_update(b"kurdistan/1 profile")
        .chain_update(length.to_le_bytes())
        .chain_update(&encoding)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::super::{Large, Profile, Small, Standard};
    use super::*;

    #[test]
    fn the_encoding_has_its_exact_length() {
        assert_eq!(encode(&Standard::SPEC).len(), SPEC_BYTES);
    }

    #[test]
    fn profiles_that_differ_hash_apart() {
        let hashes = [Standard::SPEC, Small::SPEC, Large::SPEC].map(|spec| generation_hash(&spec));
        assert_ne!(hashes[0], hashes[1]);
        assert_ne!(hashes[1], hashes[2]);
        let mut other = Standard::SPEC;
        other.drain_ticks += 1;
        assert_ne!(generation_hash(&other), hashes[0]);
    }
}
