//! My returns: where each is, what happens next and until when, and what I can do about it.

use app::after_sale::{self, ParcelView, ReturnCard, ReturnMove, ReturnView};
use app::failure::Failure;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::after_sale::{AfterSale, Kind, Status};
use domain::id::Id;
use serde::Deserialize;

use crate::answer::{self, Fault};
use crate::form::{Form, Upload};
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::{Clock, Picture, Sum, When};
use crate::visitor::SignedIn;
use crate::{Shop, act, link};

/// Returns on one page.
const MOST: i64 = 20;

#[derive(Template)]
#[template(path = "storefront/return/list.html")]
struct List {
    p: Frame,
    returns: Vec<Card>,
    next: String,
}

/// A return in a list.
pub struct Card {
    pub href: String,
    pub look: &'static str,
    pub state: String,
    pub what: String,
    when: When,
    picture: Picture,
    name: String,
    chosen: String,
    amount: Price,
}

#[derive(Template)]
#[template(path = "storefront/return/show.html")]
struct Show {
    p: Frame,
    problem: String,
    number: String,
    when: When,
    href: String,
    order: String,
    look: &'static str,
    icon: &'static str,
    state: String,
    steps: Vec<Step>,
    line: String,
    more: String,
    clock: Option<Clock>,
    /// Where the goods go, line by line.
    return_to: Vec<String>,
    parcels: Vec<Parcel>,
    may_send: bool,
    carrier: String,
    tracking: String,
    may_withdraw: bool,
    may_escalate: bool,
    escalation: String,
    may_add_pictures: bool,
    history: Vec<Moved>,
    what: String,
    reason: String,
    text: String,
    pictures: Vec<Shot>,
    lines: Vec<Line>,
    sums: Vec<Sum>,
    total: Option<Price>,
}

struct Step {
    label: String,
    done: bool,
    now: bool,
}

struct Parcel {
    label: String,
    carrier: String,
    number: String,
}

struct Moved {
    said: String,
    text: String,
    when: When,
}

struct Shot {
    file: String,
    thumb: String,
    width: i64,
    height: i64,
}

struct Line {
    name: String,
    chosen: String,
    picture: Picture,
    quantity: i64,
    sum: Price,
    instead: String,
}

/// The colour a state is told in, always beside its word.
pub fn look(status: Status) -> &'static str {
    match status {
        Status::Requested | Status::Escalated | Status::AwaitingReturn => "waiting",
        Status::Approved | Status::Returned | Status::Received => "info",
        Status::Refunded | Status::Replaced => "good",
        Status::Refused => "bad",
        Status::Closed | Status::Withdrawn => "",
    }
}

fn icon(status: Status) -> &'static str {
    match status {
        Status::Requested | Status::Escalated => "clock",
        Status::Approved => "wallet",
        Status::AwaitingReturn => "box",
        Status::Returned => "truck",
        Status::Received | Status::Replaced => "check",
        Status::Refunded => "refund",
        Status::Refused | Status::Closed | Status::Withdrawn => "cross",
    }
}

fn dashed(code: &str) -> String {
    code.replace('_', "-")
}

fn state(status: Status, page: &Page) -> String {
    page.t(&format!("return-state-{}", dashed(status.code())))
}

fn kind(kind: Kind, page: &Page) -> String {
    page.t(&format!("return-kind-{}", dashed(kind.code())))
}

/// A return in a list.
pub fn card(view: &ReturnCard, page: &Page) -> Card {
    let more = if view.units > 1 { page.n("store-pieces", view.units) } else { String::new() };
    let chosen = [view.variant_title.as_str(), &more];
    Card {
        href: link::after_sale(view.id),
        look: look(view.status),
        state: state(view.status, page),
        what: kind(view.kind, page),
        when: goods::when(view.created_at, page.now, page.locale),
        picture: goods::small(&view.picture),
        name: view.title.clone(),
        chosen: chosen.into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(" · "),
        amount: Price::of(view.amount),
    }
}

/// Where the list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct From {
    before: String,
}

