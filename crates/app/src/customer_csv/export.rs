//! Writing the customer file: what an import of it brings back.

use std::io::Write;

use domain::customer::Purpose;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::Person;

use super::header::{COLUMNS, Column};
use crate::consent;
use crate::csv_cell::guarded;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, address, shop};

const BATCH: i64 = 500;

struct Kept {
    id: Id<Person>,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    locale: String,
    joined: Moment,
}

/// Writes every customer, in the order they came. How many.
pub fn run(app: &App, writer: &mut dyn Write) -> Result<u64, Failure> {
    let mut file = csv::Writer::from_writer(writer);
    file.write_record(COLUMNS.iter().map(|(_, name)| *name)).map_err(Failure::broken)?;
    let (mut cursor, mut count) = (0, 0);
    loop {
        // A transaction a batch: a long export holds nobody up.
        let rows = app.read(|tx| {
            let people = tx.all(
                "select id, name, email, phone, locale, created_at from people
                 where id > $1 and role = 'shopper' and merged_into is null and erased_at is null
                 order by id limit $2",
                &[cursor.into(), BATCH.into()],
                |row| Kept {
                    id: row.get(0),
                    name: row.get(1),
                    email: row.get(2),
                    phone: row.get(3),
                    locale: row.get(4),
                    joined: row.get(5),
                },
            )?;
            people.iter().map(|one| Ok((one.id.0, row(tx, one)?))).collect::<Result<Vec<_>, _>>()
        })?;
        let Some((last, _)) = rows.last() else { break };
        cursor = *last;
        for (_, row) in &rows {
            file.write_record(row.iter().map(|cell| guarded(cell))).map_err(Failure::broken)?;
            count += 1;
        }
    }
    file.flush().map_err(Failure::broken)?;
    Ok(count)
}

fn row(tx: &mut Tx, one: &Kept) -> Result<Vec<String>, Failure> {
    let currency = shop::get(tx)?.currency;
    let person = [one.id.into()];
    let sql = "select tag from customer_tags where person_id = $1 order by tag";
    let tags: Vec<String> = tx.all(sql, &person, |row| row.get(0))?;
    let sql = "select text from customer_notes where person_id = $1 order by id limit 1";
    let note: Option<String> = tx.maybe(sql, &person, |row| row.get(0))?;
    let sql = "select orders, net from customer_sums where person_id = $1";
    let sums = tx.maybe(sql, &person, |row| (row.get::<i64>(0), row.get::<i64>(1)))?;
    let (orders, net) = sums.unwrap_or_default();
    let to = address::first(tx, one.id)?.unwrap_or_default();
    let said = consent::history(tx, one.id)?;
    let last = |purpose: Purpose| {
        let last = said.iter().find(|said| said.purpose == purpose);
        last.filter(|last| last.given)
    };
    let cell = |column: Column| match column {
        Column::Id => one.id.to_string(),
        Column::Name => one.name.clone(),
        Column::FirstName | Column::LastName => String::new(),
        Column::Email => one.email.clone().unwrap_or_default(),
        Column::Phone => one.phone.clone().unwrap_or_default(),
        Column::Language => one.locale.clone(),
        Column::Tags => tags.join(", "),
        Column::Note => note.clone().unwrap_or_default(),
        Column::EmailYes => yes(last(Purpose::MarketingEmail).is_some()),
        Column::SmsYes => yes(last(Purpose::MarketingSms).is_some()),
        Column::EmailSource => last(Purpose::MarketingEmail).map_or(String::new(), source),
        Column::SmsSource => last(Purpose::MarketingSms).map_or(String::new(), source),
        Column::EmailAt => at(last(Purpose::MarketingEmail)),
        Column::SmsAt => at(last(Purpose::MarketingSms)),
        Column::ToName => to.name.clone(),
        Column::ToPhone => to.phone.clone(),
        Column::Country => to.country.clone(),
        Column::Region => to.region.clone(),
        Column::City => to.city.clone(),
        Column::District => to.district.clone(),
        Column::Line1 => to.line1.clone(),
        Column::Line2 => to.line2.clone(),
        Column::Postcode => to.postcode.clone(),
        Column::Orders => orders.to_string(),
        Column::Spent => Money::new(net, currency).decimal(),
        Column::Joined => one.joined.rfc3339(),
    };
    Ok(COLUMNS.iter().map(|(column, _)| cell(*column)).collect())
}

fn yes(given: bool) -> String {
    if given { "yes" } else { "no" }.to_string()
}

/// Where a consent was given: as it came, or here.
fn source(said: &consent::ConsentView) -> String {
    if said.source.is_empty() { said.channel.clone() } else { said.source.clone() }
}

fn at(said: Option<&consent::ConsentView>) -> String {
    said.map_or(String::new(), |said| said.said_at.rfc3339())
}
