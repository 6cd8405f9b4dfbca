//! A way to ship: its names, and what it costs where.

use app::delivery::{self, MethodView, PutMethod};
use app::failure::Failure;
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::region::{Area, PROVINCES};
use domain::shipping::{Basis, How, Method, Rate};

use super::HERE;
use crate::answer::Fault;
use crate::console::part::Choice;
use crate::console::{Answer, Desk, Frame, fields};
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/delivery/method.html")]
struct Edit {
    p: Frame,
    title: String,
    href: String,
    key: String,
    is_new: bool,
    version: String,
    code: String,
    name: String,
    name_en: String,
    kinds: Vec<Choice>,
    active: bool,
    gift_fee: String,
    symbol: &'static str,
    rates: Vec<RateFields>,
}

/// One rate as it was typed. One without areas is none.
struct RateFields {
    number: usize,
    title: String,
    provinces: Vec<Province>,
    /// The names of those that are chosen.
    chosen: String,
    /// Other areas, with commas between them.
    others: String,
    everywhere: bool,
    delivers: bool,
    bases: Vec<Choice>,
    first: String,
    first_fee: String,
    step: String,
    step_fee: String,
    free_from: String,
    free_pieces: String,
}

struct Province {
    value: &'static str,
    label: &'static str,
    on: bool,
}

/// A form for a new one.
pub async fn new(desk: Desk) -> Answer {
    let currency = currency(&desk).await?;
    let form = Form::of(&[("active", "1"), ("rate-0-everywhere", "1"), ("rate-0-delivers", "1")]);
    desk.show(edit(&desk, None, &form, currency, String::new()))
}

/// A way as it is.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let method = find(&desk, &id).await?;
    let form = filled(&method);
    let currency = method.currency;
    desk.show(edit(&desk, Some(&method), &form, currency, String::new()))
}

/// Makes one.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let currency = currency(&desk).await?;
    let put = read(&form, currency);
    let done = match put {
        Ok(put) => {
            desk.act_once(&form, move |app, visitor| delivery::add_method(app, visitor, put)).await
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(edit(&desk, None, &form, currency, problem))
        }
    }
}

/// Changes one.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let method = find(&desk, &id).await?;
    let (id, currency) = (method.id, method.currency);
    let done = match read(&form, currency) {
        Ok(put) => {
            desk.act(move |app, visitor| delivery::change_method(app, visitor, id, put)).await
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(edit(&desk, Some(&method), &form, currency, problem))
        }
    }
}

async fn find(desk: &Desk, id: &str) -> Result<MethodView, Fault> {
    let id: Id<Method> = Id::parse(id).ok_or(Failure::NotFound)?;
    let methods = desk.act(delivery::methods).await?;
    let found = methods.into_iter().find(|method| method.id == id);
    Ok(found.ok_or(Failure::NotFound)?)
}

async fn currency(desk: &Desk) -> Result<Currency, Fault> {
    Ok(desk.act(|app, _| app.read(|tx| Ok(app::shop::get(tx)?.currency))).await?)
}

/// What the form says. A field that cannot be read is refused by its name.
fn read(form: &Form, currency: Currency) -> Result<PutMethod, Failure> {
    let mut rates = Vec::new();
    for number in 0..=MOST_RATES {
        if let Some(rate) = read_rate(form, number, currency)? {
            rates.push(rate);
        }
    }
    let gift_fee = match form.get("gift_fee") {
        "" => None,
        typed => match fields::amount(typed, currency) {
            Some(amount) => Some(amount.minor),
            None => return Err(Failure::field("delivery.bad_method", "gift_fee")),
        },
    };
    Ok(PutMethod {
        gift_fee,
        code: form.get("code").to_string(),
        kind: How::parse(form.get("kind")).unwrap_or_default(),
        name: form.get("name").to_string(),
        name_en: form.get("name_en").to_string(),
        active: form.is_on("active"),
        rates,
        version: form.parse("version"),
    })
}

/// The most rates a form is read for.
const MOST_RATES: usize = 40;

fn read_rate(form: &Form, number: usize, currency: Currency) -> Result<Option<Rate>, Failure> {
    let field = |name: &str| form.get(&format!("rate-{number}-{name}"));
    let bad = |name: &'static str| Failure::field("delivery.bad_rate", name);
    let mut areas = Vec::new();
    if form.is_on(&format!("rate-{number}-everywhere")) {
        areas.push(Area::everywhere());
    }
    let chosen = form.all(&format!("rate-{number}-province"));
    let chosen = chosen.into_iter().map(|name| format!("CN/{name}"));
    let others = field("others").split([',', '，', '、', '\n']).map(str::trim);
    let others = others.filter(|other| !other.is_empty()).map(str::to_string);
    for text in chosen.chain(others) {
        areas.push(Area::parse(&text).map_err(|_| bad("areas"))?);
    }
    if areas.is_empty() {
        return Ok(None);
    }
    let whole = |name: &'static str, none: i64| match field(name) {
        "" => Ok(none),
        typed => fields::whole(typed).ok_or_else(|| bad(name)),
    };
    let amount = |name: &'static str| match field(name) {
        "" => Ok(None),
        typed => match fields::amount(typed, currency) {
            Some(amount) => Ok(Some(amount.minor)),
            None => Err(bad(name)),
        },
    };
    let free_pieces = match field("free_pieces") {
        "" => None,
        _ => Some(whole("free_pieces", 0)?),
    };
    Ok(Some(Rate {
        areas,
        delivers: form.is_on(&format!("rate-{number}-delivers")),
        basis: Basis::parse(field("basis")).unwrap_or_default(),
        first: whole("first", 1)?,
        first_fee: amount("first_fee")?.unwrap_or(0),
        step: whole("step", 1)?,
        step_fee: amount("step_fee")?.unwrap_or(0),
        free_from: amount("free_from")?,
        free_pieces,
    }))
}

