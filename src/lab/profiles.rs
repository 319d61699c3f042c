//! The profiles that every gate runs on: storage class S, messages of at most 768 bytes.

use crate::profile::{Profile, ProfileId, Small, Spec};
use crate::vocab::{ChecksumClass, FragmentPolicy, ReplayPolicy, SequencePolicy};

/// How many different profiles there are.
pub const PROFILES_MAX: u32 = 24;

/// The profile with this number, below [`PROFILES_MAX`]; larger numbers begin again.
#[must_use]
pub const fn profile(number: u32) -> Spec {
    let number = number % PROFILES_MAX;
    let checksum = match number % 3 {
        0 => ChecksumClass::Crc32c,
        1 => ChecksumClass::Crc16,
        _ => ChecksumClass::Crc32Autosar,
    };
    let hamming_distance = if matches!(checksum, ChecksumClass::Crc16) { 4 } else { 6 };
    // Fragments of four sizes, one of which never cuts.
    let (fragment, fragment_bytes, fragments_max, envelope_bytes_max) = match number % 4 {
        0 => (FragmentPolicy::FixedFragment, 100, 6, 536),
        1 => (FragmentPolicy::FixedFragment, 200, 4, 792),
        2 => (FragmentPolicy::NoFragment, 224, 1, 224),
        _ => (FragmentPolicy::FixedFragment, 64, 8, 424),
    };
    let strict = number % 8 == 5;
    let (low, credit) = (number as u8 % 4, number as u8 % 2);
    let [a, b] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
    Spec {
        id: ProfileId([b'l', b'a', b'b', b'-', a, b, 0, 0]),
        seed: number as u64,
        checksum,
        hamming_distance,
        frame_bytes_max: 256,
        payload_bytes_max: 224,
        fragments_max,
        fragment,
        fragment_bytes,
        envelope_bytes_max,
        pipe_bytes_max: 1_280 + 128 * low as u32,
        pipe_frames_max: 16,
        pipe_high_bytes: 300 + 32 * low as u32,
        pipe_low_bytes: 200,
        sequence: if strict { SequencePolicy::Strict } else { SequencePolicy::Windowed },
        sequence_window: 16 + 8 * low,
        replay: if strict { ReplayPolicy::StrictNoReorder } else { ReplayPolicy::WindowedReplay },
        replay_width: 64 << low as u16,
        streams_max: 4,
        server_streams: 2,
        stream_credit: 1 + credit,
        session_credit: 4,
        ..Small::SPEC
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Storage;
    use crate::lab::LabMemory;
    use crate::profile::generation_hash;

    #[test]
    fn all_are_sound_and_different_and_fit_the_rig() {
        for number in 0..PROFILES_MAX {
            let spec = profile(number);
            assert_eq!(spec.check(), Ok(()), "profile {number}");
            assert_eq!(LabMemory::CAPACITY.holds(&spec), Ok(()), "profile {number}");
            for other in 0..number {
                assert_ne!(generation_hash(&spec), generation_hash(&profile(other)));
            }
        }
    }
}
