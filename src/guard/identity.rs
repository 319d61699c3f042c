//! Who the peer may be, and when it may be answered.

use crate::vocab::{FailReason, HandshakeReject, NonceSource};

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

/// What a stored frame is repeated for is not shorter than the frame: who repeats another's bytes gains none.
pub const fn answer_fits(answer_bytes: usize, question_bytes: usize) -> bool {
    answer_bytes <= question_bytes
}

/// A hello travels under the session id class that its binder begins with.
pub const fn hello_class(class: u16, binder_start: u16) -> bool {
    class == binder_start
}

/// Freshness draws on the source that the configuration trusts.
pub const fn nonce_source(drawn: NonceSource, trusted: NonceSource) -> bool {
    drawn.covers(trusted)
}

/// The binder of a hello verified.
pub const fn binder(verified: bool) -> Result<(), HandshakeReject> {
    if verified { Ok(()) } else { Err(HandshakeReject::Binder) }
}

/// The tag of a handshake message verified.
pub const fn handshake_tag(verified: bool) -> Result<(), HandshakeReject> {
    if verified { Ok(()) } else { Err(HandshakeReject::Tag) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_not_longer_than_its_question() {
        assert_eq!([answer_fits(9, 10), answer_fits(10, 10), answer_fits(11, 10)], [true, true, false]);
    }

    #[test]
    fn a_class_and_a_source_are_the_right_ones() {
        assert!(hello_class(7, 7) && !hello_class(7, 8));
        assert!(nonce_source(NonceSource::Both, NonceSource::BootCounter));
        assert!(!nonce_source(NonceSource::RandomBytes, NonceSource::BootCounter));
    }
}
