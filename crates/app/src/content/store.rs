//! The tables `content_pages`, `home_sections`, `shop_look` and `redirects`.

use domain::content::{ContentPage, Detour, Menu, Part, Section};
use domain::id::Id;

use super::{DeskPage, DetourView, Entry, Look, NewDetour, PutPage, SectionView};
use crate::db::{Row, Tx, Value};
use crate::failure::Failure;

const PAGE: &str = "select id, slug, title, title_en, body, body_en, description, published, menu,
    position, version, updated_at from content_pages";

fn desk_page(row: &Row) -> DeskPage {
    DeskPage {
        id: row.get(0),
        page: PutPage {
            slug: row.get(1),
            title: row.get(2),
            title_en: row.get(3),
            body_html: row.get(4),
            body_html_en: row.get(5),
            description: row.get(6),
            published: row.get(7),
            menu: Menu::parse(&row.get::<String>(8)).unwrap_or_default(),
            position: row.get(9),
            version: row.get(10),
        },
        updated_at: row.get(11),
    }
}

pub fn pages(tx: &mut Tx) -> Result<Vec<DeskPage>, Failure> {
    tx.all(&format!("{PAGE} order by position, id"), &[], desk_page)
}

pub fn page(tx: &mut Tx, id: Id<ContentPage>) -> Result<DeskPage, Failure> {
    tx.one(&format!("{PAGE} where id = $1"), &[id.into()], desk_page)
}

pub fn page_to_change(tx: &mut Tx, id: Id<ContentPage>) -> Result<DeskPage, Failure> {
    let sql = format!("{PAGE} where id = $1{}", tx.lock());
    tx.one(&sql, &[id.into()], desk_page)
}

pub fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<DeskPage>, Failure> {
    tx.maybe(&format!("{PAGE} where slug = $1"), &[slug.into()], desk_page)
}

/// What is written of a page, in the order of its columns.
fn values(tx: &Tx, id: Id<ContentPage>, put: &PutPage) -> [Value; 11] {
    [
        id.into(),
        (&put.slug).into(),
        (&put.title).into(),
        (&put.title_en).into(),
        (&put.body_html).into(),
        (&put.body_html_en).into(),
        (&put.description).into(),
        put.published.into(),
        put.menu.code().into(),
        put.position.into(),
        tx.now.into(),
    ]
}

/// Whether its address was free.
pub fn add_page(tx: &mut Tx, id: Id<ContentPage>, put: &PutPage) -> Result<bool, Failure> {
    let row = values(tx, id, put);
    let added = tx.run(
        "insert into content_pages (id, slug, title, title_en, body, body_en, description,
                                    published, menu, position, version, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11) on conflict (slug) do nothing",
        &row,
    )?;
    Ok(added == 1)
}

pub fn change_page(tx: &mut Tx, id: Id<ContentPage>, put: &PutPage) -> Result<(), Failure> {
    let row = values(tx, id, put);
    tx.run(
        "update content_pages set slug = $2, title = $3, title_en = $4, body = $5, body_en = $6,
                description = $7, published = $8, menu = $9, position = $10,
                version = version + 1, updated_at = $11 where id = $1",
        &row,
    )?;
    Ok(())
}

pub fn remove_page(tx: &mut Tx, id: Id<ContentPage>) -> Result<(), Failure> {
    tx.run("delete from content_pages where id = $1", &[id.into()])?;
    Ok(())
}

/// The published pages that are in a menu.
pub fn menu(tx: &mut Tx) -> Result<Vec<Entry>, Failure> {
    tx.all(
        "select slug, title, title_en, menu from content_pages
         where published = 1 and menu <> 'nowhere' order by position, id",
        &[],
        |row| Entry {
            href: format!("/pages/{}", row.get::<String>(0)),
            title: row.get(1),
            title_en: row.get(2),
            top: row.get::<String>(3) == "top",
        },
    )
}

pub fn sections(tx: &mut Tx) -> Result<Vec<SectionView>, Failure> {
    let found = tx.all(
        "select part, title, title_en, text, text_en, link, category_id from home_sections
         order by position",
        &[],
        |row| {
            let part = Part::parse(&row.get::<String>(0))?;
            Some(SectionView {
                part,
                title: row.get(1),
                title_en: row.get(2),
                text: row.get(3),
                text_en: row.get(4),
                link: row.get(5),
                category: row.get(6),
            })
        },
    )?;
    Ok(found.into_iter().flatten().collect())
}

