//! Everything that happened to an order in one list: moves, money, parcels, what its buyer was
//! told, what staff wrote, did and changed.

use describe::ToSchema;
use domain::id::Id;
use domain::moment::Moment;
use domain::order::Order;
use domain::person::Permission;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::{App, Visitor, order};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderMoment)]
pub struct Happened {
    pub at: Moment,
    /// move, payment, refund, parcel, told, note, act, change, return.
    pub kind: String,
    /// What of that kind: a state, a notice, an act.
    pub code: String,
    /// Why, or what exactly, as it was written.
    pub detail: String,
    /// shopper, staff, provider or system.
    pub actor: String,
    /// The name of the member of staff; nobody else's.
    pub who: Option<String>,
    /// Amounts and the like.
    #[schema(value_type = Object)]
    pub args: Value,
}

/// What happened to an order, the last first.
pub fn get(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<Vec<Happened>, Failure> {
    let counter = visitor.counter_reader(Permission::Orders)?;
    app.read(|tx| {
        counter.sees(order::find(tx, id)?.seller_id())?;
        let mut all = all(tx, id)?;
        if counter.seller.is_some() {
            // What the shop's staff wrote down is theirs.
            all.retain(|one| one.kind != "note");
        }
        Ok(all)
    })
}

fn happened(row: &Row, kind: &str) -> Happened {
    Happened {
        at: row.get(0),
        kind: kind.to_string(),
        code: row.get(1),
        detail: row.get(2),
        actor: row.get(3),
        who: row.get(4),
        args: json!({}),
    }
}

fn all(tx: &mut Tx, id: Id<Order>) -> Result<Vec<Happened>, Failure> {
    let found = order::find(tx, id)?;
    let key = [id.into()];
    let mut all = tx.all(
        "select m.at, m.to_status, m.reason, m.actor, p.name from order_moves m
         left join people p on p.id = m.actor_id and m.actor = 'staff'
         where m.order_id = $1 order by m.seq",
        &key,
        |row| happened(row, "move"),
    )?;
    let code = found.currency.code();
    let money = |row: &Row, column: usize| {
        let minor: i64 = row.get(column);
        json!({ "minor": minor, "currency": code })
    };
    let amount = |row: &Row, column: usize| json!({ "amount": money(row, column) });
    all.extend(tx.all(
        "select updated_at, status, provider, case when provider in ('store_credit', 'prepaid')
                then 'shopper' when provider = 'offline' then 'staff' else 'provider' end,
                null, amount
         from payments
         where order_id = $1 order by id",
        &key,
        |row| Happened { args: amount(row, 5), ..happened(row, "payment") },
    )?);
    all.extend(tx.all(
        "select r.updated_at, r.status, r.reason, case when p.id is null then 'system' else
                'staff' end, p.name, r.amount
         from refunds r left join people p on p.id = r.asked_by and p.role <> 'shopper'
         where r.order_id = $1 order by r.id",
        &key,
        |row| Happened { args: amount(row, 5), ..happened(row, "refund") },
    )?);
    all.extend(tx.all(
        "select shipped_at, 'sent', carrier || ' ' || tracking, 'staff', null from shipments
         where order_id = $1 order by id",
        &key,
        |row| happened(row, "parcel"),
    )?);
    all.extend(tx.all(
        "select created_at, kind, '', 'system', null from notices
         where person_id = $2 and about = 'order' and about_id = $1 order by id",
        &[id.into(), found.person.into()],
        |row| happened(row, "told"),
    )?);
    all.extend(tx.all(
        "select n.at, 'note', n.text, 'staff', p.name from order_notes n
         left join people p on p.id = n.author_id where n.order_id = $1 order by n.id",
        &key,
        |row| happened(row, "note"),
    )?);
    // What has an entry of its own is not told twice.
    all.extend(tx.all(
        "select a.at, a.action, a.detail, 'staff', p.name from staff_acts a
         left join people p on p.id = a.actor_id
         where a.about = 'order' and a.about_id = $1 and a.action not in
            ('order.note', 'order.price', 'order.address', 'order.out', 'order.swap')
         order by a.id",
        &key,
        |row| happened(row, "act"),
    )?);
    all.extend(tx.all(
        "select c.at, c.kind, c.reason, 'staff', p.name, c.before, c.after, c.total_before,
                c.total_after, c.refund
         from order_changes c left join people p on p.id = c.actor_id
         where c.order_id = $1 order by c.id",
        &key,
        |row| {
            let read = |column| {
                serde_json::from_str::<Value>(&row.get::<String>(column)).unwrap_or_default()
            };
            let money =
                |column: usize| json!({ "minor": row.get::<i64>(column), "currency": code });
            let args = json!({
                "before": read(5), "after": read(6), "total_before": money(7),
                "total_after": money(8), "refund": money(9),
            });
            Happened { args, ..happened(row, "change") }
        },
    )?);
    all.extend(tx.all(
        "select m.at, m.to_status, m.told, m.actor, p.name from after_sale_moves m
         join after_sales s on s.id = m.after_sale_id
         left join people p on p.id = m.actor_id and m.actor = 'staff'
         where s.order_id = $1 order by m.after_sale_id, m.seq",
        &key,
        |row| happened(row, "return"),
    )?);
    // Stable: what happened at one moment stays in the order it was read.
    all.reverse();
    all.sort_by_key(|one| std::cmp::Reverse(one.at));
    Ok(all)
}
