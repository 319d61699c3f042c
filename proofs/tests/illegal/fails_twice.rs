use kurdistan::session::Failed;
use kurdistan::vocab::FailReason;
use kurdistan::{Fixed, Session, Standard};

fn fail(session: Session<Failed, Fixed<Standard>>) {
    let _ = session.fail(FailReason::Aborted);
}

fn main() {}
