//! Statements of many rows, made of what many decisions keep back: rows that are added, rows that
//! change from what they were read as, and numbers that are added up.

use std::collections::HashMap;
use std::fmt::Write;

use super::Value;

/// The most rows in one statement. Fewer are written by powers of two, so that few shapes of each
/// statement are ever prepared.
pub(super) const MOST_ROWS: usize = 128;

/// A statement that adds rows to a table. Always a `static`: its place in memory is its name.
pub struct Insert {
    /// The table and its columns: `orders (id, person_id)`.
    pub into: &'static str,
    /// How many columns.
    pub width: usize,
    /// What follows the values: `on conflict …`.
    pub end: &'static str,
    /// The columns by which a later row replaces an earlier one, where it does.
    pub unique: &'static [usize],
    /// The columns that are added up when a row replaces another.
    pub adds: &'static [usize],
    /// Whether a row that changes nothing spoils the whole: somebody decided meanwhile.
    pub must_count: bool,
    /// Whether rows of other tables refer to these: they are written first.
    pub first: bool,
}

impl Insert {
    pub const fn new(into: &'static str, width: usize) -> Insert {
        Insert { into, width, end: "", unique: &[], adds: &[], must_count: false, first: false }
    }

    /// The statement for so many rows.
    pub(crate) fn sql(&self, rows: usize) -> String {
        let mut sql = format!("insert into {} values ", self.into);
        tuples(&mut sql, rows, self.width, |_| None);
        sql.push(' ');
        sql.push_str(self.end);
        sql
    }

    /// Makes one row of those that are one.
    pub(super) fn fold(&self, rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
        if self.unique.is_empty() {
            return rows;
        }
        fold(rows, self.unique, |row, before| {
            for column in self.adds {
                if let (Value::Int(sum), Value::Int(more)) = (&mut row[*column], &before[*column]) {
                    *sum += more;
                }
            }
        })
    }
}

/// A column with its type: `("status", "text")`.
type Column = (&'static str, &'static str);

/// A statement that changes rows which were read under their lock, each from what it was; or, with
/// nothing to set, takes them out. Always a `static`.
pub struct Change {
    pub table: &'static str,
    /// What names a row, and what it was when it was read.
    pub was: &'static [Column],
    /// How many of these name it.
    pub key: usize,
    /// What it becomes.
    pub to: &'static [Column],
    /// Whether a row that is not found spoils the whole: somebody changed it meanwhile.
    pub must_count: bool,
}

impl Change {
    pub const fn new(table: &'static str, was: &'static [Column], to: &'static [Column]) -> Change {
        Change { table, was, key: 1, to, must_count: true }
    }

    pub(super) fn width(&self) -> usize {
        self.was.len() + self.to.len()
    }

    /// The statement for so many rows.
    pub(super) fn sql(&self, rows: usize) -> String {
        let names = |letter: char, count: usize| (0..count).map(move |n| format!("{letter}{n}"));
        let all: Vec<String> =
            names('w', self.was.len()).chain(names('t', self.to.len())).collect();
        let mut sql = format!("with c ({}) as (values ", all.join(", "));
        let types: Vec<&str> = self.was.iter().chain(self.to).map(|column| column.1).collect();
        tuples(&mut sql, rows, self.width(), |column| Some(types[column]));
        sql.push_str(") ");
        let table = self.table;
        if self.to.is_empty() {
            let columns: Vec<&str> = self.was.iter().map(|column| column.0).collect();
            let _ = write!(
                sql,
                "delete from {table} where ({}) in (select {} from c)",
                columns.join(", "),
                all.join(", ")
            );
            return sql;
        }
        let set: Vec<String> =
            self.to.iter().enumerate().map(|(n, (name, _))| format!("{name} = c.t{n}")).collect();
        let was = self.was.iter().enumerate();
        let was: Vec<String> =
            was.map(|(n, (name, _))| format!("{table}.{name} = c.w{n}")).collect();
        let _ =
            write!(sql, "update {table} set {} from c where {}", set.join(", "), was.join(" and "));
        sql
    }

    /// One change for each row: from what the first was read as to what the last makes of it.
    pub(super) fn fold(&self, rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
        let key: Vec<usize> = (0..self.key).collect();
        fold(rows, &key, |row, before| {
            row[..self.was.len()].clone_from_slice(&before[..self.was.len()])
        })
    }
}

