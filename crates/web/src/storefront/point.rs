//! My points and my level: what there is, what it is worth, what comes next, where it came from.

use app::level::{self, LevelView, StandingView};
use app::point::{self, PointEntry, PointsView, SettingsView};
use app::{App, Visitor, failure::Failure};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::campaign::Mechanic;
use domain::money::Money;
use serde::Deserialize;

use crate::answer::Fault;
use crate::link;
use crate::locale::Price;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::When;
use crate::visitor::SignedIn;
use crate::{Shop, act};

const HERE: &str = link::POINTS;
/// Entries on one page.
const MOST: i64 = 20;

#[derive(Template)]
#[template(path = "storefront/point/show.html")]
struct Show {
    p: Frame,
    available: String,
    /// What they are worth, what is owed, what is gone soon: each said where there is something.
    said: Vec<String>,
    how: Vec<String>,
    level: Option<Standing>,
    check_in: bool,
    tasks: bool,
    points_shop: bool,
    entries: Vec<Entry>,
    next: String,
}

struct Standing {
    name: String,
    said: String,
    until: String,
    /// How far it is to the next level, of a hundred.
    percent: i64,
    steps: Vec<Step>,
}

struct Step {
    name: String,
    from: String,
    more: String,
    reached: bool,
    here: bool,
}

struct Entry {
    what: String,
    more: String,
    href: String,
    amount: String,
    out: bool,
    when: When,
}

/// Where in the statement one is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    before: Option<i64>,
}

struct Seen {
    points: PointsView,
    terms: SettingsView,
    standing: StandingView,
    entries: Vec<PointEntry>,
    /// Whether there is a check-in, tasks, and something to be had.
    on: (bool, bool, bool),
}

fn see(app: &App, visitor: &Visitor, before: Option<i64>) -> Result<Seen, Failure> {
    Ok(Seen {
        points: point::mine(app, visitor)?,
        terms: point::terms(app)?,
        standing: level::mine(app, visitor)?,
        entries: point::statement(app, visitor, before, MOST)?,
        on: (
            app.has_campaigns(visitor, Mechanic::CheckIn)?,
            app.has_campaigns(visitor, Mechanic::Tasks)?,
            app.has_campaigns(visitor, Mechanic::PointsShop)?,
        ),
    })
}

/// `GET /account/points`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let seen = act(&shop, move |app| see(app, &visitor, asked.before)).await?;
    Ok(render(&draw(page, &seen)))
}

fn draw(page: Page, seen: &Seen) -> Show {
    let points = &seen.points;
    let number = |number: i64| page.locale.number(number);
    let mut said = Vec::new();
    if let Some(worth) = points.worth.filter(|worth| worth.minor > 0) {
        said.push(page.t1("point-worth", "price", Price::of(worth)));
    }
    if points.owed > 0 {
        said.push(page.t1("point-owed", "points", number(points.owed)));
    }
    if let Some(at) = points.expires_at.filter(|_| points.expiring > 0) {
        let count = number(points.expiring);
        let date = page.locale.date(at);
        said.push(page.t2("point-expiring", ("points", &count), ("date", &date)));
    }
    let last = seen.entries.last().filter(|_| seen.entries.len() as i64 == MOST);
    let next =
        last.map_or(String::new(), |last| link::with_query(HERE, "before", &last.id.0.to_string()));
    Show {
        available: number(points.available),
        said,
        how: how(&page, &seen.terms),
        level: standing(&page, &seen.standing),
        check_in: seen.on.0,
        tasks: seen.on.1,
        points_shop: seen.on.2,
        entries: seen.entries.iter().map(|one| entry(one, &page)).collect(),
        next,
        p: {
            let title = page.t("point-mine");
            Frame::new(page, Here::Me, &["account", "checkout", "order", "point"]).titled(title)
        },
    }
}

/// How points come and go, as the merchant says.
fn how(page: &Page, terms: &SettingsView) -> Vec<String> {
    let mut how = Vec::new();
    let price = |minor| Price::of(Money::new(minor, terms.currency));
    if let Some(spending) = &terms.spending {
        let count = page.locale.number(spending.points);
        let worth = price(spending.minor);
        how.push(page.t2("point-how-spent", ("points", &count), ("price", &worth)));
    }
    if let Some(earning) = &terms.earning {
        let count = page.locale.number(earning.points);
        let paid = price(earning.per);
        how.push(page.t2("point-how-earned", ("points", &count), ("price", &paid)));
    }
    how
}

/// The level's name in the reader's language.
pub fn name_of(page: &Page, level: &LevelView) -> String {
    if page.is_chinese() { level.name.clone() } else { level.name_en.clone() }
}

fn standing(page: &Page, stands: &StandingView) -> Option<Standing> {
    let rank = usize::try_from(stands.rank).unwrap_or(0);
    let here = stands.ladder.get(rank)?;
    let next = stands.ladder.get(rank + 1);
    let said = match (next, stands.missing) {
        (Some(next), Some(missing)) => {
            let (count, name) = (page.locale.number(missing), name_of(page, next));
            page.t2("level-missing", ("growth", &count), ("name", &name))
        }
        _ => page.t("level-highest"),
    };
    let (from, to) = (here.from, next.map_or(here.from, |next| next.from));
    let whole = (to - from).max(1);
    let percent = match next {
        Some(_) => ((stands.growth - from).clamp(0, whole)) * 100 / whole,
        None => 100,
    };
    let until = stands
        .until
        .map_or(String::new(), |until| page.t1("level-until", "date", page.locale.date(until)));
    let step = |(at, level): (usize, &LevelView)| Step {
        name: name_of(page, level),
        from: page.t1("level-from", "growth", page.locale.number(level.from)),
        more: match level.boost {
            100 => String::new(),
            boost => page.t1("level-boost", "times", times(boost)),
        },
        reached: at <= rank,
        here: at == rank,
    };
    Some(Standing {
        name: name_of(page, here),
        said,
        until,
        percent,
        steps: stands.ladder.iter().enumerate().map(step).collect(),
    })
}

/// 150 percent are 1.5 times.
pub fn times(percent: i64) -> String {
    let text = format!("{}.{:02}", percent / 100, percent % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

fn entry(one: &PointEntry, page: &Page) -> Entry {
    let sign = if one.points > 0 { "+" } else { "−" };
    let owed = match one.owed {
        0 => String::new(),
        owed if owed > 0 => page.t1("point-now-owed", "points", page.locale.number(owed)),
        owed => page.t1("point-repaid", "points", page.locale.number(-owed)),
    };
    Entry {
        what: page.t(&format!("point-kind-{}", one.kind.replace('_', "-"))),
        more: if one.reason.is_empty() { owed } else { one.reason.clone() },
        href: one.order.map_or(String::new(), |order| format!("/orders/{order}")),
        amount: format!("{sign}{}", page.locale.number(one.points.abs())),
        out: one.points < 0,
        when: goods::when(one.at, page.now, page.locale),
    }
}
