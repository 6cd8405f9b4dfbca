//! What every storefront page has around it: where it is, what friends and search engines see.

use std::ops::Deref;

use app::content::Entry;
use askama::Template;
use domain::legal::ICP_LINK;
use serde_json::{Value, json};

use crate::page::Page;

/// A place in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    Home,
    Discover,
    Teams,
    Inbox,
    Me,
    /// Somewhere that is none of them.
    Elsewhere,
}

/// One entry of the navigation.
pub struct Place {
    pub href: &'static str,
    pub label: String,
    pub icon: &'static str,
    pub here: bool,
    /// Whether it is in the header of a wide screen as well.
    pub top: bool,
    pub count: i64,
}

/// The page's surroundings. Templates call it `p`.
pub struct Frame {
    page: Page,
    pub here: Here,
    /// Empty for the shop's name alone.
    pub title: String,
    /// Whether search engines and strangers may see it.
    pub is_public: bool,
    pub description: String,
    pub og_type: &'static str,
    pub og_title: String,
    /// A whole address; empty without a picture.
    pub og_image: String,
    pub json_ld: String,
    /// A page with one thing to do has no bar at the bottom.
    pub focused: bool,
    /// What just happened, said once at the top.
    pub flash: String,
    /// What was searched for.
    pub query: String,
    styles: &'static [&'static str],
}

/// What is in a page before its main part, and what is after it: drawn by a template of their own,
/// so that they are compiled once and not into every page.
#[derive(Template)]
#[template(path = "layouts/storefront/opening.html")]
pub struct Opening<'a> {
    p: &'a Frame,
}

#[derive(Template)]
#[template(path = "layouts/storefront/closing.html")]
pub struct Closing<'a> {
    p: &'a Frame,
}

impl Deref for Frame {
    type Target = Page;
    fn deref(&self) -> &Page {
        &self.page
    }
}

impl Frame {
    /// What is before the main part.
    pub fn opening(&self) -> Opening<'_> {
        Opening { p: self }
    }

    /// What is after it.
    pub fn closing(&self) -> Closing<'_> {
        Closing { p: self }
    }

    /// Around a page with these styles of its own.
    pub fn new(page: Page, here: Here, styles: &'static [&'static str]) -> Frame {
        let flash = said(&page);
        Frame {
            here,
            title: String::new(),
            is_public: false,
            description: String::new(),
            og_type: "website",
            og_title: page.shop.clone(),
            og_image: String::new(),
            json_ld: String::new(),
            focused: false,
            flash,
            query: String::new(),
            styles,
            page,
        }
    }

    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Frame {
        self.title = title.into();
        self
    }

    /// For everybody: with a description, and a picture when there is one.
    #[must_use]
    pub fn public(mut self, description: &str, picture: &str) -> Frame {
        self.is_public = true;
        self.description = plain(description, 160);
        if self.og_title == self.page.shop && !self.title.is_empty() {
            self.og_title = self.title.clone();
        }
        if picture.starts_with('/') {
            self.og_image = self.page.absolute(preview(picture));
        }
        self
    }

    /// What structured data says the page is about.
    #[must_use]
    pub fn about(mut self, mut data: Value) -> Frame {
        data["@context"] = json!("https://schema.org");
        // Inside a script element only `<` could end it.
        self.json_ld = data.to_string().replace('<', "\\u003c");
        self
    }

    /// What Open Graph calls it.
    #[must_use]
    pub fn of_type(mut self, og_type: &'static str) -> Frame {
        self.og_type = og_type;
        self
    }

    #[must_use]
    pub fn focused(mut self) -> Frame {
        self.focused = true;
        self
    }

    /// The style sheets, those of every page first.
    pub fn css(&self) -> impl Iterator<Item = &'static str> {
        ["tokens", "base", "shell", "price", "goods", "face"]
            .into_iter()
            .chain(self.styles.iter().copied())
    }

    /// A number for a badge: `7`, `99+`, or nothing at all.
    pub fn badge(&self, count: &i64) -> String {
        match count {
            ..=0 => String::new(),
            1..=99 => count.to_string(),
            _ => "99+".into(),
        }
    }

    /// The style sheet of the merchant's own colour, when they chose one.
    pub fn colours(&self) -> Option<String> {
        let colour = self.page.around.look.colour.strip_prefix('#')?;
        Some(format!("/theme/{colour}.css"))
    }

    /// The address of the merchant's logo; empty without one.
    pub fn logo(&self) -> &str {
        &self.page.around.look.logo
    }

    /// The texts a shop must show, where they were published.
    pub fn legal(&self) -> Vec<(String, String)> {
        let foot = &self.page.around.foot;
        let kinds = foot.kinds.iter().map(|kind| kind.code());
        let there = |code| (format!("/legal/{code}"), self.page.t(&format!("legal-{code}")));
        kinds.map(there).collect()
    }

    /// Its licences: where each leads, how it is called, and whether that is elsewhere.
    pub fn licences(&self) -> Vec<(String, String, bool)> {
        let shown = &self.page.around.foot.licence;
        let one = &shown.licence;
        let mut said = Vec::new();
        if !one.name.is_empty() || !one.number.is_empty() || !shown.picture.is_empty() {
            said.push(("/legal/licence".to_string(), self.page.t("legal-licence"), false));
        }
        if !one.icp.is_empty() {
            said.push((ICP_LINK.to_string(), one.icp.clone(), true));
        }
        let police = one.police_link();
        if !police.is_empty() {
            said.push((police, one.police.clone(), true));
        }
        said
    }

    /// What is announced now, and where it leads.
    pub fn announcement(&self) -> Option<(&str, &str)> {
        let look = &self.page.around.look;
        let over = look.announcement_until.is_some_and(|until| until <= self.page.now);
        let english = !self.page.is_chinese() && !look.announcement_en.is_empty();
        let said = if english { &look.announcement_en } else { &look.announcement };
        (!over && !said.is_empty()).then_some((said, look.announcement_link.as_str()))
    }

    /// The merchant's pages in a menu: all of them at the foot, some at the top too.
    pub fn pages(&self, top: bool) -> Vec<(&str, &str)> {
        let english = !self.page.is_chinese();
        let shown = self.page.around.menu.iter().filter(|entry| entry.top || !top);
        let said = |entry| -> (&str, &str) {
            let Entry { href, title, title_en, .. }: &Entry = entry;
            (href, if english && !title_en.is_empty() { title_en } else { title })
        };
        shown.map(said).collect()
    }

    /// The five places of the storefront.
    pub fn nav(&self) -> [Place; 5] {
        let entry = |here: Here, href, icon, id: &str, top, count| Place {
            href,
            label: self.page.t(id),
            icon,
            here: self.here == here,
            top,
            count,
        };
        [
            entry(Here::Home, "/", "home", "store-nav-home", true, 0),
            entry(Here::Discover, "/discover", "discover", "store-nav-discover", true, 0),
            entry(Here::Teams, "/teams", "teams", "store-nav-teams", true, 0),
            entry(Here::Inbox, "/inbox", "inbox", "store-nav-inbox", false, self.page.unread),
            entry(Here::Me, "/account", "me", "store-nav-me", false, 0),
        ]
    }
}

