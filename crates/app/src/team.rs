//! Teams: taking a place, paying for it, leaving, and how a team ends.
//!
//! Locks are taken in one order everywhere: the team, its orders by id, counters, stock by variant,
//! the books.

use domain::event::Fact;
use domain::group_buy::{
    self as rules, Applicant, Confirmed, GroupBuy, Left, Outcome, Refusal, Team, TeamStatus,
};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::{Actor, Order, Status};
use domain::person::Person;
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::order::{self, By};
use crate::{App, Visitor, coupon, deal, group_buy, inventory, notice, refund, wallet};

mod gathered;
mod store;
mod view;

pub(crate) use gathered::{gather, offers_of, orders_of_full};

pub use view::{Face, TeamCard, TeamView, get, mine, of_group_buy, open_teams};

/// A team as its row says, with its places.
#[derive(Clone, Debug)]
pub struct Found {
    pub team: Team,
    pub group_buy: Id<GroupBuy>,
    pub seq: i64,
    pub people: Option<i64>,
    pub lowered: bool,
    pub ended_because: Option<String>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
}

/// The team, which is about to change: nobody else changes it or its places meanwhile.
pub(crate) fn find_to_change(tx: &mut Tx, id: Id<Team>) -> Result<Found, Failure> {
    if tx.gathers() {
        return gathered::find(tx, id);
    }
    planted!("place_unguarded", return store::find(tx, id, ""));
    let lock = tx.lock();
    store::find(tx, id, lock)
}

/// The team of an order that is about to change, locked before the order; with the order.
pub(crate) fn lock_with_order(
    tx: &mut Tx,
    id: Id<Order>,
) -> Result<(Option<Found>, order::Found), Failure> {
    let before = order::find(tx, id)?;
    let team = match before.team {
        Some(team) => Some(find_to_change(tx, team)?),
        None => None,
    };
    let order = order::find_to_change(tx, id)?;
    // Late money moved it to another team in between, which is to be locked first.
    if order.team != before.team {
        return Err(tx.again());
    }
    Ok((team, order))
}

/// What the rules ask about a person who wants `quantity` units.
pub(crate) fn applicant(
    tx: &mut Tx,
    group_buy: Id<GroupBuy>,
    person: Id<Person>,
    quantity: i64,
) -> Result<Applicant, Failure> {
    Ok(Applicant {
        person,
        has_bought: order::has_bought(tx, person)?,
        holds: group_buy::holds(tx, group_buy, person)?,
        quantity,
    })
}

/// A new team that nobody sees until its opener has paid.
pub(crate) fn form(
    tx: &mut Tx,
    offer: &group_buy::Found,
    leader: Id<Person>,
) -> Result<Id<Team>, Failure> {
    let id: Id<Team> = tx.id();
    if tx.gathers() {
        gathered::add(tx, id, offer, leader)?;
    } else {
        store::add(tx, id, offer, leader)?;
    }
    tell(tx, id, 1, TeamStatus::Forming)?;
    Ok(id)
}

fn tell(tx: &mut Tx, team: Id<Team>, seq: i64, status: TeamStatus) -> Result<(), Failure> {
    tx.tell(Fact::TeamChanged { team, seq, status })
}

/// One more change of a team is told.
fn changed(tx: &mut Tx, found: &mut Found) -> Result<(), Failure> {
    found.seq += 1;
    if tx.gathers() {
        gathered::save(tx, found)?;
    } else {
        store::set_seq(tx, found.team.id, found.seq)?;
    }
    tell(tx, found.team.id, found.seq, found.team.status)
}

/// Holds a place for an order: one guarded step that no two joiners pass for the last place.
pub(crate) fn hold_place(
    tx: &mut Tx,
    found: &mut Found,
    order: Id<Order>,
    person: Id<Person>,
    quantity: i64,
) -> Result<(), Failure> {
    if !take(tx, found)? {
        return Err(Refusal::Full.into());
    }
    let number = free_number(&found.team);
    if tx.gathers() {
        gathered::hold(tx, found.team.id, order)?;
    }
    store::put_place(tx, found.team.id, order, person, number, quantity)?;
    found.team.places.push(rules::Place { person, number, confirmed: false });
    changed(tx, found)
}

