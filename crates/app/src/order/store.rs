//! The tables `orders`, `order_lines`, `order_moves` and what is read beside them.

use domain::catalog::Variant;
use domain::group_buy::Team;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::{Actor, Order, Status};
use domain::person::Person;
use domain::place::Address;
use domain::price::list::Why;
use domain::rate::Rate;
use domain::seller::Seller;

use super::{
    By, Found, LineView, MoveView, OrderCard, OrderView, ParcelLine, PickupView, RefundView, Shelf,
    ShipmentView,
};
use crate::db::{Insert, Row, Tx};
use crate::failure::Failure;
use crate::seller;

mod adding;
pub mod lines;
mod paying;

pub use adding::{NewLine, NewOrder, NewStep, add};
pub use paying::{add_refunded, set_paid, set_pay_by, set_promised};

pub fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

pub fn status(row: &Row, column: usize) -> Status {
    status_of(&row.get::<String>(column))
}

/// The state a row says.
pub fn status_of(code: &str) -> Status {
    Status::parse(code).expect("the table holds known states")
}

pub fn find(tx: &mut Tx, order: Id<Order>, lock: &str) -> Result<Found, Failure> {
    tx.one(&format!("{FOUND} = $1{lock}"), &[order.into()], found)
}

/// These orders, locked in the fixed order of their ids.
pub fn find_all_locked(tx: &mut Tx, orders: &[i64]) -> Result<Vec<Found>, Failure> {
    let end = format!("order by id{}", tx.lock());
    tx.all_in((&format!("{FOUND} in"), &[]), orders, &end, found)
}

const FOUND: &str =
    "select id, person_id, status, currency, total, refunded, group_buy_id, team_id,
    pay_by, created_at, paid_at, cancelled_by, seq, promised, seller_id, commission_rate,
    (select count(*) from gifts g where g.order_id = orders.id)
    from orders where id";

fn found(row: &Row) -> Found {
    let currency = currency(row, 3);
    Found {
        id: row.get(0),
        person: row.get(1),
        status: status(row, 2),
        currency,
        total: Money::new(row.get(4), currency),
        refunded: row.get(5),
        group_buy: row.get(6),
        team: row.get(7),
        pay_by: row.get(8),
        created_at: row.get(9),
        paid_at: row.get(10),
        cancelled_by: row.get(11),
        seq: row.get(12),
        promised: row.get(13),
        seller: sold_by(row, 14),
        gift: row.get::<i64>(16) > 0,
    }
}

fn sold_by(row: &Row, column: usize) -> Option<(Id<Seller>, Rate)> {
    let rate = row.get::<Option<i64>>(column + 1).and_then(Rate::from_basis_points);
    row.get::<Option<Id<Seller>>>(column).zip(rate)
}

pub fn set_status(tx: &mut Tx, order: &Found, to: Status) -> Result<bool, Failure> {
    let changed = tx.run(
        "update orders set status = $3, seq = seq + 1 where id = $1 and status = $2",
        &[order.id.into(), order.status.code().into(), to.code().into()],
    )?;
    Ok(changed == 1)
}

pub fn set_cancelled_by(tx: &mut Tx, order: Id<Order>, who: &str) -> Result<(), Failure> {
    tx.run("update orders set cancelled_by = $2 where id = $1", &[order.into(), who.into()])?;
    Ok(())
}

pub fn set_team(tx: &mut Tx, order: Id<Order>, team: Id<Team>) -> Result<(), Failure> {
    tx.run("update orders set team_id = $2 where id = $1", &[order.into(), team.into()])?;
    Ok(())
}

static MOVES: Insert = Insert::new(
    "order_moves (order_id, seq, from_status, to_status, actor, actor_id, reason, at)",
    8,
);

