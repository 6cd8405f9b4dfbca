//! The tables `fissions`, `fission_parts` and `fission_keys`.

use domain::campaign::Campaign;
use domain::coupon::Coupon;
use domain::fission::{Fission, Terms};
use domain::id::Id;
use domain::moment::Moment;
use domain::order::Order;
use domain::person::Person;
use domain::seed::Seed;
use domain::text::masked;

use super::Kept;
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::reward::Reward;

/// One that is started.
pub struct New<'a> {
    pub id: Id<Fission>,
    pub campaign: Id<Campaign>,
    pub person: Id<Person>,
    pub order: Option<Id<Order>>,
    pub terms: &'a Terms,
    pub seed: &'a Seed,
    pub deadline: Moment,
}

/// Whether its order had none.
pub fn add(tx: &mut Tx, new: &New) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into fissions (id, campaign_id, person_id, order_id, seed, hash, total, count,
                               started_at, deadline)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (campaign_id, order_id) do nothing",
        &[
            new.id.into(),
            new.campaign.into(),
            new.person.into(),
            new.order.into(),
            new.seed.hex().into(),
            new.seed.hash().into(),
            new.terms.total.into(),
            new.terms.count.into(),
            tx.now.into(),
            new.deadline.into(),
        ],
    )?;
    Ok(added == 1)
}

pub fn add_part(
    tx: &mut Tx,
    id: Id<Fission>,
    number: i64,
    amount: i64,
    reward: Id<Reward>,
) -> Result<(), Failure> {
    tx.run(
        "insert into fission_parts (fission_id, number, amount, reward_id)
         values ($1, $2, $3, $4)",
        &[id.into(), number.into(), amount.into(), reward.into()],
    )?;
    Ok(())
}

/// Whether none of these was known of anybody in it.
pub fn add_keys(tx: &mut Tx, id: Id<Fission>, keys: &[String]) -> Result<bool, Failure> {
    let mut new = true;
    for key in keys {
        let added = tx.run(
            "insert into fission_keys (fission_id, key) values ($1, $2)
             on conflict (fission_id, key) do nothing",
            &[id.into(), key.into()],
        )?;
        new &= added == 1;
    }
    Ok(new)
}

