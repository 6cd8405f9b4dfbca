//! What is shown of returns: joined with what the order, the goods and people are called.

use domain::after_sale::AfterSale;
use domain::catalog::Variant;
use domain::id::Id;
use domain::money::Money;
use domain::order::{Actor, Order};
use domain::person::Person;
use domain::seller::Seller;

use super::super::{
    DeskReturn, ExchangeChoice, Found, OfferedLine, ParcelView, Queue, ReturnCard, ReturnLine,
    ReturnMove, ReturnView,
};
use super::{currency, kind, money, pictures, reason, status};
use crate::db::{Row, Tx, Value};
use crate::failure::Failure;
use crate::order::LineFound;

/// A line of an order as it is offered to be returned.
pub fn offered(
    tx: &mut Tx,
    line: &LineFound,
    left: i64,
    worth: Money,
) -> Result<OfferedLine, Failure> {
    tx.one(
        "select title, variant_title, picture from order_lines where id = $1",
        &[line.id.into()],
        |row| OfferedLine {
            line: line.id,
            title: row.get(0),
            variant_title: row.get(1),
            picture: row.get(2),
            quantity: line.quantity,
            left,
            worth,
            portions: Vec::new(),
            exchange: Vec::new(),
        },
    )
}

const CHOICES: &str = "from variants v join variants w on w.product_id = v.product_id
    left join stock s on s.variant_id = v.id
    where w.id = $1 and (v.id = w.id or v.archived = 0) and v.price = w.price
      and v.currency = w.currency
      and (v.tracked = 0 or v.oversell = 1 or coalesce(s.available, 0) > 0)";

fn titled(row: &Row, from: usize) -> String {
    let options = (from..from + 3).map(|column| row.get::<String>(column));
    let said: Vec<String> =
        options.filter(|text| !text.is_empty() && text != "Default Title").collect();
    said.join(" / ")
}

/// What can be sent instead of a variant: of the same product, at the same price.
pub fn exchange_choices(tx: &mut Tx, variant: Id<Variant>) -> Result<Vec<ExchangeChoice>, Failure> {
    let sql = format!("select v.id, v.option1, v.option2, v.option3 {CHOICES} order by v.position");
    tx.all(&sql, &[variant.into()], |row| ExchangeChoice {
        variant: row.get(0),
        title: titled(row, 1),
    })
}

/// Whether one variant can be sent instead of another.
pub fn may_exchange(tx: &mut Tx, from: Id<Variant>, to: Id<Variant>) -> Result<bool, Failure> {
    let sql = format!("select v.id {CHOICES} and v.id = $2");
    Ok(tx.maybe(&sql, &[from.into(), to.into()], |row| row.get::<i64>(0))?.is_some())
}

pub fn view(tx: &mut Tx, found: &Found) -> Result<ReturnView, Failure> {
    let now = tx.now;
    let parcel = |carrier: Option<String>, tracking: Option<String>| {
        carrier.zip(tracking).map(|(carrier, tracking)| ParcelView { carrier, tracking })
    };
    let mut view = tx.one(
        "select reason, told, return_to, carrier, tracking, sent_carrier, sent_tracking, created_at
         from after_sales where id = $1",
        &[found.id.into()],
        |row| ReturnView {
            id: found.id,
            order: found.order,
            kind: found.kind,
            reason: reason(row, 0),
            text: row.get(1),
            status: found.status,
            lines: Vec::new(),
            pictures: Vec::new(),
            shipping: money(found, found.shipping),
            amount: money(found, 0),
            refunded: money(found, 0),
            return_to: row.get(2),
            parcel: parcel(row.get(3), row.get(4)),
            sent: parcel(row.get(5), row.get(6)),
            due_at: found.due_at,
            moves: Vec::new(),
            created_at: row.get(7),
            may_withdraw: false,
            may_escalate: false,
            may_send: false,
            may_add_pictures: false,
            version: found.seq,
            server_time: now,
        },
    )?;
    view.lines = lines(tx, found)?;
    view.pictures = pictures(tx, found.id)?;
    view.moves = moves(tx, found.id)?;
    let goods = view.lines.iter().map(|line| line.agreed.unwrap_or(line.asked));
    view.amount = goods.fold(view.shipping, Money::plus);
    let promised = view.lines.iter().map(|line| line.refunded);
    view.refunded = promised.fold(money(found, 0), Money::plus);
    if !view.refunded.is_zero() {
        view.refunded = view.refunded.plus(view.shipping);
    }
    Ok(view)
}

fn lines(tx: &mut Tx, found: &Found) -> Result<Vec<ReturnLine>, Failure> {
    tx.all(
        "select a.order_line_id, l.title, l.variant_title, l.picture, a.quantity, a.worth, a.asked,
                a.agreed, a.refunded, a.sellable, a.damaged, a.exchange_for,
                coalesce(v.option1, ''), coalesce(v.option2, ''), coalesce(v.option3, ''), a.sent
         from after_sale_lines a join order_lines l on l.id = a.order_line_id
         left join variants v on v.id = a.exchange_for
         where a.after_sale_id = $1 order by l.position",
        &[found.id.into()],
        |row| ReturnLine {
            line: row.get(0),
            title: row.get(1),
            variant_title: row.get(2),
            picture: row.get(3),
            quantity: row.get(4),
            worth: money(found, row.get(5)),
            asked: money(found, row.get(6)),
            agreed: row.get::<Option<i64>>(7).map(|minor| money(found, minor)),
            refunded: money(found, row.get(8)),
            sellable: row.get(9),
            damaged: row.get(10),
            exchange_for: row.get(11),
            exchange_title: titled(row, 12),
            sent: row.get(15),
        },
    )
}

