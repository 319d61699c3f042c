//! A second session in the memory of the first, and the times that begin with it.

use kurdistan::StandardMemory;
use kurdistan::endpoint::Read;
use kurdistan::profile::{Fixed, Profile, Standard};
use kurdistan::secure::Fresh;
use kurdistan::vocab::{CloseReason, FailReason, Lifecycle, Role};

use crate::pair::{Pair, config};

type Standards = Pair<Fixed<Standard>, StandardMemory>;

#[test]
fn nothing_of_a_session_is_left_in_the_next_one() {
    let mut pair = Standards::open(Fixed::new());
    let stream = pair.client.open_stream().unwrap();
    pair.client.send(pair.now, stream, &mut { *b"of the first session" }).unwrap();
    pair.settle();
    pair.client.close(pair.now, CloseReason::Done);
    pair.settle();
    assert_eq!((pair.states(), pair.server.readable()), ([Lifecycle::Closed; 2], Some(stream)), "unread");
    for (role, byte) in [(Role::Server, 4), (Role::Client, 3)] {
        let now = pair.now;
        pair.side(role).start(now, config(role), Fresh::from_random([byte; 32])).unwrap();
        assert_eq!(pair.side(role).readable(), None);
    }
    pair.settle();
    assert_eq!((pair.states(), pair.server.readable()), ([Lifecycle::Open; 2], None));
    assert!(matches!(pair.server.read(stream), Read::NoStream));
    assert_eq!(pair.client.open_stream(), Ok(stream), "ids begin anew");
    pair.client.send(pair.now, stream, &mut { *b"of the second" }).unwrap();
    pair.settle();
    assert!(matches!(pair.server.read(stream), Read::Message(b"of the second")));
}

#[test]
fn silence_is_counted_from_the_moment_a_session_opens() {
    let mut pair = Standards::new(Fixed::new());
    pair.now = pair.now.plus(Standard::SPEC.handshake_ticks - 1);
    pair.settle();
    assert_eq!(pair.states(), [Lifecycle::Open; 2]);
    let opened = pair.now;
    pair.server.poll(opened.plus(Standard::SPEC.idle_ticks - 1));
    assert_eq!(pair.server.lifecycle(), Some(Lifecycle::Open));
    pair.server.poll(opened.plus(Standard::SPEC.idle_ticks));
    assert_eq!(pair.server.failure().map(|failure| failure.reason), Some(FailReason::Idle));
}
