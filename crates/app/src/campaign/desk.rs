//! Campaigns behind the counter: written, checked, launched, stopped and copied.

use describe::ToSchema;
use domain::campaign::favour::{self, Change, Field};
use domain::campaign::{Campaign, Command, Frame, Mechanic, Refusal, Status, decide};
use domain::catalog::Variant;
use domain::event::Fact;
use domain::id::Id;
use domain::inventory::Cause;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::person::{Permission, Person};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::terms::bad;
use super::view::CampaignDesk;
use super::{Found, Offered, Terms, channels, check, find_to_change, store, view};
use crate::db::Tx;
use crate::failure::Failure;
use crate::inventory::{self, Why};
use crate::{App, Visitor, reward, seller, shop, staff_act};

/// What shoppers read and see of a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignCreative)]
pub struct Creative {
    #[serde(default)]
    pub copy: String,
    /// The hash of an uploaded picture; empty for none.
    #[serde(default)]
    pub picture: String,
}

/// A campaign as staff want it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PutCampaign {
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub frame: Frame,
    pub terms: Terms,
    /// The goods it offers at a price of its own; none where its mechanic offers none.
    #[serde(default)]
    pub offered: Vec<Offered>,
    #[serde(default)]
    pub creative: Creative,
    /// The version that was seen: should it be another by now, nothing is changed.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A step in a campaign's life that staff take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CampaignStep)]
pub enum Step {
    /// The check passes it, when nothing stands in the way.
    Check,
    /// Checked, its budget reserved, its stock set aside: it starts at its time, or now.
    Launch,
    /// Back to a draft before it started; what was reserved goes back.
    Recall,
    Pause,
    Resume,
    End,
    /// Its figures are held against its goal; nothing waits any more.
    Evaluate,
}

impl Step {
    pub const ALL: [Step; 7] = [
        Step::Check,
        Step::Launch,
        Step::Recall,
        Step::Pause,
        Step::Resume,
        Step::End,
        Step::Evaluate,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Step::Check => "check",
            Step::Launch => "launch",
            Step::Recall => "recall",
            Step::Pause => "pause",
            Step::Resume => "resume",
            Step::End => "end",
            Step::Evaluate => "evaluate",
        }
    }

    pub fn parse(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// Whether a campaign in this state can take it.
    pub fn fits(self, status: Status) -> bool {
        use Status::*;
        match self {
            Step::Check => status == Draft,
            Step::Launch => matches!(status, Draft | Checked),
            Step::Recall => matches!(status, Checked | Scheduled),
            Step::Pause => status == Running,
            Step::Resume => status == Paused,
            Step::End => matches!(status, Scheduled | Running | Paused),
            Step::Evaluate => status == Ended,
        }
    }
}

/// The jobs that write down what the clock has done.
pub const START: &str = "campaign.start";
pub const END: &str = "campaign.end";

impl PutCampaign {
    /// With the goods that are in its settings.
    pub(super) fn whole(mut self) -> PutCampaign {
        if matches!(self.terms, Terms::PointsShop(_)) {
            self.offered = self.terms.goods();
        }
        self
    }

    pub(super) fn campaign(&self, id: Id<Campaign>, status: Status) -> Campaign {
        let mut frame = self.frame.clone();
        frame.title = domain::text::one_line(&frame.title);
        Campaign {
            id,
            mechanic: self.terms.mechanic(),
            status,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            frame,
        }
    }

    /// What it would make of a campaign that is there.
    fn found(&self, was: &Found) -> Found {
        let campaign = self.campaign(was.id(), was.campaign.status);
        let (terms, creative) = (self.terms.clone(), self.creative.clone());
        Found { campaign, terms, creative, waiting: was.waiting, version: was.version }
    }

