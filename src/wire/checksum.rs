//! The three checksum classes, by the crate `crc`. Its table size is a feature: none (small), `crc-table` (1 KiB a class) or
//! `crc-table-16` (16 KiB a class). The result is the same.

use crc::{CRC_16_IBM_SDLC, CRC_32_AUTOSAR, CRC_32_ISCSI, Crc};

use crate::vocab::ChecksumClass;

#[cfg(feature = "crc-table-16")]
type Table = crc::Table<16>;
#[cfg(all(feature = "crc-table", not(feature = "crc-table-16")))]
type Table = crc::Table<1>;
#[cfg(not(any(feature = "crc-table", feature = "crc-table-16")))]
type Table = crc::NoTable;

static CRC16: Crc<u16, Table> = Crc::<u16, Table>::new(&CRC_16_IBM_SDLC);
static CRC32C: Crc<u32, Table> = Crc::<u32, Table>::new(&CRC_32_ISCSI);
static CRC32_AUTOSAR: Crc<u32, Table> = Crc::<u32, Table>::new(&CRC_32_AUTOSAR);

/// The checksum of `bytes`; 16-bit classes fill the low half.
#[must_use]
pub fn checksum(class: ChecksumClass, bytes: &[u8]) -> u32 {
    match class {
        ChecksumClass::Crc16 => u32::from(CRC16.checksum(bytes)),
        ChecksumClass::Crc32c => CRC32C.checksum(bytes),
        ChecksumClass::Crc32Autosar => CRC32_AUTOSAR.checksum(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogue_check_values() {
        assert_eq!(checksum(ChecksumClass::Crc16, b"123456789"), 0x906e);
        assert_eq!(checksum(ChecksumClass::Crc32c, b"123456789"), 0xe306_9283);
        assert_eq!(checksum(ChecksumClass::Crc32Autosar, b"123456789"), 0x1697_d06a);
    }
}
