//! Checkout: a quote for what somebody wants, and the order that takes it.

use std::collections::BTreeMap;

use describe::ToSchema;
use domain::bargain::Launch;
use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::coupon::Coupon;
use domain::group_buy::{GroupBuy, Team, may_join, may_open};
use domain::id::Id;
use domain::money::Money;
use domain::order::{Actor, Order, PAY_WINDOW, Refusal};
use domain::person::Person;
use domain::place::Address;
use domain::seller::Seller;
use domain::shipping::{How, PickupPoint};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::deal::{self, Deal};
use crate::failure::Failure;
use crate::inventory::{self, Reserved, Source};
use crate::order::{By, NewLine, NewOrder};
use crate::{
    App, Visitor, address, bargain, cart, coupon, delivery, flash_sale, group_buy, order, payment,
    pickup, share, team,
};

mod gift;
mod offers;
mod points;
mod priced;
mod quoted;
mod store;
mod way;
mod wish;

use offers::Choice;
use priced::{Gathered, Wanted, gather};
use quoted::show;
pub use quoted::{CouponChoice, MethodView, QuoteLine, QuoteStep, QuoteView};
use way::Going;

/// What is bought: the cart, or one variant together with others.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// Everything buyable in the visitor's cart, which must be of one seller.
    Cart,
    /// What in the visitor's cart is this seller's; what is the shop's own without one.
    CartOf {
        #[serde(default)]
        seller: Option<Id<Seller>>,
    },
    /// One variant at its ordinary price, without the cart.
    Now { variant: Id<Variant>, quantity: i64 },
    /// Opens a team.
    OpenTeam { group_buy: Id<GroupBuy>, variant: Id<Variant>, quantity: i64 },
    /// Takes a place in a team.
    JoinTeam { team: Id<Team>, variant: Id<Variant>, quantity: i64 },
    /// A variant of a flash sale, at its price there.
    FlashSale { campaign: Id<Campaign>, variant: Id<Variant>, quantity: i64 },
    /// What a bargain is for, at the price it came down to.
    Bargain { bargain: Id<Launch> },
}

impl What {
    /// Whether it takes something of this seller's out of the cart.
    fn takes(&self, seller: Option<Id<Seller>>) -> bool {
        match self {
            What::CartOf { seller: only } => *only == seller,
            _ => true,
        }
    }
}

pub use wish::{Placing, Wish, place, place_aside};

/// A question what something would cost.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Ask {
    pub what: What,
    /// The code of the way to ship; the first one when empty.
    #[serde(default)]
    pub shipping_method: String,
    /// Where it would go, as far as that is known; the visitor's usual address when left out.
    #[serde(default)]
    pub to: Option<Destination>,
    /// The coupons to use; those that save most when left out, none when empty.
    #[serde(default)]
    pub coupons: Option<Vec<Id<Coupon>>>,
    /// How many points to spend.
    #[serde(default)]
    pub points: i64,
    /// Bought as a gift: it goes wherever whoever takes it says, for a fee that is the same.
    #[serde(default)]
    pub gift: bool,
}

impl Ask {
    /// What `what` would cost by the first way to ship, with nothing else said.
    pub fn of(what: What) -> Ask {
        Ask {
            what,
            shipping_method: String::new(),
            to: None,
            coupons: None,
            points: 0,
            gift: false,
        }
    }
}

/// What a fee depends on of an address.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Destination {
    /// ISO 3166-1 alpha-2, such as `CN`.
    #[serde(default)]
    pub country: String,
    #[serde(default)]
    pub region: String,
    #[serde(default)]
    pub city: String,
    #[serde(default)]
    pub district: String,
    #[serde(default)]
    pub postcode: String,
}

