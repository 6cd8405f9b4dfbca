//! Letters: their words, which of them are sent, and the gateways for texts and chat apps.

use app::failure::Failure;
use app::letter::{
    self, FreshGateway, GatewayView, LetterView, Said, SetGateway, SetWords, TriedGateway,
    TryGateway, WordsView,
};
use axum::Json;
use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use describe::ToSchema;
use domain::letter::Channel;
use serde::Deserialize;

use crate::answer::{AsJson, Fault};
use crate::api::input::Body;
use crate::api::output::{self, Listed};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use app::letter::Tested;

operations! {
    /// The routes of letters.
    "/api/v1/staff/letters": get list;
    "/api/v1/staff/letters/{letter}/{channel}": put switch;
    "/api/v1/staff/letters/{letter}/{channel}/words/{locale}":
        get words, put set_words, delete reset_words;
    "/api/v1/staff/letters/{letter}/{channel}/words/{locale}/previews": post preview;
    "/api/v1/staff/letters/{letter}/{channel}/words/{locale}/tests": post test;
    "/api/v1/staff/letter-gateways": get gateways;
    "/api/v1/staff/letter-gateways/{channel}": put set_gateway;
    "/api/v1/staff/letter-gateways/{channel}/secrets": post rotate;
    "/api/v1/staff/letter-gateways/{channel}/tests": post try_gateway;
}

/// A letter by a channel, perhaps in a language, as the path names them.
struct Named {
    letter: String,
    channel: Channel,
    locale: String,
}

impl FromRequestParts<Shop> for Named {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Fault> {
        let params = RawPathParams::from_request_parts(parts, shop).await;
        let params = params.map_err(|_| Failure::NotFound)?;
        let named = |name: &str| {
            let found = params.iter().find(|(known, _)| *known == name);
            found.map_or(String::new(), |(_, text)| text.to_string())
        };
        let channel = Channel::parse(&named("channel")).ok_or(Failure::NotFound)?;
        Ok(Named { letter: named("letter"), channel, locale: named("locale") })
    }
}

/// Every kind of letter that leaves the shop
///
/// With what its words may name, and by which channels it goes.
#[describe::path(get, path = "/api/v1/staff/letters", tag = "staff: letters",
    operation_id = "staff_list_letters", responses((status = 200, body = Listed<LetterView>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<LetterView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| letter::list(app, &visitor)).await?))
}

/// Whether a kind of letter goes by a channel.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
struct SwitchLetter {
    on: bool,
}

/// Send a kind of letter by a channel, or no more
///
/// What its readers must have by mail cannot be switched off.
#[describe::path(put, path = "/api/v1/staff/letters/{letter}/{channel}", tag = "staff: letters",
    operation_id = "staff_switch_letter",
    params(("letter" = String, Path), ("channel" = Channel, Path)),
    request_body = SwitchLetter, responses((status = 204)))]
async fn switch(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named { letter, channel, .. }: Named,
    Body(to): Body<SwitchLetter>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| letter::switch(app, &visitor, &letter, channel, to.on)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The words of a letter
///
/// The merchant's own, or those that came with the shop. `locale` is `zh-CN` or `en`.
#[describe::path(get, path = "/api/v1/staff/letters/{letter}/{channel}/words/{locale}",
    tag = "staff: letters", operation_id = "staff_show_letter_words",
    params(("letter" = String, Path), ("channel" = Channel, Path), ("locale" = String, Path)),
    responses((status = 200, body = WordsView)))]
async fn words(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named { letter, channel, locale }: Named,
) -> Result<Json<WordsView>, AsJson> {
    let found =
        act(&shop, move |app| letter::words(app, &visitor, &letter, channel, &locale)).await?;
    Ok(Json(found))
}

/// Change the words of a letter
///
/// `{product}` names something the letter knows; another name is refused, and nothing is changed.
/// Two braces are one in the text.
#[describe::path(put, path = "/api/v1/staff/letters/{letter}/{channel}/words/{locale}",
    tag = "staff: letters", operation_id = "staff_set_letter_words",
    params(("letter" = String, Path), ("channel" = Channel, Path), ("locale" = String, Path)),
    request_body = SetWords, responses((status = 200, body = WordsView)))]
async fn set_words(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named { letter, channel, locale }: Named,
    Body(set): Body<SetWords>,
) -> Result<Json<WordsView>, AsJson> {
    let change =
        move |app: &app::App| letter::set_words(app, &visitor, &letter, channel, &locale, &set);
    Ok(Json(act(&shop, change).await?))
}

