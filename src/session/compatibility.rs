//! What this side tells of itself, and what it demands of the peer.

use super::Config;
use super::suite_order::SuiteOrder;
use crate::guard::Guards;
use crate::profile::{Policy, RUNTIME_VERSION, Spec};
use crate::vocab::{CapabilitySet, FailReason, Failure, Suite};
use crate::wire::Facts;

/// What both sides have agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Selection {
    /// The capabilities that both offer.
    pub capabilities: CapabilitySet,
    /// The cipher suite.
    pub suite: Suite,
}

/// The facts of this side.
pub(super) fn own_facts<P: Policy>(policy: &P, config: &Config, generation_hash: [u8; 32]) -> Facts {
    let spec = policy.spec();
    Facts {
        profile_id: spec.id.0,
        generation_hash,
        schema_version: spec.schema_version,
        compiler_security_version: spec.compiler_security_version,
        runtime_version: RUNTIME_VERSION,
        offered: config.offers::<P>(),
        required: config.floor(spec),
        suites: config.suites_of(spec),
        carriers: spec.carriers,
        envelope_bytes_max: spec.envelope_bytes_max,
        streams_max: u16::from(config.streams(spec)),
        replay_window_max: spec.replay_width,
    }
}

/// The eleven compatibility rules, in order, for these selected capabilities; the first that fails is the reason. Rule 7 has three
/// parts: what the peer requires is known, what is selected holds the floor, and all of it was offered.
pub(super) fn compatible<R: Guards>(
    rules: &R,
    spec: &Spec,
    own: &Facts,
    peer: &Facts,
    selected: CapabilitySet,
) -> Result<(), Failure> {
    versions(rules, spec, own, peer).map_err(Failure::local)?;
    selectable(rules, own, peer, selected)?;
    limits(rules, own, peer, selected).map_err(Failure::local)
}

/// Rules 1 to 6, and what of rule 7 is about the peer alone.
fn versions<R: Guards>(rules: &R, spec: &Spec, own: &Facts, peer: &Facts) -> Result<(), FailReason> {
    rules.profile_id(own.profile_id, peer.profile_id)?;
    rules.generation_hash(&own.generation_hash, &peer.generation_hash)?;
    rules.schema_version(own.schema_version, peer.schema_version)?;
    rules.compiler_security_version(spec.compiler_security_min, peer.compiler_security_version)?;
    rules.runtime_version(spec.runtime_version_min, peer.runtime_version)?;
    rules.suite(own.suites, peer.suites)?;
    rules.required_capability(peer.required)
}

/// Rules 8 to 11.
fn limits<R: Guards>(
    rules: &R,
    own: &Facts,
    peer: &Facts,
    selected: CapabilitySet,
) -> Result<(), FailReason> {
    let [ours, theirs] = [own, peer].map(|side| rules.carriers_allowed(selected, side.carriers));
    rules.carrier_family(ours, theirs)?;
    rules.envelope_limit(own.envelope_bytes_max, peer.envelope_bytes_max)?;
    rules.stream_limit(own.streams_max, peer.streams_max)?;
    rules.replay_window_limit(own.replay_window_max, peer.replay_window_max)
}

/// Whether these capabilities may be selected. Both sides ask it, so the floor holds whoever dropped a bit.
fn selectable<R: Guards>(
    rules: &R,
    own: &Facts,
    peer: &Facts,
    selected: CapabilitySet,
) -> Result<(), Failure> {
    let floor = own.required.union(peer.required);
    let common = rules.select(own.offered, peer.offered);
    let verdict =
        rules.capability_floor(floor, selected).and_then(|()| rules.capability_offered(common, selected));
    verdict.map_err(|reason| Failure { floor, selected, ..Failure::local(reason) })
}

/// The server's choice: the first suite of its order that both have.
pub(super) fn choose_suite(order: &SuiteOrder, own: &Facts, peer: &Facts) -> Option<Suite> {
    order.first_of(own.suites.intersection(peer.suites))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::{Capability, CarrierSet, SuiteSet};

    fn facts(suites: u8) -> Facts {
        Facts {
            profile_id: [0; 8],
            generation_hash: [0; 32],
            schema_version: 1,
            compiler_security_version: 1,
            runtime_version: 1,
            offered: CapabilitySet::KNOWN,
            required: CapabilitySet::EMPTY,
            suites: SuiteSet::from_bits(suites),
            carriers: CarrierSet::KNOWN,
            envelope_bytes_max: 1,
            streams_max: 1,
            replay_window_max: 1,
        }
    }

    #[test]
    fn a_suite_is_chosen_that_both_have_and_this_version_knows() {
        for (own, peer, chosen) in
            [(1, 1, true), (1, 0, false), (0, 1, false), (0x80, 0x80, false), (0x81, 0xff, true)]
        {
            let found = choose_suite(&SuiteOrder::compiled(), &facts(own), &facts(peer));
            assert_eq!(found, chosen.then_some(Suite::ChaCha20Poly1305), "{own:#x} {peer:#x}");
        }
    }

    #[test]
    fn the_floor_is_what_either_side_requires() {
        let of = |capability| CapabilitySet::of(&[capability]);
        let own = Facts { required: of(Capability::MultiStream), ..facts(1) };
        let peer = Facts { required: of(Capability::ReplayWindow), ..facts(1) };
        let floor = own.required.union(peer.required);
        let judge = |selected| selectable(&crate::guard::Sound, &own, &peer, selected);
        assert_eq!([judge(floor), judge(CapabilitySet::KNOWN)], [Ok(()); 2]);
        for selected in [own.required, peer.required, CapabilitySet::EMPTY] {
            let failure = Failure { floor, selected, ..Failure::local(FailReason::CapabilityDowngrade) };
            assert_eq!(judge(selected), Err(failure));
        }
        let selected = floor.union(CapabilitySet::from_bits(1 << 31));
        let failure = Failure { floor, selected, ..Failure::local(FailReason::CapabilityNotOffered) };
        assert_eq!(judge(selected), Err(failure));
    }
}
