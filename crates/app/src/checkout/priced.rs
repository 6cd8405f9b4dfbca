//! What something costs: the goods that are wanted with their prices, the ways they may go, and all
//! that holds for them, reckoned in one order.

use domain::catalog::Variant;
use domain::id::Id;
use domain::money::Money;
use domain::order::Refusal;
use domain::price::Quote;
use domain::price::list::{Chosen, Why};
use domain::promotion::Combines;
use domain::quantity::Quantity;
use domain::seller::{self, Seller};
use domain::shipping::{How, Load, Method};
use serde_json::json;

use super::offers::{self, Choice, Outcome};
use super::way::{self, Going};
use super::{Line, MethodView, What, store};
use crate::catalog::{ForSale, variants_for_sale};
use crate::db::Tx;
use crate::deal::Deal;
use crate::failure::Failure;
use crate::{Visitor, delivery, group_buy, price_list, tax};

/// One variant that is wanted, with the goods it is.
pub struct Wanted {
    pub goods: ForSale,
    pub quantity: Quantity,
    pub chosen: Chosen,
    pub off: Money,
    /// It comes along for nothing.
    pub gift: bool,
}

/// What is wanted, priced and not yet taken.
pub struct Gathered {
    pub wanted: Vec<Wanted>,
    pub offer: Option<group_buy::Found>,
    pub deal: Option<Deal>,
    pub quote: Quote,
    /// How that came about: what was taken off, by what.
    pub outcome: Outcome,
    pub methods: Vec<MethodView>,
    pub method: Option<(Id<Method>, How)>,
    pub ships: bool,
    pub seller: Option<Id<Seller>>,
}

/// What is asked a price of, in the order of the lines. What is not known has none: it is refused
/// before its price is looked at.
fn price_wanted(for_sale: &[ForSale], lines: &[Line]) -> Vec<price_list::Wanted> {
    let wanted = |(variant, quantity): &Line| {
        let goods = for_sale.iter().find(|goods| goods.variant == *variant)?;
        Some(price_list::Wanted { variant: *variant, base: goods.price, quantity: *quantity })
    };
    lines.iter().filter_map(wanted).collect()
}

