//! Raw bytes and damaged genuine messages into sessions that wait for a handshake message: only the genuine one moves them.

use bolero::check;
use proofs::handshake::{Script, check};

fn main() {
    let bytes = fuzz::bytes(Script::HEAD + Script::STEPS * Script::STEP);
    check!().with_generator(bytes).for_each(|bytes: &Vec<u8>| {
        check(&Script::from_bytes(bytes));
    });
}
