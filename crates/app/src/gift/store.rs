//! The table `gifts`, and what of an order belongs to a gift.

use domain::gift::{Gift, State};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::Order;
use domain::person::Person;
use domain::place::Address;
use domain::shipping::Method;

use super::Found;
use super::view::{GiftCard, GiftGoods, GiftParcel};
use crate::db::{Row, Tx};
use crate::failure::Failure;

pub fn add(
    tx: &mut Tx,
    (order, giver): (Id<Order>, Id<Person>),
    card: &str,
    life: Span,
    secret: &str,
) -> Result<(), Failure> {
    let id: Id<Gift> = tx.id();
    tx.run(
        "insert into gifts (id, order_id, giver_id, card, life, secret, state, created_at)
         values ($1, $2, $3, $4, $5, $6, 'waiting', $7)",
        &[
            id.into(),
            order.into(),
            giver.into(),
            card.into(),
            life.0.into(),
            secret.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

const FOUND: &str = "select g.id, g.order_id, g.giver_id, g.card, g.life, g.secret, g.state,
            g.deadline, t.person_id, t.at
     from gifts g left join gift_takers t on t.gift_id = g.id";

fn found(row: &Row) -> Found {
    let state = State::read(&row.get::<String>(6), row.get(8));
    Found {
        gift: Gift {
            id: row.get(0),
            order: row.get(1),
            giver: row.get(2),
            // It begins to run when it is paid.
            deadline: row.get::<Option<Moment>>(7).unwrap_or(Moment(0)),
            state: state.expect("the table holds known states"),
        },
        card: row.get(3),
        life: Span(row.get(4)),
        secret: row.get(5),
        taken_at: row.get(9),
    }
}

pub fn find(tx: &mut Tx, id: Id<Gift>) -> Result<Found, Failure> {
    tx.one(&format!("{FOUND} where g.id = $1"), &[id.into()], found)
}

pub fn of_order(tx: &mut Tx, order: Id<Order>) -> Result<Found, Failure> {
    tx.one(&format!("{FOUND} where g.order_id = $1"), &[order.into()], found)
}

/// Whether it waited for its money.
pub fn open(tx: &mut Tx, id: Id<Gift>, deadline: Moment) -> Result<bool, Failure> {
    let changed = tx.run(
        "update gifts set state = 'open', deadline = $2 where id = $1 and state = 'waiting'",
        &[id.into(), deadline.into()],
    )?;
    Ok(changed == 1)
}

/// Whether it was still there.
pub fn take(tx: &mut Tx, id: Id<Gift>, person: Id<Person>) -> Result<bool, Failure> {
    let changed = tx.run(
        "update gifts set state = 'taken' where id = $1 and state = 'open' and deadline > $2",
        &[id.into(), tx.now.into()],
    )?;
    if changed != 1 {
        return Ok(false);
    }
    tx.run(
        "insert into gift_takers (gift_id, person_id, at) values ($1, $2, $3)",
        &[id.into(), person.into(), tx.now.into()],
    )?;
    Ok(true)
}

/// Whether nobody had it.
pub fn give_back(tx: &mut Tx, id: Id<Gift>) -> Result<bool, Failure> {
    let changed = tx.run(
        "update gifts set state = 'returned', returned_at = $2 where id = $1 and state = 'open'",
        &[id.into(), tx.now.into()],
    )?;
    Ok(changed == 1)
}

/// Whoever comes last has it: a fault that is planted.
#[cfg(feature = "planted")]
pub fn give_anew(tx: &mut Tx, id: Id<Gift>, person: Id<Person>) -> Result<(), Failure> {
    let sql = "update gift_takers set person_id = $2, at = $3 where gift_id = $1";
    tx.run(sql, &[id.into(), person.into(), tx.now.into()])?;
    Ok(())
}

pub fn set_address(tx: &mut Tx, order: Id<Order>, to: &Address) -> Result<(), Failure> {
    let text = serde_json::to_string(to)?;
    tx.run("update orders set address = $2 where id = $1", &[order.into(), text.into()])?;
    Ok(())
}

pub fn address(tx: &mut Tx, order: Id<Order>) -> Result<Address, Failure> {
    let sql = "select address from orders where id = $1";
    let text: String = tx.one(sql, &[order.into()], |row| row.get(0))?;
    Ok(serde_json::from_str(&text)?)
}

pub fn method(tx: &mut Tx, order: Id<Order>) -> Result<Option<Id<Method>>, Failure> {
    let sql = "select shipping_method_id from orders where id = $1";
    tx.one(sql, &[order.into()], |row| row.get(0))
}

/// What its first line is called.
pub fn title(tx: &mut Tx, order: Id<Order>) -> Result<String, Failure> {
    let sql = "select title from order_lines where order_id = $1 order by position limit 1";
    tx.one(sql, &[order.into()], |row| row.get(0))
}

pub fn name(tx: &mut Tx, person: Id<Person>) -> Result<String, Failure> {
    tx.one("select name from people where id = $1", &[person.into()], |row| row.get(0))
}

/// What is in it, without what it cost.
pub fn goods(tx: &mut Tx, order: Id<Order>) -> Result<Vec<GiftGoods>, Failure> {
    tx.all(
        "select title, variant_title, picture, quantity from order_lines where order_id = $1
         order by position",
        &[order.into()],
        |row| GiftGoods {
            title: row.get(0),
            variant_title: row.get(1),
            picture: row.get(2),
            quantity: row.get(3),
        },
    )
}

pub fn parcels(tx: &mut Tx, order: Id<Order>) -> Result<Vec<GiftParcel>, Failure> {
    tx.all(
        "select carrier, tracking, shipped_at, delivered_at from shipments where order_id = $1
         order by id",
        &[order.into()],
        |row| GiftParcel {
            carrier: row.get(0),
            tracking: row.get(1),
            shipped_at: row.get(2),
            delivered_at: row.get(3),
        },
    )
}

/// Somebody's latest gifts: those they gave, or those they took.
pub fn mine(tx: &mut Tx, person: Id<Person>, given: bool) -> Result<Vec<GiftCard>, Failure> {
    let (whose, other) = match given {
        true => ("g.giver_id", "t.person_id"),
        false => ("t.person_id", "g.giver_id"),
    };
    let sql = format!(
        "select g.id, g.state, l.title, l.picture, p.name, o.status, g.created_at from gifts g
         left join gift_takers t on t.gift_id = g.id
         join orders o on o.id = g.order_id
         join order_lines l on l.order_id = o.id and l.position = 0
         left join people p on p.id = {other}
         where {whose} = $1 order by g.id desc limit 100"
    );
    tx.all(&sql, &[person.into()], |row| GiftCard {
        id: row.get(0),
        state: row.get(1),
        title: row.get(2),
        picture: row.get(3),
        with: row.get::<Option<String>>(4).unwrap_or_default(),
        status: crate::order::status_of(&row.get::<String>(5)),
        created_at: row.get(6),
    })
}
