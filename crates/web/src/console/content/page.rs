//! The merchant's pages, and old addresses that lead on.

use app::content::{self, DeskPage, NewDetour, PutPage};
use app::failure::Failure;
use askama::Template;
use axum::extract::Path;
use domain::content::{ContentPage, Detour, Menu};
use domain::id::Id;

use super::HERE;
use crate::answer::Fault;
use crate::console::part::Choice;
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/content/list.html")]
struct List {
    p: Frame,
    rows: Vec<Row>,
    detours: Vec<DetourRow>,
    from: String,
    to: String,
}

struct Row {
    title: String,
    at: String,
    href: String,
    state: String,
    tone: &'static str,
    changed: String,
}

struct DetourRow {
    said: String,
    remove: String,
}

#[derive(Template)]
#[template(path = "console/content/edit.html")]
struct Edit {
    p: Frame,
    title: String,
    href: String,
    /// Where it is taken away; empty for a new one.
    removal: String,
    /// Where it is read; empty as long as it is not.
    see: String,
    key: String,
    put: PutPage,
    menus: Vec<Choice>,
}

/// The pages and redirects.
pub async fn index(desk: Desk) -> Answer {
    let page = list(&desk, &Form::default(), String::new()).await?;
    desk.show(page)
}

async fn list(desk: &Desk, form: &Form, problem: String) -> Result<List, Fault> {
    let (pages, detours) = desk
        .act(|app, visitor| Ok((content::pages(app, visitor)?, content::detours(app, visitor)?)))
        .await?;
    let p = desk.frame_with(HERE, problem);
    let detour = |one: &content::DetourView| DetourRow {
        said: format!("{} → {}", one.from, one.to),
        remove: format!("{HERE}/redirects/{}/removal", one.id),
    };
    Ok(List {
        rows: pages.iter().map(|one| row(&p, one)).collect(),
        detours: detours.iter().map(detour).collect(),
        from: form.get("from").to_string(),
        to: form.get("to").to_string(),
        p,
    })
}

fn row(p: &Frame, one: &DeskPage) -> Row {
    let (state, tone) = match one.page.published {
        true => (p.t(&format!("console-content-menu-{}", one.page.menu.code())), "good"),
        false => (p.t("console-content-draft"), ""),
    };
    Row {
        title: one.page.title.clone(),
        at: format!("/pages/{}", one.page.slug),
        href: format!("{HERE}/pages/{}", one.id),
        state,
        tone,
        changed: p.locale.ago(one.updated_at, p.now),
    }
}

/// A form for a new page.
pub async fn new(desk: Desk) -> Answer {
    let put = PutPage { published: true, menu: Menu::Foot, ..PutPage::default() };
    desk.show(edit(&desk, None, put, &Form::default(), String::new()))
}

/// A page as it is.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let found = find(&desk, &id).await?;
    let put = found.page.clone();
    desk.show(edit(&desk, Some(&found), put, &Form::default(), String::new()))
}

async fn find(desk: &Desk, id: &str) -> Result<DeskPage, Fault> {
    let id: Id<ContentPage> = Id::parse(id).ok_or(Failure::NotFound)?;
    Ok(desk.act(move |app, visitor| content::desk_page(app, visitor, id)).await?)
}

fn read(form: &Form) -> PutPage {
    PutPage {
        slug: form.get("slug").to_string(),
        title: form.get("title").to_string(),
        title_en: form.get("title_en").to_string(),
        body_html: form.get("body").to_string(),
        body_html_en: form.get("body_en").to_string(),
        description: form.get("description").to_string(),
        published: form.is_on("published"),
        menu: Menu::parse(form.get("menu")).unwrap_or_default(),
        position: form.parse("position").unwrap_or(0),
        version: form.parse("version").unwrap_or(0),
    }
}

fn edit(desk: &Desk, found: Option<&DeskPage>, put: PutPage, form: &Form, problem: String) -> Edit {
    let p = desk.frame_with(HERE, problem);
    let menus = Menu::ALL.map(|menu| {
        (menu.code().to_string(), p.t(&format!("console-content-menu-{}", menu.code())))
    });
    let href = found.map(|found| format!("{HERE}/pages/{}", found.id));
    let seen = found.filter(|found| found.page.published);
    Edit {
        title: found.map_or(p.t("console-content-new"), |found| found.page.title.clone()),
        removal: href.as_ref().map_or(String::new(), |href| format!("{href}/removal")),
        see: seen.map_or(String::new(), |found| format!("/pages/{}", found.page.slug)),
        href: href.unwrap_or(format!("{HERE}/pages")),
        key: match form.key() {
            "" => p.new_key.clone(),
            key => key.to_string(),
        },
        menus: Choice::among(put.menu.code(), menus),
        put,
        p,
    }
}

/// Makes a page.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let put = read(&form);
    match desk.act_once(&form, move |app, visitor| content::add_page(app, visitor, put)).await {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(edit(&desk, None, read(&form), &form, problem))
        }
    }
}

/// Changes a page.
pub async fn update(desk: Desk, Path(id): Path<String>, form: Form) -> Answer {
    let found = find(&desk, &id).await?;
    let (id, put) = (found.id, read(&form));
    match desk.act(move |app, visitor| content::change_page(app, visitor, id, put)).await {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(edit(&desk, Some(&found), read(&form), &form, problem))
        }
    }
}

/// Takes a page away.
pub async fn remove(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<ContentPage> = Id::parse(&id).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| content::remove_page(app, visitor, id)).await?;
    desk.on(HERE, "saved")
}

/// Leads an old address on.
pub async fn redirect(desk: Desk, form: Form) -> Answer {
    let new = NewDetour { from: form.get("from").to_string(), to: form.get("to").to_string() };
    match desk.act(move |app, visitor| content::add_detour(app, visitor, new)).await {
        Ok(_) => desk.on(&format!("{HERE}#redirects"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = list(&desk, &form, problem).await?;
            desk.show_again(page)
        }
    }
}

/// Leads it on no more.
pub async fn remove_redirect(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<Detour> = Id::parse(&id).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| content::remove_detour(app, visitor, id)).await?;
    desk.on(&format!("{HERE}#redirects"), "saved")
}
