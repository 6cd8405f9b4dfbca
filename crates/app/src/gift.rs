//! Buying as a gift: an order that is paid waits for whoever comes first with its link and says
//! where it goes. Nobody came in time, or the giver thought again: the money goes back.
//!
//! Whoever takes it never sees what it cost, and whoever gave it never sees where it went.

use describe::ToSchema;
use domain::gift::{self as rules, Gift, Refusal, State, Wish};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{Actor, Order, Status};
use domain::person::Person;
use domain::place::Address;
use domain::shipping::rate_at;
use serde::{Deserialize, Serialize};
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::order::{self, By};
use crate::{App, Visitor, address, delivery, dice, notice, refund};

mod store;
mod view;

pub(crate) use view::desk;
pub use view::{DeskView, GiftCard, GiftGoods, GiftParcel, GiftView, MyGifts, Side, get, mine};

/// The job that gives a gift's money back when nobody took it in time.
pub const CLOSE: &str = "gift.close";
/// How long the secret of a link is: 120 bits.
const SECRET: usize = 24;

/// A gift as its row says.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    gift: Gift,
    card: String,
    life: Span,
    secret: String,
    taken_at: Option<Moment>,
}

/// Whoever takes a gift says where it goes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = TakeGift)]
pub struct Take {
    /// What the gift's link ends in.
    pub secret: String,
    pub address: Address,
}

/// An order was placed as a gift.
pub(crate) fn promise(
    tx: &mut Tx,
    order: Id<Order>,
    giver: Id<Person>,
    wish: &Wish,
) -> Result<(), Failure> {
    let secret = dice::secret(tx.dice(), SECRET);
    store::add(tx, (order, giver), wish.card.trim(), wish.life, &secret)
}

/// A gift is paid: it waits for whoever takes it.
pub(crate) fn opened(tx: &mut Tx, order: &mut order::Found) -> Result<(), Failure> {
    if tx.gathers() {
        return Err(tx.alone());
    }
    let found = store::of_order(tx, order.id)?;
    let deadline = tx.now.plus(found.life);
    if !store::open(tx, found.gift.id, deadline)? {
        return Err(Failure::broken("a gift was paid that had been"));
    }
    tx.ask(CLOSE, found.gift.id.0, deadline)?;
    planted!("gift_ships_untaken", {
        return order::move_to(tx, order, Status::ToShip, By::system("paid"));
    });
    order::move_to(tx, order, Status::AwaitingTaker, By::system("gift_waits"))
}

/// The gift with its order, both about to change: whoever changes one has the other locked.
fn lock(tx: &mut Tx, id: Id<Gift>) -> Result<(Found, order::Found), Failure> {
    let order = store::find(tx, id)?.gift.order;
    let order = order::find_to_change(tx, order)?;
    Ok((store::find(tx, id)?, order))
}

/// Whether somebody came with the gift's own link.
fn knows(found: &Found, secret: &str) -> bool {
    planted!("gift_link_unread", return true);
    found.secret.as_bytes().ct_eq(secret.trim().as_bytes()).into()
}

/// Takes a gift: the first who comes with its link has it, and its order goes to be shipped.
pub fn take(
    app: &App,
    visitor: &Visitor,
    id: Id<Gift>,
    take: &Take,
) -> Result<Answer<GiftView>, Failure> {
    let person = visitor.shopper()?;
    let to = take.address.clone().checked()?;
    app.once(visitor, "gift", |tx| {
        let (found, mut order) = lock(tx, id)?;
        if !knows(&found, &take.secret) {
            return Err(Failure::NotFound);
        }
        planted!("gift_taken_twice", {
            if matches!(found.gift.state, State::Taken { .. }) {
                store::give_anew(tx, id, person)?;
                store::set_address(tx, order.id, &to)?;
                return Ok((view::now(app, tx, id, person)?, id.0));
            }
        });
        rules::take(&found.gift, person, tx.now)?;
        reaches(tx, &order, &to)?;
        if !store::take(tx, id, person)? {
            return Err(Refusal::Taken { by_you: false }.into());
        }
        store::set_address(tx, order.id, &to)?;
        let by = By { actor: Actor::Shopper, person: Some(person), reason: "gift_taken" };
        order::move_to(tx, &mut order, Status::ToShip, by)?;
        address::keep(tx, person, &to)?;
        let args = json!({ "product": store::title(tx, order.id)? });
        notice::tell(tx, found.gift.giver, "gift_taken", "gift", id.0, args)?;
        Ok((view::now(app, tx, id, person)?, id.0))
    })
}

