//! The names of rejects.

use kurdistan::endpoint::Reject;
use kurdistan::vocab::{EnvelopeReject, SequenceReject};

/// The name of a reject; what two of the enums call the same has two names here.
pub fn name(reject: Reject) -> &'static str {
    match reject {
        Reject::Frame(reject) => reject.name(),
        Reject::WrongSession => "wrong_session",
        Reject::NotFresh => "not_fresh",
        Reject::State => "state",
        Reject::Stream => "stream",
        Reject::Sequence(SequenceReject::Duplicate) => "sequence_duplicate",
        Reject::Sequence(SequenceReject::Old) => "sequence_old",
        Reject::Sequence(reject) => reject.name(),
        Reject::Group(reject) => reject.name(),
        Reject::Envelope(EnvelopeReject::Duplicate) => "envelope_duplicate",
        Reject::Envelope(EnvelopeReject::Old) => "envelope_old",
        Reject::Envelope(reject) => reject.name(),
        Reject::Handshake(reject) => reject.name(),
        Reject::Fatal(_) => "fatal",
        _ => "unknown",
    }
}
