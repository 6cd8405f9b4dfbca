//! The points shop: coupons and goods for points.
//!
//! An exchange is one transaction: counters say how many somebody has had and how many are left,
//! then the coupon is theirs or the order is placed, and the points go last, for the books come
//! after everything else. Goods become an ordinary order whose price the points have taken off, so
//! that whatever gives its money back gives its points back too (`order_points`).

use describe::ToSchema;
use domain::campaign::{Campaign, Mechanic};
use domain::coupon::Coupon;
use domain::event::Fact;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::{Order, Status};
use domain::person::{Permission, Person};
use domain::place::Address;
use domain::points_shop::{self as rules, Exchange, Gives, Offered, Refusal, Terms, Wanted};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::campaign::{self, Found};
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::point::{self, What};
use crate::{App, Visitor, coupon, level, order, shop};

mod named;
mod placed;
mod store;

pub use named::{Line, named, said};

/// The job that follows an order: what it was exchanged for counts as long as it stands.
pub const ORDER: &str = "points_shop.order";

/// Something to be had, as somebody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PointsShopItem)]
pub struct ItemView {
    pub campaign: Id<Campaign>,
    /// Its place in the campaign's list.
    pub item: i64,
    pub gives: Gives,
    /// In the shop's language and in English.
    pub name: String,
    pub name_en: String,
    /// Where its picture is shown from; empty without one.
    pub picture: String,
    /// The page of the goods; empty for a coupon.
    pub handle: String,
    /// What the goods cost alone, or (for a coupon of a fixed amount) what it takes off.
    pub worth: Option<Money>,
    pub points: i64,
    /// To be paid besides.
    pub money: Option<Money>,
    /// How many are left; none where there is no end.
    pub left: Option<i64>,
    pub has: i64,
    pub per_person: i64,
    pub from_rank: i64,
    /// Whether it is on now, and the visitor could have one; if not, why.
    pub can: bool,
    pub why: Option<String>,
    pub ends_at: Moment,
}

/// The points shop as somebody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PointsShop)]
pub struct ShopView {
    /// What the visitor can spend.
    pub points: i64,
    pub items: Vec<ItemView>,
}

/// Something to be had for points.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NewExchange)]
pub struct Ask {
    pub campaign: Id<Campaign>,
    pub item: i64,
    /// One, where it is left out; of coupons one at a time.
    #[serde(default = "one")]
    pub quantity: i64,
    /// Where goods go.
    #[serde(default)]
    pub address: Option<Address>,
    /// What it was seen to cost: at another price nothing is exchanged.
    #[serde(default)]
    pub expected_points: Option<i64>,
}

fn one() -> i64 {
    1
}

/// Something somebody had for points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PointsExchange)]
pub struct ExchangeView {
    pub id: Id<Exchange>,
    pub campaign: Id<Campaign>,
    pub item: i64,
    /// In the shop's language and in English.
    pub name: String,
    pub name_en: String,
    pub quantity: i64,
    pub points: i64,
    pub money: Money,
    pub coupon: Option<Id<Coupon>>,
    pub order: Option<Id<Order>>,
    /// How far the order is.
    pub order_status: Option<Status>,
    /// Its order closed unpaid: it counts no more, and its points came back.
    pub undone: bool,
    /// Whether money is still to be paid.
    pub to_pay: bool,
    pub at: Moment,
}

/// How an item of a campaign goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PointsItemDesk)]
pub struct DeskItem {
    pub item: i64,
    pub name: String,
    pub points: i64,
    pub stock: Option<i64>,
    pub left: Option<i64>,
    /// How many were exchanged, by how many people, for how many points.
    pub exchanged: i64,
    pub people: i64,
    pub spent: i64,
}

fn terms(found: &Found) -> Result<&Terms, Failure> {
    match &found.terms {
        campaign::Terms::PointsShop(terms) => Ok(terms),
        _ => Err(Failure::NotFound),
    }
}

fn offered(found: &Found, item: i64) -> Result<Offered, Failure> {
    let items = &terms(found)?.items;
    let place = usize::try_from(item).map_err(|_| Failure::NotFound)?;
    items.get(place).copied().ok_or(Failure::NotFound)
}

/// A campaign is launched: its coupons that have an end are counted from here on. Goods are set
/// aside by the frame.
pub(crate) fn launched(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    let found = campaign::find(tx, id)?;
    let Ok(terms) = terms(&found) else { return Ok(()) };
    store::forget(tx, id)?;
    for (item, one) in (0_i64..).zip(&terms.items) {
        let Gives::Coupon { template } = one.gives else { continue };
        if !coupon::is_there(tx, template)? {
            return Err(campaign::bad_terms("coupon"));
        }
        if let Some(stock) = one.stock {
            store::add_item(tx, (id, item), stock)?;
        }
    }
    Ok(())
}

