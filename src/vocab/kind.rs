//! What a frame and an envelope are.

use super::vocabulary;

vocabulary! {
    /// The kind of a byte frame; header byte 1 .
    FrameKind {
        /// A fragment of a sealed data envelope.
        Data = 1 => "data",
        /// Before `open` a handshake message in clear, afterwards a sealed control envelope.
        Control = 2 => "control",
        /// A sealed acknowledgement.
        Ack = 3 => "ack",
        /// A sealed end of the session.
        Close = 4 => "close",
        /// A sealed abrupt end of one stream.
        Reset = 5 => "reset",
        /// A sealed pressure signal.
        Backpressure = 6 => "backpressure",
    }
}

vocabulary! {
    /// Which part of a system a frame serves; header byte 3.
    MetadataClass {
        /// Not stated.
        Unspecified = 0 => "unspecified",
        /// The session itself.
        Runtime = 1 => "runtime",
        /// A carrier.
        Carrier = 2 => "carrier",
        /// Proxy semantics.
        Proxy = 3 => "proxy",
        /// A local adapter.
        Adapter = 4 => "adapter",
        /// A probe.
        Probe = 5 => "probe",
    }
}

vocabulary! {
    /// The checksum at the end of a frame; low nibble of header byte 0.
    ChecksumClass {
        /// CRC-16/IBM-SDLC, 2 bytes. Hamming distance 4 to 4,093 bytes.
        Crc16 = 1 => "crc16",
        /// CRC-32/ISCSI, 4 bytes. Hamming distance 6 to 655 bytes, then 4.
        Crc32c = 2 => "crc32c",
        /// CRC-32/AUTOSAR, 4 bytes. Hamming distance 6 to 4,092 bytes, 4 to 8,187, then 2.
        Crc32Autosar = 3 => "crc32_autosar",
    }
}

impl ChecksumClass {
    /// Length of the checksum, in bytes.
    #[inline]
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Crc16 => 2,
            Self::Crc32c | Self::Crc32Autosar => 4,
        }
    }

    /// The Hamming distance that the checksum guarantees over `covered` bytes of header and payload on a
    /// frame-preserving link: every change of fewer bits is found (Koopman's tables; FAULTS, "CRC choice").
    #[must_use]
    pub const fn hamming_distance(self, covered: usize) -> u8 {
        match self {
            Self::Crc16 if covered <= 4_093 => 4,
            Self::Crc32c if covered <= 655 => 6,
            Self::Crc32c => 4,
            Self::Crc32Autosar if covered <= 4_092 => 6,
            Self::Crc32Autosar if covered <= 8_187 => 4,
            Self::Crc16 | Self::Crc32Autosar => 2,
        }
    }
}

vocabulary! {
    /// The class of a sealed envelope; low seven bits of its first byte.
    EnvelopeClass {
        /// Bytes of a stream.
        Data = 1 => "data",
        /// The clean end of one half of a stream, with its final byte count.
        EndOfStream = 2 => "end_of_stream",
        /// The abrupt end of a stream.
        Reset = 3 => "reset",
        /// The end of one half of a stream by an application error.
        Error = 4 => "error",
        /// Absolute credit of a stream.
        Credit = 5 => "credit",
        /// Acknowledgement of frames.
        Ack = 6 => "ack",
        /// Pressure raised or cleared.
        Pressure = 7 => "pressure",
        /// A probe of the peer, or its answer, with the last data sequence sealed.
        Ping = 8 => "ping",
        /// The end of the session, with its reason and the last data sequence sealed.
        Close = 9 => "close",
    }
}

impl EnvelopeClass {
    /// Whether the envelope is sealed with the data keys; all others use the control keys.
    #[inline]
    #[must_use]
    pub const fn is_data(self) -> bool {
        matches!(self, Self::Data | Self::EndOfStream | Self::Error)
    }

    /// Whether the envelope is the last of its half of a stream.
    #[inline]
    #[must_use]
    pub const fn ends_stream(self) -> bool {
        matches!(self, Self::EndOfStream | Self::Error)
    }

    /// The kind of frame that carries this class.
    #[inline]
    #[must_use]
    pub const fn frame_kind(self) -> FrameKind {
        match self {
            Self::Data | Self::EndOfStream | Self::Error => FrameKind::Data,
            Self::Credit | Self::Ping => FrameKind::Control,
            Self::Ack => FrameKind::Ack,
            Self::Pressure => FrameKind::Backpressure,
            Self::Reset => FrameKind::Reset,
            Self::Close => FrameKind::Close,
        }
    }
}
