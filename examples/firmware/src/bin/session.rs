//! A secure session on the typed route, without transport: handshake as a client, envelopes both ways, close.
#![no_std]
#![no_main]

use core::hint::black_box;

use kurdistan::session::{CloseBody, Failed};
use kurdistan::vocab::{
    CloseReason, EnvelopeClass, FailReason, FrameFacts, FrameKind, MetadataClass, NonceSource,
};
use kurdistan::{Config, Fixed, Fresh, Id, Role, Secret, Session, Small};

type Policy = Fixed<Small>;

#[cortex_m_rt::entry]
fn main() -> ! {
    if let Some(config) = config() {
        black_box(run(config).is_ok());
    }
    kurdistan_firmware::stop()
}

fn config() -> Option<Config> {
    let secret = Secret::new(&black_box(*b"32 random bytes, not these ones!")).ok()?;
    let config = Config::new(Role::Client, Id::new("sensor").ok()?, Id::new("key-1").ok()?, secret);
    Some(config.trust(NonceSource::BootCounter))
}

fn run(config: Config) -> Result<(), Session<Failed, Policy>> {
    let fresh = Fresh::from_counters(black_box(1), 0);
    let Ok(session) = Session::new(Policy::new(), config, fresh) else { return Ok(()) };
    let (session, hello) = session.start()?;
    black_box(hello.as_bytes());
    let accept = black_box([0_u8; 168]);
    let Some((session, confirm)) = session.receive(&accept)?.into_next() else { return Ok(()) };
    black_box(confirm.as_bytes());
    let mut session = session.confirmed()?;
    let facts = FrameFacts {
        stream: 1,
        kind: FrameKind::Data,
        metadata: MetadataClass::Runtime,
        first_sequence: black_box(1),
    };
    while black_box(true) {
        let mut text = black_box([0_u8; 64]);
        black_box(session.seal(EnvelopeClass::Data, &facts, &mut text).is_ok());
        let mut envelope = black_box([0_u8; 88]);
        black_box(session.open(&facts, false, &mut envelope).is_ok());
        if black_box(false) {
            let _ = session.fail(FailReason::Aborted);
            return Ok(());
        }
    }
    let mut session = session.close();
    black_box(session.seal_close(CloseReason::Done, black_box(2)).is_ok());
    let mut close = black_box([0_u8; 41]);
    if let Ok(opened) = session.open(&CloseBody::facts(2), false, &mut close) {
        if let Some(close) = close.get(opened.body).and_then(CloseBody::decode) {
            session.note_peer_close(close.counts);
        }
    }
    black_box(session.finish(false)?.into_next().is_some());
    Ok(())
}
