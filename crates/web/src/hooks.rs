//! What payment providers tell us: the bytes as they came, checked before anything is read.

use app::failure::Failure;
use app::outside::gateway::Envelope;
use app::{payment, sandbox};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;

use crate::answer::{AsJson, Fault};
use crate::form::{self, MOST};
use crate::{Shop, act, wait};

/// The headers that notices are known by; nothing else of a request is looked at.
const HEADERS: [&str; 8] = [
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "stripe-signature",
    "wechatpay-serial",
    "wechatpay-timestamp",
    "wechatpay-nonce",
    "wechatpay-signature",
];

/// The routes of the hooks.
pub fn routes() -> Router<Shop> {
    Router::new().route("/hooks/payments/{provider}", post(receive))
}

/// Takes a notice of a payment. One that came before is answered alike and changes nothing.
async fn receive(
    State(shop): State<Shop>,
    Path(provider): Path<String>,
    request: Request,
) -> Result<Response<Body>, AsJson> {
    let (parts, body) = request.into_parts();
    let body = form::body(body, MOST).await?.to_vec();
    let envelope = Envelope { headers: headers(&parts.headers)?, body };
    if provider == sandbox::NAME {
        if envelope.headers.len() < 3 {
            return Err(Fault::BadRequest("the notice's headers are needed".into()));
        }
        wait(&shop, |aside, told| {
            let told = |taken| drop(told.send(taken));
            payment::notice_aside(&shop.app, &shop.about, &provider, &envelope, aside, told);
        })
        .await?;
        return Ok(StatusCode::OK.into_response());
    }
    // Its key may have to be asked for first.
    let name = provider.clone();
    let taken = act(&shop, move |app| payment::notice(app, &name, envelope)).await;
    answer(&provider, taken)
}

/// The answer in the words a provider listens for.
fn answer(provider: &str, taken: Result<(), Failure>) -> Result<Response<Body>, AsJson> {
    let said = |kind: &'static str, text: &'static str| {
        ([(header::CONTENT_TYPE, kind)], text).into_response()
    };
    match (provider, taken) {
        ("wechat", Ok(())) => Ok(said("application/json", r#"{"code":"SUCCESS"}"#)),
        ("alipay", Ok(())) => Ok(said("text/plain", "success")),
        (_, Ok(())) => Ok(StatusCode::OK.into_response()),
        // Whatever is not that, they take for a no, and tell us again.
        (_, Err(failure)) => Err(failure.into()),
    }
}

/// The headers that matter, each of a reasonable length and there once.
fn headers(all: &HeaderMap) -> Result<Vec<(String, String)>, Fault> {
    let mut found = Vec::new();
    for name in HEADERS {
        let mut values = all.get_all(name).iter();
        let Some(value) = values.next() else { continue };
        let text = value.to_str().ok().filter(|text| (1..=2_000).contains(&text.len()));
        match text.filter(|_| values.next().is_none()) {
            Some(text) => found.push((name.to_string(), text.to_string())),
            None => return Err(Fault::BadRequest(format!("{name} cannot be read"))),
        }
    }
    Ok(found)
}
