//! The register of facts: everything the shop tells, in one list.
//!
//! A fact is told in the transaction that made it true. It has a name, something it is about and,
//! where that thing counts its changes, the number of the change.

use serde::{Deserialize, Serialize};

use crate::after_sale::{self, AfterSale};
use crate::bargain::{self, Launch};
use crate::campaign::{self, Campaign, Channel};
use crate::catalog::Product;
use crate::customer::Purpose;
use crate::fission::Fission;
use crate::group_buy::{self, GroupBuy, Team};
use crate::id::Id;
use crate::money::Money;
use crate::order::{self, Order};
use crate::payment::{Case, Payment, Refund};
use crate::person::Person;
use crate::review::Review;
use crate::share::Object;

mod examples;

/// One entry of the event log.
pub struct Event;
impl crate::id::Kind for Event {
    const PREFIX: &'static str = "evt";
}
crate::id::described!(Event);

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    PersonJoined {
        person: Id<Person>,
    },
    SignedIn {
        person: Id<Person>,
    },
    /// Two were made one: what was `person`'s is `into`'s.
    PersonMerged {
        person: Id<Person>,
        into: Id<Person>,
    },
    /// Somebody was forgotten: whoever knows more of them than a number forgets it too.
    PersonErased {
        person: Id<Person>,
    },
    /// Somebody allowed something, or took it back.
    ConsentChanged {
        person: Id<Person>,
        purpose: Purpose,
        given: bool,
    },
    ProductChanged {
        product: Id<Product>,
    },
    StockChanged {
        variant: Id<crate::catalog::Variant>,
    },
    /// An order was placed (`from` is empty) or moved.
    OrderMoved {
        order: Id<Order>,
        person: Id<Person>,
        seq: i64,
        from: Option<order::Status>,
        to: order::Status,
    },
    PaymentCaptured {
        payment: Id<Payment>,
        order: Id<Order>,
        amount: Money,
    },
    PaymentFailed {
        payment: Id<Payment>,
        order: Id<Order>,
    },
    RefundAsked {
        refund: Id<Refund>,
        order: Id<Order>,
        amount: Money,
    },
    RefundPaid {
        refund: Id<Refund>,
        order: Id<Order>,
        amount: Money,
    },
    /// A return was asked for (`from` is empty) or moved.
    ReturnMoved {
        after_sale: Id<AfterSale>,
        order: Id<Order>,
        person: Id<Person>,
        seq: i64,
        from: Option<after_sale::Status>,
        to: after_sale::Status,
    },
    GroupBuyMoved {
        group_buy: Id<GroupBuy>,
        to: campaign::Status,
    },
    CampaignMoved {
        campaign: Id<Campaign>,
        to: campaign::Status,
    },
    /// A team changed: a place was taken, paid, freed or left, or its outcome was decided.
    TeamChanged {
        team: Id<Team>,
        seq: i64,
        status: group_buy::TeamStatus,
    },
    /// A bargain changed: it began, was cut, used by an order or freed, or its outcome was decided.
    BargainChanged {
        bargain: Id<Launch>,
        seq: i64,
        status: bargain::Status,
    },
    /// A fission coupon changed: it was started, a part was taken, or it was closed.
    FissionChanged {
        fission: Id<Fission>,
        seq: i64,
    },
    /// A buyer reviewed what they received.
    ReviewWritten {
        review: Id<Review>,
        product: Id<Product>,
        seq: i64,
    },
    /// Its author added to a review.
    ReviewFollowedUp {
        review: Id<Review>,
        product: Id<Product>,
        seq: i64,
    },
    /// The shop answered a review, or put its answer differently.
    ReviewAnswered {
        review: Id<Review>,
        product: Id<Product>,
        seq: i64,
    },
    /// A review is hidden, for a ground that was recorded.
    ReviewHidden {
        review: Id<Review>,
        product: Id<Product>,
        seq: i64,
    },
    /// A review that was hidden is shown again.
    ReviewShown {
        review: Id<Review>,
        product: Id<Product>,
        seq: i64,
    },
    LinkVisited {
        sharer: Id<Person>,
        object: Object,
        object_id: i64,
        /// The app within which it was opened, where that was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<Channel>,
    },
    CaseOpened {
        case: Id<Case>,
    },
}

