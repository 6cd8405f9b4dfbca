//! The table `files`.

use super::FileView;
use crate::db::Tx;
use crate::failure::Failure;

pub fn insert(tx: &mut Tx, hash: &str, mime: &str, bytes: &[u8]) -> Result<(), Failure> {
    tx.run(
        "insert into files (hash, mime, bytes, created_at) values ($1, $2, $3, $4)
         on conflict (hash) do nothing",
        &[hash.into(), mime.into(), bytes.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx, hash: &str) -> Result<FileView, Failure> {
    tx.one("select mime, bytes from files where hash = $1", &[hash.into()], |row| FileView {
        mime: row.get(0),
        bytes: row.get(1),
    })
}

pub fn exists(tx: &mut Tx, hash: &str) -> Result<bool, Failure> {
    let found = tx.maybe("select 1 from files where hash = $1", &[hash.into()], |_| ())?;
    Ok(found.is_some())
}
