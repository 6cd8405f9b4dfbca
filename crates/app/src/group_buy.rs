//! Group buys: what a merchant offers together, its stock and its limits.

use describe::ToSchema;
use domain::catalog::{Product, Variant};
use domain::event::Fact;
use domain::group_buy::{BadTerms, GroupBuy, Refusal, Status, Terms};
use domain::id::Id;
use domain::inventory::Cause;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::{Permission, Person};
use domain::text::Name;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::inventory::{self, Source, Why};
use crate::{App, Visitor, staff_act};

mod gathered;
mod settings;
mod store;

pub(crate) use gathered::gather;

pub use settings::{RuleView, Settings, Template, TierSettings, rules_of, templates};

/// A variant as it is offered.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OfferedVariant {
    pub variant: Id<Variant>,
    /// The group price in minor units of the shop's currency.
    pub price: i64,
    /// How many units are set aside; empty to sell from the ordinary stock.
    #[serde(default)]
    pub quota: Option<i64>,
}

/// A new group buy.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewGroupBuy {
    pub title: String,
    pub product: Id<Product>,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub settings: Settings,
    pub variants: Vec<OfferedVariant>,
    /// Whether it is launched at once (or at its start); otherwise it stays a draft.
    pub launch: bool,
}

/// A variant in a group buy.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OfferedVariantView)]
pub struct VariantView {
    pub variant: Id<Variant>,
    pub variant_title: String,
    pub price: Money,
    pub ordinary_price: Money,
    pub quota: Option<i64>,
    /// How many units can be bought now; empty when its stock is not counted.
    pub left: Option<i64>,
}

/// What came of a group buy so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Results {
    pub open: i64,
    pub succeeded: i64,
    pub failed: i64,
    /// People with a paid place.
    pub people: i64,
    /// Paid and not refunded, in minor units.
    pub revenue: i64,
    pub refunded: i64,
}

/// A group buy.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GroupBuyView {
    pub id: Id<GroupBuy>,
    pub title: String,
    pub status: Status,
    pub product: Id<Product>,
    pub handle: String,
    pub product_title: String,
    pub picture: String,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub settings: Settings,
    pub rules: Vec<RuleView>,
    pub variants: Vec<VariantView>,
    pub results: Results,
    pub may_launch: bool,
    pub may_pause: bool,
    pub may_resume: bool,
    pub may_end: bool,
    pub version: i64,
}

/// A group buy as its row says.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: Id<GroupBuy>,
    pub product: Id<Product>,
    pub status: Status,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub terms: Terms,
}

impl Found {
    pub fn offer(&self) -> domain::group_buy::Offer<'_> {
        domain::group_buy::Offer {
            status: self.status,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            terms: &self.terms,
        }
    }
}

/// Makes a group buy.
pub fn create(app: &App, visitor: &Visitor, new: NewGroupBuy) -> Result<GroupBuyView, Failure> {
    let actor = visitor.staff(Permission::GroupBuys)?;
    let bad = |which| Failure::from(Refusal::BadTerms(which));
    let title = Name::new(&new.title).map_err(|_| bad(BadTerms::Title))?;
    let terms = new.settings.terms()?;
    let answer = app.once(visitor, "group_buy.create", |tx| {
        if new.starts_at >= new.ends_at || new.ends_at <= tx.now {
            return Err(bad(BadTerms::Dates));
        }
        let variants = check_variants(tx, &new, &terms)?;
        let id: Id<GroupBuy> = tx.id();
        store::add(tx, id, title.as_str(), &new, &terms, actor)?;
        for (variant, price, quota) in variants {
            store::add_variant(tx, id, variant, price, quota)?;
        }
        staff_act::record(tx, actor, "group_buy.create", ("group_buy", id.0), title.as_str())?;
        tx.tell(Fact::GroupBuyMoved { group_buy: id, to: Status::Draft })?;
        if new.launch {
            launch_in(tx, id)?;
        }
        Ok((store::view(tx, id)?, id.0))
    })?;
    Ok(answer.value)
}

type Checked = (Id<Variant>, i64, Option<i64>);

fn check_variants(tx: &mut Tx, new: &NewGroupBuy, terms: &Terms) -> Result<Vec<Checked>, Failure> {
    let bad = |which| Failure::from(Refusal::BadTerms(which));
    let mut checked: Vec<Checked> = Vec::new();
    for offered in &new.variants {
        let twice = checked.iter().any(|(variant, ..)| *variant == offered.variant);
        let ordinary = store::ordinary_price(tx, new.product, offered.variant)?;
        let (Some(ordinary), false) = (ordinary, twice) else {
            return Err(bad(BadTerms::NoVariants));
        };
        if offered.price <= 0 || offered.price >= ordinary.minor {
            return Err(bad(BadTerms::Price));
        }
        let most = terms.most();
        let group_price = Money::new(offered.price, ordinary.currency);
        let lowest = domain::group_buy::price_at(terms, group_price, most).minor;
        if lowest <= 0 || terms.leader_off >= lowest {
            return Err(bad(BadTerms::LeaderOff));
        }
        if offered.quota.is_some_and(|quota| quota < 1) {
            return Err(bad(BadTerms::Stock));
        }
        checked.push((offered.variant, offered.price, offered.quota));
    }
    // Stock is touched in the fixed order of variants everywhere.
    checked.sort_by_key(|(variant, ..)| *variant);
    if checked.is_empty() { Err(bad(BadTerms::NoVariants)) } else { Ok(checked) }
}