/// The form a way would have been typed as.
fn filled(method: &MethodView) -> Form {
    let amount = |minor: i64| Money::new(minor, method.currency).decimal();
    let mut pairs: Vec<(String, String)> = vec![
        ("code".into(), method.code.clone()),
        ("kind".into(), method.kind.code().into()),
        ("name".into(), method.name.clone()),
        ("name_en".into(), method.name_en.clone()),
        ("version".into(), method.version.to_string()),
    ];
    if let Some(fee) = method.gift_fee {
        pairs.push(("gift_fee".into(), amount(fee)));
    }
    if method.active {
        pairs.push(("active".into(), "1".into()));
    }
    for (number, rate) in method.rates.iter().enumerate() {
        let mut put = |name: &str, value: String| {
            pairs.push((format!("rate-{number}-{name}"), value));
        };
        let mut others = Vec::new();
        for area in rate.areas.iter().map(Area::to_string) {
            let province = area
                .strip_prefix("CN/")
                .filter(|name| PROVINCES.iter().any(|province| province.name == *name));
            match (area.as_str(), province) {
                ("*", _) => put("everywhere", "1".into()),
                (_, Some(name)) => put("province", name.to_string()),
                _ => others.push(area),
            }
        }
        put("others", others.join(", "));
        if rate.delivers {
            put("delivers", "1".into());
        }
        put("basis", rate.basis.code().into());
        put("first", rate.first.to_string());
        put("first_fee", amount(rate.first_fee));
        put("step", rate.step.to_string());
        put("step_fee", amount(rate.step_fee));
        put("free_from", rate.free_from.map_or(String::new(), amount));
        put("free_pieces", rate.free_pieces.map_or(String::new(), |n| n.to_string()));
    }
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    Form::of(&pairs)
}

fn edit(
    desk: &Desk,
    method: Option<&MethodView>,
    form: &Form,
    currency: Currency,
    problem: String,
) -> Edit {
    let p = desk.frame_with(HERE, problem);
    let typed = form.fields().filter_map(|(name, _)| {
        name.strip_prefix("rate-")?.split_once('-')?.0.parse::<usize>().ok()
    });
    // One more than there are, to be filled in.
    let count = typed.max().map_or(1, |most| (most + 2).min(MOST_RATES));
    let count = if method.is_none() && count == 2 { 1 } else { count };
    let kind = form.get("kind");
    let kinds = [How::Delivery, How::Pickup]
        .map(|how| (how.code().to_string(), p.t(&format!("console-delivery-kind-{}", how.code()))));
    Edit {
        title: match method {
            Some(method) if p.is_chinese() => method.name.clone(),
            Some(method) => method.name_en.clone(),
            None => p.t("console-delivery-new-method"),
        },
        href: match method {
            Some(method) => format!("{HERE}/methods/{}", method.id),
            None => format!("{HERE}/methods"),
        },
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        is_new: method.is_none(),
        version: form.get("version").to_string(),
        code: form.get("code").to_string(),
        name: form.get("name").to_string(),
        name_en: form.get("name_en").to_string(),
        kinds: Choice::among(kind, kinds),
        active: form.is_on("active"),
        gift_fee: form.get("gift_fee").to_string(),
        symbol: currency.symbol(),
        rates: (0..count).map(|number| rate_fields(&p, form, number)).collect(),
        p,
    }
}

fn rate_fields(p: &Frame, form: &Form, number: usize) -> RateFields {
    let text = |name: &str| form.get(&format!("rate-{number}-{name}")).to_string();
    let on = |name: &str| form.is_on(&format!("rate-{number}-{name}"));
    let chosen = form.all(&format!("rate-{number}-province"));
    let blank = chosen.is_empty() && text("others").is_empty() && !on("everywhere");
    let bases = Basis::ALL.map(|basis| {
        (basis.code().to_string(), p.t(&format!("console-delivery-basis-{}", basis.code())))
    });
    let label = |province: &domain::region::Province| match p.is_chinese() {
        true => province.name,
        false => province.name_en,
    };
    let named = PROVINCES.iter().filter(|province| chosen.contains(&province.name)).map(label);
    RateFields {
        number,
        chosen: named.collect::<Vec<_>>().join(p.t("console-list-comma").as_str()),
        title: match blank {
            true => p.t("console-delivery-rate-more"),
            false => p.t1("console-delivery-rate", "n", number + 1),
        },
        provinces: PROVINCES
            .iter()
            .map(|province| Province {
                value: province.name,
                label: label(province),
                on: chosen.contains(&province.name),
            })
            .collect(),
        others: text("others"),
        everywhere: on("everywhere"),
        delivers: on("delivers") || blank,
        bases: Choice::among(&text("basis"), bases),
        first: text("first"),
        first_fee: text("first_fee"),
        step: text("step"),
        step_fee: text("step_fee"),
        free_from: text("free_from"),
        free_pieces: text("free_pieces"),
    }
}
