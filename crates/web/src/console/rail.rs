//! The rail: every page of the console, in groups.

use super::part::{NavGroup, NavItem};
use crate::page::Page;

/// Pages of the console: address, icon, the id of its name; `None` begins a group.
pub const PAGES: &[(&str, &str, &str)] = &[
    ("/console", "home", "console-overview"),
    ("/console/orders", "receipt", "console-orders"),
    ("/console/delivery", "truck", "console-delivery"),
    ("/console/returns", "refund", "console-returns"),
    ("/console/reviews", "star", "console-reviews"),
    ("/console/group-buys", "teams", "console-group-buys"),
    ("/console/products", "box", "console-products"),
    ("/console/stock", "list", "console-stock"),
    ("/console/import", "upload", "console-import"),
    ("/console/synonyms", "search", "console-synonyms"),
    ("/console/ledger", "book", "console-ledger"),
    ("/console/audit", "shield", "console-audit"),
    ("/console/jobs", "clock", "console-jobs"),
    ("/console/outbox", "mail", "console-outbox"),
    ("/console/webhooks", "link", "console-webhooks"),
    ("/console/settings", "settings", "console-settings"),
];

/// Where the groups of the rail end, and what they are called.
pub const GROUPS: &[(usize, &str)] = &[
    (1, ""),
    (6, "console-nav-trade"),
    (10, "console-nav-goods"),
    (12, "console-nav-books"),
    (16, "console-nav-engine"),
];

/// The rail with the page at `here` marked.
pub fn rail(page: &Page, here: &str) -> Vec<NavGroup> {
    let mut from = 0;
    let group = |(end, label): &(usize, &str)| {
        let items = PAGES[from..*end].iter().map(|(href, icon, name)| NavItem {
            label: page.t(name),
            icon,
            href,
            current: *href == here,
        });
        let items = items.collect();
        from = *end;
        NavGroup { label: if label.is_empty() { String::new() } else { page.t(label) }, items }
    };
    GROUPS.iter().map(group).collect()
}