/// Sets its stock aside and lets it run, now or at its start.
fn launch_in(tx: &mut Tx, id: Id<GroupBuy>) -> Result<(), Failure> {
    let found = find_to_change(tx, id)?;
    if found.status != Status::Draft {
        return Err(Refusal::NotNow(found.status).into());
    }
    if found.ends_at <= tx.now {
        return Err(Refusal::BadTerms(BadTerms::Dates).into());
    }
    for (variant, quota) in store::quotas(tx, id)? {
        let why = Why { reason: id.to_string(), ..Why::default() };
        inventory::shift(tx, variant, Cause::SetAside, quota, &why)
            .map_err(|_| Refusal::BadTerms(BadTerms::Stock))?;
        store::set_left_over(tx, id, variant, quota)?;
    }
    let to = if found.starts_at <= tx.now { Status::Running } else { Status::Scheduled };
    move_to(tx, &found, to)?;
    if to == Status::Scheduled {
        tx.ask("group_buy.start", id.0, found.starts_at)?;
    }
    tx.ask("group_buy.end", id.0, found.ends_at)
}

fn move_to(tx: &mut Tx, found: &Found, to: Status) -> Result<(), Failure> {
    store::set_status(tx, found.id, to)?;
    tx.tell(Fact::GroupBuyMoved { group_buy: found.id, to })
}

/// A step in a group buy's life that staff take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Launch,
    /// No new teams; those that are open go on.
    Pause,
    Resume,
    /// No new teams; open ones run until their deadline.
    End,
    /// The same, and open teams fail now: everyone in them is refunded.
    EndAndFail,
}

/// Takes a step in a group buy's life.
pub fn step(
    app: &App,
    visitor: &Visitor,
    id: Id<GroupBuy>,
    step: Step,
) -> Result<GroupBuyView, Failure> {
    let actor = visitor.staff(Permission::GroupBuys)?;
    app.write_for(visitor, |tx| {
        let found = find_to_change(tx, id)?;
        match (step, found.status) {
            (Step::Launch, _) => launch_in(tx, id)?,
            (Step::Pause, Status::Running | Status::Scheduled) => {
                move_to(tx, &found, Status::Paused)?;
            }
            (Step::Resume, Status::Paused) => {
                let to =
                    if found.starts_at <= tx.now { Status::Running } else { Status::Scheduled };
                move_to(tx, &found, to)?;
                if to == Status::Scheduled {
                    tx.ask("group_buy.start", id.0, found.starts_at)?;
                }
            }
            (Step::End, status) if status != Status::Ended => end_in(tx, &found)?,
            (Step::EndAndFail, status) if status != Status::Ended => {
                end_in(tx, &found)?;
                for team in store::open_teams(tx, id)? {
                    tx.ask("team.end", team.0, tx.now)?;
                }
            }
            (_, status) => return Err(Refusal::NotNow(status).into()),
        }
        let detail = format!("{step:?}");
        staff_act::record(tx, actor, "group_buy.step", ("group_buy", id.0), &detail)?;
        store::view(tx, id)
    })
}

/// Ends it and gives back what it had set aside.
fn end_in(tx: &mut Tx, found: &Found) -> Result<(), Failure> {
    for (variant, left_over) in store::take_left_over(tx, found.id)? {
        let why = Why { reason: found.id.to_string(), ..Why::default() };
        inventory::shift(tx, variant, Cause::ReturnAside, left_over, &why)?;
    }
    move_to(tx, found, Status::Ended)
}

/// Job: its start has come.
pub fn start_due(app: &App, id: Id<GroupBuy>) -> Result<(), Failure> {
    app.write(|tx| {
        let found = find_to_change(tx, id)?;
        if found.status == Status::Scheduled && found.starts_at <= tx.now {
            move_to(tx, &found, Status::Running)?;
        }
        Ok(())
    })
}

/// Job: its end has come.
pub fn end_due(app: &App, id: Id<GroupBuy>) -> Result<(), Failure> {
    app.write(|tx| {
        let found = find_to_change(tx, id)?;
        let alive = !matches!(found.status, Status::Draft | Status::Ended);
        if alive && found.ends_at <= tx.now {
            end_in(tx, &found)?;
        }
        Ok(())
    })
}

