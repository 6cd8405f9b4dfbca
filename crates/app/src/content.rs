//! What a merchant writes and arranges: pages, menus, the front page, the shop's look, redirects.

use std::sync::Arc;

use describe::ToSchema;
use domain::catalog::Category;
use domain::content::{
    ContentPage, Detour, Menu, Part, Refusal, check_detour, check_link, check_parts, check_slug,
    colour,
};
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Permission;
use domain::text::one_line;
use serde::{Deserialize, Serialize};

use crate::catalog::body;
use crate::db::Tx;
use crate::failure::Failure;
use crate::file::{self, picture};
use crate::legal::{self, Foot};
use crate::{App, Visitor, staff_act};

mod store;

/// A page as its readers see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ContentPageView)]
pub struct PageView {
    pub slug: String,
    /// In the reader's language, where it was written in it.
    pub title: String,
    pub body_html: String,
    pub description: String,
    pub updated_at: Moment,
}

/// A page as staff see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ContentPageDesk)]
pub struct DeskPage {
    pub id: Id<ContentPage>,
    pub page: PutPage,
    pub updated_at: Moment,
}

/// A page as staff want it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = PutContentPage)]
#[serde(default)]
pub struct PutPage {
    /// 1 to 60 small letters, digits and hyphens: the page is at `/pages/…`.
    pub slug: String,
    /// In the shop's language and in English.
    pub title: String,
    pub title_en: String,
    /// HTML; what is not safe is taken out.
    pub body_html: String,
    pub body_html_en: String,
    /// For search engines and previews.
    pub description: String,
    pub published: bool,
    pub menu: Menu,
    pub position: i64,
    /// The version that was seen: should it be another by now, nothing is changed.
    pub version: i64,
}

/// A part of the front page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = HomeSection)]
pub struct SectionView {
    pub part: Part,
    /// Its heading in the shop's language and in English; ours when it is empty.
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub title_en: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub text_en: String,
    #[serde(default)]
    pub link: String,
    #[serde(default)]
    pub category: Option<Id<Category>>,
}

impl SectionView {
    /// A part as we draw it.
    pub fn of(part: Part) -> SectionView {
        SectionView {
            part,
            title: String::new(),
            title_en: String::new(),
            text: String::new(),
            text_en: String::new(),
            link: String::new(),
            category: None,
        }
    }
}

/// What the shop looks like.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = ShopLook)]
#[serde(default)]
pub struct Look {
    /// `#rrggbb`; ours when it is empty.
    pub colour: String,
    /// The address of its logo; empty without one.
    pub logo: String,
    /// One line at the top of every page; none when it is empty.
    pub announcement: String,
    pub announcement_en: String,
    pub announcement_link: String,
    pub announcement_until: Option<Moment>,
    pub version: i64,
}

/// What is around every page of the storefront.
#[derive(Clone, Debug, Default)]
pub struct Around {
    pub look: Look,
    pub menu: Vec<Entry>,
    /// The texts and licences that stand at the foot.
    pub foot: Foot,
}

/// A page in a menu.
#[derive(Clone, Debug)]
pub struct Entry {
    pub href: String,
    pub title: String,
    pub title_en: String,
    pub top: bool,
}

/// A redirect.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Redirect)]
pub struct DetourView {
    pub id: Id<Detour>,
    pub from: String,
    pub to: String,
}

/// A redirect to be made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NewRedirect)]
pub struct NewDetour {
    /// Where people still come to: `/old-tea`.
    pub from: String,
    /// Where they shall go: an address of this shop, or one that begins with `https://`.
    pub to: String,
}

const AROUND: &str = "around";

/// What is around every page, read once and kept until it changes.
pub fn around(app: &App, visitor: &Visitor) -> Result<Arc<Around>, Failure> {
    app.read_prepared(visitor, AROUND, |tx| {
        let (look, menu) = (store::look(tx)?, store::menu(tx)?);
        Ok(Arc::new(Around { look, menu, foot: legal::foot(tx)? }))
    })
}

/// The same where it is at hand: nothing is read.
pub fn around_at_hand(app: &App, visitor: &Visitor) -> Option<Arc<Around>> {
    if visitor.fresh { None } else { app.prepared.peek(AROUND) }
}

/// The same as it last was, for a form that is shown again; nothing is read.
pub fn around_last(app: &App) -> Arc<Around> {
    app.prepared.last(AROUND).unwrap_or_default()
}

/// A page that is published.
pub fn page(app: &App, visitor: &Visitor, slug: &str) -> Result<PageView, Failure> {
    let english = visitor.locale == "en";
    app.read_prepared(visitor, &format!("page {english} {slug}"), |tx| {
        let found = store::by_slug(tx, slug)?.filter(|found| found.page.published);
        let found = found.ok_or(Failure::NotFound)?;
        let page = found.page;
        let pick = |ours: String, other: String| {
            if english && !other.is_empty() { other } else { ours }
        };
        Ok(PageView {
            slug: page.slug,
            title: pick(page.title, page.title_en),
            body_html: body::shown(&pick(page.body_html, page.body_html_en)),
            description: page.description,
            updated_at: found.updated_at,
        })
    })
}

