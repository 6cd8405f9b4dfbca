//! Payments: what a provider's notice means, and what a payment that is late leads to.

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::money::Money;
use crate::order;

/// One attempt to be paid for an order.
pub struct Payment;
impl Kind for Payment {
    const PREFIX: &'static str = "pay";
}
crate::id::described!(Payment);

/// Money going back.
pub struct Refund;
impl Kind for Refund {
    const PREFIX: &'static str = "ref";
}
crate::id::described!(Refund);

/// The number of a provider, by which its clearing account is told from the others'. The sandbox is
/// 0, as it was when there was only one.
pub const PROVIDERS: &[(&str, i64)] =
    &[("sandbox", 0), ("stripe", 1), ("wechat", 2), ("alipay", 3)];

/// The name under which money comes without a provider: by bank transfer, or over the counter.
pub const OFFLINE: &str = "offline";

/// Under which names orders are paid without a provider, so that none is ever asked about them and
/// none has them on a statement: the two purses of a wallet, and staff by hand.
pub const WITHOUT_PROVIDER: [&str; 3] = ["store_credit", "prepaid", OFFLINE];

/// The number of a provider by its name; one that is not listed shares the first account.
pub fn provider_number(name: &str) -> i64 {
    assert!(!WITHOUT_PROVIDER.contains(&name), "it is no provider's");
    PROVIDERS.iter().find(|(known, _)| *known == name).map_or(0, |(_, number)| *number)
}

/// The name of the provider with this number.
pub fn provider_name(number: i64) -> Option<&'static str> {
    PROVIDERS.iter().find(|(_, known)| *known == number).map(|(name, _)| *name)
}

/// Something for a person to look at.
pub struct Case;
impl Kind for Case {
    const PREFIX: &'static str = "cse";
}
crate::id::described!(Case);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = PaymentStatus))]
pub enum Status {
    /// Asked of the provider, not answered yet.
    Pending,
    Captured,
    /// The last try failed; the buyer may try again.
    Failed,
    /// Closed at the provider: it can no longer be paid there.
    Closed,
}

impl Status {
    pub fn code(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Captured => "captured",
            Status::Failed => "failed",
            Status::Closed => "closed",
        }
    }

    pub fn parse(code: &str) -> Option<Status> {
        [Status::Pending, Status::Captured, Status::Failed, Status::Closed]
            .into_iter()
            .find(|status| status.code() == code)
    }
}

/// Why a payment cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The order is in this state and cannot be paid.
    NotPayable(order::Status),
    /// There is no such way to pay, or not for this order.
    NoSuchMethod,
    /// Staff say what proves that money came or went.
    NoProof,
    /// The notice's signature is wrong or its time is too far off.
    BadSignature,
    /// The notice cannot be read.
    BadNotice,
    /// The provider does not answer; nothing was lost, try again.
    ProviderDown,
}

/// What a provider says about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Paid(Money),
    /// Paid in a currency that no shop of ours sells in.
    PaidStrangely,
    Failed,
    Closed,
}

/// What a notice leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing new.
    Known,
    /// Money came for an order that waits for it.
    Settle,
    /// Money came for an order that has ended unpaid: see `late`.
    Late,
    /// Money came for an order that is already paid, or of which something else is due by now: it
    /// goes back.
    Surplus,
    /// Money of another amount or currency: a case for a person; nothing else moves.
    Mismatch,
    /// The try failed, the order still waits.
    Fail,
    /// The provider has closed it.
    Close,
}

