//! What is mine: who I am, and the way to my orders, teams and notices.

use app::person::{self, Rename};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::view::Face;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act};

#[derive(Template)]
#[template(path = "storefront/account/show.html")]
struct Show {
    p: Frame,
    me: Option<Me>,
    problem: String,
    name: String,
}

struct Me {
    face: Face,
    contact: String,
}

/// `GET /account`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let me = match visitor.person {
        Some(_) => Some(act(&shop, move |app| person::get(app, &visitor)).await?),
        None => None,
    };
    let name = me.as_ref().map_or(String::new(), |me| me.name.clone());
    let me = me.map(|me| Me { face: Face::of(&me.name), contact: me.contact().to_string() });
    Ok(render(&draw(page, me, name, String::new())))
}

/// `POST /account`: another name.
pub async fn rename(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    let name = form.get("name").to_string();
    let (asker, wish) = (visitor.clone(), Rename { name: name.clone() });
    match act(&shop, move |app| person::rename(app, &asker, wish)).await {
        Ok(_) => Ok(Redirect::to("/account?done=saved").into_response()),
        Err(failure) => {
            let problem = Errors::of(failure, page.locale)?.all().join(" ");
            let me = act(&shop, move |app| person::get(app, &visitor)).await?;
            let me = Me { face: Face::of(&me.name), contact: me.contact().to_string() };
            let again = draw(page, Some(me), name, problem);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
    }
}

fn draw(page: Page, me: Option<Me>, name: String, problem: String) -> Show {
    let title = page.t("store-nav-me");
    let p = Frame::new(page, Here::Me, &["account", "checkout"]).titled(title);
    Show { p, me, problem, name }
}
