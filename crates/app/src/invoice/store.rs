//! The tables of invoices, and what an order's money says.

use domain::id::Id;
use domain::invoice::{
    Invoice, InvoiceRequest, InvoiceTitle, Line, Part, State, Sums, Title, number,
};
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::person::Person;
use domain::rate::Rate;

use super::seal::Sealed;
use super::settings::{Seller, SettingsView};
use super::{InvoiceView, KnownTitle, RequestView, view};
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::order::Found;
use crate::shop;

mod listed;

pub use listed::{count_waiting, list};

pub fn settings(tx: &mut Tx, lock: &str) -> Result<SettingsView, Failure> {
    let sql = format!(
        "select seller_name, seller_tax_number, seller_address, seller_bank, prefix, automatic,
                version from invoice_settings{lock}"
    );
    tx.one(&sql, &[], |row| SettingsView {
        seller: Seller {
            name: row.get(0),
            tax_number: row.get(1),
            address: row.get(2),
            bank: row.get(3),
        },
        prefix: row.get(4),
        automatic: row.get(5),
        version: row.get(6),
    })
}

pub fn set_settings(tx: &mut Tx, new: &SettingsView) -> Result<(), Failure> {
    tx.run(
        "update invoice_settings set seller_name = $1, seller_tax_number = $2,
                seller_address = $3, seller_bank = $4, prefix = $5, automatic = $6,
                version = version + 1",
        &[
            (&new.seller.name).into(),
            (&new.seller.tax_number).into(),
            (&new.seller.address).into(),
            (&new.seller.bank).into(),
            (&new.prefix).into(),
            new.automatic.into(),
        ],
    )?;
    Ok(())
}

fn rate(row: &Row, column: usize) -> Rate {
    Rate::from_basis_points(row.get(column)).expect("the table holds rates")
}

/// The lines of an order and the way of its goods, with what of each went back or is promised to.
pub fn parts(tx: &mut Tx, order: &Found) -> Result<Vec<Part>, Failure> {
    let of = |minor: i64| Money::new(minor, order.currency);
    let part = |row: &Row| {
        let (added, inside, tax_back): (i64, i64, i64) = (row.get(5), row.get(6), row.get(7));
        // What went back of goods does not say the tax that was added to them.
        let back = row.get::<i64>(4) + if added > 0 { tax_back } else { 0 };
        Part {
            name: row.get(0),
            spec: row.get(1),
            quantity: row.get(2),
            paid: of(row.get::<i64>(3) + added),
            back: of(back),
            tax: of(added + inside),
            tax_back: of(tax_back),
            rate: rate(row, 8),
        }
    };
    let mut parts = tx.all(
        "select title, variant_title, quantity, total, refunded, tax_added, tax_inside, tax_back,
                tax_rate
         from order_lines where order_id = $1 order by position",
        &[order.id.into()],
        part,
    )?;
    let way = tx.one(
        "select shipping, shipping_tax_added, shipping_tax_inside, shipping_tax_back,
                shipping_refunded, shipping_tax_rate from orders where id = $1",
        &[order.id.into()],
        |row| {
            let (added, inside): (i64, i64) = (row.get(1), row.get(2));
            Part {
                name: super::pdf::SHIPPING.into(),
                spec: String::new(),
                quantity: 1,
                paid: of(row.get::<i64>(0) + added),
                back: of(row.get(4)),
                tax: of(added + inside),
                tax_back: of(row.get(3)),
                rate: rate(row, 5),
            }
        },
    )?;
    parts.push(way);
    Ok(parts)
}

/// How much of an order was paid with what the shop gave, and did not go back to it.
pub fn credit_left(tx: &mut Tx, order: &Found) -> Result<Money, Failure> {
    let minor: i64 = tx.one(
        "select coalesce(cast(sum(y.captured - coalesce((select cast(sum(r.amount) as bigint)
             from refunds r where r.payment_id = y.id and r.status in ('pending', 'succeeded')),
             0)) as bigint), 0)
         from payments y where y.order_id = $1 and y.status = 'captured'
           and y.purpose = 'order' and y.provider = 'store_credit'",
        &[order.id.into()],
        |row| row.get(0),
    )?;
    Ok(Money::new(minor.max(0), order.currency))
}

