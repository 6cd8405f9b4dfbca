//! The tables `statements`, `statement_lines` and `differences`, and what our books have for them.

use std::collections::BTreeSet;

use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use domain::reconciliation::{Day, Difference, Kind, Line, Reconciliation, State, What};

use super::books::Entry;
use super::{DifferenceView, Look, Side, Source, StatementView};
use crate::db::{Insert, Row, Tx, Value};
use crate::failure::Failure;

pub fn find(tx: &mut Tx, provider: &str, day: Day) -> Result<Option<Id<Reconciliation>>, Failure> {
    tx.maybe(
        "select id from statements where provider = $1 and day = $2",
        &[provider.into(), day.0.into()],
        |row| row.get(0),
    )
}

/// Which of the days from `from` on were read.
pub fn days(tx: &mut Tx, provider: &str, from: Day) -> Result<BTreeSet<i64>, Failure> {
    let days = tx.all(
        "select day from statements where provider = $1 and day >= $2",
        &[provider.into(), from.0.into()],
        |row| row.get(0),
    )?;
    Ok(days.into_iter().collect())
}

/// When something was first begun at a provider.
pub fn first_payment(tx: &mut Tx, provider: &str) -> Result<Option<Moment>, Failure> {
    tx.one(
        "select min(at) from (select min(created_at) as at from payments where provider = $1
           union all select min(created_at) from top_ups where provider = $1) began",
        &[provider.into()],
        |row| row.get(0),
    )
}

