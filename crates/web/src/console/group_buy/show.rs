//! One group buy: what came of it, its teams, its settings and its rules.

use app::failure::Failure;
use app::group_buy::{self, GroupBuyView};
use app::team;
use askama::Template;
use axum::extract::{Path, Query};
use domain::group_buy::{GroupBuy, LatePolicy, TeamStatus, WhoJoins, WhoOpens};
use domain::id::Id;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::person::Permission;
use domain::role::Level;
use serde::Deserialize;

use super::team_row::{TeamRow, chart_of, team_row};
use super::{HERE, left, tone};
use crate::answer::Fault;
use crate::console::fields::percent;
use crate::console::part::{ChartView, Fact, Tally, ViewLink};
use crate::console::{Answer, Desk, Frame, address, campaign};
use crate::locale::Locale;
use crate::storefront::rules;

#[derive(Template)]
#[template(path = "console/group_buy/show.html")]
pub struct Show {
    p: Frame,
    heading: String,
    tone: &'static str,
    status: String,
    sub: String,
    href: String,
    public_href: String,
    /// The campaign it is; empty for who may not see campaigns.
    campaign_href: String,
    can_launch: bool,
    can_pause: bool,
    can_resume: bool,
    can_end: bool,
    tally: Vec<Tally>,
    charts: Vec<ChartView>,
    team_views: Vec<ViewLink>,
    teams: Vec<TeamRow>,
    teams_next: String,
    facts: Vec<Fact>,
    variants: Vec<VariantLeft>,
    rules: Vec<String>,
    other_rules: Vec<String>,
    pause_effects: Vec<String>,
    end_title: String,
    end_effects: Vec<String>,
    fail_effects: Vec<String>,
    end_type: String,
    end_word: String,
}

struct VariantLeft {
    title: String,
    price: String,
    left: String,
}

const TEAMS: i64 = 20;
/// As many teams as the page's figures look at.
const LOOKED_AT: i64 = 500;

/// Which of its teams are shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    teams: String,
    before: String,
}

/// One group buy.
pub async fn show(desk: Desk, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let id = Id::parse(&id).ok_or(Failure::NotFound)?;
    let page = page(&desk, id, &asked, String::new()).await?;
    desk.show(page)
}

pub async fn page(
    desk: &Desk,
    id: Id<GroupBuy>,
    asked: &Asked,
    problem: String,
) -> Result<Show, Fault> {
    let (status, before) = (TeamStatus::parse(&asked.teams), Id::parse(&asked.before));
    let (view, teams, all) = desk
        .act(move |app, visitor| {
            let view = group_buy::get(app, visitor, id)?;
            let cards = team::of_group_buy(app, visitor, id, status, before, TEAMS)?;
            let teams = cards.into_iter().map(|card| {
                let faces = team::get(app, visitor, card.id)?;
                Ok((card, faces))
            });
            let teams = teams.collect::<Result<Vec<_>, Failure>>()?;
            Ok((view, teams, team::of_group_buy(app, visitor, id, None, None, LOOKED_AT)?))
        })
        .await?;
    let p = match problem.is_empty() {
        true => desk.frame(HERE),
        false => desk.frame_with(HERE, problem),
    };
    let href = format!("{HERE}/{id}");
    let team_view = |status: &str, label: &str, count: i64| ViewLink {
        href: format!("{}#teams", address(&href, &[("teams", status)])),
        label: p.t(label),
        count: p.num(count),
        current: asked.teams == status,
    };
    let results = &view.results;
    let waiting: i64 =
        all.iter().filter(|team| team.status == TeamStatus::Open).map(|team| team.confirmed).sum();
    let sum = results.open + results.succeeded + results.failed;
    let last = teams.last().filter(|_| teams.len() as i64 == TEAMS);
    let word = p.t("console-gb-end-word");
    let set_aside: i64 =
        view.variants.iter().filter(|v| v.quota.is_some()).filter_map(|v| v.left).sum();
    let back = (set_aside > 0).then(|| p.t1("console-gb-end-3", "units", set_aside));
    let public = view.status.is_published();
    Ok(Show {
        heading: view.title.clone(),
        tone: tone(view.status),
        status: p.t(&format!("console-campaign-status-{}", view.status.code())),
        sub: format!(
            "{} · {} – {}",
            view.product_title,
            p.locale.exact_near(view.starts_at, p.now),
            p.locale.exact_near(view.ends_at, p.now)
        ),
        public_href: if public { format!("/products/{}", view.handle) } else { String::new() },
        campaign_href: match p.grants.may(Permission::Campaigns, Level::View) {
            true => format!("{}/{}", campaign::HERE, view.campaign),
            false => String::new(),
        },
        can_launch: view.may_launch,
        can_pause: view.may_pause,
        can_resume: view.may_resume,
        can_end: view.may_end,
        tally: tally(&p, &view, waiting),
        charts: chart_of(&p, &all).into_iter().collect(),
        team_views: vec![
            team_view("", "console-orders-all", sum),
            team_view("open", "console-team-open", results.open),
            team_view("succeeded", "console-team-succeeded", results.succeeded),
            team_view("failed", "console-team-failed", results.failed),
        ],
        teams_next: last.map_or(String::new(), |(card, _)| {
            let before = card.id.to_string();
            format!("{}#teams", address(&href, &[("teams", &asked.teams), ("before", &before)]))
        }),
        teams: teams.iter().map(|(card, team)| team_row(&p, card, team)).collect(),
        facts: facts(&p, &view),
        variants: view
            .variants
            .iter()
            .map(|variant| VariantLeft {
                title: match variant.variant_title.is_empty() {
                    true => view.product_title.clone(),
                    false => variant.variant_title.clone(),
                },
                price: p.money(variant.price),
                left: match (variant.left, variant.quota) {
                    (Some(left), Some(quota)) => format!("{} / {}", p.num(left), p.num(quota)),
                    (Some(left), None) => p.num(left),
                    (None, _) => "∞".into(),
                },
            })
            .collect(),
        rules: sentences(&view, p.locale),
        other_rules: sentences(&view, p.locale.other()),
        pause_effects: vec![
            p.t("console-gb-pause-1"),
            p.t1("console-gb-pause-2", "open", results.open),
            p.t("console-gb-pause-3"),
        ],
        end_title: p.t1("console-gb-end-title", "name", &view.title),
        end_effects: [p.t1("console-gb-end-stay", "open", results.open)]
            .into_iter()
            .chain(back.clone())
            .collect(),
        fail_effects: [
            p.t1("console-gb-end-1", "open", results.open),
            p.t1("console-gb-end-2", "payers", waiting),
        ]
        .into_iter()
        .chain(back)
        .chain([p.t("console-gb-end-4")])
        .collect(),
        end_type: p.t1("console-gb-end-type", "word", &word),
        end_word: word,
        href,
        p,
    })
}

