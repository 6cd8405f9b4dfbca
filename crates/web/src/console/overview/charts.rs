//! The overview's charts. Each title is the finding itself, in a sentence.

use app::reports::{DayPoint, HourPoint, Overview};
use domain::money::{Currency, Money};

use crate::console::chart::{self, Column, Line};
use crate::console::part::ChartView;
use crate::console::{Frame, fields};
use crate::locale::Price;

/// All of them, in the order they are asked about.
pub fn all(p: &Frame, view: &Overview) -> Vec<ChartView> {
    // A shop that has sold nothing and closed no team has nothing to compare.
    let alive = |day: &DayPoint| day.orders + day.teams_succeeded + day.teams_failed > 0;
    if !view.days.iter().any(alive) {
        return Vec::new();
    }
    let currency = view.today.net.currency;
    let from = view.days.len().saturating_sub(14);
    let days = &view.days[from..];
    let mut charts = vec![hours(p, view, currency), sales(p, days, currency), teams(p, days)];
    charts.extend(top(p, view));
    charts
}

/// An amount of the axis, as short as it can be: `¥2k`, `¥1.5万`.
fn tick(p: &Frame, minor: i64, currency: Currency) -> String {
    let whole = minor / 10_i64.pow(currency.decimals());
    let (unit, word) = match (p.is_chinese(), whole) {
        (true, 10_000..) => (10_000, "万"),
        (false, 1_000_000..) => (1_000_000, "M"),
        (false, 1_000..) => (1_000, "k"),
        _ => (1, ""),
    };
    // Two decimals of the unit, as percent are written.
    let short = fields::percent(whole.saturating_mul(100) / unit);
    format!("{}{short}{word}", currency.symbol())
}

/// How far apart two sums are, in percent; `None` when there is too little to compare.
fn apart(now: i64, before: i64) -> Option<i64> {
    (before > 0 && now > 0).then(|| (now - before).saturating_mul(100) / before)
}

fn cumulated(points: &[HourPoint]) -> Vec<i64> {
    let mut sum = 0;
    let add = |point: &HourPoint| {
        sum += point.gmv.minor;
        sum
    };
    points.iter().map(add).collect()
}

fn hours(p: &Frame, view: &Overview, currency: Currency) -> ChartView {
    let (today, before) = (cumulated(&view.hours_today), cumulated(&view.hours_yesterday));
    let now = today.last().copied().unwrap_or(0);
    let then = view.yesterday_so_far.gmv.minor;
    let title = match (now, apart(now, then)) {
        (0, _) => p.t("console-chart-hours-none"),
        (_, Some(change)) if change >= 2 => {
            p.t1("console-chart-hours-ahead", "by", format!("{change}%"))
        }
        (_, Some(change)) if change <= -2 => {
            p.t1("console-chart-hours-behind", "by", format!("{}%", -change))
        }
        (_, Some(_)) => p.t("console-chart-hours-level"),
        (_, None) => p.t1("console-chart-hours-sum", "total", Money::new(now, currency)),
    };
    let money = |minor: i64| p.money(Money::new(minor, currency));
    let labels: Vec<String> = (0..24).map(|hour| format!("{}:00", hour + 1)).collect();
    let (name, other) = (p.t("console-chart-today"), p.t("console-chart-yesterday"));
    let at = |points: &[i64], i: usize| points.get(i).copied();
    let tips: Vec<String> = (0..24)
        .map(|i| {
            let of = |name: &str, value: Option<i64>| {
                value.map_or(String::new(), |value| format!(" · {name} {}", money(value)))
            };
            format!("{}{}{}", labels[i], of(&name, at(&today, i)), of(&other, at(&before, i)))
        })
        .collect();
    let said = Line { kind: 1, name: format!("{name} {}", money(now)), points: today.clone() };
    let lines = [said, Line { kind: 2, name: other.clone(), points: before.clone() }];
    let cell = |value: Option<i64>| value.map_or(String::new(), money);
    ChartView {
        svg: chart::lines(&title, &lines, &labels, &tips, &|v| tick(p, v, currency)),
        title,
        note: p.t("console-chart-hours-note"),
        head: vec![p.t("console-chart-hour"), name.clone(), other.clone()],
        rows: (0..24)
            .map(|i| vec![labels[i].clone(), cell(at(&today, i)), cell(at(&before, i))])
            .collect(),
    }
}

/// A day as its label says it: `11-21`.
fn short(day: &DayPoint) -> String {
    day.day.get(5..).unwrap_or(&day.day).to_string()
}

