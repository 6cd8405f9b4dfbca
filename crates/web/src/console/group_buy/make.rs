//! Making a group buy in three steps: a template, a product, then prices and rules with the
//! phone's view beside them. The last form is always whole: launching needs no script.

use app::catalog::{self, ProductDetail, StaffBrowse, StaffProduct};
use app::group_buy::{
    self, NewGroupBuy, OfferedVariant, Settings, Template as Shape, TierSettings,
};
use app::{App, Visitor};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::catalog::Product;
use domain::group_buy::{GroupBuy, LatePolicy, WhoJoins, WhoOpens};
use domain::id::Id;
use domain::moment::Span;
use domain::money::Currency;
use serde::Deserialize;

use super::preview::{Preview, PreviewPart};
use super::show::{self, late_policy, who_joins, who_opens};
use super::suggested::{discount, suggested};
use crate::answer::Fault;
use crate::console::fields::{amount, points, whole};
use crate::console::part::{Choice, Step};
use crate::console::{Answer, Desk, Frame, address, chart};
use crate::form::Form;
use crate::locale::{from_local, to_local};

#[derive(Template)]
#[template(path = "console/group_buy/choose.html")]
struct Choose {
    p: Frame,
    step: usize,
    steps: Vec<Step>,
    template: String,
    q: String,
    templates: Vec<TemplateCard>,
    products: Vec<ProductCard>,
}

struct TemplateCard {
    href: String,
    faces: String,
    title: String,
    text: String,
    facts: String,
}

struct ProductCard {
    href: String,
    picture: String,
    title: String,
    price: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "console/group_buy/form.html")]
struct Made {
    p: Frame,
    steps: Vec<Step>,
    back_href: String,
    errors: Vec<String>,
    key: String,
    f: Fields,
    tiers: Vec<TierFields>,
    variants: Vec<VariantFields>,
    choices: Vec<Select>,
    switches: Vec<Switch>,
    v: Preview,
}

#[derive(Default)]
struct Fields {
    product: String,
    template: String,
    title: String,
    need: String,
    life_hours: String,
    pay_minutes: String,
    tiered: bool,
    starts_at: String,
    ends_at: String,
    per_order: String,
    per_person: String,
    leader_off: String,
    lowered_to: String,
}

struct TierFields {
    size: String,
    off: String,
}

struct VariantFields {
    id: String,
    title: String,
    detail: String,
    alone: String,
    price: String,
    set_aside: String,
}

struct Select {
    name: &'static str,
    label: String,
    options: Vec<Choice>,
}

struct Switch {
    name: &'static str,
    label: String,
    help: String,
    on: bool,
}

const HERE: &str = "/console/group-buys";
const NEW: &str = "/console/group-buys/new";

/// How far one has come.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    template: String,
    product: String,
    q: String,
}

/// The next step of making one.
pub async fn new(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let shapes = group_buy::templates();
    let Some(shape) = shapes.iter().find(|shape| shape.code == asked.template) else {
        return choose_template(&desk, &shapes, &asked);
    };
    let Some(product) = Id::parse(&asked.product) else {
        return choose_product(&desk, &asked).await;
    };
    let product = find(&desk, product).await?;
    let form = suggested(&desk, shape, &product);
    desk.show(made(&desk, &product, &form, Vec::new()))
}

async fn find(desk: &Desk, id: Id<Product>) -> Result<ProductDetail, Fault> {
    Ok(desk.act(move |app, visitor| catalog::detail(app, visitor, id)).await?)
}

fn steps(p: &Frame, at: usize, hrefs: [String; 2]) -> Vec<Step> {
    let [first, second] = hrefs;
    let hrefs = [first, second, String::new(), String::new()];
    let step = |(i, href)| Step {
        label: p.t(&format!("console-gb-step-{}", i + 1)),
        current: i + 1 == at,
        done: i + 1 < at,
        href,
    };
    hrefs.into_iter().enumerate().map(step).collect()
}

fn choose_template(desk: &Desk, shapes: &[Shape], asked: &Asked) -> Answer {
    let p = desk.frame(HERE);
    let card = |shape: &Shape| {
        let s = &shape.settings;
        let fresh = s.join_by == WhoJoins::NewCustomers;
        let taken = if s.tiers.is_empty() { 1 } else { s.need };
        let most = s.tiers.first().map_or(s.need, |tier| tier.size);
        let size = match s.tiers.is_empty() {
            true => p.num(s.need),
            false => format!("{}–{}", s.need, s.tiers.last().map_or(s.need, |tier| tier.size)),
        };
        let off = discount(&shape.code);
        let hours = s.life_minutes / 60;
        TemplateCard {
            href: address(NEW, &[("template", &shape.code), ("product", &asked.product)]),
            faces: chart::seats(taken, most, fresh),
            title: p.t(&format!("console-gb-t-{}", shape.code)),
            text: p.t(&format!("console-gb-t-{}-text", shape.code)),
            facts: p
                .tell("console-gb-t-facts", &[("size", &size), ("hours", &hours), ("off", &off)]),
        }
    };
    let templates = shapes.iter().map(card).collect();
    let steps = steps(&p, 1, [String::new(), String::new()]);
    let (template, q, products) = (String::new(), String::new(), Vec::new());
    desk.show(Choose { p, step: 1, steps, template, q, templates, products })
}

