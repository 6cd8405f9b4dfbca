//! The merchant's console: a dense, quiet, keyboard-first place to run the shop from.
//!
//! Every page is drawn from values already in the reader's words, inside one `Frame`. A handler
//! gets a `Desk`: it decodes, calls an action and answers; a form that was refused is shown again
//! as it was typed, one that worked leads on to a page that says so.

use std::ops::Deref;

use app::failure::Failure;
use app::{App, Visitor, dice};
use askama::Template;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::Person;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::locale::{Arg, Locale, Price};
use crate::page::{Page, render, render_with};
use crate::visitor::{Asker, Staff};
use crate::{Acting, Shop, act, link};

mod chart;
mod fields;
mod part;
mod rail;

mod session;
mod second_factor;
mod overview;
mod order;
mod draft;
mod delivery;
mod returns;
mod invoice;
mod review;
mod group_buy;
mod campaign;
mod game;
mod product;
mod customer;
mod stock;
mod import;
mod synonym;
mod price;
mod offer;
mod customer_group;
mod tax;
mod currency;
mod point;
mod level;
mod wallet;
mod content;
mod ledger;
mod payment;
mod audit;
mod job;
mod outbox;
mod webhook;
mod seller;
mod staff;
mod settings;
mod search;

use part::{NavGroup, Pager, When};

/// Every route of the console.
pub fn routes() -> Router<Shop> {
    Router::new()
        .merge(order::routes())
        .merge(draft::routes())
        .route("/console", get(overview::show))
        .route("/console/sign-in", get(session::new).post(session::create))
        .route("/console/sign-in/code", post(session::second))
        .merge(second_factor::routes())
        .route("/console/sign-in/demo", post(session::create_demo))
        .route("/console/sign-out", post(session::end))
        .route("/console/search", get(search::show))
        .route("/console/palette", get(search::palette))
        .merge(delivery::routes())
        .merge(returns::routes())
        .merge(invoice::routes())
        .merge(review::routes())
        .merge(customer::routes())
        .merge(group_buy::routes())
        .merge(product::routes())
        .route("/console/stock", get(stock::index))
        .route("/console/stock/export.csv", get(stock::file::export))
        .route("/console/stock/import", get(stock::file::new).post(stock::file::import))
        .route("/console/stock/{id}", get(stock::show).post(stock::adjust))
        .route("/console/synonyms", get(synonym::index).post(synonym::create))
        .route("/console/synonyms/{id}/removal", post(synonym::remove))
        .merge(price::routes())
        .merge(offer::routes())
        .merge(customer_group::routes())
        .route("/console/tax", get(tax::show).post(tax::update))
        .route("/console/currencies", get(currency::show).post(currency::update))
        .route("/console/import", get(import::new).post(import::check))
        .route("/console/import/{token}", get(import::show).post(import::run))
        .route("/console/import/{token}/faults.csv", get(import::faults))
        .merge(content::routes())
        .route("/console/wallets", get(wallet::index))
        .route("/console/wallets/{id}", get(wallet::show).post(wallet::give))
        .merge(point::routes())
        .route("/console/ledger", get(ledger::show))
        .route("/console/payments", get(payment::index))
        .route("/console/payments/statements", post(payment::statement::fetch))
        .route("/console/payments/statements/files", post(payment::statement::bring))
        .route("/console/payments/statements/{id}", get(payment::statement::show))
        .route("/console/payments/differences/{id}/settlement", post(payment::statement::settle))
        .route("/console/audit", get(audit::show).post(audit::run))
        .route("/console/jobs", get(job::index))
        .route("/console/jobs/{id}/retry", post(job::retry))
        .route("/console/cases/{id}/close", post(job::close_case))
        .merge(outbox::routes())
        .merge(webhook::routes())
        .route("/console/settings", get(settings::show))
        .route("/console/settings/return-address", post(settings::set_return_address))
        .route("/console/settings/offline-payment", post(settings::set_offline))
        .route("/console/settings/tokens", post(settings::make_token))
        .route("/console/settings/tokens/{id}/revoke", post(settings::revoke_token))
        .merge(campaign::routes())
        .merge(seller::routes())
        .merge(staff::routes())
}

/// How a handler answers.
pub type Answer = Result<Response, Fault>;

