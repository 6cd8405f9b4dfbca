//! Reading a customer file, row by row, some rows in a transaction.

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use domain::customer::{self as rules, Purpose, Refusal};
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use domain::place::Address;

use super::header::{self, Column};
use super::{Fault, Report};
use crate::consent::{self, Said};
use crate::csv_cell::unguarded;
use crate::db::Tx;
use crate::failure::Failure;
use crate::person::{self, Contact, checked_name};
use crate::product_csv::rows::{Row, Rows};
use crate::{App, address};

const BATCH: usize = 200;
/// As many faults as a report names.
const MOST_FAULTS: usize = 10_000;

pub fn run<R: Read + Seek>(
    app: &App,
    actor: Id<Person>,
    reader: R,
    dry_run: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, Failure> {
    let mut rows = Rows::open(reader)?;
    let first = rows.next_row()?.ok_or(Refusal::NotACustomerFile)?;
    let columns = header::read(&first.cells);
    let known = |column| columns.contains(&Some(column));
    if !known(Column::Email) && !known(Column::Phone) {
        return Err(Refusal::NotACustomerFile.into());
    }
    let mut report = Report { dry_run, ..Report::default() };
    // In a rehearsal nothing stays: whom an earlier row would have made is remembered here.
    let mut seen: BTreeSet<String> = BTreeSet::new();
    loop {
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let Some(row) = rows.next_row()? else { break };
            batch.push(row);
        }
        if batch.is_empty() {
            return Ok(report);
        }
        progress(rows.bytes());
        report.rows += batch.len() as u64;
        let mut came: Option<(Vec<Came>, BTreeSet<String>)> = None;
        let done = app.write(|tx| {
            let mut seen = seen.clone();
            let mut all = Vec::new();
            for row in &batch {
                all.push(take(tx, actor, &columns, row, &mut seen)?);
            }
            came = Some((all, seen));
            // A rehearsal is the performance, taken back.
            if dry_run { Err(Failure::refused(REHEARSED)) } else { Ok(()) }
        });
        match done {
            Err(Failure::Refused(refused)) if refused.code == REHEARSED => {}
            other => other?,
        }
        let Some((all, now_seen)) = came else { continue };
        if dry_run {
            seen = now_seen;
        }
        all.into_iter().for_each(|one| count(&mut report, one));
    }
}

/// What takes a rehearsal back; nobody else hears it.
const REHEARSED: &str = "customer.rehearsed";

/// What became of a row.
#[derive(Default)]
struct Came {
    new: bool,
    changed: bool,
    consents: u64,
    faults: Vec<Fault>,
}

fn count(report: &mut Report, came: Came) {
    report.consents += came.consents;
    match came {
        Came { ref faults, .. } if faults.iter().any(|fault| fault.whole) => {
            report.rejected_rows += 1;
        }
        Came { new: true, .. } => report.new += 1,
        Came { changed: true, .. } => report.updated += 1,
        Came { .. } => report.unchanged += 1,
    }
    let room = MOST_FAULTS.saturating_sub(report.faults.len());
    report.faults.extend(came.faults.into_iter().take(room));
}

/// The cells of a row by what they are.
struct Cells<'a> {
    columns: &'a [Option<Column>],
    texts: Vec<String>,
    line: u64,
}

impl Cells<'_> {
    /// A cell without the space around it; of two columns that mean the same, the first that says
    /// something.
    fn get(&self, column: Column) -> &str {
        let all = self.columns.iter().zip(&self.texts);
        let mut texts = all.filter(|(known, _)| **known == Some(column)).map(|(_, text)| text);
        texts.find(|text| !text.is_empty()).map_or("", String::as_str)
    }

    fn fault(&self, column: Option<Column>, reason: &str, whole: bool) -> Fault {
        Fault {
            line: self.line,
            column: column.map_or("", header::name).to_string(),
            reason: reason.to_string(),
            found: column.map_or("", |column| self.get(column)).chars().take(100).collect(),
            whole,
        }
    }
}

