//! A frame, legal or not, encoded and decoded under limits, then damaged byte by byte.

use bolero::check;
use proofs::frames::{Script, check};

fn main() {
    let bytes = fuzz::bytes(Script::HEAD + Script::STEPS * Script::STEP);
    check!().with_generator(bytes).for_each(|bytes: &Vec<u8>| {
        check(&Script::from_bytes(bytes));
    });
}
