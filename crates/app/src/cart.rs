//! The cart: what somebody means to buy. A guest's cart follows them when they sign in.

use std::collections::BTreeSet;

use describe::ToSchema;
use domain::catalog::Variant;
use domain::id::{Id, Kind};
use domain::money::Money;
use domain::person::{Person, Session};
use domain::quantity::Quantity;
use domain::seller::Seller;
use serde::{Deserialize, Serialize};

use crate::catalog::{ForSale, variants_for_sale};
use crate::db::Tx;
use crate::failure::Failure;
use crate::price_list::{self, Wanted};
use crate::{App, Visitor, seller};

mod gathered;
mod store;

pub(crate) use gathered::gather;
pub(crate) use store::available;

/// What somebody means to buy.
pub struct Cart;
impl Kind for Cart {
    const PREFIX: &'static str = "crt";
}
domain::id::described!(Cart);

/// One variant in a cart.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CartLine {
    pub variant: Id<Variant>,
    pub handle: String,
    pub title: String,
    pub variant_title: String,
    pub picture: String,
    pub quantity: i64,
    pub unit_price: Money,
    pub total: Money,
    /// How many can be bought now; empty when its stock is not counted.
    pub available: Option<i64>,
    /// Whether it can be bought at all, in this quantity.
    pub buyable: bool,
    /// False: it is not for sale in the currency the visitor chose, and priced in the shop's own.
    pub in_currency: bool,
    /// Whose it is; the shop's own without. An order is of one seller.
    pub seller: Option<Id<Seller>>,
}

/// A cart with its prices of now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CartView {
    pub lines: Vec<CartLine>,
    /// What the buyable lines cost.
    pub subtotal: Money,
    pub count: i64,
    pub buyable: bool,
    /// Who else sells something of it, beside the shop.
    pub sellers: Vec<seller::Card>,
}

/// What a line should be: zero takes it out.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetLine {
    pub variant: Id<Variant>,
    pub quantity: i64,
    /// Whether `quantity` is added to what is there already.
    #[serde(default)]
    pub add: bool,
}

/// Whose cart it is.
#[derive(Clone, Copy, Debug)]
enum Owner {
    Person(Id<Person>),
    Session(Id<Session>),
}

fn owner(visitor: &Visitor) -> Option<Owner> {
    let person = visitor.person.as_ref().map(|person| Owner::Person(person.id));
    person.or(visitor.session.map(Owner::Session))
}

/// The visitor's cart; empty for somebody without a session.
pub fn view(app: &App, visitor: &Visitor) -> Result<CartView, Failure> {
    app.read(|tx| {
        let lines = match owner(visitor) {
            Some(owner) => store::lines(tx, owner)?,
            None => Vec::new(),
        };
        show(tx, &lines, visitor)
    })
}

/// How many units are in the visitor's cart.
pub fn count(app: &App, visitor: &Visitor) -> Result<i64, Failure> {
    let Some(owner) = owner(visitor) else { return Ok(0) };
    app.read(|tx| Ok(store::lines(tx, owner)?.iter().map(|(_, quantity)| quantity).sum()))
}

/// Changes a line of the cart.
pub fn set(app: &App, visitor: &Visitor, set: SetLine) -> Result<CartView, Failure> {
    let owner = owner(visitor).ok_or(Failure::SignInFirst)?;
    app.write_for(visitor, |tx| {
        let for_sale = variants_for_sale(tx, &[set.variant], &visitor.locale)?;
        let on_sale = for_sale.first().is_some_and(|variant| variant.on_sale);
        if set.quantity > 0 && !on_sale {
            return Err(domain::catalog::Refusal::NotForSale.into());
        }
        let cart = store::open(tx, owner)?;
        let before = if set.add { store::quantity(tx, cart, set.variant)? } else { 0 };
        match set.quantity + before {
            0 => store::remove(tx, cart, set.variant)?,
            wanted => {
                let wanted =
                    Quantity::new(wanted).ok_or(domain::inventory::Refusal::BadQuantity)?;
                store::put(tx, cart, set.variant, wanted.count())?;
            }
        }
        let lines = store::lines(tx, owner)?;
        show(tx, &lines, visitor)
    })
}