pub fn arrange(tx: &mut Tx, parts: &[SectionView]) -> Result<(), Failure> {
    tx.run("delete from home_sections", &[])?;
    for (position, one) in parts.iter().enumerate() {
        let id: Id<Section> = tx.id();
        let category = match one.category {
            Some(category) => {
                tx.maybe("select id from categories where id = $1", &[category.into()], |row| {
                    row.get::<i64>(0)
                })?
            }
            None => None,
        };
        if one.category.is_some() && category.is_none() {
            return Err(Failure::NotFound);
        }
        tx.run(
            "insert into home_sections (id, position, part, title, title_en, text, text_en, link,
                                        category_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                id.into(),
                (position as i64).into(),
                one.part.code().into(),
                one.title.trim().into(),
                one.title_en.trim().into(),
                one.text.trim().into(),
                one.text_en.trim().into(),
                (&one.link).into(),
                category.into(),
            ],
        )?;
    }
    Ok(())
}

const LOOK: &str = "select colour, logo, announcement, announcement_en, announcement_link,
    announcement_until, version from shop_look";

fn to_look(row: &Row) -> Look {
    let logo: String = row.get(1);
    Look {
        colour: row.get(0),
        logo: if logo.is_empty() { logo } else { format!("/files/{logo}") },
        announcement: row.get(2),
        announcement_en: row.get(3),
        announcement_link: row.get(4),
        announcement_until: row.get(5),
        version: row.get(6),
    }
}

pub fn look(tx: &mut Tx) -> Result<Look, Failure> {
    tx.one(LOOK, &[], to_look)
}

pub fn look_to_change(tx: &mut Tx) -> Result<Look, Failure> {
    let sql = format!("{LOOK}{}", tx.lock());
    tx.one(&sql, &[], to_look)
}

pub fn set_look(tx: &mut Tx, new: &Look) -> Result<(), Failure> {
    tx.run(
        "update shop_look set colour = $1, announcement = $2, announcement_en = $3,
                announcement_link = $4, announcement_until = $5, version = version + 1",
        &[
            (&new.colour).into(),
            (&new.announcement).into(),
            (&new.announcement_en).into(),
            (&new.announcement_link).into(),
            new.announcement_until.into(),
        ],
    )?;
    Ok(())
}

pub fn set_logo(tx: &mut Tx, hash: &str) -> Result<(), Failure> {
    tx.run("update shop_look set logo = $1, version = version + 1", &[hash.into()])?;
    Ok(())
}

pub fn detours(tx: &mut Tx) -> Result<Vec<DetourView>, Failure> {
    tx.all("select id, from_path, to_link from redirects order by from_path", &[], |row| {
        DetourView { id: row.get(0), from: row.get(1), to: row.get(2) }
    })
}

/// Where this address leads on to.
pub fn detour_from(tx: &mut Tx, path: &str) -> Result<Option<String>, Failure> {
    tx.maybe("select to_link from redirects where from_path = $1", &[path.into()], |row| row.get(0))
}

pub fn put_detour(tx: &mut Tx, new: &NewDetour) -> Result<DetourView, Failure> {
    let id: Id<Detour> = tx.id();
    // What led to the address that moves now leads on to where it is.
    tx.run(
        "update redirects set to_link = $2 where to_link = $1",
        &[(&new.from).into(), (&new.to).into()],
    )?;
    tx.run("delete from redirects where from_path = $1", &[(&new.to).into()])?;
    tx.run(
        "insert into redirects (id, from_path, to_link, created_at) values ($1, $2, $3, $4)
         on conflict (from_path) do update set to_link = excluded.to_link",
        &[id.into(), (&new.from).into(), (&new.to).into(), tx.now.into()],
    )?;
    tx.one("select id from redirects where from_path = $1", &[(&new.from).into()], |row| {
        DetourView { id: row.get(0), from: new.from.clone(), to: new.to.clone() }
    })
}

pub fn remove_detour(tx: &mut Tx, id: Id<Detour>) -> Result<bool, Failure> {
    Ok(tx.run("delete from redirects where id = $1", &[id.into()])? == 1)
}
