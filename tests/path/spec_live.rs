//! Each field of a profile changes what happens: for every one, two profiles that differ in it alone, and what is seen of both.

use std::collections::BTreeSet;

use kurdistan::endpoint::{Endpoint, Memory, Reject};
use kurdistan::guard::Sound;
use kurdistan::profile::{Loaded, Profile, ProfileId, Spec, Standard};
use kurdistan::secure::Fresh;
use kurdistan::vocab::{
    Capability, CapabilitySet, CarrierFamily, CarrierSet, ChecksumClass, FragmentPolicy, FrameKind,
    Lifecycle, PriorityPolicy, ReplayPolicy, Role, SequencePolicy, SuiteSet, Ticks,
};
use kurdistan::wire::{self, FrameLimits};

use crate::pair::{Pair, config};

type Room = Memory<32_768, 128, 2_048, 64, 32>;
type Two<'s> = Pair<Loaded<'s>, Room>;

/// Small enough that every limit can be reached.
const BASE: Spec = Spec {
    pipe_bytes_max: 6_000,
    pipe_frames_max: 20,
    pipe_high_bytes: 3_000,
    pipe_low_bytes: 600,
    stream_credit: 9,
    session_credit: 30,
    replay_width: 64,
    reorder_max: 8,
    ..Standard::SPEC
};

fn open(spec: &Spec) -> Two<'_> {
    Two::open(Loaded::new(spec).expect("a sound profile"))
}

/// The states that two sides of this profile reach without time passing, and why.
fn outcome(spec: &Spec) -> String {
    let Ok(policy) = Loaded::new(spec) else { return format!("{:?}", spec.check()) };
    let mut pair = Two::new(policy);
    pair.settle();
    format!("{:?} {:?}", pair.states(), pair.server.failure().map(|failure| failure.reason))
}

/// The lengths of the frames that a message of each length becomes.
fn cuts(spec: &Spec) -> String {
    let mut pair = open(spec);
    let stream = pair.client.open_stream().expect("a stream");
    let sizes = [1_usize, 390, 700, 1_024, 1_025].map(|length| {
        let sent = pair.client.send(pair.now, stream, &mut vec![1; length]);
        let frames = pair.drain(Role::Client);
        (sent.is_ok(), frames.iter().filter(|frame| frame[1] == 1).map(Vec::len).collect::<Vec<_>>())
    });
    format!("{sizes:?}")
}

/// How many messages of this length the pipe takes.
fn filled(spec: &Spec, length: usize) -> String {
    let mut pair = open(spec);
    let streams: Vec<u32> = core::iter::from_fn(|| pair.client.open_stream().ok()).collect();
    let mut count = 0;
    while pair.client.send(pair.now, streams[count % streams.len()], &mut vec![1; length]).is_ok() {
        count += 1;
    }
    count.to_string()
}

/// After how many messages in the pipe, and after how many frames out of it, pressure was raised and cleared.
fn pressure(spec: &Spec) -> String {
    let mut pair = open(spec);
    while pair.client.poll_event().is_some() {}
    let streams: Vec<u32> = core::iter::from_fn(|| pair.client.open_stream().ok()).collect();
    let mut seen = Vec::new();
    let mut watch = |pair: &mut Two<'_>, step: String| {
        pair.client.poll(pair.now);
        let events = core::iter::from_fn(|| pair.client.poll_event()).map(|event| format!("{event:?}"));
        let pressed: Vec<_> = events.filter(|event| event.starts_with("Pressure")).collect();
        if !pressed.is_empty() {
            seen.push((step, pressed));
        }
    };
    for count in 0..20 {
        let _ = pair.client.send(pair.now, streams[count % streams.len()], &mut [1; 200]);
        watch(&mut pair, format!("in {count}"));
    }
    for count in 0..30 {
        if let Some(frame) = pair.client.poll_transmit(pair.now) {
            frame.sent();
        }
        watch(&mut pair, format!("out {count}"));
    }
    format!("{seen:?}")
}

