//! The overview: is anything wrong, what needs me, how is it going.

use app::audit::{self, Report};
use app::catalog::{self, StaffBrowse};
use app::group_buy;
use app::ledger::{self, TrialBalance};
use app::reports::{self, Figures, Needs, Overview};
use askama::Template;
use axum::response::{IntoResponse, Redirect};
use domain::money::Money;
use engine::compare::counts;

use super::part::{ChartView, Task};
use super::rail::{self, HOME};
use super::{Answer, Desk, Frame, chart, where_allowed};
use crate::locale::{Price, local};

mod charts;

#[derive(Template)]
#[template(path = "console/overview/show.html")]
struct Show {
    p: Frame,
    greeting: String,
    today: String,
    wrong: Vec<Task>,
    calm: Vec<Calm>,
    needs: Vec<Task>,
    figures: Vec<Figure>,
    charts: Vec<ChartView>,
}

/// One thing that is in order.
struct Calm {
    text: String,
    href: &'static str,
}

/// A number of today beside what it was.
struct Figure {
    name: String,
    /// Markup: currency and decimals smaller.
    value: String,
    href: &'static str,
    spark: String,
    versus: Vec<Versus>,
}

struct Versus {
    tone: &'static str,
    delta: String,
    label: String,
    value: String,
}

/// How much of a shop there is yet.
struct Begun {
    goods: bool,
    offers: bool,
}

/// The page.
pub async fn show(desk: Desk) -> Answer {
    if let Some(elsewhere) = desk.first_page_instead_of(HOME) {
        return Ok(Redirect::to(elsewhere).into_response());
    }
    let (view, audit, trial, begun) = desk
        .act(|app, visitor| {
            let view = reports::overview(app, visitor)?;
            let audit = where_allowed(audit::last(app, visitor))?.flatten();
            let trial = where_allowed(ledger::trial_balance(app, visitor))?;
            let one = StaffBrowse { limit: Some(1), ..StaffBrowse::default() };
            let goods = where_allowed(catalog::staff_list(app, visitor, one))?;
            let offers = where_allowed(group_buy::list(app, visitor, None, None, 1))?;
            let begun = Begun {
                goods: goods.is_none_or(|goods| !goods.items.is_empty()),
                offers: offers.is_none_or(|offers| !offers.is_empty()),
            };
            Ok((view, audit, trial, begun))
        })
        .await?;
    let p = desk.frame(HOME);
    let hour = local(p.now).hour();
    let greeting = match hour {
        4..12 => "console-good-morning",
        12..18 => "console-good-afternoon",
        _ => "console-good-evening",
    };
    let open = |href: &str| rail::leads(&p, href);
    let only_open = |tasks: Vec<Task>| tasks.into_iter().filter(|task| open(&task.href)).collect();
    let mut figures = figures(&p, &view);
    figures.iter_mut().filter(|figure| !open(figure.href)).for_each(|figure| figure.href = HOME);
    desk.show(Show {
        greeting: p.t1(greeting, "name", &p.name),
        today: p.locale.date(p.now),
        wrong: only_open(wrong(&p, &view.needs, audit.as_ref(), trial.as_ref())),
        calm: calm(&p, audit.as_ref()).into_iter().filter(|calm| open(calm.href)).collect(),
        needs: only_open(needs(&p, &view.needs, &begun)),
        figures,
        charts: charts::all(&p, &view),
        p,
    })
}

fn task(p: &Frame, tone: &'static str, icon: &'static str, name: &str, href: &str) -> Task {
    Task {
        tone,
        icon,
        text: p.t(&format!("console-{name}")),
        action: p.t(&format!("console-{name}-act")),
        href: href.to_string(),
        ..Task::default()
    }
}

/// A task about so many things; nothing when there are none.
fn counted(
    p: &Frame,
    look: (&'static str, &'static str),
    name: &str,
    count: i64,
    href: &str,
) -> Option<Task> {
    let text = p.t1(&format!("console-{name}"), "count", count);
    let detail = format!("console-{name}-detail");
    (count > 0).then(|| Task {
        tone: look.0,
        icon: look.1,
        text,
        detail: if p.locale.has(&detail) { p.t(&detail) } else { String::new() },
        action: p.t(&format!("console-{name}-act")),
        href: href.to_string(),
    })
}

