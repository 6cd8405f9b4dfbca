//! Staff make kinds of coupons, give coupons to people and take them back.

use describe::ToSchema;
use domain::coupon::{
    BadTemplate, Coupon, Gives, Issuer, Life, Stacks, State, Template, take_back as rule,
};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::person::{Permission, Person};
use domain::promotion::Scope;
use domain::text::{Slug, one_line};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{CouponView, Source, claim, codes, cost, store};
use crate::customer_group::{self, Who};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, notice, seller, shop, staff_act};

/// A kind of coupon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponTemplate)]
pub struct TemplateView {
    pub id: Id<Template>,
    /// What shoppers read: in the shop's language and in English.
    pub name: String,
    pub name_en: String,
    pub issuer: Issuer,
    pub currency: Currency,
    pub gives: Gives,
    /// What its goods have to cost after promotions, in minor units.
    pub threshold: i64,
    pub scope: Scope,
    pub stacks: Stacks,
    pub life: Life,
    pub claim_from: Moment,
    pub claim_until: Moment,
    /// How many there are in all; without end otherwise.
    pub total: Option<i64>,
    pub per_person: i64,
    pub per_cluster: i64,
    pub back_on_refund: bool,
    pub active: bool,
    pub listed: bool,
    pub link: Option<String>,
    /// How many were ever taken.
    pub taken: i64,
    /// How many orders that stand used one, and how much those took off.
    pub used: i64,
    pub saved: Money,
    /// How many codes there are, and how many of them are used up.
    pub codes: i64,
    pub redeemed: i64,
    pub version: i64,
}

impl TemplateView {
    /// `off`, `planned`, `on`, `all_taken` or `ended`.
    pub fn state(&self, now: Moment) -> &'static str {
        match () {
            () if !self.active => "off",
            () if now < self.claim_from => "planned",
            () if self.claim_until <= now => "ended",
            () if self.total.is_some_and(|total| self.taken >= total) => "all_taken",
            () => "on",
        }
    }

    pub(super) fn rule(&self) -> Template {
        Template {
            id: self.id,
            issuer: self.issuer,
            currency: self.currency,
            gives: self.gives,
            threshold: self.threshold,
            scope: self.scope.clone(),
            stacks: self.stacks.clone(),
            life: self.life,
            claim_from: self.claim_from,
            claim_until: self.claim_until,
            total: self.total,
            per_person: self.per_person,
            per_cluster: self.per_cluster,
            back_on_refund: self.back_on_refund,
        }
    }
}

/// A kind of coupon as staff want it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutCouponTemplate)]
pub struct PutTemplate {
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    #[serde(default = "merchant")]
    pub issuer: Issuer,
    /// The shop's own when left out.
    #[serde(default)]
    pub currency: Option<Currency>,
    pub gives: Gives,
    #[serde(default)]
    pub threshold: i64,
    #[serde(default)]
    pub scope: Scope,
    /// In the group `shop` when left out: one of those an order.
    #[serde(default)]
    pub stacks: Option<Stacks>,
    pub life: Life,
    /// From now on when left out,
    #[serde(default)]
    pub claim_from: Option<Moment>,
    /// and for a year.
    #[serde(default)]
    pub claim_until: Option<Moment>,
    #[serde(default)]
    pub total: Option<i64>,
    #[serde(default = "once")]
    pub per_person: i64,
    /// As many as for a person when left out.
    #[serde(default)]
    pub per_cluster: Option<i64>,
    #[serde(default)]
    pub back_on_refund: bool,
    #[serde(default = "yes")]
    pub active: bool,
    /// Whether everybody finds it in the claim centre.
    #[serde(default)]
    pub listed: bool,
    /// What its own link ends with: small letters, digits and hyphens.
    #[serde(default)]
    pub link: Option<String>,
    /// The version that was seen: should it be another by now, nothing is changed.
    #[serde(default)]
    pub version: Option<i64>,
}

fn merchant() -> Issuer {
    Issuer::Merchant
}

fn once() -> i64 {
    1
}

fn yes() -> bool {
    true
}

/// How many kinds a shop may have.
const MOST: usize = 1_000;

fn bad(field: &'static str) -> Failure {
    Failure::field("coupon.bad_template", field)
}

fn field(bad: BadTemplate) -> &'static str {
    match bad {
        BadTemplate::Gives => "gives",
        BadTemplate::Threshold => "threshold",
        BadTemplate::Scope => "scope",
        BadTemplate::Group => "group",
        BadTemplate::Life => "life",
        BadTemplate::Limits => "limits",
    }
}

