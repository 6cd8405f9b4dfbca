//! A seller's statements: what a month brought, what was kept and given back, what went to them. A
//! month that is over is settled by the shop, and is what it is from then on.

use describe::ToSchema;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::person::Permission;
use domain::seller::{Month, Refusal, Seller, Settlement};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store::{self, Sums};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, seller, shop, staff_act};

/// How long after its end a month can be settled: what was begun in it has ended by then.
const AFTER: Span = Span::hours(1);

/// A month of a seller's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SellerMonth)]
pub struct MonthView {
    pub seller: Id<Seller>,
    /// `2026-11`.
    pub month: String,
    /// What they were owed when it began; less than nothing where they owed.
    pub opening: Money,
    /// How many orders were completed.
    pub orders: i64,
    /// What buyers paid for the goods of those.
    pub goods: Money,
    /// What they paid for shipping, and tax that was added.
    pub other: Money,
    /// What the shop kept, less what it gave back with refunds.
    pub commission: Money,
    /// What went back to buyers; less than nothing.
    pub refunds: Money,
    /// What went to the seller; less than nothing.
    pub splits: Money,
    /// What they were owed when it ended.
    pub closing: Money,
    /// The number of the statement, once the month is settled.
    pub number: Option<String>,
    pub settled_at: Option<Moment>,
    /// Whether it can be settled now.
    pub may_settle: bool,
}

/// Something that a seller's account was credited or debited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SellerEntry)]
pub struct EntryView {
    /// sale, refund, split.
    pub kind: String,
    pub order: Id<Order>,
    pub goods: Money,
    pub other: Money,
    pub commission: Money,
    pub amount: Money,
    pub at: Moment,
}

/// A month with everything that is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SellerStatement)]
pub struct StatementView {
    pub seller: seller::Card,
    pub month: MonthView,
    pub entries: Vec<EntryView>,
}

/// A seller's account in one currency.
type Of = (Id<Seller>, Currency);

/// Where a month begins and ends.
fn bounds(month: Month) -> Result<(Moment, Moment), Failure> {
    let at = |month: Month| {
        let about = month.start(Span(0));
        Ok::<Moment, Failure>(month.start(shop::zone_at(about)?))
    };
    Ok((at(month)?, at(month.plus(1))?))
}

fn frozen(tx: &mut Tx, of: Of, month: Month) -> Result<Option<(Sums, String, Moment)>, Failure> {
    tx.maybe(
        "select opening, orders, goods, other, commission, refunds, splits, closing, number,
                settled_at from settlements
         where seller_id = $1 and currency = $2 and month = $3",
        &[of.0.into(), of.1.code().into(), month.number().into()],
        |row| {
            let sums = Sums {
                opening: row.get(0),
                orders: row.get(1),
                goods: row.get(2),
                other: row.get(3),
                commission: row.get(4),
                refunds: row.get(5),
                splits: row.get(6),
                closing: row.get(7),
            };
            (sums, row.get(8), row.get(9))
        },
    )
}

fn month_view(tx: &mut Tx, of: Of, month: Month) -> Result<MonthView, Failure> {
    let (from, to) = bounds(month)?;
    let settled = frozen(tx, of, month)?;
    let sums = match &settled {
        Some((sums, ..)) => *sums,
        None => store::sums(tx, of, from, to)?,
    };
    // Nobody is asked to settle a month in which nothing was.
    let waits = settled.is_none() && sums != Sums::default();
    let may_settle = waits && may_settle(tx, of, (from, to)).is_ok();
    let money = |minor| Money::new(minor, of.1);
    Ok(MonthView {
        seller: of.0,
        month: month.to_string(),
        opening: money(sums.opening),
        orders: sums.orders,
        goods: money(sums.goods),
        other: money(sums.other),
        commission: money(sums.commission),
        refunds: money(sums.refunds),
        splits: money(sums.splits),
        closing: money(sums.closing),
        number: settled.as_ref().map(|(_, number, _)| number.clone()),
        settled_at: settled.map(|(.., at)| at),
        may_settle,
    })
}

/// Whether a month can be settled: it is over, and everything before it is settled.
fn may_settle(tx: &mut Tx, of: Of, (from, to): (Moment, Moment)) -> Result<(), Failure> {
    if tx.now < to.plus(AFTER) {
        return Err(Refusal::MonthNotOver.into());
    }
    let open = tx.maybe(
        "select 1 from seller_entries where seller_id = $1 and currency = $2 and at < $3
           and at >= coalesce((select max(to_at) from settlements
                               where seller_id = $1 and currency = $2), 0) limit 1",
        &[of.0.into(), of.1.code().into(), from.into()],
        |_| (),
    )?;
    if open.is_some() { Err(Refusal::EarlierMonth.into()) } else { Ok(()) }
}

/// The currency that is meant: the shop's own when none is said.
pub fn with_currency(app: &App, said: Option<&str>) -> Result<Currency, Failure> {
    match said.filter(|said| !said.is_empty()) {
        Some(said) => Currency::parse(said).ok_or(Failure::NotFound),
        None => app.read(|tx| Ok(shop::get(tx)?.currency)),
    }
}