fn take(tx: &mut Tx, found: &Found) -> Result<bool, Failure> {
    if tx.gathers() {
        // The team is locked, and in mind as the decisions before this one left it.
        let takes = matches!(found.team.status, TeamStatus::Forming | TeamStatus::Open);
        return Ok(takes && (found.team.places.len() as i64) < found.team.most);
    }
    store::take(tx, found.team.id)
}

fn free_number(team: &Team) -> i64 {
    let is_free = |number: &i64| team.places.iter().all(|place| place.number != *number);
    (1..).find(is_free).expect("there are more numbers than places")
}

/// The order is paid: its place is confirmed, and the team may be complete. The order must be in
/// `Paid`; it goes on to wait for the team or to be shipped.
pub(crate) fn confirm_place(
    tx: &mut Tx,
    found: &mut Found,
    order: &mut order::Found,
) -> Result<(), Failure> {
    let offer = group_buy::find(tx, found.group_buy)?;
    let outcome = rules::confirm(&offer.terms, &found.team, order.person, tx.now);
    order::move_to(tx, order, Status::AwaitingTeam, By::system("team_place"))?;
    if tx.gathers() {
        gathered::confirm(tx, found.team.id, order.id)?;
    } else {
        store::confirm_place(tx, found.team.id, order.id)?;
    }
    let place = found.team.places.iter_mut().find(|place| place.person == order.person);
    if let Some(place) = place {
        place.confirmed = true;
    }
    let args = json!({ "missing": found.team.missing() });
    match outcome {
        Confirmed::Opens(deadline) => {
            found.team.status = TeamStatus::Open;
            found.team.deadline = Some(deadline);
            if !tx.gathers() {
                store::open(tx, found.team.id, deadline)?;
            }
            tx.ask("team.close", found.team.id.0, deadline)?;
            notice::tell(tx, order.person, "team_opened", "team", found.team.id.0, args)?;
            changed(tx, found)
        }
        Confirmed::Waits => {
            if found.team.leader != order.person {
                let leader = found.team.leader;
                notice::tell(tx, leader, "team_joined", "team", found.team.id.0, args)?;
            }
            changed(tx, found)
        }
        Confirmed::Completes => {
            let people = found.team.confirmed();
            succeed(tx, found, &offer, people, false, "full")
        }
    }
}

/// The team has its people: its orders go ahead, at the price of the tier it reached.
fn succeed(
    tx: &mut Tx,
    found: &mut Found,
    offer: &group_buy::Found,
    people: i64,
    lowered: bool,
    because: &str,
) -> Result<(), Failure> {
    let id = found.team.id;
    found.people = Some(people);
    found.lowered = lowered;
    close(tx, found, TeamStatus::Succeeded, because)?;
    free_held(tx, found)?;
    changed(tx, found)?;
    let members = if tx.gathers() { gathered::members(tx, id) } else { store::members(tx, id) };
    for member in members? {
        let mut order = order::find_to_change(tx, member)?;
        if order.status != Status::AwaitingTeam {
            continue;
        }
        order::move_to(tx, &mut order, Status::ToShip, By::system("team_succeeded"))?;
        refund_tier(tx, offer, &order, people)?;
        if order::is_virtual(tx, order.id)? {
            order::move_to(tx, &mut order, Status::Delivered, By::system("virtual"))?;
        }
        let kind = if lowered { "team_lowered" } else { "team_succeeded" };
        notice::tell(tx, order.person, kind, "team", id.0, json!({ "people": people }))?;
    }
    Ok(())
}

/// A team ends, as `changed` tells next.
fn close(tx: &mut Tx, found: &mut Found, status: TeamStatus, because: &str) -> Result<(), Failure> {
    found.team.status = status;
    found.ended_because = Some(because.to_string());
    found.closed_at = Some(tx.now);
    if tx.gathers() { Ok(()) } else { store::close(tx, found) }
}

