//! How points are earned and spent, and the levels: all that a merchant settles about both.

use app::customer_group::{self, GroupView};
use app::failure::Failure;
use app::level::{self, LadderView, PutLadder, PutLevel};
use app::point::{self, PutSettings, SettingsView};
use askama::Template;
use domain::id::Id;
use domain::level::BadLadder;
use domain::moment::Span;
use domain::money::Money;
use domain::point::{Earning, Refusal, Spending};
use domain::rate::Rate;

use super::part::Choice;
use super::price::group_name;
use super::{Answer, Desk, Frame, fields};
use crate::answer::Fault;
use crate::form::Form;
use crate::storefront::point::times;

/// Its entry in the rail.
const HERE: &str = "/console/levels";
/// How many steps a form is read for, and how many empty ones it offers.
const MOST: usize = domain::level::MOST_LEVELS;
const SPARE: usize = 1;
const DAY: i64 = Span::days(1).0;

#[derive(Template)]
#[template(path = "console/level/show.html")]
struct Show {
    p: Frame,
    symbol: &'static str,
    s: Settings,
    steps: Vec<Step>,
}

/// The settings as they are typed.
struct Settings {
    version: String,
    earns: bool,
    earn_points: String,
    earn_per: String,
    life: String,
    spends: bool,
    spend_points: String,
    spend_worth: String,
    most: String,
    least: String,
    growth_per: String,
}

/// A step of the ladder as it is typed.
struct Step {
    number: usize,
    name: String,
    name_en: String,
    from: String,
    boost: String,
    groups: Vec<Choice>,
    people: String,
}

/// The page.
pub async fn show(desk: Desk) -> Answer {
    let page = page(&desk, None, None, String::new()).await?;
    desk.show(page)
}

/// Says how points are earned and spent.
pub async fn settings(desk: Desk, form: Form) -> Answer {
    let typed = form.clone();
    let done = desk
        .act(move |app, visitor| {
            let own = point::get_settings(app, visitor)?.currency;
            let put = read_settings(&typed, own).ok_or(Refusal::BadTerms)?;
            point::put_settings(app, visitor, put)
        })
        .await;
    match done {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, Some(&form), None, problem).await?;
            desk.show_again(page)
        }
    }
}

/// Puts the ladder.
pub async fn update(desk: Desk, form: Form) -> Answer {
    let done = match read_ladder(&form) {
        Ok(put) => desk.act(move |app, visitor| level::put(app, visitor, put)).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(_) => desk.on(HERE, "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let page = page(&desk, None, Some(&form), problem).await?;
            desk.show_again(page)
        }
    }
}

/// What the form says; nothing where it says no number.
fn read_settings(form: &Form, own: domain::money::Currency) -> Option<PutSettings> {
    let whole = |name: &str| fields::whole(form.get(name));
    let minor = |name: &str| fields::amount(form.get(name), own).map(|money| money.minor);
    let earning = match form.is_on("earns") {
        true => Some(Earning {
            points: whole("earn_points")?,
            per: minor("earn_per")?,
            life: match form.get("life") {
                "" => None,
                days => Some(Span(fields::whole(days)?.checked_mul(DAY)?)),
            },
        }),
        false => None,
    };
    let spending = match form.is_on("spends") {
        true => Some(Spending {
            points: whole("spend_points")?,
            minor: minor("spend_worth")?,
            most: fields::points(form.get("most")).and_then(Rate::from_basis_points)?,
            least: whole("least")?,
        }),
        false => None,
    };
    let (growth_per, version) = (minor("growth_per")?, form.parse("version"));
    Some(PutSettings { earning, spending, growth_per, version })
}

/// The steps that have a name.
fn read_ladder(form: &Form) -> Result<PutLadder, Failure> {
    let mut levels = Vec::new();
    for n in 0..MOST {
        let get = |name: &str| form.get(&format!("step-{n}-{name}"));
        if get("name").is_empty() {
            continue;
        }
        let from = match get("from") {
            "" => Some(0),
            text => fields::whole(text),
        };
        // 1.5 times are 150 percent.
        let boost = match get("boost") {
            "" => Some(100),
            text => fields::points(text),
        };
        levels.push(PutLevel {
            name: get("name").to_string(),
            name_en: get("name_en").to_string(),
            from: from.ok_or(BadLadder::From)?,
            group: Id::parse(get("group")),
            boost: boost.ok_or(BadLadder::Boost)?,
        });
    }
    Ok(PutLadder { levels })
}

