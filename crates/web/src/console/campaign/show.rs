//! One campaign behind the counter: its check, its budget, what happened in it, and its next step.

use app::bargain;
use app::campaign::{self, AnswerFinding, CampaignDesk, CheckView, FindingView, Step};
use app::coupon_drop::{self, DropDesk};
use app::fission::{self, FissionDesk, FissionRow};
use app::flash_sale::{self, FlashSaleView};
use app::points_shop::{self, DeskItem};
use app::reward::{self, RewardView};
use askama::Template;
use axum::extract::Path;
use domain::campaign::{Campaign, Measure, Mechanic, Status};
use domain::compliance::Ground;
use domain::id::Id;
use domain::money::Money;

use super::preview::struck;
use super::{HERE, make, tone};
use crate::console::part::{Choice, When};
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;
use crate::storefront::campaign as shop_side;

#[derive(Template)]
#[template(path = "console/campaign/show.html")]
struct Show {
    p: Frame,
    title: String,
    href: String,
    see: String,
    /// Where it is seen how a draw or a group buy goes; empty for other mechanics.
    goes: String,
    mechanic: String,
    status: String,
    tone: &'static str,
    starts: When,
    ends: When,
    editable: bool,
    steps: Vec<StepButton>,
    check: Option<Checked>,
    budget: Vec<(String, String)>,
    people: String,
    entries: String,
    waiting: String,
    goal: String,
    /// What its mechanic counts: a name and a figure.
    facts: Vec<(String, String)>,
    rules: Vec<String>,
    moves: Vec<Moved>,
    rewards: Vec<Rewarded>,
    /// Of a points shop: each thing with how it goes.
    exchanged: Vec<(String, String)>,
    /// Fission coupons that were started.
    shared: Vec<Shared>,
}

struct Shared {
    href: String,
    who: String,
    taken: String,
    worth: String,
    state: String,
    tone: &'static str,
    at: When,
}

struct StepButton {
    code: &'static str,
    label: String,
    primary: bool,
}

struct Checked {
    clean: bool,
    pack: String,
    findings: Vec<Found>,
}

struct Found {
    rule: String,
    source: String,
    field: String,
    /// Of a former price that cannot be shown: in words.
    former: String,
    about: String,
    sentence: String,
    blocks: bool,
    /// Who answered, on which ground.
    answered: String,
    evidence: Vec<String>,
    grounds: Vec<Choice>,
}

struct Moved {
    said: String,
    to: String,
    at: When,
}

struct Rewarded {
    href: String,
    amount: String,
    state: String,
    tone: &'static str,
    at: When,
}

/// The desk of a campaign.
pub async fn show(desk: Desk, Path(path): Path<String>) -> Answer {
    page(&desk, make::id(&path)?, String::new()).await
}

/// The same with what did not work.
pub async fn page(desk: &Desk, id: Id<Campaign>, problem: String) -> Answer {
    let (found, check, rewards, clauses, had, (bargains, drop, fissions, flash)) = desk
        .act(move |app, visitor| {
            let found = campaign::get_desk(app, visitor, id)?;
            let check = match found.status {
                Status::Draft | Status::Checked => Some(campaign::check(app, visitor, id)?),
                _ => None,
            };
            let rewards = reward::of_campaign(app, visitor, id, None, 20)?;
            let clauses = campaign::clauses(app, visitor, id)?;
            let had = match found.mechanic {
                Mechanic::PointsShop => points_shop::desk(app, visitor, id)?,
                _ => Vec::new(),
            };
            let bargains = match found.mechanic {
                Mechanic::Bargain => Some(bargain::desk(app, visitor, id)?),
                _ => None,
            };
            let drop = match found.mechanic {
                Mechanic::CouponDrop => coupon_drop::desk(app, visitor, id)?,
                _ => None,
            };
            let fissions = match found.mechanic {
                Mechanic::FissionCoupon => {
                    let list = fission::list(app, visitor, id, None, 20)?;
                    Some((fission::desk(app, visitor, id)?, list))
                }
                _ => None,
            };
            let flash = match found.mechanic {
                // What one that is over set aside is ordinary stock again.
                Mechanic::FlashSale if matches!(found.status, Status::Running | Status::Paused) => {
                    flash_sale::get(app, visitor, id).ok()
                }
                _ => None,
            };
            Ok((found, check, rewards, clauses, had, (bargains, drop, fissions, flash)))
        })
        .await?;
    let refused = !problem.is_empty();
    let p = desk.frame_with(HERE, problem);
    let rules = shop_side::rules(&clauses.0, clauses.1, p.locale);
    let had = had.iter().map(|one| exchanged(&p, one)).collect();
    let mut facts = match (bargains, drop, flash) {
        (Some(desk), _, _) => bargained(&p, &desk),
        (_, Some(desk), _) => dropped(&p, &desk),
        (_, _, Some(sale)) => sold(&p, &sale),
        _ => Vec::new(),
    };
    let mut shared = Vec::new();
    if let Some((desk, list)) = fissions {
        facts = split(&p, &desk);
        shared = list.iter().map(|one| one_shared(&p, one)).collect();
    }
    let shown = Show { exchanged: had, facts, shared, ..draw(p, &found, check, &rewards, rules) };
    if refused { desk.show_again(shown) } else { desk.show(shown) }
}

