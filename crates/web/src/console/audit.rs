//! The audit: every invariant by its statement, whether it holds, and how long that took to see.

use app::audit::{self, Checked, Report};
use askama::Template;

use super::{Answer, Desk, Frame};

#[derive(Template)]
#[template(path = "console/audit/show.html")]
struct Show {
    p: Frame,
    tone: &'static str,
    icon: &'static str,
    verdict: String,
    verdict_detail: String,
    groups: Vec<Group>,
}

struct Group {
    title: String,
    note: String,
    checks: Vec<CheckRow>,
}

struct CheckRow {
    id: String,
    statement: String,
    tone: &'static str,
    icon: &'static str,
    result: String,
    took: String,
    rows: Vec<String>,
}

const HERE: &str = "/console/audit";

/// The first letters of ids, and what they are about.
const GROUPS: [(&str, &str); 6] = [
    ("L", "console-audit-group-ledger"),
    ("S", "console-audit-group-stock"),
    ("O", "console-audit-group-order"),
    ("G", "console-audit-group-group_buy"),
    ("E", "console-audit-group-platform"),
    ("T", "console-audit-group-integrity"),
];

/// The last audit.
pub async fn show(desk: Desk) -> Answer {
    let report = desk.act(audit::last).await?;
    let p = desk.frame(HERE);
    let Some(report) = report else {
        let (verdict, verdict_detail) =
            (p.t("console-audit-never"), p.t("console-audit-never-detail"));
        let (tone, icon, groups) = ("", "clock", Vec::new());
        return desk.show(Show { p, tone, icon, verdict, verdict_detail, groups });
    };
    let bad = report.broken().count();
    let count = report.checks.len();
    let (tone, icon, verdict) = match bad {
        0 => ("good", "shield", p.t1("console-audit-clean", "count", count)),
        _ => {
            let of: [(&str, &dyn crate::locale::Arg); 2] = [("bad", &bad), ("count", &count)];
            ("bad", "alert", p.tell("console-audit-broken", &of))
        }
    };
    let verdict_detail = p.tell(
        "console-audit-detail",
        &[("when", &p.locale.ago(report.at, p.now)), ("took", &took(report.took_us))],
    );
    let groups = groups(&p, &report);
    desk.show(Show { p, tone, icon, verdict, verdict_detail, groups })
}

/// Runs it now.
pub async fn run(desk: Desk) -> Answer {
    desk.act(audit::run_now).await?;
    desk.on(HERE, "audit-ran")
}

fn groups(p: &Frame, report: &Report) -> Vec<Group> {
    let known = |check: &Checked| GROUPS.iter().any(|(letter, _)| check.id.starts_with(letter));
    let mut groups: Vec<Group> = GROUPS
        .iter()
        .map(|(letter, title)| {
            group(p, title, report.checks.iter().filter(|check| check.id.starts_with(letter)))
        })
        .collect();
    let others = report.checks.iter().filter(|check| !known(check));
    groups.push(group(p, "console-audit-group-other", others));
    groups.retain(|group| !group.checks.is_empty());
    groups
}

fn group<'a>(p: &Frame, title: &str, checks: impl Iterator<Item = &'a Checked>) -> Group {
    let checks: Vec<CheckRow> = checks.map(|check| row(p, check)).collect();
    Group { title: p.t(title), note: p.num(checks.len() as i64), checks }
}

fn row(p: &Frame, check: &Checked) -> CheckRow {
    let bad = check.violations.len();
    // A check that is new says itself in English until both catalogues know it.
    let said = format!("console-invariant-{}", check.id.trim_end_matches('#'));
    let statement = match p.locale.has(&said) {
        true => p.t(&said),
        false => check.statement.clone(),
    };
    CheckRow {
        id: check.id.clone(),
        statement,
        tone: if bad == 0 { "good" } else { "bad" },
        icon: if bad == 0 { "check" } else { "cross" },
        result: match bad {
            0 => p.t("console-audit-holds"),
            _ => p.t1("console-audit-fails", "count", bad),
        },
        took: took(check.took_us),
        rows: check.violations.clone(),
    }
}

/// Microseconds as people read them.
fn took(us: i64) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..1_000_000 => format!("{}.{} ms", us / 1_000, us % 1_000 / 100),
        _ => format!("{}.{} s", us / 1_000_000, us % 1_000_000 / 100_000),
    }
}
