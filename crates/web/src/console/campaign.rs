//! Campaigns: one list, one calendar, one form and one desk for every way to win.

mod games;
mod goods;
mod preview;
mod typed;
mod make;
mod saved_list;
mod show;
mod wares;
mod terms;

use app::campaign::{self, CampaignCard};
use app::failure::Failure;
use app::{App, Visitor, promotion};
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::routing::{get, post};
use domain::campaign::{Mechanic, Status};
use domain::moment::{Moment, Span};
use serde::Deserialize;

use super::part::{Choice, Empty, When};
use super::{Answer, Desk, Frame};
use crate::Shop;
use crate::locale::local;

/// Its entry in the rail.
pub const HERE: &str = "/console/campaigns";
/// How many are listed.
const ROWS: i64 = 100;

/// The routes of campaigns.
pub fn routes() -> Router<Shop> {
    super::game::routes()
        .merge(saved_list::routes())
        .route("/console/campaigns", get(index).post(make::create))
        .route("/console/campaigns/new", get(make::new))
        .route("/console/campaigns/preview", post(make::preview))
        .route("/console/campaigns/goods", get(goods::found))
        .route("/console/campaigns/calendar", get(calendar))
        .route("/console/campaigns/{id}", get(show::show).post(make::update))
        .route("/console/campaigns/{id}/edit", get(make::edit))
        .route("/console/campaigns/{id}/steps", post(show::step))
        .route("/console/campaigns/{id}/answers", post(show::answer))
        .route("/console/campaigns/{id}/copies", post(show::copy))
}

#[derive(Template)]
#[template(path = "console/campaign/list.html")]
struct List {
    p: Frame,
    rows: Vec<Row>,
    mechanics: Vec<Choice>,
    statuses: Vec<Choice>,
    empty: Option<Empty>,
}

struct Row {
    href: String,
    title: String,
    mechanic: String,
    status: String,
    tone: &'static str,
    starts: When,
    ends: When,
    /// It ended before it was to end.
    early: bool,
}

#[derive(Template)]
#[template(path = "console/campaign/calendar.html")]
struct Calendar {
    p: Frame,
    month: String,
    before: String,
    after: String,
    weekdays: Vec<String>,
    weeks: Vec<Week>,
}

struct Week {
    days: Vec<Day>,
    bars: Vec<Bar>,
}

struct Day {
    number: i8,
    /// Of another month.
    other: bool,
    today: bool,
}

/// A campaign over some days of a week; columns are counted from one.
struct Bar {
    href: String,
    title: String,
    tone: &'static str,
    from: i64,
    to: i64,
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    mechanic: String,
    #[serde(default)]
    status: String,
    /// `2026-11`
    #[serde(default)]
    month: String,
}

pub fn tone(status: Status) -> &'static str {
    match status {
        Status::Running => "good",
        Status::Scheduled | Status::Checked => "info",
        Status::Paused => "waiting",
        Status::Draft | Status::Ended | Status::Evaluated => "",
    }
}

/// Whether it is over before the end it was given.
fn ended_early(card: &CampaignCard, now: Moment) -> bool {
    matches!(card.status, Status::Ended | Status::Evaluated) && now < card.ends_at
}

fn row(p: &Frame, card: &CampaignCard) -> Row {
    Row {
        href: format!("{HERE}/{}", card.id),
        title: card.title.clone(),
        mechanic: p.t(&format!("mechanic-{}", card.mechanic.code())),
        status: p.t(&format!("console-campaign-status-{}", card.status.code())),
        tone: tone(card.status),
        starts: p.when(card.starts_at),
        ends: p.when(card.ends_at),
        early: ended_early(card, p.now),
    }
}

/// The list.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let of = (Mechanic::parse(&asked.mechanic), Status::parse(&asked.status));
    let found =
        desk.act(move |app, visitor| campaign::list(app, visitor, of, None, (None, ROWS))).await?;
    let p = desk.frame(HERE);
    let rows: Vec<Row> = found.iter().map(|card| row(&p, card)).collect();
    let any = [(String::new(), p.t("console-any"))];
    let mechanics = Mechanic::ALL
        .iter()
        .map(|one| (one.code().to_string(), p.t(&format!("mechanic-{}", one.code()))));
    let statuses = Status::ALL.iter().map(|one| {
        let id = format!("console-campaign-status-{}", one.code());
        (one.code().to_string(), p.t(&id))
    });
    let narrowed = !asked.mechanic.is_empty() || !asked.status.is_empty();
    let empty = rows.is_empty().then(|| Empty {
        title: p.t("console-campaign-none"),
        text: if narrowed { String::new() } else { p.t("console-campaign-none-say") },
        action: p.t("console-campaign-new"),
        href: format!("{HERE}/new"),
        ..Empty::default()
    });
    desk.show(List {
        mechanics: Choice::among(&asked.mechanic, any.clone().into_iter().chain(mechanics)),
        statuses: Choice::among(&asked.status, any.into_iter().chain(statuses)),
        rows,
        empty,
        p,
    })
}

