//! Settings: API tokens and staff.

use askama::Template;

use super::Frame;

#[derive(Template)]
#[template(path = "console/settings/show.html")]
struct Show {
    p: Frame,
    /// Shown once, right after it was made.
    fresh_token: String,
    tokens: Vec<TokenRow>,
    scopes: Vec<ScopeChoice>,
    staff: Vec<StaffRow>,
}

struct TokenRow {
    name: String,
    detail: String,
    revoke: String,
}

struct ScopeChoice {
    value: &'static str,
    label: String,
}

struct StaffRow {
    mark: String,
    name: String,
    detail: String,
    role: String,
    can_remove: bool,
    remove: String,
    ask: String,
}