    /// Whether it can be, whatever the law says.
    pub(super) fn check(&self, tx: &mut Tx, campaign: &Campaign) -> Result<(), Failure> {
        campaign.check().map_err(Refusal::BadFrame)?;
        if Terms::usual(campaign.mechanic).is_none() {
            return Err(bad("mechanic"));
        }
        self.terms.check()?;
        let own = shop::get(tx)?.currency;
        if campaign
            .frame
            .budget
            .is_some_and(|money| ![own, Currency::Points].contains(&money.currency))
        {
            return Err(Refusal::BadFrame(domain::campaign::BadFrame::Budget).into());
        }
        let long = self.creative.copy.chars().count() > 2_000;
        let hash = &self.creative.picture;
        if long || hash.len() > 64 || !hash.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(bad("creative"));
        }
        if self.terms.offers_goods() == self.offered.is_empty() || self.offered.len() > 50 {
            return Err(bad("offered"));
        }
        for (at, one) in self.offered.iter().enumerate() {
            let twice = self.offered[..at].iter().any(|other| other.variant == one.variant);
            let ordinary = store::ordinary_price(tx, one.variant)?;
            let ordinary = ordinary.filter(|_| !twice).ok_or_else(|| bad("offered"))?;
            own_goods(tx, one.variant)?;
            if one.quota.is_some_and(|quota| !(1..=1_000_000).contains(&quota)) {
                return Err(bad("quota"));
            }
            if ordinary.currency != own || !(0..=ordinary.minor).contains(&one.price) {
                return Err(bad("price"));
            }
            self.terms.check_price(Money::new(one.price, own), ordinary)?;
        }
        // A team buys one thing together.
        if matches!(self.terms, Terms::GroupBuy(_))
            && store::products_of(tx, &self.offered)?.len() != 1
        {
            return Err(bad("one_product"));
        }
        Ok(())
    }
}

/// What a merchant begins with for a mechanic: a template, not kept.
pub fn template(app: &App, visitor: &Visitor, mechanic: Mechanic) -> Result<PutCampaign, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let own = shop::get(tx)?.currency;
        let terms = Terms::usual(mechanic).ok_or(Failure::NotFound)?;
        let budget = Some(Money::new(100_000, terms.unit(own)));
        let frame = Frame::usual(mechanic, "", budget);
        let starts_at = tx.now;
        let ends_at = tx.now.plus(Span::days(7));
        let creative = Creative::default();
        Ok(PutCampaign {
            starts_at,
            ends_at,
            frame,
            terms,
            offered: Vec::new(),
            creative,
            version: None,
        })
    })
}

/// Writes a campaign as a draft.
pub fn create(app: &App, visitor: &Visitor, put: PutCampaign) -> Result<CampaignDesk, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    let put = put.whole();
    let answer = app.once(visitor, "campaign.create", |tx| {
        let id = begin(tx, &put, actor)?;
        Ok((view::desk_of(tx, id)?, id.0))
    })?;
    Ok(answer.value)
}

/// Writes a campaign as a draft.
pub(crate) fn begin(
    tx: &mut Tx,
    put: &PutCampaign,
    actor: Id<Person>,
) -> Result<Id<Campaign>, Failure> {
    let id: Id<Campaign> = tx.id();
    let campaign = put.campaign(id, Status::Draft);
    put.check(tx, &campaign)?;
    if put.ends_at <= tx.now {
        return Err(Refusal::BadFrame(domain::campaign::BadFrame::Dates).into());
    }
    store::add(tx, &campaign, put, actor)?;
    moved(tx, id, (None, Status::Draft), Some(actor), "created")?;
    let title = &campaign.frame.title;
    staff_act::record(tx, actor, "campaign.create", ("campaign", id.0), title)?;
    Ok(id)
}

/// Writes the same once more, as a draft that begins at `starts_at`.
pub fn copy(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    starts_at: Moment,
) -> Result<CampaignDesk, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    let answer = app.once(visitor, "campaign.copy", |tx| {
        let found = super::find(tx, id)?;
        let new: Id<Campaign> = tx.id();
        let campaign = found.campaign.copy(new, starts_at);
        let put = PutCampaign {
            starts_at,
            ends_at: campaign.ends_at,
            frame: campaign.frame.clone(),
            terms: found.terms.clone(),
            offered: store::offered(tx, id)?,
            creative: found.creative.clone(),
            version: None,
        };
        put.check(tx, &campaign)?;
        store::add(tx, &campaign, &put, actor)?;
        moved(tx, new, (None, Status::Draft), Some(actor), "copied")?;
        let about = ("campaign", new.0);
        staff_act::record(tx, actor, "campaign.copy", about, &id.to_string())?;
        Ok((view::desk_of(tx, new)?, new.0))
    })?;
    Ok(answer.value)
}

