//! Goods to choose from while a campaign is written: found by name, each as the line it becomes.

use app::catalog::{self, StaffBrowse, VariantDetail};
use app::failure::Failure;
use axum::Json;
use axum::extract::Query;
use domain::campaign::Mechanic;
use domain::money::Money;
use serde::{Deserialize, Serialize};

use crate::answer::Fault;
use crate::console::Desk;

/// How many products are looked at, and how many variants are shown.
const FOUND: i64 = 6;
const SHOWN: usize = 8;

/// What is looked for, and what for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    mechanic: String,
    #[serde(default)]
    q: String,
}

/// A variant that can be offered.
#[derive(Debug, Serialize)]
pub struct Hit {
    label: String,
    /// What is written into the form, to be changed there.
    line: String,
}

/// `GET /console/campaigns/goods`
pub async fn found(desk: Desk, Query(asked): Query<Asked>) -> Result<Json<Vec<Hit>>, Fault> {
    let mechanic = Mechanic::parse(&asked.mechanic).ok_or(Failure::NotFound)?;
    let words = asked.q.trim().to_string();
    if words.is_empty() {
        return Ok(Json(Vec::new()));
    }
    let products = desk
        .act(move |app, visitor| {
            let limit = Some(FOUND);
            let browse = StaffBrowse { q: words.clone(), limit, ..StaffBrowse::default() };
            let found = match catalog::staff_list(app, visitor, browse) {
                // Whoever may not see the catalogue writes what they were told.
                Err(Failure::Forbidden) => return Ok(Vec::new()),
                found => found?,
            };
            let each = found.items.iter().map(|one| catalog::detail(app, visitor, one.id));
            each.collect::<Result<Vec<_>, Failure>>()
        })
        .await?;
    let p = desk.frame(super::HERE);
    let hits = products.iter().flat_map(|product| {
        product.variants.iter().map(|variant| {
            let parts = [product.title.as_str(), &variant.title, &variant.sku];
            let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let label = format!("{} · {}", said.join(" · "), p.money(variant.price));
            Hit { label, line: line(mechanic, variant) }
        })
    });
    Ok(Json(hits.take(SHOWN).collect()))
}

/// A variant with what is usual: a price to begin with, and how many.
fn line(mechanic: Mechanic, variant: &VariantDetail) -> String {
    let spaced = variant.sku.is_empty() || variant.sku.contains(char::is_whitespace);
    let name = if spaced { variant.id.to_string() } else { variant.sku.clone() };
    let units = variant.available.clamp(1, 10);
    let part = |percent: i64| {
        let minor = variant.price.minor.saturating_mul(percent) / 100;
        Money::new(minor.max(1), variant.price.currency).decimal()
    };
    match mechanic {
        // A hundred points for one of the currency: a merchant changes it at once.
        Mechanic::PointsShop => format!("{name} | {} | {units} | 1", variant.price.minor.max(1)),
        Mechanic::Bargain => format!("{name} {} {units}", part(60)),
        _ => format!("{name} {} {units}", part(80)),
    }
}
