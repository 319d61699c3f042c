//! Every state that an attacker can reach. `PROOFS=full cargo test --release -p proofs` takes every choice of expected peers.

use std::thread;

use kurdistan::vocab::Role::{self, Client, Server};
use proofs::attacker::{Actor, Attacker, Report, Violation, search, walk};

fn full() -> bool {
    std::env::var("PROOFS").as_deref() == Ok("full")
}

/// The states of all these worlds, over all cores.
fn all(worlds: &[Vec<Actor>]) -> Report {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let report = thread::scope(|scope| {
        let part = |worker| {
            let own = worlds.iter().skip(worker).step_by(workers);
            scope.spawn(|| {
                own.map(|world| search(world, Attacker::Outsider)).fold(Report::default(), Report::and)
            })
        };
        let running: Vec<_> = (0..workers).map(part).collect();
        running
            .into_iter()
            .map(|worker| worker.join().expect("a search"))
            .fold(Report::default(), Report::and)
    });
    let Report { states, edges, open_states, repeated, mixed, .. } = report;
    println!(
        "{} worlds: {states} states, {edges} edges, {open_states} with an open server, {repeated} with repeated keys, \
         {mixed} mixed messages",
        worlds.len()
    );
    report
}

/// Two clients, two servers, and one node in both roles, each once, with every choice of whom they expect.
fn crowds() -> Vec<Vec<Actor>> {
    let clients: [(Role, &str, &[&str]); 3] = [
        (Client, "c1", &["s1", "s2", "n"]),
        (Client, "c2", &["s1", "s2", "n"]),
        (Client, "n", &["s1", "s2"]),
    ];
    let servers: [(Role, &str, &[&str]); 3] = [
        (Server, "s1", &["c1", "c2", "n"]),
        (Server, "s2", &["c1", "c2", "n"]),
        (Server, "n", &["c1", "c2"]),
    ];
    let mut worlds = vec![Vec::new()];
    for (random, (role, name, peers)) in (1..).zip(clients.into_iter().chain(servers)) {
        let anyone = Actor::new(role, name, random);
        let choices: Vec<_> = [None].into_iter().chain(peers.iter().map(|peer| Some(*peer))).collect();
        worlds = worlds
            .into_iter()
            .flat_map(|world| {
                choices.iter().map(move |expects| {
                    let mut world = world.clone();
                    world.push(Actor { expects: *expects, ..anyone });
                    world
                })
            })
            .collect();
    }
    worlds
}

#[test]
fn whoever_expects_whom_open_sides_agree() {
    let crowds = crowds();
    assert_eq!(crowds.len(), 4 * 4 * 3 * 4 * 4 * 3);
    // The first one expects nobody in particular.
    let step = if full() { 1 } else { 23 };
    let worlds: Vec<_> = crowds.into_iter().step_by(step).collect();
    let report = all(&worlds);
    assert!(report.violations.is_empty(), "{:#?}", report.violations);
    assert_eq!(report.repeated, 0, "every session is fresh");
    assert_eq!(report.agreed.len(), 8, "all but the node with itself: {:?}", report.agreed);
    assert!(report.states > 500 * worlds.len() && report.open_states > 100 * worlds.len());
}

/// Every participant in each of its roles, expecting anyone.
fn everyone() -> Vec<Actor> {
    crowds().swap_remove(0)
}

#[test]
fn second_sessions_break_no_agreement() {
    // In turn a client and a server of everyone; the node's own are 2 and 5.
    let second: &[&[usize]] = if full() { &[&[0, 3], &[2, 5], &[0, 3, 1, 4]] } else { &[&[0, 3], &[2, 5]] };
    let mut states = 0;
    for places in second {
        let mut world = everyone();
        let again = |place: &usize| Actor { random: world[*place].random + 10, ..world[*place] };
        let again: Vec<_> = places.iter().map(again).collect();
        world.extend(again);
        let report = all(&[world]);
        assert!(report.violations.is_empty(), "{:#?}", report.violations);
        assert_eq!((report.repeated, report.agreed.len()), (0, 8));
        states += report.states;
    }
    assert!(states > if full() { 2_500_000 } else { 80_000 }, "{states}");
}

#[test]
fn random_bytes_that_repeat_on_one_side_break_no_agreement() {
    let (c1, s1) = (Actor::new(Client, "c1", 1), Actor::new(Server, "s1", 2));
    let [c1_fresh, s1_fresh] = [c1, s1].map(|actor| [11, 12, 13].map(|random| Actor { random, ..actor }));
    let (n_client, n_server) = (Actor::new(Client, "n", 5), Actor::new(Server, "n", 5));
    let mut worlds = vec![
        [[c1; 3], s1_fresh].concat(),
        [[s1; 3], c1_fresh].concat(),
        vec![n_client, n_client, n_server, n_server, c1, s1],
    ];
    for actor in everyone() {
        let mut world = everyone();
        world.push(actor);
        worlds.push(world);
    }
    for world in worlds {
        let report = all(&[world]);
        assert!(report.violations.is_empty(), "{:#?}", report.violations);
        assert_ne!(report.repeated, 0, "a handshake that is replayed to its repetition");
    }
}

/// A nonce is also made of role and id.
#[test]
fn random_bytes_that_are_equal_everywhere_break_nothing() {
    let world =
        [(Client, "c1"), (Client, "c2"), (Client, "n"), (Server, "s1"), (Server, "s2"), (Server, "n")];
    let report = all(&[world.map(|(role, name)| Actor::new(role, name, 1)).into()]);
    assert!(report.violations.is_empty(), "{:#?}", report.violations);
    assert_eq!((report.repeated, report.agreed.len()), (0, 8));
}

#[test]
fn an_attacker_with_the_secret_is_seen() {
    let world = [Actor::new(Client, "c1", 1), Actor::new(Client, "c2", 2), Actor::new(Server, "s1", 3)];
    let report = search(&world, Attacker::Insider);
    let violations: Vec<_> = report.violations.keys().copied().collect();
    assert_eq!(violations, [Violation::ClientAlone, Violation::ServerAlone], "{:#?}", report.violations);
    assert!(search(&world, Attacker::Outsider).violations.is_empty());
}

#[test]
fn live_sessions_go_where_the_search_says() {
    let mut count = [0; 2];
    let worlds = crowds();
    for (seed, world) in (1..).zip(worlds.iter().step_by(if full() { 1 } else { 13 })) {
        let [ignored, believed] = walk(world, 120, seed);
        count[0] += ignored;
        count[1] += believed;
    }
    println!("{} messages ignored, {} believed", count[0], count[1]);
    assert!(count[0] > 10 * worlds.len() / 13 && count[1] > 3 * worlds.len() / 13, "{count:?}");
}
