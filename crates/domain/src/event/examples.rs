//! One of each fact: what the references are written from, and what a test event says.

use super::Fact;
use crate::bargain;
use crate::campaign;
use crate::customer::Purpose;
use crate::group_buy::TeamStatus;
use crate::id::Id;
use crate::money::{Currency, Money};
use crate::{after_sale, order, share};

impl Fact {
    /// One of each that there can be, in the order of the register.
    pub fn examples() -> Vec<Fact> {
        let amount = Money::new(1_990, Currency::Cny);
        let (order, person, payment, refund) = (Id::new(1), Id::new(1), Id::new(1), Id::new(1));
        let to = order::Status::PendingPayment;
        let mut facts = vec![
            Fact::PersonJoined { person },
            Fact::SignedIn { person },
            Fact::PersonMerged { person, into: Id::new(2) },
            Fact::PersonErased { person },
            Fact::ConsentChanged { person, purpose: Purpose::MarketingEmail, given: true },
            Fact::ProductChanged { product: Id::new(1) },
            Fact::StockChanged { variant: Id::new(1) },
            Fact::OrderMoved { order, person, seq: 1, from: None, to },
        ];
        // An order is placed into its first state, and moves into the others.
        let moves =
            order::Status::ALL.into_iter().filter(|to| *to != order::Status::PendingPayment);
        facts.extend(moves.map(|to| {
            let before = order::Status::ALL.into_iter().find(|from| from.next().contains(&to));
            let from = Some(before.unwrap_or(order::Status::PendingPayment));
            Fact::OrderMoved { order, person, seq: 2, from, to }
        }));
        facts.extend([
            Fact::PaymentCaptured { payment, order, amount },
            Fact::PaymentFailed { payment, order },
            Fact::RefundAsked { refund, order, amount },
            Fact::RefundPaid { refund, order, amount },
        ]);
        let requested = after_sale::Status::Requested;
        facts.extend(after_sale::Status::ALL.into_iter().map(|to| {
            let before = after_sale::Status::ALL.into_iter().find(|from| from.next().contains(&to));
            let from = before.filter(|_| to != requested);
            let seq = if from.is_some() { 2 } else { 1 };
            Fact::ReturnMoved { after_sale: Id::new(1), order, person, seq, from, to }
        }));
        let states = campaign::Status::ALL.iter().copied();
        facts.extend(states.map(|to| Fact::GroupBuyMoved { group_buy: Id::new(1), to }));
        let states = campaign::Status::ALL.iter().copied();
        facts.extend(states.map(|to| Fact::CampaignMoved { campaign: Id::new(1), to }));
        let states = TeamStatus::ALL.iter().copied();
        facts.extend(states.map(|status| Fact::TeamChanged { team: Id::new(1), seq: 1, status }));
        let states = bargain::Status::ALL.iter().copied();
        let bargain = Id::new(1);
        facts.extend(states.map(|status| Fact::BargainChanged { bargain, seq: 1, status }));
        let (review, product) = (Id::new(1), Id::new(1));
        facts.extend([
            Fact::FissionChanged { fission: Id::new(1), seq: 1 },
            Fact::ReviewWritten { review, product, seq: 1 },
            Fact::ReviewFollowedUp { review, product, seq: 2 },
            Fact::ReviewAnswered { review, product, seq: 2 },
            Fact::ReviewHidden { review, product, seq: 2 },
            Fact::ReviewShown { review, product, seq: 3 },
            Fact::LinkVisited {
                sharer: person,
                object: share::Object::Team,
                object_id: 1,
                within: None,
            },
            Fact::CaseOpened { case: Id::new(1) },
        ]);
        facts
    }

    /// Every name there is, in the order of the register.
    pub fn names() -> Vec<String> {
        Fact::examples().iter().map(Fact::name).collect()
    }
}
