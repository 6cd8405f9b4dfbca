//! Coupons: kinds of them that staff make, those that people hold, and what becomes of each.
//!
//! A shop without any asks nothing here. What is taken and what is used is decided by guarded
//! statements in the transaction it belongs to: counters of the kind, of the person and of the
//! household for taking; owner, state and time of the coupon's own row for using, beside the order
//! that uses it. Every change is a row of `coupon_moves`.

use std::sync::Arc;

use describe::ToSchema;
use domain::coupon::{Coupon, Gives, Issuer, Life, Refusal, Stacks, State, Template};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::person::Person;
use domain::promotion::Scope;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::shop;

mod back;
mod claim;
mod codes;
mod cost;
mod desk;
mod store;

pub use back::tidy;
pub(crate) use back::{order_closed, refunded, take_again};
pub(crate) use claim::{
    Kind, by_name, drop_one, give_for_points, give_share, is_there, kind, kinds, named, share_from,
    view_of,
};
pub use claim::{
    Offered, ShareKind, centre, claim, claim_by_link, mine, offered, redeem, share_kinds,
};
pub use codes::{BATCH, CodesMade, CodesReport, export, import, make_codes};
pub(crate) use cost::order_kept;
pub use desk::{
    Give, HolderView, PutTemplate, TemplateView, add, change, get, give, holders, list, take_back,
};

/// How a coupon came to its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CouponSource)]
pub enum Source {
    /// Everybody finds it in the claim centre.
    Centre,
    Link,
    Code,
    Staff,
    /// From a campaign: a part of one that was shared out, or had for points.
    Share,
}

impl Source {
    pub fn code(self) -> &'static str {
        match self {
            Source::Centre => "centre",
            Source::Link => "link",
            Source::Code => "code",
            Source::Staff => "staff",
            Source::Share => "share",
        }
    }
}

/// A coupon as its holder sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CouponView {
    pub id: Id<Coupon>,
    pub template: Id<Template>,
    /// In the shop's language and in English.
    pub name: String,
    pub name_en: String,
    pub issuer: Issuer,
    pub currency: Currency,
    pub gives: Gives,
    /// What its goods have to cost, in minor units.
    pub threshold: i64,
    /// Which goods it is for; everything when nothing is named.
    pub scope: Scope,
    pub stacks: Stacks,
    /// `held`, `used`, `expired` or `taken_back`.
    pub state: String,
    pub order: Option<Id<Order>>,
    pub usable_from: Moment,
    pub usable_until: Moment,
}

/// A coupon in somebody's hands, with what it does.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub coupon: Coupon,
    pub template: Template,
    pub name: String,
    pub name_en: String,
}

impl Held {
    pub fn view(&self) -> CouponView {
        let (coupon, template) = (&self.coupon, &self.template);
        CouponView {
            id: coupon.id,
            template: template.id,
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            issuer: template.issuer,
            currency: template.currency,
            gives: template.gives,
            threshold: template.threshold,
            scope: template.scope.clone(),
            stacks: template.stacks.clone(),
            state: coupon.state.code().to_string(),
            order: match coupon.state {
                State::Used(order) => Some(order),
                _ => None,
            },
            usable_from: coupon.usable_from,
            usable_until: coupon.usable_until,
        }
    }
}

/// The job that brings the worth of a coupon of a drop in line with what became of it.
pub const MOVED: &str = "coupon.moved";

/// Asks for that of every coupon an order used.
pub(crate) fn follow_order(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    if shop::get(tx)?.pricing.coupons == 0 {
        return Ok(());
    }
    for id in store::dropped_used_by(tx, order)? {
        tx.ask(MOVED, id.0, tx.now)?;
    }
    Ok(())
}

/// The most coupons of one person a checkout looks at: those that end first.
const MOST_LOOKED_AT: i64 = 50;

/// The coupons somebody could use, the one that ends first before the others.
pub(crate) fn held(tx: &mut Tx, person: Id<Person>) -> Result<Arc<Vec<Held>>, Failure> {
    if shop::get(tx)?.pricing.coupons == 0 {
        return Ok(Arc::default());
    }
    tx.read_once(format!("coupons of {}", person.0), |tx| {
        store::held(tx, person, MOST_LOOKED_AT).map(Arc::new)
    })
}

/// Everything these coupons would bring along.
pub(crate) fn gifts(held: &[Held]) -> Vec<Id<domain::catalog::Variant>> {
    let gift = |one: &Held| match one.template.gives {
        Gives::Gift { part } => Some(part.variant),
        Gives::Goods { .. } | Gives::Shipping { .. } => None,
    };
    held.iter().filter_map(gift).collect()
}

/// Why somebody cannot use a coupon that is not among those they hold.
pub(crate) fn why_not(tx: &mut Tx, id: Id<Coupon>, person: Id<Person>) -> Result<Refusal, Failure> {
    let Some(found) = store::find(tx, id)? else { return Ok(Refusal::NotYours) };
    let judged = domain::coupon::may_use(&found.coupon, person, tx.now);
    Ok(judged.err().unwrap_or(Refusal::NotHeld))
}

/// Uses a person's coupons for their order. Each is one guarded statement: of two orders that want
/// one coupon, one gets it.
pub(crate) fn use_for(
    tx: &mut Tx,
    person: Id<Person>,
    order: Id<Order>,
    coupons: &[Id<Coupon>],
) -> Result<(), Failure> {
    // In their fixed order: two orders with the same two coupons do not wait for each other.
    let mut coupons = coupons.to_vec();
    coupons.sort_unstable();
    for id in coupons {
        if !store::use_it(tx, id, person, order)? {
            let found = store::find(tx, id)?.filter(|found| found.coupon.owner == person);
            let found = found.ok_or(Failure::NotFound)?;
            domain::coupon::may_use(&found.coupon, person, tx.now)?;
            return Err(Refusal::NotHeld.into());
        }
        store::add_move(tx, id, Some("held"), "used", ("used", Some(order), None))?;
    }
    Ok(())
}

/// What of a life can be said before it is received.
pub(crate) fn ends_at(life: &Life, now: Moment) -> Moment {
    match life {
        Life::Dates { until, .. } => *until,
        Life::After { span } => now.plus(*span),
    }
}

/// What a coupon of a fixed amount takes off, where it is one.
pub fn amount(gives: &Gives, currency: Currency) -> Option<Money> {
    match gives {
        Gives::Goods { off: domain::promotion::Off::Amount { minor } } => {
            Some(Money::new(*minor, currency))
        }
        _ => None,
    }
}
