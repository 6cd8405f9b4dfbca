//! The tables `drafts` and `draft_lines`.

use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::order::Order;
use domain::order_desk::{Draft, Note};
use domain::person::Person;
use domain::place::Address;

use super::{DraftCard, Put, PutLine};
use crate::db::Tx;
use crate::failure::Failure;

/// A draft as its row says.
pub struct Found {
    pub status: String,
    pub person: Option<Id<Person>>,
    pub customer_name: String,
    pub customer_contact: String,
    pub address: Address,
    pub shipping_method: String,
    pub shipping: Option<i64>,
    pub note: String,
    pub staff_note: String,
    pub for_order: Option<Id<Order>>,
    pub order: Option<Id<Order>>,
    pub made_by: String,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub version: i64,
}

/// A line as its row says.
pub struct LineFound {
    pub variant: Id<Variant>,
    pub quantity: i64,
    pub unit: i64,
    pub discount: i64,
    pub reason: String,
}

pub fn add(
    tx: &mut Tx,
    id: Id<Draft>,
    actor: Id<Person>,
    customer: Option<Id<Person>>,
    put: &Put,
) -> Result<(), Failure> {
    tx.run(
        "insert into drafts (id, status, person_id, address, shipping_method, shipping, note,
                             staff_note, for_order, made_by, created_at, updated_at, version)
         values ($1, 'open', $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, 1)",
        &[
            id.into(),
            customer.into(),
            serde_json::to_string(&put.address)?.into(),
            (&put.shipping_method).into(),
            put.shipping.into(),
            (&put.note).into(),
            (&put.staff_note).into(),
            put.for_order.into(),
            actor.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn change(
    tx: &mut Tx,
    id: Id<Draft>,
    customer: Option<Id<Person>>,
    put: &Put,
) -> Result<(), Failure> {
    tx.run(
        "update drafts set person_id = $2, address = $3, shipping_method = $4, shipping = $5,
                note = $6, staff_note = $7, for_order = $8, updated_at = $9, version = version + 1
         where id = $1",
        &[
            id.into(),
            customer.into(),
            serde_json::to_string(&put.address)?.into(),
            (&put.shipping_method).into(),
            put.shipping.into(),
            (&put.note).into(),
            (&put.staff_note).into(),
            put.for_order.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn drop_it(tx: &mut Tx, id: Id<Draft>) -> Result<(), Failure> {
    tx.run(
        "update drafts set status = 'dropped', updated_at = $2, version = version + 1
         where id = $1 and status = 'open'",
        &[id.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Makes it the order it became. Whether it was still to be sent.
pub fn set_sent(tx: &mut Tx, id: Id<Draft>, order: Id<Order>) -> Result<bool, Failure> {
    let sent = tx.run(
        "update drafts set status = 'sent', order_id = $2, updated_at = $3, version = version + 1
         where id = $1 and status = 'open'",
        &[id.into(), order.into(), tx.now.into()],
    )?;
    Ok(sent == 1)
}

pub fn clear_lines(tx: &mut Tx, id: Id<Draft>) -> Result<(), Failure> {
    tx.run("delete from draft_lines where draft_id = $1", &[id.into()])?;
    Ok(())
}

pub fn add_line(
    tx: &mut Tx,
    id: Id<Draft>,
    position: i64,
    line: &PutLine,
    unit: i64,
) -> Result<(), Failure> {
    tx.run(
        "insert into draft_lines (draft_id, position, variant_id, quantity, unit_price, discount,
                                  reason)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            id.into(),
            position.into(),
            line.variant.into(),
            line.quantity.into(),
            unit.into(),
            line.discount.into(),
            (&line.reason).into(),
        ],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx, id: Id<Draft>, lock: &str) -> Result<Found, Failure> {
    if !lock.is_empty() {
        let sql = format!("select id from drafts where id = $1{lock}");
        tx.one(&sql, &[id.into()], |row| row.get::<i64>(0))?;
    }
    let (found, address) = tx.one(
        "select d.status, d.person_id, coalesce(p.name, ''), coalesce(p.email, p.phone, ''),
                d.address, d.shipping_method, d.shipping, d.note, d.staff_note, d.for_order,
                d.order_id, coalesce(s.name, ''), d.created_at, d.updated_at, d.version
         from drafts d left join people p on p.id = d.person_id
         left join people s on s.id = d.made_by where d.id = $1",
        &[id.into()],
        |row| {
            let found = Found {
                status: row.get(0),
                person: row.get(1),
                customer_name: row.get(2),
                customer_contact: row.get(3),
                address: Address::default(),
                shipping_method: row.get(5),
                shipping: row.get(6),
                note: row.get(7),
                staff_note: row.get(8),
                for_order: row.get(9),
                order: row.get(10),
                made_by: row.get(11),
                created_at: row.get(12),
                updated_at: row.get(13),
                version: row.get(14),
            };
            (found, row.get::<String>(4))
        },
    )?;
    Ok(Found { address: serde_json::from_str(&address)?, ..found })
}

pub fn lines(tx: &mut Tx, id: Id<Draft>) -> Result<Vec<LineFound>, Failure> {
    tx.all(
        "select variant_id, quantity, unit_price, discount, reason from draft_lines
         where draft_id = $1 order by position",
        &[id.into()],
        |row| LineFound {
            variant: row.get(0),
            quantity: row.get(1),
            unit: row.get(2),
            discount: row.get(3),
            reason: row.get(4),
        },
    )
}

pub fn note(tx: &mut Tx, order: Id<Order>, actor: Id<Person>, text: &str) -> Result<(), Failure> {
    let id: Id<Note> = tx.id();
    tx.run(
        "insert into order_notes (id, order_id, author_id, text, at) values ($1, $2, $3, $4, $5)",
        &[id.into(), order.into(), actor.into(), text.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn list(
    tx: &mut Tx,
    status: &str,
    before: Option<Id<Draft>>,
    limit: i64,
) -> Result<Vec<DraftCard>, Failure> {
    tx.all(
        "select d.id, d.status, coalesce(p.name, ''),
                coalesce((select t.title from draft_lines l
                    join variants v on v.id = l.variant_id join products t on t.id = v.product_id
                    where l.draft_id = d.id and l.position = 0), ''),
                coalesce((select cast(sum(l.quantity) as bigint) from draft_lines l
                    where l.draft_id = d.id), 0),
                d.order_id, coalesce(s.name, ''), d.updated_at
         from drafts d left join people p on p.id = d.person_id
         left join people s on s.id = d.made_by
         where ($1 = '' or d.status = $1) and d.id < $2 order by d.id desc limit $3",
        &[status.into(), before.map_or(i64::MAX, |id| id.0).into(), limit.into()],
        |row| DraftCard {
            id: row.get(0),
            status: row.get(1),
            customer_name: row.get(2),
            title: row.get(3),
            units: row.get(4),
            order: row.get(5),
            made_by: row.get(6),
            updated_at: row.get(7),
        },
    )
}
