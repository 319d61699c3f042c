//! Hexadecimal text, as people paste it.

use std::fmt::Write;
use std::string::String;
use std::vec::Vec;

/// Lower-case digits, no separators.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Bytes of hexadecimal text in either case; blanks, colons and a leading `0x` are skipped.
pub(super) fn from_hex(text: &str) -> Result<Vec<u8>, &'static str> {
    let text = text.trim();
    let text = text.strip_prefix("0x").unwrap_or(text);
    let mut digits = Vec::new();
    for symbol in text.chars().filter(|symbol| !symbol.is_whitespace() && *symbol != ':') {
        digits.push(symbol.to_digit(16).ok_or("not hexadecimal")?);
    }
    if digits.len() % 2 != 0 {
        return Err("an odd number of hexadecimal digits");
    }
    Ok(digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | *digit as u8))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_agree_and_bad_text_is_named() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(from_hex(&to_hex(&bytes)).unwrap(), bytes);
        assert_eq!(from_hex(" 0x0A:0b 0C\t").unwrap(), [10, 11, 12]);
        assert_eq!(from_hex(""), Ok(Vec::new()));
        assert_eq!(from_hex("0g"), Err("not hexadecimal"));
        assert_eq!(from_hex("é0"), Err("not hexadecimal"));
        assert_eq!(from_hex("abc"), Err("an odd number of hexadecimal digits"));
    }
}
