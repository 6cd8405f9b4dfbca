//! A gift as its giver, its taker, whoever has its link and staff see it: never with a price.

use describe::ToSchema;
use domain::gift::{Gift, State};
use domain::id::Id;
use domain::moment::Moment;
use domain::order::{Order, Status};
use domain::person::Person;
use domain::place::Address;
use serde::{Deserialize, Serialize};

use super::{Found, knows, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, order};

/// From which side somebody looks at a gift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = GiftSide)]
pub enum Side {
    Giver,
    Taker,
    /// Whoever has its link.
    Guest,
}

/// What is in a gift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GiftGoods {
    pub title: String,
    pub variant_title: String,
    pub picture: String,
    pub quantity: i64,
}

/// A parcel of a gift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GiftParcel {
    pub carrier: String,
    pub tracking: String,
    pub shipped_at: Moment,
    pub delivered_at: Option<Moment>,
}

/// A gift. No price is in it, whoever looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Gift)]
pub struct GiftView {
    pub id: Id<Gift>,
    /// waiting, open, taken, returned.
    pub state: String,
    pub side: Side,
    /// What its card says.
    pub card: String,
    /// Who gives it.
    pub giver: String,
    pub goods: Vec<GiftGoods>,
    /// Until when it can be taken; none before it is paid.
    pub deadline: Option<Moment>,
    pub may_take: bool,
    pub may_take_back: bool,
    /// The order and the link: its giver's alone.
    pub order: Option<Id<Order>>,
    pub link: Option<String>,
    /// Who took it, and when: for its giver and whoever that is.
    pub taker: Option<String>,
    pub taken_at: Option<Moment>,
    /// Where it goes: its taker's alone.
    pub address: Option<Address>,
    /// How far it has come; nothing of it for guests.
    pub status: Option<Status>,
    pub parcels: Vec<GiftParcel>,
    pub server_time: Moment,
}

/// A gift in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GiftCard {
    pub id: Id<Gift>,
    pub state: String,
    pub title: String,
    pub picture: String,
    /// Who took it, or who gave it.
    pub with: String,
    pub status: Status,
    pub created_at: Moment,
}

/// Somebody's gifts, the newest first, at most a hundred of each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MyGifts {
    pub given: Vec<GiftCard>,
    pub received: Vec<GiftCard>,
}

/// A gift as staff see it with its order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderGift)]
pub struct DeskView {
    pub id: Id<Gift>,
    /// waiting, open, taken, returned.
    pub state: String,
    pub deadline: Option<Moment>,
    pub taker: Option<Id<Person>>,
    pub taker_name: String,
    pub taken_at: Option<Moment>,
}

/// A gift, for its giver, for who took it, and for whoever has its link. For anybody else there is
/// none.
pub fn get(app: &App, visitor: &Visitor, id: Id<Gift>, secret: &str) -> Result<GiftView, Failure> {
    let person = visitor.reader().ok();
    app.read(|tx| {
        let found = store::find(tx, id)?;
        let taker = taker(&found);
        let theirs = person.is_some_and(|one| one == found.gift.giver || Some(one) == taker);
        // Before it is paid there is nothing to be shown.
        let shown = found.gift.state != State::Waiting && knows(&found, secret);
        if !theirs && !shown {
            return Err(Failure::NotFound);
        }
        of(app, tx, &found, person)
    })
}

fn taker(found: &Found) -> Option<Id<Person>> {
    match found.gift.state {
        State::Taken { by } => Some(by),
        _ => None,
    }
}

fn deadline(found: &Found) -> Option<Moment> {
    (found.gift.state != State::Waiting).then_some(found.gift.deadline)
}

/// The gift as it is now, for somebody who has a part in it.
pub(super) fn now(
    app: &App,
    tx: &mut Tx,
    id: Id<Gift>,
    person: Id<Person>,
) -> Result<GiftView, Failure> {
    let found = store::find(tx, id)?;
    of(app, tx, &found, Some(person))
}

fn of(
    app: &App,
    tx: &mut Tx,
    found: &Found,
    person: Option<Id<Person>>,
) -> Result<GiftView, Failure> {
    let (gift, taker) = (&found.gift, taker(found));
    let side = match person {
        Some(person) if person == gift.giver => Side::Giver,
        Some(person) if Some(person) == taker => Side::Taker,
        _ => Side::Guest,
    };
    let order = order::find(tx, gift.order)?;
    let open = gift.state == State::Open;
    let inside = side != Side::Guest;
    let link = format!("{}/gifts/{}?k={}", app.config.base_url, gift.id, found.secret);
    Ok(GiftView {
        id: gift.id,
        state: gift.state.code().to_string(),
        side,
        card: found.card.clone(),
        giver: store::name(tx, gift.giver)?,
        goods: store::goods(tx, gift.order)?,
        deadline: deadline(found),
        may_take: open && side == Side::Guest && tx.now < gift.deadline,
        may_take_back: open && side == Side::Giver,
        order: (side == Side::Giver).then_some(gift.order),
        link: (open && side == Side::Giver).then_some(link),
        taker: match taker.filter(|_| inside) {
            Some(taker) => Some(store::name(tx, taker)?),
            None => None,
        },
        taken_at: found.taken_at.filter(|_| inside),
        address: match side {
            Side::Taker => Some(store::address(tx, gift.order)?),
            _ => None,
        },
        status: inside.then_some(order.status),
        parcels: if inside { store::parcels(tx, gift.order)? } else { Vec::new() },
        server_time: tx.now,
    })
}

/// The visitor's gifts: those they gave and those they took.
pub fn mine(app: &App, visitor: &Visitor) -> Result<MyGifts, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        Ok(MyGifts {
            given: store::mine(tx, person, true)?,
            received: store::mine(tx, person, false)?,
        })
    })
}

/// The gift an order is, for staff; none for what is no gift.
pub(crate) fn desk(tx: &mut Tx, order: Id<Order>) -> Result<Option<DeskView>, Failure> {
    if !order::find(tx, order)?.gift {
        return Ok(None);
    }
    let found = store::of_order(tx, order)?;
    let taker = taker(&found);
    Ok(Some(DeskView {
        id: found.gift.id,
        state: found.gift.state.code().to_string(),
        deadline: deadline(&found),
        taker,
        taker_name: match taker {
            Some(taker) => store::name(tx, taker)?,
            None => String::new(),
        },
        taken_at: found.taken_at,
    }))
}
