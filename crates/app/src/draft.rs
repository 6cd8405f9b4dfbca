//! Orders staff make for somebody, at the counter or on the phone: who, what, at which price,
//! where to. A draft promises nothing. Sent, it is an order like any other, whose units are kept
//! until its time to pay runs out, and whose buyer pays it by a link.

use describe::ToSchema;
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::{Order, Status};
use domain::order_desk::{Draft, MOST_DRAFT_LINES, Refusal};
use domain::person::{Permission, Person};
use domain::place::Address;
use domain::price::list::{Chosen, Why};
use domain::price::{Asked, Quote, quote};
use domain::quantity::Quantity;
use domain::shipping::{How, Load, Method, rate_at};
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::catalog::{ForSale, variants_for_sale};
use crate::db::Tx;
use crate::failure::Failure;
use crate::pay_link::LinkView;
use crate::person::Contact;
use crate::price_list::{self, Wanted};
use crate::{App, Visitor, delivery, order, pay_link, person, shop, staff_act, tax};

mod letter;
mod send;
mod store;

pub use send::{Send, send};

/// A line as staff want it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PutDraftLine)]
pub struct PutLine {
    pub variant: Id<Variant>,
    pub quantity: i64,
    /// What the whole line is cheaper by, in minor units.
    #[serde(default)]
    pub discount: i64,
    /// Why; needed when it is cheaper.
    #[serde(default)]
    pub reason: String,
}

/// A draft as staff want it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = PutDraft)]
pub struct Put {
    /// Whoever buys it, by their e-mail address or phone; they are made when they are new.
    pub contact: String,
    /// What they are called when they are new.
    pub name: String,
    /// Where it goes, as far as that is known.
    pub address: Address,
    /// The code of the way to ship; the first that goes there when empty.
    pub shipping_method: String,
    /// What shipping costs, in minor units; what the rates say when left out.
    pub shipping: Option<i64>,
    pub lines: Vec<PutLine>,
    /// What its buyer reads.
    pub note: String,
    /// What staff alone read.
    pub staff_note: String,
    /// The order it adds to.
    pub for_order: Option<Id<Order>>,
    /// The version that was seen: should it be another by now, nothing is changed.
    pub version: Option<i64>,
}

/// A line of a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DraftLine)]
pub struct LineView {
    pub variant: Id<Variant>,
    pub title: String,
    pub variant_title: String,
    pub sku: String,
    pub picture: String,
    pub quantity: i64,
    pub unit_price: Money,
    pub discount: Money,
    pub reason: String,
    pub total: Money,
    /// Whether it can be bought now.
    pub on_sale: bool,
}

/// A way a draft can be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DraftWay)]
pub struct Way {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub fee: Money,
    pub delivers: bool,
    pub chosen: bool,
}

/// An order staff make for somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Draft)]
pub struct DraftView {
    pub id: Id<Draft>,
    /// open, sent, dropped.
    pub status: String,
    pub customer: Option<Id<Person>>,
    pub customer_name: String,
    pub customer_contact: String,
    pub address: Address,
    pub ways: Vec<Way>,
    /// What staff said shipping costs, when they did.
    pub shipping_set: Option<Money>,
    pub lines: Vec<LineView>,
    pub subtotal: Money,
    pub discount: Money,
    pub shipping: Money,
    /// The tax that is added, and the tax that is inside the prices; the other is nothing.
    pub tax: Money,
    pub tax_inside: Money,
    pub total: Money,
    pub note: String,
    pub staff_note: String,
    pub for_order: Option<Id<Order>>,
    /// The order it became.
    pub order: Option<Id<Order>>,
    /// How far that is, and what is still to come while it waits to be paid.
    pub order_status: Option<Status>,
    pub due: Option<Money>,
    pub link: Option<LinkView>,
    pub made_by: String,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub version: i64,
}

/// A draft in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DraftCard)]
pub struct DraftCard {
    pub id: Id<Draft>,
    pub status: String,
    pub customer_name: String,
    pub title: String,
    pub units: i64,
    pub order: Option<Id<Order>>,
    pub made_by: String,
    pub updated_at: Moment,
}

