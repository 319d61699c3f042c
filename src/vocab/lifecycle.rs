//! The states of a session and the events that move it.

use super::vocabulary;

vocabulary! {
    /// What is true of a session now (RUNTIME, "Lifecycle").
    Lifecycle {
        /// Configured; nothing has been sent or received.
        New = 0 => "new",
        /// The client waits for an accept, the server for a hello.
        Negotiating = 1 => "negotiating",
        /// Keys exist; the server waits for the client's tag, the client has yet to send it.
        Securing = 2 => "securing",
        /// Both sides are proven to each other; data may flow.
        Open = 3 => "open",
        /// No new data; queued data still goes out and comes in.
        Draining = 4 => "draining",
        /// Ended cleanly on both sides.
        Closed = 5 => "closed",
        /// Ended for a named reason.
        Failed = 6 => "failed",
    }
}

impl Lifecycle {
    /// Whether nothing can follow this state.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Closed | Self::Failed)
    }
}

vocabulary! {
    /// What happens to a session.
    LifecycleEvent {
        /// The client sends its hello.
        Start = 0 => "start",
        /// The server begins to wait for a hello.
        Listen = 1 => "listen",
        /// The server has verified a hello and answers with an accept.
        HelloVerified = 2 => "hello_verified",
        /// The client has verified the server's accept.
        AcceptVerified = 3 => "accept_verified",
        /// The client sends its confirm.
        ConfirmSent = 4 => "confirm_sent",
        /// The server has verified the client's tag.
        ConfirmVerified = 5 => "confirm_verified",
        /// This side, or the peer by an authenticated close, ends the session.
        Close = 6 => "close",
        /// Both closes have crossed and the counts match.
        Drained = 7 => "drained",
        /// Something fatal, with a [`FailReason`](super::FailReason).
        Fail = 8 => "fail",
    }
}
