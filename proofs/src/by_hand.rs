//! Handshake messages made by hand and signed with the shared secret: what a genuine peer says that breaks a rule.

use kurdistan::profile::{RUNTIME_VERSION, Spec, generation_hash};
use kurdistan::secure::{Prk, Secret, Transcript};
use kurdistan::vocab::{Id, Role, SuiteSet};
use kurdistan::wire::{Accept, Facts, Hello, Refuse};

/// A name that is legal.
pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect("a legal id")
}

/// The secret that all peers of a proof share.
pub(crate) fn secret() -> Secret {
    Secret::new(b"an arbitrary secret of the proofs").expect("a legal secret")
}

/// What an honest side with this profile tells, if it offers all that has a name.
pub(crate) fn facts(spec: &Spec) -> Facts {
    Facts {
        profile_id: spec.id.0,
        generation_hash: generation_hash(spec),
        schema_version: spec.schema_version,
        compiler_security_version: spec.compiler_security_version,
        runtime_version: RUNTIME_VERSION,
        offered: crate::rules::ALL,
        required: spec.required,
        suites: spec.suites.intersection(SuiteSet::KNOWN),
        carriers: spec.carriers,
        envelope_bytes_max: spec.envelope_bytes_max,
        streams_max: u16::from(spec.streams_max),
        replay_window_max: spec.replay_width,
    }
}

/// The hello with a binder that verifies.
pub(crate) fn bound(hello: &Hello) -> Vec<u8> {
    let unsigned = hello.encode();
    let binder = Prk::new(&secret(), hello.id, hello.expected).binder(unsigned.authenticated_part());
    unsigned.with_tag(&binder).as_bytes().to_vec()
}

/// The accept of this hello with a tag that verifies.
pub(crate) fn tagged(spec: &Spec, accept: &Accept, hello: &[u8]) -> Vec<u8> {
    let unsigned = accept.encode();
    let (_, th1) = Transcript::new(spec.checksum, hello).accept(unsigned.authenticated_part());
    unsigned.with_tag(&prk_of(hello).server_tag(&th1)).as_bytes().to_vec()
}

/// The refusal in these bytes, which must be a genuine one of `sender` to this hello.
pub(crate) fn refusal(words: &[u8], sender: Role, hello: &[u8]) -> Refuse {
    let (refuse, tag) = Refuse::decode(words, sender).expect("a refusal");
    let covered = &words[..words.len() - tag.len()];
    assert_eq!(tag, prk_of(hello).refuse_tag(hello, covered), "a refusal that the peer does not believe");
    refuse
}

pub(crate) fn prk_of(hello: &[u8]) -> Prk {
    let (hello, _) = Hello::decode(hello).expect("a hello");
    Prk::new(&secret(), hello.id, hello.expected)
}
