//! The tables `teams` and `places`.

use domain::group_buy::{GroupBuy, Place, Team, TeamStatus};
use domain::id::Id;
use domain::moment::Moment;
use domain::order::Order;
use domain::person::Person;

use super::Found;
use super::gathered::Seat;
use crate::db::{Insert, Row, Tx};
use crate::failure::Failure;
use crate::group_buy;

pub fn status(row: &Row, column: usize) -> TeamStatus {
    TeamStatus::parse(&row.get::<String>(column)).expect("the table holds known states")
}

pub fn add(
    tx: &mut Tx,
    id: Id<Team>,
    offer: &group_buy::Found,
    leader: Id<Person>,
) -> Result<(), Failure> {
    tx.run(
        "insert into teams (id, group_buy_id, status, leader_id, need, most, taken, confirmed,
                            created_at, seq)
         values ($1, $2, 'forming', $3, $4, $5, 0, 0, $6, 1)",
        &[
            id.into(),
            offer.id.into(),
            leader.into(),
            offer.terms.need.into(),
            offer.terms.most().into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx, id: Id<Team>, lock: &str) -> Result<Found, Failure> {
    let mut found = tx.one(&format!("{FOUND} = $1{lock}"), &[id.into()], found)?;
    let places = places_of_all(tx, &[id.0])?;
    found.team.places = places.into_iter().map(|(_, place, _)| place).collect();
    Ok(found)
}

/// These teams without their places, locked in the fixed order of their ids.
pub fn find_all_locked(tx: &mut Tx, teams: &[i64]) -> Result<Vec<Found>, Failure> {
    let end = format!("order by id{}", tx.lock());
    tx.all_in((&format!("{FOUND} in"), &[]), teams, &end, found)
}

const FOUND: &str = "select id, group_buy_id, status, need, most, deadline, leader_id, seq, people,
    lowered, ended_because, created_at, closed_at from teams where id";

fn found(row: &Row) -> Found {
    Found {
        team: Team {
            id: row.get(0),
            status: status(row, 2),
            need: row.get(3),
            most: row.get(4),
            deadline: row.get(5),
            leader: row.get(6),
            places: Vec::new(),
        },
        group_buy: row.get(1),
        seq: row.get(7),
        people: row.get(8),
        lowered: row.get(9),
        ended_because: row.get(10),
        created_at: row.get(11),
        closed_at: row.get(12),
    }
}

/// The places of these teams that are held or confirmed, in the order in which they were paid, then
/// held: the earliest payer is first.
pub fn places_of_all(tx: &mut Tx, teams: &[i64]) -> Result<Vec<(Id<Team>, Place, Seat)>, Failure> {
    let sql = "select team_id, person_id, number, status, order_id from places
               where status in ('held', 'confirmed') and team_id in";
    let end = "order by case when status = 'confirmed' then 0 else 1 end, confirmed_at, number";
    tx.all_in((sql, &[]), teams, end, |row| {
        let confirmed = row.get::<String>(3) == "confirmed";
        let place = Place { person: row.get(1), number: row.get(2), confirmed };
        (row.get(0), place, Seat { order: row.get(4), confirmed })
    })
}

pub fn set_seq(tx: &mut Tx, id: Id<Team>, seq: i64) -> Result<(), Failure> {
    tx.run("update teams set seq = $2 where id = $1", &[id.into(), seq.into()])?;
    Ok(())
}

/// Takes one more place, if there is one; the row count decides.
pub fn take(tx: &mut Tx, id: Id<Team>) -> Result<bool, Failure> {
    planted!("place_unguarded", {
        let taken = find(tx, id, "")?.team.places.len() as i64 + 1;
        tx.run("update teams set taken = $2 where id = $1", &[id.into(), taken.into()])?;
        return Ok(true);
    });
    let changed = tx.run(
        "update teams set taken = taken + 1
         where id = $1 and status in ('forming', 'open') and taken < most",
        &[id.into()],
    )?;
    Ok(changed == 1)
}

pub fn put_place(
    tx: &mut Tx,
    team: Id<Team>,
    order: Id<Order>,
    person: Id<Person>,
    number: i64,
    quantity: i64,
) -> Result<(), Failure> {
    static PLACES: Insert =
        Insert::new("places (team_id, order_id, person_id, number, quantity, status, taken_at)", 7);
    let now = tx.now;
    tx.add(
        &PLACES,
        vec![
            team.into(),
            order.into(),
            person.into(),
            number.into(),
            quantity.into(),
            "held".into(),
            now.into(),
        ],
    )
}

/// The place of an order, wherever it was, is held in `team`.
pub fn move_place(
    tx: &mut Tx,
    team: Id<Team>,
    order: Id<Order>,
    number: i64,
) -> Result<(), Failure> {
    tx.run(
        "update places set team_id = $1, number = $3, status = 'held', taken_at = $4
         where order_id = $2",
        &[team.into(), order.into(), number.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn confirm_place(tx: &mut Tx, team: Id<Team>, order: Id<Order>) -> Result<(), Failure> {
    let changed = tx.run(
        "update places set status = 'confirmed', confirmed_at = $3
         where team_id = $1 and order_id = $2 and status = 'held'",
        &[team.into(), order.into(), tx.now.into()],
    )?;
    assert!(changed == 1, "a place is confirmed once");
    tx.run("update teams set confirmed = confirmed + 1 where id = $1", &[team.into()])?;
    Ok(())
}

pub fn open(tx: &mut Tx, id: Id<Team>, deadline: Moment) -> Result<(), Failure> {
    tx.run(
        "update teams set status = 'open', deadline = $2 where id = $1",
        &[id.into(), deadline.into()],
    )?;
    Ok(())
}

pub fn close(tx: &mut Tx, found: &Found) -> Result<(), Failure> {
    tx.run(
        "update teams set status = $2, people = $3, lowered = $4, ended_because = $5,
                          closed_at = $6
         where id = $1",
        &[
            found.team.id.into(),
            found.team.status.code().into(),
            found.people.into(),
            found.lowered.into(),
            found.ended_because.clone().into(),
            found.closed_at.into(),
        ],
    )?;
    Ok(())
}

/// The orders with a confirmed place, in the fixed order of their ids.
pub fn members(tx: &mut Tx, id: Id<Team>) -> Result<Vec<Id<Order>>, Failure> {
    tx.all(
        "select order_id from places where team_id = $1 and status = 'confirmed'
         order by order_id",
        &[id.into()],
        |row| row.get(0),
    )
}

/// Frees every place that is held and says whose orders they were.
pub fn free_held(tx: &mut Tx, id: Id<Team>) -> Result<Vec<Id<Order>>, Failure> {
    let orders = tx.all(
        "update places set status = 'freed' where team_id = $1 and status = 'held'
         returning order_id",
        &[id.into()],
        |row| row.get(0),
    )?;
    tx.run(
        "update teams set taken = taken - $2 where id = $1",
        &[id.into(), (orders.len() as i64).into()],
    )?;
    Ok(orders)
}

/// Frees the place an order holds. Whether it held one.
pub fn free_place(tx: &mut Tx, team: Id<Team>, order: Id<Order>) -> Result<bool, Failure> {
    let changed = tx.run(
        "update places set status = 'freed'
         where team_id = $1 and order_id = $2 and status = 'held'",
        &[team.into(), order.into()],
    )?;
    if changed == 1 {
        tx.run("update teams set taken = taken - 1 where id = $1", &[team.into()])?;
    }
    Ok(changed == 1)
}

pub fn leave_place(tx: &mut Tx, team: Id<Team>, order: Id<Order>) -> Result<(), Failure> {
    let changed = tx.run(
        "update places set status = 'left'
         where team_id = $1 and order_id = $2 and status = 'confirmed'",
        &[team.into(), order.into()],
    )?;
    assert!(changed == 1, "only a member leaves");
    tx.run(
        "update teams set taken = taken - 1, confirmed = confirmed - 1 where id = $1",
        &[team.into()],
    )?;
    Ok(())
}

pub fn set_place_refunded(tx: &mut Tx, team: Id<Team>, order: Id<Order>) -> Result<(), Failure> {
    tx.run(
        "update places set status = 'refunded'
         where team_id = $1 and order_id = $2 and status = 'confirmed'",
        &[team.into(), order.into()],
    )?;
    Ok(())
}

pub fn place_status(
    tx: &mut Tx,
    team: Id<Team>,
    order: Id<Order>,
) -> Result<Option<String>, Failure> {
    tx.maybe(
        "select status from places where team_id = $1 and order_id = $2",
        &[team.into(), order.into()],
        |row| row.get(0),
    )
}

pub fn set_leader(tx: &mut Tx, team: Id<Team>, leader: Id<Person>) -> Result<(), Failure> {
    tx.run("update teams set leader_id = $2 where id = $1", &[team.into(), leader.into()])?;
    Ok(())
}

pub fn other_open_team(
    tx: &mut Tx,
    group_buy: Id<GroupBuy>,
    person: Id<Person>,
) -> Result<Option<Id<Team>>, Failure> {
    tx.maybe(
        "select t.id from teams t
         where t.group_buy_id = $1 and t.status = 'open' and t.deadline > $3 and t.taken < t.most
           and not exists (select 1 from places p where p.team_id = t.id and p.person_id = $2
                           and p.status in ('held', 'confirmed'))
         order by t.confirmed desc, t.deadline, t.id limit 1",
        &[group_buy.into(), person.into(), tx.now.into()],
        |row| row.get(0),
    )
}

/// The order with which a person is in a team.
pub fn order_of(
    tx: &mut Tx,
    team: Id<Team>,
    person: Id<Person>,
) -> Result<Option<Id<Order>>, Failure> {
    tx.maybe(
        "select order_id from places
         where team_id = $1 and person_id = $2 and status in ('held', 'confirmed')",
        &[team.into(), person.into()],
        |row| row.get(0),
    )
}
