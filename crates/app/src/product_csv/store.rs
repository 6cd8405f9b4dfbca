//! The table `imports`.

use domain::id::{Id, Kind};
use domain::person::Person;

use super::{ImportView, Report};
use crate::db::Tx;
use crate::failure::Failure;

/// One reading of a product file.
pub struct Import;
impl Kind for Import {
    const PREFIX: &'static str = "imp";
}

/// How many faults and changes are kept with an import.
const KEPT: usize = 2_000;

pub fn add_import(
    tx: &mut Tx,
    file_name: &str,
    actor: Option<Id<Person>>,
    report: &Report,
) -> Result<(), Failure> {
    let mut kept = report.clone();
    kept.rejected.truncate(KEPT);
    let id: Id<Import> = tx.id();
    tx.run(
        "insert into imports (id, file_name, actor_id, at, dry_run, report)
         values ($1, $2, $3, $4, $5, $6)",
        &[
            id.into(),
            domain::text::one_line(file_name).into(),
            actor.into(),
            tx.now.into(),
            report.dry_run.into(),
            serde_json::to_string(&kept)?.into(),
        ],
    )?;
    Ok(())
}

pub fn imports(tx: &mut Tx, most: i64) -> Result<Vec<ImportView>, Failure> {
    let rows = tx.all(
        "select id, file_name, at, report from imports order by id desc limit $1",
        &[most.into()],
        |row| {
            let id: Id<Import> = row.get(0);
            (id.to_string(), row.get(1), row.get(2), row.get::<String>(3))
        },
    )?;
    rows.into_iter()
        .map(|(id, file_name, at, report)| {
            Ok(ImportView { id, file_name, at, report: serde_json::from_str(&report)? })
        })
        .collect()
}

/// Every pair of what is kept of unknown columns, of products and of their variants.
pub fn extras(tx: &mut Tx, each: &mut dyn FnMut(&str)) -> Result<(), Failure> {
    let mut last = -1;
    loop {
        let rows: Vec<(i64, String)> = tx.all(
            "select id, extra from products where id > $1 order by id limit 1000",
            &[last.into()],
            |row| (row.get(0), row.get(1)),
        )?;
        let Some((id, _)) = rows.last() else { break };
        last = *id;
        rows.iter().for_each(|(_, extra)| each(extra));
    }
    let rows: Vec<String> = tx.all(
        "select distinct extra from variants where archived = 0 and extra <> '{}'",
        &[],
        |row| row.get(0),
    )?;
    rows.iter().for_each(|extra| each(extra));
    Ok(())
}
