use kurdistan::session::Open;
use kurdistan::{Fixed, Session, Standard};

fn close_and_export(session: Session<Open, Fixed<Standard>>) {
    let _draining = session.close();
    let _ = session.export("label", b"", &mut [0; 32]);
}

fn main() {}
