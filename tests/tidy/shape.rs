//! Lengths: a file is one thing, a function is one thought.

use crate::source::{Source, closing};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
/// The first example that anyone reads.
const SHORTEST: (&str, usize) = ("examples/loopback.rs", 40);

pub fn findings(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let max = if source.path == SHORTEST.0 { SHORTEST.1 } else { FILE_LINES_MAX };
    if source.line_count > max {
        found.push(format!("{}: {} lines, at most {max}", source.path, source.line_count));
    }
    for (name, line, lines) in functions(source) {
        if lines > FUNCTION_LINES_MAX {
            found.push(format!(
                "{}:{line}: `{name}` has {lines} lines, at most {FUNCTION_LINES_MAX}",
                source.path
            ));
        }
    }
    found
}

/// Name, first line and number of lines of each function with a body.
fn functions(source: &Source) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (index, token) in source.tokens.iter().enumerate() {
        let name = source.text(index + 1);
        if token.text != "fn" || name == "(" {
            continue;
        }
        let mut at = index;
        while !matches!(source.text(at), "{" | ";" | "") {
            at = if matches!(source.text(at), "(" | "[") { closing(&source.tokens, at) + 1 } else { at + 1 };
        }
        if source.text(at) == "{" {
            let last = source.tokens[closing(&source.tokens, at)].line;
            found.push((name.to_owned(), token.line, last - token.line + 1));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        findings(&Source::new(path, text)).len()
    }

    #[test]
    fn planted_defects_are_found() {
        let long_function = format!("fn f(a: [u8; 4]) -> [u8; 4] {{\n{}}}", "    g();\n".repeat(69));
        assert_eq!(count("src/wire/a.rs", &long_function), 1);
        assert_eq!(count("src/wire/a.rs", &"// a\n".repeat(501)), 1);
        assert_eq!(count("examples/loopback.rs", &"// a\n".repeat(41)), 1);
    }

    #[test]
    fn lengths_at_the_limit_are_not_reported() {
        let function = format!("trait T {{ fn t(); }}\nfn f(p: fn(u8)) {{\n{}}}", "    g();\n".repeat(68));
        assert_eq!(count("src/wire/a.rs", &function), 0);
        assert_eq!(count("src/wire/a.rs", &"// a\n".repeat(500)), 0);
    }
}
