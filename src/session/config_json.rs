//! A configuration as one line of JSON, without its secrets.

use core::fmt::{self, Display, Formatter, Write};

use super::Config;
use crate::vocab::Id;

/// Writes a [`Config`] as a JSON object in one line when it is displayed; a secret is `"<redacted>"`.
pub struct ConfigJson<'c>(pub(super) &'c Config);

impl Display for ConfigJson<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // Every field by name: a new one cannot be forgotten.
        let Config {
            role,
            id,
            expected,
            first,
            second,
            profile,
            offered,
            required,
            suites,
            sessions_max,
            streams_max,
            events_max,
            trace,
            trusted,
        } = self.0;
        write!(f, r#"{{"role":"{role}","id":{}"#, Text(*id))?;
        optional(f, "expected", expected.map(Text))?;
        let secrets = core::iter::once(first).chain(second);
        list(f, "secrets", secrets.map(|known| Redacted(known.id)))?;
        optional(f, "profile", profile.map(Quoted))?;
        optional(f, "offered", offered.map(|set| set.bits()))?;
        write!(f, r#","required":{}"#, required.bits())?;
        list(f, "suites", suites.iter().map(Quoted))?;
        optional(f, "sessions_max", *sessions_max)?;
        optional(f, "streams_max", *streams_max)?;
        write!(f, r#","events_max":{events_max},"trace":{trace},"trusted":"{trusted}"}}"#)
    }
}

fn optional(f: &mut Formatter<'_>, name: &str, value: Option<impl Display>) -> fmt::Result {
    match value {
        Some(value) => write!(f, r#","{name}":{value}"#),
        None => write!(f, r#","{name}":null"#),
    }
}

fn list(f: &mut Formatter<'_>, name: &str, values: impl Iterator<Item = impl Display>) -> fmt::Result {
    write!(f, r#","{name}":["#)?;
    for (place, value) in values.enumerate() {
        let comma = if place == 0 { "" } else { "," };
        write!(f, "{comma}{value}")?;
    }
    f.write_char(']')
}

/// A secret by its id alone.
struct Redacted(Id);

impl Display for Redacted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, r#"{{"id":{},"secret":"<redacted>"}}"#, Text(self.0))
    }
}

/// Something without characters that JSON escapes.
struct Quoted<T>(T);

impl<T: Display> Display for Quoted<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// An id is printable ASCII, so that only the quotation mark and the backslash are escaped.
struct Text(Id);

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for letter in self.0.as_str().chars() {
            if matches!(letter, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(letter)?;
        }
        f.write_char('"')
    }
}
