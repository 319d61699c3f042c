//! What can be logged, and what cannot.

use std::fs;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use kurdistan::vocab::{CapabilitySet, FailReason, Failure, FrameReject, Id, Ticks};
use kurdistan::{
    Fixed, Standard, endpoint, guard, link, observe, profile, secure, session, stream, transport,
};
use kurdistan::{vocab, wire};
use test_logger::logged;

type Policy = Fixed<Standard>;

struct Probe<T>(PhantomData<T>);

/// Chosen where the method of the type itself does not exist.
trait Unformatted {
    fn is_formatted(&self) -> bool {
        false
    }
}

impl<T> Unformatted for Probe<T> {}

impl<T: defmt::Format> Probe<T> {
    fn is_formatted(&self) -> bool {
        true
    }
}

macro_rules! check {
    ($expected:literal: $($type:ty,)+) => {
        $(assert_eq!(Probe::<$type>(PhantomData).is_formatted(), $expected, stringify!($type));)+
    };
}

#[test]
fn values_are_formatted() {
    check! { true:
        guard::envelope::ReplayFacts, guard::identity::PeerIdentity, guard::lifecycle::CloseFacts, guard::pipe::PipeFacts,
        guard::reassembly::GroupRoom, guard::sequence::SequenceFacts, guard::stream::CreditFacts, guard::Rule,
        vocab::Role, vocab::Lifecycle, vocab::FrameKind, vocab::CapabilitySet, Id, Ticks, Failure, vocab::FrameFacts,
        observe::Event, profile::Spec, profile::SpecError, wire::Header, wire::FrameView<'static>, wire::Facts, wire::Hello,
        wire::Accept, wire::Confirm, wire::Refuse, wire::HandshakeBytes, wire::FrameLimits, secure::Sealed, secure::Opened,
        secure::ReplayRing, secure::SecretError, session::CloseBody, session::Selection, session::LastWords,
        transport::Cut, transport::Accepted, transport::Sequencer, stream::Stream, stream::Place, stream::StreamLimits,
        link::LinkFrame<'static>, link::LinkRecord, endpoint::Stats, endpoint::Reject, endpoint::SendRefusal,
    }
}

#[test]
fn secrets_and_what_holds_them_are_not() {
    check! { false:
        secure::Secret, secure::Fresh, secure::SealingKey, secure::Prk, secure::Traffic, secure::Transcript, secure::Channel,
        session::AnySession<Policy>, session::Session<session::New, Policy>,
        session::Session<session::Negotiating, Policy>, session::Session<session::Securing, Policy>,
        session::Session<session::Open, Policy>, session::Session<session::Draining, Policy>,
        session::Session<session::Failed, Policy>, session::Open, session::Negotiating, session::Securing, session::Draining,
        kurdistan::Endpoint<Policy, kurdistan::StandardMemory>, kurdistan::StandardMemory, kurdistan::Read<'static>,
    }
}

#[test]
fn a_log_carries_ids_as_text_and_numbers_as_bytes() {
    let id = Id::new("sensor").expect("an id");
    let log = logged(|| defmt::println!("{} at {}", id, Ticks(0x1234_5678)));
    assert!(log.windows(6).any(|part| part == b"sensor"), "{log:?}");
    assert!(log.windows(4).any(|part| part == 0x1234_5678_u32.to_le_bytes()), "{log:?}");
}

#[test]
fn refusals_and_failures_are_told_apart() {
    let log = |reason| logged(|| defmt::println!("{}", Failure::local(reason)));
    assert_ne!(log(FailReason::Gap), log(FailReason::Idle));
    let all: Vec<_> =
        FrameReject::ALL.iter().map(|reject| logged(|| defmt::println!("{}", reject))).collect();
    assert!(all.iter().enumerate().all(|(place, log)| !all[..place].contains(log)));
    assert!(!logged(|| defmt::println!("{}", CapabilitySet::KNOWN)).is_empty());
}

#[test]
fn a_configuration_is_logged_without_its_secret() {
    let bytes = *b"32 random bytes, not these ones!";
    let id = |text| Id::new(text).expect("an id");
    let secret = secure::Secret::new(&bytes).expect("a secret");
    let config = session::Config::new(vocab::Role::Client, id("sensor"), id("key-1"), secret);
    let log = logged(|| defmt::println!("{}", config));
    assert!(log.windows(6).any(|part| part == b"sensor"), "{log:?}");
    assert!(!log.windows(8).any(|part| bytes.windows(8).any(|secret| secret == part)), "{log:?}");
}

/// A frame's payload stays out of the log.
#[test]
fn a_frame_is_logged_without_its_payload() {
    let header = wire::Header {
        kind: vocab::FrameKind::Data,
        is_final: false,
        direction: vocab::Direction::ClientToServer,
        metadata: vocab::MetadataClass::Runtime,
        session_class: 7,
        fragment_index: 0,
        fragment_count: 1,
        fragment_offset: 0,
        stream: 0x0a0b_0c0d,
        sequence: 1,
    };
    let (class, limits) = (vocab::ChecksumClass::Crc32c, wire::FrameLimits::WIDEST);
    let mut frame = [0; 64];
    let fill = |place: &mut [u8]| place.copy_from_slice(b"payload!");
    let length = wire::encode(&header, class, 8, &limits, &guard::Sound, &mut frame, fill).expect("a frame");
    let view = wire::decode(&frame[..length], &limits, &guard::Sound).expect("a frame");
    let log = logged(|| defmt::println!("{}", view));
    assert!(log.windows(4).any(|part| part == header.stream.to_le_bytes()), "{log:?}");
    assert!(!log.windows(8).any(|part| part == b"payload!"), "{log:?}");
}

/// Values that are compared but never logged: a message is the application's.
const UNLOGGED: [&str; 1] = ["Read"];

/// What is public and compared is a value, and every value is formatted. The laboratory is for hosts.
#[test]
fn no_public_value_is_forgotten() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src");
    let (mut files, mut found, mut missing) = (Vec::new(), 0, Vec::new());
    collect(&root, &mut files);
    for file in files {
        let text = fs::read_to_string(&file).expect("a readable source");
        for (attributes, name) in public_types(&text) {
            if !attributes.contains("PartialEq") || UNLOGGED.contains(&name.as_str()) {
                continue;
            }
            found += 1;
            let by_hand = [format!("defmt::Format for {name} "), format!("defmt::Format for {name}<")];
            if !attributes.contains("defmt::Format") && !by_hand.iter().any(|line| text.contains(line)) {
                missing.push(format!("{}: {name}", file.display()));
            }
        }
    }
    assert!(found > 50, "only {found} values were found");
    assert!(missing.is_empty(), "no `defmt::Format`:\n{}", missing.join("\n"));
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable folder").path();
        if path.is_file() {
            files.push(path);
        } else if !["lab", "audit", "bin"].iter().any(|host| path.ends_with(host)) {
            collect(&path, files);
        }
    }
}

/// The name of each public type, and the attributes on the lines before it.
fn public_types(text: &str) -> Vec<(String, String)> {
    let (mut types, mut attributes) = (Vec::new(), String::new());
    for line in text.lines().map(str::trim) {
        let declared = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
        if line.starts_with("#[") {
            attributes.push_str(line);
        } else if let Some(rest) = declared {
            let name = rest.split(|c: char| !(c.is_alphanumeric() || "_$".contains(c))).next().unwrap_or("");
            types.push((std::mem::take(&mut attributes), name.to_owned()));
        } else if !line.starts_with("//") {
            attributes.clear();
        }
    }
    types
}
