//! The passkeys one comes in with.

use app::passkey::{self, Passkey, PasskeyView};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::Id;

use crate::answer::Fault;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::When;
use crate::visitor::SignedIn;
use crate::{Shop, act};

const HERE: &str = "/account/passkeys";

#[derive(Template)]
#[template(path = "storefront/account/passkeys.html")]
struct List {
    p: Frame,
    keys: Vec<Key>,
    /// Where browsers keep passkeys for this shop; empty where they cannot.
    passkey_origin: String,
}

struct Key {
    id: String,
    name: String,
    made: When,
    used: Option<When>,
}

/// `GET /account/passkeys`
pub async fn list(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let passkey_origin = passkey::origin(&shop.app.config).unwrap_or_default();
    let keys = act(&shop, move |app| passkey::list(app, &visitor)).await?;
    let when = |at| goods::when(at, page.now, page.locale);
    let key = |key: &PasskeyView| Key {
        id: key.id.to_string(),
        name: key.name.clone(),
        made: when(key.created_at),
        used: key.last_used_at.map(when),
    };
    let keys = keys.iter().map(key).collect();
    let title = page.t("store-passkeys");
    let p = Frame::new(page, Here::Me, &["account"]).titled(title);
    Ok(render(&List { p, keys, passkey_origin }))
}

/// `POST /account/passkeys/{id}/removal`
pub async fn remove(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Path(id): Path<Id<Passkey>>,
) -> Result<Response, Fault> {
    act(&shop, move |app| passkey::remove(app, &visitor, id)).await?;
    Ok(Redirect::to(HERE).into_response())
}