/// How its bargains go.
fn bargained(p: &Frame, desk: &bargain::BargainDesk) -> Vec<(String, String)> {
    let counted = [
        ("launches", desk.launches),
        ("running", desk.running),
        ("reached", desk.reached),
        ("bought", desk.bought),
        ("expired", desk.expired),
        ("helpers", desk.helpers),
        ("helps", desk.helps),
    ];
    let said = counted.map(|(name, count)| (p.t(&format!("console-bargain-{name}")), p.num(count)));
    said.to_vec()
}

/// How its coupons go.
fn dropped(p: &Frame, desk: &DropDesk) -> Vec<(String, String)> {
    let counted = [
        ("taken", desk.taken),
        ("left", desk.total - desk.taken),
        ("held", desk.held),
        ("used", desk.used),
        ("gone", desk.gone),
        ("given", desk.given),
    ];
    let said = counted.map(|(name, count)| (p.t(&format!("console-drop-{name}")), p.num(count)));
    let coupon = (p.t("console-drop-coupon"), format!("{} · {}", desk.name, p.money(desk.worth)));
    [coupon].into_iter().chain(said).collect()
}

/// How much of what was set aside is gone.
fn sold(p: &Frame, sale: &FlashSaleView) -> Vec<(String, String)> {
    let said = sale.goods.iter().filter_map(|one| {
        let (quota, left) = one.quota.zip(one.left)?;
        let taken = (quota - left).max(0);
        let name = format!("{} {}", one.title, one.variant_title);
        Some((name, p.t2("flash-gone", ("taken", &taken), ("quota", &quota))))
    });
    said.collect()
}

/// What became of its fission coupons.
fn split(p: &Frame, desk: &FissionDesk) -> Vec<(String, String)> {
    let worth = |count: i64, money| format!("{} · {}", p.num(count), p.money(money));
    vec![
        (p.t("console-fission-started"), p.num(desk.started)),
        (p.t("console-fission-taken"), worth(desk.taken, desk.taken_worth)),
        (p.t("console-fission-used"), worth(desk.used, desk.used_worth)),
    ]
}

fn one_shared(p: &Frame, one: &FissionRow) -> Shared {
    let full = one.taken == one.count;
    let state = match (full, one.closed_at) {
        (true, _) => "full",
        (_, None) => "open",
        _ => "closed",
    };
    Shared {
        href: format!("/split/{}", one.id),
        who: one.name.clone(),
        taken: format!("{} / {}", one.taken, one.count),
        worth: p.money(one.taken_worth),
        state: p.t(&format!("console-fission-{state}")),
        tone: if state == "open" { "waiting" } else { "" },
        at: p.when(one.started_at),
    }
}

/// How something goes that is had for points.
fn exchanged(p: &Frame, one: &DeskItem) -> (String, String) {
    let said = p.locale.tell(
        "console-points-shop-row",
        &[("exchanged", &one.exchanged), ("people", &one.people), ("points", &one.spent)],
    );
    (one.name.clone(), said)
}

