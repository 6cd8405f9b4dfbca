//! Orders: the states one goes through, and who may move it.
//!
//! Nobody writes a state: an order moves, and each move is a row that says who, when and why.

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::moment::Span;

/// What somebody bought, or is about to pay for.
pub struct Order;
impl Kind for Order {
    const PREFIX: &'static str = "ord";
}
crate::id::described!(Order);

/// One variant in an order.
pub struct Line;
impl Kind for Line {
    const PREFIX: &'static str = "oln";
}
crate::id::described!(Line);

/// A parcel on its way.
pub struct Shipment;
impl Kind for Shipment {
    const PREFIX: &'static str = "shp";
}
crate::id::described!(Shipment);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = OrderStatus))]
pub enum Status {
    PendingPayment,
    /// Paid a moment ago: it goes on at once to `AwaitingTeam`, `AwaitingTaker` or `ToShip`.
    Paid,
    /// Paid, and its team is not complete yet.
    AwaitingTeam,
    /// Paid as a gift, and nobody has said where it goes.
    AwaitingTaker,
    ToShip,
    Shipped,
    Delivered,
    /// Received, and the shop has its money.
    Completed,
    /// Ended unpaid.
    Cancelled,
    /// Its money is on the way back.
    Refunding,
    Refunded,
    /// Money came after it had ended, and there was nothing to give for it: it goes back.
    LatePaid,
}

use Status::*;

impl Status {
    pub const ALL: [Status; 12] = [
        PendingPayment,
        Paid,
        AwaitingTeam,
        AwaitingTaker,
        ToShip,
        Shipped,
        Delivered,
        Completed,
        Cancelled,
        Refunding,
        Refunded,
        LatePaid,
    ];

    pub fn code(self) -> &'static str {
        match self {
            PendingPayment => "pending_payment",
            Paid => "paid",
            AwaitingTeam => "awaiting_team",
            AwaitingTaker => "awaiting_taker",
            ToShip => "to_ship",
            Shipped => "shipped",
            Delivered => "delivered",
            Completed => "completed",
            Cancelled => "cancelled",
            Refunding => "refunding",
            Refunded => "refunded",
            LatePaid => "late_paid",
        }
    }

    pub fn parse(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// The states that may follow this one. `Cancelled → Paid` is late money for which everything
    /// was still there (MECHANICS §1.3).
    pub fn next(self) -> &'static [Status] {
        match self {
            PendingPayment => &[Paid, Cancelled],
            Paid => &[AwaitingTeam, AwaitingTaker, ToShip],
            AwaitingTeam | AwaitingTaker => &[ToShip, Refunding],
            ToShip => &[Shipped, Delivered, Refunding],
            Shipped => &[Delivered, Completed, Refunding],
            Delivered => &[Completed, Refunding],
            Completed => &[Refunding],
            Cancelled => &[Paid, LatePaid],
            Refunding => &[Refunded],
            Refunded | LatePaid => &[],
        }
    }

    pub fn may_become(self, next: Status) -> bool {
        self.next().contains(&next)
    }

    /// Whether something of it can be returned: it is on its way, or there.
    pub fn may_return(self) -> bool {
        matches!(self, Shipped | Delivered | Completed)
    }

    /// Whether somebody's money is (or was) in it.
    pub fn is_paid(self) -> bool {
        !matches!(self, PendingPayment | Cancelled)
    }
}

/// Who moved an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Actor {
    Shopper,
    Staff,
    /// A payment provider's notice.
    Provider,
    /// Time, or another rule.
    System,
}

impl Actor {
    pub fn code(self) -> &'static str {
        match self {
            Actor::Shopper => "shopper",
            Actor::Staff => "staff",
            Actor::Provider => "provider",
            Actor::System => "system",
        }
    }

    pub fn parse(code: &str) -> Option<Actor> {
        [Actor::Shopper, Actor::Staff, Actor::Provider, Actor::System]
            .into_iter()
            .find(|actor| actor.code() == code)
    }
}

/// Why an order does not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is in this state, from which that cannot be done.
    NotNow(Status),
    /// There is nothing in the cart.
    NothingToOrder,
    /// A price changed since the buyer saw it.
    PriceChanged,
    /// The address lacks something.
    BadAddress,
    /// No such way to ship, or no such place to fetch goods.
    BadShipping,
    /// Nothing is delivered to the address in that way.
    NotDelivered,
    /// A gift's card has more than 300 characters.
    CardTooLong,
    /// Parcels of it are on their way: what is in them comes back first.
    PartlyShipped,
    /// No such line, or more units than are left to be shipped.
    BadParcel,
    /// No order waits to be fetched with this code.
    NoSuchPickup,
    /// A tracking number is 4 to 60 letters, digits or hyphens.
    BadTracking,
    /// The team is not complete: leaving it is offered instead.
    AwaitsTeam,
    /// It is a gift that nobody has taken: it goes nowhere yet.
    AwaitsTaker,
    /// The note is longer than 500 characters.
    NoteTooLong,
}

