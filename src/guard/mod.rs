//! What must hold: every rule as a pure, numbered method over plain facts.
//!
//! The body of a rule is a `const fn` in the file of its area; [`Guards`] gives each one a number, a sentence and a default
//! method that calls the body. Engines ask only the trait, so a policy that breaks exactly one rule breaks exactly one
//! behaviour. A rule takes facts and returns a verdict **or the next value**; it reads no state and changes none.
//!
//! | numbers | file | about |
//! |---|---|---|
//! | G-01 … | `frame` | what a byte frame may say |
//! | G-20 … | `fragment`, `pipe`, `sequence`, `reassembly` | cutting, queueing, ordering, joining |
//! | G-40 … | `capability` | what works only with a capability |
//! | G-43 … | `identity`, `manager` | who is answered, and several sessions at a time |
//! | G-50 … | `envelope` | replay, limits, nonces, header |
//! | G-60 … | `compatibility`, `identity` | who may talk to whom |
//! | G-80 … | `lifecycle`, `stream` | states, credit, close, turns |
//! | G-95 … | `disclose` | what observation may tell |

pub mod capability;
pub mod compatibility;
pub mod disclose;
pub mod envelope;
pub mod fragment;
pub mod frame;
pub mod identity;
pub mod lifecycle;
pub mod manager;
pub mod pipe;
pub mod reassembly;
pub mod sequence;
pub mod stream;

mod list;

pub use list::{Guards, RULES, Rule};

pub(crate) mod sealed {
    /// Keeps the set of policies closed: a user cannot write guards of their own.
    pub trait Sealed {}
}

/// The rules as they are, without a profile: for tools and tests that work on frames alone.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sound;

impl sealed::Sealed for Sound {}
impl Guards for Sound {}
