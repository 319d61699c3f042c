//! What the application wants of its half of a stream.

/// How a stream stands against the others of its side when several wait for room in the pipe. Which of the two fields counts,
/// if any, is the profile's [`PriorityPolicy`](crate::vocab::PriorityPolicy). The peer does not learn of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Priority {
    /// Somebody waits for each message.
    pub interactive: bool,
    /// Its share of the bytes, beside those of the others: 1 to 255.
    pub weight: u8,
}

impl Priority {
    /// What every stream begins with: not interactive, weight 1.
    pub const PLAIN: Self = Self { interactive: false, weight: 1 };
}

impl Default for Priority {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// Why a stream kept its priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PriorityRefusal {
    /// No stream has this id now.
    NoStream,
    /// A weight of 0 would never have a turn.
    Weight,
}

impl core::fmt::Display for PriorityRefusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NoStream => "no stream has this id",
            Self::Weight => "a weight is at least 1",
        })
    }
}

impl core::error::Error for PriorityRefusal {}
