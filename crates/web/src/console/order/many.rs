//! One act on many orders: begun from the list or from a file, with what became of each.

use std::io::Cursor;

use app::failure::{Failure, Refused};
use app::order_desk::bulk::{self, Act, Row};
use app::order_desk::{BulkView, Item, Start};
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use domain::id::Id;
use domain::order_desk::Bulk;

use super::narrow::Asked;
use super::{HERE, list, short};
use crate::answer;
use crate::console::part::Tally;
use crate::console::{Answer, Desk, Frame};
use crate::form::{Form, Upload};

/// So many are done while the browser waits; the rest by the job.
const AT_ONCE: usize = 100;

#[derive(Template)]
#[template(path = "console/order/many.html")]
struct Show {
    p: Frame,
    title: String,
    running: bool,
    tally: Vec<Tally>,
    rows: Vec<Line>,
    again: String,
    print: Vec<(String, String)>,
}

struct Line {
    name: String,
    href: String,
    tone: &'static str,
    state: String,
    why: String,
}

#[derive(Template)]
#[template(path = "console/order/file.html")]
struct File {
    p: Frame,
}

/// Begins an act on the orders that were chosen, or on all that the filter finds.
pub async fn start(desk: Desk, form: Form) -> Answer {
    let asked: Asked = form.read()?;
    let named = form.all("id").into_iter().map(str::to_string).collect::<Vec<_>>();
    let all = form.is_on("all");
    if named.is_empty() && !all {
        return desk.on(&asked.with("", ""), "many-none");
    }
    let words = |name: &str| {
        let parts = form.get(name).split([',', '，', '、']).map(str::trim);
        parts.filter(|tag| !tag.is_empty()).map(str::to_string).collect::<Vec<_>>()
    };
    let kind = form.get("act").to_string();
    if let Some(how) = kind.strip_prefix("print-") {
        // Printing changes nothing: it has an address of its own.
        let mut to = format!("{HERE}/print?as={how}");
        for id in named.iter().take(AT_ONCE) {
            to.push_str(&format!("&order={id}"));
        }
        return Ok(Redirect::to(&to).into_response());
    }
    let what = match kind.as_str() {
        "pack" => Act::Pack,
        "tag" => Act::Tag { add: words("tag_names"), remove: Vec::new() },
        "untag" => Act::Tag { add: Vec::new(), remove: words("tag_names") },
        "cancel" => Act::Cancel { reason: form.get("reason").to_string() },
        _ => return desk.on(&asked.with("", ""), "many-none"),
    };
    let rows = named.into_iter();
    let rows = rows.map(|order| Row { order, carrier: String::new(), tracking: String::new() });
    let rows = rows.collect();
    let wish = asked.clone();
    let done = desk
        .act_once(&form, move |app, visitor| {
            let filter = match all {
                true => Some(wish.filter(app::draft::currency(app)?)),
                false => None,
            };
            begin(app, visitor, Start { what, rows, filter })
        })
        .await;
    match done {
        Ok(id) => Ok(Redirect::to(&format!("{HERE}/bulks/{id}")).into_response()),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            list(&desk, &asked, problem).await
        }
    }
}

/// Begins it, and does it at once when it is not much.
fn begin(app: &app::App, visitor: &app::Visitor, start: Start) -> Result<Id<Bulk>, Failure> {
    let id = bulk::start(app, visitor, &start)?;
    if start.filter.is_none() && start.rows.len() <= AT_ONCE {
        bulk::run(app, id)?;
    }
    Ok(id)
}

/// The form to choose a file with.
pub async fn file(desk: Desk) -> Answer {
    desk.show(File { p: desk.frame(HERE) })
}

/// Ships what a file of orders, carriers and numbers says.
pub async fn ship(desk: Desk, upload: Upload) -> Answer {
    let again = |problem: String| File { p: desk.frame_with(HERE, problem) };
    let Some(file) = upload.file("file").cloned() else {
        return desk.show_again(again(desk.tell("console-import-no-file", &[])));
    };
    let mut bytes = Vec::new();
    std::io::copy(&mut Cursor::new(file.bytes), &mut bytes).map_err(Failure::broken)?;
    let done = desk
        .act(move |app, visitor| {
            let rows = bulk::read_tracking(&bytes)?;
            begin(app, visitor, Start { what: Act::Ship, rows, filter: None })
        })
        .await;
    match done {
        Ok(id) => Ok(Redirect::to(&format!("{HERE}/bulks/{id}")).into_response()),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(again(problem))
        }
    }
}

/// What became of each.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<Bulk> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let found = desk.act(move |app, visitor| bulk::get(app, visitor, id)).await?;
    let p = desk.frame(HERE);
    let name = match &found.what {
        Act::Pack => "pack",
        Act::Tag { .. } => "tag",
        Act::Ship => "ship",
        Act::Cancel { .. } => "cancel",
    };
    let tally =
        |tone, name: &str, n: i64| Tally::new(tone, p.t(&format!("console-many-{name}")), p.num(n));
    let mut counts = vec![
        tally("good", "done", found.went),
        tally("", "same", found.same),
        tally(if found.refused > 0 { "waiting" } else { "" }, "refused", found.refused),
    ];
    if found.waiting > 0 {
        counts.push(tally("", "waiting", found.waiting));
    }
    let rows = found.items.iter().map(|item| line(&p, item)).collect();
    desk.show(Show {
        title: p.t(&format!("console-many-{name}-title")),
        running: !found.done,
        tally: counts,
        rows,
        again: format!("{HERE}/bulks/{id}"),
        print: printing(&p, &found),
        p,
    })
}

/// What can be printed of those that went.
fn printing(p: &Frame, found: &BulkView) -> Vec<(String, String)> {
    let went = found.items.iter().filter(|item| matches!(item.status.as_str(), "done" | "same"));
    let ids: Vec<String> =
        went.filter_map(|item| item.order).take(AT_ONCE).map(|id| format!("&order={id}")).collect();
    if ids.is_empty() || !matches!(found.what, Act::Pack | Act::Ship) {
        return Vec::new();
    }
    let of = |how: &str| {
        (format!("{HERE}/print?as={how}{}", ids.concat()), p.t(&format!("console-print-{how}")))
    };
    vec![of("slips"), of("labels")]
}

fn line(p: &Frame, item: &Item) -> Line {
    let why = match item.code.as_str() {
        "" => String::new(),
        "not_found" => p.t("console-many-unknown"),
        code => {
            let known = app::failure::CODES.iter().find(|known| **known == code);
            known.map_or(code.to_string(), |code| {
                let refused = Refused { code, args: item.args.clone(), field: None };
                answer::refusal(&refused, p.locale)
            })
        }
    };
    Line {
        name: item.order.map_or_else(|| item.named.clone(), short),
        href: item.order.map_or(String::new(), |id| format!("{HERE}/{id}")),
        tone: match item.status.as_str() {
            "done" => "good",
            "refused" => "waiting",
            _ => "",
        },
        state: p.t(&format!("console-many-{}", item.status)),
        why,
    }
}
