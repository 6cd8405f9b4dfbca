//! Session or token → `Visitor`, and the proof that a form came from a page of ours.
//!
//! Every request is looked at once, before its handler: who asks, in which language, from where.
//! A guest gets a session only when something must be remembered.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use app::config::Proxies;
use app::content::{self, Around};
use app::failure::Failure;
use app::session::Started;
use app::{App, Visitor};
use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::Channel;
use domain::moment::Moment;
use domain::money::Currency;

use crate::answer::{Fault, MOST, MOST_UPLOADED, REQUEST_ID};
use crate::body;
use crate::locale::Locale;
use crate::mine::Mine;
use crate::{Shop, act, link, wait};

mod jar;
mod said;

use jar::Jar;
use said::{Cookies, asked, bearer, chosen_language, header_text};

/// The cookie of a session.
pub const SESSION: &str = "pw_session";
/// Before the names of cookies that only we may set, where the shop is reached over HTTPS.
const GUARDED: &str = "__Host-";
/// The cookie of a browser that brought somebody before, and how long it is remembered.
const BROWSER: &str = "pw_browser";
const BROWSER_SECONDS: i64 = 31_536_000;
/// The cookie of a chosen language.
pub const LANG: &str = "pw_lang";
/// The cookie of a chosen currency, and the header by which a program chooses one.
pub const CURRENCY: &str = "pw_currency";
pub const CURRENCY_HEADER: &str = "x-currency";
/// The cookie of a chosen theme; our script writes it too.
pub const THEME: &str = "theme";
/// The cookie of a browser that has just changed something: until it ends, its pages are read anew.
const WROTE: &str = "pw_wrote";
/// The same for programs: an answer to a write carries the server's moment, and a read that
/// carries it back sees that write on any node.
pub const CONSISTENCY: &str = "x-consistency-token";
/// Longer than anything prepared is kept, with room for clocks of nodes that differ.
const WROTE_SECONDS: i64 = 5;

/// How somebody says who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Nothing,
    Cookie,
    Token,
}

/// A request's asker: the visitor, and what their pages need.
#[derive(Clone, Debug)]
pub struct Asker {
    pub visitor: Visitor,
    pub via: Via,
    /// What the session's forms carry; empty without a session.
    pub csrf: String,
    pub locale: Locale,
    /// `light`, `dark` or empty for what the system says.
    pub theme: String,
    /// The path and query that were asked for.
    pub path: String,
    pub method: Method,
    pub request_id: String,
    pub mine: Mine,
    /// What is around every page of the storefront.
    pub around: Arc<Around>,
    pub user_agent: String,
    jar: Jar,
}

impl Asker {
    /// Whether the answer is a page of the storefront.
    fn shows_the_storefront(&self) -> bool {
        let elsewhere = ["/api", "/console", "/hooks", "/sandbox"];
        !self.wants_json() && !elsewhere.iter().any(|path| self.path.starts_with(path))
    }

    /// Gives the browser a session's cookie.
    pub fn keep_session(&self, started: &Started) {
        // The database ends it; the cookie only has to last as long as the longest session.
        let seconds = domain::person::SESSION_LIFE.as_seconds();
        self.jar.set(SESSION, &started.token, seconds, true);
    }

    /// Gives the browser of somebody who came in their session, and what it is known by.
    pub fn keep_person(&self, came: &app::person::SignedIn) {
        self.keep_session(&came.started);
        self.jar.set(BROWSER, &came.browser, BROWSER_SECONDS, true);
    }

    /// Takes the session's cookie back.
    pub fn forget_session(&self) {
        self.jar.set(SESSION, "", 0, true);
    }

    /// Puts onto the answer what makes the asker see their own write.
    pub fn note_write(&self, response: &mut Response, now: Moment) {
        let status = response.status();
        if self.method.is_safe() || status.is_client_error() || status.is_server_error() {
            return;
        }
        if self.wants_json() {
            response.headers_mut().insert(CONSISTENCY, HeaderValue::from(now.as_millis()));
        } else {
            self.jar.set(WROTE, "1", WROTE_SECONDS, true);
        }
    }

    /// Puts the cookies onto the answer.
    pub fn settle(&self, response: &mut Response) {
        let set = self.jar.set.lock().unwrap_or_else(|gone| gone.into_inner());
        for cookie in set.iter() {
            if let Ok(value) = HeaderValue::from_str(cookie) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
        }
    }

