//! Where the freshness of a handshake comes from.

use super::vocabulary;

vocabulary! {
    /// The source of freshness that a configuration trusts.
    NonceSource {
        /// Random bytes that never repeat, not even across restarts. Nothing is persisted.
        RandomBytes = 1 => "random_bytes",
        /// A boot counter that is raised and persisted before the first handshake of every boot.
        BootCounter = 2 => "boot_counter",
        /// Both: fresh as long as either is sound.
        Both = 3 => "both",
    }
}

impl NonceSource {
    /// Whether freshness from `self` serves a configuration that trusts `trusted`.
    #[must_use]
    pub const fn covers(self, trusted: Self) -> bool {
        self.code() & trusted.code() == trusted.code()
    }
}
