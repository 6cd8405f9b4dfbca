//! Fission coupons: somebody starts a whole, and friends who come take a part each, as a coupon.
//!
//! When one is started every part is promised out of the campaign's budget, and waits. The k-th who
//! comes takes part k in one step under its row: the promise is theirs then, with a coupon of that
//! amount. What becomes of the promise is the coupon's to say (`coupon::cost`): it is given when
//! the coupon was used in an order that is kept, and released when the coupon ends unused. What
//! nobody took is released when the time is over.

use domain::campaign::{Campaign, Status};
use domain::event::Fact;
use domain::fission::{self as rules, BadTerms, Fission, Refusal, Seen, Starts, Takers, Terms};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::Person;
use domain::seed::Seed;

use crate::campaign::{self, Found};
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::reward::{self, Promise, Purse};
use crate::{App, Visitor, coupon, order, shop};

mod store;
mod view;

pub use view::{
    FissionDesk, FissionHall, FissionPart, FissionRow, FissionTaken, FissionView, OwnFission, desk,
    get, hall, list,
};

/// The job that closes one whose time is over.
pub const CLOSE: &str = "fission.close";

/// One as its row says.
pub(crate) struct Kept {
    id: Id<Fission>,
    campaign: Id<Campaign>,
    starter: Id<Person>,
    seed: Seed,
    hash: String,
    total: i64,
    count: i64,
    taken: i64,
    started_at: Moment,
    deadline: Moment,
    closed_at: Option<Moment>,
}

fn terms(found: &Found) -> Result<&Terms, Failure> {
    match &found.terms {
        campaign::Terms::FissionCoupon(terms) => Ok(terms),
        _ => Err(Failure::NotFound),
    }
}

fn is_over(found: &Found) -> bool {
    matches!(found.campaign.status, Status::Ended | Status::Evaluated)
}

fn bad(which: BadTerms) -> Failure {
    Refusal::BadTerms(which).into()
}

/// It is launched: its coupon is there, and takes off all that a part says.
pub(crate) fn launched(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    let found = campaign::find(tx, id)?;
    let Ok(terms) = terms(&found) else { return Ok(()) };
    terms.check().map_err(bad)?;
    let kind = terms.coupon.ok_or_else(|| bad(BadTerms::Coupon))?;
    let threshold = coupon::share_from(tx, kind)?.ok_or_else(|| bad(BadTerms::Coupon))?;
    terms.check_threshold(threshold).map_err(bad)?;
    let own = shop::get(tx)?.currency;
    let budget = found.campaign.frame.budget.filter(|budget| budget.currency == own);
    if budget.is_none_or(|budget| budget.minor < terms.total) {
        return Err(bad(BadTerms::Budget));
    }
    Ok(())
}

/// What somebody is known by, whichever account they use.
fn keys(tx: &mut Tx, visitor: &Visitor, person: Id<Person>) -> Result<Vec<String>, Failure> {
    let keys = campaign::keys(tx, visitor, person)?;
    Ok(keys.into_iter().map(|(kind, key)| format!("{} {key}", kind.code())).collect())
}

/// Starts one. Whoever has one that is open goes on with that.
pub fn begin(
    app: &App,
    visitor: &Visitor,
    campaign: Id<Campaign>,
) -> Result<Answer<FissionView>, Failure> {
    let person = visitor.shopper()?;
    let comer = visitor.clone();
    app.win(visitor, ("fission_begin", campaign.0), move |tx| {
        let found = campaign::find(tx, campaign)?;
        let terms = terms(&found)?;
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        let open = store::open_of(tx, campaign, person)?;
        let order = match terms.starts {
            Starts::Anyone => None,
            Starts::AfterOrder => store::order_of(tx, campaign, person, found.campaign.starts_at)?,
        };
        if order.is_none()
            && let Some(open) = open
        {
            // Each answer has a number of its own; this one began nothing.
            let seen = view::seen(tx, open, Some(person))?;
            return Ok((seen, tx.id::<Fission>().0));
        }
        if order.is_none() && terms.starts == Starts::AfterOrder {
            return Err(Refusal::NoOrder.into());
        }
        campaign::enter(tx, &found, &comer, person)?;
        let mut bytes = [0; 32];
        tx.dice().fill(&mut bytes);
        let seed = Seed::new(bytes);
        let id: Id<Fission> = tx.id();
        let deadline = terms.deadline(tx.now, found.campaign.ends_at);
        let new = store::New { id, campaign, person, order, terms, seed: &seed, deadline };
        // Whoever came at the same moment with the same order has it.
        if !store::add(tx, &new)? {
            return Err(tx.again());
        }
        let own = keys(tx, &comer, person)?;
        store::add_keys(tx, id, &own)?;
        divide(tx, &new)?;
        tx.ask(CLOSE, id.0, deadline)?;
        tx.tell(Fact::FissionChanged { fission: id, seq: 1 })?;
        tx.shows();
        Ok((view::seen(tx, id, Some(person))?, id.0))
    })
}

