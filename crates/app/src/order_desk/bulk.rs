//! One act on many orders: each in its own transaction, with what became of it, resumable.
//!
//! The list of orders is written down first. Whoever runs it, the request that asked for it or the
//! job, takes one order after the other; a process that ends in the middle is followed by the job,
//! and what was done before is found done.

use describe::ToSchema;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{Actor, Order, Status};
use domain::order_desk::{Bulk, MOST_AT_ONCE, PACKING, Refusal};
use domain::person::{Grants, Permission};
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::find::{self, Filter};
use super::label::{Tag, tag_in};
use super::{Ship, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::order::By;
use crate::{App, Known, Visitor, order, payment, person, staff_act};

/// The job that goes on with one.
pub const JOB: &str = "order.bulk";
/// An order somebody took and did not end within this long is anybody's again.
const TAKEN_FOR: Span = Span::minutes(2);

/// What is done with each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case")]
#[schema(as = BulkAct)]
pub enum Act {
    /// It is to be packed: it gets the tag `packing`.
    Pack,
    Tag {
        #[serde(default)]
        add: Vec<String>,
        #[serde(default)]
        remove: Vec<String>,
    },
    /// It is sent, as its row says.
    Ship,
    /// It ends, if nobody has paid for it.
    Cancel { reason: String },
}

impl Act {
    /// Who may do it with one may do it with many.
    fn needs(&self) -> Permission {
        match self {
            Act::Pack | Act::Ship => Permission::Shipping,
            Act::Tag { .. } => Permission::Orders,
            Act::Cancel { .. } => Permission::Refunds,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Act::Pack => "pack",
            Act::Tag { .. } => "tag",
            Act::Ship => "ship",
            Act::Cancel { .. } => "cancel",
        }
    }
}

/// An order with the parcel it goes in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = BulkRow)]
pub struct Row {
    /// An order's id, or the eight signs at its end.
    pub order: String,
    #[serde(default)]
    pub carrier: String,
    #[serde(default)]
    pub tracking: String,
}

/// An act on many orders.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = StartBulk)]
pub struct Start {
    pub what: Act,
    /// These orders,
    #[serde(default)]
    pub rows: Vec<Row>,
    /// or all that a filter finds, at most 5,000.
    #[serde(default)]
    pub filter: Option<Filter>,
}

/// What became of one order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = BulkItem)]
pub struct Item {
    pub named: String,
    pub order: Option<Id<Order>>,
    /// waiting, doing, done, same (it was so already), refused.
    pub status: String,
    /// Why not, as a stable code with what its words need.
    pub code: String,
    #[schema(value_type = Object)]
    pub args: Value,
}

/// An act on many orders with what became of each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Bulk)]
pub struct BulkView {
    pub id: Id<Bulk>,
    pub what: Act,
    pub done: bool,
    pub created_at: Moment,
    /// How many of them ended how.
    pub waiting: i64,
    pub went: i64,
    pub same: i64,
    pub refused: i64,
    pub items: Vec<Item>,
}

/// Begins an act on many orders. What is to be done is written down before any of it is done.
pub fn start(app: &App, visitor: &Visitor, start: &Start) -> Result<Id<Bulk>, Failure> {
    let actor = visitor.staff(start.what.needs())?;
    let what = checked(&start.what)?;
    app.write_for(visitor, |tx| {
        let rows = match &start.filter {
            Some(filter) => {
                let found = find::ids(tx, filter, None, MOST_AT_ONCE + 1)?;
                let row = |id: Id<Order>| Row {
                    order: id.to_string(),
                    carrier: String::new(),
                    tracking: String::new(),
                };
                found.into_iter().map(row).collect()
            }
            None => start.rows.clone(),
        };
        if rows.is_empty() || rows.len() as i64 > MOST_AT_ONCE {
            return Err(Refusal::TooMany(MOST_AT_ONCE).into());
        }
        let id: Id<Bulk> = tx.id();
        tx.run(
            "insert into order_bulks (id, actor_id, act, status, created_at)
             values ($1, $2, $3, 'running', $4)",
            &[id.into(), actor.into(), serde_json::to_string(&what)?.into(), tx.now.into()],
        )?;
        for (position, row) in rows.iter().enumerate() {
            let order = named(tx, &row.order)?;
            let (status, code) = match order {
                Some(_) => ("waiting", ""),
                None => ("refused", "not_found"),
            };
            tx.run(
                "insert into order_bulk_items (bulk_id, position, named, order_id, carrier,
                     tracking, status, code, args, since)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, '{}', $9)",
                &[
                    id.into(),
                    (position as i64).into(),
                    one_line(&row.order).into(),
                    order.into(),
                    one_line(&row.carrier).into(),
                    row.tracking.trim().into(),
                    status.into(),
                    code.into(),
                    tx.now.into(),
                ],
            )?;
        }
        // What was said with it is told of each order, where it goes when its buyer is forgotten.
        let detail = format!("{} {}", rows.len(), what.code());
        staff_act::record(tx, actor, "order.bulk", ("bulk", id.0), &detail)?;
        tx.ask(JOB, id.0, tx.now)?;
        Ok(id)
    })
}

