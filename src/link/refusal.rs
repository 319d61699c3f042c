//! Why a link did not take a frame.

use crate::vocab::FrameReject;

/// Why a link did not take a frame. Nothing was queued and nothing was lost: the sender still has the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LinkRefusal {
    /// Longer than this link ever takes.
    FrameTooLarge {
        /// Bytes of the frame.
        bytes: u32,
        /// Bytes of the longest frame.
        max: u32,
    },
    /// The bytes are no frame, or one that does not travel this way: truncated, trailing, version, checksum class, unknown
    /// kind, wrong direction or metadata class.
    Frame(FrameReject),
    /// A frame of a session other than the pinned one.
    WrongSession {
        /// Session id class of the frame.
        found: u16,
        /// Session id class that the link is pinned to.
        pinned: u16,
    },
    /// No room now; try again when frames have left.
    Pressure {
        /// Bytes of the frame.
        needed: u32,
        /// Bytes of the longest frame that would be taken now.
        free: u32,
    },
}

const _: () = assert!(size_of::<LinkRefusal>() <= 12);

impl core::fmt::Display for LinkRefusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::FrameTooLarge { bytes, max } => {
                write!(f, "a frame of {bytes} bytes exceeds the limit of {max}")
            }
            Self::Frame(reject) => write!(f, "not a frame of this direction: {reject}"),
            Self::WrongSession { found, pinned } => {
                write!(f, "session class {found:#06x} where {pinned:#06x} is pinned")
            }
            Self::Pressure { needed, free } => write!(f, "{needed} bytes needed, {free} free"),
        }
    }
}

impl core::error::Error for LinkRefusal {}

impl From<FrameReject> for LinkRefusal {
    fn from(reject: FrameReject) -> Self {
        Self::Frame(reject)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn each_refusal_says_what_is_wrong() {
        for (refusal, text) in [
            (
                LinkRefusal::FrameTooLarge { bytes: 99, max: 64 },
                "a frame of 99 bytes exceeds the limit of 64",
            ),
            (FrameReject::UnknownKind.into(), "not a frame of this direction: unknown_kind"),
            (
                LinkRefusal::WrongSession { found: 7, pinned: 0xbeef },
                "session class 0x0007 where 0xbeef is pinned",
            ),
            (LinkRefusal::Pressure { needed: 30, free: 4 }, "30 bytes needed, 4 free"),
        ] {
            assert_eq!(refusal.to_string(), text);
        }
    }
}
