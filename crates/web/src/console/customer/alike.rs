//! Who may be the same person twice, and making two one.

use app::customer::{self, MergeCustomers, Suggestion};
use app::failure::Failure;
use askama::Template;
use axum::extract::Query;
use domain::id::Id;
use domain::person::Person;
use serde::Deserialize;

use super::HERE;
use crate::answer::Fault;
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/customer/alike.html")]
struct Alike {
    p: Frame,
    rows: Vec<Row>,
    survivor: String,
    other: String,
    key: String,
}

struct Row {
    why: String,
    one: Who,
    other: Who,
    /// A key of its own for each form.
    key: String,
}

struct Who {
    id: String,
    href: String,
    name: String,
    contact: String,
}

/// Who is to be one with whom, as the address says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    survivor: String,
}

/// The page.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let form = Form::of(&[("survivor", &asked.survivor)]);
    let page = page(&desk, &form, String::new()).await?;
    desk.show(page)
}

async fn page(desk: &Desk, form: &Form, problem: String) -> Result<Alike, Fault> {
    let found = desk.act(customer::suggestions).await?;
    let p = desk.frame_with(HERE, problem);
    let rows = found.iter().enumerate().map(|(n, one)| row(&p, n, one)).collect();
    Ok(Alike {
        rows,
        survivor: form.get("survivor").to_string(),
        other: form.get("other").to_string(),
        key: p.new_key.clone(),
        p,
    })
}

fn row(p: &Frame, n: usize, one: &Suggestion) -> Row {
    let who = |of: &customer::Alike| Who {
        id: of.id.to_string(),
        href: format!("{HERE}/{}", of.id),
        name: of.name.clone(),
        contact: of.contact.clone(),
    };
    Row {
        why: p.t(&format!("console-alike-{}", one.why.code().replace('_', "-"))),
        one: who(&one.one),
        other: who(&one.other),
        key: format!("{}-{n}", p.new_key),
    }
}

/// Makes two one.
pub async fn merge(desk: Desk, form: Form) -> Answer {
    let two = || -> Result<MergeCustomers, Failure> {
        let survivor: Id<Person> = form.id("survivor")?;
        Ok(MergeCustomers { survivor, other: form.id("other")? })
    };
    let done = match two() {
        Ok(two) => {
            let merge =
                desk.act_once(&form, move |app, visitor| customer::merge(app, visitor, &two));
            merge.await
        }
        Err(_) => Err(domain::customer::Refusal::NotTwo.into()),
    };
    match done {
        Ok(found) => desk.on(&format!("{HERE}/{}", found.id), "customers-merged"),
        Err(Failure::NotFound) => Err(Failure::NotFound.into()),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, &form, problem).await?;
            desk.show_again(page)
        }
    }
}
