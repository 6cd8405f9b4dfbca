//! Staff make promotions, change them, and switch them on and off.

use describe::ToSchema;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::person::{Permission, Person};
use domain::price::list::CustomerGroup;
use domain::promotion::{BadPromotion, Effect, Promotion, Rule, Scope};
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, shop, staff_act};

/// A promotion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Promotion)]
pub struct PromotionView {
    pub id: Id<Promotion>,
    /// What shoppers read: in the shop's language and in English.
    pub name: String,
    pub name_en: String,
    /// It holds for carts in this currency; its amounts are minor units of it.
    pub currency: Currency,
    pub starts_at: Moment,
    pub ends_at: Moment,
    /// Whose it is; everybody's when empty.
    pub groups: Vec<Id<CustomerGroup>>,
    /// Promotions of the same stack never share a line.
    pub stack: String,
    /// The higher comes first.
    pub priority: i64,
    pub active: bool,
    pub scope: Scope,
    pub effect: Effect,
    pub version: i64,
    /// How many orders that stand it took something off, and how much.
    pub used: i64,
    pub saved: Money,
}

impl PromotionView {
    /// `off`, `planned`, `on` or `ended`.
    pub fn state(&self, now: Moment) -> &'static str {
        match () {
            () if !self.active => "off",
            () if now < self.starts_at => "planned",
            () if self.ends_at <= now => "ended",
            () => "on",
        }
    }

    fn rule(&self) -> Rule {
        Rule {
            id: self.id,
            scope: self.scope.clone(),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            groups: self.groups.clone(),
            stack: self.stack.clone(),
            priority: self.priority,
            effect: self.effect.clone(),
        }
    }
}

/// A promotion as staff want it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PutPromotion {
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    /// The shop's own when left out.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Now when left out.
    #[serde(default)]
    pub starts_at: Option<Moment>,
    pub ends_at: Moment,
    #[serde(default)]
    pub groups: Vec<Id<CustomerGroup>>,
    /// `store` when left out.
    #[serde(default)]
    pub stack: String,
    #[serde(default)]
    pub priority: i64,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub scope: Scope,
    pub effect: Effect,
    /// The version that was seen: should it be another by now, nothing is changed.
    #[serde(default)]
    pub version: Option<i64>,
}

fn yes() -> bool {
    true
}

/// How many promotions a shop may have.
const MOST: usize = 500;

/// Which field a setting that cannot be is in.
fn field(bad: BadPromotion) -> &'static str {
    match bad {
        BadPromotion::Dates => "ends_at",
        BadPromotion::Steps => "steps",
        BadPromotion::ForEvery => "for_every",
        BadPromotion::Parts => "parts",
        BadPromotion::Price => "price",
        BadPromotion::Most => "most",
        BadPromotion::Scope => "scope",
    }
}

fn bad(field: &'static str) -> Failure {
    Failure::field("promotion.bad_settings", field)
}

impl PutPromotion {
    /// What it makes of a promotion.
    fn checked(&self, tx: &mut Tx, id: Id<Promotion>) -> Result<PromotionView, Failure> {
        let own = shop::get(tx)?.currency;
        let name = one_line(&self.name);
        let english = one_line(&self.name_en);
        let name_en = if english.is_empty() { name.clone() } else { english };
        for (text, field) in [(&name, "name"), (&name_en, "name_en")] {
            if !(1..=60).contains(&text.chars().count()) {
                return Err(bad(field));
            }
        }
        let stack = one_line(&self.stack);
        let stack = if stack.is_empty() { "store".to_string() } else { stack };
        if stack.chars().count() > 40 {
            return Err(bad("stack"));
        }
        if !(-1_000..=1_000).contains(&self.priority) {
            return Err(bad("priority"));
        }
        let mut groups = self.groups.clone();
        groups.sort_unstable_by_key(|group| group.0);
        groups.dedup();
        for group in &groups {
            if !store::is_group(tx, *group)? {
                return Err(bad("groups"));
            }
        }
        let view = PromotionView {
            id,
            name,
            name_en,
            currency: self.currency.unwrap_or(own),
            starts_at: self.starts_at.unwrap_or(tx.now),
            ends_at: self.ends_at,
            groups,
            stack,
            priority: self.priority,
            active: self.active,
            scope: self.scope.clone(),
            effect: self.effect.clone(),
            version: self.version.unwrap_or(1),
            used: 0,
            saved: Money::zero(self.currency.unwrap_or(own)),
        };
        view.rule().check().map_err(|which| bad(field(which)))?;
        if let Effect::Bundle { parts, .. } | Effect::Gift { parts, .. } = &view.effect {
            for part in parts {
                if !store::is_variant(tx, part.variant.0)? {
                    return Err(bad("parts"));
                }
            }
        }
        Ok(view)
    }
}