/// A number, or several, that many add to. What is added comes to one conditional statement for
/// each key, which has the last word. Always a `static`.
pub struct Sum {
    /// Its part in the fixed order of locks: the lower first, and by key within.
    pub rank: u8,
    /// Its first parameters are the key, the others what is added. No row changed says that there
    /// was not enough.
    pub update: &'static str,
}

/// How many rows go into the next statement: the largest power of two there are rows for.
pub(super) fn next(rows: usize) -> usize {
    1 << (usize::BITS - 1 - rows.min(MOST_ROWS).leading_zeros())
}

/// `($1, $2), ($3, $4)`, the first row with its types where they are said.
fn tuples(
    sql: &mut String,
    rows: usize,
    width: usize,
    kind: impl Fn(usize) -> Option<&'static str>,
) {
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                sql.push_str(", ");
            }
            let number = row * width + column + 1;
            let _ = match kind(column).filter(|_| row == 0) {
                Some(kind) => write!(sql, "cast(${number} as {kind})"),
                None => write!(sql, "${number}"),
            };
        }
        sql.push(')');
    }
}

/// Of rows alike in the columns `by` keeps the last, in the place of the first, as `merge` makes it
/// of itself and the one before.
fn fold(
    rows: Vec<Vec<Value>>,
    by: &[usize],
    merge: impl Fn(&mut Vec<Value>, &[Value]),
) -> Vec<Vec<Value>> {
    let mut places: HashMap<Vec<Value>, usize> = HashMap::new();
    let mut kept: Vec<Vec<Value>> = Vec::with_capacity(rows.len());
    for mut row in rows {
        let name: Vec<Value> = by.iter().map(|column| row[*column].clone()).collect();
        match places.get(&name) {
            Some(place) => {
                merge(&mut row, &kept[*place]);
                kept[*place] = row;
            }
            None => {
                places.insert(name, kept.len());
                kept.push(row);
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(numbers: &[i64]) -> Vec<Value> {
        numbers.iter().map(|number| Value::Int(*number)).collect()
    }

    #[test]
    fn rows_are_numbered_through() {
        let insert = Insert { end: "on conflict do nothing", ..Insert::new("t (a, b)", 2) };
        let sql = insert.sql(2);
        assert_eq!(sql, "insert into t (a, b) values ($1, $2), ($3, $4) on conflict do nothing");
    }

    #[test]
    fn a_change_names_what_a_row_was() {
        let change = Change::new("t", &[("id", "bigint"), ("seq", "bigint")], &[("a", "text")]);
        assert_eq!(
            change.sql(2),
            "with c (w0, w1, t0) as (values (cast($1 as bigint), cast($2 as bigint), \
             cast($3 as text)), ($4, $5, $6)) \
             update t set a = c.t0 from c where t.id = c.w0 and t.seq = c.w1"
        );
        let gone = Change { key: 2, ..Change::new("t", &[("a", "bigint"), ("b", "bigint")], &[]) };
        assert_eq!(
            gone.sql(1),
            "with c (w0, w1) as (values (cast($1 as bigint), cast($2 as bigint))) \
             delete from t where (a, b) in (select w0, w1 from c)"
        );
    }

    #[test]
    fn the_last_of_alike_rows_stays() {
        let insert = Insert { unique: &[0], ..Insert::new("t (a, b)", 2) };
        let rows = insert.fold(vec![row(&[1, 1]), row(&[2, 2]), row(&[1, 3])]);
        assert_eq!(rows, [row(&[1, 3]), row(&[2, 2])]);
        let counts = Insert { adds: &[1], ..insert };
        let rows = counts.fold(vec![row(&[1, 1]), row(&[2, 2]), row(&[1, 3]), row(&[1, 4])]);
        assert_eq!(rows, [row(&[1, 8]), row(&[2, 2])]);
    }

    #[test]
    fn a_row_that_changes_twice_changes_from_what_it_was_first() {
        let change = Change::new("t", &[("id", "bigint"), ("seq", "bigint")], &[("a", "bigint")]);
        let rows = change.fold(vec![row(&[1, 5, 10]), row(&[2, 1, 20]), row(&[1, 6, 11])]);
        assert_eq!(rows, [row(&[1, 5, 11]), row(&[2, 1, 20])]);
    }

    #[test]
    fn statements_have_few_shapes() {
        assert_eq!([1, 2, 3, 127, 128, 1_000].map(next), [1, 2, 2, 64, 128, 128]);
    }
}
