//! Returns as staff handle them: agreeing, refusing, taking goods in, and the owner's last word.

use app::after_sale::{
    self, ApproveReturn, DecideReturn, DeskReturn, ParcelView, Queue, ReceiveReturn, ReturnCard,
};
use app::failure::Failure;
use app::{App, Visitor};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use describe::{IntoParams, ToSchema};
use domain::after_sale::AfterSale;
use serde::{Deserialize, Serialize};

use super::orders::Reason;
use crate::answer::AsJson;
use crate::api::input::{Again, At, Body, Keyed, PageQuery, Query, once_after};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of returns behind the counter.
    "/api/v1/staff/returns": get list;
    "/api/v1/staff/returns/{return}": get show;
    "/api/v1/staff/returns/{return}/approval": post approve;
    "/api/v1/staff/returns/{return}/refusal": post refuse;
    "/api/v1/staff/returns/{return}/receipt": post receive;
    "/api/v1/staff/returns/{return}/dispute": post dispute;
    "/api/v1/staff/returns/{return}/replacement": post replace;
    "/api/v1/staff/returns/{return}/payment-instead": post pay_instead;
    "/api/v1/staff/returns/{return}/decision": post decide;
    "/api/v1/staff/return-address": get address, put set_address;
}

/// Which returns.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReturnQuery {
    #[serde(default)]
    #[param(inline)]
    queue: Queue,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Everybody's returns, the latest first
///
/// Those to be answered when no queue is named.
#[describe::path(get, path = "/api/v1/staff/returns", tag = "staff: returns",
    operation_id = "staff_list_returns", params(ReturnQuery),
    responses((status = 200, body = Listed<ReturnCard>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<ReturnQuery>,
) -> Result<Json<Listed<ReturnCard>>, AsJson> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &format!("staff returns\n{:?}", query.queue), &page)?;
    let (before, ask, queue) = (span.id(), span.ask, query.queue);
    let found = act(&shop, move |app| after_sale::list(app, &visitor, queue, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// A return from every side
#[describe::path(get, path = "/api/v1/staff/returns/{return}", tag = "staff: returns",
    operation_id = "staff_show_return", params(("return" = Id<AfterSale>, Path)),
    responses((status = 200, body = DeskReturn)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<AfterSale>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| after_sale::show(app, &visitor, id)).await?;
    let version = found.after_sale.version;
    Ok(output::versioned(found, version))
}

/// Does something to a return once, and answers with how it stands.
async fn does(
    shop: &Shop,
    visitor: Visitor,
    again: Again,
    effect: &'static str,
    work: impl FnOnce(&App, &Visitor) -> Result<DeskReturn, Failure> + Send + 'static,
) -> Result<Response, AsJson> {
    let found = act(shop, move |app| once_after(app, &visitor, effect, || work(app, &visitor)));
    let found = found.await?;
    let version = found.after_sale.version;
    Ok(output::maybe_again(output::versioned(found, version), &again))
}

/// Agree to a return
///
/// As it was asked for, or for less with a reason. Without goods to come back the money is on its
/// way at once; an exchange keeps what is to be sent, and is refused when there is none, unless
/// `as_refund` says that the money goes back instead.
#[describe::path(post, path = "/api/v1/staff/returns/{return}/approval", tag = "staff: returns",
    operation_id = "approve_return", params(("return" = Id<AfterSale>, Path), KeyHeader),
    request_body = ApproveReturn, responses((status = 200, body = DeskReturn)))]
async fn approve(
    State(shop): State<Shop>,
    At(id): At<AfterSale>,
    Keyed { visitor, body, again }: Keyed<ApproveReturn>,
) -> Result<Response, AsJson> {
    does(&shop, visitor, again, "return.approve", move |app, visitor| {
        after_sale::approve(app, visitor, id, &body)
    })
    .await
}

/// Refuse a return
///
/// The buyer reads why, and may take it to the owner.
#[describe::path(post, path = "/api/v1/staff/returns/{return}/refusal", tag = "staff: returns",
    operation_id = "refuse_return", params(("return" = Id<AfterSale>, Path), KeyHeader),
    request_body = Reason, responses((status = 200, body = DeskReturn)))]
async fn refuse(
    State(shop): State<Shop>,
    At(id): At<AfterSale>,
    Keyed { visitor, body: Reason { reason }, again }: Keyed<Reason>,
) -> Result<Response, AsJson> {
    does(&shop, visitor, again, "return.refuse", move |app, visitor| {
        after_sale::refuse(app, visitor, id, &reason)
    })
    .await
}

