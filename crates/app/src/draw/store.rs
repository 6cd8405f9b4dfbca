//! The tables `draws`, `draw_prizes`, `draw_chances`, `draw_grants` and `draw_records`.

use domain::campaign::Campaign;
use domain::draw::{Chances, Draw, Drawn, Gives, Inputs, Offered, Prize};
use domain::id::Id;
use domain::person::Person;
use domain::seed::Seed;
use domain::text::masked;

use super::view::{RecordView, Winner};
use super::{Committed, Kept};
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::reward::Reward;

fn seed(row: &Row, column: usize) -> Seed {
    Seed::parse(&row.get::<String>(column)).expect("the table holds whole seeds")
}

/// Keeps the seed a draw is committed to, unless it has one.
pub fn commit(tx: &mut Tx, id: Id<Campaign>, seed: &Seed) -> Result<(), Failure> {
    tx.run(
        "insert into draws (campaign_id, seed, hash, committed_at) values ($1, $2, $3, $4)
         on conflict (campaign_id) do nothing",
        &[id.into(), seed.hex().into(), seed.hash().into(), tx.now.into()],
    )?;
    Ok(())
}

/// The prizes as they are published from now on; nothing was drawn yet.
pub fn put_prizes(tx: &mut Tx, id: Id<Campaign>, prizes: &[Offered]) -> Result<(), Failure> {
    tx.run("delete from draw_prizes where campaign_id = $1", &[id.into()])?;
    for (place, offered) in (0_i64..).zip(prizes) {
        let prize = &offered.prize;
        tx.run(
            "insert into draw_prizes (campaign_id, place, name, gives, weight, stock, left_over,
                                      value) values ($1, $2, $3, $4, $5, $6, $6, $7)",
            &[
                id.into(),
                place.into(),
                prize.name.as_str().into(),
                offered.gives.code().into(),
                // At most 10^12.
                (prize.weight as i64).into(),
                prize.stock.into(),
                prize.value.into(),
            ],
        )?;
    }
    Ok(())
}

pub fn find(tx: &mut Tx, id: Id<Campaign>) -> Result<Committed, Failure> {
    tx.one(
        "select seed, hash, drawn, committed_at, revealed_at from draws where campaign_id = $1",
        &[id.into()],
        |row| Committed {
            seed: seed(row, 0),
            hash: row.get(1),
            drawn: row.get(2),
            committed_at: row.get(3),
            revealed_at: row.get(4),
        },
    )
}

/// The next number and the seed; nothing once the seed is known. The draw is held from here on.
pub fn next(tx: &mut Tx, id: Id<Campaign>) -> Result<Option<(i64, Seed)>, Failure> {
    let taken = tx.run(
        "update draws set drawn = drawn + 1 where campaign_id = $1 and revealed_at is null",
        &[id.into()],
    )?;
    if taken != 1 {
        return Ok(None);
    }
    let sql = "select drawn, seed from draws where campaign_id = $1";
    Ok(Some(tx.one(sql, &[id.into()], |row| (row.get(0), seed(row, 1)))?))
}