/// The shop's currency, as the prices say it.
fn currency(view: &GroupBuyView) -> Currency {
    view.variants.first().map_or(Currency::Cny, |variant| variant.price.currency)
}

fn sentences(view: &GroupBuyView, locale: Locale) -> Vec<String> {
    rules::sentences(&view.rules, currency(view), locale)
}

fn tally(p: &Frame, view: &GroupBuyView, waiting: i64) -> Vec<Tally> {
    let results = &view.results;
    let closed = results.succeeded + results.failed;
    let fill =
        if closed == 0 { "–".into() } else { format!("{}%", results.succeeded * 100 / closed) };
    let revenue = p.money(Money::new(results.revenue, currency(view)));
    let tally = |tone, label: &str, value: String| Tally::new(tone, p.t(label), value);
    vec![
        Tally {
            note: if waiting > 0 {
                p.t1("console-gb-waiting", "count", waiting)
            } else {
                String::new()
            },
            ..tally("", "console-gb-tally-open", p.num(results.open))
        },
        tally("good", "console-gb-tally-won", p.num(results.succeeded)),
        tally("", "console-gb-tally-lost", p.num(results.failed)),
        tally("", "console-gb-tally-fill", fill),
        Tally {
            note: p.t1("console-gb-people", "count", results.people),
            ..tally("", "console-gb-tally-sold", revenue)
        },
        tally("", "console-gb-tally-left", left(p, view)),
    ]
}

fn facts(p: &Frame, view: &GroupBuyView) -> Vec<Fact> {
    let s = &view.settings;
    let product = format!("/console/products/{}", view.product);
    let mut facts = vec![
        Fact::link(p.t("console-product"), &view.product_title, product),
        Fact::new(p.t("console-gb-size"), p.t1("console-gb-people", "count", s.need)),
    ];
    for tier in &s.tiers {
        let off = format!("−{}%", percent(tier.off_basis_points));
        let people = p.t1("console-gb-people", "count", tier.size);
        facts.push(Fact::new(people, off));
    }
    let span = |minutes| p.locale.span(Span::minutes(minutes));
    let yes = |on| p.t(if on { "console-gb-yes" } else { "console-gb-no" });
    facts.extend([
        Fact::new(p.t("console-gb-life"), span(s.life_minutes)),
        Fact::new(p.t("console-gb-pay"), span(s.pay_minutes)),
        Fact::new(p.t("console-gb-per-order"), p.num(s.per_order)),
        Fact::new(p.t("console-gb-per-person"), p.num(s.per_person)),
        Fact::new(p.t("console-gb-who-opens"), p.t(who_opens(s.open_by))),
        Fact::new(p.t("console-gb-who-joins"), p.t(who_joins(s.join_by))),
        Fact::new(p.t("console-gb-late"), p.t(late_policy(s.late))),
        Fact::new(p.t("console-gb-public-short"), yes(s.listed)),
    ]);
    if s.leader_off > 0 {
        let off = p.money(Money::new(s.leader_off, currency(view)));
        facts.push(Fact::new(p.t("console-gb-leader"), off));
    }
    if let Some(lowered) = s.lowered_to {
        let people = p.t1("console-gb-people", "count", lowered);
        facts.push(Fact::new(p.t("console-gb-minimum"), people));
    }
    facts
}

/// The text of a choice.
pub fn who_opens(who: WhoOpens) -> &'static str {
    match who {
        WhoOpens::Anyone => "console-gb-anyone",
        WhoOpens::Buyers => "console-gb-after-purchase",
    }
}

/// The text of a choice.
pub fn who_joins(who: WhoJoins) -> &'static str {
    match who {
        WhoJoins::Anyone => "console-gb-anyone",
        WhoJoins::NewCustomers => "console-gb-new-only",
    }
}

/// The text of a choice.
pub fn late_policy(policy: LatePolicy) -> &'static str {
    match policy {
        LatePolicy::Refund => "console-gb-late-refund",
        LatePolicy::OtherTeam => "console-gb-late-other",
        LatePolicy::NewTeam => "console-gb-late-new",
    }
}
