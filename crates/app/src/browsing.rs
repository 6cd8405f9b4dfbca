//! What somebody looked at, kept only for those who allowed it, and for nobody's eyes but theirs.

use describe::ToSchema;
use domain::catalog::Product;
use domain::customer::Purpose;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use serde::{Deserialize, Serialize};

use crate::catalog::{self, ProductCard};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, consent, price_list};

mod store;

/// So many are kept; what was looked at before is forgotten.
pub const MOST: i64 = 100;

/// A product somebody looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SeenView {
    pub product: ProductCard,
    pub at: Moment,
}

/// What the visitor looked at, and whether that is being kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = BrowsingHistory)]
pub struct History {
    /// Whether they allowed it to be kept.
    pub allowed: bool,
    /// Whether they do not want more of it to be kept for now.
    pub paused: bool,
    /// The latest first.
    pub seen: Vec<SeenView>,
}

/// Whether the history is to rest.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct PauseHistory {
    pub paused: bool,
}

/// The visitor's history.
pub fn history(app: &App, visitor: &Visitor) -> Result<History, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        Ok(History {
            allowed: consent::given(tx, person, Purpose::BrowsingHistory)?.is_some(),
            paused: store::is_paused(tx, person)?,
            seen: seen(tx, person, visitor, MOST)?,
        })
    })
}

/// What the visitor looked at last, without `but`; nothing for a guest.
pub fn recent(
    app: &App,
    visitor: &Visitor,
    but: Option<Id<Product>>,
    limit: usize,
) -> Result<Vec<ProductCard>, Failure> {
    let Some(person) = visitor.person.as_ref().map(|person| person.id) else {
        return Ok(Vec::new());
    };
    app.read(|tx| {
        let mut cards = seen(tx, person, visitor, limit as i64 + 1)?;
        cards.retain(|one| Some(one.product.id) != but);
        cards.truncate(limit);
        Ok(cards.into_iter().map(|one| one.product).collect())
    })
}

fn seen(
    tx: &mut Tx,
    person: Id<Person>,
    visitor: &Visitor,
    limit: i64,
) -> Result<Vec<SeenView>, Failure> {
    let kept = store::list(tx, person, limit)?;
    let ids: Vec<Id<Product>> = kept.iter().map(|(product, _)| *product).collect();
    let shopper = price_list::shopper_in(tx, visitor)?;
    let cards = catalog::cards(tx, &ids, &visitor.locale, &shopper)?;
    let views = kept.into_iter().filter_map(|(id, at)| {
        let product = cards.iter().find(|card| card.id == id)?.clone();
        Some(SeenView { product, at })
    });
    Ok(views.collect())
}

/// Keeps that the visitor looked at a product, if they allowed it.
pub fn saw(app: &App, visitor: &Visitor, product: Id<Product>) -> Result<(), Failure> {
    let Some(person) = visitor.person.as_ref().map(|person| person.id) else { return Ok(()) };
    let wanted = |tx: &mut Tx| {
        planted!("browsing_without_consent", return Ok(true));
        let given = consent::given(tx, person, Purpose::BrowsingHistory)?.is_some();
        Ok(given && !store::is_paused(tx, person)?)
    };
    // Most people never allowed it: for them nothing is written.
    if !app.read(wanted)? {
        return Ok(());
    }
    app.write_for(visitor, |tx| {
        if wanted(tx)? {
            store::keep(tx, person, product)?;
            store::trim(tx, person, MOST)?;
        }
        Ok(())
    })
}

/// Lets the history rest, or go on.
pub fn pause(app: &App, visitor: &Visitor, pause: PauseHistory) -> Result<History, Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| store::pause(tx, person, pause.paused))?;
    history(app, visitor)
}

/// Forgets what the visitor looked at: one product, or all.
pub fn forget(app: &App, visitor: &Visitor, product: Option<Id<Product>>) -> Result<(), Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| store::forget(tx, person, product))
}
