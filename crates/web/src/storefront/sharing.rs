//! Sharing: the link, what friends will see of it, and a poster to send on.
//!
//! The poster is drawn by the browser (`poster.js`): a phone has the letters of every language, and
//! the picture is where it is sent from.

use std::sync::atomic::{AtomicUsize, Ordering};

use app::failure::Failure;
use app::share::{self, LinkView};
use app::{App, Visitor};
use domain::campaign::{Campaign, Channel, Mechanic};
use domain::id::Id;
use domain::share::Object;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use crate::link;
use crate::page::Page;
use crate::storefront::view::Picture;

/// What a page offers to share. Without a link it offers nothing.
#[derive(Clone, Debug, Default)]
pub struct Sharing {
    pub link: String,
    /// What is said with the link.
    pub words: String,
    pub picture: Picture,
    /// Where the link is a code to scan; empty for guests, who have no links of their own.
    pub qr: String,
    /// What the poster says of it: what kind of thing it is, what it is called, what it is worth
    /// and what that was before.
    pub kind: String,
    pub title: String,
    pub worth: String,
    pub before: String,
    /// Who shares it.
    pub from: String,
    /// Why it is not shared from here.
    pub silent: String,
}

impl Sharing {
    /// One's own link, or the page's address for who has none.
    pub fn page(page: &Page, link: Option<&LinkView>, href: &str, words: String) -> Sharing {
        match link {
            Some(link) => Sharing::own(page, link, words),
            None => Sharing { link: page.absolute(href), words, ..Sharing::default() },
        }
    }

    /// One's own link.
    pub fn own(page: &Page, own: &LinkView, words: String) -> Sharing {
        Sharing {
            link: own.url.clone(),
            words,
            qr: link::qr(&own.code),
            from: from(page),
            ..Sharing::default()
        }
    }

    /// An address that somebody has: of a gift, of a coupon.
    pub fn address(page: &Page, address: &str, words: String) -> Sharing {
        let code = code(address).unwrap_or_default();
        let escaped = utf8_percent_encode(&code, NON_ALPHANUMERIC);
        Sharing {
            link: address.to_string(),
            words,
            qr: format!("data:image/svg+xml,{escaped}"),
            from: from(page),
            ..Sharing::default()
        }
    }

    /// What the poster calls it.
    pub fn of(mut self, page: &Page, mechanic: Mechanic, title: &str) -> Sharing {
        self.kind = page.t(&format!("mechanic-{}", mechanic.code()));
        self.title = title.to_string();
        self
    }

    /// The same for what no campaign is behind.
    pub fn titled(mut self, title: &str) -> Sharing {
        self.title = title.to_string();
        self
    }

    pub fn pictured(mut self, picture: Picture) -> Sharing {
        self.picture = picture;
        self
    }

    pub fn worth(mut self, worth: String) -> Sharing {
        self.worth = worth;
        self
    }

    /// Where sharing is not rewarded, the page says so, and helps nobody to share it there.
    pub fn silent_in(mut self, page: &Page, channel: Option<Channel>) -> Sharing {
        if let Some(channel) = channel {
            let name = page.t(&format!("console-campaign-channel-{}", channel.code()));
            self.silent = page.t1("store-share-silent", "channel", name);
            self.qr = String::new();
        }
        self
    }

    /// What it costs otherwise.
    pub fn instead_of(mut self, before: String) -> Sharing {
        self.before = before;
        self
    }
}

fn from(page: &Page) -> String {
    if page.name.is_empty() {
        String::new()
    } else {
        page.t1("store-poster-from", "name", &page.name)
    }
}

/// How many links are made at a time by those who look at a page.
const MAKERS: usize = 2;
static MAKING: AtomicUsize = AtomicUsize::new(0);

/// The visitor's own link to something; none for guests. A link is made for whoever looks at a page
/// for the first time, but a crowd that comes at once does not queue for that beside its orders:
/// who is too many shares the page's address until they look again.
pub fn link_to(
    app: &App,
    visitor: &Visitor,
    object: Object,
    id: i64,
) -> Result<Option<LinkView>, Failure> {
    if visitor.person.is_none() {
        return Ok(None);
    }
    if let Some(link) = share::made(app, visitor, object, id)? {
        return Ok(Some(link));
    }
    let turn = Turn::take();
    if turn.before >= MAKERS {
        return Ok(None);
    }
    // A page is not refused for it.
    Ok(share::link(app, visitor, object, id).ok())
}

/// A place among those who make a link just now.
struct Turn {
    before: usize,
}

impl Turn {
    fn take() -> Turn {
        Turn { before: MAKING.fetch_add(1, Ordering::SeqCst) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        MAKING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What a campaign's page shows, with the visitor's own link to it.
pub type Seen<T> = (T, Option<LinkView>);

/// Both together.
pub fn seen<T>(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    get: fn(&App, &Visitor, Id<Campaign>) -> Result<T, Failure>,
) -> Result<Seen<T>, Failure> {
    Ok((get(app, visitor, id)?, link_to(app, visitor, Object::Campaign, id.0)?))
}

/// An address as a code to scan; none where it is too long for one.
pub fn code(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address.as_bytes(), EcLevel::M).ok()?;
    let mut drawing = code.render::<svg::Color>();
    Some(drawing.min_dimensions(168, 168).quiet_zone(false).build())
}
