use kurdistan::session::Open;
use kurdistan::{Fixed, Session, Standard};

fn twice(session: &Session<Open, Fixed<Standard>>) -> Session<Open, Fixed<Standard>> {
    session.clone()
}

fn main() {}
