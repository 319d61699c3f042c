//! The format of the vector files: sections of `key = value` lines.

use kurdistan::vocab::Id;

/// One section: its heading, and its values in order.
#[derive(Debug)]
pub struct Section {
    heading: String,
    values: Vec<(String, String)>,
}

/// The sections of a file. Lines that begin with `#` are comments.
pub fn sections(text: &str) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(heading) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            found.push(Section { heading: heading.to_owned(), values: Vec::new() });
        } else {
            let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("no `=` in `{line}`"));
            let section = found.last_mut().expect("a heading before the first value");
            section.values.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    found
}

impl Section {
    /// The whole heading, for messages.
    pub fn heading(&self) -> &str {
        &self.heading
    }

    /// The rest of the heading, if its first word is `kind`.
    pub fn of_kind(&self, kind: &str) -> Option<&str> {
        self.heading.strip_prefix(kind)?.strip_prefix(' ')
    }

    pub fn text(&self, key: &str) -> &str {
        let found = self.values.iter().find(|(name, _)| name == key);
        found.map_or_else(|| panic!("[{}] has no `{key}`", self.heading), |(_, value)| value)
    }

    /// A decimal integer of any width.
    pub fn int<T: TryFrom<u64>>(&self, key: &str) -> T {
        let value = self.text(key).parse::<u64>().ok().and_then(|value| T::try_from(value).ok());
        value.unwrap_or_else(|| panic!("[{}] {key} is no integer of this width", self.heading))
    }

    /// An enum, by its code.
    pub fn code<T>(&self, key: &str, from_code: impl Fn(u8) -> Option<T>) -> T {
        from_code(self.int(key)).unwrap_or_else(|| panic!("[{}] {key} has no such code", self.heading))
    }

    pub fn bytes(&self, key: &str) -> Vec<u8> {
        from_hex(self.text(key))
    }

    pub fn array<const N: usize>(&self, key: &str) -> [u8; N] {
        self.bytes(key)
            .try_into()
            .unwrap_or_else(|_| panic!("[{}] {key} is not {N} bytes long", self.heading))
    }

    pub fn id(&self, key: &str) -> Id {
        Id::new(self.text(key)).expect("a legal id")
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "half a byte in `{text}`");
    (0..text.len() / 2)
        .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("two hexadecimal digits"))
        .collect()
}
