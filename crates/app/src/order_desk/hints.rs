//! What is odd about orders: the facts read, the rule asked, the hints kept for the list. Nobody
//! waits for it while ordering: a recurring task looks at what was placed a moment ago.

use domain::id::{Id, number};
use domain::moment::{Moment, Span};
use domain::order::Order;
use domain::person::Person;
use domain::place::Address;
use domain::risk_hint::{Facts, Hint, hints};
use domain::shipping::{How, Method, rate_at};

use crate::App;
use crate::db::Tx;
use crate::delivery;
use crate::failure::Failure;

/// How many orders one round looks at, and how many at once: few, since buyers wait meanwhile.
const MOST_A_ROUND: usize = 1_000;
const BATCH: i64 = 25;
/// What is usual is told by so many paid orders.
const USUAL_OF: i64 = 200;
/// Orders of a moment ago may still be on their way into the database.
const LATE: Span = Span::minutes(1);

/// An order as far as its hints go.
struct Seen {
    id: Id<Order>,
    person: Id<Person>,
    address: Address,
    total: i64,
    at: Moment,
    team: Option<i64>,
    method: Option<Id<Method>>,
    joined: Moment,
}

impl Seen {
    fn phone(&self) -> &str {
        &self.address.phone
    }

    /// Where it goes, so that two ways of writing it are one; empty for what is fetched.
    fn place(&self) -> String {
        let Address { region, city, district, line1, line2, .. } = &self.address;
        let whole = [region, city, district, line1, line2].map(String::as_str).concat();
        let whole = if line1.is_empty() { String::new() } else { whole.to_lowercase() };
        whole.chars().filter(|letter| letter.is_alphanumeric()).collect()
    }
}

fn find(tx: &mut Tx, id: Id<Order>) -> Result<Seen, Failure> {
    let (seen, address) = tx.one(
        "select o.person_id, o.address, o.total, o.created_at, o.team_id, o.shipping_method_id,
                p.created_at
         from orders o join people p on p.id = o.person_id where o.id = $1",
        &[id.into()],
        |row| {
            let seen = Seen {
                id,
                person: row.get(0),
                address: Address::default(),
                total: row.get(2),
                at: row.get(3),
                team: row.get(4),
                method: row.get(5),
                joined: row.get(6),
            };
            (seen, row.get::<String>(1))
        },
    )?;
    Ok(Seen { address: serde_json::from_str(&address)?, ..seen })
}

/// What is odd about an order, as of now.
pub(super) fn of(tx: &mut Tx, id: Id<Order>) -> Result<Vec<Hint>, Failure> {
    let seen = find(tx, id)?;
    Ok(hints(&facts(tx, &seen)?))
}

fn facts(tx: &mut Tx, seen: &Seen) -> Result<Facts, Failure> {
    let (place, day) = (seen.place(), seen.at.minus(Span::days(1)));
    let mut count =
        |sql: &str, params: &[crate::db::Value]| tx.one(sql, params, |row| row.get::<i64>(0));
    let near = "select count(*) from order_facts where {} = $1 and at > $2 and at <= $3
                and order_id <> $4";
    let mut alike = |column: &str, value: &str| match value {
        "" => Ok(0),
        value => {
            let params = [value.into(), day.into(), seen.at.into(), seen.id.into()];
            count(&near.replace("{}", column), &params).map(|others| others + 1)
        }
    };
    let from_phone = alike("phone", seen.phone())?;
    let to_place = alike("place", &place)?;
    let accounts_at_place = match place.as_str() {
        "" => 0,
        place => {
            let week = seen.at.minus(Span::days(7));
            let sql = "select count(distinct person_id) from order_facts
                       where place = $1 and at > $2 and at <= $3 and person_id <> $4";
            count(sql, &[place.into(), week.into(), seen.at.into(), seen.person.into()])? + 1
        }
    };
    let team_at_place = match (seen.team, place.as_str()) {
        (Some(team), place) if !place.is_empty() => count(
            "select count(distinct f.person_id) from order_facts f
             join orders o on o.id = f.order_id
             where o.team_id = $1 and f.place = $2 and f.person_id <> $3",
            &[team.into(), place.into(), seen.person.into()],
        )?,
        _ => 0,
    };
    let failed = count(
        "select count(*) from payments y join orders o on o.id = y.order_id
         where o.person_id = $1 and y.updated_at > $2
           and (y.status = 'failed' or (y.status = 'closed' and o.status = 'cancelled'))",
        &[seen.person.into(), day.into()],
    )?;
    let paid_orders = count(
        "select count(*) from orders where person_id = $1 and paid_at is not null",
        &[seen.person.into()],
    )?;
    let returned_orders = count(
        "select count(distinct order_id) from after_sales
         where person_id = $1 and status not in ('withdrawn', 'closed')",
        &[seen.person.into()],
    )?;
    Ok(Facts {
        from_phone,
        to_place,
        accounts_at_place,
        team_at_place,
        account_age: seen.at.since(seen.joined),
        total: seen.total,
        usual: usual(tx, seen.id)?,
        failed,
        paid_orders,
        returned_orders,
        delivers: delivers(tx, seen)?,
    })
}

