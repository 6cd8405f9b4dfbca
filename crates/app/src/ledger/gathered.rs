//! The books in a batch of decisions: journals are kept back, and chained when all are decided.
//!
//! The head of the chain is locked last and for as short as can be: not while the batch is decided,
//! only while its journals are written, as few statements of many rows.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::Id;
use domain::ledger::{self, Account, AccountKind, Journal, Posting, Refusal, Sealed};
use domain::money::Currency;
use domain::order::Order;
use domain::payment::Payment;

use super::store;
use crate::db::{Insert, Tx, Value};
use crate::failure::Failure;

/// An account that is made with the batch.
struct NewAccount {
    id: Id<Account>,
    kind: AccountKind,
    owner: i64,
    currency: Currency,
}

/// A journal before it has its place in the chain.
struct Unsealed {
    id: Id<Journal>,
    kind: String,
    about: (String, i64),
    postings: Vec<Posting>,
}

fn account_name(kind: AccountKind, owner: i64, currency: Currency) -> String {
    format!("account {} {owner} {}", kind.code(), currency.code())
}

fn posted_name(kind: &str, about: (&str, i64)) -> String {
    format!("posted {kind} {} {}", about.0, about.1)
}

/// Reads which of these orders have an escrow account, and which of these payments are captured in
/// the books already.
pub(crate) fn gather(
    tx: &mut Tx,
    orders: &BTreeSet<Id<Order>>,
    payments: &BTreeSet<Id<Payment>>,
) -> Result<(), Failure> {
    let orders: Vec<i64> = orders.iter().map(|order| order.0).collect();
    for order in &orders {
        for currency in Currency::ALL {
            let name = account_name(AccountKind::Escrow, *order, currency);
            tx.keep_in_mind(name, None::<Id<Account>>);
        }
    }
    for (owner, currency, id) in store::escrows(tx, &orders)? {
        tx.keep_in_mind(account_name(AccountKind::Escrow, owner, currency), Some(id));
    }
    let payments: Vec<i64> = payments.iter().map(|payment| payment.0).collect();
    for payment in &payments {
        tx.keep_in_mind(posted_name("capture", ("payment", *payment)), false);
    }
    for payment in store::posted(tx, "capture", "payment", &payments)? {
        tx.keep_in_mind(posted_name("capture", ("payment", payment)), true);
    }
    Ok(())
}

pub(super) fn account(
    tx: &mut Tx,
    kind: AccountKind,
    owner: i64,
    currency: Currency,
) -> Result<Id<Account>, Failure> {
    let name = account_name(kind, owner, currency);
    let known = match tx.recall::<Option<Id<Account>>>(&name) {
        Some(known) => known,
        None => store::find_account(tx, kind, owner, currency)?,
    };
    let id = match known {
        Some(id) => id,
        None => {
            let id = tx.id();
            tx.keep_back(NewAccount { id, kind, owner, currency });
            id
        }
    };
    tx.keep_in_mind(name, Some(id));
    Ok(id)
}

pub(super) fn post(
    tx: &mut Tx,
    kind: &str,
    about: (&str, i64),
    postings: &[Posting],
) -> Result<bool, Failure> {
    let name = posted_name(kind, about);
    let posted = match tx.recall::<bool>(&name) {
        Some(posted) => posted,
        None => store::is_posted(tx, kind, about)?,
    };
    if !posted {
        tx.keep_in_mind(name, true);
        let id = tx.id();
        let (kind, about) = (kind.to_string(), (about.0.to_string(), about.1));
        tx.keep_back(Unsealed { id, kind, about, postings: postings.to_vec() });
    }
    Ok(!posted)
}

/// Writes the journals that were kept back, in the order they were decided.
pub(crate) fn write_gathered(tx: &mut Tx) -> Result<(), Failure> {
    let new: Vec<NewAccount> = tx.take_kept();
    let journals: Vec<Unsealed> = tx.take_kept();
    if journals.is_empty() && new.is_empty() {
        return Ok(());
    }
    // The head of the chain is locked first: the books are written one after the other.
    let (mut head, mut length) = store::lock_head(tx)?;
    let mut sums: BTreeMap<Id<Account>, i64> = BTreeMap::new();
    for posting in journals.iter().flat_map(|journal| &journal.postings) {
        *sums.entry(posting.account).or_default() += posting.amount.minor;
    }
    let made = new.iter().map(|account| {
        let balance = sums.remove(&account.id).unwrap_or(0);
        vec![
            account.id.into(),
            account.kind.code().into(),
            account.owner.into(),
            account.currency.code().into(),
            balance.into(),
            0_i64.into(),
            account.kind.floor().into(),
        ]
    });
    let made: Vec<Vec<Value>> = made.collect();
    tx.write_rows(&ACCOUNTS, &made)?;
    for (account, sum) in sums {
        if sum != 0 && !store::credit(tx, account, sum)? {
            return Err(Refusal::BelowFloor.into());
        }
    }
    let (mut rows, mut postings) = (Vec::new(), Vec::new());
    for journal in &journals {
        planted!("batch_forgets_a_journal", {
            if journals.len() > 1 && journals.last().is_some_and(|last| last.id == journal.id) {
                continue;
            }
        });
        let Unsealed { id, kind, about: (about, about_id), postings: moved } = journal;
        let sealed =
            Sealed { id: *id, kind, about: (about, *about_id), at: tx.now, postings: moved };
        let hash = ledger::seal(&head, &sealed);
        length += 1;
        rows.push(vec![
            (*id).into(),
            kind.into(),
            about.into(),
            (*about_id).into(),
            tx.now.into(),
            length.into(),
            (&head).into(),
            (&hash).into(),
        ]);
        for (position, posting) in moved.iter().enumerate() {
            postings.push(vec![
                (*id).into(),
                (position as i64).into(),
                posting.account.into(),
                posting.amount.currency.code().into(),
                posting.amount.minor.into(),
            ]);
        }
        head = hash;
    }
    tx.write_rows(&JOURNALS, &rows)?;
    tx.write_rows(&POSTINGS, &postings)?;
    store::set_head(tx, &head, length)
}

static ACCOUNTS: Insert = Insert {
    end: "on conflict (kind, owner_id, currency) do nothing",
    must_count: true,
    ..Insert::new("accounts (id, kind, owner_id, currency, balance, held, floor)", 7)
};
static JOURNALS: Insert =
    Insert::new("journals (id, kind, about, about_id, at, length, prev_hash, hash)", 8);
static POSTINGS: Insert =
    Insert::new("postings (journal_id, position, account_id, currency, amount)", 5);
