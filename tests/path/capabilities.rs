//! What stops working without each capability: two sessions that differ in one bit of one side's offer.

use kurdistan::endpoint::{Endpoint, Memory, Reject, SendRefusal};
use kurdistan::observe::Event;
use kurdistan::profile::{Fixed, Loaded, Policy, Profile, Spec, Standard};
use kurdistan::secure::Fresh;
use kurdistan::session::{Config, ConfigError, Session};
use kurdistan::stream::{OpenRefusal, StreamEnd};
use kurdistan::vocab::{
    Capability, CapabilitySet, CarrierFamily, CarrierSet, FailReason, Lifecycle, Role, SequenceReject, Ticks,
};

use crate::pair::{Pair, config};

type Any = Memory<16_384, 64, 1_048, 16, 8>;

/// Fast pressure, and one carrier that is not a stream.
static SPEC: Spec = Spec { pipe_high_bytes: 2_000, pipe_low_bytes: 500, ..Standard::SPEC };

fn bit(capability: Capability) -> CapabilitySet {
    CapabilitySet::of(&[capability])
}

fn offering(role: Role, offered: CapabilitySet) -> Config {
    config(role).offer(offered)
}

/// Two sides, of which one (or none) does not offer a capability.
fn pair<P: Policy>(policy: P, without: CapabilitySet, side: Role) -> Pair<P, Any> {
    let all = if P::COMPILED {
        CapabilitySet::KNOWN
    } else {
        CapabilitySet::KNOWN.difference(bit(Capability::GeneratedBackend))
    };
    let offer = |role| offering(role, if role == side { all.difference(without) } else { all });
    let mut pair = Pair::<P, Any>::new(policy);
    for (role, byte) in [(Role::Server, 2), (Role::Client, 1)] {
        let place = pair.side(role);
        *place = Endpoint::vacant(policy);
        place.start(Ticks(0), offer(role), Fresh::from_random([byte; 32])).expect("a side");
    }
    pair.now = Ticks(0);
    pair.settle();
    pair
}

/// What an application notices of a pair of open sessions, one line for each thing that a capability brings.
fn notices(without: CapabilitySet, side: Role) -> Vec<(&'static str, String)> {
    let policy = Loaded::new(&SPEC).expect("a sound profile");
    let mut pair = pair(policy, without, side);
    assert_eq!(pair.states(), [Lifecycle::Open; 2], "{without:?} {:?}", pair.server.failure());
    let mut seen = Vec::new();
    let streams: Vec<Result<u32, OpenRefusal>> = (0..2).map(|_| pair.client.open_stream()).collect();
    seen.push(("client streams", format!("{streams:?}")));
    seen.push(("server stream", format!("{:?}", pair.server.open_stream())));
    let first = streams[0].expect("one stream is always there");
    let frames = |pair: &mut Pair<_, _>| {
        pair.client.send(pair.now, first, &mut [1; 9]).expect("room and credit");
        let frames = pair.drain(Role::Client);
        assert_eq!(frames.len(), 1);
        frames
    };
    let (one, two) = (frames(&mut pair), frames(&mut pair));
    let swapped = [&two[0], &one[0]].map(|frame| pair.server.receive(pair.now, frame));
    seen.push(("reordered", format!("{swapped:?}")));
    let _ = pair.server.receive(pair.now, &two[0]);
    pair.settle();
    pair.read_all(Role::Server);
    pair.settle();
    while pair.client.send(pair.now, first, &mut [7; 1_024]).is_ok() {}
    pair.settle();
    let told = core::iter::from_fn(|| pair.server.poll_event())
        .filter(|event| matches!(event, Event::PeerPressure(_)));
    seen.push(("peer pressure", format!("{:?}", told.collect::<Vec<_>>())));
    let now = pair.now;
    seen.push(("error", format!("{:?}", pair.client.finish_with_error(now, first, 7))));
    seen.push(("reset", format!("{:?}", pair.client.reset(now, first, 8))));
    pair.settle();
    let (_, ends) = pair.read_all(Role::Server);
    seen.push(("ends", format!("{ends:?}")));
    seen
}

fn changed(capability: Capability, side: Role) -> Vec<&'static str> {
    let all = notices(CapabilitySet::EMPTY, side);
    let less = notices(bit(capability), side);
    all.iter().zip(&less).filter(|(a, b)| a.1 != b.1).map(|(a, _)| a.0).collect()
}

#[test]
fn each_capability_brings_its_own_things_and_no_others() {
    for side in [Role::Client, Role::Server] {
        assert_eq!(changed(Capability::MultiStream, side), ["client streams"]);
        assert_eq!(changed(Capability::AdapterInterface, side), ["server stream"]);
        assert_eq!(changed(Capability::CarrierLossRecovery, side), ["reordered"]);
        assert_eq!(changed(Capability::CarrierBackpressure, side), ["peer pressure"]);
        assert_eq!(changed(Capability::ProxySemantics, side), ["error", "reset", "ends"]);
    }
}

