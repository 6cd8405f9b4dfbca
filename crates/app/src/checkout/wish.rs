//! Placing orders: a wish waits in a lane and is granted or refused together with the others there.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::id::Id;
use domain::order::Refusal;
use domain::person::Person;
use domain::place::Address;

use super::{Place, Placed, What, place_in};
use crate::db::Tx;
use crate::failure::{Failure, KeyProblem};
use crate::idempotency::{Answer, Key};
use crate::lane::{Aside, Lane};
use crate::{
    App, Visitor, campaign, cart, flash_sale, group_buy, idempotency, inventory, order, price_list,
    promotion, share, team,
};

/// Places an order: its units are promised, its place in a team is held, both until `pay_by`. Once
/// for each key, however often it is asked.
pub fn place(app: &App, visitor: &Visitor, place: Place) -> Result<Answer<Placed>, Failure> {
    let wish = Wish::of(visitor, place)?;
    #[cfg(feature = "planted")]
    if wish.is_kept_out() {
        return wish.outside_the_lane(app);
    }
    let flash = wish.flash();
    if let Some(what) = flash {
        flash_sale::known(app, visitor, what)?;
    }
    let answer = app.orders.run(wish, |wishes| grant_all(app, wishes));
    look_at(app, flash, &answer);
    answer
}

/// Who hears that a flash sale is sold out has it looked at for those who come after them.
fn look_at(app: &App, flash: Option<Flash>, answer: &Result<Placing, Failure>) {
    if let (Some(what), Err(Failure::Refused(refused))) = (flash, answer)
        && refused.code == "flash_sale.sold_out"
    {
        flash_sale::look(app, what);
    }
}

/// What of which flash sale.
type Flash = (Id<Campaign>, Id<Variant>);

/// `place`, but `told` gets the answer, and `aside` runs what may take its time.
pub fn place_aside(
    app: &Arc<App>,
    visitor: &Visitor,
    place: Place,
    aside: Aside,
    told: impl FnOnce(Result<Placing, Failure>) + Send + 'static,
) {
    let wish = match Wish::of(visitor, place) {
        Ok(wish) => wish,
        Err(failure) => return told(Err(failure)),
    };
    #[cfg(feature = "planted")]
    if wish.is_kept_out() {
        let app = Arc::clone(app);
        return aside(Box::new(move || told(wish.outside_the_lane(&app))));
    }
    let flash = wish.flash();
    if let Some(Err(known)) = flash.map(|what| flash_sale::known(app, visitor, what)) {
        return told(Err(known));
    }
    let looks = Arc::clone(app);
    let told = move |answer: Result<Placing, Failure>| {
        look_at(&looks, flash, &answer);
        told(answer);
    };
    Lane::run_aside(app, |app| &app.orders, wish, grant_all, aside, told);
}

fn grant_all(app: &App, wishes: &[Wish]) -> Vec<Result<Placing, Failure>> {
    app.orders.decide(app, wishes, gather_all, |tx, wish| wish.grant(tx))
}

/// An order as it waits in its lane.
pub struct Wish {
    visitor: Visitor,
    key: Key,
    person: Id<Person>,
    place: Place,
    address: Address,
}

/// How a wish is answered.
pub type Placing = Answer<Placed>;

impl Wish {
    /// What can be said about it without looking at the shop.
    fn of(visitor: &Visitor, place: Place) -> Result<Wish, Failure> {
        let person = visitor.shopper()?;
        if place.note.chars().count() > 500 {
            return Err(Refusal::NoteTooLong.into());
        }
        if place.gift_message.as_ref().is_some_and(|card| card.chars().count() > 300) {
            return Err(Refusal::CardTooLong.into());
        }
        let address = place.address.clone();
        let address = match (&place.gift, place.pickup_point) {
            (Some(wish), _) => {
                wish.check()?;
                // Whoever takes it says where it goes.
                Address::default()
            }
            (None, Some(_)) => address.contact()?,
            (None, None) => address.checked()?,
        };
        let key = visitor.key.clone().ok_or(Failure::Key(KeyProblem::Missing))?;
        Ok(Wish { visitor: visitor.clone(), key, person, place, address })
    }

