//! Sellers: who sells here beside the shop, what each is owed, and the months that are settled.

mod month;

use std::collections::BTreeMap;

use app::person::{self, AddStaff};
use app::provider;
use app::seller::{self, PutSeller, SellerPerson, SellerView};
use app::settlement::{self, MonthView, SplitView};
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use domain::id::Id;
use domain::person::{Level, Permission, Role};
use domain::seller::{Seller, Status};

use super::part::{Choice, When};
use super::{Answer, Desk, Frame, fields};
use crate::Shop;
use crate::answer::Fault;
use crate::form::Form;

/// Its entry in the rail.
pub const HERE: &str = "/console/sellers";
/// How many splits are shown.
const ROWS: i64 = 20;

/// The routes of sellers.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/sellers", get(index).post(create))
        .route("/console/sellers/new", get(new))
        .route("/console/sellers/{id}", get(show).post(update))
        .route("/console/sellers/{id}/people", post(add_person))
        .route("/console/sellers/{id}/months/{month}", get(month::show))
        .route("/console/sellers/{id}/months/{month}/statement.csv", get(month::file))
        .route("/console/sellers/{id}/months/{month}/settlement", post(month::settle))
}

#[derive(Template)]
#[template(path = "console/seller/list.html")]
struct List {
    p: Frame,
    rows: Vec<Row>,
    may_change: bool,
}

struct Row {
    name: String,
    href: String,
    status: String,
    tone: &'static str,
    commission: String,
    products: String,
    orders: String,
}

#[derive(Template)]
#[template(path = "console/seller/show.html")]
struct Show {
    p: Frame,
    name: String,
    sub: String,
    href: String,
    months: Vec<MonthRow>,
    splits: Vec<SplitRow>,
    people: Vec<SellerPerson>,
    facts: Vec<(String, String)>,
    /// Only for those of the shop.
    form: Option<Fields>,
    /// Whether somebody can be added who works for them.
    may_add: bool,
    contact: String,
    person: String,
}

#[derive(Template)]
#[template(path = "console/seller/new.html")]
struct New {
    p: Frame,
    f: Fields,
}

/// What is typed of a seller.
struct Fields {
    action: String,
    key: String,
    version: String,
    is_new: bool,
    name: String,
    handle: String,
    statuses: Vec<Choice>,
    commission: String,
    licence: String,
    contact: String,
    return_address: String,
    /// Each provider that is set up: its field, its name, what it calls the seller.
    receivers: Vec<(String, String, String)>,
}

struct MonthRow {
    href: String,
    name: String,
    orders: String,
    net: String,
    splits: String,
    closing: String,
    state: String,
    tone: &'static str,
}

struct SplitRow {
    href: String,
    amount: String,
    state: String,
    tone: &'static str,
    provider: String,
    at: When,
}

/// All sellers; whoever is of one is led to theirs.
pub async fn index(desk: Desk) -> Answer {
    let found = desk.act(seller::list).await?;
    if let Some(own) = desk.visitor().person.as_ref().and_then(|person| person.seller) {
        return Ok(Redirect::to(&format!("{HERE}/{own}")).into_response());
    }
    let p = desk.frame(HERE);
    let may_change = desk.visitor().may(Permission::Sellers, Level::Change);
    let rows = found.iter().map(|one| row(&p, one)).collect();
    desk.show(List { p, rows, may_change })
}

fn state(p: &Frame, status: Status) -> (String, &'static str) {
    let tone = if status == Status::Active { "good" } else { "waiting" };
    (p.t(&format!("console-seller-{}", status.code())), tone)
}

fn row(p: &Frame, one: &SellerView) -> Row {
    let (status, tone) = state(p, one.status);
    Row {
        name: one.name.clone(),
        href: format!("{HERE}/{}", one.id),
        status,
        tone,
        commission: format!("{}%", fields::percent(one.commission)),
        products: p.num(one.products),
        orders: p.num(one.orders),
    }
}

