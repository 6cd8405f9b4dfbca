//! What one likes: its own page, and the heart that puts something there. Guests have one too.

use app::favourite::{self, FavouriteView, SetFavourite};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use crate::answer::Fault;
use crate::form::Form;
use crate::locale::Price;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::{Card, short};
use crate::visitor::{Anyone, Remembered};
use crate::{Shop, act, link};

#[derive(Template)]
#[template(path = "storefront/own/liked.html")]
struct Liked {
    p: Frame,
    goods: Vec<Hinted>,
}

/// A product with what changed since it was liked.
struct Hinted {
    card: Card,
    cheaper: String,
    back: bool,
}

/// `GET /favourites`
pub async fn list(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let all = act(&shop, move |app| favourite::list(app, &visitor)).await?;
    let hinted = |one: &FavouriteView| Hinted {
        card: goods::plain_card(&one.product),
        cheaper: one.cheaper_by.map_or(String::new(), |less| {
            page.t1("store-liked-cheaper", "price", short(&Price::of(less)))
        }),
        back: one.back_in_stock,
    };
    let goods = all.iter().map(hinted).collect();
    let title = page.t("store-liked");
    let p = Frame::new(page, Here::Me, &["account"]).titled(title);
    Ok(render(&Liked { p, goods }))
}

/// `POST /favourites`: liked, or no more; then back to where the heart was.
pub async fn set(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    form: Form,
) -> Result<Response, Fault> {
    let (key, set) = (form.get("product").to_string(), SetFavourite { liked: form.is_on("liked") });
    act(&shop, move |app| favourite::set(app, &visitor, &key, &set)).await?;
    let back = link::inside(form.get("back"));
    Ok(Redirect::to(&back).into_response())
}
