//! Changing an order: what it costs before it is paid; where it goes and what is in it before it is
//! sent; and the link it is paid by.

use app::failure::Failure;
use app::order::ParcelLine;
use app::order_desk::{self, DeskView};
use app::order_edit::{self, ChangeAddress, ChangePrice, LinePrice, Swap, SwapChoice, TakeOut};
use app::pay_link::{self, LinkView};
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::order::{Order, Status};
use domain::place::Address;

use super::{HERE, short};
use crate::answer::Fault;
use crate::console::part::Choice;
use crate::console::{Answer, Desk, Frame, fields};
use crate::form::{Errors, Form};
use crate::storefront::address::{self, Row};

#[derive(Template)]
#[template(path = "console/order/edit.html")]
struct Edit {
    p: Frame,
    number: String,
    href: String,
    /// What an unpaid order costs; none when that cannot change.
    price: Option<Price>,
    lines: Vec<Line>,
    swaps: Vec<Line>,
    address: Vec<Row>,
    /// What the address that was typed would change, once it was asked.
    quote: String,
    quoted: bool,
    fee_may: bool,
    link: String,
    link_until: String,
    can_link: bool,
    reason: String,
    adds: String,
}

struct Price {
    total: String,
    shipping: String,
    seen: i64,
    lines: Vec<PriceLine>,
}

struct PriceLine {
    id: String,
    title: String,
    more: String,
    total: String,
}

struct Line {
    id: String,
    title: String,
    most: i64,
    choices: Vec<Choice>,
}

fn id_of(text: &str) -> Result<Id<Order>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

/// The page with everything that can be changed now.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let page = page(&desk, id_of(&id)?, &Form::default(), String::new(), None).await?;
    desk.show(page)
}

struct Seen {
    view: DeskView,
    swaps: Vec<SwapChoice>,
}

async fn page(
    desk: &Desk,
    id: Id<Order>,
    form: &Form,
    problem: String,
    typed: Option<(Address, String, bool)>,
) -> Result<Edit, Fault> {
    let Seen { view, swaps } = desk
        .act(move |app, visitor| {
            let view = order_desk::get(app, visitor, id)?;
            let swaps = order_edit::swap_choices(app, visitor, id)?;
            Ok(Seen { view, swaps })
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    let order = &view.order;
    let name = |line: &app::order::LineView| {
        [line.title.as_str(), &line.variant_title].join(" ").trim().to_string()
    };
    let price = view.may_reprice.then(|| Price {
        total: form.maybe("total").map_or(order.total.decimal(), str::to_string),
        shipping: order.shipping.decimal(),
        seen: order.total.minor,
        lines: order
            .lines
            .iter()
            .map(|line| PriceLine {
                id: line.id.to_string(),
                title: name(line),
                more: format!("{} × {}", p.money(line.unit_price), p.num(line.quantity)),
                total: line.total.decimal(),
            })
            .collect(),
    });
    let left = |line: &app::order::LineView| line.quantity - line.removed - line.shipped;
    let lines = order.lines.iter().filter(|line| view.may_edit && left(line) > 0);
    let lines = lines.map(|line| Line {
        id: line.id.to_string(),
        title: name(line),
        most: left(line),
        choices: Vec::new(),
    });
    let swappable = order.lines.iter().filter_map(|line| {
        let own = swaps.iter().filter(|choice| choice.line == line.id);
        let choices = own.map(|choice| {
            let left = p.t1("console-swap-left", "count", choice.available);
            (choice.variant.to_string(), format!("{} · {left}", choice.title))
        });
        let choices = Choice::among("", choices);
        let (id, title) = (line.id.to_string(), name(line));
        (!choices.is_empty()).then_some(Line { id, title, most: 0, choices })
    });
    let doubts = typed.as_ref().map_or_else(Errors::none, |_| address::asked(form, &p));
    let (address, quote, quoted) = match typed {
        Some((address, quote, may)) => (address, quote, Some(may)),
        None => (order.address.clone(), String::new(), None),
    };
    let unpaid = order.status == Status::PendingPayment;
    Ok(Edit {
        number: short(id),
        href: format!("{HERE}/{id}"),
        price,
        lines: lines.collect(),
        swaps: swappable.collect(),
        address: match view.may_readdress {
            true => address::rows(&address, &doubts, &p, true),
            false => Vec::new(),
        },
        quote,
        quoted: quoted.is_some(),
        fee_may: quoted.unwrap_or(false),
        link: String::new(),
        link_until: String::new(),
        can_link: unpaid && order.may_pay,
        reason: form.get("reason").to_string(),
        adds: format!("/console/drafts/new?order={id}"),
        p,
    })
}

async fn finish(
    desk: &Desk,
    id: Id<Order>,
    form: &Form,
    done: Result<DeskView, Failure>,
    said: &str,
) -> Answer {
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), said),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(desk, id, form, problem, None).await?)
        }
    }
}

