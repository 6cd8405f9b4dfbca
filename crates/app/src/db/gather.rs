//! Gathered writes: many decisions in one transaction, written as few statements of many rows.
//!
//! A lane decides for everybody who waits, one after the other, and most of what each decision
//! writes is read by nobody but the decisions after it. Such rows are kept back and written
//! together (`rows`), and what the next decision must know of them is kept in mind: it is made in
//! memory, on rows that were read under their lock. A decision that ends in a refusal is undone by
//! forgetting what it kept back. Whoever must write at once cannot be decided among others.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};

use super::rows::{self, Change, Insert, Sum};
use super::{Row, Trouble, Tx, Value};
use crate::failure::Failure;

/// What a transaction keeps back.
#[derive(Default)]
pub(crate) struct Gathered {
    on: bool,
    rows: Vec<(&'static Insert, Vec<Value>)>,
    changes: Vec<(&'static Change, Vec<Value>)>,
    sums: Vec<(&'static Sum, Vec<i64>, Vec<i64>)>,
    /// What a context writes itself in the end.
    kept: Vec<Box<dyn Any>>,
    /// What was read for everybody, and what the decisions so far made of it.
    mind: HashMap<String, Box<dyn Any>>,
    /// What was in mind before it was replaced.
    before: Vec<(String, Option<Box<dyn Any>>)>,
    /// Somebody cannot be decided among others.
    alone: bool,
}

/// A point to go back to.
#[derive(PartialEq)]
pub(crate) struct Mark {
    rows: usize,
    changes: usize,
    sums: usize,
    kept: usize,
    before: usize,
    told: usize,
    rang: bool,
}

impl Tx<'_> {
    /// From here on rows are kept back until the commit, and nothing is written at once.
    pub(crate) fn gather(&mut self) {
        self.gathered.on = true;
    }

    pub(crate) fn gathers(&self) -> bool {
        self.gathered.on
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            rows: self.gathered.rows.len(),
            changes: self.gathered.changes.len(),
            sums: self.gathered.sums.len(),
            kept: self.gathered.kept.len(),
            before: self.gathered.before.len(),
            told: self.told.len(),
            rang: self.rang,
        }
    }

    /// Forgets everything since the mark.
    pub(crate) fn go_back(&mut self, mark: &Mark) {
        planted!("refusal_kept", return);
        let gathered = &mut self.gathered;
        gathered.rows.truncate(mark.rows);
        gathered.changes.truncate(mark.changes);
        gathered.sums.truncate(mark.sums);
        gathered.kept.truncate(mark.kept);
        for (name, before) in gathered.before.drain(mark.before..).rev() {
            match before {
                Some(value) => gathered.mind.insert(name, value),
                None => gathered.mind.remove(&name),
            };
        }
        self.told.truncate(mark.told);
        self.rang = mark.rang;
    }

    /// This cannot be decided among others: it is decided after them, in a transaction of its own.
    pub(crate) fn alone(&mut self) -> Failure {
        self.gathered.alone = true;
        Failure::Unavailable
    }

    /// Whether somebody said so since this was last asked.
    pub(crate) fn take_alone(&mut self) -> bool {
        std::mem::take(&mut self.gathered.alone)
    }

    /// Runs `work` as a part that is undone by itself when it ends in a refusal. The outer error is
    /// the whole transaction's.
    pub(crate) fn part<T>(
        &mut self,
        work: impl FnOnce(&mut Tx) -> Result<T, Failure>,
    ) -> Result<Result<T, Failure>, Failure> {
        self.run("savepoint part", &[])?;
        let mark = self.mark();
        let done = work(self);
        match done {
            // What broke in the database is not undone in part.
            done if self.broke.is_some() => Err(done.err().unwrap_or(Failure::Unavailable)),
            Err(failure) if failure.is_answer() => {
                self.run("rollback to savepoint part", &[])?;
                self.run("release savepoint part", &[])?;
                self.go_back(&mark);
                Ok(Err(failure))
            }
            Err(failure) => Err(failure),
            Ok(value) => {
                self.run("release savepoint part", &[])?;
                Ok(Ok(value))
            }
        }
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

    /// Changes a row that was read under its lock: now, or with the others before the commit.
    pub(crate) fn change(
        &mut self,
        change: &'static Change,
        row: Vec<Value>,
    ) -> Result<(), Failure> {
        debug_assert_eq!(row.len(), change.width(), "{}", change.table);
        if self.gathered.on {
            self.gathered.changes.push((change, row));
            return Ok(());
        }
        self.change_rows(change, &[row])
    }

    /// Adds to a sum, to be written with all others.
    pub(crate) fn add_up(&mut self, sum: &'static Sum, key: &[i64], more: &[i64]) {
        self.gathered.sums.push((sum, key.to_vec(), more.to_vec()));
    }

    /// Keeps something back that a context writes itself in the end: see `take_kept`.
    pub(crate) fn keep_back<T: 'static>(&mut self, value: T) {
        self.gathered.kept.push(Box::new(value));
    }

    /// Everything of this kind that was kept back, in the order it came.
    pub(crate) fn take_kept<T: 'static>(&mut self) -> Vec<T> {
        let mut taken = Vec::new();
        for value in std::mem::take(&mut self.gathered.kept) {
            match value.downcast::<T>() {
                Ok(value) => taken.push(*value),
                Err(other) => self.gathered.kept.push(other),
            }
        }
        taken
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
        // What was read stays, whatever becomes of who read it.
        self.gathered.mind.insert(key, Box::new(value.clone()));
        Ok(value)
    }

