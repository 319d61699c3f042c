//! Several sessions at a time: who gets a place, and who gives one up.

/// As many sessions as the configuration says.
pub const fn session_room(live: usize, max: u8) -> bool {
    live < max as usize
}

/// A handshake that waits gives its place to another one when it has waited longer than a peer that is there takes to answer.
pub const fn half_open_yields(waited_ticks: u32, retry_ticks: u32) -> bool {
    waited_ticks >= retry_ticks
}

/// A session ends for a new one only when that has been confirmed, for the same secret and the same peer.
pub const fn supersedes(same_secret: bool, same_peer: bool) -> bool {
    same_secret && same_peer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_end_at_their_limits() {
        assert_eq!([0, 1, 2, 3].map(|live| session_room(live, 2)), [true, true, false, false]);
        assert_eq!([0, 9, 10, 11].map(|waited| half_open_yields(waited, 10)), [false, false, true, true]);
        let pairs = [(false, false), (false, true), (true, false), (true, true)];
        assert_eq!(pairs.map(|(secret, peer)| supersedes(secret, peer)), [false, false, false, true]);
    }
}
