//! Coupons: the kinds there are, making one, giving one to somebody, and codes in bulk.

use app::catalog::{CategoryView, categories};
use app::coupon::{self, Give, HolderView, TemplateView};
use app::failure::Failure;
use app::shop;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use domain::coupon::{Coupon, Template as Kind};
use domain::id::Id;
use domain::money::Currency;

use super::coupon_form::{filled, read};
use super::scope_fields::{self as scoped, PartFields, ScopeFields};
use crate::Shop;
use crate::answer::Fault;
use crate::console::fields::whole;
use crate::console::part::{Choice, Empty, When};
use crate::console::product::csv_file;
use crate::console::{Answer, Desk, Frame};
use crate::form::{Form, Upload};
use crate::link;
use crate::offer_words as words;

/// Its entry in the rail.
const HERE: &str = "/console/coupons";

/// The routes of coupons.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/coupons", get(index).post(create))
        .route("/console/coupons/new", get(new))
        .route("/console/coupons/{id}", get(show).post(update))
        .route("/console/coupons/{id}/holders", post(give))
        .route("/console/coupons/{id}/codes", post(make_codes))
        .route("/console/coupons/{id}/codes.csv", get(export))
        .route("/console/coupons/{id}/file", post(import))
        .route("/console/coupons/{id}/removal", post(take_back))
}

#[derive(Template)]
#[template(path = "console/coupon/list.html")]
struct List {
    p: Frame,
    rows: Vec<Row>,
    empty: Option<Empty>,
}

struct Row {
    href: String,
    name: String,
    detail: String,
    tone: &'static str,
    state: String,
}

#[derive(Template)]
#[template(path = "console/coupon/edit.html")]
struct Edit {
    p: Frame,
    title: String,
    href: String,
    key: String,
    is_new: bool,
    did: String,
    /// Its own address, when it has one.
    address: String,
    version: String,
    name: String,
    name_en: String,
    gives: Vec<Choice>,
    off: String,
    off_kinds: Vec<Choice>,
    most: String,
    shipping_most: String,
    part: PartFields,
    threshold: String,
    issuers: Vec<Choice>,
    alone: bool,
    group: String,
    days: String,
    usable_from: String,
    usable_until: String,
    claim_from: String,
    claim_until: String,
    total: String,
    per_person: String,
    per_cluster: String,
    back_on_refund: bool,
    active: bool,
    listed: bool,
    link: String,
    scope: ScopeFields,
    code: String,
    codes: String,
    holders: Vec<HolderRow>,
    report: String,
}

struct HolderRow {
    id: String,
    name: String,
    href: String,
    state: String,
    source: String,
    order: String,
    at: When,
    can_take_back: bool,
}

/// Every kind, the newest first.
pub async fn index(desk: Desk) -> Answer {
    let found = desk.act(coupon::list).await?;
    let p = desk.frame(HERE);
    let empty = found.is_empty().then(|| Empty {
        title: p.t("console-coupons-none"),
        text: p.t("console-coupons-none-text"),
        action: p.t("console-coupons-new"),
        href: format!("{HERE}/new"),
        ..Empty::default()
    });
    desk.show(List { rows: found.iter().map(|one| row(&p, one)).collect(), empty, p })
}

fn row(p: &Frame, one: &TemplateView) -> Row {
    let state = one.state(p.now);
    let total = one.total.map_or("∞".to_string(), |total| p.num(total));
    let taken = format!("{} / {total}", p.num(one.taken));
    Row {
        href: format!("{HERE}/{}", one.id),
        name: one.name.clone(),
        detail: format!(
            "{} · {}",
            words::gives(p.locale, &one.gives, one.threshold, one.currency),
            p.t1("console-coupon-taken", "taken", taken)
        ),
        tone: match state {
            "on" => "good",
            "planned" => "waiting",
            _ => "",
        },
        state: p.t(&format!("console-coupon-state-{}", state.replace('_', "-"))),
    }
}

/// What a form is drawn from beside the coupon.
struct Known {
    categories: Vec<CategoryView>,
    own: Currency,
}

