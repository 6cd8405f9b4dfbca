//! Promotions: what is on, making one, changing it, switching it on and off.

use app::catalog::{CategoryView, categories};
use app::customer_group::{self, GroupView};
use app::failure::Failure;
use app::promotion::{self, PromotionView, PutPromotion};
use app::shop;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use domain::id::Id;
use domain::moment::Span;
use domain::money::Currency;
use domain::promotion::{Effect, Off, Promotion, Step, Threshold};
use domain::rate::Rate;

use super::scope_fields::{self as scoped, PartFields, ScopeFields};
use crate::Shop;
use crate::answer::Fault;
use crate::console::fields::{amount, percent, points, whole};
use crate::console::part::{Choice, Empty};
use crate::console::price::group_name;
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;
use crate::locale::{from_local, to_local};
use crate::offer_words as words;

/// Its entry in the rail.
const HERE: &str = "/console/promotions";
/// How many steps a form has fields for.
const STEPS: usize = 3;

/// The routes of promotions.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/promotions", get(index).post(create))
        .route("/console/promotions/new", get(new))
        .route("/console/promotions/{id}", get(show).post(update))
        .route("/console/promotions/{id}/switch", post(switch))
}

#[derive(Template)]
#[template(path = "console/promotion/list.html")]
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
#[template(path = "console/promotion/edit.html")]
struct Edit {
    p: Frame,
    title: String,
    href: String,
    key: String,
    is_new: bool,
    /// What it did so far; empty for a new one.
    did: String,
    is_on: bool,
    version: String,
    name: String,
    name_en: String,
    starts_at: String,
    ends_at: String,
    groups: Vec<Choice>,
    stack: String,
    priority: String,
    active: bool,
    kinds: Vec<Choice>,
    steps: Vec<StepFields>,
    for_every: bool,
    parts: Vec<PartFields>,
    price: String,
    most: String,
    gift_from: String,
    scope: ScopeFields,
    code: String,
}

/// A step as it was typed. One without an amount is none.
struct StepFields {
    number: usize,
    from: String,
    units: Vec<Choice>,
    off: String,
    kinds: Vec<Choice>,
    most: String,
}

/// Every promotion, the newest first.
pub async fn index(desk: Desk) -> Answer {
    let found = desk.act(promotion::list).await?;
    let p = desk.frame(HERE);
    let empty = found.is_empty().then(|| Empty {
        title: p.t("console-promotions-none"),
        text: p.t("console-promotions-none-text"),
        action: p.t("console-promotions-new"),
        href: format!("{HERE}/new"),
        ..Empty::default()
    });
    desk.show(List { rows: found.iter().map(|one| row(&p, one)).collect(), empty, p })
}

fn row(p: &Frame, one: &PromotionView) -> Row {
    let state = one.state(p.now);
    let said = |at| p.locale.exact_near(at, p.now);
    Row {
        href: format!("{HERE}/{}", one.id),
        name: one.name.clone(),
        detail: format!(
            "{} · {} – {}",
            words::effect(p.locale, &one.effect, one.currency),
            said(one.starts_at),
            said(one.ends_at)
        ),
        tone: match state {
            "on" => "good",
            "planned" => "waiting",
            _ => "",
        },
        state: p.t(&format!("console-prices-state-{state}")),
    }
}

/// What a form is drawn from beside the promotion.
struct Known {
    groups: Vec<GroupView>,
    categories: Vec<CategoryView>,
    own: Currency,
}

async fn known(desk: &Desk) -> Result<Known, Fault> {
    let known = desk.act(|app, visitor| {
        Ok(Known {
            groups: customer_group::list(app, visitor)?,
            categories: categories::list(app, visitor)?,
            own: app.read(|tx| Ok(shop::get(tx)?.currency))?,
        })
    });
    Ok(known.await?)
}

async fn find(desk: &Desk, id: &str) -> Result<PromotionView, Fault> {
    let id: Id<Promotion> = Id::parse(id).ok_or(Failure::NotFound)?;
    Ok(desk.act(move |app, visitor| promotion::get(app, visitor, id)).await?)
}

/// A form for a new one.
pub async fn new(desk: Desk) -> Answer {
    let ends_at = to_local(desk.now().plus(Span::days(7)));
    let usual = Form::of(&[("active", "1"), ("ends_at", &ends_at)]);
    let page = page(&desk, None, &usual, String::new()).await?;
    desk.show(page)
}

/// A promotion as it is.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let found = find(&desk, &id).await?;
    let page = page(&desk, Some(&found), &filled(&found), String::new()).await?;
    desk.show(page)
}