/// What it means that a provider says `said` about a payment of `asked` in state `payment`, whose
/// order is in state `order` and still waits for `due` from providers. Late, repeated and
/// disordered notices all end in the same state.
pub fn meaning(
    payment: Status,
    asked: Money,
    (order, due): (order::Status, Money),
    said: Said,
) -> Meaning {
    match said {
        // Also after the right amount came: which of the two came first must not matter.
        Said::Paid(amount) if amount != asked => Meaning::Mismatch,
        Said::PaidStrangely => Meaning::Mismatch,
        _ if payment == Status::Captured => Meaning::Known,
        Said::Paid(_) => match order {
            order::Status::PendingPayment if asked == due => Meaning::Settle,
            order::Status::Cancelled => Meaning::Late,
            _ => Meaning::Surplus,
        },
        Said::Failed if payment == Status::Pending => Meaning::Fail,
        Said::Closed if payment != Status::Closed => Meaning::Close,
        Said::Failed | Said::Closed => Meaning::Known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency::{Cny, Usd};

    #[test]
    fn notices_mean_one_thing_each() {
        use Meaning::*;
        use order::Status::{Cancelled, PendingPayment, ToShip};
        let asked = Money::new(3_900, Cny);
        let paid = Said::Paid(asked);
        let check = |payment, order, said, want| {
            assert_eq!(
                meaning(payment, asked, (order, asked), said),
                want,
                "{payment:?} {order:?} {said:?}"
            );
        };
        check(Status::Pending, PendingPayment, paid, Settle);
        // A failed try does not forbid the next one under the same reference.
        check(Status::Failed, PendingPayment, paid, Settle);
        check(Status::Closed, Cancelled, paid, Late);
        check(Status::Pending, ToShip, paid, Surplus);
        check(Status::Captured, ToShip, paid, Known);
        // Out of order: the failure of an earlier try arrives after the success.
        check(Status::Captured, ToShip, Said::Failed, Known);
        check(Status::Captured, ToShip, Said::Closed, Known);
        check(Status::Pending, PendingPayment, Said::Paid(Money::new(3_899, Cny)), Mismatch);
        check(Status::Pending, PendingPayment, Said::Paid(Money::new(3_900, Usd)), Mismatch);
        check(Status::Captured, ToShip, Said::Paid(Money::new(3_899, Cny)), Mismatch);
        check(Status::Pending, PendingPayment, Said::PaidStrangely, Mismatch);
        check(Status::Captured, ToShip, Said::PaidStrangely, Mismatch);
        check(Status::Pending, PendingPayment, Said::Failed, Fail);
        check(Status::Pending, Cancelled, Said::Closed, Close);
        check(Status::Closed, Cancelled, Said::Failed, Known);
        check(Status::Closed, Cancelled, Said::Closed, Known);
        check(Status::Failed, PendingPayment, Said::Failed, Known);
        check(Status::Failed, PendingPayment, Said::Closed, Close);
        // Since it was begun, the buyer chose to pay a part from their wallet.
        let less = Money::new(2_000, Cny);
        assert_eq!(meaning(Status::Closed, asked, (PendingPayment, less), paid), Surplus);
    }

    #[test]
    fn money_for_another_price_goes_back() {
        use Meaning::*;
        use order::Status::*;
        let (asked, due) = (Money::new(3_900, Cny), Money::new(3_500, Cny));
        let check = |payment, order, said, want| {
            assert_eq!(meaning(payment, asked, (order, due), said), want, "{payment:?} {order:?}");
            assert_eq!(meaning(payment, asked, (order, Money::new(4_500, Cny)), said), want);
        };
        let paid = Said::Paid(asked);
        check(Status::Closed, PendingPayment, paid, Surplus);
        check(Status::Pending, PendingPayment, paid, Surplus);
        check(Status::Pending, ToShip, paid, Surplus);
        check(Status::Pending, PendingPayment, Said::Paid(due), Mismatch);
        check(Status::Pending, PendingPayment, Said::Failed, Fail);
        check(Status::Pending, PendingPayment, Said::Closed, Close);
        check(Status::Captured, PendingPayment, paid, Known);
        // Of an order that has ended, `late` asks whether it is the whole of what it cost.
        check(Status::Closed, Cancelled, paid, Late);
    }

    #[test]
    fn every_provider_has_a_number_of_its_own() {
        for (name, number) in PROVIDERS {
            assert_eq!((provider_number(name), provider_name(*number)), (*number, Some(*name)));
        }
        assert_eq!((provider_number("alipay"), provider_number("nobody")), (3, 0));
        assert_eq!(provider_name(99), None);
    }

    #[test]
    fn states_are_read_back_by_their_codes() {
        let states = ["pending", "captured", "failed", "closed"];
        for code in states {
            assert_eq!(Status::parse(code).map(Status::code), Some(code));
        }
        assert_eq!(Status::parse("paid"), None);
    }
}
