//! `Expand`: HKDF-Expand under a framed label.

use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use super::Hash;

const PREFIX: &[u8] = b"kurdistan/1 ";

/// HKDF-Expand with the info `u16(length) | lp(PREFIX | name) | lp(context)`. `name` comes in parts.
///
/// Returns whether the output, the label and the context have lengths that can be framed: at most 8,160, 255 and 255 bytes.
pub(super) fn expand(prk: &Hkdf<Sha256>, name: [&[u8]; 3], context: &[u8], out: &mut [u8]) -> bool {
    let [first, second, third] = name;
    let name_length = first.len().saturating_add(second.len()).saturating_add(third.len());
    let framed = (
        u16::try_from(out.len()),
        u8::try_from(PREFIX.len().saturating_add(name_length)),
        u8::try_from(context.len()),
    );
    let (Ok(length), Ok(label), Ok(bytes)) = framed else { return false };
    let info: [&[u8]; 8] = [&length.to_le_bytes(), &[label], PREFIX, first, second, third, &[bytes], context];
    prk.expand_multi_info(&info, out).is_ok()
}

/// HKDF-Extract with the hash of a label as the salt.
pub(super) fn extract(label: &[u8], secret: &[u8]) -> Hkdf<Sha256> {
    let salt: Hash = Sha256::digest(label).into();
    Hkdf::new(Some(&salt), secret)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::collections::BTreeSet;

    /// Every way to cut a text into label and context, for outputs of every length up to 40.
    #[test]
    fn no_two_splits_and_no_two_lengths_expand_alike() {
        let prk = extract(b"label", b"secret");
        let text = b"data key of the client";
        let mut seen = BTreeSet::new();
        for split in 0..=text.len() {
            let (name, context) = text.split_at(split);
            for bytes in 16..=40 {
                let mut out = [0; 40];
                assert!(expand(&prk, [name, b"", b""], context, &mut out[..bytes]));
                let start: [u8; 16] = *out.first_chunk().unwrap();
                assert!(seen.insert(start), "split {split}, {bytes} bytes");
            }
        }
    }

    #[test]
    fn what_cannot_be_framed_is_refused() {
        let prk = extract(b"label", b"secret");
        let long = [7; 256];
        let mut out = [0; 8_161];
        let mut fits = |name: usize, context: usize, bytes: usize| {
            expand(&prk, [&long[..name], b"", b""], &long[..context], &mut out[..bytes])
        };
        assert!(fits(243, 255, 8_160));
        assert!(!fits(244, 0, 32) && !fits(0, 256, 32) && !fits(0, 0, 8_161));
    }
}