/// Makes one.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let own = known(&desk).await?.own;
    let done = match read(&desk, &form, own).await {
        Ok(put) => {
            desk.act_once(&form, move |app, visitor| promotion::add(app, visitor, &put)).await
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, None, &form, problem).await?;
            desk.show_again(page)
        }
    }
}

/// Changes one.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let found = find(&desk, &id).await?;
    let id = found.id;
    let done = match read(&desk, &form, found.currency).await {
        Ok(put) => desk.act(move |app, visitor| promotion::change(app, visitor, id, &put)).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, Some(&found), &form, problem).await?;
            desk.show_again(page)
        }
    }
}

/// Switches one on or off.
pub async fn switch(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Promotion> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let on = form.is_on("on");
    desk.act(move |app, visitor| promotion::switch(app, visitor, id, on)).await?;
    desk.on(&format!("{HERE}/{id}"), "saved")
}

fn bad(field: &'static str) -> Failure {
    Failure::field("promotion.bad_settings", field)
}

/// What is taken off, as two fields say it.
pub fn off(form: &Form, name: &str, currency: Currency, bad: &Failure) -> Result<Off, Failure> {
    let get = |part: &str| form.get(&format!("{name}{part}"));
    let most = match get("most") {
        "" => None,
        text => Some(amount(text, currency).ok_or_else(|| bad.clone())?.minor),
    };
    Ok(match get("kind") {
        "part" => {
            let rate = points(get("off")).and_then(Rate::from_basis_points);
            Off::Part { rate: rate.ok_or_else(|| bad.clone())?, most }
        }
        _ => Off::Amount { minor: amount(get("off"), currency).ok_or_else(|| bad.clone())?.minor },
    })
}

/// What the form says. A field that cannot be read is refused by its name.
async fn read(desk: &Desk, form: &Form, currency: Currency) -> Result<PutPromotion, Failure> {
    let minor = |text: &str, field| {
        amount(text, currency).map(|money| money.minor).ok_or_else(|| bad(field))
    };
    let most = match form.get("most") {
        "" => 1,
        text => whole(text).ok_or_else(|| bad("most"))?,
    };
    let effect = match form.get("effect") {
        "bundle" => Effect::Bundle {
            parts: scoped::parts(desk, form, &bad("parts")).await?,
            price: minor(form.get("price"), "price")?,
            most: if form.get("most").is_empty() { 9_999 } else { most },
        },
        "gift" => Effect::Gift {
            from: Threshold::Amount { minor: minor(form.get("gift_from"), "steps")? },
            parts: scoped::parts(desk, form, &bad("parts")).await?,
            most,
        },
        _ => {
            let mut steps = Vec::new();
            for n in 0..STEPS {
                let from = form.get(&format!("step-{n}-from"));
                if from.is_empty() {
                    continue;
                }
                let from = match form.get(&format!("step-{n}-unit")) {
                    "pieces" => {
                        Threshold::Pieces { count: whole(from).ok_or_else(|| bad("steps"))? }
                    }
                    _ => Threshold::Amount { minor: minor(from, "steps")? },
                };
                let off = off(form, &format!("step-{n}-"), currency, &bad("steps"))?;
                steps.push(Step { from, off });
            }
            Effect::SpendAndSave { steps, for_every: form.is_on("for_every") }
        }
    };
    let moment = |name: &'static str| match form.get(name) {
        "" => Ok(None),
        text => from_local(text).map(Some).ok_or_else(|| bad(name)),
    };
    Ok(PutPromotion {
        name: form.get("name").to_string(),
        name_en: form.get("name_en").to_string(),
        currency: Some(currency),
        starts_at: moment("starts_at")?,
        ends_at: moment("ends_at")?.ok_or_else(|| bad("ends_at"))?,
        groups: form.all("group").into_iter().filter_map(Id::parse).collect(),
        stack: form.get("stack").to_string(),
        priority: match form.get("priority") {
            "" => 0,
            text => whole(text).ok_or_else(|| bad("priority"))?,
        },
        active: form.is_on("active"),
        scope: scoped::scope(desk, form, &bad("scope")).await?,
        effect,
        version: form.parse("version"),
    })
}

/// The fields that say what is taken off.
pub fn filled_off(name: &str, off: Off, currency: Currency, pairs: &mut Vec<(String, String)>) {
    let decimal = |minor| domain::money::Money::new(minor, currency).decimal();
    let (kind, off, most) = match off {
        Off::Amount { minor } => ("amount", decimal(minor), None),
        Off::Part { rate, most } => ("part", percent(rate.basis_points()), most),
    };
    pairs.push((format!("{name}kind"), kind.into()));
    pairs.push((format!("{name}off"), off));
    pairs.push((format!("{name}most"), most.map_or(String::new(), decimal)));
}

