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
    /// Which envelope sequences are still accepted (RUNTIME, "Envelope, nonce, replay").
    ReplayPolicy {
        /// Exactly the highest plus one; a gap ends the session.
        StrictNoReorder = 0 => "strict_no_reorder",
        /// Anything above the highest.
        OrderedOnly = 1 => "ordered_only",
        /// Anything above the highest less the width, once.
        BoundedReorder = 2 => "bounded_reorder",
        /// The window of RFC 6479, once.
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