/// What is to be had, of every campaign that is on for the visitor.
pub fn show(app: &App, visitor: &Visitor) -> Result<ShopView, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        let points = match person {
            Some(person) => point::view(tx, person)?.available,
            None => 0,
        };
        let rank = match person {
            Some(person) => level::rank_of(tx, person)?,
            None => 0,
        };
        let mut items = Vec::new();
        for found in campaign::open(tx, Mechanic::PointsShop)? {
            if !campaign::sees(&found, person) {
                continue;
            }
            for (item, one) in (0_i64..).zip(&terms(&found)?.items) {
                let who = (person, rank, points);
                items.extend(view(tx, (&found, item), one, who, &visitor.locale)?);
            }
        }
        Ok(ShopView { points, items })
    })
}

/// One of them.
pub fn get(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    item: i64,
) -> Result<(ItemView, i64), Failure> {
    let shop = show(app, visitor)?;
    let found = shop.items.into_iter().find(|one| one.campaign == id && one.item == item);
    Ok((found.ok_or(Failure::NotFound)?, shop.points))
}

fn view(
    tx: &mut Tx,
    (found, item): (&Found, i64),
    one: &Offered,
    (person, rank, points): (Option<Id<Person>>, usize, i64),
    locale: &str,
) -> Result<Option<ItemView>, Failure> {
    let Some(named) = named::of(tx, &one.gives, locale)? else { return Ok(None) };
    let own = shop::get(tx)?.currency;
    let left = store::left(tx, (found.id(), item), &one.gives)?;
    let has = match person {
        Some(person) => store::has(tx, (found.id(), item), person)?,
        None => 0,
    };
    let wanted = Wanted { quantity: 1, has, rank, points, left: left.unwrap_or(i64::MAX) };
    let judged = match person {
        Some(_) => rules::exchange(&one.item(own), &wanted).map(|_| ()),
        // A guest is shown the way in, where there is anything left.
        None if left == Some(0) => Err(Refusal::SoldOut(0)),
        None => Ok(()),
    };
    let why = judged.err().map(|refusal| match Failure::from(refusal) {
        Failure::Refused(refused) => refused.code.to_string(),
        _ => String::new(),
    });
    Ok(Some(ItemView {
        campaign: found.id(),
        item,
        gives: one.gives,
        name: named.name,
        name_en: named.name_en,
        picture: named.picture,
        handle: named.handle,
        worth: named.worth,
        points: one.points,
        money: one.item(own).money,
        left,
        has,
        per_person: one.per_person,
        from_rank: one.from_rank as i64,
        can: why.is_none(),
        why,
        ends_at: found.campaign.ends_at,
    }))
}

/// Exchanges points for something.
pub fn exchange(app: &App, visitor: &Visitor, ask: Ask) -> Result<Answer<ExchangeView>, Failure> {
    let person = visitor.shopper()?;
    let address = ask.address.clone().map(Address::checked).transpose()?;
    app.once(visitor, "points_exchange", |tx| {
        let found = campaign::find(tx, ask.campaign)?;
        let one = offered(&found, ask.item)?;
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        let id: Id<Exchange> = tx.id();
        let points = take(tx, (&found, ask.item), &one, (visitor, person), ask.quantity)?;
        if ask.expected_points.is_some_and(|seen| seen != points) {
            return Err(domain::order::Refusal::PriceChanged.into());
        }
        let mut new = store::New {
            id,
            of: (ask.campaign, ask.item),
            person,
            quantity: ask.quantity,
            points,
            money: 0,
            coupon: None,
            order: None,
        };
        match one.gives {
            Gives::Coupon { template } => {
                new.coupon = Some(coupon::give_for_points(tx, template, person)?);
                store::add(tx, &new)?;
                let what = What::of("spent", ("points_exchange", id.0));
                planted!("points_shop_for_nothing", {
                    return Ok((store::one(tx, id)?, id.0));
                });
                point::pay(tx, person, points, &what)?;
            }
            Gives::Goods { variant } => {
                let money = one.money.unwrap_or(0);
                let wanted = placed::Goods { variant, quantity: ask.quantity, money };
                let order = placed::place(tx, visitor, person, &wanted, address.as_ref())?;
                new.money = money * ask.quantity;
                new.order = Some((order, variant));
                store::add(tx, &new)?;
                placed::pay(tx, person, order, points)?;
            }
        }
        tx.shows();
        Ok((store::one(tx, id)?, id.0))
    })
}

