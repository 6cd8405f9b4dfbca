//! What holds for a cart, in words: promotions, coupons, and how a price came about.

use app::checkout::{CouponChoice, QuoteView};
use app::price_story::Story;
use app::promotion::OfferView;
use domain::money::Money;
use domain::price::list::Why;

use crate::locale::Price;
use crate::offer_words as words;
use crate::page::Page;
use crate::storefront::view::{Sum, short};

/// A coupon of the buyer's at checkout.
pub struct CouponRow {
    pub id: String,
    pub name: String,
    pub gives: String,
    pub until: String,
    /// What it takes off here, or why it does not.
    pub says: String,
    pub used: bool,
    pub can: bool,
}

/// One step of a price.
pub struct StepRow {
    pub label: String,
    pub says: String,
    pub off: String,
    pub remains: String,
    /// Each line's share of it.
    pub shares: Vec<(String, String)>,
}

fn named<'a>(page: &Page, name: &'a str, english: &'a str) -> &'a str {
    if page.is_chinese() { name } else { english }
}

/// A promotion or coupon with its name, or what kind of thing it is.
fn label(page: &Page, cause: &str, name: &str, english: &str) -> String {
    let kind = page.t(&format!("offer-cause-{}", cause.replace('_', "-")));
    match named(page, name, english) {
        "" => kind,
        name => format!("{kind} · {name}"),
    }
}

/// The coupons of the buyer.
pub fn coupons(page: &Page, quote: &QuoteView) -> Vec<CouponRow> {
    let row = |choice: &CouponChoice| {
        let coupon = &choice.coupon;
        let says = match (&choice.why, choice.missing) {
            (_, Some(missing)) => page.t1("offer-missing", "price", Price::of(missing)),
            (Some(code), None) => words::refusal(page.locale, code),
            (None, None) if choice.used && !choice.off.is_zero() => {
                page.t1("offer-takes-off", "price", Price::of(choice.off))
            }
            (None, None) => String::new(),
        };
        CouponRow {
            id: coupon.id.to_string(),
            name: named(page, &coupon.name, &coupon.name_en).to_string(),
            gives: words::gives(page.locale, &coupon.gives, coupon.threshold, coupon.currency),
            until: page.t1(
                "offer-until",
                "until",
                page.locale.exact_near(coupon.usable_until, page.now),
            ),
            says,
            used: choice.used,
            // Two that do not go together: choosing another is how one changes one's mind.
            can: choice.why.as_deref().is_none_or(|code| code == "coupon.not_together"),
        }
    };
    quote.coupons.iter().map(row).collect()
}

/// The ids of those that are used.
pub fn used(quote: &QuoteView) -> Vec<String> {
    let used = quote.coupons.iter().filter(|choice| choice.used);
    used.map(|choice| choice.coupon.id.to_string()).collect()
}

/// What would be saved by buying more.
pub fn more(page: &Page, offers: &[OfferView]) -> Vec<String> {
    let line = |offer: &OfferView| {
        let name = named(page, &offer.name, &offer.name_en);
        let does = words::effect(page.locale, &offer.effect, offer.currency);
        format!("{name} · {does}")
    };
    offers.iter().map(line).collect()
}

/// How a quote's price came about.
pub fn story(page: &Page, quote: &QuoteView) -> Vec<StepRow> {
    let titles: Vec<String> = quote.lines.iter().map(|line| line.title.clone()).collect();
    let rows = quote.steps.iter().map(|step| {
        let shares = titles.iter().zip(&step.shares).filter(|(_, share)| !share.is_zero());
        row(
            page,
            (&step.cause, &step.name, &step.name_en),
            (step.matched, step.off, step.remains),
            shares.map(|(title, share)| (title.clone(), share.negated())).collect(),
        )
    });
    rows.collect()
}

/// How an order's price came about.
pub fn story_of(page: &Page, story: &Story) -> Vec<StepRow> {
    let rows = story.steps.iter().enumerate().map(|(at, step)| {
        let lines = story.lines.iter().filter(|line| !line.shares[at].is_zero());
        row(
            page,
            (&step.cause, &step.name, &step.name_en),
            (step.matched, step.off, step.remains),
            lines.map(|line| (line.title.clone(), line.shares[at].negated())).collect(),
        )
    });
    rows.collect()
}

fn row(
    page: &Page,
    (cause, name, english): (&str, &str, &str),
    (matched, off, remains): (Money, Money, Money),
    shares: Vec<(String, Money)>,
) -> StepRow {
    StepRow {
        label: label(page, cause, name, english),
        says: match cause {
            "gift" => String::new(),
            _ => page.t1("offer-of", "price", Price::of(matched)),
        },
        off: if off.is_zero() { String::new() } else { Price::of(off.negated()).to_string() },
        remains: Price::of(remains).to_string(),
        shares: shares
            .into_iter()
            .map(|(title, share)| (title, Price::of(share).to_string()))
            .collect(),
    }
}

/// How the total came about: ordinary prices, what together saves, what leading saves.
pub fn sums(page: &Page, quote: &QuoteView) -> Vec<Sum> {
    let zero = domain::money::Money::zero(quote.total.currency);
    let saved = |together: bool| {
        let lines = quote.lines.iter().filter(|line| (line.because == Why::Campaign) == together);
        lines.fold(zero, |sum, line| match line.ordinary_price {
            Some(ordinary) => sum.plus(ordinary.minus(line.unit_price).times(line.quantity)),
            None => sum,
        })
    };
    let (saved, listed) = (saved(true), saved(false));
    let row = |id: &str, amount: domain::money::Money, why: &str| Sum {
        label: page.t(id),
        amount: Price::of(amount).to_string(),
        off: amount.minor < 0,
        why: if why.is_empty() { String::new() } else { page.t(why) },
    };
    let full = quote.subtotal.plus(quote.discount).plus(saved).plus(listed);
    let mut rows = vec![row("store-goods-sum", full, "")];
    if !saved.is_zero() {
        rows.push(row("store-group-saving", saved.negated(), "store-group-saving-why"));
    }
    if !listed.is_zero() {
        rows.push(row("store-list-saving", listed.negated(), "store-list-saving-why"));
    }
    if !quote.discount.is_zero() && quote.steps.is_empty() {
        rows.push(row("store-leader-off", quote.discount.negated(), "store-leader-off-why"));
    }
    for step in quote.steps.iter().filter(|step| step.cause != "shipping_coupon") {
        if !step.off.is_zero() {
            rows.push(Sum {
                label: label(page, &step.cause, &step.name, &step.name_en),
                amount: Price::of(step.off.negated()).to_string(),
                off: true,
                why: String::new(),
            });
        }
    }
    if !quote.tax.is_zero() {
        rows.push(row("store-tax", quote.tax, ""));
    }
    rows
}

/// `Includes ¥13.00 of tax`; empty without tax.
pub fn tax_inside(page: &Page, tax: domain::money::Money) -> String {
    match tax.is_zero() {
        true => String::new(),
        false => page.t1("store-tax-inside", "price", short(&Price::of(tax))),
    }
}