/// Every page, for staff.
pub fn pages(app: &App, visitor: &Visitor) -> Result<Vec<DeskPage>, Failure> {
    visitor.staff_reader(Permission::Content)?;
    app.read(store::pages)
}

/// One page, for staff.
pub fn desk_page(app: &App, visitor: &Visitor, id: Id<ContentPage>) -> Result<DeskPage, Failure> {
    visitor.staff_reader(Permission::Content)?;
    app.read(|tx| store::page(tx, id))
}

fn checked(mut put: PutPage) -> Result<PutPage, Failure> {
    put.slug = put.slug.trim().to_lowercase();
    check_slug(&put.slug)?;
    put.title = one_line(&put.title);
    put.title_en = one_line(&put.title_en);
    put.description = one_line(&put.description);
    let long = |text: &str, most: usize| text.chars().count() > most;
    if put.title.is_empty() || long(&put.title, 120) || long(&put.title_en, 120) {
        return Err(Refusal::BadTitle.into());
    }
    let bodies = [&put.body_html, &put.body_html_en];
    if long(&put.description, 300) || bodies.iter().any(|html| html.len() > body::LONGEST) {
        return Err(Refusal::TooLong.into());
    }
    put.body_html = body::clean(&put.body_html);
    put.body_html_en = body::clean(&put.body_html_en);
    put.position = put.position.clamp(0, 9_999);
    Ok(put)
}

/// Makes a page.
pub fn add_page(app: &App, visitor: &Visitor, put: PutPage) -> Result<DeskPage, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let put = checked(put)?;
    let made = app.once(visitor, "content page", |tx| {
        tx.shows();
        let id: Id<ContentPage> = tx.id();
        if !store::add_page(tx, id, &put)? {
            return Err(Refusal::SlugTaken.into());
        }
        staff_act::record(tx, actor, "content.add_page", ("page", id.0), &put.slug)?;
        Ok((store::page(tx, id)?, id.0))
    })?;
    Ok(made.value)
}

/// Changes a page.
pub fn change_page(
    app: &App,
    visitor: &Visitor,
    id: Id<ContentPage>,
    put: PutPage,
) -> Result<DeskPage, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let put = checked(put)?;
    app.write_for(visitor, |tx| {
        tx.shows();
        let before = store::page_to_change(tx, id)?;
        if before.page.version != put.version {
            return Err(Failure::Stale);
        }
        if store::by_slug(tx, &put.slug)?.is_some_and(|other| other.id != id) {
            return Err(Refusal::SlugTaken.into());
        }
        store::change_page(tx, id, &put)?;
        // A published page that moves is still found where it was.
        if before.page.slug != put.slug && before.page.published {
            let new = NewDetour {
                from: format!("/pages/{}", before.page.slug),
                to: format!("/pages/{}", put.slug),
            };
            store::put_detour(tx, &new)?;
        }
        let detail = serde_json::json!({ "before": before.page.slug, "after": put.slug });
        staff_act::record(tx, actor, "content.change_page", ("page", id.0), &detail.to_string())
    })?;
    app.read(|tx| store::page(tx, id))
}

/// Takes a page away.
pub fn remove_page(app: &App, visitor: &Visitor, id: Id<ContentPage>) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Content)?;
    app.write_for(visitor, |tx| {
        tx.shows();
        let before = store::page_to_change(tx, id)?;
        store::remove_page(tx, id)?;
        staff_act::record(tx, actor, "content.remove_page", ("page", id.0), &before.page.slug)
    })
}

/// The front page's parts in their order; ours as long as nobody arranged them.
pub(crate) fn sections(tx: &mut Tx) -> Result<Vec<SectionView>, Failure> {
    let arranged = store::sections(tx)?;
    if arranged.is_empty() {
        return Ok(Part::USUAL.into_iter().map(SectionView::of).collect());
    }
    Ok(arranged)
}

/// The front page's parts, for staff.
pub fn front(app: &App, visitor: &Visitor) -> Result<Vec<SectionView>, Failure> {
    visitor.staff_reader(Permission::Content)?;
    app.read(sections)
}

