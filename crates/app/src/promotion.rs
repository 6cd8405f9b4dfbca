//! Promotions: what is taken off a cart when enough is bought, what goes together for one price,
//! and what comes along as a gift.
//!
//! A shop without promotions asks nothing here. Those that are switched on are read once for
//! everybody who is decided for together; where goods belong is read only where one of them asks.
//! They hold in the currency they are written in, and for the shop's own goods: what a seller earns
//! is not the shop's to take off.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use describe::ToSchema;
use domain::catalog::{Product, Variant};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Currency;
use domain::price::list::{CustomerGroup, Goods};
use domain::promotion::{Effect, Item, Promotion, Rule, Scope, Selector};
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{price_history, shop};

mod desk;
mod store;

pub use desk::{PromotionView, PutPromotion, add, change, get, list, switch};

/// The promotions that are switched on, whoever they are for and whenever.
#[derive(Debug, Default)]
pub(crate) struct Book {
    promotions: Vec<Written>,
    groups: BTreeSet<Id<CustomerGroup>>,
    asks_where: bool,
}

/// A promotion with what shoppers read.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub rule: Rule,
    pub currency: Currency,
    pub name: String,
    pub name_en: String,
}

/// A promotion as shoppers see it beside goods it is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OfferView {
    pub id: Id<Promotion>,
    /// In the shop's language and in English.
    pub name: String,
    pub name_en: String,
    pub currency: Currency,
    pub effect: Effect,
    pub ends_at: Moment,
}

/// Whether goods have to be known by their categories and tags to judge this scope.
pub(crate) fn asks_where(scope: &Scope) -> bool {
    let by =
        |selector: &Selector| matches!(selector, Selector::Category { .. } | Selector::Tag { .. });
    scope.include.iter().chain(&scope.exclude).any(by)
}

pub(crate) fn book(tx: &mut Tx) -> Result<Arc<Book>, Failure> {
    if shop::get(tx)?.pricing.promotions == 0 {
        return Ok(Arc::default());
    }
    tx.read_once("promotions".into(), |tx| {
        let promotions = store::active(tx)?;
        Ok(Arc::new(Book {
            groups: promotions.iter().flat_map(|one| one.rule.groups.iter().copied()).collect(),
            asks_where: promotions.iter().any(|one| asks_where(&one.rule.scope)),
            promotions,
        }))
    })
}

impl Book {
    /// Whether any of them is for this group.
    pub fn names(&self, group: &Id<CustomerGroup>) -> bool {
        self.groups.contains(group)
    }

    pub fn is_for_groups(&self) -> bool {
        !self.groups.is_empty()
    }

    pub fn asks_where(&self) -> bool {
        self.asks_where
    }

    /// Those in a currency, as the quote wants them.
    pub fn rules(&self, currency: Currency) -> Vec<Rule> {
        let own = self.promotions.iter().filter(|one| one.currency == currency);
        own.map(|one| one.rule.clone()).collect()
    }

    /// What one of them is called.
    pub fn find(&self, id: Id<Promotion>) -> Option<&Written> {
        self.promotions.iter().find(|one| one.rule.id == id)
    }

    /// Everything any of them gives along now.
    pub fn gifts(&self, now: Moment) -> Vec<Id<Variant>> {
        let on = self.promotions.iter().filter(|one| one.rule.ends_at > now);
        let mut variants: Vec<Id<Variant>> = Vec::new();
        for one in on {
            if let Effect::Gift { parts, .. } = &one.rule.effect {
                variants.extend(parts.iter().map(|part| part.variant));
            }
        }
        variants.sort_unstable();
        variants.dedup();
        variants
    }
}

/// Where these variants belong, where something asks; nothing is read otherwise.
pub(crate) fn goods(
    tx: &mut Tx,
    variants: &[Id<Variant>],
    asked: bool,
) -> Result<Arc<HashMap<Id<Variant>, Goods>>, Failure> {
    if !asked {
        return Ok(Arc::default());
    }
    let key = format!("belongs {variants:?}");
    tx.read_once(key, |tx| price_history::goods(tx, variants).map(Arc::new))
}

/// The promotions that hold now for some variants of a product, for whoever is in these groups.
pub(crate) fn on_product(
    tx: &mut Tx,
    product: Id<Product>,
    variants: &[Id<Variant>],
    (groups, currency): (&[Id<CustomerGroup>], Currency),
) -> Result<Vec<OfferView>, Failure> {
    let book = book(tx)?;
    if book.promotions.is_empty() {
        return Ok(Vec::new());
    }
    let goods = goods(tx, variants, book.asks_where)?;
    let (none, now) = (Goods::default(), tx.now);
    let is_for = |one: &&Written| {
        let matched = |variant: &Id<Variant>| {
            let goods = goods.get(variant).unwrap_or(&none);
            let item = Item { product, variant: *variant, goods };
            let in_bundle = match &one.rule.effect {
                Effect::Bundle { parts, .. } => parts.iter().any(|part| part.variant == *variant),
                _ => true,
            };
            in_bundle && one.rule.scope.holds_for(&item)
        };
        one.currency == currency && one.rule.is_on(groups, now) && variants.iter().any(matched)
    };
    let mut shown: Vec<&Written> = book.promotions.iter().filter(is_for).collect();
    shown.sort_by_key(|one| (std::cmp::Reverse(one.rule.priority), one.rule.id));
    Ok(shown.into_iter().map(Written::shown).collect())
}

impl Written {
    fn shown(&self) -> OfferView {
        OfferView {
            id: self.rule.id,
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            currency: self.currency,
            effect: self.rule.effect.clone(),
            ends_at: self.rule.ends_at,
        }
    }
}

/// What else would be saved by buying more: promotions that hold now and are not reached yet.
pub(crate) fn not_reached(
    book: &Book,
    (groups, currency): (&[Id<CustomerGroup>], Currency),
    reached: &BTreeSet<Id<Promotion>>,
    now: Moment,
) -> Vec<OfferView> {
    let more = book.promotions.iter().filter(|one| {
        one.currency == currency && one.rule.is_on(groups, now) && !reached.contains(&one.rule.id)
    });
    more.take(5).map(Written::shown).collect()
}
