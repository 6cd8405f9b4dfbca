//! The front page, part by part.

use app::catalog::categories;
use app::content::{self, SectionView};
use askama::Template;
use domain::content::Part;
use domain::id::Id;

use super::HERE;
use crate::answer::Fault;
use crate::console::part::Choice;
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;

/// Parts that one form holds: those there are, and some that are still empty.
const SPARE: usize = 3;

#[derive(Template)]
#[template(path = "console/content/front.html")]
struct Show {
    p: Frame,
    rows: Vec<Row>,
}

struct Row {
    n: usize,
    number: usize,
    parts: Vec<Choice>,
    categories: Vec<Choice>,
    one: SectionView,
}

/// The parts as they are.
pub async fn show(desk: Desk) -> Answer {
    let parts = desk.act(content::front).await?;
    let page = page(&desk, parts, String::new()).await?;
    desk.show(page)
}

async fn page(desk: &Desk, parts: Vec<SectionView>, problem: String) -> Result<Show, Fault> {
    let tree = desk.act(categories::list).await?;
    let p = desk.frame_with(HERE, problem);
    let none = (String::new(), p.t("console-content-part-none"));
    let all: Vec<(String, String)> = std::iter::once(none)
        .chain(Part::ALL.map(|part| {
            (part.code().to_string(), p.t(&format!("console-content-part-{}", part.code())))
        }))
        .collect();
    let names: Vec<(String, String)> = std::iter::once((String::new(), "—".to_string()))
        .chain(tree.iter().map(|one| (one.id.to_string(), one.name.clone())))
        .collect();
    let row = |(n, one): (usize, Option<SectionView>)| {
        let chosen = one.as_ref().map_or("", |one| one.part.code());
        let category = one.as_ref().and_then(|one| one.category);
        let category = category.map_or(String::new(), |id| id.to_string());
        Row {
            n,
            number: n + 1,
            parts: Choice::among(chosen, all.clone()),
            categories: Choice::among(&category, names.clone()),
            one: one.unwrap_or_else(|| SectionView::of(Part::Words)),
        }
    };
    let spare = std::iter::repeat_n(None, SPARE);
    let rows = parts.into_iter().map(Some).chain(spare).enumerate().map(row);
    Ok(Show { rows: rows.collect(), p })
}

fn read(form: &Form) -> Vec<SectionView> {
    let mut parts: Vec<(i64, SectionView)> = Vec::new();
    for n in 0..40 {
        let field = |name: &str| form.get(&format!("{name}-{n}")).to_string();
        let Some(part) = Part::parse(&field("part")) else { continue };
        let at = form.parse(&format!("at-{n}")).unwrap_or(i64::MAX);
        let words = matches!(part, Part::Words);
        let section = SectionView {
            part,
            title: field("title"),
            title_en: field("title_en"),
            text: if words { field("text") } else { String::new() },
            text_en: if words { field("text_en") } else { String::new() },
            link: if words { field("link") } else { String::new() },
            category: Id::parse(&field("category")).filter(|_| part == Part::Category),
        };
        parts.push((at, section));
    }
    parts.sort_by_key(|(at, _)| *at);
    parts.into_iter().map(|(_, section)| section).collect()
}

/// Arranges it as the form says; `usual` makes it ours again.
pub async fn update(desk: Desk, form: Form) -> Answer {
    let parts = if form.get("do") == "usual" { Vec::new() } else { read(&form) };
    let wanted = parts.clone();
    match desk.act(move |app, visitor| content::arrange(app, visitor, wanted)).await {
        Ok(_) => desk.on(&format!("{HERE}/front"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, parts, problem).await?;
            desk.show_again(page)
        }
    }
}
