//! Why a handshake goes no further, and how that is told and believed.

use super::LastWords;
use crate::profile::Policy;
use crate::secure::{Prk, RefusalKey, same_tag};
use crate::vocab::{Failure, HandshakeReject, Role};
use crate::wire::Refuse;

/// A message that cannot be believed is ignored; a verified one that breaks a rule is fatal.
pub(super) enum Verdict {
    Ignore(HandshakeReject),
    Fail(Failure, LastWords),
}

impl From<HandshakeReject> for Verdict {
    fn from(reject: HandshakeReject) -> Self {
        Self::Ignore(reject)
    }
}

/// A refusal of `sender` within the handshake that `hello` began.
pub(super) fn refusal(prk: &Prk, hello: &[u8], sender: Role, failure: Failure) -> LastWords {
    let Failure { reason, floor, selected, .. } = failure;
    let unsigned = Refuse { sender, reason, floor, selected }.encode();
    let tag = prk.refuse_tag(hello, unsigned.authenticated_part());
    let signed = unsigned.with_tag(&tag);
    signed.as_bytes().try_into().map_or(LastWords::None, LastWords::Refusal)
}

/// What a refusal of `sender` means, if that is what the bytes are.
pub(super) fn refused<P: Policy>(
    policy: &P,
    key: &RefusalKey,
    sender: Role,
    bytes: &[u8],
) -> Option<Verdict> {
    let (refuse, tag) = Refuse::decode(bytes, sender).ok()?;
    let covered = bytes.get(..bytes.len().saturating_sub(tag.len()))?;
    let Refuse { reason, floor, selected, .. } = refuse;
    Some(match policy.handshake_tag(same_tag(&key.tag(covered), &tag)) {
        Ok(()) => Verdict::Fail(Failure { floor, selected, ..Failure::peer(reason) }, LastWords::None),
        Err(reject) => Verdict::Ignore(reject),
    })
}
