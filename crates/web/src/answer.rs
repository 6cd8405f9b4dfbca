//! Failures as pages and as JSON, once.
//!
//! A handler answers with a `Fault`; on the way out it becomes a page in the visitor's language or,
//! under `/api` and `/hooks`, a problem (RFC 9457). So do the router's own 404 and 405.

use app::failure::{Failure, KeyProblem, Refused};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::locale::Locale;

/// The most bytes of an ordinary body.
pub const MOST: usize = 1 << 20;
/// The most bytes of an upload by staff.
pub const MOST_UPLOADED: usize = 20 << 20;

/// Why a request was not answered as asked.
#[derive(Clone, Debug)]
pub enum Fault {
    /// What the action said.
    Failed(Failure),
    /// Not in the form it should have; why, for the person who wrote the program.
    BadRequest(String),
    /// A body that is not the JSON we take.
    BadJson {
        line: usize,
        column: usize,
        why: String,
    },
    /// A field that cannot be read: where it is and why.
    BadField {
        pointer: String,
        why: String,
    },
    Method,
    TooLarge {
        most: usize,
    },
    TooLong,
    Headers,
    Media {
        types: &'static str,
    },
    /// `If-Match` is needed.
    Precondition,
    /// The form is not from a page of ours, or from one that is too old.
    Csrf,
    Deadline,
    /// The body did not come in time.
    Slow,
    /// An edition of the API that is not spoken here.
    Version,
}

/// The same, for handlers of pages.
pub type AsPage = Fault;
/// The same, for handlers of the API.
pub type AsJson = Fault;

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Fault {
        Fault::Failed(failure)
    }
}

/// A problem as RFC 9457 has it.
#[derive(Clone, Debug, Serialize, describe::ToSchema)]
pub struct Problem {
    /// The problem's stable address in the API's reference.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// The request's id.
    pub instance: String,
    /// The stable code, such as `group_buy.full`.
    pub code: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// What the detail mentions, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub args: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// A field that is wrong.
#[derive(Clone, Debug, Serialize, describe::ToSchema)]
pub struct ProblemField {
    /// A JSON pointer into the body.
    pub pointer: String,
    pub code: String,
    pub detail: String,
}

/// Marks a response that is still to be drawn.
#[derive(Clone, Debug)]
pub struct Undrawn(pub Fault);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Undrawn(self));
        response
    }
}

impl Fault {
    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Fault::Failed(failure) => status_of(failure),
            Fault::BadRequest(_) | Fault::BadJson { .. } | Fault::Version => {
                StatusCode::BAD_REQUEST
            }
            Fault::BadField { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::Method => StatusCode::METHOD_NOT_ALLOWED,
            Fault::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::TooLong => StatusCode::URI_TOO_LONG,
            Fault::Headers => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Fault::Media { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Fault::Precondition => StatusCode::PRECONDITION_REQUIRED,
            Fault::Csrf => StatusCode::FORBIDDEN,
            Fault::Deadline => StatusCode::SERVICE_UNAVAILABLE,
            Fault::Slow => StatusCode::REQUEST_TIMEOUT,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Failed(failure) => failure.code(),
            Fault::BadRequest(_) => "bad_request",
            Fault::BadJson { .. } => "bad_json",
            Fault::BadField { .. } => "bad_field",
            Fault::Method => "method_not_allowed",
            Fault::TooLarge { .. } => "too_large",
            Fault::TooLong => "uri_too_long",
            Fault::Headers => "headers_too_large",
            Fault::Media { .. } => "unsupported_media_type",
            Fault::Precondition => "precondition_required",
            Fault::Csrf => "csrf",
            Fault::Deadline => "deadline",
            Fault::Slow => "slow_body",
            Fault::Version => "unknown_version",
        }
    }

    fn retry_after(&self) -> Option<i64> {
        match self {
            Fault::Failed(Failure::TooMany { retry_after }) => Some(*retry_after),
            Fault::Failed(Failure::Unavailable) => Some(1),
            Fault::Failed(Failure::Refused(refused)) => match refused.code {
                "payment.provider_down" => Some(5),
                "person.too_many_codes" | "person.too_many_tries" => Some(600),
                _ => None,
            },
            Fault::Deadline => Some(5),
            _ => None,
        }
    }

    /// In a few words.
    pub fn title(&self, locale: Locale) -> String {
        locale.say(&format!("{}-title", self.text()))
    }

    /// What is wrong and what helps.
    pub fn detail(&self, locale: Locale) -> String {
        match self {
            Fault::Failed(Failure::Refused(refused)) => refusal(refused, locale),
            Fault::Failed(Failure::TooMany { retry_after }) => {
                locale.with("failure-too-many", "seconds", *retry_after)
            }
            Fault::BadRequest(why) if !why.is_empty() => why.clone(),
            Fault::BadField { why, .. } => why.clone(),
            Fault::BadJson { line, column, why } => {
                locale.tell("failure-bad-json", &[("line", line), ("column", column), ("why", why)])
            }
            Fault::TooLarge { most } => locale.with("failure-too-large", "most", *most),
            Fault::Media { types } => locale.with("failure-media", "types", *types),
            other => locale.say(other.text()),
        }
    }