/// An empty form.
pub async fn new(desk: Desk) -> Answer {
    desk.visitor().staff(Permission::Sellers).map_err(Fault::from)?;
    let form = Form::of(&[("commission", "5")]);
    let providers = providers(&desk).await?;
    let p = desk.frame(HERE);
    let f = typed(&p, &form, &providers, None);
    desk.show(New { p, f })
}

async fn providers(desk: &Desk) -> Result<Vec<String>, Fault> {
    let names = desk.act(|app, _| Ok(provider::names(app))).await?;
    Ok(names.into_iter().map(str::to_string).collect())
}

fn typed(p: &Frame, form: &Form, providers: &[String], of: Option<Id<Seller>>) -> Fields {
    let statuses =
        [Status::Active, Status::Paused].map(|status| (status.code().into(), state(p, status).0));
    let wanted = form.maybe("status").unwrap_or(Status::Active.code());
    let receiver = |name: &String| {
        let field = format!("receiver-{name}");
        let said = form.get(&field).to_string();
        (field, p.t(&format!("store-p-{name}")), said)
    };
    Fields {
        action: of.map_or(HERE.to_string(), |id| format!("{HERE}/{id}")),
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        version: form.get("version").to_string(),
        is_new: of.is_none(),
        name: form.get("name").to_string(),
        handle: form.get("handle").to_string(),
        statuses: Choice::among(wanted, statuses),
        commission: form.get("commission").to_string(),
        licence: form.get("licence").to_string(),
        contact: form.get("contact").to_string(),
        return_address: form.raw("return_address").to_string(),
        receivers: providers.iter().map(receiver).collect(),
    }
}

/// What the form says.
fn put(form: &Form) -> PutSeller {
    let receivers: BTreeMap<String, String> = form
        .fields()
        .filter_map(|(name, value)| {
            let provider = name.strip_prefix("receiver-")?;
            Some((provider.to_string(), value.to_string()))
        })
        .collect();
    PutSeller {
        name: form.get("name").to_string(),
        handle: form.get("handle").to_string(),
        status: Status::parse(form.get("status")).unwrap_or(Status::Active),
        commission: fields::points(form.get("commission")).unwrap_or(-1),
        licence: form.get("licence").to_string(),
        contact: form.get("contact").to_string(),
        return_address: form.raw("return_address").to_string(),
        receivers,
        version: form.parse("version").unwrap_or(0),
    }
}

/// Adds a seller.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let put = put(&form);
    match desk.act_once(&form, move |app, visitor| seller::add(app, visitor, put)).await {
        Ok(made) => desk.on(&format!("{HERE}/{}", made.id), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let providers = providers(&desk).await?;
            let p = desk.frame_with(HERE, problem);
            let f = typed(&p, &form, &providers, None);
            desk.show_again(New { p, f })
        }
    }
}

fn id(text: &str) -> Result<Id<Seller>, Fault> {
    Id::parse(text).ok_or_else(|| app::failure::Failure::NotFound.into())
}

/// One seller.
pub async fn show(desk: Desk, Path(path): Path<String>) -> Answer {
    let page = page(&desk, id(&path)?, None, String::new()).await?;
    desk.show(page)
}