impl PutTemplate {
    fn checked(&self, tx: &mut Tx, id: Id<Template>) -> Result<TemplateView, Failure> {
        let own = shop::get(tx)?.currency;
        let (name, english) = (one_line(&self.name), one_line(&self.name_en));
        let name_en = if english.is_empty() { name.clone() } else { english };
        for (text, field) in [(&name, "name"), (&name_en, "name_en")] {
            if !(1..=60).contains(&text.chars().count()) {
                return Err(bad(field));
            }
        }
        let link = self.link.as_deref().map(str::trim).filter(|link| !link.is_empty());
        let link = match link {
            Some(link) => Some(Slug::new(link).map_err(|_| bad("link"))?.as_str().to_string()),
            None => None,
        };
        let currency = self.currency.unwrap_or(own);
        let claim_from = self.claim_from.unwrap_or(tx.now);
        let view = TemplateView {
            id,
            name,
            name_en,
            issuer: self.issuer,
            currency,
            gives: self.gives,
            threshold: self.threshold,
            scope: self.scope.clone(),
            stacks: self.stacks.clone().unwrap_or(Stacks::InGroup { group: "shop".into() }),
            life: self.life,
            claim_from,
            claim_until: self.claim_until.unwrap_or(match self.life {
                Life::Dates { until, .. } => until,
                Life::After { .. } => claim_from.plus(Span::days(365)),
            }),
            total: self.total,
            per_person: self.per_person,
            per_cluster: self.per_cluster.unwrap_or(self.per_person),
            back_on_refund: self.back_on_refund,
            active: self.active,
            listed: self.listed,
            link,
            taken: 0,
            used: 0,
            saved: Money::zero(currency),
            codes: 0,
            redeemed: 0,
            version: self.version.unwrap_or(1),
        };
        view.rule().check().map_err(|which| bad(field(which)))?;
        if let Gives::Gift { part } = view.gives
            && !seller::is_own(tx, part.variant)?
        {
            return Err(bad("gives"));
        }
        Ok(view)
    }
}

fn view(tx: &mut Tx, found: store::Found, whole: bool) -> Result<TemplateView, Failure> {
    let template = found.template;
    let (used, saved) = if whole { store::figures(tx, template.id)? } else { (0, 0) };
    let (codes, redeemed) = if whole { codes::counted(tx, template.id)? } else { (0, 0) };
    Ok(TemplateView {
        id: template.id,
        name: found.name,
        name_en: found.name_en,
        issuer: template.issuer,
        currency: template.currency,
        gives: template.gives,
        threshold: template.threshold,
        scope: template.scope,
        stacks: template.stacks,
        life: template.life,
        claim_from: template.claim_from,
        claim_until: template.claim_until,
        total: template.total,
        per_person: template.per_person,
        per_cluster: template.per_cluster,
        back_on_refund: template.back_on_refund,
        active: found.active,
        listed: found.listed,
        link: found.link,
        taken: found.taken,
        used,
        saved: Money::new(saved, template.currency),
        codes,
        redeemed,
        version: found.version,
    })
}

/// Every kind of coupon, the newest first.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<TemplateView>, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(|tx| {
        let found = store::templates(tx)?;
        found.into_iter().map(|found| view(tx, found, false)).collect()
    })
}

/// One kind with what became of it.
pub fn get(app: &App, visitor: &Visitor, id: Id<Template>) -> Result<TemplateView, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(|tx| {
        let found = store::template(tx, id)?;
        view(tx, found, true)
    })
}

/// Makes a kind of coupon.
pub fn add(app: &App, visitor: &Visitor, put: &PutTemplate) -> Result<TemplateView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let answer = app.once(visitor, "coupon_template.add", |tx| {
        if store::templates(tx)?.len() >= MOST {
            return Err(Failure::refused("price.too_many"));
        }
        let id: Id<Template> = tx.id();
        let after = put.checked(tx, id)?;
        if !store::add_template(tx, &after)? {
            return Err(taken(tx, &after)?);
        }
        shop::pricing_changed(tx)?;
        record(tx, actor, "coupon_template.add", None, &after)?;
        Ok((after, id.0))
    })?;
    Ok(answer.value)
}

/// What of it was another's already.
fn taken(tx: &mut Tx, view: &TemplateView) -> Result<Failure, Failure> {
    let mut others = store::templates(tx)?.into_iter().filter(|one| one.template.id != view.id);
    Ok(match others.any(|other| other.name == view.name) {
        true => Failure::field("price.name_taken", "name"),
        false => Failure::field("coupon.link_taken", "link"),
    })
}

