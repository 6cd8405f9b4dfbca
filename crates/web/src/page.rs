//! What every template is given, and how it becomes an answer.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use app::content::Around;
use app::dice;
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::catalog::Product;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Currency;
use domain::person::{Grants, Role};

use crate::answer::Fault;
use crate::locale::{Arg, Locale};
use crate::visitor::Asker;
use crate::{Shop, asset, link};

/// The part of a page that is the same whatever it shows.
#[derive(Clone, Debug)]
pub struct Page {
    pub locale: Locale,
    /// The language's tag: `zh-CN` or `en`.
    pub lang: &'static str,
    /// `light`, `dark` or empty for what the system says.
    pub theme: String,
    /// The shop's name.
    pub shop: String,
    /// Whether it is a shop of invented people.
    pub demo: bool,
    /// What every form carries as the hidden field `csrf`.
    pub csrf: String,
    /// The visitor's name; empty for a guest.
    pub name: String,
    pub signed_in: bool,
    pub is_staff: bool,
    /// What they are behind the counter, and may do there.
    pub role: Role,
    pub grants: Grants,
    /// How many notices are unread, and how many things lie in the cart.
    pub unread: i64,
    pub in_cart: i64,
    /// The merchant's look, menu and announcement.
    pub around: Arc<Around>,
    /// What the visitor likes.
    liked: Vec<Id<Product>>,
    /// The path and query of this page.
    pub path: String,
    pub base_url: String,
    /// The page's address for search engines and shares: without language and other choices.
    pub canonical: String,
    /// The currency the visitor chose, and those there are to choose among.
    pub currency: Option<Currency>,
    selling_in: app::currency::Known,
    pub now: Moment,
    pub now_ms: i64,
    pub request_id: String,
    /// For forms whose effect must happen once: put it into the hidden field `key`.
    pub new_key: String,
}

impl Page {
    /// The page of an asker.
    pub fn of(shop: &Shop, asker: &Asker) -> Page {
        let person = asker.visitor.person.as_ref();
        let plain = asker.path.split('?').next().unwrap_or("/");
        let base_url = shop.app.config.base_url.clone();
        let now = shop.app.now();
        Page {
            locale: asker.locale,
            lang: asker.locale.code(),
            theme: asker.theme.clone(),
            shop: shop.about.name.clone(),
            demo: shop.about.demo,
            csrf: asker.csrf.clone(),
            name: person.map_or(String::new(), |person| person.name.clone()),
            signed_in: person.is_some(),
            is_staff: person.is_some_and(|person| person.role.is_staff()),
            role: person.map_or(Role::Shopper, |person| person.role),
            grants: person.map_or(Grants::NONE, |person| person.grants),
            unread: asker.mine.unread,
            in_cart: asker.mine.in_cart,
            around: Arc::clone(&asker.around),
            liked: asker.mine.liked.clone(),
            canonical: format!("{base_url}{plain}"),
            path: asker.path.clone(),
            base_url,
            currency: asker.visitor.currency,
            selling_in: shop.app.selling_in.clone(),
            now,
            now_ms: now.as_millis(),
            request_id: asker.request_id.clone(),
            new_key: format!("key_{}", dice::secret(shop.app.seams.dice.as_ref(), 28)),
        }
    }

    /// A text.
    pub fn t(&self, id: &str) -> String {
        self.locale.say(id)
    }

    /// A text that mentions one thing.
    pub fn t1(&self, id: &str, name: &str, value: impl Arg) -> String {
        self.locale.with(id, name, value)
    }

    /// A text that mentions two things.
    pub fn t2(&self, id: &str, a: (&str, &dyn Arg), b: (&str, &dyn Arg)) -> String {
        self.locale.tell(id, &[a, b])
    }

    /// A text about a number, which it calls `n`.
    pub fn n(&self, id: &str, n: impl Arg) -> String {
        self.locale.with(id, "n", n)
    }

    /// Whether the visitor likes a product.
    pub fn likes(&self, product: &Id<Product>) -> bool {
        self.liked.contains(product)
    }

    pub fn is_chinese(&self) -> bool {
        self.locale == Locale::Chinese
    }

    /// This page in another language.
    pub fn in_language(&self, lang: impl Display) -> String {
        link::with_query(&self.path, "lang", &lang.to_string())
    }

    /// The currencies to choose among, each with this page in it and whether it is chosen; nothing
    /// where there is one only.
    pub fn currencies(&self) -> Vec<(&'static str, String, bool)> {
        let known = self.selling_in.get();
        let Some(own) = known.first().filter(|_| known.len() > 1) else { return Vec::new() };
        let chosen = self.currency.filter(|chosen| known.contains(chosen)).unwrap_or(*own);
        let choice = |currency: &Currency| {
            let to = link::with_query(&self.path, "currency", currency.code());
            (currency.code(), to, *currency == chosen)
        };
        known.iter().map(choice).collect()
    }

    /// This page in another language, for search engines.
    pub fn canonical_in(&self, lang: impl Display) -> String {
        format!("{}?lang={lang}", self.canonical)
    }

    /// The language as Open Graph writes it.
    pub fn og_locale(&self) -> &'static str {
        if self.is_chinese() { "zh_CN" } else { "en_US" }
    }

    /// The address of an asset. Plain `"/assets/…"` in a template comes to the same.
    pub fn asset(&self, path: impl Display) -> String {
        asset::url(&path.to_string())
    }

    /// An icon of ours, with a class of its own or none.
    pub fn icon<'a>(&self, name: &'a str, class: &'a str) -> Icon<'a> {
        Icon { name, class }
    }

    /// A path of the shop as a whole address.
    pub fn absolute(&self, path: impl Display) -> String {
        format!("{}{path}", self.base_url)
    }
}

/// See `Page::icon`; the names are ours, so nothing in them is escaped.
pub struct Icon<'a> {
    name: &'a str,
    class: &'a str,
}

impl Display for Icon<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Icon { name, class } = self;
        let between = if class.is_empty() { "" } else { " " };
        write!(f, r#"<svg class="icon{between}{class}" aria-hidden="true">"#)?;
        write!(f, r#"<use href="/assets/img/icons.svg#{name}"/></svg>"#)
    }
}

impl FromRequestParts<Shop> for Page {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Fault> {
        let asker = Asker::from_request_parts(parts, shop).await?;
        Ok(Page::of(shop, &asker))
    }
}

/// A template as an answer.
pub fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => html(&text),
        Err(error) => Fault::from(app::failure::Failure::broken(error)).into_response(),
    }
}

/// A template as an answer with another status: a form that is shown again is a 422.
pub fn render_with(status: axum::http::StatusCode, template: &impl Template) -> Response {
    let mut response = render(template);
    if response.status().is_success() {
        *response.status_mut() = status;
    }
    response
}

fn html(text: &str) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (kind, asset::place(text)).into_response()
}