/// What a page may say it has just done: nobody else puts words into its mouth.
const SAID: &[&str] = &[
    "saved",
    "bulk-done",
    "bulk-none",
    "stock-done",
    "order-ship-done",
    "order-collect-done",
    "order-refund-done",
    "order-cancel-done",
    "many-none",
    "order-noted",
    "order-tagged",
    "order-repriced",
    "order-taken-out",
    "order-swapped",
    "order-readdressed",
    "view-kept",
    "view-gone",
    "draft-saved",
    "draft-was-sent",
    "draft-dropped",
    "order-received-done",
    "order-sent-done",
    "return-approved",
    "return-refused",
    "return-received",
    "return-disputed",
    "return-replaced",
    "return-paid-instead",
    "return-decided",
    "review-answer-done",
    "review-hide-done",
    "review-show-done",
    "customers-merged",
    "invoices-issued",
    "gb-launched",
    "gb-draft-done",
    "gb-pause-done",
    "gb-resume-done",
    "gb-end-done",
    "gb-fail-done",
    "job-retry-done",
    "case-closed",
    "audit-ran",
    "statement-read",
    "difference-settled",
    "letter-again-done",
    "letter-reset-done",
    "webhook-replayed",
    "webhook-removed",
    "webhook-switched-on",
    "webhook-switched-off",
    "token-revoked",
    "second-off",
    "passkey-added",
    "passkey-removed",
    "others-ended",
    "campaign-done-saved",
    "campaign-done-launched",
    "campaign-done-moved",
    "campaign-done-answered",
    "staff-added",
    "staff-removed",
    "role-removed",
];

/// A request by a member of staff, and what answering it needs.
pub struct Desk {
    shop: Shop,
    visitor: Visitor,
    page: Page,
    notice: Option<String>,
}

impl FromRequestParts<Shop> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Response> {
        let Staff(visitor) = Staff::from_request_parts(parts, shop).await?;
        let asker = Asker::from_request_parts(parts, shop).await;
        let page = Page::of(shop, &asker.map_err(IntoResponse::into_response)?);
        // Nobody comes near what they may not look at; each action asks again for what it does.
        if parts.uri.path() != rail::HOME && !rail::leads(&page, parts.uri.path()) {
            return Err(Fault::from(Failure::Forbidden).into_response());
        }
        let notice = parts.uri.query().and_then(|query| notice(query, page.locale));
        Ok(Desk { shop: shop.clone(), visitor, page, notice })
    }
}

/// What somebody may see; nothing of what they may not.
fn where_allowed<T>(found: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Failure::Forbidden) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What the address says was done.
fn notice(query: &str, locale: Locale) -> Option<String> {
    let (mut said, mut n) = (None, 0_i64);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "said" => said = SAID.iter().find(|known| **known == value),
            "n" => n = value.parse().unwrap_or(0),
            _ => {}
        }
    }
    said.map(|said| locale.with(&format!("console-{said}"), "count", n))
}

impl Desk {
    pub fn locale(&self) -> Locale {
        self.page.locale
    }

    pub fn base_url(&self) -> &str {
        &self.page.base_url
    }

    pub fn visitor(&self) -> &Visitor {
        &self.visitor
    }

    /// Who sits here.
    pub fn me(&self) -> Option<Id<Person>> {
        self.visitor.person.as_ref().map(|person| person.id)
    }

    pub fn now(&self) -> Moment {
        self.page.now
    }

    /// The first page they may look at, when they may not look at the one at `here`.
    pub fn first_page_instead_of(&self, here: &str) -> Option<&'static str> {
        if rail::leads(&self.page, here) {
            return None;
        }
        rail::open_to(&self.page).map(|(href, ..)| *href).next()
    }

    /// Letters nobody can guess.
    pub fn secret(&self) -> String {
        dice::secret(self.shop.app.seams.dice.as_ref(), 32)
    }

    /// Runs an action for the member of staff, on a thread that may wait for the database.
    pub fn act<T: Send + 'static>(
        &self,
        action: impl FnOnce(&App, &Visitor) -> Result<T, Failure> + Send + 'static,
    ) -> Acting<T> {
        let visitor = self.visitor.clone();
        act(&self.shop, move |app| action(app, &visitor))
    }

    /// The same for a form whose effect must happen once, however often it is sent.
    pub async fn act_once<T: Send + 'static>(
        &self,
        form: &Form,
        action: impl FnOnce(&App, &Visitor) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let visitor = form.keyed(self.visitor.clone())?;
        act(&self.shop, move |app| action(app, &visitor)).await
    }

    /// The frame of the page at `here` in the rail.
    pub fn frame(&self, here: &str) -> Frame {
        let mut frame = Frame::of(self.page.clone(), here);
        frame.notice = self.notice.clone();
        frame
    }

    /// The same with something that did not work, if anything did not.
    pub fn frame_with(&self, here: &str, problem: String) -> Frame {
        let mut frame = self.frame(here);
        frame.problem = Some(problem).filter(|problem| !problem.is_empty());
        frame
    }

    /// A page.
    pub fn show(&self, template: impl Template) -> Answer {
        Ok(render(&template))
    }

    /// A form that was refused, shown again.
    pub fn show_again(&self, template: impl Template) -> Answer {
        Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &template))
    }

    /// On to a page that says what was done.
    pub fn on(&self, path: &str, said: &str) -> Answer {
        self.on_with(path, said, 0)
    }

    /// The same with a number.
    pub fn on_with(&self, path: &str, said: &str, n: i64) -> Answer {
        let (path, place) = path.split_once('#').unwrap_or((path, ""));
        let mut to = link::with_query(path, "said", said);
        if n != 0 {
            to = link::with_query(&to, "n", &n.to_string());
        }
        if !place.is_empty() {
            to = format!("{to}#{place}");
        }
        Ok(Redirect::to(&to).into_response())
    }

    /// What a refused form says; a failure that is not the form's becomes the answer.
    pub fn complaint(&self, failure: Failure) -> Result<String, Fault> {
        Ok(Errors::of(failure, self.page.locale)?.all().join(" "))
    }

    /// A text that mentions several things.
    pub fn tell(&self, id: &str, args: &[(&str, &dyn Arg)]) -> String {
        self.page.locale.tell(id, args)
    }
}

