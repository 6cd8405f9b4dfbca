//! Reconciliation: a provider's statement of each day is read, held against our books, and what
//! does not fit waits for a person. Reading the same day again changes only what it says otherwise.

use describe::ToSchema;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::person::{Permission, Person};
use domain::reconciliation::{
    Book, Day, Difference, Kind, Line, Reconciliation, Refusal, SLACK, What, reconcile,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::failure::{Failure, Refused};
use crate::outside::Trouble;
use crate::{App, Visitor, case, provider, staff_act};

mod books;
mod store;

/// How many days back a statement that is missing is asked for.
const BACK: i64 = 7;
/// How many lines a statement may have.
const MOST: usize = 1_000_000;
/// How long a note of a person may be.
const LONGEST: usize = 1_000;

/// A statement that was read.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatementView {
    pub id: Id<Reconciliation>,
    pub provider: String,
    /// `2026-11-21`, a day of the provider's.
    pub day: String,
    /// provider when it was asked for, file when somebody brought it.
    pub source: String,
    pub lines: i64,
    pub open: i64,
    pub settled: i64,
    pub read_at: Moment,
}

/// What does not fit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DifferenceView {
    pub id: Id<Difference>,
    pub statement: Id<Reconciliation>,
    pub provider: String,
    pub day: String,
    pub what: What,
    pub kind: Kind,
    /// Our name for what it is about, or else the provider's.
    pub name: String,
    pub order: Option<Id<Order>>,
    /// The line of the file, where it is about one.
    pub line: Option<i64>,
    /// What our books say, and what the statement says: minor units and the letters of a currency,
    /// which need not be one of ours.
    pub ours: Option<Side>,
    pub theirs: Option<Side>,
    /// open, settled, gone.
    pub state: String,
    pub note: String,
    pub found_at: Moment,
    pub ended_at: Option<Moment>,
    /// Who settled it.
    pub ended_by: Option<String>,
}

/// An amount as one side has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Side {
    pub minor: i64,
    pub currency: String,
}

impl Side {
    /// The amount, if its currency is one of ours.
    pub fn money(&self) -> Option<Money> {
        let currency = domain::money::Currency::parse(&self.currency)?;
        Some(Money::new(self.minor, currency))
    }
}

/// What came of reading a statement.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReadView {
    pub statement: Id<Reconciliation>,
    pub lines: i64,
    /// How many differences of this day are open now.
    pub open: i64,
}

/// Where a statement came from.
enum Source {
    Provider,
    File(Id<Person>),
}

/// A statement that is to be read: a provider and a day, as the number of a job.
fn job_of(provider: &str, day: Day) -> i64 {
    day.0 * 100 + domain::payment::provider_number(provider)
}

/// Asks that the statements be read which are ready and were not read yet.
pub fn ask_due(app: &App) -> Result<(), Failure> {
    let due = due(app)?;
    app.write(|tx| {
        for (name, day) in &due {
            tx.ask("statement.read", job_of(name, *day), tx.now)?;
        }
        Ok(())
    })
}

/// Reads them here and now, for the demo.
pub fn read_all_due(app: &App) -> Result<(), Failure> {
    for (name, day) in due(app)? {
        read_due(app, job_of(name, day))?;
    }
    Ok(())
}

/// The days whose statements are ready and were not read yet, from a provider's first payment on.
fn due(app: &App) -> Result<Vec<(&'static str, Day)>, Failure> {
    let mut due = Vec::new();
    for name in provider::names(app) {
        let zone = provider::zone(app, name);
        let ready = app.now().minus(provider::statement_after(app, name));
        let last = Day::of(ready, zone).plus(-1);
        let (first, known) = app.read(|tx| {
            let first = store::first_payment(tx, name)?.map(|at| Day::of(at, zone));
            Ok((first, store::days(tx, name, last.plus(1 - BACK))?))
        })?;
        let Some(first) = first else { continue };
        let days = (0..BACK).rev().map(|back| last.plus(-back));
        let days = days.filter(|day| *day >= first && !known.contains(&day.0));
        due.extend(days.map(|day| (name, day)));
    }
    Ok(due)
}

