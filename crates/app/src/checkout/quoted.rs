//! What something would cost, as pages and programs see it.

use describe::ToSchema;
use domain::catalog::Variant;
use domain::id::Id;
use domain::money::Money;
use domain::place::Address;
use domain::price::list::Why;
use domain::shipping::How;
use serde::{Deserialize, Serialize};

use super::Gathered;
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
    pub shipping: Money,
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
}

pub(super) fn show(
    gathered: Gathered,
    last_address: Option<Address>,
    pickup_points: Vec<delivery::PointView>,
    seller: Option<seller::Card>,
) -> QuoteView {
    let quote = gathered.quote;
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
        }
    });
    QuoteView {
        lines: lines.collect(),
        subtotal: quote.subtotal,
        discount: quote.discount,
        shipping: quote.shipping,
        tax: quote.tax,
        tax_inside: quote.tax_inside,
        total: quote.total,
        methods: gathered.methods,
        ships: gathered.ships,
        last_address,
        pickup_points,
        seller,
    }
}