    /// Whether the answer says who somebody is.
    pub fn is_personal(&self) -> bool {
        let set = self.jar.set.lock().unwrap_or_else(|gone| gone.into_inner());
        self.via != Via::Nothing || self.wants_json() || !set.is_empty()
    }

    /// Whether problems are told as JSON.
    pub fn wants_json(&self) -> bool {
        wants_json(&self.path)
    }

    /// Whether it is a program's preview rather than somebody who looks.
    pub fn is_bot(&self) -> bool {
        domain::share::is_bot(&self.user_agent)
    }
}

/// Whether answers under this path are for programs.
pub fn wants_json(path: &str) -> bool {
    path.starts_with("/api/") || path.starts_with("/hooks/")
}

/// Whether the request carries the token of a write that a prepared value may not have seen.
fn has_just_written(headers: &HeaderMap, now: Moment) -> bool {
    let token = header_text(headers, CONSISTENCY).and_then(|token| token.parse::<i64>().ok());
    token.is_some_and(|at| now.as_millis() < at.saturating_add(WROTE_SECONDS * 1_000))
}

/// Looks at a request: who asks? Also checks that a form came from a page of ours.
pub async fn look(shop: &Shop, request: Request) -> (Asker, Result<Request, Fault>) {
    let (parts, body) = request.into_parts();
    let cookies = Cookies::of(&parts.headers);
    let secure = shop.app.config.secure_cookies;
    let chosen = chosen_language(&parts.uri);
    let accepted = header_text(&parts.headers, header::ACCEPT_LANGUAGE.as_str());
    let locale = chosen
        .or_else(|| cookies.get(LANG).and_then(Locale::parse))
        .or_else(|| accepted.and_then(Locale::accepted))
        .or_else(|| Locale::parse(&shop.about.locale))
        .unwrap_or(Locale::Chinese);
    let theme = cookies.get(THEME).filter(|theme| ["light", "dark"].contains(theme));
    let request_id = header_text(&parts.headers, REQUEST_ID.as_str()).unwrap_or("").to_string();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_string();
    let priced = asked(&parts.uri, "currency").and_then(|code| Currency::parse(&code));
    let told = header_text(&parts.headers, CURRENCY_HEADER).or_else(|| cookies.get(CURRENCY));
    let mut asker = Asker {
        visitor: Visitor {
            currency: priced.or_else(|| told.and_then(Currency::parse)),
            request_id: Some(request_id.clone()),
            place: place(&parts, &shop.app.config.proxies),
            locale: locale.code().to_string(),
            phone: header_text(&parts.headers, header::USER_AGENT.as_str())
                .is_some_and(|agent| agent.contains("Mobi")),
            within: header_text(&parts.headers, header::USER_AGENT.as_str())
                .and_then(Channel::of_browser),
            fresh: cookies.guarded(WROTE, secure).is_some()
                || has_just_written(&parts.headers, shop.app.now()),
            browser: cookies.guarded(BROWSER, secure).unwrap_or("").to_string(),
            ..Visitor::default()
        },
        via: Via::Nothing,
        csrf: String::new(),
        locale,
        theme: theme.unwrap_or("").to_string(),
        path,
        method: parts.method.clone(),
        request_id,
        mine: Mine::default(),
        around: Arc::default(),
        user_agent: header_text(&parts.headers, header::USER_AGENT.as_str())
            .unwrap_or("")
            .to_string(),
        jar: Jar { secure, set: Arc::default() },
    };
    if let Some(locale) = chosen {
        asker.jar.set(LANG, locale.code(), 31_536_000, false);
    }
    if let Some(currency) = priced.filter(|_| !asker.wants_json()) {
        asker.jar.set(CURRENCY, currency.code(), 31_536_000, false);
    }
    if asker.path.starts_with("/hooks/") {
        // Providers are known by their signatures; cookies mean nothing here.
        return (asker, Ok(Request::from_parts(parts, body)));
    }
    if asker.shows_the_storefront() {
        asker.around = match content::around_at_hand(&shop.app, &asker.visitor) {
            Some(around) => around,
            // Most forms are answered by a way on, which shows nothing: no read for those.
            None if asker.method != Method::GET => content::around_last(&shop.app),
            None => {
                let visitor = asker.visitor.clone();
                let read = act(shop, move |app| content::around(app, &visitor));
                // Without it a page is plainer, and still a page.
                read.await.unwrap_or_default()
            }
        };
    }
    let bearer =
        parts.headers.get(header::AUTHORIZATION).and_then(|value| bearer(value.as_bytes()));
    let cookie =
        cookies.guarded(SESSION, secure).filter(|token| !token.is_empty()).map(str::to_string);
    let counts = asker.method == Method::GET && !asker.wants_json();
    let start = asker.visitor.clone();
    let known = match (bearer, cookie) {
        (Some(token), _) => by_token(shop, start, &token).await,
        (None, Some(token)) => act(shop, move |app| recognise(app, start, token, counts)).await,
        (None, None) => Ok(Recognised { visitor: start, ..Recognised::default() }),
    };
    match known {
        Ok(known) => {
            asker.visitor = known.visitor;
            asker.csrf = known.csrf;
            asker.via = match (asker.visitor.scopes.is_some(), asker.csrf.is_empty()) {
                (true, _) => Via::Token,
                (false, false) => Via::Cookie,
                (false, true) => Via::Nothing,
            };
            asker.mine = known.mine;
            if let Some(token) = known.renewed {
                let seconds = domain::person::SESSION_LIFE.as_seconds();
                asker.jar.set(SESSION, &token, seconds, true);
            }
        }
        Err(failure) => return (asker, Err(failure.into())),
    }
    let request = Request::from_parts(parts, body);
    let checked = prove(shop, &asker, request).await;
    (asker, checked)
}

