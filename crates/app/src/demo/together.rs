//! Offers, teams, and links passed from friend to friend.

use domain::group_buy::TeamStatus;
use domain::id::Id;
use domain::moment::Span;
use domain::order::Order;
use domain::share::Object;

use super::buying;
use super::crowd::{BOB, Habit};
use super::door::{self, signed_in};
use super::life::{DAYS, Known, Life, Next, Running, Who, awake};
use super::rhythm;
use crate::checkout::What;
use crate::failure::Failure;
use crate::group_buy::{self, NewGroupBuy, OfferedVariant};
use crate::{share, team};

/// The merchant makes an offer, as the console does.
pub fn launch(life: &mut Life, nth: usize) -> Result<(), Failure> {
    let Some(offer) = life.offers[nth].take() else { return Ok(()) };
    let ware = life.wares.iter().find(|ware| ware.handle == offer.handle);
    let ware = ware.ok_or_else(|| Failure::broken("an offer of goods the demo does not have"))?;
    let variants: Vec<OfferedVariant> = ware
        .variants
        .iter()
        .take(offer.variants)
        .map(|(variant, price)| OfferedVariant {
            variant: *variant,
            // To the tenth, as shops write it.
            price: price * offer.percent / 1_000 * 10,
            quota: offer.quota,
        })
        .collect();
    let first = rhythm::midnight(life.start);
    let day = |day: i64| first.plus(Span::days(day)).plus(Span::hours(10));
    let starts_at = if offer.days.0 < DAYS { life.now() } else { day(offer.days.0) };
    let new = NewGroupBuy {
        title: offer.title.to_string(),
        product: ware.id,
        starts_at,
        ends_at: day(offer.days.1),
        settings: offer.settings.clone(),
        variants: variants.clone(),
        launch: offer.launch,
    };
    // Zoe plans the offers; mo may, too.
    let author = if nth % 4 == 3 { life.staff.mo.clone() } else { life.staff.zoe.clone() };
    let keyed = life.keyed(&author)?;
    let made = group_buy::create(life.app, &keyed, new)
        .map_err(|failure| Failure::Broken(format!("{}: {failure}", offer.title)))?;
    life.running.push(Running { id: made.id, offer, variants });
    life.launched.insert(nth, life.running.len() - 1);
    Ok(())
}

/// The merchant pauses or ends an offer.
pub fn step(life: &mut Life, nth: usize) -> Result<(), Failure> {
    let Some(running) = life.launched.get(&nth).map(|place| &life.running[*place]) else {
        return Ok(());
    };
    let Some((_, step)) = running.offer.step else { return Ok(()) };
    group_buy::step(life.app, &life.staff.zoe, running.id, step)?;
    Ok(())
}

/// Somebody wants something together: a place in a team that is open, or a team of their own.
pub fn some(life: &mut Life, who: Who) -> Result<(), Failure> {
    let taste = life.crowd[who].likes;
    let day = life.now().since(rhythm::midnight(life.start)).0 / Span::days(1).0;
    let weights: Vec<i64> = life
        .running
        .iter()
        .map(|running| {
            let offer = &running.offer;
            let on = offer.launch && offer.days.0 <= day && day < offer.days.1;
            let liked =
                life.wares.iter().any(|ware| ware.handle == offer.handle && ware.taste == taste);
            if on { offer.heat * if liked { 3 } else { 1 } } else { 0 }
        })
        .collect();
    if weights.iter().sum::<i64>() == 0 {
        return buying::alone(life, who);
    }
    let running = life.luck.weighted(&weights);
    let reads_list = who == BOB || life.luck.chance(330);
    if reads_list && let Some(team) = an_open_team(life, who, running)? {
        return join(life, who, team);
    }
    open(life, who, running, None)
}

fn an_open_team(life: &Life, who: Who, running: usize) -> Result<Option<usize>, Failure> {
    for (place, known) in life.teams.iter().enumerate().rev().take(60) {
        let fits = known.running == running && known.leader != who && known.kept.is_none();
        if fits && life.may_be_open(known) {
            let (status, free) = life.team_status(known.id)?;
            if status == TeamStatus::Open && free > 0 {
                return Ok(Some(place));
            }
        }
    }
    Ok(None)
}

fn variant_of(life: &Life, running: usize) -> (Id<domain::catalog::Variant>, i64) {
    let running = &life.running[running];
    let weights: Vec<i64> =
        (0..running.variants.len()).map(|nth| 6 / (nth as i64 + 1) + 1).collect();
    let variant = running.variants[life.luck.weighted(&weights)].variant;
    let two = running.offer.settings.per_order > 1 && life.luck.chance(130);
    (variant, if two { 2 } else { 1 })
}

/// Opens a team: it is there for others once its opener has paid.
fn open(life: &mut Life, who: Who, running: usize, kept: Option<usize>) -> Result<(), Failure> {
    let (variant, quantity) = variant_of(life, running);
    let what = What::OpenTeam { group_buy: life.running[running].id, variant, quantity };
    let placed = buying::place(life, who, what)?;
    let Some(id) = placed.team else { return Ok(()) };
    let place = life.teams.len();
    life.teams.push(Known { id, running, leader: who, deadline: None, shared: false, kept });
    life.team_of.insert(placed.order.0, place);
    if kept.is_some() {
        life.later(Span::seconds(47), Next::Pay { who, order: placed.order, tries: 9 });
    } else {
        buying::later_pay(life, who, &placed);
    }
    Ok(())
}

