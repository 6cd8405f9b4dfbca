//! The schema, as numbered steps that only go forward.
//!
//! A step is written once, in the types `bigint`, `text` and `bytea`; for SQLite they become its
//! own words and every table becomes strict. Each step runs in one transaction with the row that
//! records it, and a recorded step whose text changed since stops the start.

use sha2::{Digest, Sha256};

use super::{Database, Seams, Tx};
use crate::failure::Failure;

#[derive(rust_embed::RustEmbed)]
#[folder = "migrations"]
struct Steps;

struct Step {
    version: i64,
    name: String,
    sql: String,
    checksum: String,
}

fn steps() -> Vec<Step> {
    let mut names: Vec<String> = Steps::iter().map(|name| name.to_string()).collect();
    names.sort();
    names
        .into_iter()
        .filter_map(|name| {
            let version = name.split('_').next()?.parse().ok()?;
            let sql = String::from_utf8(Steps::get(&name)?.data.into_owned()).ok()?;
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

/// Brings the schema up to date, or, when `migrate` is not set, refuses one that is behind.
pub(super) fn run(db: &Database, seams: &Seams, migrate: bool) -> Result<(), Failure> {
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
        for step in &steps {
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
