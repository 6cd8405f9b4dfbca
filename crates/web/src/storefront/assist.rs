//! Asking friends for help: the campaign's page, and the page a friend opens.

use app::assist::{self, AssistView};
use app::campaign;
use app::failure::Failure;
use app::share;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::assist::Assist;
use domain::campaign::{Campaign, Channel, Mechanic, Status};
use domain::id::Id;
use domain::share::Object;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::storefront::campaign::worth;
use crate::storefront::frame::{Frame, Here};
use crate::storefront::sharing::Sharing;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};

#[derive(Template)]
#[template(path = "storefront/assist/show.html")]
struct Show {
    p: Frame,
    copy: String,
    /// The form asks for help, or helps; nothing to do when empty.
    action: String,
    button: String,
    /// Where one asks for oneself, after having helped.
    too: String,
    problem: String,
    heading: String,
    say: String,
    rules: String,
    steps: Vec<StepRow>,
    /// Of a hundred, how much of the last step is reached: a width there is a class for.
    filled: i64,
    helpers: Vec<Helper>,
    share: Sharing,
    deadline: String,
}

struct StepRow {
    need: String,
    reward: String,
    unlocked: bool,
}

struct Helper {
    name: String,
    when: String,
    counts: bool,
}

fn campaign_id(text: &str) -> Result<Id<Campaign>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

fn assist_id(text: &str) -> Result<Id<Assist>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

/// `GET /assists/{campaign}`: the visitor's own, or how to begin.
pub async fn landing(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(text): Path<String>,
) -> Result<Response, Fault> {
    let id = campaign_id(&text)?;
    let (view, units, own) = act(&shop, move |app| {
        let (view, _) = campaign::get(app, &visitor, id)?;
        let own = assist::own(app, &visitor, id)?.filter(|own| own.open);
        Ok((view, campaign::units(app, id)?, own))
    })
    .await?;
    if let Some(own) = own {
        return Ok(Redirect::to(&format!("/help/{}", own.id)).into_response());
    }
    let campaign::Terms::Assist(terms) = &view.terms else {
        return Err(Failure::NotFound.into());
    };
    let on = view.card.status == Status::Running;
    let steps = terms.steps.iter().map(|step| StepRow {
        need: page.n("store-assist-friends", step.need),
        reward: worth(domain::money::Money::new(step.reward, units.0), page.locale),
        unlocked: false,
    });
    let steps = steps.collect();
    let title = view.card.title.clone();
    let button = if on { page.t("store-assist-begin") } else { String::new() };
    let say = if on { page.t("store-assist-how") } else { page.t("store-campaign-over") };
    let copy = view.card.creative.copy.clone();
    let until = page.locale.exact_near(view.card.ends_at, page.now);
    let p = Frame::new(page, Here::Elsewhere, &["team", "assist", "share"])
        .titled(title.clone())
        .public(&copy, "");
    Ok(render(&Show {
        copy,
        action: format!("/assists/{id}"),
        button,
        too: String::new(),
        problem: String::new(),
        heading: title,
        say,
        rules: format!("/campaigns/{id}/rules"),
        steps,
        filled: 0,
        helpers: Vec::new(),
        share: Sharing::default(),
        deadline: p.t1("store-campaign-until", "when", until),
        p,
    }))
}

/// `POST /assists/{campaign}`: asks for help.
pub async fn begin(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(text): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = campaign_id(&text)?;
    let visitor = form.keyed(visitor)?;
    match act(&shop, move |app| assist::begin(app, &visitor, id)).await {
        Ok(view) => Ok(Redirect::to(&format!("/help/{}", view.id)).into_response()),
        Err(failure) => {
            // Said on the hub: what was asked for could not be begun.
            let said = Errors::of(failure, page.locale)?.all().join(" ");
            let p = Frame::new(page, Here::Elsewhere, &["team", "assist", "share"]);
            Ok(render_with(
                axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                &Show {
                    copy: String::new(),
                    action: String::new(),
                    button: String::new(),
                    too: String::new(),
                    heading: p.t("store-campaigns"),
                    problem: said,
                    say: String::new(),
                    rules: format!("/campaigns/{id}/rules"),
                    steps: Vec::new(),
                    filled: 0,
                    helpers: Vec::new(),
                    share: Sharing::default(),
                    deadline: String::new(),
                    p,
                },
            ))
        }
    }
}