/// A guest signed in: what the session's cart held is now in the person's.
pub fn adopt(app: &App, session: Id<Session>, person: Id<Person>) -> Result<(), Failure> {
    app.write(|tx| {
        for (variant, quantity) in store::lines(tx, Owner::Session(session))? {
            let cart = store::open(tx, Owner::Person(person))?;
            let there = store::quantity(tx, cart, variant)?;
            store::put(tx, cart, variant, quantity.max(there))?;
        }
        store::drop_session(tx, session)
    })
}

/// The variants and quantities in a person's cart that can be bought now, of those sellers that
/// `takes` names: what their quote said.
/// What is sold out stays in the cart.
pub(crate) fn of_person(
    tx: &mut Tx,
    person: Id<Person>,
    visitor: &Visitor,
    takes: impl Fn(Option<Id<Seller>>) -> bool,
) -> Result<Vec<(Id<Variant>, i64)>, Failure> {
    let lines = if tx.gathers() {
        gathered::lines(tx, person)?
    } else {
        store::lines(tx, Owner::Person(person))?
    };
    let shown = show(tx, &lines, visitor)?.lines.into_iter();
    let shown = shown.filter(|line| line.buyable && takes(line.seller));
    Ok(shown.map(|line| (line.variant, line.quantity)).collect())
}

/// Takes what was ordered out of a person's cart.
pub(crate) fn take_out(
    tx: &mut Tx,
    person: Id<Person>,
    variants: &[Id<Variant>],
) -> Result<(), Failure> {
    if tx.gathers() {
        return gathered::take_out(tx, person, variants);
    }
    let cart = store::open(tx, Owner::Person(person))?;
    for variant in variants {
        store::remove(tx, cart, *variant)?;
    }
    Ok(())
}

fn show(tx: &mut Tx, lines: &[(Id<Variant>, i64)], visitor: &Visitor) -> Result<CartView, Failure> {
    let locale = &visitor.locale;
    let ids: Vec<Id<Variant>> = lines.iter().map(|(variant, _)| *variant).collect();
    let goods = format!("goods {locale} {ids:?}");
    let for_sale = tx.read_once(goods, |tx| variants_for_sale(tx, &ids, locale))?;
    let stock = store::available(tx, &ids)?;
    let shopper = price_list::shopper_in(tx, visitor)?;
    let mut found = Vec::new();
    for (variant, quantity) in lines {
        let Some(goods) = for_sale.iter().find(|goods| goods.variant == *variant) else { continue };
        let left = stock.iter().find(|(id, _)| id == variant).map_or(0, |(_, left)| *left);
        found.push((goods, *quantity, left));
    }
    let wanted: Vec<Wanted> = found
        .iter()
        .map(|(goods, quantity, _)| Wanted {
            variant: goods.variant,
            base: goods.price,
            quantity: *quantity,
        })
        .collect();
    let prices = price_list::prices(tx, &shopper, &wanted)?;
    let priced = found.into_iter().zip(prices);
    let shown: Vec<CartLine> = priced
        .map(|((goods, quantity, left), chosen)| {
            line(goods, quantity, left, chosen.map(|chosen| chosen.unit))
        })
        .collect();
    let currency = shopper.currency();
    let buyable = || shown.iter().filter(|line| line.buyable);
    let subtotal = buyable().fold(Money::zero(currency), |sum, line| sum.plus(line.total));
    let sellers: BTreeSet<Id<Seller>> = shown.iter().filter_map(|line| line.seller).collect();
    let sellers: Vec<Id<Seller>> = sellers.into_iter().collect();
    let sellers = match sellers.is_empty() {
        true => Vec::new(),
        false => tx.read_once(format!("sellers {sellers:?}"), |tx| seller::cards(tx, &sellers))?,
    };
    Ok(CartView {
        sellers,
        subtotal,
        count: shown.iter().map(|line| line.quantity).sum(),
        buyable: buyable().count() > 0,
        lines: shown,
    })
}

fn line(goods: &ForSale, quantity: i64, left: i64, unit: Option<Money>) -> CartLine {
    let available = goods.counted.then_some(left);
    let in_currency = unit.is_some();
    let unit = unit.unwrap_or(goods.price);
    CartLine {
        variant: goods.variant,
        handle: goods.handle.clone(),
        title: goods.title.clone(),
        variant_title: goods.variant_title.clone(),
        picture: goods.picture.clone(),
        quantity,
        unit_price: unit,
        total: unit.times(quantity),
        available,
        buyable: goods.on_sale && in_currency && available.is_none_or(|left| left >= quantity),
        in_currency,
        seller: goods.seller,
    }
}