pub fn add_move(
    tx: &mut Tx,
    order: Id<Order>,
    seq: i64,
    from: Option<Status>,
    to: Status,
    by: By,
) -> Result<(), Failure> {
    // An order's history never goes back in time, whatever the clock does.
    tx.run(
        "insert into order_moves
         (order_id, seq, from_status, to_status, actor, actor_id, reason, at)
         values ($1, $2, $3, $4, $5, $6, $7,
                 coalesce((select case when max(at) > $8 then max(at) end from order_moves
                           where order_id = $1), $8))",
        &[
            order.into(),
            seq.into(),
            from.map(Status::code).into(),
            to.code().into(),
            by.actor.code().into(),
            by.person.into(),
            by.reason.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// The same at a moment that is known.
pub fn put_move(
    tx: &mut Tx,
    order: &Found,
    from: Status,
    by: By,
    at: Moment,
) -> Result<(), Failure> {
    tx.add(
        &MOVES,
        vec![
            order.id.into(),
            order.seq.into(),
            from.code().into(),
            order.status.code().into(),
            by.actor.code().into(),
            by.person.into(),
            by.reason.into(),
            at.into(),
        ],
    )
}

pub fn contents(tx: &mut Tx, order: Id<Order>) -> Result<Vec<(Id<Variant>, i64)>, Failure> {
    tx.all(
        "select variant_id, quantity from order_lines where order_id = $1 order by variant_id",
        &[order.into()],
        |row| (row.get(0), row.get(1)),
    )
}

pub fn is_virtual(tx: &mut Tx, order: Id<Order>) -> Result<bool, Failure> {
    let ships: i64 = tx.one(
        "select count(*) from order_lines where order_id = $1 and ships = 1",
        &[order.into()],
        |row| row.get(0),
    )?;
    Ok(ships == 0)
}

pub fn has_bought(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    Ok(!buyers(tx, &[person.0])?.is_empty())
}

pub fn first_paid(tx: &mut Tx, person: Id<Person>) -> Result<Option<Id<Order>>, Failure> {
    tx.maybe(
        "select id from orders where person_id = $1 and paid_at is not null
         order by paid_at, id limit 1",
        &[person.into()],
        |row| row.get(0),
    )
}

/// Who of these have a paid order that was not refunded.
pub fn buyers(tx: &mut Tx, people: &[i64]) -> Result<Vec<Id<Person>>, Failure> {
    let sql = "select distinct person_id from orders where status in
        ('paid', 'awaiting_team', 'awaiting_taker', 'to_ship', 'shipped', 'delivered', 'completed')
        and person_id in";
    tx.all_in((sql, &[]), people, "", |row| row.get(0))
}

pub fn view(tx: &mut Tx, found: &Found) -> Result<OrderView, Failure> {
    let of = |minor: i64| Money::new(minor, found.currency);
    let now = tx.now;
    let (mut view, address) = tx.one(
        "select o.subtotal, o.discount, o.shipping, o.tax, o.address, o.note,
                coalesce(m.name, ''), coalesce(m.name_en, ''), o.gift_message, o.tax_inside,
                (select g.id from gifts g where g.order_id = o.id)
         from orders o left join shipping_methods m on m.id = o.shipping_method_id
         where o.id = $1",
        &[found.id.into()],
        |row| {
            let view = OrderView {
                id: found.id,
                status: found.status,
                lines: Vec::new(),
                subtotal: of(row.get(0)),
                discount: of(row.get(1)),
                shipping: of(row.get(2)),
                tax: of(row.get(3)),
                tax_inside: of(row.get(9)),
                total: found.total,
                refunded: of(found.refunded),
                address: Address::default(),
                shipping_method: row.get(6),
                shipping_method_en: row.get(7),
                note: row.get(5),
                gift_message: row.get(8),
                gift: row.get(10),
                group_buy: found.group_buy,
                team: found.team,
                seller: None,
                created_at: found.created_at,
                pay_by: found.pay_by,
                paid_at: found.paid_at,
                moves: Vec::new(),
                refunds: Vec::new(),
                shipments: Vec::new(),
                pickup: None,
                may_pay: false,
                may_cancel: false,
                may_leave_team: false,
                may_refund: false,
                may_confirm: false,
                may_return: false,
                version: found.seq,
                server_time: now,
            };
            (view, row.get::<String>(4))
        },
    )?;
    view.address = serde_json::from_str(&address)?;
    if let Some(seller) = found.seller_id() {
        view.seller = Some(seller::find(tx, seller)?);
    }
    view.lines = tx.all(
        "select l.variant_id, p.handle, l.title, l.variant_title, l.sku, l.picture, l.quantity,
                l.unit_price, l.discount, l.total, l.id, l.ships, l.shipped,
                l.refunded + case when l.tax_added > 0 then l.tax_back else 0 end, l.in_returns,
                l.tax_added + l.tax_inside, l.tax_rate, l.price_why, l.ordinary_price, l.removed,
                l.gift
         from order_lines l join products p on p.id = l.product_id
         where l.order_id = $1 order by l.position",
        &[found.id.into()],
        |row| LineView {
            id: row.get(10),
            variant: row.get(0),
            handle: row.get(1),
            title: row.get(2),
            variant_title: row.get(3),
            sku: row.get(4),
            picture: row.get(5),
            quantity: row.get(6),
            unit_price: of(row.get(7)),
            discount: of(row.get(8)),
            total: of(row.get(9)),
            ships: row.get(11),
            shipped: row.get(12),
            refunded: of(row.get(13)),
            in_returns: row.get(14),
            tax: of(row.get(15)),
            tax_rate: row.get(16),
            because: Why::parse(&row.get::<String>(17)).unwrap_or(Why::Ordinary),
            ordinary_price: row.get::<Option<i64>>(18).map(of),
            removed: row.get(19),
            gift: row.get(20),
        },
    )?;
    view.moves = tx.all(
        "select m.from_status, m.to_status, m.actor, p.name, m.reason, m.at
         from order_moves m left join people p on p.id = m.actor_id and m.actor = 'staff'
         where m.order_id = $1 order by m.seq",
        &[found.id.into()],
        |row| MoveView {
            from: row.get::<Option<String>>(0).and_then(|code| Status::parse(&code)),
            to: status(row, 1),
            actor: Actor::parse(&row.get::<String>(2)).unwrap_or(Actor::System),
            staff: row.get(3),
            reason: row.get(4),
            at: row.get(5),
        },
    )?;
    view.refunds = tx.all(
        "select r.id, r.reason, r.amount, r.status, r.updated_at, y.provider
         from refunds r join payments y on y.id = r.payment_id
         where r.order_id = $1 order by r.id",
        &[found.id.into()],
        |row| RefundView {
            id: row.get(0),
            reason: row.get(1),
            amount: of(row.get(2)),
            status: row.get(3),
            at: row.get(4),
            provider: row.get(5),
        },
    )?;
    view.shipments = shipments(tx, found.id)?;
    view.pickup = tx.maybe(
        "select p.id, p.name, p.address, p.phone, p.hours, u.code, u.collected_at
         from pickups u join pickup_points p on p.id = u.point_id where u.order_id = $1",
        &[found.id.into()],
        |row| PickupView {
            point: row.get(0),
            name: row.get(1),
            address: row.get(2),
            phone: row.get(3),
            hours: row.get(4),
            code: row.get(5),
            collected_at: row.get(6),
        },
    )?;
    Ok(view)
}

fn shipments(tx: &mut Tx, order: Id<Order>) -> Result<Vec<ShipmentView>, Failure> {
    let mut shipments = tx.all(
        "select id, carrier, tracking, shipped_at, delivered_at from shipments
         where order_id = $1 order by id",
        &[order.into()],
        |row| ShipmentView {
            id: row.get(0),
            carrier: row.get(1),
            tracking: row.get(2),
            shipped_at: row.get(3),
            delivered_at: row.get(4),
            lines: Vec::new(),
        },
    )?;
    if shipments.is_empty() {
        return Ok(shipments);
    }
    let lines = tx.all(
        "select l.shipment_id, l.line_id, l.quantity
         from shipment_lines l join shipments s on s.id = l.shipment_id
         where s.order_id = $1 order by l.shipment_id, l.line_id",
        &[order.into()],
        |row| {
            let line = ParcelLine { line: row.get(1), quantity: row.get(2) };
            (row.get::<Id<domain::order::Shipment>>(0), line)
        },
    )?;
    for (shipment, line) in lines {
        let shipment = shipments.iter_mut().find(|known| known.id == shipment);
        shipment.expect("its own lines were asked for").lines.push(line);
    }
    Ok(shipments)
}

/// The states on a shelf.
fn shelf_sql(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::All => "1 = 1",
        Shelf::ToPay => "o.status = 'pending_payment'",
        Shelf::InTeam => "o.status in ('awaiting_team', 'awaiting_taker')",
        Shelf::ToReceive => "o.status in ('to_ship', 'shipped')",
        Shelf::Ended => {
            "o.status in ('delivered', 'completed', 'cancelled', 'refunding', 'refunded',
                          'late_paid')"
        }
    }
}

pub fn mine(
    tx: &mut Tx,
    person: Id<Person>,
    shelf: Shelf,
    before: Option<Id<Order>>,
    limit: i64,
) -> Result<Vec<OrderCard>, Failure> {
    let sql = format!(
        "select o.id, o.status, o.currency, o.total, o.refunded,
                (select cast(sum(quantity) as bigint) from order_lines where order_id = o.id),
                l.title, l.variant_title, l.picture, o.team_id, o.created_at, o.pay_by
         from orders o join order_lines l on l.order_id = o.id and l.position = 0
         where o.person_id = $1 and o.id < $2 and {} order by o.id desc limit $3",
        shelf_sql(shelf)
    );
    let before = before.map_or(i64::MAX, |id| id.0);
    tx.all(&sql, &[person.into(), before.into(), limit.into()], |row| {
        let currency = currency(row, 2);
        OrderCard {
            id: row.get(0),
            status: status(row, 1),
            total: Money::new(row.get(3), currency),
            refunded: Money::new(row.get(4), currency),
            units: row.get(5),
            title: row.get(6),
            variant_title: row.get(7),
            picture: row.get(8),
            team: row.get(9),
            created_at: row.get(10),
            pay_by: row.get(11),
        }
    })
}
