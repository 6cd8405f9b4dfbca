//! The proof of a draw: what was published before, what was drawn, and a script that does all of it
//! again in the reader's own browser. Who has no script can do it with any SHA-256: each step is
//! said.

use app::draw::{self, Proof, RecordView};
use app::failure::Failure;
use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::campaign::Campaign;
use domain::id::Id;
use serde::Deserialize;
use serde_json::json;

use crate::answer::Fault;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::When;
use crate::{Shop, act, link};

/// Records on one page, and in one answer to the script.
const ROWS: i64 = 50;
const AT_ONCE: i64 = 5_000;

#[derive(Template)]
#[template(path = "storefront/draw/proof.html")]
struct Show {
    p: Frame,
    title: String,
    back: String,
    proof: Proof,
    committed: When,
    prizes: Vec<(usize, String, i64, String)>,
    rows: Vec<Row>,
    next: String,
    records: String,
}

struct Row {
    number: i64,
    draw: String,
    salt: String,
    ticket: i64,
    prize: String,
    who: String,
    when: When,
}

/// From where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct After {
    after: i64,
}

/// `GET /draws/{id}/proof`
pub async fn show(
    State(shop): State<Shop>,
    page: Page,
    Path(id): Path<String>,
    Query(After { after }): Query<After>,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let (proof, records) =
        act(&shop, move |app| Ok((draw::proof(app, id)?, draw::records(app, id, after, ROWS)?)))
            .await?;
    Ok(render(&page_of(page, proof, &records)))
}

/// `GET /draws/{id}/records.json`: what the script does again.
pub async fn records(
    State(shop): State<Shop>,
    Path(id): Path<String>,
    Query(After { after }): Query<After>,
) -> Result<Response, Fault> {
    let id: Id<Campaign> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let (proof, records) =
        act(&shop, move |app| Ok((draw::proof(app, id)?, draw::records(app, id, after, AT_ONCE)?)))
            .await?;
    let more = records.len() as i64 == AT_ONCE;
    let next = records.last().filter(|_| more).map(|last| last.number);
    Ok(Json(json!({ "proof": proof, "records": records, "next": next })).into_response())
}

fn page_of(page: Page, proof: Proof, records: &[RecordView]) -> Show {
    let back = format!("/draws/{}", proof.campaign);
    let here = format!("{back}/proof");
    let more = records.len() as i64 == ROWS;
    let last = records.last().filter(|_| more);
    let row = |one: &RecordView| Row {
        number: one.number,
        draw: one.draw.to_string(),
        salt: one.salt.clone(),
        ticket: one.ticket,
        prize: one.prize.clone(),
        who: one.who.clone(),
        when: goods::when(one.at, page.now, page.locale),
    };
    let prizes = proof.prizes.iter().enumerate().map(|(at, prize)| {
        let stock = prize.stock.map_or_else(|| page.t("draw-no-end"), |stock| stock.to_string());
        (at, prize.name.clone(), prize.weight, stock)
    });
    Show {
        committed: goods::when(proof.committed_at, page.now, page.locale),
        prizes: prizes.collect(),
        rows: records.iter().map(row).collect(),
        next: last.map_or(String::new(), |last| {
            link::with_query(&here, "after", &last.number.to_string())
        }),
        records: format!("{back}/records.json"),
        title: proof.title.clone(),
        p: {
            let title = page.t1("draw-proof-of", "title", &proof.title);
            let description = page.t("draw-proof-says");
            Frame::new(page, Here::Elsewhere, &["game"]).titled(title).public(&description, "")
        },
        back,
        proof,
    }
}