/// `GET /returns`
pub async fn list(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Query(from): Query<From>,
) -> Result<Response, Fault> {
    let before = Id::parse(&from.before);
    let some = act(&shop, move |app| after_sale::mine(app, &visitor, before, MOST)).await?;
    let last = some.last().filter(|_| some.len() as i64 == MOST);
    let next = last
        .map_or(String::new(), |last| link::with_query("/returns", "before", &last.id.to_string()));
    let returns = some.iter().map(|view| card(view, &page)).collect();
    let title = page.t("return-mine");
    let p = Frame::new(page, Here::Me, &["order"]).titled(title);
    Ok(render(&List { p, returns, next }))
}

fn parse(id: &str) -> Result<Id<AfterSale>, Fault> {
    Id::parse(id).ok_or(Failure::NotFound.into())
}

/// `GET /returns/{id}`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let view = act(&shop, move |app| after_sale::get(app, &visitor, id)).await?;
    Ok(render(&draw(page, &view, &Form::default(), String::new())))
}

/// `POST /returns/{id}/parcel`: the goods are on their way back.
pub async fn send_back(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let carrier = form.get("carrier").to_string();
    let parcel = ParcelView { carrier, tracking: form.get("tracking").to_string() };
    let asker = visitor.clone();
    let done = act(&shop, move |app| after_sale::send_back(app, &asker, id, parcel)).await;
    finish(&shop, visitor, page, id, &form, done).await
}

/// `POST /returns/{id}/withdraw`
pub async fn withdraw(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let asker = visitor.clone();
    let done = act(&shop, move |app| after_sale::withdraw(app, &asker, id)).await;
    finish(&shop, visitor, page, id, &Form::default(), done).await
}

/// `POST /returns/{id}/escalate`: to the owner.
pub async fn escalate(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let (asker, text) = (visitor.clone(), form.get("text").to_string());
    let done = act(&shop, move |app| after_sale::escalate(app, &asker, id, &text)).await;
    finish(&shop, visitor, page, id, &form, done).await
}

/// `POST /returns/{id}/pictures`: more of what is wrong.
pub async fn add_pictures(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    upload: Upload,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let asker = visitor.clone();
    let files: Vec<_> = upload.files.into_iter().filter(|f| !f.bytes.is_empty()).collect();
    let done = act(&shop, move |app| {
        let mut view = after_sale::get(app, &asker, id)?;
        for file in &files {
            view = after_sale::add_picture(app, &asker, id, &file.bytes)?;
        }
        Ok(view)
    })
    .await;
    finish(&shop, visitor, page, id, &Form::default(), done).await
}

