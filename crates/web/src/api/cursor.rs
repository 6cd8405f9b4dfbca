//! Where the next page of a list begins: opaque, and signed so that nobody makes one up.

use app::shop::Shop as About;
use subtle::ConstantTimeEq;

use crate::answer::Fault;

const SIGNED: usize = 16;

/// A place in the list `list` (its address and filters), for `open` to read back.
pub fn seal(about: &About, list: &str, place: &str) -> String {
    let hex: String = place.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{}{hex}", signature(about, list, &hex))
}

/// The place a cursor of this list says.
pub fn open(about: &About, list: &str, cursor: &str) -> Result<String, Fault> {
    let bad = || Fault::BadRequest("the cursor is not from this list".into());
    if !cursor.is_ascii() || cursor.len() <= SIGNED || cursor.len() > 400 {
        return Err(bad());
    }
    let (signed, hex) = cursor.split_at(SIGNED);
    let right = signature(about, list, hex);
    if !bool::from(right.as_bytes().ct_eq(signed.as_bytes())) {
        return Err(bad());
    }
    let bytes: Option<Vec<u8>> = (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(hex.get(2 * i..2 * i + 2)?, 16).ok())
        .collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(bad)
}

fn signature(about: &About, list: &str, hex: &str) -> String {
    about.sign_hex("cursor", &format!("{list}\n{hex}")).chars().take(SIGNED).collect()
}
