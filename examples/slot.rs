//! Two endpoints in `static` memory, as firmware keeps them, and the main loop that moves them: no heap, no threads.

use std::sync::Mutex;

use kurdistan::link::{Link, MemoryLink};
use kurdistan::{
    CloseReason, Config, Endpoint, Fixed, Fresh, Id, Read, Role, Secret, Small, SmallMemory, Ticks,
};

type Slot = Endpoint<Fixed<Small>, SmallMemory>;

// On a microcontroller: `static CELL: StaticCell<Slot>`, or a field of the program's resources.
static CLIENT: Mutex<Slot> = Mutex::new(Slot::vacant(Fixed::new()));
static SERVER: Mutex<Slot> = Mutex::new(Slot::vacant(Fixed::new()));
static LINK: Mutex<MemoryLink<284, 4>> = Mutex::new(MemoryLink::EMPTY);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut client, mut server) = (CLIENT.lock()?, SERVER.lock()?);
    let mut link = LINK.lock()?;
    let config = |role, name| -> Result<_, Box<dyn std::error::Error>> {
        let secret = Secret::new(b"32 random bytes, not these ones!")?;
        Ok(Config::new(role, Id::new(name)?, Id::new("key-1")?, secret))
    };
    let mut now = Ticks(0);
    server.start(now, config(Role::Server, "host")?, Fresh::from_random([2; 32]))?;
    client.start(now, config(Role::Client, "sensor")?, Fresh::from_random([1; 32]))?;

    let mut said = false;
    while client.lifecycle() != Some(kurdistan::vocab::Lifecycle::Closed) {
        if client.is_open() && !said {
            let stream = client.open_stream()?;
            client.send(now, stream, &mut { *b"21.5 degrees" })?;
            client.finish(now, stream)?;
            client.close(now, CloseReason::Done);
            said = true;
        }
        turn(&mut client, Role::Client, &mut *link, now);
        turn(&mut server, Role::Server, &mut *link, now);
        now = now.plus(1);
    }
    println!("{} bytes of RAM for an endpoint", size_of::<Slot>());
    Ok(())
}

/// One turn of a main loop: what came, what is due, what goes out.
fn turn(side: &mut Slot, role: Role, link: &mut impl Link, now: Ticks) {
    while let Some(frame) = link.front(role) {
        let _ = side.receive(now, frame.bytes); // what is refused is counted, and harmless
        link.pop(role);
    }
    while let Some(stream) = side.readable() {
        if let Read::Message(text) = side.read(stream) {
            println!("{role}: stream {stream} says: {}", text.escape_ascii());
        }
        side.consume(now, stream);
    }
    side.poll(now);
    while let Some(frame) = side.poll_transmit(now) {
        if link.send(role, frame.bytes()).is_err() {
            break; // the link is full: the frame stays queued
        }
        frame.sent();
    }
}
