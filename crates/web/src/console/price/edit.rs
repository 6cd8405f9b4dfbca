//! One price list: whose, when, what it takes off, and its fixed prices.

use app::catalog::{CategoryView, categories};
use app::currency::{self, CurrenciesView};
use app::customer_group::{self, GroupView};
use app::failure::Failure;
use app::price_list::{self, CsvReport, ListDetail, PriceRow, PutList, PutPrice};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::catalog::Variant;
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::price::list::{Cut, Over, PriceList};
use domain::rate::Rate;

use super::{HERE, group_name};
use crate::answer::Fault;
use crate::console::fields::{amount, percent, points, whole};
use crate::console::part::Choice;
use crate::console::product::csv_file;
use crate::console::{Answer, Desk, Frame};
use crate::form::{Form, Upload};
use crate::locale::{from_local, to_local};

/// How many fixed prices the page shows; the file has all.
const SHOWN: i64 = 200;
/// How many rows are offered for new ones.
const SPARE: usize = 5;
/// How many cuts a form is read for.
const MOST_CUTS: usize = 40;

#[derive(Template)]
#[template(path = "console/price/edit.html")]
struct Edit {
    p: Frame,
    title: String,
    href: String,
    key: String,
    is_new: bool,
    version: String,
    name: String,
    currencies: Vec<Choice>,
    code: String,
    groups: Vec<Choice>,
    starts_at: String,
    ends_at: String,
    priority: String,
    active: bool,
    cuts: Vec<CutFields>,
    prices: Vec<PriceFields>,
    spare: Vec<usize>,
    more: bool,
    report: Option<Report>,
}

/// A cut as it was typed. One without a percentage is none.
struct CutFields {
    number: usize,
    overs: Vec<Choice>,
    tag: String,
    off: String,
    from: String,
}

struct PriceFields {
    variant: String,
    from: i64,
    name: String,
    sku: String,
    price: String,
    ordinary: String,
}

/// What came of a file.
struct Report {
    said: String,
    faults: Vec<String>,
}

/// What a form is drawn from beside the list.
struct Known {
    groups: Vec<GroupView>,
    categories: Vec<CategoryView>,
    currencies: CurrenciesView,
}

async fn known(desk: &Desk) -> Result<Known, Fault> {
    let known = desk.act(|app, visitor| {
        Ok(Known {
            groups: customer_group::list(app, visitor)?,
            categories: categories::list(app, visitor)?,
            currencies: currency::get(app, visitor)?,
        })
    });
    Ok(known.await?)
}

async fn find(desk: &Desk, id: &str) -> Result<ListDetail, Fault> {
    let id: Id<PriceList> = Id::parse(id).ok_or(Failure::NotFound)?;
    let found = desk.act(move |app, visitor| price_list::detail(app, visitor, id, 0, SHOWN + 1));
    Ok(found.await?)
}

/// A form for a new one.
pub async fn new(desk: Desk) -> Answer {
    let form = Form::of(&[("active", "1")]);
    let page = page(&desk, None, &form, String::new(), None).await?;
    desk.show(page)
}

/// A list as it is.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let found = find(&desk, &id).await?;
    let page = page(&desk, Some(&found), &filled(&found), String::new(), None).await?;
    desk.show(page)
}

/// Makes one.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let done = match read(&form) {
        Ok(put) => {
            desk.act_once(&form, move |app, visitor| price_list::add(app, visitor, put)).await
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok(made) => desk.on(&format!("{HERE}/{}#prices", made.id), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, None, &form, problem, None).await?;
            desk.show_again(page)
        }
    }
}

/// Changes one.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let found = find(&desk, &id).await?;
    let id = found.list.id;
    let done = match read(&form) {
        Ok(put) => desk.act(move |app, visitor| price_list::change(app, visitor, id, put)).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, Some(&found), &form, problem, None).await?;
            desk.show_again(page)
        }
    }
}

/// Puts fixed prices in, changes them, and takes out those that were emptied.
pub async fn put_prices(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let found = find(&desk, &id).await?;
    let (id, currency) = (found.list.id, found.list.currency);
    let done = match typed_prices(&desk, &form, currency).await {
        Ok(prices) => {
            desk.act(move |app, visitor| price_list::put_prices(app, visitor, id, &prices)).await
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}#prices"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, Some(&found), &filled(&found), problem, None).await?;
            desk.show_again(page)
        }
    }
}