/// A picture as chat programs can show it: they do not draw SVG, so a drawing of the demo has a
/// PNG beside it.
fn preview(picture: &str) -> String {
    let drawing = picture.strip_prefix("/demo/pictures/");
    match drawing.and_then(|drawing| drawing.strip_suffix(".svg")) {
        Some(name) => format!("/demo/previews/{name}.png"),
        None => picture.to_string(),
    }
}

/// What a redirect asked to have said (`?done=added`): one of ours, never the address's own words.
fn said(page: &Page) -> String {
    let query = page.path.split_once('?').map_or("", |(_, query)| query);
    let done = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "done");
    match done.as_ref().map(|(_, value)| value.as_ref()) {
        Some("added") => page.t("store-added"),
        Some("coupon") => page.t("coupon-taken"),
        Some("removed") => page.t("store-removed"),
        Some("saved") => page.t("store-saved"),
        Some("welcome") => page.t1("store-signed-in", "name", &page.name),
        Some("bye") => page.t("store-signed-out"),
        Some("reviewed") => page.t("store-review-thanks"),
        Some("exchanged") => page.t("points-shop-done"),
        Some("helped") => page.t("store-said-helped"),
        Some("invited") => page.t("store-said-invited"),
        Some("received") => page.t("store-received-thanks"),
        _ => String::new(),
    }
}

/// Text without tags, on one line, at most so many characters.
pub fn plain(html: &str, most: usize) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    let entities =
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    for (entity, letter) in entities {
        text = text.replace(entity, letter);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_shared_as_a_picture() {
        assert_eq!(preview("/demo/pictures/tea.svg"), "/demo/previews/tea.png");
        assert_eq!(preview("/files/0123"), "/files/0123");
    }

    #[test]
    fn a_description_is_one_plain_line() {
        assert_eq!(
            plain("<p>Fine&nbsp;tea &amp; bowls</p>\n<p>1 < 2</p>", 80),
            "Fine tea & bowls 1"
        );
        assert_eq!(plain("一二三四五", 3), "一二三…");
    }
}
