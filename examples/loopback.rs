//! Two typed sessions in one program, from `New` to `Closed`. A verb that belongs to another state does not compile.

use kurdistan::secure::{Fresh, Secret};
use kurdistan::session::{CloseBody, Config, Session};
use kurdistan::vocab::{CloseReason, EnvelopeClass, FrameFacts, FrameKind, Id, MetadataClass, Role};
use kurdistan::{Fixed, Standard};

const SECRET: &[u8] = b"32 random bytes, not these ones!";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let side = |role, name, random| -> Result<_, Box<dyn std::error::Error>> {
        let config = Config::new(role, Id::new(name)?, Id::new("key-1")?, Secret::new(SECRET)?);
        Ok(Session::new(Fixed::<Standard>::new(), config, Fresh::from_random(random))?)
    };
    let (client, hello) = side(Role::Client, "sensor", [1; 32])?.start()?;
    let server = side(Role::Server, "host", [2; 32])?.listen()?;
    let (server, accept) = server.receive(hello.as_bytes())?.into_next().ok_or("no accept")?;
    let (client, confirm) = client.receive(accept.as_bytes())?.into_next().ok_or("no confirm")?;
    let mut server = server.receive(confirm.as_bytes())?.into_next().ok_or("not open")?;
    let mut client = client.confirmed()?;

    let (kind, metadata) = (FrameKind::Data, MetadataClass::Runtime);
    let facts = FrameFacts { stream: 1, kind, metadata, first_sequence: 1 };
    let mut text = *b"21.5 degrees";
    let sealed = client.seal(EnvelopeClass::Data, &facts, &mut text)?;
    let mut envelope = [&sealed.head[..], &text, &sealed.tag].concat();
    let opened = server.open(&facts, false, &mut envelope)?;
    println!("{} says: {}", server.peer(), std::str::from_utf8(&envelope[opened.body])?);

    let (mut client, mut server) = (client.close(), server.close());
    let mut goodbyes = [client.seal_close(CloseReason::Done, 2)?, server.seal_close(CloseReason::Done, 2)?];
    for (side, goodbye) in [&mut server, &mut client].into_iter().zip(&mut goodbyes) {
        let opened = side.open(&CloseBody::facts(2), false, goodbye)?;
        let close = CloseBody::decode(&goodbye[opened.body]).ok_or("not a close")?;
        side.note_peer_close(close.counts);
    }
    let (client, server) = (client.finish(false)?.into_next(), server.finish(false)?.into_next());
    println!("both are {}", client.and(server).ok_or("not closed")?.lifecycle());
    Ok(())
}