/// The fixed prices of the form: those there are, and new ones by stock number, id or handle.
async fn typed_prices(
    desk: &Desk,
    form: &Form,
    currency: Currency,
) -> Result<Vec<PutPrice>, Failure> {
    let bad = |field| Failure::field("price.bad_price", field);
    let price = |text: &str| match text {
        "" => Ok(None),
        text => amount(text, currency).map(|money| Some(money.minor)).ok_or_else(|| bad("price")),
    };
    let from = |text: &str| match text {
        "" => Ok(1),
        text => whole(text).ok_or_else(|| bad("from")),
    };
    let mut prices = Vec::new();
    let kept = form.all("variant").into_iter().zip(form.all("at")).zip(form.all("price"));
    for ((variant, at), said) in kept {
        let variant: Id<Variant> = Id::parse(variant).ok_or_else(|| bad("variant"))?;
        prices.push(PutPrice { variant, from: from(at)?, price: price(said)? });
    }
    for n in 0..SPARE {
        let goods = form.get(&format!("new-{n}-goods")).to_string();
        if goods.is_empty() {
            continue;
        }
        let said = price(form.get(&format!("new-{n}-price")))?.ok_or_else(|| bad("price"))?;
        let from = from(form.get(&format!("new-{n}-from")))?;
        let named = goods.clone();
        let found = desk.act(move |app, visitor| price_list::named(app, visitor, &named)).await?;
        for variant in found {
            prices.push(PutPrice { variant, from, price: Some(said) });
        }
    }
    Ok(prices)
}

/// Its fixed prices as a file.
pub async fn export(desk: Desk, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: Id<PriceList> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let file = desk.act(move |app, visitor| price_list::export(app, visitor, id)).await?;
    Ok(csv_file("prices.csv", file.into_bytes()))
}

/// Reads fixed prices from a file.
pub async fn import(desk: Desk, Path(id): Path<String>, upload: Upload) -> Answer {
    let found = find(&desk, &id).await?;
    let list = found.list.id;
    let bytes = upload.file("file").map(|file| file.bytes.to_vec()).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let done = desk.act(move |app, visitor| price_list::import(app, visitor, list, &text)).await;
    let (report, problem) = match done {
        Ok(report) => (Some(report), String::new()),
        Err(failure) => (None, desk.complaint(failure)?),
    };
    let refused = report.is_none();
    let found = find(&desk, &id).await?;
    let page = page(&desk, Some(&found), &filled(&found), problem, report).await?;
    if refused { desk.show_again(page) } else { desk.show(page) }
}

/// Takes one away that nothing remembers.
pub async fn remove(desk: Desk, Path(id): Path<String>) -> Answer {
    let found = find(&desk, &id).await?;
    let list = found.list.id;
    match desk.act(move |app, visitor| price_list::remove(app, visitor, list)).await {
        Ok(()) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, Some(&found), &filled(&found), problem, None).await?;
            desk.show_again(page)
        }
    }
}

/// What the form says. A field that cannot be read is refused by its name.
fn read(form: &Form) -> Result<PutList, Failure> {
    let bad = |field| Failure::field("price.bad_list", field);
    let moment = |name: &'static str| match form.get(name) {
        "" => Ok(None),
        text => from_local(text).map(Some).ok_or_else(|| bad(name)),
    };
    let mut cuts = Vec::new();
    for n in 0..MOST_CUTS {
        let get = |name: &str| form.get(&format!("cut-{n}-{name}"));
        if get("off").is_empty() {
            continue;
        }
        let off =
            points(get("off")).and_then(Rate::from_basis_points).ok_or_else(|| bad("cuts"))?;
        let over = match get("over") {
            "" | "everything" => Over::Everything,
            "tag" => Over::Tag { tag: get("tag").to_string() },
            category => {
                Over::Category { category: Id::parse(category).ok_or_else(|| bad("cuts"))? }
            }
        };
        let from = match get("from") {
            "" => 1,
            text => whole(text).ok_or_else(|| bad("cuts"))?,
        };
        cuts.push(Cut { over, off, from });
    }
    Ok(PutList {
        name: form.get("name").to_string(),
        currency: Currency::parse(form.get("currency")),
        groups: form.all("group").into_iter().filter_map(Id::parse).collect(),
        starts_at: moment("starts_at")?,
        ends_at: moment("ends_at")?,
        priority: match form.get("priority") {
            "" => 0,
            text => whole(text).ok_or_else(|| bad("priority"))?,
        },
        active: form.is_on("active"),
        cuts,
        version: form.parse("version"),
    })
}

/// The form a list would have been typed as.
fn filled(found: &ListDetail) -> Form {
    let list = &found.list;
    let mut pairs: Vec<(String, String)> = vec![
        ("name".into(), list.name.clone()),
        ("currency".into(), list.currency.code().into()),
        ("starts_at".into(), list.starts_at.map_or(String::new(), to_local)),
        ("ends_at".into(), list.ends_at.map_or(String::new(), to_local)),
        ("priority".into(), list.priority.to_string()),
        ("version".into(), list.version.to_string()),
    ];
    if list.active {
        pairs.push(("active".into(), "1".into()));
    }
    pairs.extend(list.groups.iter().map(|group| ("group".to_string(), group.to_string())));
    for (n, cut) in list.cuts.iter().enumerate() {
        let (over, tag) = match &cut.over {
            Over::Everything => ("everything".to_string(), String::new()),
            Over::Category { category } => (category.to_string(), String::new()),
            Over::Tag { tag } => ("tag".to_string(), tag.clone()),
        };
        pairs.push((format!("cut-{n}-over"), over));
        pairs.push((format!("cut-{n}-tag"), tag));
        pairs.push((format!("cut-{n}-off"), percent(cut.off.basis_points())));
        pairs.push((format!("cut-{n}-from"), cut.from.to_string()));
    }
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    Form::of(&pairs)
}