fn take(
    tx: &mut Tx,
    actor: Id<Person>,
    columns: &[Option<Column>],
    row: &Row,
    seen: &mut BTreeSet<String>,
) -> Result<Came, Failure> {
    let mut came = Came::default();
    let texts = row.cells.iter().map(|cell| String::from_utf8(cell.clone()));
    let Ok(texts) = texts.collect::<Result<Vec<String>, _>>() else {
        let cells = Cells { columns, texts: Vec::new(), line: row.line };
        came.faults.push(cells.fault(None, "not_text", true));
        return Ok(came);
    };
    let texts = texts.iter().map(|text| unguarded(text.trim()).trim().to_string()).collect();
    let cells = Cells { columns, texts, line: row.line };
    let reject = |mut came: Came, column, reason: &str| {
        came.faults.push(cells.fault(column, reason, true));
        Ok(came)
    };
    let mut contacts = Vec::new();
    for column in [Column::Email, Column::Phone] {
        let text = cells.get(column);
        // A mailbox in the column of phones is no phone.
        let fits = text.contains('@') == (column == Column::Email);
        match Contact::new(text) {
            _ if text.is_empty() => {}
            Ok(contact) if fits => contacts.push(contact),
            _ => return reject(came, Some(column), "bad_contact"),
        }
    }
    let Some(first) = contacts.first().cloned() else { return reject(came, None, "no_contact") };
    let name = name_of(&cells);
    if let Some(name) = &name
        && checked_name(name).is_err()
    {
        return reject(came, Some(Column::Name), "bad_name");
    }
    let mut known = Vec::new();
    for contact in &contacts {
        known.extend(person::find_contact(tx, contact)?);
    }
    known.dedup_by_key(|known| known.id);
    if known.len() > 1 {
        return reject(came, None, "two_people");
    }
    if known.iter().any(|known| known.role.is_staff()) {
        return reject(came, None, "is_staff");
    }
    let locale = if cells.get(Column::Language) == "en" { "en" } else { "zh-CN" };
    let id = match known.pop() {
        Some(known) => {
            if let Some(name) = name.filter(|name| *name != known.name) {
                came.changed |= person::rename_imported(tx, known.id, &checked_name(&name)?)?;
            }
            known.id
        }
        None => {
            let again = contacts.iter().any(|contact| seen.contains(contact.as_str()));
            let (made, _) = person::find_or_create(tx, &first, name.as_deref(), locale)?;
            came.new = !again;
            made.id
        }
    };
    for contact in &contacts {
        seen.insert(contact.as_str().to_string());
        came.changed |= person::add_contact(tx, id, contact)?;
    }
    tags(tx, id, &cells, &mut came)?;
    note(tx, actor, id, &cells, &mut came)?;
    place(tx, id, &cells, &mut came)?;
    consents(tx, actor, id, &cells, locale, &mut came)?;
    Ok(came)
}

fn name_of(cells: &Cells) -> Option<String> {
    let whole = cells.get(Column::Name);
    if !whole.is_empty() {
        return Some(whole.to_string());
    }
    let (first, last) = (cells.get(Column::FirstName), cells.get(Column::LastName));
    let latin = first.is_ascii() && last.is_ascii();
    let name = match (first, last) {
        (first, "") => first.to_string(),
        ("", last) => last.to_string(),
        (first, last) if latin => format!("{first} {last}"),
        // A Chinese name has its family first, and no space.
        (first, last) => format!("{last}{first}"),
    };
    Some(name).filter(|name| !name.is_empty())
}

fn tags(tx: &mut Tx, id: Id<Person>, cells: &Cells, came: &mut Came) -> Result<(), Failure> {
    let written = cells.get(Column::Tags).split([',', '，']).map(str::trim);
    for tag in written.filter(|tag| !tag.is_empty()).take(rules::MOST_TAGS) {
        match rules::tag(tag) {
            Ok(tag) => {
                let sql = "insert into customer_tags (person_id, tag) values ($1, $2)
                           on conflict do nothing";
                came.changed |= tx.run(sql, &[id.into(), tag.into()])? == 1;
            }
            Err(_) => came.faults.push(cells.fault(Some(Column::Tags), "bad_tag", false)),
        }
    }
    Ok(())
}

