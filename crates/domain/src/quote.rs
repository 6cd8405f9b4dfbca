//! What a cart costs when everything that holds is reckoned, in one fixed order, and why
//! (MECHANICS §1.5):
//!
//! 1. each line's price: a campaign's, or the best of the price lists, never both;
//! 2. bundles; 3. spend-and-save; 4. the platform's coupons; 5. the merchant's; 6. points;
//! 7. freight and coupons for it; 8. tax; 9. what a wallet pays.
//!
//! What a step takes off is shared over the lines it is for by largest remainder and kept with each
//! line, so that a partial refund knows its share. No step takes more than its lines still cost, so
//! nothing is ever negative. A wallet comes last, since paying is no discount: it also pays for
//! freight and tax. The sums, freight and tax are those of `price::quote`.

use crate::catalog::{Product, Variant};
use crate::coupon::{self, Coupon, Template};
use crate::id::Id;
use crate::moment::Moment;
use crate::money::{Currency, Money};
use crate::point::Spending;
use crate::price::list::{Chosen, CustomerGroup, Goods, Why};
use crate::price::{self, Asked, Quote, Taxing};
use crate::promotion::{Combines, Item, Part, Promotion, Rule};
use crate::quantity::Quantity;
use crate::rate::Rate;
use crate::wallet::Funds;

mod back;
mod steps;

pub use back::{Kept, undone};

/// What one unit costs before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// What the lists and the product say.
    Listed(Chosen),
    /// A campaign's price, and what it goes together with.
    Campaign { unit: Money, combines: Combines },
}

impl Base {
    fn unit(&self) -> Money {
        match self {
            Base::Listed(chosen) => chosen.unit,
            Base::Campaign { unit, .. } => *unit,
        }
    }

    fn why(&self) -> Why {
        match self {
            Base::Listed(chosen) => chosen.why,
            Base::Campaign { .. } => Why::Campaign,
        }
    }

    fn combines(&self) -> Combines {
        match self {
            // What staff agreed with a buyer is the price, and nothing is taken off it.
            Base::Listed(chosen) if chosen.why == Why::Agreed => Combines::default(),
            Base::Listed(_) => Combines::ALL,
            Base::Campaign { combines, .. } => *combines,
        }
    }
}

/// One line of a cart.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    pub product: Id<Product>,
    pub variant: Id<Variant>,
    pub quantity: Quantity,
    pub base: Base,
    /// What a campaign's benefit, such as the leader's, takes off the whole line.
    pub benefit: Money,
    pub goods: &'a Goods,
    pub tax: Rate,
}

impl Line<'_> {
    fn item(&self) -> Item<'_> {
        Item { product: self.product, variant: self.variant, goods: self.goods }
    }
}

/// A coupon that is to be used. Whether its holder may is judged by `coupon::may_use` before.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    pub coupon: Id<Coupon>,
    pub template: &'a Template,
}

/// Points that are to be spent.
#[derive(Clone, Copy, Debug)]
pub struct Points<'a> {
    pub wanted: i64,
    /// How many can be spent now.
    pub there: i64,
    pub terms: &'a Spending,
}

/// Everything that holds for a cart, whoever asks: the same for all of the same groups.
#[derive(Clone, Debug)]
pub struct Applies<'a> {
    pub currency: Currency,
    pub now: Moment,
    pub groups: &'a [Id<CustomerGroup>],
    pub promotions: &'a [Rule],
    pub coupons: &'a [Presented<'a>],
    pub points: Option<Points<'a>>,
    /// What a wallet is asked to pay with, credit first.
    pub wallet: Funds,
    pub taxing: Taxing,
}

/// What took something off, or made a line cost what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    Benefit,
    Bundle(Id<Promotion>),
    SpendAndSave(Id<Promotion>),
    PlatformCoupon(Id<Coupon>),
    MerchantCoupon(Id<Coupon>),
    Points,
}

impl Cause {
    pub fn code(self) -> &'static str {
        match self {
            Cause::Benefit => "benefit",
            Cause::Bundle(_) => "bundle",
            Cause::SpendAndSave(_) => "spend_and_save",
            Cause::PlatformCoupon(_) => "platform_coupon",
            Cause::MerchantCoupon(_) => "merchant_coupon",
            Cause::Points => "points",
        }
    }
}

/// One step of the reckoning, as a page tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub cause: Cause,
    /// What the goods it is for cost before it,
    pub matched: Money,
    /// what it takes off them,
    pub off: Money,
    /// each line's share of that, in their order,
    pub shares: Vec<Money>,
    /// and what all goods cost after it.
    pub left: Money,
}

/// Goods that come along for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gift {
    pub variant: Id<Variant>,
    pub quantity: i64,
    pub from: GiftFrom,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiftFrom {
    Promotion(Id<Promotion>),
    Coupon(Id<Coupon>),
}

/// What a line costs, and how that came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub why: Why,
    /// What one costs without lists for some or for a while, when that is known.
    pub ordinary: Option<Money>,
    /// What each cause took off it: what is kept with an order's line.
    pub off: Vec<(Cause, Money)>,
}

