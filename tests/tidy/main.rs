//! The tree is the architecture: what the compiler does not check about it is checked here, on the sources as text.
//!
//! | file | rule |
//! |---|---|
//! | `law` | which folder of `src/` may name which other |
//! | `shape` | lengths of files and functions |
//! | `words` | what no file contains |
//!
//! Every rule has planted defects beside it: a check that was never seen to fail proves nothing.

mod law;
mod shape;
mod source;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use source::Source;

/// Everything that is formatted, linted and tested as host code. What must be unsafe, with its reason, is elsewhere.
const ROOTS: [&str; 7] = ["src", "tests", "benches", "examples", "proofs", "fuzz", "counts"];

#[test]
fn the_sources_obey_the_rules() {
    let sources = load_all();
    assert!(sources.iter().any(|source| source.path == "src/lib.rs"), "the sources were not found");
    let mut findings = Vec::new();
    for source in &sources {
        findings.extend(law::findings(source));
        findings.extend(shape::findings(source));
        findings.extend(words::findings(source));
    }
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

fn load_all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ROOTS {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let mut sources = Vec::new();
    for file in files {
        let path = file.strip_prefix(root).expect("a file of the repository");
        let path = path.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&file).expect("a readable source");
        sources.push(Source::new(&path, &text));
    }
    sources
}

/// Adds the Rust files below `folder`, build products left out; a folder that does not exist has none.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