/// Something that runs from a moment until another.
struct Timed {
    href: String,
    title: String,
    tone: &'static str,
    from: Moment,
    until: Moment,
}

/// Campaigns between two moments, and the promotions that are switched on beside them.
fn timed(app: &App, visitor: &Visitor, from: Moment, until: Moment) -> Result<Vec<Timed>, Failure> {
    let found = campaign::list(app, visitor, (None, None), Some((from, until)), (None, ROWS))?;
    let now = app.now();
    let campaigns = found.into_iter().map(|card| Timed {
        until: match ended_early(&card, now) {
            // No day to come is any of its own.
            true => now.max(card.starts_at.plus(Span::seconds(1))),
            false => card.ends_at,
        },
        href: format!("{HERE}/{}", card.id),
        title: card.title,
        tone: tone(card.status),
        from: card.starts_at,
    });
    let promotions = match promotion::list(app, visitor) {
        // Who may not see prices sees campaigns alone.
        Err(Failure::Forbidden) => Vec::new(),
        found => found?,
    };
    let promotions = promotions
        .into_iter()
        .filter(|one| one.active && one.starts_at < until && from < one.ends_at);
    let promotions = promotions.map(|one| Timed {
        href: format!("/console/promotions/{}", one.id),
        tone: match one.state(app.now()) {
            "on" => "good",
            "planned" => "info",
            _ => "",
        },
        title: one.name,
        from: one.starts_at,
        until: one.ends_at,
    });
    Ok(campaigns.chain(promotions).collect())
}

/// A month, week by week, with what runs in it.
pub async fn calendar(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let today = local(desk.now()).date();
    let first = format!("{}-01", asked.month).parse().unwrap_or(today.first_of_month());
    let back = i64::from(first.weekday().to_monday_zero_offset());
    let begin = first.saturating_sub(jiff::Span::new().days(back));
    let shown = (back + i64::from(first.days_in_month())).div_euclid(7)
        + i64::from((back + i64::from(first.days_in_month())) % 7 != 0);
    let zoned = begin.to_zoned(crate::locale::zone()).map_err(Failure::broken)?;
    let from = Moment(zoned.timestamp().as_microsecond());
    let until = from.plus(Span::days(7 * shown));
    let found = desk.act(move |app, visitor| timed(app, visitor, from, until)).await?;
    let p = desk.frame(HERE);
    let column =
        |at: Moment| (at.since(from).0.div_euclid(Span::days(1).0)).clamp(0, 7 * shown - 1);
    let weeks = (0..shown).map(|week| {
        let days = (0..7).map(|day| {
            let date = begin.saturating_add(jiff::Span::new().days(week * 7 + day));
            Day { number: date.day(), other: date.month() != first.month(), today: date == today }
        });
        let bars = found.iter().filter_map(|one| {
            let (a, b) = (column(one.from), column(Moment(one.until.0 - 1)));
            (a / 7 <= week && week <= b / 7).then(|| Bar {
                href: one.href.clone(),
                title: one.title.clone(),
                tone: one.tone,
                from: if a / 7 == week { a % 7 + 1 } else { 1 },
                to: if b / 7 == week { b % 7 + 2 } else { 8 },
            })
        });
        Week { days: days.collect(), bars: bars.collect() }
    });
    let weeks = weeks.collect();
    let link = |date: jiff::civil::Date| {
        format!("{HERE}/calendar?month={:04}-{:02}", date.year(), date.month())
    };
    desk.show(Calendar {
        month: {
            let (year, month) = (i64::from(first.year()), i64::from(first.month()));
            p.locale.tell("console-calendar-month", &[("year", &year), ("month", &month)])
        },
        before: link(first.saturating_sub(jiff::Span::new().months(1))),
        after: link(first.saturating_add(jiff::Span::new().months(1))),
        weekdays: (1..=7).map(|day| p.t(&format!("console-weekday-{day}"))).collect(),
        weeks,
        p,
    })
}
