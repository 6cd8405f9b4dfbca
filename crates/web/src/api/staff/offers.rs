//! Promotions and coupons as staff set them.

use app::coupon::{self, CodesReport, CouponView, Give, HolderView, PutTemplate, TemplateView};
use app::price_story::{self, Story};
use app::promotion::{self, PromotionView, PutPromotion};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use describe::ToSchema;
use domain::coupon::{Coupon, Template};
use domain::order::Order;
use domain::person::Permission;
use domain::promotion::Promotion;
use serde::Deserialize;

use crate::answer::{AsJson, Fault, MOST_UPLOADED};
use crate::api::input::{At, Body, Keyed, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act, form};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, app::coupon::CodesMade, domain::id::Id};

operations! {
    /// The routes of promotions and coupons.
    "/api/v1/staff/promotions": get promotions, post add_promotion;
    "/api/v1/staff/promotions/{promotion}": get show_promotion, put change_promotion;
    "/api/v1/staff/coupon-templates": get templates, post add_template;
    "/api/v1/staff/coupon-templates/{coupon_template}": get show_template, put change_template;
    "/api/v1/staff/coupon-templates/{coupon_template}/holders": get holders, post give;
    "/api/v1/staff/coupon-templates/{coupon_template}/codes": get export, post make_codes;
    "/api/v1/staff/coupon-templates/{coupon_template}/code-file": post import;
    "/api/v1/staff/coupons/{coupon}/removal": post take_back;
    "/api/v1/staff/orders/{order}/price": get price;
}

/// Every promotion, the newest first
#[describe::path(get, path = "/api/v1/staff/promotions", tag = "staff: offers",
    operation_id = "staff_list_promotions",
    responses((status = 200, body = Listed<PromotionView>)))]
async fn promotions(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<PromotionView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| promotion::list(app, &visitor)).await?))
}

/// Make a promotion
///
/// Spend and save, a bundle, or a gift with purchase. It holds from its beginning until its end,
/// while it is active.
#[describe::path(post, path = "/api/v1/staff/promotions", tag = "staff: offers",
    operation_id = "staff_add_promotion", params(KeyHeader), request_body = PutPromotion,
    responses((status = 201, body = PromotionView)))]
async fn add_promotion(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutPromotion>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| promotion::add(app, &visitor, &body)).await?;
    let at = format!("/api/v1/staff/promotions/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A promotion with what it did
#[describe::path(get, path = "/api/v1/staff/promotions/{promotion}", tag = "staff: offers",
    operation_id = "staff_show_promotion", params(("promotion" = Id<Promotion>, Path)),
    responses((status = 200, body = PromotionView)))]
async fn show_promotion(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Promotion>,
) -> Result<Json<PromotionView>, AsJson> {
    Ok(Json(act(&shop, move |app| promotion::get(app, &visitor, id)).await?))
}

/// Make a promotion what the body says
///
/// Orders keep what it took off them. `active` starts and stops it.
#[describe::path(put, path = "/api/v1/staff/promotions/{promotion}", tag = "staff: offers",
    operation_id = "staff_change_promotion", params(("promotion" = Id<Promotion>, Path)),
    request_body = PutPromotion, responses((status = 200, body = PromotionView)))]
async fn change_promotion(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Promotion>,
    Body(put): Body<PutPromotion>,
) -> Result<Json<PromotionView>, AsJson> {
    Ok(Json(act(&shop, move |app| promotion::change(app, &visitor, id, &put)).await?))
}

/// Every kind of coupon, the newest first
#[describe::path(get, path = "/api/v1/staff/coupon-templates", tag = "staff: offers",
    operation_id = "staff_list_coupon_templates",
    responses((status = 200, body = Listed<TemplateView>)))]
async fn templates(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<TemplateView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| coupon::list(app, &visitor)).await?))
}

/// Make a kind of coupon
///
/// Listed ones are found in the claim centre, others by their link or their codes.
#[describe::path(post, path = "/api/v1/staff/coupon-templates", tag = "staff: offers",
    operation_id = "staff_add_coupon_template", params(KeyHeader), request_body = PutTemplate,
    responses((status = 201, body = TemplateView)))]
async fn add_template(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutTemplate>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| coupon::add(app, &visitor, &body)).await?;
    let at = format!("/api/v1/staff/coupon-templates/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A kind of coupon with what became of it
#[describe::path(get, path = "/api/v1/staff/coupon-templates/{coupon_template}",
    tag = "staff: offers", operation_id = "staff_show_coupon_template",
    params(("coupon_template" = Id<Template>, Path)),
    responses((status = 200, body = TemplateView)))]
async fn show_template(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Template>,
) -> Result<Json<TemplateView>, AsJson> {
    Ok(Json(act(&shop, move |app| coupon::get(app, &visitor, id)).await?))
}

/// Make a kind of coupon what the body says
///
/// As soon as somebody holds one, what it gives does not change any more; how many there are, until
/// when they can be taken and where they are found still may.
#[describe::path(put, path = "/api/v1/staff/coupon-templates/{coupon_template}",
    tag = "staff: offers", operation_id = "staff_change_coupon_template",
    params(("coupon_template" = Id<Template>, Path)), request_body = PutTemplate,
    responses((status = 200, body = TemplateView)))]