/// A larger team is cheaper for all: what everyone paid too much goes back.
fn refund_tier(
    tx: &mut Tx,
    offer: &group_buy::Found,
    order: &order::Found,
    people: i64,
) -> Result<(), Failure> {
    let mut less = 0;
    for (variant, quantity) in order::contents(tx, order.id)? {
        let paid = group_buy::price(tx, offer.id, variant)?;
        let price = rules::price_at(&offer.terms, paid, people);
        less += paid.minus(price).minor * quantity;
    }
    if less == 0 {
        return Ok(());
    }
    if tx.gathers() {
        // What they paid with may not be written yet.
        return Err(tx.alone());
    }
    let less = order::with_tax(tx, order.id, Money::new(less, order.currency))?;
    let amount = less.least(order.total);
    let tax = order::give_back_some(tx, order, amount)?;
    refund::some(tx, order, (amount, tax), "tier")
}

/// Frees the places nobody has paid for; their orders are closed by their own jobs, which ask the
/// provider first.
fn free_held(tx: &mut Tx, found: &mut Found) -> Result<(), Failure> {
    let id = found.team.id;
    let freed = if tx.gathers() { gathered::free_held(tx, id) } else { store::free_held(tx, id) };
    for order in freed? {
        tx.ask("order.close", order.0, tx.now)?;
    }
    found.team.places.retain(|place| place.confirmed);
    Ok(())
}

/// The team did not fill: everyone who paid is refunded, each by a job of their own.
fn fail(tx: &mut Tx, found: &mut Found, because: &str) -> Result<(), Failure> {
    let id = found.team.id;
    close(tx, found, TeamStatus::Failed, because)?;
    free_held(tx, found)?;
    changed(tx, found)?;
    for member in store::members(tx, id)? {
        let mut order = order::find_to_change(tx, member)?;
        if order.status != Status::AwaitingTeam {
            continue;
        }
        refund::whole(tx, &mut order, "group_failed", true, By::system("team_failed"))?;
        notice::tell(tx, order.person, "team_failed", "team", id.0, json!({}))?;
    }
    Ok(())
}

/// Job: a team's time has run out. When it is to be asked again, if it is too early.
pub fn close_due(app: &App, id: Id<Team>) -> Result<Option<Moment>, Failure> {
    app.write(|tx| {
        let mut found = find_to_change(tx, id)?;
        let offer = group_buy::find(tx, found.group_buy)?;
        planted!("team_one_too_few", found.team.need -= 1);
        match rules::at_deadline(&offer.terms, &found.team, tx.now) {
            Some(Outcome::Succeeded { people, lowered }) => {
                succeed(tx, &mut found, &offer, people, lowered, "deadline")?;
            }
            Some(Outcome::Failed) => fail(tx, &mut found, "deadline")?,
            None if found.team.status == TeamStatus::Open => return Ok(found.team.deadline),
            None => (),
        }
        Ok(None)
    })
}

/// Job: the merchant ended the group buy and its open teams with it.
pub fn end_by_merchant(app: &App, id: Id<Team>) -> Result<(), Failure> {
    app.write(|tx| {
        let mut found = find_to_change(tx, id)?;
        match found.team.status {
            TeamStatus::Open => fail(tx, &mut found, "ended_by_merchant"),
            // Its opener has not paid: the order is closed, and the team with it.
            TeamStatus::Forming => free_held(tx, &mut found).and_then(|()| {
                close(tx, &mut found, TeamStatus::Abandoned, "ended_by_merchant")?;
                changed(tx, &mut found)
            }),
            _ => Ok(()),
        }
    })
}