/// What paid orders come to lately: the middle one.
fn usual(tx: &mut Tx, but: Id<Order>) -> Result<Option<i64>, Failure> {
    let sql = "select total from orders where paid_at is not null and id <> $1
               order by id desc limit $2";
    let mut totals = tx.all(sql, &[but.into(), USUAL_OF.into()], |row| row.get::<i64>(0))?;
    totals.sort_unstable();
    Ok(totals.get(totals.len() / 2).copied())
}

/// Whether its way still goes where it is to go. What is fetched, or not carried, needs no way.
fn delivers(tx: &mut Tx, seen: &Seen) -> Result<bool, Failure> {
    let ways = delivery::offered(tx)?;
    let way = ways.iter().find(|way| Some(way.id) == seen.method);
    let carried = way.filter(|way| way.kind == How::Delivery);
    Ok(carried.is_none_or(|way| rate_at(&way.rates, &seen.address).is_ok()))
}

/// Recurring: looks at what was placed since the last round. How many orders that were.
pub fn judge_new(app: &App) -> Result<usize, Failure> {
    let mut judged = 0;
    while judged < MOST_A_ROUND {
        let some = app.write(judge_some)?;
        judged += some;
        if some < BATCH as usize {
            break;
        }
    }
    Ok(judged)
}

fn judge_some(tx: &mut Tx) -> Result<usize, Failure> {
    // Ids grow with time: everything since a little before the last one that was looked at.
    let sql = "select at from order_facts order by order_id desc limit 1";
    let last = tx.maybe(sql, &[], |row| row.get::<Moment>(0))?;
    let from = last.map_or(tx.now.minus(Span::days(7)), |last| last.minus(LATE));
    let some: Vec<Id<Order>> = tx.all(
        "select o.id from orders o where o.id > $1 and not exists
            (select 1 from order_facts f where f.order_id = o.id) order by o.id limit $2",
        &[number(from, 0).into(), BATCH.into()],
        |row| row.get(0),
    )?;
    for id in &some {
        let seen = find(tx, *id)?;
        tx.run(
            "insert into order_facts (order_id, person_id, phone, place, at)
             values ($1, $2, $3, $4, $5) on conflict (order_id) do nothing",
            &[
                seen.id.into(),
                seen.person.into(),
                seen.phone().into(),
                seen.place().into(),
                seen.at.into(),
            ],
        )?;
        for hint in hints(&facts(tx, &seen)?) {
            tx.run(
                "insert into order_hints (order_id, kind, n) values ($1, $2, $3)
                 on conflict (order_id, kind) do nothing",
                &[seen.id.into(), hint.kind.code().into(), hint.n.into()],
            )?;
        }
    }
    Ok(some.len())
}
