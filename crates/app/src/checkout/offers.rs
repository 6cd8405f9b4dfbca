//! Promotions, coupons and points for what is wanted: read once, reckoned by `domain::quote`.
//!
//! In a shop without any of them nothing is read, and what is reckoned is the sum of the lines.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::catalog::Variant;
use domain::coupon::{Coupon, Gives, Refusal};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::point::Spending;
use domain::price::list::{Chosen, CustomerGroup, Goods, Why};
use domain::price::{Priced, Quote, Taxed, Taxing};
use domain::promotion::{Combines, Rule};
use domain::quantity::Quantity;
use domain::quote::{
    self, Applies, Base, Cause, GiftFrom, Points, Presented, Reckoned, best, reckon,
};
use domain::rate::Rate;
use domain::wallet::Funds;

use super::points;
use super::priced::Wanted;
use crate::catalog::{ForSale, variants_for_sale};
use crate::coupon::{self, Held};
use crate::db::Tx;
use crate::failure::Failure;
use crate::order::NewStep;
use crate::price_list::Shopper;
use crate::promotion::{self, Book, OfferView};
use crate::{Visitor, cart};

/// What the buyer wants to be used.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// None: those that save most.
    pub coupons: Option<&'a [Id<Coupon>]>,
    pub points: i64,
}

/// How it is reckoned.
pub struct Asked<'a> {
    pub currency: Currency,
    pub taxing: Taxing,
    pub choice: Choice<'a>,
    /// Whether it is to be ordered, so that what does not fit is refused.
    pub placing: bool,
}

/// Everything that may hold.
pub struct Offers {
    now: domain::moment::Moment,
    book: Arc<Book>,
    rules: Vec<Rule>,
    groups: Arc<Vec<Id<CustomerGroup>>>,
    held: Arc<Vec<Held>>,
    goods: Arc<HashMap<Id<Variant>, Goods>>,
    /// What may come along, with how many there are beside what is bought; none where not counted.
    gifts: Vec<(ForSale, Option<i64>)>,
    points: Option<(i64, Spending)>,
    /// Coupons that were asked for and are not to be had, with the reason.
    missing: Vec<(Id<Coupon>, Refusal)>,
}

/// What came of it.
#[derive(Default)]
pub struct Outcome {
    pub steps: Vec<NewStep>,
    /// What each step took off each line: the step's place and the amount.
    pub shares: Vec<Vec<(i64, i64)>>,
    pub used: Vec<Id<Coupon>>,
    pub refused: Vec<(Id<Coupon>, Refusal)>,
    /// What the buyer holds, and what of freight the coupons that are used take off.
    pub held: Arc<Vec<Held>>,
    /// The fee before coupons for it.
    pub fee: Option<Money>,
    fee_coupons: Vec<Option<i64>>,
    pub points: i64,
    pub points_there: Option<(i64, Spending)>,
    /// What could be saved by buying more.
    pub more: Vec<OfferView>,
}

impl Outcome {
    /// A fee for shipping after the coupons for it that are used.
    pub fn fee_after(&self, fee: Money) -> Money {
        let off = |fee: Money, most: &Option<i64>| match most {
            Some(most) => fee.minus(Money::new(*most, fee.currency).least(fee)),
            None => Money::zero(fee.currency),
        };
        self.fee_coupons.iter().fold(fee, off)
    }
}

/// Nothing that takes anything off.
pub fn none(tx: &Tx, choice: Choice) -> Offers {
    let asked = choice.coupons.unwrap_or_default();
    Offers {
        now: tx.now,
        book: Arc::default(),
        rules: Vec::new(),
        groups: Arc::default(),
        held: Arc::default(),
        goods: Arc::default(),
        gifts: Vec::new(),
        points: None,
        missing: asked.iter().map(|id| (*id, Refusal::NoMatch)).collect(),
    }
}

