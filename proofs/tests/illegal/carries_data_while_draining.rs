use kurdistan::session::Draining;
use kurdistan::vocab::{EnvelopeClass, FrameFacts};
use kurdistan::{Fixed, Session, Standard};

fn carry(mut session: Session<Draining, Fixed<Standard>>, facts: &FrameFacts) {
    let _ = session.seal(EnvelopeClass::Data, facts, &mut [0; 4]);
}

fn main() {}
