//! Campaigns behind the counter: written, checked, answered, launched, stopped, copied.

use app::bargain::{self, BargainDesk};
use app::campaign::{
    self, AnswerFinding, CampaignCard, CampaignDesk, CheckView, PutCampaign, Step,
};
use app::coupon_drop::DropDesk;
use app::failure::Failure;
use app::fission::{self, FissionDesk, FissionRow};
use app::reward::{self, RewardView};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use describe::{IntoParams, ToSchema};
use domain::campaign::{Campaign, Mechanic, Status};
use domain::moment::Moment;
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed, PageQuery, Query};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of campaigns.
    "/api/v1/staff/campaigns": get list, post add;
    "/api/v1/staff/campaigns/template": get template;
    "/api/v1/staff/campaigns/{campaign}": get show, put change;
    "/api/v1/staff/campaigns/{campaign}/check": get check;
    "/api/v1/staff/campaigns/{campaign}/answers": post answer;
    "/api/v1/staff/campaigns/{campaign}/steps": post step;
    "/api/v1/staff/campaigns/{campaign}/copies": post copy;
    "/api/v1/staff/campaigns/{campaign}/rewards": get rewards;
    "/api/v1/staff/campaigns/{campaign}/coupon-drop": get coupon_drop;
    "/api/v1/staff/campaigns/{campaign}/bargains": get bargains;
    "/api/v1/staff/campaigns/{campaign}/fissions": get fissions;
    "/api/v1/staff/campaigns/{campaign}/fissions/figures": get fission_figures;
}

/// Which campaigns.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    mechanic: Option<Mechanic>,
    status: Option<Status>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What a template is of.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// Which one; there is no template of none.
    mechanic: Option<Mechanic>,
}

/// A step that is taken.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct TakeStep {
    step: Step,
}

/// When a copy begins.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct CopyCampaign {
    starts_at: Moment,
}

/// Campaigns, the newest first
#[describe::path(get, path = "/api/v1/staff/campaigns", operation_id = "staff_list_campaigns",
    tag = "staff: campaigns", params(Which),
    responses((status = 200, body = Listed<CampaignCard>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(which): Query<Which>,
) -> Result<Json<Listed<CampaignCard>>, AsJson> {
    let page = PageQuery { limit: which.limit, cursor: which.cursor.clone() };
    let of = (which.mechanic, which.status);
    let span = Span::of(&shop, &format!("campaigns {of:?}"), &page)?;
    let at = (span.id(), span.ask);
    let found = act(&shop, move |app| campaign::list(app, &visitor, of, None, at)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// What a campaign of a mechanic begins with
#[describe::path(get, path = "/api/v1/staff/campaigns/template",
    operation_id = "staff_campaign_template", tag = "staff: campaigns", params(Of),
    responses((status = 200, body = PutCampaign)))]
async fn template(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(of): Query<Of>,
) -> Result<Json<PutCampaign>, AsJson> {
    let found = act(&shop, move |app| match of.mechanic {
        Some(mechanic) => campaign::template(app, &visitor, mechanic),
        None => {
            visitor.staff_reader(Permission::Campaigns)?;
            Err(Failure::NotFound)
        }
    });
    Ok(Json(found.await?))
}

/// Write a campaign, as a draft
#[describe::path(post, path = "/api/v1/staff/campaigns", operation_id = "staff_add_campaign",
    tag = "staff: campaigns", params(KeyHeader), request_body = PutCampaign,
    responses((status = 201, body = CampaignDesk)))]
async fn add(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<PutCampaign>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| campaign::create(app, &visitor, body)).await?;
    let at = format!("/api/v1/staff/campaigns/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// A campaign
#[describe::path(get, path = "/api/v1/staff/campaigns/{campaign}",
    operation_id = "staff_show_campaign", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path)), responses((status = 200, body = CampaignDesk)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Campaign>,
) -> Result<Json<CampaignDesk>, AsJson> {
    Ok(Json(act(&shop, move |app| campaign::get_desk(app, &visitor, id)).await?))
}

/// Change a campaign
///
/// Before its start it is a draft again; after it, only what is in shoppers' favour may change.
#[describe::path(put, path = "/api/v1/staff/campaigns/{campaign}",
    operation_id = "staff_change_campaign", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path)), request_body = PutCampaign,
    responses((status = 200, body = CampaignDesk)))]
async fn change(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Campaign>,
    Body(put): Body<PutCampaign>,
) -> Result<Json<CampaignDesk>, AsJson> {
    Ok(Json(act(&shop, move |app| campaign::change(app, &visitor, id, put)).await?))
}

