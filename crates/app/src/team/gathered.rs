//! Teams in a batch of decisions: locked and read together, kept in mind with their places, changed
//! together. Of the places only what is held or confirmed is kept.

use std::collections::{BTreeMap, BTreeSet};

use domain::group_buy::{GroupBuy, Team, TeamStatus};
use domain::id::Id;
use domain::order::Order;
use domain::person::Person;

use super::{Found, store};
use crate::db::{Change, Insert, Tx};
use crate::failure::Failure;
use crate::group_buy;

/// A place with the order that holds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    pub order: Id<Order>,
    pub confirmed: bool,
}

type Seats = Vec<Seat>;

fn team_name(team: Id<Team>) -> String {
    format!("team {}", team.0)
}

fn seats_name(team: Id<Team>) -> String {
    format!("seats {}", team.0)
}

/// Locks these teams in the fixed order of their ids, and reads them with their places.
pub(crate) fn gather(tx: &mut Tx, teams: &BTreeSet<Id<Team>>) -> Result<(), Failure> {
    let ids: Vec<i64> = teams.iter().map(|team| team.0).collect();
    let found = store::find_all_locked(tx, &ids)?;
    let mut places: BTreeMap<Id<Team>, Vec<_>> = BTreeMap::new();
    for (team, place, seat) in store::places_of_all(tx, &ids)? {
        places.entry(team).or_default().push((place, seat));
    }
    for mut found in found {
        let team = found.team.id;
        let (places, seats): (Vec<_>, Seats) =
            places.remove(&team).unwrap_or_default().into_iter().unzip();
        found.team.places = places;
        tx.keep_in_mind(seats_name(team), seats);
        tx.keep_in_mind(team_name(team), found);
    }
    Ok(())
}

/// The offers that these teams are of; the teams are in mind.
pub(crate) fn offers_of(tx: &Tx, teams: &BTreeSet<Id<Team>>) -> BTreeMap<Id<Team>, Id<GroupBuy>> {
    let offer = |team: &Id<Team>| Some((*team, tx.recall::<Found>(&team_name(*team))?.group_buy));
    teams.iter().filter_map(offer).collect()
}

/// The orders that go ahead if so many of these teams' places are paid for now: they are locked
/// with those that are paid.
pub(crate) fn orders_of_full(
    tx: &Tx,
    paying: &BTreeMap<Id<Team>, i64>,
) -> Result<BTreeSet<Id<Order>>, Failure> {
    let mut orders = BTreeSet::new();
    for (team, count) in paying {
        let Some(found) = tx.recall::<Found>(&team_name(*team)) else { continue };
        if found.team.confirmed() + count >= found.team.most {
            let seats = tx.recall::<Seats>(&seats_name(*team)).unwrap_or_default();
            orders.extend(seats.iter().filter(|seat| seat.confirmed).map(|seat| seat.order));
        }
    }
    Ok(orders)
}

pub(super) fn find(tx: &mut Tx, team: Id<Team>) -> Result<Found, Failure> {
    tx.recall(&team_name(team)).ok_or_else(|| tx.alone())
}

fn seats(tx: &mut Tx, team: Id<Team>) -> Result<Seats, Failure> {
    tx.recall(&seats_name(team)).ok_or_else(|| tx.alone())
}

/// A team that is new with the batch.
pub(super) fn add(
    tx: &mut Tx,
    id: Id<Team>,
    offer: &group_buy::Found,
    leader: Id<Person>,
) -> Result<(), Failure> {
    static TEAMS: Insert = Insert {
        first: true,
        ..Insert::new(
            "teams (id, group_buy_id, status, leader_id, need, most, taken, confirmed, created_at,
                    seq)",
            10,
        )
    };
    let (need, most, now) = (offer.terms.need, offer.terms.most(), tx.now);
    let status = TeamStatus::Forming;
    let team = Team { id, status, need, most, deadline: None, leader, places: Vec::new() };
    let found = Found {
        team,
        group_buy: offer.id,
        seq: 1,
        people: None,
        lowered: false,
        ended_because: None,
        created_at: now,
        closed_at: None,
    };
    tx.keep_in_mind(team_name(id), found);
    tx.keep_in_mind(seats_name(id), Seats::new());
    tx.add(
        &TEAMS,
        vec![
            id.into(),
            offer.id.into(),
            status.code().into(),
            leader.into(),
            need.into(),
            most.into(),
            0_i64.into(),
            0_i64.into(),
            now.into(),
            1_i64.into(),
        ],
    )
}

