//! A wallet's accounts and postings, the payments it makes, and the table `credit_grants`.

use domain::id::Id;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::payment::Payment;
use domain::person::Person;
use domain::wallet::{Funds, Grant, Purse, TopUp};

use super::{EntryView, WalletCard};
use crate::db::{Insert, Row, Tx};
use crate::failure::Failure;
use crate::order::Found;

fn purse(row: &Row, column: usize) -> Purse {
    Purse::parse(&row.get::<String>(column)).expect("only purses are asked for")
}

fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

pub fn funds(tx: &mut Tx, person: Id<Person>, currency: Currency) -> Result<Funds, Failure> {
    let found = tx.all(
        "select kind, balance - held from accounts
         where kind in ('store_credit', 'prepaid') and owner_id = $1 and currency = $2",
        &[person.into(), currency.code().into()],
        |row| (purse(row, 0), row.get::<i64>(1)),
    )?;
    let of = |purse| found.iter().find(|(kind, _)| *kind == purse).map_or(0, |(_, minor)| *minor);
    Ok(Funds { credit: of(Purse::StoreCredit), prepaid: of(Purse::Prepaid) })
}

/// What somebody can spend of one purse.
pub type Share = (Id<Person>, Currency, Purse, i64);

/// What these people can spend, purse by purse.
pub fn all_funds(tx: &mut Tx, people: &[i64]) -> Result<Vec<Share>, Failure> {
    let sql = "select owner_id, currency, kind, balance - held from accounts
               where kind in ('store_credit', 'prepaid') and owner_id in";
    tx.all_in((sql, &[]), people, "", |row| {
        (row.get(0), currency(row, 1), purse(row, 2), row.get(3))
    })
}

pub fn held(tx: &mut Tx, person: Id<Person>, currency: Currency) -> Result<i64, Failure> {
    tx.one(
        "select coalesce(cast(sum(held) as bigint), 0) from accounts
         where kind in ('store_credit', 'prepaid') and owner_id = $1 and currency = $2",
        &[person.into(), currency.code().into()],
        |row| row.get(0),
    )
}

/// A payment from a purse: captured at once, or promised.
pub fn add_payment(
    tx: &mut Tx,
    order: &Found,
    purse: Purse,
    amount: Money,
    captured: bool,
) -> Result<Id<Payment>, Failure> {
    static PAYMENTS: Insert = Insert::new(
        "payments (id, order_id, provider, reference, pay_url, status, purpose, currency, amount,
                   captured, created_at, updated_at)",
        12,
    );
    let id: Id<Payment> = tx.id();
    let now = tx.now;
    let row = vec![
        id.into(),
        order.id.into(),
        purse.code().into(),
        id.to_string().into(),
        "".into(),
        if captured { "captured" } else { "pending" }.into(),
        "order".into(),
        amount.currency.code().into(),
        amount.minor.into(),
        if captured { amount.minor } else { 0 }.into(),
        now.into(),
        now.into(),
    ];
    if tx.gathers() {
        tx.add(&PAYMENTS, row)?;
    } else {
        tx.run(&PAYMENTS.sql(1), &row)?;
    }
    Ok(id)
}

/// What the wallet promised an order, payment by payment.
pub fn promised(tx: &mut Tx, order: Id<Order>) -> Result<Vec<(Id<Payment>, Money)>, Failure> {
    tx.all(
        "select id, amount, currency from payments where order_id = $1 and status = 'pending'
           and provider in ('store_credit', 'prepaid') order by id",
        &[order.into()],
        |row| (row.get(0), Money::new(row.get(1), currency(row, 2))),
    )
}

/// A promised payment is taken, or will not be.
pub fn end_payment(tx: &mut Tx, payment: Id<Payment>, captured: bool) -> Result<(), Failure> {
    let changed = tx.run(
        "update payments set status = case when $2 = 1 then 'captured' else 'closed' end,
                             captured = case when $2 = 1 then amount else 0 end, updated_at = $3
         where id = $1 and status = 'pending'",
        &[payment.into(), i64::from(captured).into(), tx.now.into()],
    )?;
    assert!(changed == 1, "a promise ends once, under its order's lock");
    Ok(())
}

pub fn add_grant(
    tx: &mut Tx,
    id: Id<Grant>,
    person: Id<Person>,
    amount: Money,
    reason: &str,
    by: Id<Person>,
) -> Result<(), Failure> {
    tx.run(
        "insert into credit_grants (id, person_id, currency, amount, reason, by_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            id.into(),
            person.into(),
            amount.currency.code().into(),
            amount.minor.into(),
            reason.into(),
            by.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// A wallet's postings before a place in the books, the latest first.
pub fn statement(
    tx: &mut Tx,
    person: Id<Person>,
    before: i64,
    limit: i64,
) -> Result<Vec<EntryView>, Failure> {
    // A journal that paid is about a payment, one that paid back about a refund; its owner knows
    // the order of both.
    tx.all(
        "select j.length, a.kind, p.amount, p.currency, j.kind, j.at, j.about, j.about_id,
                coalesce(y.order_id, r.order_id), coalesce(t.top_up_id, 0), g.reason
         from accounts a
         join postings p on p.account_id = a.id
         join journals j on j.id = p.journal_id
         left join payments y on j.about = 'payment' and y.id = j.about_id
         left join refunds r on j.about = 'refund' and r.id = j.about_id
         left join top_up_refunds t on j.about = 'top_up_refund' and t.id = j.about_id
         left join credit_grants g on j.about = 'grant' and g.id = j.about_id
         where a.kind in ('store_credit', 'prepaid') and a.owner_id = $1 and j.length < $2
         order by j.length desc, p.position limit $3",
        &[person.into(), before.into(), limit.into()],
        |row| {
            let (about, id): (String, i64) = (row.get(6), row.get(7));
            let order: Option<Id<Order>> = row.get(8);
            let (about, about_id) = match (about.as_str(), order) {
                (_, Some(order)) => ("order".to_string(), order.to_string()),
                ("top_up", _) => ("top_up".to_string(), Id::<TopUp>::new(id).to_string()),
                ("top_up_refund", _) => {
                    ("top_up".to_string(), Id::<TopUp>::new(row.get(9)).to_string())
                }
                ("grant", _) => ("grant".to_string(), Id::<Grant>::new(id).to_string()),
                (other, _) => (other.to_string(), id.to_string()),
            };
            EntryView {
                number: row.get(0),
                purse: purse(row, 1),
                amount: Money::new(row.get(2), currency(row, 3)),
                kind: row.get(4),
                about,
                about_id,
                reason: row.get::<Option<String>>(10).unwrap_or_default(),
                at: row.get(5),
            }
        },
    )
}

pub fn list(tx: &mut Tx, in_: Currency, limit: i64) -> Result<Vec<WalletCard>, Failure> {
    tx.all(
        "select p.id, p.name,
                cast(sum(case when a.kind = 'store_credit' then a.balance else 0 end) as bigint),
                cast(sum(case when a.kind = 'prepaid' then a.balance else 0 end) as bigint),
                cast(sum(a.held) as bigint)
         from accounts a join people p on p.id = a.owner_id
         where a.kind in ('store_credit', 'prepaid') and a.currency = $1 and a.balance <> 0
         group by p.id, p.name order by sum(a.balance) desc, p.id limit $2",
        &[in_.code().into(), limit.into()],
        |row| WalletCard {
            person: row.get(0),
            name: row.get(1),
            store_credit: Money::new(row.get(2), in_),
            prepaid: Money::new(row.get(3), in_),
            held: Money::new(row.get(4), in_),
        },
    )
}
