//! Every fact the shop tells.

use domain::event::Fact;
use domain::group_buy::{self, TeamStatus};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::{order, share};

use super::opening;

/// What a fact says, in one sentence. The compiler asks for this when a fact is added.
fn meaning(fact: &Fact) -> &'static str {
    match fact {
        Fact::PersonJoined { .. } => "Somebody came in for the first time.",
        Fact::SignedIn { .. } => "Somebody signed in.",
        Fact::ProductChanged { .. } => "A product was made or changed.",
        Fact::StockChanged { .. } => "The stock of a variant changed.",
        Fact::OrderMoved { from: None, .. } => "An order was placed.",
        Fact::OrderMoved { .. } => "An order moved into this state.",
        Fact::PaymentCaptured { .. } => "A provider confirmed a payment.",
        Fact::PaymentFailed { .. } => "A payment failed at its provider.",
        Fact::RefundAsked { .. } => "Money is to go back.",
        Fact::RefundPaid { .. } => "Money went back.",
        Fact::GroupBuyMoved { .. } => "A group buy came into this state.",
        Fact::TeamChanged { .. } => {
            "A team changed and is in this state: a place was taken, paid, freed or left, or its \
             outcome was decided."
        }
        Fact::LinkVisited { .. } => "Somebody opened a share link.",
        Fact::CaseOpened { .. } => "There is something for a person to look at.",
    }
}

/// One of each.
fn facts() -> Vec<Fact> {
    let amount = Money::new(1, Currency::Cny);
    let (order, person, payment, refund) = (Id::new(1), Id::new(1), Id::new(1), Id::new(1));
    let mut facts = vec![
        Fact::PersonJoined { person },
        Fact::SignedIn { person },
        Fact::ProductChanged { product: Id::new(1) },
        Fact::StockChanged { variant: Id::new(1) },
        Fact::OrderMoved { order, person, seq: 1, from: None, to: order::Status::PendingPayment },
    ];
    // An order is placed into its first state, and moves into the others.
    let moves = order::Status::ALL.into_iter().filter(|to| *to != order::Status::PendingPayment);
    facts.extend(moves.map(|to| {
        let from = Some(order::Status::PendingPayment);
        Fact::OrderMoved { order, person, seq: 2, from, to }
    }));
    facts.extend([
        Fact::PaymentCaptured { payment, order, amount },
        Fact::PaymentFailed { payment, order },
        Fact::RefundAsked { refund, order, amount },
        Fact::RefundPaid { refund, order, amount },
    ]);
    let states = group_buy::Status::ALL.iter().copied();
    facts.extend(states.map(|to| Fact::GroupBuyMoved { group_buy: Id::new(1), to }));
    let states = TeamStatus::ALL.iter().copied();
    facts.extend(states.map(|status| Fact::TeamChanged { team: Id::new(1), seq: 1, status }));
    facts.extend([
        Fact::LinkVisited { sharer: person, object: share::Object::Team, object_id: 1 },
        Fact::CaseOpened { case: Id::new(1) },
    ]);
    facts
}

pub fn page() -> String {
    let mut page = opening("Events", "developers");
    page.push_str(
        "A fact is written in the transaction that made it true. `about` is what it is about; \
         where that thing counts its changes, the entry carries the number, without a gap.\n\n\
         | name | about | numbered | meaning |\n| --- | --- | --- | --- |\n",
    );
    for fact in facts() {
        let (about, _, seq) = fact.about();
        let numbered = if seq.is_some() { "yes" } else { "" };
        let (name, meaning) = (fact.name(), meaning(&fact));
        page.push_str(&format!("| `{name}` | {about} | {numbered} | {meaning} |\n"));
    }
    page
}
