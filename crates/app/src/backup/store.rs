//! Every table as it is, whatever it is: its columns, its rows, and how to put them back.

use super::Header;
use crate::db::{Tx, Value, migrate};
use crate::failure::Failure;

/// So many rows are read at a time.
const PAGE: i64 = 2_000;
/// So many values go into one statement at most.
const VALUES: usize = 3_000;

/// A table with what is needed to read it in order.
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    key: Vec<String>,
}

/// The version of the data's shape.
pub fn version(tx: &mut Tx) -> Result<i64, Failure> {
    tx.one("select coalesce(max(version), 0) from migrations", &[], |row| row.get(0))
}

/// What a backup taken now says of itself.
pub fn header(tx: &mut Tx) -> Result<Header, Failure> {
    let schema = version(tx)?;
    let chains =
        tx.all("select name, hash, length from chain_heads order by name", &[], |row| {
            (row.get(0), row.get(1), row.get(2))
        })?;
    Ok(Header { schema, taken_at: tx.now, chains })
}

/// Whether people have a shop here already.
pub fn has_a_shop(tx: &mut Tx) -> Result<bool, Failure> {
    tx.one("select exists (select 1 from shop)", &[], |row| row.get(0))
}

/// Every table up to a version of the schema, in the order in which they were made.
pub fn tables(tx: &mut Tx, schema: i64) -> Result<Vec<Table>, Failure> {
    let mut tables = Vec::new();
    for name in migrate::tables(schema) {
        let columns = columns(tx, &name)?;
        tables.push(table(tx, name, columns)?);
    }
    Ok(tables)
}

pub fn table(tx: &mut Tx, name: String, columns: Vec<String>) -> Result<Table, Failure> {
    let sql = if !tx.is_postgres() {
        "select name from pragma_table_info($1) where pk > 0 order by pk"
    } else {
        "select a.attname::text from pg_index i
         join unnest(i.indkey::int2[]) with ordinality k (attnum, at) on true
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
         where i.indisprimary and i.indrelid = cast(cast($1 as text) as regclass) order by k.at"
    };
    let key = tx.all(sql, &[(&name).into()], |row| row.get(0))?;
    Ok(Table { name, columns, key })
}

fn columns(tx: &mut Tx, table: &str) -> Result<Vec<String>, Failure> {
    let sql = if !tx.is_postgres() {
        "select name from pragma_table_info($1) order by cid"
    } else {
        "select attname::text from pg_attribute
         where attrelid = cast(cast($1 as text) as regclass) and attnum > 0 and not attisdropped
         order by attnum"
    };
    tx.all(sql, &[table.into()], |row| row.get(0))
}

/// Every row, a page at a time, in the order of the table's key.
pub fn each_row(tx: &mut Tx, table: &Table, mut each: impl FnMut(&[Value])) -> Result<(), Failure> {
    let Table { name, columns, key } = table;
    let key_list = key.join(", ");
    let width = columns.len();
    let mut after: Vec<Value> = Vec::new();
    loop {
        let from = match after.len() {
            0 => String::new(),
            n => {
                let holes: Vec<String> = (1..=n).map(|n| format!("${n}")).collect();
                format!("where ({key_list}) > ({})", holes.join(", "))
            }
        };
        let sql = format!(
            "select {}, {key_list} from {name} {from} order by {key_list} limit {PAGE}",
            columns.join(", ")
        );
        let mut last: Vec<Value> = Vec::new();
        let mut count = 0;
        tx.all(&sql, &after, |row| {
            let values = row.values();
            each(&values[..width]);
            last = values[width..].to_vec();
            count += 1;
        })?;
        if count < PAGE {
            return Ok(());
        }
        after = last;
    }
}

/// What ties tables together, loosened until everything is there: on PostgreSQL the foreign keys
/// are made anew (and checked) at the end, on SQLite they are checked at the commit.
pub fn untie(tx: &mut Tx) -> Result<Vec<(String, String, String)>, Failure> {
    if !tx.is_postgres() {
        tx.run("pragma defer_foreign_keys = on", &[])?;
        return Ok(Vec::new());
    }
    let tied: Vec<(String, String, String)> = tx.all(
        "select conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
         from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace",
        &[],
        |row| (row.get(0), row.get(1), row.get(2)),
    )?;
    for (table, name, _) in &tied {
        tx.script(&format!("alter table {table} drop constraint {name}"))?;
    }
    Ok(tied)
}

/// Ties them again.
pub fn tie(tx: &mut Tx, tied: &[(String, String, String)]) -> Result<(), Failure> {
    for (table, name, what) in tied {
        tx.script(&format!("alter table {table} add constraint {name} {what}"))?;
    }
    Ok(())
}

/// Empties every table: a new one has rows of its own, which the backup has as well.
pub fn empty(tx: &mut Tx, tables: &[Table]) -> Result<(), Failure> {
    for table in tables.iter().rev() {
        tx.run(&format!("delete from {}", table.name), &[])?;
    }
    Ok(())
}

/// Rows on their way into a table, some at a time.
pub struct Rows {
    name: String,
    columns: Vec<String>,
    most: usize,
    waiting: Vec<Value>,
}

impl Rows {
    pub fn of(tx: &Tx, name: String, columns: Vec<String>) -> Rows {
        // SQLite is beside us: a statement for each row costs it less than finding many names.
        let most = if !tx.is_postgres() { 1 } else { (VALUES / columns.len()).max(1) };
        Rows { name, columns, most, waiting: Vec::new() }
    }

    pub fn put(&mut self, tx: &mut Tx, row: Vec<Value>) -> Result<(), Failure> {
        self.waiting.extend(row);
        if self.waiting.len() < self.most * self.columns.len() {
            return Ok(());
        }
        self.send(tx, self.most)
    }

    pub fn finish(mut self, tx: &mut Tx) -> Result<(), Failure> {
        let rows = self.waiting.len() / self.columns.len();
        if rows == 0 { Ok(()) } else { self.send(tx, rows) }
    }

    fn send(&mut self, tx: &mut Tx, rows: usize) -> Result<(), Failure> {
        let width = self.columns.len();
        let row = |n: usize| {
            let holes: Vec<String> = (1..=width).map(|c| format!("${}", n * width + c)).collect();
            format!("({})", holes.join(", "))
        };
        let holes: Vec<String> = (0..rows).map(row).collect();
        let (name, columns) = (&self.name, self.columns.join(", "));
        let sql = format!("insert into {name} ({columns}) values {}", holes.join(", "));
        tx.run(&sql, &self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}