async fn choose_product(desk: &Desk, asked: &Asked) -> Answer {
    let browse = StaffBrowse {
        q: asked.q.clone(),
        status: "active".into(),
        limit: Some(48),
        ..StaffBrowse::default()
    };
    let found = desk.act(move |app, visitor| catalog::staff_list(app, visitor, browse)).await?;
    let p = desk.frame(HERE);
    let card = |product: &StaffProduct| ProductCard {
        href: address(NEW, &[("template", &asked.template), ("product", &product.id.to_string())]),
        picture: product.picture.as_ref().map_or(String::new(), |picture| picture.thumb.clone()),
        title: product.title.clone(),
        price: p.money(product.price),
        detail: product
            .available
            .map_or(String::new(), |units| p.t1("console-available-n", "count", units)),
    };
    let products = found.items.iter().map(card).collect();
    let steps = steps(&p, 2, [NEW.into(), String::new()]);
    let (template, q) = (asked.template.clone(), asked.q.clone());
    desk.show(Choose { p, step: 2, steps, template, q, templates: Vec::new(), products })
}

/// A variant as the form offers it; a row with an empty price is not offered.
pub struct Typed {
    pub id: String,
    pub price: String,
    pub quota: String,
}

/// The rows of the form's table.
pub fn typed(form: &Form) -> Vec<Typed> {
    let rows = form.all("variant").into_iter().zip(form.all("price")).zip(form.all("set_aside"));
    rows.map(|((id, price), quota)| Typed {
        id: id.to_string(),
        price: price.to_string(),
        quota: quota.to_string(),
    })
    .collect()
}

/// The settings the form asks for. What cannot be read is 0, which the rules refuse by name.
pub fn settings(form: &Form, currency: Currency) -> Settings {
    let number = |name: &str| whole(form.get(name)).unwrap_or(0);
    let tiers = form.all("tier_size").into_iter().zip(form.all("tier_off"));
    let tiers = tiers.filter(|(size, off)| !size.is_empty() || !off.is_empty());
    Settings {
        need: number("need"),
        tiers: tiers
            .map(|(size, off)| TierSettings {
                size: whole(size).unwrap_or(0),
                off_basis_points: points(off).unwrap_or(0),
            })
            .collect(),
        life_minutes: number("life_hours").saturating_mul(60),
        pay_minutes: number("pay_minutes"),
        per_order: number("per_order"),
        per_person: number("per_person"),
        open_by: [WhoOpens::Anyone, WhoOpens::Buyers]
            .into_iter()
            .find(|who| who_opens(*who) == form.get("open_by"))
            .unwrap_or(WhoOpens::Anyone),
        join_by: [WhoJoins::Anyone, WhoJoins::NewCustomers]
            .into_iter()
            .find(|who| who_joins(*who) == form.get("join_by"))
            .unwrap_or(WhoJoins::Anyone),
        leader_off: amount(form.get("leader_off"), currency).map_or(0, |off| off.minor),
        listed: form.is_on("listed"),
        lowered_to: whole(form.get("lowered_to")),
        late: [LatePolicy::OtherTeam, LatePolicy::NewTeam, LatePolicy::Refund]
            .into_iter()
            .find(|policy| late_policy(*policy) == form.get("late"))
            .unwrap_or(LatePolicy::OtherTeam),
    }
}

/// Draws what shoppers will see, for a form that is being filled in.
pub async fn preview(desk: Desk, form: Form) -> Result<Response, Fault> {
    let product = find(&desk, form.id("product")?).await?;
    let p = desk.frame(HERE);
    let v = Preview::of(&p, &product, &form);
    desk.show(PreviewPart { p, v })
}

/// Makes it, as a draft or at once live.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let product = find(&desk, form.id("product")?).await?;
    let draft = form.is_on("draft");
    let new = match new_group_buy(&desk, &product, &form) {
        Ok(new) => new,
        Err(errors) => return desk.show_again(made(&desk, &product, &form, errors)),
    };
    let done = desk.act_once(&form, move |app, visitor| group_buy::create(app, visitor, new)).await;
    match done {
        Ok(view) if draft => desk.on(&format!("{HERE}/{}", view.id), "gb-draft-done"),
        Ok(view) => launched(&desk, view.id).await,
        Err(failure) => {
            let errors = vec![desk.complaint(failure)?];
            desk.show_again(made(&desk, &product, &form, errors))
        }
    }
}