/// What a draft comes to.
struct Reckoned {
    goods: Vec<ForSale>,
    /// How each price came about.
    chosen: Vec<Chosen>,
    quote: Quote,
    ways: Vec<Way>,
    method: Option<Id<Method>>,
    ships: bool,
}

/// Begins a draft.
pub fn create(app: &App, visitor: &Visitor, put: &Put) -> Result<DraftView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    let put = checked(put)?;
    let answer = app.once(visitor, "draft.create", |tx| {
        let id: Id<Draft> = tx.id();
        follows(tx, &put)?;
        let customer = customer(tx, visitor, &put)?;
        store::add(tx, id, actor, customer, &put)?;
        set_lines(tx, id, customer, &put, &visitor.locale)?;
        staff_act::record(tx, actor, "draft.create", ("draft", id.0), &told(&put)?)?;
        Ok((id, id.0))
    })?;
    get(app, visitor, answer.value)
}

/// Changes a draft that was not sent.
pub fn change(
    app: &App,
    visitor: &Visitor,
    id: Id<Draft>,
    put: &Put,
) -> Result<DraftView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    let put = checked(put)?;
    app.write_for(visitor, |tx| {
        let found = open(tx, id)?;
        if put.version.is_some_and(|seen| seen != found.version) {
            return Err(Failure::Stale);
        }
        follows(tx, &put)?;
        let customer = customer(tx, visitor, &put)?;
        store::change(tx, id, customer, &put)?;
        set_lines(tx, id, customer, &put, &visitor.locale)?;
        staff_act::record(tx, actor, "draft.change", ("draft", id.0), &told(&put)?)?;
        view(app, tx, id, &visitor.locale)
    })
}

/// Puts a draft away.
pub fn drop_it(app: &App, visitor: &Visitor, id: Id<Draft>) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    app.write_for(visitor, |tx| {
        open(tx, id)?;
        store::drop_it(tx, id)?;
        staff_act::record(tx, actor, "draft.drop", ("draft", id.0), "")
    })
}

fn told(put: &Put) -> Result<String, Failure> {
    let lines = serde_json::to_value(&put.lines)?;
    let what = json!({ "contact": put.contact, "lines": lines, "shipping": put.shipping });
    Ok(what.to_string())
}

fn checked(put: &Put) -> Result<Put, Failure> {
    let mut put = put.clone();
    put.contact = one_line(&put.contact);
    put.name = one_line(&put.name);
    put.note = put.note.trim().to_string();
    put.staff_note = put.staff_note.trim().to_string();
    if put.note.chars().count() > 500 || put.staff_note.chars().count() > 2_000 {
        return Err(domain::order::Refusal::NoteTooLong.into());
    }
    let fits = |line: &PutLine| (1..=9_999).contains(&line.quantity);
    if put.lines.len() > MOST_DRAFT_LINES || !put.lines.iter().all(fits) {
        return Err(Refusal::BadDraft.into());
    }
    for line in &mut put.lines {
        line.reason = one_line(&line.reason);
        let long = line.reason.chars().count() > 200;
        let unsaid = line.discount > 0 && line.reason.is_empty();
        if line.discount < 0 || long || unsaid {
            return Err(Refusal::BadDiscount.into());
        }
    }
    if put.shipping.is_some_and(|fee| !(0..=1_000_000_000).contains(&fee)) {
        return Err(Refusal::BadPrice.into());
    }
    Ok(put)
}

/// The order it is made for is there.
fn follows(tx: &mut Tx, put: &Put) -> Result<(), Failure> {
    let Some(order) = put.for_order else { return Ok(()) };
    let there = tx.maybe("select 1 from orders where id = $1", &[order.into()], |_| ())?;
    there.ok_or(Failure::NotFound)
}

/// Whoever buys it, made when they are new.
fn customer(tx: &mut Tx, visitor: &Visitor, put: &Put) -> Result<Option<Id<Person>>, Failure> {
    if put.contact.is_empty() {
        return Ok(None);
    }
    let contact = Contact::new(&put.contact)?;
    let name = Some(put.name.as_str()).filter(|name| !name.is_empty());
    let (known, _) = person::find_or_create(tx, &contact, name, &visitor.locale)?;
    Ok(Some(known.id))
}

