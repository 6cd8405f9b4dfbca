//! Who one is: sessions for browsers, one's person, one's tokens, one's notices and share links.

use app::address::{self, Entry, EntryView, PutEntry};
use app::notice::{self, MarkRead, NoticeView};
use app::person::{self, AskCode, PersonView, Rename, SignIn};
use app::share::{self, LinkView};
use app::token::{self, NewToken, TokenView};
use app::{cart, session};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use describe::ToSchema;
use domain::assist::Assist;
use domain::bargain::Launch;
use domain::campaign::Campaign;
use domain::catalog::Product;
use domain::fission::Fission;
use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::person::Token;
use domain::share::Object as Shared;
use serde::{Deserialize, Serialize};

use super::input::{At, Body, PageQuery, Query};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::visitor::{Anyone, Asker, Remembered, SignedIn};
use crate::{Shop, act};
use app::failure::Failure;
#[cfg(feature = "schema")]
use {app::person::CodeAsked, app::token::FreshToken};

operations! {
    /// The routes about oneself.
    "/api/v1/session/codes": post ask_code;
    "/api/v1/session": post sign_in, get who, delete sign_out;
    "/api/v1/me": get me, patch rename;
    "/api/v1/me/tokens": get tokens, post make_token;
    "/api/v1/me/tokens/{token}": delete revoke_token;
    "/api/v1/addresses": get addresses, post add_address;
    "/api/v1/addresses/{address}": get show_address, put change_address, delete remove_address;
    "/api/v1/notices": get notices;
    "/api/v1/notices/readings": post read_notices;
    "/api/v1/share-links": get links, post make_link;
}

/// Who the caller is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// None for a guest.
    pub person: Option<PersonView>,
    /// What a browser sends as `X-CSRF-Token` with everything but GET.
    pub csrf: Option<String>,
    /// What a token allows.
    pub scopes: Option<Vec<domain::person::Scope>>,
    pub server_time: domain::moment::Moment,
}

/// Ask for a sign-in code
///
/// The code is sent to the e-mail address or phone number. Whoever asks hears the same whether
/// anybody has that contact.
#[describe::path(post, path = "/api/v1/session/codes", tag = "people", request_body = AskCode,
    responses((status = 202, body = CodeAsked)))]
async fn ask_code(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Body(ask): Body<AskCode>,
) -> Result<Response, AsJson> {
    let asked = act(&shop, move |app| person::ask_code(app, &visitor, ask)).await?;
    Ok((StatusCode::ACCEPTED, Json(asked)).into_response())
}

/// Sign in with a code
///
/// Sets the session's cookie. Programs use a token instead.
#[describe::path(post, path = "/api/v1/session", tag = "people", request_body = SignIn,
    responses((status = 201, body = PersonView)))]
async fn sign_in(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    asker: Asker,
    Body(sign_in): Body<SignIn>,
) -> Result<Response, AsJson> {
    let (came, view) = act(&shop, move |app| {
        let came = person::sign_in(app, &visitor, sign_in)?;
        if let Some(before) = came.session_before {
            cart::adopt(app, before, came.person.id)?;
            app::favourite::adopt(app, before, came.person.id)?;
        }
        let view = app.read(|tx| person::find(tx, came.person.id))?;
        Ok((came, view))
    })
    .await?;
    asker.keep_person(&came);
    Ok(output::made(view, "/api/v1/me"))
}

/// Who am I
#[describe::path(get, path = "/api/v1/session", tag = "people",
    responses((status = 200, body = SessionView)))]
async fn who(State(shop): State<Shop>, asker: Asker) -> Result<Response, AsJson> {
    let (visitor, csrf) = (asker.visitor.clone(), asker.csrf.clone());
    let view = act(&shop, move |app| {
        let person = match &visitor.person {
            Some(person) => Some(app.read(|tx| person::find(tx, person.id))?),
            None => None,
        };
        let csrf = Some(csrf).filter(|csrf| !csrf.is_empty());
        Ok(SessionView { person, csrf, scopes: visitor.scopes, server_time: app.now() })
    });
    Ok(Json(view.await?).into_response())
}

/// Sign out
#[describe::path(delete, path = "/api/v1/session", tag = "people", responses((status = 204)))]
async fn sign_out(State(shop): State<Shop>, asker: Asker) -> Result<StatusCode, AsJson> {
    let visitor = asker.visitor.clone();
    act(&shop, move |app| session::sign_out(app, &visitor)).await?;
    asker.forget_session();
    Ok(StatusCode::NO_CONTENT)
}

/// Your person
#[describe::path(get, path = "/api/v1/me", tag = "people",
    responses((status = 200, body = PersonView)))]
async fn me(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<PersonView>, AsJson> {
    Ok(Json(act(&shop, move |app| person::get(app, &visitor)).await?))
}

/// Change what you are called
#[describe::path(patch, path = "/api/v1/me", tag = "people", request_body = Rename,
    responses((status = 200, body = PersonView)))]
async fn rename(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(rename): Body<Rename>,
) -> Result<Json<PersonView>, AsJson> {
    Ok(Json(act(&shop, move |app| person::rename(app, &visitor, rename)).await?))
}

/// Your API tokens
#[describe::path(get, path = "/api/v1/me/tokens", tag = "people",
    responses((status = 200, body = Listed<TokenView>)))]
async fn tokens(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<Listed<TokenView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| token::list(app, &visitor)).await?))
}

