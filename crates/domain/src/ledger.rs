//! The ledger: value only moves, from accounts to accounts, and every move sums to nothing.
//!
//! A posting with `+` is a credit to its account. A journal is one business fact: its postings
//! sum to zero in each currency, and its hash covers the journal before it, so that no past entry
//! can be altered unseen. Value that is promised but not yet gone is *held*: a hold is settled
//! (posted) or released, never both.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{Id, Kind};
use crate::moment::Moment;
use crate::money::{Currency, Money};

/// Something that holds value.
pub struct Account {
    pub kind: AccountKind,
    pub currency: Currency,
    pub balance: i64,
    /// How much of the balance is promised to somebody.
    pub held: i64,
}

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum AccountKind {
    /// Money a payment provider holds for the shop. Its balance is negative while it owes us.
    PspClearing,
    /// A buyer's money, kept for one order until its goods are received.
    Escrow,
    /// What the shop has earned.
    Sales,
    /// What is a seller's: of their completed orders, less what went to them. Its balance is
    /// negative while they owe for what was refunded since.
    SellerPayable,
    /// What the shop kept of its sellers' orders.
    Commission,
    /// Tax on completed orders: what the shop took for somebody else.
    TaxPayable,
    /// What a shopper was given to spend here, in their wallet.
    StoreCredit,
    /// What a shopper topped up, in their wallet.
    Prepaid,
    /// What the shop gave away as store credit. Its balance is negative by what is still out or was
    /// spent.
    CreditGiven,
    /// Money that came and went without a provider: by bank transfer, or over the counter.
    OfflineClearing,
    /// What a campaign can still promise.
    CampaignFund,
    /// What a campaign promised, and what waits for something to happen first.
    CampaignEscrow,
    /// What a campaign's coupons took off prices: nobody's to keep.
    CampaignSpent,
    /// Somebody's points.
    PointsHeld,
    /// The points the shop gave out. Its balance is negative by what is still out.
    PointsIssued,
    /// A merchant's own correction: never used by a rule.
    Suspense,
}

impl AccountKind {
    pub const ALL: [AccountKind; 16] = [
        Self::PspClearing,
        Self::Escrow,
        Self::Sales,
        Self::SellerPayable,
        Self::Commission,
        Self::TaxPayable,
        Self::StoreCredit,
        Self::Prepaid,
        Self::CreditGiven,
        Self::OfflineClearing,
        Self::CampaignFund,
        Self::CampaignEscrow,
        Self::CampaignSpent,
        Self::PointsHeld,
        Self::PointsIssued,
        Self::Suspense,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::PspClearing => "psp_clearing",
            Self::Escrow => "escrow",
            Self::Sales => "sales",
            Self::SellerPayable => "seller_payable",
            Self::Commission => "commission",
            Self::TaxPayable => "tax_payable",
            Self::StoreCredit => "store_credit",
            Self::Prepaid => "prepaid",
            Self::CreditGiven => "credit_given",
            Self::OfflineClearing => "offline_clearing",
            Self::CampaignFund => "campaign_fund",
            Self::CampaignEscrow => "campaign_escrow",
            Self::CampaignSpent => "campaign_spent",
            Self::PointsHeld => "points_held",
            Self::PointsIssued => "points_issued",
            Self::Suspense => "suspense",
        }
    }

    pub fn parse(code: &str) -> Option<AccountKind> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What balance less held may never fall below; `None` where it may.
    pub fn floor(self) -> Option<i64> {
        match self {
            Self::Escrow
            | Self::StoreCredit
            | Self::Prepaid
            | Self::CampaignFund
            | Self::CampaignEscrow
            | Self::CampaignSpent
            | Self::PointsHeld => Some(0),
            Self::PspClearing
            | Self::Sales
            | Self::SellerPayable
            | Self::Commission
            | Self::TaxPayable
            | Self::CreditGiven
            | Self::OfflineClearing
            | Self::PointsIssued
            | Self::Suspense => None,
        }
    }
}

