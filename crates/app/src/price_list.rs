//! Price lists: what somebody pays, and the lists staff keep.
//!
//! A shop without lists and with one currency asks nothing here: the price of the goods holds.
//! Where there are lists, those in force are read once for everybody who is decided for together,
//! the groups only of who buys where a list names one, and where goods belong only where one asks.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use describe::ToSchema;
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::person::Person;
use domain::price::list::{
    Asking, Chosen, CustomerGroup, Goods, List, Over, PriceList, Why, choose, tiers,
};
use serde::{Deserialize, Serialize};

use crate::currency::{self, Rated};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, customer_group, price_history, promotion, shop};

mod csv_file;
mod desk;
mod evidence;
mod store;

pub use csv_file::{CsvFault, CsvReport, export, import};
pub use desk::{
    ListDetail, ListView, PriceRow, Probe, ProbeLine, PutList, PutPrice, add, change, detail, list,
    named, probe, put_prices, remove,
};
pub use evidence::{EvidenceRow, EvidenceView, Verdict, evidence};

/// For whom prices are made, and in which currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shopper {
    pub(crate) rated: Rated,
    /// The groups they are in; empty where no list asks for one.
    pub(crate) groups: Arc<Vec<Id<CustomerGroup>>>,
}

impl Shopper {
    /// Which prepared value is theirs: nothing is said where everybody sees the same.
    pub(crate) fn key(&self) -> String {
        let groups: Vec<String> = self.groups.iter().map(|group| group.0.to_string()).collect();
        format!("{} {}", self.rated.currency.code(), groups.join("+"))
    }

    pub fn currency(&self) -> Currency {
        self.rated.currency
    }
}

/// The lists that are switched on, whoever they are for and whenever.
#[derive(Debug, Default)]
pub(crate) struct Book {
    lists: Vec<List>,
    /// Whether any of them is for some groups, has fixed prices, or asks where goods belong.
    for_groups: bool,
    has_fixed: bool,
    asks_where: bool,
}

/// What is asked a price of: a variant, what it costs as the goods say, and how many.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub variant: Id<Variant>,
    pub base: Money,
    pub quantity: i64,
}

fn book(tx: &mut Tx) -> Result<Arc<Book>, Failure> {
    if shop::get(tx)?.pricing.price_lists == 0 {
        return Ok(Arc::default());
    }
    tx.read_once("price lists".into(), |tx| {
        let (lists, has_fixed) = store::active(tx)?;
        let cuts = || lists.iter().flat_map(|list| &list.cuts);
        Ok(Arc::new(Book {
            for_groups: lists.iter().any(|list| !list.groups.is_empty()),
            asks_where: cuts().any(|cut| cut.over != Over::Everything),
            has_fixed,
            lists,
        }))
    })
}

/// Whether anything of what somebody pays depends on the groups they are in.
fn for_groups(tx: &mut Tx) -> Result<bool, Failure> {
    Ok(book(tx)?.for_groups || promotion::book(tx)?.is_for_groups())
}

/// Somebody who buys, in the currency they chose if the shop sells in it.
pub(crate) fn shopper(
    tx: &mut Tx,
    person: Option<Id<Person>>,
    wanted: Option<Currency>,
) -> Result<Shopper, Failure> {
    let rated = currency::bought_in(tx, wanted)?;
    let groups = match person {
        Some(person) if for_groups(tx)? => {
            // Only groups that a list or a promotion names change anything.
            let (book, promotions) = (book(tx)?, promotion::book(tx)?);
            let named = |group: &Id<CustomerGroup>| {
                promotions.names(group) || book.lists.iter().any(|list| list.groups.contains(group))
            };
            let own = customer_group::of(tx, person)?;
            Arc::new(own.iter().copied().filter(named).collect())
        }
        _ => Arc::default(),
    };
    Ok(Shopper { rated, groups })
}

/// The visitor as somebody who buys, in a transaction.
pub(crate) fn shopper_in(tx: &mut Tx, visitor: &Visitor) -> Result<Shopper, Failure> {
    shopper(tx, visitor.person.as_ref().map(|person| person.id), visitor.currency)
}

/// Reads the groups of everybody who is decided for together, where a list asks for them.
pub(crate) fn gather(tx: &mut Tx, people: &BTreeSet<Id<Person>>) -> Result<(), Failure> {
    if for_groups(tx)? { customer_group::gather(tx, people) } else { Ok(()) }
}

/// Everybody's prices, in the shop's own currency.
pub(crate) fn anybody(tx: &mut Tx) -> Result<Shopper, Failure> {
    shopper(tx, None, None)
}

/// The visitor as somebody who buys. In an ordinary shop that is known without asking.
pub(crate) fn shopper_of(app: &App, visitor: &Visitor) -> Result<Shopper, Failure> {
    let (choices, for_groups) =
        app.read_prepared(visitor, "shoppers", |tx| Ok((currency::choices(tx)?, for_groups(tx)?)))?;
    app.selling_in.put(&choices);
    // The shop's own is always the first.
    let own = choices[0];
    let person = visitor.person.as_ref().map(|person| person.id).filter(|_| for_groups);
    let wanted = visitor.currency.filter(|wanted| *wanted != own && choices.contains(wanted));
    if person.is_none() && wanted.is_none() {
        let rated = Rated { currency: own, conversion: None };
        return Ok(Shopper { rated, groups: Arc::default() });
    }
    app.read(|tx| shopper(tx, person, wanted))
}

