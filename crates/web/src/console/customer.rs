//! Customers: the list with its filter sentence, and tags for several at once.

use app::customer::{self, AddCustomer, Counts, CustomerRow, Look, Sort, Tag};
use app::failure::Failure;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::routing::{get, post};
use domain::customer::Purpose;
use domain::id::Id;
use domain::moment::Span;
use serde::Deserialize;

use super::part::{Choice, Empty, Filter, FilterPart, Pager, ViewLink, When};
use super::{Answer, Desk, Frame, address};
use crate::Shop;
use crate::answer::Fault;
use crate::form::Form;

pub mod alike;
pub mod file;
pub mod show;

#[derive(Template)]
#[template(path = "console/customer/list.html")]
struct List {
    p: Frame,
    filter: Filter,
    empty: Option<Empty>,
    rows: Vec<Row>,
    pager: Pager,
    tags: Vec<String>,
    contact: String,
    name: String,
}

struct Row {
    id: String,
    href: String,
    name: String,
    contact: String,
    tags: Vec<String>,
    blocked: bool,
    orders: String,
    net: String,
    last: Option<When>,
    joined: When,
}

/// The routes about customers.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/customers", get(index).post(create))
        .route("/console/customers/tags", post(tag))
        .route("/console/customers/duplicates", get(alike::index))
        .route("/console/customers/merges", post(alike::merge))
        .route("/console/customers/import", get(file::new).post(file::take))
        .route("/console/customers/export.csv", get(file::export))
        .route("/console/customers/{id}", get(show::show))
        .route("/console/customers/{id}/contacts", post(show::reveal))
        .route("/console/customers/{id}/notes", post(show::add_note))
        .route("/console/customers/{id}/notes/{note}/removal", post(show::remove_note))
        .route("/console/customers/{id}/tags", post(show::tag))
        .route("/console/customers/{id}/block", post(show::block))
        .route("/console/customers/{id}/merges/{merge}/removal", post(show::undo))
        .route("/console/customers/{id}/data-export", post(show::export))
        .route("/console/customers/{id}/erasure", post(show::erase))
}

/// Its entry in the rail.
const HERE: &str = "/console/customers";
const ROWS: i64 = 50;

/// What the list is narrowed to, as its address says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    view: String,
    q: String,
    tag: String,
    ordered: String,
    spent: String,
    joined: String,
    allows: String,
    sort: String,
    cursor: String,
}