/// Take the merchant's words back
///
/// Those that came with the shop are in force again.
#[describe::path(delete, path = "/api/v1/staff/letters/{letter}/{channel}/words/{locale}",
    tag = "staff: letters", operation_id = "staff_reset_letter_words",
    params(("letter" = String, Path), ("channel" = Channel, Path), ("locale" = String, Path)),
    responses((status = 200, body = WordsView)))]
async fn reset_words(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named { letter, channel, locale }: Named,
) -> Result<Json<WordsView>, AsJson> {
    let found =
        act(&shop, move |app| letter::reset(app, &visitor, &letter, channel, &locale)).await?;
    Ok(Json(found))
}

/// See what words would say
///
/// About something made up; nothing is changed.
#[describe::path(post, path = "/api/v1/staff/letters/{letter}/{channel}/words/{locale}/previews",
    tag = "staff: letters", operation_id = "staff_preview_letter",
    params(("letter" = String, Path), ("channel" = Channel, Path), ("locale" = String, Path)),
    request_body = SetWords, responses((status = 200, body = Said)))]
async fn preview(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named { letter, channel, locale }: Named,
    Body(set): Body<SetWords>,
) -> Result<Json<Said>, AsJson> {
    let look =
        move |app: &app::App| letter::preview(app, &visitor, &letter, channel, &locale, &set);
    Ok(Json(act(&shop, look).await?))
}

/// Send words to yourself
///
/// To your own address or number, about something made up.
#[describe::path(post, path = "/api/v1/staff/letters/{letter}/{channel}/words/{locale}/tests",
    tag = "staff: letters", operation_id = "staff_test_letter",
    params(("letter" = String, Path), ("channel" = Channel, Path), ("locale" = String, Path)),
    request_body = SetWords, responses((status = 202, body = Tested)))]
async fn test(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named { letter, channel, locale }: Named,
    Body(set): Body<SetWords>,
) -> Result<Response, AsJson> {
    let send = move |app: &app::App| letter::test(app, &visitor, &letter, channel, &locale, &set);
    let sent = act(&shop, send).await?;
    Ok((StatusCode::ACCEPTED, Json(sent)).into_response())
}

/// The gateways for texts and chat apps
#[describe::path(get, path = "/api/v1/staff/letter-gateways", tag = "staff: letters",
    operation_id = "staff_list_letter_gateways",
    responses((status = 200, body = Listed<GatewayView>)))]
async fn gateways(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<GatewayView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| letter::gateways(app, &visitor)).await?))
}

/// Say where texts, or letters to a chat app, are posted
///
/// Each is posted as JSON, signed as webhooks are. The first time the answer has the secret.
#[describe::path(put, path = "/api/v1/staff/letter-gateways/{channel}", tag = "staff: letters",
    operation_id = "staff_set_letter_gateway", params(("channel" = Channel, Path)),
    request_body = SetGateway, responses((status = 200, body = FreshGateway)))]
async fn set_gateway(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named { channel, .. }: Named,
    Body(set): Body<SetGateway>,
) -> Result<Json<FreshGateway>, AsJson> {
    let fresh = act(&shop, move |app| letter::set_gateway(app, &visitor, channel, set)).await?;
    Ok(Json(fresh))
}

/// Give a gateway another secret
///
/// It is shown this once; the one before is worth nothing from now on.
#[describe::path(post, path = "/api/v1/staff/letter-gateways/{channel}/secrets",
    tag = "staff: letters", operation_id = "staff_rotate_letter_gateway",
    params(("channel" = Channel, Path)), responses((status = 201, body = FreshGateway)))]
async fn rotate(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named { channel, .. }: Named,
) -> Result<Response, AsJson> {
    let fresh = act(&shop, move |app| letter::rotate(app, &visitor, channel)).await?;
    Ok((StatusCode::CREATED, Json(fresh)).into_response())
}

/// Try a gateway
///
/// Now, and once; the answer says what came back. A dry run shows body, headers and signature and
/// sends nothing.
#[describe::path(post, path = "/api/v1/staff/letter-gateways/{channel}/tests",
    tag = "staff: letters", operation_id = "staff_try_letter_gateway",
    params(("channel" = Channel, Path)), request_body = TryGateway,
    responses((status = 200, body = TriedGateway)))]
async fn try_gateway(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Named { channel, .. }: Named,
    Body(what): Body<TryGateway>,
) -> Result<Json<TriedGateway>, AsJson> {
    let tried = act(&shop, move |app| letter::try_gateway(app, &visitor, channel, what)).await?;
    Ok(Json(tried))
}