pub fn reveal(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    tx.run(
        "update draws set revealed_at = $2 where campaign_id = $1 and revealed_at is null",
        &[id.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn prizes(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<Kept>, Failure> {
    tx.all(
        "select name, gives, weight, stock, left_over, value from draw_prizes
         where campaign_id = $1 order by place",
        &[id.into()],
        |row| Kept {
            prize: Prize {
                name: row.get(0),
                weight: row.get::<i64>(2).unsigned_abs(),
                stock: row.get(3),
                value: row.get(5),
            },
            gives: Gives::parse(&row.get::<String>(1)).expect("the table holds known prizes"),
            left: row.get(4),
        },
    )
}

/// Takes one of a prize, if there is one.
pub fn take_prize(tx: &mut Tx, id: Id<Campaign>, place: usize) -> Result<bool, Failure> {
    let taken = tx.run(
        "update draw_prizes set left_over = left_over - 1
         where campaign_id = $1 and place = $2 and left_over > 0",
        &[id.into(), (place as i64).into()],
    )?;
    Ok(taken == 1)
}

pub fn chances(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<Chances, Failure> {
    let found = tx.maybe(
        "select earned, used from draw_chances where campaign_id = $1 and person_id = $2",
        &[id.into(), person.into()],
        |row| Chances { earned: row.get(0), used: row.get(1) },
    )?;
    Ok(found.unwrap_or_default())
}

/// Uses one chance, if there is one.
pub fn use_chance(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>) -> Result<bool, Failure> {
    planted!("chance_not_used", return Ok(true));
    let used = tx.run(
        "update draw_chances set used = used + 1
         where campaign_id = $1 and person_id = $2 and used < earned",
        &[id.into(), person.into()],
    )?;
    Ok(used == 1)
}

pub fn earn(tx: &mut Tx, id: Id<Campaign>, person: Id<Person>, n: i64) -> Result<(), Failure> {
    tx.run(
        "insert into draw_chances (campaign_id, person_id, earned) values ($1, $2, $3)
         on conflict (campaign_id, person_id) do update
         set earned = draw_chances.earned + $3",
        &[id.into(), person.into(), n.into()],
    )?;
    Ok(())
}

/// Whether the cause is new.
pub fn add_grant(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    (source, cause): (&str, &str),
    chances: i64,
    by: Option<(Id<Person>, &str)>,
) -> Result<bool, Failure> {
    planted!("daily_twice", {
        if has_grant(tx, id, person, (source, cause))? {
            return Ok(source == "daily");
        }
    });
    let grant: Id<Draw> = tx.id();
    let added = tx.run(
        "insert into draw_grants (id, campaign_id, person_id, source, cause, chances, by_id, reason,
                                  at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (campaign_id, person_id, source, cause) do nothing",
        &[
            grant.into(),
            id.into(),
            person.into(),
            source.into(),
            cause.into(),
            chances.into(),
            by.map(|(by, _)| by).into(),
            by.map_or("", |(_, reason)| reason).into(),
            tx.now.into(),
        ],
    )?;
    Ok(added == 1)
}

pub fn has_grant(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    (source, cause): (&str, &str),
) -> Result<bool, Failure> {
    let found = tx.maybe(
        "select 1 from draw_grants where campaign_id = $1 and person_id = $2 and source = $3
           and cause = $4",
        &[id.into(), person.into(), source.into(), cause.into()],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.is_some())
}

pub fn add(
    tx: &mut Tx,
    (campaign, person): (Id<Campaign>, Id<Person>),
    inputs: &Inputs,
    drawn: &Drawn,
    reward: Option<Id<Reward>>,
) -> Result<(), Failure> {
    tx.run(
        "insert into draw_records (id, campaign_id, number, person_id, salt, ticket, fell_on, wins,
                                   reward_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            inputs.draw.into(),
            campaign.into(),
            inputs.number.into(),
            person.into(),
            inputs.salt.as_str().into(),
            // Below 10^12.
            (drawn.ticket as i64).into(),
            (drawn.fell_on as i64).into(),
            (drawn.wins as i64).into(),
            reward.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// A draw as it is kept.
pub struct Drew {
    pub id: Id<Draw>,
    pub campaign: Id<Campaign>,
    pub person: Id<Person>,
    pub name: String,
    pub reward: Option<Id<Reward>>,
    pub gives: Gives,
    pub value: i64,
    pub handed_at: Option<domain::moment::Moment>,
    pub view: RecordView,
}

const DREW: &str = "select r.id, r.campaign_id, r.person_id, p.name, r.reward_id, z.gives,
        z.value, r.handed_at, r.number, r.salt, r.ticket, r.fell_on, r.wins, r.at, z.name
    from draw_records r join people p on p.id = r.person_id
    join draw_prizes z on z.campaign_id = r.campaign_id and z.place = r.wins where";

fn drew(row: &Row) -> Drew {
    let name: String = row.get(3);
    Drew {
        id: row.get(0),
        campaign: row.get(1),
        person: row.get(2),
        reward: row.get(4),
        gives: Gives::parse(&row.get::<String>(5)).expect("the table holds known prizes"),
        value: row.get(6),
        handed_at: row.get(7),
        view: RecordView {
            number: row.get(8),
            draw: row.get(0),
            salt: row.get(9),
            ticket: row.get(10),
            fell_on: row.get(11),
            wins: row.get(12),
            prize: row.get(14),
            who: masked(&name),
            at: row.get(13),
        },
        name,
    }
}

pub fn drawn(tx: &mut Tx, id: Id<Draw>) -> Result<Drew, Failure> {
    tx.one(&format!("{DREW} r.id = $1"), &[id.into()], drew)
}

/// The same, and nobody else hands it over meanwhile.
pub fn drawn_to_change(tx: &mut Tx, id: Id<Draw>) -> Result<Drew, Failure> {
    let sql = format!("select id from draw_records where id = $1{}", tx.lock());
    tx.one(&sql, &[id.into()], |row| row.get::<i64>(0))?;
    drawn(tx, id)
}

pub fn hand_over(tx: &mut Tx, id: Id<Draw>) -> Result<bool, Failure> {
    let sql = "update draw_records set handed_at = $2 where id = $1 and handed_at is null";
    Ok(tx.run(sql, &[id.into(), tx.now.into()])? == 1)
}

/// Draws in their order, from the one after `after`.
pub fn records(
    tx: &mut Tx,
    id: Id<Campaign>,
    after: i64,
    limit: i64,
) -> Result<Vec<RecordView>, Failure> {
    let sql = format!("{DREW} r.campaign_id = $1 and r.number > $2 order by r.number limit $3");
    tx.all(&sql, &[id.into(), after.into(), limit.into()], |row| drew(row).view)
}

/// For staff: the latest first, only those that won something when it is asked so.
pub fn latest(
    tx: &mut Tx,
    id: Id<Campaign>,
    (won, before): (bool, i64),
    limit: i64,
) -> Result<Vec<Drew>, Failure> {
    let sql = format!(
        "{DREW} r.campaign_id = $1 and r.number < $2 and ($3 = 0 or r.reward_id is not null)
         order by r.number desc limit $4"
    );
    tx.all(&sql, &[id.into(), before.into(), i64::from(won).into(), limit.into()], drew)
}

/// Somebody's own draws, the latest first.
pub fn of_person(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    limit: i64,
) -> Result<Vec<Drew>, Failure> {
    let sql =
        format!("{DREW} r.campaign_id = $1 and r.person_id = $2 order by r.number desc limit $3");
    tx.all(&sql, &[id.into(), person.into(), limit.into()], drew)
}

/// Who won something lately, masked.
pub fn winners(tx: &mut Tx, id: Id<Campaign>, limit: i64) -> Result<Vec<Winner>, Failure> {
    let won = latest(tx, id, (true, i64::MAX), limit)?;
    let winner = |one: Drew| Winner { who: one.view.who, prize: one.view.prize, at: one.view.at };
    Ok(won.into_iter().map(winner).collect())
}
