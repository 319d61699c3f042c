//! Several sessions: every verb of a manager, from any point of the loop.
#![no_std]
#![no_main]

use kurdistan::endpoint::{Manager, Path, Storage};
use kurdistan::profile::{Loaded, Policy, Profile};
use kurdistan::vocab::NonceSource;
use kurdistan::{CloseReason, Config, Fresh, Id, Role, Secret, Small, SmallMemory, Ticks};
use panic_free::{any, bytes, part};

part!(manager);

fn manager() {
    let spec = any(Small::SPEC);
    let Ok(policy) = Loaded::new(&spec) else { return };
    let mut server = Manager::<_, SmallMemory, 2, 2>::new(policy);
    while any(true) {
        turn(&mut server, Ticks(any(0)));
    }
}

fn turn<P: Policy, M: Storage>(server: &mut Manager<P, M, 2, 2>, now: Ticks) {
    if let Some(config) = config() {
        any(server.listen(config).is_ok());
    }
    let fresh = || any(true).then(|| Fresh::from_both(any([0; 32]), any(1), any(1)));
    any(server.receive(now, Path(any(0)), bytes(), fresh).is_ok());
    server.poll(now);
    while let Some(frame) = server.poll_transmit(now) {
        any((frame.bytes(), frame.to(), frame.key()));
        if any(true) {
            frame.sent();
        }
    }
    let first = server.sessions().next();
    if let Some(key) = first {
        any((server.peer(key), server.path(key)));
        if let Some(side) = server.get(key) {
            any(side.readable());
        }
    }
    any((server.next_deadline(), server.half_open(), server.stats()));
    if any(false) {
        server.close(now, any(CloseReason::Done));
    }
}

fn id() -> Option<Id> {
    Id::from_bytes(bytes()).ok()
}

fn config() -> Option<Config> {
    let config = Config::new(any(Role::Server), id()?, id()?, Secret::new(bytes()).ok()?);
    let config = config.expect(id()?).sessions_max(any(2)).streams_max(any(2)).events_max(any(3));
    Some(config.trace(any(true)).trust(any(NonceSource::Both)))
}
