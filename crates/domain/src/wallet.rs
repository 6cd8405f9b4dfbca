//! Wallets: what a shopper can pay with here.
//!
//! A wallet has two purses that are never mixed: *store credit*, which the shop gave, and *prepaid*
//! money, which its owner topped up. Credit is spent first. Prepaid money is only ever spent here
//! or goes back to where it came from; nothing moves between people (SPEC §2, RULES CN-PAY-02).

use serde::{Deserialize, Serialize};

use crate::id::Kind;
use crate::ledger::AccountKind;
use crate::moment::Span;
use crate::money::{Currency, Money};

/// Money that somebody tops up, from asking for it to the last cent that went back.
pub struct TopUp;
impl Kind for TopUp {
    const PREFIX: &'static str = "top";
}
crate::id::described!(TopUp);

/// Prepaid money on its way back to where it came from.
pub struct TopUpRefund;
impl Kind for TopUpRefund {
    const PREFIX: &'static str = "tpr";
}
crate::id::described!(TopUpRefund);

/// Store credit that was given, or taken back.
pub struct Grant;
impl Kind for Grant {
    const PREFIX: &'static str = "grt";
}
crate::id::described!(Grant);

/// One of the two parts of a wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Purse {
    /// Given by the shop.
    StoreCredit,
    /// Topped up by its owner.
    Prepaid,
}

impl Purse {
    /// In the order they are spent.
    pub const ALL: [Purse; 2] = [Purse::StoreCredit, Purse::Prepaid];

    /// Also the name under which it pays for orders.
    pub fn code(self) -> &'static str {
        self.account().code()
    }

    pub fn parse(code: &str) -> Option<Purse> {
        Self::ALL.into_iter().find(|purse| purse.code() == code)
    }

    /// Where its value is kept in the books.
    pub fn account(self) -> AccountKind {
        match self {
            Purse::StoreCredit => AccountKind::StoreCredit,
            Purse::Prepaid => AccountKind::Prepaid,
        }
    }
}

/// What of a wallet can be spent, in minor units of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funds {
    pub credit: i64,
    pub prepaid: i64,
}

impl Funds {
    pub fn total(self) -> i64 {
        self.credit + self.prepaid
    }

    /// Takes up to `most` out, credit first: what comes out of which purse.
    pub fn draw(self, most: i64) -> Funds {
        let credit = self.credit.clamp(0, most.max(0));
        let prepaid = self.prepaid.clamp(0, most.max(0) - credit);
        Funds { credit, prepaid }
    }

    pub fn of(self, purse: Purse) -> i64 {
        match purse {
            Purse::StoreCredit => self.credit,
            Purse::Prepaid => self.prepaid,
        }
    }

    pub fn less(self, drawn: Funds) -> Funds {
        Funds { credit: self.credit - drawn.credit, prepaid: self.prepaid - drawn.prepaid }
    }
}

/// Why a wallet does not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It holds nothing in the currency of what is to be paid, which is this.
    OtherCurrency(Currency),
    /// There is only this much.
    NotEnough(Money),
    /// Nothing, less than nothing, or more than is sensible.
    BadAmount,
    /// More prepaid money than one person may keep; this much more may come in.
    OverLimit(Money),
    /// Topping up is not offered.
    NotOffered,
    /// This top-up has nothing left that could go back.
    NothingLeft,
    /// Staff say why they give or take.
    NoReason,
}

/// For how long the state's rules promise prepaid money back for the asking (RULES CN-PAY-05). The
/// shop gives back later too, as long as the provider does.
pub const BACK_FOR_THE_ASKING: Span = Span::days(7);

/// The most prepaid money that one named person may keep: 5,000 CNY (RULES CN-PAY-04), and about
/// as much in other currencies.
pub fn most_prepaid(currency: Currency) -> Money {
    let units = match currency {
        Currency::Cny | Currency::Hkd => 5_000,
        Currency::Jpy => 100_000,
        _ => 700,
    };
    Money::new(units * 10_i64.pow(currency.decimals()), currency)
}

/// The least that can be topped up: one unit.
pub fn least_top_up(currency: Currency) -> Money {
    let units = if currency.decimals() == 0 { 100 } else { 1 };
    Money::new(units * 10_i64.pow(currency.decimals()), currency)
}

