//! What each side tells of its profile and of itself.

use super::bytes::{HandshakeBytes, Reader};
use crate::vocab::{CapabilitySet, CarrierSet, HandshakeReject, SuiteSet};

/// Length of the block, in bytes.
pub const FACTS_BYTES: usize = 62;

/// The runtime facts of one side: both handshake messages carry the same block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Facts {
    /// Id of the profile.
    pub profile_id: [u8; 8],
    /// Hash of the whole profile.
    pub generation_hash: [u8; 32],
    /// Schema of the profile.
    pub schema_version: u16,
    /// Security version of the compiler that made the profile.
    pub compiler_security_version: u16,
    /// Version of the runtime.
    pub runtime_version: u16,
    /// Capabilities that this side offers, unknown bits included.
    pub offered: CapabilitySet,
    /// Capabilities that this side requires, the profile's included.
    pub required: CapabilitySet,
    /// Cipher suites that this side has.
    pub suites: SuiteSet,
    /// Carrier families that this side has.
    pub carriers: CarrierSet,
    /// Longest envelope that this side takes, in bytes.
    pub envelope_bytes_max: u16,
    /// Most streams that this side takes.
    pub streams_max: u16,
    /// Widest replay window that this side keeps, in envelopes.
    pub replay_window_max: u16,
}

impl Facts {
    pub(super) fn encode_into(&self, out: &mut HandshakeBytes) {
        out.put(&self.profile_id).put(&self.generation_hash);
        for version in [self.schema_version, self.compiler_security_version, self.runtime_version] {
            out.put(&version.to_le_bytes());
        }
        out.put(&self.offered.bits().to_le_bytes()).put(&self.required.bits().to_le_bytes());
        out.put(&[self.suites.bits(), self.carriers.bits()]);
        for limit in [self.envelope_bytes_max, self.streams_max, self.replay_window_max] {
            out.put(&limit.to_le_bytes());
        }
    }

    pub(super) fn decode_from(reader: &mut Reader<'_>) -> Result<Self, HandshakeReject> {
        Ok(Self {
            profile_id: reader.array()?,
            generation_hash: reader.array()?,
            schema_version: u16::from_le_bytes(reader.array()?),
            compiler_security_version: u16::from_le_bytes(reader.array()?),
            runtime_version: u16::from_le_bytes(reader.array()?),
            offered: CapabilitySet::from_bits(u32::from_le_bytes(reader.array()?)),
            required: CapabilitySet::from_bits(u32::from_le_bytes(reader.array()?)),
            suites: SuiteSet::from_bits(reader.byte()?),
            carriers: CarrierSet::from_bits(reader.byte()?),
            envelope_bytes_max: u16::from_le_bytes(reader.array()?),
            streams_max: u16::from_le_bytes(reader.array()?),
            replay_window_max: u16::from_le_bytes(reader.array()?),
        })
    }
}