fn sales(p: &Frame, days: &[DayPoint], currency: Currency) -> ChartView {
    let net = |day: &DayPoint| day.gmv.minor - day.refunded.minor;
    let money = |minor: i64| p.money(Money::new(minor, currency));
    let week = days.len().saturating_sub(7);
    let (before, last) = days.split_at(week);
    let sum = |days: &[DayPoint]| days.iter().map(net).sum::<i64>();
    let (before, last) = (sum(before), sum(last));
    let title = match apart(last, before) {
        Some(change) if change >= 2 => p.t1("console-chart-sales-up", "by", format!("{change}%")),
        Some(change) if change <= -2 => {
            p.t1("console-chart-sales-down", "by", format!("{}%", -change))
        }
        Some(_) => p.t("console-chart-sales-flat"),
        None if last + before > 0 => {
            let total = Money::new(last + before, currency);
            p.tell("console-chart-sales-first", &[("total", &total), ("days", &days.len())])
        }
        None => p.t1("console-chart-sales-none", "days", days.len()),
    };
    let columns: Vec<Column> = days
        .iter()
        .enumerate()
        .map(|(i, day)| {
            let paid = p.t1("console-order-paid-n", "count", day.paid);
            Column {
                label: short(day),
                tip: format!("{} · {} · {paid}", short(day), money(net(day))),
                parts: vec![(if i < week { "bar-2" } else { "bar-1" }, net(day))],
                open: i + 1 == days.len(),
            }
        })
        .collect();
    let names = [p.t("console-chart-week-before"), p.t("console-chart-week-last")];
    let names = [(2, names[0].as_str()), (1, names[1].as_str())];
    let ends = [days.first(), days.last()].map(|day| day.map_or(String::new(), short));
    ChartView {
        svg: chart::bars("sales", &title, &names, &columns, &|v| tick(p, v, currency)),
        title,
        note: p.tell("console-chart-sales-note", &[("from", &ends[0]), ("to", &ends[1])]),
        head: vec![
            p.t("console-chart-day"),
            p.t("console-chart-sales-series"),
            p.t("console-chart-orders"),
        ],
        rows: days
            .iter()
            .rev()
            .map(|day| vec![day.day.clone(), money(net(day)), p.num(day.paid)])
            .collect(),
    }
}

fn teams(p: &Frame, days: &[DayPoint]) -> ChartView {
    let won: i64 = days.iter().map(|day| day.teams_succeeded).sum();
    let lost: i64 = days.iter().map(|day| day.teams_failed).sum();
    let title = match won + lost {
        0 => p.t1("console-chart-teams-none", "days", days.len()),
        closed => p.t1("console-chart-teams-good", "share", format!("{}%", won * 100 / closed)),
    };
    let (good, bad) = (p.t("console-chart-won"), p.t("console-chart-lost"));
    let columns: Vec<Column> = days
        .iter()
        .map(|day| Column {
            label: short(day),
            tip: format!(
                "{} · {good} {} · {bad} {}",
                short(day),
                day.teams_succeeded,
                day.teams_failed
            ),
            parts: vec![("bar-3", day.teams_succeeded), ("bar-2", day.teams_failed)],
            open: false,
        })
        .collect();
    ChartView {
        svg: chart::bars("teams", &title, &[(3, &good), (2, &bad)], &columns, &|n| p.num(n)),
        title,
        note: p.t("console-chart-teams-note"),
        head: vec![p.t("console-chart-day"), good.clone(), bad.clone()],
        rows: days
            .iter()
            .rev()
            .map(|day| vec![day.day.clone(), p.num(day.teams_succeeded), p.num(day.teams_failed)])
            .collect(),
    }
}

/// What brought in most; nothing while nothing sold.
fn top(p: &Frame, view: &Overview) -> Option<ChartView> {
    let first = view.top.first()?;
    let ranked: Vec<(String, i64, String)> = view
        .top
        .iter()
        .take(6)
        .map(|one| (one.title.clone(), one.gmv.minor, Price::of(one.gmv).to_string()))
        .collect();
    let title = p.t1("console-chart-top", "name", &first.title);
    Some(ChartView {
        svg: chart::ranks(&title, &ranked),
        title,
        note: p.t("console-chart-top-note"),
        head: vec![
            p.t("console-product"),
            p.t("console-chart-sales-plain"),
            p.t("console-chart-units"),
        ],
        rows: view
            .top
            .iter()
            .map(|one| vec![one.title.clone(), p.money(one.gmv), p.num(one.units)])
            .collect(),
    })
}