fn moves(tx: &mut Tx, id: Id<AfterSale>) -> Result<Vec<ReturnMove>, Failure> {
    tx.all(
        "select m.from_status, m.to_status, m.actor, p.name, m.reason, m.told, m.at
         from after_sale_moves m left join people p on p.id = m.actor_id and m.actor = 'staff'
         where m.after_sale_id = $1 order by m.seq",
        &[id.into()],
        |row| ReturnMove {
            from: row.get::<Option<String>>(0).map(|_| status(row, 0)),
            to: status(row, 1),
            actor: Actor::parse(&row.get::<String>(2)).unwrap_or(Actor::System),
            staff: row.get(3),
            reason: row.get(4),
            text: row.get(5),
            at: row.get(6),
        },
    )
}

const CARD: &str = "select s.id, s.order_id, s.kind, s.reason, s.status, l.title, l.variant_title,
        l.picture, s.currency,
        (select cast(sum(quantity) as bigint) from after_sale_lines where after_sale_id = s.id),
        (select cast(sum(coalesce(agreed, asked)) as bigint) from after_sale_lines
         where after_sale_id = s.id) + s.shipping,
        p.name, s.due_at, s.created_at
    from after_sales s join people p on p.id = s.person_id
    join order_lines l on l.id = (select x.id from after_sale_lines a
        join order_lines x on x.id = a.order_line_id
        where a.after_sale_id = s.id order by x.position limit 1)";

fn card(row: &Row) -> ReturnCard {
    ReturnCard {
        id: row.get(0),
        order: row.get(1),
        kind: kind(row, 2),
        reason: reason(row, 3),
        status: status(row, 4),
        title: row.get(5),
        variant_title: row.get(6),
        picture: row.get(7),
        units: row.get(9),
        amount: Money::new(row.get(10), currency(row, 8)),
        buyer_name: row.get(11),
        due_at: row.get(12),
        created_at: row.get(13),
    }
}

pub fn mine(
    tx: &mut Tx,
    person: Id<Person>,
    before: Option<Id<AfterSale>>,
    limit: i64,
) -> Result<Vec<ReturnCard>, Failure> {
    let sql = format!("{CARD} where s.person_id = $1 and s.id < $2 order by s.id desc limit $3");
    let before = before.map_or(i64::MAX, |id| id.0);
    tx.all(&sql, &[person.into(), before.into(), limit.into()], card)
}

pub fn of_order(tx: &mut Tx, order: Id<Order>) -> Result<Vec<ReturnCard>, Failure> {
    let sql = format!("{CARD} where s.order_id = $1 order by s.id desc");
    tx.all(&sql, &[order.into()], card)
}

/// The states in a queue.
fn queue_sql(queue: Queue) -> &'static str {
    match queue {
        Queue::ToAnswer => "s.status = 'requested'",
        Queue::ToReceive => {
            "(s.status = 'returned' or (s.status = 'received' and s.kind = 'exchange'))"
        }
        Queue::Escalated => "s.status = 'escalated'",
        Queue::Waiting => {
            "(s.status in ('approved', 'refused', 'awaiting_return')
              or (s.status = 'received' and s.kind <> 'exchange'))"
        }
        Queue::All => "1 = 1",
    }
}

pub fn list(
    tx: &mut Tx,
    queue: Queue,
    seller: Option<Id<Seller>>,
    before: Option<Id<AfterSale>>,
    limit: i64,
) -> Result<Vec<ReturnCard>, Failure> {
    let sql = format!(
        "{CARD} where {}{} and s.id < $1 order by s.id desc limit $2",
        queue_sql(queue),
        of_seller(seller)
    );
    tx.all(&sql, &[before.map_or(i64::MAX, |id| id.0).into(), limit.into()], card)
}

pub fn count(tx: &mut Tx, queue: Queue, seller: Option<Id<Seller>>) -> Result<i64, Failure> {
    let of_seller = of_seller(seller);
    let sql = format!("select count(*) from after_sales s where {}{of_seller}", queue_sql(queue));
    tx.one(&sql, &[], |row| row.get(0))
}

/// Only returns of this seller's orders.
fn of_seller(seller: Option<Id<Seller>>) -> String {
    seller.map_or(String::new(), |id| {
        format!(" and s.order_id in (select id from orders where seller_id = {})", id.0)
    })
}

pub fn desk(tx: &mut Tx, after_sale: ReturnView) -> Result<DeskReturn, Failure> {
    let params: [Value; 1] = [after_sale.id.into()];
    tx.one(
        "select p.id, p.name, coalesce(p.email, p.phone),
                (select count(*) from orders x
                 where x.person_id = p.id and x.paid_at is not null),
                (select count(*) from after_sales y where y.person_id = p.id),
                o.total, o.refunded,
                o.shipping + o.shipping_tax_added - o.shipping_refunded, o.currency,
                coalesce((select l.return_address from sellers l where l.id = o.seller_id),
                         (select return_address from shop))
         from after_sales s join orders o on o.id = s.order_id
         join people p on p.id = s.person_id where s.id = $1",
        &params,
        |row| {
            let of = |minor| Money::new(minor, currency(row, 8));
            DeskReturn {
                after_sale: after_sale.clone(),
                buyer: row.get(0),
                buyer_name: row.get(1),
                buyer_contact: row.get(2),
                buyer_orders: row.get(3),
                buyer_returns: row.get(4),
                order_total: of(row.get(5)),
                order_refunded: of(row.get(6)),
                shipping_left: of(row.get(7)),
                has_address: !row.get::<String>(9).is_empty(),
                may_answer: false,
                may_receive: false,
                may_replace: false,
                may_pay_instead: false,
                may_decide: false,
            }
        },
    )
}
