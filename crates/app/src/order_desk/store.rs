//! What the order desk reads and writes beside an order: parcels, buyers, payments.

use domain::id::Id;
use domain::ledger::Account;
use domain::money::{Currency, Money};
use domain::order::{Order, Shipment, Status};
use domain::payment;

use super::{DeskView, PaymentView};
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::order::{self, OrderView, ParcelLine};

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
        "select id, quantity - shipped - removed from order_lines
         where order_id = $1 and ships = 1 and shipped + removed < quantity order by position",
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
            | Status::AwaitingTaker
            | Status::ToShip
            | Status::Shipped
            | Status::Delivered
            | Status::Completed
    );
    let due = order::find(tx, id)?.due();
    Ok(DeskView {
        buyer,
        due,
        buyer_name,
        buyer_contact,
        buyer_orders,
        payments,
        sharer,
        may_ship: order.status == Status::ToShip && order.pickup.is_none(),
        may_refund,
        team_status: team_status.and_then(|code| domain::group_buy::TeamStatus::parse(&code)),
        gift: None,
        tags: Vec::new(),
        notes: Vec::new(),
        hints: Vec::new(),
        may_reprice: false,
        may_edit: false,
        may_readdress: false,
        order,
    })
}
