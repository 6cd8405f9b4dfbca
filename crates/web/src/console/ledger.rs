//! The ledger: trial balance, proofs, journals with their postings.

use app::ledger::{self, BalanceLine, JournalView, TrialBalance};
use askama::Template;
use axum::extract::Query;
use domain::money::{Currency, Money};
use serde::Deserialize;

use super::part::{Pager, Proof, When};
use super::{Answer, Desk, Frame};

#[derive(Template)]
#[template(path = "console/ledger/show.html")]
struct Show {
    p: Frame,
    proofs: Vec<Proof>,
    trial_note: String,
    books: Vec<Book>,
    journals: Vec<JournalRow>,
    pager: Pager,
}

/// The accounts of one currency.
struct Book {
    label: String,
    rows: Vec<AccountRow>,
    debit: String,
    credit: String,
    held: String,
}

struct AccountRow {
    name: String,
    detail: String,
    debit: String,
    credit: String,
    held: String,
}

struct JournalRow {
    number: String,
    what: String,
    about: String,
    amount: String,
    at: When,
    postings: Vec<PostingRow>,
    hash: String,
    href: String,
}

struct PostingRow {
    name: String,
    debit: String,
    credit: String,
}

const HERE: &str = "/console/ledger";
const ROWS: i64 = 30;

/// Where in the journals one is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    cursor: String,
}

/// The books.
pub async fn show(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let before: Option<i64> = asked.cursor.parse().ok();
    let (trial, journals, broken) = desk
        .act(move |app, visitor| {
            let trial = ledger::trial_balance(app, visitor)?;
            let journals = ledger::journals(app, visitor, before, ROWS)?;
            Ok((trial, journals, app.read(ledger::first_broken)?))
        })
        .await?;
    let p = desk.frame(HERE);
    let last = journals.last().filter(|last| journals.len() as i64 == ROWS && last.length > 1);
    let next = last.map(|last| last.length.to_string());
    let later = before.is_some();
    let mut pager = p.pager(HERE, &[], journals.len(), later, next);
    let of =
        [("count", &p.num(journals.len() as i64) as _), ("total", &p.num(trial.journals) as _)];
    if !pager.summary.is_empty() {
        pager.summary = p.tell("console-pager-of", &of);
    }
    let broken = broken.map(|id| id.to_string());
    let books = books(&p, &trial);
    let proofs = vec![balance(&p, &trial), chain(&p, &trial, broken)];
    desk.show(Show {
        proofs,
        trial_note: p.t1("console-ledger-trial-note", "when", p.locale.exact(trial.at)),
        books,
        journals: journals.iter().map(|journal| row(&p, journal)).collect(),
        pager,
        p,
    })
}

/// The sides of one currency: what stands on the left, on the right, and what is held.
fn sides<'a>(lines: impl Iterator<Item = &'a BalanceLine>) -> (i64, i64, i64) {
    // A negative balance is a debit: what others owe us or hold for us.
    lines.fold((0, 0, 0), |(debit, credit, held), line| {
        let left = (-line.balance).max(0);
        (debit + left, credit + line.balance.max(0), held + line.held)
    })
}

fn books(p: &Frame, trial: &TrialBalance) -> Vec<Book> {
    let currencies: Vec<Currency> = Currency::units()
        .filter(|currency| trial.lines.iter().any(|line| line.currency == *currency))
        .collect();
    let book = |currency: &Currency| {
        let currency = *currency;
        let lines: Vec<&BalanceLine> =
            trial.lines.iter().filter(|line| line.currency == currency).collect();
        let (debit, credit, held) = sides(lines.iter().copied());
        let some = |minor: i64| match minor {
            0 => String::new(),
            minor => p.money(Money::new(minor, currency)),
        };
        let account = |line: &&BalanceLine| AccountRow {
            name: p.t(&format!("console-account-{}", line.kind.code())),
            detail: p.tell(
                "console-account-moved",
                &[
                    ("count", &line.accounts),
                    ("debits", &some(line.debits.abs())),
                    ("credits", &some(line.credits.abs())),
                ],
            ),
            debit: some((-line.balance).max(0)),
            credit: some(line.balance.max(0)),
            held: some(line.held),
        };
        Book {
            label: currency.code().to_string(),
            rows: lines.iter().map(account).collect(),
            debit: p.money(Money::new(debit, currency)),
            credit: p.money(Money::new(credit, currency)),
            held: some(held),
        }
    };
    currencies.iter().map(book).collect()
}

fn balance(p: &Frame, trial: &TrialBalance) -> Proof {
    let currency = trial.lines.first().map_or(Currency::Cny, |line| line.currency);
    let of = trial.lines.iter().filter(|line| line.currency == currency);
    let (debit, credit, _) = sides(of);
    let amount = p.money(Money::new(credit, currency));
    let difference = p.money(Money::new(credit - debit, currency));
    let text =
        p.tell("console-ledger-balanced-text", &[("amount", &amount), ("difference", &difference)]);
    if trial.balanced {
        Proof { tone: "good", icon: "check", title: p.t("console-ledger-balanced"), text }
    } else {
        Proof { tone: "bad", icon: "alert", title: p.t("console-ledger-unbalanced"), text }
    }
}

fn chain(p: &Frame, trial: &TrialBalance, broken: Option<String>) -> Proof {
    let (count, hash) = (p.num(trial.journals), brief(&trial.head));
    let text = match hash.is_empty() {
        true => p.t1("console-ledger-chain-unseen", "count", count),
        false => p.tell("console-ledger-chain-text", &[("count", &count), ("hash", &hash)]),
    };
    match broken {
        None => Proof { tone: "good", icon: "link", title: p.t("console-ledger-chain"), text },
        Some(at) => Proof {
            tone: "bad",
            icon: "alert",
            title: p.t1("console-ledger-chain-bad", "at", at),
            text,
        },
    }
}

/// The beginning of a hash, enough to compare by eye.
fn brief(hash: &str) -> String {
    match hash.get(..12) {
        Some(start) => format!("{start}…"),
        None => hash.to_string(),
    }
}

fn row(p: &Frame, journal: &JournalView) -> JournalRow {
    let side = |amount: Money, wanted: bool| match (amount.minor > 0) == wanted {
        true => p.money(if wanted { amount } else { amount.negated() }),
        false => String::new(),
    };
    let posting = |posting: &ledger::PostingView| PostingRow {
        name: p.t(&format!("console-account-{}", posting.account_kind.code())),
        debit: side(posting.amount, false),
        credit: side(posting.amount, true),
    };
    let total = journal.postings.iter().filter(|posting| posting.amount.minor > 0);
    let total = total.map(|posting| posting.amount).reduce(Money::plus);
    let what = format!("console-journal-{}", journal.kind);
    JournalRow {
        number: p.num(journal.length),
        what: if p.locale.has(&what) { p.t(&what) } else { journal.kind.clone() },
        about: journal.about_id.clone(),
        amount: total.map_or(String::new(), |total| p.money(total)),
        at: p.when(journal.at),
        postings: journal.postings.iter().map(posting).collect(),
        hash: journal.hash.clone(),
        href: match journal.about.as_str() {
            "order" => format!("/console/orders/{}", journal.about_id),
            _ => String::new(),
        },
    }
}
