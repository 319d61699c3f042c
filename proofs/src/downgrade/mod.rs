//! A man in the middle edits a handshake: no side opens with another selection than that of the honest run.
//!
//! ```text
//!   client ──hello──▶ edit ──▶ server       every field, every bit, every cut
//!          ◀──accept── edit ◀──             every order of delivery, with drops and repeats
//!          ──confirm─▶ edit ──▶             messages of another run with the same secret
//! ```
//!
//! Six capabilities are optional; what the profile requires is always offered, so that every pair of offers must open.

mod edits;
mod orders;

use kurdistan::profile::{Fixed, Profile, Standard};
use kurdistan::secure::Fresh;
use kurdistan::session::{Config, Negotiating, Open, Securing, Selection, Session, Step};
use kurdistan::vocab::{Capability, CapabilitySet, Id, Role};

pub use edits::{FIELDS, every_bit, every_field};
pub use orders::{every_order, every_splice};

use crate::by_hand::{id, secret};

type Policy = Fixed<Standard>;

/// The capabilities that a pair may offer or not.
pub const UNIVERSE: [Capability; 6] = [
    Capability::MultiStream,
    Capability::ProxySemantics,
    Capability::CarrierAbstraction,
    Capability::AdapterInterface,
    Capability::CarrierLossRecovery,
    Capability::CarrierBackpressure,
];

/// The masks over [`UNIVERSE`].
pub const MASKS: u8 = 1 << UNIVERSE.len();

/// What two sides offer and require, as masks over [`UNIVERSE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Offered by the client.
    pub client: u8,
    /// Offered by the server.
    pub server: u8,
    /// Required by the client.
    pub client_requires: u8,
    /// Required by the server.
    pub server_requires: u8,
}

impl Pair {
    /// A pair that requires nothing besides the profile.
    #[must_use]
    pub const fn new(client: u8, server: u8) -> Self {
        Self { client, server, client_requires: 0, server_requires: 0 }
    }

    /// All 4,096 pairs of offers.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..MASKS).flat_map(|client| (0..MASKS).map(move |server| Self::new(client, server)))
    }

    /// Pairs of every structure: equal, one within the other, disjoint, one bit dropped or required by one side.
    #[must_use]
    pub fn structural() -> Vec<Self> {
        let full = MASKS - 1;
        let mut pairs: Vec<_> = [0, 1, 0b101_010, full].map(|mask| Self::new(mask, mask)).into();
        for (client, server) in [(0b111, full), (0b111, 0b111_000), (0b010_101, 0b101_010), (0, full)] {
            pairs.extend([Self::new(client, server), Self::new(server, client)]);
        }
        for bit in (0..UNIVERSE.len()).map(|place| 1 << place) {
            pairs.extend([Self::new(full, full ^ bit), Self::new(full ^ bit, full)]);
            pairs.push(Self { client_requires: bit, ..Self::new(full, full) });
            pairs.push(Self { server_requires: bit, ..Self::new(full, bit) });
        }
        pairs
    }

    /// What both offer.
    #[must_use]
    pub fn common(self) -> CapabilitySet {
        offer(self.client & self.server)
    }
}

/// The capabilities of a mask and what the profile requires.
fn offer(mask: u8) -> CapabilitySet {
    Standard::SPEC.required.union(members(mask))
}

fn members(mask: u8) -> CapabilitySet {
    let of = |place: usize| (mask >> place & 1 == 1).then(|| CapabilitySet::of(&[UNIVERSE[place]]));
    (0..UNIVERSE.len()).filter_map(of).fold(CapabilitySet::EMPTY, CapabilitySet::union)
}

/// Which message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leg {
    /// The client's first.
    Hello,
    /// The server's answer.
    Accept,
    /// The client's proof.
    Confirm,
}

/// One handshake of a pair. The nonces follow from `seed`, so that a run can be made again.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// What is offered.
    pub pair: Pair,
    /// Where the nonces come from.
    pub seed: u8,
}

/// What an honest run says and ends with.
pub struct Honest {
    /// The messages, by [`Leg`].
    pub messages: [Vec<u8>; 3],
    /// What both sides agree on.
    pub selection: Selection,
}

impl Honest {
    fn message(&self, leg: Leg) -> &[u8] {
        &self.messages[leg as usize]
    }
}

/// The selection of each side that is open, client first.
type Ends = [Option<Selection>; 2];

impl Run {
    fn config(self, role: Role, offered: u8, required: u8) -> Config {
        let config = Config::new(role, id(role.name()), id("key-1"), secret());
        config.offer(offer(offered)).require(members(required))
    }

    fn client(self) -> (Session<Negotiating, Policy>, Vec<u8>) {
        let config = self.config(Role::Client, self.pair.client, self.pair.client_requires);
        let session = Session::new(Policy::new(), config, Fresh::from_random([self.seed; 32]));
        let (session, hello) = session.expect("a legal configuration").start().expect("a client");
        (session, hello.as_bytes().to_vec())
    }

    fn server(self) -> Session<Negotiating, Policy> {
        let config = self.config(Role::Server, self.pair.server, self.pair.server_requires);
        let session = Session::new(Policy::new(), config, Fresh::from_random([self.seed; 32]));
        session.expect("a legal configuration").listen().expect("a server")
    }

    fn securing(self, hello: &[u8]) -> (Session<Securing, Policy>, Vec<u8>) {
        moved(self.server().receive(hello).expect("compatible"))
    }

    /// Both sides without an attacker: they open, agree, and select exactly what both offer.
    #[must_use]
    pub fn honest(self) -> Honest {
        let (client, hello) = self.client();
        let (server, accept) = self.securing(&hello);
        let (client, confirm) = moved(client.receive(&accept).expect("compatible"));
        let client = client.confirmed().expect("a client");
        let server = server.receive(&confirm).expect("a server").into_next().expect("a genuine confirm");
        let selection = Selection { capabilities: self.pair.common(), suite: client.selection().suite };
        assert_eq!([client.selection(), server.selection()], [selection; 2], "{self:?}");
        assert_eq!([client.peer(), server.peer()], [Role::Server, Role::Client].map(|role| id(role.name())));
        assert_eq!(export(&client), export(&server), "{self:?}");
        Honest { messages: [hello, accept, confirm], selection }
    }
}

type Moving =
    Step<Session<Negotiating, Policy>, (Session<Securing, Policy>, kurdistan::wire::HandshakeBytes)>;

fn moved(step: Moving) -> (Session<Securing, Policy>, Vec<u8>) {
    let (session, message) = step.into_next().expect("a genuine message");
    (session, message.as_bytes().to_vec())
}

fn export(session: &Session<Open, Policy>) -> [u8; 32] {
    let mut out = [0; 32];
    session.export("proofs", b"", &mut out).expect("a short label");
    out
}

/// What holds whatever was done to a run: who opens does so with the honest selection, and not both do.
fn judge(ends: Ends, honest: &Honest, what: &dyn std::fmt::Debug) {
    for selection in ends.into_iter().flatten() {
        assert_eq!(selection, honest.selection, "an altered selection: {what:?}");
    }
    assert!(ends.contains(&None), "both sides are open: {what:?}");
}

/// The id of nobody here.
fn stranger() -> Id {
    id("stranger")
}