/// Whether the way it was paid for goes there.
fn reaches(tx: &mut Tx, order: &order::Found, to: &Address) -> Result<(), Failure> {
    planted!("gift_goes_anywhere", return Ok(()));
    let Some(method) = store::method(tx, order.id)? else { return Ok(()) };
    let method = delivery::method_of_order(tx, method)?;
    rate_at(&method.rates, to)?;
    Ok(())
}

/// Its giver takes it back while nobody has it: the money goes back.
pub fn take_back(app: &App, visitor: &Visitor, id: Id<Gift>) -> Result<GiftView, Failure> {
    let person = visitor.shopper()?;
    app.act(visitor, "gift_back", |tx| {
        let (found, mut order) = lock(tx, id)?;
        rules::take_back(&found.gift, person)?;
        let by = By { actor: Actor::Shopper, person: Some(person), reason: "gift_taken_back" };
        end(tx, &found, &mut order, "gift_returned", by)?;
        view::now(app, tx, id, person)
    })
}

/// Ends an order that waits for its taker, whoever asked.
pub(crate) fn end_order(tx: &mut Tx, id: Id<Order>, key: &str, by: By) -> Result<(), Failure> {
    let mut order = order::find_to_change(tx, id)?;
    if order.status != Status::AwaitingTaker {
        return Err(domain::order::Refusal::NotNow(order.status).into());
    }
    let found = store::of_order(tx, id)?;
    end(tx, &found, &mut order, key, by)
}

/// Nobody has it any more: what was paid goes back, and its units can be sold again.
fn end(
    tx: &mut Tx,
    found: &Found,
    order: &mut order::Found,
    key: &str,
    by: By,
) -> Result<(), Failure> {
    if !store::give_back(tx, found.gift.id)? {
        return Err(Refusal::Over.into());
    }
    refund::whole(tx, order, key, true, by)?;
    let args = json!({ "product": store::title(tx, order.id)? });
    notice::tell(tx, found.gift.giver, "gift_returned", "gift", found.gift.id.0, args)
}

/// Job: a gift that nobody took in time goes back. A moment to look again when it was too early.
pub(crate) fn close_due(app: &App, id: Id<Gift>) -> Result<Option<Moment>, Failure> {
    app.write(|tx| {
        let (found, mut order) = lock(tx, id)?;
        if found.gift.state != State::Open {
            return Ok(None);
        }
        if rules::overdue(&found.gift, tx.now).is_none() {
            return Ok(Some(found.gift.deadline));
        }
        planted!("gift_keeps_the_money", {
            store::give_back(tx, id)?;
            return Ok(None);
        });
        end(tx, &found, &mut order, "gift_returned", By::system("gift_untaken"))?;
        Ok(None)
    })
}

/// A parcel of it is on its way: whoever took it hears so.
pub(crate) fn shipped(
    tx: &mut Tx,
    order: &order::Found,
    carrier: &str,
    tracking: &str,
) -> Result<(), Failure> {
    if !order.gift {
        return Ok(());
    }
    let found = store::of_order(tx, order.id)?;
    let State::Taken { by } = found.gift.state else { return Ok(()) };
    let product = store::title(tx, order.id)?;
    let args = json!({ "product": product, "carrier": carrier, "tracking": tracking });
    notice::tell(tx, by, "gift_shipped", "gift", found.gift.id.0, args)
}
