//! The console's door: signing in and out.

use askama::Template;

use super::Frame;

#[derive(Template)]
#[template(path = "console/session/new.html")]
struct New {
    p: Frame,
    next: String,
    name: String,
    demo: Vec<DemoPerson>,
}

struct DemoPerson {
    name: String,
    mark: String,
    role: String,
    action: String,
}
