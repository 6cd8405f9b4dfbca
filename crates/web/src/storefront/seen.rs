//! What one looked at, for those who allowed it to be kept: its page, and the row on other pages.

use app::browsing::{self, PauseHistory};
use app::consent::{self, SetConsent};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalog::Product;
use domain::customer::Purpose;
use domain::id::Id;

use crate::answer::Fault;
use crate::form::Form;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::Card;
use crate::visitor::SignedIn;
use crate::{Shop, act};

const HERE: &str = "/account/history";
/// As many as a row on another page shows.
const ROW: usize = 4;

#[derive(Template)]
#[template(path = "storefront/own/seen.html")]
struct Seen {
    p: Frame,
    allowed: bool,
    paused: bool,
    wording: &'static str,
    version: i64,
    goods: Vec<Card>,
}

/// `GET /account/history`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let history = act(&shop, move |app| browsing::history(app, &visitor)).await?;
    let purpose = Purpose::BrowsingHistory;
    let title = page.t("store-seen");
    Ok(render(&Seen {
        allowed: history.allowed,
        paused: history.paused,
        wording: purpose.wording(page.lang),
        version: purpose.version(),
        goods: history.seen.iter().map(|one| goods::plain_card(&one.product)).collect(),
        p: Frame::new(page, Here::Me, &["account", "checkout"]).titled(title),
    }))
}

/// `POST /account/history`: allowed, paused, going on, cleared or no longer allowed.
pub async fn change(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    form: Form,
) -> Result<Response, Fault> {
    let wanted = form.get("do").to_string();
    let version = form.parse("version");
    act(&shop, move |app| {
        let allow = |given| {
            let set = SetConsent { purpose: Purpose::BrowsingHistory, given, version };
            consent::set(app, &visitor, "account", &set).map(drop)
        };
        match wanted.as_str() {
            "allow" => allow(true),
            "stop" => allow(false),
            "clear" => browsing::forget(app, &visitor, None),
            other => {
                let pause = PauseHistory { paused: other == "pause" };
                browsing::pause(app, &visitor, pause).map(drop)
            }
        }
    })
    .await?;
    Ok(Redirect::to(&format!("{HERE}?done=saved")).into_response())
}

/// What the visitor looked at last, for a row on another page; empty for those who keep nothing.
pub async fn row(
    shop: &Shop,
    visitor: &app::Visitor,
    but: Option<Id<Product>>,
) -> Result<Vec<Card>, Fault> {
    if visitor.person.is_none() {
        return Ok(Vec::new());
    }
    let visitor = visitor.clone();
    let seen = act(shop, move |app| browsing::recent(app, &visitor, but, ROW)).await?;
    Ok(seen.iter().map(goods::plain_card).collect())
}
