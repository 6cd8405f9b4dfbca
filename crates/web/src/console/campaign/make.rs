//! Writing a campaign: a template, then one form for the frame and its mechanic.

use app::campaign::{self, CampaignDesk, PutCampaign, Step};
use app::{App, Visitor, points_shop};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::campaign::audience::Audience;
use domain::campaign::{Campaign, Channel, Goal, Measure, Mechanic};
use domain::id::Id;
use domain::money::{Currency, Money};
use serde::Deserialize;

use super::preview::{Preview, PreviewPart};
use super::terms::{self, Field, Maker};
use super::typed::{Lines, label, put, unreadable};
use super::{HERE, tone, wares};
use crate::answer::Fault;
use crate::console::fields::percent;
use crate::console::part::Choice;
use crate::console::{Answer, Desk, Frame};
use crate::form::Form;
use crate::locale::to_local;

#[derive(Template)]
#[template(path = "console/campaign/choose.html")]
struct Choose {
    p: Frame,
    cards: Vec<Card>,
}

struct Card {
    href: String,
    title: String,
    text: String,
    code: &'static str,
}

#[derive(Template)]
#[template(path = "console/campaign/form.html")]
struct Made {
    p: Frame,
    heading: String,
    say: String,
    action: String,
    back: String,
    key: String,
    version: String,
    is_new: bool,
    mechanic: &'static str,
    title: String,
    copy: String,
    starts_at: String,
    ends_at: String,
    /// The budget and what it is counted in, where the mechanic gives something.
    budget: Option<(String, Vec<Choice>)>,
    goals: Vec<Choice>,
    target: String,
    audiences: Vec<Choice>,
    groups: Vec<Choice>,
    lists: Vec<Choice>,
    limits: Vec<(&'static str, String, String)>,
    holdout: String,
    channels: Vec<ChannelRow>,
    combines: Vec<(&'static str, String, bool)>,
    fields: Vec<Field>,
    /// Goods at a price of its own, one a line; nothing where it offers none.
    offered: Option<String>,
    /// What these lines are called.
    offers: &'static str,
    status: String,
    tone: &'static str,
    /// The number of the campaign that is changed.
    of: String,
    /// The field that could not be read.
    bad: &'static str,
    /// Whether any of them stands in a row.
    in_rows: bool,
    /// What would come of it.
    v: Preview,
}

struct ChannelRow {
    code: &'static str,
    label: String,
    used: bool,
    rewarded: bool,
    /// Whether sharing there has a switch.
    is_app: bool,
}

impl Made {
    /// Everything as it was typed, whether it could be read or not.
    fn retype(&mut self, form: &Form) {
        let text = |name: &str| form.raw(name).trim_end().to_string();
        (self.title, self.copy) = (text("title"), text("copy"));
        (self.starts_at, self.ends_at) = (text("starts_at"), text("ends_at"));
        (self.target, self.holdout) = (text("target"), text("holdout"));
        if let Some((amount, units)) = &mut self.budget {
            *amount = text("budget");
            choose(units, &form.all("unit"));
        }
        choose(&mut self.goals, &form.all("measure"));
        choose(&mut self.audiences, &form.all("audience"));
        choose(&mut self.groups, &form.all("group"));
        choose(&mut self.lists, &form.all("list"));
        let (used, rewarded) = (form.all("channel"), form.all("rewarded"));
        for one in &mut self.channels {
            (one.used, one.rewarded) = (used.contains(&one.code), rewarded.contains(&one.code));
        }
        let combines = form.all("combines");
        for (code, _, on) in &mut self.combines {
            *on = combines.contains(code);
        }
        for (name, _, value) in &mut self.limits {
            *value = text(name);
        }
        for field in &mut self.fields {
            field.value = text(field.name);
            field.on = form.is_on(field.name);
            choose(&mut field.options, &[&field.value]);
        }
    }
}

fn choose(options: &mut [Choice], chosen: &[&str]) {
    for one in options {
        one.chosen = chosen.contains(&one.value.as_str());
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    mechanic: String,
}

/// What can be begun from here.
fn begun() -> impl Iterator<Item = Mechanic> {
    let all = Mechanic::ALL.iter().copied();
    all.filter(|mechanic| campaign::Terms::usual(*mechanic).is_some())
}

/// Chooses a template, or shows its form.
pub async fn new(desk: Desk, Query(asked): Query<Asked>) -> Answer {
    let Some(mechanic) = Mechanic::parse(&asked.mechanic) else {
        let p = desk.frame(HERE);
        let group_buy = Card {
            href: "/console/group-buys/new".into(),
            title: p.t("mechanic-group_buy"),
            text: p.t("mechanic-group_buy-say"),
            code: Mechanic::GroupBuy.code(),
        };
        // A group buy has a form of its own, with the phone beside it.
        let others = begun().filter(|mechanic| *mechanic != Mechanic::GroupBuy);
        let cards = others.map(|mechanic| Card {
            href: format!("{HERE}/new?mechanic={}", mechanic.code()),
            title: p.t(&format!("mechanic-{}", mechanic.code())),
            text: p.t(&format!("mechanic-{}-say", mechanic.code())),
            code: mechanic.code(),
        });
        let cards = std::iter::once(group_buy).chain(cards).collect();
        return desk.show(Choose { p, cards });
    };
    let (put, own) = desk
        .act(move |app, visitor| {
            let put = campaign::template(app, visitor, mechanic)?;
            Ok((put, campaign::currency(app)?))
        })
        .await?;
    let page = made(&desk, &put, (None, own), Text::default(), String::new()).await?;
    desk.show(page)
}

/// What was typed and is shown again as it was.
#[derive(Default)]
struct Text<'a> {
    form: Option<&'a Form>,
    offered: String,
    /// What it names, when all of it can be read.
    lines: Option<Lines>,
}

async fn made(
    desk: &Desk,
    put: &PutCampaign,
    (of, own): (Option<&CampaignDesk>, Currency),
    text: Text<'_>,
    problem: String,
) -> Result<Made, Fault> {
    let groups = desk
        .act(|app, visitor| match app::customer_group::list(app, visitor) {
            // Who may not see groups chooses among the rest.
            Err(app::failure::Failure::Forbidden) => Ok(Vec::new()),
            found => found,
        })
        .await?;
    let lists = desk.act(app::saved_list::list).await?;
    let coupons = terms::coupons(desk, put.terms.mechanic()).await?;
    let p = desk.frame_with(HERE, problem);
    let frame = &put.frame;
    let mechanic = put.terms.mechanic();
    let unit = frame.budget.map_or(put.terms.unit(own), |budget| budget.currency);
    let goal = frame.goals.first().copied();
    let goal = goal.unwrap_or(Goal { measure: Measure::Participants, target: 100 });
    let measures = Measure::ALL.iter().map(|one| {
        (one.code().to_string(), p.t(&format!("console-campaign-measure-{}", one.code())))
    });
    let (audience, chosen) = match &frame.audience {
        Audience::Everyone => ("everyone", Vec::new()),
        Audience::NewCustomers => ("new_customers", Vec::new()),
        Audience::Buyers => ("buyers", Vec::new()),
        Audience::Level { .. } => ("level", Vec::new()),
        Audience::Groups { groups } => ("groups", groups.clone()),
        Audience::List { .. } => ("list", Vec::new()),
    };
    let listed = match &frame.audience {
        Audience::List { list } => list.to_string(),
        _ => String::new(),
    };
    let kinds = ["everyone", "new_customers", "buyers", "groups", "list"];
    // Nobody is offered a list where there is none.
    let audiences = kinds
        .iter()
        .filter(|kind| **kind != "list" || !lists.is_empty())
        .map(|kind| (kind.to_string(), p.t(&format!("console-campaign-audience-{kind}"))));
    let said = |limit: Option<i64>| limit.map_or(String::new(), |limit| limit.to_string());
    let limits = &frame.limits;
    let limit_rows = vec![
        ("per_person", p.t("console-campaign-per-person"), limits.per_person.to_string()),
        ("per_cluster", p.t("console-campaign-per-cluster"), limits.per_cluster.to_string()),
        ("per_day", p.t("console-campaign-per-day"), said(limits.per_day)),
        ("total", p.t("console-campaign-total"), said(limits.total)),
    ];
    let channels = Channel::ALL.iter().map(|channel| {
        let used = frame.channels.iter().find(|one| one.channel == *channel);
        ChannelRow {
            code: channel.code(),
            label: p.t(&format!("console-campaign-channel-{}", channel.code())),
            used: used.is_some(),
            rewarded: used.map_or(channel.usual().rewarded, |one| one.rewarded),
            is_app: channel.is_app(),
        }
    });
    let combines = vec![
        ("promotions", p.t("console-campaign-combines-promotions"), frame.combines.promotions),
        ("coupons", p.t("console-campaign-combines-coupons"), frame.combines.coupons),
        ("points", p.t("console-campaign-combines-points"), frame.combines.points),
    ];
    let units = [own, Currency::Points].map(|unit| match unit {
        Currency::Points => (unit.code().to_string(), p.t("console-unit-points")),
        unit => (unit.code().to_string(), unit.code().to_string()),
    });
    let budget = mechanic.rewards().then(|| {
        let amount = frame.budget.unwrap_or(Money::new(0, unit));
        (amount.decimal(), Choice::among(unit.code(), units))
    });
    let status = of.map(|of| of.status);
    let offered = match text.form {
        Some(form) => form.raw("offered").to_string(),
        None => text.offered,
    };
    let channels = channels.collect();
    let fields = terms::fields(&Maker { p: &p, unit, coupons: &coupons }, &put.terms);
    let (at, mut sketched, named) = (of.map(|of| of.id), put.clone(), text.lines.clone());
    let sketch = desk
        .act(move |app, visitor| {
            let unknown = named.and_then(|lines| lines.name(app, visitor, &mut sketched).err());
            let sketch = campaign::sketch(app, visitor, at, sketched.clone())?;
            Ok((sketched, sketch, unknown))
        })
        .await?;
    let v = Preview::of(desk, &p, sketch)?;
    let mut page = Made {
        heading: match of {
            Some(of) => of.frame.title.clone(),
            None => p.t(&format!("mechanic-{}", mechanic.code())),
        },
        say: p.t(&format!("mechanic-{}-say", mechanic.code())),
        action: of.map_or(HERE.to_string(), |of| format!("{HERE}/{}", of.id)),
        back: of.map_or(format!("{HERE}/new"), |of| format!("{HERE}/{}", of.id)),
        key: match text.form.map(Form::key) {
            Some(key) if !key.is_empty() => key.to_string(),
            _ => p.new_key.clone(),
        },
        version: of.map_or(String::new(), |of| of.version.to_string()),
        is_new: of.is_none(),
        mechanic: mechanic.code(),
        title: frame.title.clone(),
        copy: put.creative.copy.clone(),
        starts_at: to_local(put.starts_at),
        ends_at: to_local(put.ends_at),
        budget,
        goals: Choice::among(goal.measure.code(), measures),
        target: goal.target.to_string(),
        audiences: Choice::among(audience, audiences),
        groups: groups
            .iter()
            .map(|group| Choice {
                value: group.id.to_string(),
                label: if p.is_chinese() { group.name.clone() } else { group.name_en.clone() },
                chosen: chosen.contains(&group.id),
            })
            .collect(),
        lists: Choice::among(
            &listed,
            lists.iter().map(|one| (one.id.to_string(), one.name.clone())),
        ),
        limits: limit_rows,
        holdout: percent(frame.holdout.basis_points()),
        channels,
        combines,
        in_rows: fields.iter().any(|one| ["number", "amount", "select"].contains(&one.kind)),
        fields,
        offers: if mechanic == Mechanic::PointsShop { "wares" } else { "offered" },
        offered: (put.terms.offers_goods() || mechanic == Mechanic::PointsShop).then_some(offered),
        status: status.map_or(String::new(), |status| {
            p.t(&format!("console-campaign-status-{}", status.code()))
        }),
        tone: status.map_or("", tone),
        of: at.map_or(String::new(), |id| id.to_string()),
        bad: "",
        v,
        p,
    };
    if let Some(form) = text.form {
        page.retype(form);
    }
    Ok(page)
}

/// Writes a campaign, and launches it when that button was used.
pub async fn create(desk: Desk, form: Form) -> Answer {
    let mechanic = Mechanic::parse(form.get("mechanic")).ok_or(app::failure::Failure::NotFound)?;
    save(desk, form, mechanic, None).await
}

/// The form of one that is there.
pub async fn edit(desk: Desk, Path(path): Path<String>) -> Answer {
    let id = id(&path)?;
    let (found, own, names) = read(&desk, id).await?;
    let put = as_put(&found);
    let text = Text { form: None, offered: names, lines: None };
    let page = made(&desk, &put, (Some(&found), own), text, String::new()).await?;
    desk.show(page)
}

pub fn id(text: &str) -> Result<Id<Campaign>, Fault> {
    Id::parse(text).ok_or_else(|| app::failure::Failure::NotFound.into())
}

async fn read(desk: &Desk, id: Id<Campaign>) -> Result<(CampaignDesk, Currency, String), Fault> {
    let found = desk
        .act(move |app, visitor| {
            let found = campaign::get_desk(app, visitor, id)?;
            let own = campaign::currency(app)?;
            if let campaign::Terms::PointsShop(terms) = &found.terms {
                let lines = points_shop::said(app, visitor, terms)?;
                let lines: Vec<String> = lines.iter().map(|line| wares::line(line, own)).collect();
                return Ok((found, own, lines.join("\n")));
            }
            let names = campaign::names_of(app, visitor, &found.offered)?;
            let lines: Vec<String> = found
                .offered
                .iter()
                .zip(names)
                .map(|(one, name)| {
                    let price = Money::new(one.price, own).decimal();
                    let quota = one.quota.map_or(String::new(), |quota| format!(" {quota}"));
                    format!("{name} {price}{quota}")
                })
                .collect();
            Ok((found, own, lines.join("\n")))
        })
        .await?;
    Ok(found)
}

fn as_put(found: &CampaignDesk) -> PutCampaign {
    PutCampaign {
        starts_at: found.starts_at,
        ends_at: found.ends_at,
        frame: found.frame.clone(),
        terms: found.terms.clone(),
        offered: found.offered.clone(),
        creative: found.creative.clone(),
        version: Some(found.version),
    }
}

/// Changes a campaign.
pub async fn update(desk: Desk, Path(path): Path<String>, form: Form) -> Answer {
    let id = id(&path)?;
    let (found, ..) = read(&desk, id).await?;
    save(desk, form, found.mechanic, Some(found)).await
}

async fn save(desk: Desk, form: Form, mechanic: Mechanic, of: Option<CampaignDesk>) -> Response_ {
    let own = desk.act(|app, _| campaign::currency(app)).await?;
    let launch = form.is_on("launch");
    let typed = put(&form, mechanic, own);
    let at = of.as_ref().map(|of| of.id);
    let problem = match typed.clone() {
        // Which field, its form says.
        None => String::new(),
        Some((mut put, lines)) => {
            let done = desk
                .act_once(&form, move |app, visitor| {
                    lines.name(app, visitor, &mut put)?;
                    let saved = match at {
                        Some(id) => campaign::change(app, visitor, id, put)?,
                        None => campaign::create(app, visitor, put)?,
                    };
                    Ok(saved.id)
                })
                .await;
            match done {
                Ok(id) if launch => return launched(&desk, id).await,
                Ok(id) => return desk.on(&format!("{HERE}/{id}"), "campaign-done-saved"),
                Err(failure) => desk.complaint(failure)?,
            }
        }
    };
    // Shown again as it was typed, as far as it can be read.
    let (before, lines) = match (&of, typed) {
        (_, Some((put, lines))) => (put, Some(lines)),
        (Some(of), None) => (as_put(of), None),
        (None, None) => {
            let usual =
                move |app: &App, visitor: &Visitor| campaign::template(app, visitor, mechanic);
            (desk.act(usual).await?, None)
        }
    };
    let read = lines.is_some();
    let text = Text { form: Some(&form), offered: String::new(), lines };
    let mut page = made(&desk, &before, (of.as_ref(), own), text, problem).await?;
    if !read {
        let unit = Currency::of_books(form.get("unit")).unwrap_or(own);
        page.bad = unreadable(&form, (mechanic, &page.fields), (unit, own));
        let label = label(&page.p, &page.fields, page.bad);
        page.v = Preview::unreadable(&page.p, mechanic, &form, &label);
        page.p.problem = Some(page.p.t1("console-campaign-bad-field", "field", label));
    }
    desk.show_again(page)
}

/// `POST /console/campaigns/preview`: what would come of a form that is being filled in.
pub async fn preview(desk: Desk, form: Form) -> Answer {
    let mechanic = Mechanic::parse(form.get("mechanic")).ok_or(app::failure::Failure::NotFound)?;
    let own = desk.act(|app, _| campaign::currency(app)).await?;
    let of = Id::parse(form.get("of"));
    let p = desk.frame(HERE);
    let Some((mut put, lines)) = put(&form, mechanic, own) else {
        let unit = Currency::of_books(form.get("unit")).unwrap_or(own);
        let usual =
            desk.act(move |app, visitor| campaign::template(app, visitor, mechanic)).await?;
        let fields = terms::fields(&Maker { p: &p, unit, coupons: &[] }, &usual.terms);
        let bad = label(&p, &fields, unreadable(&form, (mechanic, &fields), (unit, own)));
        return desk.show(PreviewPart { v: Preview::unreadable(&p, mechanic, &form, &bad), p });
    };
    let drawn = desk
        .act(move |app, visitor| {
            let unknown = lines.name(app, visitor, &mut put).err();
            let sketch = campaign::sketch(app, visitor, of, put.clone())?;
            Ok((put, sketch, unknown))
        })
        .await?;
    desk.show(PreviewPart { v: Preview::of(&desk, &p, drawn)?, p })
}

type Response_ = Result<Response, Fault>;

/// Launches what was just written; what stands in the way is shown on its desk.
async fn launched(desk: &Desk, id: Id<Campaign>) -> Answer {
    let done = desk.act(move |app, visitor| campaign::step(app, visitor, id, Step::Launch)).await;
    match done {
        Ok(_) => desk.on(&format!("{HERE}/{id}"), "campaign-done-launched"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            super::show::page(desk, id, problem).await
        }
    }
}