/// One business fact in the books.
pub struct Journal;
impl Kind for Journal {
    const PREFIX: &'static str = "jnl";
}
crate::id::described!(Journal);
impl Kind for Account {
    const PREFIX: &'static str = "acc";
}
crate::id::described!(Account);

/// Value that is promised but not yet gone.
pub struct Hold;
impl Kind for Hold {
    const PREFIX: &'static str = "hld";
}
crate::id::described!(Hold);

/// One side of a move: a credit when positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    pub account: Id<Account>,
    pub amount: Money,
}

/// Why value does not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Fewer than two postings, one of zero, or a currency that does not sum to zero.
    Unbalanced,
    /// An account would have less than its floor.
    BelowFloor,
    /// A hold would be settled for more than it keeps, or was already settled or released.
    HoldSpent,
}

/// Whether these postings make a journal.
pub fn balanced(postings: &[Posting]) -> Result<(), Refusal> {
    if postings.len() < 2 || postings.iter().any(|posting| posting.amount.is_zero()) {
        return Err(Refusal::Unbalanced);
    }
    for currency in Currency::units() {
        let sum: i128 = postings
            .iter()
            .filter(|posting| posting.amount.currency == currency)
            .map(|posting| i128::from(posting.amount.minor))
            .sum();
        if sum != 0 {
            return Err(Refusal::Unbalanced);
        }
    }
    Ok(())
}

impl Account {
    /// Credits (or, negative, debits) the account.
    pub fn post(&mut self, amount: i64) -> Result<(), Refusal> {
        self.change(amount, 0)
    }

    /// Promises `amount` of the balance.
    pub fn hold(&mut self, amount: i64) -> Result<(), Refusal> {
        assert!(amount > 0, "a hold is of something");
        self.change(0, amount)
    }

    /// A hold's value goes: it is no longer held and leaves the balance.
    pub fn settle(&mut self, amount: i64) -> Result<(), Refusal> {
        if amount > self.held {
            return Err(Refusal::HoldSpent);
        }
        self.change(-amount, -amount)
    }

    /// A hold ends without anything going.
    pub fn release(&mut self, amount: i64) -> Result<(), Refusal> {
        if amount > self.held {
            return Err(Refusal::HoldSpent);
        }
        self.change(0, -amount)
    }

    fn change(&mut self, balance: i64, held: i64) -> Result<(), Refusal> {
        let (balance, held) = (self.balance + balance, self.held + held);
        if self.kind.floor().is_some_and(|floor| balance - held < floor) {
            return Err(Refusal::BelowFloor);
        }
        self.balance = balance;
        self.held = held;
        Ok(())
    }
}

/// What a journal's hash is taken over.
pub struct Sealed<'a> {
    pub id: Id<Journal>,
    /// What kind of fact: `capture`, `refund`, `settle`.
    pub kind: &'a str,
    /// What it is about: the kind of thing and its id.
    pub about: (&'a str, i64),
    pub at: Moment,
    pub postings: &'a [Posting],
}

/// The hash of a journal after the one with hash `previous` (empty for the first): SHA-256, in hex,
/// of a text in which every field ends with a line break, so that no two journals read the same.
pub fn seal(previous: &str, journal: &Sealed) -> String {
    let mut text = format!(
        "{previous}\n{}\n{}\n{}\n{}\n{}\n",
        journal.id.0, journal.kind, journal.about.0, journal.about.1, journal.at.0
    );
    for posting in journal.postings {
        let Money { minor, currency } = posting.amount;
        text.push_str(&format!("{} {minor} {}\n", posting.account.0, currency.code()));
    }
    hex(&Sha256::digest(text.as_bytes()))
}

/// The hash of an entry of the staff's audit log, chained the same way.
pub fn seal_text(previous: &str, entry: &str) -> String {
    hex(&Sha256::digest(format!("{previous}\n{entry}\n").as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
