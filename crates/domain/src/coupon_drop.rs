//! Coupon drops: so many coupons of one kind, for whoever takes one first.
//!
//! What one coupon can take off at the very most is its *worth*. The campaign reserves it for every
//! coupon there is, so that no drop promises more than was put in. Each one's worth waits while
//! somebody holds it, is given when an order that used it was kept, and goes back when it expires
//! or its order comes to nothing.

use serde::{Deserialize, Serialize};

use crate::coupon::{Gives, State, Template};
use crate::id::Id;
use crate::money::LARGEST;
use crate::promotion::Off;

/// What a merchant settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CouponDropTerms))]
pub struct Terms {
    /// The kind of coupon; none before one was chosen.
    #[serde(default)]
    pub template: Option<Id<Template>>,
    /// How many there are in all.
    pub count: i64,
}

/// Which setting cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadTerms {
    /// A kind that is there, can still be used, and takes off no more than a known amount.
    Coupon,
    /// 1 to 1,000,000, and no more than there are of the kind.
    Count,
}

/// Why nothing is taken, or promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    AllTaken,
    /// All of them together are worth so much, which is more than its budget.
    OverBudget(i64),
    BadTerms(BadTerms),
}

/// How many one drop has at most.
pub const MOST: i64 = 1_000_000;

impl Terms {
    /// What a merchant begins with.
    pub fn usual() -> Terms {
        Terms { template: None, count: 100 }
    }

    pub fn check(&self) -> Result<(), BadTerms> {
        if self.template.is_none() {
            return Err(BadTerms::Coupon);
        }
        if (1..=MOST).contains(&self.count) { Ok(()) } else { Err(BadTerms::Count) }
    }
}

/// What one coupon of a kind takes off at the very most, in minor units; nothing where no amount
/// is known.
pub fn worth(gives: &Gives) -> Option<i64> {
    match gives {
        Gives::Goods { off: Off::Amount { minor } } => Some(*minor),
        Gives::Goods { off: Off::Part { most, .. } } | Gives::Shipping { most } => *most,
        // What goods are worth when they are given is not known when they are promised.
        Gives::Gift { .. } => None,
    }
}

/// What each of a drop's coupons is worth, when it can be launched: `taken` of the kind are gone,
/// and `budget` minor units are there.
pub fn launch(terms: &Terms, template: &Template, taken: i64, budget: i64) -> Result<i64, Refusal> {
    terms.check().map_err(Refusal::BadTerms)?;
    let worth = worth(&template.gives).ok_or(Refusal::BadTerms(BadTerms::Coupon))?;
    if template.total.is_some_and(|total| total - taken < terms.count) {
        return Err(Refusal::BadTerms(BadTerms::Count));
    }
    let whole = worth.checked_mul(terms.count).filter(|whole| *whole <= LARGEST);
    let whole = whole.ok_or(Refusal::BadTerms(BadTerms::Count))?;
    if whole > budget { Err(Refusal::OverBudget(whole)) } else { Ok(worth) }
}

/// How far an order is that used a coupon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// It may still come to nothing.
    Open,
    /// Kept: its time to be sent back is over.
    Kept,
    /// All of it was refunded, or it closed unpaid.
    Undone,
}

/// What becomes of a coupon's worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Its holder may still use it, or its order may still be undone.
    Stays,
    Given,
    GoesBack,
}

/// What becomes of the worth of a coupon in this state, used by an order that is so far. Whatever
/// was given before, asking again changes nothing.
pub fn settle(state: State, order: Order) -> Worth {
    match (state, order) {
        (State::Held, _) | (State::Used(_), Order::Open) => Worth::Stays,
        (State::Used(_), Order::Kept) => Worth::Given,
        (State::Used(_), Order::Undone) | (State::Expired | State::TakenBack, _) => Worth::GoesBack,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coupon::{Issuer, Life, Stacks};
    use crate::moment::{Moment, Span};
    use crate::money::Currency;
    use crate::promotion::Scope;
    use crate::rate::Rate;

    fn template(gives: Gives, total: Option<i64>) -> Template {
        Template {
            id: Id::new(7),
            issuer: Issuer::Merchant,
            currency: Currency::Cny,
            gives,
            threshold: 0,
            scope: Scope::default(),
            stacks: Stacks::Alone,
            life: Life::After { span: Span::days(7) },
            claim_from: Moment(0),
            claim_until: Moment(1),
            total,
            per_person: 1,
            per_cluster: 1,
            back_on_refund: false,
        }
    }

    fn amount(minor: i64) -> Gives {
        Gives::Goods { off: Off::Amount { minor } }
    }

    fn of(count: i64) -> Terms {
        Terms { template: Some(Id::new(7)), count }
    }

    #[test]
    fn what_has_no_most_is_not_dropped() {
        let rate = Rate::from_basis_points(1_000).unwrap();
        let part = |most| Gives::Goods { off: Off::Part { rate, most } };
        assert_eq!(worth(&amount(500)), Some(500));
        assert_eq!(worth(&part(Some(800))), Some(800));
        assert_eq!(worth(&part(None)), None);
        assert_eq!(worth(&Gives::Shipping { most: Some(300) }), Some(300));
        assert_eq!(worth(&Gives::Shipping { most: None }), None);
    }

    #[test]
    fn all_of_them_are_in_the_budget_to_the_cent() {
        let ten = template(amount(1_000), Some(60));
        assert_eq!(launch(&of(50), &ten, 10, 50_000), Ok(1_000));
        assert_eq!(launch(&of(50), &ten, 10, 49_999), Err(Refusal::OverBudget(50_000)));
        let too_many = Err(Refusal::BadTerms(BadTerms::Count));
        assert_eq!(launch(&of(51), &ten, 10, 1_000_000), too_many);
        assert_eq!(launch(&of(0), &ten, 10, 1_000_000), too_many);
        assert_eq!(launch(&of(MOST), &template(amount(LARGEST), None), 0, LARGEST), too_many);
        let none = Err(Refusal::BadTerms(BadTerms::Coupon));
        assert_eq!(launch(&Terms::usual(), &ten, 0, 1_000_000), none);
    }

    #[test]
    fn worth_is_given_once_kept_and_goes_back_when_nothing_comes_of_it() {
        let used = State::Used(Id::new(3));
        for order in [Order::Open, Order::Kept, Order::Undone] {
            assert_eq!(settle(State::Held, order), Worth::Stays);
            assert_eq!(settle(State::Expired, order), Worth::GoesBack);
            assert_eq!(settle(State::TakenBack, order), Worth::GoesBack);
        }
        assert_eq!(settle(used, Order::Open), Worth::Stays);
        assert_eq!(settle(used, Order::Kept), Worth::Given);
        assert_eq!(settle(used, Order::Undone), Worth::GoesBack);
    }
}
