//! A configuration as one line of JSON, without its secrets.

use core::fmt::{self, Display, Formatter, Write};

use super::Config;
use crate::vocab::Id;

/// Writes a [`Config`] as a JSON object in one line when it is displayed; a secret is `"<redacted>"`.
pub struct ConfigJson<'c>(pub(super) &'c Config);

impl Display for ConfigJson<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let config = self.0;
        write!(f, r#"{{"role":"{}","id":{}"#, config.role, Text(config.id))?;
        optional(f, "expected", config.expected.map(Text))?;
        f.write_str(r#","secrets":["#)?;
        for (place, known) in config.secrets().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, r#"{comma}{{"id":{},"secret":"<redacted>"}}"#, Text(known.id))?;
        }
        f.write_str("]")?;
        optional(f, "profile", config.profile.map(Quoted))?;
        optional(f, "offered", config.offered.map(|set| set.bits()))?;
        write!(f, r#","required":{},"sessions_max":{}"#, config.required.bits(), config.sessions_max)?;
        optional(f, "streams_max", config.streams_max)?;
        write!(f, r#","events_max":{},"trace":{}"#, config.events_max, config.trace)?;
        write!(f, r#","trusted":"{}"}}"#, config.trusted)
    }
}

fn optional(f: &mut Formatter<'_>, name: &str, value: Option<impl Display>) -> fmt::Result {
    match value {
        Some(value) => write!(f, r#","{name}":{value}"#),
        None => write!(f, r#","{name}":null"#),
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
