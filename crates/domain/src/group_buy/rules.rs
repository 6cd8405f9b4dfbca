//! The rules shown to shoppers, made from the settings: what is shown is what is enforced.

use super::terms::{LatePolicy, Terms, WhoJoins, WhoOpens};
use crate::moment::Span;
use crate::rate::Rate;

/// One sentence of the rules, to be said in the reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clause {
    /// So many people make a team, within so long.
    Team {
        need: i64,
        life: Span,
    },
    /// With so many people the price falls by so much; the difference is refunded.
    Tier {
        size: i64,
        off: Rate,
    },
    /// A place is held so long for its payment.
    PayWindow(Span),
    BuyersOpen,
    NewCustomersJoin,
    Limits {
        per_order: i64,
        per_person: i64,
    },
    /// The leader's order costs so much less (minor units of the shop's currency).
    LeaderOff(i64),
    /// The merchant delivers to so many all the same.
    LoweredTo(i64),
    /// If the team does not fill, everyone is refunded in full to where the money came from.
    Refund,
    /// Leaving before the team is complete refunds and frees the place.
    Leaving,
    LateRefund,
    LateOtherTeam,
    LateNewTeam,
    /// Group orders take no coupon and no points.
    NoCoupons,
    Listed,
}

/// The rules of a group buy with these settings, in reading order.
pub fn rules(terms: &Terms) -> Vec<Clause> {
    let mut clauses = vec![Clause::Team { need: terms.need, life: terms.life }];
    clauses.extend(terms.tiers.iter().map(|tier| Clause::Tier { size: tier.size, off: tier.off }));
    clauses.push(Clause::PayWindow(terms.pay_window));
    if terms.open_by == WhoOpens::Buyers {
        clauses.push(Clause::BuyersOpen);
    }
    if terms.join_by == WhoJoins::NewCustomers {
        clauses.push(Clause::NewCustomersJoin);
    }
    clauses.push(Clause::Limits { per_order: terms.per_order, per_person: terms.per_person });
    if terms.leader_off > 0 {
        clauses.push(Clause::LeaderOff(terms.leader_off));
    }
    if let Some(lowered) = terms.lowered_to {
        clauses.push(Clause::LoweredTo(lowered));
    }
    clauses.push(Clause::Refund);
    clauses.push(Clause::Leaving);
    clauses.push(match terms.late {
        LatePolicy::Refund => Clause::LateRefund,
        LatePolicy::OtherTeam => Clause::LateOtherTeam,
        LatePolicy::NewTeam => Clause::LateNewTeam,
    });
    clauses.push(Clause::NoCoupons);
    if terms.listed {
        clauses.push(Clause::Listed);
    }
    clauses
}
