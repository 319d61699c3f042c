//! The bounded pipe, from any state and with any limits.
#![no_std]
#![no_main]

use kurdistan::guard::Sound;
use kurdistan::profile::{Profile, Small};
use kurdistan::transport::PipeBuffer;
use kurdistan::vocab::FrameKind;
use panic_free::{any, part};

part!(pipe);

fn pipe() {
    let mut buffer = PipeBuffer::<2_048, 16>::EMPTY;
    let mut pipe = any(&mut buffer).pipe(any(Small::SPEC.pipe_limits()));
    while any(true) {
        let kind = any(FrameKind::Data);
        let lengths = [any(1), any(2)];
        any(pipe.admit(&Sound, kind, lengths.into_iter().take(any(2))).is_ok());
        let write = |place: &mut [u8]| {
            any(place);
            any(Ok::<(), u8>(()))
        };
        any(pipe.push(&Sound, kind, any(100), write).is_ok());
        any(pipe.front()).ok();
        any(pipe.pop(&Sound));
        any((pipe.frames(), pipe.data_frames(), pipe.queued(), pipe.refused()));
        any((pipe.under_pressure(), pipe.free(&Sound, kind)));
        match any(0) {
            0 => pipe.close(),
            1 => pipe.reset(),
            2 => pipe.clear(),
            _ => {}
        }
    }
}
