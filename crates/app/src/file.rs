//! Bytes by their SHA-256, kept with everything else so that one backup has all.

use sha2::{Digest, Sha256};

use crate::App;
use crate::db::Tx;
use crate::failure::Failure;

pub mod picture;
mod store;

/// What a file is and holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileView {
    pub mime: String,
    pub bytes: Vec<u8>,
}

/// Keeps `bytes`, once, and says under which hash.
pub fn put(tx: &mut Tx, mime: &str, bytes: &[u8]) -> Result<String, Failure> {
    let hash = hash_of(bytes);
    store::insert(tx, &hash, mime, bytes)?;
    Ok(hash)
}

/// The file with this hash: 64 hexadecimal digits.
pub fn get(app: &App, hash: &str) -> Result<FileView, Failure> {
    app.read(|tx| store::find(tx, hash))
}

/// Whether there is such a file.
pub fn exists(tx: &mut Tx, hash: &str) -> Result<bool, Failure> {
    store::exists(tx, hash)
}

fn hash_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