/// `GET /help/{id}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(text): Path<String>,
) -> Result<Response, Fault> {
    let id = assist_id(&text)?;
    let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
    Ok(render(&draw(page, &seen, String::new())))
}

/// An assist, one's own link to it, and the app it is opened in where that rewards no sharing.
type Seen = (AssistView, Option<share::LinkView>, Option<Channel>);

fn see(app: &app::App, visitor: &app::Visitor, id: Id<Assist>) -> Result<Seen, Failure> {
    let view = assist::get(app, visitor, id)?;
    let link = match view.own && view.open {
        true => Some(share::link(app, visitor, Object::Assist, id.0)?),
        false => None,
    };
    let silent = campaign::silent_in(app, visitor, view.campaign)?;
    Ok((view, link, silent))
}

/// `POST /help/{id}`: helps.
pub async fn help(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(text): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = assist_id(&text)?;
    let keyed = form.keyed(visitor.clone())?;
    match act(&shop, move |app| assist::help(app, &keyed, id)).await {
        Ok(_) => Ok(Redirect::to(&format!("/help/{id}?done=helped")).into_response()),
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let seen = act(&shop, move |app| see(app, &visitor, id)).await?;
            let shown = draw(page, &seen, problem);
            Ok(render_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

fn draw(page: Page, (view, link, silent): &Seen, problem: String) -> Show {
    let last = view.steps.last();
    let most = last.map_or(1, |step| step.need).max(1);
    let reward = last.map_or(String::new(), |step| worth(step.reward, page.locale));
    let steps = view.steps.iter().map(|step| StepRow {
        need: page.n("store-assist-friends", step.need),
        reward: worth(step.reward, page.locale),
        unlocked: step.unlocked,
    });
    let steps = steps.collect();
    let helpers = view.helpers.iter().map(|helper| Helper {
        name: match helper.name.as_str() {
            "" => page.t("store-somebody"),
            name => name.to_string(),
        },
        when: page.locale.ago(helper.at, page.now),
        counts: helper.counts,
    });
    let helpers = helpers.collect();
    let (heading, say) = if view.own {
        match (view.open, view.missing) {
            (true, missing) => {
                (page.n("store-assist-missing", missing), page.t("store-assist-ask"))
            }
            (false, 0) => (page.t("store-assist-won"), page.t("store-assist-won-say")),
            (false, _) => (page.t("store-assist-over"), page.t("store-assist-over-say")),
        }
    } else {
        let heading = page.t2("store-assist-for", ("name", &view.name), ("reward", &reward));
        let say = match (view.helped, view.open) {
            (true, _) => page.t("store-assist-helped"),
            (false, true) => page.n("store-assist-missing", view.missing),
            (false, false) => page.t("store-assist-over"),
        };
        (heading, say)
    };
    let may_help = !view.own && !view.helped && view.open && silent.is_none();
    let button = if may_help { page.t("store-assist-help") } else { String::new() };
    let words = page.t1("store-assist-words", "reward", &reward);
    let deadline = match view.open {
        true => {
            page.t1("store-campaign-until", "when", page.locale.exact_near(view.deadline, page.now))
        }
        false => String::new(),
    };
    let share = link.as_ref().map_or_else(Sharing::default, |link| {
        Sharing::own(&page, link, words.clone())
            .of(&page, Mechanic::Assist, &view.title)
            .worth(reward)
    });
    let share = share.silent_in(&page, *silent);
    let title = view.title.clone();
    let p = Frame::new(page, Here::Elsewhere, &["team", "assist", "share"])
        .titled(title.clone())
        .public(&words, "");
    Show {
        copy: String::new(),
        action: format!("/help/{}", view.id),
        button,
        too: match !view.own && view.helped && silent.is_none() {
            true => format!("/assists/{}", view.campaign),
            false => String::new(),
        },
        problem,
        heading,
        say,
        rules: format!("/campaigns/{}/rules", view.campaign),
        steps,
        // In tenths, since widths are classes.
        filled: (view.counting.min(most) * 10) / most,
        helpers,
        share,
        deadline,
        p,
    }
}
