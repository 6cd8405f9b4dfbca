//! Orders: the list with its filter sentence, one order with what to do next.

use askama::Template;

use super::Frame;
use super::part::{Empty, Fact, Filter, Pager, When};

#[derive(Template)]
#[template(path = "console/order/list.html")]
struct List {
    p: Frame,
    empty: Option<Empty>,
    filter: Filter,
    export_href: String,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    number: String,
    shopper: String,
    goods: String,
    tone: &'static str,
    status: String,
    team: bool,
    total: String,
    at: When,
}

#[derive(Template)]
#[template(path = "console/order/show.html")]
struct Show {
    p: Frame,
    number: String,
    href: String,
    key: String,
    tone: &'static str,
    status: String,
    summary: String,
    can_cancel: bool,
    can_refund: bool,
    can_ship: bool,
    can_complete: bool,
    next_tone: &'static str,
    next_title: String,
    next_text: String,
    next_href: String,
    next_action: String,
    ship_carrier: String,
    ship_tracking: String,
    carriers: Vec<String>,
    lines: Vec<LineRow>,
    sums: Vec<Sum>,
    facts: Vec<Fact>,
    events: Vec<EventRow>,
    refund_title: String,
    refund_act: String,
    refund_effects: Vec<String>,
    cancel_title: String,
    cancel_effects: Vec<String>,
}

struct LineRow {
    picture: String,
    title: String,
    variant: String,
    href: String,
    unit: String,
    quantity: String,
    total: String,
}

struct Sum {
    label: String,
    value: String,
    strong: bool,
}

struct EventRow {
    tone: &'static str,
    text: String,
    detail: String,
    who: String,
    at: When,
}
