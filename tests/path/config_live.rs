//! Each field of a configuration that is accepted changes what happens.

use kurdistan::profile::{Fixed, Standard};
use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::Config;
use kurdistan::vocab::{FailReason, HandshakeReject, Lifecycle, Role, Ticks};
use kurdistan::{Endpoint, StandardMemory};

use crate::pair::{Pair, config, id};

type Standards = Pair<Fixed<Standard>, StandardMemory>;

/// A pair of these configurations, as far as it gets without time.
fn pair(client: Config, server: Config) -> Standards {
    let mut pair = Standards::new(Fixed::new());
    for (config, byte) in [(server, 2), (client, 1)] {
        let now = pair.now;
        let side = pair.side(config.role());
        *side = Endpoint::vacant(Fixed::new());
        side.start(now, config, Fresh::from_random([byte; 32])).expect("a legal configuration");
    }
    pair.settle();
    pair
}

fn streams(pair: &mut Standards, role: Role) -> usize {
    core::iter::from_fn(|| pair.side(role).open_stream().ok()).count()
}

fn reason(pair: &Standards) -> Option<FailReason> {
    pair.server.failure().map(|failure| failure.reason)
}

#[test]
fn streams_are_as_many_as_both_sides_say() {
    for (total, expected) in [(1, [1, 0]), (2, [1, 1]), (3, [2, 1]), (8, [4, 4])] {
        let limited = |role| config(role).streams_max(total);
        let mut pair = pair(limited(Role::Client), limited(Role::Server));
        assert_eq!(pair.states(), [Lifecycle::Open; 2]);
        assert_eq!([Role::Client, Role::Server].map(|role| streams(&mut pair, role)), expected, "{total}");
    }
    let less = pair(config(Role::Client).streams_max(7), config(Role::Server));
    assert_eq!(reason(&less), Some(FailReason::StreamLimit));
}

#[test]
fn events_are_kept_up_to_their_limit_or_not_at_all() {
    let events = |config: Config| {
        let mut pair = pair(config, self::config(Role::Server));
        let kept = core::iter::from_fn(|| pair.client.poll_event()).count();
        (kept, pair.client.events_truncated())
    };
    assert_eq!(events(config(Role::Client)), (3, 0));
    assert_eq!(events(config(Role::Client).events_max(2)), (2, 1));
    assert_eq!(events(config(Role::Client).events_max(1)), (1, 2));
    assert_eq!(events(config(Role::Client).trace(false)), (0, 0));
}

#[test]
fn a_second_secret_serves_its_own_clients() {
    let secret = || Secret::new(b"the secret that comes after it").expect("a legal secret");
    let rotating = || config(Role::Server).also(id("key-2"), secret()).expect("room for two");
    let late = || Config::new(Role::Client, id("client"), id("key-2"), secret());
    assert_eq!(pair(late(), rotating()).states(), [Lifecycle::Open; 2]);
    assert_eq!(pair(config(Role::Client), rotating()).states(), [Lifecycle::Open; 2]);
    let refused = pair(late(), config(Role::Server));
    assert_eq!(refused.states(), [Lifecycle::Negotiating; 2]);
    assert_eq!(
        refused.server.stats().handshake_rejects[usize::from(HandshakeReject::SecretId.code()) - 1],
        1
    );
}

#[test]
fn who_is_expected_and_offered_decides() {
    assert_eq!(
        reason(&pair(config(Role::Client), config(Role::Server).expect(id("other")))),
        Some(FailReason::PeerIdentity)
    );
    assert_eq!(
        reason(&pair(config(Role::Client).expect(id("other")), config(Role::Server))),
        Some(FailReason::PeerIdentity)
    );
    let named = pair(config(Role::Client).expect(id("server")), config(Role::Server).expect(id("client")));
    assert_eq!(named.states(), [Lifecycle::Open; 2]);
}

/// The first message that was ignored is forgotten, the last one is named.
#[test]
fn a_handshake_that_times_out_names_what_it_ignored_last() {
    let mut pair = Standards::new(Fixed::new());
    let hello = pair.drain(Role::Client).remove(0);
    pair.server.receive(pair.now, &hello).expect("a hello");
    let mut accept = pair.drain(Role::Server).remove(0);
    let last = accept.len() - 5;
    accept[last] ^= 1;
    let body = accept.len() - 4;
    let sum = kurdistan::wire::checksum(kurdistan::vocab::ChecksumClass::Crc32c, &accept[..body]);
    accept[body..].copy_from_slice(&sum.to_le_bytes());
    assert!(pair.client.receive(pair.now, &accept).is_err());
    while pair.client.lifecycle() == Some(Lifecycle::Negotiating) && pair.tick() {
        pair.drain(Role::Client);
    }
    let failure = pair.client.failure().expect("a failure");
    assert_eq!((failure.reason, failure.ignored), (FailReason::HandshakeTimeout, Some(HandshakeReject::Tag)));
    assert_eq!(
        failure.to_string(),
        "the session failed: handshake_timeout (local), after a message was ignored: tag"
    );
    let mut silent = Endpoint::<_, StandardMemory>::vacant(Fixed::<Standard>::new());
    silent.start(Ticks(0), config(Role::Client), Fresh::from_random([1; 32])).expect("a client");
    silent.poll(Ticks(20_000));
    let failure = silent.failure().expect("a failure");
    assert_eq!((failure.reason, failure.ignored), (FailReason::HandshakeTimeout, None));
}
