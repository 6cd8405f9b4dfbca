//! Staff make and change price lists, and ask what somebody would pay.

use describe::ToSchema;
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, LARGEST, Money};
use domain::person::{Permission, Person};
use domain::price::list::{Asking, CustomerGroup, Cut, Goods, Over, PriceList, Tier, Why, tiers};
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{PriceTier, book, known, shopper, store};
use crate::customer_group::{self, Who};
use crate::db::Tx;
use crate::failure::Failure;
use crate::price_history::{self, Plan};
use crate::{App, Visitor, shop, staff_act};

/// A price list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceList)]
pub struct ListView {
    pub id: Id<PriceList>,
    pub name: String,
    pub currency: Currency,
    /// Whose prices they are; everybody's when empty.
    pub groups: Vec<Id<CustomerGroup>>,
    pub starts_at: Option<Moment>,
    pub ends_at: Option<Moment>,
    /// Of two lists that say the same price, the higher one is named.
    pub priority: i64,
    pub active: bool,
    /// What it takes off ordinary prices.
    pub cuts: Vec<Cut>,
    /// How many fixed prices it has.
    pub prices: i64,
    pub version: i64,
}

impl ListView {
    /// `off`, `planned`, `on` or `ended`.
    pub fn state(&self, now: Moment) -> &'static str {
        match () {
            () if !self.active => "off",
            () if self.starts_at.is_some_and(|starts| now < starts) => "planned",
            () if self.ends_at.is_some_and(|ends| ends <= now) => "ended",
            () => "on",
        }
    }
}

/// A price list as staff want it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutPriceList)]
pub struct PutList {
    pub name: String,
    /// Of its fixed prices; the shop's own when left out.
    #[serde(default)]
    pub currency: Option<Currency>,
    #[serde(default)]
    pub groups: Vec<Id<CustomerGroup>>,
    #[serde(default)]
    pub starts_at: Option<Moment>,
    #[serde(default)]
    pub ends_at: Option<Moment>,
    #[serde(default)]
    pub priority: i64,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub cuts: Vec<Cut>,
    /// The version that was seen: should it be another by now, nothing is changed.
    #[serde(default)]
    pub version: Option<i64>,
}

fn yes() -> bool {
    true
}

/// A fixed price of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceListPrice)]
pub struct PriceRow {
    pub variant: Id<Variant>,
    pub handle: String,
    pub title: String,
    pub variant_title: String,
    pub sku: String,
    /// From how many units.
    pub from: i64,
    pub price: Money,
    /// What the product itself says.
    pub ordinary: Money,
}

/// A list with some of its fixed prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceListDetail)]
pub struct ListDetail {
    pub list: ListView,
    pub prices: Vec<PriceRow>,
}

/// A fixed price as staff want it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PutPriceListPrice)]
pub struct PutPrice {
    pub variant: Id<Variant>,
    #[serde(default = "one")]
    pub from: i64,
    /// In minor units of the list's currency; left out, the price is taken away.
    pub price: Option<i64>,
}

fn one() -> i64 {
    1
}

/// How many lists a shop may have, how many cuts a list.
const MOST: usize = 200;
const MOST_CUTS: usize = 40;
/// How many fixed prices are changed at once.
pub(super) const MOST_PRICES: usize = 5_000;

impl PutList {
    fn checked(mut self) -> Result<PutList, Failure> {
        let bad = |field| Failure::field("price.bad_list", field);
        self.name = one_line(&self.name);
        if self.name.is_empty() || self.name.chars().count() > 60 {
            return Err(bad("name"));
        }
        let dates = self.starts_at.zip(self.ends_at);
        if dates.is_some_and(|(starts, ends)| ends <= starts) {
            return Err(bad("ends_at"));
        }
        if !(-1_000..=1_000).contains(&self.priority) {
            return Err(bad("priority"));
        }
        let fits = |cut: &Cut| {
            let tag = match &cut.over {
                Over::Tag { tag } => !tag.trim().is_empty() && tag.chars().count() <= 255,
                _ => true,
            };
            tag && (1..=9_999).contains(&cut.from) && cut.off.basis_points() > 0
        };
        if self.cuts.len() > MOST_CUTS || !self.cuts.iter().all(fits) {
            return Err(bad("cuts"));
        }
        self.groups.sort_unstable_by_key(|group| group.0);
        self.groups.dedup();
        Ok(self)
    }

    fn check_known(&self, tx: &mut Tx) -> Result<(), Failure> {
        for group in &self.groups {
            if !store::is_group(tx, *group)? {
                return Err(Failure::field("price.bad_list", "groups"));
            }
        }
        Ok(())
    }
}

/// Every list, the newest first.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<ListView>, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(store::all)
}

