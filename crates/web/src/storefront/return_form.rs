//! Asking for a return: what, how many, why, with pictures; and what would come back.

use app::after_sale::{self, NewReturn, NewReturnLine, OfferedLine, ReturnOffer, ReturnPreview};
use app::failure::Failure;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::after_sale::{Kind, Reason};
use domain::id::Id;
use domain::order::{Line, Order};
use serde::Deserialize;

use crate::answer::{self, Fault};
use crate::form::{Form, Upload};
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::{Picture, short};
use crate::visitor::SignedIn;
use crate::{Shop, act, link};

/// What the form draws.
#[derive(Template)]
#[template(path = "storefront/return/new.html")]
struct New {
    p: Frame,
    key: String,
    problem: String,
    order: String,
    action: String,
    lines: Vec<Row>,
    kinds: Vec<Choice>,
    reasons: Vec<Choice>,
    /// Until when what is possible.
    windows: Vec<String>,
    text: String,
    preview: Option<Price>,
}

struct Row {
    name: String,
    chosen: String,
    picture: Picture,
    field: String,
    /// How many, each with what it is worth.
    counts: Vec<Choice>,
    /// What can be sent instead.
    exchange: Vec<Choice>,
    exchange_field: String,
}

struct Choice {
    value: String,
    label: String,
    more: String,
    on: bool,
}

/// Which line the buyer came for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    line: String,
}

fn parse(id: &str) -> Result<Id<Order>, Fault> {
    Id::parse(id).ok_or(Failure::NotFound.into())
}

/// `GET /orders/{id}/return`
pub async fn new(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    Query(wish): Query<Wish>,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let offer = act(&shop, move |app| after_sale::offer(app, &visitor, id)).await?;
    // Whoever came for one line has it chosen; of a single line that is clear anyway.
    let only = if offer.lines.len() == 1 { offer.lines.first() } else { None };
    let chosen = offer.lines.iter().find(|line| line.line.to_string() == wish.line).or(only);
    let form = match chosen {
        Some(line) => Form::of(&[(&count_field(line.line), &line.left.min(1).to_string())]),
        None => Form::default(),
    };
    Ok(render(&draw(page, &offer, &form, None, String::new())))
}

/// `POST /orders/{id}/return`: asks, or shows what would come back.
pub async fn create(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    upload: Upload,
) -> Result<Response, Fault> {
    let id = parse(&id)?;
    let form = upload.form.clone();
    let asker = visitor.clone();
    let offer = act(&shop, move |app| after_sale::offer(app, &asker, id)).await?;
    let wish = read(id, &offer, &form);
    if form.get("do") == "preview" {
        let asker = visitor.clone();
        let seen = act(&shop, move |app| after_sale::preview(app, &asker, &wish)).await;
        return match seen {
            Ok(seen) => Ok(render(&draw(page, &offer, &form, Some(&seen), String::new()))),
            Err(failure) => again(page, &offer, &form, failure),
        };
    }
    let keyed = form.keyed(visitor)?;
    let pictures: Vec<_> =
        upload.files.into_iter().filter(|f| !f.bytes.is_empty()).map(|f| f.bytes).collect();
    let asked = act(&shop, move |app| {
        let pictures: Vec<&[u8]> = pictures.iter().map(|bytes| bytes.as_ref()).collect();
        after_sale::request(app, &keyed, wish, &pictures)
    });
    match asked.await {
        Ok(made) => Ok(Redirect::to(&link::after_sale(made.id)).into_response()),
        Err(failure) => again(page, &offer, &form, failure),
    }
}

fn again(
    page: Page,
    offer: &ReturnOffer,
    form: &Form,
    failure: Failure,
) -> Result<Response, Fault> {
    match failure {
        Failure::Refused(_) | Failure::TooMany { .. } => {
            let problem = answer::words(&failure, page.locale);
            let status = Fault::from(failure).status();
            Ok(render_with(status, &draw(page, offer, form, None, problem)))
        }
        other => Err(other.into()),
    }
}

fn count_field(line: Id<Line>) -> String {
    format!("count-{line}")
}

fn exchange_field(line: Id<Line>) -> String {
    format!("instead-{line}")
}