/// Take the goods of a return in
///
/// Every unit is fine, and can be sold again, or it is not.
#[describe::path(post, path = "/api/v1/staff/returns/{return}/receipt", tag = "staff: returns",
    operation_id = "receive_return", params(("return" = Id<AfterSale>, Path), KeyHeader),
    request_body = ReceiveReturn, responses((status = 200, body = DeskReturn)))]
async fn receive(
    State(shop): State<Shop>,
    At(id): At<AfterSale>,
    Keyed { visitor, body, again }: Keyed<ReceiveReturn>,
) -> Result<Response, AsJson> {
    does(&shop, visitor, again, "return.receive", move |app, visitor| {
        after_sale::receive(app, visitor, id, &body)
    })
    .await
}

/// Say that a parcel does not hold what was to come back
///
/// The owner decides.
#[describe::path(post, path = "/api/v1/staff/returns/{return}/dispute", tag = "staff: returns",
    operation_id = "dispute_return", params(("return" = Id<AfterSale>, Path), KeyHeader),
    request_body = Reason, responses((status = 200, body = DeskReturn)))]
async fn dispute(
    State(shop): State<Shop>,
    At(id): At<AfterSale>,
    Keyed { visitor, body: Reason { reason }, again }: Keyed<Reason>,
) -> Result<Response, AsJson> {
    does(&shop, visitor, again, "return.dispute", move |app, visitor| {
        after_sale::dispute(app, visitor, id, &reason)
    })
    .await
}

/// Send what the goods are exchanged for
#[describe::path(post, path = "/api/v1/staff/returns/{return}/replacement", tag = "staff: returns",
    operation_id = "replace_return", params(("return" = Id<AfterSale>, Path), KeyHeader),
    request_body = ParcelView, responses((status = 200, body = DeskReturn)))]
async fn replace(
    State(shop): State<Shop>,
    At(id): At<AfterSale>,
    Keyed { visitor, body, again }: Keyed<ParcelView>,
) -> Result<Response, AsJson> {
    does(&shop, visitor, again, "return.replace", move |app, visitor| {
        after_sale::replace(app, visitor, id, body)
    })
    .await
}

/// Give the money back instead of an exchange
#[describe::path(post, path = "/api/v1/staff/returns/{return}/payment-instead",
    tag = "staff: returns", operation_id = "pay_return_instead",
    params(("return" = Id<AfterSale>, Path), KeyHeader), request_body = Reason,
    responses((status = 200, body = DeskReturn)))]
async fn pay_instead(
    State(shop): State<Shop>,
    At(id): At<AfterSale>,
    Keyed { visitor, body: Reason { reason }, again }: Keyed<Reason>,
) -> Result<Response, AsJson> {
    does(&shop, visitor, again, "return.pay_instead", move |app, visitor| {
        after_sale::cannot_supply(app, visitor, id, &reason)
    })
    .await
}

/// Decide about a return that buyer and staff do not agree on
///
/// For the owner alone, and final.
#[describe::path(post, path = "/api/v1/staff/returns/{return}/decision", tag = "staff: returns",
    operation_id = "decide_return", params(("return" = Id<AfterSale>, Path), KeyHeader),
    request_body = DecideReturn, responses((status = 200, body = DeskReturn)))]
async fn decide(
    State(shop): State<Shop>,
    At(id): At<AfterSale>,
    Keyed { visitor, body, again }: Keyed<DecideReturn>,
) -> Result<Response, AsJson> {
    does(&shop, visitor, again, "return.decide", move |app, visitor| {
        after_sale::decide(app, visitor, id, &body)
    })
    .await
}

/// Where goods are sent back to, as it stands on a parcel.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReturnAddress)]
struct BackTo {
    /// Empty before it was said.
    address: String,
}

/// Where goods are sent back to
#[describe::path(get, path = "/api/v1/staff/return-address", tag = "staff: returns",
    operation_id = "return_address", responses((status = 200, body = BackTo)))]
async fn address(State(shop): State<Shop>, Staff(visitor): Staff) -> Result<Json<BackTo>, AsJson> {
    let address = act(&shop, move |app| after_sale::return_address(app, &visitor)).await?;
    Ok(Json(BackTo { address }))
}

/// Say where goods are sent back to
///
/// Returns that were agreed to keep the address they were told.
#[describe::path(put, path = "/api/v1/staff/return-address", tag = "staff: returns",
    operation_id = "set_return_address", request_body = BackTo,
    responses((status = 200, body = BackTo)))]
async fn set_address(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(BackTo { address }): Body<BackTo>,
) -> Result<Json<BackTo>, AsJson> {
    let kept = act(&shop, move |app| after_sale::set_return_address(app, &visitor, &address));
    Ok(Json(BackTo { address: kept.await? }))
}
