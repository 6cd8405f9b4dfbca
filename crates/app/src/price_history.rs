//! What things cost, from when until when: the evidence for every price that is struck through.
//!
//! What has begun is never changed but for its end. A product's own price is a row a change; a list
//! for everybody has rows for its fixed prices and for what it takes off, planned with its dates,
//! and planned anew from now on when staff change it.

use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::price::history::{Charged, NoEvidence, former};
use domain::price::list::{Cut, PriceList, Tier};

use crate::db::Tx;
use crate::failure::Failure;

mod store;

pub(crate) use store::{Past, goods, past};

/// A product's own price is another, or is claimed to have been another before; `had` is whether
/// it had one. What may be struck through beside it from now on.
pub(crate) fn changed(
    tx: &mut Tx,
    variant: Id<Variant>,
    price: Money,
    compare_at: Option<Money>,
    had: Option<Money>,
) -> Result<Option<i64>, Failure> {
    let now = tx.now;
    if had == Some(price) {
        store::claim(tx, variant, compare_at.map(|money| money.minor))?;
    } else {
        if had.is_some() {
            store::end_own(tx, variant, now)?;
        }
        store::add_own(tx, variant, price, compare_at.map(|money| money.minor))?;
    }
    let shown = evidence(tx, variant, price, compare_at)?;
    Ok(shown.ok().flatten())
}

/// A variant is not sold any more.
pub(crate) fn ended(tx: &mut Tx, variant: Id<Variant>) -> Result<(), Failure> {
    let now = tx.now;
    store::end_own(tx, variant, now)
}

/// What may be struck through beside a product's own price, or why nothing.
pub(crate) type Shown = Result<Option<i64>, NoEvidence>;

/// The same for a price as it is.
pub(crate) fn evidence(
    tx: &mut Tx,
    variant: Id<Variant>,
    price: Money,
    compare_at: Option<Money>,
) -> Result<Shown, Failure> {
    let Some(claimed) = compare_at.filter(|was| was.minor > price.minor) else {
        return Ok(Ok(None));
    };
    let past = past(tx, &[variant], price.currency, Moment(0))?;
    // It costs this since the last of its own prices began.
    let own = past.iter().filter(|one| one.list.is_none() && one.charged.until.is_none());
    let began = own.map(|one| one.charged.from).max().unwrap_or(tx.now);
    let charged: Vec<Charged> = past.iter().map(|one| one.charged).collect();
    Ok(former(claimed.minor, price.minor, began, &charged).map(Some))
}

/// Every price everybody could buy the variant at.
pub(crate) fn charged(
    tx: &mut Tx,
    variant: Id<Variant>,
    currency: Currency,
) -> Result<Vec<Charged>, Failure> {
    let past = past(tx, &[variant], currency, Moment(0))?;
    Ok(past.iter().map(|one| one.charged).collect())
}

/// What may be struck through beside a list's price: the ordinary price, if that is what it cost
/// before the list's began. It began when it could first be bought at, whatever date the list has.
pub(crate) fn before_list(
    past: &[Past],
    variant: Id<Variant>,
    list: Id<PriceList>,
    (price, ordinary): (Money, Money),
    now: Moment,
) -> Result<i64, NoEvidence> {
    let own = || past.iter().filter(|one| one.variant == variant);
    let is_on = |one: &&Past| {
        let Charged { from, until, .. } = one.charged;
        one.list == Some(list) && from <= now && until.is_none_or(|until| until > now)
    };
    let began = own().filter(is_on).map(|one| one.charged.from).min().unwrap_or(now);
    let charged: Vec<Charged> = own().map(|one| one.charged).collect();
    former(ordinary.minor, price.minor, began, &charged)
}

/// What a list for everybody says from now on; nothing when it was switched off, or is not for
/// everybody any more.
pub(crate) struct Plan<'a> {
    pub currency: Currency,
    pub starts_at: Option<Moment>,
    pub ends_at: Option<Moment>,
    pub cuts: &'a [Cut],
    /// The prices for one.
    pub fixed: Vec<(Id<Variant>, Tier)>,
}

/// Ends what was planned of a list and is said no more, and plans what it says now. What it goes on
/// saying goes on: a price begins once.
pub(crate) fn plan(tx: &mut Tx, list: Id<PriceList>, plan: Option<Plan>) -> Result<(), Failure> {
    let now = tx.now;
    let mut fixed: Vec<(Id<Variant>, Money)> = Vec::new();
    let mut cuts = None;
    let mut dates = (now, None);
    if let Some(plan) = plan {
        dates = (plan.starts_at.map_or(now, |starts| starts.max(now)), plan.ends_at);
        if plan.ends_at.is_none_or(|ends| ends > dates.0) {
            let ones = plan.fixed.iter().filter(|(_, tier)| tier.from <= 1);
            fixed = ones
                .map(|(variant, tier)| (*variant, Money::new(tier.price, plan.currency)))
                .collect();
            if plan.cuts.iter().any(|cut| cut.from <= 1) {
                cuts = Some(serde_json::to_string(plan.cuts)?);
            }
        }
    }
    let (from, until) = dates;
    let goes_on = |began: Moment| began == from || (began <= now && from <= now);
    for row in store::planned(tx, list, now)? {
        let same = fixed.iter().position(|(variant, price)| {
            (*variant, *price) == (row.variant, row.price) && goes_on(row.from)
        });
        match same {
            Some(place) => {
                fixed.swap_remove(place);
                store::until(tx, row.id, until)?;
            }
            None => store::end(tx, row.id, row.from, now)?,
        }
    }
    for (variant, price) in fixed {
        store::add_listed(tx, list, variant, price, dates)?;
    }
    for (began, said) in store::planned_cuts(tx, list, now)? {
        if cuts.as_ref() == Some(&said) && goes_on(began) {
            cuts = None;
            store::cuts_until(tx, list, began, until)?;
        } else {
            store::end_cuts(tx, list, began, now)?;
        }
    }
    match cuts {
        Some(cuts) => store::add_cuts(tx, list, &cuts, dates),
        None => Ok(()),
    }
}
