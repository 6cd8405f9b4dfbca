//! What one allows, a copy of one's data and its end; and the link in letters that ends them.

use app::Visitor;
use app::consent::{self, PurposeView, SetConsent};
use app::failure::Failure;
use app::own_data::{self, ExportView, OwnData, WithCode};
use app::person;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::customer::{DataExport, Purpose};
use domain::id::Id;
use domain::text::masked;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::When;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};

const PRIVACY: &str = "/account/privacy";
const DATA: &str = "/account/data";

#[derive(Template)]
#[template(path = "storefront/own/privacy.html")]
struct Privacy {
    p: Frame,
    purposes: Vec<Asked>,
    said: Vec<Said>,
}

/// Something that can be allowed.
struct Asked {
    code: &'static str,
    title: String,
    wording: String,
    version: i64,
    given: bool,
    since: Option<When>,
}

/// One time something was allowed or taken back.
struct Said {
    text: String,
    when: When,
}

/// `GET /account/privacy`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let (all, said) =
        act(&shop, move |app| Ok((consent::list(app, &visitor)?, consent::mine(app, &visitor)?)))
            .await?;
    let when = |at| goods::when(at, page.now, page.locale);
    let asked = |one: &PurposeView| Asked {
        code: one.purpose.code(),
        title: purpose(&page, one.purpose),
        wording: one.wording.clone(),
        version: one.version,
        given: one.given,
        since: one.since.map(when),
    };
    let told = |one: &consent::ConsentView| {
        let id = if one.given { "store-consent-given" } else { "store-consent-taken-back" };
        let text = format!("{}: {}", purpose(&page, one.purpose), page.t(id));
        Said { text, when: when(one.said_at) }
    };
    let (purposes, said) = (all.iter().map(asked).collect(), said.iter().map(told).collect());
    let title = page.t("store-privacy");
    let p = Frame::new(page, Here::Me, &["account", "checkout"]).titled(title);
    Ok(render(&Privacy { p, purposes, said }))
}

fn purpose(page: &Page, purpose: Purpose) -> String {
    page.t(&format!("store-purpose-{}", purpose.code().replace('_', "-")))
}

/// `POST /account/privacy`
pub async fn set(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    form: Form,
) -> Result<Response, Fault> {
    let purpose = Purpose::parse(form.get("purpose")).ok_or(Failure::NotFound)?;
    let set = SetConsent { purpose, given: form.is_on("given"), version: form.parse("version") };
    act(&shop, move |app| consent::set(app, &visitor, "account", &set)).await?;
    Ok(Redirect::to(&format!("{PRIVACY}?done=saved")).into_response())
}

#[derive(Template)]
#[template(path = "storefront/own/unsubscribe.html")]
struct Unsubscribe {
    p: Frame,
    action: String,
    what: String,
    given: bool,
    more: String,
}

/// `GET /unsubscribe/{token}`: changes nothing, since mail programs look at links.
pub async fn leave_page(
    State(shop): State<Shop>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    let action = format!("/unsubscribe/{}", crate::link::part(&token));
    let link = act(&shop, move |app| consent::of_link(app, &token)).await?;
    Ok(render(&unsubscribe(page, action, link)))
}

/// `POST /unsubscribe/{token}`: by the page's button, or by a mail program (RFC 8058).
pub async fn leave(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    let action = format!("/unsubscribe/{}", crate::link::part(&token));
    let link = act(&shop, move |app| consent::unsubscribe(app, &visitor, &token)).await?;
    Ok(render(&unsubscribe(page, action, link)))
}

fn unsubscribe(page: Page, action: String, link: consent::LinkView) -> Unsubscribe {
    let (what, title) = (purpose(&page, link.purpose), page.t("store-unsubscribe"));
    let more = page.t("store-unsubscribe-more");
    let p = Frame::new(page, Here::Elsewhere, &["account"]).titled(title);
    Unsubscribe { p, action, what, given: link.given, more }
}

#[derive(Template)]
#[template(path = "storefront/own/data.html")]
struct Data {
    p: Frame,
    problem: String,
    exports: Vec<Export>,
    /// Where a code was sent just now; empty before.
    sent_to: String,
    demo_code: String,
    /// When they will be forgotten; empty when they did not ask for it.
    leaving: String,
    /// What must be ended first; empty when nothing stands in the way.
    first: String,
}

struct Export {
    id: String,
    ready: bool,
    state: String,
    when: When,
}

