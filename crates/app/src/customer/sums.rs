//! What orders come to for each customer. It is read from the log after the orders were decided, so
//! that nobody who buys waits for it; staff who look at the list read on first.

use domain::id::Id;
use domain::person::Person;

use crate::App;
use crate::db::Tx;
use crate::failure::Failure;

/// On PostgreSQL a transaction may commit after one with a later id: so far back is read again.
const BACK_MILLIS: i64 = 10_000;
/// So many entries of the log are read in one transaction.
const BATCH: i64 = 2_000;

/// Counts anew whoever's orders moved since it was last done.
pub fn catch_up(app: &App) -> Result<(), Failure> {
    // Most of the time nothing happened, and nothing is written.
    let waits = |tx: &mut Tx| {
        let cursor = cursor(tx)?;
        Ok(!fresh(tx, cursor, 1)?.is_empty())
    };
    while app.read(waits)? {
        let read = app.write(|tx| {
            let sql = format!("select cursor from customer_reading{}", tx.lock());
            let cursor: i64 = tx.one(&sql, &[], |row| row.get(0))?;
            let entries = fresh(tx, cursor, BATCH)?;
            let Some(last) = entries.iter().map(|(id, _)| *id).max() else { return Ok(0) };
            let back = cursor - (BACK_MILLIS << domain::id::CHOSEN_BITS);
            let mut people = people_of(tx, back, last)?;
            people.sort_unstable();
            people.dedup();
            for person in people {
                count(tx, Id::new(person))?;
            }
            tx.run("update customer_reading set cursor = $1", &[last.into()])?;
            Ok(entries.len())
        })?;
        if (read as i64) < BATCH {
            break;
        }
    }
    Ok(())
}

fn cursor(tx: &mut Tx) -> Result<i64, Failure> {
    tx.one("select cursor from customer_reading", &[], |row| row.get(0))
}

/// Entries after the cursor that are about money, with what they are about.
fn fresh(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<(i64, i64)>, Failure> {
    tx.all(
        "select id, about_id from events where id > $1 and about in ('order', 'refund')
         order by id limit $2",
        &[after.into(), limit.into()],
        |row| (row.get(0), row.get(1)),
    )
}

/// Whose orders those are.
fn people_of(tx: &mut Tx, after: i64, to: i64) -> Result<Vec<i64>, Failure> {
    tx.all(
        "select o.person_id from events e join orders o on o.id = e.about_id
         where e.id > $1 and e.id <= $2 and e.about = 'order'
         union select o.person_id from events e join refunds r on r.id = e.about_id
            join orders o on o.id = r.order_id
         where e.id > $1 and e.id <= $2 and e.about = 'refund'",
        &[after.into(), to.into()],
        |row| row.get(0),
    )
}

/// Counts one customer's orders that were paid. Amounts are of those in the shop's own currency.
pub(super) fn count(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    planted!("customer_not_counted", return Ok(()));
    tx.run(
        "insert into customer_sums (person_id, orders, spent, refunded, net, first_order_at,
                                    last_order_at, counted_at)
         select cast($1 as bigint), count(*),
                cast(coalesce(sum(case when o.currency = s.currency
                                       then o.total else 0 end), 0) as bigint),
                cast(coalesce(sum(case when o.currency = s.currency
                                       then o.refunded else 0 end), 0) as bigint),
                cast(coalesce(sum(case when o.currency = s.currency
                                       then o.total - o.refunded else 0 end), 0) as bigint),
                min(o.created_at), max(o.created_at), cast($2 as bigint)
         from orders o, shop s where o.person_id = $1 and o.paid_at is not null
         on conflict (person_id) do update
         set orders = excluded.orders, spent = excluded.spent, refunded = excluded.refunded,
             net = excluded.net, first_order_at = excluded.first_order_at,
             last_order_at = excluded.last_order_at, counted_at = excluded.counted_at",
        &[person.into(), tx.now.into()],
    )?;
    Ok(())
}
