//! A whole shop in one file: written while it trades, read back into either engine.
//!
//! A backup is one snapshot of every table, with the ends of both hash chains, a digest of each
//! table and one of the whole file. Reading it back checks all of them before anything is touched
//! and again after everything is there, so that what is restored is what was written, or nothing.

use std::fs::File;
use std::path::{Path, PathBuf};

use domain::moment::Moment;
use serde::{Deserialize, Serialize};

use crate::db::{Database, Place, Seams, migrate};
use crate::failure::Failure;

mod format;
mod store;

use format::{Digest, Piece, Reader, Writer};

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the schema its rows are of.
    pub schema: i64,
    pub taken_at: Moment,
    /// The ends of the hash chains by name: the hash, and how long the chain is.
    pub chains: Vec<(String, String, i64)>,
}

/// A backup that was written, or read and found whole.
#[derive(Clone, Debug)]
pub struct Kept {
    pub header: Header,
    pub tables: Vec<Counted>,
    pub bytes: u64,
}

/// One table of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub name: String,
    columns: Vec<String>,
    pub digest: Digest,
}

impl Kept {
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.digest.rows).sum()
    }
}

/// Writes a backup to a new file. It has its name only when all of it is on the disk.
pub fn write(db: &Database, seams: &Seams, to: &Path) -> Result<Kept, Failure> {
    if to.exists() {
        let why = format!("{} is there already: a backup replaces nothing", to.display());
        return Err(Failure::Broken(why));
    }
    let part = PathBuf::from(format!("{}.part", to.display()));
    let kept = db.read(seams, |tx| {
        let header = store::header(tx)?;
        let mut out = Writer::begin(&part, &header)?;
        let mut tables = Vec::new();
        for table in store::tables(tx, header.schema)? {
            out.table(&table.name, &table.columns)?;
            let mut trouble = Ok(());
            let mut digest = Digest::default();
            store::each_row(tx, &table, |row| {
                if trouble.is_ok() {
                    trouble = out.row(row, &mut digest);
                }
            })?;
            trouble?;
            out.end(&digest)?;
            tables.push(Counted { name: table.name, columns: table.columns, digest });
        }
        let bytes = out.finish()?;
        Ok(Kept { header, tables, bytes })
    });
    match kept {
        Ok(kept) => {
            std::fs::rename(&part, to).map_err(|error| trouble(to, error))?;
            settle_folder(to)?;
            Ok(kept)
        }
        Err(failure) => {
            let _ = std::fs::remove_file(&part);
            Err(failure)
        }
    }
}

/// Reads a backup from end to end: whether it is one of ours, whole, and of a version we know.
pub fn check(file: &Path) -> Result<Kept, Failure> {
    let mut reader = Reader::open(file)?;
    let header = reader.header.clone();
    if header.schema > migrate::newest() {
        let why = format!(
            "{}: of version {}, newer than this program's {}",
            file.display(),
            header.schema,
            migrate::newest()
        );
        return Err(Failure::Broken(why));
    }
    let mut tables: Vec<Counted> = Vec::new();
    let mut digest = Digest::default();
    loop {
        match reader.next()? {
            Piece::Table { name, columns } => {
                digest = Digest::default();
                tables.push(Counted { name, columns, digest: Digest::default() });
            }
            Piece::Row(_) => digest.add_bytes(reader.row()),
            Piece::End(said) => match tables.last_mut() {
                Some(table) if said == digest => table.digest = said,
                _ => return Err(reader.damaged()),
            },
            Piece::Whole => break,
        }
    }
    let bytes = std::fs::metadata(file).map_err(|error| trouble(file, error))?.len();
    Ok(Kept { header, tables, bytes })
}

/// Reads a backup into a place where no shop is, or with `force` in place of the one that is
/// there, which on SQLite is put aside. The database as it is then, brought up to date.
pub fn restore(
    file: &Path,
    place: &Place,
    seams: &Seams,
    force: bool,
) -> Result<(Kept, Database), Failure> {
    let kept = check(file)?;
    match place {
        Place::Folder(folder) => restore_folder(file, &kept, folder, seams, force)?,
        Place::Postgres(_) => {
            let db = Database::open_up_to(place, kept.header.schema, seams)?;
            let there = db.read(seams, store::version)?;
            if there != kept.header.schema {
                let why = format!(
                    "the database is of version {there}, the backup of {}: use an empty one",
                    kept.header.schema
                );
                return Err(Failure::Broken(why));
            }
            if !force && db.read(seams, store::has_a_shop)? {
                return Err(Failure::broken("there is a shop in that database already"));
            }
            load(&db, seams, file, &kept)?;
        }
    }
    let db = Database::open(place, true, seams)?;
    Ok((kept, db))
}

