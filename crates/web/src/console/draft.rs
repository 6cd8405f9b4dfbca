//! Orders staff make for somebody: the list, and the form one is written in.

use app::draft::{self, DraftCard, DraftView, Put, PutLine, Send};
use app::failure::Failure;
use app::{App, Visitor, inventory, order_desk};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::get;
use domain::catalog::Variant;
use domain::id::Id;
use domain::money::Currency;
use domain::order::Order;
use domain::order_desk::Draft;
use domain::person::{Level, Permission};
use serde::Deserialize;

use super::order::{short, show, tone};
use super::part::{Choice, Empty, Filter, Pager, ViewLink, When};
use super::{Answer, Desk, Frame, address, fields};
use crate::Shop;
use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::storefront::address::{self as to, Row as AddressRow};

#[derive(Template)]
#[template(path = "console/draft/list.html")]
struct List {
    p: Frame,
    can_write: bool,
    empty: Option<Empty>,
    filter: Filter,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    customer: String,
    goods: String,
    tone: &'static str,
    state: String,
    by: String,
    at: When,
}

#[derive(Template)]
#[template(path = "console/draft/edit.html")]
struct Edit {
    p: Frame,
    title: String,
    href: String,
    key: String,
    version: i64,
    new: bool,
    open: bool,
    contact: String,
    name: String,
    customer: String,
    lines: Vec<Line>,
    /// Goods that were found for what was typed.
    q: String,
    offered: Vec<Offered>,
    ways: Vec<Choice>,
    shipping: String,
    address: Vec<AddressRow>,
    note: String,
    staff_note: String,
    sums: Vec<(String, String)>,
    total: String,
    hours: Vec<Choice>,
    can_send: bool,
    for_order: String,
    for_href: String,
    order_href: String,
    order_name: String,
    /// Where it goes, once that is settled.
    goes: String,
    order_tone: &'static str,
    order_state: String,
    /// What is due and can be seen coming by hand, as it is typed; empty when nothing is.
    due: String,
    link: String,
    link_until: String,
}

struct Line {
    variant: String,
    title: String,
    more: String,
    quantity: String,
    discount: String,
    reason: String,
    total: String,
}

struct Offered {
    variant: String,
    title: String,
    left: String,
}

const HERE: &str = "/console/drafts";
const ROWS: i64 = 50;

/// The routes of drafts.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/drafts", get(index).post(create))
        .route("/console/drafts/new", get(new))
        .route("/console/drafts/{id}", get(show).post(update))
}

/// Which drafts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    status: String,
    cursor: String,
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let status = if asked.status.is_empty() { "open" } else { &asked.status };
    let status = if status == "all" { String::new() } else { status.to_string() };
    let before = Id::parse(&asked.cursor);
    let found =
        desk.act(move |app, visitor| draft::list(app, visitor, &status, before, ROWS)).await?;
    let p = desk.frame(super::order::HERE);
    let later = !asked.cursor.is_empty();
    let empty = (found.is_empty() && !later && asked.status.is_empty()).then(|| Empty {
        title: p.t("console-drafts-empty"),
        text: p.t("console-drafts-empty-text"),
        action: p.t("console-draft-new"),
        href: format!("{HERE}/new"),
        second: p.t("console-drafts-all"),
        second_href: format!("{HERE}?status=all"),
    });
    let view = |status: &str, id: &str| ViewLink {
        href: address(HERE, &[("status", status)]),
        label: p.t(id),
        count: String::new(),
        current: asked.status == status,
    };
    let filter = Filter {
        action: HERE.into(),
        views: vec![
            view("", "console-draft-open"),
            view("sent", "console-draft-sent"),
            view("all", "console-drafts-all"),
        ],
        ..Filter::default()
    };
    let next = found.last().filter(|_| found.len() as i64 == ROWS).map(|last| last.id.to_string());
    let pager = p.pager(HERE, &[("status", &asked.status)], found.len(), later, next);
    let rows = found.iter().map(|card| row(&p, card)).collect();
    let can_write = p.grants.may(Permission::Orders, Level::Change);
    desk.show(List { can_write, p, empty, filter, rows, pager })
}