/// Launches what was just written; what stands in the way is shown beside it, and it stays a draft.
async fn launched(desk: &Desk, id: Id<GroupBuy>) -> Answer {
    let launch = move |app: &App, visitor: &Visitor| {
        group_buy::step(app, visitor, id, group_buy::Step::Launch)
    };
    match desk.act(launch).await {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), "gb-launched"),
        Err(failure) => {
            let said = desk.complaint(failure)?;
            desk.show_again(show::page(desk, id, &show::Asked::default(), said).await?)
        }
    }
}

fn new_group_buy(
    desk: &Desk,
    product: &ProductDetail,
    form: &Form,
) -> Result<NewGroupBuy, Vec<String>> {
    let mut errors = Vec::new();
    let currency = currency(product);
    let mut variants = Vec::new();
    for row in typed(form) {
        let Some(variant) = Id::parse(&row.id).filter(|_| !row.price.is_empty()) else { continue };
        match amount(&row.price, currency) {
            Some(price) => {
                let quota = whole(&row.quota);
                variants.push(OfferedVariant { variant, price: price.minor, quota });
            }
            None => errors.push(desk.tell("console-bad-amount", &[("text", &row.price)])),
        }
    }
    let moment = |name: &str| from_local(form.get(name));
    let starts_at =
        if form.get("starts_at").is_empty() { Some(desk.now()) } else { moment("starts_at") };
    let ends_at = moment("ends_at");
    let (Some(starts_at), Some(ends_at)) = (starts_at, ends_at) else {
        errors.push(desk.tell("console-gb-bad-dates", &[]));
        return Err(errors);
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(NewGroupBuy {
        title: form.get("title").to_string(),
        product: product.id,
        starts_at,
        ends_at,
        settings: settings(form, currency),
        variants,
        launch: false,
    })
}

/// The shop's currency, as the product's prices say it.
pub fn currency(product: &ProductDetail) -> Currency {
    product.variants.first().map_or(Currency::Cny, |variant| variant.price.currency)
}

fn made(desk: &Desk, product: &ProductDetail, form: &Form, errors: Vec<String>) -> Made {
    let p = desk.frame(HERE);
    let get = |name: &str| form.get(name).to_string();
    let back_href = address(NEW, &[("template", form.get("template"))]);
    let sizes = form.all("tier_size");
    let offs = form.all("tier_off");
    // Two rows to write tiers into, whether or not there are any.
    let tiers = (0..2).map(|i| TierFields {
        size: sizes.get(i).unwrap_or(&"").to_string(),
        off: offs.get(i).unwrap_or(&"").to_string(),
    });
    let rows = typed(form);
    let variant = |variant: &catalog::VariantDetail| {
        let id = variant.id.to_string();
        let row = rows.iter().find(|row| row.id == id);
        let count = match variant.tracked {
            true => p.t1("console-available-n", "count", variant.available),
            false => "∞".into(),
        };
        let detail: Vec<&str> =
            [variant.sku.as_str(), &count].into_iter().filter(|part| !part.is_empty()).collect();
        VariantFields {
            title: match variant.title.is_empty() {
                true => product.title.clone(),
                false => variant.title.clone(),
            },
            detail: detail.join(" · "),
            alone: p.money(variant.price),
            price: row.map_or(String::new(), |row| row.price.clone()),
            set_aside: row.map_or(String::new(), |row| row.quota.clone()),
            id,
        }
    };
    let select = |name: &'static str, label: &str, options: &[&str]| Select {
        name,
        label: p.t(label),
        options: Choice::among(form.get(name), options.iter().map(|o| (o.to_string(), p.t(o)))),
    };
    Made {
        steps: steps(&p, 3, [NEW.into(), back_href.clone()]),
        back_href,
        errors,
        key: match form.key() {
            "" => p.new_key.clone(),
            // The same form again is the same wish.
            key => key.to_string(),
        },
        f: Fields {
            product: product.id.to_string(),
            template: get("template"),
            title: get("title"),
            need: get("need"),
            life_hours: get("life_hours"),
            pay_minutes: get("pay_minutes"),
            tiered: sizes.iter().any(|size| !size.is_empty()),
            starts_at: get("starts_at"),
            ends_at: match form.get("ends_at") {
                "" => to_local(p.now.plus(Span::days(7))),
                typed => typed.to_string(),
            },
            per_order: get("per_order"),
            per_person: get("per_person"),
            leader_off: get("leader_off"),
            lowered_to: get("lowered_to"),
        },
        tiers: tiers.collect(),
        variants: product.variants.iter().map(variant).collect(),
        choices: vec![
            select(
                "open_by",
                "console-gb-who-opens",
                &["console-gb-anyone", "console-gb-after-purchase"],
            ),
            select(
                "join_by",
                "console-gb-who-joins",
                &["console-gb-anyone", "console-gb-new-only"],
            ),
            select(
                "late",
                "console-gb-late",
                &["console-gb-late-other", "console-gb-late-new", "console-gb-late-refund"],
            ),
        ],
        switches: vec![Switch {
            name: "listed",
            label: p.t("console-gb-public"),
            help: p.t("console-gb-public-help"),
            on: form.is_on("listed"),
        }],
        v: Preview::of(&p, product, form),
        p,
    }
}
