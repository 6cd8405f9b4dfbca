//! The tables `seller_entries`, `splits` and `settlements`.

use domain::id::Id;
use domain::ledger::Account;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::payment::Payment;
use domain::seller::{Part, Seller, Split};

use super::SplitView;
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::order::Found;

fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

/// What of an order's goods is in no refund, without tax that was added.
pub fn goods_left(tx: &mut Tx, order: &Found) -> Result<Money, Failure> {
    let sql = "select cast(coalesce(sum(total - refunded), 0) as bigint) from order_lines
               where order_id = $1";
    let minor = tx.one(sql, &[order.id.into()], |row| row.get(0))?;
    Ok(Money::new(minor, order.currency))
}

/// What was parted of an order so far, refunds included.
pub fn kept(tx: &mut Tx, order: &Found) -> Result<Part, Failure> {
    let of = |minor| Money::new(minor, order.currency);
    tx.one(
        "select cast(coalesce(sum(goods), 0) as bigint), cast(coalesce(sum(other), 0) as bigint),
                cast(coalesce(sum(commission), 0) as bigint),
                cast(coalesce(sum(amount), 0) as bigint)
         from seller_entries where order_id = $1 and kind <> 'split'",
        &[order.id.into()],
        |row| Part {
            goods: of(row.get(0)),
            other: of(row.get(1)),
            commission: of(row.get(2)),
            net: of(row.get(3)),
        },
    )
}

pub fn add_entry(
    tx: &mut Tx,
    (kind, about): (&str, i64),
    seller: Id<Seller>,
    order: Id<Order>,
    part: &Part,
) -> Result<(), Failure> {
    tx.run(
        "insert into seller_entries (kind, about_id, seller_id, order_id, currency, goods, other,
                                     commission, amount, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            kind.into(),
            about.into(),
            seller.into(),
            order.into(),
            part.net.currency.code().into(),
            part.goods.minor.into(),
            part.other.minor.into(),
            part.commission.minor.into(),
            part.net.minor.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// What of an account is not promised.
pub fn free(tx: &mut Tx, account: Id<Account>) -> Result<i64, Failure> {
    let sql = "select balance - held from accounts where id = $1";
    tx.one(sql, &[account.into()], |row| row.get(0))
}

/// The payment an order was paid with.
pub fn paid_by(tx: &mut Tx, order: Id<Order>) -> Result<Option<Id<Payment>>, Failure> {
    tx.maybe(
        "select id from payments
         where order_id = $1 and status = 'captured' and purpose = 'order' order by id limit 1",
        &[order.into()],
        |row| row.get(0),
    )
}

/// Whether the order had none yet.
pub fn add_split(
    tx: &mut Tx,
    id: Id<Split>,
    order: &Found,
    seller: Id<Seller>,
    payment: Id<Payment>,
    amount: Money,
) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into splits (id, order_id, seller_id, payment_id, currency, amount, status,
                             receiver, theirs, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, 'pending', '', '', $7, $7)
         on conflict (order_id) do nothing",
        &[
            id.into(),
            order.id.into(),
            seller.into(),
            payment.into(),
            amount.currency.code().into(),
            amount.minor.into(),
            tx.now.into(),
        ],
    )?;
    Ok(added == 1)
}

/// A split with what the provider needs.
pub struct Sending {
    pub order: Id<Order>,
    pub seller: Id<Seller>,
    pub seller_name: String,
    pub provider: String,
    pub reference: String,
    pub theirs: String,
    pub paid: Money,
    pub amount: Money,
    /// The provider's name for the split, once it has taken it on.
    pub underway: String,
    pub asked_at: Moment,
}

const SENDING: &str = "select s.order_id, s.seller_id, l.name, y.provider, y.reference, y.theirs,
    y.amount, s.amount, s.currency, s.theirs, s.created_at
    from splits s join sellers l on l.id = s.seller_id join payments y on y.id = s.payment_id
    where s.id = $1 and s.status = 'pending'";

fn sending_of(row: &Row) -> Sending {
    let currency = currency(row, 8);
    Sending {
        order: row.get(0),
        seller: row.get(1),
        seller_name: row.get(2),
        provider: row.get(3),
        reference: row.get(4),
        theirs: row.get(5),
        paid: Money::new(row.get(6), currency),
        amount: Money::new(row.get(7), currency),
        underway: row.get(9),
        asked_at: row.get(10),
    }
}

