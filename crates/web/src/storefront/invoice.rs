//! The invoice of an order of mine: asking for it, what became of it, reading and saving it.

use app::failure::Failure;
use app::invoice::{self, AskInvoice, InvoiceView, KnownTitle, OrderInvoices};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::Id;
use domain::invoice::{Invoice, State as RequestState, Title, TitleKind};
use domain::order::Order;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::invoice_sheet::{self, Sheet};
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::When;
use crate::visitor::SignedIn;
use crate::{Shop, act, download, link};

#[derive(Template)]
#[template(path = "storefront/invoice/ask.html")]
struct Ask {
    p: Frame,
    problem: String,
    order_href: String,
    href: String,
    key: String,
    /// What would be on it; empty when there is nothing.
    amount: String,
    may_ask: bool,
    why_not: String,
    company: bool,
    name: String,
    tax_number: String,
    address: String,
    /// Titles that were used before.
    known: Vec<Known>,
    requests: Vec<Asked>,
    invoices: Vec<Issued>,
}

struct Known {
    value: String,
    label: String,
    more: String,
    forget: String,
}

struct Asked {
    state: String,
    look: &'static str,
    title: String,
    reason: String,
    when: When,
    /// Where it is taken back; empty when it was answered.
    withdraw: String,
}

struct Issued {
    number: String,
    what: String,
    amount: String,
    when: When,
    href: String,
    file: String,
}

#[derive(Template)]
#[template(path = "storefront/invoice/show.html")]
struct Show {
    p: Frame,
    back: String,
    file: String,
    x: Sheet,
}

/// Where an order's invoice is asked for.
pub fn href(order: Id<Order>) -> String {
    format!("{}/invoice", link::order(order))
}

fn parse(id: &str) -> Result<Id<Order>, Fault> {
    Id::parse(id).ok_or(Failure::NotFound.into())
}

type Seen = (OrderInvoices, Vec<KnownTitle>);

fn see(app: &app::App, visitor: &app::Visitor, id: Id<Order>) -> Result<Seen, Failure> {
    Ok((invoice::of_order(app, visitor, id)?, invoice::titles(app, visitor)?))
}

/// `GET /orders/{id}/invoice`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
    Ok(render(&draw(page, &seen, &Form::default(), String::new())))
}