fn row(p: &Frame, card: &DraftCard) -> Row {
    let nobody = || p.t("console-draft-nobody");
    let customer = Some(card.customer_name.clone()).filter(|name| !name.is_empty());
    Row {
        href: format!("{HERE}/{}", card.id),
        customer: customer.unwrap_or_else(nobody),
        goods: match card.units {
            0 | 1 => card.title.clone(),
            units => format!("{} × {}", card.title, p.num(units)),
        },
        tone: match card.status.as_str() {
            "open" => "waiting",
            "sent" => "good",
            _ => "",
        },
        state: p.t(&format!("console-draft-{}", card.status)),
        by: card.made_by.clone(),
        at: p.when(card.updated_at),
    }
}

/// For whom, when it adds to an order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    order: String,
    q: String,
}

/// An empty draft, or one that begins with an order's customer and address.
pub async fn new(desk: Desk, Query(wish): Query<Wish>) -> Answer {
    let q = wish.q.clone();
    let (put, goods) = desk
        .act(move |app, visitor| {
            let put = match Id::<Order>::parse(&wish.order) {
                Some(order) => {
                    let view = order_desk::get(app, visitor, order)?;
                    let contact = view.buyer_contact;
                    let address = view.order.address;
                    Put { contact, address, for_order: Some(order), ..Put::default() }
                }
                None => Put::default(),
            };
            Ok((put, offered(app, visitor, &q)?))
        })
        .await?;
    desk.show(empty(&desk, &put, &Form::default(), goods, String::new()))
}

type Goods = Vec<inventory::StockView>;

fn offered(app: &App, visitor: &Visitor, q: &str) -> Result<Goods, Failure> {
    // Who may not look at stock types nothing and finds nothing.
    Ok(inventory::list(app, visitor, q, None, 12).unwrap_or_default())
}

fn offers(p: &Frame, goods: &Goods) -> Vec<Offered> {
    let one = |view: &inventory::StockView| Offered {
        variant: view.variant.to_string(),
        title: [view.title.as_str(), &view.variant_title].join(" ").trim().to_string(),
        left: match view.tracked {
            true => p.t1("console-swap-left", "count", view.stock.available),
            false => String::new(),
        },
    };
    goods.iter().map(one).collect()
}

fn empty(desk: &Desk, put: &Put, form: &Form, goods: Goods, problem: String) -> Edit {
    let p = desk.frame_with(super::order::HERE, problem);
    Edit {
        title: p.t("console-draft-new"),
        href: HERE.into(),
        key: p.new_key.clone(),
        version: 0,
        new: true,
        open: true,
        contact: put.contact.clone(),
        name: put.name.clone(),
        customer: String::new(),
        lines: Vec::new(),
        q: form.get("q").to_string(),
        offered: offers(&p, &goods),
        ways: Vec::new(),
        shipping: form.get("shipping").to_string(),
        address: to::rows(&put.address, &Errors::none(), &p, false),
        note: put.note.clone(),
        staff_note: put.staff_note.clone(),
        sums: Vec::new(),
        total: String::new(),
        hours: Vec::new(),
        can_send: false,
        for_order: put.for_order.map_or(String::new(), |id| id.to_string()),
        for_href: put.for_order.map_or(String::new(), |id| format!("/console/orders/{id}")),
        order_href: String::new(),
        order_name: String::new(),
        goes: String::new(),
        order_tone: "",
        order_state: String::new(),
        due: String::new(),
        link: String::new(),
        link_until: String::new(),
        p,
    }
}

