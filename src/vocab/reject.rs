//! Why one input or one call was refused. A refusal changes nothing but a counter, and the session lives on.

use super::vocabulary;

vocabulary! {
    /// Why bytes are not an acceptable frame, in the order of the checks. The peer or the link must act.
    FrameReject {
        /// Shorter than a header, or than the header declares.
        Truncated = 1 => "truncated",
        /// Not version 1.
        Version = 2 => "version",
        /// Not the pinned checksum class, or an unknown one.
        ChecksumClass = 3 => "checksum_class",
        /// Longer than the header declares.
        Trailing = 4 => "trailing",
        /// Longer than the limit of a frame.
        OversizedFrame = 5 => "oversized_frame",
        /// The checksum does not match.
        Checksum = 6 => "checksum",
        /// A kind without meaning.
        UnknownKind = 7 => "unknown_kind",
        /// A reserved bit, or a flag that the kind forbids.
        Flags = 8 => "flags",
        /// Sent the other way.
        WrongDirection = 9 => "wrong_direction",
        /// A metadata class without meaning.
        MetadataClass = 10 => "metadata_class",
        /// More payload than the limit.
        OversizedPayload = 11 => "oversized_payload",
        /// No fragment, too many, or several where the kind has one.
        FragmentCount = 12 => "fragment_count",
        /// An index that is not below the count.
        FragmentIndex = 13 => "fragment_index",
        /// An offset that contradicts the index, or reaches beyond the largest message.
        FragmentOffset = 14 => "fragment_offset",
        /// A stream that the kind forbids.
        StreamId = 15 => "stream_id",
        /// A sequence that is not above the index, or the reserved one.
        Sequence = 16 => "sequence",
    }
}

vocabulary! {
    /// Why a frame's sequence is not acceptable on its stream.
    SequenceReject {
        /// Seen before.
        Duplicate = 1 => "duplicate",
        /// Too far back to tell.
        Old = 2 => "old",
        /// Beyond the window, or not the next one where the order is strict.
        TooFarFuture = 3 => "too_far_future",
        /// After the end of the stream.
        AfterTerminal = 4 => "after_terminal",
    }
}

vocabulary! {
    /// Why a fragment cannot join a group.
    GroupReject {
        /// Count, kind, stream or metadata differ from the group's.
        GroupMismatch = 1 => "group_mismatch",
        /// The same fragment again, with the same bytes.
        DuplicateFragment = 2 => "duplicate_fragment",
        /// The same fragment again, with other bytes: the whole group is dropped.
        ConflictingDuplicate = 3 => "conflicting_duplicate",
        /// Its bytes run into another fragment's.
        Overlap = 4 => "overlap",
        /// An index beyond the group's count.
        IndexBeyondCount = 5 => "index_beyond_count",
        /// Not the next fragment where the profile forbids reordering.
        OutOfOrder = 6 => "out_of_order",
        /// No slot is free, or the stream has its share.
        TooManyGroups = 7 => "too_many_groups",
        /// More bytes than a slot holds.
        TooManyBytes = 8 => "too_many_bytes",
        /// The group's deadline has passed.
        Expired = 9 => "expired",
    }
}

vocabulary! {
    /// Why an envelope was not opened.
    EnvelopeReject {
        /// Too short, an unknown class, or the reserved phase bit.
        Shape = 1 => "shape",
        /// The tag does not verify.
        OpenFailed = 2 => "open_failed",
        /// This sequence was opened before.
        Duplicate = 3 => "duplicate",
        /// Below the window.
        Old = 4 => "old",
        /// Genuine, but not the next one where the policy is strict: the session ends.
        Gap = 5 => "gap",
        /// Genuine, but its class does not fit the frame that carried it.
        HeaderMismatch = 6 => "header_mismatch",
        /// Of another session.
        WrongSession = 7 => "wrong_session",
    }
}

vocabulary! {
    /// Why a handshake message was ignored. Nothing unauthenticated fails a session.
    HandshakeReject {
        /// Too short or too long.
        Length = 1 => "length",
        /// Not the message that is expected now.
        MessageType = 2 => "message_type",
        /// Not from the other role.
        SenderRole = 3 => "sender_role",
        /// A field that breaks its range.
        Field = 4 => "field",
        /// A secret that this side does not hold.
        SecretId = 5 => "secret_id",
        /// The binder does not verify.
        Binder = 6 => "binder",
        /// The tag does not verify.
        Tag = 7 => "tag",
        /// As many sessions or handshakes as there may be.
        Busy = 8 => "busy",
    }
}

vocabulary! {
    /// Why a pipe has no frame to give. Three different answers.
    PipeEmpty {
        /// Nothing now; more may come.
        Empty = 1 => "empty",
        /// Nothing any more: closed and drained.
        Closed = 2 => "closed",
        /// Nothing any more: reset, the queue was dropped.
        Reset = 3 => "reset",
    }
}

/// Why a pipe did not take a frame. Nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PipeRefusal {
    /// The pipe was reset.
    PipeReset,
    /// The pipe was closed.
    PipeClosed,
    /// Larger than a frame may ever be.
    FrameTooLarge {
        /// Bytes of the frame.
        bytes: u32,
        /// Bytes of the largest frame.
        max: u32,
    },
    /// No room now; try again when frames have left.
    Pressure {
        /// Bytes that were needed.
        needed: u32,
        /// Bytes of the largest frame that would be accepted now.
        free: u32,
    },
}

impl core::fmt::Display for PipeRefusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::PipeReset => f.write_str("the pipe was reset"),
            Self::PipeClosed => f.write_str("the pipe is closed"),
            Self::FrameTooLarge { bytes, max } => {
                write!(f, "a frame of {bytes} bytes exceeds the limit of {max}")
            }
            Self::Pressure { needed, free } => write!(f, "{needed} bytes needed, {free} free"),
        }
    }
}

/// Why nothing was sealed. The buffer is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SealRefusal {
    /// The key is used up; the session must end.
    KeyLimit,
    /// More bytes than an envelope holds.
    TooLong,
    /// A data class where only control is sealed.
    NotControl,
}

impl core::fmt::Display for SealRefusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::KeyLimit => "this key is used up",
            Self::TooLong => "more bytes than an envelope holds",
            Self::NotControl => "a data class where only control is sealed",
        })
    }
}

impl core::error::Error for FrameReject {}
impl core::error::Error for SequenceReject {}
impl core::error::Error for GroupReject {}
impl core::error::Error for EnvelopeReject {}
impl core::error::Error for HandshakeReject {}
impl core::error::Error for PipeEmpty {}
impl core::error::Error for PipeRefusal {}
impl core::error::Error for SealRefusal {}

const _: () = assert!(size_of::<PipeRefusal>() <= 12);
