//! The tables `accounts`, `journals`, `postings`, `holds` and the head of their chain.

use domain::id::Id;
use domain::ledger::{Account, AccountKind, Hold, Journal, Posting};
use domain::moment::Moment;
use domain::money::{Currency, Money};

use super::{AccountView, BalanceLine, JournalView, PostingView};
use crate::db::{Row, Tx};
use crate::failure::Failure;

pub fn account(
    tx: &mut Tx,
    kind: AccountKind,
    owner: i64,
    currency: Currency,
) -> Result<Id<Account>, Failure> {
    if let Some(id) = find_account(tx, kind, owner, currency)? {
        return Ok(id);
    }
    let id: Id<Account> = tx.id();
    tx.run(
        "insert into accounts (id, kind, owner_id, currency, balance, held, floor)
         values ($1, $2, $3, $4, 0, 0, $5) on conflict (kind, owner_id, currency) do nothing",
        &[id.into(), kind.code().into(), owner.into(), currency.code().into(), kind.floor().into()],
    )?;
    find_account(tx, kind, owner, currency)?.ok_or(Failure::NotFound)
}

pub fn balance_to_change(tx: &mut Tx, account: Id<Account>) -> Result<i64, Failure> {
    let sql = format!("select balance from accounts where id = $1{}", tx.lock());
    tx.one(&sql, &[account.into()], |row| row.get(0))
}

pub fn find_account(
    tx: &mut Tx,
    kind: AccountKind,
    owner: i64,
    currency: Currency,
) -> Result<Option<Id<Account>>, Failure> {
    tx.maybe(
        "select id from accounts where kind = $1 and owner_id = $2 and currency = $3",
        &[kind.code().into(), owner.into(), currency.code().into()],
        |row| row.get(0),
    )
}

/// The escrow accounts there are of these orders.
pub fn escrows(tx: &mut Tx, orders: &[i64]) -> Result<Vec<(i64, Currency, Id<Account>)>, Failure> {
    let sql = "select owner_id, currency, id from accounts where kind = 'escrow' and owner_id in";
    tx.all_in((sql, &[]), orders, "", |row| (row.get(0), currency(row, 1), row.get(2)))
}

/// Which of these have a journal of this kind.
pub fn posted(tx: &mut Tx, kind: &str, about: &str, ids: &[i64]) -> Result<Vec<i64>, Failure> {
    let sql = "select about_id from journals where kind = $1 and about = $2 and about_id in";
    tx.all_in((sql, &[kind.into(), about.into()]), ids, "", |row| row.get(0))
}

pub fn lock_head(tx: &mut Tx) -> Result<(String, i64), Failure> {
    let sql = format!("select hash, length from chain_heads where name = 'journals'{}", tx.lock());
    tx.one(&sql, &[], |row| (row.get(0), row.get(1)))
}

pub fn head(tx: &mut Tx) -> Result<(String, i64), Failure> {
    tx.one("select hash, length from chain_heads where name = 'journals'", &[], |row| {
        (row.get(0), row.get(1))
    })
}

pub fn is_posted(tx: &mut Tx, kind: &str, about: (&str, i64)) -> Result<bool, Failure> {
    let found = tx.maybe(
        "select id from journals where kind = $1 and about = $2 and about_id = $3",
        &[kind.into(), about.0.into(), about.1.into()],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.is_some())
}

/// Whether the account's floor allowed it.
pub fn credit(tx: &mut Tx, account: Id<Account>, amount: i64) -> Result<bool, Failure> {
    let changed = tx.run(
        "update accounts set balance = balance + $2
         where id = $1 and (floor is null or balance + $2 - held >= floor)",
        &[account.into(), amount.into()],
    )?;
    Ok(changed == 1)
}

/// Whether the account's floor allowed it.
pub fn change_held(tx: &mut Tx, account: Id<Account>, amount: i64) -> Result<bool, Failure> {
    let changed = tx.run(
        "update accounts set held = held + $2
         where id = $1 and held + $2 >= 0
           and (floor is null or balance - held - $2 >= floor)",
        &[account.into(), amount.into()],
    )?;
    Ok(changed == 1)
}

