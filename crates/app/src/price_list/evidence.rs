//! What a variant cost, and what may therefore be struck through, for staff to see.

use describe::ToSchema;
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::Money;
use domain::person::Permission;
use domain::price::history::NoEvidence;
use domain::price::list::PriceList;
use serde::{Deserialize, Serialize};

use super::{ToShow, anybody, shown, store};
use crate::failure::Failure;
use crate::{App, Visitor, price_history};

/// What follows of the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FormerPriceVerdict)]
pub enum Verdict {
    /// No former price is claimed.
    NoClaim,
    Shown,
    /// It was not on offer in the thirty days before.
    NeverCharged,
    /// It was on offer for less than seven of them.
    TooShort,
    /// It cost no more then.
    NotLower,
}

impl Verdict {
    pub const ALL: [Verdict; 5] = [
        Verdict::NoClaim,
        Verdict::Shown,
        Verdict::NeverCharged,
        Verdict::TooShort,
        Verdict::NotLower,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Verdict::NoClaim => "no_claim",
            Verdict::Shown => "shown",
            Verdict::NeverCharged => "never_charged",
            Verdict::TooShort => "too_short",
            Verdict::NotLower => "not_lower",
        }
    }
}

/// A price everybody could buy at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceHistoryRow)]
pub struct EvidenceRow {
    pub price: Money,
    /// What was claimed as the price before.
    pub compare_at: Option<Money>,
    /// The list whose price it was; none for the product's own.
    pub list: Option<Id<PriceList>>,
    pub list_name: String,
    pub from: Moment,
    pub until: Option<Moment>,
}

/// The prices of a variant, and what may be struck through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceEvidence)]
pub struct EvidenceView {
    pub variant: Id<Variant>,
    pub handle: String,
    pub title: String,
    pub variant_title: String,
    pub sku: String,
    /// What everybody pays for one now.
    pub price: Money,
    /// What is claimed as the product's price before.
    pub compare_at: Option<Money>,
    /// What is struck through beside the price now.
    pub former: Option<Money>,
    /// Why so, for the product's own price.
    pub verdict: Verdict,
    /// The newest first.
    pub history: Vec<EvidenceRow>,
}

/// What the variants of a product, or one of them, cost: by id, stock number or handle.
pub fn evidence(app: &App, visitor: &Visitor, goods: &str) -> Result<Vec<EvidenceView>, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    let said = goods.trim();
    app.read(|tx| {
        let goods = match Id::<Variant>::parse(said) {
            Some(id) => vec![store::variant(tx, id)?],
            None => store::by_name(tx, said)?,
        };
        if goods.is_empty() {
            return Err(Failure::NotFound);
        }
        let names = store::all(tx)?;
        let anybody = anybody(tx)?;
        let to_show: Vec<ToShow> = goods
            .iter()
            .map(|one| ToShow { variant: one.variant, base: one.price, former: one.former })
            .collect();
        let shown = shown(tx, &anybody, &to_show)?;
        let mut views = Vec::new();
        for (one, shown) in goods.into_iter().zip(shown) {
            let verdict = price_history::evidence(tx, one.variant, one.price, one.compare_at)?;
            // From the epoch on: all that is known.
            let currency = one.price.currency;
            let mut past = price_history::past(tx, &[one.variant], currency, Moment(0))?;
            past.reverse();
            let of = |minor| Money::new(minor, currency);
            let history = past.into_iter().take(200).map(|past| EvidenceRow {
                price: of(past.charged.price),
                compare_at: past.claimed.map(of),
                list: past.list,
                list_name: names
                    .iter()
                    .find(|list| Some(list.id) == past.list)
                    .map_or(String::new(), |list| list.name.clone()),
                from: past.charged.from,
                until: past.charged.until,
            });
            views.push(EvidenceView {
                variant: one.variant,
                handle: one.handle,
                title: one.title,
                variant_title: one.variant_title,
                sku: one.sku,
                price: shown.as_ref().map_or(one.price, |shown| shown.chosen.unit),
                former: shown.and_then(|shown| shown.former),
                compare_at: one.compare_at,
                verdict: match verdict {
                    Ok(Some(_)) => Verdict::Shown,
                    Ok(None) => Verdict::NoClaim,
                    Err(NoEvidence::NeverCharged) => Verdict::NeverCharged,
                    Err(NoEvidence::TooShort(Span(_))) => Verdict::TooShort,
                    Err(NoEvidence::NotLower(_)) => Verdict::NotLower,
                },
                history: history.collect(),
            });
        }
        Ok(views)
    })
}