/// Takes a place in a team.
fn join(life: &mut Life, who: Who, place: usize) -> Result<(), Failure> {
    let known = &life.teams[place];
    let (team, running) = (known.id, known.running);
    let (variant, quantity) = variant_of(life, running);
    let placed = buying::place(life, who, What::JoinTeam { team, variant, quantity })?;
    life.team_of.insert(placed.order.0, place);
    buying::later_pay(life, who, &placed);
    Ok(())
}

/// After paying: a leader shows the team around.
pub fn paid(life: &mut Life, who: Who, order: Id<Order>) -> Result<(), Failure> {
    let Some(place) = life.team_of.get(&order.0).copied() else { return Ok(()) };
    let known = &life.teams[place];
    if known.leader == who && !known.shared {
        let wait = life.luck.wait(Span::minutes(1), Span::minutes(25));
        life.later(wait, Next::Share { team: place });
    }
    Ok(())
}

/// The leader sends the link to friends, who open it over the next hours, or never.
pub fn share(life: &mut Life, place: usize) -> Result<(), Failure> {
    let (id, who, kept) = {
        let known = &life.teams[place];
        (known.id, known.leader, known.kept)
    };
    let view = team::get(life.app, &life.staff.zoe, id)?;
    let (TeamStatus::Open, Some(deadline)) = (view.status, view.deadline) else { return Ok(()) };
    life.teams[place].deadline = Some(deadline);
    life.teams[place].shared = true;
    let visitor = signed_in(life, who)?;
    let code = share::link(life.app, &visitor, Object::Team, id.0)?.code;
    let window = Span(deadline.since(life.now()).0 * 7 / 10);
    if let Some(friends) = kept {
        return invite(life, place, &code, friends);
    }
    // Some teams travel far, and some never leave the leader's phone.
    let reach = [180, 520, 840][life.luck.weighted(&[24, 42, 34])];
    for friend in life.crowd[who].friends.clone() {
        if !life.luck.chance(reach) {
            continue;
        }
        let at = life.now().plus(life.luck.wait(Span::minutes(4), window));
        let at = awake(&life.luck, at);
        let keen = if friend == BOB { 900 } else { life.crowd[friend].joins };
        let (code, team) = (code.clone(), place);
        life.agenda.add(at, Next::Follow { who: friend, team, code, keen });
    }
    if life.luck.chance(640) {
        // Somebody makes up their mind in the last minutes.
        let at = deadline.minus(Span::seconds(life.luck.between(70, 200)));
        let late = life.crowd.iter().enumerate().filter(|(_, one)| one.habit == Habit::Late);
        let late: Vec<Who> = late.map(|(who, _)| who).collect();
        let who = *life.luck.pick(&late);
        life.agenda.add(at, Next::Follow { who, team: place, code, keen: 1_000 });
    }
    Ok(())
}

/// Just so many friends join a team that is kept open for whoever tries the demo.
fn invite(life: &mut Life, place: usize, code: &str, friends: usize) -> Result<(), Failure> {
    let mut steady: Vec<Who> = (4..life.crowd.len())
        .filter(|who| life.crowd[*who].habit == Habit::Steady && life.visitors[*who].is_some())
        .collect();
    life.luck.shuffle(&mut steady);
    for (nth, who) in steady.into_iter().take(friends + 6).enumerate() {
        let keen = if nth < friends { 1_000 } else { 0 };
        let wait = life.luck.wait(Span::minutes(3), Span::minutes(28));
        let code = code.to_string();
        life.later(wait, Next::Follow { who, team: place, code, keen });
    }
    Ok(())
}

/// Somebody opens a link; some join, and some are too late and open a team of their own.
pub fn follow(
    life: &mut Life,
    who: Who,
    place: usize,
    code: &str,
    keen: i64,
) -> Result<(), Failure> {
    let visitor = door::visitor(life, who)?;
    share::visit(life.app, &visitor, code, AGENTS[who % AGENTS.len()])?;
    if !life.luck.chance(keen) {
        return Ok(());
    }
    let (status, free) = life.team_status(life.teams[place].id)?;
    if status == TeamStatus::Open && free > 0 {
        join(life, who, place)
    } else if life.luck.chance(260) {
        let running = life.teams[place].running;
        open(life, who, running, None)
    } else {
        Ok(())
    }
}

const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_6) AppleWebKit/605.1.15 Safari/605.1.15",
];

/// One of the cast opens a team that will still be open when the demo does.
pub fn stage(
    life: &mut Life,
    who: Who,
    handle: &'static str,
    friends: usize,
) -> Result<(), Failure> {
    match life.running.iter().position(|running| running.offer.handle == handle) {
        Some(running) => open(life, who, running, Some(friends)),
        None => Ok(()),
    }
}