/// What a server says to single frames of a size, a count, a place in the order; none of them has a key.
fn forged(spec: &Spec, length: usize, index: u8, count: u8, sequence: u64) -> String {
    let mut pair = open(spec);
    let stream = pair.client.open_stream().expect("a stream");
    pair.client.send(pair.now, stream, &mut [1; 1]).expect("room");
    let template = wire::decode(&pair.drain(Role::Client)[0], &FrameLimits::WIDEST, &Sound)
        .map(|view| view.session_class());
    let header = wire::Header {
        kind: FrameKind::Data,
        is_final: false,
        direction: Role::Client.sends(),
        metadata: kurdistan::vocab::MetadataClass::Unspecified,
        session_class: template.expect("a frame"),
        fragment_index: index,
        fragment_count: count,
        fragment_offset: if index == 0 { 0 } else { 400 },
        stream,
        sequence,
    };
    let mut frame = vec![0; wire::frame_bytes(spec.checksum, length)];
    let fill = |place: &mut [u8]| place.fill(7);
    wire::encode(&header, spec.checksum, length, &FrameLimits::WIDEST, &Sound, &mut frame, fill)
        .expect("a frame");
    format!("{:?}", pair.server.receive(pair.now, &frame))
}

/// What becomes of the first of `late + 1` messages, on a stream of its own, when it comes last.
fn overtaken(spec: &Spec, late: usize) -> String {
    let mut pair = open(spec);
    let held = pair.client.open_stream().expect("a stream");
    let busy = pair.client.open_stream().expect("a stream");
    pair.client.send(pair.now, held, &mut [1; 1]).expect("room");
    let first = pair.drain(Role::Client).remove(0);
    for _ in 0..late {
        if pair.client.send(pair.now, busy, &mut [2; 1]).is_err() {
            break;
        }
        for frame in pair.drain(Role::Client) {
            let _ = pair.server.receive(pair.now, &frame);
        }
        pair.read_all(Role::Server);
        for frame in pair.drain(Role::Server) {
            let _ = pair.client.receive(pair.now, &frame);
        }
    }
    format!("{:?}", pair.server.receive(pair.now, &first))
}

/// What becomes of two messages of one stream in the wrong order.
fn swapped(spec: &Spec) -> String {
    let mut pair = open(spec);
    let stream = pair.client.open_stream().expect("a stream");
    let frames = [(); 2].map(|()| {
        pair.client.send(pair.now, stream, &mut [1; 1]).expect("room");
        pair.drain(Role::Client).remove(0)
    });
    let taken = [1, 0].map(|place| pair.server.receive(pair.now, &frames[place]));
    format!("{taken:?}")
}

/// The streams that each side can open, and the messages that one stream and all of them may send without being read.
fn credit(spec: &Spec) -> String {
    let mut pair = open(spec);
    let streams = [Role::Client, Role::Server]
        .map(|role| core::iter::from_fn(|| pair.side(role).open_stream().ok()).collect::<Vec<u32>>());
    let mut sent = Vec::new();
    for stream in &streams[0] {
        let mut count = 0;
        while pair.client.send(pair.now, *stream, &mut [1; 1]).is_ok() {
            pair.drain(Role::Client);
            count += 1;
        }
        sent.push(count);
    }
    format!("{streams:?} {sent:?}")
}

