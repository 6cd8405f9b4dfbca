//! A statement and what of it does not fit; having one, bringing one, settling a difference.

use app::failure::Failure;
use app::reconciliation::{self, DifferenceView, Look, Side};
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::reconciliation::{Difference, Reconciliation};

use super::{Asked, HERE, page, provider_name};
use crate::console::part::{Empty, When};
use crate::console::{Answer, Desk, Frame};
use crate::form::{Form, Upload};

const MOST: i64 = 500;

#[derive(Template)]
#[template(path = "console/payment/statement.html")]
struct Show {
    p: Frame,
    title: String,
    empty: Option<Empty>,
    rows: Vec<Row>,
}

struct Row {
    what: String,
    why: String,
    name: String,
    href: String,
    line: String,
    ours: String,
    theirs: String,
    tone: &'static str,
    state: String,
    open: bool,
    settle: String,
    note: String,
    who: String,
    at: Option<When>,
    found: When,
}

/// A statement with its differences, the open ones first.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<Reconciliation> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let shown = draw(&desk, id, String::new()).await?;
    desk.show(shown)
}

async fn draw(
    desk: &Desk,
    id: Id<Reconciliation>,
    problem: String,
) -> Result<Show, crate::answer::Fault> {
    let (one, mut found) = desk
        .act(move |app, visitor| {
            let look = Look { statement: Some(id), limit: MOST, ..Look::default() };
            let one = reconciliation::statement(app, visitor, id)?;
            Ok((one, reconciliation::differences(app, visitor, &look)?))
        })
        .await?;
    found.sort_by_key(|one| one.state != "open");
    let p = desk.frame_with(HERE, problem);
    let empty = found.is_empty().then(|| Empty {
        title: p.t("console-statement-fits"),
        text: p.t1("console-statement-lines", "count", one.lines),
        ..Empty::default()
    });
    let title = format!("{} · {}", provider_name(&p, &one.provider), one.day);
    Ok(Show { title, empty, rows: found.iter().map(|one| row(&p, one)).collect(), p })
}

fn row(p: &Frame, one: &DifferenceView) -> Row {
    let code = one.what.code();
    let tone = match one.state.as_str() {
        "open" => "bad",
        "settled" => "good",
        _ => "",
    };
    let side = |side: &Option<Side>| match side {
        None => "–".to_string(),
        Some(side) => match side.money() {
            Some(money) => p.money(money),
            None => format!("{} {}", side.minor, side.currency),
        },
    };
    Row {
        what: p.t(&format!("console-difference-{code}")),
        why: p.t(&format!("console-difference-{code}-why")),
        name: one.name.clone(),
        href: one.order.map_or(String::new(), |order| format!("/console/orders/{order}")),
        line: one.line.map_or(String::new(), |line| p.t1("console-difference-line", "line", line)),
        ours: side(&one.ours),
        theirs: side(&one.theirs),
        tone,
        state: p.t(&format!("console-difference-{}", one.state)),
        open: one.state == "open",
        settle: format!("{HERE}/differences/{}/settlement", one.id),
        note: one.note.clone(),
        who: one.ended_by.clone().unwrap_or_default(),
        at: one.ended_at.map(|at| p.when(at)),
        found: p.when(one.found_at),
    }
}

/// Has the provider asked for its statement of a day.
pub async fn fetch(desk: Desk, form: Form) -> Answer {
    let (name, day) = (form.get("provider").to_string(), form.get("day").to_string());
    let read = desk.act(move |app, visitor| reconciliation::fetch(app, visitor, &name, &day)).await;
    match read {
        Ok(read) => desk.on(&format!("{HERE}/statements/{}", read.statement), "statement-read"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, &Asked::default(), problem).await?;
            desk.show_again(page)
        }
    }
}

/// Takes a file that somebody downloaded at the provider.
pub async fn bring(desk: Desk, upload: Upload) -> Answer {
    let (name, day) = (upload.form.get("provider").to_string(), upload.form.get("day").to_string());
    let Some(file) = upload.file("file").cloned() else {
        let problem = desk.tell("console-import-no-file", &[]);
        let page = page(&desk, &Asked::default(), problem).await?;
        return desk.show_again(page);
    };
    let read = desk
        .act(move |app, visitor| {
            reconciliation::upload(app, visitor, &name, Some(&day), &file.bytes)
        })
        .await;
    match read {
        Ok(read) => desk.on(&format!("{HERE}/statements/{}", read.statement), "statement-read"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, &Asked::default(), problem).await?;
            desk.show_again(page)
        }
    }
}

/// Settles a difference.
pub async fn settle(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let id: Id<Difference> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let note = form.get("note").to_string();
    let settled =
        desk.act(move |app, visitor| reconciliation::settle(app, visitor, id, &note)).await;
    match settled {
        Ok(one) => desk.on(&format!("{HERE}/statements/{}", one.statement), "difference-settled"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let before =
                desk.act(move |app, visitor| reconciliation::see(app, visitor, id)).await?;
            let shown = draw(&desk, before.statement, problem).await?;
            desk.show_again(shown)
        }
    }
}
