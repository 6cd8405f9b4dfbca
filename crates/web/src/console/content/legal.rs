//! Terms, privacy policy and the like, and the licences the shop shows.

use app::legal::{self, LegalDesk, LicenceView, PublishLegal};
use askama::Template;
use axum::extract::Path;
use domain::legal::{LegalKind, Licence};

use super::HERE;
use crate::answer::Fault;
use crate::console::part::When;
use crate::console::{Answer, Desk};
use crate::form::{Form, Upload};

#[derive(Template)]
#[template(path = "console/legal/list.html")]
struct List {
    p: crate::console::Frame,
    rows: Vec<Row>,
    one: LicenceView,
}

struct Row {
    title: String,
    href: String,
    state: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "console/legal/edit.html")]
struct Edit {
    p: crate::console::Frame,
    title: String,
    href: String,
    see: String,
    key: String,
    after: i64,
    first: bool,
    body: String,
    body_en: String,
    versions: Vec<(String, String, When)>,
}

fn here() -> String {
    format!("{HERE}/legal")
}

/// The texts and licences.
pub async fn index(desk: Desk) -> Answer {
    let one = desk.act(legal::licence_desk).await?;
    let page = list(&desk, one, String::new()).await?;
    desk.show(page)
}

async fn list(desk: &Desk, one: LicenceView, problem: String) -> Result<List, Fault> {
    let texts = desk.act(legal::desk).await?;
    let p = desk.frame_with(HERE, problem);
    let row = |text: &LegalDesk| {
        let (state, tone) = match text.published_at {
            Some(at) => {
                let day = p.locale.date(at);
                (p.t2("legal-version", ("n", &text.number), ("when", &day)), "good")
            }
            None => (p.t("console-legal-missing"), "waiting"),
        };
        let title = p.t(&format!("legal-{}", text.kind.code()));
        Row { title, href: format!("{}/{}", here(), text.kind.code()), state, tone }
    };
    Ok(List { rows: texts.iter().map(row).collect(), one, p })
}

fn kind(text: &str) -> Result<LegalKind, Fault> {
    LegalKind::parse(text).ok_or(app::failure::Failure::NotFound.into())
}

/// One text, to be written on.
pub async fn edit(desk: Desk, Path(text): Path<String>) -> Answer {
    let kind = kind(&text)?;
    let found = desk.act(move |app, visitor| legal::desk_one(app, visitor, kind)).await?;
    desk.show(page(&desk, &found, None, String::new()))
}

fn page(desk: &Desk, found: &LegalDesk, typed: Option<&Form>, problem: String) -> Edit {
    let p = desk.frame_with(HERE, problem);
    let code = found.kind.code();
    let version = |one: &legal::LegalVersion| {
        let href = format!("/legal/{code}/{}", one.number);
        let day = p.locale.date(one.published_at);
        let said = p.t2("legal-version", ("n", &one.number), ("when", &day));
        (said, href, p.when(one.published_at))
    };
    Edit {
        title: p.t(&format!("legal-{code}")),
        href: format!("{}/{code}", here()),
        see: match found.number {
            0 => String::new(),
            _ => format!("/legal/{code}"),
        },
        key: match typed.map_or("", Form::key) {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        after: typed.and_then(|form| form.parse("after")).unwrap_or(found.number),
        first: found.number == 0,
        body: typed.map_or(found.body_html.clone(), |form| form.get("body").to_string()),
        body_en: typed.map_or(found.body_html_en.clone(), |form| form.get("body_en").to_string()),
        versions: found.versions.iter().map(version).collect(),
        p,
    }
}

/// Publishes what was written.
pub async fn publish(desk: Desk, Path(text): Path<String>, form: Form) -> Answer {
    let kind = kind(&text)?;
    let new = PublishLegal {
        body_html: form.get("body").to_string(),
        body_html_en: form.get("body_en").to_string(),
        after: form.parse("after").unwrap_or(0),
    };
    let done =
        desk.act_once(&form, move |app, visitor| legal::publish(app, visitor, kind, new)).await;
    match done {
        Ok(_) => desk.on(&here(), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let found = desk.act(move |app, visitor| legal::desk_one(app, visitor, kind)).await?;
            desk.show_again(page(&desk, &found, Some(&form), problem))
        }
    }
}

/// Says which licences the shop has.
pub async fn set_licence(desk: Desk, form: Form) -> Answer {
    let get = |name: &str| form.get(name).to_string();
    let licence = Licence {
        name: get("name"),
        number: get("number"),
        link: get("link"),
        icp: get("icp"),
        police: get("police"),
        permits: get("permits"),
    };
    let version = form.parse("version").unwrap_or(0);
    let new = LicenceView { licence, picture: String::new(), version };
    let put = new.clone();
    match desk.act(move |app, visitor| legal::set_licence(app, visitor, &put)).await {
        Ok(_) => desk.on(&format!("{}#licence", here()), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = list(&desk, new, problem).await?;
            desk.show_again(page)
        }
    }
}

/// Shows a picture of the licence, or none.
pub async fn set_picture(desk: Desk, upload: Upload) -> Answer {
    let bytes = upload.file("picture").map_or(Vec::new(), |file| file.bytes.to_vec());
    match desk.act(move |app, visitor| legal::set_picture(app, visitor, &bytes)).await {
        Ok(_) => desk.on(&format!("{}#licence", here()), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let one = desk.act(legal::licence_desk).await?;
            let page = list(&desk, one, problem).await?;
            desk.show_again(page)
        }
    }
}