/// An order ends unpaid: its units, counters and place are free again. `team` is the order's,
/// locked.
pub(crate) fn end_unpaid(
    tx: &mut Tx,
    team: Option<&mut Found>,
    order: &mut order::Found,
    who: &str,
    by: By,
) -> Result<(), Failure> {
    wallet::release(tx, order)?;
    coupon::order_closed(tx, order.id)?;
    order::move_to(tx, order, Status::Cancelled, by)?;
    order::set_cancelled_by(tx, order.id, who)?;
    let on = deal::is_on(tx, order)?;
    let back = inventory::release(tx, order.id, on)?;
    deal::give_back(tx, order, &back, on)?;
    let Some(found) = team else { return Ok(()) };
    if store::free_place(tx, found.team.id, order.id)? {
        found.team.places.retain(|place| place.confirmed || place.person != order.person);
        if found.team.status == TeamStatus::Forming {
            close(tx, found, TeamStatus::Abandoned, "unpaid")?;
        }
        changed(tx, found)?;
    }
    Ok(())
}

/// Whether a payment for this order's place can still confirm it.
pub(crate) fn place_stands(tx: &mut Tx, found: &Found, order: Id<Order>) -> Result<bool, Failure> {
    let held = if tx.gathers() {
        gathered::holds(tx, found.team.id, order)?
    } else {
        store::place_status(tx, found.team.id, order)?.as_deref() == Some("held")
    };
    planted!("deadline_by_job", return Ok(held));
    let in_time = match found.team.status {
        TeamStatus::Forming => true,
        TeamStatus::Open => found.team.deadline.is_some_and(|deadline| tx.now < deadline),
        _ => false,
    };
    Ok(held && in_time)
}

/// An order that was paid too late takes a place again, in its own team or another.
pub(crate) fn retake_place(
    tx: &mut Tx,
    found: &mut Found,
    order: &mut order::Found,
) -> Result<(), Failure> {
    if !store::take(tx, found.team.id)? {
        return Err(Refusal::Full.into());
    }
    let number = free_number(&found.team);
    store::move_place(tx, found.team.id, order.id, number)?;
    let person = order.person;
    found.team.places.push(rules::Place { person, number, confirmed: false });
    if order.team != Some(found.team.id) {
        order::set_team(tx, order, found.team.id)?;
    }
    changed(tx, found)
}

/// Another open team of the same group buy that this person may join, the fullest first.
pub(crate) fn other_open_team(
    tx: &mut Tx,
    group_buy: Id<GroupBuy>,
    person: Id<Person>,
) -> Result<Option<Id<Team>>, Failure> {
    store::other_open_team(tx, group_buy, person)
}

/// Leaves an open team: the place is free and the money goes back.
pub fn leave(app: &App, visitor: &Visitor, id: Id<Team>) -> Result<TeamView, Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| {
        let order = store::order_of(tx, id, person)?.ok_or(Refusal::NotIn)?;
        let by = By { actor: Actor::Shopper, person: Some(person), reason: "left_team" };
        leave_in(tx, order, by)
    })?;
    get(app, visitor, id)
}

/// The order leaves its team, whoever asked.
pub(crate) fn leave_in(tx: &mut Tx, id: Id<Order>, by: By) -> Result<(), Failure> {
    let (team, mut order) = lock_with_order(tx, id)?;
    let mut found = team.ok_or(Refusal::NotIn)?;
    let left = rules::leave(&found.team, order.person)?;
    if order.status != Status::AwaitingTeam {
        return Err(Refusal::NotOpen.into());
    }
    refund::whole(tx, &mut order, "left_team", true, by)?;
    store::leave_place(tx, found.team.id, order.id)?;
    found.team.places.retain(|place| place.person != order.person);
    match left {
        Left::GoesOn { leader } => {
            if leader != found.team.leader {
                store::set_leader(tx, found.team.id, leader)?;
                found.team.leader = leader;
                notice::tell(tx, leader, "leader_now", "team", found.team.id.0, json!({}))?;
            }
            changed(tx, &mut found)
        }
        // Whoever holds a place unpaid has nobody to pay with any more.
        Left::Over => fail(tx, &mut found, "everyone_left"),
    }
}

/// A member is refunded after success: no longer shown as a member; the team stays as it is.
pub(crate) fn member_refunded(tx: &mut Tx, order: &order::Found) -> Result<(), Failure> {
    let Some(team) = order.team else { return Ok(()) };
    let mut found = find_to_change(tx, team)?;
    store::set_place_refunded(tx, team, order.id)?;
    changed(tx, &mut found)
}
