//! Any bytes to any `receive`, in every state: a named reject, and nothing that counts has moved.

use bolero::check;
use proofs::hostile::{Script, check};

fn main() {
    let bytes = fuzz::bytes(Script::HEAD + Script::STEPS * Script::STEP);
    check!().with_generator(bytes).for_each(|bytes: &Vec<u8>| {
        check(&Script::from_bytes(bytes));
    });
}
