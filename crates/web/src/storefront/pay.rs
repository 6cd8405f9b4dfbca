//! Paying by a link, on any phone, without signing in: what it is and what it costs, not whose.

use app::pay_link::{self, ToPay};
use app::payment::Choice;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::order::Status;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::paying::{self, Ways};
use crate::storefront::view::{Clock, LineView, Sum, short};
use crate::storefront::{goods, onward};
use crate::visitor::Anyone;
use crate::{Shop, act};

#[derive(Template)]
#[template(path = "storefront/order/pay.html")]
struct Pay {
    p: Frame,
    problem: String,
    href: String,
    look: &'static str,
    icon: &'static str,
    heading: String,
    more: String,
    clock: Option<Clock>,
    lines: Vec<LineView>,
    sums: Vec<Sum>,
    total: Price,
    /// How it can be paid; empty when there is nothing to pay.
    pay: Option<ByLink>,
}

struct ByLink {
    /// What the button says.
    label: String,
    /// What is seen, in minor units: nothing else is paid.
    total: i64,
    ways: Ways,
    /// What was agreed on when it is paid without a provider, and its number.
    how: String,
    number: String,
}

/// `GET /pay/{token}`
pub async fn show(
    State(shop): State<Shop>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    let found = look(&shop, &token).await?;
    Ok(render(&draw(page, found, &token, String::new())))
}

/// What is to be paid, and how it can be while it can.
async fn look(shop: &Shop, token: &str) -> Result<(ToPay, Option<Choice>), Fault> {
    let link = token.to_string();
    let look = move |app: &app::App| {
        let found = pay_link::look(app, &link)?;
        let choice = match found.may_pay {
            true => pay_link::choice(app, &link).ok(),
            false => None,
        };
        Ok((found, choice))
    };
    Ok(act(shop, look).await?)
}

/// `POST /pay/{token}`: on to the bank, or how to pay without one.
pub async fn begin(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(token): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let (link, pay) = (token.clone(), paying::read(&form));
    match act(&shop, move |app| pay_link::begin(app, &visitor, &link, &pay)).await {
        Ok(begun) => {
            let way = onward::way_by_link(&shop, &begun, &format!("/pay/{token}"));
            Ok(Redirect::to(&way).into_response())
        }
        Err(failure) => {
            let errors = Errors::of(failure, page.locale)?;
            let found = look(&shop, &token).await?;
            let problem = errors.all().join(" ");
            let again = draw(page, found, &token, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

type Looked = (ToPay, Option<Choice>);

fn draw(page: Page, (found, choice): Looked, token: &str, problem: String) -> Pay {
    let (look, icon, state) = match found.status {
        Status::PendingPayment if !found.promised.is_zero() && found.due.is_zero() => {
            ("waiting", "wallet", "own")
        }
        Status::PendingPayment if found.may_pay => ("waiting", "wallet", "open"),
        Status::PendingPayment | Status::Cancelled => ("bad", "cross", "over"),
        Status::Refunding | Status::Refunded | Status::LatePaid => ("waiting", "refund", "back"),
        _ => ("good", "check", "paid"),
    };
    let lines = found.lines.iter().map(|line| LineView {
        variant: String::new(),
        href: String::new(),
        name: line.title.clone(),
        chosen: line.variant_title.clone(),
        picture: goods::small(&line.picture),
        quantity: line.quantity,
        most: line.quantity,
        sum: Price::of(line.total),
        gone: false,
        warning: String::new(),
    });
    let sum = |id: &str, amount: domain::money::Money| Sum {
        label: page.t(id),
        amount: Price::of(amount).to_string(),
        off: false,
        why: String::new(),
    };
    let mut sums = vec![sum("store-shipping", found.shipping)];
    if !found.tax.is_zero() {
        sums.push(sum("store-tax", found.tax));
    }
    let heading = page.t(&format!("store-by-link-{state}"));
    if found.status == Status::PendingPayment && !found.promised.is_zero() {
        let promised = found.promised.negated();
        sums.push(Sum { off: true, ..sum("store-by-link-promised", promised) });
    }
    let pay = choice.map(|choice| {
        let ways = paying::ways(&page, &choice, &Form::default());
        let agreed = choice.chosen.as_deref() == Some("offline");
        let how = ways.methods.iter().find(|way| agreed && way.code == "offline");
        ByLink {
            label: page.t1("store-pay", "price", short(&Price::of(found.due))),
            total: found.total.minor,
            how: how.map_or(String::new(), |way| way.more.clone()),
            number: found.order.to_string(),
            ways,
        }
    });
    Pay {
        problem,
        href: format!("/pay/{token}"),
        look,
        icon,
        more: page.t(&format!("store-by-link-{state}-more")),
        clock: found.may_pay.then(|| goods::clock(found.pay_by, page.now, page.locale)),
        lines: lines.collect(),
        sums,
        pay,
        total: Price::of(match found.status {
            Status::PendingPayment => found.due,
            _ => found.total,
        }),
        p: Frame::new(page, Here::Elsewhere, &["order", "checkout"])
            .titled(heading.clone())
            .focused(),
        heading,
    }
}