/// Promises every part: nothing can be started that the budget does not hold whole.
fn divide(tx: &mut Tx, new: &store::New) -> Result<(), Failure> {
    let currency = shop::get(tx)?.currency;
    for (number, amount) in (1_i64..).zip(new.terms.divide(new.seed)) {
        let key = format!("fission {} part {number}", new.id.0);
        let promise = Promise {
            campaign: new.campaign,
            key: &key,
            // Theirs to share, until a friend comes.
            person: new.person,
            amount: Money::new(amount, currency),
            purse: Purse::Spent,
            waits: true,
            about: ("fission", new.id.0),
        };
        let (reward, _) = reward::promise(tx, &promise).map_err(|failure| match failure {
            Failure::Refused(refused) if refused.code == "reward.only_left" => {
                Refusal::NoneLeft.into()
            }
            other => other,
        })?;
        planted!("fission_one_cent_more", {
            let more = amount + i64::from(number == 1);
            store::add_part(tx, new.id, number, more, reward)?;
            continue;
        });
        store::add_part(tx, new.id, number, amount, reward)?;
    }
    Ok(())
}

/// Takes the next part.
pub fn take(
    app: &App,
    visitor: &Visitor,
    id: Id<Fission>,
) -> Result<Answer<FissionTaken>, Failure> {
    let person = visitor.shopper()?;
    let comer = visitor.clone();
    // All who take of one are decided together: it is what they meet at.
    app.win(visitor, ("fission_part", id.0), move |tx| {
        let kept = store::find(tx, id)?;
        let campaign = kept.campaign;
        let found = campaign::find(tx, campaign)?;
        let terms = terms(&found)?;
        // What is paused begins nothing new, and what has begun goes on.
        if !campaign::sees(&found, Some(person)) {
            return Err(Failure::NotFound);
        }
        let own = person.0.to_string();
        let starter = kept.starter == person;
        if !starter {
            campaign::may_reward(tx, &found, &comer)?;
        }
        let known = if starter { Vec::new() } else { keys(tx, &comer, person)? };
        let new_only = !starter && terms.takers == Takers::NewCustomers;
        let seen = Seen {
            mine: store::mine(tx, id, person)?.map(|(amount, _)| amount),
            starter,
            left: kept.count - kept.taken,
            deadline: kept.deadline,
            closed: kept.closed_at.is_some() || is_over(&found),
            has_bought: new_only && order::has_bought(tx, person)?,
            taken: campaign::counted(tx, campaign, ("helper", &own))?,
            same_cluster: store::knows(tx, id, &known)?,
        };
        rules::may_take(terms, &seen, tx.now)?;
        // Whoever came at the same moment for the last part hears that it is gone.
        let number = store::next(tx, id)?.ok_or(Refusal::AllTaken)?;
        if !starter {
            planted!("fission_taker_unguarded", {
                campaign::count_up(tx, campaign, ("helper", &own), i64::MAX)?;
                store::add_keys(tx, id, &known)?;
                return hand_over(tx, terms, (id, number), person);
            });
            if !campaign::count_up(tx, campaign, ("helper", &own), terms.per_taker)? {
                return Err(Refusal::Enough(terms.per_taker).into());
            }
            planted!("fission_household_unguarded", {
                store::add_keys(tx, id, &known)?;
                return hand_over(tx, terms, (id, number), person);
            });
            if !store::add_keys(tx, id, &known)? {
                return Err(Refusal::SameCluster.into());
            }
        }
        hand_over(tx, terms, (id, number), person)
    })
}

/// Part k is its taker's, as a coupon.
fn hand_over(
    tx: &mut Tx,
    terms: &Terms,
    (id, number): (Id<Fission>, i64),
    person: Id<Person>,
) -> Result<(FissionTaken, i64), Failure> {
    let (amount, reward) = store::part(tx, id, number)?;
    let kind = terms.coupon.ok_or(Failure::NotFound)?;
    if !reward::pass_on(tx, reward, person)? {
        return Err(Failure::broken("a part was taken whose promise did not wait"));
    }
    let coupon = coupon::give_share(tx, kind, person, amount, reward)?;
    if !store::give(tx, (id, number), person, coupon.id)? {
        return Err(Failure::broken("a part was taken that was free"));
    }
    tx.tell(Fact::FissionChanged { fission: id, seq: number + 1 })?;
    tx.shows();
    let amount = Money::new(amount, shop::get(tx)?.currency);
    let effect = coupon.id.0;
    Ok((FissionTaken { fission: id, number, amount, coupon }, effect))
}

/// Job: one whose time is over is closed, and what is left of it goes back. A moment to look again
/// when it was too early.
pub(crate) fn close_due(app: &App, id: Id<Fission>) -> Result<Option<Moment>, Failure> {
    app.write(|tx| {
        let kept = store::find_to_change(tx, id)?;
        if kept.closed_at.is_some() {
            return Ok(None);
        }
        let found = campaign::find(tx, kept.campaign)?;
        if tx.now < kept.deadline && !is_over(&found) {
            return Ok(Some(kept.deadline));
        }
        store::close(tx, id)?;
        planted!("fission_rest_kept", {
            tx.shows();
            return Ok(None);
        });
        for reward in store::untaken(tx, id)? {
            reward::release(tx, reward)?;
        }
        tx.tell(Fact::FissionChanged { fission: id, seq: kept.taken + 2 })?;
        tx.shows();
        Ok(None)
    })
}

/// The campaign is over, before its time or at it: what is open in it is closed by its own jobs.
pub(crate) fn ended(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    for open in store::open(tx, id)? {
        tx.ask(CLOSE, open.0, tx.now)?;
    }
    Ok(())
}
