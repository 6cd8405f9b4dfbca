//! The books: every move of money, and the pages an accountant reads.

use describe::ToSchema;
use domain::id::Id;
use domain::ledger::{self, Account, AccountKind, Journal, Posting, Refusal, Sealed};
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor};

mod gathered;
mod store;

pub(crate) use gathered::{gather, write_gathered};

/// The account of this kind and owner (0 for the shop's own), made when it is first needed.
pub fn account(
    tx: &mut Tx,
    kind: AccountKind,
    owner: i64,
    currency: Currency,
) -> Result<Id<Account>, Failure> {
    if tx.gathers() {
        return gathered::account(tx, kind, owner, currency);
    }
    store::account(tx, kind, owner, currency)
}

/// The account of what is held for the shop by whom money comes through: one for each provider, and
/// one for what staff take by hand.
pub fn clearing(tx: &mut Tx, provider: &str, currency: Currency) -> Result<Id<Account>, Failure> {
    if provider == domain::payment::OFFLINE {
        return account(tx, AccountKind::OfflineClearing, 0, currency);
    }
    assert!(domain::wallet::Purse::parse(provider).is_none(), "a purse is nobody's to clear");
    let owner = domain::payment::provider_number(provider);
    account(tx, AccountKind::PspClearing, owner, currency)
}

/// Locks the books, for whoever locks something else after them: everybody comes in one order.
pub(crate) fn lock(tx: &mut Tx) -> Result<(), Failure> {
    store::lock_head(tx).map(|_| ())
}

/// An account's balance, which is about to be judged: the account is locked.
pub fn balance_to_change(tx: &mut Tx, account: Id<Account>) -> Result<i64, Failure> {
    store::balance_to_change(tx, account)
}

/// Moves value: one journal for one fact. The same fact again changes nothing and says `false`.
pub fn post(
    tx: &mut Tx,
    kind: &str,
    about: (&str, i64),
    postings: &[Posting],
) -> Result<bool, Failure> {
    ledger::balanced(postings)?;
    if tx.gathers() {
        return gathered::post(tx, kind, about, postings);
    }
    // The head of the chain is locked first: the books are written one after the other.
    let (head, length) = store::lock_head(tx)?;
    if store::is_posted(tx, kind, about)? {
        return Ok(false);
    }
    for posting in postings {
        if !store::credit(tx, posting.account, posting.amount.minor)? {
            return Err(Refusal::BelowFloor.into());
        }
    }
    let id: Id<Journal> = tx.id();
    let hash = ledger::seal(&head, &Sealed { id, kind, about, at: tx.now, postings });
    store::add_journal(tx, id, kind, about, length + 1, (&head, &hash), postings)?;
    Ok(true)
}

/// Promises `amount` of an account's balance for something; refused below the account's floor.
pub fn hold(
    tx: &mut Tx,
    account: Id<Account>,
    amount: Money,
    about: (&str, i64),
) -> Result<(), Failure> {
    if !store::change_held(tx, account, amount.minor)? {
        return Err(Refusal::BelowFloor.into());
    }
    store::add_hold(tx, account, amount.minor, about)
}

/// What was held for something goes to another account: the hold is settled.
pub fn settle(tx: &mut Tx, kind: &str, about: (&str, i64), to: Id<Account>) -> Result<(), Failure> {
    let (account, amount) = store::end_hold(tx, about, "settled")?.ok_or(Refusal::HoldSpent)?;
    store::change_held(tx, account, -amount.minor)?;
    let postings = [Posting { account, amount: amount.negated() }, Posting { account: to, amount }];
    post(tx, kind, about, &postings)?;
    Ok(())
}

/// What was held for something stays where it is.
pub fn release(tx: &mut Tx, about: (&str, i64)) -> Result<(), Failure> {
    let (account, amount) = store::end_hold(tx, about, "released")?.ok_or(Refusal::HoldSpent)?;
    store::change_held(tx, account, -amount.minor)?;
    Ok(())
}

/// A line of the trial balance.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BalanceLine {
    pub kind: AccountKind,
    pub currency: Currency,
    pub accounts: i64,
    /// Everything that was debited and credited, in minor units.
    pub debits: i64,
    pub credits: i64,
    pub balance: i64,
    pub held: i64,
}

/// Every kind of account with what moved through it; balances sum to zero per currency.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TrialBalance {
    pub lines: Vec<BalanceLine>,
    pub journals: i64,
    /// Whether balances sum to zero in every currency.
    pub balanced: bool,
    /// The end of the hash chain.
    pub head: String,
    pub at: Moment,
}

/// The trial balance.
pub fn trial_balance(app: &App, visitor: &Visitor) -> Result<TrialBalance, Failure> {
    visitor.staff_reader(Permission::Ledger)?;
    app.read(|tx| {
        let lines = store::trial_balance(tx)?;
        let balanced = Currency::units().all(|currency| {
            let of = |line: &&BalanceLine| line.currency == currency;
            lines.iter().filter(of).map(|line| line.balance).sum::<i64>() == 0
        });
        let (head, journals) = store::head(tx)?;
        Ok(TrialBalance { lines, journals, balanced, head, at: tx.now })
    })
}

/// An account with its balance.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountView {
    pub id: Id<Account>,
    pub kind: AccountKind,
    /// The order whose escrow it is, the person whose purse, the provider whose clearing, the
    /// seller who is owed; empty for the shop's own.
    pub owner: Option<String>,
    pub balance: Money,
    pub held: Money,
}

/// A journal with its postings.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct JournalView {
    pub id: Id<Journal>,
    /// capture, refund, settle, unsettle, split, grant, top_up, top_up_refund, points.
    pub kind: String,
    pub about: String,
    pub about_id: String,
    pub at: Moment,
    /// Its place in the chain.
    pub length: i64,
    pub hash: String,
    pub postings: Vec<PostingView>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PostingView {
    pub account: Id<Account>,
    pub account_kind: AccountKind,
    pub amount: Money,
}

/// Accounts, the newest first.
pub fn accounts(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<Account>>,
    limit: i64,
) -> Result<Vec<AccountView>, Failure> {
    visitor.staff_reader(Permission::Ledger)?;
    app.read(|tx| store::accounts(tx, before, limit))
}

/// Journals, the newest first, before `before` in the chain.
pub fn journals(
    app: &App,
    visitor: &Visitor,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<JournalView>, Failure> {
    visitor.staff_reader(Permission::Ledger)?;
    app.read(|tx| store::journals(tx, before.unwrap_or(i64::MAX), limit))
}

/// Recomputes the chain: the first journal whose hash is not what it should be.
pub fn first_broken(tx: &mut Tx) -> Result<Option<Id<Journal>>, Failure> {
    let mut previous = String::new();
    let mut from = 0;
    loop {
        let page = store::sealed(tx, from, 1_000)?;
        if page.is_empty() {
            let (head, length) = store::head(tx)?;
            let ends_well = head == previous && length == from;
            return Ok(if ends_well { None } else { Some(Id::new(0)) });
        }
        for entry in page {
            let about = (entry.about.as_str(), entry.about_id);
            let sealed = Sealed {
                id: entry.id,
                kind: &entry.kind,
                about,
                at: entry.at,
                postings: &entry.postings,
            };
            let hash = ledger::seal(&previous, &sealed);
            if hash != entry.hash || entry.length != from + 1 {
                return Ok(Some(entry.id));
            }
            previous = hash;
            from = entry.length;
        }
    }
}
