//! Changes to a message on its way.

/// One change.
#[derive(Clone, Copy, Debug)]
pub enum Damage {
    /// Turns one bit.
    Flip {
        /// Its place in bits, modulo the length.
        bit: u16,
    },
    /// Writes one byte.
    Set {
        /// Its place in bytes, modulo the length.
        at: u16,
        /// What is written.
        value: u8,
    },
    /// Removes bytes from the end.
    Cut {
        /// How many.
        bytes: u8,
    },
    /// Adds bytes to the end.
    Extend {
        /// How many.
        bytes: u8,
    },
}

impl Damage {
    /// Bytes of one encoded change.
    pub const BYTES: usize = 4;

    /// The change that four bytes name.
    #[must_use]
    pub fn from_bytes([what, value, at_0, at_1]: [u8; Self::BYTES]) -> Self {
        let at = u16::from_le_bytes([at_0, at_1]);
        match what % 8 {
            0..=2 => Self::Flip { bit: at },
            // The first 32 bytes hold the fields.
            3 | 4 => Self::Set { at: at % 32, value },
            5 => Self::Set { at, value },
            6 => Self::Cut { bytes: value },
            _ => Self::Extend { bytes: value },
        }
    }

    /// Makes the change.
    pub fn apply(self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        match self {
            Self::Flip { .. } | Self::Set { .. } if length == 0 => {}
            Self::Flip { bit } => bytes[usize::from(bit) / 8 % length] ^= 1 << (bit % 8),
            Self::Set { at, value } => bytes[usize::from(at) % length] = value,
            Self::Cut { bytes: cut } => bytes.truncate(length.saturating_sub(usize::from(cut))),
            Self::Extend { bytes: more } => bytes.resize(length + usize::from(more), more),
        }
    }
}