/// What it costs, as a whole or line by line.
pub async fn price(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let typed = form.clone();
    let done = desk
        .act(move |app, visitor| {
            let currency = app::draft::currency(app)?;
            let change = wanted(&typed, currency)?;
            order_edit::change_price(app, visitor, id, &change)
        })
        .await;
    finish(&desk, id, &form, done, "order-repriced").await
}

fn wanted(form: &Form, currency: Currency) -> Result<ChangePrice, Failure> {
    let bad = || Failure::from(domain::order_desk::Refusal::BadPrice);
    let amount = |name: &str| -> Result<Option<i64>, Failure> {
        match form.maybe(name) {
            Some(text) => fields::amount(text, currency).map(|m| Some(m.minor)).ok_or_else(bad),
            None => Ok(None),
        }
    };
    let by_line = form.get("by") == "lines";
    let mut lines = Vec::new();
    for line in form.all("line").into_iter().filter(|_| by_line) {
        let id = Id::parse(line).ok_or(Failure::NotFound)?;
        if let Some(total) = amount(&format!("total-{line}"))? {
            lines.push(LinePrice { line: id, total });
        }
    }
    Ok(ChangePrice {
        lines,
        total: if by_line { None } else { amount("total")? },
        shipping: amount("shipping")?,
        reason: form.get("reason").to_string(),
        expected_total: form.parse("seen"),
    })
}

/// Takes units out.
pub async fn take_out(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let lines = form.all("line").into_iter().filter_map(|line| {
        let quantity = fields::whole(form.get(&format!("units-{line}"))).unwrap_or(0);
        Id::parse(line).map(|line| ParcelLine { line, quantity })
    });
    let out = TakeOut { lines: lines.collect(), reason: form.get("reason").to_string() };
    let done = desk.act(move |app, visitor| order_edit::take_out(app, visitor, id, &out)).await;
    finish(&desk, id, &form, done, "order-taken-out").await
}

/// Sends another variant instead.
pub async fn swap(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let (line, variant) = (form.id("line")?, form.id("variant")?);
    let swap = Swap { line, variant, reason: form.get("reason").to_string() };
    let done = desk.act(move |app, visitor| order_edit::swap(app, visitor, id, &swap)).await;
    finish(&desk, id, &form, done, "order-swapped").await
}

/// Sends it elsewhere; first what that changes is shown.
pub async fn address(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let to = address::read(&form);
    if form.get("do") == "ask" {
        let asked = to.clone();
        let quote =
            desk.act(move |app, visitor| order_edit::quote_address(app, visitor, id, &asked));
        let quote = quote.await?;
        let p = desk.frame(HERE);
        let change = |id: &str, money: Money| p.t1(id, "amount", money);
        let said = match quote.difference.minor {
            _ if !quote.delivers => p.t("console-address-nowhere"),
            0 => change("console-address-same", quote.fee_after),
            n if n > 0 => change("console-address-dearer", quote.difference),
            _ => change("console-address-cheaper", quote.difference.negated()),
        };
        let may = quote.delivers && quote.difference.minor != 0;
        let page = page(&desk, id, &form, String::new(), Some((to, said, may))).await?;
        return desk.show(page);
    }
    if let Some(errors) = address::pause(&form, &desk.frame(HERE)) {
        let problem = errors.all().join(" ");
        let typed = Some((to, String::new(), false));
        return desk.show_again(page(&desk, id, &form, problem, typed).await?);
    }
    let reason = form.get("reason").to_string();
    let change = ChangeAddress { address: to, apply_fee: form.is_on("apply_fee"), reason };
    let done =
        desk.act(move |app, visitor| order_edit::change_address(app, visitor, id, &change)).await;
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), "order-readdressed"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let typed = Some((address::read(&form), String::new(), false));
            desk.show_again(page(&desk, id, &form, problem, typed).await?)
        }
    }
}

/// Shows the link it is paid by, or makes another.
pub async fn link(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let anew = form.get("do") == "replace";
    let made = desk
        .act(move |app, visitor| match anew {
            true => pay_link::replace(app, visitor, id),
            false => pay_link::make(app, visitor, id),
        })
        .await;
    match made {
        Ok(LinkView { url, expires_at, .. }) => {
            let shown = page(&desk, id, &form, String::new(), None).await?;
            let link_until = shown.p.locale.exact_near(expires_at, shown.p.now);
            desk.show(Edit { link: url, link_until, ..shown })
        }
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, id, &form, problem, None).await?)
        }
    }
}
