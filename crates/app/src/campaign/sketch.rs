//! A campaign that is still being written: what shoppers would see of it, what it puts at risk and
//! what the check would say. Nothing of it is kept.

use domain::campaign::{Campaign, Status};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::person::Permission;
use domain::rules_page::Clause;

use super::check::{self, CheckView};
use super::{Found, PutCampaign, Terms, store, view};
use crate::catalog::{ForSale, variants_for_sale};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor};

/// What would come of it.
pub struct Sketch {
    /// Why it cannot be kept as it is.
    pub refused: Option<Failure>,
    pub check: CheckView,
    /// What its rules page would say, in these units of its own and the shop's.
    pub clauses: Vec<Clause>,
    pub units: (Currency, Currency),
    /// What it gives or takes off at the very most: its budget, or all it sets aside at its
    /// prices. None where it sells from the ordinary stock without end.
    pub risk: Option<Money>,
    /// What it offers, with its price in it.
    pub goods: Vec<(ForSale, Money)>,
}

/// Looks at a campaign as it is written, under the number of the one it changes.
pub fn sketch(
    app: &App,
    visitor: &Visitor,
    of: Option<Id<Campaign>>,
    put: PutCampaign,
) -> Result<Sketch, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    let put = put.whole();
    app.read(|tx| {
        // No campaign has the number 0.
        let campaign = put.campaign(of.unwrap_or(Id::new(0)), Status::Draft);
        let refused = put.check(tx, &campaign).err();
        let (terms, creative) = (put.terms.clone(), put.creative.clone());
        let found = Found { campaign, terms, creative, waiting: 0, version: 0 };
        let goods = goods(tx, &put, &visitor.locale)?;
        Ok(Sketch {
            check: check::view_of(tx, &found, &put.offered)?,
            clauses: match view::all_clauses(tx, &found) {
                // The kind of coupon is not chosen yet.
                Err(Failure::NotFound) => Vec::new(),
                clauses => clauses?,
            },
            units: view::units_in(tx, &found)?,
            risk: risk(tx, &put)?,
            refused,
            goods,
        })
    })
}

fn goods(tx: &mut Tx, put: &PutCampaign, locale: &str) -> Result<Vec<(ForSale, Money)>, Failure> {
    let variants: Vec<_> = put.offered.iter().map(|one| one.variant).collect();
    let found = variants_for_sale(tx, &variants, locale)?;
    let priced = found.into_iter().filter_map(|goods| {
        let one = put.offered.iter().find(|one| one.variant == goods.variant)?;
        let price = Money::new(one.price, goods.price.currency);
        Some((goods, price))
    });
    Ok(priced.collect())
}

fn risk(tx: &mut Tx, put: &PutCampaign) -> Result<Option<Money>, Failure> {
    if let Some(budget) = put.frame.budget {
        return Ok(Some(budget));
    }
    // What a full team or its leader saves besides is not known before.
    if let Terms::GroupBuy(terms) = &put.terms
        && (!terms.tiers.is_empty() || terms.leader_off > 0)
    {
        return Ok(None);
    }
    let mut sum: Option<Money> = None;
    for one in &put.offered {
        let Some(ordinary) = store::ordinary_price(tx, one.variant)? else { continue };
        let Some(quota) = one.quota else { return Ok(None) };
        let off = ordinary.minor.saturating_sub(one.price).max(0).saturating_mul(quota);
        let before = sum.map_or(0, |sum| sum.minor);
        sum = Some(Money::new(before.saturating_add(off), ordinary.currency));
    }
    Ok(sum)
}