fn title(text: &str) -> Title {
    serde_json::from_str(text).unwrap_or_default()
}

const REQUEST: &str = "select q.id, q.order_id, q.status, q.title, q.reason, q.asked_at,
    q.answered_at from invoice_requests q";

fn request_of(row: &Row) -> RequestView {
    RequestView {
        id: row.get(0),
        order: row.get(1),
        state: State::parse(&row.get::<String>(2)).expect("the table holds known states"),
        title: title(&row.get::<String>(3)),
        reason: row.get(4),
        asked_at: row.get(5),
        answered_at: row.get(6),
    }
}

pub fn request(tx: &mut Tx, id: Id<InvoiceRequest>) -> Result<RequestView, Failure> {
    tx.one(&format!("{REQUEST} where q.id = $1"), &[id.into()], request_of)
}

pub fn requests_of(tx: &mut Tx, order: Id<Order>) -> Result<Vec<RequestView>, Failure> {
    let sql = format!("{REQUEST} where q.order_id = $1 order by q.id desc");
    tx.all(&sql, &[order.into()], request_of)
}

/// The one that is under way or was answered with what stands.
pub fn open_request(tx: &mut Tx, order: Id<Order>) -> Result<Option<RequestView>, Failure> {
    let sql = format!("{REQUEST} where q.order_id = $1 and q.status in ('asked', 'issued')");
    tx.maybe(&sql, &[order.into()], request_of)
}

/// The one that waits for an answer.
pub fn waiting(tx: &mut Tx, order: Id<Order>) -> Result<Option<Id<InvoiceRequest>>, Failure> {
    let sql = "select id from invoice_requests where order_id = $1 and status = 'asked'";
    tx.maybe(sql, &[order.into()], |row| row.get(0))
}