async fn known(desk: &Desk) -> Result<Known, Fault> {
    let known = desk.act(|app, visitor| {
        let categories = categories::list(app, visitor)?;
        Ok(Known { categories, own: app.read(|tx| Ok(shop::get(tx)?.currency))? })
    });
    Ok(known.await?)
}

fn id_of(id: &str) -> Result<Id<Kind>, Failure> {
    Id::parse(id).ok_or(Failure::NotFound)
}

async fn find(desk: &Desk, id: &str) -> Result<TemplateView, Fault> {
    let id = id_of(id)?;
    Ok(desk.act(move |app, visitor| coupon::get(app, visitor, id)).await?)
}

/// A form for a new one.
pub async fn new(desk: Desk) -> Answer {
    let usual = [
        ("active", "1"),
        ("listed", "1"),
        ("days", "7"),
        ("per_person", "1"),
        ("gives", "goods"),
        ("group", "shop"),
    ];
    let page = page(&desk, None, &Form::of(&usual), (String::new(), String::new())).await?;
    desk.show(page)
}

/// One kind, with who has it.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let found = find(&desk, &id).await?;
    let form = filled(&found);
    let page = page(&desk, Some(&found), &form, (String::new(), String::new())).await?;
    desk.show(page)
}

/// Makes one.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let own = known(&desk).await?.own;
    let done = match read(&desk, &form, own).await {
        Ok(put) => desk.act_once(&form, move |app, visitor| coupon::add(app, visitor, &put)).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(made) => desk.on(&format!("{HERE}/{}", made.id), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, None, &form, (problem, String::new())).await?;
            desk.show_again(page)
        }
    }
}

/// Changes one.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let found = find(&desk, &id).await?;
    let id = found.id;
    let done = match read(&desk, &form, found.currency).await {
        Ok(put) => desk.act(move |app, visitor| coupon::change(app, visitor, id, &put)).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, Some(&found), &form, (problem, String::new())).await?;
            desk.show_again(page)
        }
    }
}

/// The page again with what did not work, or what did.
async fn again(desk: &Desk, id: Id<Kind>, done: Result<String, Failure>) -> Answer {
    let found = find(desk, &id.to_string()).await?;
    let form = filled(&found);
    match done {
        Ok(said) => {
            let page = page(desk, Some(&found), &form, (String::new(), said)).await?;
            desk.show(page)
        }
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(desk, Some(&found), &form, (problem, String::new())).await?;
            desk.show_again(page)
        }
    }
}

/// Gives one to somebody.
pub async fn give(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let give = Give { person: form.get("person").to_string() };
    let done =
        desk.act_once(&form, move |app, visitor| coupon::give(app, visitor, id, &give)).await;
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}#holders"), "saved"),
        Err(failure) => again(&desk, id, Err(failure)).await,
    }
}

/// Takes one back that nobody used.
pub async fn take_back(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let coupon: Id<Coupon> = form.id("coupon")?;
    let reason = form.get("reason").to_string();
    let done = desk.act(move |app, visitor| coupon::take_back(app, visitor, coupon, &reason)).await;
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}#holders"), "saved"),
        Err(failure) => again(&desk, id, Err(failure)).await,
    }
}

/// Makes codes by chance.
pub async fn make_codes(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id = id_of(&id)?;
    let count = whole(form.get("count")).unwrap_or(0);
    let batch = form.get("batch").to_string();
    let done = desk
        .act_once(&form, move |app, visitor| coupon::make_codes(app, visitor, id, count, &batch))
        .await;
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}#codes"), "saved"),
        Err(failure) => again(&desk, id, Err(failure)).await,
    }
}

/// Its codes as a file.
pub async fn export(desk: Desk, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let file = desk.act(move |app, visitor| coupon::export(app, visitor, id)).await?;
    Ok(csv_file("codes.csv", file.into_bytes()))
}

