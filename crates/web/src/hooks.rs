//! What payment providers tell us: the bytes as they came, checked before anything is read.

use app::payment;
use app::sandbox::Notice;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;

use crate::answer::{AsJson, Fault};
use crate::form::{self, MOST};
use crate::{Shop, wait};

/// The routes of the hooks.
pub fn routes() -> Router<Shop> {
    Router::new().route("/hooks/payments/{provider}", post(receive))
}

/// Takes a notice of a payment. One that came before is answered alike and changes nothing.
async fn receive(
    State(shop): State<Shop>,
    Path(provider): Path<String>,
    request: Request,
) -> Result<StatusCode, AsJson> {
    let (parts, body) = request.into_parts();
    let bytes = form::body(body, MOST).await?;
    let notice = Notice {
        id: said(&parts.headers, "webhook-id")?,
        timestamp: said(&parts.headers, "webhook-timestamp")?,
        signature: said(&parts.headers, "webhook-signature")?,
        // What is signed is text; anything else was not sent by a provider of ours.
        body: String::from_utf8(bytes.to_vec())
            .map_err(|_| Fault::BadRequest("the body is not UTF-8".into()))?,
    };
    wait(&shop, |aside, told| {
        let told = |taken| drop(told.send(taken));
        payment::notice_aside(&shop.app, &shop.about, &provider, notice, aside, told);
    })
    .await?;
    Ok(StatusCode::OK)
}

/// A header that every notice has, of a reasonable length.
fn said(headers: &HeaderMap, name: &str) -> Result<String, Fault> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    let value = value.filter(|value| (1..=1_000).contains(&value.len()));
    value.map(str::to_string).ok_or_else(|| Fault::BadRequest(format!("{name} is needed")))
}