    /// The id of its text in the catalogues.
    fn text(&self) -> &'static str {
        match self {
            Fault::Failed(failure) => match failure {
                Failure::NotFound => "failure-not-found",
                Failure::SignInFirst => "failure-sign-in-first",
                Failure::Forbidden => "failure-forbidden",
                Failure::Refused(_) => "failure-refused",
                Failure::Stale => "failure-stale",
                Failure::Key(KeyProblem::Missing) => "failure-key-missing",
                Failure::Key(KeyProblem::Malformed) => "failure-key-malformed",
                Failure::Key(KeyProblem::Reused) => "failure-key-reused",
                Failure::TooMany { .. } => "failure-too-many",
                Failure::Unavailable => "failure-unavailable",
                Failure::Broken(_) => "failure-broken",
            },
            Fault::BadRequest(_) | Fault::BadJson { .. } | Fault::BadField { .. } => {
                "failure-bad-request"
            }
            Fault::Method => "failure-method",
            Fault::TooLarge { .. } => "failure-too-large",
            Fault::TooLong => "failure-too-long",
            Fault::Headers => "failure-headers",
            Fault::Media { .. } => "failure-media",
            Fault::Precondition => "failure-precondition",
            Fault::Csrf => "failure-csrf",
            Fault::Deadline => "failure-deadline",
            Fault::Slow => "failure-slow",
            Fault::Version => "failure-version",
        }
    }

    /// The fault as a problem.
    pub fn problem(&self, locale: Locale, request_id: &str) -> Problem {
        let status = self.status();
        let code = self.code();
        let detail = self.detail(locale);
        let (mut args, mut errors) = (None, Vec::new());
        match self {
            Fault::Failed(Failure::Refused(refused)) => {
                args = (refused.args != json!({})).then(|| refused.args.clone());
                if let Some(field) = refused.field {
                    let (pointer, detail) = (format!("/{field}"), detail.clone());
                    errors.push(ProblemField { pointer, code: code.into(), detail });
                }
            }
            Fault::BadField { pointer, why } => errors.push(ProblemField {
                pointer: pointer.clone(),
                code: code.into(),
                detail: why.clone(),
            }),
            _ => {}
        }
        Problem {
            kind: format!("/api#problem-{code}"),
            title: self.title(locale),
            status: status.as_u16(),
            detail,
            instance: request_id.to_string(),
            code: code.into(),
            retryable: matches!(status.as_u16(), 429 | 503),
            args,
            errors,
        }
    }

    /// The fault as a problem's response.
    pub fn as_problem(&self, locale: Locale, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.problem(locale, request_id)).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        (self.status(), [(header::CONTENT_TYPE, kind)], body).into_response()
    }
}

/// The status of an action's failure.
fn status_of(failure: &Failure) -> StatusCode {
    match failure {
        Failure::NotFound => StatusCode::NOT_FOUND,
        Failure::SignInFirst => StatusCode::UNAUTHORIZED,
        Failure::Forbidden => StatusCode::FORBIDDEN,
        Failure::Refused(refused) => match (refused.code, refused.field) {
            ("payment.provider_down", _) => StatusCode::SERVICE_UNAVAILABLE,
            ("person.too_many_codes" | "person.too_many_tries", _) => StatusCode::TOO_MANY_REQUESTS,
            ("share.bad_code", _) => StatusCode::NOT_FOUND,
            ("payment.bad_signature", _) => StatusCode::UNAUTHORIZED,
            ("payment.bad_notice", _) => StatusCode::BAD_REQUEST,
            (_, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            (_, None) => StatusCode::CONFLICT,
        },
        Failure::Stale => StatusCode::PRECONDITION_FAILED,
        Failure::Key(KeyProblem::Reused) => StatusCode::UNPROCESSABLE_ENTITY,
        Failure::Key(_) => StatusCode::BAD_REQUEST,
        Failure::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Failure::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Failure::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The id of a refusal's text: `group_buy.full` is said by `refusal-group-buy-full`.
pub fn refusal_id(code: &str) -> String {
    format!("refusal-{}", code.replace(['.', '_'], "-"))
}

/// A refusal in words.
pub fn refusal(refused: &Refused, locale: Locale) -> String {
    locale.tell_json(&refusal_id(refused.code), &refused.args)
}

/// A failure in words, for a form that is shown again or a notice on a page.
pub fn words(failure: &Failure, locale: Locale) -> String {
    Fault::Failed(failure.clone()).detail(locale)
}

/// What a response without a body of ours means, by its status: the router's own refusals.
pub fn of_status(status: StatusCode) -> Fault {
    match status {
        StatusCode::NOT_FOUND => Fault::Failed(Failure::NotFound),
        StatusCode::UNAUTHORIZED => Fault::Failed(Failure::SignInFirst),
        StatusCode::FORBIDDEN => Fault::Failed(Failure::Forbidden),
        StatusCode::METHOD_NOT_ALLOWED => Fault::Method,
        StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge { most: MOST },
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Fault::Media { types: "application/json" },
        StatusCode::SERVICE_UNAVAILABLE => Fault::Failed(Failure::Unavailable),
        status if status.is_client_error() => Fault::BadRequest(String::new()),
        _ => Fault::Failed(Failure::broken(status)),
    }
}

/// The name of the request's id, in both directions.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
