//! The tables `after_sales`, `after_sale_lines`, `after_sale_pictures` and `after_sale_moves`.

use domain::after_sale::{AfterSale, Kind, Reason, Status};
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::{Line, Order};

use super::{Found, LineFound, ParcelView, ReturnPicture, WeighedLine};
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::file::picture::Prepared;
use crate::order::By;

mod shown;

pub use shown::{count, desk, exchange_choices, list, may_exchange, mine, of_order, offered, view};

pub fn status(row: &Row, column: usize) -> Status {
    Status::parse(&row.get::<String>(column)).expect("the table holds known states")
}

pub fn kind(row: &Row, column: usize) -> Kind {
    Kind::parse(&row.get::<String>(column)).expect("the table holds known kinds")
}

pub fn reason(row: &Row, column: usize) -> Reason {
    Reason::parse(&row.get::<String>(column)).expect("the table holds known reasons")
}

pub fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

pub fn find(tx: &mut Tx, id: Id<AfterSale>, lock: &str) -> Result<Found, Failure> {
    let sql = format!(
        "select id, order_id, person_id, kind, status, currency, shipping, tracking, holds_units,
                due_at, seq
         from after_sales where id = $1{lock}"
    );
    tx.one(&sql, &[id.into()], |row| Found {
        id: row.get(0),
        order: row.get(1),
        person: row.get(2),
        kind: kind(row, 3),
        status: status(row, 4),
        currency: currency(row, 5),
        shipping: row.get(6),
        sent_back: row.get::<Option<String>>(7).is_some(),
        holds_units: row.get(8),
        due_at: row.get(9),
        seq: row.get(10),
    })
}

pub fn add(tx: &mut Tx, found: &Found, why: Reason, told: &str) -> Result<(), Failure> {
    tx.run(
        "insert into after_sales (id, order_id, person_id, kind, reason, told, status, currency,
                                  holds_units, due_at, created_at, seq)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            found.id.into(),
            found.order.into(),
            found.person.into(),
            found.kind.code().into(),
            why.code().into(),
            told.into(),
            found.status.code().into(),
            found.currency.code().into(),
            found.holds_units.into(),
            found.due_at.into(),
            tx.now.into(),
            found.seq.into(),
        ],
    )?;
    Ok(())
}

pub fn add_line(tx: &mut Tx, id: Id<AfterSale>, line: &WeighedLine) -> Result<(), Failure> {
    tx.run(
        "insert into after_sale_lines
         (after_sale_id, order_line_id, quantity, worth, asked, exchange_for)
         values ($1, $2, $3, $4, $5, $6)",
        &[
            id.into(),
            line.line.into(),
            line.quantity.into(),
            line.worth.minor.into(),
            line.amount.minor.into(),
            line.exchange_for.into(),
        ],
    )?;
    Ok(())
}

pub fn add_picture(
    tx: &mut Tx,
    id: Id<AfterSale>,
    position: i64,
    (file, thumb): (&str, &str),
    picture: &Prepared,
) -> Result<(), Failure> {
    tx.run(
        "insert into after_sale_pictures
         (after_sale_id, position, file, thumb, width, height, color)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            id.into(),
            position.into(),
            file.into(),
            thumb.into(),
            picture.width.into(),
            picture.height.into(),
            (&picture.color).into(),
        ],
    )?;
    Ok(())
}

pub fn pictures(tx: &mut Tx, id: Id<AfterSale>) -> Result<Vec<ReturnPicture>, Failure> {
    tx.all(
        "select file, thumb, width, height, color from after_sale_pictures
         where after_sale_id = $1 order by position",
        &[id.into()],
        |row| ReturnPicture {
            file: format!("/files/{}", row.get::<String>(0)),
            thumb: format!("/files/{}", row.get::<String>(1)),
            width: row.get(2),
            height: row.get(3),
            color: row.get(4),
        },
    )
}

pub fn set_status(
    tx: &mut Tx,
    found: &Found,
    to: Status,
    due_at: Option<Moment>,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "update after_sales set status = $3, due_at = $4, seq = seq + 1
         where id = $1 and status = $2 and seq = $5",
        &[
            found.id.into(),
            found.status.code().into(),
            to.code().into(),
            due_at.into(),
            found.seq.into(),
        ],
    )?;
    Ok(changed == 1)
}