/// What the form says. Goods that were picked are one more line.
fn read(form: &Form, currency: Currency) -> Result<Put, Failure> {
    let mut lines = Vec::new();
    for variant in form.all("variant") {
        let id: Id<Variant> = Id::parse(variant).ok_or(Failure::NotFound)?;
        let of = |name: &str| form.get(&format!("{name}-{variant}")).to_string();
        let quantity = fields::whole(&of("quantity")).unwrap_or(0);
        let discount = match of("discount").as_str() {
            "" => Some(0),
            text => fields::amount(text, currency).map(|money| money.minor),
        };
        let discount = discount.ok_or(domain::order_desk::Refusal::BadDiscount)?;
        if quantity > 0 {
            lines.push(PutLine { variant: id, quantity, discount, reason: of("reason") });
        }
    }
    for add in form.all("add") {
        let variant: Id<Variant> = Id::parse(add).ok_or(Failure::NotFound)?;
        match lines.iter_mut().find(|line| line.variant == variant) {
            Some(line) => line.quantity += 1,
            None => {
                lines.push(PutLine { variant, quantity: 1, discount: 0, reason: String::new() })
            }
        }
    }
    let shipping = match form.maybe("shipping") {
        Some(text) => {
            let fee = fields::amount(text, currency).map(|money| money.minor);
            Some(fee.ok_or(domain::order_desk::Refusal::BadPrice)?)
        }
        None => None,
    };
    Ok(Put {
        contact: form.get("contact").to_string(),
        name: form.get("customer_name").to_string(),
        address: to::read(form),
        shipping_method: form.get("way").to_string(),
        shipping,
        lines,
        note: form.get("note").to_string(),
        staff_note: form.get("staff_note").to_string(),
        for_order: form.maybe("for_order").and_then(Id::parse),
        version: form.parse("version"),
    })
}

/// Begins one.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let typed = form.clone();
    let made = desk
        .act_once(&form, move |app, visitor| {
            let mut put = read(&typed, draft::currency(app)?)?;
            put.version = None;
            draft::create(app, visitor, &put)
        })
        .await;
    match made {
        Ok(made) => desk.on(&to_page(&made, &form), "draft-saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let q = form.get("q").to_string();
            let goods = desk.act(move |app, visitor| offered(app, visitor, &q)).await?;
            let put = Put {
                contact: form.get("contact").to_string(),
                name: form.get("customer_name").to_string(),
                address: to::read(&form),
                note: form.get("note").to_string(),
                staff_note: form.get("staff_note").to_string(),
                for_order: form.maybe("for_order").and_then(Id::parse),
                ..Put::default()
            };
            desk.show_again(empty(&desk, &put, &form, goods, problem))
        }
    }
}

/// The page of a draft, with what was looked for kept.
fn to_page(made: &DraftView, form: &Form) -> String {
    address(&format!("{HERE}/{}", made.id), &[("q", form.get("q"))])
}

/// One draft.
pub async fn show(desk: Desk, Path(id): Path<String>, Query(wish): Query<Wish>) -> Answer {
    let id = Id::parse(&id).ok_or(Failure::NotFound)?;
    let page = page(&desk, id, &wish.q, String::new(), false).await?;
    desk.show(page)
}

