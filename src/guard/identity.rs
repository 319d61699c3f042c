//! Who the peer may be, and when it may be answered.

use crate::vocab::{FailReason, HandshakeReject};

/// Facts about the peer of a handshake.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PeerIdentity {
    /// Its id is this side's own.
    pub own_id: bool,
    /// Its nonce is this side's own.
    pub own_nonce: bool,
    /// This side expects it, or anyone.
    pub expected: bool,
    /// It expects this side, or anyone.
    pub expects_us: bool,
}

/// No reflection to a node that plays both roles, no unknown key share.
pub const fn peer_identity(facts: PeerIdentity) -> Result<(), FailReason> {
    if facts.own_id || facts.own_nonce || !facts.expected || !facts.expects_us {
        return Err(FailReason::PeerIdentity);
    }
    Ok(())
}

/// A hello shorter than the longest accept is not answered: bytes out never exceed bytes in.
pub const fn hello_length(length: usize, minimum: usize) -> Result<(), HandshakeReject> {
    if length < minimum { Err(HandshakeReject::Length) } else { Ok(()) }
}

/// The binder of a hello verified.
pub const fn binder(verified: bool) -> Result<(), HandshakeReject> {
    if verified { Ok(()) } else { Err(HandshakeReject::Binder) }
}

/// The tag of a handshake message verified.
pub const fn handshake_tag(verified: bool) -> Result<(), HandshakeReject> {
    if verified { Ok(()) } else { Err(HandshakeReject::Tag) }
}
