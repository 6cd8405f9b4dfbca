//! Words that mean the same, for the search.

use app::failure::Failure;
use app::search::{self, NewSynonyms, Synonym, SynonymView};
use askama::Template;
use axum::extract::Path;
use domain::id::Id;

use super::{Answer, Desk, Frame};
use crate::form::Form;

/// Its entry in the rail.
const HERE: &str = "/console/synonyms";

#[derive(Template)]
#[template(path = "console/synonym/list.html")]
struct List {
    p: Frame,
    key: String,
    words: String,
    one_way: bool,
    rows: Vec<Row>,
}

struct Row {
    said: String,
    remove: String,
}

/// The list, with a form for a new group.
pub async fn index(desk: Desk) -> Answer {
    let page = page(&desk, &Form::default(), String::new()).await?;
    desk.show(page)
}

async fn page(desk: &Desk, form: &Form, problem: String) -> Result<List, crate::answer::Fault> {
    let found = desk.act(search::synonyms).await?;
    let p = desk.frame_with(HERE, problem);
    let row = |one: &SynonymView| Row {
        said: match one.words.split_first() {
            Some((first, others)) if one.one_way => format!("{first} → {}", others.join(", ")),
            _ => one.words.join(" = "),
        },
        remove: format!("{HERE}/{}/removal", one.id),
    };
    Ok(List {
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        words: form.get("words").to_string(),
        one_way: form.is_on("one_way"),
        rows: found.iter().map(row).collect(),
        p,
    })
}

/// Makes words mean the same.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let words = form.get("words").split([',', '，', '、', '=']).map(str::to_string);
    let new = NewSynonyms { words: words.collect(), one_way: form.is_on("one_way") };
    match desk.act_once(&form, move |app, visitor| search::add_synonyms(app, visitor, new)).await {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, &form, problem).await?;
            desk.show_again(page)
        }
    }
}

/// Forgets that they do.
pub async fn remove(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<Synonym> = Id::parse(&id).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| search::remove_synonyms(app, visitor, id)).await?;
    desk.on(HERE, "saved")
}