/// Every promotion, the newest first.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<PromotionView>, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(store::all)
}

/// A promotion with what it did.
pub fn get(app: &App, visitor: &Visitor, id: Id<Promotion>) -> Result<PromotionView, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(|tx| {
        let mut view = store::one(tx, id)?;
        let (used, saved) = store::figures(tx, id)?;
        view.used = used;
        view.saved = Money::new(saved, view.currency);
        Ok(view)
    })
}

/// Makes a promotion.
pub fn add(app: &App, visitor: &Visitor, put: &PutPromotion) -> Result<PromotionView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let answer = app.once(visitor, "promotion.add", |tx| {
        if store::all(tx)?.len() >= MOST {
            return Err(Failure::refused("price.too_many"));
        }
        let id: Id<Promotion> = tx.id();
        let view = put.checked(tx, id)?;
        if !store::add(tx, &view)? {
            return Err(Failure::field("price.name_taken", "name"));
        }
        store::put_groups(tx, id, &view.groups)?;
        changed(tx, actor, "promotion.add", None, id).map(|view| (view, id.0))
    })?;
    Ok(answer.value)
}

/// Changes a promotion. Orders keep what it took off them.
pub fn change(
    app: &App,
    visitor: &Visitor,
    id: Id<Promotion>,
    put: &PutPromotion,
) -> Result<PromotionView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    app.write_for(visitor, |tx| {
        store::lock(tx, id)?;
        let before = store::one(tx, id)?;
        if put.version.is_some_and(|version| version != before.version) {
            return Err(Failure::Stale);
        }
        let mut view = put.checked(tx, id)?;
        view.version = before.version;
        if put.starts_at.is_none() {
            view.starts_at = before.starts_at;
        }
        let taken = store::all(tx)?;
        if taken.iter().any(|other| other.name == view.name && other.id != id) {
            return Err(Failure::field("price.name_taken", "name"));
        }
        if !store::change(tx, &view)? {
            return Err(Failure::Stale);
        }
        store::put_groups(tx, id, &view.groups)?;
        changed(tx, actor, "promotion.change", Some(before), id)
    })
}

/// Switches a promotion on or off.
pub fn switch(
    app: &App,
    visitor: &Visitor,
    id: Id<Promotion>,
    on: bool,
) -> Result<PromotionView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    app.write_for(visitor, |tx| {
        store::lock(tx, id)?;
        let before = store::one(tx, id)?;
        if before.active == on {
            return Ok(before);
        }
        let view = PromotionView { active: on, ..before.clone() };
        if !store::change(tx, &view)? {
            return Err(Failure::Stale);
        }
        changed(tx, actor, "promotion.switch", Some(before), id)
    })
}

fn changed(
    tx: &mut Tx,
    actor: Id<Person>,
    action: &str,
    before: Option<PromotionView>,
    id: Id<Promotion>,
) -> Result<PromotionView, Failure> {
    shop::pricing_changed(tx)?;
    let after = store::one(tx, id)?;
    let detail = json!({ "before": before, "after": after }).to_string();
    staff_act::record(tx, actor, action, ("promotion", id.0), &detail)?;
    Ok(after)
}