pub fn add_journal(
    tx: &mut Tx,
    id: Id<Journal>,
    kind: &str,
    about: (&str, i64),
    length: i64,
    (previous, hash): (&str, &str),
    postings: &[Posting],
) -> Result<(), Failure> {
    tx.run(
        "insert into journals (id, kind, about, about_id, at, length, prev_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            id.into(),
            kind.into(),
            about.0.into(),
            about.1.into(),
            tx.now.into(),
            length.into(),
            previous.into(),
            hash.into(),
        ],
    )?;
    for (position, posting) in postings.iter().enumerate() {
        tx.run(
            "insert into postings (journal_id, position, account_id, currency, amount)
             values ($1, $2, $3, $4, $5)",
            &[
                id.into(),
                (position as i64).into(),
                posting.account.into(),
                posting.amount.currency.code().into(),
                posting.amount.minor.into(),
            ],
        )?;
    }
    planted!("posting_unbalanced", {
        let sql = "update postings set amount = amount - 1 where journal_id = $1 and position = 0";
        tx.run(sql, &[id.into()])?;
    });
    set_head(tx, hash, length)
}

pub fn set_head(tx: &mut Tx, hash: &str, length: i64) -> Result<(), Failure> {
    tx.run(
        "update chain_heads set hash = $1, length = $2 where name = 'journals'",
        &[hash.into(), length.into()],
    )?;
    Ok(())
}

