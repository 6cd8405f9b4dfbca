//! What something would cost, as pages and programs see it.

use describe::ToSchema;
use domain::catalog::Variant;
use domain::id::Id;
use domain::money::Money;
use domain::place::Address;
use domain::price::Quote;
use domain::price::list::Why;
use domain::shipping::How;
use serde::{Deserialize, Serialize};

use super::Gathered;
use super::offers::Outcome;
use crate::coupon::CouponView;
use crate::failure::Failure;
use crate::promotion::OfferView;
use crate::{delivery, seller};

/// One line of a quote.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct QuoteLine {
    pub variant: Id<Variant>,
    pub handle: String,
    pub title: String,
    pub variant_title: String,
    pub picture: String,
    pub quantity: i64,
    pub unit_price: Money,
    /// What it costs outside the campaign, when that is more.
    pub ordinary_price: Option<Money>,
    pub discount: Money,
    /// Without the tax that is added.
    pub total: Money,
    /// Why the unit costs this.
    pub because: Why,
    /// The tax on the line, and its rate in basis points: inside the total when prices include tax.
    pub tax: Money,
    pub tax_rate: i64,
    /// It comes along for nothing.
    #[serde(default)]
    pub gift: bool,
}

/// What took something off, in the order it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuoteStep {
    /// `benefit`, `bundle`, `spend_and_save`, `platform_coupon`, `merchant_coupon`, `points`,
    /// `shipping_coupon` or `gift`.
    pub cause: String,
    /// The promotion's or coupon's name, in the shop's language and in English.
    pub name: String,
    pub name_en: String,
    /// What it is for cost before it, what it takes off, and what is left of everything.
    pub matched: Money,
    pub off: Money,
    pub remains: Money,
    /// Each line's share of it, in the order of the lines; empty where it is for none.
    pub shares: Vec<Money>,
}

/// A coupon of the buyer's, and what it does here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CouponChoice {
    pub coupon: CouponView,
    pub used: bool,
    /// What it takes off.
    pub off: Money,
    /// Why it is not used, where it cannot be: a code such as `coupon.below_threshold`.
    pub why: Option<String>,
    /// How much more of what it is for has to be bought.
    pub missing: Option<Money>,
}

/// A way to ship with its fee for this quote.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MethodView {
    pub code: String,
    pub kind: How,
    /// In the shop's language and in English.
    pub name: String,
    pub name_en: String,
    pub fee: Money,
    /// What everything would cost in this way, with the tax that is added.
    pub total: Money,
    pub free_from: Option<Money>,
    /// False: nothing is delivered there in this way.
    pub delivers: bool,
    pub chosen: bool,
}

/// What something would cost, part by part.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct QuoteView {
    pub lines: Vec<QuoteLine>,
    pub subtotal: Money,
    pub discount: Money,
    /// What freight costs, and what it would without coupons for it.
    pub shipping: Money,
    pub shipping_full: Money,
    /// How it came about.
    #[serde(default)]
    pub steps: Vec<QuoteStep>,
    /// The buyer's coupons: those that are used, then those that could be, then the others.
    #[serde(default)]
    pub coupons: Vec<CouponChoice>,
    /// What would be saved by buying more.
    #[serde(default)]
    pub more: Vec<OfferView>,
    /// How many points are spent, and how many could be.
    #[serde(default)]
    pub points: i64,
    #[serde(default)]
    pub points_there: i64,
    /// The tax that is added, and the tax that is inside the prices; the other is nothing.
    pub tax: Money,
    pub tax_inside: Money,
    pub total: Money,
    pub methods: Vec<MethodView>,
    /// Whether anything has to be carried.
    pub ships: bool,
    /// Where the visitor's parcels usually go, or went last.
    pub last_address: Option<Address>,
    /// Where goods can be fetched, when a way to ship says so.
    pub pickup_points: Vec<delivery::PointView>,
    /// Who sells it; none for the shop itself.
    pub seller: Option<seller::Card>,
    /// Whether the same can be bought as a gift.
    #[serde(default)]
    pub may_give: bool,
}