/// Built beside and moved into its place when it is whole: a kill leaves what was there before.
fn restore_folder(
    file: &Path,
    kept: &Kept,
    folder: &Path,
    seams: &Seams,
    force: bool,
) -> Result<(), Failure> {
    let there = folder.join("pinwheel.db");
    if there.exists() && !force {
        let why = format!("there is a shop in {} already", folder.display());
        return Err(Failure::Broken(why));
    }
    let beside = folder.join("restoring");
    let _ = std::fs::remove_dir_all(&beside);
    let db = Database::open_up_to(&Place::Folder(beside.clone()), kept.header.schema, seams)?;
    db.fill(true)?;
    load(&db, seams, file, kept)?;
    db.fill(false)?;
    drop(db);
    if there.exists() {
        Database::put_aside(folder, seams)?;
    }
    std::fs::rename(beside.join("pinwheel.db"), &there).map_err(|error| trouble(&there, error))?;
    settle_folder(&there)?;
    std::fs::remove_dir_all(&beside).map_err(|error| trouble(&beside, error))
}

/// Puts every row of a backup into the tables, in one transaction, and looks whether it is there.
fn load(db: &Database, seams: &Seams, file: &Path, kept: &Kept) -> Result<(), Failure> {
    db.write(seams, |tx| {
        let mut reader = Reader::open(file)?;
        let tied = store::untie(tx)?;
        let tables = store::tables(tx, kept.header.schema)?;
        store::empty(tx, &tables)?;
        let mut rows: Option<store::Rows> = None;
        loop {
            match reader.next()? {
                Piece::Table { name, columns } => rows = Some(store::Rows::of(tx, name, columns)),
                Piece::Row(row) => match &mut rows {
                    Some(rows) => rows.put(tx, row)?,
                    None => return Err(reader.damaged()),
                },
                Piece::End(_) => {
                    if let Some(rows) = rows.take() {
                        rows.finish(tx)?;
                    }
                }
                Piece::Whole => break,
            }
        }
        store::tie(tx, &tied)?;
        differences(tx, kept)
    })
}

/// Fails where a table is not what the backup says, or a chain does not end as it did.
fn differences(tx: &mut crate::db::Tx, kept: &Kept) -> Result<(), Failure> {
    let there = store::names(tx)?;
    // What a later version has made into something else is not here to be compared.
    for table in kept.tables.iter().filter(|table| there.contains(&table.name)) {
        if !store::has_columns(tx, &table.name, &table.columns)? {
            continue;
        }
        let mut digest = Digest::default();
        let read = store::table(tx, table.name.clone(), table.columns.clone())?;
        store::each_row(tx, &read, |row| digest.add(row))?;
        if digest != table.digest {
            return Err(Failure::Broken(format!("{} did not arrive as it was", table.name)));
        }
    }
    // A later version may keep more chains than the backup knows.
    let chains = store::header(tx)?.chains;
    if !kept.header.chains.iter().all(|chain| chains.contains(chain)) {
        return Err(Failure::broken("the books do not end as they did"));
    }
    Ok(())
}

/// Whether a database holds exactly what a backup says, also when it was migrated since.
pub fn compare(db: &Database, seams: &Seams, kept: &Kept) -> Result<(), Failure> {
    db.read(seams, |tx| differences(tx, kept))
}

/// Moves a shop from its folder to PostgreSQL. From its beginning on the folder takes no more
/// orders; killed at any moment it can be asked for again; the old file is only read.
pub fn move_to(folder: &Path, to: &Place, seams: &Seams) -> Result<(Kept, Database), Failure> {
    let from = Database::open_to_read(&Place::Folder(folder.to_path_buf()), seams)?;
    from.close(&format!("it is being moved to {}", without_secret(to)))?;
    let file = folder.join("pinwheel.moving");
    let _ = std::fs::remove_file(&file);
    let kept = write(&from, seams, &file)?;
    let before = Database::open(to, true, seams)?;
    // An earlier try may have arrived without having said so.
    let arrived = before.read(seams, store::has_a_shop)?;
    drop(before);
    let moved = if arrived {
        let db = Database::open(to, true, seams)?;
        compare(&db, seams, &kept).map_err(|_| {
            Failure::broken("there is another shop in that database, or it has traded since")
        })?;
        (kept, db)
    } else {
        restore(&file, to, seams, false)?
    };
    from.close(&format!("it was moved to {}", without_secret(to)))?;
    std::fs::remove_file(&file).map_err(|error| trouble(&file, error))?;
    Ok(moved)
}

/// An address of a database for people to read.
fn without_secret(place: &Place) -> String {
    match place {
        Place::Folder(folder) => folder.display().to_string(),
        Place::Postgres(address) => {
            let rest = address.rsplit_once('@').map_or(address.as_str(), |(_, rest)| rest);
            rest.split('?').next().unwrap_or_default().to_string()
        }
    }
}

fn trouble(path: &Path, error: std::io::Error) -> Failure {
    Failure::Broken(format!("{}: {error}", path.display()))
}

/// A new name is only sure when its folder is on the disk.
fn settle_folder(file: &Path) -> Result<(), Failure> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| trouble(folder, error))
}
