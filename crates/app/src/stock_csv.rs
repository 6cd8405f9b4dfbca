//! Stock as a file: every variant with what is where, and back again with what was counted.
//!
//! A row says how many units are available, so that the same file twice changes nothing.

use std::io::{Read, Write};

use describe::ToSchema;
use domain::catalog::Variant;
use domain::event::Fact;
use domain::id::Id;
use domain::person::{Permission, Person};
use domain::text::one_line;
use serde::{Deserialize, Serialize};

use crate::csv_cell::{guarded, unguarded};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, inventory, staff_act};

const BATCH: i64 = 500;
/// More units than this of one variant are a slip of the pen.
const MOST: i64 = 10_000_000;
/// How many rejected rows are told of.
const TOLD: usize = 1_000;

const COLUMNS: &[&str] = &[
    "variant",
    "sku",
    "product",
    "options",
    "available",
    "set_aside",
    "reserved",
    "sold",
    "lost",
    "reason",
];

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StockReport)]
pub struct Report {
    /// Rows of the file, without its header.
    pub rows: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub rejected_rows: u64,
    /// Why, in the order of the file: the first thousand.
    pub rejected: Vec<Rejected>,
    pub dry_run: bool,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StockRowFault)]
pub struct Rejected {
    pub line: u64,
    /// What the row calls its variant.
    pub named: String,
    /// not_found, several, bad_number, no_reason, only_left.
    pub code: String,
}

/// Writes the stock of every variant, and says in how many rows.
pub fn export(
    app: &App,
    visitor: &Visitor,
    mark: bool,
    writer: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, Failure> {
    visitor.staff_reader(Permission::Stock)?;
    if mark {
        writer.write_all(b"\xef\xbb\xbf").map_err(Failure::broken)?;
    }
    let mut file = csv::Writer::from_writer(writer);
    file.write_record(COLUMNS).map_err(Failure::broken)?;
    let (mut after, mut rows) = (None, 0);
    loop {
        let batch = inventory::list(app, visitor, "", after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = Some(last.variant);
        for view in &batch {
            let stock = view.stock;
            let numbers =
                [stock.available, stock.set_aside, stock.reserved, stock.sold, stock.lost];
            let mut cells = vec![view.variant.to_string()];
            cells.extend([&view.sku, &view.title, &view.variant_title].map(|text| guarded(text)));
            cells.extend(numbers.map(|number| number.to_string()));
            cells.push(String::new());
            file.write_record(&cells).map_err(Failure::broken)?;
            rows += 1;
        }
        file.flush().map_err(Failure::broken)?;
        progress(rows);
    }
    file.flush().map_err(Failure::broken)?;
    Ok(rows)
}

/// Where the columns of a file are.
struct Places {
    variant: Option<usize>,
    sku: Option<usize>,
    available: usize,
    reason: Option<usize>,
}

/// Sets what is available as a file says it, with the reason of each row or this one. Each row is
/// its own: one that is wrong holds up no other.
pub fn import(
    app: &App,
    visitor: &Visitor,
    reader: &mut dyn Read,
    reason: &str,
    dry_run: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, Failure> {
    let actor = visitor.staff(Permission::Stock)?;
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(Failure::broken)?;
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let bad = || Failure::field("inventory.bad_file", "file");
    let text = text.map_err(|_| bad())?;
    let first = text.lines().next().unwrap_or("");
    let delimiter = [b'\t', b';'].into_iter().find(|sign| first.as_bytes().contains(sign));
    let mut rows = csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let header = rows.headers().map_err(|_| bad())?.clone();
    let column = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let places = Places {
        variant: column("variant"),
        sku: column("sku"),
        available: column("available").ok_or_else(bad)?,
        reason: column("reason"),
    };
    if places.variant.is_none() && places.sku.is_none() {
        return Err(bad());
    }
    let mut report = Report { dry_run, ..Report::default() };
    let whole = one_line(reason);
    for record in rows.records() {
        let record = record.map_err(|_| bad())?;
        let line = record.position().map_or(0, csv::Position::line);
        report.rows += 1;
        let cell = |place: Option<usize>| {
            place.and_then(|place| record.get(place)).unwrap_or("").trim().to_string()
        };
        let (variant, sku) = (cell(places.variant), cell(places.sku));
        let sku = unguarded(&sku).to_string();
        let named = if variant.is_empty() { sku.clone() } else { variant.clone() };
        let own = one_line(&cell(places.reason));
        let why = if own.is_empty() { whole.clone() } else { own };
        let level = cell(Some(places.available)).parse::<i64>().ok();
        let set = match level.filter(|level| (0..=MOST).contains(level)) {
            None => Err("bad_number"),
            Some(_) if why.is_empty() => Err("no_reason"),
            Some(level) => Ok(level),
        };
        let set = match set {
            Ok(level) => row(app, (&variant, &sku), level, (actor, &why), dry_run)?,
            Err(code) => Err(code),
        };
        match set {
            Ok(true) => report.changed += 1,
            Ok(false) => report.unchanged += 1,
            Err(code) => {
                report.rejected_rows += 1;
                if report.rejected.len() < TOLD {
                    report.rejected.push(Rejected { line, named, code: code.to_string() });
                }
            }
        }
        progress(record.position().map_or(0, csv::Position::byte));
    }
    Ok(report)
}

/// One row, in its own transaction. Whether it changed anything, or why it cannot be.
fn row(
    app: &App,
    named: (&str, &str),
    level: i64,
    (actor, why): (Id<Person>, &str),
    dry_run: bool,
) -> Result<Result<bool, &'static str>, Failure> {
    let done = app.write(|tx| {
        let variant = match find(tx, named)? {
            Ok(variant) => variant,
            Err(code) => return Ok(Err(code)),
        };
        let before = inventory::level(tx, variant)?;
        if dry_run || before == level {
            return Ok(Ok(before != level));
        }
        inventory::set_level(tx, variant, level, Some(actor), why)?;
        let detail = format!("{before} → {level} {why}");
        staff_act::record(tx, actor, "stock.adjust", ("variant", variant.0), &detail)?;
        tx.tell(Fact::StockChanged { variant })?;
        Ok(Ok(true))
    });
    match done {
        Err(Failure::Refused(refused)) if refused.code == "inventory.only_left" => {
            Ok(Err("only_left"))
        }
        other => other,
    }
}

/// The variant a row names: by its id, or by an SKU that only one has.
fn find(
    tx: &mut Tx,
    (variant, sku): (&str, &str),
) -> Result<Result<Id<Variant>, &'static str>, Failure> {
    let found: Vec<Id<Variant>> = if variant.is_empty() {
        let sql = "select id from variants where sku = $1 and archived = 0 limit 2";
        tx.all(sql, &[sku.into()], |row| row.get(0))?
    } else {
        let id = Id::<Variant>::parse(variant).map_or(0, |id| id.0);
        tx.all("select id from variants where id = $1", &[id.into()], |row| row.get(0))?
    };
    Ok(match found.as_slice() {
        [one] if !(variant.is_empty() && sku.is_empty()) => Ok(*one),
        [_, ..] if variant.is_empty() && !sku.is_empty() => Err("several"),
        _ => Err("not_found"),
    })
}