fn open(tx: &mut Tx, id: Id<Draft>) -> Result<store::Found, Failure> {
    let lock = tx.lock();
    let found = store::find(tx, id, lock)?;
    if found.status == "open" { Ok(found) } else { Err(Refusal::DraftDone.into()) }
}

/// Writes the lines at what things cost now.
fn set_lines(
    tx: &mut Tx,
    id: Id<Draft>,
    customer: Option<Id<Person>>,
    put: &Put,
    locale: &str,
) -> Result<(), Failure> {
    let ids: Vec<Id<Variant>> = put.lines.iter().map(|line| line.variant).collect();
    let goods = variants_for_sale(tx, &ids, locale)?;
    let wanted: Vec<(Id<Variant>, i64)> =
        put.lines.iter().map(|line| (line.variant, line.quantity)).collect();
    let prices = prices_for(tx, customer, &goods, &wanted)?;
    store::clear_lines(tx, id)?;
    for (position, line) in put.lines.iter().enumerate() {
        let unit = prices[position].unit.minor;
        let full = unit.checked_mul(line.quantity);
        if full.is_none_or(|full| line.discount > full) {
            return Err(Refusal::BadDiscount.into());
        }
        store::add_line(tx, id, position as i64, line, unit)?;
    }
    Ok(())
}

/// What a customer pays now for one of each, by the lists that are theirs.
fn prices_for(
    tx: &mut Tx,
    customer: Option<Id<Person>>,
    goods: &[ForSale],
    lines: &[(Id<Variant>, i64)],
) -> Result<Vec<Chosen>, Failure> {
    let shopper = price_list::shopper(tx, customer, None)?;
    let wanted = lines.iter().map(|(variant, quantity)| {
        let goods = goods.iter().find(|goods| goods.variant == *variant);
        let goods = goods.ok_or(domain::catalog::Refusal::NotForSale)?;
        Ok(Wanted { variant: *variant, base: goods.price, quantity: *quantity })
    });
    let wanted = wanted.collect::<Result<Vec<Wanted>, Failure>>()?;
    let prices = price_list::prices(tx, &shopper, &wanted)?;
    let known = |price: Option<Chosen>| price.ok_or(domain::catalog::Refusal::NotForSale.into());
    prices.into_iter().map(known).collect()
}

/// What a draft comes to: its lines as they were written, the fee as the rates say or staff did.
fn reckon(
    tx: &mut Tx,
    found: &store::Found,
    lines: &[store::LineFound],
    locale: &str,
) -> Result<Reckoned, Failure> {
    let currency = shop::get(tx)?.currency;
    let ids: Vec<Id<Variant>> = lines.iter().map(|line| line.variant).collect();
    let known = variants_for_sale(tx, &ids, locale)?;
    let wanted: Vec<(Id<Variant>, i64)> =
        lines.iter().map(|line| (line.variant, line.quantity)).collect();
    let prices = prices_for(tx, found.person, &known, &wanted)?;
    let here = tax::at(tx, &found.address, false)?;
    let (mut goods, mut asked, mut chosen) = (Vec::new(), Vec::new(), Vec::new());
    for (line, price) in lines.iter().zip(prices) {
        let of = known.iter().find(|goods| goods.variant == line.variant).cloned();
        let of = of.ok_or(domain::catalog::Refusal::NotForSale)?;
        let unit = Money::new(line.unit, currency);
        asked.push(Asked {
            variant: line.variant,
            quantity: Quantity::new(line.quantity).ok_or(Refusal::BadDraft)?,
            unit,
            off: Money::new(line.discount, currency),
            tax: here.rate(of.tax),
        });
        // What was written holds, whatever a list says by now.
        chosen.push(match price.unit == unit {
            true => price,
            false => {
                let (ordinary, why) = (Some(of.price), Why::Agreed);
                Chosen { unit, ordinary, why, list: None, from: 1 }
            }
        });
        goods.push(of);
    }
    let carried = || goods.iter().zip(lines).filter(|(goods, _)| goods.ships);
    let pieces: i64 = carried().map(|(_, line)| line.quantity).sum();
    let grams = carried().map(|(goods, line)| goods.grams * line.quantity).sum();
    let subtotal: i64 = lines.iter().map(|line| line.quantity * line.unit - line.discount).sum();
    let load = Load { goods: Money::new(subtotal, currency), grams, pieces };
    let offered = delivery::offered(tx)?;
    let mut ways: Vec<(Id<Method>, Way)> = Vec::new();
    for way in offered.iter().filter(|way| way.kind == How::Delivery) {
        let rate = match found.address.country.is_empty() {
            true => way.rates.iter().find(|rate| rate.delivers),
            false => rate_at(&way.rates, &found.address).ok(),
        };
        let way_view = Way {
            code: way.code.clone(),
            name: way.name.clone(),
            name_en: way.name_en.clone(),
            fee: rate.map_or(Money::zero(currency), |rate| rate.fee(&load)),
            delivers: rate.is_some(),
            chosen: false,
        };
        ways.push((way.id, way_view));
    }
    let named = ways.iter().position(|(_, way)| way.code == found.shipping_method);
    let by_way = named.or_else(|| ways.iter().position(|(_, way)| way.delivers));
    let ships = pieces > 0;
    let by_way = by_way.filter(|_| ships);
    if let Some(n) = by_way {
        ways[n].1.chosen = true;
    }
    let by_rates = by_way.map_or(Money::zero(currency), |n| ways[n].1.fee);
    let fee = match found.shipping {
        Some(fee) if ships => Money::new(fee, currency),
        _ => by_rates,
    };
    let quote = quote(currency, &asked, here.taxing(), |_| fee);
    let method = by_way.map(|n| ways[n].0);
    let ways = ways.into_iter().map(|(_, way)| way).collect();
    Ok(Reckoned { goods, chosen, quote, ways, method, ships })
}