/// Reads what may hold for what is wanted.
pub fn read(
    tx: &mut Tx,
    wanted: &[Wanted],
    shopper: &Shopper,
    (visitor, choice): (&Visitor, Choice),
) -> Result<Offers, Failure> {
    let mut offers = none(tx, choice);
    offers.missing.clear();
    let person = visitor.person.as_ref().map(|person| person.id);
    offers.book = promotion::book(tx)?;
    offers.rules = offers.book.rules(shopper.currency());
    offers.groups = Arc::clone(&shopper.groups);
    if let Some(person) = person {
        offers.held = coupon::held(tx, person)?;
        offers.points = points::spendable(tx, person)?;
    }
    for id in choice.coupons.unwrap_or_default() {
        if !offers.held.iter().any(|one| one.coupon.id == *id) {
            let why = match person {
                Some(person) => coupon::why_not(tx, *id, person)?,
                None => Refusal::NotYours,
            };
            offers.missing.push((*id, why));
        }
    }
    let variants: Vec<Id<Variant>> = wanted.iter().map(|one| one.goods.variant).collect();
    let asks = || offers.held.iter().any(|one| promotion::asks_where(&one.template.scope));
    let asked = offers.book.asks_where() || asks();
    offers.goods = promotion::goods(tx, &variants, asked)?;
    let mut along = offers.book.gifts(tx.now);
    along.extend(coupon::gifts(&offers.held));
    along.sort_unstable();
    along.dedup();
    if !along.is_empty() {
        offers.gifts = read_gifts(tx, wanted, &along, &visitor.locale)?;
    }
    Ok(offers)
}

fn read_gifts(
    tx: &mut Tx,
    wanted: &[Wanted],
    along: &[Id<Variant>],
    locale: &str,
) -> Result<Vec<(ForSale, Option<i64>)>, Failure> {
    let key = format!("goods {locale} {along:?}");
    let for_sale = tx.read_once(key, |tx| variants_for_sale(tx, along, locale))?;
    let stock = cart::available(tx, along)?;
    let gift = |goods: ForSale| {
        let bought = wanted.iter().filter(|one| one.goods.variant == goods.variant);
        let bought: i64 = bought.map(|one| one.quantity.count()).sum();
        let there = stock.iter().find(|(variant, _)| *variant == goods.variant);
        let left = there.map_or(0, |(_, left)| *left) - bought;
        let counted = goods.counted.then_some(left);
        (goods, counted)
    };
    // What is not for sale just now is not given away either.
    Ok(for_sale.into_iter().filter(|goods| goods.on_sale).map(gift).collect())
}

impl Offers {
    /// Whether so many of a variant can come along.
    fn is_there(&self, variant: Id<Variant>, quantity: i64) -> bool {
        let gift = self.gifts.iter().find(|(goods, _)| goods.variant == variant);
        gift.is_some_and(|(_, left)| left.is_none_or(|left| left >= quantity))
    }

