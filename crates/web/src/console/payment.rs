//! Payments: which providers are set up and how they are, what is still open, and their statements.

use app::payment::desk::{self, OpenPaymentView, ProviderView};
use app::reconciliation::{self, Look, StatementView};
use askama::Template;
use axum::extract::Query;
use domain::id::Id;
use domain::payment::OFFLINE;
use serde::Deserialize;

use super::part::{Pager, When};
use super::{Answer, Desk, Frame};

pub mod statement;

/// Its entry in the rail.
const HERE: &str = "/console/payments";
const ROWS: i64 = 30;

#[derive(Template)]
#[template(path = "console/payment/list.html")]
struct List {
    p: Frame,
    providers: Vec<ProviderRow>,
    open: Vec<OpenRow>,
    differences: i64,
    statements: Vec<StatementRow>,
    pager: Pager,
    /// The providers statements can be had of.
    ready: Vec<(String, String)>,
    files: Vec<(String, String)>,
}

struct ProviderRow {
    name: String,
    tone: &'static str,
    state: String,
    /// What it holds, what is missing, or what went wrong.
    detail: Vec<String>,
    notify_url: String,
    last: Option<When>,
    open: String,
}

struct OpenRow {
    href: String,
    order: String,
    provider: String,
    amount: String,
    tone: &'static str,
    state: String,
    began: When,
    asked: Option<When>,
}

struct StatementRow {
    href: String,
    day: String,
    provider: String,
    lines: String,
    source: String,
    tone: &'static str,
    state: String,
    at: When,
}

/// Where in the statements one is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    cursor: String,
}

/// A provider in a word people know.
pub fn provider_name(p: &Frame, name: &str) -> String {
    let id = format!("provider-{name}");
    if p.locale.has(&id) { p.t(&id) } else { name.to_string() }
}

/// The page.
pub async fn index(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let page = page(&desk, &asked, String::new()).await?;
    desk.show(page)
}

async fn page(desk: &Desk, asked: &Asked, problem: String) -> Result<List, crate::answer::Fault> {
    let before = Id::parse(&asked.cursor);
    let (providers, open, statements, differences) = desk
        .act(move |app, visitor| {
            let look = Look { state: Some("open".into()), limit: 1_000, ..Look::default() };
            Ok((
                desk::providers(app, visitor)?,
                desk::open(app, visitor, None, ROWS)?,
                reconciliation::list(app, visitor, None, before, ROWS)?,
                reconciliation::differences(app, visitor, &look)?.len() as i64,
            ))
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    let next = statements
        .last()
        .filter(|_| statements.len() as i64 == ROWS)
        .map(|last| last.id.to_string());
    let pager = p.pager(HERE, &[], statements.len(), before.is_some(), next);
    let named = |one: &ProviderView| (one.name.clone(), provider_name(&p, &one.name));
    let ready: Vec<(String, String)> =
        providers.iter().filter(|one| one.ready).map(named).collect();
    let files = ready.iter().filter(|(name, _)| name != "sandbox").cloned().collect();
    Ok(List {
        providers: providers.iter().map(|one| provider_row(&p, one)).collect(),
        open: open.iter().map(|one| open_row(&p, one)).collect(),
        statements: statements.iter().map(|one| statement_row(&p, one)).collect(),
        differences,
        pager,
        ready,
        files,
        p,
    })
}

fn provider_row(p: &Frame, one: &ProviderView) -> ProviderRow {
    let (tone, state) = match (one.ready, one.well) {
        (false, _) if one.missing.is_empty() => ("", "off"),
        (false, _) => ("", "incomplete"),
        (true, None) => ("waiting", "untried"),
        (true, Some(true)) => ("good", "well"),
        (true, Some(false)) => ("bad", "trouble"),
    };
    // The sandbox is in our own database: it is as well as we are.
    let (tone, state) =
        if one.ready && one.name == "sandbox" { ("waiting", "play") } else { (tone, state) };
    let mut detail = Vec::new();
    if one.ready {
        let holds: Vec<String> =
            one.holds.iter().filter(|held| !held.is_zero()).map(|held| p.money(*held)).collect();
        if !holds.is_empty() {
            detail.push(p.t1("console-payment-holds", "amount", holds.join(" · ")));
        }
        if let (Some(false), Some(trouble)) = (one.well, &one.trouble) {
            detail.push(trouble.clone());
        }
    } else if !one.missing.is_empty() {
        detail.push(p.t1("console-payment-missing", "settings", one.missing.join(", ")));
    }
    ProviderRow {
        name: provider_name(p, &one.name),
        tone,
        state: p.t(&format!("console-payment-{state}")),
        detail,
        notify_url: if one.ready && one.name != "sandbox" {
            one.notify_url.clone()
        } else {
            String::new()
        },
        last: one.last_notice_at.map(|at| p.when(at)),
        open: p.num(one.open),
    }
}

fn open_row(p: &Frame, one: &OpenPaymentView) -> OpenRow {
    let failed = one.status == domain::payment::Status::Failed;
    OpenRow {
        href: one.order.map_or(String::new(), |order| format!("/console/orders/{order}")),
        order: one.order.map_or_else(|| one.name(), |order| order.to_string()),
        provider: match one.top_up {
            Some(_) => p.t1("console-payment-top-up", "provider", provider_name(p, &one.provider)),
            None => provider_name(p, &one.provider),
        },
        amount: p.money(one.amount),
        tone: if failed { "bad" } else { "waiting" },
        state: p.t(match one.provider.as_str() {
            _ if failed => "console-payment-open-failed",
            OFFLINE => "console-payment-open-by-hand",
            _ => "console-payment-open-waiting",
        }),
        began: p.when(one.began_at),
        asked: one.asked_at.map(|at| p.when(at)),
    }
}

fn statement_row(p: &Frame, one: &StatementView) -> StatementRow {
    let (tone, state) = match (one.open, one.settled) {
        (0, 0) => ("good", p.t("console-statement-fits")),
        (0, settled) => ("", p.t1("console-statement-settled", "count", settled)),
        (open, _) => ("bad", p.t1("console-statement-open", "count", open)),
    };
    StatementRow {
        href: format!("{HERE}/statements/{}", one.id),
        day: one.day.clone(),
        provider: provider_name(p, &one.provider),
        lines: p.t1("console-statement-lines", "count", one.lines),
        source: p.t(&format!("console-statement-{}", one.source)),
        tone,
        state,
        at: p.when(one.read_at),
    }
}
