//! The rail: every page of the console, in groups.

use domain::person::{Level, Permission, Role};

use super::part::{NavGroup, NavItem};
use crate::page::Page;

/// A page of the console: address, icon, the id of its name, and who may look at it.
type Entry = (&'static str, &'static str, &'static str, Option<Permission>);

/// Every page that is in the rail.
pub const PAGES: &[Entry] = &[
    ("/console", "home", "console-overview", Some(Permission::Reports)),
    ("/console/orders", "receipt", "console-orders", Some(Permission::Orders)),
    ("/console/delivery", "truck", "console-delivery", Some(Permission::Delivery)),
    ("/console/returns", "refund", "console-returns", Some(Permission::Orders)),
    ("/console/invoices", "receipt", "console-invoices", Some(Permission::Invoices)),
    ("/console/reviews", "star", "console-reviews", Some(Permission::Reviews)),
    ("/console/customers", "me", "console-customers", Some(Permission::Customers)),
    ("/console/customer-groups", "crown", "console-groups", Some(Permission::Prices)),
    ("/console/group-buys", "teams", "console-group-buys", Some(Permission::GroupBuys)),
    ("/console/campaigns", "star", "console-campaigns", Some(Permission::Campaigns)),
    ("/console/saved-lists", "list", "console-lists", Some(Permission::Campaigns)),
    ("/console/products", "box", "console-products", Some(Permission::Goods)),
    ("/console/stock", "list", "console-stock", Some(Permission::Stock)),
    ("/console/import", "upload", "console-import", Some(Permission::Goods)),
    ("/console/synonyms", "search", "console-synonyms", Some(Permission::Goods)),
    ("/console/prices", "receipt", "console-prices", Some(Permission::Prices)),
    ("/console/promotions", "gift", "console-promotions", Some(Permission::Prices)),
    ("/console/coupons", "gift", "console-coupons", Some(Permission::Prices)),
    ("/console/content", "edit", "console-content", Some(Permission::Content)),
    ("/console/tax", "bank", "console-tax", Some(Permission::Prices)),
    ("/console/currencies", "wallet", "console-currencies", Some(Permission::Prices)),
    ("/console/wallets", "wallet", "console-wallets", Some(Permission::Wallets)),
    ("/console/points", "star", "console-points", Some(Permission::Wallets)),
    ("/console/levels", "crown", "console-levels", Some(Permission::Campaigns)),
    ("/console/sellers", "crown", "console-sellers", Some(Permission::Sellers)),
    ("/console/payments", "bank", "console-payments", Some(Permission::Ledger)),
    ("/console/ledger", "book", "console-ledger", Some(Permission::Ledger)),
    ("/console/audit", "shield", "console-audit", Some(Permission::Audit)),
    ("/console/jobs", "clock", "console-jobs", Some(Permission::Jobs)),
    ("/console/outbox", "mail", "console-outbox", Some(Permission::Jobs)),
    ("/console/webhooks", "link", "console-webhooks", Some(Permission::Webhooks)),
    ("/console/staff", "key", "console-staff", Some(Permission::Staff)),
    ("/console/settings", "settings", "console-settings", None),
];

/// The first page; whoever may not look at it is led to another.
pub const HOME: &str = "/console";

/// What belongs to orders and has an address of its own.
const BESIDE: [&str; 4] =
    ["/console/pickups", "/console/refunds", "/console/cases", "/console/drafts"];

/// Pages of the outbox that are for others than the outbox itself.
const BELOW_OUTBOX: [(&str, Permission); 2] = [
    ("/console/outbox/letters", Permission::Content),
    ("/console/outbox/gateways", Permission::Webhooks),
];

/// Who has something to change where orders and returns are: packing is not for whoever answers,
/// nor giving money back for whoever packs.
const WITH_ORDERS: [Permission; 4] =
    [Permission::Orders, Permission::Shipping, Permission::Refunds, Permission::Decisions];

/// Where the groups of the rail end, and what they are called.
pub const GROUPS: &[(usize, &str)] = &[
    (1, ""),
    (11, "console-nav-trade"),
    (19, "console-nav-goods"),
    (28, "console-nav-books"),
    (33, "console-nav-engine"),
];

/// What is narrowed to a seller's own, and so is open to those of a seller's.
const FOR_SELLERS: [&str; 6] = [
    "/console/orders",
    "/console/returns",
    "/console/products",
    "/console/stock",
    "/console/sellers",
    "/console/settings",
];

/// Whether the reader may look at a page.
fn open(page: &Page, entry: &Entry) -> bool {
    if page.role == Role::Seller && !FOR_SELLERS.contains(&entry.0) {
        return false;
    }
    entry.3.is_none_or(|permission| page.grants.may(permission, Level::View))
}

/// The pages the reader may look at.
pub fn open_to(page: &Page) -> impl Iterator<Item = &'static Entry> + '_ {
    PAGES.iter().filter(|entry| open(page, entry))
}

/// Whether the reader may look at what is at `href`, which is a page of the rail or below one.
pub fn leads(page: &Page, href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or(href);
    let below = |of: &str| {
        let rest = path.strip_prefix(of);
        rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with('/') && of != HOME))
    };
    // The words of letters are for whoever writes, their gateways for whoever connects.
    for (of, permission) in BELOW_OUTBOX {
        if below(of) {
            return page.grants.may(permission, Level::View);
        }
    }
    if BESIDE.iter().any(|of| below(of)) {
        return page.role != Role::Seller && page.grants.may(Permission::Orders, Level::View);
    }
    PAGES.iter().find(|entry| below(entry.0)).is_none_or(|entry| open(page, entry))
}

/// Whether the reader may look at the page at `here`, and change nothing there.
pub fn looks_only(page: &Page, here: &str) -> bool {
    let entry = PAGES.iter().find(|(href, ..)| *href == here);
    let permission = entry.and_then(|entry| entry.3);
    let may = |permission: &Permission| page.grants.may(*permission, Level::Change);
    match permission {
        Some(Permission::Orders) => !WITH_ORDERS.iter().any(may),
        permission => permission.is_some_and(|permission| !may(&permission)),
    }
}

/// The rail with the page at `here` marked, and without what the reader may not look at.
pub fn rail(page: &Page, here: &str) -> Vec<NavGroup> {
    let mut from = 0;
    let group = |(end, label): &(usize, &str)| {
        let shown = PAGES[from..*end].iter().filter(|entry| open(page, entry));
        let items = shown.map(|(href, icon, name, _)| NavItem {
            label: page.t(name),
            icon,
            href,
            current: *href == here,
        });
        let items = items.collect();
        from = *end;
        NavGroup { label: if label.is_empty() { String::new() } else { page.t(label) }, items }
    };
    let groups: Vec<NavGroup> = GROUPS.iter().map(group).collect();
    groups.into_iter().filter(|group| !group.items.is_empty()).collect()
}
