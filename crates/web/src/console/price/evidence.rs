//! What a product cost, and what may therefore be struck through.

use app::failure::Failure;
use app::price_list::{self, EvidenceView};
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;

use super::HERE;
use crate::console::{Answer, Desk, Frame};

#[derive(Template)]
#[template(path = "console/price/evidence.html")]
struct Show {
    p: Frame,
    goods: String,
    found: Vec<Found>,
    nothing: bool,
}

struct Found {
    name: String,
    now: String,
    tone: &'static str,
    verdict: String,
    rows: Vec<Row>,
}

struct Row {
    price: String,
    claimed: String,
    whose: String,
    from: String,
    until: String,
}

/// Which goods.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    goods: String,
}

/// The page.
pub async fn show(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let goods = asked.goods.trim().to_string();
    let wanted = goods.clone();
    let found = match goods.is_empty() {
        true => Vec::new(),
        false => {
            let found = desk.act(move |app, visitor| price_list::evidence(app, visitor, &wanted));
            match found.await {
                Ok(found) => found,
                Err(Failure::NotFound) => Vec::new(),
                Err(failure) => return Err(failure.into()),
            }
        }
    };
    let p = desk.frame(HERE);
    desk.show(Show {
        nothing: found.is_empty() && !goods.is_empty(),
        found: found.iter().map(|one| shown(&p, one)).collect(),
        goods,
        p,
    })
}

fn shown(p: &Frame, one: &EvidenceView) -> Found {
    let when = |at| p.locale.exact(at);
    let money =
        |money: Option<domain::money::Money>| money.map_or(String::new(), |money| p.money(money));
    let rows = one.history.iter().map(|row| Row {
        price: p.money(row.price),
        claimed: money(row.compare_at),
        whose: match row.list {
            Some(_) => row.list_name.clone(),
            None => p.t("console-evidence-own"),
        },
        from: when(row.from),
        until: row.until.map_or(p.t("console-evidence-still"), when),
    });
    Found {
        name: match one.variant_title.as_str() {
            "" => one.title.clone(),
            variant => format!("{} · {variant}", one.title),
        },
        now: p.money(one.price),
        tone: if one.former.is_some() { "good" } else { "" },
        verdict: match one.former {
            Some(former) => p.t1("console-evidence-shown", "price", p.money(former)),
            None => p.t(&format!("console-evidence-{}", one.verdict.code().replace('_', "-"))),
        },
        rows: rows.collect(),
    }
}
