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
