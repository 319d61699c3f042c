//! A source file as tokens, comments and literals set aside.

/// One identifier, `::` or other single character of the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    /// Counted from 1.
    pub line: usize,
    /// Inside an item under `#[cfg(test)]`.
    pub test: bool,
}

/// A file of the repository.
pub struct Source {
    /// Relative to the repository, with `/`.
    pub path: String,
    pub line_count: usize,
    pub tokens: Vec<Token>,
    /// The comments, each line with its number.
    pub comments: Vec<(usize, String)>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let (code, comments) = split(text);
        let mut tokens = tokenize(&code);
        mark_tests(&mut tokens);
        let comments = comments.lines().enumerate().map(|(index, line)| (index + 1, line.to_owned()));
        Self { path: path.to_owned(), line_count: text.lines().count(), tokens, comments: comments.collect() }
    }

    /// The text of the token at `index`, empty past the end.
    pub fn text(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| &token.text)
    }

    /// Whether the tokens from `index` on are `texts`.
    pub fn matches(&self, index: usize, texts: &[&str]) -> bool {
        texts.iter().enumerate().all(|(offset, text)| self.text(index + offset) == *text)
    }
}

/// Index of the bracket that closes the one at `open`; the last token if none does.
pub fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return index;
        }
    }
    tokens.len().saturating_sub(1)
}

/// The text without comments and literals, and the comments alone; both keep the line breaks.
fn split(text: &str) -> (String, String) {
    let chars: Vec<char> = text.chars().collect();
    let (mut code, mut comments) = (String::new(), String::new());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at);
        let comment = comment_end(&chars, at);
        let (stop, keep) = match (comment, end) {
            (Some(stop), _) => (stop, &mut comments),
            (None, Some(stop)) => (stop, &mut String::new()),
            (None, None) => (at + 1, &mut code),
        };
        keep.extend(chars[at..stop].iter().filter(|c| **c != '\n'));
        for _ in chars[at..stop].iter().filter(|c| **c == '\n') {
            keep.push('\n');
        }
        // A block comment's words all land on its first line, which is near enough for a finding.
        let breaks = chars[at..stop].iter().filter(|c| **c == '\n').count();
        if comment.is_some() {
            code.push_str(&"\n".repeat(breaks));
            code.push(' ');
        } else if end.is_some() {
            code.push_str(&"\n".repeat(breaks));
            comments.push_str(&"\n".repeat(breaks));
            code.push(' ');
        } else {
            comments.push_str(&"\n".repeat(breaks));
        }
        at = stop;
    }
    (code, comments)
}

fn comment_end(chars: &[char], at: usize) -> Option<usize> {
    let rest = &chars[at..];
    if rest.starts_with(&['/', '/']) {
        return Some(at + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with(&['/', '*']) {
        return None;
    }
    let (mut depth, mut index) = (0usize, 0);
    while index < rest.len() {
        if rest[index..].starts_with(&['/', '*']) {
            depth += 1;
            index += 2;
        } else if rest[index..].starts_with(&['*', '/']) {
            depth -= 1;
            index += 2;
            if depth == 0 {
                break;
            }
        } else {
            index += 1;
        }
    }
    Some(at + index.min(rest.len()))
}

/// The end of the string, raw string or character that starts at `at`. Prefixes `b` and `c` stay in the code.
fn literal_end(chars: &[char], at: usize) -> Option<usize> {
    let get = |index: usize| chars.get(index).copied().unwrap_or('\0');
    match chars[at] {
        '"' => Some(quoted_end(chars, at, '"')),
        '\'' if get(at + 1) == '\\' => Some(quoted_end(chars, at, '\'')),
        '\'' if get(at + 2) == '\'' => Some(at + 3),
        'r' => {
            let before = at.checked_sub(1).map_or('\0', get);
            if is_word(before) && before != 'b' && before != 'c' {
                return None;
            }
            let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
            if get(at + 1 + hashes) != '"' {
                return None;
            }
            let mut close = vec!['"'];
            close.resize(hashes + 1, '#');
            let body = at + 2 + hashes;
            let length = chars[body..].windows(close.len()).position(|window| window == close);
            Some(length.map_or(chars.len(), |length| body + length + close.len()))
        }
        _ => None,
    }
}

fn quoted_end(chars: &[char], at: usize, quote: char) -> usize {
    let mut index = at + 1;
    while index < chars.len() {
        match chars[index] {
            '\\' => index += 2,
            c if c == quote => return index + 1,
            _ => index += 1,
        }
    }
    chars.len()
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn tokenize(code: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if is_word(first) {
                rest.find(|c| !is_word(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            let (text, after) = rest.split_at(length);
            tokens.push(Token { text: text.to_owned(), line: index + 1, test: false });
            rest = after.trim_start();
        }
    }
    tokens
}

/// Marks the item after each `#[cfg(test)]`: up to its `;` or its closing brace.
fn mark_tests(tokens: &mut [Token]) {
    const ATTRIBUTE: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let texts: Vec<String> = tokens.iter().map(|token| token.text.clone()).collect();
    for start in 0..texts.len() {
        if !texts[start..].iter().zip(ATTRIBUTE).all(|(a, b)| a == b) || texts.len() - start < ATTRIBUTE.len()
        {
            continue;
        }
        let item = start + ATTRIBUTE.len();
        let Some(offset) = texts[item..].iter().position(|text| text == ";" || text == "{") else {
            continue;
        };
        let mut end = item + offset;
        if texts[end] == "{" {
            end = closing(tokens, end);
        }
        for token in &mut tokens[start..=end] {
            token.test = true;
        }
    }
}

#[test]
fn comments_and_literals_are_set_aside() {
    let text =
        "let a = \"x // {\"; // one\n/* two { */ let b = r#\"q\" }\"#; let c = '{'; fn f<'a>(d: &'a u8) {}";
    let source = Source::new("src/lib.rs", text);
    let words: Vec<&str> = source.tokens.iter().map(|token| token.text.as_str()).collect();
    assert_eq!(words.iter().filter(|word| **word == "{").count(), 1, "{words:?}");
    assert_eq!(words.iter().filter(|word| **word == "a").count(), 3, "a lifetime is no character: {words:?}");
    assert!(source.comments[0].1.contains("one") && source.comments[1].1.contains("two"));
    assert_eq!(source.tokens.iter().find(|token| token.text == "b").map(|token| token.line), Some(2));
}

#[test]
fn items_under_cfg_test_are_marked() {
    let source = Source::new("src/lib.rs", "#[cfg(test)]\nmod tests { fn a() {} }\nfn b() {}");
    let is_test = |name| source.tokens.iter().find(|token| token.text == name).map(|token| token.test);
    assert_eq!((is_test("a"), is_test("b")), (Some(true), Some(false)));
}