/// A list with its fixed prices, after the first `skip` of them.
pub fn detail(
    app: &App,
    visitor: &Visitor,
    id: Id<PriceList>,
    skip: i64,
    limit: i64,
) -> Result<ListDetail, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(|tx| {
        let list = store::one(tx, id)?;
        let prices = store::prices(tx, &list, skip.max(0), limit.clamp(1, 1_000))?;
        Ok(ListDetail { list, prices })
    })
}

/// Makes a list.
pub fn add(app: &App, visitor: &Visitor, put: PutList) -> Result<ListView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let put = put.checked()?;
    let answer = app.once(visitor, "price_list.add", |tx| {
        put.check_known(tx)?;
        if store::all(tx)?.len() >= MOST {
            return Err(Failure::refused("price.too_many"));
        }
        let id: Id<PriceList> = tx.id();
        let own = shop::get(tx)?.currency;
        if !store::add(tx, id, &put, own)? {
            return Err(Failure::field("price.name_taken", "name"));
        }
        store::put_groups(tx, id, &put.groups)?;
        let after = changed(tx, id)?;
        record(tx, actor, "price_list.add", id, &json!({ "before": null, "after": after }))?;
        Ok((after, id.0))
    })?;
    Ok(answer.value)
}

/// Changes a list; its fixed prices stay.
pub fn change(
    app: &App,
    visitor: &Visitor,
    id: Id<PriceList>,
    put: PutList,
) -> Result<ListView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let put = put.checked()?;
    app.write_for(visitor, |tx| {
        store::lock(tx, id)?;
        put.check_known(tx)?;
        let before = store::one(tx, id)?;
        if put.version.is_some_and(|version| version != before.version) {
            return Err(Failure::Stale);
        }
        if put.currency.is_some_and(|to| to != before.currency) && before.prices > 0 {
            // Its prices would mean something else.
            return Err(Failure::field("price.bad_list", "currency"));
        }
        let known = store::all(tx)?;
        if known.iter().any(|other| other.name == put.name && other.id != id) {
            return Err(Failure::field("price.name_taken", "name"));
        }
        if !store::change(tx, &before, &put)? {
            return Err(Failure::Stale);
        }
        store::put_groups(tx, id, &put.groups)?;
        let after = changed(tx, id)?;
        record(tx, actor, "price_list.change", id, &json!({ "before": before, "after": after }))?;
        Ok(after)
    })
}

/// Takes a list away that nothing remembers; others are switched off and kept.
pub fn remove(app: &App, visitor: &Visitor, id: Id<PriceList>) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    app.write_for(visitor, |tx| {
        store::lock(tx, id)?;
        let before = store::one(tx, id)?;
        price_history::plan(tx, id, None)?;
        if store::was_used(tx, id)? {
            return Err(Failure::refused("price.list_in_use"));
        }
        store::remove(tx, id)?;
        shop::pricing_changed(tx)?;
        record(tx, actor, "price_list.remove", id, &json!({ "before": before, "after": null }))
    })
}

/// Puts fixed prices into a list, and takes others out of it.
pub fn put_prices(
    app: &App,
    visitor: &Visitor,
    id: Id<PriceList>,
    prices: &[PutPrice],
) -> Result<ListView, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    app.write_for(visitor, |tx| put_prices_in(tx, actor, id, prices))
}

pub(super) fn put_prices_in(
    tx: &mut Tx,
    actor: Id<Person>,
    id: Id<PriceList>,
    prices: &[PutPrice],
) -> Result<ListView, Failure> {
    let bad = |field| Failure::field("price.bad_price", field);
    if prices.len() > MOST_PRICES {
        return Err(bad("prices"));
    }
    store::lock(tx, id)?;
    let before = store::fixed_of(tx, id)?;
    for put in prices {
        if !(1..=9_999).contains(&put.from) {
            return Err(bad("from"));
        }
        match put.price {
            Some(price) if (0..=LARGEST).contains(&price) => {
                store::variant(tx, put.variant).map_err(|_| bad("variant"))?;
                store::put_price(tx, id, put.variant, Tier { from: put.from, price })?;
            }
            Some(_) => return Err(bad("price")),
            None => store::remove_price(tx, id, put.variant, put.from)?,
        }
    }
    store::touch(tx, id)?;
    let after = changed(tx, id)?;
    let was = |put: &PutPrice| {
        let tier = before.iter().find(|(v, tier)| *v == put.variant && tier.from == put.from);
        tier.map(|(_, tier)| tier.price)
    };
    let moved: Vec<_> = prices
        .iter()
        .filter(|put| was(put) != put.price)
        .take(200)
        .map(|put| json!([put.variant, put.from, was(put), put.price]))
        .collect();
    record(tx, actor, "price_list.prices", id, &json!({ "changed": moved }))?;
    Ok(after)
}

