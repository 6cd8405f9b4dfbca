//! Tax: whether prices include it, and what is taxed where.

use app::failure::Failure;
use app::tax::{self, PutTax, TaxView};
use askama::Template;
use domain::rate::Rate;
use domain::region::Area;
use domain::tax::{Class, Rule};

use super::fields::{percent, points};
use super::part::Choice;
use super::{Answer, Desk, Frame};
use crate::form::Form;

/// Its entry in the rail.
const HERE: &str = "/console/tax";
/// How many rules a form is read for, and how many empty rows it offers.
const MOST: usize = 500;
const SPARE: usize = 3;

#[derive(Template)]
#[template(path = "console/tax/show.html")]
struct Show {
    p: Frame,
    version: String,
    ways: Vec<Choice>,
    shipping: bool,
    home: String,
    rules: Vec<RuleFields>,
}

struct RuleFields {
    number: usize,
    area: String,
    postcode: String,
    classes: Vec<Choice>,
    rate: String,
}

/// The page.
pub async fn show(desk: Desk) -> Answer {
    let found = desk.act(tax::get).await?;
    desk.show(page(&desk, &filled(&found), String::new()))
}

/// Says how the shop is taxed.
pub async fn update(desk: Desk, form: Form) -> Answer {
    let done = match read(&form) {
        Ok(put) => desk.act(move |app, visitor| tax::put(app, visitor, &put)).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, &form, problem))
        }
    }
}

/// What the form says. A rule without an area and a rate is none.
fn read(form: &Form) -> Result<PutTax, Failure> {
    let bad = || Failure::field("price.bad_tax", "rules");
    let mut rules = Vec::new();
    for n in 0..MOST {
        let get = |name: &str| form.get(&format!("rule-{n}-{name}"));
        if get("area").is_empty() && get("rate").is_empty() {
            continue;
        }
        rules.push(Rule {
            area: Area::parse(get("area")).map_err(|_| bad())?,
            postcode: get("postcode").to_string(),
            class: Class::parse(get("class")).unwrap_or_default(),
            rate: points(get("rate")).and_then(Rate::from_basis_points).ok_or_else(bad)?,
        });
    }
    Ok(PutTax {
        inclusive: form.get("way") != "added",
        shipping: form.is_on("shipping"),
        home: form.get("home").to_string(),
        rules,
        version: form.parse("version"),
    })
}

fn filled(found: &TaxView) -> Form {
    let mut pairs: Vec<(String, String)> = vec![
        ("way".into(), if found.inclusive { "inside" } else { "added" }.into()),
        ("home".into(), found.home.clone()),
        ("version".into(), found.version.to_string()),
    ];
    if found.shipping {
        pairs.push(("shipping".into(), "1".into()));
    }
    for (n, rule) in found.rules.iter().enumerate() {
        pairs.push((format!("rule-{n}-area"), rule.area.to_string()));
        pairs.push((format!("rule-{n}-postcode"), rule.postcode.clone()));
        pairs.push((format!("rule-{n}-class"), rule.class.code().into()));
        pairs.push((format!("rule-{n}-rate"), percent(rule.rate.basis_points())));
    }
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    Form::of(&pairs)
}

fn page(desk: &Desk, form: &Form, problem: String) -> Show {
    let p = desk.frame_with(HERE, problem);
    let typed = form.fields().filter_map(|(name, value)| {
        let n = name.strip_prefix("rule-")?.split_once('-')?.0.parse::<usize>().ok();
        n.filter(|_| !value.is_empty() && !name.ends_with("-class"))
    });
    let count = typed.max().map_or(SPARE, |most| (most + 1 + SPARE).min(MOST));
    let rule = |number: usize| {
        let get = |name: &str| form.get(&format!("rule-{number}-{name}")).to_string();
        let classes = [Class::Standard, Class::Reduced].map(|class| {
            (class.code().to_string(), p.t(&format!("console-tax-class-{}", class.code())))
        });
        RuleFields {
            number,
            area: get("area"),
            postcode: get("postcode"),
            classes: Choice::among(&get("class"), classes),
            rate: get("rate"),
        }
    };
    let ways = ["inside", "added"].map(|way| (way.into(), p.t(&format!("console-tax-{way}"))));
    Show {
        version: form.get("version").to_string(),
        ways: Choice::among(form.get("way"), ways),
        shipping: form.is_on("shipping"),
        home: form.get("home").to_string(),
        rules: (0..count).map(rule).collect(),
        p,
    }
}
