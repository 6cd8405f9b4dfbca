//! A gift at the checkout: what can be one, and what sending it costs wherever it goes.

use domain::gift::Refusal;
use domain::id::Id;
use domain::order::Order;
use domain::person::Person;
use domain::shipping::How;

use super::{Place, QuoteView, What};
use crate::db::Tx;
use crate::delivery::{self, MethodView};
use crate::failure::Failure;
use crate::gift;

/// Whether the shop sends gifts by this way.
pub fn is_offered(method: &MethodView) -> bool {
    method.kind == How::Delivery && method.gift_fee.is_some()
}

/// What can be a gift: nothing at a team's or a campaign's price.
fn fits(what: &What) -> bool {
    matches!(what, What::Cart | What::CartOf { .. } | What::Now { .. })
}

/// Refuses what can be no gift.
pub fn check(tx: &mut Tx, what: &What, gift: bool) -> Result<(), Failure> {
    if !gift {
        return Ok(());
    }
    if !fits(what) {
        return Err(Refusal::NotAGift.into());
    }
    if !delivery::offered(tx)?.iter().any(is_offered) {
        return Err(Refusal::NotOffered.into());
    }
    Ok(())
}

/// Says with a quote whether the same could be a gift.
pub fn tell(tx: &mut Tx, what: &What, quote: QuoteView) -> Result<QuoteView, Failure> {
    let offered = delivery::offered(tx)?.iter().any(is_offered);
    Ok(QuoteView { may_give: offered && quote.ships && fits(what), ..quote })
}

/// The order is a gift, if that was chosen.
pub fn promise(
    tx: &mut Tx,
    place: &Place,
    order: Id<Order>,
    giver: Id<Person>,
    ships: bool,
) -> Result<(), Failure> {
    let Some(wish) = &place.gift else { return Ok(()) };
    if !ships {
        return Err(Refusal::NotAGift.into());
    }
    gift::promise(tx, order, giver, wish)
}

/// What the card in its parcel says. A gift's parcel tells no prices either way.
pub fn card(place: &Place) -> Option<&str> {
    let gift = place.gift.as_ref().map(|wish| wish.card.trim());
    gift.or(place.gift_message.as_deref().map(str::trim))
}
