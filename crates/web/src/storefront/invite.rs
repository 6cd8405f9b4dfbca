//! Inviting friends: one page for whoever invites and for whoever was invited.

use app::campaign;
use app::failure::Failure;
use app::invite::{self, InviteDesk};
use app::share::LinkView;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::{Channel, Mechanic};

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::storefront::campaign::worth;
use crate::storefront::frame::{Frame, Here};
use crate::storefront::sharing::Sharing;
use crate::visitor::{Remembered, SignedIn};
use crate::{Shop, act};

#[derive(Template)]
#[template(path = "storefront/invite/show.html")]
struct Show {
    p: Frame,
    heading: String,
    say: String,
    problem: String,
    rules: String,
    reward: String,
    friend_reward: String,
    /// Whoever was invited takes it with this button.
    accept: String,
    taken: String,
    sign_in: bool,
    friends: Vec<Friend>,
    share: Sharing,
    deadline: String,
}

struct Friend {
    name: String,
    state: String,
    tone: &'static str,
    when: String,
}

type Seen = (InviteDesk, Option<LinkView>, Option<Channel>);

fn see(app: &app::App, visitor: &app::Visitor) -> Result<Seen, Failure> {
    let desk = invite::desk(app, visitor)?;
    let link = match visitor.person.is_some() {
        true => Some(invite::link(app, visitor, desk.campaign)?),
        false => None,
    };
    let silent = campaign::silent_in(app, visitor, desk.campaign)?;
    Ok((desk, link, silent))
}

/// `GET /invite`
pub async fn show(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    page: Page,
) -> Result<Response, Fault> {
    let signed_in = visitor.person.is_some();
    let seen = act(&shop, move |app| see(app, &visitor)).await?;
    Ok(render(&draw(page, &seen, signed_in, String::new())))
}

/// `POST /invite`: takes the invitation of whoever's link led here.
pub async fn accept(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    let keyed = form.keyed(visitor.clone())?;
    match act(&shop, move |app| invite::accept(app, &keyed)).await {
        Ok(_) => Ok(Redirect::to("/invite?done=invited").into_response()),
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let seen = act(&shop, move |app| see(app, &visitor)).await?;
            let shown = draw(page, &seen, true, problem);
            Ok(render_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

fn draw(page: Page, (desk, link, silent): &Seen, signed_in: bool, problem: String) -> Show {
    let (reward, gift) = (worth(desk.reward, page.locale), worth(desk.friend_reward, page.locale));
    let (heading, say) = match &desk.invited_by {
        Some(name) => (
            page.t1("store-invited-by", "name", name.clone()),
            page.t1("store-invited-say", "amount", gift.clone()),
        ),
        None => (desk.title.clone(), page.t("store-invite-say")),
    };
    let friends = desk.friends.iter().map(|friend| Friend {
        name: match friend.name.as_str() {
            "" => page.t("store-somebody"),
            name => name.to_string(),
        },
        state: page.t(&format!("store-invite-{}", friend.state)),
        tone: match friend.state.as_str() {
            "rewarded" => "good",
            "ordered" => "waiting",
            _ => "",
        },
        when: page.locale.ago(friend.at, page.now),
    });
    let friends = friends.collect();
    let words = page.t1("store-invite-words", "amount", gift.clone());
    let until = page.locale.exact_near(desk.ends_at, page.now);
    let invited = desk.invited_by.is_some();
    let share = link.as_ref().filter(|_| !invited).map_or_else(Sharing::default, |link| {
        Sharing::own(&page, link, words.clone())
            .of(&page, Mechanic::InviteReward, &desk.title)
            .worth(gift.clone())
    });
    let share = share.silent_in(&page, *silent);
    let p = Frame::new(page, Here::Elsewhere, &["team", "assist", "share"])
        .titled(desk.title.clone())
        .public(&words, "");
    Show {
        heading,
        say,
        problem,
        rules: format!("/campaigns/{}/rules", desk.campaign),
        reward,
        friend_reward: gift,
        accept: if invited && signed_in && silent.is_none() {
            p.t("store-invite-accept")
        } else {
            String::new()
        },
        taken: if desk.taken { p.t("store-invite-taken") } else { String::new() },
        sign_in: !signed_in,
        friends,
        share,
        deadline: p.t1("store-campaign-until", "when", until),
        p,
    }
}
