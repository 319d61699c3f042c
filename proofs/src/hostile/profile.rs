//! The two profiles under attack: one takes fragments in any order, the other in theirs.

use kurdistan::Memory;
use kurdistan::endpoint::Endpoint;
use kurdistan::profile::{Loaded, Profile, Small, Spec};
use kurdistan::secure::Secret;
use kurdistan::session::Config;
use kurdistan::vocab::{Id, Role, SequencePolicy};

/// Small, with more fragments to a message, room beyond one message for each stream, and frames that hold more than a payload.
const SPEC: Spec = Spec {
    frame_bytes_max: 290,
    fragments_max: 4,
    fragment_bytes: 180,
    stream_credit: 2,
    session_credit: 2,
    ..Small::SPEC
};

/// The same in strict order.
const STRICT: Spec = Spec { sequence: SequencePolicy::Strict, ..SPEC };

/// The memory of a side: a type of fixed size, whatever comes.
pub type Storage = Memory<2_048, 16, 512, 6, 4>;
/// One side.
pub type Side = Endpoint<Loaded<'static>, Storage>;

/// The profile, in the order that a script asks for.
pub fn policy(strict: bool) -> Loaded<'static> {
    Loaded::new(if strict { &STRICT } else { &SPEC }).expect("a sound profile")
}

/// What both profiles have in common.
pub const fn spec() -> &'static Spec {
    &SPEC
}

/// A configuration under the secret that everyone holds, or another one.
pub fn config(role: Role, name: &str, known: bool) -> Config {
    let id = |text| Id::new(text).expect("a legal id");
    let text: &[u8] =
        if known { b"an arbitrary secret of the proofs" } else { b"an arbitrary secret of nobody's" };
    Config::new(role, id(name), id("key-1"), Secret::new(text).expect("a legal secret"))
}
