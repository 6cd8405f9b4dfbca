//! Orders as a file for spreadsheets: what a filter finds, a row an order or a row a line, written
//! batch by batch so that nobody waits for a long one.

use std::collections::BTreeMap;
use std::io::Write;

use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::person::Permission;
use domain::place::Address;

use crate::csv_cell::guarded;
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::order_desk::{self, Filter};
use crate::{App, Visitor, staff_act};

/// How many orders are read at once.
const BATCH: i64 = 500;

/// Which orders, and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Want {
    pub filter: Filter,
    /// A row for each line; otherwise one for each order.
    pub per_line: bool,
    /// Begins with the mark by which some spreadsheets know that it is UTF-8.
    pub mark: bool,
}

/// The columns of an order.
const OF_ORDER: &[&str] = &[
    "order",
    "status",
    "placed_at",
    "paid_at",
    "buyer",
    "contact",
    "recipient",
    "phone",
    "country",
    "region",
    "city",
    "district",
    "address",
    "postcode",
    "shipping_method",
    "tracking",
    "note",
    "tags",
    "currency",
    "goods",
    "discount",
    "shipping",
    "tax",
    "total",
    "refunded",
    "units",
    "gift",
];
/// Which of them say how the shop reaches its customers, and what it notes of them.
const CONTACT: usize = 5;
const TAGS: usize = 17;
/// Those of a line, behind them.
const OF_LINE: &[&str] = &[
    "title",
    "variant",
    "sku",
    "quantity",
    "shipped",
    "taken_out",
    "unit_price",
    "line_discount",
    "line_total",
];

/// An order with the cells of its row, and the rows of its lines.
struct Found {
    id: Id<Order>,
    cells: Vec<String>,
    lines: Vec<Vec<String>>,
}

