//! Bargains (砍价): friends cut a price down to a floor, and it is bought at the price it came to
//! (MECHANICS §3).
//!
//! The way down is divided when somebody begins. Whoever helps takes the next part under the lock
//! of the bargain, so that no part is taken twice and the sum is exact. The job that writes down
//! that its time is over may be late: the clock judges.

use domain::bargain::{self as rules, Helper, Launch, Refusal, Terms, Wanted};
use domain::campaign::Campaign;
use domain::catalog::Variant;
use domain::event::Fact;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::{self as orders, Order, PAY_WINDOW};
use domain::person::Person;
use domain::quantity::Quantity;
use domain::seed::Seed;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::campaign::{self, Found};
use crate::catalog::{ForSale, variants_for_sale};
use crate::db::Tx;
use crate::deal::{Bought, Deal};
use crate::failure::Failure;
use crate::{App, Visitor, notice, order, shop};

mod store;
mod view;

pub use view::{
    BargainDesk, BargainGoods, BargainHall, BargainHelperView, BargainView, desk, get, hall, mine,
    of_product,
};

/// The job that writes down that a bargain's time is over.
pub const EXPIRE: &str = "bargain.expire";
/// The job that writes down what an order means for its bargain.
pub const ORDER: &str = "bargain.order";

/// What is bargained for.
#[derive(Clone, Debug, Serialize, Deserialize, describe::ToSchema)]
pub struct BeginBargain {
    pub variant: Id<Variant>,
}

/// A bargain with what its row says beside it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub bargain: Launch,
    pub campaign: Id<Campaign>,
    pub floor: Money,
    pub seed: Seed,
    pub seq: i64,
    pub created_at: Moment,
}

/// The terms of a bargain's campaign; other campaigns have none.
fn terms(found: &Found) -> Result<&Terms, Failure> {
    match &found.terms {
        campaign::Terms::Bargain(terms) => Ok(terms),
        _ => Err(Failure::NotFound),
    }
}

fn goods(tx: &mut Tx, variant: Id<Variant>, locale: &str) -> Result<Option<ForSale>, Failure> {
    Ok(variants_for_sale(tx, &[variant], locale)?.into_iter().next())
}

/// What somebody is known by, whichever account they use.
fn keys(tx: &mut Tx, visitor: &Visitor, person: Id<Person>) -> Result<Vec<String>, Failure> {
    let keys = campaign::keys(tx, visitor, person)?;
    Ok(keys.into_iter().map(|(kind, key)| format!("{} {key}", kind.code())).collect())
}

/// It changed: whoever looks at it is shown it anew.
fn changed(tx: &mut Tx, id: Id<Launch>) -> Result<(), Failure> {
    let (seq, status) = store::next_seq(tx, id)?;
    tx.tell(Fact::BargainChanged { bargain: id, seq, status })
}

/// Begins a bargain; whoever bargains for this already goes on with that.
pub fn begin(
    app: &App,
    visitor: &Visitor,
    campaign: Id<Campaign>,
    asked: &BeginBargain,
) -> Result<BargainView, Failure> {
    let person = visitor.shopper()?;
    let variant = asked.variant;
    app.act(visitor, "bargain.begin", |tx| {
        let found = campaign::find(tx, campaign)?;
        let terms = terms(&found)?;
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        // One whose time is over must not stand in the way of the next.
        for over in store::over(tx, campaign, person, variant)? {
            expire(tx, over)?;
        }
        if let Some(open) = store::open(tx, campaign, person, variant)? {
            return view::of(tx, open, visitor);
        }
        let goods = goods(tx, variant, &visitor.locale)?.filter(|goods| goods.on_sale);
        let goods = goods.ok_or(domain::catalog::Refusal::NotForSale)?;
        let floor = store::floor(tx, campaign, variant)?.ok_or(Failure::NotFound)?;
        let floor = Money::new(floor, goods.price.currency);
        // What it costs alone may have changed since the campaign was written.
        terms.check(goods.price, floor).map_err(|_| domain::catalog::Refusal::NotForSale)?;
        let mut bytes = [0; 32];
        tx.dice().fill(&mut bytes);
        let seed = Seed::new(bytes);
        let (cuts, taken) = rules::begin(terms, goods.price.minus(floor), &seed);
        planted!("bargain_one_cent_more", {
            let mut cuts = cuts;
            cuts[0] += 1;
            let id: Id<Launch> = tx.id();
            let quantity = Quantity::new(terms.quantity).unwrap_or(Quantity::ONE);
            let begun = fresh(id, (person, variant, quantity), &goods, (cuts, taken), tx.now);
            store::add(tx, &begun, (campaign, floor, &seed))?;
            return view::of(tx, id, visitor);
        });
        let quantity =
            Quantity::new(terms.quantity).ok_or(domain::inventory::Refusal::BadQuantity)?;
        let deadline = found.campaign.ends_at.min(tx.now.plus(terms.life));
        let id: Id<Launch> = tx.id();
        let begun = fresh(id, (person, variant, quantity), &goods, (cuts, taken), deadline);
        if !store::add(tx, &begun, (campaign, floor, &seed))? {
            // They began it on another page at the same moment.
            return Err(tx.again());
        }
        campaign::enter(tx, &found, visitor, person)?;
        let keys = keys(tx, visitor, person)?;
        store::add_keys(tx, id, &keys)?;
        tx.ask(EXPIRE, id.0, deadline)?;
        tx.tell(Fact::BargainChanged { bargain: id, seq: 1, status: rules::Status::Running })?;
        view::of(tx, id, visitor)
    })
}

