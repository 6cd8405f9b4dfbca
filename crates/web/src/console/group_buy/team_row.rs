//! Teams of a group buy: a row with its places, and how they closed over two weeks.

use app::team::{TeamCard, TeamView};
use domain::group_buy::TeamStatus;

use crate::console::part::ChartView;
use crate::console::{Frame, chart, mark};
use crate::locale::local;

/// A team in the console's list.
pub struct TeamRow {
    pub places: Vec<Seat>,
    pub more: String,
    pub href: String,
    pub title: String,
    pub detail: String,
    pub time: String,
    pub tone: &'static str,
    pub state: String,
}

/// A place in a team.
pub struct Seat {
    /// `paid`, `held` or `free`.
    pub kind: &'static str,
    pub mark: String,
    pub label: String,
}

/// As many places as a row draws.
const SEATS: usize = 6;

/// A team as its row shows it.
pub fn team_row(p: &Frame, card: &TeamCard, team: &TeamView) -> TeamRow {
    let open = card.status == TeamStatus::Open;
    let held = if open { (card.most - card.free - card.confirmed).max(0) } else { 0 };
    let mut places: Vec<Seat> = team
        .faces
        .iter()
        .map(|face| Seat {
            kind: "paid",
            mark: mark(&face.name),
            label: p.t1("console-place-paid", "name", &face.name),
        })
        .collect();
    let seat = |kind, label: &str| Seat { kind, mark: String::new(), label: p.t(label) };
    places.extend((0..held).map(|_| seat("held", "console-place-held")));
    let free = if open { (card.need - card.confirmed - held).max(0) } else { 0 };
    places.extend((0..free).map(|_| seat("free", "console-place-free")));
    let hidden = places.len().saturating_sub(SEATS);
    places.truncate(SEATS);
    let mut detail =
        vec![p.t1("console-team-opened", "when", p.locale.ago(card.created_at, p.now))];
    if open {
        detail.push(p.t1("console-team-missing", "count", card.missing));
    }
    let left = card.deadline.filter(|_| open).map(|deadline| deadline.since(p.now));
    let (tone, state) = match card.status {
        TeamStatus::Forming | TeamStatus::Abandoned => ("", "console-team-forming"),
        TeamStatus::Open => ("waiting", "console-team-open"),
        TeamStatus::Succeeded => ("good", "console-team-succeeded"),
        TeamStatus::Failed => ("", "console-team-failed"),
    };
    TeamRow {
        places,
        more: if hidden > 0 { format!("+{hidden}") } else { String::new() },
        href: format!("/teams/{}", card.id),
        title: p.t1("console-team-title", "name", &card.leader_name),
        detail: detail.join(" · "),
        time: left
            .map_or(String::new(), |left| p.t1("console-team-left", "when", p.locale.span(left))),
        tone,
        state: p.t(state),
    }
}

/// Teams by the day they closed, over the last fourteen days.
pub fn chart_of(p: &Frame, teams: &[TeamCard]) -> Option<ChartView> {
    let today = local(p.now).date();
    let mut days = vec![(0_i64, 0_i64); 14];
    for team in teams {
        let Some(closed) = team.closed_at else { continue };
        let back = today.since(local(closed).date()).ok()?.get_days();
        let Some(day) = usize::try_from(13 - back).ok().and_then(|i| days.get_mut(i)) else {
            continue;
        };
        match team.status {
            TeamStatus::Succeeded => day.0 += 1,
            TeamStatus::Failed => day.1 += 1,
            _ => {}
        }
    }
    let (won, lost) = days.iter().fold((0, 0), |sum, day| (sum.0 + day.0, sum.1 + day.1));
    if won + lost == 0 {
        return None;
    }
    let (good, bad) = (p.t("console-chart-won"), p.t("console-chart-lost"));
    let names: Vec<String> = (0..14)
        .map(|i| {
            let day = today.saturating_sub(jiff::Span::new().days(13 - i));
            format!("{}-{:02}", day.month(), day.day())
        })
        .collect();
    let columns: Vec<chart::Column> = days
        .iter()
        .zip(&names)
        .map(|((won, lost), name)| chart::Column {
            label: name.clone(),
            tip: format!("{name} · {good} {won} · {bad} {lost}"),
            parts: vec![("bar-3", *won), ("bar-2", *lost)],
            open: false,
        })
        .collect();
    let share = format!("{}%", won * 100 / (won + lost));
    let title = p.t1("console-chart-teams-good", "share", share);
    Some(ChartView {
        svg: chart::bars("teams", &title, &[(3, &good), (2, &bad)], &columns, &|n| p.num(n)),
        title,
        note: p.t("console-chart-teams-note"),
        head: vec![p.t("console-chart-day"), good.clone(), bad.clone()],
        rows: names
            .iter()
            .zip(&days)
            .map(|(name, (won, lost))| vec![name.clone(), p.num(*won), p.num(*lost)])
            .collect(),
    })
}
