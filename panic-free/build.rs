//! Links for a host without its start-up code: a program that starts at `_start` needs nothing of it. The C library is there
//! for `memcpy` and its kin; bare-metal targets have them in `compiler_builtins`.

fn main() {
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if system == "linux" {
        for argument in ["-nostartfiles", "-static", "-lc"] {
            println!("cargo:rustc-link-arg-bins={argument}");
        }
    }
    println!("cargo:rerun-if-changed=build.rs");
}
