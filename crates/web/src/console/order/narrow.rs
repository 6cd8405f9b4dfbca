//! What the list of orders is narrowed to: as its address says it, as the filter means it, and as
//! the sentence above the list puts it.

use app::order_desk::looks::{COUNTED, Look};
use app::order_desk::{self, Sort};
use domain::catalog::Product;
use domain::group_buy::GroupBuy;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::Status;
use domain::person::Person;
use domain::risk_hint::Kind;
use serde::Deserialize;

use super::HERE;
use crate::console::part::{Choice, Filter, FilterPart, ViewLink};
use crate::console::{Frame, address, fields};

/// What the list is narrowed to, as its address says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub status: String,
    pub q: String,
    pub team: String,
    pub days: String,
    pub paid: String,
    /// Days as `2026-11-21`.
    pub from: String,
    pub to: String,
    /// Amounts as people type them.
    pub least: String,
    pub most: String,
    pub way: String,
    pub region: String,
    pub product: String,
    pub sku: String,
    pub tag: String,
    pub buyer: String,
    pub group_buy: String,
    pub note: String,
    pub returns: String,
    pub hint: String,
    pub sort: String,
    pub cursor: String,
}

fn yes(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn said(flag: Option<bool>) -> String {
    flag.map_or("", |flag| if flag { "yes" } else { "no" }).to_string()
}

/// The midnight a day of the shop begins with.
fn midnight(day: &str) -> Option<Moment> {
    let there = Moment::parse(&format!("{day}T00:00:00Z"))?;
    let zone = app::shop::zone_at(there).ok()?;
    Some(there.minus(zone))
}

fn day(at: Moment) -> String {
    let zone = app::shop::zone_at(at).unwrap_or(domain::moment::Span(0));
    at.plus(zone).rfc3339().chars().take(10).collect()
}

impl Asked {
    /// Every part with its name, but for where in the list one is.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("status", &self.status),
            ("q", &self.q),
            ("team", &self.team),
            ("days", &self.days),
            ("paid", &self.paid),
            ("from", &self.from),
            ("to", &self.to),
            ("least", &self.least),
            ("most", &self.most),
            ("way", &self.way),
            ("region", &self.region),
            ("product", &self.product),
            ("sku", &self.sku),
            ("tag", &self.tag),
            ("buyer", &self.buyer),
            ("group_buy", &self.group_buy),
            ("note", &self.note),
            ("returns", &self.returns),
            ("hint", &self.hint),
            ("sort", &self.sort),
        ]
    }

    /// The address of the list so narrowed, with one part said otherwise.
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut pairs = self.pairs();
        for pair in pairs.iter_mut().filter(|pair| pair.0 == name) {
            pair.1 = value;
        }
        address(HERE, &pairs)
    }

    /// What it means.
    pub fn filter(&self, currency: Currency) -> order_desk::Filter {
        let amount = |text: &str| fields::amount(text, currency).map(|money| money.minor);
        order_desk::Filter {
            status: Status::parse(&self.status),
            paid: yes(&self.paid),
            in_team: yes(&self.team),
            query: self.q.clone(),
            placed_after: midnight(&self.from),
            // The last day is within.
            placed_before: midnight(&self.to).map(|at| at.plus(domain::moment::Span::days(1))),
            days: self.days.parse().ok().filter(|days| (1..=3_650).contains(days)),
            total_from: amount(&self.least),
            total_to: amount(&self.most),
            shipping_method: self.way.clone(),
            region: self.region.clone(),
            product: Id::<Product>::parse(&self.product),
            sku: self.sku.clone(),
            tag: self.tag.clone(),
            buyer: Id::<Person>::parse(&self.buyer),
            group_buy: Id::<GroupBuy>::parse(&self.group_buy),
            seller: None,
            has_note: yes(&self.note),
            has_return: yes(&self.returns),
            hint: self.hint.clone(),
            sort: Sort::parse(&self.sort).unwrap_or_default(),
        }
    }

    /// A filter that was kept, as an address says it.
    pub fn of(filter: &order_desk::Filter, currency: Currency) -> Asked {
        let amount = |minor: Option<i64>| {
            minor.map_or(String::new(), |minor| Money::new(minor, currency).decimal())
        };
        let before = filter.placed_before.map(|at| at.minus(domain::moment::Span::days(1)));
        Asked {
            status: filter.status.map_or(String::new(), |status| status.code().to_string()),
            q: filter.query.clone(),
            team: said(filter.in_team),
            days: filter.days.map_or(String::new(), |days| days.to_string()),
            paid: said(filter.paid),
            from: filter.placed_after.map_or(String::new(), day),
            to: before.map_or(String::new(), day),
            least: amount(filter.total_from),
            most: amount(filter.total_to),
            way: filter.shipping_method.clone(),
            region: filter.region.clone(),
            product: filter.product.map_or(String::new(), |id| id.to_string()),
            sku: filter.sku.clone(),
            tag: filter.tag.clone(),
            buyer: filter.buyer.map_or(String::new(), |id| id.to_string()),
            group_buy: filter.group_buy.map_or(String::new(), |id| id.to_string()),
            note: said(filter.has_note),
            returns: said(filter.has_return),
            hint: filter.hint.clone(),
            sort: match filter.sort {
                Sort::Newest => String::new(),
                other => other.code().to_string(),
            },
            cursor: String::new(),
        }
    }
}

