//! Whether two peers fit together: the eleven rules, in their order, and what the two select.

use crate::vocab::{CapabilitySet, CarrierSet, FailReason, Suite, SuiteSet};

const fn verdict(holds: bool, reason: FailReason) -> Result<(), FailReason> {
    if holds { Ok(()) } else { Err(reason) }
}

/// Rule 1.
pub const fn profile_id(own: [u8; 8], peer: [u8; 8]) -> Result<(), FailReason> {
    verdict(u64::from_le_bytes(own) == u64::from_le_bytes(peer), FailReason::ProfileId)
}

/// Rule 2. An all-zero hash is no hash, so two of them are not equal.
pub const fn generation_hash(own: &[u8; 32], peer: &[u8; 32]) -> Result<(), FailReason> {
    let mut difference = 0;
    let mut content = 0;
    let mut left: &[u8] = own;
    let mut right: &[u8] = peer;
    while let ([a, more_left @ ..], [b, more_right @ ..]) = (left, right) {
        difference |= *a ^ *b;
        content |= *a;
        left = more_left;
        right = more_right;
    }
    verdict(difference == 0 && content != 0, FailReason::GenerationHash)
}

/// Rule 3.
pub const fn schema_version(own: u16, peer: u16) -> Result<(), FailReason> {
    verdict(own == peer, FailReason::SchemaVersion)
}

/// Rule 4.
pub const fn compiler_security_version(minimum: u16, peer: u16) -> Result<(), FailReason> {
    verdict(peer >= minimum, FailReason::CompilerSecurityVersion)
}

/// Rule 5.
pub const fn runtime_version(minimum: u16, peer: u16) -> Result<(), FailReason> {
    verdict(minimum <= peer, FailReason::RuntimeVersion)
}

/// Rule 6.
pub const fn suite(own: SuiteSet, peer: SuiteSet) -> Result<(), FailReason> {
    verdict(!own.intersection(peer).is_empty(), FailReason::Suite)
}

/// Rule 7. A known capability that is required but not offered is the floor's business.
pub const fn required_capability(peer_required: CapabilitySet) -> Result<(), FailReason> {
    verdict(CapabilitySet::KNOWN.contains(peer_required), FailReason::RequiredCapability)
}

/// Rule 8.
pub const fn carrier_family(own: CarrierSet, peer: CarrierSet) -> Result<(), FailReason> {
    verdict(!own.intersection(peer).intersection(CarrierSet::KNOWN).is_empty(), FailReason::CarrierFamily)
}

/// Rule 9.
pub const fn envelope_limit(needed: u16, peer_max: u16) -> Result<(), FailReason> {
    verdict(needed <= peer_max, FailReason::EnvelopeLimit)
}

/// Rule 10.
pub const fn stream_limit(needed: u16, peer_max: u16) -> Result<(), FailReason> {
    verdict(needed <= peer_max, FailReason::StreamLimit)
}

/// Rule 11.
pub const fn replay_window_limit(needed: u16, peer_max: u16) -> Result<(), FailReason> {
    verdict(needed <= peer_max, FailReason::ReplayWindowLimit)
}

/// What both offers have in common.
pub const fn select(own: CapabilitySet, peer: CapabilitySet) -> CapabilitySet {
    own.intersection(peer)
}

/// The floor holds whichever side dropped a bit.
pub const fn capability_floor(floor: CapabilitySet, selected: CapabilitySet) -> Result<(), FailReason> {
    verdict(selected.contains(floor), FailReason::CapabilityDowngrade)
}

/// Nothing is selected that was not offered by both.
pub const fn capability_offered(common: CapabilitySet, selected: CapabilitySet) -> Result<(), FailReason> {
    verdict(common.contains(selected), FailReason::CapabilityNotOffered)
}

/// Nothing is selected that was not offered by both.
pub const fn suite_offered(common: SuiteSet, selected: Suite) -> Result<(), FailReason> {
    verdict(common.has(selected), FailReason::Suite)
}
