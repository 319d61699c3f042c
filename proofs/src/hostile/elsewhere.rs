//! What an attacker has heard of other sessions: one under the same secret, and one under another.

use std::sync::OnceLock;

use kurdistan::secure::Fresh;
use kurdistan::vocab::{CloseReason, Lifecycle, Role, Ticks};

use super::profile::{Side, config, policy};
use super::scene::pull;

/// Every frame of both sessions, from hello to close. They have ended long before.
pub fn elsewhere(strict: bool) -> &'static [Vec<u8>] {
    static HEARD: [OnceLock<Vec<Vec<u8>>>; 2] = [const { OnceLock::new() }; 2];
    HEARD[usize::from(strict)].get_or_init(|| {
        let mut frames = session(strict, true);
        frames.extend(session(strict, false));
        frames
    })
}

fn session(strict: bool, known: bool) -> Vec<Vec<u8>> {
    let now = Ticks(7);
    let mut heard = Vec::new();
    let mut sides = [Role::Client, Role::Server].map(|role| {
        let mut side = Box::new(Side::vacant(policy(strict)));
        let fresh = Fresh::from_random([role.code() + 100; 32]);
        side.start(now, config(role, role.name(), known), fresh).expect("a side");
        side
    });
    settle(&mut sides, now, &mut heard);
    assert_eq!(sides[1].lifecycle(), Some(Lifecycle::Open));
    for side in &mut sides {
        let stream = side.open_stream().expect("a stream");
        side.send(now, stream, &mut [7; 400]).expect("room");
        side.finish(now, stream).expect("an end");
    }
    settle(&mut sides, now, &mut heard);
    sides[0].close(now, CloseReason::Done);
    settle(&mut sides, now, &mut heard);
    assert_eq!(sides[1].lifecycle(), Some(Lifecycle::Closed));
    heard
}

fn settle([client, server]: &mut [Box<Side>; 2], now: Ticks, heard: &mut Vec<Vec<u8>>) {
    loop {
        let [from_client, from_server] = [pull(client, now), pull(server, now)];
        if from_client.is_empty() && from_server.is_empty() {
            return;
        }
        for frame in &from_client {
            let _ = server.receive(now, frame);
        }
        for frame in &from_server {
            let _ = client.receive(now, frame);
        }
        heard.extend(from_client.into_iter().chain(from_server));
    }
}