/// The group buy.
pub fn find(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Found, Failure> {
    tx.read_once(format!("group buy {}", id.0), |tx| store::find(tx, id, ""))
}

/// The group buy as staff see it.
pub(crate) fn view_of(tx: &mut Tx, id: Id<GroupBuy>) -> Result<GroupBuyView, Failure> {
    store::view(tx, id)
}

fn find_to_change(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Found, Failure> {
    let lock = tx.lock();
    store::find(tx, id, lock)
}

/// How much the person holds or has bought of it.
pub(crate) fn holds(tx: &mut Tx, id: Id<GroupBuy>, person: Id<Person>) -> Result<i64, Failure> {
    if tx.gathers() {
        return gathered::holds(tx, id, person);
    }
    store::holds(tx, id, person)
}

/// What a variant costs in it.
pub(crate) fn price(tx: &mut Tx, id: Id<GroupBuy>, variant: Id<Variant>) -> Result<Money, Failure> {
    let key = format!("group price {} {}", id.0, variant.0);
    let price = tx.read_once(key, |tx| store::price(tx, id, variant))?;
    price.ok_or_else(|| Refusal::NotOffered.into())
}

/// Takes `n` units of a variant for a person: their counter and, where units were set aside, those.
/// Says where the units come from. Both are conditional statements whose row count decides.
pub(crate) fn take(
    tx: &mut Tx,
    found: &Found,
    person: Id<Person>,
    variant: Id<Variant>,
    n: i64,
) -> Result<Source, Failure> {
    let most = found.terms.per_person;
    let gathers = tx.gathers();
    let counted = if gathers {
        gathered::count(tx, found.id, person, n, most)?
    } else {
        store::count(tx, found.id, person, n, most)?
    };
    if !counted {
        return Err(Refusal::TooManyPerPerson(most).into());
    }
    // An offer that has ended set nothing aside any more: its open teams sell ordinary stock.
    let on = is_on(tx, found.id)?;
    let key = format!("source {} {}", found.id.0, variant.0);
    let (set_aside, counted) = tx.read_once(key, |tx| store::source(tx, found.id, variant))?;
    if set_aside && on {
        let taken = if gathers {
            gathered::take_set_aside(tx, found.id, variant, n)?
        } else {
            store::take_set_aside(tx, found.id, variant, n)?
        };
        if taken {
            return Ok(Source::SetAside);
        }
        let left = if gathers {
            gathered::left_over(tx, found.id, variant)?
        } else {
            store::left_over(tx, found.id, variant)?
        };
        return Err(Refusal::SoldOut(left).into());
    }
    Ok(if counted { Source::Available } else { Source::Made })
}

/// Whether what was set aside for it goes back to it. The offer cannot end meanwhile.
pub(crate) fn is_on(tx: &mut Tx, id: Id<GroupBuy>) -> Result<bool, Failure> {
    tx.read_once(format!("is on {}", id.0), |tx| store::is_on(tx, id))
}

/// Gives back a person's units: the counter and, while it is on, what was set aside.
pub(crate) fn give_back(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    person: Id<Person>,
    back: &[inventory::Reserved],
    on: bool,
) -> Result<(), Failure> {
    for reserved in back {
        store::uncount(tx, id, person, reserved.quantity)?;
        planted!("set_aside_lost", continue);
        if on && reserved.source == Source::SetAside {
            store::put_back(tx, id, reserved.variant, reserved.quantity)?;
        }
    }
    Ok(())
}

/// Takes units off a person's count: they came back.
pub(crate) fn uncount(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    person: Id<Person>,
    n: i64,
) -> Result<(), Failure> {
    store::uncount(tx, id, person, n)
}

/// Units that were set aside for it are its again.
pub(crate) fn put_back(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    variant: Id<Variant>,
    n: i64,
) -> Result<(), Failure> {
    store::put_back(tx, id, variant, n)
}

/// The group buy for its rules and prices, to anybody; drafts are for staff.
pub fn get(app: &App, visitor: &Visitor, id: Id<GroupBuy>) -> Result<GroupBuyView, Failure> {
    let staff = visitor.staff_reader(Permission::GroupBuys).is_ok();
    app.read(|tx| {
        let mut view = store::view(tx, id)?;
        if !staff {
            if view.status == Status::Draft {
                return Err(Failure::NotFound);
            }
            (view.may_launch, view.may_pause, view.may_resume, view.may_end) =
                (false, false, false, false);
            view.results = Results::default();
        }
        Ok(view)
    })
}

/// Group buys for staff, the newest first, of one status or all.
pub fn list(
    app: &App,
    visitor: &Visitor,
    status: Option<Status>,
    before: Option<Id<GroupBuy>>,
    limit: i64,
) -> Result<Vec<GroupBuyView>, Failure> {
    visitor.staff_reader(Permission::GroupBuys)?;
    app.read(|tx| {
        let ids = store::ids(tx, status, before, limit)?;
        ids.into_iter().map(|id| store::view(tx, id)).collect()
    })
}

/// Group buys anybody can open a team in now, the newest first.
pub fn running(
    app: &App,
    before: Option<Id<GroupBuy>>,
    limit: i64,
) -> Result<Vec<GroupBuyView>, Failure> {
    app.read(|tx| {
        let ids = store::running_ids(tx, before, limit)?;
        ids.into_iter()
            .map(|id| {
                let view = store::view(tx, id)?;
                Ok(GroupBuyView { results: Results::default(), ..view })
            })
            .collect()
    })
}
