//! The one transition table of a session, and when a close is complete.

use crate::vocab::{FailReason, Lifecycle, LifecycleEvent, Role};

/// The state after `event`, or `None` where the event is refused. Every legal edge stands here and nowhere else.
pub const fn next_state(state: Lifecycle, event: LifecycleEvent, role: Role) -> Option<Lifecycle> {
    use Lifecycle::{Closed, Draining, Failed, Negotiating, New, Open, Securing};
    use LifecycleEvent::{
        AcceptVerified, Close, ConfirmSent, ConfirmVerified, Drained, Fail, HelloVerified, Listen, Start,
    };
    match (state, event, role) {
        (New, Start, Role::Client) | (New, Listen, Role::Server) => Some(Negotiating),
        (Negotiating, AcceptVerified, Role::Client) | (Negotiating, HelloVerified, Role::Server) => {
            Some(Securing)
        }
        (Securing, ConfirmSent, Role::Client) | (Securing, ConfirmVerified, Role::Server) => Some(Open),
        (Open, Close, _) => Some(Draining),
        (Draining, Drained, _) => Some(Closed),
        // Closing before open is a failure, with its own reason.
        (New | Negotiating | Securing, Close, _) => Some(Failed),
        (New | Negotiating | Securing | Open | Draining, Fail, _) => Some(Failed),
        _ => None,
    }
}

/// Data envelopes of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Counts {
    /// Sealed so far.
    pub sealed: u64,
    /// Of the other side's, opened so far.
    pub opened: u64,
}

/// What is known of a close.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CloseFacts {
    /// The counts of this side.
    pub own: Counts,
    /// What this side's last close has told.
    pub told: Option<Counts>,
    /// What the peer's close has told.
    pub peer: Option<Counts>,
    /// The drain deadline has passed.
    pub overdue: bool,
}

/// `Ok(true)` when the session is closed, `Ok(false)` while it waits, `Err` at the drain deadline. A tail that is cut
/// off never reads as a clean end, for its receiver as for its sender: each side must have opened all that the other has
/// sealed, and must have been told so.
pub const fn close_complete(facts: CloseFacts) -> Result<bool, FailReason> {
    let CloseFacts { own, told, peer, overdue } = facts;
    match (told, peer) {
        (Some(told), Some(peer))
            if told.opened == own.opened && peer.sealed == own.opened && peer.opened == own.sealed =>
        {
            Ok(true)
        }
        (_, Some(_)) if overdue => Err(FailReason::Truncated),
        _ if overdue => Err(FailReason::DrainTimeout),
        _ => Ok(false),
    }
}

/// A peer that has sealed more data than opened here, for longer than reordering can explain, has lost some of it.
pub const fn gap_overdue(sealed_by_peer: u64, opened: u64, overdue: bool) -> Result<(), FailReason> {
    if overdue && sealed_by_peer > opened { Err(FailReason::Gap) } else { Ok(()) }
}

/// Silence of `idle_ticks` ends a session; 0 switches the rule off.
pub const fn idle(silent_ticks: u32, idle_ticks: u32) -> Result<(), FailReason> {
    if idle_ticks != 0 && silent_ticks >= idle_ticks { Err(FailReason::Idle) } else { Ok(()) }
}

/// A handshake that has lasted `handshake_ticks` is over.
pub const fn handshake_deadline(waited_ticks: u32, handshake_ticks: u32) -> Result<(), FailReason> {
    if waited_ticks >= handshake_ticks { Err(FailReason::HandshakeTimeout) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: Counts = Counts { sealed: 3, opened: 5 };

    fn facts(told: Option<Counts>, peer: Option<Counts>) -> CloseFacts {
        CloseFacts { own: SOUND, told, peer, overdue: false }
    }

    #[test]
    fn a_close_is_complete_when_all_three_counts_match_and_not_otherwise() {
        let peer = Counts { sealed: 5, opened: 3 };
        assert_eq!(close_complete(facts(Some(SOUND), Some(peer))), Ok(true));
        for opened in [4, 6] {
            let told = Counts { opened, ..SOUND };
            assert_eq!(close_complete(facts(Some(told), Some(peer))), Ok(false), "told {opened}");
            let other = Counts { opened: opened - 2, ..peer };
            assert_eq!(
                close_complete(facts(Some(SOUND), Some(other))),
                Ok(false),
                "the peer has more or less"
            );
        }
        for sealed in [4, 6] {
            let other = Counts { sealed, ..peer };
            assert_eq!(
                close_complete(facts(Some(SOUND), Some(other))),
                Ok(false),
                "the peer sealed {sealed}"
            );
        }
        // What was told of this side's own sealing does not matter: nothing is sealed after a close.
        let told = Counts { sealed: 2, ..SOUND };
        assert_eq!(close_complete(facts(Some(told), Some(peer))), Ok(true));
    }

    #[test]
    fn an_overdue_close_names_who_is_missing() {
        let peer = Counts { sealed: 5, opened: 3 };
        let cut = Counts { sealed: 6, ..peer };
        let verdict = |told, peer| close_complete(CloseFacts { overdue: true, ..facts(told, peer) });
        assert_eq!(verdict(Some(SOUND), Some(peer)), Ok(true));
        for told in [None, Some(SOUND)] {
            assert_eq!(verdict(told, Some(cut)), Err(FailReason::Truncated));
            assert_eq!(verdict(told, None), Err(FailReason::DrainTimeout));
            assert_eq!(close_complete(facts(told, None)), Ok(false));
        }
        assert_eq!(verdict(None, Some(peer)), Err(FailReason::Truncated));
        assert_eq!(close_complete(facts(None, Some(peer))), Ok(false));
    }

    #[test]
    fn times_end_at_their_tick() {
        assert_eq!(gap_overdue(2, 1, true), Err(FailReason::Gap));
        assert_eq!([gap_overdue(2, 1, false), gap_overdue(1, 1, true), gap_overdue(0, 1, true)], [Ok(()); 3]);
        assert_eq!(
            [idle(9, 10), idle(10, 10), idle(11, 10)],
            [Ok(()), Err(FailReason::Idle), Err(FailReason::Idle)]
        );
        assert_eq!([idle(0, 0), idle(u32::MAX, 0)], [Ok(()); 2]);
        let late = Err(FailReason::HandshakeTimeout);
        assert_eq!([9, 10, 11].map(|waited| handshake_deadline(waited, 10)), [Ok(()), late, late]);
    }
}