pub(super) fn show(
    gathered: Gathered,
    last_address: Option<Address>,
    pickup_points: Vec<delivery::PointView>,
    seller: Option<seller::Card>,
) -> QuoteView {
    let coupons = choices(&gathered);
    let (quote, outcome) = (gathered.quote, gathered.outcome);
    let steps = steps(&outcome, &quote);
    let lines = gathered.wanted.into_iter().zip(quote.lines).map(|(wanted, priced)| {
        let goods = wanted.goods;
        QuoteLine {
            variant: goods.variant,
            handle: goods.handle,
            title: goods.title,
            variant_title: goods.variant_title,
            picture: goods.picture,
            quantity: priced.quantity.count(),
            unit_price: priced.unit,
            ordinary_price: wanted.chosen.ordinary.filter(|was| was.minor > priced.unit.minor),
            discount: priced.discount,
            total: priced.total,
            because: wanted.chosen.why,
            tax: priced.tax.whole(),
            tax_rate: priced.tax.rate.basis_points(),
            gift: wanted.gift,
        }
    });
    QuoteView {
        lines: lines.collect(),
        subtotal: quote.subtotal,
        discount: quote.discount,
        shipping: quote.shipping,
        shipping_full: outcome.fee.unwrap_or(quote.shipping),
        steps,
        coupons,
        more: outcome.more,
        points: outcome.points,
        points_there: outcome.points_there.map_or(0, |(there, _)| there),
        tax: quote.tax,
        tax_inside: quote.tax_inside,
        total: quote.total,
        methods: gathered.methods,
        ships: gathered.ships,
        last_address,
        pickup_points,
        seller,
        may_give: false,
    }
}

fn steps(outcome: &Outcome, quote: &Quote) -> Vec<QuoteStep> {
    let none = Money::zero(quote.total.currency);
    let step = |(position, step): (usize, &crate::order::NewStep)| {
        let of_line = |shares: &Vec<(i64, i64)>| {
            let own = shares.iter().find(|(at, _)| *at == position as i64);
            own.map_or(none, |(_, minor)| Money::new(*minor, none.currency))
        };
        let shared = !matches!(step.cause, "shipping_coupon" | "gift");
        QuoteStep {
            cause: step.cause.to_string(),
            name: step.name.0.clone(),
            name_en: step.name.1.clone(),
            matched: step.matched,
            off: step.off,
            remains: step.remains,
            shares: match shared {
                true => outcome.shares.iter().map(of_line).collect(),
                false => Vec::new(),
            },
        }
    };
    outcome.steps.iter().enumerate().map(step).collect()
}

/// The buyer's coupons with what each does: those that are used first.
fn choices(gathered: &Gathered) -> Vec<CouponChoice> {
    let outcome = &gathered.outcome;
    let none = Money::zero(gathered.quote.total.currency);
    let choice = |held: &crate::coupon::Held| {
        let id = held.coupon.id;
        let steps = outcome.steps.iter();
        let own = steps.filter(|step| step.about == id.0 && step.off.currency == none.currency);
        let refused = outcome.refused.iter().find(|(coupon, _)| *coupon == id);
        let refused = refused.map(|(_, why)| *why);
        CouponChoice {
            coupon: held.view(),
            used: outcome.used.contains(&id),
            off: own.fold(none, |sum, step| sum.plus(step.off)),
            missing: match refused {
                Some(domain::coupon::Refusal::BelowThreshold(missing)) => Some(missing),
                _ => None,
            },
            why: refused.map(|why| Failure::from(why).code().to_string()),
        }
    };
    let mut choices: Vec<CouponChoice> = outcome.held.iter().map(choice).collect();
    choices.sort_by_key(|choice| (!choice.used, choice.why.is_some()));
    choices
}
