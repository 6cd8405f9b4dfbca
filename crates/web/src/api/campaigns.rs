//! What is on: campaigns, their rules, and the ways to win that friends help with.

use app::assist::{self, AssistView};
use app::bargain::{self, BargainHall, BargainView, BeginBargain};
use app::campaign::{self, CampaignCard, CampaignView};
use app::fission::{self, FissionHall, FissionView};
use app::invite::{self, InviteDesk};
use app::reward::{self, RewardView};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use describe::ToSchema;
use domain::assist::Assist;
use domain::bargain::Launch;
use domain::campaign::Campaign;
use domain::fission::Fission;
use serde::Serialize;

use super::input::{At, Keyed, Nothing, PageQuery, Query};
use super::output::{self, Listed, Span};
use crate::answer::AsJson;
use crate::storefront::campaign as shown;
use crate::visitor::{Anyone, Remembered, SignedIn};
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {super::input::KeyHeader, app::fission::FissionTaken, domain::id::Id};

operations! {
    /// The routes of campaigns.
    "/api/v1/campaigns": get list;
    "/api/v1/campaigns/{campaign}": get show;
    "/api/v1/campaigns/{campaign}/assists": post ask;
    "/api/v1/assists/{assist}": get help_page;
    "/api/v1/assists/{assist}/helpers": post help;
    "/api/v1/campaigns/{campaign}/fissions": get fission_hall, post begin_fission;
    "/api/v1/fissions/{fission}": get show_fission;
    "/api/v1/fissions/{fission}/parts": post take_fission_part;
    "/api/v1/campaigns/{campaign}/bargains": get hall, post bargain_for;
    "/api/v1/bargains": get bargains;
    "/api/v1/bargains/{bargain}": get bargain_page;
    "/api/v1/bargains/{bargain}/helpers": post cut;
    "/api/v1/invitation": get invitation, post accept;
    "/api/v1/rewards": get rewards;
}

/// A campaign with its rules page.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct CampaignPage {
    campaign: CampaignView,
    /// One sentence for each thing that is enforced, in the reader's language.
    rules: Vec<String>,
    /// Where it is taken part in.
    path: String,
}

/// What is on now, and what begins soon
#[describe::path(get, path = "/api/v1/campaigns",
    operation_id = "list_campaigns", tag = "campaigns",
    responses((status = 200, body = Listed<CampaignCard>)))]
async fn list(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
) -> Result<Json<Listed<CampaignCard>>, AsJson> {
    Ok(output::all(act(&shop, move |app| campaign::running(app, &visitor)).await?))
}

/// A campaign with its rules
#[describe::path(get, path = "/api/v1/campaigns/{campaign}",
    operation_id = "show_campaign", tag = "campaigns",
    params(("campaign" = Id<Campaign>, Path)),
    responses((status = 200, body = CampaignPage)))]
async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Campaign>,
) -> Result<Json<CampaignPage>, AsJson> {
    let locale =
        crate::locale::Locale::parse(&visitor.locale).unwrap_or(crate::locale::Locale::Chinese);
    let (view, clauses, units) = act(&shop, move |app| {
        let (view, clauses) = campaign::get(app, &visitor, id)?;
        Ok((view, clauses, campaign::units(app, id)?))
    })
    .await?;
    let rules = shown::rules(&clauses, units, locale);
    let path = shown::path(view.card.mechanic, id);
    Ok(Json(CampaignPage { campaign: view, rules, path }))
}

/// Ask friends for help
///
/// Whoever asks already goes on with that.
#[describe::path(post, path = "/api/v1/campaigns/{campaign}/assists",
    operation_id = "begin_assist", tag = "campaigns",
    params(("campaign" = Id<Campaign>, Path), KeyHeader),
    responses((status = 200, body = AssistView)))]
async fn ask(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let view = act(&shop, move |app| assist::begin(app, &visitor, id)).await?;
    Ok(output::maybe_again(Json(view).into_response(), &again))
}

/// Somebody's asking for help
#[describe::path(get, path = "/api/v1/assists/{assist}",
    operation_id = "show_assist", tag = "campaigns",
    params(("assist" = Id<Assist>, Path)), responses((status = 200, body = AssistView)))]
async fn help_page(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Assist>,
) -> Result<Json<AssistView>, AsJson> {
    Ok(Json(act(&shop, move |app| assist::get(app, &visitor, id)).await?))
}

/// Help a friend
#[describe::path(post, path = "/api/v1/assists/{assist}/helpers",
    operation_id = "help_assist", tag = "campaigns",
    params(("assist" = Id<Assist>, Path), KeyHeader),
    responses((status = 200, body = AssistView)))]
async fn help(
    State(shop): State<Shop>,
    At(id): At<Assist>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let view = act(&shop, move |app| assist::help(app, &visitor, id)).await?;
    Ok(output::maybe_again(Json(view).into_response(), &again))
}

/// What a campaign gives to share, and what of it the visitor shares
#[describe::path(get, path = "/api/v1/campaigns/{campaign}/fissions",
    operation_id = "show_fission_hall", tag = "campaigns",
    params(("campaign" = Id<Campaign>, Path)), responses((status = 200, body = FissionHall)))]
async fn fission_hall(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Campaign>,
) -> Result<Json<FissionHall>, AsJson> {
    Ok(Json(act(&shop, move |app| fission::hall(app, &visitor, id)).await?))
}