/// An order to be placed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Place {
    pub what: What,
    #[serde(default)]
    pub shipping_method: String,
    /// Where it goes. For what is fetched, the name and phone of who fetches it are enough; for a
    /// `gift` whoever takes it says so.
    #[serde(default)]
    pub address: Address,
    /// Where it is fetched, when that is the way to ship.
    #[serde(default)]
    pub pickup_point: Option<Id<PickupPoint>>,
    #[serde(default)]
    pub note: String,
    /// What a gift's card says; left out for what is no gift. Its parcel tells no prices.
    #[serde(default)]
    pub gift_message: Option<String>,
    /// The coupons to use, each of which must fit; those that save most when left out.
    #[serde(default)]
    pub coupons: Option<Vec<Id<Coupon>>>,
    /// How many points to spend.
    #[serde(default)]
    pub points: i64,
    /// The total the buyer saw; another one is refused and shown anew.
    #[serde(default)]
    pub expected_total: Option<i64>,
    /// Bought as a gift: whoever takes it with its link says where it goes.
    #[serde(default)]
    pub gift: Option<domain::gift::Wish>,
}

impl Place {
    /// An order of `what` by the first way to ship, with nothing else said.
    pub fn of(what: What) -> Place {
        Place {
            what,
            shipping_method: String::new(),
            address: Address::default(),
            pickup_point: None,
            note: String::new(),
            gift_message: None,
            coupons: None,
            points: 0,
            expected_total: None,
            gift: None,
        }
    }
}

/// An order that was placed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Placed {
    pub order: Id<Order>,
    pub team: Option<Id<Team>>,
    pub total: Money,
    pub pay_by: domain::moment::Moment,
    /// Whether there is anything to pay.
    pub to_pay: bool,
}

/// What something would cost. Needs no account.
pub fn ask(app: &App, visitor: &Visitor, ask: Ask) -> Result<QuoteView, Failure> {
    let cart = match ask.what {
        What::Cart | What::CartOf { .. } => cart::view(app, visitor)?.lines,
        _ => Vec::new(),
    };
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        let in_cart = cart.iter().filter(|line| line.buyable && ask.what.takes(line.seller));
        let in_cart = in_cart.map(|line| (line.variant, line.quantity)).collect();
        let deal = deal_of(tx, visitor, &ask.what, false)?;
        let lines = wanted_lines(&ask.what, deal.as_ref(), in_cart);
        let last_address = match person {
            Some(person) => address::first(tx, person)?,
            None => None,
        };
        let to = match &ask.to {
            Some(to) => Address {
                country: to.country.trim().to_uppercase(),
                region: to.region.clone(),
                city: to.city.clone(),
                district: to.district.clone(),
                postcode: to.postcode.clone(),
                ..Address::default()
            },
            None => last_address.clone().unwrap_or_default(),
        };
        gift::check(tx, &ask.what, ask.gift)?;
        let method = &ask.shipping_method;
        let going = Going { method, address: &to, placing: false, gift: ask.gift };
        let choice = Choice { coupons: ask.coupons.as_deref(), points: ask.points };
        let gathered = gather(tx, (&ask.what, deal), &lines, &going, (visitor, choice))?;
        if let (Some(offer), Some(person)) = (&gathered.offer, person) {
            deal::may_join(tx, offer, visitor, person)?;
        }
        let fetched = gathered.methods.iter().any(|method| method.kind == How::Pickup);
        let points = if fetched { delivery::points_offered(tx)?.to_vec() } else { Vec::new() };
        let seller = match gathered.seller {
            Some(seller) => Some(crate::seller::find(tx, seller)?),
            None => None,
        };
        gift::tell(tx, &ask.what, show(gathered, last_address, points, seller))
    })
}

type Line = (Id<Variant>, i64);

/// The variants and quantities that are bought; `cart` is what the cart holds.
fn wanted_lines(what: &What, deal: Option<&Deal>, cart: Vec<Line>) -> Vec<Line> {
    match what {
        What::Cart | What::CartOf { .. } => cart,
        What::Now { variant, quantity }
        | What::OpenTeam { variant, quantity, .. }
        | What::JoinTeam { variant, quantity, .. }
        | What::FlashSale { variant, quantity, .. } => vec![(*variant, *quantity)],
        What::Bargain { .. } => {
            deal.map(|deal| (deal.variant, deal.quantity)).into_iter().collect()
        }
    }
}

