//! One's own wallet: what is in it, its statement, topping up, and ways to pay.

use app::payment::{self, Choice};
use app::top_up::{self, NewTopUp, TopUpView};
use app::wallet::{self, EntryView, WalletView};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::order::Order;
use domain::wallet::TopUp;

use super::input::{At, Keyed, Nothing, PageQuery, Query};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::visitor::SignedIn;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of wallets.
    "/api/v1/wallet": get show;
    "/api/v1/wallet/entries": get entries;
    "/api/v1/wallet/top-ups": get top_ups, post top_up;
    "/api/v1/wallet/top-ups/{top_up}/return": post give_back;
    "/api/v1/orders/{order}/payment-choice": get choice;
}

/// Your wallet
#[describe::path(get, path = "/api/v1/wallet",
    operation_id = "show_wallet", tag = "wallet",
    responses((status = 200, body = WalletView)))]
async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<WalletView>, AsJson> {
    Ok(Json(act(&shop, move |app| wallet::mine(app, &visitor)).await?))
}

/// Your wallet's statement, the latest first
#[describe::path(get, path = "/api/v1/wallet/entries",
    operation_id = "wallet_entries", tag = "wallet", params(PageQuery),
    responses((status = 200, body = Listed<EntryView>)))]
async fn entries(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<EntryView>>, AsJson> {
    let span = Span::of(&shop, "wallet entries", &query)?;
    let (before, ask) = (span.number(), span.ask);
    let found = act(&shop, move |app| wallet::statement(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |entry| entry.number.to_string()))
}

/// Your top-ups, the latest first
#[describe::path(get, path = "/api/v1/wallet/top-ups",
    operation_id = "list_top_ups", tag = "wallet",
    responses((status = 200, body = Listed<TopUpView>)))]
async fn top_ups(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Json<Listed<TopUpView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| top_up::list(app, &visitor, 100)).await?))
}

/// Top your wallet up
///
/// Answers with the address where it is paid.
#[describe::path(post, path = "/api/v1/wallet/top-ups", tag = "wallet", params(KeyHeader),
    request_body = NewTopUp, responses((status = 201, body = TopUpView)))]
async fn top_up(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<NewTopUp>,
) -> Result<Response, AsJson> {
    let begun = act(&shop, move |app| top_up::begin(app, &visitor, body)).await?.value;
    Ok(output::maybe_again(output::made(begun, "/api/v1/wallet/top-ups"), &again))
}

/// Send back what is left of a top-up
///
/// It goes to where it came from, and nowhere else.
#[describe::path(post, path = "/api/v1/wallet/top-ups/{top_up}/return",
    operation_id = "return_top_up", tag = "wallet",
    params(("top_up" = Id<TopUp>, Path), KeyHeader), request_body = Nothing,
    responses((status = 201, body = TopUpView)))]
async fn give_back(
    State(shop): State<Shop>,
    At(id): At<TopUp>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let done = act(&shop, move |app| top_up::give_back(app, &visitor, id)).await?.value;
    Ok(output::maybe_again(output::made(done, "/api/v1/wallet/top-ups"), &again))
}

/// The ways to pay for an order of yours
#[describe::path(get, path = "/api/v1/orders/{order}/payment-choice",
    operation_id = "payment_choice", tag = "orders",
    params(("order" = Id<Order>, Path)), responses((status = 200, body = Choice)))]
async fn choice(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    At(id): At<Order>,
) -> Result<Json<Choice>, AsJson> {
    Ok(Json(act(&shop, move |app| payment::choice_for(app, &visitor, id)).await?))
}