pub fn add_move(
    tx: &mut Tx,
    found: &Found,
    from: Option<Status>,
    by: By,
    told: &str,
) -> Result<(), Failure> {
    // A history never goes back in time, whatever the clock does.
    tx.run(
        "insert into after_sale_moves
         (after_sale_id, seq, from_status, to_status, actor, actor_id, reason, told, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8,
                 coalesce((select case when max(at) > $9 then max(at) end from after_sale_moves
                           where after_sale_id = $1), $9))",
        &[
            found.id.into(),
            found.seq.into(),
            from.map(Status::code).into(),
            found.status.code().into(),
            by.actor.code().into(),
            by.person.into(),
            by.reason.into(),
            told.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// One more row of its history is to come, with no other state.
pub fn count_move(tx: &mut Tx, id: Id<AfterSale>) -> Result<(), Failure> {
    tx.run("update after_sales set seq = seq + 1 where id = $1", &[id.into()])?;
    Ok(())
}

pub fn set_terms(
    tx: &mut Tx,
    id: Id<AfterSale>,
    shipping: i64,
    return_to: &str,
) -> Result<(), Failure> {
    tx.run(
        "update after_sales set shipping = $2, return_to = $3 where id = $1",
        &[id.into(), shipping.into(), return_to.into()],
    )?;
    Ok(())
}

pub fn set_kind(tx: &mut Tx, id: Id<AfterSale>, kind: Kind) -> Result<(), Failure> {
    tx.run("update after_sales set kind = $2 where id = $1", &[id.into(), kind.code().into()])?;
    Ok(())
}

pub fn clear_due(tx: &mut Tx, id: Id<AfterSale>) -> Result<(), Failure> {
    tx.run("update after_sales set due_at = null where id = $1", &[id.into()])?;
    Ok(())
}

pub fn let_units_go(tx: &mut Tx, id: Id<AfterSale>) -> Result<(), Failure> {
    tx.run("update after_sales set holds_units = 0 where id = $1", &[id.into()])?;
    Ok(())
}

pub fn set_parcel(tx: &mut Tx, id: Id<AfterSale>, parcel: &ParcelView) -> Result<(), Failure> {
    tx.run(
        "update after_sales set carrier = $2, tracking = $3 where id = $1",
        &[id.into(), (&parcel.carrier).into(), (&parcel.tracking).into()],
    )?;
    Ok(())
}

pub fn set_sent_parcel(tx: &mut Tx, id: Id<AfterSale>, parcel: &ParcelView) -> Result<(), Failure> {
    tx.run(
        "update after_sales set sent_carrier = $2, sent_tracking = $3 where id = $1",
        &[id.into(), (&parcel.carrier).into(), (&parcel.tracking).into()],
    )?;
    Ok(())
}

/// Its lines, in the order of the order's.
pub fn lines(tx: &mut Tx, id: Id<AfterSale>) -> Result<Vec<LineFound>, Failure> {
    tx.all(
        "select a.order_line_id, l.variant_id, l.title, a.quantity, a.asked, a.agreed,
                a.exchange_for, a.kept, a.sellable, a.damaged
         from after_sale_lines a join order_lines l on l.id = a.order_line_id
         where a.after_sale_id = $1 order by l.position",
        &[id.into()],
        |row| LineFound {
            line: row.get(0),
            variant: row.get(1),
            title: row.get(2),
            quantity: row.get(3),
            asked: row.get(4),
            agreed: row.get(5),
            exchange_for: row.get::<Option<Id<Variant>>>(6),
            kept: row.get(7),
            sellable: row.get(8),
            damaged: row.get(9),
        },
    )
}

/// What units of a line are worth that are asked for, and what went back of it in returns.
pub fn of_line(tx: &mut Tx, line: Id<Line>) -> Result<(i64, i64), Failure> {
    tx.one(
        "select coalesce(cast(sum(case when s.holds_units = 1 then a.worth else 0 end) as bigint),
                         0),
                coalesce(cast(sum(a.refunded) as bigint), 0)
         from after_sale_lines a join after_sales s on s.id = a.after_sale_id
         where a.order_line_id = $1",
        &[line.into()],
        |row| (row.get(0), row.get(1)),
    )
}

fn change_line(
    tx: &mut Tx,
    id: Id<AfterSale>,
    line: Id<Line>,
    what: &str,
    n: i64,
) -> Result<(), Failure> {
    let sql = format!(
        "update after_sale_lines set {what} where after_sale_id = $1 and order_line_id = $2"
    );
    tx.run(&sql, &[id.into(), line.into(), n.into()])?;
    Ok(())
}

pub fn set_agreed(
    tx: &mut Tx,
    id: Id<AfterSale>,
    line: Id<Line>,
    minor: i64,
) -> Result<(), Failure> {
    change_line(tx, id, line, "agreed = $3", minor)
}

pub fn set_kept(tx: &mut Tx, id: Id<AfterSale>, line: Id<Line>, n: i64) -> Result<(), Failure> {
    change_line(tx, id, line, "kept = $3", n)
}

/// What was kept is sent.
pub fn set_sent(tx: &mut Tx, id: Id<AfterSale>, line: Id<Line>) -> Result<(), Failure> {
    change_line(tx, id, line, "sent = kept, kept = $3", 0)
}

pub fn set_condition(
    tx: &mut Tx,
    id: Id<AfterSale>,
    line: Id<Line>,
    sellable: i64,
    damaged: i64,
) -> Result<(), Failure> {
    change_line(tx, id, line, "sellable = $3", sellable)?;
    change_line(tx, id, line, "damaged = $3", damaged)
}

/// What was agreed is promised.
pub fn set_refunded(tx: &mut Tx, id: Id<AfterSale>) -> Result<(), Failure> {
    tx.run(
        "update after_sale_lines set refunded = coalesce(agreed, asked) where after_sale_id = $1",
        &[id.into()],
    )?;
    Ok(())
}

pub fn is_open(tx: &mut Tx, order: Id<Order>) -> Result<bool, Failure> {
    let open = tx.maybe(
        "select id from after_sales where order_id = $1
         and status not in ('refunded', 'replaced', 'closed', 'withdrawn') limit 1",
        &[order.into()],
        |row| row.get::<i64>(0),
    )?;
    Ok(open.is_some())
}

/// An amount in the currency of a return.
pub fn money(found: &Found, minor: i64) -> Money {
    Money::new(minor, found.currency)
}
