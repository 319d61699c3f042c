//! Frames of every class, and handshake messages, both ways.
#![no_std]
#![no_main]

use kurdistan::guard::Sound;
use kurdistan::vocab::{ChecksumClass, Direction, FailReason, FrameKind, Id, MetadataClass, Role};
use kurdistan::wire::{
    Accept, Confirm, FrameLimits, HandshakeBytes, Header, Hello, Refuse, checksum, decode, encode, handshake,
    peek_session_class,
};
use panic_free::{any, bytes, part, space};

part!(wire);

fn wire() {
    frames();
    messages();
}

fn frames() {
    let limits = any(FrameLimits::WIDEST);
    let frame = bytes();
    any(peek_session_class(frame));
    any(checksum(any(ChecksumClass::Crc16), frame));
    if let Ok(view) = decode(frame, &limits, &Sound) {
        any((view.header(), view.payload(), view.first_sequence()));
    }
    let header = any(Header {
        kind: FrameKind::Data,
        is_final: false,
        direction: Direction::ClientToServer,
        metadata: MetadataClass::Runtime,
        session_class: 0,
        fragment_index: 0,
        fragment_count: 1,
        fragment_offset: 0,
        stream: 1,
        sequence: 1,
    });
    let fill = |place: &mut [u8]| {
        any(place);
    };
    let class = any(ChecksumClass::Crc32c);
    any(encode(&header, class, any(0), &limits, &Sound, space(), fill).is_ok());
}

fn messages() {
    any(handshake::is_message(any(0)));
    if let Ok((hello, tag)) = Hello::decode(bytes()) {
        tell(any(hello).encode().with_tag(&any(tag)));
    }
    if let Ok((accept, tag)) = Accept::decode(bytes()) {
        tell(any(accept).encode().with_tag(&any(tag)));
    }
    if let Ok(tag) = Confirm::decode(bytes()) {
        tell(Confirm::encode().with_tag(&any(tag)));
    }
    let sender = any(Role::Client);
    if let Ok((refuse, tag)) = Refuse::decode(bytes(), sender) {
        let reason = any(FailReason::Aborted);
        tell(Refuse { reason, ..any(refuse) }.encode().with_tag(&any(tag)));
    }
    if let Ok(id) = Id::from_bytes(bytes()) {
        any((id.as_bytes(), id.as_str()));
    }
}

fn tell(message: HandshakeBytes) {
    any(message.as_bytes());
    any(message.authenticated_part());
}