/// What is beside the page's own: what went wrong, and a code that was sent.
#[derive(Default)]
struct Beside {
    problem: String,
    sent_to: String,
    demo_code: String,
}

/// `GET /account/data`
pub async fn data(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    Ok(render(&draw(&shop, visitor, page, Beside::default()).await?))
}

async fn draw(shop: &Shop, visitor: Visitor, page: Page, beside: Beside) -> Result<Data, Fault> {
    let own: OwnData = act(shop, move |app| own_data::see(app, &visitor)).await?;
    let export = |one: &ExportView| Export {
        id: one.id.to_string(),
        ready: one.state == "ready",
        state: page.t(&format!("store-data-{}", one.state)),
        when: goods::when(one.asked_at, page.now, page.locale),
    };
    let first = match &own {
        OwnData { open_orders: n @ 1.., .. } => page.n("store-leave-orders", *n),
        OwnData { open_returns: n @ 1.., .. } => page.n("store-leave-returns", *n),
        OwnData { has_balance: true, .. } => page.t("store-leave-balance"),
        _ => String::new(),
    };
    let asked = own.erasure.as_ref().filter(|erasure| erasure.state == "asked");
    let leaving = asked.map_or(String::new(), |erasure| page.locale.exact(erasure.due_at));
    let title = page.t("store-data");
    Ok(Data {
        exports: own.exports.iter().map(export).collect(),
        leaving,
        first,
        problem: beside.problem,
        sent_to: beside.sent_to,
        demo_code: beside.demo_code,
        p: Frame::new(page, Here::Me, &["account", "checkout"]).titled(title),
    })
}

/// `POST /account/data/code`: a code to one's own contact.
pub async fn send_code(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let asker = visitor.clone();
    match act(&shop, move |app| person::ask_own_code(app, &asker)).await {
        Ok(asked) => {
            let sent_to = masked(&asked.contact);
            let demo_code = asked.demo_code.unwrap_or_default();
            let beside = Beside { sent_to, demo_code, ..Beside::default() };
            Ok(render(&draw(&shop, visitor, page, beside).await?))
        }
        Err(failure) => again(&shop, visitor, page, failure).await,
    }
}

/// The page once more, with what did not work.
async fn again(
    shop: &Shop,
    visitor: Visitor,
    page: Page,
    failure: Failure,
) -> Result<Response, Fault> {
    let problem = Errors::of(failure, page.locale)?.all().join(" ");
    let beside = Beside { problem, ..Beside::default() };
    let drawn = draw(shop, visitor, page, beside).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &drawn))
}

/// `POST /account/data/exports`: a copy of everything.
pub async fn ask_export(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let asker = visitor.clone();
    match act(&shop, move |app| own_data::ask_export(app, &asker)).await {
        Ok(_) => Ok(Redirect::to(&format!("{DATA}?done=saved")).into_response()),
        Err(failure) => again(&shop, visitor, page, failure).await,
    }
}

/// `POST /account/data/exports/{id}`: the copy itself, for a code.
pub async fn download(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<DataExport> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let with = WithCode { code: form.get("code").to_string() };
    let asker = visitor.clone();
    match act(&shop, move |app| own_data::fetch(app, &asker, id, &with)).await {
        Ok(bytes) => {
            let mut response = bytes.into_response();
            let headers = response.headers_mut();
            let json = HeaderValue::from_static("application/json");
            headers.insert(header::CONTENT_TYPE, json);
            let saved = HeaderValue::from_static("attachment; filename=\"my-data.json\"");
            headers.insert(header::CONTENT_DISPOSITION, saved);
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(failure) => again(&shop, visitor, page, failure).await,
    }
}

/// `POST /account/data/erasure`: to be forgotten, for a code.
pub async fn erase(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    let with = WithCode { code: form.get("code").to_string() };
    let asker = visitor.clone();
    match act(&shop, move |app| own_data::ask_erasure(app, &asker, &with)).await {
        Ok(_) => Ok(Redirect::to(&format!("{DATA}?done=saved")).into_response()),
        Err(failure) => again(&shop, visitor, page, failure).await,
    }
}

/// `POST /account/data/erasure/cancel`
pub async fn keep(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let asker = visitor.clone();
    match act(&shop, move |app| own_data::cancel_erasure(app, &asker)).await {
        Ok(()) => Ok(Redirect::to(&format!("{DATA}?done=saved")).into_response()),
        Err(failure) => again(&shop, visitor, page, failure).await,
    }
}