/// How long an ordinary order waits for its payment.
pub const PAY_WINDOW: Span = Span::minutes(30);
/// After shipping, receipt is taken as confirmed this much later (担保交易).
pub const RECEIPT_WINDOW: Span = Span::days(15);
/// After confirmed receipt the order is completed and the shop has its money this much later:
/// the window of the seven-day no-reason return.
pub const AFTER_SALE_WINDOW: Span = Span::days(7);

/// Whether an order in `from` may move to `to`.
pub fn may_move(from: Status, to: Status) -> Result<(), Refusal> {
    if from.may_become(to) { Ok(()) } else { Err(Refusal::NotNow(from)) }
}

/// Whether a buyer may end an order now, and how: before payment it is cancelled, while the team
/// is incomplete it leaves the team, before shipping it is refunded.
pub fn ending(status: Status) -> Result<Ending, Refusal> {
    match status {
        PendingPayment => Ok(Ending::Cancel),
        AwaitingTeam => Ok(Ending::LeaveTeam),
        ToShip | AwaitingTaker => Ok(Ending::Refund),
        other => Err(Refusal::NotNow(other)),
    }
}

/// How an order can be ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Cancel,
    LeaveTeam,
    Refund,
}

/// Whether a parcel's number can be one.
pub fn check_tracking(number: &str) -> Result<(), Refusal> {
    let fits = (4..=60).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits { Ok(()) } else { Err(Refusal::BadTracking) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: Status, to: Status, may: bool) {
        assert_eq!(may_move(from, to).is_ok(), may, "{from:?} → {to:?}");
    }

    #[test]
    fn orders_move_as_they_should() {
        check(PendingPayment, Paid, true);
        check(PendingPayment, ToShip, false);
        check(AwaitingTeam, Shipped, false);
        check(AwaitingTeam, Refunding, true);
        check(Refunded, Paid, false);
        check(LatePaid, Paid, false);
        check(Shipped, Cancelled, false);
        check(Cancelled, Shipped, false);
    }

    #[test]
    fn no_state_leads_back_to_before_payment_and_ends_are_ends() {
        for status in Status::ALL {
            assert!(!status.may_become(PendingPayment), "{status:?}");
            assert_eq!(Status::parse(status.code()), Some(status));
            for next in status.next() {
                let keeps_money = !status.is_paid() || next.is_paid();
                assert!(keeps_money, "{status:?} → {next:?} forgets a payment");
            }
        }
    }

    /// Every pair of states, so that a way that opens or closes is seen.
    #[test]
    fn these_are_all_the_ways_an_order_goes() {
        let all = "
            pending_payment > paid cancelled
            paid > awaiting_team awaiting_taker to_ship
            awaiting_team > to_ship refunding
            awaiting_taker > to_ship refunding
            to_ship > shipped delivered refunding
            shipped > delivered completed refunding
            delivered > completed refunding
            completed > refunding
            cancelled > paid late_paid
            refunding > refunded
            refunded >
            late_paid >";
        for line in all.lines().filter(|line| !line.trim().is_empty()) {
            let (from, ways) = line.split_once('>').unwrap();
            let from = Status::parse(from.trim()).unwrap();
            let ways: Vec<&str> = ways.split_whitespace().collect();
            for to in Status::ALL {
                check(from, to, ways.contains(&to.code()));
            }
        }
        assert_eq!(may_move(Refunded, Paid), Err(Refusal::NotNow(Refunded)));
    }

    #[test]
    fn a_buyer_ends_an_order_by_what_has_happened_to_it() {
        for status in Status::ALL {
            let ends = match status.code() {
                "pending_payment" => Ok(Ending::Cancel),
                "awaiting_team" => Ok(Ending::LeaveTeam),
                "to_ship" | "awaiting_taker" => Ok(Ending::Refund),
                _ => Err(Refusal::NotNow(status)),
            };
            assert_eq!(ending(status), ends);
        }
        let unpaid: Vec<&str> =
            Status::ALL.iter().filter(|status| !status.is_paid()).map(|one| one.code()).collect();
        assert_eq!(unpaid, ["pending_payment", "cancelled"]);
        let there = Status::ALL.into_iter().filter(|status| status.may_return());
        let there: Vec<&str> = there.map(Status::code).collect();
        assert_eq!(there, ["shipped", "delivered", "completed"]);
    }

    #[test]
    fn those_who_move_orders_are_read_back_by_their_codes() {
        for code in ["shopper", "staff", "provider", "system"] {
            assert_eq!(Actor::parse(code).map(Actor::code), Some(code));
        }
        assert_eq!((Actor::parse("robot"), Status::parse("robot")), (None, None));
    }

    #[test]
    fn tracking_numbers() {
        assert!(check_tracking("SF1234567890").is_ok());
        assert!(check_tracking("12").is_err());
        assert!(check_tracking("SF 12345").is_err());
        assert!(check_tracking("123").is_err() && check_tracking("1-23").is_ok());
        assert!(check_tracking(&"9".repeat(60)).is_ok());
        assert!(check_tracking(&"9".repeat(61)).is_err());
    }
}
