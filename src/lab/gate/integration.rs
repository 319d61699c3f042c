//! The happy path: streams both ways through every layer, byte for byte.

use crate::endpoint::Read;
use crate::lab::content::Content;
use crate::lab::{Counter, Rig, Tally};
use crate::observe::Event;
use crate::profile::Policy;
use crate::stream::StreamEnd;
use crate::vocab::{CloseReason, ENVELOPE_OVERHEAD, Lifecycle, Role};

/// Streams: two of the client's, one of the server's.
const LANES: usize = 3;
/// Messages of each direction of a stream.
const MESSAGES: usize = 3;

/// One direction of one stream.
#[derive(Clone, Copy, Default)]
struct Way {
    sent: u32,
    finished: bool,
    read: u32,
    ended: bool,
}

struct Run<'t, P> {
    rig: Rig<P>,
    seed: u64,
    lengths: [usize; MESSAGES],
    cut: usize,
    /// Ids of the streams, once they are open.
    streams: [u32; LANES],
    /// By direction of the sender, client first.
    ways: [[Way; LANES]; 2],
    tally: &'t mut Tally,
}

pub(super) fn run<P: Policy>(policy: P, seed: u64, tally: &mut Tally) {
    let spec = policy.spec();
    let most = spec.message_bytes_max();
    let cut = usize::from(spec.fragment_bytes).saturating_sub(ENVELOPE_OVERHEAD);
    let lengths = [most, most / 2, 1];
    let mut rig = Rig::new(policy);
    let started = rig.start(seed);
    rig.settle();
    if !started || rig.states() != [Some(Lifecycle::Open); 2] {
        return tally.fail(500, "the sessions did not open", "");
    }
    tally.count(Counter::Sessions, 1);
    let ways = [[Way::default(); LANES]; 2];
    let mut run = Run { rig, seed, lengths, cut, streams: [0; LANES], ways, tally };
    run.open_streams();
    run.exchange();
    run.close();
    let (frames, bytes) = run.rig.carried();
    run.tally.count(Counter::Frames, frames);
    run.tally.count(Counter::Bytes, bytes);
    let refused = run.rig.client.stats().rejects().saturating_add(run.rig.server.stats().rejects());
    run.tally.expect(refused == 0, 501, "a genuine frame was refused on a sound link");
}

impl<P: Policy> Run<'_, P> {
    fn open_streams(&mut self) {
        let Self { rig, streams, tally, .. } = self;
        let [first, second, third] = streams;
        for (place, role) in [(first, Role::Client), (second, Role::Client), (third, Role::Server)] {
            match rig.side(role).open_stream() {
                Ok(id) => *place = id,
                Err(_) => tally.fail(510, "a stream was not opened", ""),
            }
        }
    }

    /// Sends and reads until every direction of every stream has ended, or nothing moves any more.
    fn exchange(&mut self) {
        loop {
            let mut moved = false;
            for role in [Role::Client, Role::Server] {
                for lane in 0..LANES {
                    moved |= self.send(role, lane);
                }
            }
            moved |= self.rig.turn();
            for role in [Role::Client, Role::Server] {
                moved |= self.read(role);
                self.watch(role);
            }
            let done = self.ways.iter().flatten().all(|way| way.ended);
            if done || (!moved && !self.rig.wait()) {
                break;
            }
        }
        for way in self.ways.iter().flatten() {
            self.tally.expect(way.read as usize == MESSAGES, 520, "a message did not arrive");
            self.tally.expect(way.ended, 521, "a stream did not end");
            self.tally.count(Counter::StreamEnds, u64::from(way.ended));
        }
    }

    /// Sends what one direction has left and the pipe takes; whether that was anything.
    fn send(&mut self, role: Role, lane: usize) -> bool {
        let (now, seed) = (self.rig.now, self.seed);
        let (Some(stream), Some(way)) = (self.streams.get(lane).copied(), way(&mut self.ways, role, lane))
        else {
            return false;
        };
        let side = self.rig.side(role);
        let mut moved = false;
        while let Some(length) = self.lengths.get(way.sent as usize) {
            let mut text = [0; 768];
            let Some(text) = text.get_mut(..*length) else { break };
            Content::of(seed ^ u64::from(role.code()), stream, way.sent).fill(text);
            if side.send(now, stream, text).is_err() {
                break;
            }
            way.sent = way.sent.saturating_add(1);
            moved = true;
        }
        if way.sent as usize == MESSAGES && !way.finished {
            way.finished = side.finish(now, stream).is_ok();
            moved |= way.finished;
        }
        moved
    }

    /// Reads everything that one side can read; whether there was anything.
    fn read(&mut self, role: Role) -> bool {
        let Self { rig, seed, lengths, cut, streams, ways, tally } = self;
        let now = rig.now;
        let side = rig.side(role);
        let mut moved = false;
        while let Some(stream) = side.readable() {
            moved = true;
            let lane = streams.iter().position(|id| *id == stream);
            let Some(way) = lane.and_then(|lane| way(ways, role.peer(), lane)) else {
                tally.fail(530, "a message came on a stream that nobody opened", "");
                break;
            };
            match side.read(stream) {
                Read::Message(text) => {
                    let whole = lengths.get(way.read as usize) == Some(&text.len());
                    let content =
                        Content::of(*seed ^ u64::from(role.peer().code()), stream, way.read).matches(text);
                    tally.expect(whole && content, 531, "a message arrived that was not sent");
                    tally.count(Counter::Messages, 1);
                    tally.count(Counter::Reassemblies, u64::from(text.len() > *cut));
                    way.read = way.read.saturating_add(1);
                }
                Read::End(end) => {
                    way.ended = end == StreamEnd::Finished && way.read as usize == MESSAGES;
                    tally.expect(way.ended, 532, "a stream ended too early");
                }
                Read::Nothing | Read::NoStream => {
                    tally.fail(533, "a readable stream has nothing to read", "");
                    break;
                }
            }
            side.consume(now, stream);
        }
        moved
    }

    fn watch(&mut self, role: Role) {
        while let Some(event) = self.rig.side(role).poll_event() {
            self.tally.count(Counter::Pressure, u64::from(event == Event::Pressure(true)));
        }
    }

    fn close(&mut self) {
        self.rig.settle();
        let now = self.rig.now;
        self.rig.client.close(now, CloseReason::Done);
        self.rig.settle();
        let closed = self.rig.states() == [Some(Lifecycle::Closed); 2];
        self.tally.expect(closed, 540, "the sessions did not close");
        self.tally.count(Counter::Closes, u64::from(closed));
    }
}

fn way(ways: &mut [[Way; LANES]; 2], sender: Role, lane: usize) -> Option<&mut Way> {
    ways.get_mut(usize::from(sender.code())).and_then(|ways| ways.get_mut(lane))
}