async fn page(
    desk: &Desk,
    settings: Option<&Form>,
    ladder: Option<&Form>,
    problem: String,
) -> Result<Show, Fault> {
    let (terms, levels, groups) = desk
        .act(|app, visitor| {
            let terms = point::get_settings(app, visitor)?;
            let levels = level::get(app, visitor)?;
            Ok((terms, levels, customer_group::named(app, visitor)?))
        })
        .await?;
    let p = desk.frame_with(HERE, problem);
    let s = match settings {
        Some(form) => typed(form),
        None => filled(&terms),
    };
    let steps = match ladder {
        Some(form) => typed_steps(&p, form, &groups),
        None => steps(&p, &levels, &groups),
    };
    Ok(Show { symbol: terms.currency.symbol(), s, steps, p })
}

fn typed(form: &Form) -> Settings {
    let get = |name: &str| form.get(name).to_string();
    Settings {
        version: get("version"),
        earns: form.is_on("earns"),
        earn_points: get("earn_points"),
        earn_per: get("earn_per"),
        life: get("life"),
        spends: form.is_on("spends"),
        spend_points: get("spend_points"),
        spend_worth: get("spend_worth"),
        most: get("most"),
        least: get("least"),
        growth_per: get("growth_per"),
    }
}

/// What holds, and what a merchant begins with where nothing does: one point for each whole unit,
/// a hundred of them worth one, for a year and for at most a third of an order.
fn filled(terms: &SettingsView) -> Settings {
    let unit = 10_i64.pow(terms.currency.decimals());
    let money = |minor| Money::new(minor, terms.currency).decimal();
    let usual = Earning { points: 1, per: unit, life: Some(Span::days(365)) };
    let earning = terms.earning.unwrap_or(usual);
    let third = Rate::from_basis_points(3_000).unwrap_or(Rate::NONE);
    let usual = Spending { points: 100, minor: unit, most: third, least: 100 };
    let spending = terms.spending.unwrap_or(usual);
    let life = earning.life.map_or(String::new(), |life| (life.0 / DAY).to_string());
    Settings {
        version: terms.version.to_string(),
        earns: terms.earning.is_some(),
        earn_points: earning.points.to_string(),
        earn_per: money(earning.per),
        life,
        spends: terms.spending.is_some(),
        spend_points: spending.points.to_string(),
        spend_worth: money(spending.minor),
        most: fields::percent(spending.most.basis_points()),
        least: spending.least.to_string(),
        growth_per: money(terms.growth_per),
    }
}

fn among(p: &Frame, groups: &[GroupView], chosen: &str) -> Vec<Choice> {
    let none = (String::new(), p.t("console-level-no-group"));
    let named = groups.iter().map(|group| (group.id.to_string(), group_name(p, group).to_string()));
    Choice::among(chosen, std::iter::once(none).chain(named))
}

fn steps(p: &Frame, found: &LadderView, groups: &[GroupView]) -> Vec<Step> {
    let known = found.levels.iter().zip(&found.people).enumerate();
    let mut steps: Vec<Step> = known
        .map(|(number, (level, people))| Step {
            number,
            name: level.name.clone(),
            name_en: level.name_en.clone(),
            from: level.from.to_string(),
            boost: times(level.boost),
            groups: among(p, groups, &level.group.map_or(String::new(), |id| id.to_string())),
            people: p.t1("console-level-people", "count", *people),
        })
        .collect();
    let spare = if steps.is_empty() { 3 } else { SPARE };
    let from = steps.len();
    steps.extend((from..(from + spare).min(MOST)).map(|number| empty(p, number, groups)));
    steps
}

fn empty(p: &Frame, number: usize, groups: &[GroupView]) -> Step {
    Step {
        number,
        name: String::new(),
        name_en: String::new(),
        from: String::new(),
        boost: String::new(),
        groups: among(p, groups, ""),
        people: String::new(),
    }
}

fn typed_steps(p: &Frame, form: &Form, groups: &[GroupView]) -> Vec<Step> {
    let step = |number: usize| {
        let get = |name: &str| form.get(&format!("step-{number}-{name}")).to_string();
        Step {
            number,
            name: get("name"),
            name_en: get("name_en"),
            from: get("from"),
            boost: get("boost"),
            groups: among(p, groups, &get("group")),
            people: String::new(),
        }
    };
    let there = |number: &usize| form.maybe(&format!("step-{number}-name")).is_some();
    let last = (0..MOST).rev().find(there).map_or(2, |last| last + SPARE);
    (0..=last.min(MOST - 1)).map(step).collect()
}