/// What a campaign sells here, when it is one that sells.
fn deal_of(
    tx: &mut Tx,
    visitor: &Visitor,
    what: &What,
    placing: bool,
) -> Result<Option<Deal>, Failure> {
    let deal = match what {
        What::FlashSale { campaign, variant, quantity } => {
            flash_sale::offer(tx, visitor, *campaign, (*variant, *quantity), placing)?
        }
        What::Bargain { bargain } => bargain::offer(tx, visitor, *bargain, placing)?,
        _ => return Ok(None),
    };
    // Who only asks hears what stands in their way before they fill anything in.
    if let (Some(person), false) = (&visitor.person, placing) {
        deal::may_take(tx, &deal, visitor, person.id)?;
    }
    Ok(Some(deal))
}

/// Whether staff let somebody order.
pub(crate) fn may_order(tx: &mut Tx, person: Id<Person>) -> Result<bool, Failure> {
    // Few are kept from it: all of them are read once for everybody who orders together.
    let kept = tx.read_once("kept from ordering".into(), store::kept_from_ordering)?;
    Ok(!kept.contains(&person))
}

fn place_in(
    tx: &mut Tx,
    visitor: &Visitor,
    person: Id<Person>,
    place: &Place,
    address: &Address,
) -> Result<Placed, Failure> {
    if !may_order(tx, person)? {
        return Err(domain::customer::Refusal::OrderingBlocked.into());
    }
    // The team is locked before anything else is.
    let mut joined = match &place.what {
        What::JoinTeam { team, .. } => Some(team::find_to_change(tx, *team)?),
        _ => None,
    };
    let in_cart = match place.what {
        What::Cart | What::CartOf { .. } => {
            cart::of_person(tx, person, visitor, |seller| place.what.takes(seller))?
        }
        _ => Vec::new(),
    };
    let deal = deal_of(tx, visitor, &place.what, true)?;
    let lines = wanted_lines(&place.what, deal.as_ref(), in_cart);
    gift::check(tx, &place.what, place.gift.is_some())?;
    let (method, is_gift) = (&place.shipping_method, place.gift.is_some());
    let going = Going { method, address, placing: true, gift: is_gift };
    let choice = Choice { coupons: place.coupons.as_deref(), points: place.points };
    let gathered = gather(tx, (&place.what, deal), &lines, &going, (visitor, choice))?;
    // What people hold is used at once, by a statement that may find it gone.
    let spends = !gathered.outcome.used.is_empty() || gathered.outcome.points > 0;
    if (spends || is_gift) && tx.gathers() {
        return Err(tx.alone());
    }
    let how = gathered.method.map(|(_, how)| how).filter(|_| gathered.ships);
    let point = way::fetched_at(tx, how, place.pickup_point)?;
    let total = gathered.quote.total;
    if place.expected_total.is_some_and(|seen| seen != total.minor) {
        return Err(Refusal::PriceChanged.into());
    }
    let id: Id<Order> = tx.id();
    let mut pay_by = tx.now.plus(PAY_WINDOW);
    if let Some(deal) = &gathered.deal {
        pay_by = deal.pay_by;
    }
    if let Some(offer) = &gathered.offer {
        pay_by = tx.now.plus(offer.terms.pay_window);
        let count = lines.iter().map(|(_, count)| count).sum();
        let applicant = team::applicant(tx, offer.id, person, count)?;
        match &mut joined {
            Some(found) => {
                may_join(&offer.offer(), &found.team, &applicant, tx.now)?;
                // Nobody pays for a place in a team that is decided.
                pay_by = found.team.deadline.map_or(pay_by, |deadline| pay_by.min(deadline));
            }
            None => {
                may_open(&offer.offer(), &applicant, tx.now)?;
                let team = team::form(tx, offer, person)?;
                joined = Some(team::find_to_change(tx, team)?);
            }
        }
    }
    let team_id = joined.as_ref().map(|found| found.team.id);
    add_order(tx, visitor, person, place, address, &gathered, (id, team_id, pay_by))?;
    gift::promise(tx, place, id, person, gathered.ships)?;
    coupon::use_for(tx, person, id, &gathered.outcome.used)?;
    if let Some(found) = &mut joined {
        let count = lines.iter().map(|(_, count)| count).sum();
        team::hold_place(tx, found, id, person, count)?;
    }
    if let Some(point) = point {
        pickup::promise(tx, id, point)?;
    }
    promise(tx, &gathered, visitor, (person, id, address), pay_by)?;
    if let Some(bargain) = gathered.deal.as_ref().and_then(|deal| deal.bargain) {
        bargain::ordered(tx, bargain, id)?;
    }
    // The books come after stock, for everybody.
    if gathered.outcome.points > 0 {
        points::spend(tx, person, id, gathered.outcome.points)?;
    }
    if matches!(place.what, What::Cart | What::CartOf { .. }) {
        let variants: Vec<Id<Variant>> = lines.iter().map(|(variant, _)| *variant).collect();
        cart::take_out(tx, person, &variants)?;
    }
    if gathered.ships && point.is_none() && !is_gift {
        address::keep(tx, person, address)?;
    }
    if total.is_zero() {
        let mut order = order::find_to_change(tx, id)?;
        payment::settle_free(tx, joined.as_mut(), &mut order)?;
    } else {
        tx.ask("order.close", id.0, pay_by)?;
    }
    Ok(Placed { order: id, team: team_id, total, pay_by, to_pay: !total.is_zero() })
}

