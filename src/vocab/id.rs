//! Names of peers and secrets.

/// A runtime id or secret id: 1 to 16 bytes of printable ASCII (`0x21..=0x7e`, no space).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id {
    length: u8,
    bytes: [u8; Id::BYTES_MAX],
}

const _: () = assert!(size_of::<Id>() == 17);

impl Id {
    /// The longest id, in bytes.
    pub const BYTES_MAX: usize = 16;

    /// An id from text.
    ///
    /// # Errors
    /// [`IdError`] names what is wrong with the text.
    pub const fn new(text: &str) -> Result<Self, IdError> {
        Self::from_bytes(text.as_bytes())
    }

    /// An id from the bytes of a message.
    ///
    /// # Errors
    /// [`IdError`] names what is wrong with the bytes.
    pub const fn from_bytes(from: &[u8]) -> Result<Self, IdError> {
        if from.is_empty() {
            return Err(IdError::Empty);
        }
        if from.len() > Self::BYTES_MAX {
            return Err(IdError::TooLong);
        }
        let mut bytes = [0; Self::BYTES_MAX];
        let mut target: &mut [u8] = &mut bytes;
        let mut source = from;
        while let ([byte, more @ ..], [place, room @ ..]) = (source, target) {
            if !byte.is_ascii_graphic() {
                return Err(IdError::NotPrintable);
            }
            *place = *byte;
            source = more;
            target = room;
        }
        // At most `BYTES_MAX`, which fits.
        Ok(Self { length: from.len() as u8, bytes })
    }

    /// The bytes of the id, without padding.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&[])
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or("")
    }
}

impl core::fmt::Debug for Id {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Debug::fmt(self.as_str(), f)
    }
}

impl core::fmt::Display for Id {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Id {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.as_str());
    }
}

/// Why text is not an [`Id`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum IdError {
    /// No byte at all.
    Empty,
    /// More than 16 bytes.
    TooLong,
    /// A byte outside `0x21..=0x7e`.
    NotPrintable,
}

impl core::fmt::Display for IdError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Empty => "an id has at least one byte",
            Self::TooLong => "an id has at most 16 bytes",
            Self::NotPrintable => "an id is printable ascii without spaces",
        })
    }
}

impl core::error::Error for IdError {}