/// Job: asks a provider for its statement of a day, and reads it.
pub fn read_due(app: &App, number: i64) -> Result<Option<Moment>, Failure> {
    let (day, provider) = (Day(number.div_euclid(100)), number.rem_euclid(100));
    let Some(name) = domain::payment::provider_name(provider) else { return Ok(None) };
    if !provider::names(app).contains(&name) {
        return Ok(None);
    }
    match provider::statement(app, name, day) {
        Ok(lines) => app.write(|tx| take(app, tx, name, day, &lines, &Source::Provider))?,
        Err(Trouble::Refused(why) | Trouble::Away(why)) => {
            provider::note(app, name, Some(&Trouble::Away(why.clone())))?;
            return Err(Failure::Broken(why));
        }
    };
    Ok(None)
}

/// Asks a provider for its statement of a day now.
pub fn fetch(app: &App, visitor: &Visitor, name: &str, day: &str) -> Result<ReadView, Failure> {
    let actor = visitor.staff(Permission::Ledger)?;
    let name = known(app, name)?;
    let day = Day::parse(day).ok_or(Refusal::BadDay)?;
    is_over(app, name, day)?;
    let lines = provider::statement(app, name, day);
    provider::note(app, name, lines.as_ref().err())?;
    let lines = lines.map_err(|trouble| {
        tracing::warn!(%trouble, provider = name, %day, "a statement cannot be had");
        Failure::from(domain::payment::Refusal::ProviderDown)
    })?;
    app.write_for(visitor, |tx| {
        let read = take(app, tx, name, day, &lines, &Source::Provider)?;
        let detail = format!("{name} {day}: {} lines", read.lines);
        staff_act::record(tx, actor, "statement.fetch", ("statement", read.statement.0), &detail)?;
        Ok(read)
    })
}

/// Reads a statement that somebody downloaded. Without a day it is the day of its first line.
pub fn upload(
    app: &App,
    visitor: &Visitor,
    name: &str,
    day: Option<&str>,
    file: &[u8],
) -> Result<ReadView, Failure> {
    let actor = visitor.staff(Permission::Ledger)?;
    let name = known(app, name)?;
    let bad = |why: String| {
        Failure::Refused(Refused {
            code: "reconciliation.not_a_statement",
            args: json!({ "why": why }),
            field: Some("file"),
        })
    };
    let lines = provider::read_statement(app, name, file).map_err(bad)?;
    if lines.len() > MOST {
        return Err(bad(format!("more than {MOST} lines")));
    }
    let zone = provider::zone(app, name);
    let day = match day.filter(|day| !day.is_empty()) {
        Some(text) => Day::parse(text).ok_or(Refusal::BadDay)?,
        None => Day::of(lines.first().ok_or(Refusal::BadDay)?.at, zone),
    };
    is_over(app, name, day)?;
    let (start, end) = (day.start(zone), day.plus(1).start(zone));
    if let Some(line) = lines.iter().find(|line| line.at < start || line.at >= end) {
        return Err(bad(format!("line {} is of another day than {day}", line.number)));
    }
    app.write_for(visitor, |tx| {
        let read = take(app, tx, name, day, &lines, &Source::File(actor))?;
        let detail = format!("{name} {day}: {} lines", read.lines);
        staff_act::record(tx, actor, "statement.upload", ("statement", read.statement.0), &detail)?;
        Ok(read)
    })
}

fn is_over(app: &App, name: &str, day: Day) -> Result<(), Failure> {
    let over = day.plus(1).start(provider::zone(app, name)) <= app.now();
    if over { Ok(()) } else { Err(Refusal::BadDay.into()) }
}

fn known(app: &App, name: &str) -> Result<&'static str, Failure> {
    provider::names(app).into_iter().find(|known| *known == name).ok_or(Failure::NotFound)
}

/// Keeps a statement, and judges its day and those beside it, whose midnights are clear now.
fn take(
    app: &App,
    tx: &mut Tx,
    name: &str,
    day: Day,
    lines: &[Line],
    source: &Source,
) -> Result<ReadView, Failure> {
    let zone = provider::zone(app, name);
    let window = (day.start(zone), day.plus(1).start(zone));
    let statement = store::put(tx, name, day, window, source, lines)?;
    for day in [day.plus(-1), day.plus(1), day] {
        if let Some(statement) = store::find(tx, name, day)? {
            judge(app, tx, statement, name, day)?;
        }
    }
    let open = store::count_open(tx, statement)?;
    Ok(ReadView { statement, lines: lines.len() as i64, open })
}