/// Takes what is wanted of an item: the rule gives the good answer, the counters the safe one.
fn take(
    tx: &mut Tx,
    (found, item): (&Found, i64),
    one: &Offered,
    (visitor, person): (&Visitor, Id<Person>),
    quantity: i64,
) -> Result<i64, Failure> {
    let of = (found.id(), item);
    let is_coupon = matches!(one.gives, Gives::Coupon { .. });
    if is_coupon && quantity != 1 {
        return Err(Refusal::BadQuantity.into());
    }
    let left = store::left(tx, of, &one.gives)?;
    let wanted = Wanted {
        quantity,
        has: store::has(tx, of, person)?,
        rank: level::rank_of(tx, person)?,
        points: point::view(tx, person)?.available,
        left: left.unwrap_or(i64::MAX),
    };
    // What the whole campaign says comes first: who it is for, and when it is on.
    campaign::enter(tx, found, visitor, person)?;
    let own = shop::get(tx)?.currency;
    let (points, _) = rules::exchange(&one.item(own), &wanted)?;
    if !store::count_up(tx, of, person, (quantity, one.per_person))? {
        return Err(Refusal::EnoughForPerson(one.per_person).into());
    }
    if left.is_some() && !store::take(tx, of, &one.gives, quantity)? {
        return Err(Refusal::SoldOut(0).into());
    }
    Ok(points)
}

/// An order closed unpaid, or revived: a job sees to what it was exchanged for.
pub(crate) fn follow(tx: &mut Tx, fact: &Fact) -> Result<(), Failure> {
    let id = match fact {
        Fact::OrderMoved { order, to: Status::Cancelled, .. }
        | Fact::OrderMoved { order, from: Some(Status::Cancelled), .. } => *order,
        _ => return Ok(()),
    };
    if store::of_order(tx, id)?.is_some() { tx.ask(ORDER, id.0, tx.now) } else { Ok(()) }
}

/// Job: brings an exchange in line with its order. What was not paid for counts for nobody, and
/// its units are the campaign's again where it is still on and they are still there.
pub fn order_moved(app: &App, id: Id<Order>) -> Result<(), Failure> {
    app.write(|tx| {
        let order = order::find_to_change(tx, id)?;
        let Some(kept) = store::of_order(tx, id)? else { return Ok(()) };
        let gone = matches!(order.status, Status::Cancelled | Status::LatePaid);
        if gone && kept.stands && store::set_state(tx, kept.id, false)? {
            store::count_down(tx, &kept)?;
            planted!("points_shop_keeps_after_its_end", {
                return placed::set_aside_again(tx, &kept);
            });
            // One that is over gave back what it had: nothing is set aside for it any more.
            if campaign::is_on(tx, kept.of.0)? {
                planted!("points_shop_unit_lost", return Ok(()));
                placed::set_aside_again(tx, &kept)?;
            }
        } else if !gone && !kept.stands && store::set_state(tx, kept.id, true)? {
            store::count_again(tx, &kept)?;
        }
        tx.shows();
        Ok(())
    })
}

/// What the visitor had, the latest first.
pub fn mine(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<Exchange>>,
    limit: i64,
) -> Result<Vec<ExchangeView>, Failure> {
    let person = visitor.reader()?;
    let before = before.map_or(i64::MAX, |id| id.0);
    app.read(|tx| store::of_person(tx, person, (before, limit)))
}

/// How a campaign's items go, for staff.
pub fn desk(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<Vec<DeskItem>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        let mut items = Vec::new();
        for (item, one) in (0_i64..).zip(&terms(&found)?.items) {
            let named = named::of(tx, &one.gives, &visitor.locale)?;
            let (exchanged, people, spent) = store::figures(tx, (id, item))?;
            items.push(DeskItem {
                item,
                name: named.map_or(String::new(), |named| named.name),
                points: one.points,
                stock: one.stock,
                left: store::left(tx, (id, item), &one.gives)?,
                exchanged,
                people,
                spent,
            });
        }
        Ok(items)
    })
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::SoldOut(left) => {
                Failure::with("points_shop.sold_out", json!({ "left": left }))
            }
            Refusal::EnoughForPerson(most) => {
                Failure::with("points_shop.enough", json!({ "most": most }))
            }
            Refusal::LevelTooLow => Failure::refused("points_shop.level_too_low"),
            Refusal::PointsMissing(missing) => {
                Failure::with("points_shop.points_missing", json!({ "missing": missing }))
            }
            Refusal::BadQuantity => Failure::field("points_shop.bad_quantity", "quantity"),
        }
    }
}
