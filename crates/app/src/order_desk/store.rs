//! What the order desk reads and writes beside an order: parcels, buyers, payments.

use domain::id::Id;
use domain::ledger::Account;
use domain::money::{Currency, Money};
use domain::order::{Order, Shipment, Status};
use domain::payment;

use super::{DeskRow, DeskView, Filter, PaymentView};
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::order::{OrderView, ParcelLine};

pub fn add_shipment(
    tx: &mut Tx,
    order: Id<Order>,
    carrier: &str,
    tracking: &str,
    lines: &[ParcelLine],
) -> Result<(), Failure> {
    let id: Id<Shipment> = tx.id();
    tx.run(
        "insert into shipments (id, order_id, carrier, tracking, shipped_at)
         values ($1, $2, $3, $4, $5)",
        &[id.into(), order.into(), carrier.into(), tracking.into(), tx.now.into()],
    )?;
    for line in lines {
        tx.run(
            "insert into shipment_lines (shipment_id, line_id, quantity) values ($1, $2, $3)",
            &[id.into(), line.line.into(), line.quantity.into()],
        )?;
        tx.run(
            "update order_lines set shipped = shipped + $2 where id = $1",
            &[line.line.into(), line.quantity.into()],
        )?;
    }
    Ok(())
}

/// What is in the parcel of an order with this number, if there is one.
pub fn parcel(
    tx: &mut Tx,
    order: Id<Order>,
    tracking: &str,
) -> Result<Option<Vec<ParcelLine>>, Failure> {
    let held = tx.all(
        "select l.line_id, l.quantity
         from shipments s join shipment_lines l on l.shipment_id = s.id
         where s.order_id = $1 and s.tracking = $2 order by l.line_id",
        &[order.into(), tracking.into()],
        |row| ParcelLine { line: row.get(0), quantity: row.get(1) },
    )?;
    Ok(Some(held).filter(|held| !held.is_empty()))
}

/// The units of an order that are not in a parcel yet.
pub fn unshipped(tx: &mut Tx, order: Id<Order>) -> Result<Vec<ParcelLine>, Failure> {
    tx.all(
        "select id, quantity - shipped from order_lines
         where order_id = $1 and ships = 1 and shipped < quantity order by position",
        &[order.into()],
        |row| ParcelLine { line: row.get(0), quantity: row.get(1) },
    )
}

pub fn has_parcels(tx: &mut Tx, order: Id<Order>) -> Result<bool, Failure> {
    let sql = "select count(*) from shipments where order_id = $1";
    Ok(tx.one(sql, &[order.into()], |row| row.get::<i64>(0))? > 0)
}