fn fresh(
    id: Id<Launch>,
    (person, variant, quantity): (Id<Person>, Id<Variant>, Quantity),
    goods: &ForSale,
    (cuts, taken): (Vec<i64>, usize),
    deadline: Moment,
) -> Launch {
    Launch {
        id,
        person,
        variant,
        quantity,
        start: goods.price,
        cuts,
        taken,
        helpers: Vec::new(),
        deadline,
        reached_at: None,
        order: None,
        bought: false,
    }
}

/// Helps: takes the next cut.
pub fn help(app: &App, visitor: &Visitor, id: Id<Launch>) -> Result<BargainView, Failure> {
    let person = visitor.shopper()?;
    app.act(visitor, "bargain.help", |tx| {
        let kept = store::find_to_change(tx, id)?;
        let found = campaign::find(tx, kept.campaign)?;
        let terms = terms(&found)?;
        // What is paused begins nothing new, and what has begun goes on.
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        campaign::may_reward(tx, &found, visitor)?;
        let keys = keys(tx, visitor, person)?;
        let own = person.0.to_string();
        let today = format!("{own} {}", shop::day(tx.now)?);
        let helper = Helper {
            person,
            is_new: !order::has_bought(tx, person)?,
            helped: campaign::counted(tx, kept.campaign, ("helper", &own))?,
            helped_today: campaign::counted(tx, kept.campaign, ("helper", &today))?,
            same_cluster: store::knows(tx, id, &keys)?,
        };
        let bargain = &kept.bargain;
        planted!("bargain_helper_twice", {
            let again = bargain.helpers.contains(&person);
            if again && bargain.missing() > 0 {
                store::take_anyway(tx, bargain)?;
                return view::of(tx, id, visitor);
            }
        });
        planted!("bargain_cut_while_paid", {
            if bargain.order.is_some() && bargain.missing() > 1 {
                store::take_anyway(tx, bargain)?;
                return view::of(tx, id, visitor);
            }
        });
        let helped = rules::help(terms, bargain, &helper, tx.now)?;
        for (key, most, refusal) in [
            (&own, terms.per_helper, Refusal::EnoughHelp(terms.per_helper)),
            (&today, terms.per_helper_day, Refusal::EnoughToday(terms.per_helper_day)),
        ] {
            if !campaign::count_up(tx, kept.campaign, ("helper", key), most)? {
                return Err(refusal.into());
            }
        }
        if !store::take(tx, bargain, (person, &helped))? {
            return Err(tx.again());
        }
        store::add_keys(tx, id, &keys)?;
        if let Some(until) = helped.reached {
            reached(tx, &kept, &helped.price, until, &visitor.locale)?;
        }
        changed(tx, id)?;
        view::of(tx, id, visitor)
    })
}

/// The floor is reached: whoever bargains is told, and has so long to pay.
fn reached(
    tx: &mut Tx,
    kept: &Kept,
    price: &Money,
    until: Moment,
    locale: &str,
) -> Result<(), Failure> {
    let bargain = &kept.bargain;
    let goods = goods(tx, bargain.variant, locale)?;
    let title = goods.map_or(String::new(), |goods| goods.title);
    let args = json!({ "product": title, "amount": price });
    tx.ask(EXPIRE, bargain.id.0, until)?;
    notice::tell(tx, bargain.person, "bargain_reached", "bargain", bargain.id.0, args)
}

/// Its time is over by the clock, and no order uses it.
fn expire(tx: &mut Tx, id: Id<Launch>) -> Result<(), Failure> {
    if store::set_expired(tx, id)? { changed(tx, id) } else { Ok(()) }
}

/// Job: a bargain whose time is over. A moment to look again when it was too early.
pub(crate) fn expire_due(app: &App, id: Id<Launch>) -> Result<Option<Moment>, Failure> {
    app.write(|tx| {
        let kept = store::find_to_change(tx, id)?;
        let found = campaign::find(tx, kept.campaign)?;
        let ends = kept.bargain.ends_at(terms(&found)?);
        match kept.bargain.status(terms(&found)?, tx.now) {
            rules::Status::Running | rules::Status::Reached => Ok(Some(ends)),
            // Should the order that uses it close unpaid, it is looked at again.
            rules::Status::Expired => expire(tx, id).map(|()| None),
            rules::Status::Bought => Ok(None),
        }
    })
}