/// The form as what is asked for. Choices that are missing ask for something that is refused.
fn read(order: Id<Order>, offer: &ReturnOffer, form: &Form) -> NewReturn {
    let kind = Kind::parse(form.get("kind")).unwrap_or(Kind::ReturnAndRefund);
    let lines = offer.lines.iter().filter_map(|line| {
        let quantity = form.parse::<i64>(&count_field(line.line)).filter(|count| *count != 0)?;
        let exchange_for = Id::parse(form.get(&exchange_field(line.line)));
        let exchange_for = exchange_for.filter(|_| kind == Kind::Exchange);
        Some(NewReturnLine { line: line.line, quantity, amount: None, exchange_for })
    });
    NewReturn {
        order,
        kind,
        reason: Reason::parse(form.get("reason")).unwrap_or(Reason::Other),
        text: form.get("text").to_string(),
        lines: lines.collect(),
    }
}

fn draw(
    page: Page,
    offer: &ReturnOffer,
    form: &Form,
    preview: Option<&ReturnPreview>,
    problem: String,
) -> New {
    let kind = match Kind::parse(form.get("kind")) {
        Some(kind) => kind,
        None if offer.on_its_way => Kind::RefundOnly,
        None => Kind::ReturnAndRefund,
    };
    let kinds = Kind::ALL.into_iter().map(|one| Choice {
        value: one.code().into(),
        label: page.t(&format!("return-kind-{}", one.code().replace('_', "-"))),
        more: page.t(&format!("return-kind-{}-more", one.code().replace('_', "-"))),
        on: one == kind,
    });
    // What never came is not there yet to be anything else.
    let fits = |reason: &Reason| (*reason != Reason::NotReceived) || offer.on_its_way;
    let reasons = Reason::ALL.into_iter().filter(fits).map(|one| Choice {
        value: one.code().into(),
        label: page.t(&format!("return-reason-{}", one.code().replace('_', "-"))),
        more: String::new(),
        on: one.code() == form.get("reason"),
    });
    let windows = [
        (offer.no_reason_until, "return-window-no-reason"),
        (offer.until, "return-window-trouble"),
    ];
    let windows = windows.into_iter().filter_map(|(end, id)| {
        let end = end.filter(|end| page.now < *end)?;
        Some(page.t1(id, "when", page.locale.exact_near(end, page.now)))
    });
    let title = page.t("return-ask");
    New {
        key: page.new_key.clone(),
        problem,
        order: link::order(offer.order),
        action: format!("{}/return", link::order(offer.order)),
        lines: offer.lines.iter().map(|line| row(&page, line, form)).collect(),
        kinds: kinds.collect(),
        reasons: reasons.collect(),
        windows: windows.collect(),
        text: form.get("text").to_string(),
        preview: preview.map(|seen| Price::of(seen.amount)),
        p: Frame::new(page, Here::Me, &["order", "checkout"]).titled(title).focused(),
    }
}

fn row(page: &Page, line: &OfferedLine, form: &Form) -> Row {
    let asked: i64 = form.parse(&count_field(line.line)).unwrap_or(0);
    let none = Choice {
        value: "0".into(),
        label: page.t(if line.left == 0 { "return-none-left" } else { "return-not-this" }),
        more: String::new(),
        on: asked == 0,
    };
    let portions = line.portions.iter().zip(1_i64..).map(|(worth, count)| Choice {
        value: count.to_string(),
        label: page.t2("return-count", ("n", &count), ("price", &short(&Price::of(*worth)))),
        more: String::new(),
        on: asked == count,
    });
    let instead = exchange_field(line.line);
    let exchange = line.exchange.iter().map(|choice| Choice {
        value: choice.variant.to_string(),
        label: if choice.title.is_empty() {
            page.t("return-the-same")
        } else {
            choice.title.clone()
        },
        more: String::new(),
        on: match form.get(&instead) {
            "" => choice.title == line.variant_title,
            chosen => chosen == choice.variant.to_string(),
        },
    });
    Row {
        name: line.title.clone(),
        chosen: line.variant_title.clone(),
        picture: goods::small(&line.picture),
        field: count_field(line.line),
        counts: std::iter::once(none).chain(portions).collect(),
        // Where there is one thing to choose there is nothing to choose.
        exchange: if line.left > 0 && line.exchange.len() > 1 {
            exchange.collect()
        } else {
            Vec::new()
        },
        exchange_field: instead,
    }
}