/// The parts of the filter that are asked for less often.
pub struct More {
    pub open: bool,
    pub selects: Vec<FilterPart>,
    pub inputs: Vec<Input>,
    /// What the form keeps of the address without showing it.
    pub hidden: Vec<(&'static str, String)>,
}

/// A line to write.
pub struct Input {
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub kind: &'static str,
    /// The list of what is offered while typing; empty for none.
    pub list: &'static str,
}

const IN_SENTENCE: [&str; 4] = ["days", "team", "sort", "q"];
const IN_MORE: [&str; 13] = [
    "paid", "from", "to", "least", "most", "way", "region", "sku", "tag", "note", "returns",
    "hint", "product",
];

fn hidden(asked: &Asked, shown: &[&str]) -> Vec<(&'static str, String)> {
    let pairs = asked.pairs().into_iter();
    let kept = pairs.filter(|(name, value)| !shown.contains(name) && !value.is_empty());
    kept.map(|(name, value)| (name, value.to_string())).collect()
}

fn select(
    p: &Frame,
    label: &str,
    name: &'static str,
    value: &str,
    of: &[(&str, &str)],
) -> FilterPart {
    let options = of.iter().map(|(value, id)| (value.to_string(), p.t(id)));
    FilterPart {
        label: p.t(label),
        name,
        set: !value.is_empty(),
        options: Choice::among(value, options),
    }
}

/// The less common parts; `ways` are the ways to ship, code and name.
pub fn more(p: &Frame, asked: &Asked, ways: &[(String, String)]) -> More {
    let set =
        IN_MORE.iter().any(|name| asked.pairs().iter().any(|(n, v)| n == name && !v.is_empty()));
    let any = ("", "console-any");
    let flag = |label: &str, name, value: &str| {
        select(p, label, name, value, &[any, ("yes", "console-yes"), ("no", "console-no")])
    };
    let way_options =
        std::iter::once((String::new(), p.t("console-any"))).chain(ways.iter().cloned());
    let hints = Kind::ALL.map(|kind| (kind.code().to_string(), p.t(&hint_id(kind))));
    let hint_options =
        [(String::new(), p.t("console-any")), ("any".into(), p.t("console-hint-any"))]
            .into_iter()
            .chain(hints);
    let part = |label: &str, name, value: &str, options: Vec<Choice>| FilterPart {
        label: p.t(label),
        name,
        set: !value.is_empty(),
        options,
    };
    let input = |label: &str, name, value: &str, kind, list| Input {
        name,
        label: p.t(label),
        value: value.to_string(),
        kind,
        list,
    };
    More {
        open: set,
        selects: vec![
            flag("console-filter-paid", "paid", &asked.paid),
            part("console-filter-way", "way", &asked.way, Choice::among(&asked.way, way_options)),
            flag("console-filter-note", "note", &asked.note),
            flag("console-filter-returns", "returns", &asked.returns),
            part(
                "console-filter-hint",
                "hint",
                &asked.hint,
                Choice::among(&asked.hint, hint_options),
            ),
        ],
        inputs: vec![
            input("console-filter-from", "from", &asked.from, "date", ""),
            input("console-filter-to", "to", &asked.to, "date", ""),
            input("console-filter-least", "least", &asked.least, "text", ""),
            input("console-filter-most", "most", &asked.most, "text", ""),
            input("console-filter-region", "region", &asked.region, "text", ""),
            input("console-sku", "sku", &asked.sku, "text", ""),
            input("console-filter-tag", "tag", &asked.tag, "text", "tags"),
        ],
        hidden: hidden(
            asked,
            &[
                "paid", "from", "to", "least", "most", "way", "region", "sku", "tag", "note",
                "returns", "hint",
            ],
        ),
    }
}

/// The id of what a hint is called.
pub fn hint_id(kind: Kind) -> String {
    format!("console-hint-{}", kind.code().replace('_', "-"))
}

/// The sentence above the list, with the tabs: states, then what was kept.
pub fn sentence(
    p: &Frame,
    asked: &Asked,
    counts: &[(Status, i64)],
    looks: &[Look],
    currency: Currency,
) -> Filter {
    let count = |status| counts.iter().find(|(s, _)| *s == status).map_or(0, |(_, n)| *n);
    let here = asked.with("", "");
    let kept = looks.iter().map(|look| {
        let href = Asked::of(&look.filter, currency).with("", "");
        ViewLink {
            label: look.name.clone(),
            count: match look.count {
                COUNTED => "999+".into(),
                n => p.num(n),
            },
            current: href == here,
            href,
        }
    });
    let kept: Vec<ViewLink> = kept.collect();
    let elsewhere = kept.iter().any(|view| view.current);
    let view = |status: Option<Status>| {
        let code = status.map_or("", Status::code);
        ViewLink {
            href: asked.with("status", code),
            label: match status {
                Some(status) => p.t(&format!("console-status-{}", status.code())),
                None => p.t("console-orders-all"),
            },
            count: status.map_or(String::new(), |status| p.num(count(status))),
            current: asked.status == code && !elsewhere,
        }
    };
    let always = [Status::ToShip, Status::AwaitingTeam, Status::PendingPayment, Status::Shipped];
    let rare = [
        Status::AwaitingTaker,
        Status::Delivered,
        Status::Completed,
        Status::Refunding,
        Status::Refunded,
        Status::LatePaid,
        Status::Cancelled,
    ];
    let mut views = vec![view(None)];
    views.extend(always.map(|status| view(Some(status))));
    views.extend(kept);
    views.extend(rare.into_iter().filter(|s| count(*s) > 0).map(|status| view(Some(status))));
    let narrowed = asked.pairs().iter().any(|(name, value)| *name != "status" && !value.is_empty());
    Filter {
        action: HERE.into(),
        views,
        parts: vec![
            select(
                p,
                "console-placed",
                "days",
                &asked.days,
                &[
                    ("", "console-days-any"),
                    ("1", "console-days-1"),
                    ("7", "console-days-7"),
                    ("30", "console-days-30"),
                ],
            ),
            select(
                p,
                "console-order-kind",
                "team",
                &asked.team,
                &[
                    ("", "console-order-kind-any"),
                    ("yes", "console-order-kind-team"),
                    ("no", "console-order-kind-alone"),
                ],
            ),
            select(
                p,
                "console-sort",
                "sort",
                &asked.sort,
                &[
                    ("", "console-sort-newest"),
                    ("oldest", "console-sort-oldest"),
                    ("dearest", "console-sort-dearest"),
                    ("cheapest", "console-sort-cheapest"),
                ],
            ),
        ],
        hidden: hidden(asked, &IN_SENTENCE),
        search_label: p.t("console-order-search"),
        q: asked.q.clone(),
        narrowed,
    }
}