fn draw(
    p: Frame,
    found: &CampaignDesk,
    check: Option<CheckView>,
    rewards: &[RewardView],
    rules: Vec<String>,
) -> Show {
    let money = |name: &str, money: Money| {
        (p.t(&format!("console-campaign-{name}")), shop_side::worth(money, p.locale))
    };
    let budget = found.budget.as_ref().map_or(Vec::new(), |budget| {
        vec![
            money("funded", budget.funded),
            money("available", budget.available),
            money("escrow", budget.escrow),
            money("given", budget.given),
            money("returned", budget.returned),
            money("owed", budget.owed),
        ]
    });
    let first = found
        .steps
        .iter()
        .find(|step| matches!(step, Step::Launch | Step::Resume | Step::Evaluate));
    let steps = found.steps.iter().map(|step| StepButton {
        code: step.code(),
        label: p.t(&format!("console-campaign-step-{}", step.code())),
        primary: Some(step) == first,
    });
    let moves = found.moves.iter().map(|one| Moved {
        said: p.t(&format!("console-campaign-reason-{}", one.reason)),
        to: p.t(&format!("console-campaign-status-{}", one.to.code())),
        at: p.when(one.at),
    });
    let goal = found.frame.goals.first().map_or(String::new(), |goal| {
        let measure = p.t(&format!("console-campaign-measure-{}", goal.measure.code()));
        // The one measure that is counted on this very page says how far it is.
        match goal.measure {
            Measure::Participants => {
                format!("{measure} {} / {}", p.num(found.people), p.num(goal.target))
            }
            _ => format!("{measure} {}", p.num(goal.target)),
        }
    });
    let grounds = |p: &Frame, answers: &[Ground]| {
        let said = answers.iter().map(|one| {
            (one.code().to_string(), p.t(&format!("console-campaign-ground-{}", one.code())))
        });
        Choice::among("", said)
    };
    let finding = |one: FindingView| Found {
        grounds: grounds(&p, &one.answers),
        answered: one.answered.as_ref().map_or(String::new(), |answer| {
            p.t(&format!("console-campaign-ground-{}", answer.ground.code()))
        }),
        evidence: one.answered.map_or(Vec::new(), |answer| answer.evidence),
        former: one.former.as_ref().map_or(String::new(), |one| struck(&p, one)),
        rule: one.rule,
        source: one.source,
        field: one.field,
        about: one.about,
        sentence: one.sentence,
        blocks: one.blocks,
    };
    let check = check.map(|check| Checked {
        clean: check.may_launch,
        pack: p.t1("console-campaign-check-pack", "pack", check.pack),
        findings: check.findings.into_iter().map(finding).collect(),
    });
    let status = p.t(&format!("console-campaign-status-{}", found.status.code()));
    // One that was ended by hand ended then.
    let ended = found.moves.iter().find(|one| one.to == Status::Ended).map(|one| one.at);
    let ended = ended.map_or(found.ends_at, |at| at.min(found.ends_at));
    let waiting = match found.waiting {
        0 => String::new(),
        count => p.t1("console-campaign-waiting", "count", count),
    };
    let rewards = rewards.iter().map(|one| Rewarded {
        href: format!("/console/customers/{}", one.person),
        amount: shop_side::worth(one.amount, p.locale),
        state: p.t(&format!("console-campaign-reward-{}", one.state)),
        tone: match one.state.as_str() {
            "given" => "good",
            "waiting" => "waiting",
            _ => "",
        },
        at: p.when(one.at),
    });
    let rewards = rewards.collect();
    Show {
        title: found.frame.title.clone(),
        href: format!("{HERE}/{}", found.id),
        see: shop_side::path(found.mechanic, found.id),
        goes: match found.mechanic {
            Mechanic::GroupBuy => format!("/console/group-buys/{}", found.id),
            Mechanic::Draw if found.status.is_published() => {
                format!("/console/draws/{}", found.id)
            }
            _ => String::new(),
        },
        mechanic: p.t(&format!("mechanic-{}", found.mechanic.code())),
        status,
        tone: tone(found.status),
        starts: p.when(found.starts_at),
        ends: p.when(ended),
        editable: !matches!(found.status, Status::Ended | Status::Evaluated),
        steps: steps.collect(),
        check,
        budget,
        people: p.num(found.people),
        entries: p.num(found.entries),
        waiting,
        goal,
        facts: Vec::new(),
        rules,
        moves: moves.collect(),
        rewards,
        exchanged: Vec::new(),
        shared: Vec::new(),
        p,
    }
}

/// Takes a step.
pub async fn step(desk: Desk, Path(path): Path<String>, form: Form) -> Answer {
    let id = make::id(&path)?;
    let step = Step::parse(form.get("step")).ok_or(app::failure::Failure::NotFound)?;
    let done =
        desk.act_once(&form, move |app, visitor| campaign::step(app, visitor, id, step)).await;
    match done {
        Ok(_) => {
            let said = if step == Step::Launch { "launched" } else { "moved" };
            desk.on(&format!("{HERE}/{id}"), &format!("campaign-done-{said}"))
        }
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            page(&desk, id, problem).await
        }
    }
}

/// Answers what the check found.
pub async fn answer(desk: Desk, Path(path): Path<String>, form: Form) -> Answer {
    let id = make::id(&path)?;
    let given = AnswerFinding {
        rule: form.get("rule").to_string(),
        field: form.get("field").to_string(),
        about: form.get("about").to_string(),
        sentence: form.get("sentence").to_string(),
        ground: Ground::parse(form.get("ground")).unwrap_or(Ground::Aim),
        evidence: form
            .raw("evidence")
            .lines()
            .map(|line| line.trim().to_string())
            .filter(|line| !line.is_empty())
            .collect(),
    };
    let done =
        desk.act_once(&form, move |app, visitor| campaign::answer(app, visitor, id, given)).await;
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}#check"), "campaign-done-answered"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            page(&desk, id, problem).await
        }
    }
}

/// The same once more, from now on.
pub async fn copy(desk: Desk, Path(path): Path<String>, form: Form) -> Answer {
    let id = make::id(&path)?;
    let now = desk.now();
    let done =
        desk.act_once(&form, move |app, visitor| campaign::copy(app, visitor, id, now)).await;
    match done {
        Ok(made) => desk.on(&format!("{HERE}/{}/edit", made.id), "campaign-done-saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            page(&desk, id, problem).await
        }
    }
}
