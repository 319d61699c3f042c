//! A frame on its way: lent to the receiver, and held by a link.

use heapless::Vec;

use super::LinkRecord;

/// The next frame of a link. `Debug` prints the record only: traces never carry bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LinkFrame<'l> {
    /// What the sender's frame said, also where faults have changed the bytes since; of a frame that nobody has sent, what it
    /// says itself.
    pub record: LinkRecord,
    /// The frame as it arrives.
    pub bytes: &'l [u8],
}

impl core::fmt::Debug for LinkFrame<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("LinkFrame").field("record", &self.record).finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for LinkFrame<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", self.record);
    }
}

/// A frame of at most `FRAME` bytes in memory of its own.
pub(super) struct Held<const FRAME: usize> {
    pub(super) record: LinkRecord,
    pub(super) bytes: Vec<u8, FRAME>,
}

impl<const FRAME: usize> Held<FRAME> {
    /// A copy, if it fits.
    pub(super) fn copy_of(record: LinkRecord, bytes: &[u8]) -> Option<Self> {
        Some(Self { record, bytes: Vec::from_slice(bytes).ok()? })
    }

    pub(super) fn lend(&self) -> LinkFrame<'_> {
        LinkFrame { record: self.record, bytes: &self.bytes }
    }
}

impl<const FRAME: usize> core::fmt::Debug for Held<FRAME> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.lend().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::super::sample;
    use super::*;
    use crate::vocab::Role;
    use std::format;

    #[test]
    fn debug_shows_the_record_and_no_bytes() {
        let (short, long) = (sample::frame(Role::Client, 9, 0), sample::frame(Role::Client, 9, 80));
        let record = LinkRecord::of(&short, Role::Client.sends()).unwrap();
        let text = format!("{:?}", LinkFrame { record, bytes: &short });
        assert!(text.contains("sequence: 9") && text.contains("Data"), "{text}");
        assert_eq!(text, format!("{:?}", LinkFrame { record, bytes: &long }));
        assert_eq!(text, format!("{:?}", Held::<128>::copy_of(record, &long).unwrap()));
    }

    #[test]
    fn a_copy_fits_or_is_not_made() {
        let frame = sample::frame(Role::Client, 1, 4);
        let record = LinkRecord::of(&frame, Role::Client.sends()).unwrap();
        assert_eq!(Held::<32>::copy_of(record, &frame).unwrap().lend(), LinkFrame { record, bytes: &frame });
        assert!(Held::<31>::copy_of(record, &frame).is_none());
    }
}
