//! A month of a seller's: its statement, the same as a file, and settling it.

use app::settlement::{self, EntryView, MonthView};
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::person::Permission;
use domain::seller::{Month, Seller};

use super::super::part::When;
use super::super::product::csv_file;
use super::super::{Answer, Desk, Frame};
use super::HERE;
use crate::answer::Fault;
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/seller/month.html")]
struct Show {
    p: Frame,
    seller: String,
    back: String,
    href: String,
    key: String,
    month: String,
    state: String,
    tone: &'static str,
    number: String,
    settled: Option<When>,
    sums: Vec<Sum>,
    closing: String,
    rows: Vec<Row>,
    may_settle: bool,
}

struct Sum {
    label: String,
    amount: String,
}

struct Row {
    what: String,
    href: String,
    at: When,
    goods: String,
    other: String,
    commission: String,
    amount: String,
    balance: String,
}

/// Where a month stands.
pub fn state(p: &Frame, month: &MonthView) -> (String, &'static str) {
    let (id, tone) = match (&month.number, month.may_settle) {
        (Some(_), _) => ("console-month-settled", "good"),
        (None, true) => ("console-month-open", "waiting"),
        (None, false) => ("console-month-running", ""),
    };
    (p.t(id), tone)
}

fn of(path: &(String, String)) -> Result<(Id<Seller>, Month), Fault> {
    let found = Id::parse(&path.0).zip(Month::parse(&path.1));
    found.ok_or_else(|| app::failure::Failure::NotFound.into())
}

/// The statement.
pub async fn show(desk: Desk, Path(path): Path<(String, String)>) -> Answer {
    let (id, month) = of(&path)?;
    let page = page(&desk, id, month, String::new()).await?;
    desk.show(page)
}

async fn page(desk: &Desk, id: Id<Seller>, month: Month, problem: String) -> Result<Show, Fault> {
    let found = desk
        .act(move |app, visitor| {
            let currency = settlement::with_currency(app, None)?;
            settlement::statement(app, visitor, id, month, currency)
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    let (one, href) = (&found.month, format!("{HERE}/{id}/months/{month}"));
    let (state, tone) = state(&p, one);
    let sums = [
        ("console-month-opening", one.opening),
        ("console-month-goods", one.goods),
        ("console-month-other", one.other),
        ("console-month-refunds", one.refunds),
        ("console-month-commission", one.commission.negated()),
        ("console-month-splits", one.splits),
    ];
    let sums = sums.map(|(id, amount)| Sum { label: p.t(id), amount: p.money(amount) });
    let mut balance = one.opening;
    let rows = found.entries.iter().map(|entry| {
        balance = balance.plus(entry.amount);
        row(&p, entry, p.money(balance))
    });
    Ok(Show {
        rows: rows.collect(),
        seller: found.seller.name.clone(),
        back: format!("{HERE}/{id}"),
        href,
        key: p.new_key.clone(),
        month: one.month.clone(),
        state,
        tone,
        number: one.number.clone().unwrap_or_default(),
        settled: one.settled_at.map(|at| p.when(at)),
        sums: sums.into(),
        closing: p.money(one.closing),
        may_settle: one.may_settle && desk.visitor().staff(Permission::Sellers).is_ok(),
        p,
    })
}

fn row(p: &Frame, entry: &EntryView, balance: String) -> Row {
    let money = |amount: domain::money::Money| match amount.is_zero() {
        true => String::new(),
        false => p.money(amount),
    };
    Row {
        what: p.t(&format!("console-entry-{}", entry.kind)),
        href: format!("/console/orders/{}", entry.order),
        at: p.when(entry.at),
        goods: money(entry.goods),
        other: money(entry.other),
        commission: money(entry.commission.negated()),
        amount: p.money(entry.amount),
        balance,
    }
}

/// The statement as a file.
pub async fn file(desk: Desk, Path(path): Path<(String, String)>) -> Answer {
    let (id, month) = of(&path)?;
    let file = desk
        .act(move |app, visitor| {
            let currency = settlement::with_currency(app, None)?;
            settlement::csv(app, visitor, id, month, currency)
        })
        .await?;
    Ok(csv_file(&format!("statement-{month}.csv"), file.into_bytes()))
}

/// Settles the month.
pub async fn settle(desk: Desk, Path(path): Path<(String, String)>, form: Form) -> Answer {
    desk.visitor().staff(Permission::Sellers).map_err(Fault::from)?;
    let (id, month) = of(&path)?;
    let done = desk
        .act_once(&form, move |app, visitor| {
            let currency = settlement::with_currency(app, None)?;
            settlement::settle(app, visitor, id, month, currency)
        })
        .await;
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}/months/{month}"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, id, month, problem).await?;
            desk.show_again(page)
        }
    }
}