/// A draft.
pub fn get(app: &App, visitor: &Visitor, id: Id<Draft>) -> Result<DraftView, Failure> {
    visitor.staff_reader(Permission::Orders)?;
    app.read(|tx| view(app, tx, id, &visitor.locale))
}

fn view(app: &App, tx: &mut Tx, id: Id<Draft>, locale: &str) -> Result<DraftView, Failure> {
    let found = store::find(tx, id, "")?;
    let lines = store::lines(tx, id)?;
    let reckoned = reckon(tx, &found, &lines, locale)?;
    let quote = &reckoned.quote;
    let shown = reckoned.goods.into_iter().zip(&lines).zip(&quote.lines);
    let (placed, link) = match found.order {
        Some(id) => (Some(order::find(tx, id)?), pay_link::of(app, tx, id)?),
        None => (None, None),
    };
    let waits = placed.as_ref().filter(|order| order.status == Status::PendingPayment);
    let lines = shown.map(|((goods, line), priced)| LineView {
        variant: goods.variant,
        title: goods.title,
        variant_title: goods.variant_title,
        sku: goods.sku,
        picture: goods.picture,
        quantity: line.quantity,
        unit_price: priced.unit,
        discount: priced.discount,
        reason: line.reason.clone(),
        total: priced.total,
        on_sale: goods.on_sale,
    });
    Ok(DraftView {
        id,
        lines: lines.collect(),
        status: found.status,
        customer: found.person,
        customer_name: found.customer_name,
        customer_contact: found.customer_contact,
        address: found.address,
        ways: reckoned.ways,
        shipping_set: found.shipping.map(|fee| Money::new(fee, quote.total.currency)),
        subtotal: quote.subtotal,
        discount: quote.discount,
        shipping: quote.shipping,
        tax: quote.tax,
        tax_inside: quote.tax_inside,
        total: quote.total,
        note: found.note,
        staff_note: found.staff_note,
        for_order: found.for_order,
        order: found.order,
        due: waits.map(|order| order.due()),
        order_status: placed.as_ref().map(|order| order.status),
        link,
        made_by: found.made_by,
        created_at: found.created_at,
        updated_at: found.updated_at,
        version: found.version,
    })
}

/// Drafts, the last changed first: those that are open, or all.
pub fn list(
    app: &App,
    visitor: &Visitor,
    status: &str,
    before: Option<Id<Draft>>,
    limit: i64,
) -> Result<Vec<DraftCard>, Failure> {
    visitor.staff_reader(Permission::Orders)?;
    app.read(|tx| store::list(tx, status, before, limit))
}

/// The shop's currency, for who writes a draft.
pub fn currency(app: &App) -> Result<Currency, Failure> {
    Ok(app.read(shop::get)?.currency)
}