/// The split, if it is not gone yet.
pub fn sending(tx: &mut Tx, id: Id<Split>) -> Result<Option<Sending>, Failure> {
    tx.maybe(SENDING, &[id.into()], sending_of)
}

/// The same, with the split locked: an order is locked before its split.
pub fn sending_to_change(tx: &mut Tx, id: Id<Split>) -> Result<Option<Sending>, Failure> {
    let lock = format!("select id from splits where id = $1{}", tx.lock());
    tx.maybe(&lock, &[id.into()], |_| ())?;
    sending(tx, id)
}

/// Ends a pending split. Whether it was pending.
pub fn finish(tx: &mut Tx, id: Id<Split>, receiver: &str, theirs: &str) -> Result<bool, Failure> {
    let changed = tx.run(
        "update splits set status = 'succeeded', receiver = $2, theirs = $3, updated_at = $4
         where id = $1 and status = 'pending'",
        &[id.into(), receiver.into(), theirs.into(), tx.now.into()],
    )?;
    Ok(changed == 1)
}

pub fn set_underway(tx: &mut Tx, id: Id<Split>, theirs: &str) -> Result<(), Failure> {
    tx.run(
        "update splits set theirs = $2, updated_at = $3 where id = $1 and status = 'pending'",
        &[id.into(), theirs.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn splits(
    tx: &mut Tx,
    seller: Id<Seller>,
    before: Option<Id<Split>>,
    limit: i64,
) -> Result<Vec<SplitView>, Failure> {
    tx.all(
        "select s.id, s.order_id, y.provider, s.amount, s.currency, s.status, s.receiver,
                s.updated_at
         from splits s join payments y on y.id = s.payment_id
         where s.seller_id = $1 and s.id < $2 order by s.id desc limit $3",
        &[seller.into(), before.map_or(i64::MAX, |id| id.0).into(), limit.into()],
        |row| SplitView {
            id: row.get(0),
            order: row.get(1),
            provider: row.get(2),
            amount: Money::new(row.get(3), currency(row, 4)),
            status: row.get(5),
            receiver: row.get(6),
            at: row.get(7),
        },
    )
}

/// What happened in a seller's account between two moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub opening: i64,
    pub orders: i64,
    pub goods: i64,
    pub other: i64,
    pub commission: i64,
    pub refunds: i64,
    pub splits: i64,
    pub closing: i64,
}

pub fn sums(
    tx: &mut Tx,
    (seller, currency): (Id<Seller>, Currency),
    from: Moment,
    to: Moment,
) -> Result<Sums, Failure> {
    let mut sums = tx.one(
        "select
            cast(coalesce(sum(case when at < $3 then amount else 0 end), 0) as bigint),
            cast(coalesce(sum(case when at >= $3 and kind = 'sale' then 1 else 0 end), 0)
                 as bigint),
            cast(coalesce(sum(case when at >= $3 and kind = 'sale' then goods else 0 end), 0)
                 as bigint),
            cast(coalesce(sum(case when at >= $3 and kind = 'sale' then other else 0 end), 0)
                 as bigint),
            cast(coalesce(sum(case when at >= $3 then commission else 0 end), 0) as bigint),
            cast(coalesce(sum(case when at >= $3 and kind = 'refund' then goods + other
                 else 0 end), 0) as bigint),
            cast(coalesce(sum(case when at >= $3 and kind = 'split' then amount else 0 end), 0)
                 as bigint)
         from seller_entries where seller_id = $1 and currency = $2 and at < $4",
        &[seller.into(), currency.code().into(), from.into(), to.into()],
        |row| Sums {
            opening: row.get(0),
            orders: row.get(1),
            goods: row.get(2),
            other: row.get(3),
            commission: row.get(4),
            refunds: row.get(5),
            splits: row.get(6),
            closing: 0,
        },
    )?;
    sums.closing =
        sums.opening + sums.goods + sums.other + sums.refunds - sums.commission + sums.splits;
    Ok(sums)
}

/// What the books say a seller was owed at a moment.
pub fn booked(
    tx: &mut Tx,
    (seller, currency): (Id<Seller>, Currency),
    to: Moment,
) -> Result<i64, Failure> {
    tx.one(
        "select cast(coalesce(sum(p.amount), 0) as bigint) from accounts a
         join postings p on p.account_id = a.id join journals j on j.id = p.journal_id
         where a.kind = 'seller_payable' and a.owner_id = $1 and a.currency = $2 and j.at < $3",
        &[seller.into(), currency.code().into(), to.into()],
        |row| row.get(0),
    )
}