impl Asked {
    fn pairs(&self) -> [(&'static str, &str); 8] {
        [
            ("view", &self.view),
            ("q", &self.q),
            ("tag", &self.tag),
            ("ordered", &self.ordered),
            ("spent", &self.spent),
            ("joined", &self.joined),
            ("allows", &self.allows),
            ("sort", &self.sort),
        ]
    }

    fn look(&self, now: domain::moment::Moment) -> Look {
        let ago = |days: i64| now.minus(Span::days(days));
        let days = |text: &str| text.parse().ok().filter(|days| (1..=3_650).contains(days));
        // What is asked of the last order: never, in so many days, or not in so many.
        let quiet = self.ordered.strip_prefix("not-").and_then(days);
        let (from, to) = match self.spent.split_once('-') {
            Some((from, to)) => (from.parse().ok(), to.parse().ok()),
            None => (None, None),
        };
        Look {
            query: self.q.clone(),
            tag: self.tag.clone(),
            has_ordered: match self.ordered.as_str() {
                "" => None,
                "never" => Some(false),
                _ => Some(true),
            },
            spent_from: from.map(|whole: i64| whole.saturating_mul(100)),
            spent_to: to.map(|whole: i64| whole.saturating_mul(100)),
            last_order_after: days(&self.ordered).map(ago),
            last_order_before: quiet.map(ago),
            joined_after: days(&self.joined).map(ago),
            joined_before: None,
            allows: Purpose::parse(&self.allows),
            blocked: self.view == "blocked",
            sort: Sort::parse(&self.sort).unwrap_or_default(),
            after: Some(self.cursor.clone()).filter(|cursor| !cursor.is_empty()),
            limit: ROWS,
        }
    }
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let page = page(&desk, &asked, &Form::default(), String::new()).await?;
    desk.show(page)
}

async fn page(desk: &Desk, asked: &Asked, typed: &Form, problem: String) -> Result<List, Fault> {
    let look = asked.look(desk.now());
    let (found, counts, tags) = desk
        .act(move |app, visitor| {
            let found = customer::list(app, visitor, &look)?;
            let counts = customer::counts(app, visitor)?;
            Ok((found, counts, customer::tags(app, visitor)?))
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    let later = !asked.cursor.is_empty();
    let empty = (counts.all == 0).then(|| Empty {
        title: p.t("console-customers-empty"),
        text: p.t("console-customers-empty-text"),
        action: p.t("console-customers-import"),
        href: format!("{HERE}/import"),
        ..Empty::default()
    });
    let pager = p.pager(HERE, &asked.pairs(), found.items.len(), later, found.next.clone());
    let tags: Vec<String> = tags.into_iter().map(|(tag, _)| tag).collect();
    Ok(List {
        filter: sentence(&p, asked, counts, &tags),
        empty,
        rows: found.items.iter().map(|one| row(&p, one)).collect(),
        pager,
        tags,
        contact: typed.get("contact").to_string(),
        name: typed.get("name").to_string(),
        p,
    })
}

fn sentence(p: &Frame, asked: &Asked, counts: Counts, tags: &[String]) -> Filter {
    let view = |view: &str, id: &str, count: i64| ViewLink {
        href: address(HERE, &[("view", view)]),
        label: p.t(id),
        count: p.num(count),
        current: asked.view == view,
    };
    let part = |label: &str, name, value: &str, options: &[(&str, &str)]| FilterPart {
        label: p.t(label),
        name,
        set: !value.is_empty(),
        options: Choice::among(value, options.iter().map(|(v, id)| (v.to_string(), p.t(id)))),
    };
    let any = std::iter::once((String::new(), p.t("console-customers-tag-any")));
    let named = tags.iter().map(|tag| (tag.clone(), tag.clone()));
    let narrowing = [&asked.q, &asked.tag, &asked.ordered, &asked.spent, &asked.joined];
    let narrowed = narrowing.iter().any(|word| !word.is_empty()) || !asked.allows.is_empty();
    Filter {
        action: HERE.into(),
        views: vec![
            view("", "console-customers-all", counts.all),
            view("blocked", "console-customers-blocked", counts.blocked),
        ],
        parts: vec![
            FilterPart {
                label: p.t("console-customers-tag"),
                name: "tag",
                set: !asked.tag.is_empty(),
                options: Choice::among(&asked.tag, any.chain(named)),
            },
            part(
                "console-customers-ordered",
                "ordered",
                &asked.ordered,
                &[
                    ("", "console-customers-ordered-any"),
                    ("yes", "console-customers-ordered-yes"),
                    ("never", "console-customers-ordered-never"),
                    ("30", "console-customers-ordered-30"),
                    ("not-90", "console-customers-ordered-not-90"),
                ],
            ),
            part(
                "console-customers-spent",
                "spent",
                &asked.spent,
                &[
                    ("", "console-customers-spent-any"),
                    ("0-100", "console-customers-spent-little"),
                    ("100-1000", "console-customers-spent-some"),
                    ("1000-", "console-customers-spent-much"),
                ],
            ),
            part(
                "console-customers-joined",
                "joined",
                &asked.joined,
                &[("", "console-days-any"), ("7", "console-days-7"), ("30", "console-days-30")],
            ),
            part(
                "console-customers-allows",
                "allows",
                &asked.allows,
                &[
                    ("", "console-customers-allows-any"),
                    ("marketing_email", "console-purpose-marketing-email"),
                    ("marketing_sms", "console-purpose-marketing-sms"),
                ],
            ),
            part(
                "console-customers-sort",
                "sort",
                &asked.sort,
                &[
                    ("", "console-customers-sort-joined"),
                    ("spent", "console-customers-sort-spent"),
                    ("ordered", "console-customers-sort-ordered"),
                ],
            ),
        ],
        hidden: vec![("view", asked.view.clone())],
        search_label: p.t("console-customers-search"),
        q: asked.q.clone(),
        narrowed,
    }
}

fn row(p: &Frame, one: &CustomerRow) -> Row {
    Row {
        id: one.id.to_string(),
        href: format!("{HERE}/{}", one.id),
        name: one.name.clone(),
        contact: one.contact.clone(),
        tags: one.tags.clone(),
        blocked: one.blocked,
        orders: p.num(one.orders),
        net: p.money(one.net),
        last: one.last_order_at.map(|at| p.when(at)),
        joined: p.when(one.joined_at),
    }
}

/// A customer who was met elsewhere.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let add = AddCustomer {
        contact: form.get("contact").to_string(),
        name: form.maybe("name").map(str::to_string),
    };
    match desk.act_once(&form, move |app, visitor| customer::add(app, visitor, &add)).await {
        Ok(made) => desk.on(&format!("{HERE}/{}", made.id), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, &Asked::default(), &form, problem).await?;
            desk.show_again(page)
        }
    }
}

/// A tag for all that were ticked, or off them.
pub async fn tag(desk: Desk, form: Form) -> Answer {
    let people: Option<Vec<Id<_>>> = form.all("id").into_iter().map(Id::parse).collect();
    let people = people.ok_or(Failure::NotFound)?;
    if people.is_empty() {
        return desk.on(HERE, "bulk-none");
    }
    let tag = Tag { people, tag: form.get("tag").to_string(), on: form.get("do") != "off" };
    match desk.act(move |app, visitor| customer::tag(app, visitor, &tag)).await {
        Ok(changed) => desk.on_with(HERE, "bulk-done", changed),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, &Asked::default(), &form, problem).await?;
            desk.show_again(page)
        }
    }
}
