//! What programs send: bodies, queries, ids, keys and preconditions, each refused in one way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::failure::{Failure, KeyProblem};
use app::{App, Visitor};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::header;
use axum::http::request::Parts;
use describe::IntoParams;
use domain::id::{Id, Kind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Shop;
use crate::answer::Fault;
use crate::form::{self, MOST};
use crate::visitor::{Anyone, Asker};

/// How deep JSON may be nested.
const DEEPEST: usize = 32;
/// How many things a list in JSON may hold.
const LONGEST: usize = 1_000;

/// A JSON body.
pub struct Body<T>(pub T);

/// A JSON body that is a list.
pub struct Items<T>(pub Vec<T>);

/// A JSON body with the key under which its effect happens once, and the visitor who has both.
pub struct Keyed<T> {
    pub visitor: Visitor,
    pub body: T,
    pub again: Again,
}

/// Whether the answer had been given before; known after the action.
pub struct Again(Arc<AtomicBool>);

impl Again {
    pub fn yes(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A body that may be left out.
#[derive(Clone, Copy, Debug, Default, Deserialize, describe::ToSchema)]
pub struct Nothing {}

/// What is asked in the address after `?`.
pub struct Query<T>(pub T);

/// The id in the address. What is no id of this kind is not found.
pub struct At<T>(pub Id<T>);

/// The text in the address.
pub struct Named(pub String);

/// The version the program read, from `If-Match`.
pub struct IfMatch(pub i64);

/// Where a list begins and how long it is.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The key of a request whose effect happens once.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct KeyHeader {
    /// 16 to 255 visible characters of your choice, best a UUID. The same request with the same key
    /// has one effect and is answered alike, with `Idempotency-Replayed: true`.
    #[param(rename = "Idempotency-Key", min_length = 16, max_length = 255)]
    pub key: String,
}

/// The version that is to be changed.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct MatchHeader {
    /// The `ETag` that was read.
    #[param(rename = "If-Match")]
    pub version: String,
}

/// The query of a list that has only a beginning and a length.
impl PageQuery {
    /// The length, checked.
    pub fn limit(&self) -> Result<i64, Fault> {
        match self.limit.unwrap_or(20) {
            limit @ 1..=100 => Ok(limit),
            _ => Err(Fault::BadRequest("limit is 1 to 100".into())),
        }
    }
}

async fn bytes(request: Request) -> Result<Vec<u8>, Fault> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("").to_string();
    let body = form::body(request.into_body(), MOST).await?;
    let json = kind.starts_with("application/json") || kind.contains("+json");
    if !json && !body.is_empty() {
        return Err(Fault::Media { types: "application/json" });
    }
    Ok(body.to_vec())
}

/// What a body is at its outside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    Object,
    List,
}

/// The bytes as JSON within its limits, and as the input of an action.
fn read<T: DeserializeOwned>(bytes: &[u8], wants: Wants) -> Result<(Value, T), Fault> {
    let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { bytes };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| Fault::BadJson {
        line: error.line(),
        column: error.column(),
        why: plain(&error.to_string()),
    })?;
    within(&value, DEEPEST)?;
    // Serde would fill a struct from a list, field by field.
    if value.is_array() != (wants == Wants::List) {
        let wants = if wants == Wants::List { "a list" } else { "an object" };
        return Err(Fault::BadRequest(format!("the body is {wants} in JSON")));
    }
    let typed = T::deserialize(&value).map_err(|error| Fault::BadField {
        pointer: field_of(&error.to_string()),
        why: error.to_string(),
    })?;
    Ok((value, typed))
}

/// The message without the place, which is told by itself.
fn plain(message: &str) -> String {
    message.split(" at line ").next().unwrap_or("").to_string()
}

/// The field a message of serde names, as a pointer.
fn field_of(message: &str) -> String {
    let named = message.split_once("field `").and_then(|(_, rest)| rest.split_once('`'));
    named.map_or(String::new(), |(field, _)| format!("/{field}"))
}

fn within(value: &Value, deeper: usize) -> Result<(), Fault> {
    let too = |what: &str| Err(Fault::BadRequest(what.to_string()));
    if deeper == 0 {
        return too("the JSON is nested deeper than 32");
    }
    match value {
        Value::Array(items) if items.len() > LONGEST => too("a list holds more than 1000 things"),
        Value::Array(items) => items.iter().try_for_each(|item| within(item, deeper - 1)),
        Value::Object(fields) => fields.values().try_for_each(|item| within(item, deeper - 1)),
        _ => Ok(()),
    }
}

