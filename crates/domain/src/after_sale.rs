//! After-sale: what a buyer may ask for when goods are not right, who answers until when, and what
//! a part of a line is worth.
//!
//! People call it a *return*. Each one moves through its states; a move is a row that says who,
//! when and why. What runs out by time is judged by the clock, whoever looks first.

use serde::{Deserialize, Serialize};

use crate::id::Kind as IdKind;
use crate::moment::{Moment, Span};
use crate::money::Money;
use crate::order;

/// What a buyer asks for about goods of one order.
pub struct AfterSale;
impl IdKind for AfterSale {
    const PREFIX: &'static str = "aft";
}
crate::id::described!(AfterSale);

/// What the buyer would like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ReturnKind))]
pub enum Kind {
    /// Money back; the goods stay where they are.
    RefundOnly,
    /// The goods come back, then the money does.
    ReturnAndRefund,
    /// The goods come back, and others go out.
    Exchange,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::RefundOnly, Kind::ReturnAndRefund, Kind::Exchange];

    pub fn code(self) -> &'static str {
        match self {
            Kind::RefundOnly => "refund_only",
            Kind::ReturnAndRefund => "return_and_refund",
            Kind::Exchange => "exchange",
        }
    }

    pub fn parse(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether the goods travel back.
    pub fn sends_back(self) -> bool {
        self != Kind::RefundOnly
    }
}

/// Why the buyer asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ReturnReason))]
pub enum Reason {
    /// No reason at all, within seven days: the law gives it.
    NotWanted,
    Damaged,
    WrongItem,
    NotAsDescribed,
    NotReceived,
    Quality,
    Other,
}

impl Reason {
    pub const ALL: [Reason; 7] = [
        Reason::NotWanted,
        Reason::Damaged,
        Reason::WrongItem,
        Reason::NotAsDescribed,
        Reason::NotReceived,
        Reason::Quality,
        Reason::Other,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Reason::NotWanted => "not_wanted",
            Reason::Damaged => "damaged",
            Reason::WrongItem => "wrong_item",
            Reason::NotAsDescribed => "not_as_described",
            Reason::NotReceived => "not_received",
            Reason::Quality => "quality",
            Reason::Other => "other",
        }
    }

    pub fn parse(code: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ReturnStatus))]
pub enum Status {
    /// Staff are to answer.
    Requested,
    /// Agreed. Without goods to come back, the money is on its way.
    Approved,
    /// Staff said no; the buyer may ask the owner.
    Refused,
    /// The owner is to decide.
    Escalated,
    /// The buyer is to send the goods.
    AwaitingReturn,
    /// The parcel is on its way back.
    Returned,
    /// The goods are here; the money is on its way, or others are to be sent.
    Received,
    /// The money is back.
    Refunded,
    /// Others were sent instead.
    Replaced,
    Closed,
    /// The buyer took it back.
    Withdrawn,
}

use Status::*;

impl Status {
    pub const ALL: [Status; 11] = [
        Requested,
        Approved,
        Refused,
        Escalated,
        AwaitingReturn,
        Returned,
        Received,
        Refunded,
        Replaced,
        Closed,
        Withdrawn,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Requested => "requested",
            Approved => "approved",
            Refused => "refused",
            Escalated => "escalated",
            AwaitingReturn => "awaiting_return",
            Returned => "returned",
            Received => "received",
            Refunded => "refunded",
            Replaced => "replaced",
            Closed => "closed",
            Withdrawn => "withdrawn",
        }
    }

    pub fn parse(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// The states that may follow this one.
    pub fn next(self) -> &'static [Status] {
        match self {
            Requested => &[Approved, Refused, Escalated, Closed, Withdrawn],
            Approved => &[AwaitingReturn, Received, Refunded],
            Refused => &[Escalated, Closed],
            Escalated => &[Approved, Refused, Closed, Withdrawn],
            AwaitingReturn => &[Returned, Closed, Withdrawn],
            Returned => &[Received, Escalated],
            Received => &[Refunded, Replaced],
            Refunded | Replaced => &[Closed],
            Closed | Withdrawn => &[],
        }
    }

    pub fn may_become(self, next: Status) -> bool {
        self.next().contains(&next)
    }

    /// Whether nothing more will come of it, so that the order may be completed.
    pub fn is_settled(self) -> bool {
        matches!(self, Refunded | Replaced | Closed | Withdrawn)
    }
}

/// Who may be asked, and until when: staff answer within this time, or the owner decides.
pub const ANSWER_WINDOW: Span = Span::hours(48);
/// A refusal can be taken to the owner this long.
pub const ESCALATION_WINDOW: Span = Span::days(7);
/// The goods are sent back within this time of the approval, or nothing comes of it.
pub const SEND_BACK_WINDOW: Span = Span::days(7);
/// Once a parcel has a number, its goods count as received this much later.
pub const ARRIVAL_WINDOW: Span = Span::days(7);
/// What is to be sent instead is sent within this time, or the money goes back.
pub const REPLACE_WINDOW: Span = Span::days(7);
/// What ended well is put away after this time.
pub const CLOSE_WINDOW: Span = Span::days(15);
/// Whole days after the day of delivery on which goods go back without a reason (CN-RET-01).
pub const NO_REASON_DAYS: i64 = 7;
/// Whole days after the day of delivery on which goods can be found not right.
pub const TROUBLE_DAYS: i64 = 30;
/// Pictures of what is wrong.
pub const MOST_PICTURES: usize = 6;
/// Characters of what is told.
pub const LONGEST_TEXT: usize = 1_000;