fn judge(
    app: &App,
    tx: &mut Tx,
    statement: Id<Reconciliation>,
    name: &str,
    day: Day,
) -> Result<(), Failure> {
    let zone = provider::zone(app, name);
    let lines = store::lines(tx, statement)?;
    let (from, to) = (day.start(zone), day.plus(1).start(zone));
    let window = (from.minus(SLACK), to.plus(SLACK));
    let ours = books::ours(tx, name, statement, window, &lines)?;
    let before = store::find(tx, name, day.plus(-1))?.is_some();
    let after = store::find(tx, name, day.plus(1))?.is_some();
    let agreed = app.config.payments.agreed(name);
    let books: Vec<_> = ours.iter().map(|(ours, _)| ours.clone()).collect();
    let book = Book { day, zone, lines: &lines, ours: &books, before, after, agreed };
    let found = reconcile(&book);
    let mut kept = Vec::new();
    for one in &found {
        planted!("reconciliation_skips_what_is_missing", {
            if one.what == What::MissingThere {
                continue;
            }
        });
        planted!("reconciliation_blind_to_currency", {
            if one.what == What::Currency {
                continue;
            }
        });
        let line = one.line.map(|at| &lines[at]);
        let ours = one.ours.map(|at| &ours[at]);
        kept.push(store::add_difference(tx, statement, name, one, line, ours)?);
    }
    store::end_gone(tx, statement, &kept)?;
    let about = ("statement", statement.0);
    if store::count_open(tx, statement)? > 0 {
        case::open_again(tx, "statement_differs", about, &format!("{name} {day}"))
    } else {
        case::settle(tx, "statement_differs", about, None)
    }
}

/// The statements, the newest day first.
pub fn list(
    app: &App,
    visitor: &Visitor,
    provider: Option<&str>,
    before: Option<Id<Reconciliation>>,
    limit: i64,
) -> Result<Vec<StatementView>, Failure> {
    visitor.staff_reader(Permission::Ledger)?;
    app.read(|tx| store::list(tx, provider, before, limit))
}

/// Which differences are looked for.
#[derive(Clone, Debug, Default)]
pub struct Look {
    pub statement: Option<Id<Reconciliation>>,
    /// open, settled, gone; all without one.
    pub state: Option<String>,
    pub before: Option<Id<Difference>>,
    pub limit: i64,
}

/// Differences, the newest first.
pub fn differences(
    app: &App,
    visitor: &Visitor,
    look: &Look,
) -> Result<Vec<DifferenceView>, Failure> {
    visitor.staff_reader(Permission::Ledger)?;
    app.read(|tx| store::differences(tx, look))
}

/// A difference.
pub fn see(app: &App, visitor: &Visitor, id: Id<Difference>) -> Result<DifferenceView, Failure> {
    visitor.staff_reader(Permission::Ledger)?;
    app.read(|tx| store::difference(tx, id))
}

/// Settles a difference with what was found out about it.
pub fn settle(
    app: &App,
    visitor: &Visitor,
    id: Id<Difference>,
    note: &str,
) -> Result<DifferenceView, Failure> {
    let actor = visitor.staff(Permission::Ledger)?;
    let note = note.trim();
    if note.is_empty() || note.chars().count() > LONGEST {
        return Err(Refusal::NoNote.into());
    }
    app.write_for(visitor, |tx| {
        let before = store::difference(tx, id)?;
        if !store::settle(tx, id, actor, note)? {
            return Err(Refusal::NotOpen.into());
        }
        let what =
            format!("{} {}: {} → settled, {note}", before.what.code(), before.name, before.state);
        staff_act::record(tx, actor, "difference.settle", ("difference", id.0), &what)?;
        if store::count_open(tx, before.statement)? == 0 {
            let about = ("statement", before.statement.0);
            case::settle(tx, "statement_differs", about, Some(actor))?;
        }
        store::difference(tx, id)
    })
}

/// A statement.
pub fn statement(
    app: &App,
    visitor: &Visitor,
    id: Id<Reconciliation>,
) -> Result<StatementView, Failure> {
    visitor.staff_reader(Permission::Ledger)?;
    app.read(|tx| store::statement(tx, id))
}
