use kurdistan::session::Securing;
use kurdistan::vocab::FrameFacts;
use kurdistan::{Fixed, Session, Standard};

fn open(mut session: Session<Securing, Fixed<Standard>>, facts: &FrameFacts) {
    let _ = session.open(facts, false, &mut [0; 40]);
}

fn main() {}
