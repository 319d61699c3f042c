//! What no file contains.

use crate::source::{Source, is_word};

/// Marks of unfinished work, as whole words in comments.
const MARKS: [&str; 4] = ["FIXME", "TODO", "XXX", "HACK"];
/// In the code of every file.
const NOWHERE: [&[&str]; 4] = [&["unsafe"], &["todo", "!"], &["unimplemented", "!"], &["dbg", "!"]];
/// In the code of the library: it has neither an allocator nor an operating system.
const NOT_IN_THE_LIBRARY: [&[&str]; 6] = [
    &["extern", "crate", "alloc"],
    &["alloc", "::"],
    &["use", "alloc"],
    &["extern", "crate", "std"],
    &["std", "::"],
    &["use", "std"],
];

pub fn findings(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (line, comment) in &source.comments {
        for word in comment.split(|c| !is_word(c)).filter(|word| MARKS.contains(word)) {
            found.push(format!("{}:{line}: `{word}` in a comment", source.path));
        }
    }
    for (index, token) in source.tokens.iter().enumerate() {
        let starts = |pattern: &&&[&str]| source.matches(index, pattern);
        let library = is_library(&source.path) && !token.test;
        let banned = NOWHERE.iter().find(starts);
        let banned = banned.or_else(|| NOT_IN_THE_LIBRARY.iter().filter(|_| library).find(starts));
        if let Some(pattern) = banned.filter(|_| !is_of_a_feature(source, index)) {
            found.push(format!("{}:{}: `{}`", source.path, token.line, pattern.join(" ")));
        }
    }
    found
}

/// The root names `std` for the audit alone, behind its feature.
fn is_of_a_feature(source: &Source, index: usize) -> bool {
    let attribute = (1..=7).filter_map(|back| index.checked_sub(back));
    source.path == "src/lib.rs"
        && source.matches(index, &["extern", "crate", "std"])
        && index.checked_sub(1).is_some_and(|last| source.text(last) == "]")
        && attribute.into_iter().any(|at| source.matches(at, &["cfg", "(", "feature"]))
}

/// `audit` and `bin` are programs for a host.
fn is_library(path: &str) -> bool {
    path.starts_with("src/") && !path.starts_with("src/audit/") && !path.starts_with("src/bin/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        findings(&Source::new(path, text)).len()
    }

    #[test]
    fn planted_defects_are_found() {
        let unfinished = MARKS.map(|mark| format!("// {mark}: later"));
        for text in unfinished.iter().map(String::as_str).chain([
            "/* a\n TODO b */",
            "fn f() { todo!() }",
            "fn f() { unimplemented!() }",
            "fn f() { dbg!(1); }",
            "fn f() { unsafe { g() } }",
            "extern crate alloc;",
            "#[cfg(feature = \"lab\")] extern crate std;",
            "use std::vec::Vec;",
            "fn f() { let a = ::std::mem::take(b); }",
            "use core::mem; use alloc::vec;",
        ]) {
            assert!(count("src/wire/a.rs", text) >= 1, "{text}");
        }
        assert_eq!(count("tests/a.rs", "fn f() { unsafe { g() } }"), 1);
    }

    #[test]
    fn harmless_words_are_not_reported() {
        let text = "#![forbid(unsafe_code)]\n//! use std::vec; unsafe code, todo\nconst A: &str = \"TODO unsafe dbg!\";";
        assert_eq!(count("src/lib.rs", text), 0);
        assert_eq!(count("src/lib.rs", "#[cfg(feature = \"audit\")]\nextern crate std;"), 0);
        assert_eq!(count("src/lib.rs", "extern crate std;"), 1);
        assert_eq!(count("src/audit/report.rs", "use std::fs;"), 0);
        assert_eq!(count("tests/a.rs", "use std::fs;"), 0);
        assert_eq!(count("src/wire/a.rs", "#[cfg(test)]\nmod tests { extern crate std; use std::vec; }"), 0);
    }
}