/// Changes a campaign. Before its start everything may change, and it is a draft again; after it,
/// only what is in shoppers' favour may.
pub fn change(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    put: PutCampaign,
) -> Result<CampaignDesk, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    let put = put.whole();
    app.act(visitor, "campaign.change", |tx| {
        let found = find_to_change(tx, id)?;
        if put.version.is_some_and(|version| version != found.version) {
            return Err(Failure::Stale);
        }
        let old = &found.campaign;
        let new = put.campaign(id, old.status);
        // Another mechanic is another campaign.
        if new.mechanic != old.mechanic {
            return Err(bad("mechanic"));
        }
        put.check(tx, &new)?;
        let changes = changes(tx, &found, &new, &put)?;
        favour::may_change(old, &changes, tx.now)?;
        let now = old.status_at(tx.now);
        if matches!(now, Status::Running | Status::Paused) {
            // More was promised: it is there first.
            let unit = |campaign: &Campaign| campaign.frame.budget;
            if let (Some(was), Some(is)) = (unit(old), unit(&new)) {
                reward::fund(tx, id, is.minus(was), Some(actor))?;
            }
            check::no_worse(tx, &found, &put.found(&found))?;
            store::change(tx, &new, &put)?;
            channels::changed(tx, &new)?;
            if new.ends_at != old.ends_at {
                tx.ask(END, id.0, new.ends_at)?;
            }
        } else {
            if now != Status::Draft {
                edit(tx, &found, actor)?;
            }
            store::change(tx, &new, &put)?;
            store::put_offered(tx, &new, &put.offered)?;
        }
        let title = &new.frame.title;
        staff_act::record(tx, actor, "campaign.change", ("campaign", id.0), title)?;
        let to = view::status_of(tx, id)?;
        tx.tell(Fact::CampaignMoved { campaign: id, to })?;
        view::desk_of(tx, id)
    })
}

/// What differs between a campaign and what staff want of it.
fn changes(
    tx: &mut Tx,
    found: &Found,
    new: &Campaign,
    put: &PutCampaign,
) -> Result<Vec<Change>, Failure> {
    let mut changes = favour::changes(&found.campaign, new);
    let other = |field, same: bool| Change { field, from: 0, to: i64::from(!same) };
    let offered = store::offered(tx, found.id())?;
    changes.push(other(Field::Rules, found.terms == put.terms));
    changes.push(other(Field::Price, offered == put.offered));
    changes.push(other(Field::Picture, found.creative == put.creative));
    changes.retain(|change| change.from != change.to);
    Ok(changes)
}

/// A campaign that has not started is a draft again: what was reserved goes back.
fn edit(tx: &mut Tx, found: &Found, actor: Id<Person>) -> Result<(), Failure> {
    let decided = decide(&found.campaign, Command::Edit, tx.now)?;
    if decided.gives_back {
        give_back(tx, found, Some(actor))?;
    }
    let from = Some(found.campaign.status);
    moved(tx, found.id(), (from, decided.to), Some(actor), "changed")
}

/// Takes a step in a campaign's life.
pub fn step(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    step: Step,
) -> Result<CampaignDesk, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    app.act(visitor, "campaign.step", |tx| {
        take_step(tx, id, step, actor)?;
        view::desk_of(tx, id)
    })
}

/// The step, in a transaction that may do more.
pub(crate) fn take_step(
    tx: &mut Tx,
    id: Id<Campaign>,
    step: Step,
    actor: Id<Person>,
) -> Result<(), Failure> {
    let found = find_to_change(tx, id)?;
    match step {
        Step::Check => pass(tx, &found, actor)?,
        Step::Launch => launch(tx, found, actor)?,
        Step::Recall => edit(tx, &found, actor)?,
        Step::Pause => simple(tx, &found, Command::Pause, actor)?,
        Step::Resume => simple(tx, &found, Command::Resume, actor)?,
        Step::End => simple(tx, &found, Command::End, actor)?,
        Step::Evaluate => {
            let command = Command::Evaluate { waiting: found.waiting };
            simple(tx, &found, command, actor)?;
        }
    }
    let detail = json!({ "step": step.code() }).to_string();
    staff_act::record(tx, actor, "campaign.step", ("campaign", id.0), &detail)
}

fn pass(tx: &mut Tx, found: &Found, actor: Id<Person>) -> Result<(), Failure> {
    let may_launch = check::may_launch(tx, found)?;
    let decided = decide(&found.campaign, Command::Pass { may_launch }, tx.now)?;
    let from = Some(found.campaign.status);
    moved(tx, found.id(), (from, decided.to), Some(actor), "checked")
}

