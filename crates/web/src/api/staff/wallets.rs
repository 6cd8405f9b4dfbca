//! Wallets as staff see them, and money that comes or goes without a provider.

use app::order_desk;
use app::payment::offline::{self, Seen, Sent, Terms};
use app::wallet::{self, EntryView, GiveCredit, WalletCard, WalletView};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::order::Order;
use domain::payment::Refund;
use domain::person::Person;

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, app::order_desk::DeskView, domain::id::Id};

operations! {
    /// The routes of wallets and of money by hand.
    "/api/v1/staff/wallets": get list;
    "/api/v1/staff/wallets/{person}": get show;
    "/api/v1/staff/wallets/{person}/entries": get entries;
    "/api/v1/staff/wallets/{person}/credit": post give;
    "/api/v1/staff/offline-payment": get terms, put set_terms;
    "/api/v1/staff/orders/{order}/offline-receipt": post received;
    "/api/v1/staff/refunds/{refund}/offline-receipt": post sent;
}

/// Wallets that hold something, the fullest first
#[describe::path(get, path = "/api/v1/staff/wallets",
    operation_id = "staff_list_wallets", tag = "staff: wallets",
    responses((status = 200, body = Listed<WalletCard>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<WalletCard>>, AsJson> {
    Ok(output::all(act(&shop, move |app| wallet::list(app, &visitor, 100)).await?))
}

/// Somebody's wallet
#[describe::path(get, path = "/api/v1/staff/wallets/{person}", tag = "staff: wallets",
    operation_id = "staff_show_wallet", params(("person" = Id<Person>, Path)),
    responses((status = 200, body = WalletView)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
) -> Result<Json<WalletView>, AsJson> {
    Ok(Json(act(&shop, move |app| wallet::of(app, &visitor, id)).await?))
}

/// Somebody's statement, the latest first
#[describe::path(get, path = "/api/v1/staff/wallets/{person}/entries", tag = "staff: wallets",
    operation_id = "staff_wallet_entries", params(("person" = Id<Person>, Path), PageQuery),
    responses((status = 200, body = Listed<EntryView>)))]
async fn entries(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Person>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<EntryView>>, AsJson> {
    let span = Span::of(&shop, &format!("wallet entries of {id}"), &query)?;
    let (before, ask) = (span.number(), span.ask);
    let found = act(&shop, move |app| wallet::statement_of(app, &visitor, id, before, ask)).await?;
    Ok(span.page(&shop, found, |entry| entry.number.to_string()))
}

/// Give store credit, or take it back
///
/// A negative amount takes back what was not spent. The shopper reads the reason.
#[describe::path(post, path = "/api/v1/staff/wallets/{person}/credit",
    operation_id = "staff_give_credit", tag = "staff: wallets",
    params(("person" = Id<Person>, Path), KeyHeader), request_body = GiveCredit,
    responses((status = 201, body = WalletView)))]
async fn give(
    State(shop): State<Shop>,
    At(id): At<Person>,
    Keyed { visitor, body, again }: Keyed<GiveCredit>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| wallet::give(app, &visitor, id, body)).await?.value;
    let at = format!("/api/v1/staff/wallets/{id}");
    Ok(output::maybe_again(output::made(done, &at), &again))
}

/// How to pay without a provider
#[describe::path(get, path = "/api/v1/staff/offline-payment",
    operation_id = "staff_show_offline_payment", tag = "staff: wallets",
    responses((status = 200, body = Terms)))]
async fn terms(State(shop): State<Shop>, Staff(visitor): Staff) -> Result<Json<Terms>, AsJson> {
    Ok(Json(act(&shop, move |app| offline::get(app, &visitor)).await?))
}

/// Say how to pay without a provider
#[describe::path(put, path = "/api/v1/staff/offline-payment",
    operation_id = "staff_set_offline_payment", tag = "staff: wallets",
    request_body = Terms, responses((status = 200, body = Terms)))]
async fn set_terms(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Body(new): Body<Terms>,
) -> Result<Json<Terms>, AsJson> {
    Ok(Json(act(&shop, move |app| offline::set(app, &visitor, new)).await?))
}

/// Say that an order's money is there
///
/// What was seen must be what is due.
#[describe::path(post, path = "/api/v1/staff/orders/{order}/offline-receipt",
    operation_id = "staff_receive_offline_payment", tag = "staff: wallets",
    params(("order" = Id<Order>, Path), KeyHeader), request_body = Seen,
    responses((status = 201, body = DeskView)))]
async fn received(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, body, again }: Keyed<Seen>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        offline::received(app, &visitor, id, body)?;
        order_desk::get(app, &visitor, id)
    });
    let at = format!("/api/v1/staff/orders/{id}");
    Ok(output::maybe_again(output::made(found.await?, &at), &again))
}

/// Say that a refund was carried back
#[describe::path(post, path = "/api/v1/staff/refunds/{refund}/offline-receipt",
    operation_id = "staff_send_offline_refund", tag = "staff: wallets",
    params(("refund" = Id<Refund>, Path), KeyHeader), request_body = Sent,
    responses((status = 201, body = DeskView)))]
async fn sent(
    State(shop): State<Shop>,
    At(id): At<Refund>,
    Keyed { visitor, body, again }: Keyed<Sent>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        let order = offline::sent_back(app, &visitor, id, body)?.value;
        order_desk::get(app, &visitor, order)
    });
    let found = found.await?;
    let at = format!("/api/v1/staff/orders/{}", found.order.id);
    Ok(output::maybe_again(output::made(found, &at), &again))
}