fn wrong(
    p: &Frame,
    needs: &Needs,
    audit: Option<&Report>,
    trial: Option<&TrialBalance>,
) -> Vec<Task> {
    let bad = ("bad", "alert");
    let broken = audit.map_or(0, |report| report.broken().count() as i64);
    let unbalanced = trial.is_some_and(|trial| !trial.balanced);
    let unbalanced = unbalanced.then(|| task(p, "bad", "alert", "wrong-ledger", "/console/ledger"));
    [
        counted(p, bad, "wrong-audit", broken, "/console/audit"),
        unbalanced,
        counted(p, bad, "wrong-jobs", needs.dead_jobs, "/console/jobs?state=dead"),
        counted(p, bad, "wrong-refunds", needs.failed_refunds, "/console/jobs?state=dead"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn calm(p: &Frame, audit: Option<&Report>) -> Vec<Calm> {
    let checked = match audit {
        Some(report) => p.tell(
            "console-calm-audit",
            &[("count", &report.checks.len()), ("when", &p.locale.ago(report.at, p.now))],
        ),
        None => p.t("console-calm-audit-never"),
    };
    vec![
        Calm { text: checked, href: "/console/audit" },
        Calm { text: p.t("console-calm-ledger"), href: "/console/ledger" },
        Calm { text: p.t("console-calm-jobs"), href: "/console/jobs" },
    ]
}

fn needs(p: &Frame, needs: &Needs, begun: &Begun) -> Vec<Task> {
    let waiting = |icon| ("waiting", icon);
    let ship = counted(
        p,
        ("accent", "truck"),
        "need-ship",
        needs.to_ship,
        "/console/orders?status=to_ship",
    );
    let ship = ship.map(|ship| Task {
        detail: needs.oldest_to_ship.map_or(String::new(), |at| {
            p.t1("console-need-ship-detail", "when", p.locale.ago(at, p.now))
        }),
        ..ship
    });
    let low = counted(p, waiting("box"), "need-stock", needs.low, "/console/products?low=1");
    let names: Vec<String> = needs
        .low_stock
        .iter()
        .take(3)
        .map(|low| match low.variant_title.is_empty() {
            true => low.title.clone(),
            false => format!("{} {}", low.title, low.variant_title),
        })
        .collect();
    let low = low.map(|low| Task { detail: names.join(" · "), ..low });
    let goods = (!begun.goods).then(|| Task {
        detail: p.t("console-need-first-product-detail"),
        ..task(p, "accent", "upload", "need-first-product", "/console/import")
    });
    let offer = (begun.goods && !begun.offers).then(|| Task {
        detail: p.t("console-need-first-group-detail"),
        ..task(p, "accent", "teams", "need-first-group", "/console/group-buys/new")
    });
    [
        goods,
        offer,
        ship,
        counted(p, waiting("alert"), "need-cases", needs.open_cases, "/console/jobs#cases"),
        counted(
            p,
            waiting("clock"),
            "need-teams",
            needs.teams_ending,
            "/console/group-buys?status=running",
        ),
        low,
        counted(p, waiting("box"), "need-pictures", needs.failed_pictures, "/console/products"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn figures(p: &Frame, view: &Overview) -> Vec<Figure> {
    let (now, before, week) = (&view.today, &view.yesterday_so_far, &view.last_week_so_far);
    let adding = |points: &[reports::HourPoint], of: fn(&reports::HourPoint) -> i64| {
        points
            .iter()
            .scan(0, |sum, point| {
                *sum += of(point);
                Some(*sum)
            })
            .collect::<Vec<i64>>()
    };
    let sales = chart::spark(
        &adding(&view.hours_today, |hour| hour.gmv.minor),
        &adding(&view.hours_yesterday, |hour| hour.gmv.minor),
    );
    let orders = chart::spark(
        &adding(&view.hours_today, |hour| hour.paid),
        &adding(&view.hours_yesterday, |hour| hour.paid),
    );
    let recent = view.days.len().saturating_sub(14);
    let days = |of: fn(&reports::DayPoint) -> i64| {
        chart::spark(&view.days[recent..].iter().map(of).collect::<Vec<_>>(), &[])
    };
    let count = |name: &str, href, spark, of: fn(&Figures) -> i64| Figure {
        name: p.t(&format!("console-figure-{name}")),
        value: p.num(of(now)),
        href,
        spark,
        versus: vec![
            tally(p, "console-versus-yesterday", of(now), of(before)),
            tally(p, "console-versus-week", of(now), of(week)),
        ],
    };
    let price = Price::of(now.gmv);
    let money = |minor: i64| p.money(Money::new(minor, now.gmv.currency));
    vec![
        Figure {
            name: p.t("console-figure-sales"),
            value: format!("<small>{}</small>{}<small>{}</small>", price.cur, price.int, price.dec),
            href: "/console/orders?days=1",
            spark: sales,
            versus: vec![
                versus(p, "console-versus-yesterday", now.gmv.minor, before.gmv.minor, &money),
                versus(p, "console-versus-week", now.gmv.minor, week.gmv.minor, &money),
            ],
        },
        count("orders", "/console/orders?days=1", orders, |figures| figures.paid),
        count("teams", "/console/group-buys", days(|day| day.teams_succeeded), |figures| {
            figures.teams_succeeded
        }),
        count("shoppers", "/console/orders", days(|day| day.people), |figures| figures.people),
    ]
}

/// A count against what it was. It is coloured only when it differs by more than chance, so that
/// nobody worries about (or celebrates) noise.
fn tally(p: &Frame, label: &str, now: i64, before: i64) -> Versus {
    let versus = versus(p, label, now, before, &|n| p.num(n));
    let compared = counts(now.unsigned_abs(), before.unsigned_abs(), 1.0, 1.0);
    Versus { tone: if compared.is_notable() { versus.tone } else { "" }, ..versus }
}

/// A number against what it was: in percent when there was enough to compare with.
fn versus(p: &Frame, label: &str, now: i64, before: i64, say: &dyn Fn(i64) -> String) -> Versus {
    let change = now - before;
    let arrow = if change > 0 { "↑" } else { "↓" };
    let delta = match change {
        0 => p.t("console-no-change"),
        _ if before >= 20 => format!("{arrow}{}%", change.abs().saturating_mul(100) / before),
        _ => format!("{arrow}{}", say(change.abs())),
    };
    Versus {
        tone: match change {
            0 => "",
            n if n > 0 => "good",
            _ => "bad",
        },
        delta,
        label: p.t(label),
        value: say(before),
    }
}