/// Start a fission coupon: a whole to share among friends
///
/// Whoever has one that is open goes on with that.
#[describe::path(post, path = "/api/v1/campaigns/{campaign}/fissions",
    operation_id = "begin_fission", tag = "campaigns",
    params(("campaign" = Id<Campaign>, Path), KeyHeader), request_body = Nothing,
    responses((status = 201, body = FissionView)))]
async fn begin_fission(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let begun = act(&shop, move |app| fission::begin(app, &visitor, id)).await?.value;
    let at = format!("/api/v1/fissions/{}", begun.id);
    Ok(output::maybe_again(output::made(begun, &at), &again))
}

/// A fission coupon, with who took what
#[describe::path(get, path = "/api/v1/fissions/{fission}", operation_id = "show_fission",
    tag = "campaigns", params(("fission" = Id<Fission>, Path)),
    responses((status = 200, body = FissionView)))]
async fn show_fission(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Fission>,
) -> Result<Json<FissionView>, AsJson> {
    Ok(Json(act(&shop, move |app| fission::get(app, &visitor, id)).await?))
}

/// Take the next part of a fission coupon
#[describe::path(post, path = "/api/v1/fissions/{fission}/parts",
    operation_id = "take_fission_part", tag = "campaigns",
    params(("fission" = Id<Fission>, Path), KeyHeader), request_body = Nothing,
    responses((status = 201, body = FissionTaken)))]
async fn take_fission_part(
    State(shop): State<Shop>,
    At(id): At<Fission>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let taken = act(&shop, move |app| fission::take(app, &visitor, id)).await?.value;
    let at = format!("/api/v1/fissions/{id}");
    Ok(output::maybe_again(output::made(taken, &at), &again))
}

/// What can be bargained for in a campaign
#[describe::path(get, path = "/api/v1/campaigns/{campaign}/bargains",
    operation_id = "show_bargain_hall", tag = "campaigns",
    params(("campaign" = Id<Campaign>, Path)), responses((status = 200, body = BargainHall)))]
async fn hall(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Campaign>,
) -> Result<Json<BargainHall>, AsJson> {
    Ok(Json(act(&shop, move |app| bargain::hall(app, &visitor, id)).await?))
}

/// Begin a bargain
///
/// Whoever bargains for this already goes on with that. What it pays for is ordered with
/// `{"kind": "bargain", "bargain": …}`.
#[describe::path(post, path = "/api/v1/campaigns/{campaign}/bargains",
    operation_id = "begin_bargain", tag = "campaigns",
    params(("campaign" = Id<Campaign>, Path), KeyHeader), request_body = BeginBargain,
    responses((status = 200, body = BargainView)))]
async fn bargain_for(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, again, body }: Keyed<BeginBargain>,
) -> Result<Response, AsJson> {
    let view = act(&shop, move |app| bargain::begin(app, &visitor, id, &body)).await?;
    Ok(output::maybe_again(Json(view).into_response(), &again))
}

/// Your bargains, the latest first
#[describe::path(get, path = "/api/v1/bargains",
    operation_id = "list_bargains", tag = "campaigns", params(PageQuery),
    responses((status = 200, body = Listed<BargainView>)))]
async fn bargains(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<BargainView>>, AsJson> {
    let span = Span::of(&shop, "bargains", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| bargain::mine(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// Somebody's bargain
#[describe::path(get, path = "/api/v1/bargains/{bargain}",
    operation_id = "show_bargain", tag = "campaigns",
    params(("bargain" = Id<Launch>, Path)), responses((status = 200, body = BargainView)))]
async fn bargain_page(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    At(id): At<Launch>,
) -> Result<Json<BargainView>, AsJson> {
    Ok(Json(act(&shop, move |app| bargain::get(app, &visitor, id)).await?))
}

/// Help a friend cut a price down
#[describe::path(post, path = "/api/v1/bargains/{bargain}/helpers",
    operation_id = "help_bargain", tag = "campaigns",
    params(("bargain" = Id<Launch>, Path), KeyHeader),
    responses((status = 200, body = BargainView)))]
async fn cut(
    State(shop): State<Shop>,
    At(id): At<Launch>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let view = act(&shop, move |app| bargain::help(app, &visitor, id)).await?;
    Ok(output::maybe_again(Json(view).into_response(), &again))
}

/// The invitation that is on, and whom you invited
#[describe::path(get, path = "/api/v1/invitation",
    operation_id = "show_invitation", tag = "campaigns",
    responses((status = 200, body = InviteDesk)))]
async fn invitation(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
) -> Result<Json<InviteDesk>, AsJson> {
    Ok(Json(act(&shop, move |app| invite::desk(app, &visitor)).await?))
}

/// Take the invitation of whoever's link you came by
#[describe::path(post, path = "/api/v1/invitation",
    operation_id = "accept_invitation", tag = "campaigns", params(KeyHeader),
    responses((status = 200, body = InviteDesk)))]
async fn accept(
    State(shop): State<Shop>,
    Keyed { visitor, again, .. }: Keyed<Nothing>,
) -> Result<Response, AsJson> {
    let view = act(&shop, move |app| invite::accept(app, &visitor)).await?;
    Ok(output::maybe_again(Json(view).into_response(), &again))
}

/// Your rewards, the latest first
#[describe::path(get, path = "/api/v1/rewards",
    operation_id = "list_rewards", tag = "campaigns", params(PageQuery),
    responses((status = 200, body = Listed<RewardView>)))]
async fn rewards(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<RewardView>>, AsJson> {
    let span = Span::of(&shop, "rewards", &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| reward::own(app, &visitor, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}
