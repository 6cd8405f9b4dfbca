//! What may be odd about an order: hints with their reasons for whoever packs it, never a refusal.
//!
//! A hint is a number that passed a threshold, so that a person can judge it: five orders to one
//! phone in a day are a family, a reseller, or somebody who tries cards. No hint alone says which.

use serde::{Deserialize, Serialize};

use crate::moment::Span;

/// From so many orders in a day with one phone.
pub const FROM_PHONE: i64 = 5;
/// From so many orders in a day to one address.
pub const TO_PLACE: i64 = 5;
/// From so many accounts in a week at one address.
pub const ACCOUNTS_AT_PLACE: i64 = 3;
/// From so many other accounts of the same team at the same address.
pub const TEAM_AT_PLACE: i64 = 1;
/// An account is new for so long.
pub const NEW_FOR: Span = Span::days(1);
/// And dear is so many times what the shop's orders come to.
pub const DEAR_TIMES: i64 = 5;
/// From so many payments that came to nothing in a day.
pub const FAILED: i64 = 3;
/// From so many paid orders a share of returns means something,
pub const ENOUGH_ORDERS: i64 = 4;
/// and from so many of a hundred it is a hint.
pub const RETURNED_SHARE: i64 = 50;

/// What is known about an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Orders of the last day with its phone, this one among them.
    pub from_phone: i64,
    /// Orders of the last day to its address, this one among them.
    pub to_place: i64,
    /// Accounts of the last week that had something sent to its address.
    pub accounts_at_place: i64,
    /// Other accounts in its team with its address.
    pub team_at_place: i64,
    /// How old the account was.
    pub account_age: Span,
    pub total: i64,
    /// What a paid order of the last month comes to; none when there is none.
    pub usual: Option<i64>,
    /// Payments of its buyer that came to nothing within the last day.
    pub failed: i64,
    /// Paid orders of its buyer, and how many of them came back or were asked to.
    pub paid_orders: i64,
    pub returned_orders: i64,
    /// Whether its way to ship goes to its address.
    pub delivers: bool,
}

/// What is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = RiskKind))]
pub enum Kind {
    /// Nothing is delivered to its address.
    NoDelivery,
    /// Many orders in a day have its phone.
    ManyFromPhone,
    /// Many orders in a day go to its address.
    ManyToPlace,
    /// Several accounts have things sent to its address.
    AccountsAtPlace,
    /// Several accounts of its team live at its address.
    TeamAtPlace,
    /// A new account orders much more than is usual.
    NewAndDear,
    /// Several payments came to nothing.
    FailedPayments,
    /// Much of what its buyer ordered came back.
    ManyReturns,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::NoDelivery,
        Kind::ManyFromPhone,
        Kind::ManyToPlace,
        Kind::AccountsAtPlace,
        Kind::TeamAtPlace,
        Kind::NewAndDear,
        Kind::FailedPayments,
        Kind::ManyReturns,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Kind::NoDelivery => "no_delivery",
            Kind::ManyFromPhone => "many_from_phone",
            Kind::ManyToPlace => "many_to_place",
            Kind::AccountsAtPlace => "accounts_at_place",
            Kind::TeamAtPlace => "team_at_place",
            Kind::NewAndDear => "new_and_dear",
            Kind::FailedPayments => "failed_payments",
            Kind::ManyReturns => "many_returns",
        }
    }

    pub fn parse(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One hint with the number it rests on: orders, accounts, payments, times as much, of a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = RiskHint))]
pub struct Hint {
    pub kind: Kind,
    pub n: i64,
}

/// What is odd about it.
pub fn hints(facts: &Facts) -> Vec<Hint> {
    let times = facts.usual.filter(|usual| *usual > 0).map_or(0, |usual| facts.total / usual);
    let times = if facts.account_age.0 < NEW_FOR.0 { times } else { 0 };
    let returned = match facts.paid_orders {
        paid if paid >= ENOUGH_ORDERS => facts.returned_orders * 100 / paid,
        _ => 0,
    };
    let at_least = [
        (Kind::NoDelivery, i64::from(!facts.delivers), 1),
        (Kind::ManyFromPhone, facts.from_phone, FROM_PHONE),
        (Kind::ManyToPlace, facts.to_place, TO_PLACE),
        (Kind::AccountsAtPlace, facts.accounts_at_place, ACCOUNTS_AT_PLACE),
        (Kind::TeamAtPlace, facts.team_at_place, TEAM_AT_PLACE),
        (Kind::NewAndDear, times, DEAR_TIMES),
        (Kind::FailedPayments, facts.failed, FAILED),
        (Kind::ManyReturns, returned, RETURNED_SHARE),
    ];
    let odd = at_least.into_iter().filter(|(_, n, least)| n >= least);
    odd.map(|(kind, n, _)| Hint { kind, n }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Facts {
        Facts { delivers: true, account_age: Span::days(30), total: 5_000, ..Facts::default() }
    }

    fn check(change: impl Fn(&mut Facts), want: &[(&str, i64)]) {
        let mut facts = plain();
        change(&mut facts);
        let found: Vec<(&str, i64)> =
            hints(&facts).iter().map(|hint| (hint.kind.code(), hint.n)).collect();
        assert_eq!(found, want, "{facts:?}");
    }

    #[test]
    fn a_hint_is_a_number_that_passed_its_threshold() {
        check(|_| (), &[]);
        check(|f| f.delivers = false, &[("no_delivery", 1)]);
        check(|f| f.from_phone = 4, &[]);
        check(|f| f.from_phone = 5, &[("many_from_phone", 5)]);
        check(|f| f.to_place = 5, &[("many_to_place", 5)]);
        check(|f| f.accounts_at_place = 2, &[]);
        check(|f| f.accounts_at_place = 3, &[("accounts_at_place", 3)]);
        check(|f| f.team_at_place = 1, &[("team_at_place", 1)]);
        check(|f| f.failed = 2, &[]);
        check(|f| f.failed = 3, &[("failed_payments", 3)]);
    }

    #[test]
    fn dear_is_odd_for_the_new_and_where_there_is_something_usual() {
        let dear = |age: Span, usual| move |f: &mut Facts| (f.account_age, f.usual) = (age, usual);
        check(dear(Span::hours(1), Some(1_000)), &[("new_and_dear", 5)]);
        check(dear(Span::hours(24), Some(1_000)), &[]);
        check(dear(Span::hours(1), Some(1_001)), &[]);
        check(dear(Span::hours(1), None), &[]);
        check(dear(Span::hours(1), Some(0)), &[]);
    }

    #[test]
    fn returns_are_odd_when_there_are_enough_orders() {
        let of =
            |paid, back| move |f: &mut Facts| (f.paid_orders, f.returned_orders) = (paid, back);
        check(of(3, 3), &[]);
        check(of(4, 1), &[]);
        check(of(4, 2), &[("many_returns", 50)]);
    }

    #[test]
    fn kinds_are_read_back_by_their_codes() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.code()), Some(kind));
        }
        assert_eq!(Kind::parse("robot"), None);
    }
}
