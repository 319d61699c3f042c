//! Writes and reads of the bounded pipe against a queue of vectors.

use bolero::check;
use proofs::pipe::{Script, check};

fn main() {
    let bytes = fuzz::bytes(Script::HEAD + Script::STEPS * Script::STEP);
    check!().with_generator(bytes).for_each(|bytes: &Vec<u8>| {
        check(&Script::from_bytes(bytes));
    });
}