/// When a side alone does something, in ticks from the start, and what state it is in then.
fn alone(spec: &Spec, mut prepare: impl FnMut(&mut Two<'_>)) -> String {
    let mut pair = Two::new(Loaded::new(spec).expect("a sound profile"));
    let start = pair.now;
    prepare(&mut pair);
    let mut seen = Vec::new();
    for _ in 0..40 {
        let Some(next) = pair.client.next_deadline() else { break };
        pair.now = pair.now.later(next);
        pair.client.poll(pair.now);
        let spoke = pair.drain(Role::Client).len();
        let failed = pair.client.failure().map(|failure| failure.reason.name());
        if spoke != 0 || failed.is_some() {
            seen.push((pair.now.since(start), spoke, failed));
        }
    }
    format!("{seen:?}")
}

fn settled(pair: &mut Two<'_>) {
    pair.settle();
    assert_eq!(pair.states(), [Lifecycle::Open; 2]);
}

/// A fragment of the peer's that never becomes a message.
fn half_a_message(pair: &mut Two<'_>) {
    settled(pair);
    let stream = pair.server.open_stream().expect("a stream");
    pair.server.send(pair.now, stream, &mut [1; 700]).expect("room");
    let frames = pair.drain(Role::Server);
    pair.client.receive(pair.now, &frames[0]).expect("a fragment");
}

/// The order in which streams that wait get their turn.
fn turns(spec: &Spec) -> String {
    let mut pair = open(spec);
    let streams: Vec<u32> = core::iter::from_fn(|| pair.client.open_stream().ok()).collect();
    while pair.client.send(pair.now, streams[3], &mut [1; 900]).is_ok() {}
    let lengths = [900, 300, 10];
    for (stream, length) in streams.iter().zip(lengths) {
        let _ = pair.client.send(pair.now, *stream, &mut vec![1; length]);
    }
    let mut order = Vec::new();
    for _ in 0..60 {
        if let Some(frame) = pair.client.poll_transmit(pair.now) {
            frame.sent();
        }
        while let Some(stream) = pair.client.writable(pair.now) {
            let place = streams.iter().position(|other| *other == stream).expect("its own stream");
            let length = lengths.get(place).copied().unwrap_or(900);
            if pair.client.send(pair.now, stream, &mut vec![1; length]).is_err() || order.len() > 3 {
                break;
            }
            order.push(stream);
        }
    }
    format!("{order:?}")
}

fn checksum_and_length(spec: &Spec) -> String {
    let mut pair = open(spec);
    let stream = pair.client.open_stream().expect("a stream");
    pair.client.send(pair.now, stream, &mut [1; 1]).expect("room");
    let frame = pair.drain(Role::Client).remove(0);
    format!("{} {}", frame[0], frame.len())
}

fn required(spec: &Spec) -> String {
    let less = CapabilitySet::BASE.union(CapabilitySet::of(&[Capability::CarrierAbstraction]));
    let mut side = Endpoint::<_, Room>::vacant(Loaded::new(spec).expect("a sound profile"));
    format!("{:?}", side.start(Ticks(0), config(Role::Client).offer(less), Fresh::from_random([1; 32])))
}

/// Without `carrier_abstraction` the profile's carriers decide whether there is one at all.
fn carriers(spec: &Spec) -> String {
    let policy = Loaded::new(spec).expect("a sound profile");
    let mut pair = Two::new(policy);
    *pair.client = Endpoint::vacant(policy);
    let client = config(Role::Client).offer(CapabilitySet::BASE);
    pair.client.start(pair.now, client, Fresh::from_random([1; 32])).expect("a client");
    pair.settle();
    format!("{:?}", pair.server.failure().map(|failure| failure.reason))
}

type Probe = fn(&Spec) -> String;

/// Field, base, the same with another value of the field, and where the difference shows.
fn fields() -> Vec<(&'static str, Spec, Spec, Probe)> {
    const B: Spec = BASE;
    const STRICT: Spec = Spec { sequence: SequencePolicy::Strict, ..BASE };
    const BOUNDED: Spec = Spec { replay: ReplayPolicy::BoundedReorder, ..BASE };
    const MESSAGE: CarrierSet = CarrierSet::of(&[CarrierFamily::Message]);
    vec![
        ("id", B, Spec { id: ProfileId([9; 8]), ..B }, told),
        ("seed", B, Spec { seed: 9, ..B }, told),
        ("schema_version", B, Spec { schema_version: 2, ..B }, outcome),
        ("compiler_security_version", B, Spec { compiler_security_version: 0, ..B }, outcome),
        ("compiler_security_min", B, Spec { compiler_security_min: 2, ..B }, outcome),
        ("runtime_version_min", B, Spec { runtime_version_min: 2, ..B }, outcome),
        ("checksum", B, Spec { checksum: ChecksumClass::Crc32Autosar, ..B }, checksum_and_length),
        ("hamming_distance", B, Spec { hamming_distance: 7, ..B }, outcome),
        ("frame_bytes_max", B, Spec { frame_bytes_max: 560, ..B }, |spec| forged(spec, 513, 0, 1, 2)),
        (
            "payload_bytes_max",
            Spec { frame_bytes_max: 560, ..B },
            Spec { frame_bytes_max: 560, payload_bytes_max: 520, ..B },
            |spec| forged(spec, 513, 0, 1, 2),
        ),
        ("fragments_max", B, Spec { fragments_max: 4, ..B }, |spec| forged(spec, 9, 0, 4, 2)),
        (
            "fragment",
            Spec { envelope_bytes_max: 512, ..B },
            Spec { envelope_bytes_max: 512, fragment: FragmentPolicy::NoFragment, ..B },
            cuts,
        ),
        ("fragment_bytes", B, Spec { fragment_bytes: 380, ..B }, cuts),
        ("envelope_bytes_max", B, Spec { envelope_bytes_max: 1_049, ..B }, cuts),
        ("pipe_bytes_max", B, Spec { pipe_bytes_max: 9_000, ..B }, |spec| filled(spec, 900)),
        ("pipe_frames_max", B, Spec { pipe_frames_max: 24, ..B }, |spec| filled(spec, 1)),
        ("pipe_high_bytes", B, Spec { pipe_high_bytes: 1_500, ..B }, pressure),
        ("pipe_low_bytes", B, Spec { pipe_low_bytes: 1_400, ..B }, pressure),
        ("sequence", B, STRICT, swapped),
        ("sequence_window", B, Spec { sequence_window: 20, ..B }, |spec| forged(spec, 9, 0, 1, 25)),
        ("replay", BOUNDED, B, |spec| overtaken(spec, 9)),
        ("replay_width", Spec { replay_width: 32, ..B }, B, |spec| overtaken(spec, 40)),
        ("reorder_max", BOUNDED, Spec { reorder_max: 12, ..BOUNDED }, |spec| overtaken(spec, 10)),
        ("reassembly_ticks", B, Spec { reassembly_ticks: 900, ..B }, incomplete),
        ("streams_max", B, Spec { streams_max: 9, ..B }, credit),
        ("server_streams", B, Spec { server_streams: 3, ..B }, credit),
        ("stream_credit", B, Spec { stream_credit: 5, ..B }, credit),
        ("session_credit", B, Spec { session_credit: 20, ..B }, credit),
        ("priority", B, Spec { priority: PriorityPolicy::SmallestPendingFirst, ..B }, turns),
        ("suites", B, Spec { suites: SuiteSet::from_bits(2), ..B }, told),
        ("carriers", B, Spec { carriers: MESSAGE, ..B }, carriers),
        (
            "required",
            B,
            Spec { required: B.required.union(CapabilitySet::of(&[Capability::MultiStream])), ..B },
            required,
        ),
        ("retry_ticks", B, Spec { retry_ticks: 700, ..B }, |spec| alone(spec, |_| ())),
        ("retries_max", B, Spec { retries_max: 3, ..B }, |spec| alone(spec, |_| ())),
        ("handshake_ticks", B, Spec { handshake_ticks: 11_000, ..B }, |spec| alone(spec, |_| ())),
        ("ping_ticks", B, Spec { ping_ticks: 4_000, ..B }, |spec| alone(spec, expecting)),
        ("idle_ticks", B, Spec { idle_ticks: 31_000, ..B }, |spec| alone(spec, expecting)),
        ("drain_ticks", B, Spec { drain_ticks: 12_000, ..B }, |spec| alone(spec, closing)),
    ]
}

/// What a client tells of its profile in its hello.
fn told(spec: &Spec) -> String {
    let Ok(policy) = Loaded::new(spec) else { return format!("{:?}", spec.check()) };
    let mut side = Endpoint::<_, Room>::vacant(policy);
    let started = side.start(Ticks(0), config(Role::Client), Fresh::from_random([1; 32]));
    if started.is_err() {
        return format!("{started:?}");
    }
    let frame = side.poll_transmit(Ticks(0)).expect("a hello").bytes().to_vec();
    let view = wire::decode(&frame, &FrameLimits::WIDEST, &Sound).expect("a frame");
    let (hello, _) = wire::Hello::decode(view.payload()).expect("a hello");
    format!("{:?} {:?} {:?}", hello.facts.profile_id, hello.facts.generation_hash, hello.facts.suites)
}

fn incomplete(spec: &Spec) -> String {
    let mut pair = open(spec);
    half_a_message(&mut pair);
    let since = pair.now;
    let at = pair.client.next_deadline().map(|next| next.since(since));
    format!("{at:?}")
}

fn expecting(pair: &mut Two<'_>) {
    settled(pair);
    let stream = pair.client.open_stream().expect("a stream");
    pair.client.send(pair.now, stream, &mut [1; 1]).expect("room");
    pair.settle();
}

fn closing(pair: &mut Two<'_>) {
    settled(pair);
    pair.client.close(pair.now, kurdistan::CloseReason::Done);
}

/// The fields of a profile and their values, from its debug form.
fn values(spec: &Spec) -> Vec<(String, String)> {
    let text = format!("{spec:#?}");
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().skip(1) {
        match line.strip_prefix("    ").filter(|rest| !rest.starts_with([' ', '}', ']', ')'])) {
            Some(rest) => {
                let (name, value) = rest.split_once(':').expect("a field");
                fields.push((name.into(), value.into()));
            }
            None => fields.last_mut().expect("a field").1.push_str(line),
        }
    }
    fields
}

#[test]
fn every_field_of_a_profile_changes_what_happens() {
    let mut seen = BTreeSet::new();
    for (field, base, other, probe) in fields() {
        let differing: Vec<_> =
            values(&base).into_iter().zip(values(&other)).filter(|(a, b)| a != b).map(|(a, _)| a.0).collect();
        assert_eq!(differing, [field], "one field and no other");
        assert_ne!(probe(&base), probe(&other), "{field} changes nothing: {}", probe(&base));
        assert_eq!(probe(&base), probe(&base), "{field}: the probe itself is steady");
        seen.insert(field.to_owned());
    }
    let all: BTreeSet<String> = values(&BASE).into_iter().map(|(name, _)| name).collect();
    assert_eq!(seen, all, "every field has its test");
}

/// The table in the documentation of `profile` has a row for every field.
#[test]
fn every_field_is_documented() {
    let text = include_str!("../../src/profile/mod.rs");
    let rows: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("//! | `")?.split('`').next()).collect();
    for (name, _) in values(&BASE) {
        assert!(rows.contains(name.as_str()), "{name} has no row");
    }
}

/// The four replay policies are four behaviours of one stream of envelopes.
#[test]
fn four_replay_policies_behave_in_four_ways() {
    let of = |replay, sequence| {
        let spec = Spec { replay, sequence, ..BASE };
        [1, 9, 80].map(|late| overtaken(&spec, late))
    };
    let behaviours = [
        of(ReplayPolicy::StrictNoReorder, SequencePolicy::Strict),
        of(ReplayPolicy::OrderedOnly, SequencePolicy::Strict),
        of(ReplayPolicy::BoundedReorder, SequencePolicy::Windowed),
        of(ReplayPolicy::WindowedReplay, SequencePolicy::Windowed),
    ];
    for (place, one) in behaviours.iter().enumerate() {
        assert!(behaviours[..place].iter().all(|other| other != one), "{behaviours:#?}");
    }
    let old = format!("{:?}", Err::<(), _>(Reject::Envelope(kurdistan::vocab::EnvelopeReject::Old)));
    assert_eq!(behaviours[2], ["Ok(())".into(), old.clone(), old.clone()]);
    assert_eq!(behaviours[3], ["Ok(())".into(), "Ok(())".into(), old]);
}