/// Reads what a price needs, and prices it.
pub fn gather(
    tx: &mut Tx,
    (what, deal): (&What, Option<Deal>),
    lines: &[Line],
    going: &Going,
    (visitor, choice): (&Visitor, Choice),
) -> Result<Gathered, Failure> {
    if lines.is_empty() {
        return Err(Refusal::NothingToOrder.into());
    }
    let offer = match what {
        What::OpenTeam { group_buy, .. } => Some(group_buy::find(tx, *group_buy)?),
        What::JoinTeam { team, .. } => {
            let group_buy = store::group_buy_of(tx, *team)?;
            Some(group_buy::find(tx, group_buy)?)
        }
        _ => None,
    };
    let combines = match (&offer, &deal) {
        (None, None) => None,
        (_, deal) => Some(deal.as_ref().map(Deal::combines).unwrap_or_default()),
    };
    let ids: Vec<Id<Variant>> = lines.iter().map(|(variant, _)| *variant).collect();
    let locale = &visitor.locale;
    let key = format!("goods {locale} {ids:?}");
    let for_sale = tx.read_once(key, |tx| variants_for_sale(tx, &ids, locale))?;
    // A group buy or a campaign has its own price, in the shop's currency.
    let person = visitor.person.as_ref().map(|person| person.id);
    let shopper = match combines {
        Some(alone) if alone == Combines::default() => price_list::anybody(tx)?,
        Some(_) => price_list::shopper(tx, person, None)?,
        None => price_list::shopper_in(tx, visitor)?,
    };
    let currency = shopper.currency();
    let mut prices = match combines {
        Some(_) => Vec::new(),
        None => price_list::prices(tx, &shopper, &price_wanted(&for_sale, lines))?,
    }
    .into_iter();
    let mut wanted = Vec::new();
    for (variant, count) in lines {
        let goods = for_sale.iter().find(|goods| goods.variant == *variant);
        let goods = goods.filter(|goods| goods.on_sale).cloned();
        let goods = goods.ok_or(domain::catalog::Refusal::NotForSale)?;
        let quantity = Quantity::new(*count).ok_or(domain::inventory::Refusal::BadQuantity)?;
        let (chosen, off) = match (&offer, &deal) {
            (None, Some(deal)) => {
                let (ordinary, list, why) = (Some(goods.price), None, Why::Campaign);
                let chosen = Chosen { unit: deal.unit, ordinary, why, list, from: 1 };
                (chosen, Money::zero(currency))
            }
            (None, None) => {
                let chosen = prices.next().flatten().ok_or_else(|| {
                    Failure::with("price.not_in_currency", json!({ "title": goods.title }))
                })?;
                (chosen, Money::zero(currency))
            }
            (Some(offer), _) => {
                let leads = matches!(what, What::OpenTeam { .. });
                let off = if leads { offer.terms.leader_off } else { 0 };
                let unit = group_buy::price(tx, offer.id, *variant)?;
                let (ordinary, list, why) = (Some(goods.price), None, Why::Campaign);
                (Chosen { unit, ordinary, why, list, from: 1 }, Money::new(off, currency))
            }
        };
        wanted.push(Wanted { goods, quantity, chosen, off, gift: false });
    }
    let seller = seller::seller_of(wanted.iter().map(|one| one.goods.seller))?;
    let carried = || wanted.iter().filter(|one| one.goods.ships);
    let pieces = carried().map(|one| one.quantity.count()).sum();
    let grams: i64 = carried().map(|one| one.goods.grams * one.quantity.count()).sum();
    let load = |goods: Money| {
        planted!("weight_rounded_down", {
            return Load { goods, grams: grams / 1_000 * 1_000, pieces };
        });
        planted!("free_from_before_discount", {
            let full = wanted.iter().map(|one| one.chosen.unit.times(one.quantity.count()));
            let goods = full.fold(Money::zero(currency), Money::plus);
            return Load { goods, grams, pieces };
        });
        Load { goods, grams, pieces }
    };
    let offered = delivery::offered_in(tx, &shopper.rated)?;
    let ways = way::ways(tx, &offered, going)?;
    let chosen = way::choose(&ways, going, pieces > 0)?;
    let fetched = chosen.is_some_and(|way| way.method.kind == How::Pickup);
    let here = tax::at(tx, going.address, fetched && pieces > 0)?;
    let freight = |goods| {
        let fee = chosen.and_then(|way| way.fee(&load(goods)));
        fee.unwrap_or(Money::zero(currency))
    };
    let alone = combines.is_some_and(|combines| combines == Combines::default());
    let offers = match !alone && seller.is_none() {
        true => offers::read(tx, &wanted, &shopper, (visitor, choice))?,
        // Such a price goes with nothing, and what a seller earns is not the shop's to take off.
        false => offers::none(tx, choice),
    };
    let asked = offers::Asked { currency, taxing: here.taxing(), choice, placing: going.placing };
    let rates: Vec<_> = wanted.iter().map(|one| here.rate(one.goods.tax)).collect();
    let (quote, outcome, gifts) = offers.reckon(&wanted, &rates, &asked, combines, freight)?;
    let views = ways.iter().map(|way| {
        let fee = way.fee(&load(quote.subtotal));
        let free_from = way.rate.and_then(|rate| rate.free_from).filter(|_| !going.gift);
        let fee = outcome.fee_after(fee.unwrap_or(Money::zero(currency)));
        MethodView {
            code: way.method.code.clone(),
            kind: way.method.kind,
            name: way.method.name.clone(),
            name_en: way.method.name_en.clone(),
            fee,
            total: quote.with_fee(fee),
            free_from: free_from.map(|from| Money::new(from, currency)),
            delivers: way.rate.is_some(),
            chosen: chosen.is_some_and(|chosen| chosen.method.id == way.method.id),
        }
    });
    let methods = views.collect();
    let method = chosen.map(|way| (way.method.id, way.method.kind));
    wanted.extend(gifts);
    let ships = pieces > 0;
    Ok(Gathered { wanted, offer, deal, quote, outcome, methods, method, ships, seller })
}
