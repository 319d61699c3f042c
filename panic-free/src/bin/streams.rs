//! The table of streams, from any state and with any limits.
#![no_std]
#![no_main]

use kurdistan::guard::Sound;
use kurdistan::stream::{StreamLimits, StreamTable};
use kurdistan::vocab::Role;
use panic_free::{any, part};

part!(streams);

fn streams() {
    let mut table = StreamTable::<4>::EMPTY;
    let limits =
        StreamLimits { role: Role::Client, local_max: 2, remote_max: 2, stream_credit: 2, session_credit: 2 };
    let mut streams = any(&mut table).streams(any(limits));
    while any(true) {
        any(streams.open_local(&Sound)).ok();
        any(streams.place(any(1), &Sound));
        any(streams.open_remote(any(1), &Sound)).ok();
        if let Some(stream) = streams.get(any(1)) {
            any(&mut *stream);
            any((stream.unread(), stream.outstanding(any(1)), stream.is_reset(), stream.is_through(any(1))));
        }
        for stream in streams.iter_mut() {
            any(stream);
        }
        if let Some(stream) = streams.at(any(0)) {
            any((streams.send_credit(&stream), streams.receive_credit(any(1))));
        }
        streams.sweep(|stream| {
            any(stream);
        });
        if any(false) {
            streams.clear();
        }
    }
}