    fn flash(&self) -> Option<Flash> {
        match &self.place.what {
            What::FlashSale { campaign, variant, .. } => Some((*campaign, *variant)),
            _ => None,
        }
    }

    /// Whether a fault is planted that a lane would hide.
    #[cfg(feature = "planted")]
    fn is_kept_out(&self) -> bool {
        let hidden = ["key_apart", "stock_check_then_act", "place_unguarded", "naive_counter"];
        hidden.into_iter().any(crate::planted::is_on)
    }

    /// As before there were lanes, for faults that a lane would hide.
    #[cfg(feature = "planted")]
    fn outside_the_lane(&self, app: &App) -> Result<Placing, Failure> {
        app.once(&self.visitor, "order", |tx| {
            let placed = place_in(tx, &self.visitor, self.person, &self.place, &self.address)?;
            let id = placed.order.0;
            Ok((placed, id))
        })
    }

    fn grant(&self, tx: &mut Tx) -> Result<Placing, Failure> {
        tx.request_id = self.visitor.request_id.clone();
        tx.once(&self.key, "order", |tx| {
            let placed = place_in(tx, &self.visitor, self.person, &self.place, &self.address)?;
            let id = placed.order.0;
            Ok((placed, id))
        })
    }
}

/// Reads what the wishes of a batch need, and locks it in the fixed order: teams, counters, stock.
fn gather_all(tx: &mut Tx, wishes: &[Wish]) -> Result<(), Failure> {
    let keys: Vec<&Key> = wishes.iter().map(|wish| &wish.key).collect();
    idempotency::gather(tx, &keys)?;
    let buyers = wishes.iter().map(|wish| (wish.visitor.session, wish.person));
    share::gather(tx, buyers)?;
    let joined = wishes.iter().filter_map(|wish| match wish.place.what {
        What::JoinTeam { team, .. } => Some(team),
        _ => None,
    });
    let joined = joined.collect();
    team::gather(tx, &joined)?;
    let offers = team::offers_of(tx, &joined);
    let (mut variants, mut with_carts) = (BTreeSet::new(), BTreeSet::new());
    let (mut applicants, mut deals) = (BTreeSet::new(), BTreeSet::new());
    for wish in wishes {
        let offer = match &wish.place.what {
            What::FlashSale { campaign, variant, .. } => {
                variants.insert(*variant);
                deals.insert((*campaign, wish.person));
                continue;
            }
            // Those are few, and each is its owner's own.
            What::Bargain { .. } => continue,
            What::Cart | What::CartOf { .. } => {
                with_carts.insert(wish.person);
                continue;
            }
            What::Now { variant, .. } => {
                variants.insert(*variant);
                continue;
            }
            What::OpenTeam { group_buy, variant, .. } => {
                variants.insert(*variant);
                Some(*group_buy)
            }
            What::JoinTeam { team, variant, .. } => {
                variants.insert(*variant);
                offers.get(team).copied()
            }
        };
        applicants.extend(offer.map(|offer| (offer, wish.person)));
    }
    price_list::gather(tx, &wishes.iter().map(|wish| wish.person).collect())?;
    let people = applicants.iter().map(|(_, person)| *person);
    let people = people.chain(deals.iter().map(|(_, person)| *person));
    order::gather_buyers(tx, &people.collect())?;
    let mut buyers = deals;
    buyers.extend(applicants.iter().map(|(id, person)| (group_buy::campaign_of(*id), *person)));
    campaign::units::gather(tx, &buyers)?;
    variants.extend(cart::gather(tx, &with_carts)?);
    // What comes along is locked in its turn with what is bought.
    let now = tx.now;
    variants.extend(promotion::book(tx)?.gifts(now));
    inventory::gather(tx, &variants)
}
