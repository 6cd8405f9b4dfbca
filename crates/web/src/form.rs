//! What people fill in: read once, shown again with what was wrong, and done once per key.
//!
//! A form carries `csrf` (checked before its handler runs) and, where it has an effect that must
//! happen once, `key`: the key was drawn with the page, so that a double click, a reload and a
//! resubmission are one effect. `_csrf` and `_key` are read as well.

use std::str::FromStr;

use app::Visitor;
use app::failure::Failure;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use domain::id::{Id, Kind};
use serde::de::DeserializeOwned;

use crate::Shop;
use crate::answer::{self, Fault};
use crate::body::content_type;
use crate::locale::Locale;

pub use crate::answer::{MOST, MOST_UPLOADED};
pub use crate::body::body;

/// A form that was sent: its fields in order.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    /// `POST /checkout`: what the fields were sent to.
    to: String,
}

/// A form with files.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    pub form: Form,
    pub files: Vec<File>,
}

/// A file that came with a form.
#[derive(Clone, Debug)]
pub struct File {
    /// The field it was chosen in.
    pub field: String,
    pub name: String,
    pub bytes: Bytes,
}

impl Upload {
    /// The file of a field, if one was chosen.
    pub fn file(&self, field: &str) -> Option<&File> {
        self.files.iter().find(|file| file.field == field && !file.bytes.is_empty())
    }
}

impl Form {
    /// A form as tests and links make it.
    pub fn of(pairs: &[(&str, &str)]) -> Form {
        let fields = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        Form { fields: fields.collect(), to: String::new() }
    }

    /// A field's text without the space around it; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.maybe(name).unwrap_or("")
    }

    /// A field's text as it was typed.
    pub fn raw(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// A field's text, when it was sent and is not empty.
    pub fn maybe(&self, name: &str) -> Option<&str> {
        Some(self.raw(name).trim()).filter(|value| !value.is_empty())
    }

    /// Every value of a field: boxes that were ticked, rows of a table.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(n, _)| n == name).map(|(_, value)| value.trim()).collect()
    }

    /// Whether a box was ticked.
    pub fn is_on(&self, name: &str) -> bool {
        !matches!(self.get(name), "" | "0" | "false" | "off")
    }

    /// Every field in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A number, an amount or anything that is read from text.
    pub fn parse<T: FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).parse().ok()
    }

    /// Which one of a kind of things; what is no id is not found.
    pub fn id<T: Kind>(&self, name: &str) -> Result<Id<T>, Failure> {
        Id::parse(self.get(name)).ok_or(Failure::NotFound)
    }

    /// The whole form as an input of an action. Fields that are not its are passed over.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let text = serde_urlencoded::to_string(&self.fields)
            .map_err(|error| Fault::BadRequest(error.to_string()))?;
        serde_urlencoded::from_str(&text).map_err(|error| Fault::BadRequest(error.to_string()))
    }

    /// The form's idempotency key: draw it with `Page::new_key` into the hidden field `key`.
    pub fn key(&self) -> &str {
        let key = self.get("key");
        if key.is_empty() { self.get("_key") } else { key }
    }

    /// The visitor with the form's key: what the action does, it does once.
    pub fn keyed(&self, visitor: Visitor) -> Result<Visitor, Failure> {
        if self.key().is_empty() {
            return Ok(visitor);
        }
        visitor.with_key(self.key(), &self.fingerprint())
    }

    /// What must be the same when the key comes back.
    fn fingerprint(&self) -> String {
        let mut text = self.to.clone();
        let hidden = ["csrf", "_csrf", "key", "_key"];
        for (name, value) in self.fields().filter(|(name, _)| !hidden.contains(name)) {
            text.push_str(&format!("\n{name}={}:{value}", value.len()));
        }
        text
    }
}

/// What was wrong with a form, in words.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    /// What is not about one field; empty when there is nothing.
    pub summary: String,
    fields: Vec<(String, String)>,
}

impl Errors {
    /// Nothing was wrong.
    pub fn none() -> Errors {
        Errors::default()
    }

    /// What an action refused, to show the form again with. Other failures are not the form's.
    pub fn of(failure: Failure, locale: Locale) -> Result<Errors, Fault> {
        match &failure {
            Failure::Refused(refused) => {
                let said = answer::refusal(refused, locale);
                Ok(match refused.field {
                    Some(field) => {
                        Errors { summary: String::new(), fields: vec![(field.to_string(), said)] }
                    }
                    None => Errors { summary: said, fields: Vec::new() },
                })
            }
            Failure::Stale | Failure::TooMany { .. } => {
                Ok(Errors { summary: answer::words(&failure, locale), fields: Vec::new() })
            }
            _ => Err(failure.into()),
        }
    }

    /// One more thing that is wrong.
    pub fn add(&mut self, field: &str, said: String) {
        self.fields.push((field.to_string(), said));
    }

    /// What is wrong with a field; empty when nothing is.
    pub fn get(&self, field: &str) -> &str {
        self.fields.iter().find(|(name, _)| name == field).map_or("", |(_, said)| said)
    }

    pub fn has(&self, field: &str) -> bool {
        !self.get(field).is_empty()
    }

    pub fn is_empty(&self) -> bool {
        self.summary.is_empty() && self.fields.is_empty()
    }

    /// Everything that is wrong, for a list at the top.
    pub fn all(&self) -> Vec<&str> {
        let summary = Some(self.summary.as_str()).filter(|said| !said.is_empty());
        summary.into_iter().chain(self.fields.iter().map(|(_, said)| said.as_str())).collect()
    }
}

impl FromRequest<Shop> for Form {
    type Rejection = Fault;
    async fn from_request(request: Request, shop: &Shop) -> Result<Self, Fault> {
        let upload = if is_multipart(&request) {
            read_parts(request, shop).await?
        } else {
            read_fields(request).await?
        };
        Ok(upload.form)
    }
}

impl FromRequest<Shop> for Upload {
    type Rejection = Fault;
    async fn from_request(request: Request, shop: &Shop) -> Result<Self, Fault> {
        if is_multipart(&request) {
            read_parts(request, shop).await
        } else {
            read_fields(request).await
        }
    }
}

async fn read_fields(request: Request) -> Result<Upload, Fault> {
    let to = sent_to(&request);
    let body = body(request.into_body(), MOST).await?;
    let fields = form_urlencoded::parse(&body).into_owned().collect();
    Ok(Upload { form: Form { fields, to }, files: Vec::new() })
}

async fn read_parts(request: Request, shop: &Shop) -> Result<Upload, Fault> {
    let mut upload = Upload::default();
    upload.form.to = sent_to(&request);
    let bad =
        |error: axum::extract::multipart::MultipartError| Fault::BadRequest(error.body_text());
    let parts = Multipart::from_request(request, shop).await;
    let mut parts = parts.map_err(|error| Fault::BadRequest(error.body_text()))?;
    while let Some(part) = parts.next_field().await.map_err(bad)? {
        let field = part.name().unwrap_or("").to_string();
        match part.file_name().map(str::to_string) {
            Some(name) => {
                let bytes = part.bytes().await.map_err(bad)?;
                upload.files.push(File { field, name, bytes });
            }
            None => {
                let value = part.text().await.map_err(bad)?;
                upload.form.fields.push((field, value));
            }
        }
    }
    Ok(upload)
}

fn sent_to(request: &Request) -> String {
    format!("{} {}", request.method(), request.uri().path())
}

fn is_multipart(request: &Request) -> bool {
    content_type(request).starts_with("multipart/form-data")
}