pub fn add_request(
    tx: &mut Tx,
    id: Id<InvoiceRequest>,
    order: Id<Order>,
    title: &Title,
) -> Result<(), Failure> {
    tx.run(
        "insert into invoice_requests (id, order_id, status, title, reason, asked_at)
         values ($1, $2, 'asked', $3, '', $4)",
        &[id.into(), order.into(), serde_json::to_string(title)?.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Answers a request that stands where it was seen. Whether it did.
pub fn answer(
    tx: &mut Tx,
    request: &RequestView,
    to: State,
    reason: &str,
    by: Option<Id<Person>>,
) -> Result<bool, Failure> {
    // Whom it names is needed no more where nothing came of it.
    let over = matches!(to, State::Declined | State::Withdrawn);
    let changed = tx.run(
        "update invoice_requests set status = $3, reason = $4, answered_at = $5, answered_by = $6,
                title = case when $7 = 1 then '' else title end
         where id = $1 and status = $2",
        &[
            request.id.into(),
            request.state.code().into(),
            to.code().into(),
            reason.into(),
            tx.now.into(),
            by.into(),
            over.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Keeps a title for the next time; the oldest go.
pub fn keep_title(
    tx: &mut Tx,
    person: Id<Person>,
    title: &Title,
    most: i64,
) -> Result<(), Failure> {
    let id: Id<InvoiceTitle> = tx.id();
    let text = serde_json::to_string(title)?;
    tx.run(
        "insert into invoice_titles (id, person_id, title, used_at) values ($1, $2, $3, $4)
         on conflict (person_id, title) do update set used_at = excluded.used_at",
        &[id.into(), person.into(), text.into(), tx.now.into()],
    )?;
    tx.run(
        "delete from invoice_titles where person_id = $1 and id not in
           (select id from invoice_titles where person_id = $1
            order by used_at desc, id desc limit $2)",
        &[person.into(), most.into()],
    )?;
    Ok(())
}

pub fn titles(tx: &mut Tx, person: Id<Person>) -> Result<Vec<KnownTitle>, Failure> {
    tx.all(
        "select id, title, used_at from invoice_titles where person_id = $1
         order by used_at desc, id desc",
        &[person.into()],
        |row| KnownTitle {
            id: row.get(0),
            title: title(&row.get::<String>(1)),
            used_at: row.get(2),
        },
    )
}

pub fn forget_title(
    tx: &mut Tx,
    person: Id<Person>,
    id: Id<InvoiceTitle>,
) -> Result<bool, Failure> {
    let sql = "delete from invoice_titles where id = $1 and person_id = $2";
    Ok(tx.run(sql, &[id.into(), person.into()])? == 1)
}

/// A number that is taken, and the seal of the one before it.
pub struct Place {
    pub year: i64,
    pub seq: i64,
    pub number: String,
    pub before: String,
}

/// Takes the next number of the year. The row is held until the commit, so that numbers follow each
/// other without a gap however many are issued at once; what is rolled back took none.
pub fn next_number(tx: &mut Tx, prefix: &str) -> Result<Place, Failure> {
    let year = year_of(tx)?;
    tx.run(
        "insert into invoice_series (year, last, hash) values ($1, 0, '')
         on conflict (year) do nothing",
        &[year.into()],
    )?;
    tx.run("update invoice_series set last = last + 1 where year = $1", &[year.into()])?;
    let sql = "select last, hash from invoice_series where year = $1";
    let (seq, before) = tx.one(sql, &[year.into()], |row| (row.get::<i64>(0), row.get(1)))?;
    Ok(Place { year, seq, number: number(prefix, year, seq), before })
}

/// The year where the shop is.
fn year_of(tx: &Tx) -> Result<i64, Failure> {
    let there = tx.now.plus(shop::zone_at(tx.now)?);
    let day = jiff::Timestamp::from_microsecond(there.0).map_err(Failure::broken)?;
    Ok(i64::from(day.to_zoned(jiff::tz::TimeZone::UTC).year()))
}

/// The seal of the last of a year.
pub fn end_number(tx: &mut Tx, year: i64, hash: &str) -> Result<(), Failure> {
    let sql = "update invoice_series set hash = $2 where year = $1";
    tx.run(sql, &[year.into(), hash.into()])?;
    Ok(())
}

pub fn add(
    tx: &mut Tx,
    row: &Sealed,
    request: Id<InvoiceRequest>,
    (year, seq): (i64, i64),
    hash: &str,
    by: Option<Id<Person>>,
) -> Result<(), Failure> {
    tx.run(
        "insert into invoices (id, request_id, order_id, copy, reverses, year, seq, number, title,
                seller, currency, net, tax, total, reason, issued_at, issued_by, hash)
         values ($1, $2, $3, (select count(*) from invoices where request_id = $2), $4, $5, $6, $7,
                 $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        &[
            row.id.into(),
            request.into(),
            row.order.into(),
            row.reverses.into(),
            year.into(),
            seq.into(),
            (&row.number).into(),
            serde_json::to_string(&row.title)?.into(),
            serde_json::to_string(&row.seller)?.into(),
            row.sums.total.currency.code().into(),
            row.sums.net.minor.into(),
            row.sums.tax.minor.into(),
            row.sums.total.minor.into(),
            (&row.reason).into(),
            row.issued_at.into(),
            by.into(),
            hash.into(),
        ],
    )?;
    for (position, line) in row.lines.iter().enumerate() {
        tx.run(
            "insert into invoice_lines (invoice_id, position, name, spec, quantity, amount, tax,
                                        rate)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                row.id.into(),
                (position as i64).into(),
                (&line.name).into(),
                (&line.spec).into(),
                line.quantity.into(),
                line.amount.minor.into(),
                line.tax.minor.into(),
                line.rate.basis_points().into(),
            ],
        )?;
    }
    Ok(())
}

const INVOICE: &str = "select i.id, i.order_id, i.reverses, i.number, i.title, i.seller,
    i.currency, i.net, i.tax, i.total, i.reason, i.issued_at, i.hash, i.request_id, i.seq,
    b.number, r.id
    from invoices i left join invoices b on b.id = i.reverses
    left join invoices r on r.reverses = i.id";

fn sealed_of(row: &Row) -> Sealed {
    let currency = Currency::parse(&row.get::<String>(6)).expect("the table holds known ones");
    let of = |minor| Money::new(minor, currency);
    Sealed {
        id: row.get(0),
        order: row.get(1),
        reverses: row.get(2),
        number: row.get(3),
        title: title(&row.get::<String>(4)),
        seller: serde_json::from_str(&row.get::<String>(5)).unwrap_or_default(),
        lines: Vec::new(),
        sums: Sums { net: of(row.get(7)), tax: of(row.get(8)), total: of(row.get(9)) },
        reason: row.get(10),
        issued_at: row.get(11),
    }
}

fn lines_of(tx: &mut Tx, row: &Sealed) -> Result<Vec<Line>, Failure> {
    let currency = row.sums.total.currency;
    tx.all(
        "select name, spec, quantity, amount, tax, rate from invoice_lines
         where invoice_id = $1 order by position",
        &[row.id.into()],
        |row| Line {
            name: row.get(0),
            spec: row.get(1),
            quantity: row.get(2),
            amount: Money::new(row.get(3), currency),
            tax: Money::new(row.get(4), currency),
            rate: rate(row, 5),
        },
    )
}

fn whole(tx: &mut Tx, end: &str, id: i64) -> Result<Vec<InvoiceView>, Failure> {
    let sql = format!("{INVOICE} {end}");
    let rows = tx.all(&sql, &[id.into()], |row| {
        let (red, before): (Option<Id<Invoice>>, Option<String>) = (row.get(16), row.get(15));
        (sealed_of(row), row.get::<String>(12), row.get(13), before, red)
    })?;
    let mut found = Vec::new();
    for (sealed, hash, request, before, red) in rows {
        let lines = lines_of(tx, &sealed)?;
        let view = view(Sealed { lines, ..sealed }, request, hash);
        found.push(InvoiceView { reverses_number: before, reversed_by: red, ..view });
    }
    Ok(found)
}

pub fn invoice(tx: &mut Tx, id: Id<Invoice>) -> Result<InvoiceView, Failure> {
    let found = whole(tx, "where i.id = $1", id.0)?;
    found.into_iter().next().ok_or(Failure::NotFound)
}

pub fn invoices_of(tx: &mut Tx, order: Id<Order>) -> Result<Vec<InvoiceView>, Failure> {
    whole(tx, "where i.order_id = $1 order by i.year desc, i.seq desc", order.0)
}

/// The invoice of an order that nothing took back.
pub fn standing(tx: &mut Tx, order: Id<Order>) -> Result<Option<InvoiceView>, Failure> {
    let end = "where i.order_id = $1 and i.reverses is null and r.id is null";
    Ok(whole(tx, end, order.0)?.into_iter().next())
}

/// Each year with its last number and seal.
pub fn series(tx: &mut Tx) -> Result<Vec<(i64, i64, String)>, Failure> {
    let sql = "select year, last, hash from invoice_series order by year";
    tx.all(sql, &[], |row| (row.get(0), row.get(1), row.get(2)))
}

/// The invoices of a year as they were sealed, in their order.
pub fn of_year(tx: &mut Tx, year: i64) -> Result<Vec<(i64, Sealed, String)>, Failure> {
    let sql = format!("{INVOICE} where i.year = $1 order by i.seq");
    let rows = tx.all(&sql, &[year.into()], |row| {
        (row.get::<i64>(14), sealed_of(row), row.get::<String>(12))
    })?;
    let mut found = Vec::new();
    for (seq, sealed, hash) in rows {
        let lines = lines_of(tx, &sealed)?;
        found.push((seq, Sealed { lines, ..sealed }, hash));
    }
    Ok(found)
}