async fn page(
    desk: &Desk,
    id: Id<Seller>,
    form: Option<&Form>,
    problem: String,
) -> Result<Show, Fault> {
    let (found, months, splits, people, providers) = desk
        .act(move |app, visitor| {
            let found = seller::get(app, visitor, id)?;
            let currency = settlement::with_currency(app, None)?;
            let months = settlement::months(app, visitor, id, currency)?;
            let splits = settlement::splits(app, visitor, id, None, ROWS)?;
            let people = seller::people(app, visitor, id)?;
            let names: Vec<String> = provider::names(app).into_iter().map(str::to_string).collect();
            Ok((found, months, splits, people, names))
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    let as_is = Form::of(&[]);
    let asked = form.unwrap_or(&as_is);
    let of_shop = desk.visitor().staff(Permission::Sellers).is_ok();
    let (status, _) = state(&p, found.status);
    let share = format!("{}%", fields::percent(found.commission));
    let mut facts = vec![
        (p.t("console-seller-status"), status),
        (p.t("console-seller-commission"), share),
        (p.t("console-seller-licence"), found.licence.clone()),
        (p.t("console-seller-contact"), found.contact.clone()),
    ];
    facts.extend(
        found
            .receivers
            .iter()
            .map(|(name, receiver)| (p.t(&format!("store-p-{name}")), receiver.clone())),
    );
    facts.retain(|(_, value)| !value.is_empty());
    let f = of_shop.then(|| match asked.maybe("name") {
        Some(_) => typed(&p, asked, &providers, Some(id)),
        None => typed(&p, &filled(&found), &providers, Some(id)),
    });
    Ok(Show {
        name: found.name.clone(),
        sub: found.handle.clone(),
        href: format!("{HERE}/{id}"),
        months: months.iter().map(|month| month_row(&p, id, month)).collect(),
        splits: splits.iter().map(|split| split_row(&p, split)).collect(),
        people,
        facts,
        form: f,
        may_add: desk.visitor().staff(Permission::Staff).is_ok(),
        contact: asked.get("person_contact").to_string(),
        person: asked.get("person_name").to_string(),
        p,
    })
}

fn filled(found: &SellerView) -> Form {
    let mut pairs: Vec<(String, String)> = vec![
        ("name".into(), found.name.clone()),
        ("status".into(), found.status.code().into()),
        ("commission".into(), fields::percent(found.commission)),
        ("licence".into(), found.licence.clone()),
        ("contact".into(), found.contact.clone()),
        ("return_address".into(), found.return_address.clone()),
        ("version".into(), found.version.to_string()),
    ];
    for (name, receiver) in &found.receivers {
        pairs.push((format!("receiver-{name}"), receiver.clone()));
    }
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    Form::of(&pairs)
}

fn month_row(p: &Frame, id: Id<Seller>, month: &MonthView) -> MonthRow {
    let (state, tone) = month::state(p, month);
    let net = month.goods.plus(month.other).plus(month.refunds).minus(month.commission);
    MonthRow {
        href: format!("{HERE}/{id}/months/{}", month.month),
        name: month.month.clone(),
        orders: p.num(month.orders),
        net: p.money(net),
        splits: p.money(month.splits),
        closing: p.money(month.closing),
        state,
        tone,
    }
}

fn split_row(p: &Frame, split: &SplitView) -> SplitRow {
    let done = split.status == "succeeded";
    SplitRow {
        href: format!("/console/orders/{}", split.order),
        amount: p.money(split.amount),
        state: p.t(&format!("console-split-{}", split.status)),
        tone: if done { "good" } else { "waiting" },
        provider: p.t(&format!("store-p-{}", split.provider)),
        at: p.when(split.at),
    }
}

/// Changes a seller.
pub async fn update(desk: Desk, Path(path): Path<String>, form: Form) -> Answer {
    let id = id(&path)?;
    let put = put(&form);
    match desk.act(move |app, visitor| seller::change(app, visitor, id, put)).await {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, id, Some(&form), problem).await?;
            desk.show_again(page)
        }
    }
}

/// Adds somebody who is behind the counter for a seller.
pub async fn add_person(desk: Desk, Path(path): Path<String>, form: Form) -> Answer {
    let id = id(&path)?;
    let add = AddStaff {
        contact: form.get("person_contact").to_string(),
        name: form.maybe("person_name").map(str::to_string),
        role: Role::Seller,
        own_role: None,
        seller: Some(id),
        password: form.raw("password").to_string(),
    };
    match desk.act(move |app, visitor| person::add_staff(app, visitor, add)).await {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), "staff-added"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, id, Some(&form), problem).await?;
            desk.show_again(page)
        }
    }
}
