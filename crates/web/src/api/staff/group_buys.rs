//! Group buys as staff make and run them, and the teams in them.

use app::group_buy::{self, GroupBuyView, NewGroupBuy, Step, Template};
use app::team::{self, TeamCard};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use describe::{IntoParams, ToSchema};
use domain::campaign::Status;
use domain::group_buy::{GroupBuy, TeamStatus};
use serde::Deserialize;

use crate::answer::AsJson;
use crate::api::input::{At, Keyed, PageQuery, Query, once_after};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act};
use domain::person::Permission;
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, domain::id::Id};

operations! {
    /// The routes of group buys.
    "/api/v1/staff/group-buys": get list, post create;
    "/api/v1/staff/group-buy-templates": get templates;
    "/api/v1/staff/group-buys/{group_buy}": get show;
    "/api/v1/staff/group-buys/{group_buy}/steps": post step;
    "/api/v1/staff/group-buys/{group_buy}/teams": get teams;
}

/// Which group buys.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct GroupBuyQuery {
    #[param(inline)]
    status: Option<Status>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Group buys in every status, the latest first
#[describe::path(get, path = "/api/v1/staff/group-buys", tag = "staff: group buys",
    operation_id = "staff_list_group_buys", params(GroupBuyQuery),
    responses((status = 200, body = Listed<GroupBuyView>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<GroupBuyQuery>,
) -> Result<Json<Listed<GroupBuyView>>, AsJson> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &format!("staff group-buys\n{:?}", query.status), &page)?;
    let (before, ask, status) = (span.id(), span.ask, query.status);
    let found = act(&shop, move |app| group_buy::list(app, &visitor, status, before, ask)).await?;
    Ok(span.page(&shop, found, |one| one.id.to_string()))
}

/// Make a group buy
#[describe::path(post, path = "/api/v1/staff/group-buys", tag = "staff: group buys",
    operation_id = "staff_create_group_buy", params(KeyHeader), request_body = NewGroupBuy,
    responses((status = 201, body = GroupBuyView)))]
async fn create(
    State(shop): State<Shop>,
    Keyed { visitor, body, again }: Keyed<NewGroupBuy>,
) -> Result<Response, AsJson> {
    let made = act(&shop, move |app| group_buy::create(app, &visitor, body)).await?;
    let at = format!("/api/v1/staff/group-buys/{}", made.id);
    Ok(output::maybe_again(output::made(made, &at), &again))
}

/// Settings to start a group buy from
#[describe::path(get, path = "/api/v1/staff/group-buy-templates", tag = "staff: group buys",
    responses((status = 200, body = Listed<Template>)))]
async fn templates(Staff(visitor): Staff) -> Result<Json<Listed<Template>>, AsJson> {
    visitor.staff_reader(Permission::GroupBuys)?;
    Ok(output::all(group_buy::templates()))
}

/// A group buy with its results
#[describe::path(get, path = "/api/v1/staff/group-buys/{group_buy}", tag = "staff: group buys",
    operation_id = "staff_show_group_buy", params(("group_buy" = Id<GroupBuy>, Path)),
    responses((status = 200, body = GroupBuyView)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<GroupBuy>,
) -> Result<Json<GroupBuyView>, AsJson> {
    visitor.staff_reader(Permission::GroupBuys)?;
    Ok(Json(act(&shop, move |app| group_buy::get(app, &visitor, id)).await?))
}

/// A step in a group buy's life.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct NewStep {
    pub step: Step,
}

/// Launch, pause, resume or end a group buy
///
/// After `pause` and `end` no new teams open, and open ones go on; `end_and_fail` refunds
/// everybody in them now.
#[describe::path(post, path = "/api/v1/staff/group-buys/{group_buy}/steps",
    tag = "staff: group buys", params(("group_buy" = Id<GroupBuy>, Path), KeyHeader),
    request_body = NewStep, responses((status = 200, body = GroupBuyView)))]
async fn step(
    State(shop): State<Shop>,
    At(id): At<GroupBuy>,
    Keyed { visitor, body: NewStep { step }, again }: Keyed<NewStep>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "group_buy.step", || group_buy::step(app, &visitor, id, step))
    })
    .await?;
    let version = found.version;
    Ok(output::maybe_again(output::versioned(found, version), &again))
}

/// Which teams.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TeamQuery {
    #[param(inline)]
    status: Option<TeamStatus>,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The teams of a group buy, the latest first
#[describe::path(get, path = "/api/v1/staff/group-buys/{group_buy}/teams",
    tag = "staff: group buys", operation_id = "staff_list_teams",
    params(("group_buy" = Id<GroupBuy>, Path), TeamQuery),
    responses((status = 200, body = Listed<TeamCard>)))]
async fn teams(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<GroupBuy>,
    Query(query): Query<TeamQuery>,
) -> Result<Json<Listed<TeamCard>>, AsJson> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &format!("staff teams\n{id}\n{:?}", query.status), &page)?;
    let (before, ask, status) = (span.id(), span.ask, query.status);
    let found =
        act(&shop, move |app| team::of_group_buy(app, &visitor, id, status, before, ask)).await?;
    Ok(span.page(&shop, found, |team| team.id.to_string()))
}