/// The form a promotion would have been typed as.
fn filled(one: &PromotionView) -> Form {
    let decimal = |minor| domain::money::Money::new(minor, one.currency).decimal();
    let mut pairs: Vec<(String, String)> = vec![
        ("name".into(), one.name.clone()),
        ("name_en".into(), one.name_en.clone()),
        ("starts_at".into(), to_local(one.starts_at)),
        ("ends_at".into(), to_local(one.ends_at)),
        ("stack".into(), one.stack.clone()),
        ("priority".into(), one.priority.to_string()),
        ("version".into(), one.version.to_string()),
    ];
    if one.active {
        pairs.push(("active".into(), "1".into()));
    }
    pairs.extend(one.groups.iter().map(|group| ("group".to_string(), group.to_string())));
    match &one.effect {
        Effect::SpendAndSave { steps, for_every } => {
            pairs.push(("effect".into(), "spend_and_save".into()));
            if *for_every {
                pairs.push(("for_every".into(), "1".into()));
            }
            for (n, step) in steps.iter().enumerate() {
                let (unit, from) = match step.from {
                    Threshold::Amount { minor } => ("amount", decimal(minor)),
                    Threshold::Pieces { count } => ("pieces", count.to_string()),
                };
                pairs.push((format!("step-{n}-unit"), unit.into()));
                pairs.push((format!("step-{n}-from"), from));
                filled_off(&format!("step-{n}-"), step.off, one.currency, &mut pairs);
            }
        }
        Effect::Bundle { parts, price, most } => {
            pairs.push(("effect".into(), "bundle".into()));
            pairs.push(("price".into(), decimal(*price)));
            pairs.push(("most".into(), most.to_string()));
            scoped::filled_parts(parts, &mut pairs);
        }
        Effect::Gift { from, parts, most } => {
            pairs.push(("effect".into(), "gift".into()));
            if let Threshold::Amount { minor } = from {
                pairs.push(("gift_from".into(), decimal(*minor)));
            }
            pairs.push(("most".into(), most.to_string()));
            scoped::filled_parts(parts, &mut pairs);
        }
    }
    scoped::filled(&one.scope, &mut pairs);
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    Form::of(&pairs)
}

fn step_fields(p: &Frame, form: &Form, number: usize) -> StepFields {
    let get = |name: &str| form.get(&format!("step-{number}-{name}")).to_string();
    let named = |name: &'static str| (name.to_string(), p.t(&format!("console-offer-{name}")));
    StepFields {
        number,
        from: get("from"),
        units: Choice::among(&get("unit"), ["amount", "pieces"].map(named)),
        off: get("off"),
        kinds: Choice::among(&get("kind"), ["amount", "part"].map(named)),
        most: get("most"),
    }
}

async fn page(
    desk: &Desk,
    found: Option<&PromotionView>,
    form: &Form,
    problem: String,
) -> Result<Edit, Fault> {
    let known = known(desk).await?;
    let p = desk.frame_with(HERE, problem);
    let chosen = form.all("group");
    let groups = known.groups.iter().map(|group| {
        let value = group.id.to_string();
        let label = group_name(&p, group).to_string();
        Choice { chosen: chosen.contains(&value.as_str()), value, label }
    });
    let kinds = ["spend_and_save", "bundle", "gift"]
        .map(|kind| (kind.to_string(), p.t(&format!("console-offer-{}", kind.replace('_', "-")))));
    let effect = match form.get("effect") {
        "" => "spend_and_save",
        effect => effect,
    };
    let get = |name: &str| form.get(name).to_string();
    Ok(Edit {
        title: found.map_or_else(|| p.t("console-promotions-new"), |one| one.name.clone()),
        href: found.map_or(HERE.to_string(), |one| format!("{HERE}/{}", one.id)),
        key: if form.key().is_empty() { p.new_key.clone() } else { form.key().to_string() },
        is_new: found.is_none(),
        did: found.map_or(String::new(), |one| {
            let saved = p.money(one.saved);
            p.tell("console-offer-did", &[("count", &one.used), ("price", &saved)])
        }),
        is_on: found.is_some_and(|one| one.active),
        version: get("version"),
        name: get("name"),
        name_en: get("name_en"),
        starts_at: get("starts_at"),
        ends_at: get("ends_at"),
        groups: groups.collect(),
        stack: get("stack"),
        priority: get("priority"),
        active: form.is_on("active"),
        kinds: Choice::among(effect, kinds),
        steps: (0..STEPS).map(|n| step_fields(&p, form, n)).collect(),
        for_every: form.is_on("for_every"),
        parts: scoped::part_fields(form),
        price: get("price"),
        most: get("most"),
        gift_from: get("gift_from"),
        scope: scoped::fields(&p, &known.categories, form),
        code: found.map_or(known.own, |one| one.currency).code().to_string(),
        p,
    })
}