/// `marks` says whether what the address lacks is shown.
async fn page(
    desk: &Desk,
    id: Id<Draft>,
    q: &str,
    problem: String,
    marks: bool,
) -> Result<Edit, Fault> {
    let q = q.to_string();
    let words = q.clone();
    let (view, goods) = desk
        .act(move |app, visitor| {
            Ok((draft::get(app, visitor, id)?, offered(app, visitor, &words)?))
        })
        .await?;
    let p = desk.frame_with(super::order::HERE, problem);
    let wrong = if marks { to::missing(&view.address, &p) } else { Errors::none() };
    let sum = |name: &str, money| (p.t(&format!("console-sum-{name}")), p.money(money));
    let mut sums = vec![sum("goods", view.subtotal.plus(view.discount))];
    if !view.discount.is_zero() {
        sums.push(sum("discount", view.discount.negated()));
    }
    sums.push(sum("shipping", view.shipping));
    let may = |permission| p.grants.may(permission, Level::Change);
    let open = view.status == "open" && may(Permission::Orders);
    let by_hand = may(Permission::Refunds);
    let ways = view.ways.iter().map(|way| {
        let name = if p.is_chinese() { &way.name } else { &way.name_en };
        let fee = if way.delivers { p.money(way.fee) } else { p.t("console-address-nowhere") };
        Choice { value: way.code.clone(), label: format!("{name} · {fee}"), chosen: way.chosen }
    });
    let hours = [
        ("2", "console-hours-2"),
        ("24", "console-hours-24"),
        ("72", "console-hours-72"),
        ("168", "console-hours-168"),
    ];
    let hours = hours.map(|(hours, id)| (hours.to_string(), p.t(id)));
    let lines = view.lines.iter().map(|line| Line {
        variant: line.variant.to_string(),
        title: [line.title.as_str(), &line.variant_title].join(" ").trim().to_string(),
        more: format!("{} · {}", p.money(line.unit_price), line.sku),
        quantity: line.quantity.to_string(),
        discount: match line.discount.is_zero() {
            true => String::new(),
            false => line.discount.decimal(),
        },
        reason: line.reason.clone(),
        total: p.money(line.total),
    });
    // Once it is paid or over, the link has done its work.
    let link = view.link.as_ref().filter(|_| view.due.is_some());
    Ok(Edit {
        title: p.t(&format!("console-draft-{}-title", view.status)),
        href: format!("{HERE}/{id}"),
        key: p.new_key.clone(),
        version: view.version,
        new: false,
        open,
        contact: view.customer_contact.clone(),
        name: view.customer_name.clone(),
        customer: match view.customer {
            Some(_) => format!("{} · {}", view.customer_name, view.customer_contact),
            None => p.t("console-draft-nobody"),
        },
        lines: lines.collect(),
        q,
        offered: offers(&p, &goods),
        ways: ways.collect(),
        shipping: view.shipping_set.map_or(String::new(), |fee| fee.decimal()),
        address: to::rows(&view.address, &wrong, &p, false),
        note: view.note.clone(),
        staff_note: view.staff_note.clone(),
        sums,
        total: p.money(view.total),
        hours: Choice::among("24", hours),
        can_send: open && view.customer.is_some() && !view.lines.is_empty(),
        for_order: view.for_order.map_or(String::new(), |id| id.to_string()),
        for_href: view.for_order.map_or(String::new(), |id| format!("/console/orders/{id}")),
        order_href: view.order.map_or(String::new(), |id| format!("/console/orders/{id}")),
        order_name: view.order.map_or(String::new(), short),
        goes: if open { String::new() } else { show::written(&view.address) },
        order_tone: view.order_status.map_or("", tone),
        order_state: view
            .order_status
            .map_or(String::new(), |status| p.t(&format!("console-status-{}", status.code()))),
        due: view
            .due
            .filter(|due| by_hand && !due.is_zero())
            .map_or(String::new(), |due| due.decimal()),
        link: link.map_or(String::new(), |link| link.url.clone()),
        link_until: link.map_or(String::new(), |link| p.locale.exact_near(link.expires_at, p.now)),
        p,
    })
}

/// Saves it, sends it, or puts it away, as the button that was pressed says.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Draft> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let typed = form.clone();
    let act = form.get("do").to_string();
    let sends = act == "send";
    let done = desk
        .act(move |app, visitor| {
            if act == "drop" {
                draft::drop_it(app, visitor, id)?;
                return draft::get(app, visitor, id);
            }
            let put = read(&typed, draft::currency(app)?)?;
            let saved = draft::change(app, visitor, id, &put)?;
            if !sends {
                return Ok(saved);
            }
            let hours = typed.parse("hours").unwrap_or(0);
            draft::send(app, visitor, id, &Send { hours, version: saved.version })
        })
        .await;
    match done {
        Ok(view) if view.status == "dropped" => desk.on(HERE, "draft-dropped"),
        Ok(view) => {
            let said = if sends { "draft-was-sent" } else { "draft-saved" };
            desk.on(&to_page(&view, &form), said)
        }
        Err(failure) => {
            let marks = failure.code() == "order.bad_address";
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, id, form.get("q"), problem, marks).await?)
        }
    }
}