    /// The coupons that may be used: those whose gift is there.
    fn presentable(&self, outcome: &mut Outcome) -> Vec<Presented<'_>> {
        let mut shown = Vec::new();
        for one in self.held.iter() {
            let there = match one.template.gives {
                Gives::Gift { part } => self.is_there(part.variant, part.quantity.count()),
                Gives::Goods { .. } | Gives::Shipping { .. } => true,
            };
            match there {
                true => shown.push(Presented { coupon: one.coupon.id, template: &one.template }),
                false => outcome.refused.push((one.coupon.id, Refusal::NothingLeft)),
            }
        }
        shown
    }

    /// What is wanted costs this, with what was taken off and what comes along.
    pub fn reckon(
        &self,
        wanted: &[Wanted],
        rates: &[Rate],
        asked: &Asked,
        campaign: Option<Combines>,
        freight: impl Fn(Money) -> Money,
    ) -> Result<(Quote, Outcome, Vec<Wanted>), Failure> {
        let mut outcome = Outcome {
            held: Arc::clone(&self.held),
            refused: self.missing.clone(),
            ..Outcome::default()
        };
        let unknown = Goods::default();
        let lines: Vec<quote::Line> = wanted
            .iter()
            .zip(rates)
            .map(|(one, tax)| quote::Line {
                product: one.goods.product,
                variant: one.goods.variant,
                quantity: one.quantity,
                base: match campaign {
                    Some(combines) => Base::Campaign { unit: one.chosen.unit, combines },
                    None => Base::Listed(one.chosen),
                },
                benefit: one.off,
                goods: self.goods.get(&one.goods.variant).unwrap_or(&unknown),
                tax: *tax,
            })
            .collect();
        let points = self.points.as_ref().map(|(there, terms)| Points {
            wanted: asked.choice.points,
            there: *there,
            terms,
        });
        let applies = Applies {
            currency: asked.currency,
            now: self.now,
            groups: &self.groups,
            promotions: &self.rules,
            coupons: &[],
            points,
            wallet: Funds::default(),
            taxing: asked.taxing,
        };
        let presentable = self.presentable(&mut outcome);
        let chosen: Vec<Id<Coupon>> = match asked.choice.coupons {
            Some(ids) => ids.to_vec(),
            None if presentable.is_empty() => Vec::new(),
            None => best(&lines, &applies, &presentable, &freight),
        };
        let present: Vec<Presented> =
            presentable.iter().copied().filter(|one| chosen.contains(&one.coupon)).collect();
        if !asked.placing {
            // Why the others are not used: what stands in the way of each alone.
            for one in presentable.iter().filter(|one| !chosen.contains(&one.coupon)) {
                let alone = Applies { coupons: &[*one], ..applies.clone() };
                outcome.refused.extend(reckon(&lines, &alone, &freight).refused);
            }
        }
        planted!("coupons_stack_freely", {
            let free = |one: &Presented| domain::coupon::Template {
                stacks: domain::coupon::Stacks::InGroup { group: one.coupon.0.to_string() },
                ..one.template.clone()
            };
            let templates: Vec<_> = present.iter().map(free).collect();
            let pairs = present.iter().zip(&templates);
            let present: Vec<Presented> =
                pairs.map(|(one, template)| Presented { coupon: one.coupon, template }).collect();
            let reckoned = reckon(&lines, &Applies { coupons: &present, ..applies }, &freight);
            return Ok(self.finish(reckoned, wanted, &present, outcome));
        });
        let applies = Applies { coupons: &present, ..applies };
        let reckoned = reckon(&lines, &applies, &freight);
        if asked.choice.points != 0 {
            let refused = match (&self.points, reckoned.points) {
                (None, _) => Some(domain::point::Refusal::NotHere),
                (Some(_), Err(refusal)) => Some(refusal),
                (Some(_), Ok(_)) => None,
            };
            if let Some(refusal) = refused.filter(|_| asked.placing) {
                return Err(points::no_points(refusal));
            }
        }
        if asked.placing {
            let wants =
                |id: &Id<Coupon>| asked.choice.coupons.is_some_and(|coupons| coupons.contains(id));
            let refused = outcome.refused.iter().chain(&reckoned.refused);
            // A coupon that finds nothing left to take off stays with its holder, and that is all.
            let mut refused = refused.filter(|(id, why)| wants(id) && *why != Refusal::NothingLeft);
            if let Some((_, refusal)) = refused.next() {
                return Err((*refusal).into());
            }
        }
        Ok(self.finish(reckoned, wanted, &present, outcome))
    }

    fn finish(
        &self,
        reckoned: Reckoned,
        wanted: &[Wanted],
        present: &[Presented],
        mut outcome: Outcome,
    ) -> (Quote, Outcome, Vec<Wanted>) {
        // A benefit alone is what the campaign's own rules say; it is in the line already.
        let plain = reckoned.steps.iter().all(|step| step.cause == Cause::Benefit)
            && reckoned.gifts.is_empty()
            && reckoned.fee_off.is_empty();
        outcome.points = reckoned.points.unwrap_or(0);
        outcome.points_there = self.points;
        outcome.shares = vec![Vec::new(); wanted.len()];
        let mut reached = BTreeSet::new();
        let steps: &[quote::Step] = if plain { &[] } else { &reckoned.steps };
        for (position, step) in steps.iter().enumerate() {
            if let Cause::Bundle(id) | Cause::SpendAndSave(id) = step.cause {
                reached.insert(id);
            }
            for (shares, share) in outcome.shares.iter_mut().zip(&step.shares) {
                if !share.is_zero() {
                    shares.push((position as i64, share.minor));
                }
            }
            outcome.steps.push(self.step(step));
        }
        let mut left = reckoned.fee;
        for (id, off) in &reckoned.fee_off {
            let after = left.minus(*off);
            outcome.steps.push(NewStep {
                cause: "shipping_coupon",
                about: id.0,
                name: self.coupon_name(*id),
                matched: left,
                off: *off,
                remains: after,
            });
            left = after;
        }
        let by_used = present.iter().filter(|one| reckoned.used.contains(&one.coupon));
        outcome.fee_coupons = by_used
            .filter_map(|one| match one.template.gives {
                Gives::Shipping { most } => Some(most),
                Gives::Goods { .. } | Gives::Gift { .. } => None,
            })
            .collect();
        outcome.fee = Some(reckoned.fee);
        let mut quote = reckoned.quote;
        let mut gifts: Vec<Wanted> = Vec::new();
        let none = Money::zero(quote.total.currency);
        for gift in &reckoned.gifts {
            let so_far = gifts.iter().filter(|one| one.goods.variant == gift.variant);
            let so_far: i64 = so_far.map(|one| one.quantity.count()).sum();
            let found = self.gifts.iter().find(|(goods, _)| goods.variant == gift.variant);
            let quantity = Quantity::new(gift.quantity);
            let there = self.is_there(gift.variant, gift.quantity + so_far);
            let (Some((goods, _)), Some(quantity), true) = (found, quantity, there) else {
                continue;
            };
            if let GiftFrom::Promotion(id) = gift.from {
                reached.insert(id);
            }
            let (about, name) = match gift.from {
                GiftFrom::Promotion(id) => (id.0, self.promotion_name(id)),
                GiftFrom::Coupon(id) => (id.0, self.coupon_name(id)),
            };
            outcome.steps.push(NewStep {
                cause: "gift",
                about,
                name,
                matched: none,
                off: none,
                remains: quote.subtotal,
            });
            let chosen =
                Chosen { unit: none, ordinary: None, why: Why::Ordinary, list: None, from: 1 };
            let goods = goods.clone();
            gifts.push(Wanted { goods, quantity, chosen, off: none, gift: true });
            quote.lines.push(Priced {
                variant: gift.variant,
                quantity,
                unit: none,
                discount: none,
                total: none,
                tax: Taxed { rate: Rate::NONE, added: none, inside: none },
            });
        }
        outcome.used = reckoned.used;
        outcome.refused.extend(reckoned.refused);
        let who = (self.groups.as_slice(), none.currency);
        outcome.more = promotion::not_reached(&self.book, who, &reached, self.now);
        (quote, outcome, gifts)
    }

    fn promotion_name(&self, id: Id<domain::promotion::Promotion>) -> (String, String) {
        let found = self.book.find(id);
        found.map_or_else(Default::default, |one| (one.name.clone(), one.name_en.clone()))
    }

    fn coupon_name(&self, id: Id<Coupon>) -> (String, String) {
        let found = self.held.iter().find(|one| one.coupon.id == id);
        found.map_or_else(Default::default, |one| (one.name.clone(), one.name_en.clone()))
    }

    fn step(&self, step: &quote::Step) -> NewStep {
        let (about, name) = match step.cause {
            Cause::Benefit | Cause::Points => (0, <(String, String)>::default()),
            Cause::Bundle(id) | Cause::SpendAndSave(id) => (id.0, self.promotion_name(id)),
            Cause::PlatformCoupon(id) | Cause::MerchantCoupon(id) => (id.0, self.coupon_name(id)),
        };
        NewStep {
            cause: step.cause.code(),
            about,
            name,
            matched: step.matched,
            off: step.off,
            remains: step.left,
        }
    }
}