async fn page(
    desk: &Desk,
    found: Option<&ListDetail>,
    form: &Form,
    problem: String,
    report: Option<CsvReport>,
) -> Result<Edit, Fault> {
    let known = known(desk).await?;
    let p = desk.frame_with(HERE, problem);
    let list = found.map(|found| &found.list);
    let own = known.currencies.own;
    let code = match Currency::parse(form.get("currency")) {
        Some(currency) => currency,
        None => list.map_or(own, |list| list.currency),
    };
    let codes = std::iter::once(own)
        .chain(known.currencies.others.iter().map(|other| other.currency))
        .chain(list.map(|list| list.currency));
    let mut offered: Vec<Currency> = Vec::new();
    for currency in codes {
        if !offered.contains(&currency) {
            offered.push(currency);
        }
    }
    let named = offered.iter().map(|one| (one.code().to_string(), one.code().to_string()));
    let chosen = form.all("group");
    let groups = known.groups.iter().map(|group| {
        let value = group.id.to_string();
        let label = group_name(&p, group).to_string();
        Choice { chosen: chosen.contains(&value.as_str()), value, label }
    });
    let typed = form.fields().filter_map(|(name, value)| {
        let n = name.strip_prefix("cut-")?.split_once('-')?.0.parse::<usize>().ok();
        n.filter(|_| !value.is_empty())
    });
    let count = typed.max().map_or(1, |most| (most + 2).min(MOST_CUTS));
    let rows = found.map_or(&[][..], |found| found.prices.as_slice());
    Ok(Edit {
        title: list.map_or_else(|| p.t("console-prices-new"), |list| list.name.clone()),
        href: list.map_or(HERE.to_string(), |list| format!("{HERE}/{}", list.id)),
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        is_new: list.is_none(),
        version: form.get("version").to_string(),
        name: form.get("name").to_string(),
        currencies: Choice::among(code.code(), named),
        code: code.code().to_string(),
        groups: groups.collect(),
        starts_at: form.get("starts_at").to_string(),
        ends_at: form.get("ends_at").to_string(),
        priority: form.get("priority").to_string(),
        active: form.is_on("active"),
        cuts: (0..count).map(|n| cut_fields(&p, &known, form, n)).collect(),
        prices: rows.iter().take(SHOWN as usize).map(|row| price_fields(&p, row)).collect(),
        spare: (0..SPARE).collect(),
        more: rows.len() as i64 > SHOWN,
        report: report.map(|report| told(&p, &report)),
        p,
    })
}

fn cut_fields(p: &Frame, known: &Known, form: &Form, number: usize) -> CutFields {
    let get = |name: &str| form.get(&format!("cut-{number}-{name}")).to_string();
    let fixed = [
        ("everything".to_string(), p.t("console-prices-over-everything")),
        ("tag".to_string(), p.t("console-prices-over-tag")),
    ];
    let categories = known.categories.iter().map(|category| {
        let depth = "– ".repeat(usize::try_from(category.depth).unwrap_or(0).min(4));
        (category.id.to_string(), format!("{depth}{}", category.name))
    });
    CutFields {
        number,
        overs: Choice::among(&get("over"), fixed.into_iter().chain(categories)),
        tag: get("tag"),
        off: get("off"),
        from: get("from"),
    }
}

fn price_fields(p: &Frame, row: &PriceRow) -> PriceFields {
    PriceFields {
        variant: row.variant.to_string(),
        from: row.from,
        name: match row.variant_title.as_str() {
            "" => row.title.clone(),
            variant => format!("{} · {variant}", row.title),
        },
        sku: row.sku.clone(),
        price: Money::decimal(row.price),
        ordinary: p.money(row.ordinary),
    }
}

fn told(p: &Frame, report: &CsvReport) -> Report {
    let fault = |fault: &price_list::CsvFault| {
        let reason = p.t(&format!("console-prices-fault-{}", fault.reason.replace('_', "-")));
        p.tell(
            "console-prices-fault",
            &[("line", &fault.line), ("reason", &reason), ("found", &fault.found)],
        )
    };
    Report {
        said: p.tell(
            "console-prices-imported",
            &[("put", &report.put), ("removed", &report.removed), ("faults", &report.faults.len())],
        ),
        faults: report.faults.iter().take(50).map(fault).collect(),
    }
}