/// Writes what a filter finds, and says in how many rows. `progress` hears how many orders are
/// written, and of how many.
pub fn export(
    app: &App,
    visitor: &Visitor,
    want: &Want,
    writer: &mut dyn Write,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, Failure> {
    // The file names everybody with their contacts and addresses.
    let counter = visitor.counter_reader(Permission::Orders)?;
    if counter.seller.is_none() {
        visitor.staff_reader(Permission::Contacts)?;
    }
    let actor = counter.person;
    let filter = want.filter.seen_at(&counter);
    app.write_for(visitor, |tx| staff_act::record(tx, actor, "order.export", ("shop", 1), ""))?;
    let all = order_desk::find::count(app, visitor, &filter, i64::MAX)?;
    let all = u64::try_from(all).unwrap_or(0);
    if want.mark {
        writer.write_all(b"\xef\xbb\xbf").map_err(Failure::broken)?;
    }
    let mut file = csv::Writer::from_writer(writer);
    let lines = if want.per_line { OF_LINE } else { &[] };
    file.write_record(OF_ORDER.iter().chain(lines)).map_err(Failure::broken)?;
    let (mut after, mut done, mut rows) = (None, 0_u64, 0_u64);
    loop {
        // A transaction a batch.
        let batch = app.read(|tx| {
            let ids = order_desk::find::page_of_ids(tx, &filter, after, BATCH)?;
            read(tx, &ids, counter.seller.is_some())
        })?;
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        done += batch.len() as u64;
        for order in &batch {
            if want.per_line {
                for line in &order.lines {
                    file.write_record(order.cells.iter().chain(line)).map_err(Failure::broken)?;
                    rows += 1;
                }
            } else {
                file.write_record(&order.cells).map_err(Failure::broken)?;
                rows += 1;
            }
        }
        file.flush().map_err(Failure::broken)?;
        progress(done, all.max(done));
    }
    file.flush().map_err(Failure::broken)?;
    Ok(rows)
}

/// The orders of these ids. A seller reads the parcel's address, and not how the shop reaches its
/// customers.
fn read(tx: &mut Tx, ids: &[Id<Order>], seller: bool) -> Result<Vec<Found>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut found: BTreeMap<Id<Order>, Found> = BTreeMap::new();
    let sql = "select o.id, o.status, o.created_at, o.paid_at, p.name,
            coalesce(p.email, p.phone, ''), o.address, coalesce(m.code, ''), o.note, o.currency,
            o.subtotal, o.discount, o.shipping, o.tax, o.total, o.refunded,
            (select cast(sum(l.quantity) as bigint) from order_lines l where l.order_id = o.id),
            coalesce((select g.state from gifts g where g.order_id = o.id), '')
        from orders o join people p on p.id = o.person_id
        left join shipping_methods m on m.id = o.shipping_method_id where o.id in";
    let with = |tx: &mut Tx, sql: &str, end: &str| {
        tx.all_in((sql, &[]), &numbers, end, |row| (row.get::<Id<Order>>(0), row.get::<String>(1)))
    };
    let tags =
        joined(with(tx, "select order_id, tag from order_tags where order_id in", "order by tag")?);
    let parcels = joined(with(
        tx,
        "select order_id, tracking from shipments where order_id in",
        "order by id",
    )?);
    for mut order in tx.all_in((sql, &[]), &numbers, "", |row| cells(row, &tags, &parcels))? {
        if seller {
            order.cells[CONTACT].clear();
            order.cells[TAGS].clear();
        }
        found.insert(order.id, order);
    }
    let sql = "select l.order_id, l.title, l.variant_title, l.sku, l.quantity, l.shipped,
            l.removed, l.unit_price, l.discount, l.total, o.currency, l.id
        from order_lines l join orders o on o.id = l.order_id where l.order_id in";
    let lines = tx.all_in((sql, &[]), &numbers, "order by l.order_id, l.position", |row| {
        let currency = currency(row, 10);
        let money = |column| Money::new(row.get(column), currency).decimal();
        let count = |column| row.get::<i64>(column).to_string();
        let line = vec![
            guarded(&row.get::<String>(1)),
            guarded(&row.get::<String>(2)),
            guarded(&row.get::<String>(3)),
            count(4),
            count(5),
            count(6),
            money(7),
            money(8),
            money(9),
        ];
        (row.get::<Id<Order>>(0), row.get::<i64>(11), line)
    })?;
    // Ids are padded to few shapes of the statement, so that a row may come twice.
    let mut seen = std::collections::BTreeSet::new();
    for (order, line, cells) in lines {
        if let Some(order) = found.get_mut(&order).filter(|_| seen.insert(line)) {
            order.lines.push(cells);
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

type Texts = BTreeMap<Id<Order>, Vec<String>>;

fn joined(all: Vec<(Id<Order>, String)>) -> Texts {
    let mut texts = Texts::new();
    for (order, text) in all {
        let of = texts.entry(order).or_default();
        if !of.contains(&text) {
            of.push(text);
        }
    }
    texts
}

fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

fn cells(row: &Row, tags: &Texts, parcels: &Texts) -> Found {
    let id: Id<Order> = row.get(0);
    let currency = currency(row, 9);
    let money = |column| Money::new(row.get(column), currency).decimal();
    let at = |moment: Option<Moment>| moment.map_or(String::new(), Moment::rfc3339);
    let to: Address = serde_json::from_str(&row.get::<String>(6)).unwrap_or_default();
    let texts =
        |of: &Texts, between: &str| of.get(&id).map_or(String::new(), |all| all.join(between));
    let street = [to.line1.as_str(), to.line2.as_str()].join(" ");
    let written = [
        row.get::<String>(4),
        row.get(5),
        to.name,
        to.phone,
        to.country,
        to.region,
        to.city,
        to.district,
        street.trim().to_string(),
        to.postcode,
        row.get(7),
        texts(parcels, " "),
        row.get(8),
        texts(tags, " "),
    ];
    let mut cells = vec![id.to_string(), row.get(1), at(Some(row.get(2))), at(row.get(3))];
    cells.extend(written.iter().map(|text| guarded(text)));
    cells.push(currency.code().to_string());
    cells.extend((10..16).map(money));
    cells.push(row.get::<i64>(16).to_string());
    cells.push(row.get(17));
    Found { id, cells, lines: Vec::new() }
}
