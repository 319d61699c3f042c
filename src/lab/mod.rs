//! The laboratory: scenarios that run the real code, gates that judge what came out, and mutants that break one rule each.
//! Feature `lab`; still `no_std` and free of allocation, so that the same gates run on a microcontroller.
//!
//! ```text
//!   Subject ──policy(spec)──▶ scenario over the real code ──▶ Tally: what was observed, what was wrong
//!     │ Sound: the crate as it is                                │
//!     └ Mutated: one rule replaced                               ▼
//!                                       Gate: passes when nothing was wrong and enough was observed
//! ```
//!
//! | file | what |
//! |---|---|
//! | `mutant` | [`MUTANTS`], the table; [`Mutated`], the policy that breaks one rule |
//! | `subject` | [`Subject`]: the sound system, or a broken one |
//! | `profiles` | the profiles that every gate runs on |
//! | `tally` | [`Tally`]: counters and failures |
//! | `rig` | two endpoints and a link, in memory of one size |
//! | `content` | payloads that follow from a seed |
//! | `gate` | [`Gate`] and the gates themselves |
//!
//! Nothing in the crate below this folder knows that it exists: a mutant is a policy, and production policies have no switch.

mod content;
pub mod gate;
mod mutant;
mod profiles;
mod rig;
mod subject;
mod tally;

pub use gate::Gate;
pub use mutant::{MUTANTS, Mutant, MutantId, Mutated};
pub use profiles::profile;
pub use rig::{LabMemory, Rig};
pub use subject::{Broken, Sound, Subject};
pub use tally::{Counter, FAILURES_MAX, Fault, Tally};
