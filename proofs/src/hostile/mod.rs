//! Any bytes to any `receive`, in every state: a named reject, and nothing has moved.
//!
//! ```text
//!   what was heard ─▶ an attack ─▶ receive ─▶ a verdict by name
//!   (this session,                  │
//!    another one, another secret)   └ digest before == digest after, but for counters and
//!                                       · one incomplete group, for a fragment
//!                                       · one stored frame, not longer than what asked for it
//! ```
//!
//! The attacker has no key. It has heard every frame so far, those that have not arrived included, and those of a session
//! under the same secret and of one under another. Each call makes one frame possible to transmit at most. What carries
//! something genuinely new, such as a frame that has not arrived or the handshake message that is waited for under any
//! header, is no attack and is left out. After the attack the genuine peers go on: once the groups of nobody's have expired, the
//! handshake completes, every message arrives byte for byte, and the close ends in `closed`.
//!
//! Two limits of `SECURITY.md` show: a fragment that nobody sent can cost a genuine message its group, so what was under way is
//! carried again; and hellos of other times take places of a manager, so a newcomer may have to say its hello three times.
//!
//! | file | its part |
//! |---|---|
//! | `attack` | what an attacker makes of what it has heard |
//! | `elsewhere` | what it has heard of other sessions |
//! | `scene`, `siege` | an endpoint in each of its states, its peer; what an injected frame may do |
//! | `hall` | a manager in each of its states |
//! | `typed` | typed sessions that wait for a handshake message |
//! | `digest` | what must not move |
//! | `verdict` | names of rejects |
//! | `profile` | the two profiles, and the sizes of the memory |
//! | `flood` | many frames before a session is open |

mod attack;
mod digest;
mod elsewhere;
pub mod flood;
mod hall;
mod profile;
mod scene;
mod siege;
mod typed;
mod verdict;

pub use attack::Attack;
pub use hall::Crowd;
pub use scene::Place;
pub use typed::Party;

use crate::Seen;
use crate::bytes::{head, pick, steps};

/// An object in a state, and what is done to it.
#[derive(Clone, Debug)]
pub struct Script {
    /// Who is attacked.
    pub victim: Victim,
    /// Fragments have to come in order.
    pub strict: bool,
    /// What the attacker does.
    pub attacks: Vec<Attack>,
}

/// Who is attacked, and in which state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Victim {
    /// An endpoint.
    Endpoint(Place),
    /// A manager of two sessions and two handshakes that wait.
    Manager(Crowd),
    /// A typed session that waits for a handshake message.
    Session(Party),
}

impl Script {
    /// Bytes of the head.
    pub const HEAD: usize = 2;
    /// Bytes of a step.
    pub const STEP: usize = Attack::BYTES;
    /// Steps, at most.
    pub const STEPS: usize = 32;

    /// The script that these bytes name.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let ([victim, strict], rest) = head::<{ Self::HEAD }>(bytes);
        let victim = match victim % 4 {
            0 | 1 => Victim::Endpoint(pick(&Place::ALL, victim / 4)),
            2 => Victim::Manager(pick(&Crowd::ALL, victim / 4)),
            _ => Victim::Session(pick(&Party::ALL, victim / 4)),
        };
        let attacks = steps(rest, Self::STEPS, Attack::from_bytes);
        Self { victim, strict: strict.is_multiple_of(2), attacks }
    }
}

/// Attacks and looks at what has moved.
pub fn check(script: &Script) -> Seen {
    match script.victim {
        Victim::Endpoint(place) => siege::check(place, script.strict, &script.attacks),
        Victim::Manager(crowd) => hall::check(crowd, script.strict, &script.attacks),
        Victim::Session(party) => typed::check(party, script.strict, &script.attacks),
    }
}