/// What the rules of law find in a campaign
#[describe::path(get, path = "/api/v1/staff/campaigns/{campaign}/check",
    operation_id = "staff_check_campaign", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path)), responses((status = 200, body = CheckView)))]
async fn check(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Campaign>,
) -> Result<Json<CheckView>, AsJson> {
    Ok(Json(act(&shop, move |app| campaign::check(app, &visitor, id)).await?))
}

/// Answer what was found, with what shows it
#[describe::path(post, path = "/api/v1/staff/campaigns/{campaign}/answers",
    operation_id = "staff_answer_campaign", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path), KeyHeader), request_body = AnswerFinding,
    responses((status = 200, body = CheckView)))]
async fn answer(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, body, again }: Keyed<AnswerFinding>,
) -> Result<Response, AsJson> {
    let view = act(&shop, move |app| campaign::answer(app, &visitor, id, body)).await?;
    Ok(output::maybe_again(Json(view).into_response(), &again))
}

/// Take a step in a campaign's life
#[describe::path(post, path = "/api/v1/staff/campaigns/{campaign}/steps",
    operation_id = "staff_step_campaign", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path), KeyHeader), request_body = TakeStep,
    responses((status = 200, body = CampaignDesk)))]
async fn step(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, body, again }: Keyed<TakeStep>,
) -> Result<Response, AsJson> {
    let view = act(&shop, move |app| campaign::step(app, &visitor, id, body.step)).await?;
    Ok(output::maybe_again(Json(view).into_response(), &again))
}

/// Write the same campaign once more
#[describe::path(post, path = "/api/v1/staff/campaigns/{campaign}/copies",
    operation_id = "staff_copy_campaign", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path), KeyHeader), request_body = CopyCampaign,
    responses((status = 201, body = CampaignDesk)))]
async fn copy(
    State(shop): State<Shop>,
    At(id): At<Campaign>,
    Keyed { visitor, body, again }: Keyed<CopyCampaign>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| campaign::copy(app, &visitor, id, body.starts_at)).await?;
    let at = format!("/api/v1/staff/campaigns/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// What a campaign promised and gave, the latest first
#[describe::path(get, path = "/api/v1/staff/campaigns/{campaign}/rewards",
    operation_id = "staff_campaign_rewards", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path), PageQuery),
    responses((status = 200, body = Listed<RewardView>)))]
async fn rewards(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Campaign>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<RewardView>>, AsJson> {
    let span = Span::of(&shop, &format!("rewards of {id}"), &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| reward::of_campaign(app, &visitor, id, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// How a coupon drop goes
///
/// There is nothing to tell before its first launch.
#[describe::path(get, path = "/api/v1/staff/campaigns/{campaign}/coupon-drop",
    operation_id = "staff_show_coupon_drop", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path)), responses((status = 200, body = DropDesk)))]
async fn coupon_drop(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Campaign>,
) -> Result<Json<DropDesk>, AsJson> {
    let found = act(&shop, move |app| app::coupon_drop::desk(app, &visitor, id)).await?;
    Ok(Json(found.ok_or(Failure::NotFound)?))
}

/// What a campaign's bargains came to
#[describe::path(get, path = "/api/v1/staff/campaigns/{campaign}/bargains",
    operation_id = "staff_show_bargains", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path)), responses((status = 200, body = BargainDesk)))]
async fn bargains(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Campaign>,
) -> Result<Json<BargainDesk>, AsJson> {
    Ok(Json(act(&shop, move |app| bargain::desk(app, &visitor, id)).await?))
}

/// Fission coupons that were started in a campaign, the latest first
#[describe::path(get, path = "/api/v1/staff/campaigns/{campaign}/fissions",
    operation_id = "staff_list_fissions", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path), PageQuery),
    responses((status = 200, body = Listed<FissionRow>)))]
async fn fissions(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Campaign>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Listed<FissionRow>>, AsJson> {
    let span = Span::of(&shop, &format!("fissions of {id}"), &query)?;
    let (before, ask) = (span.id(), span.ask);
    let found = act(&shop, move |app| fission::list(app, &visitor, id, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// What became of a campaign's fission coupons
#[describe::path(get, path = "/api/v1/staff/campaigns/{campaign}/fissions/figures",
    operation_id = "staff_show_fissions", tag = "staff: campaigns",
    params(("campaign" = Id<Campaign>, Path)), responses((status = 200, body = FissionDesk)))]
async fn fission_figures(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Campaign>,
) -> Result<Json<FissionDesk>, AsJson> {
    Ok(Json(act(&shop, move |app| fission::desk(app, &visitor, id)).await?))
}
