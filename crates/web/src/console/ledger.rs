//! The ledger: trial balance, proofs, journals with their postings.

use askama::Template;

use super::Frame;
use super::part::{Pager, Proof, When};

#[derive(Template)]
#[template(path = "console/ledger/show.html")]
struct Show {
    p: Frame,
    proofs: Vec<Proof>,
    trial_note: String,
    books: Vec<Book>,
    journals_title: String,
    narrowed: bool,
    journals: Vec<JournalRow>,
    pager: Pager,
}

/// The accounts of one currency.
struct Book {
    label: String,
    rows: Vec<AccountRow>,
    total_label: String,
    debit: String,
    credit: String,
    held: String,
}

struct AccountRow {
    href: String,
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
    previous: String,
    href: String,
}

struct PostingRow {
    name: String,
    debit: String,
    credit: String,
}