impl Fact {
    /// The fact's stable name, as webhooks and the log show it.
    pub fn name(&self) -> String {
        match self {
            Fact::PersonJoined { .. } => "person.joined".into(),
            Fact::SignedIn { .. } => "person.signed_in".into(),
            Fact::PersonMerged { .. } => "person.merged".into(),
            Fact::PersonErased { .. } => "person.erased".into(),
            Fact::ConsentChanged { .. } => "person.consent_changed".into(),
            Fact::ProductChanged { .. } => "product.changed".into(),
            Fact::StockChanged { .. } => "stock.changed".into(),
            Fact::OrderMoved { from: None, .. } => "order.placed".into(),
            Fact::OrderMoved { to, .. } => format!("order.{}", to.code()),
            Fact::PaymentCaptured { .. } => "payment.captured".into(),
            Fact::PaymentFailed { .. } => "payment.failed".into(),
            Fact::RefundAsked { .. } => "refund.asked".into(),
            Fact::RefundPaid { .. } => "refund.paid".into(),
            Fact::ReturnMoved { to, .. } => format!("return.{}", to.code()),
            Fact::GroupBuyMoved { to, .. } => format!("group_buy.{}", to.code()),
            Fact::CampaignMoved { to, .. } => format!("campaign.{}", to.code()),
            Fact::TeamChanged { status, .. } => format!("team.{}", status.code()),
            Fact::BargainChanged { status, .. } => format!("bargain.{}", status.code()),
            Fact::FissionChanged { .. } => "fission.changed".into(),
            Fact::ReviewWritten { .. } => "review.written".into(),
            Fact::ReviewFollowedUp { .. } => "review.followed_up".into(),
            Fact::ReviewAnswered { .. } => "review.answered".into(),
            Fact::ReviewHidden { .. } => "review.hidden".into(),
            Fact::ReviewShown { .. } => "review.shown".into(),
            Fact::LinkVisited { .. } => "link.visited".into(),
            Fact::CaseOpened { .. } => "case.opened".into(),
        }
    }

    /// Whether something that everybody is shown may look different now.
    pub fn is_on_show(&self) -> bool {
        match self {
            Fact::PersonErased { .. }
            | Fact::ProductChanged { .. }
            | Fact::StockChanged { .. }
            | Fact::OrderMoved { .. }
            | Fact::GroupBuyMoved { .. }
            | Fact::CampaignMoved { .. }
            | Fact::TeamChanged { .. }
            | Fact::ReviewWritten { .. }
            | Fact::ReviewFollowedUp { .. }
            | Fact::ReviewAnswered { .. }
            | Fact::ReviewHidden { .. }
            | Fact::ReviewShown { .. } => true,
            Fact::PersonJoined { .. }
            | Fact::SignedIn { .. }
            | Fact::PersonMerged { .. }
            | Fact::ConsentChanged { .. }
            | Fact::PaymentCaptured { .. }
            | Fact::PaymentFailed { .. }
            | Fact::RefundAsked { .. }
            | Fact::RefundPaid { .. }
            | Fact::ReturnMoved { .. }
            | Fact::BargainChanged { .. }
            | Fact::FissionChanged { .. }
            | Fact::LinkVisited { .. }
            | Fact::CaseOpened { .. } => false,
        }
    }

    /// What it is about, and the number of the change where they are counted.
    pub fn about(&self) -> (&'static str, i64, Option<i64>) {
        match self {
            Fact::PersonJoined { person }
            | Fact::SignedIn { person }
            | Fact::PersonMerged { person, .. }
            | Fact::PersonErased { person }
            | Fact::ConsentChanged { person, .. } => ("person", person.0, None),
            Fact::ProductChanged { product } => ("product", product.0, None),
            Fact::StockChanged { variant } => ("variant", variant.0, None),
            Fact::OrderMoved { order, seq, .. } => ("order", order.0, Some(*seq)),
            Fact::PaymentCaptured { payment, .. } | Fact::PaymentFailed { payment, .. } => {
                ("payment", payment.0, None)
            }
            Fact::RefundAsked { refund, .. } | Fact::RefundPaid { refund, .. } => {
                ("refund", refund.0, None)
            }
            Fact::ReturnMoved { after_sale, seq, .. } => ("return", after_sale.0, Some(*seq)),
            Fact::GroupBuyMoved { group_buy, .. } => ("group_buy", group_buy.0, None),
            Fact::CampaignMoved { campaign, .. } => ("campaign", campaign.0, None),
            Fact::TeamChanged { team, seq, .. } => ("team", team.0, Some(*seq)),
            Fact::BargainChanged { bargain, seq, .. } => ("bargain", bargain.0, Some(*seq)),
            Fact::FissionChanged { fission, seq } => ("fission", fission.0, Some(*seq)),
            Fact::ReviewWritten { review, seq, .. }
            | Fact::ReviewFollowedUp { review, seq, .. }
            | Fact::ReviewAnswered { review, seq, .. }
            | Fact::ReviewHidden { review, seq, .. }
            | Fact::ReviewShown { review, seq, .. } => ("review", review.0, Some(*seq)),
            Fact::LinkVisited { object, object_id, .. } => (object.code(), *object_id, None),
            Fact::CaseOpened { case } => ("case", case.0, None),
        }
    }
}
