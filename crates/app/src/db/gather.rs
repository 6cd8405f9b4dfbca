//! Gathered writes: many decisions in one transaction, written as few statements of many rows.
//!
//! A lane decides for everybody who waits, one after the other, and most of what each decision
//! writes is a row that nobody reads before the commit. Such rows are kept back and written
//! together, and so are the units of stock they move: the decision is made in memory on the row
//! that was read under its lock, and one conditional statement for the sum has the last word.
//! A decision that ends in a refusal is undone by forgetting what it kept back.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};

use domain::inventory::Stock;

use super::{Trouble, Tx, Value};
use crate::failure::Failure;

/// The most rows in one statement. Fewer are written by powers of two, so that few shapes of each
/// statement are ever prepared.
const MOST_ROWS: usize = 128;

/// A statement that adds rows to a table. Always a `static`: its place in memory is its name.
pub struct Insert {
    /// The table and its columns: `orders (id, person_id)`.
    pub into: &'static str,
    /// How many columns.
    pub width: usize,
    /// What follows the values: `on conflict …`.
    pub end: &'static str,
    /// The column by which a later row replaces an earlier one, where it does.
    pub unique: Option<usize>,
    /// Whether a row that is there already spoils the whole: somebody decided meanwhile.
    pub must_be_new: bool,
}

impl Insert {
    pub const fn new(into: &'static str, width: usize) -> Insert {
        Insert { into, width, end: "", unique: None, must_be_new: false }
    }

    fn sql(&self, rows: usize) -> String {
        let mut sql = format!("insert into {} values ", self.into);
        for row in 0..rows {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            for column in 1..=self.width {
                if column > 1 {
                    sql.push_str(", ");
                }
                sql.push('$');
                sql.push_str(&(row * self.width + column).to_string());
            }
            sql.push(')');
        }
        sql.push(' ');
        sql.push_str(self.end);
        sql
    }
}

/// What a transaction keeps back.
#[derive(Default)]
pub(crate) struct Gathered {
    on: bool,
    rows: Vec<(&'static Insert, Vec<Value>)>,
    /// The stock of variants as it is with everything moved here.
    stock: BTreeMap<i64, Stock>,
    moved: Vec<(i64, Stock)>,
    /// What was read once for everybody.
    read: HashMap<String, Box<dyn Any>>,
    /// How many statements changed something at once.
    direct: u64,
}

/// A point to go back to.
pub(crate) struct Mark {
    rows: usize,
    moved: usize,
    told: usize,
    rang: bool,
    direct: u64,
}

impl Tx<'_> {
    /// From here on rows may be kept back until the commit.
    pub(crate) fn gather(&mut self) {
        self.gathered.on = true;
    }

    pub(crate) fn gathers(&self) -> bool {
        self.gathered.on
    }

