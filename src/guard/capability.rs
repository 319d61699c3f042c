//! What works only with a capability that both sides have selected.

use crate::vocab::{
    Capability, CapabilitySet, CarrierFamily, CarrierSet, EnvelopeClass, Role, SequencePolicy,
};

/// Without `multi_stream` one stream of a side is open at a time; without `adapter_interface` a server has no flows of its own.
pub const fn streams_allowed(selected: CapabilitySet, opener: Role, limit: u8) -> u8 {
    let local = matches!(opener, Role::Client) || selected.has(Capability::AdapterInterface);
    match (local, selected.has(Capability::MultiStream)) {
        (false, _) => 0,
        (true, false) if limit > 1 => 1,
        (true, _) => limit,
    }
}

/// Without `proxy_semantics` a stream ends cleanly or with its session; without `carrier_backpressure` nobody tells pressure.
pub const fn class_allowed(selected: CapabilitySet, class: EnvelopeClass) -> bool {
    match class {
        EnvelopeClass::Error | EnvelopeClass::Reset => selected.has(Capability::ProxySemantics),
        EnvelopeClass::Pressure => selected.has(Capability::CarrierBackpressure),
        _ => true,
    }
}

/// Without `carrier_loss_recovery` the link is one that keeps the order, and frames that come out of it are refused.
pub const fn order_allowed(selected: CapabilitySet, order: SequencePolicy) -> SequencePolicy {
    if selected.has(Capability::CarrierLossRecovery) { order } else { SequencePolicy::Strict }
}

/// Without `carrier_abstraction` there is one carrier, an ordered stream.
pub const fn carriers_allowed(selected: CapabilitySet, carriers: CarrierSet) -> CarrierSet {
    if selected.has(Capability::CarrierAbstraction) {
        return carriers;
    }
    carriers.intersection(CarrierSet::of(&[CarrierFamily::Stream]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(capability: Capability) -> CapabilitySet {
        CapabilitySet::KNOWN.difference(CapabilitySet::of(&[capability]))
    }

    #[test]
    fn streams_need_two_capabilities() {
        let allowed = |selected| {
            [Role::Client, Role::Server]
                .map(|role| [0, 1, 5].map(|limit| streams_allowed(selected, role, limit)))
        };
        assert_eq!(allowed(CapabilitySet::KNOWN), [[0, 1, 5]; 2]);
        assert_eq!(allowed(without(Capability::MultiStream)), [[0, 1, 1]; 2]);
        assert_eq!(allowed(without(Capability::AdapterInterface)), [[0, 1, 5], [0; 3]]);
        assert_eq!(allowed(CapabilitySet::EMPTY), [[0, 1, 1], [0; 3]]);
    }

    #[test]
    fn a_class_needs_its_own_capability_and_no_other() {
        let lost = |selected| -> [bool; 9] {
            core::array::from_fn(|place| !class_allowed(selected, EnvelopeClass::ALL[place]))
        };
        for capability in Capability::ALL {
            let expected = core::array::from_fn(|place| match EnvelopeClass::ALL[place] {
                EnvelopeClass::Error | EnvelopeClass::Reset => *capability == Capability::ProxySemantics,
                EnvelopeClass::Pressure => *capability == Capability::CarrierBackpressure,
                _ => false,
            });
            assert_eq!(lost(without(*capability)), expected, "{capability}");
        }
    }

    #[test]
    fn order_and_carriers_need_theirs() {
        use SequencePolicy::{Strict, Windowed};
        let orders = |selected| [Strict, Windowed].map(|order| order_allowed(selected, order));
        assert_eq!(orders(CapabilitySet::KNOWN), [Strict, Windowed]);
        assert_eq!(orders(without(Capability::CarrierLossRecovery)), [Strict, Strict]);
        let all = CarrierSet::KNOWN;
        assert_eq!(carriers_allowed(CapabilitySet::KNOWN, all), all);
        let stream = CarrierSet::of(&[CarrierFamily::Stream]);
        assert_eq!(carriers_allowed(without(Capability::CarrierAbstraction), all), stream);
        let message = CarrierSet::of(&[CarrierFamily::Message]);
        assert!(carriers_allowed(without(Capability::CarrierAbstraction), message).is_empty());
    }
}