#[derive(Default)]
struct Recognised {
    visitor: Visitor,
    csrf: String,
    mine: Mine,
    /// The cookie's token, when the cookie should last longer.
    renewed: Option<String>,
}

/// Who a token belongs to. A wrong one is refused.
async fn by_token(shop: &Shop, start: Visitor, token: &str) -> Result<Recognised, Failure> {
    let found = wait(shop, |aside, told| {
        app::token::find_aside(&shop.app, token, aside, |found| drop(told.send(found)));
    });
    let (person, scopes) = found.await?.ok_or(Failure::SignInFirst)?;
    let visitor = Visitor { person: Some(person), scopes: Some(scopes), ..start };
    Ok(Recognised { visitor, ..Recognised::default() })
}

/// Who a cookie belongs to. A dead one is a guest's.
fn recognise(
    app: &App,
    start: Visitor,
    token: String,
    counts: bool,
) -> Result<Recognised, Failure> {
    let mut known = Recognised { visitor: start, ..Recognised::default() };
    let Some(found) = app::session::find(app, &token)? else { return Ok(known) };
    if let Some(person) = &found.person
        && app.config.second_factor.wants(person.role)
    {
        let id = person.id;
        known.visitor.owes_second_factor = !app.read(|tx| app::second_factor::is_set_up(tx, id))?;
    }
    known.visitor.session = Some(found.session);
    known.visitor.person = found.person;
    known.csrf = found.csrf;
    known.renewed = found.renewed.then_some(token);
    if counts {
        known.mine = Mine::of(app, &known.visitor)?;
    }
    Ok(known)
}

/// Refuses what another site made a browser send.
async fn prove(shop: &Shop, asker: &Asker, request: Request) -> Result<Request, Fault> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || asker.via == Via::Token {
        return Ok(request);
    }
    let from = origin(shop, request.headers());
    if from == Origin::Elsewhere {
        return Err(Fault::Csrf);
    }
    if asker.via == Via::Nothing {
        return Ok(request);
    }
    let (request, sent) = match header_text(request.headers(), "x-csrf-token") {
        Some(token) => {
            let token = token.to_string();
            (request, token)
        }
        None => {
            // Whoever is known may send pictures: of goods, or of what is wrong with them.
            let most = if asker.visitor.person.is_some() { MOST_UPLOADED } else { MOST };
            body::peek_csrf(request, most).await?
        }
    };
    let same: bool = subtle::ConstantTimeEq::ct_eq(sent.as_bytes(), asker.csrf.as_bytes()).into();
    // A guest's page may be older than their session, which began when something was remembered.
    let older = sent.is_empty() && asker.visitor.person.is_none() && from == Origin::Here;
    if same || older { Ok(request) } else { Err(Fault::Csrf) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Here,
    Elsewhere,
    /// The program does not say: no browser of these years.
    Unsaid,
}

/// Where the browser says the request was made.
fn origin(shop: &Shop, headers: &HeaderMap) -> Origin {
    match header_text(headers, "sec-fetch-site") {
        Some("same-origin" | "none") => return Origin::Here,
        Some(_) => return Origin::Elsewhere,
        None => {}
    }
    let Some(origin) = header_text(headers, header::ORIGIN.as_str()) else { return Origin::Unsaid };
    let host = header_text(headers, header::HOST.as_str()).unwrap_or("");
    let named = origin.split_once("://").map_or("", |(_, host)| host);
    let base = &shop.app.config.base_url;
    if origin == base || (!host.is_empty() && named == host) {
        Origin::Here
    } else {
        Origin::Elsewhere
    }
}

