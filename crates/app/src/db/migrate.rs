//! The schema, as numbered steps that only go forward.
//!
//! A step is written once, in the types `bigint`, `text` and `bytea`; for SQLite they become its
//! own words and every table becomes strict. Each step runs in one transaction with the row that
//! records it, and a recorded step whose text changed since stops the start.

use sha2::{Digest, Sha256};

use super::{Database, Seams, Tx};
use crate::embedded::Folder;
use crate::failure::Failure;

static STEPS: Folder = Folder(include!(concat!(env!("OUT_DIR"), "/migrations.rs")));

struct Step {
    version: i64,
    name: String,
    sql: String,
    checksum: String,
}

fn steps() -> Vec<Step> {
    STEPS
        .files()
        .filter_map(|(name, text)| {
            let version = name.split('_').next()?.parse().ok()?;
            let name = name.to_string();
            let sql = String::from_utf8(text.to_vec()).ok()?;
            let digest = Sha256::digest(sql.as_bytes());
            let checksum = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            Some(Step { version, name, sql, checksum })
        })
        .collect()
}

/// The newest version of the schema this program knows.
pub fn newest() -> i64 {
    steps().last().map_or(0, |step| step.version)
}

/// Every step as it is written, for the reference: its name and its text.
pub fn scripts() -> Vec<(String, String)> {
    steps().into_iter().map(|step| (step.name, step.sql)).collect()
}

/// The tables a schema of this version has, in the order in which they were made.
pub(crate) fn tables(version: i64) -> Vec<String> {
    let steps = steps().into_iter().filter(|step| step.version <= version);
    let named = |sql: &str| -> Vec<String> {
        let lines = sql.lines().filter_map(|line| line.strip_prefix("create table "));
        lines.filter_map(|rest| Some(rest.split_once(" (")?.0.to_string())).collect()
    };
    let mut tables: Vec<String> = Vec::new();
    for name in steps.flat_map(|step| named(&step.sql)) {
        // A table that was made anew keeps its place.
        if !tables.contains(&name) {
            tables.push(name);
        }
    }
    tables
}

/// Refuses data that is not of the newest version, without writing.
pub(super) fn refuse_old(tx: &mut Tx) -> Result<(), Failure> {
    let sql = "select coalesce(max(version), 0) from migrations";
    let version: i64 = tx.one(sql, &[], |row| row.get(0))?;
    if version == newest() {
        return Ok(());
    }
    Err(Failure::broken("the data is behind: run `pinwheel migrate`"))
}

/// Makes a new schema of this version; one that is there stays as it is.
pub(super) fn run_up_to(db: &Database, seams: &Seams, version: i64) -> Result<(), Failure> {
    let sql = if db.is_postgres() {
        "select exists (select 1 from pg_tables where tablename = 'migrations'
                        and schemaname = current_schema())"
    } else {
        "select exists (select 1 from sqlite_master where name = 'migrations')"
    };
    let there: bool = db.read(seams, |tx| tx.one(sql, &[], |row| row.get(0)))?;
    if there { Ok(()) } else { apply_all(db, seams, true, version) }
}

/// Brings the schema up to date, or, when `migrate` is not set, refuses one that is behind.
pub(super) fn run(db: &Database, seams: &Seams, migrate: bool) -> Result<(), Failure> {
    apply_all(db, seams, migrate, i64::MAX)
}

fn apply_all(db: &Database, seams: &Seams, migrate: bool, most: i64) -> Result<(), Failure> {
    let postgres = db.is_postgres();
    db.write(seams, |tx| {
        tx.script(&in_dialect(
            "create table if not exists migrations (
    version bigint primary key,
    name text not null,
    checksum text not null,
    dirty bigint not null check (dirty in (0, 1)),
    applied_at bigint not null
);\n",
            postgres,
        ))?;
        if postgres {
            // Two nodes that start at once migrate one after the other.
            tx.script("lock table migrations in exclusive mode")?;
        }
        let done = tx.all("select version, checksum from migrations", &[], |row| {
            (row.get::<i64>(0), row.get::<String>(1))
        })?;
        let steps = steps();
        let known = steps.last().map_or(0, |step| step.version);
        if let Some((version, _)) = done.iter().find(|(version, _)| *version > known) {
            let why =
                format!("the data is of version {version}, newer than this program's {known}");
            return Err(Failure::Broken(why));
        }
        for step in steps.iter().filter(|step| step.version <= most) {
            match done.iter().find(|(version, _)| *version == step.version) {
                Some((_, checksum)) if *checksum == step.checksum => (),
                Some(_) => {
                    let why = format!("{} was changed after it was applied", step.name);
                    return Err(Failure::Broken(why));
                }
                None if migrate => apply(tx, step, postgres)?,
                None => return Err(Failure::broken("the data is behind: run `pinwheel migrate`")),
            }
        }
        Ok(())
    })
}

fn apply(tx: &mut Tx, step: &Step, postgres: bool) -> Result<(), Failure> {
    tx.script(&in_dialect(&step.sql, postgres))?;
    tx.run(
        "insert into migrations (version, name, checksum, dirty, applied_at)
         values ($1, $2, $3, 0, $4)",
        &[step.version.into(), (&step.name).into(), (&step.checksum).into(), tx.now.into()],
    )?;
    Ok(())
}

fn in_dialect(sql: &str, postgres: bool) -> String {
    if postgres {
        return sql.to_string();
    }
    sql.replace("bigint", "integer").replace("bytea", "blob").replace("\n);\n", "\n) strict;\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name without a number, or a number twice, would be a step that never runs.
    #[test]
    fn every_script_of_the_folder_is_a_step() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let files = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        let steps = steps();
        let known: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(known, names);
        let versions: Vec<i64> = steps.iter().map(|step| step.version).collect();
        assert_eq!(versions, (1..=newest()).collect::<Vec<_>>());
    }
}