pub fn add_hold(
    tx: &mut Tx,
    account: Id<Account>,
    amount: i64,
    about: (&str, i64),
) -> Result<(), Failure> {
    let id: Id<Hold> = tx.id();
    tx.run(
        "insert into holds
         (id, account_id, amount, settled, status, about, about_id, created_at)
         values ($1, $2, $3, 0, 'active', $4, $5, $6)",
        &[id.into(), account.into(), amount.into(), about.0.into(), about.1.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Ends the active hold for something; `None` when there is none (any more).
pub fn end_hold(
    tx: &mut Tx,
    about: (&str, i64),
    status: &str,
) -> Result<Option<(Id<Account>, Money)>, Failure> {
    tx.maybe(
        "update holds
         set status = $3, settled = case when $3 = 'settled' then amount else 0 end
         where about = $1 and about_id = $2 and status = 'active'
         returning account_id, amount,
                   (select currency from accounts where accounts.id = holds.account_id)",
        &[about.0.into(), about.1.into(), status.into()],
        |row| (row.get(0), Money::new(row.get(1), currency(row, 2))),
    )
}

fn currency(row: &Row, column: usize) -> Currency {
    Currency::of_books(&row.get::<String>(column)).expect("the table holds known units")
}

fn kind(row: &Row, column: usize) -> AccountKind {
    AccountKind::parse(&row.get::<String>(column)).expect("the table holds known kinds")
}

pub fn trial_balance(tx: &mut Tx) -> Result<Vec<BalanceLine>, Failure> {
    let moved: Vec<(AccountKind, Currency, i64, i64)> = tx.all(
        "select a.kind, a.currency,
                cast(sum(case when p.amount < 0 then -p.amount else 0 end) as bigint),
                cast(sum(case when p.amount > 0 then p.amount else 0 end) as bigint)
         from postings p join accounts a on a.id = p.account_id group by a.kind, a.currency",
        &[],
        |row| (kind(row, 0), currency(row, 1), row.get(2), row.get(3)),
    )?;
    tx.all(
        "select kind, currency, count(*), cast(sum(balance) as bigint),
                cast(sum(held) as bigint)
         from accounts group by kind, currency
         order by currency collate \"C\", kind collate \"C\"",
        &[],
        |row| {
            let (kind, currency) = (kind(row, 0), currency(row, 1));
            let of = moved.iter().find(|line| line.0 == kind && line.1 == currency);
            BalanceLine {
                kind,
                currency,
                accounts: row.get(2),
                debits: of.map_or(0, |line| line.2),
                credits: of.map_or(0, |line| line.3),
                balance: row.get(3),
                held: row.get(4),
            }
        },
    )
}

pub fn accounts(
    tx: &mut Tx,
    before: Option<Id<Account>>,
    limit: i64,
) -> Result<Vec<AccountView>, Failure> {
    tx.all(
        "select id, kind, owner_id, currency, balance, held from accounts
         where id < $1 order by id desc limit $2",
        &[before.map_or(i64::MAX, |id| id.0).into(), limit.into()],
        |row| {
            let (kind, currency) = (kind(row, 1), currency(row, 3));
            let owner: i64 = row.get(2);
            let owner = match kind {
                AccountKind::PspClearing => {
                    domain::payment::provider_name(owner).map(str::to_string)
                }
                _ if owner == 0 => None,
                AccountKind::StoreCredit | AccountKind::Prepaid | AccountKind::PointsHeld => {
                    Some(Id::<domain::person::Person>::new(owner).to_string())
                }
                AccountKind::CampaignFund
                | AccountKind::CampaignEscrow
                | AccountKind::CampaignSpent => {
                    Some(Id::<domain::campaign::Campaign>::new(owner).to_string())
                }
                AccountKind::SellerPayable => {
                    Some(Id::<domain::seller::Seller>::new(owner).to_string())
                }
                _ => Some(Id::<domain::order::Order>::new(owner).to_string()),
            };
            AccountView {
                id: row.get(0),
                kind,
                owner,
                balance: Money::new(row.get(4), currency),
                held: Money::new(row.get(5), currency),
            }
        },
    )
}

pub fn journals(tx: &mut Tx, before: i64, limit: i64) -> Result<Vec<JournalView>, Failure> {
    let mut journals = tx.all(
        "select id, kind, about, about_id, at, length, hash from journals
         where length < $1 order by length desc limit $2",
        &[before.into(), limit.into()],
        |row| {
            let about: String = row.get(2);
            JournalView {
                id: row.get(0),
                kind: row.get(1),
                about_id: about_id(&about, row.get(3)),
                about,
                at: row.get(4),
                length: row.get(5),
                hash: row.get(6),
                postings: Vec::new(),
            }
        },
    )?;
    for journal in &mut journals {
        journal.postings = tx.all(
            "select p.account_id, a.kind, p.currency, p.amount from postings p
             join accounts a on a.id = p.account_id where p.journal_id = $1 order by p.position",
            &[journal.id.into()],
            |row| PostingView {
                account: row.get(0),
                account_kind: kind(row, 1),
                amount: Money::new(row.get(3), currency(row, 2)),
            },
        )?;
    }
    Ok(journals)
}

/// The id of what a journal is about, as it is shown.
fn about_id(about: &str, id: i64) -> String {
    match about {
        "payment" => Id::<domain::payment::Payment>::new(id).to_string(),
        "refund" => Id::<domain::payment::Refund>::new(id).to_string(),
        "order" => Id::<domain::order::Order>::new(id).to_string(),
        "top_up" => Id::<domain::wallet::TopUp>::new(id).to_string(),
        "top_up_refund" => Id::<domain::wallet::TopUpRefund>::new(id).to_string(),
        "split" => Id::<domain::seller::Split>::new(id).to_string(),
        "grant" => Id::<domain::wallet::Grant>::new(id).to_string(),
        _ => id.to_string(),
    }
}

pub struct Entry {
    pub id: Id<Journal>,
    pub kind: String,
    pub about: String,
    pub about_id: i64,
    pub at: Moment,
    pub length: i64,
    pub hash: String,
    pub postings: Vec<Posting>,
}

/// Journals after `from` in the chain, with their postings.
pub fn sealed(tx: &mut Tx, from: i64, limit: i64) -> Result<Vec<Entry>, Failure> {
    let mut entries = tx.all(
        "select id, kind, about, about_id, at, length, hash from journals
         where length > $1 order by length limit $2",
        &[from.into(), limit.into()],
        |row| Entry {
            id: row.get(0),
            kind: row.get(1),
            about: row.get(2),
            about_id: row.get(3),
            at: row.get(4),
            length: row.get(5),
            hash: row.get(6),
            postings: Vec::new(),
        },
    )?;
    let Some(last) = entries.last().map(|entry| entry.length) else { return Ok(entries) };
    let postings = tx.all(
        "select j.length, p.account_id, p.currency, p.amount from postings p
         join journals j on j.id = p.journal_id
         where j.length > $1 and j.length <= $2 order by j.length, p.position",
        &[from.into(), last.into()],
        |row| {
            let amount = Money::new(row.get(3), currency(row, 2));
            (row.get::<i64>(0), Posting { account: row.get(1), amount })
        },
    )?;
    for (length, posting) in postings {
        if let Ok(at) = entries.binary_search_by_key(&length, |entry| entry.length) {
            entries[at].postings.push(posting);
        }
    }
    Ok(entries)
}