/// Why there is no return, or it does not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is in this state, from which that cannot be done.
    NotNow(Status),
    /// The order is in this state, in which nothing is returned.
    NotReturnable(order::Status),
    /// The days for it are over.
    TooLate,
    /// Nothing was chosen, or something twice.
    NoLines,
    /// Only this many units of the line are not asked for yet.
    OnlyLeft(i64),
    /// An amount is from nothing up to this many minor units.
    BadAmount(i64),
    /// That reason does not go with what is asked for.
    BadReason,
    /// What is wrong has to be told, in at most 1,000 characters.
    BadText,
    /// Up to six pictures that can be read.
    BadPictures,
    /// What is sent instead is a variant of the same product at the same price.
    BadExchange,
    /// Staff say why.
    NoReason,
    /// The shop has not said yet where goods go back to.
    NoAddress,
    /// Every unit that came back is either fine or not.
    BadCount,
    /// A return of the order is open, and is finished first.
    StillOpen,
}

/// Whether a return in `from` may move to `to`.
pub fn may_move(from: Status, to: Status) -> Result<(), Refusal> {
    if from.may_become(to) { Ok(()) } else { Err(Refusal::NotNow(from)) }
}

/// How long a return may stay in a state, when time ends it.
pub fn time_in(status: Status, kind: Kind) -> Option<Span> {
    match status {
        Requested => Some(ANSWER_WINDOW),
        Refused => Some(ESCALATION_WINDOW),
        AwaitingReturn => Some(SEND_BACK_WINDOW),
        Returned => Some(ARRIVAL_WINDOW),
        Received if kind == Kind::Exchange => Some(REPLACE_WINDOW),
        Refunded | Replaced => Some(CLOSE_WINDOW),
        // The owner takes the time it needs; money on its way is the refund's business.
        Approved | Received | Escalated | Closed | Withdrawn => None,
    }
}

/// What time makes of a return that was left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overdue {
    /// Nobody answered: the owner decides.
    Escalate,
    /// Nothing comes of it any more.
    Close,
    /// Its goods count as received.
    Receive,
    /// Nothing was sent instead: the money goes back.
    PayInstead,
}

/// What follows when the time in a state is over; `None` where time ends nothing.
pub fn overdue(status: Status) -> Option<Overdue> {
    match status {
        Requested => Some(Overdue::Escalate),
        Refused | AwaitingReturn | Refunded | Replaced => Some(Overdue::Close),
        Returned => Some(Overdue::Receive),
        Received => Some(Overdue::PayInstead),
        Approved | Escalated | Closed | Withdrawn => None,
    }
}

/// Whether its buyer may take it back: before money or goods have moved.
pub fn may_withdraw(status: Status) -> Result<(), Refusal> {
    may_move(status, Withdrawn)
}

/// What is known about an order when something of it is to go back.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub order: order::Status,
    pub delivered_at: Option<Moment>,
    /// How far the shop's clocks are ahead of UTC.
    pub zone: Span,
}

/// Whether a return of this kind may be asked for, for this reason, now.
pub fn may_ask(at: Standing, kind: Kind, reason: Reason, now: Moment) -> Result<(), Refusal> {
    if !at.order.may_return() {
        return Err(Refusal::NotReturnable(at.order));
    }
    let fits = match (reason, kind) {
        // What never came cannot go back, and after it was received it did come.
        (Reason::NotReceived, Kind::RefundOnly) => at.order == order::Status::Shipped,
        (Reason::NotReceived, _) => false,
        // Whoever keeps the goods says what is wrong with them.
        (Reason::NotWanted, Kind::RefundOnly | Kind::Exchange) => false,
        _ => true,
    };
    if !fits {
        return Err(Refusal::BadReason);
    }
    let days = if reason == Reason::NotWanted { NO_REASON_DAYS } else { TROUBLE_DAYS };
    match at.delivered_at {
        Some(delivered) if now >= ends_after_days(delivered, days, at.zone) => {
            Err(Refusal::TooLate)
        }
        // While the parcel is on its way, no window has begun to close.
        _ => Ok(()),
    }
}

/// The first moment after so many whole days that follow the day of `from`: delivered on the 1st,
/// seven days end as the 9th begins.
pub fn ends_after_days(from: Moment, days: i64, zone: Span) -> Moment {
    let day = Span::days(1).0;
    let local = from.plus(zone).0;
    let midnight = local - local.rem_euclid(day);
    Moment(midnight).plus(Span::days(days + 1)).minus(zone)
}

/// What `units` of the `units_left` are worth, of what is left of their line. Taking them in any
/// portions gives exactly the whole.
pub fn share(left: Money, units_left: i64, units: i64) -> Money {
    assert!(0 < units && units <= units_left, "nobody shares what is not there");
    left.split(&[units, units_left - units])[0]
}

/// Whether an amount can be given for something worth `worth`.
pub fn check_amount(amount: i64, worth: i64) -> Result<(), Refusal> {
    if (0..=worth).contains(&amount) { Ok(()) } else { Err(Refusal::BadAmount(worth)) }
}

/// What a buyer tells, with line breaks and without the space around it.
pub fn check_text(text: &str, reason: Reason) -> Result<String, Refusal> {
    let text = text.trim();
    let told = !text.is_empty() || reason != Reason::Other;
    let fits = text.chars().count() <= LONGEST_TEXT
        && text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    if told && fits { Ok(text.to_string()) } else { Err(Refusal::BadText) }
}

/// How units came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Can be sold again.
    pub sellable: i64,
    /// Cannot.
    pub damaged: i64,
}

/// Whether every unit is accounted for once.
pub fn check_condition(units: i64, condition: Condition) -> Result<(), Refusal> {
    let Condition { sellable, damaged } = condition;
    let counts = sellable >= 0 && damaged >= 0 && sellable <= units;
    if counts && units - sellable == damaged { Ok(()) } else { Err(Refusal::BadCount) }
}

#[cfg(test)]
mod tests;
