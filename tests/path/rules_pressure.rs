//! What the peer tells of its pressure: noted once, lapsing, and nothing but advice.

use kurdistan::StandardMemory;
use kurdistan::endpoint::Reject;
use kurdistan::observe::Event;
use kurdistan::profile::{Fixed, Profile, Standard};
use kurdistan::vocab::{EnvelopeClass, FailReason, Role, Ticks};

use crate::rogue::Rogue;

type Standards = Rogue<Fixed<Standard>, StandardMemory>;

const PING: u32 = Standard::SPEC.ping_ticks;

fn told(rogue: &mut Standards) -> Vec<bool> {
    let events = core::iter::from_fn(|| rogue.side.poll_event());
    let pressed = events.filter_map(|event| match event {
        Event::PeerPressure(raised) => Some(raised),
        _ => None,
    });
    pressed.collect()
}

#[test]
fn a_word_of_pressure_is_noted_when_it_changes_something() {
    let mut rogue = Standards::new(Fixed::new(), Role::Client);
    for (raised, noted) in [(0, &[][..]), (1, &[true]), (1, &[]), (0, &[false]), (0, &[]), (1, &[true])] {
        assert_eq!(rogue.say(EnvelopeClass::Pressure, 0, &[raised]), Ok(()));
        assert_eq!(told(&mut rogue), noted, "{raised}");
        assert_eq!(rogue.side.peer_pressure(), raised == 1);
    }
    let violation = Err(Reject::Fatal(FailReason::PeerViolation));
    assert_eq!(rogue.say(EnvelopeClass::Pressure, 0, &[2]), violation);
}

#[test]
fn it_lapses_at_its_tick_unless_it_is_told_again() {
    let mut rogue = Standards::new(Fixed::new(), Role::Client);
    let start = rogue.now;
    rogue.say(EnvelopeClass::Pressure, 0, &[1]).unwrap();
    assert_eq!(rogue.side.next_deadline(), Some(start.plus(PING)));
    rogue.now = start.plus(PING - 1);
    rogue.side.poll(rogue.now);
    assert!(rogue.side.peer_pressure());
    rogue.say(EnvelopeClass::Pressure, 0, &[1]).unwrap();
    rogue.now = start.plus(2 * PING - 2);
    rogue.side.poll(rogue.now);
    assert!(rogue.side.peer_pressure(), "it was told again");
    assert_eq!(rogue.side.next_deadline(), Some(start.plus(2 * PING - 1)));
    rogue.now = start.plus(2 * PING - 1);
    rogue.side.poll(rogue.now);
    assert!(!rogue.side.peer_pressure());
    assert_eq!(told(&mut rogue), [true, false]);
    assert_ne!(rogue.side.next_deadline(), Some(Ticks(rogue.now.0)), "no deadline stays behind");
}
