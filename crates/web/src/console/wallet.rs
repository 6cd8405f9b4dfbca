//! Wallets behind the counter: who has what, where it came from, and giving store credit.

use app::person;
use app::wallet::{self, EntryView, GiveCredit, WalletCard, WalletView};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect};
use domain::id::Id;
use domain::person::Person;
use serde::Deserialize;

use super::part::When;
use super::{Answer, Desk, Frame, fields};
use crate::answer::Fault;
use crate::form::Form;

/// Its entry in the rail.
const HERE: &str = "/console/wallets";
const ROWS: i64 = 100;

#[derive(Template)]
#[template(path = "console/wallet/list.html")]
struct List {
    p: Frame,
    query: String,
    nobody: bool,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    href: String,
    credit: String,
    prepaid: String,
    held: String,
}

#[derive(Template)]
#[template(path = "console/wallet/show.html")]
struct Show {
    p: Frame,
    name: String,
    href: String,
    key: String,
    parts: Vec<(String, String)>,
    amount: String,
    reason: String,
    entries: Vec<Entry>,
}

struct Entry {
    at: When,
    what: String,
    purse: String,
    amount: String,
    more: String,
    href: String,
}

/// Whom one looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

/// Wallets that hold something; somebody's by their contact.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let query = asked.q.trim().to_string();
    let (wanted, looked) = (query.clone(), !query.is_empty());
    let (found, cards) = desk
        .act(move |app, visitor| {
            let cards = wallet::list(app, visitor, ROWS)?;
            let found = match looked {
                true => wallet::owner(app, visitor, &wanted)?,
                false => None,
            };
            Ok((found, cards))
        })
        .await?;
    if let Some(person) = found {
        return Ok(Redirect::to(&format!("{HERE}/{person}")).into_response());
    }
    let p = desk.frame(HERE);
    let rows = cards.iter().map(|card| row(&p, card)).collect();
    desk.show(List { query, nobody: looked, rows, p })
}

fn row(p: &Frame, card: &WalletCard) -> Row {
    Row {
        name: card.name.clone(),
        href: format!("{HERE}/{}", card.person),
        credit: p.money(card.store_credit),
        prepaid: p.money(card.prepaid),
        held: if card.held.is_zero() { String::new() } else { p.money(card.held) },
    }
}

/// One wallet.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id = Id::parse(&id).ok_or(app::failure::Failure::NotFound)?;
    let page = page(&desk, id, &Form::default(), String::new()).await?;
    desk.show(page)
}

async fn page(desk: &Desk, id: Id<Person>, form: &Form, problem: String) -> Result<Show, Fault> {
    let (name, seen, entries) = desk
        .act(move |app, visitor| {
            let seen = wallet::of(app, visitor, id)?;
            let entries = wallet::statement_of(app, visitor, id, None, ROWS)?;
            let person = app.read(|tx| person::find(tx, id))?;
            Ok((person.name, seen, entries))
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    Ok(Show {
        href: format!("{HERE}/{id}"),
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        parts: parts(&p, &seen),
        amount: form.get("amount").to_string(),
        reason: form.get("reason").to_string(),
        entries: entries.iter().map(|one| entry(&p, one)).collect(),
        name,
        p,
    })
}

fn parts(p: &Frame, seen: &WalletView) -> Vec<(String, String)> {
    let parts = [
        ("wallet-available", seen.available),
        ("wallet-credit", seen.store_credit),
        ("wallet-prepaid", seen.prepaid),
        ("wallet-held", seen.held),
    ];
    parts.into_iter().map(|(id, money)| (p.t(id), p.money(money))).collect()
}

fn entry(p: &Frame, one: &EntryView) -> Entry {
    let kind = match (one.kind.as_str(), one.amount.minor < 0) {
        ("grant", true) => "taken".to_string(),
        (kind, _) => kind.replace('_', "-"),
    };
    Entry {
        at: p.when(one.at),
        what: p.t(&format!("wallet-kind-{kind}")),
        purse: p.t(&format!("wallet-purse-{}", one.purse.code().replace('_', "-"))),
        amount: p.money(one.amount),
        more: one.reason.clone(),
        href: match one.about.as_str() {
            "order" => format!("/console/orders/{}", one.about_id),
            _ => String::new(),
        },
    }
}

/// Gives store credit, or takes it back.
pub async fn give(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Person> = Id::parse(&id).ok_or(app::failure::Failure::NotFound)?;
    let (typed, reason) = (form.get("amount").to_string(), form.get("reason").to_string());
    let takes = form.get("do") == "take";
    let done = desk
        .act_once(&form, move |app, visitor| {
            let currency = wallet::of(app, visitor, id)?.available.currency;
            let amount = fields::amount(&typed, currency).filter(|amount| amount.minor > 0);
            let amount = amount.ok_or(domain::wallet::Refusal::BadAmount)?;
            let amount = if takes { amount.negated() } else { amount };
            wallet::give(app, visitor, id, GiveCredit { amount, reason })
        })
        .await;
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, id, &form, problem).await?;
            desk.show_again(page)
        }
    }
}
