//! The choices that a profile makes.

use super::vocabulary;

vocabulary! {
    /// How a message is cut into frames.
    FragmentPolicy {
        /// Never: a message that does not fit one frame is refused.
        NoFragment = 0 => "no_fragment",
        /// Every fragment but the last carries the same number of bytes.
        FixedFragment = 1 => "fixed_fragment",
    }
}

vocabulary! {
    /// Which stream's turn it is when several wait for room in the pipe (RUNTIME, "Streams and targets").
    PriorityPolicy {
        /// The one that has waited longest.
        Fifo = 0 => "fifo",
        /// Interactive streams before the others, each kind by waiting time.
        InteractiveFirst = 1 => "interactive_first",
        /// Each in turn, with as many bytes as its weight says.
        WeightedRoundRobin = 2 => "weighted_round_robin",
        /// The one whose message is shortest.
        SmallestPendingFirst = 3 => "smallest_pending_first",
    }
}

vocabulary! {
    /// Which envelope sequences are still accepted (RUNTIME, "Envelope, nonce, replay").
    ReplayPolicy {
        /// Exactly the highest plus one; a gap ends the session.
        StrictNoReorder = 0 => "strict_no_reorder",
        /// Anything above the highest.
        OrderedOnly = 1 => "ordered_only",
        /// Anything above the highest less `reorder_max`, once.
        BoundedReorder = 2 => "bounded_reorder",
        /// Anything in the window of RFC 6479, `replay_width` wide, once.
        WindowedReplay = 3 => "windowed_replay",
    }
}

vocabulary! {
    /// Which frame sequences of a stream are accepted.
    SequencePolicy {
        /// Only the next frame.
        Strict = 0 => "strict",
        /// Any frame within the window, in any order.
        Windowed = 1 => "windowed",
    }
}
