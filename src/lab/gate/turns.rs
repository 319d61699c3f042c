//! Three streams that wait for room: whose turn it is under each policy, and what becomes of a turn that nobody uses.

use crate::endpoint::SendRefusal;
use crate::lab::{Counter, Rig, Subject, Tally};
use crate::profile::{Policy, Spec};
use crate::stream::Priority;
use crate::vocab::{Lifecycle, PriorityPolicy};

/// Streams of the client.
const LANES: usize = 3;

/// A pipe of one longest message and one control frame; the streams and credit that the scenario needs.
const fn narrow(base: &Spec, priority: PriorityPolicy) -> Spec {
    Spec {
        priority,
        pipe_frames_max: (base.fragments_max as u16).saturating_add(1),
        streams_max: 4,
        server_streams: 1,
        stream_credit: 2,
        session_credit: 4,
        ..*base
    }
}

/// The order in which the lanes send, by their places. The first has sent a longest message and waits with another; the second
/// waits with a single byte, then the third, which is interactive, with all but the longest.
const fn expected(policy: PriorityPolicy) -> [usize; LANES] {
    match policy {
        PriorityPolicy::Fifo => [0, 1, 2],
        PriorityPolicy::InteractiveFirst => [2, 0, 1],
        PriorityPolicy::WeightedRoundRobin => [1, 2, 0],
        PriorityPolicy::SmallestPendingFirst => [1, 2, 0],
    }
}

pub(super) fn run<S: Subject>(subject: S, base: &Spec, seed: u64, tally: &mut Tally) {
    for policy in PriorityPolicy::ALL {
        let case = 600 + u32::from(policy.code()) * 10;
        let spec = narrow(base, *policy);
        match subject.known(&spec) {
            Some(sound) => take_turns(sound, seed, case, tally),
            None => tally.fail(case, "a narrow profile is not sound", policy.name()),
        }
    }
}

fn take_turns<P: Policy>(policy: P, seed: u64, case: u32, tally: &mut Tally) {
    let spec = policy.spec();
    let most = spec.message_bytes_max();
    let mut rig = Rig::new(policy);
    let started = rig.start(seed);
    rig.settle();
    if !started || rig.states() != [Some(Lifecycle::Open); 2] {
        return tally.fail(case, "the sessions did not open", "");
    }
    let streams = [(); LANES].map(|()| rig.client.open_stream().unwrap_or(0));
    let [first, _, third] = streams;
    let interactive = Priority { interactive: true, ..Priority::PLAIN };
    tally.expect(rig.client.prioritise(third, interactive).is_ok(), case, "a stream has no priority");
    tally.expect(send(&mut rig, first, most).is_ok(), case, "an empty pipe did not take a message");
    let lengths = [most, 1, most.saturating_sub(1)];
    for (stream, bytes) in streams.into_iter().zip(lengths) {
        let refused = send(&mut rig, stream, bytes).is_err_and(SendRefusal::is_temporary);
        tally.expect(refused, case, "a full pipe took a message");
    }
    let order = expected(spec.priority);
    for (step, lane) in (1..).zip(order) {
        rig.settle();
        let now = rig.now;
        let turn = streams.get(lane).copied();
        tally.expect(rig.client.writable(now) == turn, case + step, "another stream has the turn");
        // Whoever comes later in the order is refused until then.
        for later in order.iter().skip(step as usize) {
            let (Some(stream), Some(bytes)) = (streams.get(*later), lengths.get(*later)) else { continue };
            let refused = send(&mut rig, *stream, *bytes);
            let named = matches!(refused, Err(SendRefusal::Turn { stream }) if Some(stream) == turn);
            tally.expect(named, case + step, "a message passed the one whose turn it was");
        }
        if step == 1 {
            let bytes = lengths.get(lane).copied().unwrap_or(0);
            let sent = send(&mut rig, turn.unwrap_or(0), bytes).is_ok();
            tally.expect(sent, case + step, "the turn was of no use");
        } else {
            rig.now = now.plus(spec.retry_ticks);
            rig.client.poll(rig.now);
            tally.expect(rig.client.writable(rig.now) != turn, case + step, "a turn did not lapse");
        }
        tally.count(Counter::Turns, 1);
    }
}

fn send<P: Policy>(rig: &mut Rig<P>, stream: u32, bytes: usize) -> Result<(), SendRefusal> {
    let mut text = [0; 768];
    let now = rig.now;
    rig.client.send(now, stream, text.get_mut(..bytes).unwrap_or_default())
}