    /// The rows for many ids at once: `sql` ends with `in`, `first` are its parameters before the
    /// ids, `end` follows it. The ids come in their fixed order, so that what is locked is locked
    /// in it.
    pub(crate) fn all_in<T, V: Clone + Into<Value>>(
        &mut self,
        (sql, first): (&str, &[Value]),
        ids: &[V],
        end: &str,
        mut make: impl FnMut(&Row) -> T,
    ) -> Result<Vec<T>, Failure> {
        let mut found = Vec::new();
        let ids: Vec<Value> = ids.iter().cloned().map(Into::into).collect();
        self.each_in(sql, first, &ids, end, &mut |row| found.push(make(row)))?;
        Ok(found)
    }

    fn each_in(
        &mut self,
        sql: &str,
        first: &[Value],
        ids: &[Value],
        end: &str,
        each: &mut dyn FnMut(&Row),
    ) -> Result<(), Failure> {
        for some in ids.chunks(rows::MOST_ROWS) {
            // Padded, so that few shapes of the statement are prepared.
            let padded = some.len().next_power_of_two();
            let last = &some[some.len() - 1];
            let ids = some.iter().chain(std::iter::repeat(last)).take(padded);
            let params: Vec<Value> = first.iter().chain(ids).cloned().collect();
            let marks = first.len() + 1..=first.len() + padded;
            let marks: Vec<String> = marks.map(|n| format!("${n}")).collect();
            let sql = format!("{sql} ({}) {end}", marks.join(", "));
            self.each(&sql, &params, each)?;
        }
        Ok(())
    }

    /// What is in mind under this name.
    pub(crate) fn recall<T: Clone + 'static>(&self, key: &str) -> Option<T> {
        self.gathered.mind.get(key).and_then(|value| value.downcast_ref::<T>()).cloned()
    }

    /// Keeps something in mind for the decisions that follow in this transaction.
    pub(crate) fn keep_in_mind<T: 'static>(&mut self, key: String, value: T) {
        let before = self.gathered.mind.insert(key.clone(), Box::new(value));
        self.gathered.before.push((key, before));
    }

    /// Writes what was kept back: rows first, those that others refer to before the others; then
    /// what changes; then sums, in the fixed order of locks. Nothing is kept back any more.
    pub(crate) fn write_gathered(&mut self) -> Result<(), Failure> {
        self.gathered.on = false;
        let (first, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.gathered.rows).into_iter().partition(|(to, _)| to.first);
        for rows in [first, rest] {
            for (insert, rows) in by_statement(rows) {
                self.write_rows(insert, &insert.fold(rows))?;
            }
        }
        for (change, rows) in by_statement(std::mem::take(&mut self.gathered.changes)) {
            self.change_rows(change, &change.fold(rows))?;
        }
        let mut sums: BTreeMap<(u8, &str, Vec<i64>), Vec<i64>> = BTreeMap::new();
        for (sum, key, more) in std::mem::take(&mut self.gathered.sums) {
            let all =
                sums.entry((sum.rank, sum.update, key)).or_insert_with(|| vec![0; more.len()]);
            all.iter_mut().zip(more).for_each(|(all, more)| *all += more);
        }
        for ((_, update, key), all) in sums {
            if all.iter().all(|number| *number == 0) {
                continue;
            }
            let params: Vec<Value> = key.into_iter().chain(all).map(Value::from).collect();
            if self.run(update, &params)? != 1 {
                return Err(self.again());
            }
        }
        Ok(())
    }

    /// Writes rows as few statements.
    pub(crate) fn write_rows(
        &mut self,
        insert: &Insert,
        rows: &[Vec<Value>],
    ) -> Result<(), Failure> {
        self.in_parts(rows, insert.must_count, |count| insert.sql(count))
    }

    fn change_rows(&mut self, change: &Change, rows: &[Vec<Value>]) -> Result<(), Failure> {
        self.in_parts(rows, change.must_count, |count| change.sql(count))
    }

    fn in_parts(
        &mut self,
        mut rest: &[Vec<Value>],
        must_count: bool,
        sql: impl Fn(usize) -> String,
    ) -> Result<(), Failure> {
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rows::next(rest.len()));
            let params: Vec<Value> = now.iter().flatten().cloned().collect();
            let done = self.run(&sql(now.len()), &params)?;
            if must_count && done != now.len() as u64 {
                return Err(self.again());
            }
            rest = later;
        }
        Ok(())
    }

    /// Somebody else decided meanwhile: the transaction is worth another try.
    pub(crate) fn again(&mut self) -> Failure {
        self.broke = Some(Trouble::Retry);
        Failure::Unavailable
    }
}

/// Rows with the statement they belong to, in the order of the statements' first rows.
fn by_statement<S>(rows: Vec<(&'static S, Vec<Value>)>) -> Vec<(&'static S, Vec<Vec<Value>>)> {
    let mut statements: Vec<(&'static S, Vec<Vec<Value>>)> = Vec::new();
    for (statement, row) in rows {
        match statements.iter_mut().find(|(other, _)| std::ptr::eq(*other, statement)) {
            Some((_, rows)) => rows.push(row),
            None => statements.push((statement, vec![row])),
        }
    }
    statements
}
