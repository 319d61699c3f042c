//! What a user sees who calls a verb of another state: the compiler's messages, word for word.
//!
//! The words are those of one compiler. `TRYBUILD=overwrite cargo test -p proofs --test illegal` writes them anew.

/// The compiler whose words are committed.
const RELEASE: &str = "rustc 1.95.";

#[test]
fn messages_for_illegal_verbs() {
    let compiler = std::process::Command::new("rustc").arg("--version").output();
    let version =
        compiler.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    if !version.starts_with(RELEASE) {
        eprintln!("illegal: the committed messages are those of {RELEASE}x, not of {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/illegal/*.rs");
}
