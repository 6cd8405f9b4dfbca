//! The command palette: pages, actions, orders, products and group buys by a few letters.

use askama::Template;
use serde::Serialize;

use super::Frame;

#[derive(Template)]
#[template(path = "console/search.html")]
struct Show {
    p: Frame,
    q: String,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    label: String,
    items: Vec<Hit>,
}

#[derive(Serialize)]
struct Hit {
    href: String,
    icon: &'static str,
    label: String,
    detail: String,
}