/// Reads codes from a file.
pub async fn import(desk: Desk, Path(id): Path<String>, upload: Upload) -> Answer {
    let id = id_of(&id)?;
    let bytes = upload.file("file").map(|file| file.bytes.to_vec()).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let done = desk.act(move |app, visitor| coupon::import(app, visitor, id, &text)).await;
    let told = done.map(|report| {
        desk.tell(
            "console-coupon-imported",
            &[
                ("put", &report.put),
                ("known", &report.known),
                ("bad", &(report.bad_lines.len() as i64)),
            ],
        )
    });
    again(&desk, id, told).await
}

fn holder(p: &Frame, one: &HolderView) -> HolderRow {
    HolderRow {
        id: one.coupon.to_string(),
        name: one.name.clone(),
        href: link::console("customers", one.person),
        state: p.t(&format!("coupon-state-{}", one.state.replace('_', "-"))),
        source: p.t(&format!("console-coupon-by-{}", one.source)),
        order: one.order.map_or(String::new(), link::console_order),
        at: p.when(one.received_at),
        can_take_back: one.state == "held",
    }
}

async fn page(
    desk: &Desk,
    found: Option<&TemplateView>,
    form: &Form,
    (problem, report): (String, String),
) -> Result<Edit, Fault> {
    let known = known(desk).await?;
    let holders = match found.map(|one| one.id) {
        Some(id) => {
            desk.act(move |app, visitor| coupon::holders(app, visitor, id, None, 50)).await?
        }
        None => Vec::new(),
    };
    let p = desk.frame_with(HERE, problem);
    let get = |name: &str| form.get(name).to_string();
    let named =
        |kind: &'static str| (kind.to_string(), p.t(&format!("console-coupon-gives-{kind}")));
    let units =
        ["amount", "part"].map(|kind| (kind.to_string(), p.t(&format!("console-offer-{kind}"))));
    let issuers = ["merchant", "platform"]
        .map(|kind| (kind.to_string(), p.t(&format!("console-coupon-of-{kind}"))));
    Ok(Edit {
        title: found.map_or_else(|| p.t("console-coupons-new"), |one| one.name.clone()),
        href: found.map_or(HERE.to_string(), |one| format!("{HERE}/{}", one.id)),
        key: if form.key().is_empty() { p.new_key.clone() } else { form.key().to_string() },
        is_new: found.is_none(),
        did: found.map_or(String::new(), |one| {
            let saved = p.money(one.saved);
            let figures: [(&str, &dyn crate::locale::Arg); 3] =
                [("taken", &one.taken), ("count", &one.used), ("price", &saved)];
            p.tell("console-coupon-did", &figures)
        }),
        address: found
            .and_then(|one| one.link.as_deref())
            .map_or(String::new(), |to| p.absolute(link::coupon(to))),
        version: get("version"),
        name: get("name"),
        name_en: get("name_en"),
        gives: Choice::among(form.get("gives"), ["goods", "shipping", "gift"].map(named)),
        off: get("off"),
        off_kinds: Choice::among(form.get("kind"), units),
        most: get("most"),
        shipping_most: get("shipping_most"),
        part: scoped::part_fields(form).remove(0),
        threshold: get("threshold"),
        issuers: Choice::among(form.get("issuer"), issuers),
        alone: form.is_on("alone"),
        group: get("group"),
        days: get("days"),
        usable_from: get("usable_from"),
        usable_until: get("usable_until"),
        claim_from: get("claim_from"),
        claim_until: get("claim_until"),
        total: get("total"),
        per_person: get("per_person"),
        per_cluster: get("per_cluster"),
        back_on_refund: form.is_on("back_on_refund"),
        active: form.is_on("active"),
        listed: form.is_on("listed"),
        link: get("link"),
        scope: scoped::fields(&p, &known.categories, form),
        code: found.map_or(known.own, |one| one.currency).code().to_string(),
        codes: found.map_or(String::new(), |one| {
            p.tell(
                "console-coupon-codes-count",
                &[("codes", &one.codes), ("redeemed", &one.redeemed)],
            )
        }),
        holders: holders.iter().map(|one| holder(&p, one)).collect(),
        report,
        p,
    })
}
