use kurdistan::session::Negotiating;
use kurdistan::vocab::{EnvelopeClass, FrameFacts};
use kurdistan::{Fixed, Session, Standard};

fn carry(mut session: Session<Negotiating, Fixed<Standard>>, facts: &FrameFacts) {
    let _ = session.seal(EnvelopeClass::Data, facts, &mut [0; 4]);
}

fn main() {}