/// Writes with the others what a team is now, one change later than it was.
pub(super) fn save(tx: &mut Tx, found: &Found) -> Result<(), Failure> {
    static TEAMS: Change = Change::new(
        "teams",
        &[("id", "bigint"), ("seq", "bigint")],
        &[
            ("status", "text"),
            ("deadline", "bigint"),
            ("taken", "bigint"),
            ("confirmed", "bigint"),
            ("people", "bigint"),
            ("lowered", "bigint"),
            ("ended_because", "text"),
            ("closed_at", "bigint"),
            ("seq", "bigint"),
        ],
    );
    let team = &found.team;
    let row = vec![
        team.id.into(),
        (found.seq - 1).into(),
        team.status.code().into(),
        team.deadline.into(),
        (team.places.len() as i64).into(),
        team.confirmed().into(),
        found.people.into(),
        found.lowered.into(),
        found.ended_because.clone().into(),
        found.closed_at.into(),
        found.seq.into(),
    ];
    tx.keep_in_mind(team_name(team.id), found.clone());
    tx.change(&TEAMS, row)
}

pub(super) fn hold(tx: &mut Tx, team: Id<Team>, order: Id<Order>) -> Result<(), Failure> {
    let mut seats = seats(tx, team)?;
    seats.push(Seat { order, confirmed: false });
    tx.keep_in_mind(seats_name(team), seats);
    Ok(())
}

/// A place that was held becomes something else.
fn end(tx: &mut Tx, order: Id<Order>, status: &str, confirmed: bool) -> Result<(), Failure> {
    static PLACES: Change = Change::new(
        "places",
        &[("order_id", "bigint"), ("status", "text")],
        &[("status", "text"), ("confirmed_at", "bigint")],
    );
    let at = confirmed.then_some(tx.now);
    tx.change(&PLACES, vec![order.into(), "held".into(), status.into(), at.into()])
}

pub(super) fn confirm(tx: &mut Tx, team: Id<Team>, order: Id<Order>) -> Result<(), Failure> {
    let mut seats = seats(tx, team)?;
    let seat = seats.iter_mut().find(|seat| seat.order == order && !seat.confirmed);
    assert!(seat.is_some(), "a place is confirmed once");
    if let Some(seat) = seat {
        seat.confirmed = true;
    }
    tx.keep_in_mind(seats_name(team), seats);
    end(tx, order, "confirmed", true)
}

pub(super) fn free_held(tx: &mut Tx, team: Id<Team>) -> Result<Vec<Id<Order>>, Failure> {
    let (stay, held): (Seats, Seats) =
        seats(tx, team)?.into_iter().partition(|seat| seat.confirmed);
    tx.keep_in_mind(seats_name(team), stay);
    for seat in &held {
        end(tx, seat.order, "freed", false)?;
    }
    Ok(held.into_iter().map(|seat| seat.order).collect())
}

/// The orders with a confirmed place, in the fixed order of their ids.
pub(super) fn members(tx: &mut Tx, team: Id<Team>) -> Result<Vec<Id<Order>>, Failure> {
    let confirmed = seats(tx, team)?.into_iter().filter(|seat| seat.confirmed);
    let mut orders: Vec<Id<Order>> = confirmed.map(|seat| seat.order).collect();
    orders.sort_unstable();
    Ok(orders)
}

/// Whether the order holds a place that is not paid for.
pub(super) fn holds(tx: &mut Tx, team: Id<Team>, order: Id<Order>) -> Result<bool, Failure> {
    Ok(seats(tx, team)?.iter().any(|seat| seat.order == order && !seat.confirmed))
}
