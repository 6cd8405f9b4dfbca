//! Share links: the way in for friends, and the code to scan.

use app::share;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalog::Product;
use domain::group_buy::Team;
use domain::id::Id;
use domain::share::Object;

use crate::answer::Fault;
use crate::storefront::{campaign, sharing};
use crate::visitor::{Asker, Remembered};
use crate::{Shop, act, link};

/// `GET /s/{code}`: notes who shared, and goes on to what was shared.
pub async fn open(
    State(shop): State<Shop>,
    asker: Asker,
    Remembered(visitor): Remembered,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let agent = asker.user_agent.clone();
    let to = act(&shop, move |app| {
        let landing = share::visit(app, &visitor, &code, &agent)?;
        let id = landing.object_id;
        Ok(match landing.object {
            Object::Home => "/".to_string(),
            Object::Product => {
                let key = Id::<Product>::new(id).to_string();
                let product = app::catalog::find_product(app, &visitor, &key)?;
                link::product(&product.handle)
            }
            // A group buy is joined on its goods' page.
            Object::GroupBuy => {
                let offer = app.read(|tx| app::group_buy::find(tx, Id::new(id)))?;
                let key = offer.product.to_string();
                link::product(&app::catalog::find_product(app, &visitor, &key)?.handle)
            }
            Object::Team => link::team(Id::<Team>::new(id)),
            Object::Campaign => {
                let (view, _) = app::campaign::get(app, &visitor, Id::new(id))?;
                campaign::path(view.card.mechanic, view.card.id)
            }
            Object::Assist => format!("/help/{}", Id::<domain::assist::Assist>::new(id)),
            Object::Fission => format!("/split/{}", Id::<domain::fission::Fission>::new(id)),
            Object::Bargain => format!("/bargains/{}", Id::<domain::bargain::Launch>::new(id)),
        })
    })
    .await?;
    let mut response = Redirect::to(&to).into_response();
    // Every opening counts, so none may be answered from a cache.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GET /qr/{code}.svg`: the link as a code to scan.
pub async fn qr(State(shop): State<Shop>, Path(file): Path<String>) -> Result<Response, Fault> {
    let missing = || Fault::from(app::failure::Failure::NotFound);
    let code = file.strip_suffix(".svg").filter(|code| code.len() <= 40).ok_or_else(missing)?;
    let url = format!("{}{}", shop.app.config.base_url, link::share(code));
    let drawn = sharing::code(&url).ok_or_else(missing)?;
    let headers =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    Ok((headers, drawn).into_response())
}
