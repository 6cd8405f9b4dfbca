//! What a merchant writes and arranges: pages, menus, the front page, announcements, redirects.

use serde::{Deserialize, Serialize};

use crate::id::Kind;

/// A page of the merchant's own.
pub struct ContentPage;
impl Kind for ContentPage {
    const PREFIX: &'static str = "pge";
}
crate::id::described!(ContentPage);

/// A part of the front page.
pub struct Section;
impl Kind for Section {
    const PREFIX: &'static str = "sec";
}
crate::id::described!(Section);

/// An old address that leads to a new one.
pub struct Detour;
impl Kind for Detour {
    const PREFIX: &'static str = "dtr";
}
crate::id::described!(Detour);

/// Where a page is linked from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Menu {
    /// Only from where somebody links it.
    #[default]
    Nowhere,
    /// At the foot of every page.
    Foot,
    /// At the top of every page too, where there is room.
    Top,
}

impl Menu {
    pub const ALL: [Menu; 3] = [Menu::Nowhere, Menu::Foot, Menu::Top];

    pub fn code(self) -> &'static str {
        match self {
            Menu::Nowhere => "nowhere",
            Menu::Foot => "foot",
            Menu::Top => "top",
        }
    }

    pub fn parse(code: &str) -> Option<Menu> {
        Self::ALL.into_iter().find(|menu| menu.code() == code)
    }
}

/// What a part of the front page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = SectionKind))]
pub enum Part {
    /// The promise, with the best offer beside it.
    Hero,
    /// Teams that need few more.
    Teams,
    /// The top categories.
    Categories,
    /// Goods that can be bought together.
    Together,
    /// What sells best.
    Popular,
    /// What came last.
    Newest,
    /// Goods of one category.
    Category,
    /// Words of the merchant's own, with a link.
    Words,
    /// Why one can trust this shop.
    Promises,
}

impl Part {
    pub const ALL: [Part; 9] = [
        Part::Hero,
        Part::Teams,
        Part::Categories,
        Part::Together,
        Part::Popular,
        Part::Newest,
        Part::Category,
        Part::Words,
        Part::Promises,
    ];

    /// The front page as it is before anybody arranges it.
    pub const USUAL: [Part; 6] =
        [Part::Hero, Part::Teams, Part::Categories, Part::Together, Part::Newest, Part::Promises];

    pub fn code(self) -> &'static str {
        match self {
            Part::Hero => "hero",
            Part::Teams => "teams",
            Part::Categories => "categories",
            Part::Together => "together",
            Part::Popular => "popular",
            Part::Newest => "newest",
            Part::Category => "category",
            Part::Words => "words",
            Part::Promises => "promises",
        }
    }

    pub fn parse(code: &str) -> Option<Part> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }

    /// Whether there may be several of it.
    pub fn repeats(self) -> bool {
        matches!(self, Part::Category | Part::Words)
    }
}

/// Why it cannot be like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An address has 1 to 60 small letters, digits and hyphens.
    BadSlug,
    /// Another page has this address.
    SlugTaken,
    /// A title has 1 to 120 characters.
    BadTitle,
    /// A text is too long.
    TooLong,
    /// A link is an address of this shop, or begins with `https://`.
    BadLink,
    /// An old address begins with `/`, and none of the shop's own pages is there.
    BadFrom,
    /// It would lead back to itself.
    Loop,
    /// A colour is `#` and six hexadecimal digits.
    BadColour,
    /// There is one of this part already, or it lacks what it shows.
    BadPart,
}

/// An address of letters, digits and hyphens.
pub fn check_slug(slug: &str) -> Result<(), Refusal> {
    let fine = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '-');
    let edges = slug.starts_with('-') || slug.ends_with('-');
    if slug.is_empty() || slug.len() > 60 || edges || !slug.chars().all(fine) {
        return Err(Refusal::BadSlug);
    }
    Ok(())
}

/// Where a link of the merchant's may lead: inside, or anywhere over HTTPS.
pub fn check_link(link: &str) -> Result<(), Refusal> {
    let inside = link.starts_with('/') && !link.starts_with("//") && !link.contains('\\');
    let outside = link.strip_prefix("https://").is_some_and(|rest| {
        rest.split(['/', '?', '#']).next().is_some_and(|host| host.contains('.'))
    });
    let plain = link.len() <= 500 && link.chars().all(|c| !c.is_control() && c != ' ');
    if plain && (inside || outside) { Ok(()) } else { Err(Refusal::BadLink) }
}

/// The first parts of addresses that are the shop's own: no redirect may take a page of its away.
/// `/products/` and `/c/` are not among them, since a product's old address is what redirects are
/// for; they lead on only where nothing is found.
const OWN: [&str; 16] = [
    "", "api", "assets", "files", "console", "cart", "checkout", "orders", "account", "sign-in",
    "sign-out", "hooks", "sandbox", "inbox", "teams", "discover",
];

