//! Messages cut, carried in any order, twice, forged or lost, and joined, against a map of pieces.

use bolero::check;
use proofs::messages::{Script, check};

fn main() {
    let bytes = fuzz::bytes(Script::HEAD + Script::STEPS * Script::STEP);
    check!().with_generator(bytes).for_each(|bytes: &Vec<u8>| {
        check(&Script::from_bytes(bytes));
    });
}