/// What follows of a list that changed: what is planned for everybody, and what orders look for.
fn changed(tx: &mut Tx, id: Id<PriceList>) -> Result<ListView, Failure> {
    let list = store::one(tx, id)?;
    let plan = match list.active && list.groups.is_empty() {
        true => Some(Plan {
            currency: list.currency,
            starts_at: list.starts_at,
            ends_at: list.ends_at,
            cuts: &list.cuts,
            fixed: store::fixed_of(tx, id)?,
        }),
        false => None,
    };
    price_history::plan(tx, id, plan)?;
    shop::pricing_changed(tx)?;
    Ok(list)
}

fn record(
    tx: &mut Tx,
    actor: Id<Person>,
    action: &str,
    id: Id<PriceList>,
    detail: &serde_json::Value,
) -> Result<(), Failure> {
    staff_act::record(tx, actor, action, ("price_list", id.0), &detail.to_string())
}

/// What would somebody pay?
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceProbe)]
pub struct Probe {
    /// A variant's id or stock number, or a product's handle.
    pub goods: String,
    #[serde(default = "one")]
    pub quantity: i64,
    /// An e-mail address, a phone number or a person's id; a stranger when left out.
    #[serde(default)]
    pub person: Option<String>,
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Now when left out.
    #[serde(default)]
    pub at: Option<Moment>,
}

/// What somebody would pay for one variant, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceProbeLine)]
pub struct ProbeLine {
    pub variant: Id<Variant>,
    pub title: String,
    pub variant_title: String,
    /// None: it is not for sale in this currency.
    pub unit_price: Option<Money>,
    pub total: Option<Money>,
    pub ordinary: Option<Money>,
    pub because: Why,
    pub list: Option<Id<PriceList>>,
    pub list_name: String,
    /// The quantity from which it is so.
    pub from: i64,
    pub tiers: Vec<PriceTier>,
}

/// What somebody would pay: the same rule that quotes and orders go by.
pub fn probe(app: &App, visitor: &Visitor, probe: &Probe) -> Result<Vec<ProbeLine>, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    let said = probe.goods.trim();
    if !(1..=9_999).contains(&probe.quantity) {
        return Err(Failure::field("price.bad_price", "quantity"));
    }
    app.read(|tx| {
        let goods = match Id::<Variant>::parse(said) {
            Some(id) => store::variant(tx, id).map(|one| vec![one]),
            None => store::by_name(tx, said),
        };
        let goods = goods.unwrap_or_default();
        if goods.is_empty() {
            return Err(Failure::field("price.no_such_goods", "goods"));
        }
        let person = match probe.person.as_deref().map(str::trim).filter(|who| !who.is_empty()) {
            Some(who) => Some(customer_group::find(tx, &Who { person: who.to_string() })?),
            None => None,
        };
        let shopper = shopper(tx, person, probe.currency)?;
        let names = store::all(tx)?;
        let book = book(tx)?;
        let variants: Vec<Id<Variant>> = goods.iter().map(|one| one.variant).collect();
        let known = known(tx, &book, &variants)?;
        let currency = shopper.currency();
        let now = probe.at.unwrap_or(tx.now);
        let asking = Asking { groups: &shopper.groups, currency, now };
        let none = Goods::default();
        let line = |one: store::Named| {
            let goods = known.get(&one.variant).unwrap_or(&none);
            let (base, own) = (shopper.rated.of(one.price), one.price.currency == currency);
            let tiers = tiers(base, own, &book.lists, goods, &asking);
            let held = tiers.iter().rfind(|(from, _)| *from <= probe.quantity);
            let chosen = held.map(|(_, chosen)| *chosen);
            let list = chosen.and_then(|chosen| chosen.list);
            let named = names.iter().find(|known| Some(known.id) == list);
            ProbeLine {
                variant: one.variant,
                title: one.title,
                variant_title: one.variant_title,
                unit_price: chosen.map(|chosen| chosen.unit),
                total: chosen.map(|chosen| chosen.unit.times(probe.quantity)),
                ordinary: chosen.and_then(|chosen| chosen.ordinary),
                because: chosen.map_or(Why::Ordinary, |chosen| chosen.why),
                list,
                list_name: named.map_or(String::new(), |list| list.name.clone()),
                from: chosen.map_or(1, |chosen| chosen.from),
                tiers: tiers
                    .iter()
                    .map(|(from, chosen)| PriceTier { from: *from, unit_price: chosen.unit })
                    .collect(),
            }
        };
        Ok(goods.into_iter().map(line).collect())
    })
}

/// The variants somebody means by an id, a stock number or a product's handle.
pub fn named(app: &App, visitor: &Visitor, goods: &str) -> Result<Vec<Id<Variant>>, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    let said = goods.trim();
    let found = app.read(|tx| match Id::<Variant>::parse(said) {
        Some(id) => store::variant(tx, id).map(|one| vec![one]),
        None => store::by_name(tx, said),
    });
    let found = found.unwrap_or_default();
    match found.is_empty() {
        true => Err(Failure::field("price.no_such_goods", "goods")),
        false => Ok(found.into_iter().map(|one| one.variant).collect()),
    }
}