/// What the lists need to know of these variants: where they belong, their fixed prices.
fn known(
    tx: &mut Tx,
    book: &Book,
    variants: &[Id<Variant>],
) -> Result<Arc<HashMap<Id<Variant>, Goods>>, Failure> {
    let key = format!("priced {variants:?}");
    tx.read_once(key, |tx| {
        let mut goods = match book.asks_where {
            true => price_history::goods(tx, variants)?,
            false => HashMap::new(),
        };
        if book.has_fixed {
            for (variant, list, tier) in store::fixed(tx, variants)? {
                goods.entry(variant).or_default().fixed.push((list, tier));
            }
        }
        Ok(Arc::new(goods))
    })
}

fn ordinary(unit: Money) -> Chosen {
    Chosen { unit, ordinary: Some(unit), why: Why::Ordinary, list: None, from: 1 }
}

/// What somebody pays for one of each of these; none where it is not for sale in their currency.
pub(crate) fn prices(
    tx: &mut Tx,
    shopper: &Shopper,
    wanted: &[Wanted],
) -> Result<Vec<Option<Chosen>>, Failure> {
    let book = book(tx)?;
    let currency = shopper.rated.currency;
    if book.lists.is_empty() {
        let price = |one: &Wanted| shopper.rated.of(one.base).map(ordinary);
        return Ok(wanted.iter().map(price).collect());
    }
    let variants: Vec<Id<Variant>> = wanted.iter().map(|one| one.variant).collect();
    let known = known(tx, &book, &variants)?;
    let none = Goods::default();
    let asking = Asking { groups: &shopper.groups, currency, now: tx.now };
    let price = |one: &Wanted| {
        let goods = known.get(&one.variant).unwrap_or(&none);
        let own = one.base.currency == currency;
        planted!("ended_list_counts", {
            let lists: Vec<List> =
                book.lists.iter().map(|list| List { ends_at: None, ..list.clone() }).collect();
            let base = shopper.rated.of(one.base);
            return choose(base, own, &lists, goods, one.quantity, &asking);
        });
        choose(shopper.rated.of(one.base), own, &book.lists, goods, one.quantity, &asking)
    };
    Ok(wanted.iter().map(price).collect())
}

/// What one costs from a quantity on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PriceTier {
    pub from: i64,
    pub unit_price: Money,
}

/// A price as pages show it.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub chosen: Chosen,
    /// Where more of it makes it cheaper, from one on; empty where it does not.
    pub tiers: Vec<PriceTier>,
    /// What may be struck through beside it.
    pub former: Option<Money>,
}

/// What is asked to be shown: `former` is what may be struck through beside the product's own
/// price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToShow {
    pub variant: Id<Variant>,
    pub base: Money,
    pub former: Option<Money>,
}

/// The prices of these for one, with their tiers and what they cost before.
pub(crate) fn shown(
    tx: &mut Tx,
    shopper: &Shopper,
    goods: &[ToShow],
) -> Result<Vec<Option<Shown>>, Failure> {
    let book = book(tx)?;
    let currency = shopper.rated.currency;
    if book.lists.is_empty() {
        let own = |one: &ToShow| one.former.filter(|was| was.currency == currency);
        let price = |one: &ToShow| {
            let chosen = ordinary(shopper.rated.of(one.base)?);
            Some(Shown { chosen, tiers: Vec::new(), former: own(one) })
        };
        return Ok(goods.iter().map(price).collect());
    }
    let variants: Vec<Id<Variant>> = goods.iter().map(|one| one.variant).collect();
    let known = known(tx, &book, &variants)?;
    let none = Goods::default();
    let asking = Asking { groups: &shopper.groups, currency, now: tx.now };
    let mut shown = Vec::with_capacity(goods.len());
    let mut reduced = Vec::new();
    for one in goods {
        let own = one.base.currency == currency;
        let goods = known.get(&one.variant).unwrap_or(&none);
        let base = shopper.rated.of(one.base);
        let tiers = tiers(base, own, &book.lists, goods, &asking);
        let Some(chosen) = tiers.first().filter(|tier| tier.0 == 1).map(|(_, chosen)| *chosen)
        else {
            shown.push(None);
            continue;
        };
        // A list for a while is a reduction of what was ordinary; a level's price is none.
        let list = chosen.list.filter(|_| chosen.why == Why::Limited);
        if let (Some(list), Some(ordinary)) = (list, chosen.ordinary) {
            reduced.push((shown.len(), one.variant, list, (chosen.unit, ordinary)));
        }
        let plain = chosen.why == Why::Ordinary && own;
        shown.push(Some(Shown {
            former: one.former.filter(|_| plain),
            tiers: match tiers.len() {
                1 => Vec::new(),
                _ => tiers
                    .iter()
                    .map(|(from, chosen)| PriceTier { from: *from, unit_price: chosen.unit })
                    .collect(),
            },
            chosen,
        }));
    }
    for (place, former) in former_of(tx, currency, &reduced)? {
        if let Some(shown) = &mut shown[place] {
            shown.former = Some(former);
        }
    }
    Ok(shown)
}

/// A reduction to be shown: its place, the variant, whose price it is, its price now and what is
/// ordinary.
type Reduced = (usize, Id<Variant>, Id<PriceList>, (Money, Money));

fn former_of(
    tx: &mut Tx,
    currency: Currency,
    reduced: &[Reduced],
) -> Result<Vec<(usize, Money)>, Failure> {
    if reduced.is_empty() {
        return Ok(Vec::new());
    }
    let variants: Vec<Id<Variant>> = reduced.iter().map(|one| one.1).collect();
    // From the epoch on: a price may have begun long before its reduction.
    let past = price_history::past(tx, &variants, currency, Moment(0))?;
    let now = tx.now;
    let former = reduced.iter().filter_map(|(place, variant, list, prices)| {
        let former = price_history::before_list(&past, *variant, *list, *prices, now).ok()?;
        Some((*place, Money::new(former, currency)))
    });
    Ok(former.collect())
}