/// `POST /orders/{id}/invoice`: asks for it.
pub async fn ask(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let (asker, keyed) = (visitor.clone(), form.keyed(visitor)?);
    let (used, typed) = (form.get("use").to_string(), read(&form));
    let done = act(&shop, move |app| {
        // A title that was used before is meant as it was.
        let known = invoice::titles(app, &keyed)?;
        let known = known.into_iter().find(|one| one.id.to_string() == used);
        let title = known.map_or(typed, |known| known.title);
        invoice::ask(app, &keyed, id, AskInvoice { title })
    });
    match done.await {
        Ok(_) => {
            let to = link::with_query(&href(id), "done", "saved");
            Ok(Redirect::to(&to).into_response())
        }
        Err(failure @ Failure::Refused(_)) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let seen = act(&shop, move |app| see(app, &asker, id)).await?;
            let again = draw(page, &seen, &form, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn read(form: &Form) -> Title {
    Title {
        kind: TitleKind::parse(form.get("kind")).unwrap_or_default(),
        name: form.get("name").to_string(),
        tax_number: form.get("tax_number").to_string(),
        address: form.get("address").to_string(),
    }
}

fn draw(page: Page, (seen, titles): &Seen, form: &Form, problem: String) -> Ask {
    let typed = read(form);
    let order = seen.order;
    let left = seen.invoiceable.filter(|left| !left.is_zero());
    let why_not = seen.why_not.as_deref().map_or(String::new(), |code| {
        let id = format!("invoice-why-{}", code.trim_start_matches("invoice."));
        page.t(&id.replace('_', "-"))
    });
    Ask {
        problem,
        order_href: link::order(order),
        href: href(order),
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        amount: left.map_or(String::new(), |left| crate::locale::Price::of(left).to_string()),
        may_ask: seen.may_ask,
        why_not,
        company: typed.kind == TitleKind::Company,
        name: typed.name,
        tax_number: typed.tax_number,
        address: typed.address,
        known: titles.iter().map(|one| known(one, order)).collect(),
        requests: seen.requests.iter().map(|one| asked(&page, one)).collect(),
        invoices: seen.invoices.iter().map(|one| issued(&page, one)).collect(),
        p: {
            let title = page.t("invoice");
            Frame::new(page, Here::Me, &["order", "checkout", "account"]).titled(title)
        },
    }
}

fn known(one: &KnownTitle, order: Id<Order>) -> Known {
    Known {
        value: one.id.to_string(),
        label: one.title.name.clone(),
        more: one.title.tax_number.clone(),
        forget: format!("{}/titles/{}/removal", href(order), one.id),
    }
}

fn asked(page: &Page, one: &invoice::RequestView) -> Asked {
    let waits = one.state == RequestState::Asked;
    Asked {
        state: page.t(&format!("invoice-state-{}", one.state.code())),
        look: match one.state {
            RequestState::Asked => "waiting",
            RequestState::Issued => "good",
            RequestState::Declined => "bad",
            RequestState::Red | RequestState::Withdrawn => "",
        },
        title: one.title.name.clone(),
        reason: match one.reason.as_str() {
            "refund" => page.t("invoice-because-refund"),
            said => said.to_string(),
        },
        when: goods::when(one.asked_at, page.now, page.locale),
        withdraw: match waits {
            true => format!("{}/{}/withdrawal", href(one.order), one.id),
            false => String::new(),
        },
    }
}

fn issued(page: &Page, one: &InvoiceView) -> Issued {
    let id = match (one.reverses.is_some(), one.reversed_by.is_some()) {
        (true, _) => "invoice-red",
        (false, true) => "invoice-taken-back",
        (false, false) => "invoice",
    };
    Issued {
        number: one.number.clone(),
        what: page.t(id),
        amount: crate::locale::Price::of(one.sums.total).to_string(),
        when: goods::when(one.issued_at, page.now, page.locale),
        href: format!("/account/invoices/{}", one.id),
        file: format!("/account/invoices/{}/file", one.id),
    }
}

/// `POST /orders/{id}/invoice/{request}/withdrawal`: takes back what was asked for.
pub async fn withdraw(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path((id, request)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (id, request) = (parse(&id)?, Id::parse(&request).ok_or(Failure::NotFound)?);
    let asker = visitor.clone();
    match act(&shop, move |app| invoice::withdraw(app, &visitor, request)).await {
        Ok(_) => Ok(Redirect::to(&href(id)).into_response()),
        Err(failure @ Failure::Refused(_)) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let seen = act(&shop, move |app| see(app, &asker, id)).await?;
            let again = draw(page, &seen, &Form::default(), problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /orders/{id}/invoice/titles/{title}/removal`: forgets a title.
pub async fn forget_title(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Path((id, title)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (id, title) = (parse(&id)?, Id::parse(&title).ok_or(Failure::NotFound)?);
    act(&shop, move |app| invoice::forget_title(app, &visitor, title)).await?;
    Ok(Redirect::to(&href(id)).into_response())
}

/// `GET /account/invoices/{id}`: as it is on paper.
pub async fn read_one(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: Id<Invoice> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let found = act(&shop, move |app| invoice::get(app, &visitor, id)).await?;
    let x = invoice_sheet::sheet(&page, &found);
    let (back, file) = (href(found.order), format!("/account/invoices/{id}/file"));
    let p = Frame::new(page, Here::Me, &["order", "invoice"]).titled(found.number);
    Ok(render(&Show { p, back, file, x }))
}

/// `GET /account/invoices/{id}/file`
pub async fn file(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: Id<Invoice> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let (number, bytes) = act(&shop, move |app| {
        let found = invoice::get(app, &visitor, id)?;
        Ok((found.number.clone(), invoice::pdf::file(&found)?))
    })
    .await?;
    Ok(download::pdf(&number, bytes))
}