/// What a bargain pays for now, for whoever began it. Nobody cuts it or buys with it meanwhile,
/// when an order is being placed.
pub(crate) fn offer(
    tx: &mut Tx,
    visitor: &Visitor,
    id: Id<Launch>,
    placing: bool,
) -> Result<Deal, Failure> {
    if tx.gathers() {
        // Each is its owner's own: there is nothing to decide together.
        return Err(tx.alone());
    }
    let person = visitor.person.as_ref().map(|person| person.id).ok_or(Failure::SignInFirst)?;
    let kept = if placing { store::find_to_change(tx, id)? } else { store::find(tx, id)? };
    let found = campaign::find(tx, kept.campaign)?;
    let bargain = &kept.bargain;
    let (variant, quantity) = (bargain.variant, bargain.quantity);
    let terms = terms(&found)?;
    let wanted = Wanted { person, variant, quantity };
    let unit = rules::buy(terms, bargain, &wanted, tx.now)?;
    let good = (kept.created_at, bargain.ends_at(terms));
    Ok(Deal {
        bargain: Some(id),
        variant,
        quantity: quantity.count(),
        unit,
        // A bargain is taken part in when it begins, and pays for one order.
        per_person: None,
        enters: false,
        good,
        pay_by: tx.now.plus(PAY_WINDOW),
        found,
    })
}

/// An order was placed with it.
pub(crate) fn ordered(tx: &mut Tx, id: Id<Launch>, order: Id<Order>) -> Result<(), Failure> {
    if !store::set_order(tx, id, order)? {
        return Err(Refusal::InUse.into());
    }
    changed(tx, id)
}

/// An order moved: the bargain it was for is bought, or good again until its time is over. Among
/// others that are decided for, a job follows: until then the order uses it as before.
pub(crate) fn order_moved(
    tx: &mut Tx,
    order: Id<Order>,
    to: orders::Status,
) -> Result<(), Failure> {
    use orders::Status::{Cancelled, LatePaid, Paid};
    if !matches!(to, Paid | Cancelled | LatePaid) || !any_sold(tx)? {
        return Ok(());
    }
    let Some(id) = store::of_order(tx, order)? else { return Ok(()) };
    if tx.gathers() {
        return tx.ask(ORDER, order.0, tx.now);
    }
    settle(tx, id, order, to == Paid)
}

/// Whether any order was ever placed with a bargain; asked once for all who are decided together.
fn any_sold(tx: &mut Tx) -> Result<bool, Failure> {
    tx.read_once("bargains sold".into(), store::any_sold)
}

fn settle(tx: &mut Tx, id: Id<Launch>, order: Id<Order>, paid: bool) -> Result<(), Failure> {
    planted!("bargain_burnt_by_an_unpaid_order", {
        if !paid {
            return Ok(());
        }
    });
    let kept = store::find_to_change(tx, id)?;
    if paid {
        return if store::set_bought(tx, id, order)? { changed(tx, id) } else { Ok(()) };
    }
    let Some(freed) = rules::freed(&kept.bargain, order) else { return Ok(()) };
    store::set_free(tx, id)?;
    let found = campaign::find(tx, kept.campaign)?;
    tx.ask(EXPIRE, id.0, freed.ends_at(terms(&found)?).max(tx.now))?;
    changed(tx, id)
}

/// Job: what an order that was decided among others means for its bargain.
pub(crate) fn order_due(app: &App, order: Id<Order>) -> Result<(), Failure> {
    use orders::Status::{Cancelled, LatePaid, PendingPayment};
    app.write(|tx| {
        let Some(id) = store::of_order(tx, order)? else { return Ok(()) };
        match order::find(tx, order)?.status {
            PendingPayment => Ok(()),
            status => settle(tx, id, order, !matches!(status, Cancelled | LatePaid)),
        }
    })
}

/// Whether late money may still buy with the bargain its order was for: it is good, no other order
/// uses it, and nobody cut it further. Nobody changes it meanwhile.
pub(crate) fn may_take_again(tx: &mut Tx, bought: &Bought) -> Result<bool, Failure> {
    let Some(id) = bought.bargain else { return Ok(false) };
    if tx.gathers() {
        // It is bought in the same transaction.
        return Err(tx.alone());
    }
    let kept = store::find_to_change(tx, id)?;
    planted!("bargain_by_late_money", return Ok(true));
    let found = campaign::find(tx, kept.campaign)?;
    let status = kept.bargain.status(terms(&found)?, tx.now);
    let good = matches!(status, rules::Status::Running | rules::Status::Reached);
    let paid = store::paid_price(tx, bought.order)?;
    Ok(good && kept.bargain.order.is_none() && paid == Some(kept.bargain.price().minor))
}