/// What is around every page of the console. Templates call it `p`.
pub struct Frame {
    page: Page,
    pub nav: Vec<NavGroup>,
    pub notice: Option<String>,
    pub problem: Option<String>,
    /// The reader may look at what is here, and change nothing.
    pub looks_only: bool,
    pub staff_role: String,
    pub staff_mark: String,
    pub other_lang: &'static str,
    pub other_lang_name: &'static str,
    pub other_lang_href: String,
}

impl Deref for Frame {
    type Target = Page;
    fn deref(&self) -> &Page {
        &self.page
    }
}

/// What is in a page before its main part, and what is after it: drawn by a template of their own,
/// so that they are compiled once and not into every page.
#[derive(Template)]
#[template(path = "layouts/console/opening.html")]
struct Opening<'a> {
    p: &'a Frame,
}

#[derive(Template)]
#[template(path = "layouts/console/closing.html")]
struct Closing<'a> {
    p: &'a Frame,
}

impl Frame {
    /// What is before the main part.
    fn opening(&self) -> Opening<'_> {
        Opening { p: self }
    }

    /// What is after it.
    fn closing(&self) -> Closing<'_> {
        Closing { p: self }
    }

    /// The frame of a page; `here` is the address of its entry in the rail.
    pub fn of(page: Page, here: &str) -> Frame {
        let other = page.locale.other();
        Frame {
            nav: rail::rail(&page, here),
            notice: None,
            problem: None,
            looks_only: rail::looks_only(&page, here),
            staff_role: page.t(&format!("console-role-{}", page.role.code())),
            staff_mark: mark(&page.name),
            other_lang: other.code(),
            other_lang_name: match other {
                Locale::Chinese => "中文",
                Locale::English => "English",
            },
            other_lang_href: page.in_language(other.code()),
            page,
        }
    }

    /// A text that mentions several things.
    pub fn tell(&self, id: &str, args: &[(&str, &dyn Arg)]) -> String {
        self.locale.tell(id, args)
    }

    /// When something was or will be, relatively, with the exact moment beside it.
    pub fn when(&self, at: Moment) -> When {
        When {
            iso: at.rfc3339(),
            exact: self.locale.exact(at),
            said: self.locale.ago(at, self.now),
        }
    }

    pub fn num(&self, n: i64) -> String {
        self.locale.number(n)
    }

    pub fn money(&self, money: Money) -> String {
        Price::of(money).to_string()
    }

    /// Where in a list one is.
    pub fn pager(
        &self,
        path: &str,
        asked: &[(&str, &str)],
        shown: usize,
        later: bool,
        next: Option<String>,
    ) -> Pager {
        let more = |cursor: String| {
            let mut asked = asked.to_vec();
            asked.push(("cursor", &cursor));
            address(path, &asked)
        };
        Pager {
            summary: match shown {
                0 if !later => String::new(),
                _ => self.t1("console-pager-shown", "count", shown),
            },
            first: if later { address(path, asked) } else { String::new() },
            next: next.map_or(String::new(), more),
        }
    }
}

/// A path with those of the pairs that say something.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let said: Vec<(&str, &str)> =
        pairs.iter().copied().filter(|(_, value)| !value.is_empty()).collect();
    if said.is_empty() { path.to_string() } else { format!("{path}?{}", link::query(&said)) }
}

/// The first letter of a name, for where a face would be.
pub fn mark(name: &str) -> String {
    name.trim().chars().next().map_or("·".into(), |letter| letter.to_uppercase().to_string())
}

#[derive(Template)]
#[template(path = "console/error.html")]
struct Failed {
    p: Frame,
    title: String,
    text: String,
    number: String,
}

/// A page of the console that could not be shown.
pub fn failed(page: Page, fault: &Fault) -> Response {
    let (title, text) = (fault.title(page.locale), fault.detail(page.locale));
    let number = page.request_id.clone();
    render(&Failed { p: Frame::of(page, ""), title, text, number })
}

#[cfg(test)]
mod tests;
