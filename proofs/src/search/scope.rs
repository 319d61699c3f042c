//! Where a search begins, and what may happen in it.

use kurdistan::Memory;
use kurdistan::endpoint::Endpoint;
use kurdistan::profile::{Loaded, Policy, Profile, Small, Spec};
use kurdistan::vocab::Role::{Client, Server};

use super::Step::{self, Close, Deliver, Finish, Open, Read, Reset, Send};

/// Little of everything: a message is cut at 40 bytes, a stream has two messages' credit, and few ticks reach every deadline.
const SPEC: Spec = Spec {
    fragment_bytes: 40,
    envelope_bytes_max: 80,
    streams_max: 2,
    server_streams: 1,
    stream_credit: 2,
    session_credit: 1,
    retry_ticks: 20,
    retries_max: 2,
    handshake_ticks: 50,
    ping_ticks: 60,
    idle_ticks: 120,
    reassembly_ticks: 30,
    drain_ticks: 45,
    ..Small::SPEC
};

const POLICY: Loaded<'static> = match Loaded::new(&SPEC) {
    Ok(policy) => policy,
    Err(_) => panic!("the profile is sound"),
};

/// One side: with one slot more than the profile lets it use.
pub type Side = Endpoint<Loaded<'static>, Memory<2_048, 16, 80, 4, 2>>;

pub const fn policy() -> Loaded<'static> {
    POLICY
}

pub fn spec() -> &'static Spec {
    POLICY.spec()
}

/// One search: its beginning and its budgets.
#[derive(Debug)]
pub struct Scope {
    /// Its name.
    pub name: &'static str,
    /// What has happened before it begins.
    pub before: &'static [Step],
    /// The applications may open streams, send, finish and reset.
    pub streams: bool,
    /// The applications may close the session.
    pub closes: bool,
    /// The applications may give up.
    pub gives_up: bool,
    /// Frames move from pipe to link by themselves, while there is room.
    pub eager: bool,
    /// Messages of a side on one stream, at most.
    pub messages: u8,
    /// Deadlines that may pass.
    pub ticks: u8,
    /// Faults of the link.
    pub faults: u8,
}

/// Every search.
pub const SCOPES: &[Scope] = &[
    Scope { name: "handshake", closes: true, gives_up: true, ticks: 3, ..FAULTY },
    Scope {
        name: "opening",
        before: OPENING,
        streams: true,
        closes: true,
        eager: true,
        messages: 1,
        ..FAULTY
    },
    Scope { name: "streams", before: OPEN, streams: true, eager: true, messages: 2, ..FAULTY },
    Scope { name: "fragments", before: CUT, closes: true, eager: true, ticks: 3, ..FAULTY },
    Scope { name: "replies", before: REPLIES, streams: true, eager: true, messages: 1, ..FAULTY },
    Scope {
        name: "resets",
        before: RESETS,
        streams: true,
        closes: true,
        gives_up: true,
        eager: true,
        ..FAULTY
    },
    Scope { name: "close", before: CLOSING, closes: true, gives_up: true, ticks: 3, ..FAULTY },
    Scope {
        name: "no faults",
        streams: true,
        closes: true,
        eager: true,
        messages: 1,
        ticks: 1,
        faults: 0,
        ..FAULTY
    },
];

/// Two faults and two deadlines on an idle link.
const FAULTY: Scope = Scope {
    name: "",
    before: &[],
    streams: false,
    closes: false,
    gives_up: false,
    eager: false,
    messages: 0,
    ticks: 2,
    faults: 2,
};

/// The client is open; its confirm is on the way.
const OPENING: &[Step] = &[Deliver(Client), Deliver(Server)];

/// The whole handshake, with the server's answer to the confirm.
const OPEN: &[Step] = &[Deliver(Client), Deliver(Server), Deliver(Client), Deliver(Server)];

/// A message of one frame and one of two are on the link, from either side, and an end waits for credit.
const CUT: &[Step] = &[
    Deliver(Client),
    Deliver(Server),
    Deliver(Client),
    Deliver(Server),
    Open(Client),
    Send(Client, 1),
    Finish(Client, 1),
    Open(Server),
    Send(Server, 2),
];

/// A request has been read, its answer is on the way, and the client has finished.
const REPLIES: &[Step] = &[
    Deliver(Client),
    Deliver(Server),
    Deliver(Client),
    Deliver(Server),
    Open(Client),
    Deliver(Client),
    Read(Server),
    Finish(Client, 1),
    Send(Server, 1),
];

/// A message waits to be read; its stream's reset follows.
const RESETS: &[Step] = &[
    Deliver(Client),
    Deliver(Server),
    Deliver(Client),
    Deliver(Server),
    Open(Client),
    Deliver(Client),
    Open(Server),
    Reset(Client, 1),
];

/// Messages of both and the client's close are on the way.
const CLOSING: &[Step] = &[
    Deliver(Client),
    Deliver(Server),
    Deliver(Client),
    Deliver(Server),
    Open(Client),
    Open(Server),
    Close(Client),
];
