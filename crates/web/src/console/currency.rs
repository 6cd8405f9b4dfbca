//! The currencies the shop sells in, and how amounts are turned into them.

use app::currency::{self, CurrenciesView, Other, Put};
use app::failure::Failure;
use askama::Template;
use domain::money::Currency;

use super::{Answer, Desk, Frame, fields};
use crate::form::Form;

/// Its entry in the rail.
const HERE: &str = "/console/currencies";

#[derive(Template)]
#[template(path = "console/currency/show.html")]
struct Show {
    p: Frame,
    version: String,
    own: &'static str,
    others: Vec<Row>,
}

struct Row {
    code: &'static str,
    on: bool,
    rate: String,
    step: String,
    rate_label: String,
}

/// The page.
pub async fn show(desk: Desk) -> Answer {
    let found = desk.act(currency::get).await?;
    desk.show(page(&desk, found.own, &filled(&found), String::new()))
}

/// Says which currencies there are.
pub async fn update(desk: Desk, form: Form) -> Answer {
    let done = match read(&form) {
        Ok(put) => desk.act(move |app, visitor| currency::put(app, visitor, put)).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let own = desk.act(currency::get).await?.own;
            desk.show_again(page(&desk, own, &form, problem))
        }
    }
}

fn read(form: &Form) -> Result<Put, Failure> {
    let mut others = Vec::new();
    for currency in Currency::ALL {
        let code = currency.code();
        if !form.is_on(&format!("{code}-on")) {
            continue;
        }
        let step = match form.get(&format!("{code}-step")) {
            "" => Some(1),
            text => fields::whole(text),
        };
        others.push(Other {
            currency,
            rate: form.maybe(&format!("{code}-rate")).map(str::to_string),
            step: step.ok_or_else(|| Failure::field("price.bad_currency", "step"))?,
        });
    }
    Ok(Put { others, version: form.parse("version") })
}

fn filled(found: &CurrenciesView) -> Form {
    let mut pairs = vec![("version".to_string(), found.version.to_string())];
    for other in &found.others {
        let code = other.currency.code();
        pairs.push((format!("{code}-on"), "1".into()));
        pairs.push((format!("{code}-rate"), other.rate.clone().unwrap_or_default()));
        pairs.push((format!("{code}-step"), other.step.to_string()));
    }
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    Form::of(&pairs)
}

fn page(desk: &Desk, own: Currency, form: &Form, problem: String) -> Show {
    let p = desk.frame_with(HERE, problem);
    let row = |currency: Currency| {
        let code = currency.code();
        Row {
            code,
            on: form.is_on(&format!("{code}-on")),
            rate: form.get(&format!("{code}-rate")).to_string(),
            step: form.get(&format!("{code}-step")).to_string(),
            rate_label: p
                .tell("console-currencies-rate", &[("own", &own.code()), ("other", &code)]),
        }
    };
    let others = Currency::ALL.into_iter().filter(|currency| *currency != own);
    Show {
        version: form.get("version").to_string(),
        own: own.code(),
        others: others.map(row).collect(),
        p,
    }
}
