//! The whole of it: one endpoint of the small profile in static memory, in the loop of a main program.
#![no_std]
#![no_main]

use core::hint::black_box;

use kurdistan::vocab::NonceSource;
use kurdistan::{Config, Endpoint, Fixed, Fresh, Id, Read, Role, Secret, Small, SmallMemory, Ticks};
use static_cell::ConstStaticCell;

type Side = Endpoint<Fixed<Small>, SmallMemory>;

static SIDE: ConstStaticCell<Side> = ConstStaticCell::new(Side::vacant(Fixed::new()));

#[cortex_m_rt::entry]
fn main() -> ! {
    if let Some(side) = SIDE.try_take() {
        let mut now = Ticks(0);
        if let Some(config) = config() {
            black_box(side.start(now, config, Fresh::from_counters(black_box(1), 0)).is_ok());
        }
        let mut message = [0; 64];
        let received = black_box([0_u8; 128]);
        while black_box(true) {
            now = now.plus(1);
            black_box(side.receive(now, &received).is_ok());
            if let Some(stream) = side.readable() {
                if let Read::Message(bytes) = side.read(stream) {
                    black_box(bytes);
                }
                side.consume(now, stream);
            }
            if let Ok(stream) = side.open_stream() {
                black_box(side.send(now, stream, &mut message).is_ok());
                black_box(side.finish(now, stream).is_ok());
            }
            side.poll(now);
            while let Some(frame) = side.poll_transmit(now) {
                black_box(frame.bytes());
                frame.sent();
            }
            black_box(side.next_deadline());
            if side.failure().is_some() {
                side.close(now, kurdistan::CloseReason::Done);
            }
        }
    }
    kurdistan_firmware::stop()
}

fn config() -> Option<Config> {
    let role = if black_box(true) { Role::Client } else { Role::Server };
    let secret = Secret::new(&black_box(*b"32 random bytes, not these ones!")).ok()?;
    let config = Config::new(role, Id::new("sensor").ok()?, Id::new("key-1").ok()?, secret);
    Some(config.trust(NonceSource::BootCounter))
}
