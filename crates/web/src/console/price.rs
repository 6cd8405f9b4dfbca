//! Price lists: what there is, and what somebody would pay.

use app::currency;
use app::customer_group::{self, GroupView};
use app::price_list::{self, ListView, Probe, ProbeLine};
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::routing::{get, post};
use domain::money::Currency;
use serde::Deserialize;

use super::part::{Choice, Empty};
use super::{Answer, Desk, Frame};
use crate::Shop;
use crate::locale::from_local;

pub mod edit;
pub mod evidence;

/// Its entry in the rail.
const HERE: &str = "/console/prices";

/// The routes of price lists.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/prices", get(index).post(edit::create))
        .route("/console/prices/new", get(edit::new))
        .route("/console/prices/evidence", get(evidence::show))
        .route("/console/prices/{id}", get(edit::show).post(edit::update))
        .route("/console/prices/{id}/prices", post(edit::put_prices))
        .route("/console/prices/{id}/prices.csv", get(edit::export))
        .route("/console/prices/{id}/file", post(edit::import))
        .route("/console/prices/{id}/removal", post(edit::remove))
}

#[derive(Template)]
#[template(path = "console/price/list.html")]
struct List {
    p: Frame,
    rows: Vec<Row>,
    empty: Option<Empty>,
    asked: Asked,
    currencies: Vec<Choice>,
    found: Vec<Found>,
}

struct Row {
    href: String,
    name: String,
    detail: String,
    tone: &'static str,
    state: String,
}

/// What somebody would pay for one variant.
struct Found {
    name: String,
    price: String,
    total: String,
    why: String,
    tiers: String,
}

/// What would somebody pay?
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    goods: String,
    quantity: String,
    person: String,
    currency: String,
    at: String,
}

/// The lists, and the answer to what somebody would pay.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let probe = (!asked.goods.trim().is_empty()).then(|| Probe {
        goods: asked.goods.clone(),
        quantity: super::fields::whole(&asked.quantity).unwrap_or(1),
        person: Some(asked.person.clone()).filter(|who| !who.trim().is_empty()),
        currency: Currency::parse(&asked.currency),
        at: from_local(&asked.at),
    });
    let (lists, groups, currencies) = desk
        .act(|app, visitor| {
            let lists = price_list::list(app, visitor)?;
            let groups = customer_group::list(app, visitor)?;
            Ok((lists, groups, currency::get(app, visitor)?))
        })
        .await?;
    let (found, problem) = match probe {
        None => (Vec::new(), String::new()),
        Some(probe) => {
            match desk.act(move |app, visitor| price_list::probe(app, visitor, &probe)).await {
                Ok(found) => (found, String::new()),
                Err(failure) => (Vec::new(), desk.complaint(failure)?),
            }
        }
    };
    let p = desk.frame_with(HERE, problem);
    let empty = lists.is_empty().then(|| Empty {
        title: p.t("console-prices-none"),
        text: p.t("console-prices-none-text"),
        ..Empty::default()
    });
    let codes = std::iter::once(currencies.own)
        .chain(currencies.others.iter().map(|other| other.currency))
        .map(|currency| (currency.code().to_string(), currency.code().to_string()));
    desk.show(List {
        rows: lists.iter().map(|list| row(&p, list, &groups)).collect(),
        empty,
        currencies: Choice::among(&asked.currency, codes),
        found: found.iter().map(|line| answer(&p, line)).collect(),
        asked,
        p,
    })
}

fn row(p: &Frame, list: &ListView, groups: &[GroupView]) -> Row {
    let state = list.state(p.now);
    let tone = match state {
        "on" => "good",
        "planned" => "waiting",
        _ => "",
    };
    let mut detail = vec![whose(p, list, groups)];
    detail.extend(dates(p, list));
    if list.prices > 0 {
        detail.push(p.t1("console-prices-count", "count", list.prices));
    }
    if !list.cuts.is_empty() {
        detail.push(p.t1("console-prices-cuts-count", "count", list.cuts.len()));
    }
    detail.push(list.currency.code().to_string());
    Row {
        href: format!("{HERE}/{}", list.id),
        name: list.name.clone(),
        detail: detail.join(" · "),
        tone,
        state: p.t(&format!("console-prices-state-{state}")),
    }
}

/// For whom a list is.
fn whose(p: &Frame, list: &ListView, groups: &[GroupView]) -> String {
    let named = groups.iter().filter(|group| list.groups.contains(&group.id));
    let names: Vec<&str> = named.map(|group| group_name(p, group)).collect();
    match names.is_empty() {
        true => p.t("console-prices-everybody"),
        false => names.join(p.t("console-list-comma").as_str()),
    }
}

/// A group's name in the reader's language.
pub fn group_name<'a>(p: &Frame, group: &'a GroupView) -> &'a str {
    if p.is_chinese() { &group.name } else { &group.name_en }
}

fn dates(p: &Frame, list: &ListView) -> Option<String> {
    let said = |at| p.locale.exact_near(at, p.now);
    match (list.starts_at, list.ends_at) {
        (None, None) => None,
        (Some(from), None) => Some(p.t1("console-prices-from", "from", said(from))),
        (None, Some(end)) => Some(p.t1("console-prices-until", "until", said(end))),
        (Some(from), Some(end)) => Some(format!("{} – {}", said(from), said(end))),
    }
}

fn answer(p: &Frame, line: &ProbeLine) -> Found {
    let why = p.t(&format!("console-price-why-{}", line.because.code()));
    let mut said = vec![why];
    if !line.list_name.is_empty() {
        said.push(line.list_name.clone());
    }
    if line.from > 1 {
        said.push(p.t1("console-prices-from-n", "n", line.from));
    }
    if let Some(ordinary) = line.ordinary.filter(|was| Some(*was) != line.unit_price) {
        said.push(p.t1("console-prices-ordinarily", "price", p.money(ordinary)));
    }
    let tiers = line.tiers.iter().filter(|_| line.tiers.len() > 1);
    let tiers: Vec<String> =
        tiers.map(|tier| format!("≥ {}: {}", tier.from, p.money(tier.unit_price))).collect();
    Found {
        name: match line.variant_title.as_str() {
            "" => line.title.clone(),
            variant => format!("{} · {variant}", line.title),
        },
        price: match line.unit_price {
            Some(price) => p.money(price),
            None => p.t("console-prices-not-for-sale"),
        },
        total: line.total.map_or(String::new(), |total| p.money(total)),
        why: said.join(" · "),
        tiers: tiers.join(" · "),
    }
}
