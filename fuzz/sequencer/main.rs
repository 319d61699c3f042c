//! Frame sequences into the sequencer against a set of marks.

use bolero::check;
use proofs::sequencer::{Script, check};

fn main() {
    let bytes = fuzz::bytes(Script::HEAD + Script::STEPS * Script::STEP);
    check!().with_generator(bytes).for_each(|bytes: &Vec<u8>| {
        check(&Script::from_bytes(bytes));
    });
}