/// Keeps a statement with its lines, in place of what was read of this day before.
pub fn put(
    tx: &mut Tx,
    provider: &str,
    day: Day,
    (from, to): (Moment, Moment),
    source: &Source,
    lines: &[Line],
) -> Result<Id<Reconciliation>, Failure> {
    let id: Id<Reconciliation> = tx.id();
    let (source, reader) = match source {
        Source::Provider => ("provider", None),
        Source::File(person) => ("file", Some(*person)),
    };
    // The row is written first, so that two who read the same day do it one after the other.
    let id: Id<Reconciliation> = tx.one(
        "insert into statements
         (id, provider, day, source, from_at, to_at, lines, read_at, read_by, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
         on conflict (provider, day) do update
         set source = excluded.source, lines = excluded.lines, read_at = excluded.read_at,
             read_by = excluded.read_by, version = statements.version + 1
         returning id",
        &[
            id.into(),
            provider.into(),
            day.0.into(),
            source.into(),
            from.into(),
            to.into(),
            (lines.len() as i64).into(),
            tx.now.into(),
            reader.into(),
        ],
        |row| row.get(0),
    )?;
    tx.run("delete from statement_lines where statement_id = $1", &[id.into()])?;
    static LINES: Insert = Insert::new(
        "statement_lines (statement_id, position, provider, kind, reference, theirs, currency,
                          minor, fee, rate, at, state, number)",
        13,
    );
    let rows = lines.iter().enumerate().map(|(position, line)| {
        vec![
            id.into(),
            (position as i64).into(),
            provider.into(),
            line.kind.code().into(),
            (&line.reference).into(),
            (&line.theirs).into(),
            (&line.currency).into(),
            line.minor.into(),
            line.fee.into(),
            line.rate.into(),
            line.at.into(),
            state_code(line.state).into(),
            line.number.into(),
        ]
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    tx.write_rows(&LINES, &rows)?;
    Ok(id)
}

fn state_code(state: State) -> &'static str {
    match state {
        State::Done => "done",
        State::Underway => "underway",
        State::Failed => "failed",
    }
}

fn state_of(code: &str) -> State {
    match code {
        "done" => State::Done,
        "underway" => State::Underway,
        _ => State::Failed,
    }
}

fn kind(row: &Row, column: usize) -> Kind {
    Kind::parse(&row.get::<String>(column)).expect("the table holds known kinds")
}

/// The lines of a statement.
pub fn lines(tx: &mut Tx, statement: Id<Reconciliation>) -> Result<Vec<Line>, Failure> {
    tx.all(
        "select number, kind, reference, theirs, minor, currency, fee, rate, at, state
         from statement_lines where statement_id = $1 order by position",
        &[statement.into()],
        |row| Line {
            number: row.get(0),
            kind: kind(row, 1),
            reference: row.get(2),
            theirs: row.get(3),
            minor: row.get(4),
            currency: row.get(5),
            fee: row.get(6),
            rate: row.get(7),
            at: row.get(8),
            state: state_of(&row.get::<String>(9)),
        },
    )
}

/// Which of ours stand on statements of other days.
pub fn elsewhere(
    tx: &mut Tx,
    provider: &str,
    statement: Id<Reconciliation>,
    all: &[Entry],
) -> Result<BTreeSet<(Kind, String)>, Failure> {
    let names: BTreeSet<String> = all.iter().map(|(ours, _)| ours.reference.clone()).collect();
    let sql = "select kind, reference from statement_lines
        where provider = $1 and statement_id <> $2 and state <> 'failed' and reference in";
    let first: [Value; 2] = [provider.into(), statement.into()];
    let found =
        tx.all_in((sql, &first), &Vec::from_iter(names), "", |row| (kind(row, 0), row.get(1)))?;
    Ok(found.into_iter().collect())
}

/// Keeps a difference, unless it is known; one that was gone is open again. Its name is its own.
pub fn add_difference(
    tx: &mut Tx,
    statement: Id<Reconciliation>,
    provider: &str,
    found: &Difference,
    line: Option<&Line>,
    ours: Option<&Entry>,
) -> Result<(What, Kind, String), Failure> {
    let kind = line.map(|line| line.kind).or(ours.map(|(ours, _)| ours.kind));
    let kind = kind.unwrap_or(Kind::Odd);
    let name = match (ours, line) {
        (Some((ours, _)), _) => ours.reference.clone(),
        (None, Some(line)) if line.reference.is_empty() => line.theirs.clone(),
        (None, Some(line)) => line.reference.clone(),
        (None, None) => String::new(),
    };
    let (our_minor, their_minor) = match found.what {
        // A fee is compared with the one that would be right.
        What::Fee => (found.right_fee, line.and_then(|line| line.fee)),
        _ => (ours.map(|(ours, _)| ours.amount.minor), line.map(|line| line.minor)),
    };
    let our_currency = our_minor.and(ours.map(|(ours, _)| ours.amount.currency.code()));
    let our_currency = our_currency.or(our_minor.and(line.map(|line| line.currency.as_str())));
    let their_currency = their_minor.and(line.map(|line| line.currency.as_str()));
    let id: Id<Difference> = tx.id();
    tx.run(
        "insert into differences (id, statement_id, provider, what, kind, name, order_id, number,
            ours, our_currency, theirs, their_currency, state, note, found_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', '', $13)
         on conflict (provider, what, kind, name) do update
         set state = 'open', ended_at = null, ended_by = null, statement_id = excluded.statement_id,
             number = excluded.number, ours = excluded.ours, our_currency = excluded.our_currency,
             theirs = excluded.theirs, their_currency = excluded.their_currency
         where differences.state = 'gone'",
        &[
            id.into(),
            statement.into(),
            provider.into(),
            found.what.code().into(),
            kind.code().into(),
            (&name).into(),
            ours.and_then(|(_, order)| *order).into(),
            line.map(|line| line.number).into(),
            our_minor.into(),
            our_currency.into(),
            their_minor.into(),
            their_currency.into(),
            tx.now.into(),
        ],
    )?;
    Ok((found.what, kind, name))
}

/// What was found on this statement before and is not any more.
pub fn end_gone(
    tx: &mut Tx,
    statement: Id<Reconciliation>,
    kept: &[(What, Kind, String)],
) -> Result<(), Failure> {
    let open = tx.all(
        "select id, what, kind, name from differences
         where statement_id = $1 and state = 'open'",
        &[statement.into()],
        |row| {
            let what = What::parse(&row.get::<String>(1)).expect("the table holds known ones");
            (row.get::<Id<Difference>>(0), (what, kind(row, 2), row.get::<String>(3)))
        },
    )?;
    let kept: BTreeSet<&(What, Kind, String)> = kept.iter().collect();
    for (id, name) in open {
        if !kept.contains(&name) {
            tx.run(
                "update differences set state = 'gone', ended_at = $2
                 where id = $1 and state = 'open'",
                &[id.into(), tx.now.into()],
            )?;
        }
    }
    Ok(())
}

pub fn count_open(tx: &mut Tx, statement: Id<Reconciliation>) -> Result<i64, Failure> {
    tx.one(
        "select count(*) from differences where statement_id = $1 and state = 'open'",
        &[statement.into()],
        |row| row.get(0),
    )
}

/// Whether it was open.
pub fn settle(
    tx: &mut Tx,
    id: Id<Difference>,
    actor: Id<Person>,
    note: &str,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "update differences set state = 'settled', note = $3, ended_by = $2, ended_at = $4
         where id = $1 and state = 'open'",
        &[id.into(), actor.into(), note.into(), tx.now.into()],
    )?;
    Ok(changed == 1)
}