fn launch(tx: &mut Tx, mut found: Found, actor: Id<Person>) -> Result<(), Failure> {
    let id = found.id();
    if found.campaign.status == Status::Draft {
        pass(tx, &found, actor)?;
        found = find_to_change(tx, id)?;
    }
    let command = Command::Schedule { funded: true, stocked: true };
    let decided = decide(&found.campaign, command, tx.now)?;
    if let Some(budget) = found.campaign.frame.budget {
        reward::fund(tx, id, budget, Some(actor))?;
    }
    // Whether goods are there, and whose they are, may have changed since they were chosen.
    for one in store::offered(tx, id)? {
        store::ordinary_price(tx, one.variant)?.ok_or_else(|| bad("offered"))?;
        own_goods(tx, one.variant)?;
    }
    for (variant, quota) in store::quotas(tx, id)? {
        let why = Why { reason: id.to_string(), ..Why::default() };
        inventory::shift(tx, variant, Cause::SetAside, quota, &why)
            .map_err(|_| Failure::from(Refusal::NotStocked))?;
        store::set_left_over(tx, id, variant, quota)?;
    }
    channels::launched(tx, &found.campaign)?;
    moved(tx, id, (Some(Status::Checked), decided.to), Some(actor), "launched")?;
    // What is due at once is written down at once.
    let now = find_to_change(tx, id)?;
    if now.campaign.status_at(tx.now) == Status::Running {
        moved(tx, id, (Some(Status::Scheduled), Status::Running), None, "started")?;
    } else {
        tx.ask(START, id.0, found.campaign.starts_at)?;
    }
    tx.ask(END, id.0, found.campaign.ends_at)
}

/// Goods of a seller's are in no campaign of the shop's.
fn own_goods(tx: &mut Tx, variant: Id<Variant>) -> Result<(), Failure> {
    planted!("campaign_of_sellers_goods", return Ok(()));
    if seller::is_own(tx, variant)? { Ok(()) } else { Err(bad("sellers_goods")) }
}

fn simple(tx: &mut Tx, found: &Found, command: Command, actor: Id<Person>) -> Result<(), Failure> {
    let decided = decide(&found.campaign, command, tx.now)?;
    let from = Some(found.campaign.status);
    moved(tx, found.id(), (from, decided.to), Some(actor), "by_staff")
}

/// A campaign has ended and its mechanic has settled: it promises nothing more, and what is left
/// goes back.
pub(crate) fn close(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    let found = find_to_change(tx, id)?;
    give_back(tx, &found, None)?;
    store::set_closed(tx, id)
}

/// What is not promised and not sold goes back.
fn give_back(tx: &mut Tx, found: &Found, by: Option<Id<Person>>) -> Result<(), Failure> {
    let id = found.id();
    for (variant, left_over) in store::take_left_over(tx, id)? {
        let why = Why { reason: id.to_string(), ..Why::default() };
        inventory::shift(tx, variant, Cause::ReturnAside, left_over, &why)?;
    }
    if let Some(budget) = found.campaign.frame.budget {
        reward::give_back(tx, id, budget.currency, by)?;
    }
    Ok(())
}

fn moved(
    tx: &mut Tx,
    id: Id<Campaign>,
    (from, to): (Option<Status>, Status),
    actor: Option<Id<Person>>,
    reason: &str,
) -> Result<(), Failure> {
    store::set_status(tx, id, (from, to), actor, reason)?;
    tx.tell(Fact::CampaignMoved { campaign: id, to })
}

/// Job: its start or end has come. A moment to look again when it ends later than it was to.
pub fn tick_due(app: &App, id: Id<Campaign>, ends: bool) -> Result<Option<Moment>, Failure> {
    app.write(|tx| {
        let found = find_to_change(tx, id)?;
        let from = Some(found.campaign.status);
        let Ok(decided) = decide(&found.campaign, Command::Tick, tx.now) else {
            let alive = matches!(
                found.campaign.status,
                Status::Scheduled | Status::Running | Status::Paused
            );
            return Ok((ends && alive).then_some(found.campaign.ends_at));
        };
        moved(tx, id, (from, decided.to), None, "by_the_clock")?;
        Ok(None)
    })
}