/// Arranges the front page. Without any part it is ours again.
pub fn arrange(
    app: &App,
    visitor: &Visitor,
    parts: Vec<SectionView>,
) -> Result<Vec<SectionView>, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let shows = |one: &SectionView| match one.part {
        Part::Category => one.category.is_some(),
        Part::Words => !one.title.trim().is_empty() || !one.text.trim().is_empty(),
        _ => true,
    };
    let known: Vec<(Part, bool)> = parts.iter().map(|one| (one.part, shows(one))).collect();
    check_parts(&known)?;
    for one in &parts {
        let titles = [&one.title, &one.title_en];
        if titles.iter().any(|title| title.chars().count() > 120) {
            return Err(Refusal::BadTitle.into());
        }
        if [&one.text, &one.text_en].iter().any(|text| text.chars().count() > 1_000) {
            return Err(Refusal::TooLong.into());
        }
        if !one.link.is_empty() {
            check_link(&one.link)?;
        }
    }
    app.write_for(visitor, |tx| {
        tx.shows();
        store::arrange(tx, &parts)?;
        let order: Vec<&str> = parts.iter().map(|one| one.part.code()).collect();
        staff_act::record(tx, actor, "content.arrange", ("shop", 1), &order.join(" "))
    })?;
    app.read(sections)
}

/// The shop's look, for staff.
pub fn look(app: &App, visitor: &Visitor) -> Result<Look, Failure> {
    visitor.staff_reader(Permission::Content)?;
    app.read(store::look)
}

/// Changes the shop's look, but for its logo.
pub fn set_look(app: &App, visitor: &Visitor, mut new: Look) -> Result<Look, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    new.colour = new.colour.trim().to_lowercase();
    if !new.colour.is_empty() {
        colour(&new.colour)?;
    }
    new.announcement = one_line(&new.announcement);
    new.announcement_en = one_line(&new.announcement_en);
    let lines = [&new.announcement, &new.announcement_en];
    if lines.iter().any(|line| line.chars().count() > 120) {
        return Err(Refusal::TooLong.into());
    }
    if !new.announcement_link.is_empty() {
        check_link(&new.announcement_link)?;
    }
    app.write_for(visitor, |tx| {
        tx.shows();
        let before = store::look_to_change(tx)?;
        if before.version != new.version {
            return Err(Failure::Stale);
        }
        store::set_look(tx, &new)?;
        let detail = serde_json::json!({ "before": before, "after": new }).to_string();
        staff_act::record(tx, actor, "content.look", ("shop", 1), &detail)
    })?;
    app.read(store::look)
}

/// Puts a logo there; with no bytes there is none.
pub fn set_logo(app: &App, visitor: &Visitor, bytes: &[u8]) -> Result<Look, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let prepared = match bytes.is_empty() {
        true => None,
        false => Some(picture::prepare(bytes)?),
    };
    app.write_for(visitor, |tx| {
        tx.shows();
        let hash = match &prepared {
            Some(prepared) => file::put(tx, prepared.mime, &prepared.small)?,
            None => String::new(),
        };
        store::set_logo(tx, &hash)?;
        staff_act::record(tx, actor, "content.logo", ("shop", 1), &hash)
    })?;
    app.read(store::look)
}

/// Every redirect, for staff.
pub fn detours(app: &App, visitor: &Visitor) -> Result<Vec<DetourView>, Failure> {
    visitor.staff_reader(Permission::Content)?;
    app.read(store::detours)
}

/// Leads an old address on. One that leads on already leads elsewhere now.
pub fn add_detour(app: &App, visitor: &Visitor, new: NewDetour) -> Result<DetourView, Failure> {
    let actor = visitor.staff(Permission::Content)?;
    let (from, to) = (new.from.trim().to_string(), new.to.trim().to_string());
    check_detour(&from, &to)?;
    let new = NewDetour { from, to };
    app.write_for(visitor, |tx| {
        let onward = new.to.split(['?', '#']).next().unwrap_or_default();
        // Two that lead to each other would never end.
        if store::detour_from(tx, onward)?.is_some() {
            return Err(Refusal::Loop.into());
        }
        let made = store::put_detour(tx, &new)?;
        let detail = format!("{} → {}", new.from, new.to);
        staff_act::record(tx, actor, "content.redirect", ("redirect", made.id.0), &detail)?;
        Ok(made)
    })
}

/// Leads an old address on no more.
pub fn remove_detour(app: &App, visitor: &Visitor, id: Id<Detour>) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Content)?;
    app.write_for(visitor, |tx| {
        if !store::remove_detour(tx, id)? {
            return Err(Failure::NotFound);
        }
        staff_act::record(tx, actor, "content.unredirect", ("redirect", id.0), "")
    })
}

/// Where an address that is nobody's leads on to.
pub fn onward(app: &App, path: &str) -> Result<Option<String>, Failure> {
    app.read(|tx| store::detour_from(tx, path))
}

/// Where every published page is.
pub fn published(app: &App) -> Result<Vec<String>, Failure> {
    let pages = app.read(store::pages)?;
    let published = pages.into_iter().filter(|page| page.page.published);
    Ok(published.map(|page| format!("/pages/{}", page.page.slug)).collect())
}
