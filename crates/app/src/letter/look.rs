//! What is found by looking, not told: payments about to run out, teams about to end, goods that
//! can be fetched, stock that runs low. Once a minute, so that whoever orders waits for none of it.

use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::Person;
use serde_json::json;

use crate::App;
use crate::catalog::LOW;
use crate::catalog::goods::title_of;
use crate::db::Tx;
use crate::failure::Failure;
use crate::notice;

use super::tell_staff;

/// So many of each at a time; the next look sees the rest.
const MOST: i64 = 500;
/// Whoever just ordered is at it still.
const AT_IT: Span = Span::minutes(5);
/// A team that ends within this is about to.
const ENDING: Span = Span::hours(2);
/// So many goods are named in one letter.
const NAMED: usize = 8;

/// Looks once around.
pub fn look(app: &App) -> Result<(), Failure> {
    app.write(unpaid)?;
    app.write(ending)?;
    app.write(ready)?;
    app.write(low)
}

/// Whether somebody was not reminded of this yet; from now on they were.
fn first(tx: &mut Tx, letter: &str, about: i64, person: Id<Person>) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into reminders (letter, about_id, person_id, at) values ($1, $2, $3, $4)
         on conflict (letter, about_id, person_id) do nothing",
        &[letter.into(), about.into(), person.into(), tx.now.into()],
    )?;
    Ok(added == 1)
}

/// Orders past the half of their time to pay.
fn unpaid(tx: &mut Tx) -> Result<(), Failure> {
    let sql = "select o.id, o.person_id from orders o
        where o.status = 'pending_payment' and o.pay_by > $1 and o.created_at < $2
          and o.pay_by - $1 < $1 - o.created_at
          and not exists (select 1 from reminders r where r.letter = 'order_unpaid'
                          and r.about_id = o.id and r.person_id = o.person_id)
        order by o.pay_by limit $3";
    let early = tx.now.minus(AT_IT);
    let found = tx.all(sql, &[tx.now.into(), early.into(), MOST.into()], |row| {
        (row.get::<i64>(0), row.get::<Id<Person>>(1))
    })?;
    for (order, person) in found {
        if first(tx, "order_unpaid", order, person)? {
            notice::tell(tx, person, "order_unpaid", "order", order, json!({}))?;
        }
    }
    Ok(())
}

/// Teams that are short of people and of time: whoever paid for a place can still ask somebody.
fn ending(tx: &mut Tx) -> Result<(), Failure> {
    let sql = "select t.id, p.person_id, t.need - t.confirmed, t.deadline
        from teams t join places p on p.team_id = t.id and p.status = 'confirmed'
        where t.status = 'open' and t.deadline > $1 and t.deadline < $2
          and t.confirmed < t.need
          and not exists (select 1 from reminders r where r.letter = 'team_ending'
                          and r.about_id = t.id and r.person_id = p.person_id)
        order by t.deadline, t.id limit $3";
    let soon = tx.now.plus(ENDING);
    let found = tx.all(sql, &[tx.now.into(), soon.into(), MOST.into()], |row| {
        (row.get::<i64>(0), row.get::<Id<Person>>(1), row.get::<i64>(2), row.get::<Moment>(3))
    })?;
    for (team, person, missing, deadline) in found {
        if first(tx, "team_ending", team, person)? {
            let left = deadline.since(tx.now).as_seconds();
            let args = json!({ "missing": missing, "hours": ((left + 3_599) / 3_600).max(1) });
            notice::tell(tx, person, "team_ending", "team", team, args)?;
        }
    }
    Ok(())
}

/// Goods that can be fetched now.
fn ready(tx: &mut Tx) -> Result<(), Failure> {
    let sql = "select k.order_id, o.person_id, s.name, s.address from pickups k
         join orders o on o.id = k.order_id join pickup_points s on s.id = k.point_id
         where k.told = 0 and o.status = 'to_ship' and k.collected_at is null
         order by k.order_id limit $1";
    let found = tx.all(sql, &[MOST.into()], |row| {
        let (name, address): (String, String) = (row.get(2), row.get(3));
        (row.get::<i64>(0), row.get::<Id<Person>>(1), format!("{name} ({address})"))
    })?;
    for (order, person, place) in found {
        let told = tx
            .run("update pickups set told = 1 where order_id = $1 and told = 0", &[order.into()])?;
        // The row count decides between two who look at once.
        if told == 1 {
            let args = json!({ "place": place });
            notice::tell(tx, person, "order_ready", "order", order, args)?;
        }
    }
    // What was never paid for is told to nobody, and looked at no more.
    tx.run(
        "update pickups set told = 1 where told = 0 and exists (select 1 from orders o
            where o.id = pickups.order_id and o.status in ('cancelled', 'refunded', 'completed'))",
        &[],
    )?;
    Ok(())
}

/// Goods that run low since the last look: one letter names them all.
fn low(tx: &mut Tx) -> Result<(), Failure> {
    let few = "v.archived = 0 and v.tracked = 1 and v.oversell = 0 and s.available < $1
        and p.status = 'active' and p.published = 1";
    tx.run(
        "delete from told_low where variant_id in
           (select s.variant_id from stock s where s.available >= $1)",
        &[LOW.into()],
    )?;
    let sql = format!(
        "select v.id, p.title, v.option1, v.option2, v.option3, s.available
         from stock s join variants v on v.id = s.variant_id
         join products p on p.id = v.product_id
         where {few} and not exists (select 1 from told_low t where t.variant_id = v.id)
         order by s.available, v.id limit $2"
    );
    let found = tx.all(&sql, &[LOW.into(), MOST.into()], |row| {
        let title: String = row.get(1);
        let variant = title_of(&[row.get(2), row.get(3), row.get(4)]);
        let named = if variant.is_empty() { title } else { format!("{title} ({variant})") };
        (row.get::<i64>(0), format!("{named}: {}", row.get::<i64>(5)))
    })?;
    let mut new = Vec::new();
    for (variant, named) in found {
        let added = tx.run(
            "insert into told_low (variant_id, at) values ($1, $2)
             on conflict (variant_id) do nothing",
            &[variant.into(), tx.now.into()],
        )?;
        if added == 1 {
            new.push(named);
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let more = new.len().saturating_sub(NAMED);
    new.truncate(NAMED);
    let goods = new.join(", ") + &if more > 0 { format!(" +{more}") } else { String::new() };
    let look: Id<Person> = tx.id();
    tell_staff(tx, "staff_low_stock", ("stock", look.0), &json!({ "goods": goods }))
}
