//! A profile that does not fit its memory begins no session.

use kurdistan::endpoint::{Capacity, Endpoint, MemoryError, StandardMemory, StartError, Storage};
use kurdistan::profile::{Fixed, Profile, Standard};
use kurdistan::secure::Fresh;
use kurdistan::vocab::{Role, Ticks};
use kurdistan::{Large, SmallMemory};

use crate::pair::config;

#[test]
fn the_first_thing_that_is_too_small_is_named() {
    let spec = Standard::SPEC;
    let exact = Capacity {
        pipe_bytes: spec.pipe_bytes_max as usize,
        pipe_frames: usize::from(spec.pipe_frames_max),
        slot_bytes: usize::from(spec.envelope_bytes_max),
        slots: usize::from(spec.streams_max) + usize::from(spec.session_credit),
        streams: usize::from(spec.streams_max),
    };
    assert_eq!((exact, exact.holds(&spec)), (StandardMemory::CAPACITY, Ok(())));
    let less = |change: fn(&mut Capacity)| {
        let mut capacity = exact;
        change(&mut capacity);
        capacity.holds(&spec)
    };
    assert_eq!(less(|it| it.pipe_bytes -= 1), Err(MemoryError::PipeBytes));
    assert_eq!(less(|it| it.pipe_frames -= 1), Err(MemoryError::PipeFrames));
    assert_eq!(less(|it| it.slot_bytes -= 1), Err(MemoryError::SlotBytes));
    assert_eq!(less(|it| it.slots -= 1), Err(MemoryError::Slots));
    assert_eq!(less(|it| it.streams -= 1), Err(MemoryError::Streams));
    assert_eq!(less(|it| (it.pipe_frames, it.streams) = (0, 0)), Err(MemoryError::PipeFrames));
}

#[test]
fn an_endpoint_refuses_to_start_in_memory_that_is_too_small() {
    let mut side = Box::new(Endpoint::<Fixed<Large>, SmallMemory>::vacant(Fixed::new()));
    let started = side.start(Ticks(0), config(Role::Client), Fresh::from_random([1; 32]));
    assert_eq!(started, Err(StartError::Memory(MemoryError::PipeBytes)));
    assert_eq!((side.lifecycle(), side.next_deadline()), (None, None));
    assert!(side.poll_transmit(Ticks(0)).is_none());
}