/// Whether any of these keys is known of whoever takes part.
pub fn knows(tx: &mut Tx, id: Id<Fission>, keys: &[String]) -> Result<bool, Failure> {
    planted!("fission_household_unguarded", return Ok(false));
    for key in keys {
        let found = tx.maybe(
            "select 1 from fission_keys where fission_id = $1 and key = $2",
            &[id.into(), key.into()],
            |row| row.get::<i64>(0),
        )?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn kept(row: &Row) -> Kept {
    Kept {
        id: row.get(0),
        campaign: row.get(1),
        starter: row.get(2),
        seed: Seed::parse(&row.get::<String>(3)).expect("the table holds whole seeds"),
        hash: row.get(4),
        total: row.get(5),
        count: row.get(6),
        taken: row.get(7),
        started_at: row.get(8),
        deadline: row.get(9),
        closed_at: row.get(10),
    }
}

const KEPT: &str = "select f.id, f.campaign_id, f.person_id, f.seed, f.hash, f.total, f.count,
    f.taken, f.started_at, f.deadline, f.closed_at from fissions f";

pub fn find(tx: &mut Tx, id: Id<Fission>) -> Result<Kept, Failure> {
    tx.one(&format!("{KEPT} where f.id = $1"), &[id.into()], kept)
}

pub fn find_to_change(tx: &mut Tx, id: Id<Fission>) -> Result<Kept, Failure> {
    tx.one(&format!("{KEPT} where f.id = $1{}", tx.lock()), &[id.into()], kept)
}

/// The latest that somebody started and that still has parts.
pub fn open_of(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    person: Id<Person>,
) -> Result<Option<Id<Fission>>, Failure> {
    tx.maybe(
        "select id from fissions where campaign_id = $1 and person_id = $2 and closed_at is null
           and deadline > $3 and taken < count order by id desc limit 1",
        &[campaign.into(), person.into(), tx.now.into()],
        |row| row.get(0),
    )
}

/// Those that somebody started, the latest first.
pub fn of(tx: &mut Tx, campaign: Id<Campaign>, person: Id<Person>) -> Result<Vec<Kept>, Failure> {
    let sql =
        format!("{KEPT} where f.campaign_id = $1 and f.person_id = $2 order by f.id desc limit 20");
    tx.all(&sql, &[campaign.into(), person.into()], kept)
}

/// An order that somebody paid for since, kept, and has not shared for.
pub fn order_of(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    person: Id<Person>,
    since: Moment,
) -> Result<Option<Id<Order>>, Failure> {
    tx.maybe(
        "select o.id from orders o where o.person_id = $2 and o.paid_at >= $3
           and o.status in ('paid', 'awaiting_team', 'awaiting_taker', 'to_ship', 'shipped',
             'delivered', 'completed')
           and not exists (select 1 from fissions f
             where f.campaign_id = $1 and f.order_id = o.id)
         order by o.id limit 1",
        &[campaign.into(), person.into(), since.into()],
        |row| row.get(0),
    )
}

/// Those of a campaign that nobody closed yet.
pub fn open(tx: &mut Tx, campaign: Id<Campaign>) -> Result<Vec<Id<Fission>>, Failure> {
    let sql = "select id from fissions where campaign_id = $1 and closed_at is null order by id";
    tx.all(sql, &[campaign.into()], |row| row.get(0))
}

/// The number of the next part, if there is one and it can still be taken. It is held from here on.
pub fn next(tx: &mut Tx, id: Id<Fission>) -> Result<Option<i64>, Failure> {
    let taken = tx.run(
        "update fissions set taken = taken + 1 where id = $1 and taken < count
           and closed_at is null and deadline > $2",
        &[id.into(), tx.now.into()],
    )?;
    if taken != 1 {
        return Ok(None);
    }
    let sql = "select taken from fissions where id = $1";
    Ok(Some(tx.one(sql, &[id.into()], |row| row.get(0))?))
}

/// What a part is, and the promise it is paid with.
pub fn part(tx: &mut Tx, id: Id<Fission>, number: i64) -> Result<(i64, Id<Reward>), Failure> {
    let sql = "select amount, reward_id from fission_parts where fission_id = $1 and number = $2";
    tx.one(sql, &[id.into(), number.into()], |row| (row.get(0), row.get(1)))
}

pub fn give(
    tx: &mut Tx,
    (id, number): (Id<Fission>, i64),
    person: Id<Person>,
    coupon: Id<Coupon>,
) -> Result<bool, Failure> {
    let given = tx.run(
        "update fission_parts set person_id = $3, coupon_id = $4, taken_at = $5
         where fission_id = $1 and number = $2 and person_id is null",
        &[id.into(), number.into(), person.into(), coupon.into(), tx.now.into()],
    )?;
    Ok(given == 1)
}

/// Nothing is taken any more; what is left is written down. Its row is held.
pub fn close(tx: &mut Tx, id: Id<Fission>) -> Result<(), Failure> {
    tx.run(
        "update fissions set closed_at = $2, returned = total - coalesce(
           (select sum(q.amount) from fission_parts q where q.fission_id = fissions.id
              and q.person_id is not null), 0)
         where id = $1 and closed_at is null",
        &[id.into(), tx.now.into()],
    )?;
    Ok(())
}

/// The promises of the parts nobody took.
pub fn untaken(tx: &mut Tx, id: Id<Fission>) -> Result<Vec<Id<Reward>>, Failure> {
    tx.all(
        "select reward_id from fission_parts where fission_id = $1 and person_id is null
         order by number",
        &[id.into()],
        |row| row.get(0),
    )
}

/// What somebody took, and the coupon it is.
pub fn mine(
    tx: &mut Tx,
    id: Id<Fission>,
    person: Id<Person>,
) -> Result<Option<(i64, Id<Coupon>)>, Failure> {
    let sql =
        "select amount, coupon_id from fission_parts where fission_id = $1 and person_id = $2";
    tx.maybe(sql, &[id.into(), person.into()], |row| (row.get(0), row.get(1)))
}

/// What its parts are, in their order.
pub fn amounts(tx: &mut Tx, id: Id<Fission>) -> Result<Vec<i64>, Failure> {
    let sql = "select amount from fission_parts where fission_id = $1 order by number";
    tx.all(sql, &[id.into()], |row| row.get(0))
}

/// A part that was taken.
pub struct Part {
    pub number: i64,
    pub amount: i64,
    pub person: Id<Person>,
    /// Masked.
    pub who: String,
    pub at: Moment,
}

/// The parts that were taken, the latest first.
pub fn parts(tx: &mut Tx, id: Id<Fission>) -> Result<Vec<Part>, Failure> {
    tx.all(
        "select q.number, q.amount, q.person_id, p.name, q.taken_at from fission_parts q
         join people p on p.id = q.person_id where q.fission_id = $1 order by q.number desc",
        &[id.into()],
        |row| Part {
            number: row.get(0),
            amount: row.get(1),
            person: row.get(2),
            who: masked(&row.get::<String>(3)),
            at: row.get(4),
        },
    )
}

/// A starter's name as others see it.
pub fn name(tx: &mut Tx, person: Id<Person>) -> Result<String, Failure> {
    let sql = "select name from people where id = $1";
    Ok(masked(&tx.one(sql, &[person.into()], |row| row.get::<String>(0))?))
}

/// Of a campaign: how many were started, how many parts were taken and what they are worth, and
/// how many of those were used for good and what that cost.
pub fn figures(tx: &mut Tx, campaign: Id<Campaign>) -> Result<[i64; 5], Failure> {
    let started = tx.one(
        "select count(*) from fissions where campaign_id = $1",
        &[campaign.into()],
        |row| row.get(0),
    )?;
    tx.one(
        "select count(*), coalesce(cast(sum(q.amount) as bigint), 0),
                count(case when w.state = 'given' then 1 end),
                coalesce(cast(sum(case when w.state = 'given' then q.amount end) as bigint), 0)
         from fission_parts q join fissions f on f.id = q.fission_id
         join rewards w on w.id = q.reward_id
         where f.campaign_id = $1 and q.person_id is not null",
        &[campaign.into()],
        |row| [started, row.get(0), row.get(1), row.get(2), row.get(3)],
    )
}

/// One with its starter's whole name, for staff.
pub struct Listed {
    pub kept: Kept,
    pub name: String,
    pub worth: i64,
}

pub fn listed(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    before: i64,
    limit: i64,
) -> Result<Vec<Listed>, Failure> {
    let columns = KEPT.replace(
        "f.closed_at from fissions f",
        "f.closed_at, p.name, (select coalesce(cast(sum(q.amount) as bigint), 0)
           from fission_parts q where q.fission_id = f.id and q.person_id is not null)
         from fissions f join people p on p.id = f.person_id",
    );
    let sql =
        format!("{columns} where f.campaign_id = $1 and f.id < $2 order by f.id desc limit $3");
    tx.all(&sql, &[campaign.into(), before.into(), limit.into()], |row| Listed {
        kept: kept(row),
        name: row.get(11),
        worth: row.get(12),
    })
}
