//! The line to a provider: one request and its answer, whatever it is.

use std::time::Duration;

use ureq::Agent;
use ureq::http::Request;

use crate::outside::Trouble;

const PATIENCE: Duration = Duration::from_secs(12);
/// A statement of a busy day is some megabytes.
const MOST: u64 = 64 * 1024 * 1024;

/// A request.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// An answer, whatever its status.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    /// In lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether the same again may be answered better: too often, or their side broke.
    pub fn is_later(&self) -> bool {
        self.status >= 500 || matches!(self.status, 408 | 409 | 425 | 429)
    }

    /// Whether it is our settings they do not like: whoever runs the shop can mend that.
    pub fn is_stranger(&self) -> bool {
        matches!(self.status, 401 | 403)
    }
}

/// Carries requests.
pub trait Wire: Send + Sync {
    fn call(&self, ask: &Ask) -> Result<Answer, Trouble>;
}

/// The real thing. Its addresses come from the settings, or from an answer whose signature is
/// right.
pub struct Http(Agent);

impl Default for Http {
    fn default() -> Http {
        Http::new()
    }
}

impl Http {
    pub fn new() -> Http {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .timeout_connect(Some(Duration::from_secs(5)))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(4)
            .user_agent(concat!("Pinwheel/", env!("CARGO_PKG_VERSION")))
            .build();
        Http(Agent::new_with_config(config))
    }
}

impl Wire for Http {
    fn call(&self, ask: &Ask) -> Result<Answer, Trouble> {
        let mut request = Request::builder().method(ask.method).uri(&ask.url);
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let wrong = |why: String| Trouble::Refused(why);
        let away = |why: ureq::Error| Trouble::Away(why.to_string());
        // A request without a body has no length either: some providers sign that they saw none.
        let mut answer = if ask.method == "GET" {
            let request = request.body(()).map_err(|error| wrong(error.to_string()))?;
            self.0.run(request).map_err(away)?
        } else {
            let body = ask.body.clone();
            let request = request.body(body).map_err(|error| wrong(error.to_string()))?;
            self.0.run(request).map_err(away)?
        };
        let text = |value: &ureq::http::HeaderValue| {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str().to_string(), text(value)));
        let headers = headers.collect();
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(MOST).read_to_vec().map_err(away)?;
        Ok(Answer { status, headers, body })
    }
}

/// Name and value pairs as forms send them.
pub fn form(pairs: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    form.finish()
}
