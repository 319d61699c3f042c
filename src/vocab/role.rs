//! Who speaks, and which way bytes go.

use super::vocabulary;

vocabulary! {
    /// The part that a peer plays in a session.
    Role {
        /// Starts the handshake and opens odd streams.
        Client = 0 => "client",
        /// Answers the handshake and opens even streams.
        Server = 1 => "server",
    }
}

vocabulary! {
    /// The way that a frame or an envelope travels.
    Direction {
        /// From the client to the server.
        ClientToServer = 0 => "client_to_server",
        /// From the server to the client.
        ServerToClient = 1 => "server_to_client",
    }
}

impl Role {
    /// The other role.
    #[inline]
    #[must_use]
    pub const fn peer(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// The direction of what this role sends.
    #[inline]
    #[must_use]
    pub const fn sends(self) -> Direction {
        match self {
            Self::Client => Direction::ClientToServer,
            Self::Server => Direction::ServerToClient,
        }
    }

    /// The direction of what this role receives.
    #[inline]
    #[must_use]
    pub const fn receives(self) -> Direction {
        self.peer().sends()
    }
}

impl Direction {
    /// The other direction.
    #[inline]
    #[must_use]
    pub const fn reverse(self) -> Self {
        match self {
            Self::ClientToServer => Self::ServerToClient,
            Self::ServerToClient => Self::ClientToServer,
        }
    }
}