/// Where on the network a request came from: a proxy of ours is believed about the client.
fn place(parts: &Parts, proxies: &Proxies) -> String {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let told = header_text(&parts.headers, "x-forwarded-for")
        .and_then(|list| list.rsplit(',').next())
        .and_then(|last| last.trim().parse::<IpAddr>().ok());
    let address = match (peer, told) {
        (Some(peer), Some(told)) if proxies.has(peer) => Some(told),
        (peer, _) => peer,
    };
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.to_string(),
        // One household has a /64.
        Some(IpAddr::V6(address)) => {
            let s = address.segments();
            format!("{:x}:{:x}:{:x}:{:x}::/64", s[0], s[1], s[2], s[3])
        }
        None => String::new(),
    }
}

/// Whoever asks, signed in or not.
pub struct Anyone(pub Visitor);

/// Somebody with a session: a guest without one is given one now.
pub struct Remembered(pub Visitor);

/// Somebody who is signed in; others are shown the way and come back.
pub struct SignedIn(pub Visitor);

/// A member of staff; others are shown the way in.
pub struct Staff(pub Visitor);

/// The asker of the request in hand. There is one behind every route that uses it.
fn asker(parts: &Parts) -> Result<&Arc<Asker>, Fault> {
    let found = parts.extensions.get::<Arc<Asker>>();
    found.ok_or_else(|| Failure::broken("a request nobody looked at").into())
}

impl FromRequestParts<Shop> for Asker {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, _: &Shop) -> Result<Self, Fault> {
        Ok(Asker::clone(asker(parts)?))
    }
}

impl FromRequestParts<Shop> for Anyone {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, _: &Shop) -> Result<Self, Fault> {
        Ok(Anyone(asker(parts)?.visitor.clone()))
    }
}

impl FromRequestParts<Shop> for Remembered {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Fault> {
        let asker = Arc::clone(asker(parts)?);
        let mut visitor = asker.visitor.clone();
        if visitor.session.is_none() && asker.via != Via::Token {
            let started = act(shop, app::session::start_guest).await?;
            asker.keep_session(&started);
            visitor.session = Some(started.session);
        }
        Ok(Remembered(visitor))
    }
}

impl FromRequestParts<Shop> for SignedIn {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, _: &Shop) -> Result<Self, Response> {
        let asker = asker(parts).map_err(IntoResponse::into_response)?;
        if asker.visitor.person.is_some() {
            return Ok(SignedIn(asker.visitor.clone()));
        }
        if asker.wants_json() {
            return Err(Fault::from(Failure::SignInFirst).into_response());
        }
        Err(Redirect::to(&link::sign_in(&way_back(asker, &parts.headers))).into_response())
    }
}

impl FromRequestParts<Shop> for Staff {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, _: &Shop) -> Result<Self, Response> {
        let asker = asker(parts).map_err(IntoResponse::into_response)?;
        match &asker.visitor.person {
            Some(person) if person.role.is_staff() => {
                let owes = asker.visitor.owes_second_factor && !asker.wants_json();
                if owes && !asker.path.starts_with(link::SECOND_FACTOR) {
                    return Err(Redirect::to(link::SECOND_FACTOR).into_response());
                }
                Ok(Staff(asker.visitor.clone()))
            }
            person if asker.wants_json() => {
                let failure =
                    if person.is_some() { Failure::Forbidden } else { Failure::SignInFirst };
                Err(Fault::from(failure).into_response())
            }
            _ => {
                let next = way_back(asker, &parts.headers);
                Err(Redirect::to(&link::staff_sign_in(&next)).into_response())
            }
        }
    }
}

/// The page to come back to: this one, or the one whose form was sent.
fn way_back(asker: &Asker, headers: &HeaderMap) -> String {
    if asker.method == Method::GET {
        return link::inside(&asker.path);
    }
    let host = header_text(headers, header::HOST.as_str()).unwrap_or("");
    let page = header_text(headers, header::REFERER.as_str())
        .and_then(|referer| referer.split_once("://"))
        .and_then(|(_, rest)| rest.strip_prefix(host))
        .unwrap_or("/");
    link::inside(page)
}