/// An old address and where it leads.
pub fn check_detour(from: &str, to: &str) -> Result<(), Refusal> {
    let path = from.split(['?', '#']).next().unwrap_or_default();
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let whole = from == path && check_link(from).is_ok() && from.starts_with('/');
    if !whole || OWN.contains(&first) {
        return Err(Refusal::BadFrom);
    }
    check_link(to)?;
    if to.split(['?', '#']).next() == Some(from) { Err(Refusal::Loop) } else { Ok(()) }
}

/// `#1f8a70` as red, green and blue.
pub fn colour(text: &str) -> Result<[u8; 3], Refusal> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii());
    let digits = digits.ok_or(Refusal::BadColour)?;
    let part = |n: usize| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16);
    match (part(0), part(1), part(2)) {
        (Ok(red), Ok(green), Ok(blue)) if !digits.contains('+') => Ok([red, green, blue]),
        _ => Err(Refusal::BadColour),
    }
}

/// A front page: each part that stands alone at most once, none of nothing.
pub fn check_parts(parts: &[(Part, bool)]) -> Result<(), Refusal> {
    for (n, (part, has_what_it_shows)) in parts.iter().enumerate() {
        let twice = parts[..n].iter().any(|(before, _)| before == part);
        if (twice && !part.repeats()) || (part.repeats() && !has_what_it_shows) {
            return Err(Refusal::BadPart);
        }
    }
    if parts.len() > 20 { Err(Refusal::BadPart) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_pages() {
        for good in ["about", "a", "faq-2026", &"x".repeat(60)] {
            assert_eq!(check_slug(good), Ok(()), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "关于", "a b", "a/b", &"x".repeat(61)] {
            assert_eq!(check_slug(bad), Err(Refusal::BadSlug), "{bad}");
        }
    }

    #[test]
    fn links_lead_inside_or_over_https() {
        for good in
            ["/", "/pages/about", "/discover?q=茶", "https://example.com", "https://a.b/c?d"]
        {
            assert_eq!(check_link(good), Ok(()), "{good}");
        }
        for bad in ["", "about", "//example.com", "/\\example.com", "http://example.com"] {
            assert_eq!(check_link(bad), Err(Refusal::BadLink), "{bad}");
        }
        for bad in ["javascript:alert(1)", "https://", "https://localhost", "/a b", "/a\nb"] {
            assert_eq!(check_link(bad), Err(Refusal::BadLink), "{bad}");
        }
    }

    #[test]
    fn old_addresses_lead_to_new_ones_and_take_no_page_away() {
        let check = |from, to, want| assert_eq!(check_detour(from, to), want, "{from} {to}");
        check("/old", "/products/tea", Ok(()));
        check("/products/old-tea", "/products/tea", Ok(()));
        check("/blog/2019/tea.html", "https://example.com/tea", Ok(()));
        check("/cart", "/", Err(Refusal::BadFrom));
        check("/", "/pages/about", Err(Refusal::BadFrom));
        check("/console/orders", "/", Err(Refusal::BadFrom));
        check("old", "/", Err(Refusal::BadFrom));
        check("/old?page=2", "/", Err(Refusal::BadFrom));
        check("https://example.com/", "/", Err(Refusal::BadFrom));
        check("/old", "/old", Err(Refusal::Loop));
        check("/old", "/old?again", Err(Refusal::Loop));
        check("/old", "ftp://example.com", Err(Refusal::BadLink));
    }

    #[test]
    fn colours() {
        assert_eq!(colour("#1f8a70"), Ok([0x1f, 0x8a, 0x70]));
        assert_eq!(colour("#FFFFFF"), Ok([255; 3]));
        for bad in ["", "1f8a70", "#1f8a7", "#1f8a700", "#gggggg", "#+1+2+3", "#茶茶"] {
            assert_eq!(colour(bad), Err(Refusal::BadColour), "{bad}");
        }
    }

    #[test]
    fn front_pages() {
        use Part::{Category, Hero, Newest, Words};
        assert_eq!(check_parts(&Part::USUAL.map(|part| (part, true))), Ok(()));
        assert_eq!(check_parts(&[]), Ok(()));
        assert_eq!(check_parts(&[(Words, true), (Words, true), (Category, true)]), Ok(()));
        assert_eq!(check_parts(&[(Hero, true), (Hero, true)]), Err(Refusal::BadPart));
        assert_eq!(check_parts(&[(Words, false)]), Err(Refusal::BadPart));
        assert_eq!(check_parts(&[(Newest, false)]), Ok(()));
        assert_eq!(check_parts(&[(Words, true); 21]), Err(Refusal::BadPart));
    }

    #[test]
    fn codes_are_read_back() {
        assert!(Menu::ALL.into_iter().all(|menu| Menu::parse(menu.code()) == Some(menu)));
        assert!(Part::ALL.into_iter().all(|part| Part::parse(part.code()) == Some(part)));
    }
}