fn checked(what: &Act) -> Result<Act, Failure> {
    let tags = |all: &[String]| {
        all.iter().map(|tag| domain::order_desk::tag(tag)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match what {
        Act::Tag { add, remove } => {
            let (add, remove) = (tags(add)?, tags(remove)?);
            if add.is_empty() && remove.is_empty() {
                return Err(Refusal::BadTag.into());
            }
            Act::Tag { add, remove }
        }
        Act::Cancel { reason } => {
            let reason = one_line(reason);
            if reason.is_empty() {
                return Err(Refusal::NoReason.into());
            }
            Act::Cancel { reason }
        }
        other => other.clone(),
    })
}

/// The order that is named by its id, or by its end when no other has the same.
fn named(tx: &mut Tx, name: &str) -> Result<Option<Id<Order>>, Failure> {
    let name = name.trim().trim_start_matches('#').to_lowercase();
    let (id, mask) = match Id::<Order>::parse(&name) {
        Some(id) => (id, i64::MAX),
        None => match Id::<Order>::parse(&format!("ord_00000{name}")) {
            Some(id) if name.len() == 8 => (id, 1_099_511_627_775),
            _ => return Ok(None),
        },
    };
    let found: Vec<Id<Order>> = match mask {
        i64::MAX => {
            tx.all("select id from orders where id = $1", &[id.into()], |row| row.get(0))?
        }
        mask => tx.all(
            "select id from orders where (id & $2) = $1 limit 2",
            &[id.into(), mask.into()],
            |row| row.get(0),
        )?,
    };
    Ok(if found.len() == 1 { found.first().copied() } else { None })
}

/// One order that was taken.
struct Taken {
    position: i64,
    order: Id<Order>,
    carrier: String,
    tracking: String,
    /// Somebody took it before and did not say how it ended.
    again: bool,
}

/// What became of one.
enum Became {
    Done,
    Same,
}

/// Goes on until every order is done. Several may at once: each takes what nobody has.
pub fn run(app: &App, id: Id<Bulk>) -> Result<(), Failure> {
    let (actor, what) = app.read(|tx| {
        tx.one("select actor_id, act from order_bulks where id = $1", &[id.into()], |row| {
            (row.get::<Id<domain::person::Person>>(0), row.get::<String>(1))
        })
    })?;
    let what: Act = serde_json::from_str(&what)?;
    let visitor = match actor == staff_act::TERMINAL {
        true => Visitor::of(actor, "terminal", domain::person::Role::Owner),
        false => {
            // What they may do now counts, not what they might then.
            let known = app.read(|tx| person::find(tx, actor))?;
            let grants = Grants::parse(&known.grants).unwrap_or(Grants::NONE);
            let mut visitor = Visitor::of(known.id, &known.name, known.role);
            visitor.person = visitor.person.map(|person| Known { grants, ..person });
            visitor
        }
    };
    while let Some(taken) = app.write(|tx| take(tx, id))? {
        let became = one(app, &visitor, &what, &taken);
        if let Err(failure) = &became
            && !failure.is_answer()
        {
            app.write(|tx| end(tx, id, &taken, "waiting", "", "{}"))?;
            return became.map(|_| ());
        }
        app.write(|tx| match &became {
            Ok(Became::Done) => end(tx, id, &taken, "done", "", "{}"),
            Ok(Became::Same) => end(tx, id, &taken, "same", "", "{}"),
            Err(Failure::Refused(refused)) => {
                end(tx, id, &taken, "refused", refused.code, &refused.args.to_string())
            }
            Err(other) => end(tx, id, &taken, "refused", other.code(), "{}"),
        })?;
    }
    app.write(|tx| {
        tx.run(
            "update order_bulks set status = 'done', ended_at = $2
             where id = $1 and status = 'running' and not exists
               (select 1 from order_bulk_items i where i.bulk_id = $1
                and i.status in ('waiting', 'doing'))",
            &[id.into(), tx.now.into()],
        )
    })?;
    Ok(())
}

fn take(tx: &mut Tx, id: Id<Bulk>) -> Result<Option<Taken>, Failure> {
    let sql = format!(
        "select position, order_id, carrier, tracking, status from order_bulk_items
         where bulk_id = $1 and (status = 'waiting' or (status = 'doing' and since < $2))
         order by position limit 1{}",
        tx.lock_free()
    );
    let late = tx.now.minus(TAKEN_FOR);
    let found = tx.maybe(&sql, &[id.into(), late.into()], |row| Taken {
        position: row.get(0),
        order: row.get::<Option<Id<Order>>>(1).unwrap_or(Id::new(0)),
        carrier: row.get(2),
        tracking: row.get(3),
        again: row.get::<String>(4) == "doing",
    })?;
    if let Some(taken) = &found {
        tx.run(
            "update order_bulk_items set status = 'doing', since = $3
             where bulk_id = $1 and position = $2",
            &[id.into(), taken.position.into(), tx.now.into()],
        )?;
    }
    Ok(found)
}

fn end(
    tx: &mut Tx,
    id: Id<Bulk>,
    taken: &Taken,
    status: &str,
    code: &str,
    args: &str,
) -> Result<(), Failure> {
    tx.run(
        "update order_bulk_items set status = $3, code = $4, args = $5, since = $6
         where bulk_id = $1 and position = $2 and status = 'doing'",
        &[id.into(), taken.position.into(), status.into(), code.into(), args.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Does it with one order. What was done before a crash is found done.
fn one(app: &App, visitor: &Visitor, what: &Act, taken: &Taken) -> Result<Became, Failure> {
    let actor = visitor.staff(what.needs())?;
    let id = taken.order;
    let changed = |changed: bool| {
        if changed || taken.again { Became::Done } else { Became::Same }
    };
    match what {
        Act::Pack => {
            let found = app.read(|tx| order::find(tx, id))?;
            if found.status != Status::ToShip {
                return Err(domain::order::Refusal::NotNow(found.status).into());
            }
            let tags = Tag { add: vec![PACKING.to_string()], remove: Vec::new() };
            app.write(|tx| tag_in(tx, actor, id, &tags)).map(changed)
        }
        Act::Tag { add, remove } => {
            let tags = Tag { add: add.clone(), remove: remove.clone() };
            app.write(|tx| tag_in(tx, actor, id, &tags)).map(changed)
        }
        Act::Ship => {
            if app.read(|tx| store::parcel(tx, id, &taken.tracking))?.is_some() {
                return Ok(changed(false));
            }
            let ship = Ship::all(&taken.carrier, &taken.tracking);
            super::ship(app, visitor, id, ship)?;
            let tags = Tag { add: Vec::new(), remove: vec![PACKING.to_string()] };
            app.write(|tx| tag_in(tx, actor, id, &tags))?;
            Ok(Became::Done)
        }
        Act::Cancel { reason } => {
            let found = app.read(|tx| order::find(tx, id))?;
            if found.status == Status::Cancelled {
                return Ok(changed(false));
            }
            if found.status != Status::PendingPayment {
                return Err(domain::order::Refusal::NotNow(found.status).into());
            }
            let by = By { actor: Actor::Staff, person: Some(actor), reason };
            payment::cancel(app, id, by, "staff")?;
            app.write(|tx| staff_act::record(tx, actor, "order.end", ("order", id.0), reason))?;
            Ok(Became::Done)
        }
    }
}

/// An act on many orders with what became of each; those that were refused first.
pub fn get(app: &App, visitor: &Visitor, id: Id<Bulk>) -> Result<BulkView, Failure> {
    visitor.staff_reader(Permission::Orders)?;
    app.read(|tx| {
        let (what, done, created_at) = tx.one(
            "select act, status, created_at from order_bulks where id = $1",
            &[id.into()],
            |row| (row.get::<String>(0), row.get::<String>(1) == "done", row.get(2)),
        )?;
        let items = tx.all(
            "select named, order_id, status, code, args from order_bulk_items
             where bulk_id = $1
             order by case status when 'refused' then 0 when 'done' then 2 else 1 end, position",
            &[id.into()],
            |row| Item {
                named: row.get(0),
                order: row.get(1),
                status: row.get(2),
                code: row.get(3),
                args: serde_json::from_str(&row.get::<String>(4)).unwrap_or_default(),
            },
        )?;
        let count = |status: &str| items.iter().filter(|item| item.status == status).count() as i64;
        Ok(BulkView {
            id,
            what: serde_json::from_str(&what)?,
            done,
            created_at,
            waiting: count("waiting") + count("doing"),
            went: count("done"),
            same: count("same"),
            refused: count("refused"),
            items,
        })
    })
}

/// The rows of a file of orders with carriers and tracking numbers, whatever wrote it. Its first
/// line may name the columns: `order, carrier, tracking`, in either language and any order.
pub fn read_tracking(bytes: &[u8]) -> Result<Vec<Row>, Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::BadFile)?;
    let first = text.lines().next().unwrap_or("");
    let delimiter = [b'\t', b';'].into_iter().find(|sign| first.as_bytes().contains(sign));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let names = [
        ["order", "订单", "订单号"],
        ["carrier", "快递", "快递公司"],
        ["tracking", "单号", "快递单号"],
    ];
    let mut places = [0_usize, 1, 2];
    let mut rows = Vec::new();
    for (line, record) in reader.records().enumerate() {
        let record = record.map_err(|_| Refusal::BadFile)?;
        let place = |names: &[&str]| {
            record.iter().position(|cell| names.contains(&cell.trim().to_lowercase().as_str()))
        };
        if line == 0
            && let [Some(order), Some(carrier), Some(tracking)] = names.map(|names| place(&names))
        {
            places = [order, carrier, tracking];
            continue;
        }
        let cell = |n: usize| record.get(places[n]).unwrap_or("").trim().to_string();
        let row = Row { order: cell(0), carrier: cell(1), tracking: cell(2) };
        if row.order.is_empty() && row.tracking.is_empty() {
            continue;
        }
        rows.push(row);
        if rows.len() as i64 > MOST_AT_ONCE {
            return Err(Refusal::TooMany(MOST_AT_ONCE).into());
        }
    }
    if rows.is_empty() { Err(Refusal::BadFile.into()) } else { Ok(rows) }
}
