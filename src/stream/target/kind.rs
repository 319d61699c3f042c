//! The names of the targets.

use crate::vocab::vocabulary;

vocabulary! {
    /// What a synthetic target does; the [module](super) has the table.
    TargetKind {
        /// Every message comes back as it was.
        Echo = 1 => "echo",
        /// Everything is read, nothing is said.
        Discard = 2 => "discard",
        /// One answer.
        FixedResponse = 3 => "fixed_response",
        /// One answer, later.
        SlowResponse = 4 => "slow_response",
        /// An object in equal messages.
        ChunkedResponse = 5 => "chunked_response",
        /// An object many times the pipe and the credit.
        LargeObject = 6 => "large_object",
        /// Some bytes, then an error.
        ErrorResponse = 7 => "error_response",
        /// Some bytes, then a reset.
        ResetMidstream = 8 => "reset_midstream",
        /// One byte at a time.
        DripResponse = 9 => "drip_response",
        /// An object in messages of any length at any time.
        JitteryResponse = 10 => "jittery_response",
    }
}

impl TargetKind {
    /// The target with this name.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name().as_bytes() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::TargetKind;

    #[test]
    fn every_name_stands_for_its_target_and_no_other_for_any() {
        assert_eq!(TargetKind::ALL.len(), 10);
        for kind in TargetKind::ALL {
            assert_eq!(TargetKind::from_name(kind.name().as_bytes()), Some(*kind));
        }
        assert_eq!([&b""[..], b"ech", b"echo\0", b"Echo"].map(TargetKind::from_name), [None; 4]);
    }
}