/// The return again, as it is now or with what was refused.
async fn finish(
    shop: &Shop,
    visitor: app::Visitor,
    page: Page,
    id: Id<AfterSale>,
    form: &Form,
    done: Result<ReturnView, Failure>,
) -> Result<Response, Fault> {
    match done {
        Ok(_) => Ok(Redirect::to(&link::after_sale(id)).into_response()),
        Err(failure @ (Failure::Refused(_) | Failure::TooMany { .. })) => {
            let problem = answer::words(&failure, page.locale);
            let view = act(shop, move |app| after_sale::get(app, &visitor, id)).await?;
            let again = draw(page, &view, form, problem);
            Ok(render_with(Fault::from(failure).status(), &again))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn draw(page: Page, view: &ReturnView, form: &Form, problem: String) -> Show {
    let status = view.status;
    let title = state(status, &page);
    let line = format!("return-line-{}", dashed(status.code()));
    let amount = Price::of(view.amount);
    let (line, more) = (page.t1(&line, "price", &amount), more(&page, view));
    let parcel = |id: &str, parcel: &ParcelView| Parcel {
        label: page.t(id),
        carrier: parcel.carrier.clone(),
        number: parcel.tracking.clone(),
    };
    let back = view.parcel.iter().map(|one| parcel("return-parcel-back", one));
    let sent = view.sent.iter().map(|one| parcel("return-parcel-instead", one));
    let waits = !status.is_settled();
    Show {
        problem,
        number: view.id.to_string(),
        when: goods::when(view.created_at, page.now, page.locale),
        href: link::after_sale(view.id),
        order: link::order(view.order),
        look: look(status),
        icon: icon(status),
        steps: steps(&page, view),
        line,
        more,
        clock: view
            .due_at
            .filter(|end| waits && page.now < *end)
            .map(|end| goods::clock(end, page.now, page.locale)),
        return_to: match status {
            Status::AwaitingReturn => view.return_to.lines().map(String::from).collect(),
            _ => Vec::new(),
        },
        parcels: back.chain(sent).collect(),
        may_send: view.may_send,
        carrier: form.get("carrier").to_string(),
        tracking: form.get("tracking").to_string(),
        may_withdraw: view.may_withdraw,
        may_escalate: view.may_escalate,
        escalation: form.get("text").to_string(),
        may_add_pictures: view.may_add_pictures,
        history: view.moves.iter().rev().map(|one| moved(one, &page)).collect(),
        what: kind(view.kind, &page),
        reason: page.t(&format!("return-reason-{}", dashed(view.reason.code()))),
        text: view.text.clone(),
        pictures: view
            .pictures
            .iter()
            .map(|one| Shot {
                file: one.file.clone(),
                thumb: one.thumb.clone(),
                width: one.width,
                height: one.height,
            })
            .collect(),
        lines: view.lines.iter().map(|line| shown(line, view, &page)).collect(),
        sums: sums(&page, view),
        total: (view.kind != Kind::Exchange).then_some(amount),
        state: title.clone(),
        p: Frame::new(page, Here::Me, &["order", "checkout"]).titled(title),
    }
}

/// What comes next, with what it needs.
fn more(page: &Page, view: &ReturnView) -> String {
    let mut id = format!("return-line-{}-more", dashed(view.status.code()));
    if view.kind == Kind::Exchange && page.locale.has(&format!("{id}-exchange")) {
        id.push_str("-exchange");
    }
    if !page.locale.has(&id) {
        return String::new();
    }
    page.t1(&id, "price", Price::of(view.amount))
}

/// The way of a return that goes well; none for one that does not.
fn steps(page: &Page, view: &ReturnView) -> Vec<Step> {
    let mut names = vec!["return-step-asked", "return-step-agreed"];
    if view.kind.sends_back() {
        names.extend(["return-step-sent", "return-step-here"]);
    }
    names.push(match view.kind {
        Kind::Exchange => "return-step-replaced",
        _ => "return-step-refunded",
    });
    let all = names.len();
    let at = match view.status {
        Status::Requested => 1,
        Status::Approved | Status::AwaitingReturn => 2,
        Status::Returned => 3,
        Status::Received => 4,
        Status::Refunded | Status::Replaced => all,
        Status::Escalated | Status::Refused | Status::Closed | Status::Withdrawn => {
            return Vec::new();
        }
    };
    let at = at.min(all);
    let step = |(i, id): (usize, &str)| Step { label: page.t(id), done: i < at, now: i == at };
    names.into_iter().enumerate().map(step).collect()
}

fn moved(one: &ReturnMove, page: &Page) -> Moved {
    let because = format!("return-because-{}", dashed(&one.reason));
    let known = page.locale.has(&because);
    let id = if known { because } else { format!("return-state-{}", dashed(one.to.code())) };
    Moved {
        said: page.t(&id),
        text: one.text.clone(),
        when: goods::when(one.at, page.now, page.locale),
    }
}

fn shown(line: &after_sale::ReturnLine, view: &ReturnView, page: &Page) -> Line {
    let instead = match view.kind {
        Kind::Exchange if line.exchange_title.is_empty() => page.t("return-the-same"),
        Kind::Exchange => page.t1("return-instead", "name", &line.exchange_title),
        _ => String::new(),
    };
    Line {
        name: line.title.clone(),
        chosen: line.variant_title.clone(),
        picture: goods::small(&line.picture),
        quantity: line.quantity,
        sum: Price::of(line.agreed.unwrap_or(line.asked)),
        instead,
    }
}

fn sums(page: &Page, view: &ReturnView) -> Vec<Sum> {
    if view.shipping.is_zero() {
        return Vec::new();
    }
    vec![Sum {
        label: page.t("store-shipping"),
        amount: Price::of(view.shipping).to_string(),
        off: false,
        why: String::new(),
    }]
}
