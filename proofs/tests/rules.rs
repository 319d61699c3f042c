//! Reasons of refusals: every set of broken rules, every dropped capability, every bit without a name.

use kurdistan::vocab::{Capability, Role};
use proofs::rules::{Dropper, RULES, Requirer, all, optional};
use proofs::rules::{
    dropped, dropped_by_an_honest_side, every_set_of_broken_rules, nameless, not_offered, unknown_bits,
};

#[test]
fn the_first_broken_rule_is_the_reason() {
    let cases = every_set_of_broken_rules();
    println!("{cases} sets of broken rules, the sound one included, on two sides");
    assert_eq!((cases, RULES.len()), (4_096, 11));
}

#[test]
fn the_floor_holds_whoever_requires_and_whoever_drops() {
    let mut cases = 0;
    for capability in all() {
        for requirer in [Requirer::Profile, Requirer::Client, Requirer::Server] {
            for dropper in [Dropper::Client, Dropper::Server, Dropper::Selection] {
                dropped(capability, requirer, dropper);
                cases += 1;
            }
        }
    }
    println!("{cases} drops by a peer that signs them");
    assert_eq!(cases, 9 * all().count());
}

#[test]
fn nothing_is_selected_that_one_side_does_not_offer() {
    for capability in optional() {
        not_offered(capability, Role::Client);
        not_offered(capability, Role::Server);
    }
}

#[test]
fn honest_sides_that_do_not_fit_tell_each_other_why() {
    for capability in optional() {
        dropped_by_an_honest_side(capability, Role::Client);
        dropped_by_an_honest_side(capability, Role::Server);
    }
}

#[test]
fn bits_without_a_name_are_bound_and_harmless_unless_required() {
    let bits: Vec<_> = unknown_bits().collect();
    bits.iter().for_each(|bit| nameless(*bit));
    println!("{} bits", bits.len());
    assert_eq!(bits.len() + Capability::ALL.len(), 32);
}