#[test]
fn what_is_lost_has_a_name() {
    let find = |without, name| {
        let seen = notices(bit(without), Role::Server);
        seen.into_iter().find(|(found, _)| *found == name).expect("a notice").1
    };
    let refused = Err::<(), _>(SendRefusal::Capability(Capability::ProxySemantics));
    assert_eq!(find(Capability::ProxySemantics, "error"), format!("{refused:?}"));
    assert_eq!(find(Capability::ProxySemantics, "reset"), format!("{refused:?}"));
    let late = Err::<(), _>(Reject::Sequence(SequenceReject::TooFarFuture));
    assert_eq!(find(Capability::CarrierLossRecovery, "reordered"), format!("{:?}", [late, Ok(())]));
    assert_eq!(find(Capability::CarrierBackpressure, "peer pressure"), "[]");
    assert_eq!(find(Capability::AdapterInterface, "server stream"), "Err(StreamLimit)");
    assert_eq!(find(Capability::MultiStream, "client streams"), "[Ok(1), Err(StreamLimit)]");
    let with = notices(CapabilitySet::EMPTY, Role::Server);
    assert!(
        with.contains(&("peer pressure", "[PeerPressure(true), PeerPressure(false)]".into())),
        "{with:?}"
    );
    assert!(with.contains(&("ends", format!("{:?}", [(1, StreamEnd::Reset(8))]))), "{with:?}");
}

#[test]
fn no_session_does_without_the_base_whatever_the_profile_says() {
    static LAX: Spec = Spec { required: CapabilitySet::EMPTY, ..Standard::SPEC };
    let policy = Loaded::new(&LAX).expect("a sound profile");
    for capability in [Capability::TranscriptBinding, Capability::ReplayWindow, Capability::NonceSchedule] {
        let offered =
            CapabilitySet::KNOWN.difference(bit(Capability::GeneratedBackend)).difference(bit(capability));
        let refused = Session::new(policy, offering(Role::Client, offered), Fresh::from_random([1; 32]));
        assert_eq!(refused.err(), Some(ConfigError::Required), "{capability}");
    }
    let open = pair(policy, CapabilitySet::EMPTY, Role::Client);
    assert_eq!(open.states(), [Lifecycle::Open; 2]);
}

#[test]
fn without_carrier_abstraction_the_carrier_is_a_stream() {
    const MESSAGE: CarrierSet = CarrierSet::of(&[CarrierFamily::Message]);
    static OTHER: Spec = Spec { carriers: MESSAGE, ..Standard::SPEC };
    let policy = Loaded::new(&OTHER).expect("a sound profile");
    assert_eq!(pair(policy, CapabilitySet::EMPTY, Role::Client).states(), [Lifecycle::Open; 2]);
    for side in [Role::Client, Role::Server] {
        let refused = pair(policy, bit(Capability::CarrierAbstraction), side);
        assert_eq!(refused.states(), [Lifecycle::Failed; 2]);
        assert_eq!(refused.server.failure().map(|failure| failure.reason), Some(FailReason::CarrierFamily));
    }
    let stream = Loaded::new(&SPEC).expect("a sound profile");
    assert_eq!(
        pair(stream, bit(Capability::CarrierAbstraction), Role::Client).states(),
        [Lifecycle::Open; 2]
    );
}

#[test]
fn a_generated_backend_is_claimed_by_compiled_profiles_alone() {
    let backend = bit(Capability::GeneratedBackend);
    let claims = |config: Config| {
        let loaded =
            Session::new(Loaded::new(&SPEC).expect("a sound profile"), config, Fresh::from_random([1; 32]));
        loaded.err()
    };
    assert_eq!(claims(config(Role::Client).offer(CapabilitySet::KNOWN)), Some(ConfigError::Offered));
    assert_eq!(claims(config(Role::Client).require(backend)), Some(ConfigError::Required));
    assert_eq!(claims(config(Role::Client)), None);
    let both = Pair::<_, Any>::open(Fixed::<Standard>::new());
    assert!(both.client.peer().expect("open").1.capabilities.contains(backend));

    // A compiled client that insists is not served by one that reads its profile at run time.
    static READ: Spec = Standard::SPEC;
    let mut server = Endpoint::<_, Any>::vacant(Loaded::new(&READ).expect("a sound profile"));
    server.start(Ticks(0), config(Role::Server), Fresh::from_random([2; 32])).expect("a server");
    let mut client = Endpoint::<_, Any>::vacant(Fixed::<Standard>::new());
    client
        .start(Ticks(0), config(Role::Client).require(backend), Fresh::from_random([1; 32]))
        .expect("a client");
    let frame = client.poll_transmit(Ticks(0)).expect("a hello").bytes().to_vec();
    let refused = server.receive(Ticks(0), &frame);
    assert_eq!(refused, Err(Reject::Fatal(FailReason::CapabilityDowngrade)));
    let failure = server.failure().expect("a failure");
    assert!(failure.floor.contains(backend) && !failure.selected.contains(backend));
}