/// A seller's months in one currency, the newest first: from the first that brought anything to
/// this one, at most ten years of them.
pub fn months(
    app: &App,
    visitor: &Visitor,
    seller: Id<Seller>,
    currency: Currency,
) -> Result<Vec<MonthView>, Failure> {
    visitor.counter_reader(Permission::Sellers)?.sees(Some(seller))?;
    app.read(|tx| {
        seller::find(tx, seller)?;
        let first = tx.one(
            "select coalesce(min(at), 0) from seller_entries
             where seller_id = $1 and currency = $2",
            &[seller.into(), currency.code().into()],
            |row| row.get::<Moment>(0),
        )?;
        let zone = shop::zone_at(tx.now)?;
        let mut month = Month::of(tx.now, zone);
        let mut months = vec![month_view(tx, (seller, currency), month)?];
        if first.0 > 0 {
            let first = Month::of(first, shop::zone_at(first)?);
            while month > first && months.len() < 120 {
                month = month.plus(-1);
                months.push(month_view(tx, (seller, currency), month)?);
            }
        }
        Ok(months)
    })
}

/// One month of a seller's.
pub fn statement(
    app: &App,
    visitor: &Visitor,
    seller: Id<Seller>,
    month: Month,
    currency: Currency,
) -> Result<StatementView, Failure> {
    visitor.counter_reader(Permission::Sellers)?.sees(Some(seller))?;
    app.read(|tx| {
        let card = seller::find(tx, seller)?;
        let (from, to) = bounds(month)?;
        let money = |minor| Money::new(minor, currency);
        let entries = tx.all(
            "select kind, order_id, goods, other, commission, amount, at from seller_entries
             where seller_id = $1 and currency = $2 and at >= $3 and at < $4
             order by at, kind desc, about_id",
            &[seller.into(), currency.code().into(), from.into(), to.into()],
            |row| EntryView {
                kind: row.get(0),
                order: row.get(1),
                goods: money(row.get(2)),
                other: money(row.get(3)),
                commission: money(row.get(4)),
                amount: money(row.get(5)),
                at: row.get(6),
            },
        )?;
        let month = month_view(tx, (seller, currency), month)?;
        Ok(StatementView { seller: card, month, entries })
    })
}

/// The same as a file: a line for each entry, amounts as they are written.
pub fn csv(
    app: &App,
    visitor: &Visitor,
    seller: Id<Seller>,
    month: Month,
    currency: Currency,
) -> Result<String, Failure> {
    let statement = statement(app, visitor, seller, month, currency)?;
    let mut file = String::from("at,kind,order,goods,other,commission,amount,balance,currency\r\n");
    let mut balance = statement.month.opening;
    for entry in &statement.entries {
        balance = balance.plus(entry.amount);
        let cells = [
            entry.at.rfc3339(),
            entry.kind.clone(),
            entry.order.to_string(),
            entry.goods.decimal(),
            entry.other.decimal(),
            entry.commission.negated().decimal(),
            entry.amount.decimal(),
            balance.decimal(),
            currency.code().to_string(),
        ];
        // Ids, codes and numbers of ours: nothing that would have to be quoted.
        file.push_str(&cells.join(","));
        file.push_str("\r\n");
    }
    Ok(file)
}

/// Settles a month that is over: its sums stand from then on, under a number, and are those of the
/// books. The same month again is the same settlement.
pub fn settle(
    app: &App,
    visitor: &Visitor,
    seller: Id<Seller>,
    month: Month,
    currency: Currency,
) -> Result<MonthView, Failure> {
    let actor = visitor.staff(Permission::Sellers)?;
    let of = (seller, currency);
    app.act(visitor, "seller.settle", |tx| {
        // Two who settle at once take turns.
        let lock = format!("select handle from sellers where id = $1{}", tx.lock());
        let handle = tx.one(&lock, &[seller.into()], |row| row.get::<String>(0))?;
        if frozen(tx, of, month)?.is_some() {
            return month_view(tx, of, month);
        }
        let (from, to) = bounds(month)?;
        let sums = store::sums(tx, of, from, to)?;
        may_settle(tx, of, (from, to))?;
        if store::booked(tx, of, to)? != sums.closing {
            return Err(Failure::broken("a seller's statement is not what the books say"));
        }
        let number = format!("{}-{month}-{}", handle.to_uppercase(), currency.code());
        let id: Id<Settlement> = tx.id();
        tx.run(
            "insert into settlements (id, seller_id, month, currency, number, from_at, to_at,
                 opening, orders, goods, other, commission, refunds, splits, closing, settled_at,
                 settled_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            &[
                id.into(),
                seller.into(),
                month.number().into(),
                currency.code().into(),
                (&number).into(),
                from.into(),
                to.into(),
                sums.opening.into(),
                sums.orders.into(),
                sums.goods.into(),
                sums.other.into(),
                sums.commission.into(),
                sums.refunds.into(),
                sums.splits.into(),
                sums.closing.into(),
                tx.now.into(),
                actor.into(),
            ],
        )?;
        let detail = json!({ "number": number, "closing": sums.closing }).to_string();
        staff_act::record(tx, actor, "seller.settle", ("seller", seller.0), &detail)?;
        month_view(tx, of, month)
    })
}