async fn change_template(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Template>,
    Body(put): Body<PutTemplate>,
) -> Result<Json<TemplateView>, AsJson> {
    Ok(Json(act(&shop, move |app| coupon::change(app, &visitor, id, &put)).await?))
}

/// Who has coupons of a kind, the newest first
#[describe::path(get, path = "/api/v1/staff/coupon-templates/{coupon_template}/holders",
    tag = "staff: offers", operation_id = "staff_list_coupon_holders",
    params(("coupon_template" = Id<Template>, Path), PageQuery),
    responses((status = 200, body = Listed<HolderView>)))]
async fn holders(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Template>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<HolderView>>, AsJson> {
    let span = Span::of(&shop, &format!("coupon holders {id}"), &query)?;
    let (before, ask) = (span.id::<Coupon>(), span.ask);
    let found = act(&shop, move |app| coupon::holders(app, &visitor, id, before, ask)).await?;
    Ok(span.page(&shop, found, |holder| holder.coupon.to_string()))
}

/// Give a coupon to somebody
///
/// Whatever a person may take; the kind's own end holds. They are told.
#[describe::path(post, path = "/api/v1/staff/coupon-templates/{coupon_template}/holders",
    tag = "staff: offers", operation_id = "staff_give_coupon",
    params(("coupon_template" = Id<Template>, Path), KeyHeader), request_body = Give,
    responses((status = 201, body = CouponView)))]
async fn give(
    State(shop): State<Shop>,
    At(id): At<Template>,
    Keyed { visitor, body, again }: Keyed<Give>,
) -> Result<Response, AsJson> {
    let given = act(&shop, move |app| coupon::give(app, &visitor, id, &body)).await?;
    let at = format!("/api/v1/staff/coupon-templates/{id}/holders");
    Ok(output::maybe_again(output::made(given, &at), &again))
}

/// The codes of a kind as a file
///
/// Whoever has them can use them: each look is written down.
#[describe::path(get, path = "/api/v1/staff/coupon-templates/{coupon_template}/codes",
    tag = "staff: offers", operation_id = "staff_export_coupon_codes",
    params(("coupon_template" = Id<Template>, Path)),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Template>,
) -> Result<Response, AsJson> {
    let file = act(&shop, move |app| coupon::export(app, &visitor, id)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"codes.csv\""),
    ];
    Ok((headers, file).into_response())
}

/// Codes to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct MakeCodes {
    /// 1 to 10 000.
    count: i64,
    /// What for.
    #[serde(default)]
    batch: String,
}

/// Make codes by chance
///
/// Each makes one coupon for whoever types it first.
#[describe::path(post, path = "/api/v1/staff/coupon-templates/{coupon_template}/codes",
    tag = "staff: offers", operation_id = "staff_make_coupon_codes",
    params(("coupon_template" = Id<Template>, Path), KeyHeader), request_body = MakeCodes,
    responses((status = 201, body = CodesMade)))]
async fn make_codes(
    State(shop): State<Shop>,
    At(id): At<Template>,
    Keyed { visitor, body, again }: Keyed<MakeCodes>,
) -> Result<Response, AsJson> {
    let work =
        act(&shop, move |app| coupon::make_codes(app, &visitor, id, body.count, &body.batch));
    let at = format!("/api/v1/staff/coupon-templates/{id}/codes");
    Ok(output::maybe_again(output::made(work.await?, &at), &again))
}

/// Read codes from a file
///
/// The first column of each line. Those that are not of our shape are named by their lines.
#[describe::path(post, path = "/api/v1/staff/coupon-templates/{coupon_template}/code-file",
    tag = "staff: offers", operation_id = "staff_import_coupon_codes",
    params(("coupon_template" = Id<Template>, Path)),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = CodesReport)))]
async fn import(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Template>,
    request: Request,
) -> Result<Json<CodesReport>, AsJson> {
    visitor.staff(Permission::Prices)?;
    let kind = request.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/csv")) {
        return Err(Fault::Media { types: "text/csv" });
    }
    let bytes = form::body(request.into_body(), MOST_UPLOADED).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Json(act(&shop, move |app| coupon::import(app, &visitor, id, &text)).await?))
}

/// Why a coupon is taken back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct TakeBackCoupon {
    reason: String,
}

/// Take back a coupon that nobody used
#[describe::path(post, path = "/api/v1/staff/coupons/{coupon}/removal", tag = "staff: offers",
    operation_id = "staff_take_back_coupon", params(("coupon" = Id<Coupon>, Path)),
    request_body = TakeBackCoupon, responses((status = 200, body = CouponView)))]
async fn take_back(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Coupon>,
    Body(why): Body<TakeBackCoupon>,
) -> Result<Json<CouponView>, AsJson> {
    let done = act(&shop, move |app| coupon::take_back(app, &visitor, id, &why.reason));
    Ok(Json(done.await?))
}

/// How the price of an order came about
#[describe::path(get, path = "/api/v1/staff/orders/{order}/price", tag = "staff: orders",
    operation_id = "staff_show_order_price", params(("order" = Id<Order>, Path)),
    responses((status = 200, body = Story)))]
async fn price(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Order>,
) -> Result<Json<Story>, AsJson> {
    Ok(Json(act(&shop, move |app| price_story::at_desk(app, &visitor, id)).await?))
}
