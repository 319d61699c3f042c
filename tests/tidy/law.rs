//! The dependency law: which folder of `src/` may name which other. Arrows are transitive.

use crate::source::{Source, closing};

/// Each folder with the ones that it may name, besides those that these may name.
const LAW: &[(&str, &[&str])] = &[
    ("vocab", &[]),
    ("observe", &["vocab"]),
    ("guard", &["vocab"]),
    ("wire", &["guard"]),
    ("profile", &["guard", "wire"]),
    ("secure", &["profile"]),
    ("session", &["secure"]),
    ("transport", &["profile"]),
    ("stream", &["session", "transport"]),
    ("carrier", &["session", "transport"]),
    ("adapter", &["stream"]),
    ("link", &["wire"]),
    ("endpoint", &["observe", "stream", "carrier", "adapter", "link"]),
    ("lab", &["endpoint"]),
    ("audit", &["lab"]),
    ("bin", &["audit"]),
];

fn direct(folder: &str) -> Option<&'static [&'static str]> {
    LAW.iter().find(|(name, _)| *name == folder).map(|(_, targets)| *targets)
}

fn may_name(from: &str, to: &str) -> bool {
    direct(from).is_some_and(|targets| targets.iter().any(|target| *target == to || may_name(target, to)))
}

/// What in `source` breaks the law. The crate's root joins everything and is free.
pub fn findings(source: &Source) -> Vec<String> {
    let Some(module) = module_path(&source.path) else {
        return Vec::new();
    };
    let Some(own) = module.first() else {
        return Vec::new();
    };
    if direct(own).is_none() {
        return vec![format!("{}: the law has no folder `{own}`", source.path)];
    }
    let mut found = Vec::new();
    for (line, target) in references(source, module.len()) {
        if direct(&target).is_none() {
            found
                .push(format!("{}:{line}: `crate::{target}` is no folder: name where it lives", source.path));
        } else if target != *own && !may_name(own, &target) {
            found.push(format!("{}:{line}: `{own}` must not name `{target}`", source.path));
        }
    }
    found
}

/// The module that a file of `src/` is: empty for the root, `None` for other files.
fn module_path(path: &str) -> Option<Vec<String>> {
    let inner = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let mut parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    Some(parts)
}

/// The first name below the crate's root of every path, with its line. `depth` is the file's own depth in the module tree.
fn references(source: &Source, depth: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut inline_ends: Vec<usize> = Vec::new();
    for index in 0..source.tokens.len() {
        inline_ends.retain(|end| *end > index);
        if source.text(index) == "mod" && source.text(index + 2) == "{" {
            inline_ends.push(closing(&source.tokens, index + 2));
        }
        if source.matches(index, &["crate", "::"]) {
            found.extend(names_at(source, index + 2));
        }
        let continues = index >= 2 && source.matches(index - 2, &["super", "::"]);
        if source.matches(index, &["super", "::"]) && !continues {
            let mut climbed = 0;
            while source.matches(index + 2 * climbed, &["super", "::"]) {
                climbed += 1;
            }
            if climbed >= depth + inline_ends.len() {
                found.extend(names_at(source, index + 2 * climbed));
            }
        }
    }
    found
}

/// The name at `index`, or the first name of each member if a group stands there.
fn names_at(source: &Source, index: usize) -> Vec<(usize, String)> {
    let Some(token) = source.tokens.get(index) else {
        return Vec::new();
    };
    if token.text != "{" {
        return vec![(token.line, token.text.clone())];
    }
    let end = closing(&source.tokens, index);
    let mut found = Vec::new();
    let mut member = index + 1;
    while member < end {
        found.push((source.tokens[member].line, source.tokens[member].text.clone()));
        while member < end && source.text(member) != "," {
            member = if source.text(member) == "{" { closing(&source.tokens, member) } else { member + 1 };
            if source.text(member) == "}" && member < end {
                member += 1;
            }
        }
        member += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(path: &str, text: &str) -> usize {
        findings(&Source::new(path, text)).len()
    }

    #[test]
    fn the_law_is_acyclic_and_closed() {
        for (folder, targets) in LAW {
            assert!(!may_name(folder, folder), "`{folder}` reaches itself");
            assert!(
                targets.iter().all(|target| direct(target).is_some()),
                "`{folder}` names an unknown folder"
            );
        }
    }

    #[test]
    fn planted_defects_are_found() {
        let planted = [
            ("src/vocab/role.rs", "use crate::wire::Header;"),
            ("src/wire/frame.rs", "use crate::{guard::Sound, session::Session, vocab::Role};"),
            ("src/wire/frame.rs", "use crate::{\n    guard::{Sound, Guards},\n    profile,\n};"),
            ("src/transport/pipe.rs", "fn f() { crate::session::open() }"),
            ("src/transport/pipe.rs", "use super::super::session::Session;"),
            ("src/transport/pipe.rs", "mod tests { use super::super::super::session::Session; }"),
            ("src/guard/mod.rs", "use super::profile::Spec;"),
            ("src/observe.rs", "use super::wire::Header;"),
            ("src/guard/list.rs", "macro_rules! m { () => { $crate::secure::open() } }"),
            ("src/endpoint/mod.rs", "use crate::lab::Scenario;"),
            ("src/wire/frame.rs", "use crate::Endpoint;"),
            ("src/helpers/mod.rs", ""),
        ];
        for (path, text) in planted {
            assert_eq!(broken(path, text), 1, "{path}: {text}");
        }
    }

    #[test]
    fn lawful_paths_are_not_reported() {
        let lawful = [
            ("src/lib.rs", "pub use crate::endpoint::Endpoint; use crate::Anything;"),
            (
                "src/vocab/role.rs",
                "// use crate::wire::Header;\nuse super::table::closed; pub(crate) fn f() {}",
            ),
            (
                "src/session/open.rs",
                "use crate::{vocab::{Role, Ticks}, guard, wire::*}; use crate::session::Session;",
            ),
            (
                "src/wire/handshake/hello.rs",
                "use super::super::header::Header; use super::super::super::vocab::Role;",
            ),
            ("src/transport/pipe.rs", "mod tests { use super::*; use super::super::fragmenter::cut; }"),
            (
                "src/endpoint/mod.rs",
                "use crate::link::Memory; use crate::secure::Key; use crate::observe::Event;",
            ),
            ("tests/vectors.rs", "use crate::anything::Else;"),
        ];
        for (path, text) in lawful {
            assert_eq!(findings(&Source::new(path, text)), Vec::<String>::new(), "{path}");
        }
    }
}