impl<T: DeserializeOwned> FromRequest<Shop> for Body<T> {
    type Rejection = Fault;
    async fn from_request(request: Request, _: &Shop) -> Result<Self, Fault> {
        Ok(Body(read(&bytes(request).await?, Wants::Object)?.1))
    }
}

impl<T: DeserializeOwned> FromRequest<Shop> for Items<T> {
    type Rejection = Fault;
    async fn from_request(request: Request, _: &Shop) -> Result<Self, Fault> {
        Ok(Items(read(&bytes(request).await?, Wants::List)?.1))
    }
}

fn staff_only(path: &str) -> bool {
    path.starts_with("/api/v1/staff/")
}

impl<T: DeserializeOwned> FromRequest<Shop> for Keyed<T> {
    type Rejection = Fault;
    async fn from_request(request: Request, shop: &Shop) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        let Anyone(visitor) = Anyone::from_request_parts(&mut parts, shop).await?;
        // Who may not do it anyway is told so before anything is read.
        match &visitor.person {
            None => return Err(Failure::SignInFirst.into()),
            Some(person) if staff_only(parts.uri.path()) && !person.role.is_staff() => {
                return Err(Failure::Forbidden.into());
            }
            Some(_) => {}
        }
        let to = format!("{} {}", parts.method, parts.uri.path());
        let key = parts.headers.get("idempotency-key");
        let key = key.ok_or(Failure::Key(KeyProblem::Missing))?;
        let key = key.to_str().map_err(|_| Failure::Key(KeyProblem::Malformed))?.to_string();
        let bytes = bytes(Request::from_parts(parts, body)).await?;
        let (value, body) = read(&bytes, Wants::Object)?;
        // Objects are kept in the order of their names, so this text is one for one meaning.
        let visitor = visitor.with_key(&key, &format!("{to}\n{value}"))?;
        let again = Again(visitor.key.as_ref().map(|key| key.replayed.clone()).unwrap_or_default());
        Ok(Keyed { visitor, body, again })
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<Shop> for Query<T> {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, _: &Shop) -> Result<Self, Fault> {
        let read = serde_urlencoded::from_str(parts.uri.query().unwrap_or(""));
        Ok(Query(read.map_err(|error| Fault::BadRequest(error.to_string()))?))
    }
}

/// The last thing named in the route's path.
async fn last(parts: &mut Parts, shop: &Shop) -> Result<String, Fault> {
    let params = RawPathParams::from_request_parts(parts, shop).await;
    let params = params.map_err(|_| Failure::NotFound)?;
    let found = params.iter().last().map(|(_, value)| value.to_string());
    found.ok_or_else(|| Failure::NotFound.into())
}

impl<T: Kind> FromRequestParts<Shop> for At<T> {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Fault> {
        let text = last(parts, shop).await?;
        Id::parse(&text).map(At).ok_or_else(|| Failure::NotFound.into())
    }
}

impl FromRequestParts<Shop> for Named {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Fault> {
        Ok(Named(last(parts, shop).await?))
    }
}

impl FromRequestParts<Shop> for IfMatch {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Fault> {
        let asker = Asker::from_request_parts(parts, shop).await?;
        // Who may not change it anyway is told so, not what a change would need.
        if asker.visitor.person.is_none() {
            return Err(Failure::SignInFirst.into());
        }
        let given = parts.headers.get(header::IF_MATCH).ok_or(Fault::Precondition)?;
        let text = given.to_str().unwrap_or("").trim();
        let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        // A tag that is not one of ours is a version we no longer have.
        let version = version.and_then(|version| version.parse().ok());
        version.map(IfMatch).ok_or_else(|| Failure::Stale.into())
    }
}

/// Does `work` unless its key was answered already, and keeps its answer. For actions of several
/// transactions, each of which happens at most once by itself: the key makes the answers alike.
pub fn once_after<T: Serialize + DeserializeOwned + Clone>(
    app: &App,
    visitor: &Visitor,
    effect: &str,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    // A key that is new is not kept yet: the refusal takes its row back.
    match app.once(visitor, effect, |_| Err(Failure::NotFound)) {
        Err(Failure::NotFound) => {}
        other => return other.map(|answer| answer.value),
    }
    let done = work()?;
    app.once(visitor, effect, |tx| {
        let effect: Id<domain::event::Event> = tx.id();
        Ok((done.clone(), effect.0))
    })?;
    // A twin may have kept its answer first; both say what was done.
    Ok(done)
}