fn note(
    tx: &mut Tx,
    actor: Id<Person>,
    id: Id<Person>,
    cells: &Cells,
    came: &mut Came,
) -> Result<(), Failure> {
    let written = cells.get(Column::Note);
    if written.is_empty() {
        return Ok(());
    }
    let Ok(text) = rules::note(written) else {
        came.faults.push(cells.fault(Some(Column::Note), "bad_note", false));
        return Ok(());
    };
    let there = "select 1 from customer_notes where person_id = $1 and text = $2";
    if tx.maybe(there, &[id.into(), text.as_str().into()], |_| ())?.is_some() {
        return Ok(());
    }
    let note: Id<rules::Note> = tx.id();
    tx.run(
        "insert into customer_notes (id, person_id, text, actor_id, at)
         values ($1, $2, $3, $4, $5)",
        &[note.into(), id.into(), text.into(), actor.into(), tx.now.into()],
    )?;
    came.changed = true;
    Ok(())
}

fn place(tx: &mut Tx, id: Id<Person>, cells: &Cells, came: &mut Came) -> Result<(), Failure> {
    if cells.get(Column::Line1).is_empty() {
        return Ok(());
    }
    let or = |one: Column, other: String| match cells.get(one) {
        "" => other,
        text => text.to_string(),
    };
    let to = Address {
        name: or(Column::ToName, name_of(cells).unwrap_or_default()),
        phone: or(Column::ToPhone, cells.get(Column::Phone).to_string()),
        country: or(Column::Country, "CN".into()),
        region: cells.get(Column::Region).to_string(),
        city: cells.get(Column::City).to_string(),
        district: cells.get(Column::District).to_string(),
        line1: cells.get(Column::Line1).to_string(),
        line2: cells.get(Column::Line2).to_string(),
        postcode: cells.get(Column::Postcode).to_string(),
    };
    match to.checked() {
        Ok(to) => {
            let book = address::book(tx, id, address::MOST)?;
            if book.iter().all(|entry| entry.address != to) {
                address::keep(tx, id, &to)?;
                came.changed = true;
            }
        }
        Err(_) => came.faults.push(cells.fault(Some(Column::Line1), "bad_address", false)),
    }
    Ok(())
}

fn consents(
    tx: &mut Tx,
    actor: Id<Person>,
    id: Id<Person>,
    cells: &Cells,
    locale: &str,
    came: &mut Came,
) -> Result<(), Failure> {
    let all = [
        (Purpose::MarketingEmail, Column::EmailYes, Column::EmailSource, Column::EmailAt),
        (Purpose::MarketingSms, Column::SmsYes, Column::SmsSource, Column::SmsAt),
    ];
    for (purpose, yes, source, at) in all {
        let said = cells.get(yes).to_lowercase();
        if !matches!(said.as_str(), "yes" | "true" | "1" | "subscribed" | "是") {
            continue;
        }
        let when = moment_of(cells.get(at)).filter(|when| *when <= tx.now);
        let (Some(at), false) = (when, cells.get(source).is_empty()) else {
            came.faults.push(cells.fault(Some(yes), "consent_unproved", false));
            continue;
        };
        let source: String = cells.get(source).chars().take(200).collect();
        let said = Said { locale, channel: "import", source: &source, at, actor: Some(actor) };
        if consent::record(tx, id, purpose, true, &said)? {
            came.consents += 1;
            came.changed = true;
        }
    }
    Ok(())
}

/// `2026-11-21`, or a whole moment of RFC 3339.
fn moment_of(text: &str) -> Option<Moment> {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_string() };
    let at: jiff::Timestamp = whole.parse().ok()?;
    Some(Moment(at.as_microsecond()))
}