/// A cart with its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reckoned {
    /// Lines with all that is taken off them, freight after its coupons, and tax.
    pub quote: Quote,
    pub lines: Vec<Told>,
    /// What took something off, in the order it did.
    pub steps: Vec<Step>,
    /// The fee before coupons for it, and what each took off.
    pub fee: Money,
    pub fee_off: Vec<(Id<Coupon>, Money)>,
    pub gifts: Vec<Gift>,
    /// Coupons that are used, and those that are not with the reason.
    pub used: Vec<Id<Coupon>>,
    pub refused: Vec<(Id<Coupon>, coupon::Refusal)>,
    /// How many points are spent, or why none are.
    pub points: Result<i64, crate::point::Refusal>,
    /// What the wallet pays, and what is left to pay.
    pub wallet: Funds,
    pub to_pay: Money,
}

impl Reckoned {
    /// What another fee for shipping would be after the coupons for it that are used.
    pub fn fee_after(&self, fee: Money, coupons: &[Presented]) -> Money {
        let used = coupons.iter().filter(|one| self.used.contains(&one.coupon));
        used.fold(fee, |fee, one| fee.minus(steps::fee_off(one.template, fee)))
    }
}

/// Reckons what a cart costs. `freight` is asked for the goods' total after discounts.
pub fn reckon(lines: &[Line], applies: &Applies, freight: impl Fn(Money) -> Money) -> Reckoned {
    let mut running = steps::Running::begin(lines, applies);
    running.benefits();
    running.bundles();
    running.spend_and_save();
    running.gifts();
    running.coupons();
    let points = running.points();
    let asked: Vec<Asked> = lines
        .iter()
        .zip(&running.left)
        .map(|(line, left)| {
            let unit = line.base.unit();
            let off = unit.times(line.quantity.count()).minus(*left);
            Asked { variant: line.variant, quantity: line.quantity, unit, off, tax: line.tax }
        })
        .collect();
    let goods = running.total();
    let fee = if lines.is_empty() { Money::zero(applies.currency) } else { freight(goods) };
    let fee_off = running.freight(fee);
    let net = fee_off.iter().fold(fee, |fee, (_, off)| fee.minus(*off));
    let quote = price::quote(applies.currency, &asked, applies.taxing, |_| net);
    let wallet = applies.wallet.draw(quote.total.minor);
    let to_pay = Money::new(quote.total.minor - wallet.total(), applies.currency);
    let lines = (0..lines.len()).map(|at| running.told(at)).collect();
    Reckoned {
        quote,
        lines,
        steps: running.steps,
        fee,
        fee_off,
        gifts: running.gifts,
        used: running.used,
        refused: running.refused,
        points,
        wallet,
        to_pay,
    }
}

/// Which of the coupons somebody holds take the most off this cart together: what a checkout offers
/// to begin with. Coupons are tried by what each takes off alone; one that goes with those chosen
/// before joins them where it makes the whole cheaper.
pub fn best(
    lines: &[Line],
    applies: &Applies,
    held: &[Presented],
    freight: impl Fn(Money) -> Money,
) -> Vec<Id<Coupon>> {
    let cost = |coupons: &[Presented]| {
        let tried = reckon(lines, &Applies { coupons, ..applies.clone() }, &freight);
        // A gift coupon makes nothing cheaper, and is worth using where nothing is lost.
        (tried.quote.total.minor, -(tried.gifts.len() as i64), tried.used.len())
    };
    let nothing = cost(&[]);
    let mut alone: Vec<(_, Presented)> = held.iter().map(|one| (cost(&[*one]), *one)).collect();
    // A coupon for freight may take nothing off alone, and much where another coupon leaves too
    // little for the way to be free.
    alone.retain(|(cost, one)| {
        (cost.0, cost.1) < (nothing.0, nothing.1)
            || matches!(one.template.gives, coupon::Gives::Shipping { .. })
    });
    alone.sort_by_key(|(cost, one)| (cost.0, cost.1, one.coupon));
    let mut best: (_, Vec<Presented>) = (nothing, Vec::new());
    for first in 0..alone.len() {
        let mut chosen = vec![alone[first].1];
        let mut least = alone[first].0;
        for (_, next) in &alone[first + 1..] {
            let more: Vec<Presented> = chosen.iter().copied().chain([*next]).collect();
            let tried = cost(&more);
            if tried.2 == more.len() && (tried.0, tried.1) < (least.0, least.1) {
                (chosen, least) = (more, tried);
            }
        }
        if (least.0, least.1) < (best.0.0, best.0.1) {
            best = (least, chosen);
        }
    }
    best.1.iter().map(|one| one.coupon).collect()
}

fn gift(part: &Part, times: i64, from: GiftFrom) -> Gift {
    Gift { variant: part.variant, quantity: part.quantity.count() * times, from }
}

#[cfg(test)]
mod tests;