/// Changes a kind of coupon. What those say that people hold already stays: how many there are,
/// when they can be taken and where they are found may change.
pub fn change(
    app: &App,
    visitor: &Visitor,
    id: Id<Template>,
    put: &PutTemplate,
) -> Result<TemplateView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    app.write_for(visitor, |tx| {
        let found = store::template_to_change(tx, id)?;
        let before = view(tx, found, false)?;
        if put.version.is_some_and(|version| version != before.version) {
            return Err(Failure::Stale);
        }
        let mut after = put.checked(tx, id)?;
        (after.version, after.taken) = (before.version, before.taken);
        if put.claim_from.is_none() {
            after.claim_from = before.claim_from;
        }
        let promised = |view: &TemplateView| Template {
            claim_from: Moment(0),
            claim_until: Moment(0),
            total: None,
            per_person: 1,
            per_cluster: 1,
            ..view.rule()
        };
        let fewer = after.per_person < before.per_person || after.per_cluster < before.per_cluster;
        if before.taken > 0 && (fewer || promised(&before) != promised(&after)) {
            return Err(Failure::refused("coupon.in_use"));
        }
        if after.total.is_some_and(|total| total < before.taken) {
            return Err(bad("limits"));
        }
        let known = store::templates(tx)?;
        let clash = known.iter().any(|other| {
            let linked = other.link.is_some() && other.link == after.link;
            other.template.id != id && (other.name == after.name || linked)
        });
        if clash {
            return Err(taken(tx, &after)?);
        }
        if !store::change_template(tx, &after)? {
            return Err(Failure::Stale);
        }
        shop::pricing_changed(tx)?;
        record(tx, actor, "coupon_template.change", Some(&before), &after)?;
        let found = store::template(tx, id)?;
        view(tx, found, true)
    })
}

fn record(
    tx: &mut Tx,
    actor: Id<Person>,
    action: &str,
    before: Option<&TemplateView>,
    after: &TemplateView,
) -> Result<(), Failure> {
    let detail = json!({ "before": before, "after": after }).to_string();
    staff_act::record(tx, actor, action, ("coupon_template", after.id.0), &detail)
}

/// A coupon to be given to somebody.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = GiveCoupon)]
pub struct Give {
    /// An e-mail address, a phone number or a person's id.
    pub person: String,
}

/// A coupon with its holder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponHolder)]
pub struct HolderView {
    pub coupon: Id<Coupon>,
    pub person: Id<Person>,
    pub name: String,
    pub state: String,
    pub order: Option<Id<Order>>,
    /// `centre`, `link`, `code`, `staff` or `share`.
    pub source: String,
    pub received_at: Moment,
    pub usable_until: Moment,
}

/// Gives one to somebody, whatever a person may take.
pub fn give(
    app: &App,
    visitor: &Visitor,
    id: Id<Template>,
    give: &Give,
) -> Result<CouponView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let answer = app.once(visitor, "coupon.give", |tx| {
        let found = store::template_to_change(tx, id)?;
        let person = customer_group::find(tx, &Who { person: give.person.clone() })?;
        let coupon = claim::hand_out(tx, &found, (person, Source::Staff), None, Some(actor))?;
        let args = json!({ "coupon": found.name });
        notice::tell(tx, person, "coupon_given", "coupon", coupon.id.0, args)?;
        let detail = json!({ "template": id, "coupon": coupon.id }).to_string();
        staff_act::record(tx, actor, "coupon.give", ("person", person.0), &detail)?;
        let effect = coupon.id.0;
        Ok((coupon, effect))
    })?;
    Ok(answer.value)
}

/// Who has coupons of a kind, the newest before `before` first.
pub fn holders(
    app: &App,
    visitor: &Visitor,
    id: Id<Template>,
    before: Option<Id<Coupon>>,
    limit: i64,
) -> Result<Vec<HolderView>, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(|tx| {
        store::template(tx, id)?;
        store::holders(tx, id, before, limit.clamp(1, 200))
    })
}

/// Takes back a coupon that nobody used yet.
pub fn take_back(
    app: &App,
    visitor: &Visitor,
    id: Id<Coupon>,
    reason: &str,
) -> Result<CouponView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let reason: String = one_line(reason).chars().take(200).collect();
    if reason.is_empty() {
        return Err(Failure::field("order.no_reason", "reason"));
    }
    app.write_for(visitor, |tx| {
        let held = store::find(tx, id)?.ok_or(Failure::NotFound)?;
        rule(&held.coupon)?;
        if !store::end(tx, id, State::TakenBack)? {
            return Err(domain::coupon::Refusal::NotHeld.into());
        }
        store::add_move(tx, id, Some("held"), "taken_back", ("taken_back", None, Some(actor)))?;
        cost::ended(tx, id)?;
        let detail = json!({ "coupon": id, "reason": reason }).to_string();
        let owner = held.coupon.owner.0;
        staff_act::record(tx, actor, "coupon.take_back", ("person", owner), &detail)?;
        let held = store::find(tx, id)?.ok_or(Failure::NotFound)?;
        Ok(held.view())
    })
}