    /// Notes that a statement changed something at once.
    pub(super) fn wrote(&mut self) {
        self.gathered.direct += 1;
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            rows: self.gathered.rows.len(),
            moved: self.gathered.moved.len(),
            told: self.told.len(),
            rang: self.rang,
            direct: self.gathered.direct,
        }
    }

    /// Forgets everything since the mark; not possible when something was written at once.
    pub(crate) fn go_back(&mut self, mark: &Mark) -> bool {
        if self.gathered.direct != mark.direct {
            return false;
        }
        planted!("refusal_kept", return true);
        self.gathered.rows.truncate(mark.rows);
        for (variant, change) in self.gathered.moved.split_off(mark.moved) {
            if let Some(stock) = self.gathered.stock.get_mut(&variant) {
                *stock = stock.minus(change);
            }
        }
        self.told.truncate(mark.told);
        self.rang = mark.rang;
        true
    }

    /// Adds a row: now, or with the others before the commit.
    pub(crate) fn add(&mut self, insert: &'static Insert, row: Vec<Value>) -> Result<(), Failure> {
        debug_assert_eq!(row.len(), insert.width, "{}", insert.into);
        if self.gathered.on {
            self.gathered.rows.push((insert, row));
            return Ok(());
        }
        self.write_rows(insert, &[row])
    }

    /// What `read` makes of the database, read once for everybody this transaction decides for.
    pub(crate) fn read_once<T: Clone + 'static>(
        &mut self,
        key: String,
        read: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if !self.gathered.on {
            return read(self);
        }
        if let Some(value) = self.recall(&key) {
            return Ok(value);
        }
        let value = read(self)?;
        self.keep_in_mind(key, value.clone());
        Ok(value)
    }

    /// What was kept in mind under this name, when decisions are gathered.
    pub(crate) fn recall<T: Clone + 'static>(&self, key: &str) -> Option<T> {
        self.gathered.read.get(key).and_then(|value| value.downcast_ref::<T>()).cloned()
    }

    /// Keeps something in mind for the decisions that follow in this transaction.
    pub(crate) fn keep_in_mind<T: 'static>(&mut self, key: String, value: T) {
        self.gathered.read.insert(key, Box::new(value));
    }

    /// The stock of a variant as far as it is known here.
    pub(crate) fn gathered_stock(&self, variant: i64) -> Option<Stock> {
        self.gathered.stock.get(&variant).copied()
    }

    /// Takes note of a variant's stock, read under its lock.
    pub(crate) fn know_stock(&mut self, variant: i64, stock: Stock) {
        self.gathered.stock.insert(variant, stock);
    }

    /// Moves units of a variant whose stock is known, to be written with all others.
    pub(crate) fn move_stock(&mut self, variant: i64, change: Stock) {
        if let Some(stock) = self.gathered.stock.get_mut(&variant) {
            *stock = stock.plus(change);
            self.gathered.moved.push((variant, change));
        }
    }

    /// What all that was moved comes to, by variant in their fixed order; and forgets it.
    pub(crate) fn take_moved(&mut self) -> BTreeMap<i64, Stock> {
        let mut sums: BTreeMap<i64, Stock> = BTreeMap::new();
        for (variant, change) in std::mem::take(&mut self.gathered.moved) {
            let sum = sums.entry(variant).or_default();
            *sum = sum.plus(change);
        }
        self.gathered.stock.clear();
        sums
    }

    /// Writes the rows that were kept back. They come in the order of their tables' first rows, so
    /// that what is referred to is there before what refers to it.
    pub(crate) fn write_gathered(&mut self) -> Result<(), Failure> {
        let mut rows = std::mem::take(&mut self.gathered.rows);
        while let Some((insert, _)) = rows.first() {
            let insert = *insert;
            let (mine, others): (Vec<_>, Vec<_>) =
                rows.into_iter().partition(|(other, _)| std::ptr::eq(*other, insert));
            rows = others;
            let mut mine: Vec<Vec<Value>> = mine.into_iter().map(|(_, row)| row).collect();
            if let Some(unique) = insert.unique {
                keep_last(&mut mine, unique);
            }
            let mut rest = mine.as_slice();
            while !rest.is_empty() {
                let fits = rest.len().min(MOST_ROWS);
                // The largest power of two that there are rows for.
                let count = 1 << (usize::BITS - 1 - fits.leading_zeros());
                let (now, later) = rest.split_at(count);
                self.write_rows(insert, now)?;
                rest = later;
            }
        }
        Ok(())
    }

    fn write_rows(&mut self, insert: &Insert, rows: &[Vec<Value>]) -> Result<(), Failure> {
        let params: Vec<Value> = rows.iter().flatten().cloned().collect();
        let added = self.run(&insert.sql(rows.len()), &params)?;
        if insert.must_be_new && added != rows.len() as u64 {
            return Err(self.again());
        }
        Ok(())
    }

    /// Somebody else decided meanwhile: the transaction is worth another try.
    pub(crate) fn again(&mut self) -> Failure {
        self.broke = Some(Trouble::Retry);
        Failure::Unavailable
    }
}

/// Of rows that are alike in a column, keeps the last.
fn keep_last(rows: &mut Vec<Vec<Value>>, column: usize) {
    let mut kept: Vec<Vec<Value>> = Vec::with_capacity(rows.len());
    for row in rows.drain(..).rev() {
        if kept.iter().all(|other| other[column] != row[column]) {
            kept.push(row);
        }
    }
    kept.reverse();
    *rows = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_through() {
        let insert = Insert { end: "on conflict do nothing", ..Insert::new("t (a, b)", 2) };
        let sql = insert.sql(2);
        assert_eq!(sql, "insert into t (a, b) values ($1, $2), ($3, $4) on conflict do nothing");
    }

    #[test]
    fn the_last_of_alike_rows_stays() {
        let row = |key: i64, value: i64| vec![Value::Int(key), Value::Int(value)];
        let mut rows = vec![row(1, 1), row(2, 2), row(1, 3)];
        keep_last(&mut rows, 0);
        assert_eq!(rows, [row(2, 2), row(1, 3)]);
    }
}
