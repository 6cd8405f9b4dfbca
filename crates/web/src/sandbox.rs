//! The pages of the sandbox payment provider: another company in spirit, with its own looks.

use app::failure::Failure;
use app::sandbox::{self, Act, Shown};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::answer::{AsPage, Fault};
use crate::form::Form;
use crate::locale::Price;
use crate::page::{self, Page};
use crate::{Shop, act};

/// The routes of the sandbox.
pub fn routes() -> Router<Shop> {
    Router::new().route("/sandbox/pay/{reference}", get(show).post(decide))
}

#[derive(Template)]
#[template(path = "sandbox/show.html")]
struct Show {
    p: Page,
    payment: Shown,
    price: Price,
    state: String,
    choices: Vec<Choice>,
}

/// A button: what it does and what it says.
struct Choice {
    value: &'static str,
    label: String,
    help: String,
    main: bool,
}

#[derive(Template)]
#[template(path = "sandbox/gone.html")]
struct Gone {
    p: Page,
}

const CHOICES: [(&str, Act); 6] = [
    ("pay", Act::Pay),
    ("pay-late", Act::PayLate),
    ("pay-twice", Act::PayTwice),
    ("pay-out-of-order", Act::PayOutOfOrder),
    ("fail", Act::Fail),
    ("close", Act::Close),
];

async fn show(
    State(shop): State<Shop>,
    Path(reference): Path<String>,
    p: Page,
) -> Result<Response, AsPage> {
    let found = act(&shop, move |app| find(app, &reference)).await;
    let payment = match found {
        Err(Failure::NotFound) => {
            return Ok(page::render_with(StatusCode::NOT_FOUND, &Gone { p }));
        }
        other => other?,
    };
    // A try that failed may be made again, as at any bank.
    let open = matches!(payment.status.as_str(), "open" | "failed");
    let choices = CHOICES.iter().filter(|_| open).map(|(value, act)| Choice {
        value,
        label: p.t(&format!("sandbox-{value}")),
        help: p.t(&format!("sandbox-{value}-help")),
        main: *act == Act::Pay,
    });
    let (state, choices) = (p.t(&format!("sandbox-is-{}", payment.status)), choices.collect());
    let price = Price::of(payment.amount);
    Ok(page::render(&Show { p, payment, price, state, choices }))
}

/// The payment, where the sandbox may be used at all.
fn find(app: &app::App, reference: &str) -> Result<Shown, Failure> {
    if app.config.sandbox { sandbox::find(app, reference) } else { Err(Failure::NotFound) }
}

async fn decide(
    State(shop): State<Shop>,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response, AsPage> {
    let wanted = form.get("act").replace('_', "-");
    let choice = CHOICES.iter().find(|(value, _)| *value == wanted);
    let (_, what) = choice.ok_or_else(|| Fault::BadRequest("act".into()))?;
    let what = *what;
    let back = act(&shop, move |app| sandbox::act(app, &reference, what)).await?;
    Ok(Redirect::to(&back).into_response())
}