/// Statements, the newest day first; `before` is the last one seen.
pub fn list(
    tx: &mut Tx,
    provider: Option<&str>,
    before: Option<Id<Reconciliation>>,
    limit: i64,
) -> Result<Vec<StatementView>, Failure> {
    let last = match before {
        None => None,
        Some(before) => {
            tx.maybe("select day, id from statements where id = $1", &[before.into()], |row| {
                (row.get::<i64>(0), row.get::<i64>(1))
            })?
        }
    };
    let (day, id) = last.unwrap_or((i64::MAX, i64::MAX));
    let sql = format!(
        "{STATEMENTS} where (s.provider = $1 or $1 = '')
           and (s.day < $2 or (s.day = $2 and s.id < $3))
         order by s.day desc, s.id desc limit $4"
    );
    let params = [provider.unwrap_or("").into(), day.into(), id.into(), limit.into()];
    tx.all(&sql, &params, statement_of)
}

pub fn statement(tx: &mut Tx, id: Id<Reconciliation>) -> Result<StatementView, Failure> {
    tx.one(&format!("{STATEMENTS} where s.id = $1"), &[id.into()], statement_of)
}

const STATEMENTS: &str = "select s.id, s.provider, s.day, s.source, s.lines, s.read_at,
    (select count(*) from differences d where d.statement_id = s.id and d.state = 'open'),
    (select count(*) from differences d where d.statement_id = s.id and d.state = 'settled')
    from statements s";

fn statement_of(row: &Row) -> StatementView {
    StatementView {
        id: row.get(0),
        provider: row.get(1),
        day: Day(row.get(2)).to_string(),
        source: row.get(3),
        lines: row.get(4),
        read_at: row.get(5),
        open: row.get(6),
        settled: row.get(7),
    }
}

const DIFFERENCES: &str = "select d.id, d.statement_id, d.provider, s.day, d.what, d.kind, d.name,
    d.order_id, d.number, d.ours, d.our_currency, d.theirs, d.their_currency, d.state, d.note,
    d.found_at, d.ended_at, p.name
    from differences d join statements s on s.id = d.statement_id
    left join people p on p.id = d.ended_by";

fn side(row: &Row, column: usize) -> Option<Side> {
    let minor: Option<i64> = row.get(column);
    minor.map(|minor| Side { minor, currency: row.get(column + 1) })
}

fn difference_of(row: &Row) -> DifferenceView {
    DifferenceView {
        id: row.get(0),
        statement: row.get(1),
        provider: row.get(2),
        day: Day(row.get(3)).to_string(),
        what: What::parse(&row.get::<String>(4)).expect("the table holds known ones"),
        kind: kind(row, 5),
        name: row.get(6),
        order: row.get(7),
        line: row.get(8),
        ours: side(row, 9),
        theirs: side(row, 11),
        state: row.get(13),
        note: row.get(14),
        found_at: row.get(15),
        ended_at: row.get(16),
        ended_by: row.get(17),
    }
}

pub fn difference(tx: &mut Tx, id: Id<Difference>) -> Result<DifferenceView, Failure> {
    tx.one(&format!("{DIFFERENCES} where d.id = $1"), &[id.into()], difference_of)
}

pub fn differences(tx: &mut Tx, look: &Look) -> Result<Vec<DifferenceView>, Failure> {
    let sql = format!(
        "{DIFFERENCES} where d.id < $1 and (d.state = $2 or $2 = '')
           and (d.statement_id = $3 or $3 = 0) order by d.id desc limit $4"
    );
    let params = [
        look.before.map_or(i64::MAX, |id| id.0).into(),
        look.state.as_deref().unwrap_or("").into(),
        look.statement.map_or(0, |id| id.0).into(),
        look.limit.into(),
    ];
    tx.all(&sql, &params, difference_of)
}