pub fn set_delivered(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    tx.run(
        "update shipments set delivered_at = $2 where order_id = $1 and delivered_at is null",
        &[order.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Whether its buyer fetches it.
pub fn is_fetched(tx: &mut Tx, order: Id<Order>) -> Result<bool, Failure> {
    let sql = "select count(*) from pickups where order_id = $1";
    Ok(tx.one(sql, &[order.into()], |row| row.get::<i64>(0))? > 0)
}

/// What an account has that is not promised.
pub fn free_escrow(tx: &mut Tx, account: Id<Account>) -> Result<i64, Failure> {
    tx.one("select balance - held from accounts where id = $1", &[account.into()], |row| row.get(0))
}

fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

fn status(row: &Row, column: usize) -> Status {
    Status::parse(&row.get::<String>(column)).expect("the table holds known states")
}

pub fn desk(tx: &mut Tx, order: OrderView) -> Result<DeskView, Failure> {
    let id = order.id;
    let (buyer, buyer_name, buyer_contact, buyer_orders, team_status) = tx.one(
        "select p.id, p.name, coalesce(p.email, p.phone),
                (select count(*) from orders x
                 where x.person_id = p.id and x.paid_at is not null),
                (select t.status from teams t where t.id = o.team_id)
         from orders o join people p on p.id = o.person_id where o.id = $1",
        &[id.into()],
        |row| {
            let team: Option<String> = row.get(4);
            (row.get(0), row.get(1), row.get(2), row.get(3), team)
        },
    )?;
    let payments = tx.all(
        "select id, provider, status, purpose, currency, amount, captured, updated_at
         from payments where order_id = $1 order by id",
        &[id.into()],
        |row| PaymentView {
            id: row.get(0),
            provider: row.get(1),
            status: payment::Status::parse(&row.get::<String>(2)).expect("a known state"),
            purpose: row.get(3),
            amount: Money::new(row.get(5), currency(row, 4)),
            captured: row.get::<i64>(6) > 0,
            updated_at: row.get(7),
        },
    )?;
    let sharer = tx.maybe(
        "select p.name from orders o join visits v on v.id = o.visit_id
         join share_links l on l.id = v.link_id join people p on p.id = l.person_id
         where o.id = $1",
        &[id.into()],
        |row| row.get(0),
    )?;
    let may_refund = matches!(
        order.status,
        Status::PendingPayment
            | Status::AwaitingTeam
            | Status::ToShip
            | Status::Shipped
            | Status::Delivered
            | Status::Completed
    );
    Ok(DeskView {
        buyer,
        buyer_name,
        buyer_contact,
        buyer_orders,
        payments,
        sharer,
        may_ship: order.status == Status::ToShip && order.pickup.is_none(),
        may_refund,
        team_status: team_status.and_then(|code| domain::group_buy::TeamStatus::parse(&code)),
        order,
    })
}

pub fn list(
    tx: &mut Tx,
    filter: &Filter,
    before: Option<Id<Order>>,
    limit: i64,
) -> Result<Vec<DeskRow>, Failure> {
    let query = filter.query.trim().to_lowercase();
    let exact = Id::<Order>::parse(&query).map_or(0, |id| id.0);
    let like = format!("%{query}%");
    let in_team = match filter.in_team {
        None => -1,
        Some(in_team) => i64::from(in_team),
    };
    tx.all(
        "select o.id, o.status, p.name, l.title,
                (select cast(sum(quantity) as bigint) from order_lines where order_id = o.id),
                o.currency, o.total, o.refunded, o.team_id, o.created_at, o.paid_at
         from orders o join people p on p.id = o.person_id
         join order_lines l on l.order_id = o.id and l.position = 0
         where o.id < $1 and ($2 = '' or o.status = $2)
           and (cast($3 as bigint) = -1 or (cast($3 as bigint) = 1) = (o.team_id is not null))
           and ($4 = '%%' or o.id = $5 or lower(p.name) like $4
                or coalesce(p.email, '') like $4 or coalesce(p.phone, '') like $4
                or exists (select 1 from shipments s where s.order_id = o.id
                           and lower(s.tracking) like $4))
           and o.created_at >= $6
         order by o.id desc limit $7",
        &[
            before.map_or(i64::MAX, |id| id.0).into(),
            filter.status.map_or("", Status::code).into(),
            in_team.into(),
            like.into(),
            exact.into(),
            filter.placed_after.map_or(0, |moment| moment.0).into(),
            limit.into(),
        ],
        |row| {
            let currency = currency(row, 5);
            DeskRow {
                id: row.get(0),
                status: status(row, 1),
                buyer_name: row.get(2),
                title: row.get(3),
                units: row.get(4),
                total: Money::new(row.get(6), currency),
                refunded: Money::new(row.get(7), currency),
                team: row.get(8),
                created_at: row.get(9),
                paid_at: row.get(10),
            }
        },
    )
}

pub fn counts(tx: &mut Tx) -> Result<Vec<(Status, i64)>, Failure> {
    tx.all("select status, count(*) from orders group by status", &[], |row| {
        (status(row, 0), row.get(1))
    })
}
