//! Every table as it is, whatever it is: its columns, its rows, and how to put them back.

use super::Header;
use crate::db::{Row, Tx, Value, migrate};
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

/// The tables there are now.
pub fn names(tx: &mut Tx) -> Result<Vec<String>, Failure> {
    Ok(migrate::tables(version(tx)?))
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

/// Whether a table has all of these columns still.
pub fn has_columns(tx: &mut Tx, table: &str, wanted: &[String]) -> Result<bool, Failure> {
    let there = columns(tx, table)?;
    Ok(wanted.iter().all(|column| there.contains(column)))
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

/// What was taken off the tables while they are filled, as statements that put it back: indexes,
/// which are made quicker of all the rows at once than row by row, and on PostgreSQL foreign keys.
pub struct Untied(Vec<String>);

/// Takes off what holds up the filling. On SQLite foreign keys rest as long as `Database::fill`.
pub fn untie(tx: &mut Tx) -> Result<Untied, Failure> {
    let pair = |row: &Row| (row.get::<String>(0), row.get::<String>(1));
    if !tx.is_postgres() {
        let sql = "select name, sql from sqlite_master where type = 'index' and sql is not null";
        let indexes = tx.all(sql, &[], pair)?;
        for (name, _) in &indexes {
            tx.script(&format!("drop index {name}"))?;
        }
        return Ok(Untied(indexes.into_iter().map(|(_, make)| make).collect()));
    }
    let keys = tx.all(
        "select format('alter table %s drop constraint %I', conrelid::regclass, conname),
                format('alter table %s add constraint %I %s', conrelid::regclass, conname,
                       pg_get_constraintdef(oid))
         from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace",
        &[],
        pair,
    )?;
    // The index of a primary key or of another constraint stays.
    let indexes = tx.all(
        "select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
         from pg_index i join pg_class c on c.oid = i.indexrelid
         where c.relnamespace = current_schema()::regnamespace
           and not exists (select 1 from pg_constraint where conindid = i.indexrelid)",
        &[],
        pair,
    )?;
    for (take_off, _) in keys.iter().chain(&indexes) {
        tx.script(take_off)?;
    }
    // A foreign key may need an index to point at.
    Ok(Untied(indexes.into_iter().chain(keys).map(|(_, make)| make).collect()))
}

/// Puts it back; what does not hold is an error.
pub fn tie(tx: &mut Tx, Untied(all): &Untied) -> Result<(), Failure> {
    for make in all {
        tx.script(make)?;
    }
    if !tx.is_postgres() {
        let sql = "select \"table\" from pragma_foreign_key_check limit 1";
        if let Some(table) = tx.maybe(sql, &[], |row| row.get::<String>(0))? {
            return Err(Failure::Broken(format!("a row of {table} points at nothing")));
        }
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
    /// Puts so many at once.
    full: String,
    waiting: Vec<Value>,
}

impl Rows {
    pub fn of(tx: &Tx, name: String, columns: Vec<String>) -> Rows {
        // SQLite is beside us: a statement for each row costs it less than finding many names.
        let most = if !tx.is_postgres() { 1 } else { (VALUES / columns.len()).max(1) };
        let full = statement(&name, &columns, most);
        Rows { name, columns, most, full, waiting: Vec::new() }
    }

    pub fn put(&mut self, tx: &mut Tx, row: Vec<Value>) -> Result<(), Failure> {
        self.waiting.extend(row);
        if self.waiting.len() < self.most * self.columns.len() {
            return Ok(());
        }
        tx.run(&self.full, &self.waiting)?;
        self.waiting.clear();
        Ok(())
    }

    pub fn finish(self, tx: &mut Tx) -> Result<(), Failure> {
        let rows = self.waiting.len() / self.columns.len();
        if rows > 0 {
            tx.run(&statement(&self.name, &self.columns, rows), &self.waiting)?;
        }
        Ok(())
    }
}

fn statement(name: &str, columns: &[String], rows: usize) -> String {
    let width = columns.len();
    let row = |n: usize| {
        let holes: Vec<String> = (1..=width).map(|c| format!("${}", n * width + c)).collect();
        format!("({})", holes.join(", "))
    };
    let holes: Vec<String> = (0..rows).map(row).collect();
    format!("insert into {name} ({}) values {}", columns.join(", "), holes.join(", "))
}