/// Make an API token
///
/// The token itself is answered this once. A token cannot make another.
#[describe::path(post, path = "/api/v1/me/tokens", tag = "people", request_body = NewToken,
    responses((status = 201, body = FreshToken)))]
async fn make_token(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(new): Body<NewToken>,
) -> Result<Response, AsJson> {
    let fresh = act(&shop, move |app| token::make(app, &visitor, new)).await?;
    let at = format!("/api/v1/me/tokens/{}", fresh.view.id);
    Ok(output::made(fresh, &at))
}

/// Revoke an API token
#[describe::path(delete, path = "/api/v1/me/tokens/{token}", tag = "people",
    params(("token" = Id<Token>, Path)), responses((status = 204)))]
async fn revoke_token(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(token): At<Token>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| token::revoke(app, &visitor, token)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Your notices, the latest first
#[describe::path(get, path = "/api/v1/notices", tag = "people", params(PageQuery),
    responses((status = 200, body = Listed<NoticeView>)))]
async fn notices(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<NoticeView>>, AsJson> {
    let span = Span::of(&shop, "notices", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| notice::list(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |notice| notice.id.to_string()))
}

/// How many notices are unread.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Unread {
    pub unread: i64,
}

/// Mark notices as read
///
/// One notice, or all of them when none is named.
#[describe::path(post, path = "/api/v1/notices/readings", tag = "people", request_body = MarkRead,
    responses((status = 200, body = Unread)))]
async fn read_notices(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(mark): Body<MarkRead>,
) -> Result<Json<Unread>, AsJson> {
    let unread = act(&shop, move |app| notice::mark_read(app, &visitor, mark)).await?;
    Ok(Json(Unread { unread }))
}

/// Your share links, the latest first
#[describe::path(get, path = "/api/v1/share-links", tag = "sharing", params(PageQuery),
    responses((status = 200, body = Listed<LinkView>)))]
async fn links(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<LinkView>>, AsJson> {
    let span = Span::of(&shop, "share-links", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| share::list(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |link| link.id.to_string()))
}

/// What shall be shared.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewLink {
    pub object: Shared,
    /// The id of the product, group buy or team; nothing for the home page.
    #[serde(default)]
    pub object_id: Option<String>,
}

/// Your link to something
///
/// Asking again answers with the same link.
#[describe::path(post, path = "/api/v1/share-links", tag = "sharing", request_body = NewLink,
    responses((status = 200, body = LinkView)))]
async fn make_link(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(new): Body<NewLink>,
) -> Result<Json<LinkView>, AsJson> {
    let text = new.object_id.unwrap_or_default();
    let number = match new.object {
        Shared::Home => Some(0),
        Shared::Product => Id::<Product>::parse(&text).map(|id| id.0),
        Shared::GroupBuy => Id::<GroupBuy>::parse(&text).map(|id| id.0),
        Shared::Team => Id::<Team>::parse(&text).map(|id| id.0),
        Shared::Campaign => Id::<Campaign>::parse(&text).map(|id| id.0),
        Shared::Assist => Id::<Assist>::parse(&text).map(|id| id.0),
        Shared::Bargain => Id::<Launch>::parse(&text).map(|id| id.0),
        Shared::Fission => Id::<Fission>::parse(&text).map(|id| id.0),
    };
    let number = number.ok_or(Failure::NotFound)?;
    Ok(Json(act(&shop, move |app| share::link(app, &visitor, new.object, number)).await?))
}

/// Your address book: the usual one, then those used last
#[describe::path(get, path = "/api/v1/addresses",
    operation_id = "list_addresses", tag = "people",
    responses((status = 200, body = Listed<EntryView>)))]
async fn addresses(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<Listed<EntryView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| address::list(app, &visitor)).await?))
}

/// Keep an address
///
/// One that is in the book already stays the same entry.
#[describe::path(post, path = "/api/v1/addresses", tag = "people", request_body = PutEntry,
    responses((status = 201, body = EntryView)))]
async fn add_address(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Body(put): Body<PutEntry>,
) -> Result<Response, AsJson> {
    let kept = act(&shop, move |app| address::add(app, &visitor, put)).await?;
    let at = format!("/api/v1/addresses/{}", kept.id);
    Ok(output::made(kept, &at))
}

/// An address of yours
#[describe::path(get, path = "/api/v1/addresses/{address}", tag = "people",
    params(("address" = Id<Entry>, Path)), responses((status = 200, body = EntryView)))]
async fn show_address(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Entry>,
) -> Result<Json<EntryView>, AsJson> {
    Ok(Json(act(&shop, move |app| address::get(app, &visitor, id)).await?))
}

/// Change an address
///
/// Orders that were placed with it keep what it was.
#[describe::path(put, path = "/api/v1/addresses/{address}", tag = "people",
    params(("address" = Id<Entry>, Path)), request_body = PutEntry,
    responses((status = 200, body = EntryView)))]
async fn change_address(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Entry>,
    Body(put): Body<PutEntry>,
) -> Result<Json<EntryView>, AsJson> {
    Ok(Json(act(&shop, move |app| address::change(app, &visitor, id, put)).await?))
}

/// Take an address out of your book
#[describe::path(delete, path = "/api/v1/addresses/{address}", tag = "people",
    params(("address" = Id<Entry>, Path)), responses((status = 204)))]
async fn remove_address(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Entry>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| address::remove(app, &visitor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