/// Whether somebody who keeps or is about to keep `kept` of prepaid money may top up `amount`.
pub fn may_top_up(amount: Money, kept: i64) -> Result<(), Refusal> {
    if amount.minor < least_top_up(amount.currency).minor {
        return Err(Refusal::BadAmount);
    }
    let most = most_prepaid(amount.currency);
    if amount.minor > most.minor || kept + amount.minor > most.minor {
        let room = (most.minor - kept).max(0);
        return Err(Refusal::OverLimit(Money::new(room, amount.currency)));
    }
    Ok(())
}

/// How a refund of `amount` is shared over the payments that paid, by what each has left: every
/// part goes back to where it came from, and none gives back more than it has.
pub fn share(amount: Money, left: &[i64]) -> Vec<Money> {
    let all: i64 = left.iter().sum();
    assert!(amount.minor <= all, "no more goes back than was paid");
    if all == 0 {
        return left.iter().map(|_| Money::zero(amount.currency)).collect();
    }
    amount.split(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency::{Cny, Jpy, Usd};
    use proptest::prelude::*;

    #[test]
    fn credit_is_spent_first() {
        let funds = Funds { credit: 500, prepaid: 1_000 };
        let check = |most, credit, prepaid| {
            assert_eq!(funds.draw(most), Funds { credit, prepaid }, "{most}");
        };
        check(0, 0, 0);
        check(-5, 0, 0);
        check(300, 300, 0);
        check(500, 500, 0);
        check(501, 500, 1);
        check(1_500, 500, 1_000);
        check(9_000, 500, 1_000);
        assert_eq!(funds.less(funds.draw(600)), Funds { credit: 0, prepaid: 900 });
        assert_eq!((funds.total(), funds.of(Purse::Prepaid)), (1_500, 1_000));
    }

    #[test]
    fn nobody_keeps_more_than_the_law_lets_them() {
        let cny = |minor| Money::new(minor, Cny);
        assert_eq!(may_top_up(cny(500_000), 0), Ok(()));
        assert_eq!(may_top_up(cny(500_001), 0), Err(Refusal::OverLimit(cny(500_000))));
        assert_eq!(may_top_up(cny(1), 0), Err(Refusal::BadAmount));
        assert_eq!(may_top_up(cny(-100), 0), Err(Refusal::BadAmount));
        assert_eq!(may_top_up(cny(100_000), 400_000), Ok(()));
        assert_eq!(may_top_up(cny(100_001), 400_000), Err(Refusal::OverLimit(cny(100_000))));
        assert_eq!(may_top_up(cny(100), 600_000), Err(Refusal::OverLimit(cny(0))));
        assert_eq!(most_prepaid(Usd), Money::new(70_000, Usd));
        assert_eq!(most_prepaid(Jpy), Money::new(100_000, Jpy));
    }

    #[test]
    fn purses_are_read_back_by_their_codes() {
        for purse in Purse::ALL {
            assert_eq!(Purse::parse(purse.code()), Some(purse));
        }
        assert_eq!(Purse::parse("cash"), None);
    }

    proptest! {
        #[test]
        fn what_goes_back_is_shared_and_none_gives_more_than_it_has(
            left in proptest::collection::vec(0_i64..1_000_000, 1..4),
            part in 0_i64..=1_000_000,
        ) {
            let all: i64 = left.iter().sum();
            let amount = Money::new(all.min(part), Cny);
            let shares = share(amount, &left);
            prop_assert_eq!(shares.iter().map(|share| share.minor).sum::<i64>(), amount.minor);
            for (share, left) in shares.iter().zip(&left) {
                prop_assert!(share.minor >= 0 && share.minor <= *left);
            }
        }

        #[test]
        fn a_draw_takes_no_more_than_there_is(
            credit in 0_i64..10_000, prepaid in 0_i64..10_000, most in -10_i64..30_000,
        ) {
            let funds = Funds { credit, prepaid };
            let drawn = funds.draw(most);
            prop_assert_eq!(drawn.total(), funds.total().min(most.max(0)));
            prop_assert!(drawn.prepaid == 0 || drawn.credit == credit);
        }
    }
}
