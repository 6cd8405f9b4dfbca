//! The shop's look: its colour, its logo, and what it announces.

use app::content::{self, Look};
use askama::Template;

use super::HERE;
use crate::answer::Fault;
use crate::console::{Answer, Desk, Frame};
use crate::form::{Form, Upload};
use crate::locale;

#[derive(Template)]
#[template(path = "console/content/look.html")]
struct Show {
    p: Frame,
    look: Look,
    /// What the picker begins with.
    picked: String,
    until: String,
}

/// The look as it is.
pub async fn show(desk: Desk) -> Answer {
    let look = desk.act(content::look).await?;
    desk.show(page(&desk, look, String::new()))
}

fn page(desk: &Desk, look: Look, problem: String) -> Show {
    let picked = if look.colour.is_empty() { "#e0452b".to_string() } else { look.colour.clone() };
    let until = look.announcement_until.map_or(String::new(), locale::to_local);
    Show { p: desk.frame_with(HERE, problem), picked, until, look }
}

async fn again(desk: &Desk, form: &Form, problem: String) -> Result<Show, Fault> {
    let kept = desk.act(content::look).await?;
    Ok(page(desk, Look { logo: kept.logo, ..read(form) }, problem))
}

fn read(form: &Form) -> Look {
    Look {
        colour: if form.is_on("own") { form.get("colour").to_string() } else { String::new() },
        logo: String::new(),
        announcement: form.get("announcement").to_string(),
        announcement_en: form.get("announcement_en").to_string(),
        announcement_link: form.get("link").to_string(),
        announcement_until: locale::from_local(form.get("until")),
        version: form.parse("version").unwrap_or(0),
    }
}

/// Changes it.
pub async fn update(desk: Desk, form: Form) -> Answer {
    let look = read(&form);
    match desk.act(move |app, visitor| content::set_look(app, visitor, look)).await {
        Ok(_) => desk.on(&format!("{HERE}/look"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = again(&desk, &form, problem).await?;
            desk.show_again(page)
        }
    }
}

/// Puts a logo there, or takes it away.
pub async fn set_logo(desk: Desk, upload: Upload) -> Answer {
    let bytes = upload.file("logo").map_or(Vec::new(), |file| file.bytes.to_vec());
    match desk.act(move |app, visitor| content::set_logo(app, visitor, &bytes)).await {
        Ok(_) => desk.on(&format!("{HERE}/look"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let look = desk.act(content::look).await?;
            desk.show_again(page(&desk, look, problem))
        }
    }
}
