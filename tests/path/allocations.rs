//! Nothing is allocated from `New` to `Closed`.

use kurdistan::endpoint::Storage;
use kurdistan::link::{Faults, Faulty, Link, MemoryLink};
use kurdistan::profile::Policy;
use kurdistan::vocab::Lifecycle;
use kurdistan::{
    CloseReason, Endpoint, Fixed, Fresh, Large, LargeMemory, Read, Role, Small, SmallMemory, Standard,
    StandardMemory, Ticks,
};

use crate::pair::config;

type Wire = Faulty<MemoryLink<4_096, 4>, 4_096>;

/// One side with its own number of messages to send.
struct Side<P, M> {
    endpoint: Box<Endpoint<P, M>>,
    role: Role,
    left: u32,
    stream: Option<u32>,
    read: u32,
}

impl<P: Policy, M: Storage> Side<P, M> {
    fn vacant(policy: P, role: Role) -> Self {
        Self { endpoint: Box::new(Endpoint::vacant(policy)), role, left: 20, stream: None, read: 0 }
    }

    /// One turn of the loop; whether anything moved.
    fn turn(&mut self, now: Ticks, wire: &mut Wire) -> bool {
        let Self { endpoint, role, left, stream, read } = self;
        let mut moved = false;
        while let Some(frame) = wire.front(*role) {
            let _ = endpoint.receive(now, frame.bytes);
            moved |= wire.pop(*role);
        }
        while let Some(id) = endpoint.readable() {
            *read += u32::from(matches!(endpoint.read(id), Read::Message(_)));
            endpoint.consume(now, id);
        }
        if endpoint.is_open() {
            let id = *stream.get_or_insert_with(|| endpoint.open_stream().expect("a stream"));
            while *left != 0 && endpoint.send(now, id, &mut [7; 300]).is_ok() {
                *left -= 1;
            }
            if *left == 0 && endpoint.finish(now, id).is_ok() && *role == Role::Client {
                endpoint.close(now, CloseReason::Done);
            }
        }
        endpoint.poll(now);
        while endpoint.poll_event().is_some() {}
        while let Some(frame) = endpoint.poll_transmit(now) {
            if wire.send(*role, frame.bytes()).is_err() {
                break;
            }
            frame.sent();
            moved = true;
        }
        moved
    }
}

fn runs_without_allocation<P: Policy, M: Storage>(policy: P) {
    let faults = Faults { corrupt: 0, drop: 0, duplicate: 3, reorder: 4 };
    let mut wire = Box::new(Wire::new(MemoryLink::EMPTY, 5, faults));
    let sides = [Role::Client, Role::Server];
    let [mut client, mut server] = sides.map(|role| Side::<P, M>::vacant(policy, role));
    let allocated = allocation_counter::measure(|| {
        let mut now = Ticks(0);
        server.endpoint.start(now, config(Role::Server), Fresh::from_random([2; 32])).expect("a server");
        client.endpoint.start(now, config(Role::Client), Fresh::from_random([1; 32])).expect("a client");
        for _ in 0..1_000 {
            let moved = client.turn(now, &mut wire) | server.turn(now, &mut wire);
            if !moved {
                let deadlines = [client.endpoint.next_deadline(), server.endpoint.next_deadline()];
                let Some(next) = deadlines.into_iter().flatten().reduce(Ticks::earlier) else { break };
                now = now.later(next);
            }
        }
    });
    assert_eq!(client.endpoint.lifecycle(), Some(Lifecycle::Closed));
    assert_eq!(server.endpoint.lifecycle(), Some(Lifecycle::Closed));
    assert!(server.read == 20 && client.read > 0, "data went both ways");
    assert_eq!(allocated.count_total, 0, "{allocated:?}");
}

#[test]
fn an_endpoint_allocates_nothing_from_new_to_closed() {
    runs_without_allocation::<_, SmallMemory>(Fixed::<Small>::new());
    runs_without_allocation::<_, StandardMemory>(Fixed::<Standard>::new());
    runs_without_allocation::<_, LargeMemory>(Fixed::<Large>::new());
}

#[test]
fn the_counter_counts() {
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(vec![0_u8; 10])));
    assert_eq!(counted.count_total, 1);
}