fn add_order(
    tx: &mut Tx,
    visitor: &Visitor,
    person: Id<Person>,
    place: &Place,
    address: &Address,
    gathered: &Gathered,
    (id, team, pay_by): (Id<Order>, Option<Id<Team>>, domain::moment::Moment),
) -> Result<(), Failure> {
    let lines: Vec<NewLine> = gathered
        .wanted
        .iter()
        .enumerate()
        .map(|(at, one)| NewLine {
            product: one.goods.product,
            title: one.goods.title.clone(),
            variant_title: one.goods.variant_title.clone(),
            sku: one.goods.sku.clone(),
            picture: one.goods.picture.clone(),
            ships: one.goods.ships,
            chosen: one.chosen,
            gift: one.gift,
            off: gathered.outcome.shares.get(at).cloned().unwrap_or_default(),
        })
        .collect();
    let visit = share::last_visit(tx, visitor.session, Some(person))?;
    let seller = crate::seller::of_goods(tx, gathered.wanted.iter().map(|one| one.goods.seller))?;
    let new = NewOrder {
        id,
        person,
        quote: &gathered.quote,
        lines: &lines,
        steps: &gathered.outcome.steps,
        group_buy: gathered.offer.as_ref().map(|offer| offer.id),
        team,
        address,
        shipping_method: gathered.method.map(|(id, _)| id).filter(|_| gathered.ships),
        note: place.note.trim(),
        gift_message: gift::card(place),
        visit,
        pay_by,
        by: By { actor: Actor::Shopper, person: Some(person), reason: "placed" },
        seller,
    };
    order::add(tx, &new)
}

/// Promises the units, in the fixed order of variants.
fn promise(
    tx: &mut Tx,
    gathered: &Gathered,
    visitor: &Visitor,
    (person, id, to): (Id<Person>, Id<Order>, &Address),
    pay_by: domain::moment::Moment,
) -> Result<(), Failure> {
    // One promise a variant: what is bought and what comes along may be the same.
    let mut wanted: BTreeMap<Id<Variant>, (i64, &Wanted)> = BTreeMap::new();
    for one in &gathered.wanted {
        wanted.entry(one.goods.variant).or_insert((0, one)).0 += one.quantity.count();
    }
    for (variant, (quantity, one)) in wanted {
        let source = match (&gathered.offer, &gathered.deal) {
            (Some(offer), _) => {
                let bought = (variant, quantity, one.chosen.unit);
                deal::join(tx, offer, visitor, (person, id, to), bought)?;
                group_buy::take(tx, offer, person, variant, quantity)?
            }
            (_, Some(deal)) if deal.variant == variant => {
                deal::take(tx, deal, visitor, (person, id, to), quantity)?
            }
            _ if one.goods.counted => Source::Available,
            _ => Source::Made,
        };
        let reserved = Reserved { variant, quantity, source };
        inventory::reserve(tx, id, &reserved, pay_by).map_err(|failure| match failure {
            Failure::Refused(mut refused) if refused.code == "inventory.only_left" => {
                refused.args = json!({
                    "left": refused.args["left"],
                    "title": one.goods.title,
                });
                Failure::Refused(refused)
            }
            other => other,
        })?;
    }
    Ok(())
}
