//! What a request says by itself: its cookies, its token, and what its address asks for.

use axum::http::{HeaderMap, Uri, header};

use super::GUARDED;
use crate::locale::Locale;

/// The cookies of a request.
pub struct Cookies<'h>(Vec<(&'h str, &'h str)>);

impl<'h> Cookies<'h> {
    pub fn of(headers: &'h HeaderMap) -> Cookies<'h> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';'));
        Cookies(pairs.filter_map(|pair| pair.trim().split_once('=')).collect())
    }

    /// A cookie that only we may set.
    pub fn guarded(&self, name: &str, secure: bool) -> Option<&'h str> {
        if secure { self.get(&format!("{GUARDED}{name}")) } else { self.get(name) }
    }

    pub fn get(&self, name: &str) -> Option<&'h str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
    }
}

pub fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The token of a program, whatever it is. Who comes with one is its owner or refused: a cookie
/// beside it does not count. Other schemes are a proxy's in front of us.
pub fn bearer(value: &[u8]) -> Option<String> {
    let (scheme, token) = match value.iter().position(|byte| *byte == b' ') {
        Some(space) => value.split_at(space),
        None => (value, &[][..]),
    };
    let ours = scheme.eq_ignore_ascii_case(b"bearer");
    ours.then(|| String::from_utf8_lossy(token).trim().to_string())
}

/// What an address says of this name after its `?`.
pub fn asked(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query()?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(asked, _)| asked == name).map(|(_, value)| value.into_owned())
}

pub fn chosen_language(uri: &Uri) -> Option<Locale> {
    let lang = asked(uri, "lang")?;
    Locale::ALL.into_iter().find(|locale| locale.code() == lang)
}
